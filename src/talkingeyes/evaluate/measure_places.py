"""Tests 23 to 25: gaze that has places, heads that hold and turn, and the head's part in gaze shifts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.place_signal import HEADS, PLACES, head_collector, head_figures, place_estimates
from talkingeyes.evaluate.pool import Arrays, Span

Array = NDArray[Any]

MIN_WINDOWS = 12
MIN_HEAD_WINDOWS = 8
RATIO = 0.25
"""A figure within a quarter of people's passes; or within people's own interval where that is wider."""
SHARE_BINS_DEG = {20: (15.0, 25.0), 30: (25.0, 35.0), 40: (35.0, 45.0)}
SHARE_BANDS = {20: (0.02, 0.16), 30: (0.20, 0.42), 40: (0.33, 0.57)}
"""Around .08, .31 and .43 (Stahl 1999, derived)."""
MIN_SHIFTS = 15
TOGETHER_S = 0.03
ONSET_DEG = 15.0
BEFORE_S, AFTER_S = 0.3, 0.5
MIN_TURN_DEG_S = 5.0


def _band(real: Sequence[float | None] | None) -> tuple[float, float] | None:
    """A quarter around people's figure, or people's own interval where it is wider."""
    if real is None or real[0] is None:
        return None
    low = (1 - RATIO) * real[0] if real[1] is None else min(real[1], (1 - RATIO) * real[0])
    high = (1 + RATIO) * real[0] if real[2] is None else max(real[2], (1 + RATIO) * real[0])
    return round(low, 4), round(high, 4)


def places(evidence: Evidence) -> Outcome:
    """Test 23: people rest on a few places and go to and fro between them."""
    real = evidence.reference.gaze.curves.get("places", {}) if evidence.reference.gaze is not None else {}
    shown: list[Figure] = []
    for role, pool in (("speaking", evidence.speaking), ("listening", evidence.listening)):
        own = pool.where(lambda o: o.has_gaze)
        if not len(own):
            continue
        found = place_estimates(own)
        figures = [
            figure(f"{role}: {name}", found[k], _band(real.get(role, {}).get(k)), "s" if k == "dwell" else "")
            for k, name in PLACES.items()
        ]
        if found["windows"].value < MIN_WINDOWS:
            return lacking(f"{found['windows'].value:.0f} windows of 10 s", f"{MIN_WINDOWS}", figures)
        shown += figures
    if not shown:
        return absent("needs gaze while speaking or listening")
    return judge(shown) if real else lacking("no reference for places", "a gaze reference with places", shown)


def bursts(evidence: Evidence) -> Outcome:
    """Test 24: heads hold and turn, and their axes go together."""
    pool = evidence.speaking.where(lambda o: o.motion.head_rad is not None)
    if not len(pool):
        return absent("needs a speaking head")
    real: Mapping[str, Any] = evidence.reference.head.curves.get("bursts", {}) if evidence.reference.head else {}
    found = pool.estimate(head_collector, head_figures)
    shown = [figure(name, found[k], _band(real.get(k))) for k, (_, name) in HEADS.items()]
    if found["windows"].value < MIN_HEAD_WINDOWS:
        return lacking(f"{found['windows'].value:.0f} windows of 4 s with voice", f"{MIN_HEAD_WINDOWS}", shown)
    return judge(shown) if real else lacking("no reference for bursts", "a head reference with bursts", shown)


def _shares(span: Span) -> Arrays:
    """Gaze shifts of 15 deg and more: size, the head's share of them, and when the head starts against the gaze."""
    rows = span.observation.once(_share_rows)
    return {"rows": rows[span.holds(rows[:, 0])]}


def _share_rows(o: Observation) -> Array:
    """(N, 4): time, size (deg), head's share, head's onset after the gaze's (s; NaN where it hardly turns)."""
    before, after = round(BEFORE_S * o.fps), round(AFTER_S * o.fps)
    steps, gaze, head = o.steps, o.gaze_deg, o.head_deg[:, :2]
    rows = []
    for i in np.flatnonzero(steps.amplitude_deg >= ONSET_DEG):
        first, last = int(steps.start[i]), int(steps.end[i])
        if first - before < 1 or last + after >= len(gaze) or not o.head_seen[first - before : last + after].all():
            continue
        way = gaze[min(last + 1, len(gaze) - 1)] - gaze[max(first - 1, 0)]
        size = float(np.hypot(*way))
        if size < ONSET_DEG:
            continue
        along = head @ (way / size)
        share = float(along[last + after] - along[first - before]) / size
        speed = np.gradient(along)[first - before : last + after] * o.fps
        peak = int(np.argmax(speed))
        onset = math.nan
        if speed[peak] >= MIN_TURN_DEG_S:
            slow = np.flatnonzero(speed[: peak + 1] < 0.1 * speed[peak])
            onset = ((slow[-1] + 1 if slow.size else 0) - before) / o.fps
        rows.append([steps.time_s[i], size, share, onset])
    return np.array(rows).reshape(-1, 4)


def head_in_shifts(evidence: Evidence) -> Outcome:
    """Test 25: the head takes little of small gaze shifts and much of large ones, and often starts with them."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None and o.motion.head_rad is not None)
    if not len(pool):
        return absent("needs head and eyes")

    def figures(a: Arrays) -> dict[str, float]:
        rows, out = a["rows"], {}
        for size, (low, high) in SHARE_BINS_DEG.items():
            own = rows[(rows[:, 1] >= low) & (rows[:, 1] < high), 2]
            out[f"share {size}"] = float(np.median(own)) if len(own) >= MIN_SHIFTS else math.nan
        onset = rows[np.isfinite(rows[:, 3]), 3]
        together = float(np.mean(np.abs(onset) <= TOGETHER_S + 1e-9)) if len(onset) >= MIN_SHIFTS else math.nan
        first = float(np.mean(onset < -TOGETHER_S - 1e-9)) if len(onset) >= MIN_SHIFTS else math.nan
        return {**out, "together": together, "first": first, "shifts": float(len(rows))}

    e = pool.estimate(_shares, figures)
    shown = [figure(f"head's share of shifts of {s} deg", e[f"share {s}"], SHARE_BANDS[s]) for s in SHARE_BINS_DEG]
    shown.append(figure("heads that start within 30 ms of the shift", e["together"], (0.25, 0.6)))
    shown.append(figure("heads that start before", e["first"]))
    if e["shifts"].value < MIN_SHIFTS:
        return lacking(f"{e['shifts'].value:.0f} gaze shifts of 15 deg or more with a head", f"{MIN_SHIFTS}", shown)
    return judge(shown)
