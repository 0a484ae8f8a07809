"""Sequences cut into the translator's rows of 0.2 s: several cuts packed into one long row of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.models.gaze_head_transformer import FLOOR, GAZE_LEAD, SPEECH_FRAMES
from talkingeyes.models.head_vae import STEP_SAMPLES, WINDOW_SAMPLES
from talkingeyes.train.sequences import AVERTED_DEG, RATE_HZ, ClipRows, StyleScale

Array = NDArray[Any]
ClipTrack = dict[str, Array]

_AHEAD = GAZE_LEAD * STEP_SAMPLES
SHORT_OFFSET_DEG = 3.0
"""Short clips are centred on themselves; where their head stood about its longer mean is unknown and drawn anew."""
LONG_S = 4.0
INTEGERS = ("floor", "source", "clip")


def cut_rows(s: ClipRows, first: int, rows: int, scale: StyleScale, rng: np.random.Generator) -> ClipTrack:
    """``rows`` rows of a sequence from sample ``first`` on; rows beyond its end are not valid.

    Returns:
        speech (T, SPEECH_FRAMES * features), hears (T,), floor (T,), source (T,), style and style_known (T, styles);
        shift (T,) a saccade starts ``GAZE_LEAD`` rows later, share (T,) when within that row, before_deg and
        target_deg (T, 2) the gaze before and after that row, held_s (T, 2) time since the last shift and since the
        gaze came to or left the partner, gaze_known and before_known (T,); windows_deg (T, WINDOW_SAMPLES, 3) the
        head from each row's start on, head_known (T,); valid (T,).
    """
    span = rows * STEP_SAMPLES
    at = np.arange(rows) * STEP_SAMPLES
    speech = _padded(s.speech, first, span + SPEECH_FRAMES)
    head = _padded(s.head_deg, first, span + STEP_SAMPLES, edge=True)
    if len(s) < LONG_S * RATE_HZ:
        head = head + rng.normal(0.0, SHORT_OFFSET_DEG, 3)
    head_known = _padded(s.head_known, first, span + STEP_SAMPLES)
    window = at[:, None] + np.arange(WINDOW_SAMPLES)
    style, known = scale.standard(s.style)
    return {
        "speech": speech[at[:, None] + np.arange(SPEECH_FRAMES)].reshape(rows, -1),
        "hears": np.full(rows, float(s.hears)),
        "floor": _padded(s.floor, first + _AHEAD, span, edge=True)[at],
        "source": np.full(rows, s.source),
        "style": np.tile(style, (rows, 1)),
        "style_known": np.tile(known, (rows, 1)),
        "windows_deg": head[window],
        "head_known": head_known[window].all(axis=1).astype(float),
        "valid": (first + at + STEP_SAMPLES <= len(s)).astype(float),
        **_gaze_rows(s, first + _AHEAD, rows, rng),
    }


def _gaze_rows(s: ClipRows, first: int, rows: int, rng: np.random.Generator) -> ClipTrack:
    span = rows * STEP_SAMPLES
    index = first + np.arange(span)
    inside = (index >= 0) & (index < len(s))
    onset = (_padded(s.onset, first, span).astype(bool) & inside).reshape(rows, STEP_SAMPLES)
    known = (_padded(s.gaze_known, first, span).astype(bool) & inside).reshape(rows, STEP_SAMPLES).all(axis=1)
    target = _padded(s.target_deg, first, span, edge=True).reshape(rows, STEP_SAMPLES, 2)
    last = STEP_SAMPLES - 1 - onset[:, ::-1].argmax(axis=1)
    after = target[:, -1]
    before = np.concatenate([_padded(s.target_deg, first - 1, 1, edge=True), after[:-1]])
    averted = np.hypot(*s.target_deg.T) > AVERTED_DEG
    turned = np.concatenate([[False], averted[1:] != averted[:-1]])
    before_known = np.concatenate([_padded(s.gaze_known, first - 1, 1).astype(bool), known[:-1]])
    return {
        "shift": (onset.any(axis=1) & known).astype(float),
        "share": (last + rng.uniform(0, 1, rows)) / STEP_SAMPLES,
        "before_deg": before,
        "target_deg": after,
        "held_s": np.stack([_since(s.onset, first, rows), _since(turned, first, rows)], axis=1),
        "gaze_known": (known & before_known).astype(float),
        "before_known": before_known.astype(float),
    }


def _since(event: NDArray[np.bool_], first: int, rows: int) -> Array:
    """(rows,) seconds since the last event before each row's start; since the sequence's start where there is none."""
    last = np.maximum.accumulate(np.where(event, np.arange(len(event)), 0))
    at = first + np.arange(rows) * STEP_SAMPLES
    return np.maximum(at - last[np.clip(at - 1, 0, len(event) - 1)], 0) / RATE_HZ


def _padded(values: Array, first: int, count: int, *, edge: bool = False) -> Array:
    """``count`` samples from ``first`` on; beyond the ends zeros, or the end's value."""
    index = first + np.arange(count)
    taken = values[np.clip(index, 0, len(values) - 1)].copy()
    if not edge:
        taken[(index < 0) | (index >= len(values))] = 0
    return taken


