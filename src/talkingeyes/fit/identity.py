"""Who is who among the faces of one film: what a face looks like, and which stretches show one person.

A face is followed from picture to picture by its place (`talkingeyes.fit.faces`). Where it was lost, or two faces came
near each other, place alone takes one for another; so stretches are told apart by what the face looks like and joined
again, the likest first, never two faces of one picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_SIDE = 24
_CORNERS = (33, 263, 2)
"""Outer corners of the eyes, and under the nose: they are put where `_PLACES` says, which takes turning out."""
_PLACES = np.array([[0.26, 0.40], [0.74, 0.40], [0.5, 0.72]], np.float32) * _SIDE - np.float32(0.5)
_LEAST_CONTRAST, _LEAST_LEVEL, _COLOUR_WEIGHT = 5.0, 5.0, 2.0
SAME_LOOK = 0.3
"""Means over the halves of 57 clips of one person differ by .05 in the median, 95 % below .18, all below .3; of two
people by .9 in the median, 1 % below .32. One picture and another of the same clip: .12, 99 % below .78."""
OTHER_LOOK, _HASTY_OTHER_LOOK = 0.5, 0.8
"""What is farther is another person: where both were looked at `_ENOUGH_LOOKS` times, and where not."""
_ENOUGH_LOOKS = 8
_NEAR_GAP_PICTURES, _NEAR_SHARE = 75, 0.6
"""A face that comes back within so many pictures and so much of its width was the same."""


@dataclass
class Look:
    """What a face looks like: the mean over pictures.

    Attributes:
        grey: (576,) pattern of brightness, sum over pictures.
        colour: (3,) tint, sum over pictures.
        count: pictures.
    """

    grey: Array = field(default_factory=lambda: np.zeros(_SIDE * _SIDE))
    colour: Array = field(default_factory=lambda: np.zeros(3))
    count: int = 0

    def __add__(self, other: Look) -> Look:
        return Look(self.grey + other.grey, self.colour + other.colour, self.count + other.count)

    def unlike(self, other: Look) -> float:
        """How different two looks are: 0 alike, 1 nothing in common."""
        length = float(np.linalg.norm(self.grey) * np.linalg.norm(other.grey))
        tint = self.colour / max(self.count, 1) - other.colour / max(other.count, 1)
        return 1 - float(self.grey @ other.grey) / max(length, 1e-9) + _COLOUR_WEIGHT * float(np.linalg.norm(tint))


def look_of(image: NDArray[np.uint8], points_px: Array) -> Look:
    """The look of one face (478, 2) in one (H, W, 3) picture."""
    import cv2

    corners = points_px[list(_CORNERS)].astype(np.float32) - np.float32(0.5)
    low = np.maximum(points_px.min(axis=0).astype(int) - 8, 0)
    high = points_px.max(axis=0).astype(int) + 9
    part = image[low[1] : max(high[1], 1), low[0] : max(high[0], 1)]
    if min(part.shape[:2]) < 2:
        return Look()
    warp = cv2.getAffineTransform(corners - low.astype(np.float32), _PLACES)
    coarse = max(1, round(float(np.linalg.norm(corners[1] - corners[0])) / (0.48 * _SIDE)))
    small = cv2.warpAffine(cv2.blur(part, (coarse, coarse)), warp, (_SIDE, _SIDE), borderMode=cv2.BORDER_REPLICATE)
    pixels = np.asarray(small, float).reshape(-1, 3)
    grey = pixels.mean(axis=1)
    tint = np.log(pixels.mean(axis=0) + _LEAST_LEVEL)
    return Look((grey - grey.mean()) / max(float(grey.std()), _LEAST_CONTRAST), tint - tint.mean(), 1)


@dataclass
class Stretch:
    """A face that was followed without doubt.

    Attributes:
        pictures: in which it was seen, in order.
        middles_px: (2,) its middle in each.
        width_px: of the face, usual.
        look: what it looks like; empty where no pictures were at hand.
    """

    pictures: list[int]
    middles_px: list[Array]
    width_px: float
    look: Look


def sorted_out(stretches: list[Stretch], cuts: Iterable[int]) -> list[list[int]]:
    """Which stretches show one person: indices, persons in the order in which they come.

    Args:
        stretches: in the order in which they begin.
        cuts: first pictures after each cut: places say nothing over them.
    """
    groups = {i: [i] for i in range(len(stretches))}
    whole = dict(enumerate(stretches))
    shots = np.array(sorted(cuts), int)
    costs = {
        (a, b): _cost(whole[a], whole[b], shots) for a in range(len(stretches)) for b in range(a + 1, len(stretches))
    }
    while costs:
        (a, b), least = min(costs.items(), key=lambda item: item[1])
        if not np.isfinite(least):
            break
        groups[a] += groups.pop(b)
        whole[a] = _together(whole[a], whole.pop(b))
        costs = {pair: cost for pair, cost in costs.items() if b not in pair}
        for other in groups:
            if other != a:
                pair = (min(a, other), max(a, other))
                costs[pair] = _cost(whole[pair[0]], whole[pair[1]], shots)
    return [sorted(groups[i]) for i in sorted(groups)]


def _cost(a: Stretch, b: Stretch, cuts: NDArray[np.int64]) -> float:
    """How much speaks against the later beginning ``b`` being the same face as ``a``; infinite where it cannot be."""
    if not set(a.pictures).isdisjoint(b.pictures):
        return np.inf
    known = a.look.count > 0 and b.look.count > 0
    unlike = a.look.unlike(b.look) if known else SAME_LOOK
    if known and unlike < SAME_LOOK:
        return unlike
    hasty = min(a.look.count, b.look.count) < _ENOUGH_LOOKS
    if unlike > (_HASTY_OTHER_LOOK if hasty else OTHER_LOOK) or not _comes_back(a, b, cuts):
        return np.inf
    return 1 + unlike


def _comes_back(a: Stretch, b: Stretch, cuts: NDArray[np.int64]) -> bool:
    """Whether ``b`` begins soon after and near where ``a`` was last seen, in the same shot."""
    before = int(np.searchsorted(a.pictures, b.pictures[0])) - 1
    if before < 0:
        return False
    last, first = a.pictures[before], b.pictures[0]
    if first - last > _NEAR_GAP_PICTURES or ((cuts > last) & (cuts <= first)).any():
        return False
    return float(np.linalg.norm(b.middles_px[0] - a.middles_px[before])) < _NEAR_SHARE * b.width_px


def _together(a: Stretch, b: Stretch) -> Stretch:
    order = np.argsort([*a.pictures, *b.pictures], kind="stable")
    pictures, middles = [*a.pictures, *b.pictures], [*a.middles_px, *b.middles_px]
    return Stretch([pictures[i] for i in order], [middles[i] for i in order], b.width_px, a.look + b.look)
