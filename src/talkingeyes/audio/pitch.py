"""Pitch of the voice: autocorrelation candidates (Boersma 1993) and a path through them with a fixed look-ahead."""

from __future__ import annotations

import math
from itertools import accumulate
from operator import sub
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.carried import State
from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.spectrum import power
from talkingeyes.lanes import Batch, Lane, alone

PITCH_MIN_HZ, PITCH_MAX_HZ = 60.0, 400.0
WINDOW = 800
"""Three periods of the lowest pitch (50 ms)."""
LOOK_AHEAD_FRAMES = 6
"""Frames that the path may still change after they were seen."""
_DECIDE_FRAMES = 10

_FFT = 1080  # >= WINDOW + longest lag, so that lags do not wrap; 2^3 * 3^3 * 5
_LAGS = np.arange(int(SAMPLE_RATE_HZ / PITCH_MAX_HZ) - 1, int(SAMPLE_RATE_HZ / PITCH_MIN_HZ) + 2)
_AT_ONCE = 30
"""Windows transformed at once: what stays in the processor's cache."""
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
    """Windows of sound in, pitch in Hz (0 where there is none) out.

    Args:
        decide_frames: the path is settled after each so many frames, counted from the first.
        look_ahead_frames: frames that the path may still change after they were seen. With 0 each frame is where the
            best path so far ends.
    """

    def __init__(self, decide_frames: int = _DECIDE_FRAMES, look_ahead_frames: int = LOOK_AHEAD_FRAMES) -> None:
        self._decide_frames, self._look_ahead = decide_frames, look_ahead_frames
        self._score = [0.0] * (_CANDIDATES + 1)
        self._open: list[tuple[list[float], list[int]]] = []
        self._since_decision = 0
        self._log2_before = np.zeros((1, _CANDIDATES))
        self._loudest_db = -120.0

    def push(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Track on through (n, WINDOW) windows and give the frames that are now settled."""
        return np.array(alone(self.pushing(windows)), np.float32)

    def pushing(self, windows: NDArray[np.float32]) -> Lane[list[float]]:
        """The same as a lane."""
        found, self._log2_before = yield CANDIDATES((windows, self._log2_before))
        settled: list[float] = []
        for frame_hz, *row in zip(*found, strict=True):
            back = self._step(*row)
            if not self._look_ahead:
                settled.append([0.0, *frame_hz][self._score.index(0.0)])
                continue
            self._open.append(([0.0, *frame_hz], back))
            self._since_decision += 1
            if self._since_decision == self._decide_frames:
                settled += self._decide()
        return settled

    def state(self) -> State:
        """What a new one without look-ahead needs to go on in its place."""
        return {
            "score": np.array(self._score),
            "log2_before": self._log2_before.copy(),
            "loudest_db": np.array([self._loudest_db]),
        }

    def restore(self, state: State) -> None:
        """Go on from arrays of `state`, which were checked."""
        self._score = state["score"].tolist()
        self._log2_before, self._loudest_db = state["log2_before"], float(state["loudest_db"][0])

    def rest(self, count: int) -> list[float]:
        """Frames without a voice: no pitch, and the path begins anew after them."""
        self._score = [0.0] * (_CANDIDATES + 1)
        self._log2_before = np.zeros((1, _CANDIDATES))
        self._loudest_db -= _FORGET_DB * count
        return [0.0] * count

    def _decide(self) -> list[float]:
        """Follow the best path back and close its frames but the last ``look_ahead_frames``."""
        self._since_decision = 0
        path = []
        state = self._score.index(max(self._score))
        for hz, back in reversed(self._open):
            path.append(hz[state])
            state = back[state]
        settled = path[: self._look_ahead - 1 : -1]
        del self._open[: len(settled)]
        return settled

    def _step(self, jumps: list[list[float]], strength: list[float], level_db: float) -> list[int]:
        """One step of the best path; state 0 is unvoiced, 1.. are the candidates. Returns where each came from.

        On plain numbers: arrays of five cost more than twice as much.

        Args:
            jumps: for each candidate the cost of coming from each candidate before.
            strength: of each candidate.
            level_db: of the frame.
        """
        unvoiced, *voiced = self._score
        self._loudest_db = max(self._loudest_db - _FORGET_DB, level_db)
        quiet = min(0.6, max(0.0, self._loudest_db - _QUIET_DB - level_db) * 0.05)
        totals = [unvoiced, *[score - _SWITCH_COST for score in voiced]]
        best = max(totals)
        back, scores = [totals.index(best)], [best + (_VOICING + quiet)]
        for costs, gain in zip(jumps, strength, strict=True):
            totals = [unvoiced - _SWITCH_COST, *map(sub, voiced, costs)]
            best = max(totals)
            back.append(totals.index(best))
            scores.append(best + gain)
        best = max(scores)
        self._score = [score - best for score in scores]
        return back


class RunningPitch:
    """Pitch of a voice relative to its own median so far, in semitones: a running median with steps that shrink."""

    _FIRST, _LEAST = 2.0, 0.01
    _FIRST_FRAMES = 5.0

    def __init__(self) -> None:
        self._median = 0.0
        self._heard = 0

    def push(self, pitch_hz: NDArray[np.floating]) -> NDArray[np.float64]:
        """(n,) Hz, 0 where unvoiced -> (n,) semitones within +-12, 0 where unvoiced."""
        return np.array([self._frame(hz) for hz in pitch_hz.tolist()], np.float64)

    def _frame(self, hz: float) -> float:
        if hz <= 0:
            return 0.0
        semitones = 12 * math.log2(hz)
        if not self._heard:
            self._median = semitones
        self._heard += 1
        step = max(self._LEAST, self._FIRST / (1 + self._heard / self._FIRST_FRAMES))
        self._median += min(step, max(-step, semitones - self._median))
        return min(12.0, max(-12.0, semitones - self._median))

    def state(self) -> NDArray[np.float64]:
        """(2,) what a new one needs to go on in its place."""
        return np.array([self._median, self._heard], np.float64)

    def restore(self, state: NDArray[np.float64]) -> None:
        """Go on from `state`."""
        self._median, self._heard = float(state[0]), int(state[1])


def candidates(windows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The strongest periodicities of each window.

    Args:
        windows: (n, WINDOW) samples.

    Returns:
        (n, K) pitch in Hz, 0 for an empty place; (n, K) strength, about 1 for a perfect tone, -1 for an empty place;
        (n,) level in dB of the band that carries pitch.
    """
    parts = [_autocorrelation(windows[i : i + _AT_ONCE]) for i in range(0, len(windows), _AT_ONCE)]
    r = parts[0] if len(parts) == 1 else np.concatenate(parts)
    level_db = np.asarray(10 * np.log10(np.maximum(r[:, 0], 1e-9)), np.float64)
    r = r[:, _LAGS] / (np.maximum(r[:, :1], 1e-7) * _LAG_WINDOW)
    left, mid, right = r[:, :-2], r[:, 1:-1], r[:, 2:]
    peaks = np.nonzero((mid > left) & (mid >= right) & (mid > 0))
    left, mid, right = left[peaks], mid[peaks], right[peaks]
    bend = np.maximum(2 * mid - left - right, 1e-12)
    shift = np.minimum(np.maximum(0.5 * (right - left) / bend, -0.5), 0.5)
    hz, score = np.zeros((2, len(r), len(_LAGS) - 2))
    hz[peaks] = SAMPLE_RATE_HZ / (_LAGS[1:-1][peaks[1]] + shift)
    peak = np.minimum(mid + 0.25 * (right - left) * shift, 1.0)
    score -= 1.0
    score[peaks] = peak + _OCTAVE_COST * np.log2(hz[peaks] / PITCH_MIN_HZ)
    return *_strongest(hz, score), level_db


def _followed(items: list[tuple[NDArray[np.float32], NDArray[np.float64]]]) -> list[Any]:
    """Of windows that follow one another, and the pitches before them, what a path needs, as plain numbers.

    Returns:
        For each item: lists of pitches, costs of coming from the candidates before, strengths and levels; and (1, K)
        the last pitches in octaves.
    """
    windows = items[0][0] if len(items) == 1 else np.concatenate([each for each, _ in items])
    hz, strength, level_db = candidates(windows)
    log2 = np.log2(np.maximum(hz, 1.0))
    before, ends = np.concatenate([log2[:1], log2[:-1]]), list(accumulate(len(each) for each, _ in items))
    for (each, kept), end in zip(items, ends, strict=True):
        before[end - len(each)] = kept[0]
    jumps = _JUMP_COST * np.abs(before[:, None, :] - log2[:, :, None])
    rows, last = (hz.tolist(), jumps.tolist(), strength.tolist(), level_db.tolist()), log2
    out, first = [], 0
    for end in ends:
        out.append(([row[first:end] for row in rows], last[end - 1 : end].copy()))
        first = end
    return out


CANDIDATES = Batch(2, _followed)


def _strongest(hz: NDArray[np.float64], score: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The `_CANDIDATES` highest scores of each row, highest first, and their pitch. The scores are used up."""
    rows, columns = np.arange(len(score))[:, None], np.empty((len(score), _CANDIDATES), np.intp)
    found = np.empty((len(score), _CANDIDATES))
    for rank in range(_CANDIDATES):
        score.argmax(axis=1, out=columns[:, rank])
        place = rows, columns[:, rank : rank + 1]
        found[:, rank : rank + 1] = score[place]
        score[place] = -np.inf
    return hz[rows, columns], found


def _autocorrelation(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, WINDOW) samples -> (n, longest lag + 1) autocorrelation of the band that carries pitch."""
    padded = np.zeros((len(windows), _FFT))
    x = padded[:, :WINDOW]
    x[:] = windows
    x -= np.add.reduce(x, axis=1, keepdims=True) / WINDOW
    x *= _HANN
    both = np.empty_like(padded)
    np.multiply(power(padded), _BAND, out=both[:, : len(_BAND)])
    both[:, len(_BAND) :] = both[:, len(_BAND) - 2 : 0 : -1]
    return np.fft.rfft(both).real[:, : _LAGS[-1] + 1] / _FFT  # of a symmetric row the way back is the way there
