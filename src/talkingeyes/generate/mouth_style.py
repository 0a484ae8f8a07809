"""What of a mouth no sound decides: how far a person opens it, how its shapes go together, its two sides, over time.

A mouth that only follows its sound is a mean: half of what people's mouths do cannot be heard. Here that half is drawn,
with people's own sizes and correlations (assets/mouth_style.json, found by scripts/fit_mouth_style.py): an offset per
take, a slow and a quick course. Courses are functions of a key and of time alone, so that any piece of a take, made in
any order, has the same bits.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lip_table import PLACES
from talkingeyes.generate.lips import SIDED_PLACES, style_asset
from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[Any]

SLOW_S, QUICK_S = 0.3, 0.12
"""Between two knots of a course."""
ARTICULATION_SD = 0.22
"""Of the logarithm of how far a person opens the mouth."""
_WIDTH = len(PLACES) + len(SIDED_PLACES)
_UNIT = 1 / np.sqrt(0.479)
"""A cubic spline over independent knots has .479 of their variance, averaged over time."""
_BEFORE_START = 1 << 40
"""Knots before a take's first frame have numbers too."""
_KEPT_KNOTS = 256


@dataclass(frozen=True, eq=False)
class StyleTable:
    """Sizes of what is drawn, on the scale of the network's places.

    Attributes:
        offset: (W, W) that makes a take's offset of independent numbers: `PLACES`, then left less right of the sides.
        slow: (W, W) the same of the slow course.
        quick: (W, W) of the quick one.
    """

    offset: Floats
    slow: Floats
    quick: Floats

    def __post_init__(self) -> None:
        """Check the shapes once."""
        for name in ("offset", "slow", "quick"):
            if np.shape(getattr(self, name)) != (_WIDTH, _WIDTH):
                raise ValueError(f"mouth_style.json: {name} is not {_WIDTH} x {_WIDTH}")


@functools.cache
def shipped_style() -> StyleTable:
    """The package's."""
    given = style_asset()
    return StyleTable(*(np.array(given[name], float) for name in ("offset", "slow", "quick")))


class StyleCourse:
    """The course of one take.

    Attributes:
        key: of the take.

    Args:
        key: of the take.
        table: sizes; the package's if none is given.
    """

    WIDTH = _WIDTH

    def __init__(self, key: int, table: StyleTable | None = None) -> None:
        self._table = table or shipped_style()
        self.key = key
        self._offset = self._table.offset @ _numbers(key, 0, 0)
        self._knots: dict[tuple[int, int], Floats] = {}

    def at(self, frames: NDArray[np.int64]) -> Floats:
        """(n, W) what is added to the network's places in these frames: `PLACES`, then the sides."""
        slow = self._spline(frames, 1, SLOW_S * PLAN_RATE_HZ, self._table.slow)
        return self._offset + slow + self._spline(frames, 2, QUICK_S * PLAN_RATE_HZ, self._table.quick)

    def _spline(self, frames: NDArray[np.int64], kind: int, knot_frames: float, mix: Floats) -> Floats:
        """A cubic B-spline; sums are made number by number, so that the bits do not depend on the piece."""
        place = frames / knot_frames
        first = np.floor(place).astype(int)
        t = (place - first)[:, None]
        low, high = int(first[0]), int(first[-1])
        knots = np.stack([self._knot(kind, i, mix) for i in range(low - 1, high + 3)])
        at = first - low
        return _UNIT * (
            (1 - t) ** 3 / 6 * knots[at]
            + (3 * t**3 - 6 * t**2 + 4) / 6 * knots[at + 1]
            + (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6 * knots[at + 2]
            + t**3 / 6 * knots[at + 3]
        )

    def _knot(self, kind: int, index: int, mix: Floats) -> Floats:
        """The last ones are kept, as neighbouring pieces ask for the same."""
        found = self._knots.get((kind, index))
        if found is None:
            if len(self._knots) >= _KEPT_KNOTS:
                self._knots.clear()
            found = self._knots[kind, index] = mix @ _numbers(self.key, kind, index)
        return found


def _numbers(key: int, kind: int, index: int) -> Floats:
    """(W,) independent normal numbers of a place in a take."""
    place = np.array([index + _BEFORE_START, 0, 0, 0], np.uint64)
    bits = np.random.Philox(key=np.array([key, kind], np.uint64), counter=place)
    return np.random.Generator(bits).standard_normal(_WIDTH)
