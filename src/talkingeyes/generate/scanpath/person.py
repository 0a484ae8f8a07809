"""Who a take is, as far as the gaze goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from talkingeyes.generate.scanpath.scene import Places

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Person:
    """Who a take is.

    Attributes:
        who: by state ("speaking", "listening"), what the source needs to know of the person.
        places: by state, usual places in degrees off the partner.
        bias: by state, log hazard ratios of being on the partner and of shifting at all.
    """

    who: Mapping[str, Array]
    places: Mapping[str, Places]
    bias: Mapping[str, tuple[float, float]]
