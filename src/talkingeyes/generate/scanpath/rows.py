"""A look as a row of the scan-path network, the same for eye-tracked people and for generated ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.scanpath.conditions import DEGREES, LOOK, squashed, width_of
from talkingeyes.generate.scanpath.scene import Scene

Array = NDArray[Any]

AVERTED_DEG = 8.0
SHORTEST_S = 0.02


def look_row(
    scene: Scene, gaze_deg: Array, before_deg: Array, dwell_before_s: float, lost_s: float, since_s: float, now_s: float
) -> Array:
    """(width of `conditions.LOOK`,) what is known as a look begins.

    Args:
        scene: after the gaze has landed.
        gaze_deg: (2,) where it is, off the partner.
        before_deg: (2,) where it was.
        dwell_before_s: how long.
        lost_s: time without sight between the two; the saccade's own where nothing was lost.
        since_s: time since it left or joined the partner.
        now_s: when it landed.
    """
    row = np.empty(width_of(LOOK), np.float32)
    row[0:2] = squashed(gaze_deg)
    row[2:4] = squashed(gaze_deg - before_deg)
    row[4] = np.log(max(dwell_before_s, SHORTEST_S))
    row[5] = np.log1p(lost_s)
    row[6] = np.hypot(*gaze_deg) / DEGREES
    row[7] = np.log1p(max(since_s, 0.0)) / 2
    row[8:] = scene.conditions(gaze_deg, now_s)[scene.here]
    return row
