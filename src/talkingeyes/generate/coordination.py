"""The only renderer from Plan to Motion: saccades, vestibulo-ocular compensation, vergence, blinks, at any frame rate.

Every frame is a function of the plan and of its own time alone, so a chunk of frames equals the same frames of the
whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.generate import saccade
from talkingeyes.generate.plan import PLAN_RATE_HZ, Blink, GazeShift, Plan, opened
from talkingeyes.motion import Motion

Floats = NDArray[Any]

OCULAR_RANGE_RAD = np.radians([33.0, 24.5, 29.0])
"""Sideways, up, down: where the eyes stop and wait for the head (within the p99 limits of docs/conventions.md)."""
FORCED_RANGE_RAD = np.radians([48.0, 34.0, 38.0])
"""The same while a director's mark holds the gaze: within what people can do, beyond what they like."""
BLINK_NASAL_RAD = np.radians(1.0)
BLINK_DOWN_RAD = np.radians(0.8)
"""Drift of the eyes at full closure, nasally and down (Riggs 1985: 1-2 deg; the low end keeps marks within 1 deg)."""
_BLOCK_FRAMES = 8192
HEAD_LIMITS_RAD = np.radians([70.0, 55.0, 35.0])


@dataclass(frozen=True)
class GazeTrack:
    """Where both eyes look, frame by frame.

    Attributes:
        gaze_rad: (T, 2) gaze in space.
        vergence_rad: (T,) right yaw minus left yaw.
        forced: (T,) 0..1, how much a director's mark holds it.
    """

    gaze_rad: Floats
    vergence_rad: Floats
    forced: Floats

    def part(self, window: slice) -> GazeTrack:
        """Some frames of it."""
        return GazeTrack(self.gaze_rad[window], self.vergence_rad[window], self.forced[window])


@dataclass(frozen=True)
class Kept:
    """Channels that a render takes over as they are (frames of the whole recording)."""

    gaze: GazeTrack | None = None
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
    lids = kept.lids[window] if kept.lids is not None else _lids(plan, times_s)
    face, names = _sampled(plan.face, times_s, plan.origin), plan.face_names
    if kept.face is not None:
        face, names = kept.face[window], kept.face_names
    else:
        _narrow_wide_eyes(face, names, lids)
    gaze = kept.gaze.part(window) if kept.gaze is not None else gaze_track(plan.gaze, times_s)
    eyes = eyes_in_head(gaze, np.asarray(head, float), np.asarray(lids, float))
    return Motion(
        fps=fps,
        head_rad=head,
        eyes_rad=eyes,
        lids=lids,
        face=np.clip(face, 0.0, 1.0, out=None if kept.face is not None else face),
        face_names=names,
        meta=dict(meta or {}),
    )


def gaze_track(shifts: Sequence[GazeShift], times_s: Floats) -> GazeTrack:
    """Gaze in space and vergence at given times.

    Args:
        shifts: in time order; each saccade ends before the next begins.
        times_s: (T,).
    """
    onset_s = np.array([s.onset_s for s in shifts])
    target = rotations.direction_from_yaw_pitch(np.array([s.target_rad for s in shifts]))
    vergence = rig.vergence_rad([s.distance_m for s in shifts])
    forced = np.array([float(s.forced) for s in shifts])
    to = np.maximum(np.searchsorted(onset_s, times_s, side="right") - 1, 0)
    start = np.maximum(to - 1, 0)
    leaves, lands, near, far = target[start], target[to], vergence[start], vergence[to]
    amplitude = rotations.angle_between_rad(leaves, lands)
    moving = [i for i, shift in enumerate(shifts) if shift.path is not None]
    if moving:
        amplitude = _amplitudes(shifts, target)[to]
    done = saccade.progress((times_s - onset_s[to]) / saccade.duration_s(amplitude), amplitude)
    if moving:
        _follow_paths(shifts, moving, times_s, (start, leaves, near), (to, lands, far))
        amplitude = rotations.angle_between_rad(leaves, lands)
    direction = _between(leaves, lands, done, amplitude)
    return GazeTrack(
        gaze_rad=rotations.yaw_pitch_from_direction(direction),
        vergence_rad=near * (1 - done) + far * done,
        forced=forced[start] * (1 - done) + forced[to] * done,
    )


