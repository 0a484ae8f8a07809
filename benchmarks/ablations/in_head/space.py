"""The stage of the tokens of eyes in the head: the product's VQ-VAE on saccades and on what follows the head."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from benchmarks.ablations.in_head.frame import coded_in_head
from torch import Tensor

from talkingeyes.models.gaze_vqvae import GazeVQConfig, GazeVQVAE
from talkingeyes.train import gaze
from talkingeyes.train.packed import Packs, mirrored
from talkingeyes.train.people import HELD_OUT, people
from talkingeyes.train.stage import Context, StageKind
from talkingeyes.train.translator import TranslatorStageConfig

SHARES, DONORS = (0.8, 0.2, 0.0), TranslatorStageConfig().donors


@dataclass(frozen=True)
class EyeConfig:
    """The space of eyes in the head, and who is kept aside."""

    space: GazeVQConfig = field(default_factory=GazeVQConfig)
    rows: int = 96
    held_out: tuple[str, ...] = HELD_OUT


class EyeStage:
    """Moves of packed sequences."""

    name = "eye_vqvae"

    def __init__(self, context: Context) -> None:
        config: EyeConfig = context.config.model
        self.model = GazeVQVAE(config.space)
        self._packs = Packs(people(context.data, config.held_out), config.rows, SHARES, DONORS)
        self._val = self._packs.validation()

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Packed sequences drawn at random."""
        return self._packs.batch(rng, size)

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """See `GazeVQVAE.losses`; over the rows that move."""
        return self._losses(batch, noise)

    def validate(self) -> dict[str, float]:
        """The same on people of the val part."""
        device = self.model.quantizer.codebook.device
        found = self._losses({name: value.to(device) for name, value in self._val.items()}, None)
        return {name: float(value) for name, value in found.items()}

    def _losses(self, batch: dict[str, Tensor], noise: torch.Generator | None) -> dict[str, Tensor]:
        b = coded_in_head(mirrored(batch))
        moves = b["shift"] * b["gaze_known"] * b["valid"] > 0
        return self.model.losses(b["before_deg"][moves], b["target_deg"][moves], b["share"][moves], noise)


STAGE = StageKind(
    {
        "tiny": replace(gaze.TINY, batch_size=4, model=EyeConfig(GazeVQConfig(codes=16, hidden=32), rows=16)),
        "small": replace(gaze.SMALL, batch_size=8, model=EyeConfig()),
    },
    EyeStage,
)
