"""Rows for the face network: cuts of voices with another tempo, vocal tract, room, channel, noise and level.

All rows of a batch are made at once; arrays are (rows, frames, bands).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lip_features import lip_features
from talkingeyes.train.face_data import Voice

Array = NDArray[Any]

BANDS = 40
_TEMPO_SD, _TRACT_SD, _LEVEL_SD_DB = 0.08, 0.07, 1.2


class Rows:
    """Voices joined end to end, to cut rows from.

    Args:
        voices: at least one.
        frames: of 20 ms per row.
    """

    def __init__(self, voices: Sequence[Voice], frames: int) -> None:
        self._frames = frames
        self._length = np.array([len(v) for v in voices])
        self._first = np.concatenate([[0], np.cumsum(self._length)])[:-1]
        self._mel = np.concatenate([v.log_mel for v in voices]).astype(np.float32)
        self._level = np.concatenate([v.level_db for v in voices]).astype(np.float32)
        self._lips = np.concatenate([v.lips for v in voices]).astype(np.float32)
        self._seen = np.concatenate([v.seen for v in voices]).astype(np.float32)
        self._shapes = np.concatenate([v.shapes for v in voices])
        taught = [v.taught for v in voices if v.taught is not None]
        self._taught = np.concatenate(taught).astype(np.float32) if len(taught) == len(voices) else None

    def cut(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> dict[str, Array]:
        """Rows of the chosen voices, at another tempo each; after a voice's end its last frame, unknown.

        Returns:
            mel (n, T, BANDS), level (n, T) dB, lips (n, T, K), seen (n, T), shapes (n, T; -1 where unknown); taught
            (n, T, ..) where the voices have it.
        """
        tempo = np.exp(rng.normal(0, _TEMPO_SD, len(chosen)))
        last = self._length[chosen] - 1
        start = rng.random(len(chosen)) * np.maximum(0.0, last - self._frames * tempo)
        at = start[:, None] + np.arange(self._frames) * tempo[:, None]
        inside = at <= last[:, None]
        at = np.minimum(at, last[:, None])
        low = at.astype(int)
        high = np.minimum(low + 1, last[:, None])
        share = (at - low).astype(np.float32)[..., None]
        first = self._first[chosen][:, None]
        near = np.minimum((at + 0.5).astype(int), last[:, None])

        def between(values: Array) -> Array:
            return values[first + low] * (1 - share) + values[first + high] * share

        return {
            "mel": between(self._mel),
            "level": between(self._level[:, None])[..., 0],
            "lips": between(self._lips),
            "seen": self._seen[first + low] * self._seen[first + high] * inside,
            "shapes": np.where(inside, self._shapes[first + near], -1),
        } | ({} if self._taught is None else {"taught": between(self._taught)})


def heard(mel: Array, level_db: Array, rng: np.random.Generator) -> Array:
    """(n, T, BANDS) log mel and (n, T) level of the voice -> (n, T, BANDS) features, each row heard in its own way."""
    clean = np.exp(_tract(mel, rng))
    power = _room(clean * _channel(len(mel), rng)[:, None], rng)
    power = _noisy(power, clean, rng)
    louder_db = 10 * np.log10(power.sum(axis=2) / clean.sum(axis=2))
    level = level_db + np.median(louder_db, axis=1, keepdims=True) + rng.normal(0, _LEVEL_SD_DB, (len(mel), 1))
    return _masked(lip_features(np.log(np.maximum(power, 1e-10)), level), rng)


def _tract(mel: Array, rng: np.random.Generator) -> Array:
    """A longer or shorter vocal tract, or another pitch: bands shift along the mel scale."""
    factor = np.exp(rng.normal(0, _TRACT_SD, (len(mel), 1)))
    band = np.clip(np.arange(BANDS) * factor + (factor - 1) * 3, 0, BANDS - 1)
    low = band.astype(int)
    high = np.minimum(low + 1, BANDS - 1)
    share = (band - low).astype(np.float32)[:, None]
    row = np.arange(len(mel))[:, None]
    # Bands first, so that one index picks a band of all frames.
    flat = mel.transpose(0, 2, 1)
    return flat[row, low].transpose(0, 2, 1) * (1 - share) + flat[row, high].transpose(0, 2, 1) * share


def _channel(count: int, rng: np.random.Generator) -> Array:
    """(count, BANDS) gains of a microphone: a tilt and slow ripples over frequency; sometimes a telephone."""
    ripple = np.cumsum(rng.normal(0, 0.12, (count, BANDS)), axis=1)
    tilt = rng.normal(0, 0.6, (count, 1)) * np.linspace(-1, 1, BANDS)
    curve = ripple - ripple.mean(axis=1, keepdims=True) + tilt
    cut = np.concatenate([np.full(4, 4.0), np.zeros(25), np.full(11, 6.0)])
    return np.exp(curve - cut * (rng.random((count, 1)) < 0.06)).astype(np.float32)


def _room(power: Array, rng: np.random.Generator) -> Array:
    """An exponential tail of the half second before."""
    count = len(power)
    decay = (10 ** (-6 * 0.02 / rng.uniform(0.15, 0.7, count)))[:, None, None].astype(np.float32)
    gain = (3 * rng.uniform(0.02, 0.25, count) * (rng.random(count) < 0.5))[:, None, None].astype(np.float32)
    tail, at_first = np.zeros_like(power), gain * (1 - decay)
    for frame in range(1, power.shape[1]):
        tail[:, frame : frame + 1] = decay * tail[:, frame - 1 : frame] + at_first * power[:, frame - 1 : frame]
    return power + tail


def _noisy(power: Array, clean: Array, rng: np.random.Generator) -> Array:
    """Steady noise of any colour, and now and then another row's voice."""
    count = len(power)
    loud = np.quantile(power.sum(axis=2), 0.9, axis=1)
    colour = np.cumsum(rng.normal(0, 0.3, (count, BANDS)), axis=1) + rng.normal(0, 1, (count, 1)) * np.linspace(
        -1, 1, BANDS
    )
    colour = np.exp(colour)
    colour /= colour.sum(axis=1, keepdims=True)
    steady = (rng.random(count) < 0.6) * loud / 10 ** (rng.uniform(3, 35, count) / 10)
    rough = np.exp(0.25 * rng.standard_normal(power.shape, dtype=np.float32))
    other = clean[rng.permutation(count)]
    theirs = (rng.random(count) < 0.25) * loud / np.quantile(other.sum(axis=2), 0.9, axis=1)
    theirs = theirs / 10 ** (rng.uniform(6, 25, count) / 10)
    return power + (steady[:, None] * colour)[:, None] * rough + theirs[:, None, None] * other


def _masked(features: Array, rng: np.random.Generator) -> Array:
    """Some bands, and now and then up to three frames, say nothing (SpecAugment, Park et al. 2019)."""
    mean = features.mean(axis=(1, 2), keepdims=True)
    for share, axis, most in ((0.4, 2, 6), (0.4, 2, 6), (0.3, 1, 3)):
        size = features.shape[axis]
        wide = np.where(rng.random(len(features)) < share, rng.integers(1, most + 1, len(features)), 0)
        first = (rng.random(len(features)) * (size - wide)).astype(int)
        index = np.arange(size)
        off = (index >= first[:, None]) & (index < (first + wide)[:, None])
        features = np.where(off[:, None] if axis == 2 else off[..., None], mean, features)
    return features
