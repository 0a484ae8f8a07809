"""FLAME parameters (``.flame.npz``) <-> Motion: axis-angle per joint, frames as in docs/conventions.md."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError, NoRateError, SettingError, argument
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.npz import read_npz_arrays
from talkingeyes.rig import FACE_NAMES

Array = NDArray[Any]

KEYS: dict[str, tuple[str, ...]] = {
    "global": ("global_orient", "global_pose", "global", "global_rot", "rotation"),
    "neck": ("neck_pose", "neck"),
    "jaw": ("jaw_pose", "jaw"),
    "eyes": ("eye_pose", "eyes_pose", "eyes"),
    "left_eye": ("leye_pose", "left_eye_pose"),
    "right_eye": ("reye_pose", "right_eye_pose"),
    "lids": ("eyelid", "eyelids", "eyelid_params"),
    "expression": ("expression", "exp", "expr", "expression_params"),
    "fps": ("fps",),
}
"""What a file may hold -> the names it goes by. Shape is not read, and of the expression only that there is one."""
WIDTHS = {"global": 3, "neck": 3, "jaw": 3, "eyes": 6, "left_eye": 3, "right_eye": 3, "lids": 2}
_TELLING = tuple(name for part, names in KEYS.items() if part in WIDTHS for name in names if name != "rotation")

NUM_EXPRESSION = 50
JAW_OPEN_RAD = 0.35
"""Jaw rotation for jawOpen = 1, written and read: an approximation, as FLAME's jaw has no named opening."""
JAW_SIDE_RAD = 0.2
"""Jaw rotation about FLAME's vertical axis read as jawLeft or jawRight of 1."""


def write_flame(job: ExportJob, target: Path) -> None:
    """Write the job's take as FLAME parameters; the head goes to the neck, lids stand beside them as ``eyelid``.

    ``jaw_pose`` follows jawOpen alone, ``expression`` is zero (ARKit to FLAME expression is lossy and not attempted);
    ``meta`` says both.

    Raises:
        FormatError: the motion has neither head nor eyes.
        OSError: the file cannot be written.
    """
    motion = job.motion
    if motion.head_rad is None and motion.eyes_rad is None:
        raise FormatError(f"FLAME parameters hold head and eyes; this motion has {', '.join(motion.channels)}")
    count = motion.num_frames
    arrays: dict[str, Any] = {"fps": np.float64(motion.fps), "global_pose": np.zeros((count, 3), np.float32)}
    if motion.head_rad is not None:
        arrays["neck_pose"] = _axis_angle(motion.head_rad)
    jaw = np.zeros((count, 3), np.float32)
    jaw[:, 0] = JAW_OPEN_RAD * motion.coefficient("jawOpen")
    arrays["jaw_pose"] = jaw
    if motion.eyes_rad is not None:
        arrays["eye_pose"] = np.concatenate([_axis_angle(motion.eyes_rad[:, side]) for side in (0, 1)], axis=1)
    arrays["expression"] = np.zeros((count, NUM_EXPRESSION), np.float32)
    if motion.lids is not None:
        arrays["eyelid"] = motion.lids
    notes = {"jaw_pose": f"{JAW_OPEN_RAD} rad x jawOpen, approximate", "expression": "zero, not derived from ARKit"}
    arrays["meta"] = np.str_(json.dumps({**motion.meta, "flame": notes}, sort_keys=True, allow_nan=False))
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    target.write_bytes(packed.getbuffer())


def _axis_angle(ypr_rad: Array) -> Array:
    return rotations.axis_angle_from_matrix(rotations.matrix_from_ypr(ypr_rad)).astype(np.float32)


def is_flame(keys: set[str]) -> bool:
    """Whether an npz with these keys holds FLAME parameters rather than a Motion: the one place that decides."""
    return "format_version" not in keys and any(name in keys for name in _TELLING)


def read_flame(path: Path, *, fps: float | None = None) -> Motion:
    """`flame_motion` of a file.

    Raises:
        FormatError: not an npz, or as `flame_motion`.
    """
    path = Path(path)
    return flame_motion(read_npz_arrays(path), path.name, fps)


