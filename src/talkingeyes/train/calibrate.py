"""Free running brought back to people: a small tilt of the gaze logits per character.

Trained on what people did before, a model is right one row at a time, and still drifts when it hears only itself: its
gaze settles nearer to the partner than that of the people it learned from (exposure bias; Bengio et al. 2015, Scheduled
Sampling). The remedy is the smallest change that gives each character his own moments back: the chances of
the next place are multiplied by ``exp(tilt . features(place))`` (the exponential family of least divergence under
given means: Jaynes 1957), and the tilt is found by stochastic approximation while many chains run freely, with
borrowed voices and heads, as they will in the generator.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingeyes.generate.tilt import TILTS, place_features, settled
from talkingeyes.models.gaze_vqvae import GazeVQVAE
from talkingeyes.models.head_vae import STEP_SAMPLES, HeadVAE
from talkingeyes.models.translator import FLOOR, GAZE_LEAD, SPEECH_FRAMES, Rows, Translator
from talkingeyes.train.people import TRACKED, People, shelves
from talkingeyes.train.rows import cut_rows, stacked
from talkingeyes.train.sequences import Sequence50

Array = NDArray[Any]

CHAINS = 12
BLOCK_ROWS, BLOCKS, FIRST_BLOCKS = 24, 60, 3
OWN_ROWS = 100.0
"""Somebody seen for so many rows counts half, the average of all people the other half."""
GAIN, LIMIT = 0.5, 1.5


@dataclass(frozen=True)
class Character:
    """Somebody to be like: standardised style (S,), moments (TILTS,) of his gaze while speaking, rows he was seen."""

    style: NDArray[np.float32]
    moments: Array
    rows: float


def characters(everybody: People) -> dict[str, Character]:
    """Eye-tracked people who were seen speaking, by group.

    Moments are drawn to the average of all, which looks to neither side, where little of somebody was seen.
    """
    own: dict[str, list[Sequence50]] = {}
    for s in (*everybody.train, *everybody.val):
        if s.source == TRACKED and (s.floor == FLOOR.index("speaking")).any():
            own.setdefault(s.group, []).append(s)
    seen = {group: _moments(people, everybody) for group, people in own.items()}
    seen = {group: (mean, rows) for group, (mean, rows) in seen.items() if rows > 0}
    if not seen:
        return {}
    average = np.mean([mean for mean, _ in seen.values()], axis=0)
    average[0] = 0.0
    return {
        group: Character(
            everybody.scale.standard(own[group][0].style)[0].astype(np.float32),
            (rows * mean + OWN_ROWS * average) / (rows + OWN_ROWS),
            rows,
        )
        for group, (mean, rows) in sorted(seen.items())
    }


def _moments(sequences: list[Sequence50], everybody: People) -> tuple[Array, float]:
    """Mean features of the gaze and share of rows with a shift, over rows while speaking; how many rows."""
    sums, rows = np.zeros(TILTS), 0.0
    for s in sequences:
        cut = cut_rows(s, -GAZE_LEAD * STEP_SAMPLES, len(s) // STEP_SAMPLES, everybody.scale, np.random.default_rng(0))
        counts = (cut["gaze_known"] > 0) & (cut["floor"] == FLOOR.index("speaking"))
        sums += _seen_features(cut["target_deg"], cut["shift"], counts)[counts].sum(axis=0)
        rows += float(counts.sum())
    return sums / max(rows, 1.0), rows


def _seen_features(places_deg: Array, shift: Array, seen: NDArray[np.bool_]) -> Array:
    """(T, TILTS) features of the places (T, 2) that somebody's gaze went to, settled one after the other.

    As in the statistics of bouts, a crossing back within one row (.2 s) is none: the tracker trembles.
    """
    out, gaze = np.zeros((len(places_deg), TILTS)), places_deg[0]
    for t, place in enumerate(places_deg):
        goes = settled(gaze, place[None])[0] if seen[t] and (t == 0 or seen[t - 1]) else place
        out[t] = place_features(gaze, goes[None])[int(shift[t] > 0)]
        gaze = goes
    short = np.flatnonzero((out[1:, -1] > 0) & (out[:-1, -1] > 0))
    out[short, -1] = out[short + 1, -1] = 0.0
    return out


class _Chains:
    """`CHAINS` free-running gazes per character, with borrowed voices and heads."""

    def __init__(
        self, model: Translator, vqvae: GazeVQVAE, vae: HeadVAE, people: list[Character], everybody: People
    ) -> None:
        self._model, self._vqvae, self._vae = model, vqvae, vae
        self._people, self._everybody = people, everybody
        self._noise, self._rng = torch.Generator().manual_seed(0), np.random.default_rng(0)
        count = len(people) * CHAINS
        self._style = torch.from_numpy(np.stack([p.style for p in people])).repeat_interleave(CHAINS, dim=0)
        self._cache = torch.zeros(count, *model.cache_shape())
        self._filled = torch.full((count, model.config.window - 1), -1e9)
        self._token = torch.full((count,), model.tokens)
        self._gaze, self._held_s = torch.zeros(count, 2), torch.ones(count, 2)

    def run(self, tilt: Array, rows: int) -> Array:
        """Mean features per row of every character (P, TILTS) over ``rows`` more rows."""
        given, tilt = self._lent(rows), np.repeat(tilt, CHAINS, axis=0)
        sums = np.zeros((len(self._gaze), TILTS))
        for t in range(rows):
            row = Rows(**{f.name: getattr(given, f.name)[:, t] for f in fields(Rows)})
            row = replace(row, token=self._token, gaze_deg=self._gaze, held_s=self._held_s)
            _, logits, self._cache = self._model.step(row, self._cache, self._filled)
            self._filled = torch.cat([self._filled[:, 1:], torch.zeros(len(logits), 1)], dim=1)
            sums += self._move(logits, tilt)
        return (sums / rows).reshape(len(self._people), CHAINS, TILTS).mean(axis=1)

    def _move(self, logits: Tensor, tilt: Array) -> Array:
        """Draw the next token of every chain; its features (chains, TILTS)."""
        codebook, count = self._vqvae.quantizer.codebook, len(logits)
        before = self._gaze[:, None].expand(-1, len(codebook), -1).flatten(0, 1)
        places, _ = self._vqvae.decode(codebook.expand(count, -1, -1).flatten(0, 1), before)
        gaze = self._gaze.numpy()
        goals = settled(gaze, places.view(count, -1, 2).numpy())
        features = place_features(gaze, goals)
        share = (logits + torch.from_numpy((features @ tilt[..., None])[..., 0]).float()).softmax(dim=-1)
        token = torch.multinomial(share, 1, generator=self._noise)[:, 0]
        chain, chosen = np.arange(count), token.numpy()
        taken = features[chain, chosen]
        since = torch.rand(count, 2, generator=self._noise) * 0.2
        self._held_s = torch.where(torch.from_numpy(taken[:, -2:] > 0), since, self._held_s + 0.2)
        self._token = token
        self._gaze = torch.from_numpy(np.concatenate([gaze[:, None], goals], axis=1)[chain, chosen]).float()
        return taken

    def _lent(self, rows: int) -> Rows:
        """Rows with voices and heads of people in videos, where the set has any."""
        count, m = len(self._gaze), self._model
        lenders = [shelf for kind, shelf in shelves(self._everybody.train).items() if kind != "tracked"]
        speech, hears = torch.zeros(count, rows, SPEECH_FRAMES * m.heard), torch.zeros(count, rows)
        latent, sees = torch.zeros(count, rows, m.latent), torch.zeros(count, rows)
        style = self._style[:, None].repeat(1, rows, 1)
        known = torch.ones_like(style)
        known[..., -1] = 0
        if lenders:
            chosen = [lenders[int(self._rng.integers(len(lenders)))] for _ in range(count)]
            cuts = [shelf.packed(rows, self._everybody.scale, self._rng) for shelf in chosen]
            lent = {k: torch.from_numpy(v) for k, v in stacked(cuts).items()}
            speech, hears, sees = lent["speech"], lent["hears"], lent["head_known"] * lent["valid"]
            latent = self._vae.encode(lent["windows_deg"].flatten(0, 1))[0].view(count, rows, -1)
            style[..., -1], known[..., -1] = lent["style"][..., -1], lent["style_known"][..., -1]
        whole = torch.zeros(count, rows)
        return Rows(
            speech=speech, hears=hears, floor=torch.full((count, rows), FLOOR.index("speaking")),
            source=torch.full((count, rows), TRACKED), style=style, style_known=known, token=whole.long(),
            gaze_deg=torch.zeros(count, rows, 2), held_s=torch.zeros(count, rows, 2), latent=latent, sees=sees,
        )  # fmt: skip


def tilts_of(
    model: Translator, vqvae: GazeVQVAE, vae: HeadVAE, people: list[Character], everybody: People
) -> tuple[Array, dict[str, float]]:
    """The tilt of every character, and how far free running was from people before and after.

    Returns:
        tilts (P, TILTS), see `tilt.place_features`; figures in units of the features.
    """
    target = np.stack([p.moments for p in people])
    spread = np.maximum(target[:, 2:4] - target[:, :2] ** 2, 0.05)
    often = np.maximum(target[:, 4:] * (1 - target[:, 4:]), 0.02)
    scale = np.concatenate([spread, 2 * spread**2 + 0.1, often], axis=1)
    tilt = np.zeros_like(target)
    chains = _Chains(model, vqvae, vae, people, everybody)
    found, taken = [], []
    with torch.no_grad():
        chains.run(tilt, BLOCK_ROWS)
        first = chains.run(tilt, FIRST_BLOCKS * BLOCK_ROWS)
        for block in range(BLOCKS):
            free = chains.run(tilt, BLOCK_ROWS)
            gain = GAIN / (1 + block / 10)
            tilt = np.clip(tilt + gain * (target - free) / scale, -LIMIT, LIMIT)
            if block >= BLOCKS // 2:
                found.append(free)
                taken.append(tilt)
    after = np.mean(found, axis=0)
    figures = {
        "free_gaze_error_before": float(np.abs(first - target).mean()),
        "free_gaze_error": float(np.abs(after - target).mean()),
    }
    return np.mean(taken, axis=0), figures
