"""Faces of other tools: Audio2Face, MediaPipe, tables without times, FLAME without a rate, mouth shapes with times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.errors import FormatError, NoRateError, SettingError
from talkingeyes.formats.viseme_table import SETS, SHAPES, STRENGTH
from talkingeyes.generate.face_track import face_track
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES

CASES = Path(__file__).parents[3] / "shared" / "data" / "cases"
JAW = 0.3 + 0.2 * np.sin(np.arange(60) / 5)
SAMPLE = Path(te.__file__).parent / "assets" / "sample.opus"


def dumped(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data))
    return path


def has_jaw(motion: Motion, fps: float = 30) -> None:
    assert (motion.fps, motion.num_frames) == (fps, 60)
    np.testing.assert_allclose(motion.coefficient("jawOpen"), JAW, atol=1e-6)


def table(jaw: float) -> list[float]:
    return [jaw if name == "jawOpen" else 0.0 for name in ARKIT_NAMES]


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_a2f_nim_csv(tmp_path: Path, fps: float):
    header = ",".join(["", "timeCode", *(f"blendShapes.{n[0].upper()}{n[1:]}" for n in ARKIT_NAMES)])
    rows = [f"{i},{i / fps!r}," + ",".join(map(str, table(j))) for i, j in enumerate(JAW)]
    (tmp_path / "a.csv").write_text("\n".join([header, *rows]))
    has_jaw(te.load(tmp_path / "a.csv"), fps)


def test_a2f_omniverse_json(tmp_path: Path):
    data = {"exportFps": 30.0, "numPoses": 52, "facsNames": list(ARKIT_NAMES), "weightMat": [table(j) for j in JAW]}
    has_jaw(te.load(dumped(tmp_path / "a.json", data)))
    with pytest.raises(SettingError, match="its own frame rate"):
        te.load(tmp_path / "a.json", fps=25)
    del data["exportFps"]
    with pytest.raises(NoRateError, match="exportFps is missing"):
        te.load(dumped(tmp_path / "a.json", data))
    has_jaw(te.load(tmp_path / "a.json", fps=25), 25)


@pytest.mark.parametrize("suffix", [".a2f.json", ".weights.json"])
def test_layouts_of_others_are_written_and_come_back(tmp_path: Path, suffix: str):
    eyes = np.tile([[[0.1, 0.05], [0.1, 0.05]]], (60, 1, 1))
    te.save(Motion(fps=30, face=JAW[:, None], face_names=("jawOpen",), eyes_rad=eyes), tmp_path / f"a{suffix}")
    data = json.loads((tmp_path / f"a{suffix}").read_text())
    keys = {"exportFps", "numPoses", "numFrames", "facsNames", "weightMat"} if "a2f" in suffix else {"names", "frames"}
    assert keys <= set(data)
    back = te.load(tmp_path / f"a{suffix}")
    np.testing.assert_allclose(back.coefficient("jawOpen"), JAW, atol=1e-5)
    np.testing.assert_allclose(back.eyes_rad, eyes, atol=1e-5)


@pytest.mark.parametrize("kind", ["js", "python", "names", "lines"])
def test_mediapipe_blend_shapes(tmp_path: Path, kind: str):
    def frame(i: int, jaw: float) -> dict[str, Any]:
        name = "category_name" if kind == "python" else "categoryName"
        faces = [[{name: "_neutral", "score": 0.1}, {name: "jawOpen", "score": jaw}]]
        if kind == "js":
            return {"timestampMs": 33.333 * i, "faceBlendshapes": [{"categories": faces[0]}] if i != 20 else []}
        held = {"jawOpen": jaw} if kind == "names" else faces[0]
        return {"timestamp": i / 30, "face_blendshapes": held if i != 20 else []}

    frames = [frame(i, float(j)) for i, j in enumerate(JAW)]
    path = tmp_path / ("a.jsonl" if kind == "lines" else "a.json")
    path.write_text("\n".join(map(json.dumps, frames)) if kind == "lines" else json.dumps(frames))
    motion = te.load(path)
    assert (motion.fps, motion.num_frames) == (30, 60)
    np.testing.assert_allclose(motion.coefficient("jawOpen"), JAW, atol=0.01)
    assert motion.filled is not None and np.flatnonzero(motion.filled[:, 0]).tolist() == [20]
    bare = [[{"categoryName": "jawOpen", "score": float(j)}] for j in JAW]
    with pytest.raises(NoRateError, match="fps"):
        te.load(dumped(tmp_path / "bare.json", bare))
    has_jaw(te.load(tmp_path / "bare.json", fps=25), 25)


def test_face_csv_fps_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("said.csv").write_text("jawOpen,mouthClose\n" + "\n".join(f"{j:.7f},0" for j in JAW))
    assert main(["animate", str(SAMPLE), "--face", "said.csv", "-o", "a.npz"]) == 2
    said = capsys.readouterr().err
    assert "--fps" in said and "--face-fps" in said
    assert main(["animate", str(SAMPLE), "--fps", "60", "--face", "said.csv", "-o", "a.npz"]) == 0
    np.testing.assert_allclose(te.load("a.npz").coefficient("jawOpen")[:60], JAW, atol=1e-6)
    assert main(["animate", str(SAMPLE), "--fps", "30", "--face-fps", "60", "--face", "said.csv", "-o", "b.npz"]) == 0
    np.testing.assert_allclose(te.load("b.npz").coefficient("jawOpen")[:30], JAW[::2], atol=1e-6)
    has_jaw(face_track("said.csv", take_fps=60).motion, 60)


@pytest.mark.parametrize("name", ["vhap.npz", "x.flame.npz"])
def test_flame_npz_no_fps(tmp_path: Path, name: str):
    jaw = np.zeros((60, 3))
    jaw[:, 0] = 0.35 * JAW
    parts = {"eyes_pose": np.zeros((60, 6)), "neck_pose": np.zeros((60, 3)), "jaw_pose": jaw}
    np.savez(tmp_path / name, expression=np.ones((60, 50)), rotation=np.zeros((60, 3)), **parts)
    with pytest.raises(NoRateError, match="fps"):
        te.load(tmp_path / name)
    has_jaw(te.load(tmp_path / name, fps=25), 25)
    np.savez(tmp_path / name, fps=25.0, **parts)
    with pytest.raises(SettingError, match="its own frame rate"):
        te.load(tmp_path / name, fps=25)
    te.save(Motion(fps=30, face=JAW[:, None], face_names=("jawOpen",)), tmp_path / "m.npz")
    (tmp_path / name).write_bytes((tmp_path / "m.npz").read_bytes())
    has_jaw(te.load(tmp_path / name))  # the keys decide, not the name


WORD = ((0.0, "rest"), (0.3, "closed"), (0.38, "open"), (0.6, "tight"), (0.8, "rest"))
"""Something like "boo-hah"."""
FILES = {
    "rhubarb.json": lambda n: {"mouthCues": [
        {"start": t, "end": e, "value": n["Rhubarb"][s]} for (t, s), e in zip(WORD, (0.3, 0.38, 0.6, 0.8, 1), strict=True)]},  # noqa: E501
    "azure_ticks.json": lambda n: [{"audioOffset": round(t * 1e7), "visemeId": int(n["Azure"][s])} for t, s in WORD],
    "azure_ms.json": lambda n: [{"audio_offset": t * 1e3, "viseme_id": int(n["Azure"][s])} for t, s in WORD],
    "oculus.json": lambda n: [{"time": t, "viseme": n["Oculus"][s]} for t, s in WORD],
}  # fmt: skip


def spellings() -> dict[str, dict[str, str]]:
    return {tool: {shape: name for name, shape in reversed(table.items())} for tool, table in SETS.items()}


def written(folder: Path, name: str) -> Path:
    spelt = spellings()
    if name.endswith("tsv"):
        (folder / name).write_text("".join(f"{t:.2f}\t{spelt['Rhubarb'][s]}\n" for t, s in WORD))
    elif name.endswith("marks"):
        marks = [{"time": 0, "type": "word", "start": 0, "end": 2, "value": "boo"}]
        marks += [{"time": round(1e3 * t), "type": "viseme", "value": spelt["Polly"][s]} for t, s in WORD]
        (folder / name).write_text("\n".join(map(json.dumps, marks)))
    else:
        dumped(folder / name, FILES[name](spelt))
    return folder / name


@pytest.mark.parametrize("name", [*FILES, "rhubarb.tsv", "polly.marks"])
@pytest.mark.parametrize("fps", [30, 60])
def test_mouth_shapes_with_times_become_a_mouth(tmp_path: Path, name: str, fps: float):
    motion = te.load(written(tmp_path, name), fps=fps)
    at = lambda coefficient, time_s: float(motion.coefficient(coefficient)[round(time_s * fps)])  # noqa: E731
    assert at("jawOpen", 0.34) < 0.02, "lips meet for b"
    assert at("mouthPressLeft", 0.34) > 0.2
    assert at("jawOpen", 0.5) > 0.4
    assert at("mouthPucker", 0.7) > 0.4
    assert at("jawOpen", 0.1) == pytest.approx(0, abs=0.01)
    steps = np.abs(np.diff(motion.face, axis=0)).max() * fps
    assert steps < 20, "eased, no jump"
    assert motion.fps == fps and abs(motion.duration_s - 0.95) < 0.1
    assert te.load(tmp_path / name).fps == 30


def test_an_unknown_mouth_shape_is_named(tmp_path: Path):
    data = [{"time": 0.0, "viseme": "PP"}, {"time": 0.1, "viseme": "qq"}]
    with pytest.raises(FormatError, match="'qq' is not known"):
        te.load(dumped(tmp_path / "a.json", data))


def test_every_mouth_shape_has_coefficients_that_exist():
    bare = {name.removesuffix("Left").removesuffix("Right") for name in ARKIT_NAMES}
    assert {name for shape in SHAPES.values() for name in shape} <= bare
    assert {shape for table in SETS.values() for shape in table.values()} | set(STRENGTH) <= set(SHAPES)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("case", "fps", "frames"),
    [
        ("a2f-nim-csv/a2f_nim.csv", None, 330),
        ("a2f-omniverse-json/a2f_omniverse.json", None, 330),
        ("flame-npz-no-fps/vhap.npz", 25, 50),
        ("livelink-no-face-rows/nf.csv", None, 60),
        ("livelink-no-face-rows/padded_with_zeros.csv", None, 300),
        ("livelink-column-order/lips.csv", None, 180),
        ("face-csv-fps-advice/said.csv", 60, None),
    ],
)
def test_the_cases_are_read(case: str, fps: float | None, frames: int | None):
    if not (CASES / case).exists():
        pytest.skip("the development data is not beside the checkout")
    motion = te.load(CASES / case, fps=fps)
    assert motion.face is not None and (frames is None or motion.num_frames == frames)
    assert motion.fps == (fps or 30)
