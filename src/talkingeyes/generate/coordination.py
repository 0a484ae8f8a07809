"""The only renderer from Plan to Motion: saccades, vestibulo-ocular compensation, vergence, blinks, at any frame rate.

Every frame is a function of the plan and of its own time alone, so a chunk of frames equals the same frames of the
whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.generate import saccade
from talkingeyes.generate.plan import PLAN_RATE_HZ, Blink, GazeShift, Plan
from talkingeyes.motion import Motion

Floats = NDArray[Any]

OCULAR_YAW_RAD = np.radians(42.0)
OCULAR_UP_RAD = np.radians(27.0)
OCULAR_DOWN_RAD = np.radians(33.0)
"""Where the eye stops and waits for the head; the hard limit of 55 deg is never met in conversation."""
BLINK_NASAL_RAD = np.radians(1.0)
BLINK_DOWN_RAD = np.radians(0.8)
"""Drift of the eyes at full closure, nasally and down (Riggs 1985: 1-2 deg; the low end keeps marks within 1 deg)."""
HEAD_LIMITS_RAD = np.radians([70.0, 55.0, 35.0])


@dataclass(frozen=True)
class GivenGaze:
    """Gaze taken from an earlier take instead of a plan.

    Attributes:
        gaze_rad: (T, 2) gaze in space.
        vergence_rad: (T,) right yaw minus left yaw.
    """

    gaze_rad: Floats
    vergence_rad: Floats


@dataclass(frozen=True)
class Kept:
    """Channels that a render takes over as they are (frames of the whole recording)."""

    gaze: GivenGaze | None = None
    head_rad: NDArray[np.float32] | None = None
    lids: NDArray[np.float32] | None = None
    face: NDArray[np.float32] | None = None
    face_names: tuple[str, ...] = ()


def render(
    plan: Plan,
    fps: float,
    frames: range,
    *,
    kept: Kept | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Motion:
    """Render frames of a plan.

    Args:
        plan: covers the frames' times; its first gaze shift starts at or before the first of them.
        fps: frame rate of the result.
        frames: frame numbers of the whole recording to render.
        kept: channels of an earlier take to take over.
        meta: goes into the motion.

    Returns:
        Motion of ``len(frames)`` frames.
    """
    kept = kept or Kept()
    times_s = np.arange(frames.start, frames.stop) / fps
    window = slice(frames.start, frames.stop)
    head = kept.head_rad[window] if kept.head_rad is not None else _head(plan, times_s)
    lids = kept.lids[window] if kept.lids is not None else lid_track(plan.blinks, times_s)
    face, names = _sampled(plan.face, times_s), plan.face_names
    if kept.face is not None:
        face, names = kept.face[window], kept.face_names
    if kept.gaze is not None:
        gaze, vergence = kept.gaze.gaze_rad[window], kept.gaze.vergence_rad[window]
    else:
        gaze, vergence = gaze_track(plan.gaze, times_s)
    eyes = eyes_in_head(gaze, vergence, np.asarray(head, float), np.asarray(lids, float))
    return Motion(
        fps=fps,
        head_rad=head,
        eyes_rad=eyes,
        lids=lids,
        face=np.clip(face, 0.0, 1.0),
        face_names=names,
        meta=dict(meta or {}),
    )


def gaze_track(shifts: Sequence[GazeShift], times_s: Floats) -> tuple[Floats, Floats]:
    """Gaze in space and vergence at given times.

    Args:
        shifts: in time order; each saccade ends before the next begins.
        times_s: (T,).

    Returns:
        (T, 2) yaw and pitch, (T,) vergence; radians.
    """
    onset_s = np.array([s.onset_s for s in shifts])
    target = rotations.direction_from_yaw_pitch(np.array([s.target_rad for s in shifts]))
    vergence = rig.vergence_rad([s.distance_m for s in shifts])
    to = np.maximum(np.searchsorted(onset_s, times_s, side="right") - 1, 0)
    start = np.maximum(to - 1, 0)
    amplitude = rotations.angle_between_rad(target[start], target[to])
    done = saccade.progress((times_s - onset_s[to]) / saccade.duration_s(amplitude), amplitude)
    sine = np.sin(amplitude)
    straight = sine < 1e-9
    safe = np.where(straight, 1.0, sine)
    a = np.where(straight, 1 - done, np.sin((1 - done) * amplitude) / safe)
    b = np.where(straight, done, np.sin(done * amplitude) / safe)
    direction = a[:, None] * target[start] + b[:, None] * target[to]
    return rotations.yaw_pitch_from_direction(direction), vergence[start] * (1 - done) + vergence[to] * done


def eyes_in_head(gaze_rad: Floats, vergence_rad: Floats, head_rad: Floats, lids: Floats) -> Floats:
    """Eye rotations that put the gaze where it should be whatever the head does (vestibulo-ocular reflex of gain 1).

    Args:
        gaze_rad: (T, 2) gaze in space.
        vergence_rad: (T,).
        head_rad: (T, 3).
        lids: (T, 2) closure, for the eyes' drift during blinks.

    Returns:
        (T, 2, 2) [left, right] x [yaw, pitch], within the ocular range.
    """
    inverse_head = np.swapaxes(rotations.matrix_from_ypr(head_rad), -1, -2)
    direction = np.einsum("tij,tj->ti", inverse_head, rotations.direction_from_yaw_pitch(gaze_rad))
    eye = within_ocular_range(rotations.yaw_pitch_from_direction(direction))
    eye[:, 1] -= BLINK_DOWN_RAD * lids.mean(axis=1)
    half = vergence_rad / 2 + BLINK_NASAL_RAD * lids.mean(axis=1)
    yaw = eye[:, None, 0] + half[:, None] * np.array([-1.0, 1.0])
    return np.stack([yaw, np.repeat(eye[:, None, 1], 2, axis=1)], axis=-1)


def within_ocular_range(eye_rad: Floats) -> Floats:
    """Pull eye rotations (..., 2) back to the border of the ocular range, an ellipse, where they leave it."""
    vertical = np.where(eye_rad[..., 1] > 0, OCULAR_UP_RAD, OCULAR_DOWN_RAD)
    reach = np.hypot(eye_rad[..., 0] / OCULAR_YAW_RAD, eye_rad[..., 1] / vertical)
    return eye_rad / np.maximum(reach, 1.0)[..., None]


def lid_track(blinks: Sequence[Blink], times_s: Floats) -> Floats:
    """(T, 2) closure [left, right]; where blinks overlap, the more closed counts."""
    lids = np.zeros((len(times_s), 2))
    for blink in blinks:
        first, last = np.searchsorted(times_s, [blink.onset_s, blink.end_s])
        if first == last:
            continue
        shape = _blink_shape(blink, times_s[first:last] - blink.onset_s)
        peaks = np.array([blink.peak_left, blink.peak_right])
        lids[first:last] = np.maximum(lids[first:last], shape[:, None] * peaks)
    return lids


def _blink_shape(blink: Blink, since_s: Floats) -> Floats:
    """Closure over peak: a fast smooth close, a short hold, an opening that slows down towards its end."""
    close = np.clip(since_s / blink.closing_s, 0.0, 1.0)
    opening = np.clip((since_s - blink.closing_s - blink.closed_s) / blink.opening_s, 0.0, 1.0)
    # The down phase is nearly symmetric, the up phase decelerates over a long tail (Evinger 1991).
    return (close * close * (3 - 2 * close)) * (1 - _smootherstep(opening**0.75))


def _smootherstep(u: Floats) -> Floats:
    return u * u * u * (u * (6 * u - 15) + 10)


def _head(plan: Plan, times_s: Floats) -> Floats:
    return np.clip(_sampled(plan.head_rad, times_s), -HEAD_LIMITS_RAD, HEAD_LIMITS_RAD)


def _sampled(track: Floats, times_s: Floats) -> Floats:
    """Catmull-Rom between the plan's samples: (n, K) at `PLAN_RATE_HZ` -> (T, K)."""
    position = times_s * PLAN_RATE_HZ
    i = np.floor(position + 1e-9).astype(int)
    u = np.clip(position - i, 0.0, 1.0)[:, None]
    last = len(track) - 1
    p0, p1, p2, p3 = (track[np.clip(i + k, 0, last)] for k in (-1, 0, 1, 2))
    return p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)))
