"""Rims of glasses: found where they lie still, not where faces have lines."""

import numpy as np
import pytest

from talkingeyes.fit import glasses
from talkingeyes.fit.prior import head_prior

pytest.importorskip("cv2")
SIZE = 240


def points():
    flat = head_prior().landmarks_m[:, :2] * [1, -1]
    return (flat - flat.mean(axis=0)) / np.ptp(flat[:, 0]) * SIZE * 0.7 + SIZE / 2


def faces(rims=False, bridge=False, crease=False, count=12, seed=0):
    """Plain skin with eyes, seen a little elsewhere in every picture; perhaps rims, a bridge, soft creases."""
    import cv2

    rng = np.random.default_rng(seed)
    at = points()
    out = []
    for _ in range(count):
        image = np.full((SIZE, SIZE, 3), 150, np.uint8)
        corners = at[[33, 263]]
        wide = float(np.linalg.norm(corners[1] - corners[0]))
        for eye, way in ((corners[0], 1), (corners[1], -1)):
            middle = eye + np.array([way * 0.16 * wide, 0])
            cv2.circle(image, tuple(int(v) for v in middle), 4, (30, 30, 30), -1)
            if rims:
                box = (middle, (0.42 * wide, 0.44 * wide), 0)
                cv2.ellipse(image, box, (60, 60, 60), 2)
            if crease:
                cv2.ellipse(
                    image, (middle + np.array([0, 0.1 * wide]), (0.3 * wide, 0.2 * wide), 0), (140, 140, 140), 3
                )
        if bridge:
            a, b = (at[168] + np.array([side * 0.12 * wide, 2]) for side in (-1, 1))
            cv2.line(image, tuple(a.astype(int).tolist()), tuple(b.astype(int).tolist()), (60, 60, 60), 2)
        image = cv2.GaussianBlur(image, (0, 0), 2 if crease else 0.7)
        move = rng.integers(-8, 9, 2)
        noisy = np.roll(image, move, axis=(1, 0)) + rng.normal(0, 6, image.shape)
        out.append(glasses.upper_face(noisy.clip(0, 255).astype(np.uint8), at + move))
    return out


def test_plain_faces_and_creases_are_no_glasses():
    assert not glasses.wears_glasses(faces())
    assert not glasses.wears_glasses(faces(crease=True))
    assert not glasses.wears_glasses([])


@pytest.mark.parametrize("rim", [{"rims": True}, {"bridge": True}])
def test_rims_and_bridges_are(rim):
    assert glasses.wears_glasses(faces(**rim))


def test_a_face_beyond_the_picture_is_empty():
    assert not glasses.upper_face(np.full((50, 50, 3), 90, np.uint8), points() + 5000).any()


def test_confidence_falls_behind_glasses_the_more_the_more_is_doubted():
    sigma = np.array([[0.02, 0.04], [0.06, 0.2]])
    assert (glasses.sureness(sigma, worn=False) == 1).all()
    left = glasses.sureness(sigma, worn=True).ravel()
    assert (np.diff(left) < 0).all() and left[0] == pytest.approx(0.6) and left[-1] == 0
