"""The saccade: duration, peak speed and skew as functions of amplitude (the main sequence)."""

from __future__ import annotations

import bisect
import functools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkingeyes import rotations

Floats = NDArray[np.float64]

LEAST_S, PER_DEG_S = 0.025, 0.0024
_GRID = 129
_AMPLITUDES_DEG = np.array([1.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 65.0])


def duration_s(amplitude_rad: ArrayLike) -> Floats:
    """Duration ``25 ms + 2.4 ms/deg`` (Lee, Badler & Badler 2002, Eyes Alive)."""
    return LEAST_S + PER_DEG_S * np.degrees(np.asarray(amplitude_rad, float))


def peak_speed_rad_s(amplitude_rad: ArrayLike) -> Floats:
    """Peak speed of horizontal saccades, ``462 (1 - exp(-A / 9.1))`` deg/s (fit to 100 adults, docs/evaluation.md)."""
    return np.radians(462.0 * (1 - np.exp(-np.degrees(np.asarray(amplitude_rad, float)) / 9.1)))


@functools.lru_cache(maxsize=1)
def _profiles() -> Floats:
    """(amplitudes, grid) share of the way done against share of the time, a beta distribution's cumulative curve.

    Its mode is the acceleration's share of the time: .45 up to 10 deg, .20 at 50 deg (Collewijn 1988). Its sharpness is
    chosen so that peak speed times duration over amplitude meets the main sequence.
    """
    time = np.linspace(0.0, 1.0, 8 * (_GRID - 1) + 1)
    middle = (time[1:] + time[:-1]) / 2
    rows = []
    for amplitude_deg in _AMPLITUDES_DEG:
        accelerating = float(np.interp(amplitude_deg, [10.0, 50.0], [0.45, 0.20]))
        amplitude_rad = np.radians(amplitude_deg)
        ratio = float(peak_speed_rad_s(amplitude_rad) * duration_s(amplitude_rad) / amplitude_rad)
        density = _nearest_density(middle, accelerating, ratio)
        rows.append(np.concatenate([[0.0], np.cumsum(density) / len(middle)])[::8])
    return np.array(rows)


def _nearest_density(middle: Floats, accelerating: float, ratio: float) -> Floats:
    """The density of mean 1 whose peak is nearest to ``ratio``; peaks grow with the sharpness."""

    def density(sharpness: float) -> Floats:
        values = middle ** (accelerating * sharpness) * (1 - middle) ** ((1 - accelerating) * sharpness)
        return values / values.mean()

    sharpness = np.linspace(0.4, 4.0, 73)
    above = bisect.bisect_left(sharpness, ratio, lo=1, hi=len(sharpness) - 1, key=lambda s: density(s).max())
    return min((density(s) for s in sharpness[above - 1 : above + 1]), key=lambda d: abs(d.max() - ratio))


def progress(share_of_time: ArrayLike, amplitude_rad: ArrayLike) -> Floats:
    """Share of a saccade's way that is done: 0 before it, 1 after it, skewed between.

    Args:
        share_of_time: time since onset over duration, any shape.
        amplitude_rad: amplitude, broadcast with it.
    """
    u, amplitude_deg = np.broadcast_arrays(np.asarray(share_of_time, float), np.degrees(amplitude_rad))
    table = _profiles()
    row = np.interp(amplitude_deg, _AMPLITUDES_DEG, np.arange(len(table)))
    column = np.clip(u, 0.0, 1.0) * (_GRID - 1)
    r0, c0 = np.minimum(row.astype(int), len(table) - 2), np.minimum(column.astype(int), _GRID - 2)
    fr, fc = row - r0, column - c0
    low = table[r0, c0] * (1 - fc) + table[r0, c0 + 1] * fc
    high = table[r0 + 1, c0] * (1 - fc) + table[r0 + 1, c0 + 1] * fc
    return low * (1 - fr) + high * fr


def travel_s(from_rad: Floats, to_rad: Floats) -> float:
    """How long a saccade takes between two directions (2,), yaw and pitch."""
    one, two = (rotations.direction_from_yaw_pitch(a) for a in (from_rad, to_rad))
    return float(duration_s(rotations.angle_between_rad(one, two)))
