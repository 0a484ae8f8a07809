"""What tests 23 and 24 and their reference measure: places of the gaze, bursts and rest of the head."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.course_features import head_features
from talkingeyes.evaluate.courses import course_of, course_windows
from talkingeyes.evaluate.events import runs
from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.gaze_features import Look, centred, cut, densest_share, returns, revisits
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.pool import Arrays, Estimate, Pool, Span

Array = NDArray[Any]

WINDOW_S = 10.0
SHIFT_DEG_S = 30.0

PLACES = {
    "densest": "time within 1 deg of the densest spot",
    "near": "looks within 1 deg of one of the five before",
    "back": "back within 1 deg after one excursion of 3 deg",
    "middle": "time 3-8 deg off the partner",
    "dwell": "dwell, median",
}
HEADS = {
    "burst": ("speed, 90th over 50th percentile", "speed, 90th over 50th percentile"),
    "still": ("share of time still", "share of time below 1 deg/s"),
    "axes": ("yaw and roll velocity, either sign", "|r| of yaw and roll velocity"),
    "first": ("share of the first axis", "first axis' share of velocity"),
}


def looks_of(o: Observation) -> list[Fixations]:
    """What lies between gaze shifts, relative to the densest place near the partner; pieces end where sight is lost."""
    gaze, pieces = o.relative_deg, []
    step = np.hypot(*np.diff(gaze, axis=0, prepend=gaze[:1]).T) * o.fps
    still = o.gaze_seen & (step < SHIFT_DEG_S)
    spans = [(a, b) for a, b in runs(still) if b - a >= 2]
    if spans:
        place = np.array([np.median(gaze[a:b], axis=0) for a, b in spans])
        start, end = (np.array(v) / o.fps for v in zip(*spans, strict=True))
        cuts = [0, *(np.flatnonzero(start[1:] - end[:-1] > 2.0) + 1).tolist(), len(spans)]
        for a, b in itertools.pairwise(cuts):
            pieces.append(Fixations(o.recording.recording_id, "", start[a:b], end[a:b], *place[a:b].T))
    return centred(pieces) if pieces else []


def _place_rows(o: Observation) -> Array:
    """(N, 9) per window: start, densest, hits and chances of near and back, middle, sum and count... of dwells."""
    rows = []
    for piece in looks_of(o):
        for begin in np.arange(piece.start_s[0], piece.end_s[-1] - WINDOW_S + 1e-9, WINDOW_S / 2):
            window = cut([_from(piece, float(begin))], WINDOW_S, WINDOW_S, 1.0)[:1]
            for w in window:
                look = Look.at(w)
                middle = float(look.weight @ ((look.off > 3) & (look.off <= 8)))
                dwell = float(np.median(look.dwell_s[1:-1])) if len(look.dwell_s) > 2 else math.nan
                rows.append([begin, densest_share(look, 1.0), *revisits(look), *returns(look, 3.0), middle, dwell])
    return np.array(rows).reshape(-1, 8)


def _from(piece: Fixations, begin: float) -> Fixations:
    """The piece from a time on, clipped there."""
    keep = piece.end_s > begin
    start = np.maximum(piece.start_s[keep], begin)
    return Fixations(piece.participant, "", start, piece.end_s[keep], piece.yaw_deg[keep], piece.pitch_deg[keep])


def _place_collector(span: Span) -> Arrays:
    rows = span.observation.once(_place_rows)
    return {"rows": rows[span.holds(rows[:, 0])]}


def _place_figures(a: Arrays) -> dict[str, float]:
    rows = a["rows"]
    if not len(rows):
        return {**dict.fromkeys(PLACES, math.nan), "windows": 0.0}
    near, back = rows[:, 3].sum(), rows[:, 5].sum()
    dwell = rows[np.isfinite(rows[:, 7]), 7]
    return {
        "densest": float(rows[:, 1].mean()),
        "near": float(rows[:, 2].sum() / near) if near else math.nan,
        "back": float(rows[:, 4].sum() / back) if back else math.nan,
        "middle": float(rows[:, 6].mean()),
        "dwell": float(np.median(dwell)) if len(dwell) else math.nan,
        "windows": float(len(rows)),
    }


def place_estimates(pool: Pool) -> dict[str, Estimate]:
    """The five figures of places, with their intervals."""
    return pool.estimate(_place_collector, _place_figures)


def place_curves(observations: Sequence[Observation]) -> dict[str, Any]:
    """For the reference: people's figures by role, ``[value, low, high]`` each."""
    out: dict[str, Any] = {}
    for role in ("speaking", "listening"):
        pool = Pool([o for o in observations if o.recording.role == role and o.has_gaze])
        if len(pool):
            found = place_estimates(pool)
            out[role] = {k: plain(found[k]) for k in PLACES}
    return out


def plain(e: Estimate) -> list[float | None]:
    """A figure with its interval, for JSON."""
    return [round(float(v), 4) if math.isfinite(v) else None for v in (e.value, e.low, e.high)]


def _head_rows(o: Observation) -> Array:
    """(N, 5) start and the four figures, per 4 s window of voice."""
    if o.motion.head_rad is None:
        return np.zeros((0, 1 + len(HEADS)))
    rng = np.random.default_rng(0)
    windows = course_windows([course_of(o.recording)], 4.0, ("head",), head_features, most=10_000, rng=rng)
    if not len(windows.values):
        return np.zeros((0, 1 + len(HEADS)))
    columns = [windows.names.index(name) for name, _ in HEADS.values()]
    start = np.linspace(0, max(o.duration_s - 4.0, 0.0), len(windows.values))
    return np.column_stack([start, windows.values[:, columns]])


def head_collector(span: Span) -> Arrays:
    """The windows of heads that begin in a span."""
    rows = span.observation.once(_head_rows)
    return {"rows": rows[span.holds(rows[:, 0])]}


def head_figures(a: Arrays) -> dict[str, float]:
    """The means over windows, and how many there are."""
    rows = a["rows"]
    if not len(rows):
        return {**dict.fromkeys(HEADS, math.nan), "windows": 0.0}
    known = np.isfinite(rows[:, 1:])
    counts = known.sum(axis=0)
    means = np.where(counts > 0, np.where(known, rows[:, 1:], 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)
    return {**dict(zip(HEADS, map(float, means), strict=True)), "windows": float(len(rows))}


def burst_curves(observations: Sequence[Observation]) -> dict[str, Any]:
    """For the reference: people's figures of heads, ``[value, low, high]`` each."""
    pool = Pool([o for o in observations if o.recording.role == "speaking" and o.motion.head_rad is not None])
    found = pool.estimate(head_collector, head_figures) if len(pool) else {}
    return {k: plain(found[k]) for k in HEADS} if found else {}
