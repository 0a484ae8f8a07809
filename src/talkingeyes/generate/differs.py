"""Where two plans of one take show something else."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np

from talkingeyes.generate.plan import PLAN_RATE_HZ, GazeShift, Plan


def changed(one: Plan, two: Plan, duration_s: float) -> list[tuple[float, float]]:
    """The stretches in which two plans of one take differ."""
    spans: list[tuple[float, float]] = []
    for track in ("head_rad", "face", "lid_rest"):
        a, b = getattr(one, track), getattr(two, track)
        if a is not b and (a is None or b is None or a.shape != b.shape):
            return [(0.0, duration_s)]
        if a is not b:
            differs = np.concatenate([[False], (a != b).any(axis=1), [False]]).astype(int)
            edges = np.flatnonzero(np.diff(differs)).reshape(-1, 2)
            spans += [((i - 2) / PLAN_RATE_HZ, (j + 1) / PLAN_RATE_HZ) for i, j in edges]
    spans += _gaze_differs(one.gaze, two.gaze, duration_s)
    spans += [(b.onset_s, b.end_s) for b in {*one.blinks} ^ {*two.blinks}]
    joined: list[tuple[float, float]] = []
    for begin, end in sorted((max(0.0, a), min(duration_s, b)) for a, b in spans if b > 0 and a < duration_s):
        if joined and begin <= joined[-1][1] + 0.1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _gaze_differs(one: Sequence[GazeShift], two: Sequence[GazeShift], duration_s: float) -> list[tuple[float, float]]:
    """From each shift that only one of them has to the next of both, and the saccade after it."""
    if one is two:
        return []
    own, other = set(one), set(two)
    edges = sorted({shift.onset_s for shift in (*one, *two)})
    spans = []
    for shift in own ^ other:
        after = bisect.bisect_right(edges, shift.onset_s)
        spans.append((shift.onset_s, (edges[after] if after < len(edges) else duration_s) + 0.2))
    return spans
