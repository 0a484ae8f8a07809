"""The head is raised with a louder voice, or lowered: a habit of the person's.

In fitted clips the head's pitch goes with loudness (r .14 +- .06 over 27 people; of the eight that are seen for longest
six have .1 to .5, two -.1 to -.2) and leads it a little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from talkingeyes.generate.plan import PLAN_RATE_HZ

MEAN_RAD, SD_RAD = math.radians(2.0), math.radians(3.0)
"""How far a head of average liveliness is raised at full loudness, over people."""
LARGEST_RAD = math.radians(6.0)
FOLLOWS_S = 0.16
"""Time constant of each of the two stages by which the head gathers speed."""
RESTS_S = 3.0
"""A voice that stays as loud as it is moves the head no longer."""
QUICK, SLOW = (-math.expm1(-1 / (PLAN_RATE_HZ * s)) for s in (FOLLOWS_S, RESTS_S))
LEAD_S = 0.36
"""So much later voice is heard in a recording: the two stages take most of it."""


@dataclass
class LiftState:
    """What the lift remembers; ``first``, ``second`` and ``level`` are loudness as its stages have it."""

    gain_rad: float
    first: float = 0.0
    second: float = 0.0
    level: float = 0.0


def start(lively: float, person: np.random.Generator) -> LiftState:
    """A person's habit."""
    gain = lively * float(person.normal(MEAN_RAD, SD_RAD))
    return LiftState(float(np.clip(gain, -LARGEST_RAD, LARGEST_RAD)))


def step(loudness: Sequence[float], state: LiftState) -> list[float]:
    """Pitch that the lift adds to each frame, rad.

    Args:
        loudness: 0..1 by frame, at `PLAN_RATE_HZ`.
        state: changed in place.
    """
    out = []
    for loud in loudness:
        state.first += QUICK * (loud - state.first)
        state.second += QUICK * (state.first - state.second)
        state.level += SLOW * (state.second - state.level)
        out.append(state.gain_rad * (state.second - state.level))
    return out
