"""Sound and picture of fitted clips brought in step before anything is learned or scored: each clip by its own lag.

The sync score is the correlation of the opening that a face network hears with the fitted one, at every lag; the
likelihood of a lag is that of a linear relation. Clips whose lag stays unknown are dropped, the rest are moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError
from talkingeyes.generate.lip_table import LIPS
from talkingeyes.generate.mouth import MouthTracker, checked_face
from talkingeyes.train.face_data import Voice
from talkingeyes.weights import Network, load_network

Array = NDArray[Any]

FRAME_MS = 20.0
MOST_LAG = 12
"""Frames either way: sets were found 140 ms out of step (docs/face.md)."""
USUAL_MS, RARE_MS, RARE = 35.0, 120.0, 0.1
"""Prior: two bells around zero, the wide one for the share of clips that are further out."""
FRAMES_PER_SAMPLE = 6.0
"""Openings so far apart count as independent."""
UNSURE_MS = 40.0
"""A clip whose lag is less certain than this is dropped."""
LEAST_R = 0.25
"""And one whose opening does not go with its sound at its own lag."""
LEAST_FRAMES = 25
_JAW = LIPS.index("jawOpen")
_SURE_R = 0.95


@dataclass(frozen=True)
class ClipLag:
    """How far a clip's picture comes after its sound.

    Attributes:
        mean_ms: of the posterior.
        sd_ms: of the posterior.
        r: correlation of the openings at the mean lag.
        r_as_is: at lag 0.
    """

    mean_ms: float
    sd_ms: float
    r: float
    r_as_is: float

    @property
    def is_known(self) -> bool:
        """Whether the clip can be brought in step."""
        return self.sd_ms <= UNSURE_MS and self.r >= LEAST_R


def clip_lag(heard: Array, fitted: Array, seen: NDArray[np.bool_]) -> ClipLag:
    """The lag of one clip.

    Args:
        heard: (N,) opening that a network hears, at 50 Hz.
        fitted: (N,) opening that the picture shows.
        seen: (N,) the picture is known.
    """
    lags = np.arange(-MOST_LAG, MOST_LAG + 1)
    r = np.array([_correlation(heard, fitted, seen, int(lag)) for lag in lags])
    known = np.clip(r, 0, _SURE_R)
    samples = seen.sum() / FRAMES_PER_SAMPLE
    log_chance = -samples / 2 * np.log(1 - known**2) + _log_prior(lags * FRAME_MS)
    chance = np.exp(log_chance - log_chance.max())
    chance /= chance.sum()
    mean = float((chance * lags).sum())
    spread = float(np.sqrt((chance * (lags - mean) ** 2).sum()))
    return ClipLag(mean * FRAME_MS, spread * FRAME_MS, float(np.interp(mean, lags, r)), float(r[MOST_LAG]))


def heard_opening(voice: Voice, network: Network) -> Array:
    """(N,) opening that a face network hears in a clip."""
    tracker = MouthTracker(network, raw=True)
    parts = [tracker.push(voice.log_mel, voice.loudness_db, voice.voice), tracker.finish()]
    return np.concatenate(parts)[:, _JAW]


def moved(voice: Voice, late_ms: float) -> Voice:
    """The clip with its picture ``late_ms`` earlier, linear between frames; what it no longer shows is not seen."""
    count = len(voice)
    at = np.arange(count) + late_ms / FRAME_MS
    inside = (at >= 0) & (at <= count - 1)
    at = np.clip(at, 0, count - 1)
    low = at.astype(int)
    high = np.minimum(low + 1, count - 1)
    share = (at - low).astype(np.float32)[:, None]
    lips = voice.lips[low] * (1 - share) + voice.lips[high] * share
    return replace(voice, lips=lips, seen=voice.seen[low] & voice.seen[high] & inside)


def brought_in_step(voices: Sequence[Voice], network: Network) -> tuple[list[Voice], list[ClipLag]]:
    """The clips whose lag is known, moved by it; and the lags of all that were given, in their order."""
    lags = [clip_lag(heard_opening(v, network), v.lips[:, _JAW], v.seen) for v in voices]
    return [moved(v, lag.mean_ms) for v, lag in zip(voices, lags, strict=True) if lag.is_known], lags


def in_step_voices(voices: list[Voice], weights: str) -> list[Voice]:
    """The clips brought in step by the network of a folder; as they are where none is named.

    Raises:
        ModelError: no clip can be, or the folder holds no face network.
    """
    if not weights:
        return voices
    found, _ = brought_in_step(voices, checked_face(load_network(weights)))
    if not found:
        raise ModelError(f"face: no clip can be brought in step by {weights}")
    return found


def _correlation(heard: Array, fitted: Array, seen: NDArray[np.bool_], lag: int) -> float:
    """Of what is heard with the picture ``lag`` frames later."""
    count = len(heard)
    first, end = max(0, -lag), count - max(0, lag)
    if end - first < LEAST_FRAMES:
        return 0.0
    both = seen[first + lag : end + lag]
    x, y = heard[first:end][both], fitted[first + lag : end + lag][both]
    if len(x) < LEAST_FRAMES or x.std() < 1e-4 or y.std() < 1e-4:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _log_prior(lag_ms: Array) -> Array:
    bells = [
        share / width * np.exp(-0.5 * (lag_ms / width) ** 2) for share, width in ((1 - RARE, USUAL_MS), (RARE, RARE_MS))
    ]
    return np.log(np.sum(bells, axis=0))
