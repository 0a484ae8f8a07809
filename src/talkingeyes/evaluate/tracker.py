"""What an eye tracker does to gaze: it merges, it is noisy, and it loses sight, of large shifts most of all.

Generated gaze is complete and exact, tracked gaze is neither. Before the two are compared (`observer`) the generated
one goes through a model of the tracker that is fitted to the tracked one: `Tracker.fitted(real).seen(generated)`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.eye_tracker import BREAK_S, SACCADE_GAP_S, Fixations
from talkingeyes.generate import saccade

Array = NDArray[Any]

SIZE_EDGES_DEG = (0.0, 1.0, 2.0, 3.0, 8.0, 16.0, 22.0, 30.0, 180.0)
"""Bins of the size of a shift; how often it is lost rises with the size."""
SAMPLE_S = 1 / 90
"""The tracker's sampling interval; fixations start and end on it."""
MIN_FIXATION_S = 10 * SAMPLE_S
"""The tracker's filter knows no shorter fixation."""
NOISE_DEG = 0.15
"""SD per axis of a fixation's place as the tracker reports it, around where the eye was."""
MERGE_GAP_S = 0.3
"""Two looks at one place with a shorter gap between them are one look."""
LEAST_LOST = 5
"""Fewer lost shifts in a bin borrow the lengths of all bins."""
FIT_ROUNDS, FIT_GAIN, FIT_STEP = 8, 0.7, 2.0
"""Rounds in which a tracker is fitted, how much of what is off each takes back, and its largest factor."""
LEAST_TO_FIT = 100
"""Of fewer shifts losses are counted and no more."""
MOST_LOST = 0.98


@dataclass(frozen=True, eq=False)
class Tracker:
    """How a tracker loses sight.

    Attributes:
        lost: (bins,) probability that a shift of a size is followed by lost tracking.
        lengths_s: per bin, lengths of lost stretches to draw from.
        blinks_per_s: lost stretches inside a look at one place, per second of it.
        blink_lengths_s: their lengths.
    """

    lost: Array
    lengths_s: tuple[Array, ...]
    blinks_per_s: float
    blink_lengths_s: Array

    @classmethod
    def fitted(cls, pieces: Sequence[Fixations]) -> Tracker:
        """The tracker that, had it seen the same people's gaze without gaps, would have lost of it what was lost.

        Lost stretches swallow shifts and run into one another, so what is counted in tracked gaze is not what to draw
        from: with counts alone people's own gaze, completed and lost anew, has a tenth fewer looks than before. So
        the counts are moved until the gaze lost anew shows them again (indirect inference; Gourieroux, Monfort &
        Renault 1993).
        """
        goal = found = cls.counted(pieces)
        if sum(p.start_s.size for p in pieces) - len(pieces) < LEAST_TO_FIT or not goal.lost.any():
            return goal
        whole = [completed(p) for p in pieces]
        for turn in range(FIT_ROUNDS):
            seen = found.seen(whole, np.random.default_rng(turn), noise_deg=0.0)
            found = found.moved(goal, cls.counted(seen))
        return found

    def moved(self, goal: Tracker, seen: Tracker) -> Tracker:
        """Nearer to what shows ``goal`` where this one shows ``seen``."""

        def factor(wanted: Array | float, is_now: Array | float) -> Array:
            ratio = np.maximum(wanted, 1e-9) / np.maximum(is_now, 1e-9)
            return np.clip(ratio, 1 / FIT_STEP, FIT_STEP) ** FIT_GAIN

        longer = factor(_mean_s(goal.lengths_s), _mean_s(seen.lengths_s))
        blinks = factor(_mean_s([goal.blink_lengths_s]), _mean_s([seen.blink_lengths_s]))
        return Tracker(
            np.minimum(self.lost * factor(goal.lost, seen.lost), MOST_LOST),
            tuple(own * longer for own in self.lengths_s),
            self.blinks_per_s * float(factor(goal.blinks_per_s, seen.blinks_per_s)),
            self.blink_lengths_s * blinks,
        )

    @classmethod
    def counted(cls, pieces: Sequence[Fixations]) -> Tracker:
        """When tracked fixations lost sight and for how long, as they show it."""
        gap = np.concatenate([p.start_s[1:] - p.end_s[:-1] for p in pieces] or [np.zeros(0)])
        size = np.concatenate([shift_sizes_deg(p) for p in pieces] or [np.zeros(0)])
        seen_s = float(sum((p.end_s - p.start_s).sum() for p in pieces))
        is_lost = gap > SACCADE_GAP_S
        bins = np.searchsorted(SIZE_EDGES_DEG, size, side="right") - 1
        share, lengths = [], []
        for b in range(1, len(SIZE_EDGES_DEG) - 1):
            inside = bins == b
            own = gap[inside & is_lost]
            share.append((own.size + 0.5) / (inside.sum() + 1) if is_lost.any() else 0.0)
            lengths.append(own if own.size >= LEAST_LOST else gap[is_lost])
        here = gap[is_lost & (bins == 0)]
        return cls(np.array(share), tuple(lengths), here.size / max(seen_s, 1e-9), here)

    def seen(
        self, pieces: Sequence[Fixations], rng: np.random.Generator, noise_deg: float = NOISE_DEG
    ) -> list[Fixations]:
        """What the tracker would have reported of complete gaze; cut where it was lost for long."""
        out: list[Fixations] = []
        for piece in pieces:
            out += list(split_at_breaks(self._through(piece, rng, noise_deg)))
        return out

    def _through(self, piece: Fixations, rng: np.random.Generator, noise_deg: float) -> Fixations:
        """One piece with stretches taken out, on the tracker's clock."""
        begin, end = self._lost_stretches(piece, rng)
        start_s, end_s, index = [], [], []
        for i, (a, b) in enumerate(zip(piece.start_s, piece.end_s, strict=True)):
            for c, d in _what_is_left(a, b, begin, end):
                start_s.append(np.ceil(c / SAMPLE_S) * SAMPLE_S)
                end_s.append(np.floor(d / SAMPLE_S) * SAMPLE_S)
                index.append(i)
        first, last = np.array(start_s), np.array(end_s)
        keep = last - first >= MIN_FIXATION_S - 1e-9 if first.size else np.zeros(0, bool)
        kept = np.array(index, int)[keep]
        noise = rng.normal(0, noise_deg, (2, kept.size))
        return replace(
            piece, start_s=first[keep], end_s=last[keep],
            yaw_deg=piece.yaw_deg[kept] + noise[0], pitch_deg=piece.pitch_deg[kept] + noise[1],
        )  # fmt: skip

    def _lost_stretches(self, piece: Fixations, rng: np.random.Generator) -> tuple[Array, Array]:
        """Begin and end of every stretch without sight, in time order (they may overlap)."""
        bins = np.searchsorted(SIZE_EDGES_DEG, shift_sizes_deg(piece), side="right") - 2
        begin, end = [], []
        for i, b in enumerate(bins):
            if b >= 0 and rng.random() < self.lost[b]:
                begin.append(piece.end_s[i])
                end.append(piece.end_s[i] + rng.choice(self.lengths_s[b]))
        if self.blink_lengths_s.size and piece.end_s.size:
            span = piece.end_s[-1] - piece.start_s[0]
            for at in rng.uniform(0, span, rng.poisson(self.blinks_per_s * span)):
                begin.append(piece.start_s[0] + at)
                end.append(begin[-1] + rng.choice(self.blink_lengths_s))
        order = np.argsort(begin)
        return np.array(begin)[order], np.array(end)[order]


