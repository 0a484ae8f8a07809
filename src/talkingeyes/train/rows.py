"""Sequences cut into the translator's rows of 0.2 s, at random places and phases, padded to one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.models.head_vae import STEP_SAMPLES, WINDOW_SAMPLES
from talkingeyes.models.translator import GAZE_LEAD, SPEECH_FRAMES, STYLES
from talkingeyes.train.sequences import AVERTED_DEG, RATE_HZ, Sequence50, StyleScale

Array = NDArray[Any]
STEP_S = STEP_SAMPLES / RATE_HZ
_AHEAD = GAZE_LEAD * STEP_SAMPLES
SHORT_OFFSET_DEG = np.array([3.0, 3.0, 3.0])
"""Short clips were centred on themselves; where their head stood about its longer mean is unknown and drawn anew."""
LONG_S = 4.0


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of B cuts of T rows; numpy.

    Attributes:
        speech: (B, T, SPEECH_FRAMES * SPEECH_FEATURES).
        hears: (B, T).
        floor, source: (B, T) indices.
        style, style_known: (B, T, len(STYLES)).
        shift: (B, T) a shift is decided in this row (its onset lies GAZE_LEAD rows ahead).
        share: (B, T) its onset within the row, 0..1.
        before_deg, target_deg: (B, T, 2) gaze before and after the row.
        held_s: (B, T, 2) before the row: time since the last shift, since the gaze came to or left the partner.
        gaze_known: (B, T) the row's gaze counts; before_known: (B, T) what was before is known.
        windows_deg: (B, T, WINDOW_SAMPLES, 3) head from each row's start on.
        head_known: (B, T) of the whole window.
        valid: (B, T) inside the clip.
    """

    speech: Array
    hears: Array
    floor: Array
    source: Array
    style: Array
    style_known: Array
    shift: Array
    share: Array
    before_deg: Array
    target_deg: Array
    held_s: Array
    gaze_known: Array
    before_known: Array
    windows_deg: Array
    head_known: Array
    valid: Array


def cut(s: Sequence50, first: int, rows: int, scale: StyleScale, rng: np.random.Generator) -> dict[str, Array]:
    """``rows`` rows of a sequence from sample ``first`` on; rows beyond its end are not valid."""
    span = rows * STEP_SAMPLES
    gaze = _gaze_rows(s, first + _AHEAD, rows, rng)
    speech = _padded(s.speech, first, span + SPEECH_FRAMES).reshape(-1, s.speech.shape[1])
    at = np.arange(rows)[:, None] * STEP_SAMPLES
    head = _padded(s.head_deg, first, span + STEP_SAMPLES, edge=True)
    if len(s) < LONG_S * RATE_HZ:
        head = head + rng.normal(0.0, SHORT_OFFSET_DEG)
    head_known = _padded(s.head_known, first, span + STEP_SAMPLES)
    window = at + np.arange(WINDOW_SAMPLES)
    style, known = scale.standard(s.style)
    floor = _padded(s.floor, first + _AHEAD, span, edge=True)[at[:, 0]]
    return {
        "speech": speech[at + np.arange(SPEECH_FRAMES)].reshape(rows, -1),
        "hears": np.full(rows, float(s.hears)),
        "floor": floor,
        "source": np.full(rows, s.source),
        "style": np.tile(style, (rows, 1)),
        "style_known": np.tile(known, (rows, 1)),
        "windows_deg": head[window],
        "head_known": head_known[window].all(axis=1).astype(float),
        "valid": (first + at[:, 0] + STEP_SAMPLES <= len(s)).astype(float),
        **gaze,
    }


def _gaze_rows(s: Sequence50, first: int, rows: int, rng: np.random.Generator) -> dict[str, Array]:
    span = rows * STEP_SAMPLES
    index = first + np.arange(span)
    inside = (index >= 0) & (index < len(s))
    onset = (_padded(s.onset, first, span).astype(bool) & inside).reshape(rows, STEP_SAMPLES)
    known = (_padded(s.gaze_known, first, span).astype(bool) & inside).reshape(rows, STEP_SAMPLES).all(axis=1)
    target = _padded(s.target_deg, first, span, edge=True).reshape(rows, STEP_SAMPLES, 2)
    shift = onset.any(axis=1)
    last = STEP_SAMPLES - 1 - onset[:, ::-1].argmax(axis=1)
    share = (last + rng.uniform(0, 1, rows)) / STEP_SAMPLES
    after = target[:, -1]
    before = np.concatenate([_padded(s.target_deg, first - 1, 1, edge=True), after[:-1]])
    since = _since(s.onset, first, rows)
    averted = np.hypot(*s.target_deg.T) > AVERTED_DEG
    turned = np.concatenate([[False], averted[1:] != averted[:-1]])
    before_known = np.concatenate([_padded(s.gaze_known, first - 1, 1).astype(bool), known[:-1]])
    return {
        "shift": (shift & known).astype(float),
        "share": share,
        "before_deg": before,
        "target_deg": after,
        "held_s": np.stack([since, _since(turned, first, rows)], axis=1),
        "gaze_known": (known & before_known).astype(float),
        "before_known": before_known.astype(float),
    }


def _since(event: NDArray[np.bool_], first: int, rows: int) -> Array:
    """(rows,) seconds since the last event before each row's start; since the sequence's start where there is none."""
    index = np.arange(len(event))
    last = np.maximum.accumulate(np.where(event, index, 0))
    at = first + np.arange(rows) * STEP_SAMPLES
    before = np.clip(at - 1, 0, len(event) - 1)
    return np.maximum(at - last[before], 0) / RATE_HZ


def _padded(values: Array, first: int, count: int, *, edge: bool = False) -> Array:
    """``count`` samples from ``first`` on; beyond the ends zeros, or the end's value."""
    index = first + np.arange(count)
    taken = values[np.clip(index, 0, len(values) - 1)]
    if edge:
        return taken
    outside = (index < 0) | (index >= len(values))
    taken = taken.copy()
    taken[outside] = 0
    return taken


def batch_of(
    sequences: Sequence[Sequence50], weights: Array, size: int, rows: int, scale: StyleScale, rng: np.random.Generator
) -> Batch:
    """Cuts at random places: a clip by ``weights`` (B,), then a start anywhere in it that leaves something to see."""
    chosen = rng.choice(len(sequences), size, p=weights / weights.sum())
    cuts = []
    for i in chosen:
        s = sequences[i]
        spare = len(s) - rows * STEP_SAMPLES
        first = (
            int(rng.integers(-STEP_SAMPLES, max(spare, 0) + STEP_SAMPLES))
            if spare > -STEP_SAMPLES
            else int(rng.integers(0, STEP_SAMPLES))
        )
        cuts.append(cut(s, max(first, 0), rows, scale, rng))
    fields: dict[str, Array] = {}
    for name in cuts[0]:
        table = np.stack([c[name] for c in cuts])
        fields[name] = table.astype(np.int64) if name in ("floor", "source") else table.astype(np.float32)
    return Batch(**fields)
