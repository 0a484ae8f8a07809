"""The stage that learns the space of head motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from talkingeyes.errors import ModelError
from talkingeyes.models.head_vae import STEP_SAMPLES, WINDOW_SAMPLES, HeadVAE, HeadVAEConfig
from talkingeyes.train.config import StageConfig
from talkingeyes.train.people import HELD_OUT, people
from talkingeyes.train.rows import LONG_S, SHORT_OFFSET_DEG
from talkingeyes.train.sequences import RATE_HZ, READ_TO_CAMERA, ClipRows
from talkingeyes.train.stage import Context, StageKind

STRETCH_WINDOWS = 5
"""Consecutive windows of a training row: one second and a bit."""
FREE_WEIGHT = 6.0
"""How much more often a second of free head motion is drawn than one read to a camera."""


@dataclass(frozen=True)
class HeadConfig:
    """The head space, and who is kept aside."""

    space: HeadVAEConfig = field(default_factory=HeadVAEConfig)
    held_out: tuple[str, ...] = HELD_OUT


class HeadStage:
    """Stretches of head motion of everybody who was seen without a gap, half of them mirrored."""

    name = "head_vae"

    def __init__(self, context: Context) -> None:
        config: HeadConfig = context.config.model
        self.model = HeadVAE(config.space)
        everybody = people(context.data, config.held_out)
        self._train, self._val = _usable(everybody.train), _usable(everybody.val)
        if not self._train or not self._val:
            raise ModelError(f"{context.data}: no head motion of a second or more to learn from")
        weight = np.array([len(s) * (1.0 if s.origin in READ_TO_CAMERA else FREE_WEIGHT) for s in self._train])
        self._weight = weight / weight.sum()

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Stretches drawn at random."""
        chosen = rng.choice(len(self._train), size, p=self._weight)
        return {"windows_deg": torch.from_numpy(np.stack([_stretch(self._train[i], rng) for i in chosen]))}

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """See `HeadVAE.losses`."""
        return self.model.losses(batch["windows_deg"], noise)

    def validate(self) -> dict[str, float]:
        """The same on people of the val part."""
        rng = np.random.default_rng(0)
        picks = rng.integers(0, len(self._val), 256)
        windows = torch.from_numpy(np.stack([_stretch(self._val[i], rng) for i in picks]))
        found = self.model.losses(windows.to(self.model.fade.device), torch.Generator().manual_seed(0))
        return {name: float(value) for name, value in found.items()}


def _usable(sequences: Sequence[ClipRows]) -> list[ClipRows]:
    needed = (STRETCH_WINDOWS + 1) * STEP_SAMPLES
    return [s for s in sequences if len(s) >= needed and s.head_known.all()]


def _stretch(s: ClipRows, rng: np.random.Generator) -> np.ndarray:
    """(STRETCH_WINDOWS, WINDOW_SAMPLES, 3)."""
    span = (STRETCH_WINDOWS + 1) * STEP_SAMPLES
    first = int(rng.integers(0, len(s) - span + 1))
    head = s.head_deg[first : first + span]
    if len(s) < LONG_S * RATE_HZ:
        head = head + rng.normal(0.0, SHORT_OFFSET_DEG, 3)
    if rng.random() < 0.5:
        head = head * (-1.0, 1.0, -1.0)
    at = np.arange(STRETCH_WINDOWS)[:, None] * STEP_SAMPLES + np.arange(WINDOW_SAMPLES)
    return head[at].astype(np.float32)


TINY = StageConfig(steps=60, batch_size=16, learning_rate=3e-3, warmup_steps=5, validate_every=30, save_every=30)
SMALL = StageConfig(
    steps=4000, batch_size=128, learning_rate=1e-3, weight_decay=0.0, validate_every=500, save_every=500
)
STAGE = StageKind(
    {
        "tiny": replace(TINY, model=HeadConfig(HeadVAEConfig(width=4, hidden=32))),
        "small": replace(SMALL, model=HeadConfig()),
    },
    HeadStage,
    hears=(),
)
