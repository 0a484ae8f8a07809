"""Live Link Face as the app writes it: rows without a face, its order and spelling, a clock that is a little off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.errors import FormatError
from talkingeyes.formats.arkit import APP_COLUMNS
from talkingeyes.formats.timecode import clock_of_seconds, read_clock, seconds_of, timecodes
from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES

APP_HEADER = (
    "Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,"
    "EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,"
    "EyeWideRight,JawForward,JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,"
    "MouthSmileLeft,MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,MouthStretchLeft,"
    "MouthStretchRight,MouthRollLower,MouthRollUpper,MouthShrugLower,MouthShrugUpper,MouthPressLeft,MouthPressRight,"
    "MouthLowerDownLeft,MouthLowerDownRight,MouthUpperUpLeft,MouthUpperUpRight,BrowDownLeft,BrowDownRight,BrowInnerUp,"
    "BrowOuterUpLeft,BrowOuterUpRight,CheekPuff,CheekSquintLeft,CheekSquintRight,NoseSneerLeft,NoseSneerRight,"
    "TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,LeftEyePitch,LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"
)
LOST = range(20, 30)


def take(
    path: Path, lost: Callable[[str], str], *, fps: float = 30, frames: int = 90, header: str = APP_HEADER
) -> Path:
    """A take whose jaw opens evenly from 0 to 1; rows without a face are written by ``lost`` from their time code."""
    names = header.split(",")[2:]
    lines = [header]
    for i, code in enumerate(timecodes(frames, fps)):
        row = {"JawOpen": i / (frames - 1), "EyeLookDownLeft": 0.21, "LeftEyePitch": 0.1}
        cells = ",".join(f"{row.get(n[0].upper() + n[1:], 0.0):.9f}" for n in names)
        lines.append(lost(code) if i in LOST else f"{code},61,{cells}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(lambda code: f"{code},0", id="short"),
        pytest.param(lambda code: f"{code},0" + ",0.000000" * 61, id="padded with zeros"),
        pytest.param(lambda code: f"{code},0" + "," * 61, id="padded with nothing"),
        pytest.param(lambda code: code, id="time code alone"),
    ],
)
def test_livelink_no_face_rows(tmp_path: Path, lost: Callable[[str], str]):
    motion = te.load(take(tmp_path / "nf.csv", lost))
    assert (motion.num_frames, motion.fps) == (90, 30)
    np.testing.assert_allclose(motion.coefficient("jawOpen"), np.arange(90) / 89, atol=1e-6)
    assert motion.filled is not None
    assert motion.meta["filled_columns"] == ["head", "eyes", "lids", "face"]
    assert motion.meta["filled_frames"] == len(LOST)
    np.testing.assert_array_equal(motion.filled, np.isin(np.arange(90), LOST)[:, None] & np.ones((1, 4), bool))


def test_livelink_no_face_rows_at_both_ends_hold_the_nearest_face(tmp_path: Path):
    lines = take(tmp_path / "a.csv", lambda code: f"{code},0").read_text().splitlines()
    for row in (1, 2, 89, 90):
        lines[row] = lines[row].split(",")[0] + ",0"
    (tmp_path / "a.csv").write_text("\n".join(lines))
    motion = te.load(tmp_path / "a.csv")
    jaw = motion.coefficient("jawOpen")
    assert motion.num_frames == 90
    assert jaw[0] == jaw[1] == jaw[2] and jaw[89] == jaw[88] == jaw[87]
    for row in range(1, 91):
        lines[row] = lines[row].split(",")[0] + ",0"
    (tmp_path / "a.csv").write_text("\n".join(lines))
    with pytest.raises(FormatError, match=r"a\.csv: holds no frames in which a face was seen"):
        te.load(tmp_path / "a.csv")


@pytest.mark.parametrize("spell", [str, str.lower, str.upper, lambda h: h.replace("BlendShape", "Blendshape")])
def test_header_names_are_read_without_regard_to_case(tmp_path: Path, spell: Callable[[str], str]):
    plain = te.load(take(tmp_path / "a.csv", lambda code: f"{code},0"))
    (tmp_path / "a.csv").write_text((tmp_path / "a.csv").read_text().replace(APP_HEADER, spell(APP_HEADER)))
    other = te.load(tmp_path / "a.csv")
    assert other.face_names == plain.face_names == FACE_NAMES
    for name, channel in plain.channels.items():
        np.testing.assert_array_equal(channel, getattr(other, name))


def test_livelink_column_order(tmp_path: Path):
    """Readers that go by position find left on the left; readers by name always did."""
    face = np.tile(np.float32([0.7, 0.1, 0.5, 0.2]), (60, 1))
    names = ("jawLeft", "jawRight", "mouthLeft", "mouthRight")
    motion = Motion(fps=30, face=face, face_names=names)
    te.save(motion, tmp_path / "lips.csv")
    lines = (tmp_path / "lips.csv").read_text().splitlines()
    assert lines[0] == APP_HEADER
    cells = lines[1].split(",")
    assert [float(cells[i]) for i in (17, 18, 23, 24)] == pytest.approx([0.1, 0.7, 0.2, 0.5])
    again = te.load(tmp_path / "lips.csv")
    for name in names:
        np.testing.assert_allclose(again.coefficient(name), motion.coefficient(name), atol=1e-6)


def test_files_in_apples_order_are_read_by_name(tmp_path: Path):
    from talkingeyes.formats.arkit_table import COLUMNS

    header = "Timecode,BlendshapeCount," + ",".join(n[0].upper() + n[1:] for n in COLUMNS)
    assert sorted(COLUMNS) == sorted(APP_COLUMNS) and COLUMNS != APP_COLUMNS
    a = te.load(take(tmp_path / "a.csv", lambda code: f"{code},0"))
    b = te.load(take(tmp_path / "b.csv", lambda code: f"{code},0", header=header))
    np.testing.assert_array_equal(a.face, b.face)


def phone_codes(frames: int, step: float, base: int = 60, start_s: float = 47_584.53) -> list[str]:
    """Time codes of a phone whose frames are ``step`` frames of ``base`` apart."""
    codes = []
    for i in range(frames):
        second, thousandths = divmod(round((start_s * base + i * step) * 1000), base * 1000)
        frame, rest = divmod(thousandths, 1000)
        codes.append(f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}:{frame:02d}.{rest:03d}")
    return codes


@pytest.mark.parametrize("frames", [70, 300, 3600, 20_000])
@pytest.mark.parametrize(("step", "rate"), [(2 * (1 - 1 / 7300), 30), (2 * (1 + 1 / 7300), 30), (1 - 1 / 9000, 60)])
def test_livelink_30_004fps(step: float, rate: float, frames: int):
    clock = read_clock(phone_codes(frames, step), "x")
    assert clock.fps == rate
    assert clock.measured_fps == pytest.approx(60 / step, rel=2e-5)
    assert clock.corrected
    np.testing.assert_allclose(clock.frame_places, np.arange(frames), atol=0.05)


def test_rates_that_are_others_stay_so():
    for rate in (30000 / 1001, 29.985, 30.02, 60000 / 1001):
        clock = read_clock(phone_codes(3000, 60 / rate), "x")
        assert clock.fps == pytest.approx(rate, rel=2e-6) and not clock.corrected
    assert not read_clock(list(timecodes(5000, 30)), "x").corrected


def test_a_corrected_rate_is_told_and_every_row_stays_a_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    codes = phone_codes(4000, 2 * (1 - 1 / 7300))
    jaw = np.random.default_rng(0).random(4000)
    rows = "\n".join(f"{code},61,{value:.6f}" for code, value in zip(codes, jaw, strict=True))
    Path("t.csv").write_text(f"Timecode,BlendShapeCount,JawOpen\n{rows}\n")
    assert main(["convert", "t.csv", "t.npz"]) == 0
    assert "note: t.csv: 30.0041 frames per second by its times, taken as 30" in capsys.readouterr().err
    motion = te.load("t.npz")
    assert (motion.fps, motion.meta["measured_fps"], motion.filled) == (30, 30.0041, None)
    np.testing.assert_allclose(motion.coefficient("jawOpen"), jaw, atol=1e-6)


def test_times_in_seconds_and_their_units():
    assert clock_of_seconds(np.arange(200) / 60, "x").fps == 60
    assert clock_of_seconds(np.round(np.arange(200) / 30, 3), "x").fps == 30
    assert clock_of_seconds(np.round(np.arange(2000) * 1001 / 30000, 6), "x").fps == pytest.approx(30000 / 1001)
    uneven = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.05, 400))
    assert clock_of_seconds(uneven, "x").fps in (24, 25, 30)
    for unit in (1, 1e3, 1e6, 1e7, 1e9):
        times = np.round(np.arange(90) / 30 * unit, 3)
        np.testing.assert_allclose(seconds_of(times), np.arange(90) / 30, atol=6e-4)
    np.testing.assert_allclose(seconds_of(np.array([0.0, 1.0]), "time_ms"), [0, 0.001])
    with pytest.raises(FormatError, match="comes before"):
        clock_of_seconds(np.array([0, 0.1, 0.05]), "x")
