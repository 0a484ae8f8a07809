"""Tests 10 to 12: gaze and turns, eye against head, the head's share of a gaze shift."""

from __future__ import annotations

import math

import numpy as np

from talkingeyes.evaluate.events import MEAN_S, running_mean, window_frames
from talkingeyes.evaluate.measure_gaze import NO_TALKING, talking_pool
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import FAIL, PASS, Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array, Arrays, Span
from talkingeyes.evaluate.statistics import sign_flip_p, spearman

MIN_TURNS = 50
MIN_MOVING_S = 5.0
MIN_SHIFTS = 50
MIN_HEAD_DEG_S = 2.0
VELOCITY_S = 0.1
MIN_SHARED_DEG = 5.0
HEAD_BEFORE_S = 0.25
HEAD_AFTER_S = 0.40


def _turn_difference(o: Observation) -> dict[tuple[float, float], float]:
    """Eccentricity in the first second minus the last second of each turn."""
    assert o.speech is not None
    table = {}
    for start, end in np.asarray(o.speech.turns, float).reshape(-1, 2):
        first = slice(int(start * o.fps), int((start + 1) * o.fps))
        last = slice(int((end - 1) * o.fps), int(end * o.fps))
        if end > o.duration_s + 0.1:
            continue
        means = []
        for part in (first, last):
            seen = o.gaze_seen[part]
            means.append(o.eccentricity_deg[part][seen].mean() if seen.sum() > 0.5 * o.fps else math.nan)
        table[(float(start), float(end))] = float(means[0] - means[1])
    return table


def turn_gaze(evidence: Evidence) -> Outcome:
    """Test 10: the gaze is further from the partner at the start of a turn than at its end.

    Takes of one recording share its turns: their mean is one value per turn. The p value is Fisher's randomisation test
    (random signs), one-sided.
    """
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)
    voiced = pool.where(lambda o: o.speech is not None)
    if not len(voiced):
        return lacking("no audio", "speech with turns is")
    values: dict[tuple[str, float, float], list[float]] = {}
    for o in voiced:
        for (start, end), difference in _turn_difference(o).items():
            if math.isfinite(difference):
                values.setdefault((o.recording.recording_id, start, end), []).append(difference)
    turns = np.array([np.mean(v) for v in values.values()])
    rng = np.random.default_rng(pool.seed)
    mean = float(turns.mean()) if len(turns) else math.nan
    p = sign_flip_p(turns, rng)
    draws = turns[rng.integers(0, len(turns), (400, len(turns)))].mean(axis=1) if len(turns) > 1 else np.zeros(0)
    low, high = np.percentile(draws, [2.5, 97.5]) if len(draws) else (math.nan, math.nan)
    ok = p < 0.05 if math.isfinite(p) else None
    shown = [
        Figure("eccentricity, first minus last second", mean, float(low), float(high), "deg"),
        Figure("p that it is not larger at the start", p, band="< 0.05", ok=ok, band_high=0.05),
    ]
    if len(turns) < MIN_TURNS:
        return lacking(f"{len(turns)} turns", f"{MIN_TURNS}", shown)
    return judge(shown, f"{len(turns)} turns")


def _fixed_frames(o: Observation) -> Array:
    """Frames from which the gaze stays fixed for `VELOCITY_S` and the head is seen."""
    lag = window_frames(VELOCITY_S, o.fps)
    still = np.zeros(o.motion.num_frames, bool)
    for first, last in o.fixations:
        still[first : max(first, last - lag)] = True
    index = np.flatnonzero(still & o.head_seen)
    return index[index + lag < o.motion.num_frames]


def _counter_rotation(span: Span) -> Arrays:
    """Sums over fixation frames in which the head turns: eye velocity on head velocity, yaw and pitch."""
    o = span.observation
    lag = window_frames(VELOCITY_S, o.fps)
    index = o.once(_fixed_frames)
    index = index[span.holds(index / o.fps)]
    scale = o.fps / lag
    head = (o.head_deg[index + lag, :2] - o.head_deg[index, :2]) * scale
    eye = (o.cyclopean_deg[index + lag] - o.cyclopean_deg[index]) * scale
    moving = np.abs(head) >= MIN_HEAD_DEG_S
    return {
        "hh": np.array([np.sum(head[moving] ** 2)]),
        "he": np.array([np.sum(head[moving] * eye[moving])]),
        "opposite": np.array([np.sum(head[moving] * eye[moving] < 0)]),
        "moving": np.array([np.sum(moving)]),
        "time": np.array([np.sum(moving.any(axis=1)) / o.fps]),
    }


