"""Tests 13 to 17: blinks and lids."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from talkingeyes.evaluate.events import MEAN_S, window_frames
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array, Arrays, Pool, Span
from talkingeyes.evaluate.statistics import median, skewness, variation

NO_LIDS = "no speaking recording with lids"
MIN_RATE_TIME_S = 240.0
MIN_SHAPES = 15
MIN_INTERVALS = 30
MIN_INTERVAL_FILE_S = 60.0
MIN_PAUSES = 30
MIN_SHIFTS = 20
MIN_LID_S = 10.0
MIN_PITCH_SD_DEG = 1.0
LARGE_SHIFT_DEG = 15.0
AFTER_PAUSE_S = 0.6
AROUND_SHIFT_S = 0.3
MAX_EQUAL_SHARE = 0.35


def lids_pool(evidence: Evidence) -> Pool:
    """Speaking recordings with blinks."""
    return evidence.speaking.where(lambda o: o.motion.lids is not None)


def blink_rate(evidence: Evidence) -> Outcome:
    """Test 13: blinks per minute while talking."""
    pool = lids_pool(evidence)
    if not len(pool):
        return absent(NO_LIDS)

    def collector(span: Span) -> Arrays:
        o = span.observation
        return {
            "count": np.array([np.sum(span.talking(o.blinks.onset_s))]),
            "time": np.array([np.sum(o.talking[span.frames]) / o.fps]),
        }

    def figures(a: Arrays) -> dict[str, float]:
        time = float(a["time"].sum())
        return {"rate": 60 * float(a["count"].sum()) / time if time else math.nan, "time": time}

    e = pool.estimate(collector, figures)
    shown = [figure("blinks while talking", e["rate"], (10.5, 32.5), "per min")]
    if e["time"].value < MIN_RATE_TIME_S:
        return lacking(f"{e['time'].value:.0f} s of talking with lids", "240 s", shown)
    far = e["rate"].value < 5 or e["rate"].value > 45
    return judge(shown, "outside 5 to 45: no person blinks so" if far else "")


def blink_shape(evidence: Evidence) -> Outcome:
    """Test 14: length, asymmetry and depth of blinks."""
    pool = evidence.everyone.where(lambda o: o.motion.lids is not None)
    if not len(pool):
        return absent("no lids")

    def collector(span: Span) -> Arrays:
        b = span.observation.blinks
        keep = span.holds(b.onset_s)
        frame_s = np.full(int(keep.sum()), 0.5 / span.observation.fps)
        return {
            "length": (b.end_s - b.onset_s)[keep],
            "ratio": (b.opening_s / np.maximum(b.closing_s, frame_s.min(initial=1.0)))[keep],
            "peak": b.peak[keep],
        }

    def figures(a: Arrays) -> dict[str, float]:
        return {
            "length": median(a["length"] * 25),
            "ratio": median(a["ratio"]),
            "full": float(np.mean(a["peak"] >= 0.9)) if len(a["peak"]) else math.nan,
            "count": float(len(a["peak"])),
        }

    e = pool.estimate(collector, figures)
    shown = [
        figure("length in frames of 25 fps, median", e["length"], (5.0, 10.0)),
        figure("opening over closing time, median", e["ratio"], (1.4, 3.0)),
        figure("share that closes fully (>= .9)", e["full"], (0.40, 0.80)),
    ]
    if e["count"].value < MIN_SHAPES:
        return lacking(f"{e['count'].value:.0f} blinks", f"{MIN_SHAPES}", shown)
    return judge(shown)


def equal_share(interval_s: Array) -> float:
    """Share of intervals within 10 % of their median: 1 for a clock, .15 log-normal (sigma .55), .07 random."""
    middle = median(interval_s)
    return float(np.mean(np.abs(interval_s - middle) <= 0.1 * middle)) if len(interval_s) else math.nan


def blink_intervals(evidence: Evidence) -> Outcome:
    """Test 15: intervals between blinks are skewed, irregular, no clock."""
    pool = evidence.everyone.where(lambda o: o.motion.lids is not None)
    if not len(pool):
        return absent("no lids")
    long = pool.where(lambda o: o.duration_s >= MIN_INTERVAL_FILE_S)
    if not len(long):
        return lacking("no recording of 60 s (short files cut long intervals)", "one")

    def collector(span: Span) -> Arrays:
        onset = span.observation.blinks.onset_s
        return {"interval": np.diff(onset)[span.holds(onset[:-1])] if len(onset) > 1 else np.zeros(0)}

    def figures(a: Arrays) -> dict[str, float]:
        interval = a["interval"]
        return {
            "skew": skewness(interval),
            "variation": variation(interval),
            "equal": equal_share(interval),
            "count": float(len(interval)),
        }

    e = long.estimate(collector, figures)
    shown = [
        figure("skew of the intervals", e["skew"], (0.5, None)),
        figure("variation of the intervals", e["variation"], (0.5, 1.2)),
        figure("share within 10 % of the median (periodic)", e["equal"], (None, MAX_EQUAL_SHARE)),
    ]
    if e["count"].value < MIN_INTERVALS:
        return lacking(f"{e['count'].value:.0f} intervals", f"{MIN_INTERVALS}", shown)
    return judge(shown)


def _shifts_across_blinks(o: Observation) -> Array:
    """(N,) gaze displacement from before each blink's mask to after it, NaN at the file's ends."""
    width = window_frames(MEAN_S, o.fps)
    out = np.full(len(o.blinks), math.nan)
    for i, (onset, end) in enumerate(zip(o.blinks.onset_s, o.blinks.end_s, strict=True)):
        a, b = int((onset - 0.12) * o.fps), math.ceil((end + 0.12) * o.fps)
        if a - width < 0 or b + width > len(o.gaze_deg):
            continue
        way = o.gaze_deg[b : b + width].mean(axis=0) - o.gaze_deg[a - width : a].mean(axis=0)
        out[i] = float(np.hypot(*way))
    return out


def _blink_occasions(span: Span) -> Arrays:
    """Chances and blinks: after pauses start, with large shifts, and the base rate of the recording."""
    o = span.observation
    onset = o.blinks.onset_s[span.holds(o.blinks.onset_s)]
    pauses = np.zeros(0) if o.speech is None else np.asarray(o.speech.pauses, float).reshape(-1, 2)[:, 0]
    pauses = pauses[span.holds(pauses) & (pauses < span.end_s - AFTER_PAUSE_S)]
    after = sum(int(np.sum((onset >= p) & (onset < p + AFTER_PAUSE_S))) for p in pauses)
    with_shift = without = 0
    if o.has_gaze:
        across = o.once(_shifts_across_blinks)[span.holds(o.blinks.onset_s)]
        with_shift = int(np.sum(across >= LARGE_SHIFT_DEG))
        large = o.steps.time_s[(o.steps.amplitude_deg >= LARGE_SHIFT_DEG) & span.holds(o.steps.time_s)]
        without = len(large)
    return {
        "pauses": np.array([len(pauses)]),
        "after": np.array([after]),
        "with_shift": np.array([with_shift]),
        "without": np.array([without]),
        "blinks": np.array([len(onset)]),
        "time": np.array([span.end_s - span.start_s]),
    }


def blink_timing(evidence: Evidence) -> Outcome:
    """Test 16: more blinks after a pause starts and with large gaze shifts than at any other time."""
    pool = lids_pool(evidence)
    if not len(pool):
        return absent(NO_LIDS)

    def figures(a: Arrays) -> dict[str, float]:
        s = {key: float(value.sum()) for key, value in a.items()}
        rate = s["blinks"] / s["time"] if s["time"] else math.nan
        shifts = s["with_shift"] + s["without"]
        chance = 1 - math.exp(-rate * 2 * AROUND_SHIFT_S) if rate > 0 else math.nan
        return {
            "pause": s["after"] / (s["pauses"] * AFTER_PAUSE_S * rate) if s["pauses"] and rate > 0 else math.nan,
            "shift": s["with_shift"] / shifts / chance if shifts and rate > 0 else math.nan,
            "pauses": s["pauses"],
            "shifts": shifts,
        }

    e = pool.estimate(_blink_occasions, figures)
    shown = [
        figure("blinks in the .6 s after a pause starts, ratio to base", e["pause"], (1.0, None), bound=True),
        figure("blinks with shifts of 15 deg or more, ratio to chance", e["shift"], (1.0, None), bound=True),
    ]
    short: list[str] = []
    for i, (key, needed, what) in enumerate((("pauses", MIN_PAUSES, "pauses"), ("shifts", MIN_SHIFTS, "large shifts"))):
        if e[key].value < needed:
            short.append(f"{e[key].value:.0f} {what} of {needed} needed")
            shown[i] = replace(shown[i], ok=None)
    note = "; ".join(short)
    if all(o.speech is None for o in pool):
        note = "no audio" + (f"; {note}" if note else "")
    return judge(shown, note)


def _lid_rows(span: Span) -> Arrays:
    """Sums for the slope of the lid on downward gaze outside blinks, and lagged products of their changes."""
    o = span.observation
    lid = o.lid_shown
    assert lid is not None
    frames = span.frames
    down = -o.cyclopean_deg[frames, 1]
    keep = o.valid[frames]
    x, y = down[keep], lid[frames][keep]
    dx, dy = np.diff(down), np.diff(lid[frames])
    both = keep[1:] & keep[:-1]
    dx, dy = np.where(both, dx, 0.0), np.where(both, dy, 0.0)
    products = [_lagged_product(dx, dy, lag) for lag in _LAGS]
    centre = x.mean() if len(x) else 0.0
    x, y = x - centre, y - (y.mean() if len(y) else 0.0)
    return {
        "sums": np.array([[len(x) / o.fps, len(x), np.sum(x * x), np.sum(x * y)]]),
        "lags": np.array([products]),
    }


_LAGS = tuple(range(-4, 5))


def _lagged_product(x: Array, y: Array, lag: int) -> float:
    """Sum of ``x[t] y[t + lag]`` over the frames that both have; 0 where a motion is shorter than the lag."""
    common = max(0, len(x) - abs(lag))
    return float(np.sum(x[max(0, -lag) :][:common] * y[max(0, lag) :][:common]))


def lid_follows_gaze(evidence: Evidence) -> Outcome:
    """Test 17: the lid comes down with the gaze, at once."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None and o.lid_shown is not None)
    if not len(pool):
        return absent("needs eyes and lids")

    def figures(a: Arrays) -> dict[str, float]:
        time, count, xx, xy = a["sums"].sum(axis=0)
        lags = a["lags"].sum(axis=0)
        return {
            "slope": 10 * float(xy / xx) if xx > 0 else math.nan,
            "lag": float(_LAGS[int(np.argmax(lags))]) if lags.max() > 0 else math.nan,
            "sd": math.sqrt(xx / count) if count else math.nan,
            "time": float(time),
        }

    e = pool.estimate(_lid_rows, figures)
    shown = [
        figure("closure per 10 deg of downward gaze", e["slope"], (0.0, None), bound=True),
        figure("lag of the lid", e["lag"].value, (-1.0, 1.0), "frames"),
    ]
    if e["time"].value < MIN_LID_S or not e["sd"].value >= MIN_PITCH_SD_DEG:
        found = f"{e['time'].value:.0f} s of open eyes whose pitch spreads by {e['sd'].value:.1f} deg"
        return lacking(found, f"{MIN_LID_S:.0f} s and {MIN_PITCH_SD_DEG:g} deg", shown)
    return judge(shown)
