"""Which way up a film is: telephones lie on their side without saying so, and a tracker follows such faces wrongly."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.landmarks import FaceFinder

Image = NDArray[np.uint8]

_CLEAR = 0.88
"""A film whose faces are this sure and upright is left as it is; upright faces measured 0.91-0.98, others 0-0.80."""
_SURE = 0.7
_MARGIN = 0.12
"""How much better another turn must be, so that a tilted head is not turned for a film that lies."""


def quarter_turns(images: Sequence[Image], finder: FaceFinder) -> int:
    """Quarter turns counter-clockwise (`numpy.rot90`) that bring the faces of a few pictures upright; 0 where unsure.

    Args:
        images: (H, W, 3) RGB pictures of one film.
        finder: looks for faces.
    """
    if not images:
        return 0
    as_it_is = _uprightness(images, 0, finder)
    if as_it_is >= _CLEAR:
        return 0
    value, best = max((_uprightness(images, turns, finder), turns) for turns in (1, 2, 3))
    return best if value >= _SURE and value >= as_it_is + _MARGIN else 0


def turned(image: Image, turns: int) -> Image:
    """The picture after quarter turns counter-clockwise."""
    return np.ascontiguousarray(np.rot90(image, turns)) if turns % 4 else image


def _uprightness(images: Sequence[Image], turns: int, finder: FaceFinder) -> float:
    """0..1, over the pictures with a face: how sure the finder is of the best face, times how upright that stands."""
    found = [
        max(face.score * max(0.0, math.cos(face.roll_rad)) for face in faces)
        for image in images
        if (faces := finder.faces(turned(image, turns)))
    ]
    return sum(found) / len(found) if 2 * len(found) >= min(len(images), 4) else 0.0
