"""Everything that the scan-path network is told, in one table: from eye-tracked people to ONNX feeds.

A row of the network is one look (a fixation) as its eyes land. To add a condition, add a row here and a value in
`talkingeyes.generate.scanpath.rows.look_row`; training, export and generation derive their widths from the table.
Nothing here needs torch, so that generation shares it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEGREES = 10.0
"""Angles enter the network in units of this many degrees."""
STATES = ("listening", "speaking", "dialogue")
"""What a person does while its gaze is seen; the generator knows the first two."""


@dataclass(frozen=True)
class Condition:
    """One thing that the network is told.

    Attributes:
        name: of the condition.
        width: numbers.
        mirrored: which of them change sign where left and right change places.
        live: whether a live session knows it; all others are masked there.
    """

    name: str
    width: int
    mirrored: tuple[int, ...] = ()
    live: bool = True


PLACE = (
    Condition("from the gaze", 2, (0,)),
    Condition("from the partner", 2, (0,)),
    Condition("last visited", 1),
    Condition("visits", 1),
    Condition("time spent", 1),
    Condition("distance", 1),
    Condition("here", 1),
    Condition("there before", 1),
    Condition("partner", 1),
)
"""Of each place of the scene: log of seconds ago and of seconds spent, distance in `DEGREES`, three flags."""

LOOK = (
    Condition("gaze", 2, (0,)),
    Condition("shift", 2, (0,)),
    Condition("dwell before", 1),
    Condition("time lost before", 1),
    Condition("eccentricity", 1),
    Condition("since it left or joined the partner", 1),
    Condition("place here", sum(c.width for c in PLACE), (0, 2)),
)
"""Of each look, when it begins."""


def width_of(table: tuple[Condition, ...]) -> int:
    """Numbers in a row of a table."""
    return sum(c.width for c in table)


def signs_of(table: tuple[Condition, ...]) -> NDArray[np.float32]:
    """(width,) -1 where a number changes its sign when left and right change places."""
    signs = np.ones(width_of(table), np.float32)
    first = 0
    for condition in table:
        signs[[first + i for i in condition.mirrored]] = -1
        first += condition.width
    return signs


def squashed(angle_deg: NDArray[np.floating]) -> NDArray[np.floating]:
    """Degrees -> network units, finer near 0 where small shifts live (signed square root beyond a linear part)."""
    x = angle_deg / DEGREES
    return np.sign(x) * (np.sqrt(1 + 8 * np.abs(x)) - 1) / 2


DWELL_BINS = 30
DWELL_EDGES_S = (0.0, *(0.105 * math.exp(i / (DWELL_BINS - 1) * math.log(12.0 / 0.105)) for i in range(DWELL_BINS)))
"""(DWELL_BINS + 1,) lower edges of the bins of dwell; an eye tracker's shortest fixation is about .11 s."""
LONGEST_DWELL_S = 20.0
"""Upper edge of the last bin."""