def counter_rotation(evidence: Evidence) -> Outcome:
    """Test 11: between steps the eyes turn against the head (vestibulo-ocular reflex)."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None and o.motion.head_rad is not None)
    if not len(pool):
        return absent("needs head and eyes")

    def figures(a: Arrays) -> dict[str, float]:
        hh, moving = float(a["hh"].sum()), float(a["moving"].sum())
        return {
            "slope": float(a["he"].sum()) / hh if hh else math.nan,
            "opposite": float(a["opposite"].sum()) / moving if moving else math.nan,
            "time": float(a["time"].sum()),
        }

    e = pool.estimate(_counter_rotation, figures)
    shown = [
        figure("eye-on-head slope between steps", e["slope"], (-1.1, -0.4)),
        figure("share of opposite signs", e["opposite"], (0.5, None)),
    ]
    if e["time"].value < MIN_MOVING_S:
        return lacking(f"{e['time'].value:.1f} s of fixation with a turning head", f"{MIN_MOVING_S:g} s", shown)
    return judge(shown)


def _head_shares(span: Span) -> Arrays:
    """Size of each shift's eye movement in the head, and the head's way along it over that size.

    Size and direction come from the eye in the head, not from the gaze: gaze contains the head, so that even unrelated
    heads would seem to take more of larger gaze shifts.
    """
    o = span.observation
    steps, width = o.steps, window_frames(MEAN_S, o.fps)
    means, _ = running_mean(o.cyclopean_deg, np.ones(o.motion.num_frames, bool), width)
    before = np.round((steps.time_s - HEAD_BEFORE_S) * o.fps).astype(int)
    after = np.round((steps.time_s + HEAD_AFTER_S) * o.fps).astype(int)
    keep = span.holds(steps.time_s) & (before >= 0) & (after < o.motion.num_frames)
    keep &= (steps.start >= width - 1) & (steps.end < len(means))
    steps, before, after = steps.where(keep), before[keep], after[keep]
    jump = means[steps.end] - means[steps.start - width + 1]
    size = np.hypot(*jump.T)
    turn = o.head_deg[after, :2] - o.head_deg[before, :2]
    keep = (size >= MIN_SHARED_DEG) & o.head_seen[before] & o.head_seen[after]
    share: Array = np.sum(turn * jump, axis=1)[keep] / size[keep] ** 2
    return {"amplitude": size[keep], "share": share}


def head_share(evidence: Evidence) -> Outcome:
    """Test 12: the larger the gaze shift, the larger the head's share of it."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None and o.motion.head_rad is not None)
    if not len(pool):
        return absent("needs head and eyes")

    def figures(a: Arrays) -> dict[str, float]:
        large = a["amplitude"] >= 15
        return {
            "rank": spearman(a["amplitude"], a["share"]),
            "small": float(np.median(a["share"][~large])) if (~large).any() else math.nan,
            "large": float(np.median(a["share"][large])) if large.any() else math.nan,
            "steps": float(len(a["share"])),
        }

    e = pool.estimate(_head_shares, figures)
    rank = figure("rank correlation of size and head share", e["rank"], (0.0, None), bound=True)
    shown = [
        rank,
        figure("head share of shifts below 15 deg, median", e["small"]),
        figure("head share of shifts from 15 deg, median", e["large"]),
    ]
    if e["steps"].value < MIN_SHIFTS:
        return lacking(f"{e['steps'].value:.0f} shifts of 5 deg or more with a head", f"{MIN_SHIFTS}", shown)
    outcome = judge(shown)
    if rank.ok is False and outcome.verdict == FAIL and rank.value > 0:
        return Outcome(FAIL, f"rank correlation {rank.value:.2f}, but its 95 % bound is {rank.low:.2f}", tuple(shown))
    assert outcome.verdict != PASS or rank.low >= 0
    return outcome