def _between(leaves: Floats, lands: Floats, done: Floats, amplitude: Floats) -> Floats:
    """(T, 3) directions on the great circle from one to the other."""
    sine = np.sin(amplitude)
    straight = sine < 1e-9
    safe = np.where(straight, 1.0, sine)
    a = np.where(straight, 1 - done, np.sin((1 - done) * amplitude) / safe)
    b = np.where(straight, done, np.sin(done * amplitude) / safe)
    return a[:, None] * leaves + b[:, None] * lands


def _amplitudes(shifts: Sequence[GazeShift], target: Floats) -> Floats:
    """Amplitude of each shift, from where the gaze is at its onset, which may be on a path."""
    leaves = np.concatenate([target[:1], target[:-1]])
    for i, (before, shift) in enumerate(itertools.pairwise(shifts), 1):
        if before.path is not None:
            leaves[i] = rotations.direction_from_yaw_pitch(before.path.at(np.array([shift.onset_s]))[0][0])
    return rotations.angle_between_rad(leaves, target)


def _follow_paths(
    shifts: Sequence[GazeShift], moving: list[int], times_s: Floats, *ends: tuple[Floats, Floats, Floats]
) -> None:
    """Put the places of shifts with a path where the path is; changes the directions and vergences of ``ends``."""
    for which, direction, vergence in ends:
        for i in moving:
            path, frames = shifts[i].path, np.flatnonzero(which == i)
            assert path is not None
            gaze, distance = path.at(times_s[frames])
            direction[frames] = rotations.direction_from_yaw_pitch(gaze)
            vergence[frames] = rig.vergence_rad(distance)


def eyes_in_head(gaze: GazeTrack, head_rad: Floats, lids: Floats) -> Floats:
    """Eye rotations that put the gaze where it should be whatever the head does (vestibulo-ocular reflex of gain 1).

    Args:
        gaze: T frames.
        head_rad: (T, 3).
        lids: (T, 2) closure, for the eyes' drift during blinks.

    Returns:
        (T, 2, 2) [left, right] x [yaw, pitch], within the ocular range.
    """
    inverse_head = np.swapaxes(rotations.matrix_from_ypr(head_rad), -1, -2)
    direction = np.einsum("tij,tj->ti", inverse_head, rotations.direction_from_yaw_pitch(gaze.gaze_rad))
    reach = OCULAR_RANGE_RAD + gaze.forced[:, None] * (FORCED_RANGE_RAD - OCULAR_RANGE_RAD)
    eye = within_range(rotations.yaw_pitch_from_direction(direction), reach)
    eye[:, 1] -= BLINK_DOWN_RAD * lids.mean(axis=1)
    half = gaze.vergence_rad / 2 + BLINK_NASAL_RAD * lids.mean(axis=1)
    yaw = eye[:, None, 0] + half[:, None] * np.array([-1.0, 1.0])
    return np.stack([yaw, np.repeat(eye[:, None, 1], 2, axis=1)], axis=-1)


def gaze_of(motion: Motion) -> GazeTrack:
    """The inverse of `eyes_in_head`: where both eyes of a motion looked, without their drift during blinks."""
    eyes = np.asarray(motion.eyes_rad, float)
    head = np.zeros((len(eyes), 3)) if motion.head_rad is None else np.asarray(motion.head_rad, float)
    closed = np.zeros(len(eyes)) if motion.lids is None else np.asarray(motion.lids, float).mean(axis=1)
    eye = eyes.mean(axis=1)
    eye[:, 1] += BLINK_DOWN_RAD * closed
    direction = np.einsum("tij,tj->ti", rotations.matrix_from_ypr(head), rotations.direction_from_yaw_pitch(eye))
    vergence = eyes[:, 1, 0] - eyes[:, 0, 0] - 2 * BLINK_NASAL_RAD * closed
    # Whatever range the eyes used once they may use again, hence forced.
    return GazeTrack(rotations.yaw_pitch_from_direction(direction), np.maximum(vergence, 0.0), np.ones(len(eyes)))


