"""Motion as the 61 values of Live Link Face, and back: 52 ARKit coefficients and nine angles per frame.

The angles are radians with Live Link Face's signs: eye and head yaw + to the character's right, pitch + down, roll +
lifts the character's left (the head's signs are taken from the eyes'; docs/conventions.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.rig import (
    ARKIT_NAMES,
    EYE_LOOK_SIDE_RAD,
    EYE_LOOK_UP_DOWN_RAD,
    FACE_NAMES,
    LID_FOLLOWS_GAZE_PER_RAD,
    LIMITS,
    LIVE_LINK_ANGLES,
    eye_look_coefficients,
)

COLUMNS: tuple[str, ...] = (*ARKIT_NAMES, *LIVE_LINK_ANGLES)
"""The 61 names, in order."""

Array = NDArray[np.float64]

_BLINKS = ("eyeBlinkLeft", "eyeBlinkRight")
_LOOKS = tuple(name for name in ARKIT_NAMES if name.startswith("eyeLook"))
_HEAD = ("HeadYaw", "HeadPitch", "HeadRoll")
_EYES = ("LeftEyeYaw", "LeftEyePitch", "RightEyeYaw", "RightEyePitch")
_EYES_SIGN, _HEAD_SIGN = -1.0, np.array([-1.0, -1.0, 1.0])
_OWN_WITHIN = 1e-5
_BARELY = 1e-3
_LOWEST, _HIGHEST, _WIDEST_RAD = -0.5, 2.0, 3.2


@dataclass(frozen=True)
class Reading:
    """How a table is read.

    Attributes:
        where: the file's name, for errors.
        comes_from: ``"own"``: eyeBlink is the closure by blinking alone, as our files write it; ``"capture"``: eyeBlink
            holds the lid that follows gaze too, and that part is taken out; ``"auto"``: own where the eight eyeLook
            coefficients are exactly those of the eye angles, which no face tracker's are.
        lid_follows_gaze_per_rad: k of the part taken out of a capture, ``k * max(0, -pitch)``.
    """

    where: str
    comes_from: str = "auto"
    lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD


def table_of(motion: Motion) -> Array:
    """(T, 61) values in the order of `COLUMNS`, to 6 decimals; absent channels are 0, angles are held to `rig.LIMITS`.

    Raises:
        FormatError: the motion has gaze in space but neither eyes nor head, which this format cannot hold.
    """
    if motion.eyes_rad is None and motion.gaze_rad is not None:
        raise FormatError("this motion holds gaze in space without a head; ARKit files hold eye and head rotations")
    frames = motion.num_frames
    eyes = np.zeros((frames, 2, 2)) if motion.eyes_rad is None else motion.eyes_rad.astype(float)
    eyes = np.clip(eyes, -LIMITS.eye_rad, LIMITS.eye_rad)
    most = np.array([LIMITS.head_yaw_rad, LIMITS.head_pitch_rad, LIMITS.head_roll_rad])
    head = np.zeros((frames, 3)) if motion.head_rad is None else np.clip(motion.head_rad.astype(float), -most, most)
    lids = np.zeros((frames, 2)) if motion.lids is None else motion.lids
    known: dict[str, NDArray[Any]] = dict(eye_look_coefficients(eyes))
    known |= {name: lids[:, side] for side, name in enumerate(_BLINKS)}
    known |= {name: _HEAD_SIGN[i] * head[:, i] for i, name in enumerate(_HEAD)}
    known |= {name: _EYES_SIGN * eyes.reshape(-1, 4)[:, i] for i, name in enumerate(_EYES)}
    known |= {name: np.zeros(frames) for name in ("LeftEyeRoll", "RightEyeRoll")}
    columns = [known[name] if name in known else motion.coefficient(name) for name in COLUMNS]
    return np.round(np.stack(columns, axis=1).astype(float), 6) + 0.0  # + 0.0 turns -0 into 0


def motion_of(names: Sequence[str], values: Array, fps: float, meta: Mapping[str, Any], reading: Reading) -> Motion:
    """The motion in a table with some or all of `COLUMNS`.

    Args:
        names: the columns present, each one of `COLUMNS`.
        values: (T, len(names)).
        fps: frames per second.
        meta: goes into the motion, with how the lids were read.
        reading: where the table comes from.

    Raises:
        FormatError: no usable column, half a head or half a pair of eyes, or values out of range; names the column.
    """
    columns = dict(zip(names, values.T, strict=True))
    _check_ranges(columns, reading.where)
    head = _group(columns, _HEAD, reading.where)
    eyes = _eyes(columns, reading.where)
    blink = _group(columns, _BLINKS, reading.where)
    face_names = tuple(name for name in FACE_NAMES if name in columns)
    face = np.stack([columns[n] for n in face_names], axis=1) if face_names else None
    beyond = [name for name in face_names if columns[name].min() < -_BARELY or columns[name].max() > 1 + _BARELY]
    notes: dict[str, Any] = {"clipped_columns": beyond} if beyond else {}
    lids, lids_raw = None, None
    if blink is not None:
        lids, own = np.clip(blink, 0, 1), _is_own(columns, eyes, reading)
        notes["eye_blink"] = "closure by blinking" if own else "gaze part taken out"
        if not own and eyes is not None:
            lids_raw, k = lids, reading.lid_follows_gaze_per_rad
            lids = np.clip(lids - k * np.maximum(0, -eyes[:, :, 1]), 0, 1)
            notes["lid_follows_gaze_per_rad"] = k
    if head is None and eyes is None and lids is None and face is None:
        raise FormatError(f"{reading.where}: holds none of the ARKit columns (EyeBlinkLeft .. TongueOut, HeadYaw ..)")
    return Motion(
        fps=fps,
        head_rad=_float32(None if head is None else head * _HEAD_SIGN + 0.0),
        eyes_rad=_float32(eyes),
        lids=_float32(lids),
        lids_raw=_float32(lids_raw),
        face=_float32(None if face is None else np.clip(face, 0, 1)),
        face_names=face_names,
        meta={**meta, **notes},
    )


def _float32(values: Array | None) -> NDArray[np.float32] | None:
    return None if values is None else values.astype(np.float32)


def _check_ranges(columns: Mapping[str, Array], where: str) -> None:
    for name, column in columns.items():
        angle = name in LIVE_LINK_ANGLES
        low, high = (-_WIDEST_RAD, _WIDEST_RAD) if angle else (_LOWEST, _HIGHEST)
        wrong = np.flatnonzero(~((column >= low) & (column <= high)))
        if len(wrong):
            expected = "radians" if angle else "0 to 1"
            raise FormatError(f"{where}: {name} is {column[wrong[0]]:.6g} in frame {wrong[0]}; {expected} is accepted")


def _group(columns: Mapping[str, Array], names: tuple[str, ...], where: str) -> Array | None:
    """(T, n) of columns that only make sense together; None where all are missing."""
    missing = [name for name in names if name not in columns]
    if len(missing) == len(names):
        return None
    if missing:
        raise FormatError(f"{where}: has {' '.join(n for n in names if n in columns)} but no {' '.join(missing)}")
    return np.stack([columns[name] for name in names], axis=1)


def _eyes(columns: Mapping[str, Array], where: str) -> Array | None:
    """(T, 2, 2) eye rotations from the angles, or from the eyeLook coefficients where there are no angles."""
    angles = _group(columns, _EYES, where)
    if angles is not None:
        return (_EYES_SIGN * angles).reshape(-1, 2, 2) + 0.0
    if _group(columns, _LOOKS, where) is None:
        return None
    sides = []
    for side, outward in (("Left", 1.0), ("Right", -1.0)):
        yaw = outward * EYE_LOOK_SIDE_RAD * (columns[f"eyeLookOut{side}"] - columns[f"eyeLookIn{side}"])
        pitch = EYE_LOOK_UP_DOWN_RAD * (columns[f"eyeLookUp{side}"] - columns[f"eyeLookDown{side}"])
        sides.append(np.stack([yaw, pitch], axis=1))
    return np.stack(sides, axis=1) + 0.0


def _is_own(columns: Mapping[str, Array], eyes: Array | None, reading: Reading) -> bool:
    """Whether eyeBlink is read as the closure by blinking alone."""
    if reading.comes_from != "auto":
        return reading.comes_from == "own"
    if eyes is None or any(name not in columns for name in (*_LOOKS, *_EYES)):
        return False
    expected = eye_look_coefficients(eyes)
    return all(float(np.abs(columns[name] - expected[name]).max()) < _OWN_WITHIN for name in _LOOKS)
