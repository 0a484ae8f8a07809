"""How a learned generator draws from what it has learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError

Floats = NDArray[Any]

RANGES = {
    "temperature": (0.1, 2.0),
    "place_temperature": (0.1, 2.0),
    "top_p": (0.05, 1.0),
    "head_temperature": (0.0, 2.0),
    "guidance": (0.0, 4.0),
    "character": (0.0, 2.0),
}
"""Lowest and highest value of each control."""


@dataclass(frozen=True)
class Sampling:
    """How the generator draws.

    Attributes:
        temperature: of whether the gaze shifts; below 1 calmer, above 1 livelier.
        place_temperature: of where it goes; below 1 to the usual places, above 1 further about.
        top_p: gaze tokens outside the most likely ones that reach this share together are never drawn.
        head_temperature: scales the spread of the head's next step.
        guidance: how strongly the voice steers; 1 as trained, 0 not at all, above 1 more than in people.
        character: scales how much takes differ in character; 0 makes everybody average.
    """

    temperature: float = 1.0
    place_temperature: float = 1.0
    top_p: float = 1.0
    head_temperature: float = 0.9
    guidance: float = 1.0
    character: float = 1.0

    def __post_init__(self) -> None:
        """Check.

        Raises:
            SettingError: naming the value and what is accepted.
        """
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(f"{name} is {value}; {low:g} to {high:g} is accepted")


def drawn(logits: Floats, sampling: Sampling, draw: float) -> int:
    """A gaze token: whether to stay by one temperature, where to go by another and top-p (nucleus: Holtzman 2020).

    Args:
        logits: (N,), the first that the gaze stays.
        sampling: how to draw.
        draw: uniform in 0..1.
    """
    whole = _shares(logits / sampling.temperature)
    places = _shares(logits[1:] / sampling.place_temperature)
    share = np.concatenate([whole[:1], (1 - whole[0]) * places])
    if sampling.top_p < 1:
        share = _likeliest(share, sampling.top_p)
    reached = np.cumsum(share)
    return min(int(np.searchsorted(reached, draw * reached[-1], side="right")), len(share) - 1)


def _likeliest(share: Floats, together: float) -> Floats:
    """Zeros for all but the likeliest that reach ``together``."""
    order = np.argsort(-share, kind="stable")
    reached = np.cumsum(share[order])
    kept = order[: int(np.searchsorted(reached, together * reached[-1])) + 1]
    out = np.zeros_like(share)
    out[kept] = share[kept]
    return out


def _shares(logits: Floats) -> Floats:
    """Softmax."""
    share = np.exp(logits - logits.max())
    return share / share.sum()
