"""Channels of an earlier take that a new one keeps."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from talkingeyes import rotations
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.generate.plan import GazeShift
from talkingeyes.generate.render import Kept, gaze_of
from talkingeyes.motion import Motion


@dataclass(frozen=True)
class KeptTake:
    """What a new take takes over.

    Attributes:
        channels: for the renderer.
        head_at: pose of a kept head by time, where the gaze is new.
        shifts: of a kept gaze, for head and blinks to follow.
    """

    channels: Kept
    head_at: Callable[[float], np.ndarray] | None
    shifts: list[GazeShift] | None


def kept_channels(source: Motion | None, channels: Collection[str], frames: int) -> KeptTake:
    """What is kept of an earlier take.

    Args:
        source: the earlier take; None keeps nothing.
        channels: to keep.
        frames: that the new take has.

    Raises:
        SettingError: the earlier take is of another length.
        FormatError: it lacks a channel.
    """
    if source is None:
        return KeptTake(Kept(), None, None)
    if source.num_frames != frames:
        raise SettingError(
            f"the take to keep from has {source.num_frames} frames, this recording needs {frames}; "
            "it was made from another recording"
        )
    need = {"gaze": "eyes_rad", "head": "head_rad", "blinks": "lids", "mouth": "face"}
    missing = [c for c in channels if getattr(source, need[c]) is None]
    if missing:
        raise FormatError(f"the take to keep from has no {missing[0]} ({need[missing[0]]} is absent)")
    keep = set(channels)
    given = gaze_of(source) if "gaze" in keep else None
    kept = Kept(
        gaze=given,
        head_rad=source.head_rad if "head" in keep else None,
        lids=source.lids if "blinks" in keep else None,
        face=source.face if "mouth" in keep else None,
        face_names=source.face_names if "mouth" in keep else (),
    )
    head_at: Callable[[float], np.ndarray] | None = None
    if kept.head_rad is not None and given is None:
        head_at = functools.partial(_pose_at, np.asarray(kept.head_rad, float), source.fps)

    shifts = None if given is None else shifts_of_gaze(given.gaze_rad, source.fps)
    return KeptTake(kept, head_at, shifts)


def _pose_at(head_rad: np.ndarray, fps: float, time_s: float) -> np.ndarray:
    return head_rad[int(np.clip(round(time_s * fps), 0, len(head_rad) - 1))]


def shifts_of_gaze(gaze_rad: np.ndarray, fps: float, speed_rad_s: float = math.radians(60)) -> list[GazeShift]:
    """Gaze shifts of a track: runs of frames faster than ``speed_rad_s``, for head and blinks to follow a kept gaze."""
    direction = rotations.direction_from_yaw_pitch(gaze_rad)
    step = rotations.angle_between_rad(direction[:-1], direction[1:])
    fast = np.concatenate([[False], step * fps > speed_rad_s, [False]])
    starts, ends = np.flatnonzero(np.diff(fast.astype(int)) == 1), np.flatnonzero(np.diff(fast.astype(int)) == -1)
    shifts = [GazeShift(-1.0, float(gaze_rad[0, 0]), float(gaze_rad[0, 1]))]
    for first, last in zip(starts, ends, strict=True):
        target = gaze_rad[min(last, len(gaze_rad) - 1)]
        shifts.append(GazeShift(float(first / fps), float(target[0]), float(target[1])))
    return shifts
