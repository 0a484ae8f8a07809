"""The only renderer from Plan to Motion: saccades, vestibulo-ocular compensation, vergence, blinks, at any frame rate.

Every frame is a function of the plan and of its own time alone, so a chunk of frames equals the same frames of the
whole.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
_FORCED_MORE_RAD = FORCED_RANGE_RAD - OCULAR_RANGE_RAD
BLINK_NASAL_RAD = np.radians(1.0)
BLINK_DOWN_RAD = np.radians(0.8)
"""Drift of the eyes at full closure, nasally and down (Riggs 1985: 1-2 deg; the low end keeps marks within 1 deg)."""
_BLOCK_FRAMES = 8192
_FEW = 16
_FEW_ROWS = 256
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
    between = _Between(times_s, plan)
    pose, rest = between.of_both(plan.head_rad, plan.lid_rest)
    pose = np.minimum(np.maximum(pose, -HEAD_LIMITS_RAD), HEAD_LIMITS_RAD)
    head = pose if kept.head_rad is None else kept.head_rad[window]
    lids = kept.lids[window] if kept.lids is not None else with_rest(lid_track(plan.blinks, times_s), rest)
    names = plan.face_names if kept.face is None else kept.face_names
    gaze = kept.gaze.part(window) if kept.gaze is not None else gaze_track(seen(plan.gaze, times_s), times_s)
    eyes = eyes_in_head(gaze, np.asarray(head, float), np.asarray(lids, float))
    face = np.clip(kept.face[window], 0.0, 1.0) if kept.face is not None else None
    face = face_with_lids(between.of(plan.face), names, lids) if face is None else face
    return Motion(fps=fps, head_rad=head, eyes_rad=eyes, lids=lids, face=face, face_names=names, meta=dict(meta or {}))


def seen(shifts: Sequence[GazeShift], times_s: Floats | Sequence[float]) -> Sequence[GazeShift]:
    """The shifts that frames show something of: the last before them, the one that it leaves, and those in them."""
    if not len(times_s):
        return shifts
    first = bisect.bisect_right(shifts, times_s[0], key=onset_of) - 2
    return shifts[max(first, 0) : max(bisect.bisect_right(shifts, times_s[-1], key=onset_of), 1)]


onset_of = operator.attrgetter("onset_s")


def gaze_track(shifts: Sequence[GazeShift], times_s: Floats) -> GazeTrack:
    """Gaze in space and vergence at given times.

    Args:
        shifts: in time order; each saccade ends before the next begins.
        times_s: (T,).
    """
    course = course_of(tuple(shifts)) if len(shifts) <= _FEW else _Course.of(shifts)
    to = np.maximum(np.searchsorted(course.onset_s, times_s, side="right") - 1, 0)
    share = (times_s - course.onset_s[to]) / course.lasts_s[to]
    if course.landed is not None and (share >= 1).all():
        return GazeTrack(course.landed.gaze_rad[to], course.landed.vergence_rad[to], course.landed.forced[to])
    return course.track(share, to, times_s)


@dataclass(frozen=True)
class _Course:
    """Shifts in time order as arrays, one row per shift, and what of each saccade needs no time.

    Attributes:
        shifts: they.
        onset_s: (n,).
        target: (n, 3) directions.
        vergence: (n,).
        forced: (n,) 0 or 1.
        amplitude: (n,) of the saccade to each.
        lasts_s: (n,) that saccade.
        landed: where the gaze rests after each; None: some targets move.
    """

    shifts: Sequence[GazeShift]
    onset_s: Floats
    target: Floats
    vergence: Floats
    forced: Floats
    amplitude: Floats
    lasts_s: Floats
    landed: GazeTrack | None = None

    @staticmethod
    def of(shifts: Sequence[GazeShift]) -> _Course:
        """Prepare them."""
        target = rotations.direction_from_yaw_pitch(np.array([s.target_rad for s in shifts]))
        amplitude = _amplitudes(shifts, target)
        made = _Course(
            shifts, np.array([s.onset_s for s in shifts]), target, rig.vergence_rad([s.distance_m for s in shifts]),
            np.array([float(s.forced) for s in shifts]), amplitude, saccade.duration_s(amplitude),
        )  # fmt: skip
        if any(shift.path is not None for shift in shifts):
            return made
        rows = np.arange(len(shifts))
        return replace(made, landed=made.track(np.ones(len(shifts)), rows, made.onset_s))

    def track(self, share: Floats, to: NDArray[np.intp], times_s: Floats) -> GazeTrack:
        """Gaze of T frames: the saccade to shift ``to`` has had a ``share`` of its time."""
        start = np.maximum(to - 1, 0)
        leaves, lands, near, far = self.target[start], self.target[to], self.vergence[start], self.vergence[to]
        amplitude = self.amplitude[to]
        done = saccade.progress(share, amplitude)
        moving = [i for i, shift in enumerate(self.shifts) if shift.path is not None]
        if moving:
            _follow_paths(self.shifts, moving, times_s, (start, leaves, near), (to, lands, far))
            amplitude = rotations.angle_between_rad(leaves, lands)
        direction = _between(leaves, lands, done, amplitude)
        return GazeTrack(
            gaze_rad=rotations.yaw_pitch_from_direction(direction),
            vergence_rad=near * (1 - done) + far * done,
            forced=self.forced[start] * (1 - done) + self.forced[to] * done,
        )


course_of = functools.lru_cache(maxsize=256)(_Course.of)
"""A live session asks for the same few shifts frame by frame."""


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
    direction = rotations.in_head(head_rad, gaze.gaze_rad)
    reach = OCULAR_RANGE_RAD + gaze.forced[:, None] * _FORCED_MORE_RAD
    eye = within_range(rotations.yaw_pitch_from_direction(direction), reach)
    closed = (lids[:, 0] + lids[:, 1]) / 2
    half = gaze.vergence_rad / 2 + BLINK_NASAL_RAD * closed
    out = np.empty((len(eye), 2, 2))
    out[:, 0, 0], out[:, 1, 0] = eye[:, 0] - half, eye[:, 0] + half
    out[:, :, 1] = (eye[:, 1] - BLINK_DOWN_RAD * closed)[:, None]
    return out


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


def with_rest(lids: Floats, rest: Floats | None) -> Floats:
    """Blinks begin and end at the lids' rest."""
    if rest is None:
        return lids
    return 1 - (1 - lids) * (1 - np.minimum(np.maximum(rest, 0.0), 1.0))


