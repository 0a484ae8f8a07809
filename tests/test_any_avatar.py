"""The motion on other people's avatars, read back by Blender, three.js and a glTF library."""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scripts.chromium import browser, find_chromium

from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.pose import shown_eyes
from talkingeyes.formats.glb import write_glb
from talkingeyes.formats.html import write_html
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.rig import EYE_LOOK_SIDE_RAD
from talkingeyes.rotations import angle_between_rad, matrix_from_ypr
from tests.avatar_rigs import DRAWN, KINDS, RigKind, build
from tests.library_reads_materials import read_materials

ROOT = Path(__file__).parents[1]
VIEWER = ROOT / "viewer"
ICT = ROOT.parent / "shared" / "data" / "heads" / "ict_arkit.glb"
FPS = 25
LEFT_WINK, RIGHT_WINK, CLOSED_LOOKING_DOWN = 3, 4, 5
TOLERANCE_DEG = 0.5
ICT_KIND = RigKind()
NAMES = [*KINDS, *(["ict"] if ICT.exists() else [])]
EVERY = KINDS | DRAWN


def looks() -> Motion:
    """Ahead, left, up, a wink of each eye, closed looking down, then heads and eyes at random."""
    rng = np.random.default_rng(1)
    eyes, head, lids = np.zeros((12, 2, 2)), np.zeros((12, 3)), np.zeros((12, 2))
    eyes[1, :, 0], eyes[2, :, 1], eyes[5, :, 1] = np.radians(25), np.radians(20), np.radians(-25)
    lids[LEFT_WINK, 0] = lids[RIGHT_WINK, 1] = 1
    lids[CLOSED_LOOKING_DOWN] = 1
    eyes[6:] = rng.uniform([-0.5, -0.4], [0.5, 0.35], (6, 2, 2))
    head[6:] = rng.uniform([-0.7, -0.4, -0.3], [0.7, 0.4, 0.3], (6, 3))
    return Motion(fps=FPS, eyes_rad=eyes, head_rad=head, lids=lids)


FRAMES = list(range(looks().num_frames))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The motion on every avatar."""
    folder = tmp_path_factory.mktemp("avatars")
    out = {}
    for number, name in enumerate([*NAMES, *DRAWN]):
        source = ICT if name == "ict" else folder / f"rig{number}.glb"
        if name != "ict":
            source.write_bytes(build(EVERY[name]).to_bytes())
        before = source.read_bytes()
        out[name] = folder / f"moving{number}.glb"
        write_glb(ExportJob((looks(),), title="looks", avatar_path=source), out[name])
        assert source.read_bytes() == before
    return out


@pytest.fixture(scope="module")
def by_blender(files: dict[str, Path]) -> dict[str, list[dict[str, list[float]]]]:
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("Blender's bpy module is not installed (pip install bpy)")
    reader = Path(__file__).with_name("blender_reads_materials.py")
    command = [sys.executable, str(reader), str(FPS), ",".join(map(str, FRAMES)), *map(str, files.values())]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, run.stderr[-2000:]
    read = json.loads(run.stdout.rsplit("RESULT ", 1)[1].splitlines()[0])
    return {name: read[str(path)] for name, path in files.items()}


@pytest.fixture(scope="module")
def by_three(
    files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, list[float]]]]:
    esbuild = VIEWER / "node_modules" / ".bin" / "esbuild"
    if find_chromium() is None or not esbuild.exists():
        pytest.skip("needs Chromium and the viewer's packages (cd viewer && npm ci)")
    bundle = tmp_path_factory.mktemp("three") / "reader.js"
    entry = Path(__file__).with_name("three_reads_materials.js")
    build_command = [str(esbuild), str(entry), "--bundle", f"--outfile={bundle}", "--log-level=error"]
    environment = {"NODE_PATH": str(VIEWER / "node_modules"), "PATH": str(Path(shutil.which("node") or "node").parent)}
    subprocess.run(build_command, check=True, env=environment, cwd=VIEWER)
    times = [f / FPS for f in FRAMES]
    with browser() as chromium:
        page = chromium.new_page()
        page.add_script_tag(path=str(bundle))
        return {
            name: page.evaluate(
                "([file, times]) => window.readMaterials(file, times)",
                [base64.b64encode(path.read_bytes()).decode(), times],
            )
            for name, path in files.items()
        }


@pytest.fixture(scope="module")
def by_library(files: dict[str, Path]) -> dict[str, list[dict[str, np.ndarray]]]:
    return {name: read_materials(path, [f / FPS for f in FRAMES]) for name, path in files.items()}


READERS = [
    "by_library",
    pytest.param("by_three", marks=pytest.mark.browser),
    pytest.param("by_blender", marks=pytest.mark.blender),
]


def check_eyes(seen: list[dict], kind: RigKind) -> float:
    """Largest angle between the eyes in the file and the motion's, degrees."""
    motion, worst = looks(), 0.0
    facing = matrix_from_ypr([np.pi if kind.turned else 0.0, 0, 0])
    for index, side in enumerate(("Left", "Right")):
        line = [facing.T @ (np.array(s[f"Iris{side}"]) - np.array(s[f"Sclera{side}"])) for s in seen]
        assert (facing.T @ np.array(seen[0][f"Iris{side}"]))[0] * (1 - 2 * index) > 0, "the left eye is on +X"
        for frame, direction in enumerate(line):
            turn = matrix_from_ypr(motion.head_rad[frame]) @ matrix_from_ypr(motion.eyes_rad[frame, index])
            worst = max(worst, float(np.degrees(angle_between_rad(direction, turn @ line[0]))))
    return worst


