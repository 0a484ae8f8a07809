"""Heads that take a part of the gaze for their own, and how it is given back."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.fit import eye_pull, gaze
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack
from talkingeyes.fit.prior import NUM_MODES
from talkingeyes.fit.texture import far_from_eyes
from talkingeyes.fit.trackers import MESH

FPS = 25.0
EVERY = np.ones(200, bool)


def looks(seed: int, size_mm: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Irises that jump up and down, what the eyes' look says of it, and what else moves."""
    rng = np.random.default_rng(seed)
    way = np.repeat(rng.normal(size=20), 10) * size_mm
    return way, -way / 10 + rng.normal(size=200) * 0.02, rng.normal(size=(200, 2)) * 0.1


def share(way: np.ndarray, along: np.ndarray, causes: np.ndarray, look: np.ndarray) -> float:
    return eye_pull.share_along(way, along, causes, look, EVERY, FPS)


@pytest.mark.parametrize("true", [0.0, 0.2, 0.45])
def test_the_share_is_found_where_the_eyes_move(true: float) -> None:
    way, look, causes = looks(1, 1.5)
    along = true * way + causes @ [2.0, -1.0] + np.random.default_rng(2).normal(size=200) * 0.05
    assert share(way, along, causes, look) == pytest.approx(true, abs=0.05)


def test_an_error_of_the_far_skin_is_not_taken_for_a_share() -> None:
    way, look, causes = looks(3, 1.5)
    error = np.random.default_rng(4).normal(size=200) * 0.6  # in both: the irises lie against those eyeballs
    assert share(way + error, 0.2 * way + error, causes, look) == pytest.approx(0.2, abs=0.08)


def test_eyes_that_rest_or_are_hardly_seen_get_the_usual_share() -> None:
    way, look, causes = looks(5, 0.02)
    usual = share(way, np.random.default_rng(6).normal(size=200) * 0.1, causes, look)
    nothing = eye_pull.share_along(way, way, causes, look, ~EVERY, FPS)
    assert usual == pytest.approx(nothing, abs=0.03)
    assert 0.1 < nothing < 0.4


def test_freed_eyes_stay_where_the_head_has_them_and_gaze_gets_its_whole_way_whatever_the_roll() -> None:
    camera, ypr = Camera(640, 480, 32.0), np.array([[0.1, 0.0, 0.3]] * 200)
    way = np.repeat([-1.0, 1.0], 100)
    still = HeadTrack(rotations.matrix_from_ypr(ypr), np.tile([0.0, 0.0, -0.9], (200, 1)), np.zeros(NUM_MODES))
    down_m = np.stack([np.sin(ypr[:, 2]), -np.cos(ypr[:, 2]), np.zeros(200)], axis=1) * 1e-3
    iris = camera.project((still.eyes_m() + (way[:, None] * down_m)[:, None]).reshape(-1, 3)).reshape(200, 2, 2)
    pulled = HeadTrack(still.rotation, still.position_m + 0.2 * way[:, None] * down_m, still.shape)
    by_far, along = eye_pull.ways_down_mm(pulled, still, camera, iris)
    assert along == pytest.approx(0.2 * by_far, rel=0.02)
    freed = eye_pull.freed(pulled, 0.2, by_far, EVERY)
    left = gaze.iris_offsets_mm(freed, camera, iris).mean(axis=1)
    assert np.ptp(left[:, 1]) == pytest.approx(np.ptp(by_far), rel=0.02)
    assert np.ptp(left[:, 0]) < 0.02


def test_most_of_the_skin_is_away_from_the_eyes_and_none_of_it_between_the_lids() -> None:
    far, skin = far_from_eyes(MESH), MESH.prior().surface_m
    assert 0.75 * len(skin) < len(far) < len(skin)
    for eye in MESH.prior().eyes_m:
        assert np.linalg.norm(skin[far, :2] - eye[:2], axis=1).min() > 0.01
