"""How far an avatar's eyes turn: as people's do where they are balls, less where a flat iris slides over its white."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD
from talkingeyes.rotations import direction_from_yaw_pitch, yaw_pitch_from_direction

Array = NDArray[Any]

_COVERS, _LARGEST_SEAT = 0.9, 5.0  # a seat holds this share of the iris's box and is at most so many times as wide
_HIDES = 0.15  # share of the iris that a lid or the corner of the eye may hide at the end of the range
_FREE_RAD = 0.436  # 25 degrees: an iris that stays on its white that far needs no limit
_UNSEATED = 0.35  # of its own width, the way of an iris of which no white is found


def led(eyes_rad: Array, share: float) -> Array:
    """Where a bone must point so that an iris follows of which it moves a share of the weights only.

    Linear blend skinning puts the iris at ``(1 - share) * rest + share * turned``; by the sine rule the bone turns by
    ``asin((1 - share) / share * sin(angle))`` more than the angle, in the same plane.

    Args:
        eyes_rad: (.., 2) yaw and pitch that the iris shall have.
        share: of its weights, 0.5 to 1.
    """
    if share >= 1:
        return eyes_rad
    direction = direction_from_yaw_pitch(eyes_rad)
    across = direction.copy()
    across[..., 2] = 0.0
    sine = np.linalg.norm(across, axis=-1, keepdims=True)
    angle = np.arctan2(sine, direction[..., 2:])
    further = angle + np.arcsin(np.clip((1 - share) / share * sine, 0.0, 1.0))
    out = across / np.maximum(sine, 1e-12) * np.sin(further)
    out[..., 2:] = np.cos(further)
    return yaw_pitch_from_direction(out)


def followed(eyes_rad: Array, share: float) -> Array:
    """Inverse of `led`: (.., 2) where the iris looks when its bone points there."""
    if share >= 1:
        return eyes_rad
    return yaw_pitch_from_direction(np.array([0.0, 0.0, 1 - share]) + share * direction_from_yaw_pitch(eyes_rad))


@dataclass(frozen=True)
class EyeRange:
    """Where the eyes stop; a full gaze (37 degrees sideways, 30 up or down) reaches it, less in proportion.

    Attributes:
        yaw_rad: to either side.
        up_rad: upwards.
        down_rad: downwards.
    """

    yaw_rad: float
    up_rad: float
    down_rad: float

    def __post_init__(self) -> None:
        assert min(self.yaw_rad, self.up_rad, self.down_rad) >= 0

    @classmethod
    def narrowest(cls, ranges: Sequence[EyeRange]) -> EyeRange:
        """One for both eyes, so that they stay together."""
        return cls(*(min(getattr(r, name) for r in ranges) for name in ("yaw_rad", "up_rad", "down_rad")))

    def _scaled(self, angles: Array, *, back: bool) -> Array:
        out = np.array(angles, float)
        up, down = out[..., 1] > 0, out[..., 1] < 0
        parts = ((0, True, self.yaw_rad, EYE_LOOK_SIDE_RAD), (1, up, self.up_rad, EYE_LOOK_UP_DOWN_RAD))
        for column, rows, most, full in (*parts, (1, down, self.down_rad, EYE_LOOK_UP_DOWN_RAD)):
            scale = min(1.0, most / full)
            given = out[..., column]
            turned = given / max(scale, 1e-6) if back else np.clip(given * scale, -most, most)
            out[..., column] = np.where(rows, turned, out[..., column])
        return out

    def shown(self, eyes_rad: Array) -> Array:
        """(.., 2) yaw and pitch as the avatar shows them."""
        return self._scaled(eyes_rad, back=False)

    def meant(self, eyes_rad: Array) -> Array:
        """Inverse of `shown`, up to what was beyond the range."""
        return self._scaled(eyes_rad, back=True)


def slide_range(
    box: tuple[Array, Array], pivot: Array, seats: Iterable[tuple[Array, Array]], own: EyeRange | None
) -> EyeRange | None:
    """The range of an iris that slides: the avatar's own figures, and no further than it stays on its white.

    Args:
        box: lowest and highest corner of the iris.
        pivot: (3,) what it turns about.
        seats: boxes of pieces around it.
        own: the avatar's own figures.

    Returns:
        None where the white leaves room for any gaze.
    """
    low, high = box
    away = float(np.linalg.norm((low + high) / 2 - pivot))
    size = high - low
    seat = _seat(box, seats)
    if seat is None:
        free = np.full(4, float(np.arcsin(min(_UNSEATED * size[:2].max() / away, 1.0))))
        return own or EyeRange(float(free[0]), float(free[2]), float(free[3]))
    room = np.array([high[0] - seat[1][0], seat[0][0] - low[0], high[1] - seat[1][1], seat[0][1] - low[1]])
    room = np.maximum(-room, 0.0) + _HIDES * np.repeat(size[:2], 2)
    free = np.arcsin(np.minimum(room / away, 1.0))
    yaw, up, down = float(free[:2].min()), float(free[2]), float(free[3])
    if yaw >= _FREE_RAD:
        return None
    if own is None:
        return EyeRange(yaw, up, down)
    return EyeRange(min(own.yaw_rad, yaw), min(own.up_rad, up), min(own.down_rad, down))


def _seat(box: tuple[Array, Array], seats: Iterable[tuple[Array, Array]]) -> tuple[Array, Array] | None:
    """The smallest piece that lies around the iris, seen from the front."""
    low, high = box[0][:2], box[1][:2]
    found = []
    for under, over in seats:
        shared = np.minimum(high, over[:2]) - np.maximum(low, under[:2])
        covers = np.prod(np.maximum(shared, 0.0)) / max(float(np.prod(high - low)), 1e-12)
        size = over[:2] - under[:2]
        if covers >= _COVERS and np.all(size <= _LARGEST_SEAT * (high - low)):
            found.append((float(np.prod(size)), under, over))
    if not found:
        return None
    _, under, over = min(found, key=lambda each: each[0])
    return under, over
