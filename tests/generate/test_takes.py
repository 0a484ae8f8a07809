"""Properties of whole takes: bytes, limits, marks, kept channels, chunks."""

import io
import math
from dataclasses import replace

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.audio import Speech
from talkingeyes.errors import MarksError, SettingError
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.render import BLINK_DOWN_RAD, render
from talkingeyes.generate.statistical import StatisticalGenerator, Streams, plan_of
from talkingeyes.motion import Motion
from talkingeyes.rig import LIMITS

from .conftest import SHARED_SPEECH, make_speech

OPEN = 0.15
"""Less closure is an open eye: lids drift a little between blinks."""


def npz_bytes(motion: Motion) -> bytes:
    buffer = io.BytesIO()
    motion.save_npz(buffer)
    return buffer.getvalue()


def parts(motion: Motion) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    assert motion.head_rad is not None and motion.eyes_rad is not None
    assert motion.lids is not None and motion.face is not None
    return motion.head_rad, motion.eyes_rad, motion.lids, motion.face


def assert_limits(motion: Motion) -> None:
    head, eyes, lids, face = parts(motion)
    forward = rotations.direction_from_yaw_pitch(eyes)
    tolerance = 1 + 1e-5
    assert rotations.angle_between_rad(forward, np.array([0.0, 0, 1])).max() <= LIMITS.eye_rad
    assert np.percentile(np.abs(eyes[..., 0]), 99) <= LIMITS.eye_p99_yaw_rad * tolerance
    assert np.percentile(eyes[..., 1], 99) <= LIMITS.eye_p99_up_rad * tolerance
    assert np.percentile(-eyes[..., 1], 99) <= LIMITS.eye_p99_down_rad * tolerance
    assert (rotations.angle_between_rad(forward[1:], forward[:-1]) * motion.fps <= LIMITS.eye_speed_rad_s).all()
    assert np.abs(head).max(axis=0)[0] <= LIMITS.head_yaw_rad
    assert np.abs(head).max(axis=0)[1] <= LIMITS.head_pitch_rad
    assert np.abs(head).max(axis=0)[2] <= LIMITS.head_roll_rad
    turn = rotations.matrix_from_ypr(head)
    turn = rotations.axis_angle_from_matrix(np.swapaxes(turn[:-1], -1, -2) @ turn[1:])
    assert (np.linalg.norm(turn, axis=-1) * motion.fps <= LIMITS.head_speed_rad_s).all()
    assert (eyes[:, 1, 0] - eyes[:, 0, 0]).min() > -1e-5, "the eyes diverge"
    assert lids.min() >= 0 and lids.max() <= 1 and face.min() >= 0 and face.max() <= 1


def test_same_seed_same_bytes_other_seed_other_motion(speech: Speech) -> None:
    one, again, other = (te.animate(speech, seed=s) for s in (7, 7, 8))
    assert npz_bytes(one) == npz_bytes(again)
    for a, b in zip(parts(one), parts(other), strict=True):
        assert not np.allclose(a, b, atol=1e-3)


def test_takes_are_the_following_seeds(speech: Speech) -> None:
    takes = te.animate_takes(speech, seed=3, takes=3)
    assert npz_bytes(takes[2]) == npz_bytes(te.animate(speech, seed=5))


@pytest.mark.parametrize("fps", [24, 30, 60, 120])
@pytest.mark.parametrize("role", ["speaking", "listening"])
def test_limits_hold(speech: Speech, fps: float, role: str) -> None:
    for seed in range(4):
        assert_limits(te.animate(speech, seed=seed, fps=fps, role=role))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_SPEECH.is_dir(), reason="the development recordings are not beside the checkout")
@pytest.mark.parametrize("number", range(4))
def test_limits_hold_on_every_recording(number: int) -> None:
    """Each take is planned once and rendered at every rate; the files are shared out to four tests."""
    files = sorted(SHARED_SPEECH.glob("*.flac"))
    assert files
    for file in files[number::4]:
        speech = te.load_speech(file)
        for seed in range(6):
            take = te.plan_take(speech, seed=seed, fps=24)
            for fps in (24, 30, 60, 120):
                assert_limits(replace(take, request=replace(take.request, fps=fps)).motion())


def test_the_plan_is_the_same_at_every_frame_rate(speech: Speech) -> None:
    slow, fast = te.animate(speech, seed=2, fps=30), te.animate(speech, seed=2, fps=60)
    for a, b in zip(parts(slow), parts(fast), strict=True):
        assert np.allclose(a, b[::2][: len(a)], atol=1e-6)


