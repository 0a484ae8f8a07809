"""The network that says where an iris is, on eyes drawn with known places."""

import numpy as np
import pytest

from talkingeyes.fit.iris_net import CROP_RADIUS_PX, look

cv2 = pytest.importorskip("cv2")
SIDE = 80


def drawn_eye(right=0.0, down=0.0, top=-11.0, bottom=10.0):
    """A left eye: skin, almond of white, brown iris of 13.5 px about (right, down) from the middle, pupil, blur."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) - 39.5
    across = 1 - (x / 33) ** 2
    inside = (across > 0) & (y > top * across) & (y < bottom * across)
    away = np.hypot(x - right, y - down)
    eye = np.where(away[..., None] < 13.5, (84, 53, 34), (214, 205, 198))
    eye = np.where(away[..., None] < 5, (18, 14, 12), eye)
    picture = np.where(inside[..., None], eye, (190, 148, 122)).astype(np.uint8)
    edge = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    picture[edge & (y < 0)] = (70, 48, 40)
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def test_the_place_follows_the_iris_and_not_the_lids():
    ups = np.array([-5.0, -2.5, 0.0, 2.5, 5.0])
    found = look([drawn_eye(down=v) for v in ups], [False] * 5).centre[:, 1] * CROP_RADIUS_PX
    assert 0.7 < np.polyfit(ups, found, 1)[0] < 1.3


def test_the_place_across_follows_the_iris():
    rights = np.array([-8.0, -4.0, 0.0, 4.0, 8.0])
    found = look([drawn_eye(right=v) for v in rights], [False] * 5).centre[:, 0] * CROP_RADIUS_PX
    assert 0.85 < np.polyfit(rights, found, 1)[0] < 1.15
    assert np.abs(found - rights).max() < 2


def test_a_mirrored_eye_is_the_other_one():
    eyes = [drawn_eye(right=5.0, down=2.0), drawn_eye(right=-3.0, down=-2.0)]
    left = look(eyes, [False, False])
    right = look([np.ascontiguousarray(eye[:, ::-1]) for eye in eyes], [True, True])
    assert np.allclose(left.centre * [-1, 1], right.centre, atol=1e-5)
    assert np.allclose(left.sigma, right.sigma, atol=1e-5)
    assert np.allclose(left.toward_rad * [-1, 1], right.toward_rad, atol=1e-5)


def test_an_eye_turned_aside_looks_so_whatever_the_crop():
    turned = look([drawn_eye(right=v) for v in (-8.0, 0.0, 8.0)], [False] * 3).toward_rad[:, 0]
    assert turned[0] < turned[1] < turned[2]
    shifted = look([np.roll(drawn_eye(right=6.0), 3, axis=1), drawn_eye(right=6.0)], [False] * 2)
    assert np.degrees(np.abs(np.diff(shifted.toward_rad[:, 0]))) < 3
    assert np.diff(shifted.centre[:, 0]) * CROP_RADIUS_PX == pytest.approx(-3, abs=1)


def test_eyes_looked_at_together_or_alone_are_the_same():
    eyes = [drawn_eye(right=v) for v in (-4.0, 0.0, 4.0)]
    together = look(eyes, [False, True, False])
    for i, mirrored in enumerate([False, True, False]):
        assert np.allclose(look([eyes[i]], [mirrored]).centre, together.at([i]).centre, atol=1e-5)


def test_a_blurred_eye_is_less_sure():
    clear = drawn_eye()
    smeared = cv2.GaussianBlur(clear, (0, 0), 7)
    sigma = look([clear, smeared], [False, False]).sigma
    assert (sigma[1] > sigma[0]).all()
