"""The stage of the joint space: one code for the gaze shift of a row and for the head's next 0.2 s.

Like the product's gaze decoder it knows what came before: where the gaze was, and the head's last 0.2 s. A code needs
both parts: tracked people borrow strangers' heads always, and clips read to a camera serve as those heads alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.models.gaze_vqvae import squash, unsquash
from talkingeyes.models.head_vae import DEGREES, RATE_HZ, STEP_SAMPLES
from talkingeyes.models.layers import mlp
from talkingeyes.models.quantizer import VectorQuantizer
from talkingeyes.train.config import StageConfig
from talkingeyes.train.packed import Packs, mirrored
from talkingeyes.train.people import HELD_OUT, People, people
from talkingeyes.train.stage import Context, StageKind

SHARES, DONORS = (0.7, 0.3, 0.0), 1.0
HEAD_NUMBERS = 3 * STEP_SAMPLES


@dataclass(frozen=True)
class JointConfig:
    """Sizes: four times the gaze space's codes, as wide as both spaces of the product together."""

    codes: int = 1024
    width: int = 16
    hidden: int = 256
    commitment: float = 0.25


@dataclass(frozen=True)
class JointStageConfig:
    """The joint space, and who is kept aside."""

    space: JointConfig = field(default_factory=JointConfig)
    rows: int = 96
    held_out: tuple[str, ...] = HELD_OUT


@dataclass(frozen=True)
class Happening:
    """What happens in N rows: gaze before and after (N, 2), whether it shifts and when (N,), head (N, 2 steps, 3)."""

    before_deg: Tensor
    target_deg: Tensor
    shift: Tensor
    share: Tensor
    windows_deg: Tensor

    @staticmethod
    def of(batch: dict[str, Tensor]) -> Happening:
        """All rows of a batch, one after the other."""
        return Happening(*(batch[name].flatten(0, 1) for name in Happening.__dataclass_fields__))


class JointVQVAE(nn.Module):
    """Encoder, codebook, decoder of a row."""

    def __init__(self, config: JointConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = mlp(6 + 2 * HEAD_NUMBERS, config.hidden, config.width)
        self.quantizer = VectorQuantizer(config.codes, config.width)
        self.decoder = mlp(config.width + 2 + HEAD_NUMBERS, config.hidden, 4 + HEAD_NUMBERS)

    def encode(self, h: Happening) -> Tensor:
        """(N, width)."""
        past, coming = h.windows_deg[:, :STEP_SAMPLES], h.windows_deg[:, STEP_SAMPLES:]
        moved = (coming - past[:, -1:]).flatten(1) / DEGREES
        shift = h.shift[:, None]
        gaze = [
            squash(h.before_deg),
            shift,
            shift * squash(h.target_deg - h.before_deg),
            shift * (2 * h.share[:, None] - 1),
        ]
        return self.encoder(torch.cat([*gaze, past.flatten(1) / DEGREES, moved], dim=1))

    def decode(self, z: Tensor, before_deg: Tensor, past_deg: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Codes' places (N, width), gaze (N, 2) and head (N, STEP_SAMPLES, 3) before.

        Returns:
            logit (N,) of a shift, where it lands (N, 2), when (N,), the head's next step (N, STEP_SAMPLES, 3).
        """
        out = self.decoder(torch.cat([z, squash(before_deg), past_deg.flatten(1) / DEGREES], dim=1))
        coming = past_deg[:, -1:] + out[:, 4:].unflatten(1, (STEP_SAMPLES, 3)) * DEGREES
        return out[:, 0], before_deg + unsquash(out[:, 1:3].clamp(-8, 8)), torch.sigmoid(out[:, 3]), coming

    def codes_of(self, h: Happening) -> Tensor:
        """(N,)."""
        return self.quantizer.codes_of(self.encode(h))

    def losses(self, h: Happening, known: Tensor, noise: torch.Generator | None) -> dict[str, Tensor]:
        """The product's losses of both spaces, summed, over the rows where ``known`` (N,) is 1."""
        h = Happening(*(getattr(h, name)[known > 0] for name in Happening.__dataclass_fields__))
        past, coming = h.windows_deg[:, :STEP_SAMPLES], h.windows_deg[:, STEP_SAMPLES:]
        z, _, commitment = self.quantizer(self.encode(h), noise)
        logit, target, share, head = self.decode(z, h.before_deg, past)
        shifts = h.shift.sum().clamp(min=1)
        apart = squash(target - h.before_deg) - squash(h.target_deg - h.before_deg)
        place = functional.smooth_l1_loss(apart, torch.zeros_like(apart), beta=0.1, reduction="none").mean(1)
        when = (share - h.share) ** 2
        moves = functional.binary_cross_entropy_with_logits(logit, h.shift)
        whole = torch.cat([past[:, -1:], head], dim=1), torch.cat([past[:, -1:], coming], dim=1)
        pose, speed = (head - coming).abs().mean(), (whole[0].diff(dim=1) - whole[1].diff(dim=1)).abs().mean()
        gaze = ((place + 0.3 * when) * h.shift).sum() / shifts
        return {
            "loss": moves + gaze + (pose + 5 * speed) / DEGREES + self.config.commitment * commitment,
            "gaze_error_deg": ((target - h.target_deg).norm(dim=1) * h.shift).sum() / shifts,
            "wrong_shifts": ((logit > 0).float() - h.shift).abs().mean(),
            "head_error_deg": pose,
            "speed_error_deg_s": speed * RATE_HZ,
        }


def both_known(batch: dict[str, Tensor]) -> Tensor:
    """(B, T) 1 where gaze and head of a row are known, be the head a stranger's."""
    seen = torch.maximum(batch["head_known"] * batch["valid"] * (batch["borrowed"] == 0), batch["borrowed"])
    return batch["gaze_known"] * batch["valid"] * seen


def validation_of(everybody: People, rows: int) -> dict[str, Tensor]:
    """Sequences of the people to validate with, with borrowed heads."""
    own = People(everybody.val, everybody.val, everybody.scale)
    return Packs(own, rows, SHARES, DONORS).batch(np.random.default_rng(0), 48)


class JointSpaceStage:
    """Rows of packed sequences."""

    name = "joint_vqvae"

    def __init__(self, context: Context) -> None:
        config: JointStageConfig = context.config.model
        self.model = JointVQVAE(config.space)
        everybody = people(context.data, config.held_out)
        self._packs = Packs(everybody, config.rows, SHARES, DONORS)
        self._val = validation_of(everybody, config.rows)

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Packed sequences drawn at random."""
        return self._packs.batch(rng, size)

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """See `JointVQVAE.losses`."""
        batch = mirrored(batch)
        return self.model.losses(Happening.of(batch), both_known(batch).flatten(), noise)

    def validate(self) -> dict[str, float]:
        """The same on people of the val part."""
        device = self.model.quantizer.codebook.device
        batch = {name: value.to(device) for name, value in self._val.items()}
        found = self.model.losses(Happening.of(batch), both_known(batch).flatten(), None)
        return {name: float(value) for name, value in found.items()}


TINY = StageConfig(
    steps=40, batch_size=4, learning_rate=3e-3, warmup_steps=5, validate_every=20, save_every=20,
    model=JointStageConfig(JointConfig(codes=16, width=4, hidden=32), rows=16),
)  # fmt: skip
SMALL = StageConfig(
    steps=3000, batch_size=8, learning_rate=2e-3, weight_decay=0.0, validate_every=500, save_every=500,
    model=JointStageConfig(),
)  # fmt: skip
STAGE = StageKind({"tiny": TINY, "small": SMALL}, JointSpaceStage)
