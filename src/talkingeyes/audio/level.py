"""Loudness and brightness relative to the recording's own background and voice, adapted causally."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.carried import State

_MEL_BANDS = 40
_NO_TOP_DB = -1000.0
_LOG2_HZ = np.log2(700 * (10 ** (np.linspace(98.6, 2783.0, _MEL_BANDS + 2)[1:-1] / 2595) - 1))


def centroids(log_mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, 40) log mel -> (n,) centre of the spectrum in octaves (log2 Hz), weighted by amplitude."""
    amplitude = np.exp(0.5 * log_mel.astype(np.float64))
    return np.add.reduce(amplitude * _LOG2_HZ, axis=1) / np.add.reduce(amplitude, axis=1)


class Leveller:
    """Tracks the background (from frames without voice) and the loud syllables (from frames with voice).

    Loudness is 0 at the background (or 35 dB under the loud syllables, whichever is higher) and 0.85 at the loud
    syllables (the 90th percentile of voiced frames, found by a running quantile step), so that shouts still stand out.
    Brightness is 0.5 at the voice's own mean spectral centroid. All adapt fast at first, then over some ten seconds.
    """

    _RANGE_DB = 35.0
    _MIN_RANGE_DB = 12.0
    _QUANTILE = 0.9
    _QUANTILE_LOUDNESS = 0.85
    _BRIGHTNESS_PER_OCTAVE = 0.32

    def __init__(self) -> None:
        self._background_db = -70.0
        self._top_db: float | None = None
        self._quiet_frames = 0
        self._voiced_frames = 0
        self._smooth_db = -100.0
        self._gate = 0.0
        self._brightness = 0.5
        self._centroid = float(np.log2(600.0))

    def state(self) -> State:
        """What a new one needs to go on in its place."""
        counts = np.array([self._quiet_frames, self._voiced_frames])
        top_db = _NO_TOP_DB if self._top_db is None else self._top_db
        levels = [self._background_db, top_db, self._smooth_db, self._gate, self._brightness, self._centroid]
        return {"counts": counts, "levels": np.array(levels, np.float64)}

    def restore(self, state: State) -> None:
        """Go on from arrays of `state`, which were checked."""
        self._quiet_frames, self._voiced_frames = state["counts"].tolist()
        top_db: float
        levels = state["levels"].tolist()
        self._background_db, top_db, self._smooth_db, self._gate, self._brightness, self._centroid = levels
        self._top_db = None if top_db == _NO_TOP_DB else top_db

    def push(
        self, level_db: NDArray[np.floating], voice: NDArray[np.bool_], log_mel: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(n,) dB, (n,) flags and (n, 40) log mel -> (n,) loudness and (n,) brightness, both 0..1."""
        rows = zip(level_db.tolist(), voice.tolist(), centroids(log_mel).tolist(), strict=True)
        both = np.array([self.frame(*row) for row in rows], np.float32).reshape(-1, 2)
        return both[:, 0].copy(), both[:, 1].copy()

    def frame(self, level_db: float, is_voice: bool, centroid: float) -> tuple[float, float]:
        """Loudness and brightness of a frame of this level, flag and `centroids`."""
        if is_voice:
            self._voiced(level_db)
            bright = 0.5 + self._BRIGHTNESS_PER_OCTAVE * (centroid - self._centroid)
            self._brightness += 0.35 * (min(1.0, max(0.0, bright)) - self._brightness)
            self._centroid += max(0.002, 1 / (25 + self._voiced_frames)) * (centroid - self._centroid)
        else:
            self._quiet(level_db)
            self._brightness += 0.05 * (0.5 - self._brightness)
        self._gate = 1.0 if is_voice else max(0.0, self._gate - 0.2)
        self._smooth_db += (0.6 if level_db > self._smooth_db else 0.3) * (level_db - self._smooth_db)
        if self._top_db is None:
            return 0.0, self._brightness
        low_db = max(self._background_db + 3.0, self._top_db - self._RANGE_DB)
        low_db = min(low_db, self._top_db - self._MIN_RANGE_DB)
        loudness = self._QUANTILE_LOUDNESS * (self._smooth_db - low_db) / (self._top_db - low_db)
        return self._gate * min(1.0, max(0.0, loudness)), self._brightness

    def _voiced(self, level_db: float) -> None:
        self._voiced_frames += 1
        if self._top_db is None:
            self._top_db = max(level_db + 6.0, -80.0)
            return
        step_db = max(0.15, 6.0 / (1 + self._voiced_frames / 8))
        self._top_db += step_db * (self._QUANTILE if level_db > self._top_db else self._QUANTILE - 1)

    def _quiet(self, level_db: float) -> None:
        self._quiet_frames += 1
        rate = max(0.01, 1.0 / (1 + self._quiet_frames))
        self._background_db += rate * (level_db - self._background_db)
