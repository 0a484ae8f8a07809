"""The voice moves when somebody looks away, not how much of the time: a slow offset keeps the person's own share.

Pauses, hesitations and first words draw the gaze away, so a voice that pauses twice as often would look away for most
of the time, although the person is the same. The gaze is taken for a process of two states, on the partner and off:

    dp/dt = b exp(-d(t) - o(t)) (1 - p) - a exp(d(t) + o(t)) p

with the drive ``d`` and an offset ``o`` that changes slowly, found so that the local mean of ``p`` is what it would be
without any drive. Where everything is as usual the offset is what a constant would be.

Where the future is not known, the offset follows what the process has been through: it sinks while the share is below
the usual one and rises while it is above (`LiveBalance`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import PLAN_RATE_HZ

Array = NDArray[Any]

ON_S, OFF_S = 1.75, 1.3
"""Mean stay on the partner and off while speaking: .57 of the time on the partner, as 15 eye-tracked people
(docs/evaluation.md)."""
REACH_S = 6.0
"""SD of the Gaussian over which the mean is kept: a few phrases."""
USUAL_S = 2.0
"""So much of everybody's usual is added to the local mean: a short recording is mostly moments."""
EVERY = 5
"""Rows of the drive in one step of the process (.1 s)."""
ROUNDS = 6
LARGEST = 2.0
USUAL = ON_S / (ON_S + OFF_S)
FOLLOWS_S = 6.0
"""Live, the offset answers so slowly; as it acts on leaving and on coming back, half of that is how long it takes."""


def balanced(drive: Array, speaks: NDArray[np.bool_]) -> Array:
    """(N,) offset of the log hazard ratio of looking away, 0 where nobody speaks.

    Args:
        drive: (N,) log hazard ratio of looking away at `PLAN_RATE_HZ`.
        speaks: (N,) where the person's usual share holds.
    """
    if not speaks.any():
        return np.zeros(len(drive))
    starts = np.arange(0, len(drive), EVERY)
    away = np.add.reduceat(np.exp(drive), starts) / np.diff(np.append(starts, len(drive)))
    back = np.add.reduceat(np.exp(-drive), starts) / np.diff(np.append(starts, len(drive)))
    weight = speaks[starts].astype(float)
    usual = USUAL
    offset = np.zeros(len(starts))
    for _ in range(ROUNDS):
        on = _share(away * np.exp(offset), back * np.exp(-offset), usual)
        mean = _local_mean(on, weight, usual)
        offset = np.clip(offset + 0.5 * (_logit(mean) - _logit(usual)), -LARGEST, LARGEST)
    return np.where(speaks, np.interp(np.arange(len(drive)), starts, offset), 0.0)


@dataclass
class LiveBalance:
    """The same where only the past is known, step by step.

    Attributes:
        share: probability of being on the partner, if the drive were all.
        offset: of the log hazard ratio of looking away.
    """

    share: float = USUAL
    offset: float = 0.0

    def step(self, drive: float, lasts_s: float) -> None:
        """Time passes in which somebody speaks under a drive, the offset not included."""
        pull = math.exp(drive + self.offset)
        leave, come = pull / ON_S, 1 / (pull * OFF_S)
        goal = come / (leave + come)
        self.share = goal + (self.share - goal) * math.exp(-(leave + come) * lasts_s)
        error = (self.share - USUAL) / (USUAL * (1 - USUAL))
        self.offset = min(max(self.offset + error * lasts_s / FOLLOWS_S, -LARGEST), LARGEST)


def _share(away: Array, back: Array, first: float) -> Array:
    """(K,) probability of being on the partner, exact where rates are constant over a step."""
    leave, come = away / ON_S, back / OFF_S
    rate = leave + come
    goal, kept = come / rate, np.exp(-rate * EVERY / PLAN_RATE_HZ)
    out, p = [], first
    for to, k in zip(goal.tolist(), kept.tolist(), strict=True):
        p = to + (p - to) * k
        out.append(p)
    return np.array(out)


def _local_mean(values: Array, weight: Array, usual: float) -> Array:
    """Gaussian mean over where somebody speaks, drawn a little to the usual."""
    sigma = REACH_S * PLAN_RATE_HZ / EVERY
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    prior = USUAL_S * PLAN_RATE_HZ / EVERY

    def spread(v: Array) -> Array:
        return np.convolve(np.pad(v, reach), kernel, "valid")

    return (spread(values * weight) + prior * usual) / (spread(weight) + prior)


def _logit(share: Array | float) -> Array:
    return np.log(np.asarray(share) / (1 - np.asarray(share)))
