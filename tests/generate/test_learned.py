"""The learned generator: bytes, limits, marks, kept channels, steps of a live session, hostile weights."""

import dataclasses
import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.audio import Speech
from talkingeyes.errors import ModelError, SettingError
from talkingeyes.generate.cues import UNKNOWN_S, Cues, cues_of
from talkingeyes.generate.learned import LearnedGenerator
from talkingeyes.generate.learned_model import learned_model, shipped_model
from talkingeyes.generate.plan import STEP_FRAMES, Plan
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.statistical import Streams, plan_of

from .conftest import SHARED_SPEECH, make_speech
from .test_takes import OPEN, assert_limits, npz_bytes, parts

WEIGHTS = Path(str(files("talkingeyes") / "assets" / "weights" / "learned"))


def until(cues: Cues, frames: int) -> Cues:
    """What a live session has heard by a frame."""

    def cut(value: object) -> object:
        if isinstance(value, np.ndarray):
            return value[:frames]
        return {k: v[:frames] for k, v in value.items()} if isinstance(value, dict) else value

    return Cues(**{f.name: cut(getattr(cues, f.name)) for f in dataclasses.fields(cues)})


def assert_same_plan(one: Plan, two: Plan) -> None:
    assert np.array_equal(one.head_rad, two.head_rad) and np.array_equal(one.face, two.face)
    assert one.gaze == two.gaze and one.blinks == two.blinks


def test_the_weights_are_small_and_say_what_they_are() -> None:
    manifest = shipped_model().network.manifest
    assert sum(size for size, _ in manifest.files.values()) < 20e6
    assert manifest.training_data and manifest.config["held_out"] and (WEIGHTS / "MODEL_CARD.md").is_file()


def test_same_seed_same_bytes_other_seed_other_motion(speech: Speech) -> None:
    one, again, other = (te.animate(speech, seed=s, model="joint") for s in (7, 7, 8))
    assert npz_bytes(one) == npz_bytes(again)
    for a, b in zip(parts(one), parts(other), strict=True):
        assert not np.allclose(a, b, atol=1e-3)


@pytest.mark.parametrize(("fps", "role"), [(24, "speaking"), (60, "speaking"), (30, "listening")])
def test_limits_hold(speech: Speech, fps: float, role: str) -> None:
    for seed in range(4):
        assert_limits(te.animate(speech, seed=seed, fps=fps, role=role, model="joint"))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_SPEECH.is_dir(), reason="the development recordings are not beside the checkout")
def test_limits_hold_on_every_recording() -> None:
    for file in sorted(SHARED_SPEECH.glob("*.flac")):
        assert_limits(te.animate(file, seed=len(file.name), fps=30, model="joint"))


def test_live_steps_equal_the_whole(speech: Speech) -> None:
    """Bit for bit, with the end of the turn unknown to both, as it is live."""
    cues = cues_of(speech, "speaking", 60)
    cues = dataclasses.replace(cues, turn_ends_in_s=np.full(len(cues), UNKNOWN_S))
    whole = plan_of(LearnedGenerator(shipped_model()), cues, Streams.from_seed(4))
    live, streams = LearnedGenerator(shipped_model()), Streams.from_seed(4)
    state = live.start(until(cues, 6 * STEP_FRAMES), streams)
    steps = [live.step(until(cues, (i + 6) * STEP_FRAMES), state, streams) for i in range(60)]
    assert_same_plan(whole, Plan.join(steps))


def test_two_takes_of_one_model_do_not_meet(speech: Speech) -> None:
    """Steps of two sessions in turn are the steps of each alone."""
    cues = cues_of(speech, "speaking", 20)
    alone = [plan_of(LearnedGenerator(shipped_model()), cues, Streams.from_seed(s)) for s in (1, 2)]
    crew = [(LearnedGenerator(shipped_model()), Streams.from_seed(s)) for s in (1, 2)]
    states = [g.start(cues, s) for g, s in crew]
    made = [[g.step(cues, state, s) for (g, s), state in zip(crew, states, strict=True)] for _ in range(20)]
    for i in range(2):
        assert_same_plan(alone[i], Plan.join([step[i] for step in made]))


def test_fixations_stand_still_while_the_head_moves(speech: Speech) -> None:
    motion = te.animate(speech, seed=6, fps=60, model="joint")
    head, _, lids, _ = parts(motion)
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    speed = np.degrees(rotations.angle_between_rad(gaze[1:], gaze[:-1])) * 60
    still = speed[(lids.max(axis=1) < OPEN)[1:]]
    assert np.median(still) < 0.5 and speed.max() > 100
    assert np.degrees(np.ptp(head, axis=0)).max() > 3


