"""Free running brought back to people: a small bias of the gaze logits per character.

Trained on what people did before, a model is right one row at a time, and still drifts when it hears only itself: its
gaze settles nearer to the partner than that of the people it learned from (exposure bias; Bengio et al. 2015, Scheduled
Sampling). The remedy is the smallest change that gives each character his own moments back: the chances of
the next place are multiplied by ``exp(bias . features(place))`` (the exponential family of least divergence under
given means: Jaynes 1957), and the bias is found by stochastic approximation while many chains run freely, with
borrowed voices and heads, as they will in the generator. Speaking and listening have a bias each.

What the chains did last is kept: a take begins with such a past, in the middle of a character's life.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingeyes.generate.gaze_bias import BIASES, FLOORS, SOON_S, counted, place_features, settled
from talkingeyes.models.gaze_head_transformer import FLOOR, GAZE_LEAD, SPEECH_FRAMES, GazeHeadTransformer, Rows
from talkingeyes.models.gaze_vqvae import GazeVQVAE
from talkingeyes.models.head_vae import STEP_SAMPLES, HeadVAE
from talkingeyes.train.people import TRACKED, People, shelves
from talkingeyes.train.rows import cut_rows, stacked
from talkingeyes.train.sequences import RATE_HZ, ClipRows

Array = NDArray[Any]

CHAINS = 12
BLOCK_ROWS, BLOCKS, FIRST_BLOCKS = 24, 60, 3
OWN_ROWS = 100.0
"""Somebody seen for so many rows counts half, the average of all people the other half."""
GAIN, LIMIT = 0.5, 1.5
SPEAKING = FLOOR.index("speaking")
SHIFTS, TURNS = 4, 5
"""Features of a place: whether the gaze shifts, and whether it leaves the partner or comes back."""
ROW_S = STEP_SAMPLES / RATE_HZ


@dataclass(frozen=True)
class Character:
    """Somebody to be like.

    Attributes:
        style: (S,) standardised.
        moments: (FLOORS, BIASES) of his gaze while he listens and while he speaks.
        rows: (FLOORS,) that he was seen.
    """

    style: NDArray[np.float32]
    moments: Array
    rows: Array


@dataclass(frozen=True)
class FreeRunning:
    """What makes characters run freely as they should.

    Attributes:
        biases: (FLOORS, P, BIASES) see `gaze_bias.place_features`.
        past_gaze_deg: (FLOORS, P, CHAINS, 2) where gazes were, relative to the partner.
        past_tokens: (FLOORS, P, CHAINS, window) what they did next.
        figures: how far free running was from people before and after, in units of the features.
    """

    biases: Array
    past_gaze_deg: Array
    past_tokens: NDArray[np.int64]
    figures: dict[str, float]


def characters(everybody: People) -> dict[str, Character]:
    """Eye-tracked people who were seen speaking, by group.

    Moments are drawn to the average of all, which looks to neither side, where little of somebody was seen.
    """
    own: dict[str, list[ClipRows]] = {}
    for s in (*everybody.train, *everybody.val):
        if s.source == TRACKED:
            own.setdefault(s.group, []).append(s)
    seen = {group: _moments(people, everybody) for group, people in sorted(own.items())}
    seen = {group: found for group, found in seen.items() if found[1][SPEAKING] > 0}
    if not seen:
        return {}
    known = np.array([rows > 0 for _, rows in seen.values()], float)
    everyone = np.array([mean for mean, _ in seen.values()])
    average = (everyone * known[..., None]).sum(axis=0) / np.maximum(known.sum(axis=0), 1)[:, None]
    average[:, 0] = 0.0
    average = np.where(known.any(axis=0)[:, None], average, average[SPEAKING])
    return {
        group: Character(
            everybody.scale.standard(own[group][0].style)[0].astype(np.float32),
            (rows[:, None] * mean + OWN_ROWS * average) / (rows[:, None] + OWN_ROWS),
            rows,
        )
        for group, (mean, rows) in seen.items()
    }


def _moments(sequences: list[ClipRows], everybody: People) -> tuple[Array, Array]:
    """(FLOORS, BIASES) mean features of the gaze while listening and while speaking, and (FLOORS,) rows of each."""
    sums, rows = np.zeros((FLOORS, BIASES)), np.zeros(FLOORS)
    for s in sequences:
        cut = cut_rows(s, -GAZE_LEAD * STEP_SAMPLES, len(s) // STEP_SAMPLES, everybody.scale, np.random.default_rng(0))
        for floor in range(FLOORS):
            counts = (cut["gaze_known"] > 0) & (cut["floor"] == floor)
            sums[floor] += _seen_features(cut["target_deg"], cut["shift"], counts)[counts].sum(axis=0)
            rows[floor] += float(counts.sum())
    return sums / np.maximum(rows, 1.0)[:, None], rows


def _seen_features(places_deg: Array, shift: Array, seen: NDArray[np.bool_]) -> Array:
    """(T, BIASES) features of the places (T, 2) that somebody's gaze went to, settled one after the other.

    As in the statistics of bouts, a crossing back within one row (.2 s) is none: the tracker trembles.
    """
    out, gaze = np.zeros((len(places_deg), BIASES)), places_deg[0]
    for t, place in enumerate(places_deg):
        goes = settled(gaze, place[None])[0] if seen[t] and (t == 0 or seen[t - 1]) else place
        out[t] = place_features(gaze, goes[None])[int(shift[t] > 0)]
        gaze = goes
    turns = out[:, TURNS]
    short = np.flatnonzero((turns[1:] > 0) & (turns[:-1] > 0))
    turns[short] = turns[short + 1] = 0.0
    at = np.flatnonzero(turns)
    out[:, -1] = 0.0
    out[at[1:], -1] = np.diff(at) <= round(SOON_S / ROW_S)
    return out


class _Chains:
    """`CHAINS` free-running gazes per character, who all listen or all speak, with borrowed voices and heads."""

    def __init__(
        self,
        model: GazeHeadTransformer,
        vqvae: GazeVQVAE,
        vae: HeadVAE,
        people: list[Character],
        everybody: People,
        floor: int,
    ) -> None:
        self._model, self._vqvae, self._vae = model, vqvae, vae
        self._people, self._everybody, self._floor = people, everybody, floor
        self._noise, self._rng = torch.Generator().manual_seed(0), np.random.default_rng(0)
        count = len(people) * CHAINS
        self._style = torch.from_numpy(np.stack([p.style for p in people])).repeat_interleave(CHAINS, dim=0)
        self._cache = torch.zeros(count, *model.cache_shape())
        self._filled = torch.full((count, model.config.window - 1), -1e9)
        self._token = torch.full((count,), model.tokens)
        self._gaze, self._held_s = torch.zeros(count, 2), torch.ones(count, 2)

    def run(self, bias: Array, rows: int) -> Array:
        """Mean features per row of every character (P, BIASES) over ``rows`` more rows, which `past` remembers."""
        given, bias = self._lent(rows), np.repeat(bias, CHAINS, axis=0)
        sums = np.zeros((len(self._gaze), BIASES))
        begun_deg, tokens = self._gaze.numpy(), []
        for t in range(rows):
            row = Rows(**{f.name: getattr(given, f.name)[:, t] for f in fields(Rows)})
            row = replace(row, token=self._token, gaze_deg=self._gaze, held_s=self._held_s)
            _, logits, self._cache = self._model.step(row, self._cache, self._filled)
            self._filled = torch.cat([self._filled[:, 1:], torch.zeros(len(logits), 1)], dim=1)
            sums += self._move(logits, bias)
            tokens.append(self._token.numpy())
        by_chain = len(self._people), CHAINS, -1
        self.past = begun_deg.reshape(by_chain), np.stack(tokens, axis=1).reshape(by_chain)
        return (sums / rows).reshape(len(self._people), CHAINS, BIASES).mean(axis=1)

    def _move(self, logits: Tensor, bias: Array) -> Array:
        """Draw the next token of every chain; its features (chains, BIASES)."""
        codebook, count = self._vqvae.quantizer.codebook, len(logits)
        before = self._gaze[:, None].expand(-1, len(codebook), -1).flatten(0, 1)
        places, _ = self._vqvae.decode(codebook.expand(count, -1, -1).flatten(0, 1), before)
        gaze = self._gaze.numpy()
        goals = settled(gaze, places.view(count, -1, 2).numpy())
        features = place_features(gaze, goals) * counted(self._held_s[:, 1].numpy())[:, None]
        share = (logits + torch.from_numpy((features @ bias[..., None])[..., 0]).float()).softmax(dim=-1)
        token = torch.multinomial(share, 1, generator=self._noise)[:, 0]
        chain, chosen = np.arange(count), token.numpy()
        taken = features[chain, chosen]
        since = torch.rand(count, 2, generator=self._noise) * ROW_S
        self._held_s = torch.where(torch.from_numpy(taken[:, SHIFTS : TURNS + 1] > 0), since, self._held_s + ROW_S)
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
        speaks = self._floor == SPEAKING
        if lenders:
            chosen = [lenders[int(self._rng.integers(len(lenders)))] for _ in range(count)]
            cuts = [shelf.packed(rows, self._everybody.scale, self._rng) for shelf in chosen]
            lent = {k: torch.from_numpy(v) for k, v in stacked(cuts).items()}
            hears, sees = lent["hears"], lent["head_known"] * lent["valid"]
            if speaks:
                speech = lent["speech"]
            else:
                hears = hears * torch.from_numpy(self._rng.random((count, 1)) < 0.5)
            latent = self._vae.encode(lent["windows_deg"].flatten(0, 1))[0].view(count, rows, -1)
            style[..., -1], known[..., -1] = lent["style"][..., -1], lent["style_known"][..., -1]
        whole = torch.zeros(count, rows)
        return Rows(
            speech=speech, hears=hears, floor=torch.full((count, rows), self._floor),
            source=torch.full((count, rows), TRACKED), style=style, style_known=known, token=whole.long(),
            gaze_deg=torch.zeros(count, rows, 2), held_s=torch.zeros(count, rows, 2), latent=latent, sees=sees,
        )  # fmt: skip


def run_free(
    model: GazeHeadTransformer, vqvae: GazeVQVAE, vae: HeadVAE, people: list[Character], everybody: People
) -> FreeRunning:
    """Let every character listen and speak for a while: his biases and pasts; none of both where nobody is known."""
    if not people:
        nobody = FLOORS, 1
        return FreeRunning(np.zeros((*nobody, BIASES)), np.zeros((*nobody, 1, 2)), np.zeros((*nobody, 1, 0), int), {})
    with torch.no_grad():
        each = [_run_free(model, vqvae, vae, people, everybody, floor) for floor in range(FLOORS)]
    figures = {
        f"free_gaze_error_{name}": float(np.mean([figure[name] for *_, figure in each])) for name in ("before", "after")
    }
    biases, gaze, tokens = (np.stack(parts) for parts in list(zip(*each, strict=True))[:3])
    return FreeRunning(biases, gaze, tokens, figures)


def _run_free(
    model: GazeHeadTransformer, vqvae: GazeVQVAE, vae: HeadVAE, people: list[Character], everybody: People, floor: int
) -> tuple[Array, Array, Array, dict[str, float]]:
    """Biases (P, BIASES), past gaze and tokens of one floor, and how far off before and after."""
    target = np.stack([p.moments[floor] for p in people])
    spread = np.maximum(target[:, 2:4] - target[:, :2] ** 2, 0.05)
    often = np.maximum(target[:, 4:] * (1 - target[:, 4:]), 0.02)
    scale = np.concatenate([spread, 2 * spread**2 + 0.1, often], axis=1)
    bias = np.zeros_like(target)
    chains = _Chains(model, vqvae, vae, people, everybody, floor)
    found, taken = [], []
    chains.run(bias, BLOCK_ROWS)
    first = chains.run(bias, FIRST_BLOCKS * BLOCK_ROWS)
    for block in range(BLOCKS):
        free = chains.run(bias, BLOCK_ROWS)
        gain = GAIN / (1 + block / 10)
        bias = np.clip(bias + gain * (target - free) / scale, -LIMIT, LIMIT)
        if block >= BLOCKS // 2:
            found.append(free)
            taken.append(bias)
    after = np.mean(found, axis=0)
    figures = {"before": float(np.abs(first - target).mean()), "after": float(np.abs(after - target).mean())}
    bias = np.mean(taken, axis=0)
    chains.run(bias, model.config.window)
    return bias, *chains.past, figures
