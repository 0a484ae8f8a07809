"""Tests 1 to 3: hard gates of anatomy."""

from __future__ import annotations

import math

import numpy as np

from talkingeyes import rotations
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array, Pool
from talkingeyes.evaluate.statistics import pearson, percentile
from talkingeyes.rig import LIMITS

MIN_SPREAD_DEG = 3.0
MIN_VERGENCE_DEG = -1.0


def eye_range(evidence: Evidence) -> Outcome:
    """Test 1: eye rotation in the head stays in the human range."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None)
    if not len(pool):
        return absent("no eye rotation in the head (gaze in space only)")
    eyes = np.concatenate([_degrees(o)[o.gaze_seen].reshape(-1, 2) for o in pool])
    if len(eyes) == 0:
        return lacking("no frame with observed eyes", "one")
    angle = np.degrees(np.arccos(np.clip(np.cos(np.radians(eyes)).prod(axis=1), -1, 1)))
    limit = [math.degrees(v) for v in (LIMITS.eye_rad, LIMITS.eye_p99_yaw_rad, LIMITS.eye_p99_up_rad)]
    down = math.degrees(LIMITS.eye_p99_down_rad)
    return judge(
        [
            figure("largest eye rotation", round(float(angle.max()), 3), (None, round(limit[0], 3)), "deg"),
            figure("99th percentile |yaw|", percentile(np.abs(eyes[:, 0]), 99), (None, round(limit[1], 3)), "deg"),
            figure("99th percentile up", percentile(eyes[:, 1], 99), (None, round(limit[2], 3)), "deg"),
            figure("99th percentile down", -percentile(eyes[:, 1], 1), (None, round(down, 3)), "deg"),
        ]
    )


def _degrees(observation: Observation) -> Array:
    assert observation.motion.eyes_rad is not None
    return np.degrees(observation.motion.eyes_rad.astype(float))


def _eye_speed(observation: Observation) -> Array:
    assert observation.motion.eyes_rad is not None
    direction = rotations.direction_from_yaw_pitch(observation.motion.eyes_rad)
    step = rotations.angle_between_rad(direction[1:], direction[:-1]).max(axis=1)
    seen = observation.gaze_seen
    return np.degrees(step[seen[1:] & seen[:-1]]) * observation.fps


def _head_speed(observation: Observation) -> Array:
    assert observation.motion.head_rad is not None
    matrix = rotations.matrix_from_ypr(observation.motion.head_rad)
    trace = np.einsum("tij,tij->t", matrix[1:], matrix[:-1])
    step = np.arccos(np.clip((trace - 1) / 2, -1, 1))
    seen = observation.head_seen
    return np.degrees(step[seen[1:] & seen[:-1]]) * observation.fps


def speeds(evidence: Evidence) -> Outcome:
    """Test 2: no frame-to-frame speed beyond what eyes and heads reach."""
    figures: list[Figure] = []
    eyes = [_eye_speed(o) for o in evidence.everyone if o.motion.eyes_rad is not None and o.motion.num_frames > 1]
    heads = [_head_speed(o) for o in evidence.everyone if o.motion.head_rad is not None and o.motion.num_frames > 1]
    for name, parts, limit in (
        ("fastest eye", eyes, LIMITS.eye_speed_rad_s),
        ("fastest head", heads, LIMITS.head_speed_rad_s),
    ):
        speed = np.concatenate(parts) if parts else np.zeros(0)
        if speed.size:
            allowed = math.degrees(limit)
            figures.append(figure(name, round(float(speed.max()), 1), (None, round(allowed, 1)), "deg/s"))
            figures.append(figure(f"{name}, 99.9th percentile", percentile(speed, 99.9), unit="deg/s"))
    if not eyes and not heads:
        return absent("neither eye rotation nor head, or a single frame")
    return judge(figures) if figures else lacking("no two observed frames in a row", "two")


def _fitted_correlation(o: Observation) -> tuple[Array, float] | None:
    """What a fit says of its eyes before fusion: correlation of yaw and of pitch (NaN where unmoved), and a weight."""
    fit = o.motion.meta.get("fit")
    if not isinstance(fit, dict) or not isinstance(fit.get("left_right_correlation"), dict):
        return None
    told = fit["left_right_correlation"]
    spread = np.array(fit.get("per_eye_sd_deg", (0.0, 0.0)), float)
    r = np.array([float(told.get("yaw", math.nan)), float(told.get("pitch", math.nan))])
    return np.where(spread >= MIN_SPREAD_DEG, r, math.nan), float(fit.get("frames_seen", o.motion.num_frames))


def _correlations(pool: Pool) -> tuple[Array, int]:
    """(2,) pooled left/right correlation of yaw and pitch, NaN where no eyes spread enough; and how many are fits."""
    sides: list[list[Array]] = [[], []]
    told: list[tuple[Array, float]] = []
    for o in pool:
        fitted = _fitted_correlation(o) if o.recording.eyes_before_fusion_rad is None else None
        if fitted is not None:
            told.append(fitted)
            continue
        raw = o.recording.eyes_before_fusion_rad
        eyes = (np.degrees(raw.astype(float)) if raw is not None else _degrees(o))[o.valid]
        for axis in (0, 1):
            if len(eyes) and eyes[:, :, axis].mean(axis=1).std() >= MIN_SPREAD_DEG:
                sides[axis].append(eyes[:, :, axis] - eyes[:, :, axis].mean(axis=0))
    out = np.full(2, math.nan)
    for axis in (0, 1):
        parts = [(r[axis], w) for r, w in told if math.isfinite(r[axis])]
        if sides[axis]:
            joined = np.concatenate(sides[axis])
            parts.append((pearson(joined[:, 0], joined[:, 1]), float(len(joined))))
        if parts:
            out[axis] = np.average([r for r, _ in parts], weights=[w for _, w in parts])
    return out, len(told)


def conjugacy(evidence: Evidence) -> Outcome:
    """Test 3: both eyes move together and never diverge."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None)
    if not len(pool):
        return absent("no eye rotation in the head (gaze in space only)")
    fused = np.concatenate([_degrees(o)[o.gaze_seen] for o in pool])
    smallest = float((fused[:, 1, 0] - fused[:, 0, 0]).min()) if len(fused) else math.nan
    figures = [figure("smallest vergence", smallest, (MIN_VERGENCE_DEG, None), "deg")]
    correlation, fits = _correlations(pool)
    for name, r in zip(("yaw", "pitch"), correlation, strict=True):
        if math.isfinite(r):
            figures.append(figure(f"left/right correlation, {name}", float(r), (0.95, None)))
    note = f"{fits} fits by each eye before fusion" if fits else ""
    if len(figures) == 1 and figures[0].ok is not False:
        return lacking("no recording whose eyes spread by 3 deg", "one", figures)
    return judge(figures, note)
