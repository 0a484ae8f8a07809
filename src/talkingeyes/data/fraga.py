"""FraGA (Frankfurt VR dialogues; AGPL-3.0): eyes, head and 63 face weights of a headset, ``*.zip`` per person and take.

Measured on its sample (r of yaw in the head with the headset's own eyes-look weights .92 to .97): the head's rotations
are the world's in Unity's axes, the eyes' are in the tracking space in OpenXR's axes, and ``body.json`` holds the turns
of the tracking space. The files carry no times; about 35 rows a second.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.data.columns import FRAMES, matrix_of_quaternion
from talkingeyes.data.make import Task, facts, motion_facts
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.files import readable
from talkingeyes.motion import Motion
from talkingeyes.npz import UNPACKING_ERRORS
from talkingeyes.plain_json import parse_json
from talkingeyes.rig import FACE_NAMES

Array = NDArray[Any]

USUAL_FPS, _LEAST_FPS, _MOST_FPS = 35.0, 30.0, 40.0
MAX_ZIP_BYTES, MAX_PART_BYTES = 1 << 30, 512 << 20
PARTS = ("eye.json", "head.json", "facial.json", "body.json")
_WEIGHTS = 63
_LEAST_VALID = 0.5
_EYES_CLOSED = (12, 13)
FACE_WEIGHTS: dict[str, tuple[int, ...]] = {
    "browDownLeft": (0,), "browDownRight": (1,), "cheekPuff": (2, 3), "cheekSquintLeft": (4,), "cheekSquintRight": (5,),
    "mouthShrugLower": (8,), "mouthShrugUpper": (9,), "mouthDimpleLeft": (10,), "mouthDimpleRight": (11,),
    "browInnerUp": (22, 23), "jawOpen": (24,), "jawLeft": (25,), "jawRight": (26,), "jawForward": (27,),
    "eyeSquintLeft": (28,), "eyeSquintRight": (29,), "mouthFrownLeft": (30,), "mouthFrownRight": (31,),
    "mouthSmileLeft": (32,), "mouthSmileRight": (33,), "mouthFunnel": (34, 35, 36, 37), "mouthPressLeft": (38,),
    "mouthPressRight": (39,), "mouthPucker": (40, 41), "mouthStretchLeft": (42,), "mouthStretchRight": (43,),
    "mouthRollLower": (44, 46), "mouthRollUpper": (45, 47), "mouthClose": (50,), "mouthLowerDownLeft": (51,),
    "mouthLowerDownRight": (52,), "mouthLeft": (53,), "mouthRight": (54,), "noseSneerLeft": (55,),
    "noseSneerRight": (56,), "browOuterUpLeft": (57,), "browOuterUpRight": (58,), "eyeWideLeft": (59,),
    "eyeWideRight": (60,), "mouthUpperUpLeft": (61,), "mouthUpperUpRight": (62,),
}  # fmt: skip
"""ARKit name -> the headset's weights of which it is the mean; the names mean the same, the scales are as they come."""


