"""How far a free gaze goes: what eye and head reach together, and what the eyes reach from a head that is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations

Array = NDArray[Any]
HeadAt = Callable[[float], Array]
"""A kept head's pose (3,) by time."""

FARTHEST_DEG = (42.0, 26.0)
"""Half axes of the ellipse of places that a free gaze may go to: eye and head reach it together."""
MAX_EYE_IN_HEAD_RAD = np.radians(30.0)
"""Free targets further than this from a kept head's direction are pulled in: the eyes alone must reach them."""


def seeable_deg(target_deg: Array) -> Array:
    """(2,) a free target, pulled in to `FARTHEST_DEG`."""
    far = float(np.hypot(target_deg[0] / FARTHEST_DEG[0], target_deg[1] / FARTHEST_DEG[1]))
    return target_deg / max(far, 1.0)


def reachable(target_rad: Array, head_at: HeadAt | None, at_s: float) -> Array:
    """A free target pulled in to what the eyes reach from where a kept head points at that time."""
    if head_at is None:
        return target_rad
    head = rotations.matrix_from_ypr(head_at(at_s))
    eye = rotations.yaw_pitch_from_direction(head.T @ rotations.direction_from_yaw_pitch(target_rad))
    eye *= min(1.0, MAX_EYE_IN_HEAD_RAD / max(1e-9, float(np.hypot(eye[0], 1.3 * eye[1]))))
    return rotations.yaw_pitch_from_direction(head @ rotations.direction_from_yaw_pitch(eye))
