"""The built-in avatar: its structure, its symmetry, what its morphs do, and lids that no eyeball ever pierces."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.export.glb import morph_weights
from talkingeyes.export.gltf import Glb
from talkingeyes.export.gltf_rig import find_rig
from talkingeyes.export.looks import DEFAULT_LOOK, LOOKS, avatar_bytes
from talkingeyes.motion import Motion
from talkingeyes.rotations import matrix_from_ypr
from tests.avatar_pose import Avatar, Primitive

ROOT = Path(__file__).parents[1]
GRID_M = 0.0005
YAW_DEG, PITCH_DEG = (-35, -17.5, 0, 17.5, 35), (-30, -20, -10, 0, 12.5, 25)
BLINK = (0.0, 0.25, 0.5, 0.75, 1.0)
VIEWS_DEG = ((0, 0), (35, 0), (-35, 0), (0, 18), (0, -18))
"""Directions (azimuth, elevation) that the rays come from."""


SHOWN = {"look": DEFAULT_LOOK}


@pytest.fixture(autouse=True, scope="module", params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    """Every test here holds for every look."""
    SHOWN["look"] = request.param
    for remembered in (avatar, lid_zone, eyeball_depth, margin_vertices):
        remembered.cache_clear()
    return request.param


@cache
def avatar() -> Avatar:
    return Avatar(avatar_bytes(SHOWN["look"]))


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
    assert len(avatar_bytes(look)) < 2_600_000
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


# ---------------------------------------------------------------- lids and eyeballs


def eye_weights(blink: float, pitch_deg: float, yaw_deg: float = 0.0) -> dict[str, float]:
    """The weights that every exporter sets."""
    eyes = np.radians([[[yaw_deg, pitch_deg]] * 2])
    table = morph_weights(Motion(fps=25, eyes_rad=eyes, lids=np.array([[blink, blink]])))
    return {n: float(v[0]) for n, v in table.items() if n.endswith("Left")}


@cache
def lid_zone() -> tuple[np.ndarray, np.ndarray]:
    """Triangles of the skin around the left eye: all of them, and those of the lids' outer skin."""
    skin = avatar().piece("skin")
    centre = avatar().rest_origins()["LeftEye"]
    middle = skin.positions[skin.triangles].mean(axis=1)
    near = (np.abs(middle - centre)[:, :2] < 0.045).all(axis=1)
    triangles = skin.triangles[near]
    blink = np.abs(skin.morphs["eyeBlinkLeft"]).max(axis=1)
    outwards = (skin.normals * (skin.positions - centre)).sum(axis=1) > 0.0045
    lids = triangles[(blink[triangles] > 0.0006).all(axis=1) & outwards[triangles].all(axis=1)]
    return triangles, lids


def view(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    """Turns the head so that rays along -Z come from this direction."""
    return matrix_from_ypr(np.radians([azimuth_deg, elevation_deg])).T


def depth_map(
    points: np.ndarray, triangles: np.ndarray, *, half_m: float = 0.0135, front_only: bool = False
) -> np.ndarray:
    """Greatest z over a grid of rays along -Z around the origin; -inf where a ray meets nothing."""
    count = int(2 * half_m / GRID_M) + 1
    depth = np.full((count, count), -np.inf)
    corners = points[triangles]
    over_grid = ((corners.min(axis=1) < half_m) & (corners.max(axis=1) > -half_m))[:, :2].all(axis=1)
    for a, b, c in corners[over_grid]:
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(area) < 1e-14 or (front_only and area < 0):
            continue
        low = np.maximum(np.ceil((np.minimum(np.minimum(a, b), c)[:2] + half_m) / GRID_M), 0).astype(int)
        high = np.minimum(np.floor((np.maximum(np.maximum(a, b), c)[:2] + half_m) / GRID_M), count - 1).astype(int)
        if (high < low).any():
            continue
        x = np.arange(low[0], high[0] + 1) * GRID_M - half_m
        y = (np.arange(low[1], high[1] + 1) * GRID_M - half_m)[:, None]
        u = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        v = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        inside = (u >= 0) & (v >= 0) & (u + v <= 1)
        z = np.where(inside, a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]), -np.inf)
        place = np.s_[low[1] : high[1] + 1, low[0] : high[0] + 1]
        depth[place] = np.maximum(depth[place], z)
    return depth


@cache
def eyeball_depth(yaw_deg: float, pitch_deg: float, azimuth: float, elevation: float) -> np.ndarray:
    """Depth of the left eyeball with its cornea, turned."""
    centre = avatar().rest_origins()["LeftEye"]
    turn = view(azimuth, elevation) @ matrix_from_ypr(np.radians([yaw_deg, pitch_deg]))
    maps = []
    for material in ("eye", "cornea"):
        piece = avatar().piece(material)
        left = piece.triangles[(piece.positions[piece.triangles][:, :, 0] > 0).all(axis=1)]
        maps.append(depth_map((piece.positions - centre) @ turn.T, left))
    return np.maximum(*maps)


def lid_depths(weights: dict[str, float], azimuth: float, elevation: float) -> tuple[np.ndarray, np.ndarray]:
    """Depth of all skin around the left eye, and of the lids' outer skin alone."""
    skin = avatar().piece("skin")
    points = (Avatar.morphed(skin, weights) - avatar().rest_origins()["LeftEye"]) @ view(azimuth, elevation).T
    everything, lids = lid_zone()
    return depth_map(points, everything), depth_map(points, lids, front_only=True)