def source_of(folder: Path) -> Source:
    """Every zip of a tree; its name up to the last part is the person's.

    Raises:
        SettingError: no such folder, or no zip in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of FraGA's .zip is accepted")
    files = sorted(p for p in folder.rglob("*.zip") if not p.name.startswith("."))
    if not files:
        raise SettingError(f"{folder}: holds no .zip")
    return Source(folder, "fraga", tuple(Found(p, speakers=(p.stem,)) for p in files))


def read(task: Task) -> Sample:
    """One person of one take.

    Raises:
        FormatError: not such a zip, or the eyes were not tracked for half of the time.
    """
    path = task.root / task.item.path
    parts = _parts(path)
    motion = _motion(parts, {"name": path.name, "sha256": task.item.sha256}, path.name)
    assert motion.filled is not None
    row = facts(
        task,
        **motion_facts(motion),
        sound="none",
        role="dialogue",
        seen_share=round(1 - float(motion.filled.mean()), 4),
    )
    return Sample(motion, row=row)


def _parts(path: Path) -> dict[str, Any]:
    readable(path, "a .zip of FraGA is accepted", max_bytes=MAX_ZIP_BYTES)
    try:
        with zipfile.ZipFile(path) as bundle:
            sizes = {info.filename: info.file_size for info in bundle.infolist()}
            missing = [part for part in PARTS if part not in sizes]
            if missing:
                raise FormatError(f"{path.name}: holds no {', no '.join(missing)}")
            if max(sizes[part] for part in PARTS) > MAX_PART_BYTES:
                raise FormatError(f"{path.name}: unpacks to more than {MAX_PART_BYTES >> 20} MB")
            return {part: parse_json(bundle.read(part), f"{path.name}: {part}") for part in PARTS}
    except UNPACKING_ERRORS as error:
        raise FormatError(f"{path.name}: is no zip, or damaged ({error})") from None


def _motion(parts: Mapping[str, Any], source: dict[str, Any], name: str) -> Motion:
    eyes, head, face, body = (parts[part] for part in PARTS)
    try:
        sides = [eyes[side] for side in ("leftEye", "rightEye")]
        valid = np.all([np.array(side["isValid"], bool) for side in sides], axis=0)
        turned = matrix_of_quaternion(_quaternions(head["botRot"]), FRAMES["unity"])
        root = matrix_of_quaternion(_quaternions(body["botRot"]), FRAMES["unity"])
        gaze = [root @ matrix_of_quaternion(_quaternions(side["rotation"]), FRAMES["opengl"]) for side in sides]
        weights = np.array([row["weights"] for row in face["expressionWeights"]], float)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{name}: is not as FraGA stores it ({type(error).__name__}: {error})") from None
    lengths = {len(valid), len(turned), *map(len, gaze), len(weights)}
    if len(lengths) > 1 or weights.ndim != 2 or weights.shape[1] != _WEIGHTS:
        raise FormatError(f"{name}: its parts differ in length, or the face has not {_WEIGHTS} weights")
    valid = (
        valid & np.isfinite(turned).all(axis=(1, 2)) & np.all([np.isfinite(g).all(axis=(1, 2)) for g in gaze], axis=0)
    )
    if valid.mean() < _LEAST_VALID:
        raise FormatError(f"the eyes were tracked in {valid.mean():.0%} of the rows; {_LEAST_VALID:.0%} are asked for")
    nearest = _nearest(valid)
    turned, gaze, weights = turned[nearest], [g[nearest] for g in gaze], np.clip(weights[nearest], 0, 1)
    in_head = [np.swapaxes(turned, 1, 2) @ g for g in gaze]
    eyes_rad = np.stack([rotations.yaw_pitch_from_direction(e[..., 2]) for e in in_head], axis=1)
    names = tuple(n for n in FACE_NAMES if n in FACE_WEIGHTS)
    return Motion(
        fps=_fps(body, len(valid)),
        head_rad=_facing(rotations.ypr_from_matrix(turned)),
        eyes_rad=eyes_rad,
        lids=weights[:, list(_EYES_CLOSED)],
        face=np.stack([weights[:, list(FACE_WEIGHTS[n])].mean(axis=1) for n in names], axis=1),
        face_names=names,
        filled=~valid[:, None],
        meta={"generator": "FraGA", "source": source, "role": "dialogue", "filled_columns": ["all"]},
    )


def _quaternions(rows: Any) -> Array:
    return np.array([[row["x"], row["y"], row["z"], row["w"]] for row in rows], float)


def _nearest(valid: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(T,) the nearest valid row of each."""
    known = np.flatnonzero(valid)
    at = np.clip(np.searchsorted(known, np.arange(len(valid))), 1, len(known) - 1) if len(known) > 1 else None
    if at is None:
        return np.full(len(valid), known[0])
    before, after = known[at - 1], known[at]
    frames = np.arange(len(valid))
    return np.where(frames - before <= after - frames, before, after)


def _facing(ypr: Array) -> Array:
    """Head angles against where the person mostly faces: the world's axes mean nothing for us."""
    yaw = rotations.wrap_rad(ypr[:, 0] - np.angle(np.exp(1j * ypr[:, 0]).mean()))
    return np.column_stack([yaw, ypr[:, 1:]])


def _fps(body: Mapping[str, Any], rows: int) -> float:
    """Rows over the whole seconds that the file states, where that can be right."""
    try:
        rate = rows / (float(body["endTime"]) - float(body["startTime"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return USUAL_FPS
    return round(rate, 2) if _LEAST_FPS <= rate <= _MOST_FPS else USUAL_FPS
