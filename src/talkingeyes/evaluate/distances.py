"""Distances between bodies of motion: Frechet, diversity of takes, spread, beat alignment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ
from talkingeyes.evaluate.events import running_mean, window_frames
from talkingeyes.evaluate.head_signal import head_speed_deg_s
from talkingeyes.evaluate.observation import Observation

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

Array = NDArray[Any]

VELOCITY_LAG_S = 0.2
"""Velocities are displacements over this time, so that they do not depend on the frame rate."""
WINDOW_S = 4.0
BEAT_SIGMA_S = 0.3
SHIFTS = 100


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean (D,) and covariance (D, D) of samples."""

    count: float
    mean: Array
    covariance: Array

    @classmethod
    def of(cls, samples: Array) -> Moments:
        """Moments of (N, D) samples; zeros when there are none."""
        size = samples.shape[1]
        if len(samples) < 2:
            return cls(float(len(samples)), np.zeros(size), np.zeros((size, size)))
        return cls(float(len(samples)), samples.mean(axis=0), np.cov(samples.T, bias=True).reshape(size, size))

    @classmethod
    def join(cls, parts: Sequence[Moments]) -> Moments:
        """Moments of the samples of all parts."""
        total = sum(p.count for p in parts)
        size = len(parts[0].mean)
        if total == 0:
            return cls(0.0, np.zeros(size), np.zeros((size, size)))
        mean = sum((p.count * p.mean for p in parts), np.zeros(size)) / total
        spread = [p.count * (p.covariance + np.outer(p.mean - mean, p.mean - mean)) for p in parts]
        return cls(total, mean, sum(spread, np.zeros((size, size))) / total)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "count": self.count,
            "mean": [round(float(v), 5) for v in self.mean],
            "covariance": [[round(float(v), 5) for v in row] for row in self.covariance],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Moments:
        """Inverse of `to_json`."""
        return cls(float(data["count"]), np.array(data["mean"], float), np.array(data["covariance"], float))


