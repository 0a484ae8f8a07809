"""Coefficients that rest at 0 and peak: what a fit shows as 0 may lie anywhere below it.

A fit clips each movement at its rest, so that half of all values are 0. Squared errors then teach a channel to hover a
little open. Here the network says a place on a line that goes on below rest; 0 only says "not above" (Tobin 1958).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

AT_REST = 0.006
"""Fitted values up to this say that a channel rests."""
_MOST_BELOW = 6.0
_HALF_LOG_2_PI = 0.5 * math.log(2 * math.pi)


def rest_errors(said: Tensor, fitted: Tensor, seen: Tensor, spread: Tensor, free: Tensor) -> Tensor:
    """(B, T, K) negative log likelihood of fitted coefficients; a clip's own offset is partly free.

    Args:
        said: (B, T, K) places by the network, below 0 where a channel rests.
        fitted: (B, T, K) at 0 or above.
        seen: (B, T) 1 where it is known.
        spread: (K,) standard deviation of people about what can be heard.
        free: (K,) share of a clip's constant offset that costs nothing.
    """
    rests = fitted <= AT_REST
    with torch.no_grad():
        missed = torch.where(rests, torch.minimum(-_below(said, spread), torch.zeros_like(said)), fitted - said)
        count = seen.sum(dim=1).clamp(min=1)
        offset = (missed * seen[..., None]).sum(dim=1, keepdim=True) / count[:, None, None]
    place = said + free * offset
    error = (fitted - place) / spread
    return torch.where(rests, -torch.special.log_ndtr((-place / spread).clamp(min=-_MOST_BELOW)), 0.5 * error**2)


def _below(said: Tensor, spread: Tensor) -> Tensor:
    """How far below ``said`` a value is expected that is known to be at rest."""
    at = (said / spread).clamp(max=_MOST_BELOW)
    density = torch.exp(-0.5 * at**2 - _HALF_LOG_2_PI)
    return spread * density / torch.exp(torch.special.log_ndtr(-at)).clamp(min=1e-9)


def line_of(values: NDArray[Any]) -> tuple[float, float]:
    """Mean and standard deviation of the normal distribution whose part above 0 these values are, the rest being 0."""
    above = values[values > AT_REST]
    if len(above) < 2:
        return -0.05, 0.05
    y = torch.tensor(above, dtype=torch.float64)
    resting = len(values) - len(above)
    place = torch.tensor([float(np.mean(values)), math.log(float(np.std(values)) + 1e-3)], dtype=torch.float64)
    place.requires_grad_(True)
    search = torch.optim.LBFGS([place], max_iter=60, line_search_fn="strong_wolfe")

    def misfit() -> Tensor:
        search.zero_grad()
        spread = place[1].exp()
        above_0 = (0.5 * ((y - place[0]) / spread) ** 2 + place[1]).sum()
        below_0 = -resting * torch.special.log_ndtr(-place[0] / spread)
        value = (above_0 + below_0) / len(values)
        value.backward()
        return value

    search.step(misfit)
    found = place.detach()
    return float(found[0]), float(found[1].exp())


def lines_of(lips: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(K,) means and (K,) standard deviations, at least .01, of columns: the first as it is, the others' `line_of`."""
    few = lips[:: max(1, len(lips) // 20_000)]
    lines = [(float(few[:, 0].mean()), float(few[:, 0].std())), *(line_of(column) for column in few[:, 1:].T)]
    mean, spread = np.array(lines, np.float32).T
    return mean, np.maximum(spread, np.float32(0.01))
