"""A slow shift of all that is looked at: body and room are never quite still.

People's looks at their partner lie .84 deg apart (SD per axis) 4 s later and .99 deg two minutes later.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

WANDER_DEG, WANDER_S = 0.45, 60.0
"""How far and how slowly (SD per axis, time in which two thirds of it are new)."""


@dataclass
class Wander:
    """An Ornstein-Uhlenbeck process, asked at the times of the looks.

    Attributes:
        away_deg: (2,) where it is.
        at_s: when it was asked last.
    """

    away_deg: Array = field(default_factory=lambda: np.zeros(2))
    at_s: float = 0.0

    def to(self, now_s: float, rng: np.random.Generator) -> Array:
        """(2,) degrees by which all has shifted by now."""
        kept = math.exp(-max(now_s - self.at_s, 0.0) / WANDER_S)
        self.away_deg = kept * self.away_deg + WANDER_DEG * math.sqrt(1 - kept**2) * rng.normal(0.0, 1.0, 2)
        self.at_s = now_s
        return self.away_deg
