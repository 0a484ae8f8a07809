"""Pitch of the voice: autocorrelation candidates (Boersma 1993) and a path through them with a fixed look-ahead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ

PITCH_MIN_HZ, PITCH_MAX_HZ = 60.0, 400.0
WINDOW = 800
"""Three periods of the lowest pitch (50 ms)."""
LOOK_AHEAD_FRAMES = 6
"""Frames that the path may still change after they were seen."""

_FFT = 1080  # >= WINDOW + longest lag, so that lags do not wrap; 2^3 * 3^3 * 5
_LAGS = np.arange(int(SAMPLE_RATE_HZ / PITCH_MAX_HZ) - 1, int(SAMPLE_RATE_HZ / PITCH_MIN_HZ) + 2)
_CANDIDATES = 4
_VOICING = 0.45
_OCTAVE_COST = 0.02
_JUMP_COST = 0.7
_SWITCH_COST = 0.28
_QUIET_DB = 20.0
"""Frames this far under the loudest of the last seconds begin to count as unvoiced."""
_FORGET_DB = 0.06
_HANN = np.hanning(WINDOW + 1)[:-1]


def _lag_window() -> NDArray[np.float64]:
    spectrum = np.fft.rfft(_HANN, _FFT)
    r = np.fft.irfft(np.abs(spectrum) ** 2, _FFT)
    return r[_LAGS] / r[0]


def _band() -> NDArray[np.float64]:
    """Squared gain of a soft band from 50 to 1100 Hz: pitch lives there, hum and hiss do not."""
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
    return 1 / (1 + (40 / np.maximum(hz, 1e-3)) ** 8) / (1 + (hz / 1100) ** 8)


_LAG_WINDOW = _lag_window()
_BAND = _band()


class PitchTracker:
    """Windows of sound in, pitch in Hz (0 where there is none) out, `LOOK_AHEAD_FRAMES` later."""

    def __init__(self) -> None:
        self._score = np.zeros(_CANDIDATES + 1)
        self._hz = np.zeros((0, _CANDIDATES + 1))
        self._back = np.zeros((0, _CANDIDATES + 1), np.int64)
        self._log2_before = np.zeros(_CANDIDATES)
        self._loudest_db = -120.0

    def push(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Track on through (n, WINDOW) windows and give the frames that are now settled."""
        hz, strength, level_db = candidates(windows)
        rows = zip(hz, strength, level_db.tolist(), strict=True)
        back = np.stack([self._step(*row) for row in rows])
        self._hz = np.concatenate([self._hz, np.pad(hz, ((0, 0), (1, 0)))])
        self._back = np.concatenate([self._back, back])
        path = np.empty(len(self._hz))
        state = int(np.argmax(self._score))
        for i in range(len(path) - 1, -1, -1):
            path[i] = self._hz[i, state]
            state = int(self._back[i, state])
        settled = max(0, len(path) - LOOK_AHEAD_FRAMES)
        self._hz, self._back = self._hz[settled:], self._back[settled:]
        return path[:settled].astype(np.float32)

    def _step(self, hz: NDArray[np.float64], strength: NDArray[np.float64], level_db: float) -> NDArray[np.int64]:
        """One step of the best path; state 0 is unvoiced, 1.. are the candidates. Returns where each came from."""
        log2 = np.log2(np.maximum(hz, 1.0))
        cost = np.empty((_CANDIDATES + 1, _CANDIDATES + 1))
        cost[0, 0] = 0.0
        cost[0, 1:] = cost[1:, 0] = _SWITCH_COST
        cost[1:, 1:] = _JUMP_COST * np.abs(self._log2_before[:, None] - log2[None, :])
        total = self._score[:, None] - cost
        back = np.argmax(total, axis=0)
        best = total[back, np.arange(_CANDIDATES + 1)]
        self._loudest_db = max(self._loudest_db - _FORGET_DB, level_db)
        best[0] += _VOICING + min(0.6, max(0.0, self._loudest_db - _QUIET_DB - level_db) * 0.05)
        best[1:] += strength
        self._score = best - best.max()
        self._log2_before = log2
        return back


def candidates(windows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The strongest periodicities of each window.

    Args:
        windows: (n, WINDOW) samples.

    Returns:
        (n, K) pitch in Hz; (n, K) strength, about 1 for a perfect tone, -1 for an empty place; (n,) level in dB of the
        band that carries pitch.
    """
    x = windows.astype(np.float64)
    x = (x - x.mean(axis=1, keepdims=True)) * _HANN
    spectrum = np.fft.rfft(x, _FFT)
    power = (spectrum.real**2 + spectrum.imag**2) * _BAND
    r = np.fft.irfft(power, _FFT)
    level_db = np.asarray(10 * np.log10(np.maximum(r[:, 0], 1e-9)), np.float64)
    r = r[:, _LAGS] / (np.maximum(r[:, :1], 1e-7) * _LAG_WINDOW)
    left, mid, right = r[:, :-2], r[:, 1:-1], r[:, 2:]
    strength = np.where((mid > left) & (mid >= right), mid, -1.0)
    bend = np.maximum(2 * mid - left - right, 1e-12)
    shift = np.clip(0.5 * (right - left) / bend, -0.5, 0.5)
    peak = mid + 0.25 * (right - left) * shift
    hz = SAMPLE_RATE_HZ / (_LAGS[1:-1] + shift)
    score = np.where(strength > 0, np.minimum(peak, 1.0) + _OCTAVE_COST * np.log2(hz / PITCH_MIN_HZ), -1.0)
    order = np.argsort(-score, axis=1, kind="stable")[:, :_CANDIDATES]
    return np.take_along_axis(hz, order, axis=1), np.take_along_axis(score, order, axis=1), level_db
