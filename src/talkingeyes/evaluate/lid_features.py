"""What an observer may notice of lids: in some seconds how often, how long, how deep; in one blink its course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.blinks import detect_blinks
from talkingeyes.evaluate.courses import LEAST_SEEN, RATE_HZ, Course

Array = NDArray[Any]

BLINK = 0.3
OPEN = 0.15
"""Less closure is taken for open: a fit's lids are never quite at rest."""
BEFORE_S = 0.4
"""One blink is looked at from so long before its peak."""
AFTERS_S = (-0.08, -0.04, 0.04, 0.08, 0.12, 0.16, 0.24, 0.32, 0.48)


def blink_features(window: Mapping[str, Array]) -> dict[str, float]:
    """How often, how long, how deep, how alike both lids."""
    lids = window["lids"]
    closure = lids.mean(axis=1)
    high = np.concatenate([[False], closure > BLINK, [False]]).astype(int)
    begin, end = np.flatnonzero(np.diff(high) == 1), np.flatnonzero(np.diff(high) == -1)
    peaks = np.array([closure[a:b].max() for a, b in zip(begin, end, strict=True)])
    length = (end - begin) / RATE_HZ
    middle = [a + int(np.argmax(closure[a:b])) for a, b in zip(begin, end, strict=True)]
    apart = np.array([abs(float(lids[m, 0] - lids[m, 1])) for m in middle])
    opening = np.array([(b - m) / max(m - a, 1) for a, m, b in zip(begin, middle, end, strict=True)])
    gaps = np.diff(middle) / RATE_HZ
    nan = float("nan")
    return {
        "blinks per second": len(peaks) * RATE_HZ / len(closure),
        "depth of blinks": float(np.median(peaks)) if peaks.size else nan,
        "depth of blinks, spread": float(peaks.std()) if peaks.size > 1 else nan,
        "length of blinks": float(np.median(length)) if length.size else nan,
        "length of blinks, spread": float(length.std()) if length.size > 1 else nan,
        "sides apart at the peak": float(np.median(apart)) if apart.size else nan,
        "opening over closing": float(np.median(opening)) if opening.size else nan,
        "time between blinks": float(np.median(gaps)) if gaps.size else nan,
        "variation of that time": float(gaps.std() / gaps.mean()) if gaps.size > 1 else nan,
        "share of time half open": float(np.mean((closure > OPEN) & (closure < 0.6))),
    }


def one_blink(course: Course, length: int, needs: Sequence[str]) -> list[Mapping[str, Array]]:
    """Windows about every blink of a course that has the channels: `BEFORE_S` before the peak and the rest after it."""
    if any(n not in course.channels for n in needs):
        return []
    before = round(BEFORE_S * RATE_HZ)
    out = []
    for peak_s in detect_blinks(course.channels["lids"].mean(axis=1), RATE_HZ).peak_s:
        first = round(peak_s * RATE_HZ) - before
        part = slice(first, first + length)
        whole = first >= 0 and part.stop <= course.frames
        if whole and all(course.seen[n][part].mean() >= LEAST_SEEN for n in needs if n in course.seen):
            out.append({n: course.channels[n][part] for n in needs})
    return out


def one_blink_features(window: Mapping[str, Array]) -> dict[str, float]:
    """The course of one blink, and how the two lids go together in it."""
    lids = window["lids"]
    closure, top = lids.mean(axis=1), round(BEFORE_S * RATE_HZ)
    depth, deeper = float(closure[top]), lids[:, int(np.argmax(lids[top]))]
    scaled = deeper / max(float(deeper[top]), 1e-6)
    apart = lids[:, 0] - lids[:, 1]
    rise = [_crossing(lids[:, k], top, -1) for k in range(2)]
    fall = [_crossing(lids[:, k], top, 1) for k in range(2)]
    away = np.concatenate([closure[: top - 4], closure[top + 12 :]])
    return {
        "depth": depth,
        "depth of the deeper lid": float(deeper[top]),
        "lids apart at the peak": float(abs(apart[top])),
        "lids apart as they open": float(np.abs(apart[top + 1 : top + 5]).mean()),
        "one lid later": float(abs(rise[0] - rise[1])),
        "one lid open later": float(abs(fall[0] - fall[1])),
        "from half shut to the peak": float(np.mean(rise)),
        "from the peak to half open": float(np.mean(fall)),
        "closed by more than half": float(np.mean(rise) + np.mean(fall)),
        **{f"closure at {s:+g} s": float(scaled[top + round(s * RATE_HZ)]) for s in AFTERS_S},
        "closure around it": float(away.mean()),
        "closed again around it": float(away.max()),
        "bends": float(np.abs(np.diff(scaled, 2)).sum()),
    }


def _crossing(lid: Array, top: int, direction: int) -> float:
    """Seconds from the peak to where a lid is half of its closure there."""
    level, i = lid[top] / 2, top
    while 0 <= i + direction < len(lid):
        a, b = float(lid[i]), float(lid[i + direction])
        if b <= level:
            return (abs(i - top) + (a - level) / max(a - b, 1e-9)) / RATE_HZ
        i += direction
    return abs(i - top) / RATE_HZ
