"""Live Link Face CSV and ARKit JSON: round trips, signs, rates, captures of others, and damaged files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.formats.arkit import read_csv, write_csv
from talkingeyes.formats.arkit_json import read_json, write_json
from talkingeyes.formats.arkit_table import COLUMNS
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.timecode import read_clock, timecodes
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES, FACE_NAMES, LIVE_LINK_ANGLES, eye_look_coefficients

RATES = (24000 / 1001, 24, 25, 30000 / 1001, 30, 50, 60000 / 1001, 60, 120)


def smooth(rng: np.random.Generator, shape: tuple[int, ...], span: float) -> np.ndarray:
    t = np.linspace(0, 1, shape[0]).reshape(-1, *([1] * (len(shape) - 1)))
    phase = rng.uniform(0, 2 * np.pi, shape[1:])
    return span * np.sin(2 * np.pi * 3 * t + phase)


def a_motion(fps: float = 30.0, frames: int = 90, seed: int = 0) -> Motion:
    rng = np.random.default_rng(seed)
    return Motion(
        fps=fps,
        head_rad=smooth(rng, (frames, 3), 0.6),
        eyes_rad=smooth(rng, (frames, 2, 2), 0.9),
        lids=np.abs(smooth(rng, (frames, 2), 1.0)),
        face=np.abs(smooth(rng, (frames, 3), 0.8)),
        face_names=("eyeWideLeft", "jawOpen", "tongueOut"),
        meta={"generator": "talkingeyes", "seed": seed, "source": {"name": "x.wav"}},
    )


def csv_of(motion: Motion, path: Path) -> Path:
    write_csv(ExportJob((motion,)), path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_npz_to_arkit_and_back(tmp_path, suffix):
    motion = a_motion()
    te.save(motion, tmp_path / "a.npz")
    te.save(te.load(tmp_path / "a.npz"), tmp_path / f"a{suffix}")
    te.save(te.load(tmp_path / f"a{suffix}"), tmp_path / "b.npz")
    again = te.load(tmp_path / "b.npz")
    assert again.fps == 30
    assert again.num_frames == 90
    for name in ("head_rad", "eyes_rad", "lids"):
        np.testing.assert_allclose(getattr(again, name), getattr(motion, name), atol=1e-6)
    assert again.face_names == FACE_NAMES
    for name in FACE_NAMES:
        np.testing.assert_allclose(again.coefficient(name), motion.coefficient(name), atol=1e-6)
    assert again.lids_raw is None
    once = (tmp_path / f"a{suffix}").read_bytes()
    te.save(motion, tmp_path / f"c{suffix}")
    assert (tmp_path / f"c{suffix}").read_bytes() == once


def test_the_header_and_the_rows_are_live_link_faces(tmp_path):
    lines = csv_of(a_motion(), tmp_path / "a.csv").read_text("ascii").splitlines()
    header = lines[0].split(",")
    assert header[:4] == ["Timecode", "BlendShapeCount", "EyeBlinkLeft", "EyeLookDownLeft"]
    assert header[53:] == ["TongueOut", *LIVE_LINK_ANGLES]
    assert len(header) == 63
    assert len(lines) == 91
    first, later = lines[1].split(","), lines[32].split(",")
    assert first[:2] == ["00:00:00:00.000", "61"]
    assert later[0] == "00:00:01:01.000"
    assert all(len(cell.split(".")[1]) >= 6 for cell in first[2:])


def test_signs_against_the_measured_ones(tmp_path):
    """Left is the character's own: looking left and up with both eyes, head left, up and rolled."""
    eyes = np.tile(np.float32([0.3, 0.2]), (4, 2, 1))
    motion = Motion(fps=30, eyes_rad=eyes, head_rad=np.tile(np.float32([0.1, 0.15, 0.05]), (4, 1)))
    rows = np.genfromtxt(csv_of(motion, tmp_path / "a.csv"), delimiter=",", names=True, dtype=None, encoding="ascii")
    value = {name: rows[name][0] for name in rows.dtype.names}
    assert value["LeftEyeYaw"] == pytest.approx(-0.3)
    assert value["RightEyeYaw"] == pytest.approx(-0.3)
    assert value["LeftEyePitch"] == pytest.approx(-0.2)
    assert value["EyeLookOutLeft"] == pytest.approx(0.3 / 0.65, abs=1e-6)
    assert value["EyeLookInRight"] == pytest.approx(0.3 / 0.65, abs=1e-6)
    assert value["EyeLookUpLeft"] == value["EyeLookUpRight"] == pytest.approx(0.2 / 0.53, abs=1e-6)
    assert value["EyeLookInLeft"] == value["EyeLookOutRight"] == value["EyeLookDownLeft"] == 0
    assert (value["HeadYaw"], value["HeadPitch"], value["HeadRoll"]) == pytest.approx((-0.1, -0.15, 0.05))


