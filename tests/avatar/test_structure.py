"""The built-in avatar: its structure, its symmetry, what its morphs do, how it was made."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import avatar_bytes
from tests.avatar.shown import avatar
from tests.avatar_pose import Avatar, Primitive

ROOT = Path(__file__).parents[2]

# ---------------------------------------------------------------- structure


def test_bones_have_the_agreed_tree_and_identity_rest_rotations():
    nodes = avatar().document["nodes"]
    names = [n["name"] for n in nodes]
    children = {n["name"]: [names[c] for c in n.get("children", [])] for n in nodes}
    assert children["Neck"] == ["Head"]
    assert children["Head"] == ["LeftEye", "RightEye"]
    assert all("rotation" not in n and "matrix" not in n and "scale" not in n for n in nodes)
    origin = avatar().rest_origins()
    assert origin["LeftEye"][0] > 0 > origin["RightEye"][0]
    np.testing.assert_allclose(origin["LeftEye"][0] - origin["RightEye"][0], rig.INTERPUPILLARY_M, atol=1e-6)
    assert origin["Neck"][1] < origin["Head"][1] < origin["LeftEye"][1]
    assert origin["LeftEye"][2] > origin["Head"][2], "the eyes are in front"


def test_morph_targets_are_arkits_52_in_apples_order():
    face = next(m for m in avatar().document["meshes"] if m["name"] == "Face")
    assert tuple(face["extras"]["targetNames"]) == rig.ARKIT_NAMES
    assert face["weights"] == [0.0] * 52
    assert all(len(p["targets"]) == 52 for p in face["primitives"])


def test_every_morph_moves_something():
    moved = {n: max(np.abs(p.morphs[n]).max() for p in avatar().primitives if p.morphs) for n in rig.ARKIT_NAMES}
    small = {n: round(v * 1000, 2) for n, v in moved.items() if v < 0.4e-3}
    assert not small, f"these move less than 0.4 mm: {small}"


def test_the_file_is_small_and_needs_no_extension(look: str):
    assert len(avatar_bytes(look)) < 4_000_000
    assert "extensionsRequired" not in avatar().document


def test_surfaces_are_closed_enough_and_face_outwards():
    """No edge belongs to more than two triangles, none is walked twice in one direction, no triangle is empty."""
    for piece in avatar().primitives:
        t = piece.triangles
        half = np.stack([t, np.roll(t, -1, axis=1)], axis=-1).reshape(-1, 2)
        assert len(np.unique(half, axis=0)) == len(half), piece.material
        corner = piece.positions[t]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        agree = (face * piece.normals[t].mean(axis=1)).sum(axis=1)
        size = np.linalg.norm(face, axis=1)
        assert (agree[size > 1e-9] > 0).mean() > 0.985, piece.material


def test_skin_weights_sum_to_one_and_eyes_follow_one_bone():
    joints = [avatar().document["nodes"][j]["name"] for j in avatar().document["skins"][0]["joints"]]
    for piece in avatar().primitives:
        np.testing.assert_allclose(piece.weights.sum(axis=1), 1.0, atol=1e-6)
        if piece.material in ("eye", "cornea"):
            side = np.where(piece.positions[:, 0] > 0, joints.index("LeftEye"), joints.index("RightEye"))
            assert (piece.joints[:, 0] == side).all()
            assert (piece.weights[:, 0] == 1).all()


# ---------------------------------------------------------------- symmetry


def test_left_and_right_morphs_mirror_each_other():
    """Every left morph is the right one mirrored at x = 0, and two-sided ones are their own mirror image."""
    flip = np.array([-1.0, 1.0, 1.0])
    for piece in (p for p in avatar().primitives if p.morphs):
        twin = mirror_index(piece)
        for name in rig.ARKIT_NAMES:
            other = name.replace("Left", "Right") if "Left" in name else name.replace("Right", "Left")
            error = np.abs(piece.morphs[name][twin] * flip - piece.morphs[other]).max()
            assert error < 2e-4, f"{piece.material} {name}: {error * 1000:.3f} mm"


def mirror_index(piece: Primitive) -> np.ndarray:
    """Each vertex's mirror twin; twins are told apart by their normals where places coincide."""
    flip = np.array([-1.0, 1.0, 1.0])
    key = np.concatenate([piece.positions * 1000, piece.normals * 0.02], axis=1)
    moves = np.concatenate([piece.morphs[n] * 20 for n in ("jawOpen", "mouthClose", "mouthFunnel")], axis=1)
    flips = np.concatenate([flip, flip])
    own = np.concatenate([key, moves], axis=1)
    want = np.concatenate([key * flips, moves * np.tile(flip, 3)], axis=1)
    distance, index = pytest.importorskip("scipy.spatial").cKDTree(own).query(want)
    assert distance.max() < 0.05, f"{piece.material} is not symmetric: {distance.max():.3f} mm"
    return index


# ---------------------------------------------------------------- what the morphs do


def moved(name: str, near_mm: tuple[float, float, float], radius_mm: float = 7.0) -> np.ndarray:
    """Mean displacement in millimetres of the skin near a point of the face."""
    skin = avatar().piece("skin")
    chosen = np.linalg.norm(skin.positions * 1000 - near_mm, axis=1) < radius_mm
    assert chosen.any(), near_mm
    return skin.morphs[name][chosen].mean(axis=0) * 1000


