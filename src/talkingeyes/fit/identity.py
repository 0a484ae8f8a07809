"""Who is who among the faces of one film: what a face looks like, and which stretches show one person.

A face is followed from picture to picture by its place (`talkingeyes.fit.faces`). Where it was lost, or two faces came
near each other, place alone takes one for another; so stretches are told apart by what the face looks like and joined
again, the likest first, never two faces of one picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_WIDE, _TALL = 16, 14
_CORNERS = [33, 263, 2]
"""Outer corners of the eyes, and under the nose: they are put where `_PLACES` says, which takes turning out."""
_PLACES = np.array([[0.05, 0.33], [0.95, 0.33], [0.5, 0.914]], np.float32) * np.array([_WIDE, _TALL], np.float32) - 0.5
"""Nothing but brows, eyes, nose and cheeks: hair, mouth and what is behind a turned head change."""
_GREY = np.full(3, 1 / 3, np.float32)
_LEAST_CONTRAST, _LEAST_LEVEL, _COLOUR_WEIGHT = 4.0, 5.0, 2.0
SAME_LOOK = 0.15
"""The two likest pictures of a fifth of a clip and of what comes more than a twentieth later or earlier: .014 in the
median over 57 clips, 95 % below .09, all below .21, heads that turn included; of two people: .57, 1 % below .2, 2 %
below .24. Any two pictures of one clip: .04, 99 % below .39."""
_OTHER_LOOKS = ((8, 0.24), (3, 0.36), (0, np.inf))
"""What is farther is another person, where both were looked at so many times: single pictures prove nothing."""
_MOST_LOOKS = 48
_NEAR_GAP_PICTURES, _NEAR_SHARE = 75, 0.6
"""A face that comes back within so many pictures and so much of its width was the same."""


@dataclass(frozen=True)
class Look:
    """What a face looks like in one picture.

    Attributes:
        grey: (224,) pattern of brightness.
        tint: (3,) colour.
    """

    grey: Array
    tint: Array

    def unlike(self, other: Look) -> float:
        """How different two looks are: 0 alike, 1 nothing in common."""
        return float(_unlike([self], [other])[0, 0])

    def fading_into(self, now: Look, share: float = 0.3) -> Look:
        """The look of late: what was longer ago counts less."""
        return Look((1 - share) * self.grey + share * now.grey, (1 - share) * self.tint + share * now.tint)


def _unlike(a: list[Look], b: list[Look]) -> Array:
    """(A, B) how different the looks are."""
    greys = [np.array([look.grey for look in looks]) for looks in (a, b)]
    greys = [grey / np.maximum(np.linalg.norm(grey, axis=1, keepdims=True), 1e-9) for grey in greys]
    tints = [np.array([look.tint for look in looks]) for looks in (a, b)]
    apart = np.linalg.norm(tints[0][:, None] - tints[1], axis=-1)
    return 1 - greys[0] @ greys[1].T + _COLOUR_WEIGHT * apart


def look_of(image: NDArray[np.uint8], points_px: Array) -> Look | None:
    """The look of one face (478, 2) in one (H, W, 3) picture; None where it lies beyond the picture."""
    import cv2

    corners = points_px[_CORNERS].astype(np.float32) - np.float32(0.5)
    middle, reach = corners.mean(axis=0), float(np.abs(corners[1] - corners[0]).sum())
    low = np.maximum(middle - reach, 0).astype(int)
    high = np.maximum(middle + reach + 1, 1).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    if min(part.shape[:2]) < 2:
        return None
    warp = cv2.getAffineTransform(corners - low.astype(np.float32), _PLACES)
    coarse = max(1, round(float(np.linalg.norm(corners[1] - corners[0])) / (0.9 * _WIDE)))
    small = cv2.warpAffine(cv2.blur(part, (coarse, coarse)), warp, (_WIDE, _TALL), borderMode=cv2.BORDER_REPLICATE)
    pixels = small.reshape(-1, 3).astype(np.float32)
    grey = pixels @ _GREY
    grey -= grey.mean()
    tint = np.log(pixels.mean(axis=0) + _LEAST_LEVEL)
    return Look(grey / max(float(np.sqrt(grey @ grey / len(grey))), _LEAST_CONTRAST), tint - tint.mean())


@dataclass
class Stretch:
    """A face that was followed without doubt.

    Attributes:
        pictures: in which it was seen, in order.
        middles_px: (2,) its middle in each.
        width_px: of the face, usual.
        looks: what it looks like, now and then; empty where no pictures were at hand.
    """

    pictures: list[int]
    middles_px: list[Array]
    width_px: float
    looks: list[Look]


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
    unlike = float(_unlike(a.looks, b.looks).min()) if a.looks and b.looks else SAME_LOOK
    if unlike < SAME_LOOK:
        return unlike
    looks = min(len(a.looks), len(b.looks))
    if unlike > next(most for least, most in _OTHER_LOOKS if looks >= least) or not _comes_back(a, b, cuts):
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
    looks = [*a.looks, *b.looks]
    some = looks[:: -(-len(looks) // _MOST_LOOKS)] if looks else []
    return Stretch([pictures[i] for i in order], [middles[i] for i in order], b.width_px, some)
