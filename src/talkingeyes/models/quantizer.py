"""Vector quantisation with a codebook that follows its data (van den Oord 2017; moving averages: Razavi 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn
from torch.nn import functional


class VectorQuantizer(nn.Module):
    """Nearest entry of a codebook; gradients pass straight through; entries that nobody uses move to where data is."""

    codebook: Tensor
    usage: Tensor
    total: Tensor

    def __init__(self, codes: int, width: int, decay: float = 0.98, dead_below: float = 0.02) -> None:
        super().__init__()
        self.decay, self.dead_below = decay, dead_below
        start = torch.randn(codes, width, generator=torch.Generator().manual_seed(0))
        self.register_buffer("codebook", start)
        self.register_buffer("usage", torch.ones(codes))
        self.register_buffer("total", start.clone())

    def codes_of(self, z: Tensor) -> Tensor:
        """(..., width) -> (...) indices of the nearest entries."""
        flat = z.reshape(-1, z.shape[-1])
        distance = flat.pow(2).sum(1, keepdim=True) - 2 * flat @ self.codebook.T + self.codebook.pow(2).sum(1)
        return distance.argmin(1).view(z.shape[:-1])

    def forward(self, z: Tensor, noise: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Quantise.

        Args:
            z: (N, width).
            noise: draws the places of dead entries while training.

        Returns:
            Quantised (N, width), codes (N,), commitment loss.
        """
        codes = self.codes_of(z)
        quantised = self.codebook[codes]
        if self.training:
            self._follow(z.detach(), codes, noise)
        commitment = functional.mse_loss(z, quantised.detach())
        return z + (quantised - z).detach(), codes, commitment

    @torch.no_grad()
    def _follow(self, z: Tensor, codes: Tensor, noise: torch.Generator | None) -> None:
        chosen = functional.one_hot(codes, len(self.codebook)).to(z.dtype)
        counts, sums = chosen.sum(0), chosen.T @ z
        if distributed.is_available() and distributed.is_initialized():  # each process sees some of the rows
            distributed.all_reduce(counts)
            distributed.all_reduce(sums)
        self.usage.lerp_(counts, 1 - self.decay)
        self.total.lerp_(sums, 1 - self.decay)
        self.codebook.copy_(self.total / self.usage.clamp(min=1e-4)[:, None])
        dead = (self.usage < self.dead_below).nonzero()[:, 0]
        if len(dead):
            places = z[torch.randint(len(z), (len(dead),), generator=noise).to(z.device)]
            self.codebook[dead], self.total[dead], self.usage[dead] = places, places, 1.0
