"""The built-in avatar's lids: they follow the gaze by one figure, and no eyeball ever pierces them."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.avatar.looks import DEFAULT_LOOK
from talkingeyes.avatar.pose import morph_weights
from talkingeyes.avatar.rig import find_rig
from talkingeyes.motion import Motion
from talkingeyes.rotations import matrix_from_ypr
from tests.avatar.shown import avatar, remembered
from tests.avatar_pose import Avatar

GRID_M = 0.0005
YAW_DEG, PITCH_DEG = (-35, -17.5, 0, 17.5, 35), (-30, -20, -10, 0, 12.5, 25)
BLINK = (0.0, 0.25, 0.5, 0.75, 1.0)
VIEWS_DEG = ((0, 0), (35, 0), (-35, 0), (0, 18), (0, -18))
"""Directions (azimuth, elevation) that the rays come from."""


def eye_weights(blink: float, pitch_deg: float, yaw_deg: float = 0.0) -> dict[str, float]:
    """The weights that every exporter sets."""
    eyes = np.radians([[[yaw_deg, pitch_deg]] * 2])
    table = morph_weights(Motion(fps=25, eyes_rad=eyes, lids=np.array([[blink, blink]])))
    return {n: float(v[0]) for n, v in table.items() if n.endswith("Left")}


@remembered
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


@remembered
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


@remembered
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
