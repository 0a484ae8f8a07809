"""Channel tables and the small anatomy all modules share: ARKit names, limits, lids that follow gaze, vergence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from talkingeyes.motion import Motion

ARKIT_NAMES: tuple[str, ...] = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""The 52 ARKit blend shapes in Apple's order."""

EYE_DRIVEN_NAMES = frozenset(n for n in ARKIT_NAMES if n.startswith(("eyeBlink", "eyeLook")))
"""Coefficients that exporters derive from ``lids`` and ``eyes_rad``; never stored in ``Motion.face``."""

FACE_NAMES: tuple[str, ...] = tuple(n for n in ARKIT_NAMES if n not in EYE_DRIVEN_NAMES)
"""The 42 coefficients that ``Motion.face`` may hold, in Apple's order."""

LIVE_LINK_ANGLES: tuple[str, ...] = (
    "HeadYaw", "HeadPitch", "HeadRoll", "LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll",
    "RightEyeYaw", "RightEyePitch", "RightEyeRoll",
)  # fmt: skip

EYE_LOOK_SIDE_RAD = 0.65
"""Eye yaw at eyeLookIn/Out = 1 (measured on Live Link Face takes, docs/conventions.md)."""
EYE_LOOK_UP_DOWN_RAD = 0.53
"""Eye pitch at eyeLookUp/Down = 1 (measured on Live Link Face takes, docs/conventions.md)."""

LID_FOLLOWS_GAZE_PER_RAD = 0.75
"""k of `lid_closure` for the built-in avatar: closure per radian of downward gaze (30 deg down closes about .4)."""

NECK_SHARE = 0.4
"""Share of the head rotation that the Neck bone takes where a rig has both (docs/conventions.md, glTF)."""

INTERPUPILLARY_M = 0.063
"""Mean adult interpupillary distance (Dodgson 2004: 63.4 mm)."""


@dataclass(frozen=True)
class Limits:
    """What no generator and no exporter may exceed (docs/conventions.md)."""

    eye_rad: float = math.radians(55)
    eye_p99_yaw_rad: float = math.radians(35)
    eye_p99_up_rad: float = math.radians(25)
    eye_p99_down_rad: float = math.radians(30)
    eye_speed_rad_s: float = math.radians(700)
    head_yaw_rad: float = math.radians(75)
    head_pitch_rad: float = math.radians(60)
    head_roll_rad: float = math.radians(40)
    head_speed_rad_s: float = math.radians(250)


LIMITS = Limits()


def lid_closure(motion: Motion, k: float = LID_FOLLOWS_GAZE_PER_RAD) -> NDArray[np.float32]:
    """Closure that an avatar shows: ``clip(lids + k * max(0, -pitch))`` per eye.

    Args:
        motion: needs ``lids`` and ``eyes_rad``.
        k: closure per radian of downward gaze of the rig.

    Returns:
        (T, 2) closure [left, right] in 0..1.
    """
    if motion.lids is None or motion.eyes_rad is None:
        raise ValueError("lid_closure needs lids and eyes_rad")
    down = np.maximum(0.0, -motion.eyes_rad[:, :, 1])
    return np.clip(motion.lids + k * down, 0.0, 1.0).astype(np.float32)


def vergence_rad(distance_m: ArrayLike) -> NDArray[Any]:
    """Angle between the two lines of sight for a target at ``distance_m`` straight ahead: ``2 atan(ipd / 2d)``."""
    return 2 * np.arctan(INTERPUPILLARY_M / 2 / np.asarray(distance_m, float))


def eye_look_coefficients(eyes_rad: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """ARKit eyeLook* coefficients of eye rotations.

    Args:
        eyes_rad: (T, 2, 2) [left, right] x [yaw, pitch].

    Returns:
        The eight eyeLook* names -> (T,) in 0..1. Left yaw + (to the character's left) is Out for the left eye.
    """
    eyes = np.asarray(eyes_rad, float)
    table: dict[str, NDArray[np.float64]] = {}
    for side, index, outward in (("Left", 0, 1.0), ("Right", 1, -1.0)):
        yaw, pitch = eyes[:, index, 0] * outward / EYE_LOOK_SIDE_RAD, eyes[:, index, 1] / EYE_LOOK_UP_DOWN_RAD
        table[f"eyeLookOut{side}"], table[f"eyeLookIn{side}"] = np.clip(yaw, 0, 1), np.clip(-yaw, 0, 1)
        table[f"eyeLookUp{side}"], table[f"eyeLookDown{side}"] = np.clip(pitch, 0, 1), np.clip(-pitch, 0, 1)
    return table