def flame_motion(arrays: Mapping[str, Array], where: str, fps: float | None = None) -> Motion:
    """Head (global @ neck), eyes, lids and jaw of FLAME parameters; the jaw becomes jawOpen, jawLeft and jawRight.

    Args:
        arrays: with any of the names in `KEYS`, each (T, 3), eyes (T, 6) left then right, lids (T, 2).
        where: the file's name, for errors.
        fps: frames per second, where the file carries none.

    Raises:
        FormatError: no joint that we read, or wrong shapes. `NoRateError`: no frame rate.
        SettingError: ``fps``, and the file carries its own.
    """
    found: dict[str, Array] = {}
    for part, names in KEYS.items():
        name = next((n for n in names if n in arrays), None)
        if name is not None:
            found[part] = arrays[name]
    parts = {part: _checked(array, part, where) for part, array in found.items() if part in WIDTHS}
    channels: dict[str, Any] = {}
    if "global" in parts or "neck" in parts:
        channels["head_rad"] = _head(parts, where)
    if "left_eye" in parts and "right_eye" in parts:
        parts["eyes"] = np.concatenate([parts["left_eye"], parts["right_eye"]], axis=1)
    if "eyes" in parts:
        matrices = rotations.matrix_from_axis_angle(parts["eyes"].reshape(-1, 2, 3))
        channels["eyes_rad"] = rotations.ypr_from_matrix(matrices)[..., :2]
    if "lids" in parts:
        channels["lids"] = np.clip(parts["lids"], 0.0, 1.0)
    if "jaw" in parts:
        channels |= _jaw(parts["jaw"])
    if not channels:
        wanted = ", ".join(KEYS[part][0] for part in WIDTHS)
        raise FormatError(f"{where}: no FLAME joint that is read here; {wanted} are accepted")
    rate = _rate(found.get("fps"), fps, where)
    meta: dict[str, Any] = {"generator": "FLAME parameters"}
    if "expression" in found and np.any(found["expression"]):
        meta["left_out"] = "expression has no ARKit names and is left out; the jaw is read"
    return Motion(fps=rate, meta=meta, **channels)


def _rate(value: Array | None, fps: float | None, where: str) -> float:
    if value is None and fps is not None:
        return fps
    if value is None:
        raise NoRateError(f"{where}: no frame rate (FLAME files carry it as 'fps'); state it with {argument('fps')}")
    if value.size != 1 or value.dtype.kind not in "fiu":
        raise FormatError(f"{where}: 'fps' is no frame rate; one number is accepted")
    own = float(value.reshape(-1)[0])
    if fps is not None:
        raise SettingError(f"{where}: carries its own frame rate, {own:g}; {argument('fps')} is for files without one")
    return own


def _checked(array: Array, part: str, where: str) -> Array:
    width = WIDTHS[part]
    if array.dtype.kind not in "fiu" or array.ndim < 2 or array.size != len(array) * width or not len(array):
        raise FormatError(f"{where}: {KEYS[part][0]} has shape {array.shape}; (T, {width}) is accepted")
    values = array.reshape(len(array), width).astype(float)
    if not np.isfinite(values).all():
        raise FormatError(f"{where}: {KEYS[part][0]} holds NaN or infinity")
    return values


def _head(parts: dict[str, Array], where: str) -> Array:
    """(T, 3) of the product global @ neck; a joint that is missing counts as unturned."""
    whole = None
    for part in ("global", "neck"):
        if part in parts:
            matrix = rotations.matrix_from_axis_angle(parts[part])
            if whole is not None and len(matrix) != len(whole):
                raise FormatError(f"{where}: global has {len(whole)} frames but neck {len(matrix)}")
            whole = matrix if whole is None else whole @ matrix
    assert whole is not None
    return rotations.ypr_from_matrix(whole)


def _jaw(turn_rad: Array) -> dict[str, Any]:
    """The face that FLAME's jaw shows."""
    ypr = rotations.ypr_from_matrix(rotations.matrix_from_axis_angle(turn_rad))
    columns = {
        "jawLeft": np.clip(ypr[:, 0] / JAW_SIDE_RAD, 0, 1),
        "jawRight": np.clip(-ypr[:, 0] / JAW_SIDE_RAD, 0, 1),
        "jawOpen": np.clip(-ypr[:, 1] / JAW_OPEN_RAD, 0, 1),
    }
    names = tuple(name for name in FACE_NAMES if name in columns)
    return {"face": np.stack([columns[n] for n in names], axis=1), "face_names": names}
