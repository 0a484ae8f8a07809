"""The gaze look by look: places that are remembered, dwells that the voice moves, marks, reach, steps of a session."""

import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.errors import ModelError
from talkingeyes.generate.cues import UNKNOWN_S, cues_of, hesitations
from talkingeyes.generate.marks import parse_marks
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, STEP_S
from talkingeyes.generate.scanpath.choice import GazeControls, chosen, ending, hazard_at, remembered
from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, LOOK, PLACE, signs_of, width_of
from talkingeyes.generate.scanpath.network import ShiftTargets, dwell_of, scan_path_model, shipped_scan_path
from talkingeyes.generate.scanpath.person import FreeRunning
from talkingeyes.generate.scanpath.process import ScanPathProcess
from talkingeyes.generate.scanpath.scene import PLACES, Scene, places_of
from talkingeyes.generate.scanpath.speech_drive import DriveSettings, before_recording, speech_drive
from talkingeyes.generate.scanpath.tables import shipped_tables
from talkingeyes.generate.scanpath.wander import WANDER_DEG, WANDER_S, Wander
from talkingeyes.train.scan_path_debias import chain_cues

from .conftest import make_speech

WEIGHTS = Path(str(files("talkingeyes") / "assets" / "weights" / "scan_path"))
SOURCES = {"network": shipped_scan_path, "tables": shipped_tables}


def run(source, cues, seed: int, seconds: float, marks=(), controls=None):
    """Every shift of a take, and the state at its end."""
    process, rng = ScanPathProcess(source, marks, controls=controls), np.random.default_rng(seed)
    state, shifts = process.start(cues, rng)
    for index in range(round(seconds / STEP_S)):
        shifts += process.step(cues, state, index, rng)
    return shifts, state


@pytest.fixture(scope="module")
def talk():
    return cues_of(make_speech(60.0), "speaking", 330, mouth="none")


def averted_share(shifts, seconds: float) -> float:
    at = np.clip([*(s.onset_s for s in shifts), seconds], 0, seconds)
    away = np.array([np.degrees(np.hypot(s.yaw_rad, s.pitch_rad)) > 8 for s in shifts])
    return float((np.diff(at) * away).sum() / seconds)


# -- scenes -------------------------------------------------------------------------------------------------------


def test_places_are_where_looks_gather_and_the_partner_is_the_first():
    rng = np.random.default_rng(0)
    looks = np.concatenate(
        [rng.normal(0, 0.2, (50, 2)), rng.normal([10, 3], 0.2, (30, 2)), rng.uniform(-30, 30, (5, 2))]
    )
    found = places_of(looks, np.full(len(looks), 0.3))
    assert np.allclose(found.place_deg[0], 0) and np.hypot(*(found.place_deg[1] - [10, 3])) < 0.2
    assert found.share[0] > found.share[1] > found.share[2:].max() and found.share.sum() <= 1 + 1e-9


def test_a_place_is_found_again_and_drifts_slowly_to_new_looks():
    scene = Scene.of(places_of(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([1.0, 1.0])))
    first = scene.land(np.array([10.5, 0.0]), 0.0)
    scene.dwell(0.4, 0.0)
    assert first == 1 and 10 < scene.place_deg[1, 0] < 10.5
    assert scene.land(np.array([0.1, 0.0]), 1.0) == 0 and scene.before == 1
    assert abs(scene.place_deg[0, 0]) < 0.01  # the partner stays


def test_a_full_scene_forgets_what_was_seen_little_and_long_ago_but_never_the_partner():
    scene = Scene.of(places_of(np.zeros((1, 2)), np.ones(1)))
    for i in range(3 * PLACES):
        scene.land(np.array([5.0 * (i + 1), 0.0]), float(i))
        scene.dwell(0.3, float(i))
    assert np.allclose(scene.place_deg[0], 0) and scene.known.all()
    assert np.sort(scene.place_deg[1:, 0]).min() > 5 * 2 * PLACES


def test_conditions_are_as_wide_as_their_table_says_and_mirror_with_it():
    places = places_of(np.array([[0.0, 0.0], [9.0, -4.0], [-15.0, 6.0]]), np.ones(3))
    left, right = Scene.of(places), Scene.of(places)
    right.place_deg = right.place_deg * (-1, 1)
    one, two = left.conditions(np.array([3.0, 1.0]), 2.0), right.conditions(np.array([-3.0, 1.0]), 2.0)
    assert one.shape == (PLACES, width_of(PLACE)) and np.allclose(one * signs_of(PLACE), two)
    assert width_of(LOOK) == len(signs_of(LOOK))


# -- dwells and choices -------------------------------------------------------------------------------------------


def test_dwell_and_hazard_are_inverse():
    hazard = np.concatenate([[0.0], np.cumsum(np.linspace(0.05, 0.6, len(DWELL_EDGES_S)))])
    for reached in (0.1, 0.7, 2.0, 5.0):
        assert hazard_at(hazard, np.array([dwell_of(hazard, reached)]))[0] == pytest.approx(reached, rel=1e-6)


