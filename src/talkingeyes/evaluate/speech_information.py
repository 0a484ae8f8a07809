"""How much the moments of speech say of the gaze: mutual information and prediction, people and takes alike.

Every frame has one moment of the speaker's own speech (`MOMENTS`). Asked are where the gaze is and, in each .2 s,
whether it leaves the partner or comes back. Chance is the gaze shifted in time in a circle, which keeps all of its own
course and loses the speech. Each person or take is asked alone and all are averaged, for how much somebody looks at the
partner at all is not told by speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.speech_gaze import LEAST_SHIFT_S, RATE_HZ, Talker, pauses_of, turns_of

Array = NDArray[Any]

MOMENTS = ("none", "talks on", "last .75 s of a turn", "after its end", "settles", "own pause", "filled pause", "start")
SOON_S = 0.2
"""A shift counts for the moment so long before it."""
BLOCK_S = 60.0
"""Rates are learned from all other stretches of this length and asked of this one."""
SHIFTS = 300


@dataclass(frozen=True)
class Information:
    """What the moments of speech say of one question.

    Attributes:
        name: the question.
        bits: mutual information of moment and answer per frame, less its mean over shifts in time.
        spread_bits: SD over shifts.
        auc: of telling the answer from the moment, by rates learned elsewhere; .5 says nothing.
        frames: asked.
    """

    name: str
    bits: float
    spread_bits: float
    auc: float
    frames: int


def moments_at(own: Talker, other: Talker, frames: int) -> NDArray[np.int64]:
    """(T,) index into `MOMENTS` at `RATE_HZ`; where two meet, the later one of the list."""
    turns, pauses = turns_of(own.utterances), pauses_of(own.utterances, other.utterances)
    ends = own.utterances[own.hesitant, 1]
    spans = (
        [(a, b) for a, b in turns],
        [(b - 0.75, b) for _, b in turns],
        [(b + 0.1, b + 1.0) for _, b in turns],
        [(a + 0.75, a + 1.5) for a, _ in turns],
        [(a, b) for a, b in pauses],
        [(t - 0.4, t + 0.4) for t in ends],
        [(a - 0.5, a + 0.75) for a, _ in turns],
    )
    out = np.zeros(frames, np.int64)
    for code, of_one in enumerate(spans, start=1):
        for a, b in of_one:
            out[max(0, round(a * RATE_HZ)) : max(0, round(b * RATE_HZ))] = code
    return out


def answers_of(track: Array) -> dict[str, Array]:
    """(T,) 1, 0 or NaN (not asked) for each question, of an on-partner track (1, 0, NaN)."""
    soon = round(SOON_S * RATE_HZ)
    later = np.stack([np.append(track[k:], np.full(k, np.nan)) for k in range(1, soon + 1)])
    known = np.isfinite(track) & np.isfinite(later).all(axis=0)
    away, back = (later == 0).any(axis=0), (later == 1).any(axis=0)
    return {
        "on the partner": track.astype(float),
        f"leaves within {SOON_S} s": np.where(known & (track == 1), away, np.nan),
        f"comes back within {SOON_S} s": np.where(known & (track == 0), back, np.nan),
    }


def information(
    parts: Sequence[tuple[NDArray[np.int64], Array]], rng: np.random.Generator, shifts: int = SHIFTS
) -> list[Information]:
    """Of people or takes together.

    Args:
        parts: moments (`moments_at`) and on-partner track (T,) of each.
        rng: draws the shifts in time.
        shifts: how many.
    """
    asked = [(codes, answers_of(track)) for codes, track in parts]
    out = []
    for name in asked[0][1] if asked else ():
        pairs = [(codes[: len(own[name])], own[name]) for codes, own in asked]
        found = np.mean([_bits(_table(c, a)) for c, a in pairs])
        null = np.array([[_bits(_table(c, _moved(a, rng))) for _ in range(shifts)] for c, a in pairs]).mean(axis=0)
        frames = int(sum(np.isfinite(a).sum() for _, a in pairs))
        out.append(Information(name, float(found - null.mean()), float(null.std()), _auc(pairs), frames))
    return out


def _moved(answer: Array, rng: np.random.Generator) -> Array:
    """The same in a circle, by at least `LEAST_SHIFT_S`."""
    least = min(round(LEAST_SHIFT_S * RATE_HZ), len(answer) // 4)
    return np.roll(answer, int(rng.integers(least, max(len(answer) - least, least + 1))))


def _table(codes: NDArray[np.int64], answer: Array) -> Array:
    """(moments, 2) counts."""
    known = np.isfinite(answer)
    index = codes[known] * 2 + answer[known].astype(np.int64)
    return np.bincount(index, minlength=2 * len(MOMENTS)).reshape(len(MOMENTS), 2).astype(float)


def _bits(table: Array) -> float:
    """Plug-in mutual information of a table of counts."""
    p = table / max(float(table.sum()), 1.0)
    outer = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    inside = p > 0
    return float((p[inside] * np.log2(p[inside] / outer[inside])).sum())


def _auc(pairs: Sequence[tuple[NDArray[np.int64], Array]]) -> float:
    """Area under the curve within each part, averaged: a block is told by the moments' rates in all others."""
    size = round(BLOCK_S * RATE_HZ)
    blocks = [[_table(c[k : k + size], a[k : k + size]) for k in range(0, len(a), size)] for c, a in pairs]
    whole = np.sum([block for own in blocks for block in own], axis=0)
    return float(np.mean([_auc_within(own, whole) for own in blocks]))


def _auc_within(blocks: Sequence[Array], whole: Array) -> float:
    scored: dict[float, Array] = {}
    for block in blocks:
        rest = whole - block
        rate = (rest[:, 1] + 1) / (rest.sum(axis=1) + 2)
        for value, counts in zip(rate.tolist(), block, strict=True):
            scored[value] = scored.get(value, np.zeros(2)) + counts
    ordered = np.array([scored[v] for v in sorted(scored)])
    below = np.concatenate([[0.0], np.cumsum(ordered[:, 0])[:-1]])
    right = (ordered[:, 1] * (below + 0.5 * ordered[:, 0])).sum()
    return float(right / max(ordered[:, 0].sum() * ordered[:, 1].sum(), 1e-9))