def within_range(eye_rad: Floats, reach_rad: Floats) -> Floats:
    """Pull eye rotations (T, 2) back to the border of an elliptic range (T, 3: sideways, up, down) that they leave."""
    vertical = np.where(eye_rad[:, 1] > 0, reach_rad[:, 1], reach_rad[:, 2])
    excess = np.hypot(eye_rad[:, 0] / reach_rad[:, 0], eye_rad[:, 1] / vertical)
    return eye_rad / np.maximum(excess, 1.0)[:, None]


def lid_track(blinks: Sequence[Blink], times_s: Floats) -> Floats:
    """(T, 2) closure [left, right]; where blinks overlap, the more closed counts."""
    lids = np.zeros((len(times_s), 2))
    for blink in blinks:
        first, last = np.searchsorted(times_s, [blink.onset_s, blink.end_s])
        if first == last:
            continue
        for side, (begin_s, peak) in enumerate(zip(blink.onsets_s, (blink.peak_left, blink.peak_right), strict=True)):
            shape = peak * _blink_shape(blink, times_s[first:last] - begin_s)
            lids[first:last, side] = np.maximum(lids[first:last, side], shape)
    return lids


def _blink_shape(blink: Blink, since_s: Floats) -> Floats:
    """Closure over peak: a fast smooth close, a short hold, an opening that slows down towards its end."""
    close = np.clip(since_s / blink.closing_s, 0.0, 1.0)
    # The down phase is nearly symmetric, the up phase decelerates over a long tail (Evinger 1991).
    return (
        close * close * (3 - 2 * close) * (1 - opened((since_s - blink.closing_s - blink.closed_s) / blink.opening_s))
    )


def _lids(plan: Plan, times_s: Floats) -> Floats:
    """Blinks begin and end at the lids' rest."""
    lids = lid_track(plan.blinks, times_s)
    if plan.lid_rest is None:
        return lids
    return 1 - (1 - lids) * (1 - np.clip(_sampled(plan.lid_rest, times_s, plan.origin), 0.0, 1.0))


def _narrow_wide_eyes(face: Floats, names: Sequence[str], lids: Floats) -> None:
    """Eyes that are held wide give way while their lids close; changes ``face`` in place."""
    for side, name in enumerate(("eyeWideLeft", "eyeWideRight")):
        if name in names:
            face[:, names.index(name)] *= 1 - lids[:, side]


def _head(plan: Plan, times_s: Floats) -> Floats:
    return np.clip(_sampled(plan.head_rad, times_s, plan.origin), -HEAD_LIMITS_RAD, HEAD_LIMITS_RAD)


def _sampled(track: Floats, times_s: Floats, origin: int) -> Floats:
    """Catmull-Rom between the plan's samples: (n, K) at `PLAN_RATE_HZ` -> (T, K), in blocks to keep memory flat."""
    out = np.empty((len(times_s), track.shape[1]), track.dtype)
    for first in range(0, len(times_s), _BLOCK_FRAMES):
        block = slice(first, first + _BLOCK_FRAMES)
        out[block] = _catmull_rom(track, times_s[block] * PLAN_RATE_HZ, origin)
    return out


def _catmull_rom(track: Floats, position: Floats, origin: int) -> Floats:
    i = np.floor(position + 1e-9).astype(int)
    u = np.clip(position - i, 0.0, 1.0)[:, None]
    last = len(track) - 1
    p0, p1, p2, p3 = (track[np.clip(i - origin + k, 0, last)] for k in (-1, 0, 1, 2))
    return p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)))
