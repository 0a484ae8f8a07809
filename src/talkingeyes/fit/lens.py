"""The camera's field of view, where nobody says: from how large the face is, and where people stand who talk to one.

That a face filmed from close by has a large nose and small ears does not help: MediaPipe's landmarks have a face of
their own in mind. Heads rendered with 18 to 50 degrees, .27 to 1.1 m away, all fitted best with 15 to 28 (r of the
logarithms .07, docs/log.md). So two habits decide together: people talk at half a metre to two and a half, and lenses
are rarely wider or narrower than those of webcams and portraits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FACE_WIDTH_M = 0.145
"""Between the outermost landmarks of a face seen from the front."""
USUAL_DISTANCE_M, _DISTANCE_SPREAD = 1.0, 0.40
"""Middle and spread (of the logarithm) of how far people are who talk: 95 % within .45 to 2.2 m."""
USUAL_FOV_DEG, _FOV_SPREAD = 32.0, 0.45
"""The same of fields of view, up and down: 95 % within 13 to 77 degrees; crops of larger pictures are narrow."""
_NARROWEST_DEG, _WIDEST_DEG = 5.0, 120.0
_LEAST_DISTANCE_M, _MOST_DISTANCE_M = 0.5, 2.5


@dataclass(frozen=True)
class LensGuess:
    """A field of view.

    Attributes:
        fov_deg: vertical.
        spread: standard deviation of its logarithm, and of the distance's: .3 is 30 %.
    """

    fov_deg: float
    spread: float


def guess_lens(landmarks_px: Array, height_px: int) -> LensGuess:
    """What field of view a film of one person probably has.

    Args:
        landmarks_px: (M, 478, 2).
        height_px: of the pictures.
    """
    face_px = float(np.percentile(np.ptp(landmarks_px[..., 0], axis=1), 75))  # turned faces are narrow
    grid = np.linspace(math.log(_NARROWEST_DEG), math.log(_WIDEST_DEG), 400)
    distance_m = FACE_WIDTH_M * height_px / 2 / face_px / np.tan(np.radians(np.exp(grid)) / 2)
    far = np.log(distance_m / USUAL_DISTANCE_M) / _DISTANCE_SPREAD
    wide = (grid - math.log(USUAL_FOV_DEG)) / _FOV_SPREAD
    likely = np.exp(-0.5 * (far**2 + wide**2))
    likely *= (distance_m >= _LEAST_DISTANCE_M) & (distance_m <= _MOST_DISTANCE_M)
    if not likely.any():  # a speck, or a face that is larger than the picture
        nearest = int(np.argmin(np.abs(np.log(distance_m / USUAL_DISTANCE_M))))
        return LensGuess(round(float(np.exp(grid[nearest])), 2), _FOV_SPREAD)
    likely /= likely.sum()
    mean = float(likely @ grid)
    return LensGuess(round(math.exp(mean), 2), round(float(np.sqrt(likely @ (grid - mean) ** 2)), 3))
