"""Motion keeps its contract: round trips, equal bytes, named errors."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.npz import npz_arrays


def make_motion(frames: int = 40, fps: float = 30.0) -> Motion:
    rng = np.random.default_rng(3)
    return Motion(
        fps=fps,
        head_rad=rng.normal(0, 0.1, (frames, 3)),
        eyes_rad=rng.normal(0, 0.1, (frames, 2, 2)),
        lids=rng.uniform(0, 1, (frames, 2)),
        face=rng.uniform(0, 1, (frames, 2)),
        face_names=("jawOpen", "browInnerUp"),
        meta={"seed": 3, "partner": {"yaw_deg": 0.0}},
    )


def test_npz_round_trip_is_exact_and_repeatable(tmp_path: Path) -> None:
    motion = make_motion()
    motion.save_npz(tmp_path / "a.npz")
    motion.save_npz(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = Motion.load_npz(tmp_path / "a.npz")
    assert back.fps == motion.fps and back.face_names == motion.face_names and back.meta == motion.meta
    for name, channel in motion.channels.items():
        assert np.array_equal(back.channels[name], channel)
    assert back.gaze_rad is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"head_rad": np.zeros((40, 2))}, "head_rad has shape"),
        ({"head_rad": np.zeros((39, 3))}, "differ in length"),
        ({"lids": np.full((40, 2), np.nan)}, "lids holds NaN"),
        ({"lids": np.full((40, 2), 1.5)}, "0 to 1 is accepted"),
        ({"face_names": ("jawOpen",)}, "face has 2 columns"),
        ({"face_names": ("browInnerUp", "jawOpen")}, "Apple's order"),
        ({"face_names": ("jawOpen", "eyeBlinkLeft")}, "eyeBlinkLeft"),
        ({"fps": float("nan")}, "fps"),
    ],
)
def test_a_broken_contract_is_named(change: dict, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        make_motion().replace(**change)


def test_hostile_npz_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(FormatError, match="not a readable npz"):
        Motion.load_npz(path)
    np.savez(path, fps=np.array([object()], dtype=object), format_version=1)
    with pytest.raises(FormatError):
        Motion.load_npz(path)
    make_motion().save_npz(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FormatError):
        Motion.load_npz(path)
    np.savez(path, head_rad=np.zeros((3, 3)))
    with pytest.raises(FormatError, match="not a TalkingEyes motion"):
        Motion.load_npz(path)
    with pytest.raises(FormatError, match="no such file"):
        Motion.load_npz(tmp_path / "absent.npz")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", format_version=99, fps=30.0, head_rad=np.zeros((3, 3)))
    with pytest.raises(FormatError, match="99"):
        Motion.load_npz(tmp_path / "v.npz")


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(
        tmp_path / "bomb.npz", format_version=1, fps=30.0, head_rad=np.zeros((6_000_000, 3), np.float32)
    )
    assert (tmp_path / "bomb.npz").stat().st_size < 100_000
    with pytest.raises(FormatError, match="unpacks to more than 64 MB"):
        Motion.load_npz(tmp_path / "bomb.npz")


def test_resample_there_and_back_keeps_slow_motion() -> None:
    t = np.arange(60) / 30
    motion = Motion(fps=30, head_rad=np.stack([0.2 * np.sin(t), 0 * t, 0 * t], axis=1))
    back = motion.resample(60).resample(30)
    assert back.head_rad is not None and motion.head_rad is not None
    assert back.num_frames == motion.num_frames and np.allclose(back.head_rad, motion.head_rad, atol=1e-3)


def test_gaze_in_space_is_head_times_eye() -> None:
    eyes = np.tile(np.array([0.2, 0.1]), (3, 2, 1))
    upright = Motion(fps=30, head_rad=np.zeros((3, 3)), eyes_rad=eyes)
    assert np.allclose(upright.gaze_in_space_rad(), [0.2, 0.1], atol=1e-6)
    turned = upright.replace(head_rad=np.tile([0.3, 0.0, 0.0], (3, 1)))
    assert np.allclose(turned.gaze_in_space_rad(), [0.5, 0.1], atol=1e-6)


def test_lids_follow_gaze_down_and_not_up() -> None:
    eyes = np.zeros((3, 2, 2))
    eyes[:, :, 1] = np.array([0.3, 0.0, -0.4])[:, None]
    closure = rig.lid_closure(Motion(fps=30, eyes_rad=eyes, lids=np.zeros((3, 2))))
    assert closure[0, 0] == closure[1, 0] == 0 and closure[2, 0] > 0.2


def test_vergence_at_one_metre() -> None:
    assert np.isclose(np.degrees(rig.vergence_rad(1.0)), 3.61, atol=0.01)


def test_eye_look_left_is_out_for_the_left_eye() -> None:
    eyes = np.zeros((1, 2, 2))
    eyes[0, :, 0] = 0.325
    table = rig.eye_look_coefficients(eyes)
    assert np.isclose(table["eyeLookOutLeft"][0], 0.5) and np.isclose(table["eyeLookInRight"][0], 0.5)
    assert table["eyeLookInLeft"][0] == 0 and table["eyeLookOutRight"][0] == 0


def test_a_zip_with_any_damaged_byte_raises_nothing_but_our_error(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    Motion(fps=25.0, head_rad=np.zeros((2, 3))).save_npz(path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for value in (whole[place] ^ 1, whole[place] ^ 0x80):
            with contextlib.suppress(FormatError):
                npz_arrays(io.BytesIO(whole[:place] + bytes([value]) + whole[place + 1 :]), "m.npz")


def test_what_a_renderer_makes_is_the_motion_that_would_be_checked_and_nan_is_refused() -> None:
    checked = make_motion()
    made = Motion.of_renderer(checked.fps, checked.face_names, checked.meta, **checked.channels)
    assert made.num_frames == 40 and made.gaze_rad is None and made.face_names == checked.face_names
    for name, channel in checked.channels.items():
        assert made.channels[name].tobytes() == channel.tobytes() and not made.channels[name].flags.writeable
    assert made.replace(fps=60.0).fps == 60.0
    with pytest.raises(FormatError, match="lids holds NaN"):
        Motion.of_renderer(30.0, (), {}, lids=np.full((2, 2), np.nan))


def test_a_motion_shows_itself_in_one_line() -> None:
    motion = Motion(
        fps=30.0, head_rad=np.zeros((60, 3)), lids=np.zeros((60, 2)), meta={"seed": 3, "source": {"name": "a.wav"}}
    )
    assert repr(motion) == "Motion(2.00 s, 60 frames at 30 fps: head, lids; of a.wav, seed 3)"
    assert repr(Motion(fps=25.0, gaze_rad=np.zeros((5, 2)))) == "Motion(0.20 s, 5 frames at 25 fps: gaze)"
