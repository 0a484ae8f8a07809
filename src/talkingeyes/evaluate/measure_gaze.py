"""Tests 4 to 9: steps, their sizes, directions and timing; the share and the length of looking away."""

from __future__ import annotations

import math

import numpy as np

from talkingeyes.evaluate.events import APART_S, crowded_steps, direction_bins
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Figure, Outcome, absent, figure, judge, lacking, text
from talkingeyes.evaluate.pool import Array, Arrays, Estimate, Pool, Span
from talkingeyes.evaluate.statistics import jensen_shannon_bits, kaplan_meier_quantile, median, variation

NO_TALKING = "no speaking recording with gaze"
MIN_RATE_HZ = 24.0
LARGE_DEG = 5.0
MIN_LARGE_STEPS = 15
MIN_STEPS = 30
MIN_DIRECTED_STEPS = 80
MIN_TALKING_S = 60.0
MIN_BOUTS = 10
SHARE_BANDS = {25: 0.60, 30: 0.55}


def talking_pool(evidence: Evidence) -> Pool:
    """Speaking recordings with gaze."""
    return evidence.speaking.where(lambda o: o.has_gaze)


def _talking_s(span: Span, seen: Array) -> Array:
    o = span.observation
    return np.array([np.sum(o.talking[span.frames] & seen[span.frames]) / o.fps])


def step_sharpness(evidence: Evidence) -> Outcome:
    """Test 4: a gaze shift is a step, not a glide (at 25 or 30 fps)."""
    pool = evidence.everyone.where(lambda o: o.has_gaze)
    if not len(pool):
        return absent("no gaze")
    usable = pool.where(lambda o: o.fps >= MIN_RATE_HZ)
    if not len(usable):
        return lacking(f"the fastest motion has {max(o.fps for o in pool):.3g} fps", "24 fps")

    def collector(span: Span) -> Arrays:
        slow = span.observation.slow
        steps = slow.steps.where(slow.steps.amplitude_deg >= LARGE_DEG)
        keep = span.holds(steps.time_s)
        rate = np.full(int(keep.sum()), 25 if slow.fps < 27.5 else 30)
        return {"share": steps.largest_share[keep], "frames": steps.moving_frames[keep], "rate": rate}

    def figures(a: Arrays) -> dict[str, float]:
        table = {f"share {rate}": median(a["share"][a["rate"] == rate]) for rate in SHARE_BANDS}
        return {**table, "frames": median(a["frames"]), "steps": float(len(a["share"]))}

    e = usable.estimate(collector, figures)
    shown: list[Figure] = [
        figure(f"largest-frame share at {rate} fps, median", e[f"share {rate}"], (low, None))
        for rate, low in SHARE_BANDS.items()
        if math.isfinite(e[f"share {rate}"].value)
    ]
    shown.append(figure("moving frames, median", e["frames"], (None, 3.0)))
    if e["steps"].value < MIN_LARGE_STEPS:
        return lacking(f"{e['steps'].value:.0f} steps of 5 deg or more", f"{MIN_LARGE_STEPS}", shown)
    slower = len(pool) - len(usable)
    return judge(shown, f"{slower} recordings below 24 fps left out" if slower else "")


def _talking_steps(span: Span) -> Array:
    steps = span.observation.steps
    return span.talking(steps.time_s)


def amplitudes(evidence: Evidence) -> Outcome:
    """Test 5: sizes of steps while talking."""
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)

    def collector(span: Span) -> Arrays:
        return {"amplitude": span.observation.steps.amplitude_deg[_talking_steps(span)]}

    def figures(a: Arrays) -> dict[str, float]:
        amplitude = a["amplitude"]
        if not len(amplitude):
            return {"below": math.nan, "scale": math.nan, "steps": 0.0}
        return {
            "below": float(np.mean(amplitude < 15)),
            "scale": float(np.mean(amplitude - 3)),
            "steps": float(len(amplitude)),
        }

    e = pool.estimate(collector, figures)
    shown = [
        figure("share of steps below 15 deg", e["below"], (0.60, 0.95)),
        figure("exponential scale of the excess over 3 deg", e["scale"], (4.0, 10.0), "deg"),
    ]
    if e["steps"].value < MIN_STEPS:
        return lacking(f"{e['steps'].value:.0f} steps while talking", f"{MIN_STEPS}", shown)
    return judge(shown)


def _fast_steps(o: Observation) -> tuple[Array, Array]:
    return crowded_steps(o.gaze_deg, o.valid, o.fps)


def _step_times(span: Span) -> Arrays:
    """Talking time, steps in it, intervals over seen gaze, and fast runs with the crowded among them."""
    slow = span.observation.slow
    steps = slow.steps
    fast_s, crowded = slow.once(_fast_steps)
    interval = np.diff(steps.time_s)
    known = np.concatenate([[0], np.cumsum(~slow.gaze_seen)])
    frames = np.minimum((steps.time_s * slow.fps).astype(int), len(known) - 1)
    unbroken = (known[frames[1:]] - known[frames[:-1]]) / slow.fps < 0.3
    keep = span.talking(steps.time_s[:-1]) & span.talking(steps.time_s[1:]) & unbroken
    inside = span.talking(fast_s)
    return {
        "time": _talking_s(span, span.observation.valid),
        "count": np.array([np.sum(span.talking(steps.time_s))]),
        "interval": interval[keep],
        "close": np.array([np.sum(crowded & inside)]),
        "raw": np.array([np.sum(inside)]),
    }


