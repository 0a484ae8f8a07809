"""The constant error of a person's gaze: no picture shows where straight ahead is, so people's habits decide."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations

Array = NDArray[Any]

_NEAR_RAD = np.radians(3.0)
_CAMERA_RAD = np.radians(12.0)
_CAMERA_SHARE = 0.35
_REST_PITCH_RAD = np.radians(-2.0)
_HABIT_SHARE = 0.5
"""Half way: the fit's own zero and people's habit of looking straight out of the head are about equally sure."""


def centred(steady: Array, rotation: Array, partner: Array, usable: NDArray[np.bool_]) -> tuple[Array, str]:
    """Shift a clip's gaze by one constant.

    A person whose gaze rests in one place for a third of the time, within 12 degrees of the camera, addresses the
    camera: that place becomes the camera. Otherwise the median eye is drawn half way to straight ahead in the head.

    Args:
        steady: (T, 2) clean gaze in space.
        rotation: (T, 3, 3) head.
        partner: (2,) direction of the camera.
        usable: (T,) frames with open eyes.

    Returns:
        The shifted gaze and what was done, ``camera`` or ``habit``.
    """
    if not usable.any():
        return steady, "none"
    looks = steady[usable]
    some = looks[np.unique(np.linspace(0, len(looks) - 1, min(len(looks), 600)).astype(int))]
    near = np.linalg.norm(some[:, None] - some[None], axis=-1) < _NEAR_RAD
    best = int(np.argmax(near.sum(axis=1)))
    resting = some[near[best]].mean(axis=0)
    if near[best].mean() >= _CAMERA_SHARE and np.linalg.norm(resting - partner) < _CAMERA_RAD:
        return steady + (partner - resting), "camera"
    direction = rotations.direction_from_yaw_pitch(steady)
    in_head = rotations.yaw_pitch_from_direction(np.einsum("tji,tj->ti", rotation, direction))[usable]
    habit = np.array([0.0, _REST_PITCH_RAD]) - np.median(in_head, axis=0)
    return steady + _HABIT_SHARE * habit, "habit"
