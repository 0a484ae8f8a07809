"""What the face network hears: log mel relative to the level of the voice, tracked causally."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]

_DB_PER_NEPER = 10 / np.log(10)
_START_DB = -26.0
_QUANTILE = 0.9
_SCALE, _OFFSET, _LIMIT = 0.25, 1.0, 3.0


class VoiceLevel:
    """Level of the loud syllables: a running 90th percentile of the voiced frames, fast at first; starts at -26 dB.

    Args:
        known_db: a level that earlier frames settled on, for a voice that is met in its middle.
    """

    def __init__(self, known_db: float | None = None) -> None:
        self._top_db = _START_DB if known_db is None else known_db
        self._voiced = 0 if known_db is None else 100

    def state(self) -> NDArray[np.float64]:
        """(2,) what a new one needs to go on in its place."""
        return np.array([self._top_db, self._voiced], np.float64)

    def restore(self, state: NDArray[np.float64]) -> None:
        """Go on from `state`."""
        self._top_db, self._voiced = float(state[0]), int(state[1])

    def push(self, loudness_db: Floats, voice: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(n,) dB and (n,) flags -> (n,) level in dB."""
        out = np.empty(len(voice), np.float32)
        for i, (db, is_voice) in enumerate(zip(loudness_db.tolist(), voice.tolist(), strict=True)):
            if is_voice:
                if self._voiced == 0:
                    self._top_db = max(db + 6.0, -80.0)
                self._voiced += 1
                step_db = max(0.15, 6.0 / (1 + self._voiced / 8))
                self._top_db += step_db * (_QUANTILE if db > self._top_db else _QUANTILE - 1)
            out[i] = self._top_db
        return out


def lip_features(log_mel: Floats, level_db: Floats) -> NDArray[np.float32]:
    """(..., n, 40) log mel and (..., n) level of the voice -> (..., n, INPUTS) features, within +-3."""
    relative = (log_mel - level_db[..., None] / _DB_PER_NEPER) * _SCALE + _OFFSET
    return np.minimum(np.maximum(relative, -_LIMIT), _LIMIT).astype(np.float32)


def lip_features_of(log_mel: Floats, loudness_db: Floats, voice: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(n, INPUTS) features of a whole clip."""
    return lip_features(log_mel, VoiceLevel().push(loudness_db, voice))