def check_irises(seen: list[dict], kind: RigKind) -> None:
    """Irises that slide over their whites move once, both the same way, in proportion to the gaze, and keep inside."""
    motion = looks()
    for index, side in enumerate(("Left", "Right")):
        lines = np.array([np.array(s[f"Iris{side}"]) - np.array(s[f"Sclera{side}"]) for s in seen])
        heads = np.array([matrix_from_ypr(motion.head_rad[f]) for f in range(len(seen))])
        slid_m = (np.einsum("fji,fj->fi", heads, lines) - lines[0]) / kind.scale
        yaw, pitch = motion.eyes_rad[:, index].T
        per_rad = slid_m[1, 0] / yaw[1], slid_m[2, 1] / pitch[2]
        assert min(per_rad) > 0, "to the left is to the left, up is up"
        np.testing.assert_allclose(slid_m[:, 0], per_rad[0] * yaw, atol=4e-4)
        assert np.abs(slid_m[:, 0]).max() < 0.009 + 0.0015, "the white is 28 mm wide, the iris 10 mm"
        assert np.abs(slid_m[:, 1]).max() < 0.005 + 0.0015, "and 20 mm high"
        if kind.looks == "both":
            away_m = np.linalg.norm([0.03 * 0.6, 0, 0.08 * 0.9 + 0.012])
            once = np.radians(kind.look_deg[0]) * yaw[1] / EYE_LOOK_SIDE_RAD
            assert np.linalg.norm(slid_m[1]) == pytest.approx(away_m * once, rel=0.05)


def check_lids(seen: list[dict], kind: RigKind) -> None:
    """A wink closes its own eye alone; closing while looking down closes once."""
    for index, side in enumerate(("Left", "Right")):
        height = np.array([s[f"Lid{side}"][1] for s in seen[:6]]) / kind.scale
        fall = height[0] - height
        own, other = (LEFT_WINK, RIGHT_WINK) if index == 0 else (RIGHT_WINK, LEFT_WINK)
        assert fall[own] == pytest.approx(0.010, abs=1e-4)
        assert fall[other] == pytest.approx(0, abs=1e-4)
        assert fall[CLOSED_LOOKING_DOWN] == pytest.approx(0.010, abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reader", READERS)
def test_eyes_and_lids_are_the_motions(name: str, reader: str, request: pytest.FixtureRequest):
    read, kind = request.getfixturevalue(reader)[name], KINDS.get(name, ICT_KIND)
    seen = [{material.removeprefix("M_"): mean for material, mean in means.items()} for means in read]
    worst = check_eyes(seen, kind)
    assert worst < TOLERANCE_DEG, f"{worst:.2f} deg off"
    if name != "ict":
        check_lids(seen, kind)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("reader", READERS)
def test_irises_that_slide_move_once_and_keep_in_their_whites(name: str, reader: str, request: pytest.FixtureRequest):
    read = request.getfixturevalue(reader)[name]
    check_irises([{m.removeprefix("M_"): mean for m, mean in means.items()} for means in read], DRAWN[name])
    check_lids([{m.removeprefix("M_"): mean for m, mean in means.items()} for means in read], DRAWN[name])


PAGED = ["random axes", "vrm 0", "matrices", "mirrored", "morphs only, other reach, no neck", "drawn, one mesh"]


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGED)
def test_the_page_shows_the_same_motion(name: str, tmp_path: Path):
    """Its own reading of bones and targets, on characters of the user's own; the camera finds the eyes."""
    if find_chromium() is None:
        pytest.skip("no Chromium here (Debian: apt install chromium)")
    (tmp_path / "in.glb").write_bytes(build(EVERY[name]).to_bytes())
    eyes_rad = shown_eyes(looks().eyes_rad, open_avatar(tmp_path / "in.glb")[1])
    write_html(ExportJob((looks(),), title="looks", avatar_path=tmp_path / "in.glb"), tmp_path / "page.html")
    motion, errors = looks(), []
    with browser() as chromium:
        page = chromium.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri() + "#ui=0&quality=light")
        page.evaluate("() => window.talkingeyes.ready")
        seen = [page.evaluate("t => window.talkingeyes.poseAt(t)", f / FPS) for f in FRAMES]
    assert errors == []
    for frame, pose in zip(FRAMES, seen, strict=True):
        head = np.array(pose["head"]).reshape(3, 3)
        np.testing.assert_allclose(head, matrix_from_ypr(motion.head_rad[frame]), atol=2e-3)
        for index in (0, 1) if "morphs only" not in name else ():
            eye = np.array(pose["eyes"][index]).reshape(3, 3)
            np.testing.assert_allclose(eye, matrix_from_ypr(eyes_rad[frame, index]), atol=2e-3)
            assert frame > 0 or pose["eyePositions"][index][0] * (1 - 2 * index) > 0
    blink = next(n for n in seen[0]["morphs"] if n in ("eyeBlinkLeft", "shape_L"))
    assert seen[LEFT_WINK]["morphs"][blink] == pytest.approx(1, abs=2e-3)
    assert seen[0]["morphs"][blink] == pytest.approx(0, abs=2e-3)