@dataclass(frozen=True, eq=False)
class ClipPool:
    """Sequences of one kind and how likely each is drawn."""

    sequences: tuple[ClipRows, ...]
    weight: Array

    @staticmethod
    def of(sequences: Sequence[ClipRows], *, people_alike: bool = False) -> ClipPool:
        """Longer ones more often.

        Args:
            sequences: of one kind.
            people_alike: somebody's share grows with the square root of his length only, so that a person who was
                seen for a minute is heard beside one who was seen for ten.
        """
        lengths = np.array([len(s) for s in sequences], float)
        if people_alike:
            groups = [s.group for s in sequences]
            whole = {g: sum(len(s) for s in sequences if s.group == g) for g in set(groups)}
            lengths /= np.sqrt([max(whole[g], 1) for g in groups])
        return ClipPool(tuple(sequences), lengths / max(lengths.sum(), 1.0))

    def packed(self, rows: int, scale: StyleScale, rng: np.random.Generator) -> ClipTrack:
        """Cuts at random places, one after the other until ``rows`` rows are full; ``clip`` numbers them."""
        cuts: list[ClipTrack] = []
        room = rows
        while room > 0:
            s = self.sequences[int(rng.choice(len(self.sequences), p=self.weight))]
            own = max(1, len(s) // STEP_SAMPLES)
            count = min(room, own)
            spare = len(s) - count * STEP_SAMPLES
            first = int(rng.integers(0, spare + 1)) if spare > 0 else 0
            cut = cut_rows(s, first, count, scale, rng)
            cuts.append({**cut, "clip": np.full(count, len(cuts))})
            room -= count
        return {name: np.concatenate([c[name] for c in cuts]) for name in cuts[0]}


def with_donor(gaze: ClipTrack, donor: ClipTrack, rng: np.random.Generator) -> ClipTrack:
    """An eye-tracked person's gaze with the voice and head of somebody else.

    The eye tracker heard nothing and saw no head, the videos look into a camera: a model would learn that whoever is
    heard looks into a camera. Strangers' voices and heads beside tracked gaze unlearn that, and no more: they carry
    nothing about the gaze but that there is a voice. A listener's own voice is silent. The lender's activity of the
    head comes along, for else to know it would mean to be in a video.
    """
    speaks = (gaze["floor"] == FLOOR.index("speaking")) | (gaze["floor"] == FLOOR.index("unknown"))
    quiet = rng.random() < 0.5
    style = gaze["style"].copy(), gaze["style_known"].copy()
    style[0][:, -1], style[1][:, -1] = donor["style"][:, -1], donor["style_known"][:, -1]
    return {
        **gaze,
        "style": style[0],
        "style_known": style[1],
        "speech": donor["speech"] * speaks[:, None],
        "hears": np.where(speaks, donor["hears"], 0.0 if quiet else 1.0),
        "windows_deg": donor["windows_deg"],
        "borrowed": donor["head_known"] * donor["valid"],
    }


def stacked(cuts: Sequence[ClipTrack]) -> ClipTrack:
    """Cuts of one length as a batch: float32, and int64 for indices."""
    out = {}
    for name in cuts[0]:
        table = np.stack([c[name] for c in cuts])
        out[name] = table.astype(np.int64 if name in INTEGERS else np.float32)
    return out