def test_json_holds_what_it_names(tmp_path):
    motion = a_motion()
    write_json(ExportJob((motion,)), tmp_path / "a.json")
    data = json.loads((tmp_path / "a.json").read_text("ascii"))
    assert data["fps"] == 30
    assert data["names"] == list(ARKIT_NAMES)
    assert data["angle_names"] == list(LIVE_LINK_ANGLES)
    assert data["meta"] == motion.meta
    assert {len(frame) for frame in data["frames"]} == {61}
    del data["angle_names"]
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    again = read_json(tmp_path / "b.json")
    np.testing.assert_allclose(again.eyes_rad, motion.eyes_rad, atol=1e-5)
    assert again.meta["seed"] == 0


def test_limits_hold_in_what_is_written(tmp_path):
    wild = Motion(fps=30, eyes_rad=np.full((3, 2, 2), 1.4), head_rad=np.full((3, 3), -1.4))
    again = read_csv(csv_of(wild, tmp_path / "a.csv"))
    assert np.abs(again.eyes_rad).max() <= np.radians(55) + 1e-6
    assert np.abs(again.head_rad).max(axis=0) == pytest.approx(np.radians([75, 60, 40]), abs=1e-6)


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("frames", [125, 400, 5000])
def test_the_rate_is_told_by_the_timecodes(tmp_path, fps, frames):
    again = read_csv(csv_of(Motion(fps=fps, lids=np.zeros((frames, 2))), tmp_path / "a.csv"))
    assert again.fps == pytest.approx(fps, rel=1e-9)
    assert again.num_frames == frames
    assert again.meta["fps_source"] == "timecodes"


def test_other_rates_and_short_files():
    for fps in (1, 2, 12, 27.3, 90, 144, 240, 999):
        clock = read_clock(list(timecodes(2000, fps)), "x")
        assert clock.fps == pytest.approx(fps, rel=1e-5)
        np.testing.assert_allclose(clock.times_s, np.arange(2000) / fps, atol=1e-3 / fps)
    short = read_clock(list(timecodes(20, 30)), "x")
    assert short.fps == 30
    assert short.is_assumed
    assert read_clock(list(timecodes(100, 60)), "x").fps == 60
    assert read_clock(["00:00:00:00.000"], "x").fps == 30


def test_fps_overrides_the_timecodes(tmp_path):
    path = csv_of(a_motion(), tmp_path / "a.csv")
    again = read_csv(path, fps=24)
    assert again.fps == 24
    assert again.num_frames == 90
    for wrong in (0, -5, float("nan"), 5000):
        with pytest.raises(SettingError, match="1 to 1000"):
            read_csv(path, fps=wrong)


def test_timecodes_of_phones():
    """Starting anywhere, with subframes, a 30-based code at 60 fps, `;` for drop frame, and over midnight."""
    start = 23 * 3600 + 59 * 60 + 58.5
    codes = []
    for i in range(400):
        t = start + i / 60
        second = int(t)
        frame = (t - second) * 30
        codes.append(f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d};{frame:06.3f}")
    clock = read_clock(codes, "x")
    assert clock.fps == pytest.approx(60, rel=1e-4)
    np.testing.assert_allclose(clock.times_s, np.arange(400) / 60, atol=2e-4)


