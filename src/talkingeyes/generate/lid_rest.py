"""How the lids rest between blinks: a level of each eye's own that drifts slowly and trembles a little.

A function of a seed and of time alone, so that any part of it can be had at any time and in any steps.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[np.float64]

DRIFTS_S = (3.0, 17.0)
"""Two waves of knots, that far apart: lids follow attention within seconds and tire within a quarter of a minute."""
TREMBLE_S = 0.25
TREMBLE = 0.15
"""SD of the tremble, share of the drift's."""
APART = 0.25
"""SD of what each lid does alone, share of the drift's: lids recorded at 120 Hz go together at r .9 to .98."""
AT_ONCE = 100
"""Frames that `LidRest` makes at once."""
WIDEST = 0.004
"""So that curves between the samples do not fall below 0."""


def lids_at_rest(seed: int, frames: NDArray[np.int64], level: tuple[float, float], spread: float) -> Floats:
    """Closure between blinks.

    Args:
        seed: of the drift.
        frames: (T,) frame numbers at `PLAN_RATE_HZ`.
        level: mean closure of the left and right lid.
        spread: SD of the drift that both share.

    Returns:
        (T, 2), `WIDEST` and above.
    """
    at_s = frames / PLAN_RATE_HZ
    drift = sum(_wave(seed, i, at_s / knot_s) for i, knot_s in enumerate(DRIFTS_S)) / np.sqrt(len(DRIFTS_S))
    tremble = TREMBLE * _wave(seed, len(DRIFTS_S), at_s / TREMBLE_S)
    common = drift[:, :1] + tremble[:, :1]
    return np.maximum(np.array(level) + spread * (common + APART * (drift[:, 1:] + tremble[:, 1:])), WIDEST)


class LidRest:
    """`lids_at_rest` of one voice's steps in order: made for seconds at once, which costs as little as for a step."""

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], Floats] | None = None

    def rows(self, seed: int, first: int, count: int, level: tuple[float, float], spread: float) -> Floats:
        """(count, 2) of the frames from ``first`` on; ``count`` divides `AT_ONCE` and ``first``."""
        block, at = divmod(first, AT_ONCE)
        key = (seed, block, level, spread)
        if self._made is None or self._made[0] != key:
            frames = block * AT_ONCE + np.arange(AT_ONCE)
            self._made = key, lids_at_rest(seed, frames, level, spread)
        return self._made[1][at : at + count]


def _wave(seed: int, which: int, position: Floats) -> Floats:
    """(T, 3) smooth noise between knots of unit variance: what both lids do, what the left and the right do alone."""
    knot = np.floor(position).astype(np.int64)
    u = (position - knot)[:, None]
    first, last = int(knot.min()), int(knot.max()) + 1
    at_knot = np.array([_drawn(seed, which, k) for k in range(first, last + 1)])
    # Cosines, so that the variance stays that of the knots and nothing overshoots.
    angle = 0.5 * np.pi * u * u * (3 - 2 * u)
    return np.cos(angle) * at_knot[knot - first] + np.sin(angle) * at_knot[knot - first + 1]


@functools.lru_cache(maxsize=1024)
def _drawn(seed: int, which: int, knot: int) -> Floats:
    # A state of somebody else may hold any number.
    return np.random.default_rng([abs(seed), which, abs(knot)]).standard_normal(3)
