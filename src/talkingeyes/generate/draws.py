"""Drawing a gaze token from its logits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.sampling import Sampling

Floats = NDArray[Any]

ROUNDING = 1e-9
"""Shares that reach what is asked but for rounding reach it."""
BELOW_ONE = 1 - 1e-12
"""So that rounding never reaches past the last token that can be drawn."""


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
    return int(np.searchsorted(reached, min(draw, BELOW_ONE) * reached[-1], side="right"))


def _likeliest(share: Floats, together: float) -> Floats:
    """Zeros for all but the likeliest that reach ``together``."""
    order = np.argsort(-share, kind="stable")
    reached = np.cumsum(share[order])
    kept = order[: int(np.searchsorted(reached, together * reached[-1] - ROUNDING)) + 1]
    out = np.zeros_like(share)
    out[kept] = share[kept]
    return out


def _shares(logits: Floats) -> Floats:
    """Softmax."""
    share = np.exp(logits - logits.max())
    return share / share.sum()
