"""Keys of a glTF animation, sampled at the frames of a motion (Khronos glTF 2.0, 3.11 and appendix C)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.geometry import read_values
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.pose import continuous
from talkingeyes.errors import FormatError

Array = NDArray[Any]
DEFAULT_FPS = 30.0
"""The rate of an animation whose keys tell none."""
_BAKED_FPS, _MAX_FPS = 23.9, 1000.0
FEW_KEYS_FRAMES, FRAMES_PER_KEY = 10_000, 20
"""Frames that an animation may become: a few keys may hold a pose for minutes, but not for days."""
MAX_SAMPLED = 1 << 25
"""Numbers of one track at all frames."""
_EVEN = 0.02
"""Share of the key distance by which the distances of baked keys may differ (their times are rounded)."""
_SAME_S = 1e-4
"""A frame as near as this to a key shows the key."""


@dataclass(frozen=True)
class Clock:
    """The frames at which an animation is sampled.

    Attributes:
        fps: frames per second.
        times_s: (T,) their times.
        source: who says the rate: ``"file"``, ``"keys"``, ``"asked"``, or nobody: ``"uneven keys"``.
    """

    fps: float
    times_s: Array
    source: str


class Tracks:
    """The tracks of one animation: what moves (node, path), and its keys."""

    def __init__(self, glb: Glb, animation: Mapping[str, Any], name: str) -> None:
        self.glb, self.animation, self.name = glb, animation, name
        self.samplers: dict[tuple[int | None, str], dict[str, Any]] = {
            (c["target"].get("node"), c["target"]["path"]): animation["samplers"][c["sampler"]]
            for c in animation["channels"]
        }
        self._keys: dict[int, Array] = {}

    @property
    def is_own(self) -> bool:
        """Whether we wrote the animation."""
        return self.animation.get("extras", {}).get("generator") == "TalkingEyes"

    def moves(self, node: int, path: str) -> bool:
        """Whether a property of a node is animated."""
        return (node, path) in self.samplers

    def clock(self, fps: float | None = None) -> Clock:
        """The rate that was asked for, that our own file states, that evenly set keys have, or else 30 a second.

        Raises:
            FormatError: no keys, keys out of order, or more frames than a motion may have.
        """
        keys = [self._keys_of(sampler) for sampler in self.samplers.values()]
        if not keys:
            raise FormatError(f"{self.name}: its animation has no tracks")
        longest = max(keys, key=len)
        rate, source = self._rate(longest, fps)
        if not 1 <= rate <= _MAX_FPS:
            raise FormatError(f"{self.name}: its animation has {rate:g} frames per second; 1 to 1000 are accepted")
        last_s = self._last_frame_s(max(float(k[-1]) for k in keys))
        most = FEW_KEYS_FRAMES + FRAMES_PER_KEY * len(longest)
        if not last_s * rate < most:
            raise FormatError(
                f"{self.name}: its animation has {last_s * rate:.0f} frames of {len(longest)} keys; {most} are accepted"
            )
        return Clock(rate, np.arange(round(last_s * rate) + 1) / rate, source)

    def _last_frame_s(self, last_key_s: float) -> float:
        """When the last frame is: at the last key, which in our own files is the end of the last frame instead."""
        extras = self.animation.get("extras", {}) if self.is_own else {}
        frames, fps = extras.get("frames"), extras.get("fps")
        if type(frames) is not int or not isinstance(fps, int | float) or frames < 1 or not fps > 0:
            return last_key_s
        return min(last_key_s, (frames - 1) / fps)

    def _rate(self, keys: Array, fps: float | None) -> tuple[float, str]:
        if fps is not None:
            return fps, "asked"
        told = self.animation.get("extras", {}).get("fps") if self.is_own else None
        if told is not None:
            return float(told), "file"
        steps = np.diff(keys)
        step = float(np.median(steps)) if len(steps) > 1 else 0.0
        rate = round(len(steps) / float(keys[-1] - keys[0]), 3) if step > 0 else 0.0
        rounding_s = 2e-7 * float(keys[-1])  # of float32 times
        even = bool(np.all(np.abs(steps - step) <= _EVEN * step + rounding_s))
        return (rate, "keys") if even and _BAKED_FPS <= rate <= _MAX_FPS else (DEFAULT_FPS, "uneven keys")

    def _keys_of(self, sampler: Mapping[str, Any]) -> Array:
        index = sampler["input"]
        if index not in self._keys:
            keys = read_values(self.glb, index)
            in_order = bool(np.all(np.diff(keys) > 0)) and bool(np.isfinite(keys).all())
            if keys.ndim != 1 or not len(keys) or keys[0] < 0 or not in_order:
                raise FormatError(f"{self.name}: the key times of its animation are damaged (none, or out of order)")
            self._keys[index] = keys
        return self._keys[index]

    def sampled(self, node: int, path: str, times_s: Array) -> Array | None:
        """(T, width) of a track at some times, held before its first key and after its last; None where there is none.

        Rotations are unit quaternions.
        """
        sampler = self.samplers.get((node, path))
        if sampler is None:
            return None
        keys, how = self._keys_of(sampler), sampler.get("interpolation", "LINEAR")
        values = read_values(self.glb, sampler["output"])
        if not np.isfinite(values).all():
            raise FormatError(f"{self.name}: its animation holds numbers that are not finite")
        table = values.reshape(len(keys), 3 if how == "CUBICSPLINE" else 1, -1)
        if len(times_s) * table.shape[2] > MAX_SAMPLED:
            raise FormatError(f"{self.name}: its animation moves {table.shape[2]} weights in {len(times_s)} frames")
        at = _snapped(times_s, keys)
        before = np.clip(np.searchsorted(keys, at, side="right") - 1, 0, len(keys) - 1)
        after = np.minimum(before + 1, len(keys) - 1)
        span_s = keys[after] - keys[before]
        share = np.clip((at - keys[before]) / np.where(span_s > 0, span_s, 1), 0, 1)[:, None]
        if how == "STEP":
            return _unit(table[before, 0]) if path == "rotation" else table[before, 0]
        if how == "CUBICSPLINE":
            curve = _hermite(table[before], table[after], share, span_s[:, None])
            return _unit(continuous(curve)) if path == "rotation" else curve
        if path == "rotation":
            turns = _unit(table[:, 0])
            return continuous(_slerp(turns[before], turns[after], share))
        return table[before, 0] + share * (table[after, 0] - table[before, 0])


def _snapped(times_s: Array, keys: Array) -> Array:
    """Times, exactly those of keys where they are meant: keys are stored as float32."""
    nearest = keys[np.clip(np.searchsorted(keys, times_s), 0, len(keys) - 1)]
    below = keys[np.clip(np.searchsorted(keys, times_s) - 1, 0, len(keys) - 1)]
    nearest = np.where(np.abs(below - times_s) < np.abs(nearest - times_s), below, nearest)
    return np.where(np.abs(nearest - times_s) < _SAME_S, nearest, times_s)


def _hermite(start: Array, end: Array, share: Array, span_s: Array) -> Array:
    """(T, W) of a cubic spline between keys of (in-tangent, value, out-tangent), glTF 2.0 appendix C.5."""
    t, t2, t3 = share, share**2, share**3
    curve = (2 * t3 - 3 * t2 + 1) * start[:, 1] + span_s * (t3 - 2 * t2 + t) * start[:, 2]
    return curve + (3 * t2 - 2 * t3) * end[:, 1] + span_s * (t3 - t2) * end[:, 0]


def _slerp(start: Array, end: Array, share: Array) -> Array:
    """(T, 4) on the shorter arc between unit quaternions, appendix C.4."""
    dot = np.sum(start * end, axis=1, keepdims=True)
    end, dot = np.where(dot < 0, -end, end), np.minimum(np.abs(dot), 1.0)
    angle = np.arccos(dot)
    sine = np.sin(angle)
    near = sine < 1e-6  # as good as equal: a straight line is the arc
    safe = np.where(near, 1.0, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    return _unit(first * start + second * end)


def _unit(quaternions: Array) -> Array:
    length = np.linalg.norm(quaternions, axis=-1, keepdims=True)
    if not np.all(length > 1e-6):
        raise ValueError("a rotation of length 0")
    return quaternions / length