def step_timing(evidence: Evidence) -> Outcome:
    """Test 6: how often and how evenly the gaze steps while talking (at 25 or 30 fps)."""
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)

    def figures(a: Arrays) -> dict[str, float]:
        time, raw = float(a["time"].sum()), float(a["raw"].sum())
        return {
            "rate": float(a["count"].sum()) / time if time > 0 else math.nan,
            "variation": variation(a["interval"]),
            "close": float(a["close"].sum()) / raw if raw else math.nan,
            "time": time,
        }

    e = pool.estimate(_step_times, figures)
    shown = [
        figure("steps per second", e["rate"], (0.2, 2.0), "1/s"),
        figure("variation of the intervals", e["variation"], (0.5, 1.6)),
        figure(f"share closer than {APART_S * 1000:.0f} ms", e["close"], (None, 0.02)),
    ]
    if e["time"].value < MIN_TALKING_S:
        return lacking(f"{e['time'].value:.0f} s of talking with gaze", f"{MIN_TALKING_S:.0f} s", shown)
    return judge(shown)


def directions(evidence: Evidence) -> Outcome:
    """Test 7: directions of steps against real people."""
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)
    real = evidence.reference.gaze

    def collector(span: Span) -> Arrays:
        steps, keep = span.observation.steps, _talking_steps(span)
        return {"bins": direction_bins(steps.yaw_deg[keep], steps.pitch_deg[keep])[None]}

    def figures(a: Arrays) -> dict[str, float]:
        bins = a["bins"].sum(axis=0)
        total = float(bins.sum())
        if total == 0:
            return {"cardinal": math.nan, "divergence": math.nan, "steps": 0.0}
        divergence = jensen_shannon_bits(bins, real.directions) if real is not None else math.nan
        return {"cardinal": float(bins[::2].sum()) / total, "divergence": divergence, "steps": total}

    e = pool.estimate(collector, figures)
    shown = [
        figure("share of cardinal directions", e["cardinal"], (0.5, None)),
        figure("Jensen-Shannon divergence from real", e["divergence"], (None, 0.1), "bit"),
    ]
    if e["steps"].value < MIN_DIRECTED_STEPS:
        return lacking(f"{e['steps'].value:.0f} steps while talking", f"{MIN_DIRECTED_STEPS}", shown)
    return judge(shown)


def _averted_share(pool: Pool) -> tuple[Estimate, float]:
    def collector(span: Span) -> Arrays:
        o, frames = span.observation, span.frames
        keep = o.talking[frames] & o.gaze_seen[frames]
        return {
            "away": np.array([np.sum(o.averted[frames][keep]) / o.fps]),
            "time": np.array([np.sum(keep) / o.fps]),
        }

    def figures(a: Arrays) -> dict[str, float]:
        time = float(a["time"].sum())
        return {"share": float(a["away"].sum()) / time if time else math.nan, "time": time}

    e = pool.estimate(collector, figures)
    return e["share"], e["time"].value


def averted_share(evidence: Evidence) -> Outcome:
    """Test 8: how much of the talking time the gaze is away from the partner, and less when listening."""
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)
    talking, time_s = _averted_share(pool)
    shown = [figure("averted share, talking", talking, (0.20, 0.65))]
    if time_s < MIN_TALKING_S:
        return lacking(f"{time_s:.0f} s of talking with gaze", f"{MIN_TALKING_S:.0f} s", shown)
    listeners = evidence.listening.where(lambda o: o.has_gaze)
    if not len(listeners):
        return judge(shown, "no listening recordings: not compared with listening")
    listening, heard_s = _averted_share(listeners)
    if heard_s < MIN_TALKING_S:
        return judge(shown, f"only {heard_s:.0f} s of listening: not compared")
    name = "averted share, listening (below talking)"
    band = f"< {text(talking.value)}"
    ok = listening.value < talking.value
    shown.append(Figure(name, listening.value, listening.low, listening.high, "", band, ok, band_high=talking.value))
    return judge(shown)


def dwell(evidence: Evidence) -> Outcome:
    """Test 9: how long the gaze stays away and on the partner while talking, cut bouts censored."""
    pool = talking_pool(evidence)
    if not len(pool):
        return absent(NO_TALKING)

    def collector(span: Span) -> Arrays:
        bouts = span.observation.bouts
        keep = span.talking(bouts.start_s)
        return {
            "duration": bouts.duration_s[keep],
            "ended": bouts.ended[keep],
            "averted": bouts.averted[keep],
            "time": _talking_s(span, span.observation.gaze_seen),
        }

    def figures(a: Arrays) -> dict[str, float]:
        away = a["averted"]
        d, ended = a["duration"], a["ended"]
        return {
            "away": kaplan_meier_quantile(d[away], ended[away], 0.5),
            "on": kaplan_meier_quantile(d[~away], ended[~away], 0.5),
            "on90": kaplan_meier_quantile(d[~away], ended[~away], 0.9),
            "bouts": float(min(away.sum(), (~away).sum())),
            "time": float(a["time"].sum()),
        }

    e = pool.estimate(collector, figures)
    shown = [
        figure("averted bouts, median", e["away"], (0.4, 3.0), "s"),
        figure("on-partner bouts, median", e["on"], (1.0, 5.0), "s"),
        figure("on-partner bouts, 90th percentile", e["on90"], (None, 10.0), "s"),
    ]
    if e["time"].value < MIN_TALKING_S:
        return lacking(f"{e['time'].value:.0f} s of talking with gaze", f"{MIN_TALKING_S:.0f} s", shown)
    if e["bouts"].value < MIN_BOUTS and e["time"].value < 4 * MIN_TALKING_S:
        return lacking(f"{e['bouts'].value:.0f} bouts of the rarer kind", f"{MIN_BOUTS}", shown)
    return judge(shown)
