"""Voice activity: the probabilities of the Silero network made into clean on/off frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.silero import CHUNK, SileroNetwork

_ON, _OFF = 0.5, 0.35
_SMOOTH_FRAMES = 5
"""Gaps and islands shorter than this (100 ms) are removed."""


class VoiceDetector:
    """Samples in, one voice flag per 20 ms frame out, with a fixed look-ahead of about 0.2 s."""

    def __init__(self, hop: int) -> None:
        self._hop = hop
        self._network = SileroNetwork()
        self._samples = np.zeros(0, np.float32)
        self._chunks = 0
        self._frames = 0
        self._is_on = False
        self._close = _Morphology(closing=True)
        self._open = _Morphology(closing=False)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.bool_]:
        """The flags that became known with these samples (fewer than were pushed at first: look-ahead)."""
        self._samples = np.concatenate([self._samples, samples])
        whole = len(self._samples) // CHUNK * CHUNK
        probabilities = self._network.push(np.clip(self._samples[:whole], -1.0, 1.0))
        self._samples = self._samples[whole:]
        flags = [flag for p in probabilities.tolist() for flag in self._frames_of(p)]
        return self._open.push(self._close.push(np.array(flags, np.bool_)))

    def _frames_of(self, probability: float) -> list[bool]:
        """The frames whose centre lies in the chunk just judged."""
        self._is_on = probability >= (_OFF if self._is_on else _ON)
        self._chunks += 1
        end = (self._chunks * CHUNK - self._hop // 2 - 1) // self._hop + 1
        count, self._frames = end - self._frames, end
        return [self._is_on] * count


class _Morphology:
    """Closing (fill short gaps) or opening (drop short islands) of a flag stream, look-ahead `_SMOOTH_FRAMES` - 1."""

    def __init__(self, *, closing: bool) -> None:
        self._closing = closing
        self._raw = np.full(_SMOOTH_FRAMES - 1, not closing)  # silence before the first frame
        self._grown = np.zeros(0, np.bool_)

    def push(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        raw = np.concatenate([self._raw, flags if self._closing else ~flags])
        grown = np.concatenate([self._grown, _window(raw).any(axis=1)])
        self._raw = raw[len(raw) - _SMOOTH_FRAMES + 1 :]
        out = _window(grown).all(axis=1)
        self._grown = grown[len(out) :]
        return out if self._closing else ~out


def _window(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if len(flags) < _SMOOTH_FRAMES:
        return np.zeros((0, _SMOOTH_FRAMES), np.bool_)
    return np.lib.stride_tricks.sliding_window_view(flags, _SMOOTH_FRAMES)
