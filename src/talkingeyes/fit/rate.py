"""The rate of a film from the times of its pictures, which many containers round to a millisecond or worse."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

MIN_HZ, MAX_HZ = 1.0, 480.0
LEAST_STEP_S = 1e-6
"""Pictures nearer to one another are shown at one time."""
STANDARD_HZ = tuple(
    float(rate)
    for rate in (
        *(Fraction(whole * 1000, 1001) for whole in (24, 30, 48, 60, 120)),
        *(10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240),
    )
)
"""Rates that cameras and editors write."""
_MILLISECOND_S = 1e-3
_SLACK = 1.05
"""How far times may lie off an even grid, in ticks: rounding, to the nearest or downwards, spreads them over one."""
_NEAR = 0.1
"""Share of the median step within which steps are averaged where the pictures are not even."""
_WHOLE_HZ = 0.012
_ROUNDED, _SAME = 1e-4, 8e-4
"""Shares by which a rate that a container declares may miss a standard one, and the measured one (24 and 23.976 differ
by 1e-3)."""


def picture_rate(shown_s: NDArray[np.float64], tick_s: float = 0.0, declared_hz: Iterable[float] = ()) -> float:
    """Pictures per second.

    Times that fit an even grid within their rounding give the grid's rate: the one that the container declares where it
    fits as well, else the standard rate that fits best, else the one measured over the whole film. Uneven times (the
    variable rate of telephones) give the usual step: the mean of the steps about the median.

    Args:
        shown_s: (N,) growing times, at least two of them more than `LEAST_STEP_S` apart.
        tick_s: what the container rounds times to.
        declared_hz: rates that the container states, most trusted first.
    """
    steps = np.diff(shown_s)
    median_s = float(np.median(steps[steps > LEAST_STEP_S]))
    tick_s = max(tick_s, _MILLISECOND_S if _are_whole(shown_s, _MILLISECOND_S) else 0.0, 1e-6)
    near = steps[np.abs(steps - median_s) <= max(_NEAR * median_s, min(_SLACK * tick_s, median_s / 2))]
    usual_s = float(near.mean())
    step_s = _grid_step(shown_s, steps, usual_s)
    declared = [rate for rate in map(_standard, declared_hz) if MIN_HZ <= rate <= MAX_HZ]
    trusted = [rate for rate in declared if rate in STANDARD_HZ]
    nearest = sorted(STANDARD_HZ, key=lambda rate: abs(rate * step_s - 1))
    for rate in (*trusted, *nearest[:2], *declared):
        if _fits(shown_s, 1 / rate, tick_s):
            return rate
    even = _fits(shown_s, step_s, tick_s)
    measured = float(np.clip(1 / (step_s if even else usual_s), MIN_HZ, MAX_HZ))
    return next((rate for rate in trusted if abs(rate / measured - 1) < _SAME), _whole(measured))


def _standard(rate_hz: float) -> float:
    """The standard rate that a rounded one means, 59.9375 for instance."""
    return next((rate for rate in STANDARD_HZ if abs(rate / rate_hz - 1) < _ROUNDED), rate_hz)


def _are_whole(times_s: NDArray[np.float64], tick_s: float) -> bool:
    ticks = times_s / tick_s
    return bool(np.abs(ticks - np.round(ticks)).max() < 1e-3)


def _grid_step(shown_s: NDArray[np.float64], steps: NDArray[np.float64], usual_s: float) -> float:
    """The step of the even grid that fits best (least squares); pictures may be missing from it."""
    place = np.concatenate([[0.0], np.cumsum(np.maximum(np.round(steps / usual_s), 0.0))])
    from_mean = place - place.mean()
    spread = float(from_mean @ from_mean)
    return float(from_mean @ (shown_s - shown_s.mean())) / spread if spread else usual_s


def _fits(shown_s: NDArray[np.float64], step_s: float, tick_s: float) -> bool:
    """Whether every time lies on a grid of this step, but for rounding."""
    off = shown_s - step_s * np.cumsum(np.concatenate([[0.0], np.round(np.diff(shown_s) / step_s)]))
    return float(np.ptp(off)) <= _SLACK * tick_s + 2e-6


def _whole(rate_hz: float) -> float:
    return float(round(rate_hz)) if abs(rate_hz - round(rate_hz)) < _WHOLE_HZ else rate_hz