def capture(path: Path, frames: int = 120, **changes) -> Path:
    """A file as a phone would write it: eyeLook not exactly the eyes', eyeBlink with the lid that follows gaze."""
    rng = np.random.default_rng(7)
    eyes = smooth(rng, (frames, 2, 2), 0.4)
    table = {name: np.abs(smooth(rng, (frames,), 0.3)) for name in COLUMNS}
    table |= {name: np.clip(v * 0.93 + 0.01, 0, 1) for name, v in eye_look_coefficients(eyes).items()}
    for side, name in enumerate(("Left", "Right")):
        table[f"{name}EyeYaw"], table[f"{name}EyePitch"] = -eyes[:, side, 0], -eyes[:, side, 1]
        table[f"eyeBlink{name}"] = 0.05 + 0.5 * np.maximum(0, -eyes[:, side, 1])
    names = list(changes.get("columns", COLUMNS))
    table |= changes.get("extra", {})
    names += list(changes.get("extra", {}))
    lines = ["Timecode,BlendshapeCount," + ",".join(n[0].upper() + n[1:] for n in names)]
    for i, code in enumerate(timecodes(frames, 60)):
        lines.append(f"14{code[2:]},{len(names)}," + ",".join(f"{table[n][i]:.12f}" for n in names))
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return path


def test_a_capture_loses_the_gaze_part_of_its_blinks(tmp_path):
    path = capture(tmp_path / "take.csv")
    motion = read_csv(path)
    assert motion.fps == 60
    k = motion.meta["lid_follows_gaze_per_rad"]
    down = np.maximum(0, -motion.eyes_rad[:, :, 1])
    np.testing.assert_allclose(motion.lids_raw, 0.05 + 0.5 * down, atol=1e-5)
    np.testing.assert_allclose(motion.lids, np.clip(motion.lids_raw - k * down, 0, 1), atol=1e-5)
    half = read_csv(path, lid_follows_gaze_per_rad=0.5)
    np.testing.assert_allclose(half.lids, 0.05, atol=1e-5)
    assert half.meta["lid_follows_gaze_per_rad"] == 0.5
    own = read_csv(path, comes_from="own")
    np.testing.assert_allclose(own.lids, motion.lids_raw)
    assert own.lids_raw is None
    ours = read_csv(csv_of(a_motion(), tmp_path / "ours.csv"), comes_from="capture")
    assert ours.lids_raw is not None
    with pytest.raises(SettingError, match="capture"):
        read_csv(path, comes_from="metahuman")


def test_columns_that_are_missing_or_unknown(tmp_path):
    some = [n for n in COLUMNS if n not in {"mouthClose", "tongueOut"}]
    motion = read_csv(capture(tmp_path / "a.csv", columns=some, extra={"cTRL_new": np.zeros(120)}))
    assert motion.meta["missing_columns"] == ["mouthClose", "tongueOut"]
    assert motion.meta["ignored_columns"] == ["CTRL_new"]
    assert "mouthClose" not in motion.face_names
    assert "jawOpen" in motion.face_names
    without_angles = read_csv(capture(tmp_path / "b.csv", columns=list(ARKIT_NAMES)))
    assert without_angles.head_rad is None
    with_angles = read_csv(capture(tmp_path / "c.csv"))
    np.testing.assert_allclose(without_angles.eyes_rad, with_angles.eyes_rad, atol=0.06)
    for gone, named in (("HeadRoll", "HeadRoll"), ("RightEyePitch", "RightEyePitch"), ("eyeBlinkLeft", "eyeBlinkLeft")):
        with pytest.raises(FormatError, match=f"no {named}"):
            read_csv(capture(tmp_path / "d.csv", columns=[n for n in COLUMNS if n != gone]))


def edited(path: Path, row: int, column: str, text: str) -> Path:
    lines = path.read_text("utf-8-sig").splitlines()
    place = lines[0].split(",").index(column)
    cells = lines[row].split(",")
    cells[place] = text
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_lost_faces_and_dropped_frames_are_filled(tmp_path):
    motion = a_motion(fps=60, frames=240)
    lines = csv_of(motion, tmp_path / "a.csv").read_text().splitlines()
    for row in (10, 11, 12):
        lines[row] = lines[row].split(",")[0] + ",0" + "," * 61
    lines[50] = lines[50].split(",")[0] + ",0"
    del lines[100:103]
    (tmp_path / "b.csv").write_text("\n".join(lines) + "\n\n")
    again = read_csv(tmp_path / "b.csv")
    assert again.fps == 60
    assert again.num_frames == 240
    assert again.meta["filled_frames"] == 7
    np.testing.assert_allclose(again.eyes_rad, motion.eyes_rad, atol=0.02)


