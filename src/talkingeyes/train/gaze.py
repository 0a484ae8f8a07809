"""The stage that learns the gaze tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from talkingeyes.errors import ModelError
from talkingeyes.models.gaze_vqvae import GazeVQConfig, GazeVQVAE
from talkingeyes.train.config import StageConfig
from talkingeyes.train.people import HELD_OUT, people
from talkingeyes.train.sequences import ClipRows
from talkingeyes.train.stage import Context, StageKind


@dataclass(frozen=True)
class GazeConfig:
    """The gaze space, and who is kept aside."""

    space: GazeVQConfig = field(default_factory=GazeVQConfig)
    held_out: tuple[str, ...] = HELD_OUT


class GazeStage:
    """Single gaze shifts of everybody, half of them mirrored."""

    name = "gaze_vqvae"

    def __init__(self, context: Context) -> None:
        config: GazeConfig = context.config.model
        self.model = GazeVQVAE(config.space)
        everybody = people(context.data, config.held_out)
        self._train, self._val = shifts_of(everybody.train), shifts_of(everybody.val)
        if not len(self._train[0]) or not len(self._val[0]):
            raise ModelError(f"{context.data}: no gaze shifts to learn from; a set with free gaze is needed")

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Shifts drawn at random; half are mirrored."""
        before, target = self._train
        chosen = rng.integers(0, len(before), size)
        side = np.stack([rng.choice([-1.0, 1.0], size), np.ones(size)], axis=1)
        return {
            "before_deg": torch.from_numpy((before[chosen] * side).astype(np.float32)),
            "target_deg": torch.from_numpy((target[chosen] * side).astype(np.float32)),
            "share": torch.from_numpy(rng.uniform(0, 1, size).astype(np.float32)),
        }

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """See `GazeVQVAE.losses`."""
        return self.model.losses(batch["before_deg"], batch["target_deg"], batch["share"], noise)

    def validate(self) -> dict[str, float]:
        """The same on people of the val part."""
        before, target = (torch.from_numpy(a.astype(np.float32)) for a in self._val)
        share = torch.rand(len(before), generator=torch.Generator().manual_seed(0))
        device = next(self.model.parameters()).device
        found = self.model.losses(before.to(device), target.to(device), share.to(device))
        return {name: float(value) for name, value in found.items()}


def shifts_of(sequences: Sequence[ClipRows]) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) gaze before and (N, 2) after each shift whose surroundings were seen."""
    before, after = [np.zeros((0, 2))], [np.zeros((0, 2))]
    for s in sequences:
        at = np.flatnonzero(s.onset)
        at = at[at > 0]
        at = at[s.gaze_known[at] & s.gaze_known[at - 1]]
        before.append(s.target_deg[at - 1])
        after.append(s.target_deg[at])
    return np.concatenate(before), np.concatenate(after)


TINY = StageConfig(steps=60, batch_size=64, learning_rate=3e-3, warmup_steps=5, validate_every=30, save_every=30)
SMALL = StageConfig(
    steps=4000, batch_size=512, learning_rate=2e-3, weight_decay=0.0, validate_every=500, save_every=500
)
STAGE = StageKind(
    {
        "tiny": replace(TINY, model=GazeConfig(GazeVQConfig(codes=16, hidden=32))),
        "small": replace(SMALL, model=GazeConfig()),
    },
    GazeStage,
    hears=(),
)
