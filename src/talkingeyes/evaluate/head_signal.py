"""Head speed and spectrum of one recording."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.events import window_frames
from talkingeyes.evaluate.observation import Observation

Array = NDArray[Any]

SEGMENT_S = 4.0
TOP_HZ = 12.0
FREQUENCIES_HZ = np.arange(0, TOP_HZ * SEGMENT_S + 1) / SEGMENT_S


def head_speed_deg_s(o: Observation) -> Array:
    """(T,) speed of head rotation over 100 ms, all three axes; zero where a frame was filled in."""
    lag = window_frames(0.1, o.fps)
    if o.motion.num_frames <= lag:
        return np.zeros(o.motion.num_frames)
    way = np.linalg.norm(o.head_deg[lag:] - o.head_deg[:-lag], axis=1) * o.fps / lag
    seen = o.head_seen[lag:] & o.head_seen[:-lag]
    before = lag // 2
    return np.pad(np.where(seen, way, 0.0), (before, lag - before), mode="edge")


def spectrum(o: Observation, frames: slice) -> Array:
    """(49,) power of head rotation at 0..12 Hz in .25 Hz steps: Hann segments of 4 s, half overlapping, detrended."""
    length = window_frames(SEGMENT_S, o.fps)
    head, seen = o.head_deg[frames], o.head_seen[frames]
    total = np.zeros(len(FREQUENCIES_HZ))
    ramp = np.linspace(-1, 1, length)
    window = np.hanning(length)
    for first in range(0, len(head) - length + 1, length // 2):
        if seen[first : first + length].mean() < 0.95:
            continue
        part = head[first : first + length]
        part = part - part.mean(axis=0)
        part = part - np.outer(ramp, ramp @ part / (ramp @ ramp))
        power = np.sum(np.abs(np.fft.rfft(part * window[:, None], axis=0)) ** 2, axis=1)
        count = min(len(power), len(total))
        total[:count] += power[:count] / (length * o.fps)
    return total