def face_with_lids(face: Floats, names: tuple[str, ...], lids: Floats) -> Floats:
    """Eyes that are held wide give way while their lids close; changes ``face`` in place."""
    for side, column in _wide_columns(names):
        face[:, column] *= 1 - lids[:, side]
    return np.minimum(np.maximum(face, 0.0, out=face), 1.0, out=face)


@functools.lru_cache(maxsize=64)
def _wide_columns(names: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Side and column of each name of eyes that are held wide."""
    return tuple((i, names.index(n)) for i, n in enumerate(("eyeWideLeft", "eyeWideRight")) if n in names)


def between_rows(rows: Floats, u: Floats) -> Floats:
    """(4, T, K) the two rows before each frame and the two after it -> (T, K), Catmull-Rom; ``u`` (T, 1) of the way."""
    p0, p1, p2, p3 = rows
    return p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)))


class _Between:
    """Places of T frames between the rows of a plan, in blocks to keep memory flat."""

    def __init__(self, times_s: Floats, plan: Plan) -> None:
        self._times_s, self._origin, self._last = times_s, plan.origin, len(plan.head_rad) - 1
        self._known: tuple[int, NDArray[np.intp], Floats] | None = None

    def of_both(self, head_rad: Floats, rest: Floats | None) -> tuple[Floats, Floats | None]:
        """`of` of the head, and of the lids' rest where there is one: of few rows at once, which costs as one does."""
        if rest is None or len(rest) > _FEW_ROWS:
            return self.of(head_rad), None if rest is None else self.of(rest)
        both = self.of(np.concatenate([head_rad, rest], axis=1))
        return both[:, : head_rad.shape[1]], both[:, head_rad.shape[1] :]

    def of(self, track: Floats) -> Floats:
        """(n, K) at `PLAN_RATE_HZ` -> (T, K), Catmull-Rom; the first and the last row go on before and after."""
        out = np.empty((len(self._times_s), track.shape[1]), track.dtype)
        for first in range(0, len(out), _BLOCK_FRAMES):
            rows, u = self._places(first)
            out[first : first + _BLOCK_FRAMES] = between_rows(track[rows], u)
        return out

    def _places(self, first: int) -> tuple[NDArray[np.intp], Floats]:
        """(4, t) numbers of the two rows before each frame and the two after it; (t, 1) share of the way between."""
        if self._known is None or self._known[0] != first:
            position = self._times_s[first : first + _BLOCK_FRAMES] * PLAN_RATE_HZ
            i = np.floor(position + 1e-9).astype(int)
            rows = np.minimum(np.maximum(i - self._origin + AROUND, 0), self._last)
            self._known = first, rows, np.minimum(np.maximum(position - i, 0.0), 1.0)[:, None]
        return self._known[1:]


AROUND = np.array([[-1], [0], [1], [2]])
