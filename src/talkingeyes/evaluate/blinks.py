"""Blinks in a closure curve: when, how long, how fast, how deep."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.events import runs

Array = NDArray[Any]

MIN_PEAK = 0.3
"""Closure that a blink reaches at least."""
EDGE_SHARE = 0.1
"""Onset and end are where the closure crosses this share of the blink's height."""
TOP_SHARE = 0.9
MAX_BLINK_S = 1.0
"""Longer closures are closed eyes, not blinks."""


@dataclass(frozen=True, eq=False)
class Blinks:
    """Blinks in time order; every field is (N,) and times are interpolated between frames.

    Attributes:
        onset_s: the closure crosses 10 % of the height.
        peak_s: frame of the largest closure.
        end_s: the closure falls below 10 % of the height.
        peak: largest closure, 0..1.
        closing_s: from 10 to 90 % of the height.
        opening_s: from 90 back to 10 %.
    """

    onset_s: Array
    peak_s: Array
    end_s: Array
    peak: Array
    closing_s: Array
    opening_s: Array

    def __len__(self) -> int:
        return len(self.onset_s)

    def where(self, keep: Array) -> Blinks:
        """The blinks picked by a mask or indices."""
        return Blinks(**{f.name: getattr(self, f.name)[keep] for f in fields(self)})


def _split(closure: Array, first: int, last: int) -> list[tuple[int, int]]:
    """Cut a closed stretch where the lids open by more than half between two peaks."""
    inside = closure[first:last]
    if len(inside) < 4:
        return [(first, last)]
    up_to, from_here = np.maximum.accumulate(inside), np.maximum.accumulate(inside[::-1])[::-1]
    depth = inside / np.maximum(np.minimum(up_to, from_here), 1e-9)
    valley = int(np.argmin(depth))
    if depth[valley] >= 0.5:
        return [(first, last)]
    middle = first + valley
    return _split(closure, first, middle) + _split(closure, middle, last)


def _crossing(closure: Array, frame: int, level: float, direction: int) -> tuple[float, bool]:
    """Frame (with fraction) where the closure falls below ``level``, walking from ``frame``; False at a file's end."""
    i = frame
    while 0 <= i + direction < len(closure):
        a, b = closure[i], closure[i + direction]
        if b <= level:
            return i + direction * float((a - level) / max(a - b, 1e-9)), True
        i += direction
        if b > a and direction * (i - frame) > 2 and b > closure[frame]:  # climbing into a neighbour
            return float(i - direction), True
    return float(i), False


def detect_blinks(closure: Array, fps: float) -> Blinks:
    """Find blinks.

    Args:
        closure: (T,) blink closure of both eyes' mean, 0 open .. 1 closed (gaze part taken out).
        fps: frames per second.

    Returns:
        Blinks whose onset and end lie inside the file, that last at most a second and reach `MIN_PEAK`.
    """
    rows = []
    pieces = [p for first, last in runs(closure > 0.5 * MIN_PEAK) for p in _split(closure, int(first), int(last))]
    for first, last in pieces:
        top = first + int(np.argmax(closure[first:last]))
        if closure[top] < MIN_PEAK:
            continue
        row = _measure(closure, top, fps)
        if row is not None:
            rows.append(row)
    return Blinks(*np.array(rows, float).reshape(len(rows), 6).T)


def _measure(closure: Array, top: int, fps: float) -> tuple[float, ...] | None:
    span = window = int(MAX_BLINK_S * fps)
    base = min(float(closure[max(0, top - span) : top + 1].min()), float(closure[top : top + window].min()))
    height = float(closure[top]) - base
    if height < 0.6 * MIN_PEAK:
        return None
    edge, high = base + EDGE_SHARE * height, base + TOP_SHARE * height
    onset, began = _crossing(closure, top, edge, -1)
    end, ended = _crossing(closure, top, edge, 1)
    if not (began and ended) or (end - onset) / fps > MAX_BLINK_S:
        return None
    reached, _ = _crossing(closure, top, high, -1)
    left, _ = _crossing(closure, top, high, 1)
    return onset / fps, top / fps, end / fps, float(closure[top]), (reached - onset) / fps, (end - left) / fps