def test_chunked_rendering_equals_the_whole(speech: Speech) -> None:
    cues = cues_of(speech, "speaking", math.ceil(speech.duration_s / STEP_S) + 1)
    plan = plan_of(StatisticalGenerator(), cues, Streams.from_seed(4))
    whole = render(plan, 30, range(900))
    chunks = [render(plan, 30, range(i, i + 90)) for i in range(0, 900, 90)]
    for name, channel in whole.channels.items():
        assert np.array_equal(np.concatenate([c.channels[name] for c in chunks]), channel)


def test_eyes_compensate_the_head_exactly(speech: Speech) -> None:
    """Between saccades the gaze in space stands still while the head moves."""
    motion = te.animate(speech, seed=6, fps=60)
    head, eyes, lids, _ = parts(motion)
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    speed = np.degrees(rotations.angle_between_rad(gaze[1:], gaze[:-1])) * 60
    still = (lids.max(axis=1) < OPEN)[1:] & (speed < 1.0)
    moving = np.degrees(np.linalg.norm(np.diff(head, axis=0), axis=1)) * 60 > 5
    assert (still & moving).sum() > 100
    eye_yaw, head_yaw = np.diff(eyes[:, :, 0].mean(axis=1)), np.diff(head[:, 0])
    slope = np.polyfit(head_yaw[still & moving], eye_yaw[still & moving], 1)[0]
    assert -1.15 < slope < -0.85


def test_saccades_stay_steps_at_60_fps(speech: Speech) -> None:
    gaze = te.animate(speech, seed=1, fps=60).gaze_in_space_rad()
    direction = rotations.direction_from_yaw_pitch(gaze)
    speed = np.degrees(rotations.angle_between_rad(direction[1:], direction[:-1])) * 60
    assert speed.max() > 150, "no saccade reaches a saccade's speed"
    fast = speed > 30
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[0], fast.astype(int), [0]]))))[::2]
    assert np.median(runs) <= 5 and runs.max() <= 14


@pytest.mark.parametrize(("model", "share"), [("statistical", 0.75), ("learned", 0.75)])
def test_silence_is_quiet_idle_motion(model: str, share: float) -> None:
    """People in clips move .59 times as fast in silence as in speech; so does the head."""
    idle, busy = (
        te.animate_takes(make_speech(30, silent=silent), takes=4, seed=1, model=model) for silent in (True, False)
    )
    speed = [np.mean([np.linalg.norm(np.diff(parts(m)[0], axis=0), axis=1).mean() for m in t]) for t in (idle, busy)]
    assert speed[0] < share * speed[1]
    idle = idle[0]
    assert np.ptp(idle.gaze_in_space_rad(), axis=0).max() > np.radians(1), "the idle eyes are dead"
    assert parts(idle)[2].max() > 0.5, "the idle lids never blink"
    assert idle.coefficient("jawOpen").max() < 0.02


@pytest.mark.parametrize("duration_s", [0.02, 0.05, 0.3])
def test_very_short_recordings(duration_s: float) -> None:
    motion = te.animate(make_speech(duration_s), fps=30)
    assert motion.num_frames == max(1, math.ceil(duration_s * 30 - 1e-6))


def test_a_listener_does_not_talk(speech: Speech) -> None:
    listening = te.animate(speech, seed=2, role="listening")
    assert listening.coefficient("jawOpen").max() == 0
    eccentricity = np.degrees(np.hypot(*listening.gaze_in_space_rad().T))
    talking = np.degrees(np.hypot(*te.animate(speech, seed=2).gaze_in_space_rad().T))
    assert (eccentricity > 8).mean() < (talking > 8).mean()


@pytest.mark.parametrize("target", [(0, 0), (20, -5), (-40, 10), (60, 0), (-48, 18), (0, 35), (10, -33)])
def test_marks_hold_within_a_degree_while_the_head_moves(target: tuple[float, float]) -> None:
    speech = make_speech(9.0)
    look = f"0-1.5 camera; 3.0-5.2 yaw={target[0]},pitch={target[1]}; 6-7.5 yaw=-12"
    windows = [(0, 1.5, (0, 0)), (3.0, 5.2, target), (6, 7.5, (-12, 0))]
    for seed in range(6):
        take = te.plan_take(speech, seed=seed, fps=24, look=look)
        for fps in (24, 60):
            motion = replace(take, request=replace(take.request, fps=fps)).motion()
            gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
            for start_s, end_s, goal in windows:
                error = rotations.angle_between_rad(gaze, rotations.direction_from_yaw_pitch(np.radians(goal)))
                held = (motion.times_s >= start_s) & (motion.times_s <= end_s)
                assert np.degrees(error[held]).max() < 1.0
            assert np.ptp(parts(motion)[0][:, 0]) > np.radians(1)


