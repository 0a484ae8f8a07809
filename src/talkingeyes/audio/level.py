"""Loudness and brightness relative to the recording's own background and voice, adapted causally."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MEL_BANDS = 40


class Leveller:
    """Tracks the background (from frames without voice) and the loud syllables (from frames with voice).

    Loudness is 0 at the background (or 35 dB under the loud syllables, whichever is higher) and 1 at the loud syllables
    (the 90th percentile of voiced frames, found by a running quantile step). Both adapt fast at first, then over some
    ten seconds.
    """

    _RANGE_DB = 35.0
    _MIN_RANGE_DB = 12.0
    _QUANTILE = 0.9

    def __init__(self) -> None:
        self._background_db = -70.0
        self._top_db: float | None = None
        self._quiet_frames = 0
        self._voiced_frames = 0
        self._smooth_db = -100.0
        self._gate = 0.0
        self._brightness = 0.5
        hz = 700 * (10 ** (np.linspace(98.6, 2783.0, _MEL_BANDS + 2)[1:-1] / 2595) - 1)
        self._log2_hz = np.log2(hz)

    def push(
        self, level_db: NDArray[np.floating], voice: NDArray[np.bool_], log_mel: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(n,) dB, (n,) flags and (n, 40) log mel -> (n,) loudness and (n,) brightness, both 0..1."""
        colour = self._colour(log_mel)
        pairs = [self._frame(*row) for row in zip(level_db.tolist(), voice.tolist(), colour.tolist(), strict=True)]
        both = np.array(pairs, np.float32).reshape(-1, 2)
        return both[:, 0].copy(), both[:, 1].copy()

    def _colour(self, log_mel: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n,) spectral centroid on a log axis: 0 at 350 Hz, 1 at 3.5 kHz."""
        power = np.exp(log_mel.astype(np.float64)) ** 0.5
        centroid = (power * self._log2_hz).sum(axis=1) / power.sum(axis=1)
        return np.clip((centroid - np.log2(350)) / np.log2(10), 0.0, 1.0)

    def _frame(self, level_db: float, is_voice: bool, colour: float) -> tuple[float, float]:
        if is_voice:
            self._voiced(level_db)
            self._brightness += 0.35 * (colour - self._brightness)
        else:
            self._quiet(level_db)
            self._brightness += 0.05 * (0.5 - self._brightness)
        self._gate = 1.0 if is_voice else max(0.0, self._gate - 0.2)
        self._smooth_db += (0.6 if level_db > self._smooth_db else 0.3) * (level_db - self._smooth_db)
        if self._top_db is None:
            return 0.0, self._brightness
        low_db = max(self._background_db + 3.0, self._top_db - self._RANGE_DB)
        low_db = min(low_db, self._top_db - self._MIN_RANGE_DB)
        loudness = (self._smooth_db - low_db) / (self._top_db - low_db)
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
