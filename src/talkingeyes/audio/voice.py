"""Voice activity: the probabilities of the Silero network made into clean on/off frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.silero import CHUNK, SileroNetwork

_ON, _OFF = 0.5, 0.35
_SMOOTH_FRAMES = 4
"""Gaps and islands shorter than this (80 ms) are removed."""
_EARLIER_FRAMES = 4
"""Voice begins this much (80 ms) before the network is sure: on sentences with known word times (63 of GRID talker 1)
its onsets were 110 ms late in the median, its ends 0 ms."""
_TARGET_DB = -26.0
_MAX_GAIN_DB = 36.0
_FORGET_DB_PER_S = 0.1


class VoiceDetector:
    """Samples in, one voice flag per 20 ms frame out, with a fixed look-ahead of about 0.2 s."""

    def __init__(self, hop: int) -> None:
        self._hop = hop
        self._network = SileroNetwork()
        self._samples = np.zeros(0, np.float32)
        self._chunks = 0
        self._frames = 0
        self._is_on = False
        self._loudest_db = _TARGET_DB - _MAX_GAIN_DB
        self._close = _Morphology(closing=True)
        self._open = _Morphology(closing=False)
        self._ahead = np.zeros(0, np.bool_)

    def push(self, blocks: NDArray[np.float32]) -> NDArray[np.bool_]:
        """The flags that became known with these samples (fewer than were pushed at first: look-ahead).

        Args:
            blocks: (n, block) samples; the block, over which the level is measured, must have the same size always.
        """
        self._samples = np.concatenate([self._samples, self._amplify(blocks).reshape(-1)])
        whole = len(self._samples) // CHUNK * CHUNK
        probabilities = self._network.push(self._samples[:whole])
        self._samples = self._samples[whole:]
        flags = [flag for p in probabilities.tolist() for flag in self._frames_of(p)]
        clean = np.concatenate([self._ahead, self._open.push(self._close.push(np.array(flags, np.bool_)))])
        early = _window(clean, _EARLIER_FRAMES + 1).any(axis=1)
        self._ahead = clean[len(early) :]
        return early

    def _amplify(self, blocks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Lift quiet recordings, of which the network misses much below about -50 dB; never turn down."""
        levels_db = 10 * np.log10(np.mean(blocks.astype(np.float64) ** 2, axis=1) + 1e-12)
        forget_db = _FORGET_DB_PER_S * blocks.shape[1] / SAMPLE_RATE_HZ
        gains = []
        for level_db in levels_db.tolist():
            self._loudest_db = max(level_db, self._loudest_db - forget_db, _TARGET_DB - _MAX_GAIN_DB)
            gains.append(10 ** (max(0.0, _TARGET_DB - self._loudest_db) / 20))
        return np.clip(blocks * np.array(gains, np.float32)[:, None], -1.0, 1.0)

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
        grown = np.concatenate([self._grown, _window(raw, _SMOOTH_FRAMES).any(axis=1)])
        self._raw = raw[len(raw) - _SMOOTH_FRAMES + 1 :]
        out = _window(grown, _SMOOTH_FRAMES).all(axis=1)
        self._grown = grown[len(out) :]
        return out if self._closing else ~out


def _window(flags: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    if len(flags) < width:
        return np.zeros((0, width), np.bool_)
    return np.lib.stride_tricks.sliding_window_view(flags, width)
