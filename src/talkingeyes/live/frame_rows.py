"""The numbers of a motion's frames as they go over the wire: one row of 61 for each, within limits, rounded."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkingeyes.lanes import Batch
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES, LIMITS, eye_look_coefficients

HEAD, EYES, LIDS, WEIGHTS = slice(0, 3), slice(3, 7), slice(7, 9), slice(9, 9 + len(ARKIT_NAMES))
_AT = {name: place for place, name in enumerate(ARKIT_NAMES, WEIGHTS.start)}
_LOOKS = tuple(name for name in ARKIT_NAMES if name.startswith("eyeLook"))
_LOOK_PLACES = [_AT[name] for name in _LOOKS]
_BLINK_PLACES = [_AT["eyeBlinkLeft"], _AT["eyeBlinkRight"]]
_MOST = np.ones(WEIGHTS.stop)
_MOST[:7] = (LIMITS.head_yaw_rad, LIMITS.head_pitch_rad, LIMITS.head_roll_rad, *[LIMITS.eye_rad] * 4)
_LEAST = np.where(np.arange(WEIGHTS.stop) < LIDS.start, -_MOST, 0.0)
_DIGITS = 5


def arkit_weights(motion: Motion) -> NDArray[np.float64]:
    """(T, 52) ARKit weights in Apple's order: the face, eyeBlink* from the lids, eyeLook* from the eyes."""
    return _held([motion])[:, WEIGHTS]


def rows_of(motions: Sequence[Motion]) -> list[list[list[float]]]:
    """The numbers of each motion's frames: head, eyes, lids and weights, rounded and held to their limits."""
    rows = iter((np.round(_held(motions), _DIGITS) + 0.0).tolist())  # + 0.0 turns -0 into 0
    return [list(itertools.islice(rows, motion.num_frames)) for motion in motions]


ROWS = Batch(10, rows_of)
"""Ask for `rows_of` a motion."""


def _held(motions: Sequence[Motion]) -> NDArray[np.float64]:
    """(T, 61) of all motions one after another, within limits."""
    values = np.concatenate([_columns(motion) for motion in motions])
    np.minimum(values, _MOST, out=values)
    np.maximum(values, _LEAST, out=values)
    values[:, _LOOK_PLACES] = np.minimum(np.maximum(values[:, EYES] @ _look_per_rad(), 0.0), 1.0)
    return values


def _columns(motion: Motion) -> NDArray[np.float64]:
    """(T, 61): head, eyes, lids and weights of the face."""
    values = np.zeros((motion.num_frames, WEIGHTS.stop))
    if motion.head_rad is not None:
        values[:, HEAD] = motion.head_rad
    if motion.eyes_rad is not None:
        values[:, EYES] = motion.eyes_rad.reshape(-1, 4)
    if motion.lids is not None:
        values[:, LIDS] = values[:, _BLINK_PLACES] = motion.lids
    if motion.face is not None:
        values[:, _places_of(motion.face_names)] = motion.face
    return values


@functools.lru_cache(maxsize=64)
def _places_of(names: tuple[str, ...]) -> list[int]:
    return [_AT[name] for name in names]


@functools.cache
def _look_per_rad() -> NDArray[np.float64]:
    """(4, 8): `rig.eye_look_coefficients` before they are clipped, per radian of each eye angle."""
    step = 0.1 * np.eye(4).reshape(4, 2, 2)
    up, down = eye_look_coefficients(step), eye_look_coefficients(-step)
    return np.stack([up[name] - down[name] for name in _LOOKS], axis=1) / 0.1