@pytest.mark.parametrize("azimuth_elevation", VIEWS_DEG)
def test_no_eyeball_pierces_a_lid_over_the_whole_gaze_range(azimuth_elevation: tuple[float, float], look: str):
    azimuth, elevation = azimuth_elevation
    step = 1 if look == DEFAULT_LOOK else 2  # the eyes are the same in all looks
    seen_open = 0
    for pitch in PITCH_DEG[::step]:
        for blink in BLINK[::step]:
            skin, lids = lid_depths(eye_weights(blink, pitch), azimuth, elevation)
            for yaw in YAW_DEG[::step]:
                eyeball = eyeball_depth(yaw, pitch, azimuth, elevation)
                covered = np.isfinite(lids)
                poking = covered & (eyeball > lids)
                assert not poking.any(), f"yaw {yaw} pitch {pitch} blink {blink}: {poking.sum()} rays"
                visible = np.isfinite(eyeball) & (eyeball > skin)
                if blink == 1.0:
                    assert not visible.any(), f"yaw {yaw} pitch {pitch}: {visible.sum()} rays reach a closed eye"
                elif blink == 0.0 and azimuth == elevation == 0:
                    seen_open += visible.sum()
                    assert visible.sum() > 150, f"yaw {yaw} pitch {pitch}: the open eye is hidden"
    assert azimuth or elevation or seen_open


def test_raw_blink_and_look_down_together_stay_outside_the_eyeball():
    """Foreign captures may set both to 1: the lid then overlaps the lower one and still pierces nothing."""
    for weights in ({"eyeBlinkLeft": 1.0, "eyeLookDownLeft": 1.0}, {"eyeBlinkLeft": 1.0, "eyeLookUpLeft": 1.0}):
        skin, lids = lid_depths(weights, 0, 0)
        for pitch in (-30, 25):
            eyeball = eyeball_depth(0, pitch, 0, 0)
            assert not (np.isfinite(lids) & (eyeball > lids)).any()
            assert not (np.isfinite(eyeball) & (eyeball > skin)).any()


def aperture_m(weights: dict[str, float]) -> float:
    """Height of the opening in the eye's middle as its margins show it, from the front; below zero they overlap."""
    skin = avatar().piece("skin")
    upper, lower = margin_vertices()
    points = Avatar.morphed(skin, weights)
    return float(points[upper, 1].mean() - points[lower, 1].mean())


@cache
def margin_vertices() -> tuple[np.ndarray, np.ndarray]:
    """Vertices of the upper and lower lid margin near the middle of the left eye: the edge of what lids hide."""
    skin = avatar().piece("skin")
    centre = avatar().rest_origins()["LeftEye"]
    offset = (skin.positions - centre) * 1000
    _, lids = lid_zone()
    chosen = np.unique(lids)
    middle = chosen[np.abs(offset[chosen, 0]) < 2.5]
    angle = np.arctan2(offset[middle, 1], offset[middle, 2])
    up, down = middle[angle > 0], middle[angle < 0]
    upper = up[np.argsort(offset[up, 1])[:5]]
    lower = down[np.argsort(-offset[down, 1])[:5]]
    return upper, lower


def test_lids_follow_gaze_by_the_rigs_own_figure():
    """eyeLookDown = 1 closes the opening by k * 30 deg, so `rig.lid_closure` is what the avatar shows."""
    rest, closed = aperture_m({}), aperture_m({"eyeBlinkLeft": 1.0})
    follow = (rest - aperture_m({"eyeLookDownLeft": 1.0})) / (rest - closed)
    shown_k = follow / rig.EYE_LOOK_UP_DOWN_RAD
    assert shown_k == pytest.approx(rig.LID_FOLLOWS_GAZE_PER_RAD, abs=0.03)
    half = (rest - aperture_m({"eyeBlinkLeft": 0.5})) / (rest - closed)
    assert half == pytest.approx(0.5, abs=0.02)


def test_the_measure_that_other_avatars_get_says_the_same_of_this_one():
    """By the opening, not by the upper lid's way: that would be .59 where the eye shows .40."""
    measured = find_rig(avatar().glb, "avatar").lid_follows_gaze_per_rad
    assert measured == pytest.approx(rig.LID_FOLLOWS_GAZE_PER_RAD, abs=0.03)


@pytest.mark.parametrize("pitch_deg", [0, -10, -20, -30, -40])
@pytest.mark.parametrize("looks", [True, False])
def test_a_blink_shuts_the_eye_at_any_gaze_and_half_of_it_what_lid_closure_says(pitch_deg: float, looks: bool):
    """With eyeLookDown, and where blinks carry the gaze alone."""
    eyes = np.full((1, 2, 2), [0.0, np.radians(pitch_deg)])
    rest, closed = aperture_m({}), aperture_m({"eyeBlinkLeft": 1.0})
    for lids in (0.0, 0.5, 1.0):
        motion = Motion(fps=25, eyes_rad=eyes, lids=np.full((1, 2), lids))
        weights = {n: float(v[0]) for n, v in morph_weights(motion, looks=looks).items()}
        shown = (rest - aperture_m(weights)) / (rest - closed)
        full_reach = max(np.radians(pitch_deg), -rig.EYE_LOOK_UP_DOWN_RAD) if looks else np.radians(pitch_deg)
        assert shown == pytest.approx(min(lids - rig.LID_FOLLOWS_GAZE_PER_RAD * full_reach, 1.0), abs=0.03)


def test_lids_once_not_twice():
    down = eye_weights(1.0, -30)
    assert down["eyeBlinkLeft"] + rig.LID_FOLLOWS_GAZE_PER_RAD * rig.EYE_LOOK_UP_DOWN_RAD * down["eyeLookDownLeft"] == (
        pytest.approx(1.0)
    )
    assert eye_weights(0.3, -30)["eyeBlinkLeft"] == pytest.approx(0.3)


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