@pytest.mark.parametrize("target", [(0, 0), (20, -5), (-40, 10)])
def test_marks_hold_within_a_degree(speech: Speech, target: tuple[float, float]) -> None:
    look = f"0-1.5 camera; 3.0-5.2 yaw={target[0]},pitch={target[1]}; 6-7.5 yaw=-12"
    windows = [(0, 1.5, (0, 0)), (3.0, 5.2, target), (6, 7.5, (-12, 0))]
    for seed in range(4):
        motion = te.animate(speech, seed=seed, fps=30, look=look, model="joint")
        gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
        for start_s, end_s, goal in windows:
            error = rotations.angle_between_rad(gaze, rotations.direction_from_yaw_pitch(np.radians(goal)))
            held = (motion.times_s >= start_s) & (motion.times_s <= end_s)
            assert np.degrees(error[held]).max() < 1.0


def test_reroll_the_eyes_or_everything_else(speech: Speech) -> None:
    first = te.animate(speech, seed=1, model="joint")
    eyes = te.animate(speech, seed=2, model="joint", keep=("head", "blinks", "mouth"), keep_from=first)
    for name in ("head_rad", "lids", "face"):
        assert np.array_equal(first.channels[name], eyes.channels[name])
    assert not np.allclose(first.gaze_in_space_rad(), eyes.gaze_in_space_rad(), atol=0.02)
    assert_limits(eyes)
    rest = te.animate(speech, seed=2, model="joint", keep=("gaze",), keep_from=first)
    assert not np.allclose(parts(first)[0], parts(rest)[0], atol=0.02)


def test_a_take_begins_in_the_middle_of_gaze_that_goes_on() -> None:
    """The first moment is like any other: not everybody looks at the partner, as from a blank start."""
    short = make_speech(16.0)
    takes = [np.degrees(te.animate(short, seed=s, model="joint", face="none").gaze_in_space_rad()) for s in range(40)]
    first, later = np.array([t[0] for t in takes]), np.array([t[len(t) // 2] for t in takes])
    assert 0.5 < np.hypot(*first.std(axis=0)) / np.hypot(*later.std(axis=0)) < 2
    assert 0.1 < np.mean(np.hypot(*first.T) > 8) < 0.9


def test_a_listener_looks_at_the_speaker_more(speech: Speech) -> None:
    def averted(role: str) -> float:
        takes = [te.animate(speech, seed=s, role=role, model="joint") for s in range(6)]
        return float(np.mean([np.degrees(np.hypot(*t.gaze_in_space_rad().T)) > 8 for t in takes]))

    assert averted("listening") < averted("speaking")


def test_sampling_changes_takes_and_is_checked(speech: Speech) -> None:
    def take(**options: float) -> te.Motion:
        return te.animate(speech, seed=1, model="joint", sampling=Sampling(**options))

    still, usual = take(head_temperature=0.0), take()
    # The head's own motion goes; its turns with the gaze stay, and alone they may span as much.
    assert np.abs(np.diff(parts(still)[0], axis=0)).mean() < np.abs(np.diff(parts(usual)[0], axis=0)).mean()
    for options in ({"temperature": 0.8}, {"top_p": 0.5}, {"guidance": 2.0}, {"variety": 0.0}):
        changed = take(**options)
        assert_limits(changed)
        assert npz_bytes(changed) != npz_bytes(usual)
    with pytest.raises(SettingError, match="temperature is 5"):
        Sampling(temperature=5)


def test_other_weights_are_refused(speech: Speech, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="folder of weights"):
        te.animate(speech, model=str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match=r"manifest\.json"):
        te.animate(speech, model=str(tmp_path))
    with pytest.raises(ModelError, match="learned generator 2") as refused:
        learned_model(WEIGHTS.parent / "face")
    assert "talkingeyes train" not in str(refused.value)
    broken = tmp_path / "broken"
    shutil.copytree(WEIGHTS, broken)
    manifest = json.loads((broken / "manifest.json").read_text())
    manifest["config"]["kind"] = "learned generator 1"
    (broken / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="again with talkingeyes train"):
        learned_model(broken)
    broken = tmp_path / "lacking"
    shutil.copytree(WEIGHTS, broken)
    manifest["config"]["kind"] = "learned generator 2"
    del manifest["config"]["characters"]
    (broken / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="characters"):
        learned_model(broken)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("past_tokens", [[[[257]] * 12] * 10] * 2, "out of range"),
        ("past_tokens", [[[[-1]] * 12] * 10] * 2, "out of range"),
        ("past_tokens", [[[[0]] * 12] * 9] * 2, "out of range"),
        ("past_tokens", [[0, [1]]], "lacks"),
        ("past_tokens", [[[[10**30]] * 12] * 10] * 2, "lacks"),
        ("past_gaze_deg", [[[[400.0, 0.0]] * 12] * 10] * 2, "out of range"),
        ("tilts", [[[0.0] * 5] * 10] * 2, "out of range"),
        ("characters", [[0.0] * 6 + [-1.0]] * 10, "out of range"),
    ],
)
def test_tables_that_do_not_fit_are_refused(name: str, value: object, message: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(WEIGHTS, broken)
    manifest = json.loads((broken / "manifest.json").read_text())
    manifest["config"][name] = value
    (broken / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=message):
        learned_model(broken)


def test_a_take_names_its_model(speech: Speech) -> None:
    assert te.animate(speech, seed=2, model="joint").meta["model"] == shipped_model().network.manifest.name