def test_the_drive_moves_the_choice_and_top_p_cuts_it():
    landings = ShiftTargets(np.log([0.5, 0.3, 0.2]), np.array([[0.0, 0.0], [20.0, 0.0], [0.0, 15.0]]), np.ones((3, 2)))
    draws = np.linspace(0, 0.999, 500)
    share = [np.mean([chosen(landings, d, GazeControls(), u) == 0 for u in draws]) for d in (-2.0, 0.0, 2.0)]
    assert share[0] > share[1] > share[2] and share[1] == pytest.approx(0.5, abs=0.01)
    assert {chosen(landings, 0.0, GazeControls(top_p=0.45), u) for u in draws} == {0}


def test_the_voice_draws_the_gaze_away_before_it_starts_and_in_pauses():
    speech = make_speech(40.0)
    cues = cues_of(speech, "speaking", 210, mouth="none")
    drive = speech_drive(cues)
    start = round(float(speech.turns[0][0]) * 50)
    assert (drive[max(0, start - 20) : start + 20] > 0).all()
    assert drive[cues.uttering].min() < 0 and np.isfinite(drive).all()
    listening = speech_drive(cues_of(speech, "listening", 210, mouth="none"))
    assert listening.max() <= 0 and listening.min() < 0


@pytest.mark.parametrize("silence_s", [0.0, 0.3, 3.0])
def test_before_a_recording_the_gaze_is_as_usual_until_the_voice_is_near(silence_s: float):
    cues = chain_cues("speaking", 20.0, np.random.default_rng(0))
    frame = np.arange(len(cues)) / PLAN_RATE_HZ
    waits = np.where(frame < silence_s, silence_s - frame, UNKNOWN_S)
    lasts = np.where(frame >= silence_s, 20.0 - frame, UNKNOWN_S)
    cues = replace(cues, turn_starts_in_s=waits, turn_ends_in_s=lasts)
    drive = speech_drive(cues)
    at_s = np.array([-12.0, -5.0, silence_s - 0.8, silence_s - 0.7])
    at_s = at_s[at_s < 0]
    told = before_recording(cues, drive, at_s)
    near = at_s > silence_s - DriveSettings().before_start_s
    assert not told[~near].any() and (told[near] == drive[0]).all()
    if near.any():
        assert drive[0] > 0.5
    listening = replace(cues, role="listening")
    assert not before_recording(listening, speech_drive(listening), np.array([-12.0, -5.0]), None).any()


def test_held_sounds_are_hesitations_and_syllables_are_not():
    n = 200
    voiced, pitch, flat = np.ones(n, bool), np.zeros(n), np.full(n, 0.5)
    voiced[100:120] = False
    syllables = 0.5 + 0.4 * np.sin(2 * np.pi * 4 * np.arange(n) / 50)
    assert not hesitations(voiced, pitch, flat, syllables).any()
    held = syllables.copy()
    held[120:150] = 0.6
    found = hesitations(voiced, pitch, flat, held)
    assert found[130:148].all() and not found[:90].any()


# -- takes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_steps_decide_in_order_and_the_future_changes_nothing(source: str, talk):
    shifts, _ = run(SOURCES[source](), talk, 3, 20.0)
    onsets = [s.onset_s for s in shifts]
    assert onsets == sorted(onsets) and onsets[0] == -1.0 and onsets[-1] < 20.0 + GAZE_LEAD_S
    shorter, _ = run(SOURCES[source](), talk, 3, 10.0)
    assert shifts[: len(shorter)] == shorter
    assert run(SOURCES[source](), talk, 4, 10.0)[0] != shorter


@pytest.mark.parametrize("source", SOURCES)
def test_people_return_to_places(source: str, talk):
    """A new look lies within 1 deg of one of the five before more often than looks of a random order would."""
    near, shuffled = [], []
    rng = np.random.default_rng(0)
    for seed in range(4):
        shifts, _ = run(SOURCES[source](), talk, seed, 60.0)
        place = np.degrees([[s.yaw_rad, s.pitch_rad] for s in shifts])
        for order, out in ((np.arange(len(place)), near), (rng.permutation(len(place)), shuffled)):
            p = place[order]
            out += [np.hypot(*(p[max(0, i - 5) : i] - p[i]).T).min() < 1 for i in range(1, len(p))]
    assert np.mean(near) > 0.2 and np.mean(near) > 1.1 * np.mean(shuffled)


def test_the_same_seed_under_another_voice_keeps_its_places_and_moves_its_timing(talk):
    other = cues_of(make_speech(60.0, seed=9), "speaking", 330, mouth="none")
    (one, first), (two, second) = (run(shipped_scan_path(), cues, 5, 60.0) for cues in (talk, other))
    for state in ("speaking", "listening"):
        assert np.array_equal(first.person.places[state].place_deg, second.person.places[state].place_deg)
    onsets = np.array([s.onset_s for s in two])
    assert np.mean([np.abs(onsets - s.onset_s).min() < 0.02 for s in one]) < 0.5


