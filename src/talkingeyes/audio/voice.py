"""Voice activity: the probabilities of the Silero network made into clean on/off frames."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.carried import State, part, with_prefix
from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.silero import CHUNK, SileroNetwork
from talkingeyes.audio.silero_step import SileroStep
from talkingeyes.lanes import Lane

_ON, _OFF = 0.5, 0.35
_SMOOTH_FRAMES = 4
"""Gaps and islands shorter than this (80 ms) are removed."""
_EARLIER_FRAMES = 4
"""Voice begins this much (80 ms) before the network is sure: on sentences with known word times (63 of GRID talker 1)
its onsets were 110 ms late in the median, its ends 0 ms."""
_TARGET_DB = -26.0
_MAX_GAIN_DB = 36.0
_FORGET_DB_PER_S = 0.1
_SYLLABLE_DB = 3.0
_DOUBTS = 2
_LOWEST, _HIGHEST = np.float32(-1.0), np.float32(1.0)


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


class LiveVoice:
    """Blocks of samples in, flags of voice as known now out: hysteresis instead of cleaning, nothing is taken back.

    Voice begins with the first chunk that the network is sure of and ends with the second in a row that it doubts. On
    60 sentences with known word times that is known 87 ms after a voice began and 85 ms after it ended, in the median.

    Args:
        block: samples per block, a multiple of the hop of 20 ms.
    """

    def __init__(self, block: int) -> None:
        self._forget_db = _FORGET_DB_PER_S * block / SAMPLE_RATE_HZ
        self._network = SileroStep()
        self._waiting = np.zeros(0, np.float32)
        self._loudest_db = _TARGET_DB - _MAX_GAIN_DB
        self._is_on = False
        self._doubts = 0

    def pushing(self, blocks: NDArray[np.float32]) -> Lane[list[bool]]:
        """(n, block) samples -> a flag for each of the blocks."""
        flags = []
        for block in blocks:
            sound = np.concatenate([self._waiting, self._amplify(block)])
            whole = len(sound) // CHUNK * CHUNK
            for start in range(0, whole, CHUNK):
                self._judge((yield from self._network.pushing(sound[start : start + CHUNK])))
            self._waiting = sound[whole:]
            flags.append(self._is_on)
        return flags

    def cut_off(self) -> None:
        """The voice is cut off: nothing that came so far counts any more; how loud it is stays known."""
        self._network = SileroStep()
        self._waiting[:] = 0.0
        self._is_on, self._doubts = False, 0

    def _amplify(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """As `VoiceDetector` does it; syllables are louder than the fifth of a second that it measures."""
        wide = samples.astype(np.float64)
        level_db = 10 * math.log10(float(wide @ wide) / len(wide) + 1e-12) - _SYLLABLE_DB
        self._loudest_db = max(level_db, self._loudest_db - self._forget_db, _TARGET_DB - _MAX_GAIN_DB)
        gain = np.float32(10 ** (max(0.0, _TARGET_DB - self._loudest_db) / 20))
        return np.minimum(np.maximum(samples * gain, _LOWEST), _HIGHEST)

    def _judge(self, probability: float) -> None:
        self._doubts = self._doubts + 1 if probability < _OFF else 0
        self._is_on = probability >= _ON or (self._is_on and self._doubts < _DOUBTS)

    def state(self) -> State:
        """What a new one needs to go on in its place."""
        own = {
            "waiting": self._waiting.copy(),
            "loudest_db": np.array([self._loudest_db]),
            "judged": np.array([int(self._is_on), self._doubts]),
        }
        return own | with_prefix("network", self._network.state())

    def restore(self, state: State) -> None:
        """Go on from arrays of `state`, which were checked."""
        self._waiting, self._loudest_db = state["waiting"], float(state["loudest_db"][0])
        is_on, doubts = state["judged"].tolist()
        self._is_on, self._doubts = bool(is_on), max(0, doubts)
        self._network.restore(part(state, "network"))


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
