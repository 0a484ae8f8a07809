"""The stage of the continuous space of gaze shifts: the product's encoder and decoder with a Gaussian between."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from talkingeyes.models.gaze_vqvae import GazeVQConfig, GazeVQVAE, squash, unsquash
from talkingeyes.models.layers import mlp
from talkingeyes.train import gaze
from talkingeyes.train.stage import Context

PRIOR = 0.003
"""Weight of the prior, as in the head's space."""


class GazeVAE(GazeVQVAE):
    """A gaze shift as ``width`` Gaussian numbers."""

    def __init__(self, config: GazeVQConfig) -> None:
        super().__init__(config)
        del self.quantizer
        self.encoder = mlp(5, config.hidden, 2 * config.width)

    def posterior(self, before_deg: Tensor, target_deg: Tensor, share: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (N, width) of shifts, see `GazeVQVAE.encode`."""
        mean, log_variance = self.encode(before_deg, target_deg, share).chunk(2, dim=1)
        return mean, log_variance.clamp(-10, 4)

    def losses(
        self, before_deg: Tensor, target_deg: Tensor, share: Tensor, noise: torch.Generator | None = None
    ) -> dict[str, Tensor]:
        """As `GazeVQVAE.losses`, with the prior in place of the commitment."""
        mean, log_variance = self.posterior(before_deg, target_deg, share)
        drawn = torch.randn(mean.shape, generator=noise).to(mean.device) if noise is not None else 0.0
        z = mean + drawn * (log_variance / 2).exp()
        out = self.decoder(torch.cat([z, squash(before_deg)], dim=1))
        place = functional.smooth_l1_loss(out[:, :2], squash(target_deg - before_deg), beta=0.1)
        when = functional.mse_loss(torch.sigmoid(out[:, 2]), share)
        prior = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(-1).mean()
        error = (before_deg + unsquash(out[:, :2].clamp(-8, 8)) - target_deg).norm(dim=1)
        return {
            "loss": place + 0.3 * when + PRIOR * prior,
            "error_deg": error.mean().detach(),
            "when_s": (torch.sigmoid(out[:, 2]) - share).abs().mean().detach() * 0.2,
            "prior_nats": prior,
        }


class GazeVAEStage(gaze.GazeStage):
    """The same shifts as `train.gaze`."""

    name = "gaze_vae"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = GazeVAE(context.config.model.space)


STAGE = replace(gaze.STAGE, build=GazeVAEStage)