def test_contact_and_activity_do_what_they_say(talk):
    def takes(**controls: float) -> tuple[float, float]:
        found = [run(shipped_scan_path(), talk, s, 60.0, controls=GazeControls(**controls))[0] for s in range(4)]
        return float(np.mean([averted_share(f, 60.0) for f in found])), float(np.mean([len(f) for f in found]))

    usual, shy, lively = takes(), takes(contact=-0.3), takes(activity=2.0)
    assert takes(contact=0.3)[0] < usual[0] < shy[0]
    assert lively[1] > 1.2 * usual[1]


def test_marks_are_kept_and_left(talk):
    marks = parse_marks("0-1 yaw=12; 3-4.5 yaw=20,pitch=-5; 4.5-6 camera", 60.0)
    for seed in range(5):
        shifts, _ = run(shipped_scan_path(), talk, seed, 12.0, marks)
        forced = [s for s in shifts if s.forced]
        assert [round(np.degrees(s.yaw_rad)) for s in forced] == [12, 20, 0]
        assert forced[1].onset_s <= 3.0 and not [s for s in shifts if not s.forced and 3.0 <= s.onset_s < 6.0]
        assert any(s.onset_s > 6.0 for s in shifts)


def test_a_take_begins_in_the_middle_of_somebodys_gaze():
    short = make_speech(12.0)
    takes = [np.degrees(te.animate(short, seed=s, face="none").gaze_in_space_rad()) for s in range(24)]
    first, later = np.array([t[0] for t in takes]), np.array([t[len(t) // 2] for t in takes])
    assert 0.4 < np.hypot(*first.std(axis=0)) / np.hypot(*later.std(axis=0)) < 2.5


def test_a_character_by_name_has_the_same_places_in_every_recording(talk):
    def person(seed: int):
        return ScanPathProcess(shipped_scan_path()).start(talk, np.random.default_rng(seed), np.random.default_rng(77))[
            0
        ]

    one, two = person(1), person(2)
    assert np.array_equal(one.person.places["speaking"].place_deg, two.person.places["speaking"].place_deg)
    assert not np.array_equal(one.gaze_deg, two.gaze_deg)


# -- weights ------------------------------------------------------------------------------------------------------


def changed(folder: Path, change) -> Path:
    shutil.copytree(WEIGHTS, folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest["config"])
    path.write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("characters"),
        lambda c: c.update(window=1),
        lambda c: c.update(kind="scan path 0"),
        lambda c: c["characters"].clear(),
        lambda c: c["characters"][0]["states"]["speaking"].update(who=[0.0]),
        lambda c: c["characters"][0]["states"]["speaking"].update(bias=[1e9, 0]),
        lambda c: c["characters"][0]["states"]["speaking"].update(place_deg=[["a", 1]]),
        lambda c: c["characters"][0].update(states="speaking"),
        lambda c: c["characters"][0]["states"]["speaking"].update(share=[-1.0] * 16),
        lambda c: c.update(everybody={"speaking": [1.0]}),
    ],
)
def test_damaged_manifests_are_one_line(tmp_path: Path, change):
    with pytest.raises(ModelError) as refused:
        scan_path_model(changed(tmp_path / "w", change))
    assert "\n" not in str(refused.value)


def test_the_gaze_goes_back_and_lands_nearer_to_its_places():
    scene = Scene.of(places_of(np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 9.0]]), np.ones(3)))
    scene.land(np.array([10.0, 0.0]), 0.0)
    scene.land(np.zeros(2), 1.0)
    landings = ShiftTargets(np.zeros(PLACES + 2), np.zeros((PLACES + 2, 2)), np.ones((PLACES + 2, 2)))
    found = remembered(landings, scene, FreeRunning(back=0.4, spread=0.7))
    assert found.log_weight[scene.before] == 0.4 and np.count_nonzero(found.log_weight) == 1
    assert (found.sd_deg[:PLACES] == 0.7).all() and (found.sd_deg[PLACES:] == 1.0).all()
    scene.land(np.array([0.2, 0.0]), 2.0)  # a small shift: where the gaze was before is where it is
    scene.land(np.array([0.0, 0.1]), 3.0)
    assert not remembered(landings, scene, FreeRunning(back=0.4)).log_weight.any()


def test_what_is_looked_at_wanders_slowly_and_not_far():
    wander, rng = Wander(), np.random.default_rng(0)
    moved = np.array([wander.to(0.5 * i, rng) for i in range(40_000)])
    assert moved.std(axis=0) == pytest.approx(WANDER_DEG, rel=0.15)
    assert np.abs(np.diff(moved, axis=0)).max() < WANDER_DEG
    lag = round(WANDER_S / 0.5)
    assert np.mean(moved[lag:] * moved[:-lag]) / moved.var() == pytest.approx(np.exp(-1), abs=0.12)


def test_looks_end_more_regularly_than_by_a_constant_hazard() -> None:
    """An exponential's coefficient of variation is 1, that of a Weibull of shape 1.25 .81."""
    rng = np.random.default_rng(3)
    drawn = np.array([ending(rng, 1.25) for _ in range(4000)])
    assert drawn.std() / drawn.mean() == pytest.approx(0.81, abs=0.03)
