"""Assimp, which many programs import models with, opens what ships and what is written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import LOOKS, asset_name
from talkingeyes.formats import save
from talkingeyes.motion import Motion
from tests.avatar_rigs import KINDS, build

ASSIMP = shutil.which("assimp")
ASSETS = Path(__file__).parents[1] / "src" / "talkingeyes" / "assets"


def seen_by_assimp(path: Path) -> dict[str, int]:
    """What it counts in a file."""
    if ASSIMP is None:
        pytest.skip("assimp is not installed (Debian: assimp-utils)")
    result = subprocess.run([ASSIMP, "info", str(path)], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout[-300:]
    return {
        key: int(value) for key, value in re.findall(r"^(Meshes|Animations|Materials): +(\d+)", result.stdout, re.M)
    }


@pytest.mark.parametrize("look", LOOKS)
def test_the_built_in_avatar_is_opened(look: str):
    assert seen_by_assimp(ASSETS / asset_name(look))["Meshes"] >= 10


def test_written_avatars_are_opened(tmp_path: Path):
    motion = Motion(fps=30, lids=np.ones((3, 2)), eyes_rad=np.zeros((3, 2, 2)))
    save(motion, tmp_path / "ours.glb")
    assert seen_by_assimp(tmp_path / "ours.glb")["Animations"] == 1
    (tmp_path / "me.glb").write_bytes(with_empty_shape().to_bytes())
    save(motion, tmp_path / "theirs.glb", avatar=tmp_path / "me.glb")
    assert seen_by_assimp(tmp_path / "theirs.glb")["Animations"] == 1


def with_empty_shape() -> Glb:
    """A rig of which one shape moves nothing, said by an accessor without data."""
    glb = build(KINDS["plain"])
    target = next(p["targets"] for m in glb.document["meshes"] for p in m["primitives"] if p.get("targets"))[0]
    index = target["POSITION"]
    glb.document["accessors"].append({**glb.document["accessors"][index], "min": [0, 0, 0], "max": [0, 0, 0]})
    del glb.document["accessors"][-1]["bufferView"]
    target["POSITION"] = len(glb.document["accessors"]) - 1
    return glb


def test_every_accessor_that_is_written_has_data(tmp_path: Path):
    (tmp_path / "me.glb").write_bytes(with_empty_shape().to_bytes())
    save(Motion(fps=30, lids=np.ones((3, 2))), tmp_path / "out.glb", avatar=tmp_path / "me.glb")
    for path in (tmp_path / "out.glb", *(ASSETS / asset_name(look) for look in LOOKS)):
        glb = Glb.from_bytes(path.read_bytes())
        assert all("bufferView" in a or "sparse" in a for a in glb.document["accessors"])


def test_a_shape_that_moves_nothing_still_reads_as_zero():
    glb = Glb()
    glb.add_accessor(np.zeros((8, 3), "<f4"), "VEC3")  # without data, an accessor is no longer than one with
    index = glb.add_sparse_accessor(np.zeros((5, 3)), "VEC3", bounds=True)
    np.testing.assert_array_equal(glb.read_accessor(index), np.zeros((5, 3)))
    glb.document["accessors"].append({"componentType": 5123, "count": 7, "type": "VEC4"})
    glb.fill_empty_accessors()
    np.testing.assert_array_equal(glb.read_accessor(index + 1), np.zeros((7, 4)))