def refused(path: Path, *words: str, reader=read_csv) -> None:
    with pytest.raises(FormatError) as caught:
        reader(path)
    message = str(caught.value)
    assert "\n" not in message
    for word in (path.name, *words):
        assert word in message, message


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "", "zero", "1e999", "0x1p3"])
def test_cells_that_are_no_numbers(tmp_path, text):
    refused(edited(capture(tmp_path / "a.csv"), 7, "JawOpen", text), "line 8", "jawOpen")


def test_values_out_of_range(tmp_path):
    refused(edited(capture(tmp_path / "a.csv"), 7, "JawOpen", "12"), "jawOpen", "frame 6", "0 to 1")
    refused(edited(capture(tmp_path / "a.csv"), 7, "LeftEyeYaw", "-17.5"), "LeftEyeYaw", "radians")
    slightly = read_csv(edited(capture(tmp_path / "a.csv"), 7, "JawOpen", "1.04"))
    assert slightly.coefficient("jawOpen")[6] == 1


def test_damaged_files(tmp_path):
    whole = capture(tmp_path / "a.csv").read_text("utf-8-sig")
    lines = whole.splitlines()
    path = tmp_path / "b.csv"
    cases = {
        "is not text": b"\xff\xfe\x00PNG\x81",
        "none of the ARKit columns": b"a,b,c\n1,2,3\n",
        "holds no frames": lines[0].encode(),
        "64 cells": "\n".join([*lines[:5], lines[5] + ",0.5"]).encode(),
        "line 6": "\n".join([*lines[:5], lines[5][: len(lines[5]) // 2]]).encode(),
        "comes twice": "\n".join([lines[0].replace("JawOpen", "JawLeft"), *lines[1:]]).encode(),
        "longer than": (lines[0] + "\n" + "0" * 200_000).encode(),
        "timecode": "\n".join([*lines[:3], lines[3].replace("14:", "xx:", 1)]).encode(),
        "comes before": "\n".join([lines[0], *lines[4:0:-1]]).encode(),
        "all timecodes": "\n".join([lines[0], lines[1], lines[1]]).encode(),
        "jump": "\n".join([*lines[:80], lines[80].replace("14:", "19:", 1)]).encode(),
    }
    for word, data in cases.items():
        path.write_bytes(data)
        refused(path, word)
    path.write_bytes(b"")
    refused(path)
    path.write_text("\n".join(",".join(line.split(",")[1:]) for line in lines), encoding="utf-8")
    refused(path, "Timecode", "fps")
    assert read_csv(path, fps=60).num_frames == 120


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("talkingeyes.formats.arkit.MAX_CSV_BYTES", 1000)
    refused(capture(tmp_path / "a.csv"), "accepted")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not JSON"),
        ("[1, 2]", "list"),
        ("[" * 100_000, "not JSON"),
        ('{"fps": "30"}', "fps"),
        ('{"fps": true, "names": [], "frames": []}', "fps"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": []}', "frame"),
        ('{"fps": 30, "names": "jawOpen", "frames": [[0]]}', "names"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[0], [0, 1]]}', "frame 1"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[0], 5]}', "frame 1"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [["0"]]}', "numbers"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[NaN]]}', "NaN"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[1e999]]}', "finite"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[1' + "0" * 400 + "]]}", "too large"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[7]]}', "jawOpen"),
        ('{"fps": 30, "names": ["jawOpen", "JawOpen"], "frames": [[0, 0]]}', "twice"),
        ('{"fps": 30, "names": ["smile"], "frames": [[0]]}', "none of the ARKit"),
        ('{"fps": 30, "names": ["jawOpen"], "frames": [[0]], "meta": 3}', "meta"),
        ('{"fps": 0, "names": ["jawOpen"], "frames": [[0]]}', "fps"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_damaged_json(tmp_path, text, word):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    refused(tmp_path / "a.json", word, reader=read_json)


def test_gaze_without_a_head_is_refused():
    with pytest.raises(FormatError, match="gaze in space"):
        write_csv(ExportJob((Motion(fps=30, gaze_rad=np.zeros((3, 2))),)), Path("unused.csv"))
