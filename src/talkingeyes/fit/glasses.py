"""Does the person wear glasses? Rims are lines that lie still on a face: over the nose, and on the smooth cheek.

The pictures that a person is learned from are laid over each other by the corners of the eyes, so that lids, irises and
noise go and what lies still stays. Then lines across are looked for: on the bridge of the nose, where faces have none
between the brows and the tip, and under both eyes, where a rim is darker and sharper than a crease.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_WIDE, _TALL = 144, 96
_ACROSS, _LEVEL = 0.6, 0.4
"""Share of the width between the outer corners of the eyes, and how far down they lie."""
_BRIDGE_LINE, _UNDER_LINE = 0.12, 0.18
"""Weakest line of a rim, in natural logarithms of brightness. On the bridge 12 of 13 clips of real people with glasses
have .157 and more (a man in profile .06), 150 without .08 and less; under the eyes those without have .15 and less,
rendered people with rims but no bridge .22 and more (5 of 6), without .09 and less."""
_REACH = 2
_DARKEST = 8.0
_SURE_SHARE, _CLEAR_SIGMA, _LOST_SIGMA = 0.6, 0.02, 0.1
"""Behind glasses gaze is off twice as far (rendered people, 1.2 to 4.3 deg): so much is trusted at most, and the less
the more the network doubts: .02 where rendered irises are clear, .035 to .04 under a rim; .03 to .045 on real faces."""


def upper_face(image: NDArray[np.uint8], points_px: Array) -> NDArray[np.uint8]:
    """(96, 144, 3) the part around the eyes of one picture, the corners of the eyes in their places."""
    import cv2

    right, left = points_px[33].astype(float) - 0.5, points_px[263].astype(float) - 0.5
    along = (left - right) / (_ACROSS * _WIDE)
    down = np.array([-along[1], along[0]])
    start = (left + right) / 2 - along * _WIDE / 2 - down * _TALL * _LEVEL
    shrink = round(float(np.linalg.norm(along)))
    reach = float(np.linalg.norm(along)) * _WIDE
    middle = (left + right) / 2
    low = np.maximum((middle - reach).astype(int), 0)
    high = np.maximum((middle + reach).astype(int) + 1, 1)
    part = image[low[1] : high[1], low[0] : high[0]]
    if min(part.shape[:2]) < 2:
        return np.zeros((_TALL, _WIDE, 3), np.uint8)
    warp = np.stack([along, down, start - low], axis=1)
    smooth = cv2.blur(part, (shrink, shrink)) if shrink > 1 else part
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(smooth, warp, (_WIDE, _TALL), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, np.uint8)


def wears_glasses(faces: Sequence[NDArray[np.uint8]]) -> bool:
    """Whether rims lie still in pictures from `upper_face` of one person, a dozen or more."""
    if not faces:
        return False
    bridge, under = rim_lines(faces)
    return bridge > _BRIDGE_LINE or under > _UNDER_LINE


def rim_lines(faces: Sequence[NDArray[np.uint8]]) -> tuple[float, float]:
    """How strong the lines across are over the nose, and under the eye that has the weaker one."""
    import cv2

    total = np.zeros((_TALL, _WIDE, 3), np.float32)
    for face in faces:
        cv2.accumulate(face, total)
    still = cv2.GaussianBlur(np.log(total.mean(axis=-1) / len(faces) + np.float32(_DARKEST)), (0, 0), 1.0)
    line = np.zeros_like(still)
    line[_REACH:-_REACH] = still[: -2 * _REACH] - 2 * still[_REACH:-_REACH] + still[2 * _REACH :]
    across, level = _ACROSS * _WIDE, _LEVEL * _TALL
    nose = line[int(level - 0.22 * across) : int(level + 0.14 * across), _WIDE // 2 - 7 : _WIDE // 2 + 8]
    cheek = line[int(level + 0.13 * across) : int(level + 0.42 * across)]
    outer = int((_WIDE - across) / 2) - 4
    wide = int(0.4 * across) + 4
    sides = cheek[:, outer : outer + wide], cheek[:, _WIDE - outer - wide : _WIDE - outer]
    return float(np.median(np.abs(nose).max(axis=0))), min(float(np.median(side.max(axis=0))) for side in sides)


def sureness(sigma: Array, worn: bool) -> Array:
    """0..1 how much of the confidence in each eye is left behind glasses, by how unsure the network is (radii)."""
    if not worn:
        return np.ones_like(sigma)
    return _SURE_SHARE * np.clip((_LOST_SIGMA - sigma) / (_LOST_SIGMA - _CLEAR_SIGMA), 0, 1)
