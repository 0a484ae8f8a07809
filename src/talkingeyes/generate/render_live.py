"""The renderer for frames that come one or two at a time, of any number of sessions in one call.

The same functions as `render.render`, whose frames depend on their plan and their own time alone; what lies
between is written so that a session's frame costs little where many are made at once.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate import render
from talkingeyes.generate.plan import PLAN_RATE_HZ, GazeShift, Plan
from talkingeyes.generate.render import GazeTrack
from talkingeyes.lanes import Batch
from talkingeyes.motion import Motion

Floats = NDArray[Any]


class Due(NamedTuple):
    """Frames of one session that can be shown.

    Attributes:
        plan: covers their times; says how the lids rest; its first shift starts at or before the first of them.
        fps: frame rate.
        frames: their numbers.
        meta: goes into the motion.
        with_face: whether there is one.
    """

    plan: Plan
    fps: float
    frames: range
    meta: Mapping[str, Any]
    with_face: bool


def render_due(items: Sequence[Due]) -> list[Motion]:
    """The motion of each.

    Raises:
        FormatError: NaN.
    """
    out: list[Motion | None] = [None] * len(items)
    kinds = {_names_of(each) for each in items}
    for names in kinds:
        places = [i for i, each in enumerate(items) if len(kinds) == 1 or _names_of(each) == names]
        for place, motion in zip(places, _rendered([items[i] for i in places], names), strict=True):
            out[place] = motion
    return [motion for motion in out if motion is not None]


def _names_of(due: Due) -> tuple[str, ...] | None:
    return due.plan.face_names if due.with_face else None


def _rendered(items: Sequence[Due], names: tuple[str, ...] | None) -> list[Motion]:
    """Frames of sessions whose faces have the same names; None: that have no face."""
    times = [[frame / each.fps for frame in each.frames] for each in items]
    rows, share = _places([each.plan for each in items], times)
    rests = [each.plan.lid_rest for each in items if each.plan.lid_rest is not None]
    tracks = np.concatenate([np.concatenate([each.plan.head_rad for each in items]), np.concatenate(rests)], axis=1)
    both = render.between_rows(tracks[rows], share)
    head = np.minimum(np.maximum(both[:, :3], -render.HEAD_LIMITS_RAD), render.HEAD_LIMITS_RAD)
    lids = render.with_rest(_blinking([each.plan for each in items], times), both[:, 3:])
    eyes = render.eyes_in_head(_gaze([each.plan.gaze for each in items], times), head, lids)
    channels = {"head_rad": head, "eyes_rad": eyes, "lids": lids}
    if names is not None:
        track = np.concatenate([each.plan.face for each in items])
        face = render.between_rows(track[rows], share).astype(track.dtype, copy=False)
        channels["face"] = render.face_with_lids(face, names, lids)
    return _motions(items, names or (), {name: values.astype(np.float32) for name, values in channels.items()})


def _places(plans: Sequence[Plan], times: list[list[float]]) -> tuple[NDArray[np.intp], Floats]:
    """(4, t) rows of all plans' tracks one after another, around each frame; (t, 1) share of the way between."""
    position = np.array([t for each in times for t in each]) * PLAN_RATE_HZ
    before, lowest, highest, first = np.floor(position + 1e-9), [], [], 0
    for plan, each in zip(plans, times, strict=True):
        lowest += [(first, plan.origin)] * len(each)
        first += len(plan.head_rad)
        highest += [first - 1] * len(each)
    least, origin = np.array(lowest).T
    rows = np.minimum(np.maximum(before.astype(np.intp) - origin + least + render.AROUND, least), highest)
    return rows, np.minimum(np.maximum(position - before, 0.0), 1.0)[:, None]


def _blinking(plans: Sequence[Plan], times: list[list[float]]) -> Floats:
    """(t, 2) closure by blinks."""
    lids = np.zeros((sum(map(len, times)), 2))
    first = 0
    for plan, each in zip(plans, times, strict=True):
        if plan.blinks:
            lids[first : first + len(each)] = render.lid_track(plan.blinks, np.array(each))
        first += len(each)
    return lids


def _gaze(shifts: Sequence[tuple[GazeShift, ...]], times: list[list[float]]) -> GazeTrack:
    """Of all frames; most rest where a shift has landed."""
    parts = [_gaze_of(each, at) for each, at in zip(shifts, times, strict=True)]
    if len(parts) == 1:
        return parts[0]
    fields = zip(*((part.gaze_rad, part.vergence_rad, part.forced) for part in parts), strict=True)
    return GazeTrack(*(np.concatenate(field) for field in fields))


def _gaze_of(shifts: tuple[GazeShift, ...], times: list[float]) -> GazeTrack:
    course = render.course_of(tuple(render.seen(shifts, times)))
    to = [max(bisect.bisect_right(course.shifts, t, key=render.onset_of) - 1, 0) for t in times]
    onsets, lasts = course.onset_s, course.lasts_s
    share = [(t - onsets[k]) / lasts[k] for t, k in zip(times, to, strict=True)]
    if course.landed is None or min(share) < 1:
        return course.track(np.array(share), np.array(to), np.array(times))
    landed = course.landed
    return GazeTrack(landed.gaze_rad[to], landed.vergence_rad[to], landed.forced[to])


def _motions(items: Sequence[Due], names: tuple[str, ...], channels: dict[str, Floats]) -> list[Motion]:
    """Each session's part of the channels (float32)."""
    finite = all(math.isfinite(float(np.add.reduce(values, axis=None))) for values in channels.values())
    for values in channels.values():
        values.flags.writeable = False
    out, first = [], 0
    for each in items:
        rows = slice(first, first + len(each.frames))
        own = {name: values[rows] for name, values in channels.items()}
        out.append(Motion.of_renderer(each.fps, names, each.meta, is_finite=finite, **own))
        first = rows.stop
    return out


DUE = Batch(6, render_due)
"""Ask for frames."""
