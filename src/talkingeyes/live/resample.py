"""Sound of any rate to 16 kHz in a stream: causal, with a fixed delay, the same samples for any chunking."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ

RATES_HZ = (8000, 192_000)
HOLD = 32
"""A sample is out when the sound up to so many samples (2 ms) after it is in, whatever the rate."""
_CROSSINGS = 12
"""Half width of the filter in zero crossings of the lower of the two rates; at 8 kHz 1.5 ms."""
_PASS = 0.92
_MOST_PHASES = 2048
"""Rates with an odd relation to 16 kHz take the nearest of so many phases (error under -60 dB)."""
_FEW_PHASES = 8
_AT_ONCE = 1 << 16


@functools.lru_cache(maxsize=16)
def _filters(rate_hz: int) -> NDArray[np.float32]:
    """(phases, taps): a windowed sinc for each place of an output sample between two input samples."""
    phases = min(SAMPLE_RATE_HZ // math.gcd(rate_hz, SAMPLE_RATE_HZ), _MOST_PHASES)
    low = min(rate_hz, SAMPLE_RATE_HZ)
    half = math.ceil(_CROSSINGS * rate_hz / low)
    at = np.arange(-half + 1, half + 1) - np.arange(phases)[:, None] / phases
    cut = _PASS * low / rate_hz
    taps = cut * np.sinc(cut * at) * np.kaiser(4001, 9.0)[np.rint((np.clip(at / half, -1, 1) + 1) * 2000).astype(int)]
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)


class Resampler:
    """Push samples of one rate, receive 16 kHz. Memory does not grow; counts are integers.

    Attributes:
        rate_hz: of what comes in.
        taken: samples that came in.
        given: samples that went out.
        tail: the last samples that came in, as far as they are still needed.
    """

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.taken = self.given = 0
        self.tail = np.zeros(self.half, np.float32)

    @functools.cached_property
    def half(self) -> int:
        """Samples on each side of a place that count there."""
        return math.ceil(_CROSSINGS * self.rate_hz / min(self.rate_hz, SAMPLE_RATE_HZ))

    def until(self, count: int) -> int:
        """Samples that are still to come in before ``count`` more go out."""
        return max(-(-(self.given + count + HOLD) * self.rate_hz // SAMPLE_RATE_HZ) - self.taken, 1)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is settled now."""
        self.tail = np.concatenate([self.tail, samples])
        self.taken += len(samples)
        due = max(self.taken * SAMPLE_RATE_HZ // self.rate_hz - HOLD, self.given)
        parts = []
        while self.given < due:
            parts.append(self._make(min(due - self.given, _AT_ONCE)))
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.float32), *parts])

    def _make(self, count: int) -> NDArray[np.float32]:
        first = self.taken - len(self.tail)  # number of the first sample of the tail
        if self.rate_hz == SAMPLE_RATE_HZ:
            out = self.tail[self.given - first : self.given - first + count].copy()
        elif len(_filters(self.rate_hz)) <= _FEW_PHASES:
            out = self._make_evenly(count, first)
        else:
            out = self._make_each(count, first)
        self.given += count
        keep = self.given * self.rate_hz // SAMPLE_RATE_HZ - self.half
        self.tail = self.tail[max(0, keep - first) :].copy()
        return out

    def _make_evenly(self, count: int, first: int) -> NDArray[np.float32]:
        """Samples of one phase lie evenly among those that came in: their windows are a view."""
        table = _filters(self.rate_hz)
        phases, step, size = len(table), self.rate_hz * len(table) // SAMPLE_RATE_HZ, self.tail.itemsize
        out = np.empty(count, np.float32)
        for i in range(min(phases, count)):
            whole, phase = divmod((self.given + i) * step, phases)
            at = (whole - self.half + 1 - first) * size
            rows = (count - i + phases - 1) // phases
            windows = np.ndarray((rows, 2 * self.half), np.float32, self.tail, at, (step * size, size))
            out[i::phases] = np.einsum("nk,k->n", windows, table[phase], optimize=False)
        return out

    def _make_each(self, count: int, first: int) -> NDArray[np.float32]:
        """Each sample has a window and a phase of its own."""
        place = np.arange(self.given, self.given + count, dtype=np.int64) * self.rate_hz
        whole, rest = place // SAMPLE_RATE_HZ, place % SAMPLE_RATE_HZ
        table = _filters(self.rate_hz)
        phase = np.rint(rest * (len(table) / SAMPLE_RATE_HZ)).astype(np.int64)
        whole, phase = whole + phase // len(table), phase % len(table)
        windows = np.lib.stride_tricks.sliding_window_view(self.tail, 2 * self.half)
        return np.einsum("nk,nk->n", windows[whole - self.half + 1 - first], table[phase], optimize=False)