CORNER, CHIN, UPPER_LIP, LOWER_LIP, INNER_BROW, OUTER_BROW = (
    (24, -66, 10), (0, -100, 18), (0, -61, 28), (0, -75, 26), (15, 18, 15), (46, 19, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "point", "direction"),
    [
        ("jawOpen", CHIN, (0, -1, 0)),
        ("jawForward", CHIN, (0, 0, 1)),
        ("jawLeft", CHIN, (1, 0, 0)),
        ("jawRight", CHIN, (-1, 0, 0)),
        ("mouthClose", LOWER_LIP, (0, 1, 0)),
        ("mouthSmileLeft", CORNER, (0.7, 0.7, 0)),
        ("mouthFrownLeft", CORNER, (0, -1, 0)),
        ("mouthStretchLeft", CORNER, (1, -0.2, 0)),
        ("mouthDimpleLeft", CORNER, (0.7, 0, -0.7)),
        ("mouthFunnel", UPPER_LIP, (0, 0.4, 1)),
        ("mouthPucker", CORNER, (-1, 0, 0.5)),
        ("mouthLeft", UPPER_LIP, (1, 0, 0)),
        ("mouthRight", LOWER_LIP, (-1, 0, 0)),
        ("mouthLowerDownLeft", (8, -75, 25), (0, -1, 0)),
        ("mouthUpperUpLeft", (8, -61, 27), (0, 1, 0)),
        ("mouthShrugLower", LOWER_LIP, (0, 1, 0.3)),
        ("mouthShrugUpper", UPPER_LIP, (0, 1, 0)),
        ("mouthRollLower", LOWER_LIP, (0, 0.3, -1)),
        ("mouthRollUpper", UPPER_LIP, (0, -0.3, -1)),
        ("browDownLeft", INNER_BROW, (-0.2, -1, 0)),
        ("browInnerUp", INNER_BROW, (0, 1, 0)),
        ("browOuterUpLeft", OUTER_BROW, (0, 1, 0)),
        ("cheekPuff", (40, -60, 5), (0.7, 0, 0.7)),
        ("cheekSquintLeft", (36, -22, 8), (0, 1, 0.3)),
        ("noseSneerLeft", (14, -33, 24), (0, 1, 0)),
    ],
)
def test_morphs_do_what_their_names_say(
    name: str, point: tuple[float, float, float], direction: tuple[float, float, float]
):
    shift = moved(name, point)
    along = shift @ np.array(direction) / np.linalg.norm(direction)
    assert along > 0.5, f"{name} moves {shift.round(2)} mm"
    if "Left" in name and name not in ("jawLeft", "mouthLeft"):
        other = moved(name, (-point[0], point[1], point[2]))
        assert np.linalg.norm(other) < 0.35 * np.linalg.norm(shift), f"{name} moves the right side {other.round(2)} mm"


def test_tongue_out_moves_the_tongue_and_nothing_else():
    for piece in (p for p in avatar().primitives if p.morphs):
        reach = piece.morphs["tongueOut"][:, 2].max()
        assert (reach > 0.025) == (piece.material == "mouth"), piece.material


def test_lower_teeth_follow_the_jaw_and_upper_teeth_stay():
    mouth = avatar().piece("mouth")
    drop = mouth.morphs["jawOpen"][:, 1]
    front = mouth.positions[:, 2] > 0.008
    upper = front & (mouth.positions[:, 1] > -0.066)
    assert np.abs(drop[upper]).max() < 1e-6
    assert drop[front & (mouth.positions[:, 1] < -0.0762)].max() < -0.012


# ---------------------------------------------------------------- how it was made


def test_the_script_rebuilds_the_shipped_avatar(look: str, tmp_path: Path):
    pytest.importorskip("scipy", reason="the avatar is built with scipy (dev extra)")
    script = ROOT / "scripts" / "build_avatar.py"
    if not script.is_file():
        pytest.skip("scripts/ is not here (installed package)")

    def build(name: str) -> bytes:
        subprocess.run(
            [sys.executable, script, tmp_path / name, "--look", look], check=True, capture_output=True, cwd=tmp_path
        )
        return (tmp_path / name).read_bytes()

    first = build("one.glb")
    if first == avatar_bytes(look):
        return
    assert first == build("two.glb"), "the same sources gave other bytes"
    fresh, shipped = Avatar(first), avatar()  # another machine's rounding may differ in the last digits
    assert [p.material for p in fresh.primitives] == [p.material for p in shipped.primitives]
    for new, old in zip(fresh.primitives, shipped.primitives, strict=True):
        assert (new.triangles == old.triangles).all(), (
            f"{new.material}: run scripts/build_avatar.py and commit the avatar"
        )
        np.testing.assert_allclose(new.positions, old.positions, atol=5e-6)


def test_the_mean_face_says_where_it_comes_from():
    document = json.loads((ROOT / "scripts" / "avatar" / "mean_face.json").read_text())
    assert document["provenance"]["clips"] >= 100
    assert np.array(document["positions_m"]).shape == (468, 3)


def test_glb_bytes_survive_reading_and_writing(look: str):
    data = avatar_bytes(look)
    assert Glb.from_bytes(data).to_bytes() == data
