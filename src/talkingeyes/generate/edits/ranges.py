"""Weights over a range of a track: 0 outside it to the last bit, rising and falling smoothly within it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[Any]

REACH_SAMPLES = 2
"""A sample is seen in frames up to so many samples away (Catmull-Rom), so a range keeps clear of its ends."""


def eased(share: Floats) -> Floats:
    """0 to 1, minimum jerk."""
    u = np.clip(share, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u * u)


def weights(count: int, from_s: float, to_s: float, ramp_s: float) -> Floats:
    """(count,) at `PLAN_RATE_HZ`: 0 where a change would be seen outside the range, 1 in its middle.

    Args:
        count: samples of the track.
        from_s: start of the range; at or before 0: it begins at full weight.
        to_s: its end; at or after the track's: it ends at full weight.
        ramp_s: how long it rises and falls; less where the range is too short for it.
    """
    first = 0 if from_s <= 0 else int(np.ceil(from_s * PLAN_RATE_HZ - 1e-9)) + REACH_SAMPLES
    last = count if to_s * PLAN_RATE_HZ >= count - 1 else int(np.floor(to_s * PLAN_RATE_HZ + 1e-9)) - REACH_SAMPLES + 1
    out = np.zeros(count)
    length = last - first
    if length <= 0:
        return out
    ramp = min(max(ramp_s * PLAN_RATE_HZ, 1.0), length / 2)
    at = np.arange(length) + 0.5
    up = np.ones(length) if from_s <= 0 else eased(at / ramp)
    down = np.ones(length) if last == count else eased((length - at) / ramp)
    out[first:last] = np.minimum(up, down)
    return out
