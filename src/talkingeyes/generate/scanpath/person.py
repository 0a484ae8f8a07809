"""Who a take is, as far as the gaze goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from talkingeyes.generate.scanpath.scene import Places

Array = NDArray[Any]


@dataclass(frozen=True)
class FreeRunning:
    """What a gaze that believes only itself needs to stay like people's.

    One look at a time a source is right; on its own looks as the only past, places blur and returns are lost (exposure
    bias). The values are found by simulated moments: chains of the people who were learned from, beside those people.

    Attributes:
        same_side: log odds for landing on the side where the gaze is, on the partner or off.
        back: log odds for the place where the gaze was before this one.
        spread: factor on the spread of looks about their place.
        regularity: Weibull's shape of the cumulative hazard that a look ends at; 1 is the exponential.
    """

    same_side: float = 0.65
    back: float = 0.0
    spread: float = 1.0
    regularity: float = 1.25


@dataclass(frozen=True, eq=False)
class Person:
    """Who a take is.

    Attributes:
        who: by state ("speaking", "listening"), what the source needs to know of the person.
        places: by state, usual places in degrees off the partner.
        bias: by state, log hazard ratios of being on the partner and of shifting at all.
        free_running: by state.
    """

    who: Mapping[str, Array]
    places: Mapping[str, Places]
    bias: Mapping[str, tuple[float, float]]
    free_running: Mapping[str, FreeRunning] = field(
        default_factory=lambda: {"speaking": FreeRunning(), "listening": FreeRunning()}
    )
