"""The discrete space of gaze: a token per 0.2 s, either "the gaze stays" or one of a codebook of gaze shifts.

What is quantised is where a saccade lands and when it starts, never a curve: so steps stay steps, and the renderer
draws each saccade by the main sequence at any frame rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.models.layers import mlp
from talkingeyes.models.quantizer import VectorQuantizer

STAY = 0
"""The token of a step without a gaze shift; codebook entry c is token c + 1."""
DEGREES = 10.0
"""Angles enter the networks in units of this many degrees."""


@dataclass(frozen=True)
class GazeVQConfig:
    """Sizes of the gaze space."""

    codes: int = 256
    width: int = 8
    hidden: int = 128
    commitment: float = 0.25

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ValueError: naming the value.
        """
        if not 2 <= self.codes <= 4096:
            raise ValueError(f"codes is {self.codes}; 2 to 4096 is accepted")


def squash(angle_deg: Tensor) -> Tensor:
    """Degrees -> network units, finer near 0 where small shifts live (signed square root beyond a linear part)."""
    x = angle_deg / DEGREES
    return torch.sign(x) * (torch.sqrt(1 + 8 * x.abs()) - 1) / 2


def unsquash(value: Tensor) -> Tensor:
    """Inverse of `squash`."""
    a = value.abs()
    return torch.sign(value) * ((2 * a + 1) ** 2 - 1) / 8 * DEGREES


class GazeVQVAE(nn.Module):
    """Encoder, codebook, decoder of one gaze shift; both sides know where the gaze was before."""

    def __init__(self, config: GazeVQConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = mlp(5, config.hidden, config.width)
        self.quantizer = VectorQuantizer(config.codes, config.width)
        self.decoder = mlp(config.width + 2, config.hidden, 3)

    @property
    def tokens(self) -> int:
        """Size of the vocabulary, `STAY` included."""
        return self.config.codes + 1

    def encode(self, before_deg: Tensor, target_deg: Tensor, share: Tensor) -> Tensor:
        """Shifts to the encoder's space: (N, 2), (N, 2), (N,) -> (N, width).

        Args:
            before_deg: gaze before, yaw and pitch from the partner.
            target_deg: where the saccade lands.
            share: when it starts, as a share 0..1 of the step.
        """
        shift = squash(target_deg - before_deg)
        return self.encoder(torch.cat([squash(before_deg), shift, 2 * share[:, None] - 1], dim=1))

    def decode(self, z: Tensor, before_deg: Tensor) -> tuple[Tensor, Tensor]:
        """Codebook entries (N, width) and the gaze before (N, 2) -> target (N, 2) in degrees, share (N,)."""
        out = self.decoder(torch.cat([z, squash(before_deg)], dim=1))
        return before_deg + unsquash(out[:, :2].clamp(-8, 8)), torch.sigmoid(out[:, 2])

    def tokens_of(self, before_deg: Tensor, target_deg: Tensor, share: Tensor) -> Tensor:
        """(N,) tokens of shifts."""
        return self.quantizer.codes_of(self.encode(before_deg, target_deg, share)) + 1

    def landing(self, tokens: Tensor, before_deg: Tensor) -> tuple[Tensor, Tensor]:
        """Target and share of tokens that are not `STAY`."""
        return self.decode(self.quantizer.codebook[tokens - 1], before_deg)

    def losses(
        self, before_deg: Tensor, target_deg: Tensor, share: Tensor, noise: torch.Generator | None = None
    ) -> dict[str, Tensor]:
        """Reconstruction (in squashed units, so that small shifts count) and commitment; means in degrees beside."""
        z, codes, commitment = self.quantizer(self.encode(before_deg, target_deg, share), noise)
        out = self.decoder(torch.cat([z, squash(before_deg)], dim=1))
        place = functional.smooth_l1_loss(out[:, :2], squash(target_deg - before_deg), beta=0.1)
        when = functional.mse_loss(torch.sigmoid(out[:, 2]), share)
        with torch.no_grad():
            error = (before_deg + unsquash(out[:, :2].clamp(-8, 8)) - target_deg).norm(dim=1)
            used = torch.bincount(codes, minlength=self.config.codes).float() / len(codes)
            perplexity = torch.exp(-(used * (used + 1e-9).log()).sum())
        return {
            "loss": place + 0.3 * when + self.config.commitment * commitment,
            "error_deg": error.mean(),
            "when_s": (torch.sigmoid(out[:, 2]) - share).abs().mean() * 0.2,
            "perplexity": perplexity,
        }
