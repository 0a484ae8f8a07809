"""The Blender add-on, from its zip, in Blender itself: the motion on rigs that Blender imported without animation."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scripts.build_blender_addon import build as build_addon

from talkingeyes.formats import save
from talkingeyes.motion import Motion
from tests.avatar_rigs import DRAWN, build
from tests.test_any_avatar import (
    EVERY,
    FPS,
    FRAMES,
    ICT,
    TOLERANCE_DEG,
    RigKind,
    check_eyes,
    check_irises,
    check_lids,
    looks,
)

NAMES = [
    "plain",
    "z-up armature in centimetres",
    "mixamo names, eyes hang below bones",
    "blender names, no eyeLook",
    "faces backwards, no vrm",
    "bones and morphs turn the eye, 9 % not rigidly",
    "bones and morphs turn the eye, one mesh",
    "flat, bones and morphs turn the eye",
    "flat eyes on bones",
    "morphs only, other reach, no neck",
    "drawn, bones and morphs slide the iris",
    "drawn, one mesh",
]
NAMES += ["ict"] if ICT.exists() else []


@pytest.fixture(scope="module")
def addon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("addon")
    build_addon(folder / "addon.zip")
    with zipfile.ZipFile(folder / "addon.zip") as archive:
        archive.extractall(folder)
    return folder


def test_the_zip_needs_nothing_but_blender_and_numpy(addon: Path):
    """Its copy of our modules stands alone, and the same sources give the same bytes."""
    code = (
        "import sys; sys.modules['talkingeyes'] = None\n"
        f"sys.path.insert(0, {str(addon)!r})\n"
        "import types; sys.modules['talkingeyes_blender'] = p = types.ModuleType('talkingeyes_blender')\n"
        f"p.__path__ = [{str(addon / 'talkingeyes_blender')!r}]\n"
        "import talkingeyes_blender.lib.formats.npz, talkingeyes_blender.lib.formats.arkit\n"
        "import talkingeyes_blender.lib.formats.bvh, talkingeyes_blender.lib.avatar.pose\n"
        "assert not {'av', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    build_addon(addon / "again.zip")
    assert (addon / "again.zip").read_bytes() == (addon / "addon.zip").read_bytes()


def longer(channel: np.ndarray) -> np.ndarray:
    """The last frame held for 30 more."""
    return np.concatenate([channel, np.repeat(channel[-1:], 30, axis=0)])


@pytest.fixture(scope="module", params=[".npz", ".csv"])
def in_blender(
    request: pytest.FixtureRequest, addon: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list]:
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("Blender's bpy module is not installed (pip install bpy)")
    folder = tmp_path_factory.mktemp("rigs")
    moving = looks()
    if request.param == ".csv":  # a file of 12 frames cannot tell its rate: 25 is written as a full second and more
        moving = Motion(fps=FPS, **{n: longer(c) for n, c in moving.channels.items()})
    save(moving, folder / f"looks{request.param}")
    files = {}
    for number, name in enumerate(NAMES[: None if request.param == ".npz" else 1]):
        files[name] = ICT if name == "ict" else folder / f"rig{number}.glb"
        if name != "ict":
            files[name].write_bytes(build(EVERY[name]).to_bytes())
    command = [sys.executable, str(Path(__file__).with_name("blender_runs_addon.py")), str(addon)]
    command += [str(folder / f"looks{request.param}"), str(FPS), ",".join(map(str, FRAMES)), *map(str, files.values())]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, (run.stdout + run.stderr)[-2500:]
    read = json.loads(run.stdout.rsplit("RESULT ", 1)[1].splitlines()[0])
    return {name: read[str(path)] for name, path in files.items()}


@pytest.mark.blender
def test_eyes_and_lids_are_the_motions(in_blender: dict[str, list]):
    for name, read in in_blender.items():
        seen = [{material.removeprefix("M_"): mean for material, mean in means.items()} for means in read]
        kind = EVERY.get(name, RigKind())
        if name in DRAWN:
            check_irises(seen, kind)
        else:
            worst = check_eyes(seen, kind)
            assert worst < TOLERANCE_DEG, f"{name}: {worst:.2f} deg off"
        if name != "ict":
            check_lids(seen, kind)
