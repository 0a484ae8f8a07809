"""Rendered heads are told by bare skin around clear eyes."""

import numpy as np
import pytest

pytest.importorskip("cv2")

from talkingeyes.fit.iris import EyeCrop
from talkingeyes.fit.made_heads import is_made


def crops(grain, scale=1.2, count=4):
    """Crops of plain skin with so much grain; ``scale`` crop pixels per picture pixel."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:80, :80] - 39.5
    inside = (12 - np.hypot(x / 2.2, y)).astype(np.float32)
    warp = np.array([[scale, 0, 0], [0, scale, 0]], float)
    pictures = [np.clip(150 + grain * rng.normal(size=(80, 80, 3)), 0, 255).astype(np.uint8) for _ in range(count)]
    return [EyeCrop(picture, warp, inside) for picture in pictures]


def test_bare_skin_is_made_and_grained_skin_is_not():
    assert is_made(crops(grain=1.0))
    assert not is_made(crops(grain=15.0))


def test_a_small_picture_cannot_tell():
    assert not is_made(crops(grain=0.0, scale=3.0))


def test_nothing_seen_is_nobody_made():
    assert not is_made([])