def test_marks_are_left(speech: Speech) -> None:
    motion = te.animate(speech, seed=3, look="2-4 yaw=25")
    gaze = np.degrees(motion.gaze_in_space_rad()[:, 0])
    assert abs(gaze[round(4.8 * 30)] - 25) > 3


def test_few_stay_where_only_a_mark_has_sent_them() -> None:
    speech, stayed = make_speech(6.0), []
    for seed in range(12):
        motion = te.animate(speech, seed=seed, look="2-4 yaw=25", face="none")
        stayed.append(abs(np.degrees(motion.gaze_in_space_rad()[round(4.8 * 30), 0]) - 25) < 3)
    assert np.mean(stayed) <= 0.25


def test_touching_marks_arrive_one_saccade_late(speech: Speech) -> None:
    motion = te.animate(speech, seed=1, fps=60, look="1-2 yaw=10; 2-3 yaw=-10")
    gaze = np.degrees(motion.gaze_in_space_rad()[:, 0])
    assert abs(gaze[119] - 10) < 1 and np.abs(gaze[round(2.15 * 60) : 180] + 10).max() < 1


def test_reroll_the_eyes_and_everything_else_is_byte_identical(speech: Speech) -> None:
    first = te.animate(speech, seed=1)
    second = te.animate(speech, seed=2, keep=("head", "blinks", "mouth"), keep_from=first)
    for name in ("head_rad", "lids", "face"):
        assert np.array_equal(first.channels[name], second.channels[name])
    assert not np.allclose(first.gaze_in_space_rad(), second.gaze_in_space_rad(), atol=0.02)
    assert_limits(second)


def test_keep_the_gaze_and_reroll_the_rest(speech: Speech) -> None:
    first = te.animate(speech, seed=1)
    second = te.animate(speech, seed=2, keep=("gaze",), keep_from=first)
    difference = rotations.angle_between_rad(
        rotations.direction_from_yaw_pitch(first.gaze_in_space_rad()),
        rotations.direction_from_yaw_pitch(second.gaze_in_space_rad()),
    )
    lids = [parts(motion)[2].mean(axis=1) for motion in (first, second)]
    open_lids = np.maximum(*lids) < OPEN
    drift = BLINK_DOWN_RAD * np.abs(lids[0] - lids[1])  # lids that are not the same turn the eyes a little, so nearly
    assert np.degrees(np.percentile((difference - drift)[open_lids], 99)) < 0.03
    assert not np.allclose(parts(first)[0], parts(second)[0], atol=0.02)
    assert not np.allclose(parts(first)[2], parts(second)[2], atol=0.02)


def test_keep_everything_is_the_same_motion(speech: Speech) -> None:
    first = te.animate(speech, seed=1)
    second = te.animate(speech, seed=9, keep=("gaze", "head", "blinks", "mouth"), keep_from=first)
    for a, b in zip(parts(first), parts(second), strict=True):
        assert np.allclose(a, b, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed is -1"),
        ({"fps": 12}, "fps is 12"),
        ({"fps": float("nan")}, "fps is nan"),
        ({"model": "huge"}, "'huge'"),
        ({"role": "dancing"}, "'dancing'"),
        ({"keep": ("ears",), "keep_from": None}, "'ears'"),
        ({"keep": ("head",)}, "needs both"),
        ({"takes": 0}, "takes is 0"),
    ],
)
def test_bad_settings_are_named(speech: Speech, options: dict, words: str) -> None:
    with pytest.raises(SettingError) as caught:
        te.animate_takes(speech, **options)
    assert words in str(caught.value)


def test_a_take_of_another_recording_is_refused(speech: Speech) -> None:
    other = te.animate(make_speech(12))
    with pytest.raises(SettingError, match="another recording"):
        te.animate(speech, keep=("head",), keep_from=other)


def test_a_mark_that_a_kept_head_cannot_reach_is_refused(speech: Speech) -> None:
    first = te.animate(speech, seed=1)
    turned = first.replace(head_rad=np.tile([-0.8, 0.0, 0.0], (first.num_frames, 1)))
    with pytest.raises(MarksError, match="cannot be reached"):
        te.animate(speech, look="2-4 yaw=40", keep=("head",), keep_from=turned)
