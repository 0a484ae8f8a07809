"""The continuous space of head motion: a VAE on short overlapping windows (Kingma & Welling 2014)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from talkingeyes.models.layers import mlp

RATE_HZ = 50
STEP_SAMPLES = 10
"""Samples per step of 0.2 s."""
WINDOW_SAMPLES = 2 * STEP_SAMPLES
"""A window reaches over two steps, half overlapping; the windows cross-fade into the pose."""
DEGREES = 5.0


@dataclass(frozen=True)
class HeadVAEConfig:
    """Sizes of the head space; ``beta`` weighs the prior."""

    width: int = 8
    hidden: int = 128
    beta: float = 0.003

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ValueError: naming the value.
        """
        if not 1 <= self.width <= 64:
            raise ValueError(f"width is {self.width}; 1 to 64 is accepted")


def crossfade() -> Tensor:
    """(WINDOW_SAMPLES,) weights; those of neighbouring windows add up to 1."""
    u = (torch.arange(STEP_SAMPLES) + 0.5) / STEP_SAMPLES
    rise = u * u * u * (u * (6 * u - 15) + 10)
    return torch.cat([rise, rise.flip(0)])


class HeadVAE(nn.Module):
    """Encoder and decoder of windows of yaw, pitch and roll."""

    fade: Tensor

    def __init__(self, config: HeadVAEConfig) -> None:
        super().__init__()
        self.config = config
        samples = 3 * WINDOW_SAMPLES
        self.encoder = mlp(samples, config.hidden, 2 * config.width)
        self.decoder = mlp(config.width, config.hidden, samples)
        self.skip_in = nn.Linear(samples, config.width)
        self.skip_out = nn.Linear(config.width, samples)
        self.register_buffer("fade", crossfade())

    def encode(self, windows_deg: Tensor) -> tuple[Tensor, Tensor]:
        """(..., WINDOW_SAMPLES, 3) degrees -> mean and log variance (..., width)."""
        x = windows_deg.flatten(-2) / DEGREES
        mean, log_variance = self.encoder(x).chunk(2, dim=-1)
        return mean + self.skip_in(x), log_variance.clamp(-10, 4)

    def decode(self, z: Tensor) -> Tensor:
        """(..., width) -> windows (..., WINDOW_SAMPLES, 3) in degrees."""
        out = self.decoder(z) + self.skip_out(z)
        return out.unflatten(-1, (WINDOW_SAMPLES, 3)) * DEGREES

    def track(self, z: Tensor) -> Tensor:
        """Latents of consecutive steps (B, T, width) -> pose (B, (T - 1) STEP_SAMPLES, 3): from step 1's start on."""
        windows = self.decode(z) * self.fade[:, None]
        return (windows[:, 1:, :STEP_SAMPLES] + windows[:, :-1, STEP_SAMPLES:]).flatten(1, 2)

    def losses(self, windows_deg: Tensor, noise: torch.Generator | None = None) -> dict[str, Tensor]:
        """Reconstruction of windows in pose and speed, and the prior.

        Args:
            windows_deg: (B, T, WINDOW_SAMPLES, 3) consecutive windows of B stretches.
            noise: draws the latents.
        """
        mean, log_variance = self.encode(windows_deg)
        drawn = torch.randn(mean.shape, generator=noise).to(mean.device)
        z = mean + drawn * (log_variance / 2).exp()
        truth = windows_deg[:, 1:, :STEP_SAMPLES].flatten(1, 2)
        pose = self.track(z)
        apart = (pose - truth).abs()
        speed = (pose.diff(dim=1) - truth.diff(dim=1)).abs()
        prior = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(-1).mean()
        return {
            "loss": (apart.mean() + 5 * speed.mean()) / DEGREES + self.config.beta * prior,
            "error_deg": apart.mean(),
            "speed_error_deg_s": speed.mean() * RATE_HZ,
            "prior_nats": prior,
        }
