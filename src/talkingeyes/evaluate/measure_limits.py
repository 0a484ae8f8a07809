"""Tests 1 to 3: hard gates of anatomy."""

from __future__ import annotations

import math

import numpy as np

from talkingeyes import rotations
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array
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


def conjugacy(evidence: Evidence) -> Outcome:
    """Test 3: both eyes move together and never diverge."""
    pool = evidence.everyone.where(lambda o: o.motion.eyes_rad is not None)
    if not len(pool):
        return absent("no eye rotation in the head (gaze in space only)")
    left: list[Array] = []
    right: list[Array] = []
    vergence: list[Array] = []
    before_fusion = 0
    for o in pool:
        raw = o.recording.eyes_before_fusion_rad
        eyes = (np.degrees(raw.astype(float)) if raw is not None else _degrees(o))[o.valid]
        fused = _degrees(o)[o.gaze_seen]
        vergence.append(fused[:, 1, 0] - fused[:, 0, 0])
        if len(eyes) and eyes.mean(axis=1).std(axis=0).max() >= MIN_SPREAD_DEG:
            centred = eyes - eyes.mean(axis=0)
            left.append(centred[:, 0])
            right.append(centred[:, 1])
            before_fusion += raw is not None
    widest = np.concatenate(vergence)
    figures = [figure("smallest vergence", float(widest.min()) if widest.size else math.nan, (-1.0, None), "deg")]
    note = f"{before_fusion} recordings by their per-eye fit before fusion" if before_fusion else ""
    if not left:
        if figures[0].ok is False:
            return judge(figures, "the correlation needs eyes that spread by 3 deg")
        return lacking("no recording whose eyes spread by 3 deg", "one", figures)
    joined_left, joined_right = np.concatenate(left), np.concatenate(right)
    for name, axis in (("yaw", 0), ("pitch", 1)):
        if joined_left[:, axis].std() >= 1.0:
            r = pearson(joined_left[:, axis], joined_right[:, axis])
            figures.append(figure(f"left/right correlation, {name}", r, (0.95, None)))
    return judge(figures, note)