def _root(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def frechet(a: Moments, b: Moments) -> float:
    """Frechet distance of two Gaussians (Dowson & Landau 1982).

    ``|ma - mb|^2 + tr(Ca + Cb - 2 (Ca^.5 Cb Ca^.5)^.5)``.
    """
    root = _root(a.covariance)
    middle = _root(root @ b.covariance @ root)
    trace = np.trace(a.covariance) + np.trace(b.covariance) - 2 * np.trace(middle)
    return float(np.sum((a.mean - b.mean) ** 2) + max(float(trace), 0.0))


def velocities(values: Array, seen: Array, fps: float) -> Array:
    """(N, D) displacement per second over 0.2 s, where both ends were seen."""
    lag = window_frames(VELOCITY_LAG_S, fps)
    if len(values) <= lag:
        return np.zeros((0, values.shape[1]))
    both = seen[lag:] & seen[:-lag]
    return (values[lag:] - values[:-lag])[both] * fps / lag


def gaze_track(o: Observation) -> tuple[Array, Array]:
    """(T, 2) gaze relative to the partner and the (T,) frames that count: seen, and talking where sound says so."""
    return o.relative_deg, o.gaze_seen & o.talking


def head_track(o: Observation) -> tuple[Array, Array]:
    """(T, 3) head angles, and the frames that were seen."""
    return o.head_deg, o.head_seen


def head_place(o: Observation) -> tuple[Array, Array]:
    """(T, 3) head angles around the mean of each 4 s stretch, so that clips of any length and camera compare."""
    values, seen = o.head_deg.copy(), o.head_seen
    count = max(1, int(o.duration_s / WINDOW_S))
    for part in np.array_split(np.arange(len(values)), count):
        if seen[part].any():
            values[part] -= values[part][seen[part]].mean(axis=0)
    return values, seen


def eye_track(o: Observation) -> tuple[Array, Array]:
    """(T, 2) mean eye rotation in the head, and the frames that were seen."""
    return o.cyclopean_deg, o.gaze_seen


def window_variances(values: Array, seen: Array, fps: float) -> Array:
    """(W,) variance around each 4 s window's own mean, summed over columns; windows at least half seen."""
    length = window_frames(WINDOW_S, fps)
    if len(values) < length:
        return np.zeros(0)
    means, counts = running_mean(values, seen, length)
    squares, _ = running_mean(values**2, seen, length)
    starts = np.arange(0, len(means), length // 2)
    starts = starts[counts[starts] >= length / 2]
    return np.maximum(squares[starts] - means[starts] ** 2, 0.0).sum(axis=1)


def cross_spread(tracks: Sequence[tuple[Array, Array]], rng: np.random.Generator, pairs: int = 20000) -> float:
    """Mean distance between frames of different clips, E |x - y|: what two unrelated takes differ by."""
    clips = [values[seen] for values, seen in tracks]
    clips = [c for c in clips if len(c)]
    if len(clips) < 2:
        return math.nan
    weights = np.array([len(c) for c in clips], float)
    first = rng.choice(len(clips), pairs, p=weights / weights.sum())
    second = rng.choice(len(clips), pairs, p=weights / weights.sum())
    apart = first != second
    points = [np.stack([clips[i][rng.integers(len(clips[i]))] for i in side[apart]]) for side in (first, second)]
    return float(np.linalg.norm(points[0] - points[1], axis=1).mean())


def diversity(takes: Sequence[Array]) -> float:
    """Same-audio diversity: mean over pairs across two halves of the takes of the mean frame distance."""
    half = len(takes) // 2
    length = min(len(t) for t in takes)
    pairs = [
        float(np.linalg.norm(a[:length] - b[:length], axis=1).mean())
        for a in takes[:half]
        for b in takes[half : 2 * half]
    ]
    return float(np.mean(pairs)) if pairs else math.nan


@dataclass(frozen=True)
class BeatAlignment:
    """Score, what circular shifts of the sound score, and the excess with its z."""

    score: float
    chance: float
    excess: float
    z: float


def _beat_score(motion_s: Array, sound_s: Array) -> float:
    if not len(motion_s) or not len(sound_s):
        return math.nan
    right = np.clip(np.searchsorted(motion_s, sound_s), 1, len(motion_s) - 1) if len(motion_s) > 1 else None
    if right is None:
        distance = np.abs(sound_s - motion_s[0])
    else:
        distance = np.minimum(np.abs(sound_s - motion_s[right]), np.abs(sound_s - motion_s[right - 1]))
    return float(np.mean(np.exp(-(distance**2) / (2 * BEAT_SIGMA_S**2))))


def beat_alignment(
    motion_s: Array, sound_s: Array, duration_s: float, rng: np.random.Generator, shifts: int = SHIFTS
) -> BeatAlignment | None:
    """Mean of ``exp(-d^2 / 2 sigma^2)`` over sound beats, d to the nearest motion beat, against circular shifts.

    The bare score means little: random beats at 1/2/3 per second already reach .49/.71/.82.
    """
    if len(motion_s) < 2 or len(sound_s) < 2 or duration_s <= 2.0:
        return None
    score = _beat_score(motion_s, sound_s)
    offsets = rng.uniform(1.0, duration_s - 1.0, shifts)
    null = np.array([_beat_score(motion_s, np.sort((sound_s + s) % duration_s)) for s in offsets])
    chance, sd = float(null.mean()), float(null.std())
    return BeatAlignment(score, chance, score - chance, (score - chance) / sd if sd > 0 else 0.0)


def _maxima(values: Array, apart: int) -> Array:
    """Local maxima at least ``apart`` frames wide."""
    if len(values) < 3:
        return np.zeros(0, int)
    padded = np.pad(values, apart, constant_values=-np.inf)
    top = np.lib.stride_tricks.sliding_window_view(padded, 2 * apart + 1).max(axis=1)
    return np.flatnonzero((values >= top) & (values > np.median(values)))


def head_beats(o: Observation) -> Array:
    """Times of local maxima of head speed, at least 200 ms apart."""
    return _maxima(o.once(head_speed_deg_s), window_frames(0.2, o.fps)) / o.fps


def sound_beats(speech: Speech) -> Array:
    """Times of the steepest rises of loudness, at least 200 ms apart (syllable onsets)."""
    loudness = np.maximum(np.asarray(speech.loudness_db, float), -60.0)
    rise = np.convolve(loudness, np.array([1, 1, 1, 0, -1, -1, -1]) / 12.0, "same")
    found = _maxima(rise, window_frames(0.2, FEATURE_RATE_HZ))
    return found[rise[found] > 1.0] / FEATURE_RATE_HZ
