"""How a learned generator draws from what it has learned."""

from __future__ import annotations

from dataclasses import dataclass

from talkingeyes.errors import SettingError, argument

RANGES = {
    "temperature": (0.1, 2.0),
    "place_temperature": (0.1, 2.0),
    "top_p": (0.05, 1.0),
    "head_temperature": (0.0, 2.0),
    "guidance": (0.0, 4.0),
    "variety": (0.0, 2.0),
}
"""Lowest and highest value of each control."""


@dataclass(frozen=True)
class Sampling:
    """How the generator draws.

    Attributes:
        temperature: of whether the gaze shifts; below 1 calmer, above 1 livelier.
        place_temperature: of where it goes; below 1 to the usual places, above 1 further about.
        top_p: gaze tokens outside the most likely ones that reach this share together are never drawn.
        head_temperature: how much the head moves of its own; at 0 it only joins the gaze.
        guidance: how strongly the voice steers; 1 as trained, 0 not at all, above 1 more than in people.
        variety: scales how much takes differ in character; 0 makes everybody average.
    """

    temperature: float = 1.0
    place_temperature: float = 1.0
    top_p: float = 1.0
    head_temperature: float = 1.0
    guidance: float = 1.0
    variety: float = 1.0

    def __post_init__(self) -> None:
        """Check.

        Raises:
            SettingError: naming the value and what is accepted.
        """
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(f"{argument(name)} is {value}; {low:g} to {high:g} is accepted")
