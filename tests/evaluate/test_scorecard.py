"""The scorecard as a whole: controls, pooling, missing data, speed of no interest here."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from talkingeyes.errors import FormatError, SettingError
from talkingeyes.evaluate import Recording, load_reference, score
from talkingeyes.evaluate.actor import perform, synthetic_speech
from talkingeyes.evaluate.catalogue import TESTS, TIERS
from talkingeyes.evaluate.controls import run_controls
from talkingeyes.evaluate.outcome import FAIL, NOT_APPLICABLE, NOT_ENOUGH, PASS, VERDICTS
from talkingeyes.evaluate.published import lam_lids, sadtalker_lids, savitzky_golay
from talkingeyes.evaluate.report import page
from talkingeyes.motion import Motion


@pytest.fixture(scope="module")
def person():
    return perform(120.0, 30.0, 1).recording


def test_the_table_holds_all_25_tests():
    assert [t.number for t in TESTS] == list(range(1, 26))
    assert all(t.tier in TIERS and t.band and t.source and t.title for t in TESTS)
    assert [t.number for t in TESTS if t.tier == "hard"] == [1, 2, 3]
    assert [t.number for t in TESTS if t.tier == "relative"] == [7, 20, 21, 23, 24]


def test_every_control_is_caught_and_the_synthetic_person_passes():
    broken = [(r.control.name, r.outcomes) for r in run_controls() if not r.caught]
    assert not broken


def test_shipped_systems_follow_their_published_figures():
    rng = np.random.default_rng(0)
    for lids, fps, per_minute, variation in (
        (sadtalker_lids(25 * 3600, rng), 25, 33.7, 0.39),
        (lam_lids(30 * 3600, rng), 30, 18.7, 0.18),
    ):
        onsets = np.flatnonzero(np.diff((lids > 0.4).astype(int)) == 1)
        intervals = np.diff(onsets) / fps
        assert 60 / intervals.mean() == pytest.approx(per_minute, rel=0.04)
        assert intervals.std() / intervals.mean() == pytest.approx(variation, abs=0.02)
    step = savitzky_golay(np.repeat([0.0, 10.0], 20))
    assert np.diff(step).max() * 25 == pytest.approx(64, abs=1)


@pytest.mark.parametrize("keep", ["head_rad", "eyes_rad", "lids"])
def test_missing_channels_are_said(person, keep):
    channel = person.motion.channels[keep]
    card = score([replace(person, motion=Motion(fps=30.0, **{keep: channel}))])
    assert all(r.outcome.verdict in VERDICTS for r in card.results)
    for r in card.results:
        if r.outcome.verdict in (NOT_APPLICABLE, NOT_ENOUGH):
            assert r.outcome.why
    needs = {"head_rad": (4, 5, 6, 7, 8, 9, 13, 17), "eyes_rad": (11, 12, 13, 14, 17, 18, 19), "lids": (4, 8, 11, 19)}
    assert all(card[n].verdict == NOT_APPLICABLE for n in needs[keep])


def test_no_audio_never_passes_what_needs_it(person):
    card = score([replace(person, speech=None)])
    assert {card[n].verdict for n in (10, 16, 18, 19)} == {NOT_ENOUGH}
    assert all("audio" in card[n].why for n in (10, 16, 18, 19))


@pytest.mark.parametrize("frames", [1, 2, 5, 20, 100])
def test_short_motion_never_crashes_and_never_passes_band_tests(person, frames):
    short = replace(person, motion=person.motion.slice_s(0, frames / 30))
    card = score([short])
    assert all(card[n].verdict != PASS for n in range(4, 20) if n not in (14, 15))
    json.dumps(card.to_json(), allow_nan=False)


def test_still_motion_is_no_pass(person):
    still = Motion(fps=30.0, head_rad=np.zeros((9000, 3)), eyes_rad=np.zeros((9000, 2, 2)), lids=np.zeros((9000, 2)))
    card = score([Recording(still, "still")])
    assert {card[n].verdict for n in (6, 8, 13)} == {FAIL}
    assert not any(card[n].verdict == PASS for n in range(4, 20))


def test_different_rates_are_pooled(person):
    other = perform(120.0, 60.0, 2).recording
    card = score([person, other, perform(60.0, 25.0, 3).recording])
    names = [f.name for f in card[4].figures]
    assert "largest-frame share at 30 fps, median" in names and "largest-frame share at 25 fps, median" in names
    assert card[4].verdict == PASS
    slow = score([replace(person, motion=person.motion.resample(15.0))])
    assert slow[4].verdict == NOT_ENOUGH and "15 fps" in slow[4].why


def test_takes_are_one_recording(person):
    speech = synthetic_speech(60.0, np.random.default_rng(9))
    takes = [perform(60.0, 30.0, i, speech=speech, recording_id="one").recording for i in range(10)]
    card = score(takes)
    assert card.recordings == 1 and card.takes == 10
    assert "blocks" in card.interval
    assert next(f for f in card[21].figures if f.name == "diversity of gaze, ratio to real").ok
    assert score([perform(30.0, 30.0, i).recording for i in range(5)]).interval.count("over recordings")


def test_the_same_input_gives_the_same_card(person):
    assert score([person]).to_json() == score([person]).to_json()


def test_gaps_censor_and_filled_frames_do_not_count(person):
    filled = np.zeros((person.motion.num_frames, 1), bool)
    filled[1000:2000] = True
    eyes = person.motion.eyes_rad.copy()
    eyes[1000:2000] = np.random.default_rng(0).normal(0, 0.5, eyes[1000:2000].shape)
    meta = {**person.motion.meta, "filled_columns": ["gaze"]}
    damaged = replace(person, motion=person.motion.replace(eyes_rad=eyes, filled=filled, meta=meta))
    assert score([replace(person, motion=person.motion.replace(eyes_rad=eyes))], only=(2,))[2].verdict == FAIL
    assert score([damaged], only=(2,))[2].verdict == PASS


def test_per_eye_fits_are_judged_before_fusion(person):
    rng = np.random.default_rng(0)
    eyes = person.motion.eyes_rad + rng.normal(0, 0.2, person.motion.eyes_rad.shape)
    assert score([person], only=(3,))[3].verdict == PASS
    assert score([replace(person, eyes_before_fusion_rad=eyes)], only=(3,))[3].verdict == FAIL
    with pytest.raises(FormatError, match="eyes_before_fusion_rad"):
        replace(person, eyes_before_fusion_rad=eyes[:10])


def test_diverging_eyes_fail(person):
    eyes = person.motion.eyes_rad[:, ::-1]
    assert score([replace(person, motion=person.motion.replace(eyes_rad=eyes))], only=(3,))[3].verdict == FAIL


def test_wrong_calls_are_named(person):
    with pytest.raises(SettingError, match="nothing to score"):
        score([])
    with pytest.raises(SettingError, match="99"):
        score([person], only=(99,))
    with pytest.raises(FormatError, match="role"):
        Recording(person.motion, "x", role="singing")


def test_without_a_reference_relative_tests_say_so(person):
    from talkingeyes.evaluate import Reference

    card = score([person], Reference())
    assert card[7].verdict == NOT_ENOUGH
    assert card[22].verdict == NOT_ENOUGH and "reference" in card[22].why


def test_the_packaged_reference_is_whole():
    real = load_reference().gaze
    assert real is not None and "ETRA 2024" in real.provenance["source"]
    assert real.seconds > 2000 and real.directions.sum() > 2000
    assert {"held_out", "rest"} == set(real.positions)
    assert all(math.isfinite(v) for v in (real.window_sd_deg, real.velocity_variance, real.spread_deg))
    assert all(real.figures[str(n)]["verdict"] == PASS for n in (4, 5, 6, 7, 8, 9))


@st.composite
def strange_motions(draw):
    """Any legal motion: some channels, any length and rate, still or wild, any frames filled."""
    frames, fps = draw(st.integers(1, 400)), draw(st.sampled_from([1.0, 7.5, 24.0, 29.97, 30.0, 59.94, 240.0, 1000.0]))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    size = draw(st.sampled_from([0.0, 1e-6, 0.05, 1.0, 50.0]))
    shapes = {"head_rad": (3,), "eyes_rad": (2, 2), "lids": (2,), "gaze_rad": (2,), "lids_raw": (2,)}
    names = draw(st.lists(st.sampled_from(sorted(shapes)), min_size=1, unique=True))
    channels = {n: rng.normal(0, size, (frames, *shapes[n])) for n in names}
    for name in {"lids", "lids_raw"} & set(names):
        channels[name] = np.clip(np.abs(channels[name]), 0, 1)
    share = draw(st.sampled_from([0.0, 0.3, 1.0]))
    columns = draw(st.sampled_from([["gaze"], ["head", "eyes"], []]))
    filled = rng.random((frames, len(columns))) < share if columns else None
    meta = {"filled_columns": columns} if columns else {}
    return Motion(fps=fps, filled=filled, meta=meta, **channels)


@example(
    motion=Motion(fps=1.0, eyes_rad=np.zeros((4, 2, 2)), lids=np.zeros((4, 2))), role="speaking", sound=False
)  # shorter than a lag
@given(motion=strange_motions(), role=st.sampled_from(["speaking", "listening", "dialogue"]), sound=st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_legal_motion_crashes_the_scorecard(motion, role, sound):
    speech = synthetic_speech(max(motion.duration_s, 0.1), np.random.default_rng(0)) if sound else None
    card = score([Recording(motion, "strange", speech, role)], replicates=5)
    json.dumps(card.to_json(), allow_nan=False)
    assert page([card], load_reference())
    assert all(r.outcome.why for r in card.results if r.outcome.verdict in (FAIL, NOT_APPLICABLE, NOT_ENOUGH))
