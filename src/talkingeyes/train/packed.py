"""Batches of packed sequences: eye-tracked people, free videos and videos read to a camera, drawn by their shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from talkingeyes.errors import ModelError
from talkingeyes.models.gaze_head_transformer import SIDE
from talkingeyes.train.people import People, shelves
from talkingeyes.train.rows import ClipPool, ClipTrack, stacked, with_donor

KINDS = ("tracked", "free", "read")
VALIDATION_ROWS = 48


class PackedBatches:
    """Rows of rows of 0.2 s, see `rows.cut_rows`.

    Args:
        everybody: who is trained on and validated with.
        rows: of one packed sequence.
        shares: of `KINDS` in a batch; what the set lacks is left out.
        donors: share of eye-tracked sequences that borrow a voice and a head, see `rows.with_donor`.

    Raises:
        ModelError: the set holds none of the kinds that ``shares`` names.
    """

    def __init__(self, everybody: People, rows: int, shares: tuple[float, ...], donors: float) -> None:
        self._people, self._rows, self._donors = everybody, rows, donors
        self._shelves: Mapping[str, ClipPool] = shelves(everybody.train)
        share = np.array(shares) * [kind in self._shelves for kind in KINDS]
        if not share.sum() > 0:
            raise ModelError("none of the data set's clips is of a kind that shares names")
        self._share = share / share.sum()

    def batch(self, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Sequences drawn at random; ``side`` (size,) says which are to be `mirrored`."""
        cuts = [self._sequence(KINDS[rng.choice(len(KINDS), p=self._share)], rng) for _ in range(size)]
        batch = {name: torch.from_numpy(value) for name, value in stacked(cuts).items()}
        batch["side"] = torch.from_numpy(rng.choice([-1.0, 1.0], size).astype(np.float32))
        return batch

    def validation(self) -> dict[str, Tensor]:
        """Some sequences of every kind of the people to validate with, always the same."""
        rng = np.random.default_rng(0)
        cuts = []
        for shelf in shelves(self._people.val).values():
            cuts += [shelf.packed(self._rows, self._people.scale, rng) for _ in range(VALIDATION_ROWS // len(KINDS))]
        blank = np.zeros(self._rows)
        batch = {k: torch.from_numpy(v) for k, v in stacked([{**c, "borrowed": blank} for c in cuts]).items()}
        return batch | {"side": torch.ones(len(cuts))}

    def _sequence(self, kind: str, rng: np.random.Generator) -> ClipTrack:
        scale = self._people.scale
        cut = self._shelves[kind].packed(self._rows, scale, rng)
        if kind == "tracked" and rng.random() < self._donors:
            lenders = [k for k in KINDS[1:] if k in self._shelves]
            if lenders:
                donor = self._shelves[lenders[int(rng.integers(len(lenders)))]].packed(self._rows, scale, rng)
                return with_donor(cut, donor, rng)
        return {**cut, "borrowed": np.zeros(self._rows)}


def mirrored(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Left and right changed where ``side`` is -1."""
    side = batch["side"][:, None, None]
    gaze = torch.cat([side, torch.ones_like(side)], dim=-1)
    head = torch.cat([side, torch.ones_like(side), side], dim=-1)[:, None]
    style = torch.ones_like(batch["style"])
    style[..., SIDE] = batch["side"][:, None]
    return batch | {
        "style": batch["style"] * style,
        "before_deg": batch["before_deg"] * gaze,
        "target_deg": batch["target_deg"] * gaze,
        "windows_deg": batch["windows_deg"] * head,
    }


def moved_on(x: Tensor) -> Tensor:
    """(B, T, ...) moved on by one row; the first row gets zeros."""
    return torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], dim=1)


def begins(clip: Tensor) -> Tensor:
    """(B, T) where a row is the first of its clip."""
    first = torch.ones_like(clip, dtype=torch.bool)
    first[:, 1:] = clip[:, 1:] != clip[:, :-1]
    return first
