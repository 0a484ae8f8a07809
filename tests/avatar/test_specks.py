"""The built-in avatar from many sides: no single dark pixels on its skin, and three people that differ in shape."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.looks import LOOKS
from talkingeyes.preview.painter import Painter
from talkingeyes.preview.scene import Scene
from tests.avatar.shown import avatar

SIDE_PX = 120
AZIMUTHS_DEG = (0, 35, 70, 110, 180, -110, -70, -35)
"""Eight views of each of three looks."""
POSES = ({}, {"mouthLeft": 0.2}, {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8}, {"mouthRight": 0.2, "jawOpen": 0.1})
AROUND = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)]


def specks(picture: np.ndarray) -> int:
    """Pixels less than half as bright as all around them, where what is around them is of one brightness."""
    grey = picture.astype(float).mean(axis=2) + 1.0
    inner = grey[1:-1, 1:-1]
    near = np.array([grey[1 + y : grey.shape[0] - 1 + y, 1 + x : grey.shape[1] - 1 + x] for y, x in AROUND])
    return int(((inner < 0.5 * near.min(axis=0)) & (near.min(axis=0) > 0.75 * near.max(axis=0))).sum())


def test_a_speck_is_counted():
    picture = np.full((9, 9, 3), 200, np.uint8)
    assert specks(picture) == 0
    picture[4, 4] = 60
    assert specks(picture) == 1


def test_no_dark_specks_from_any_side(look: str):
    glb, found = open_avatar(None, look=look)
    scene = Scene.of(glb, found, look)
    face = next(i for i, node in enumerate(glb.document["nodes"]) if node.get("name") == "Face")
    counts = {}
    for number, azimuth in enumerate(AZIMUTHS_DEG):
        painter = Painter(scene, (SIDE_PX, SIDE_PX), azimuth_rad=np.radians(azimuth), closeness=1.2)
        pose = POSES[number % len(POSES)]
        weights = np.array([pose.get(name, 0.0) for name in rig.ARKIT_NAMES])
        counts[azimuth] = specks(painter.picture({}, {face: weights}))
    assert sum(counts.values()) <= 1, counts  # one is the tip of a loose hair against the background


@pytest.mark.parametrize("other", LOOKS)
def test_looks_differ_in_shape_not_only_in_colour(look: str, other: str):
    """Width of the head, of the mouth and of the jaw, place of chin and nose: two of five differ by 2 mm or more."""
    if look == other:
        pytest.skip("the same person")
    glb, _ = open_avatar(None, look=other)
    theirs, ours = measures(type(avatar())(glb.to_bytes())), measures(avatar())
    assert (np.abs(theirs - ours) > 0.002).sum() >= 2, (ours, theirs)


def measures(shown) -> np.ndarray:
    """(5,) metres: widths at the cheekbones and the jaw, chin's height and front, tip of the nose."""
    p = shown.piece("skin").positions
    front = p[p[:, 2] > -0.05]
    cheek, jaw = (2 * front[np.abs(front[:, 1] - y) < 0.006, 0].max() for y in (-0.02, -0.085))
    middle = front[np.abs(front[:, 0]) < 0.004]
    chin = middle[(middle[:, 1] < -0.085) & (middle[:, 1] > -0.12)]
    nose = middle[(middle[:, 1] < -0.02) & (middle[:, 1] > -0.05), 2].max()
    return np.array([cheek, jaw, chin[:, 1].mean(), chin[:, 2].max(), nose])