def _mean_s(lengths_s: Sequence[Array]) -> float:
    drawn = np.concatenate([np.zeros(0), *lengths_s])
    return float(drawn.mean()) if drawn.size else 0.0


def _what_is_left(a: float, b: float, begin: Array, end: Array) -> Iterator[tuple[float, float]]:
    """The parts of [a, b] outside the lost stretches."""
    at = a
    for i in np.flatnonzero((begin < b) & (end > a)):
        if begin[i] > at:
            yield at, float(begin[i])
        at = max(at, float(end[i]))
    if at < b:
        yield at, b


def shift_sizes_deg(piece: Fixations) -> Array:
    """(N - 1,) distances between consecutive fixations."""
    across = np.diff(piece.yaw_deg) * np.cos(np.radians(piece.pitch_deg[:-1]))
    return np.hypot(across, np.diff(piece.pitch_deg))


def split_at_breaks(piece: Fixations, break_s: float = BREAK_S) -> Iterator[Fixations]:
    """The stretches of a piece without a gap longer than ``break_s``."""
    cuts = np.flatnonzero(piece.start_s[1:] - piece.end_s[:-1] > break_s) + 1
    for a, b in itertools.pairwise([0, *cuts.tolist(), len(piece.start_s)]):
        if b > a:
            yield part_of(piece, slice(a, b))


def part_of(piece: Fixations, index: slice | Array) -> Fixations:
    """Some of the fixations."""
    arrays = {k: getattr(piece, k)[index] for k in ("start_s", "end_s", "yaw_deg", "pitch_deg")}
    return replace(piece, **arrays)


def merged(piece: Fixations, within_deg: float) -> Fixations:
    """Consecutive fixations within ``within_deg`` of the look's mean so far, no long gap between, as one look."""
    if within_deg <= 0 or len(piece.start_s) < 2:
        return piece
    point = np.stack([piece.yaw_deg, piece.pitch_deg], 1)
    length = piece.end_s - piece.start_s
    first, places = [0], [point[0]]
    weight = length[0]
    for i in range(1, len(point)):
        near = float(np.hypot(*(point[i] - places[-1]))) < within_deg
        if near and piece.start_s[i] - piece.end_s[i - 1] <= MERGE_GAP_S:
            weight += length[i]
            places[-1] = places[-1] + (point[i] - places[-1]) * length[i] / weight
        else:
            first.append(i)
            places.append(point[i])
            weight = length[i]
    last = np.append(np.array(first[1:], int) - 1, len(point) - 1)
    place = np.array(places)
    return replace(
        piece, start_s=piece.start_s[first], end_s=piece.end_s[last], yaw_deg=place[:, 0], pitch_deg=place[:, 1]
    )


def completed(piece: Fixations) -> Fixations:
    """The same looks without lost tracking, the lost time cut out: a stand-in for gaze as a tracker receives it."""
    gap = piece.start_s[1:] - piece.end_s[:-1]
    size = np.radians(shift_sizes_deg(piece))
    too_long = np.where(gap > SACCADE_GAP_S, gap - saccade.duration_s(size), 0.0)
    earlier = np.concatenate([[0.0], np.cumsum(too_long)])
    return replace(piece, start_s=piece.start_s - earlier, end_s=piece.end_s - earlier)
