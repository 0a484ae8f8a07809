"""TKED, the paper's published data: per-frame FLAME eye, head and face parameters beside the sound.

A clip is ``NAME.npz`` (no pickle) with its sound beside it (``NAME.wav`` or another of `livelink.SOUND_SUFFIXES`). The
first folder below the tree names the speaker. The paper's own key names could not be checked; `KEYS` lists the names
that are read, those of FLAME trackers, and a clip that lacks a required one is named with the keys that it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.audio import load_speech
from talkingeyes.data.livelink import sound_beside, speaker_of
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts, voice_traits
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.motion import Motion
from talkingeyes.npz import read_npz_arrays

Array = NDArray[Any]

KEYS: dict[str, tuple[tuple[str, ...], int | None]] = {
    "eyes": (("eye_pose", "eyes_pose", "eyes"), 6),
    "left_eye": (("leye_pose", "left_eye_pose"), 3),
    "right_eye": (("reye_pose", "right_eye_pose"), 3),
    "global": (("global_orient", "global_pose", "head_pose", "global_rot"), 3),
    "neck": (("neck_pose", "neck"), 3),
    "jaw": (("jaw_pose", "jaw"), 3),
    "expression": (("expression", "exp", "expr", "expression_params"), None),
    "lids": (("eyelid", "eyelids", "eyelid_params"), 2),
}
"""Part -> the keys it goes by, and its width: axis-angle (T, 3), eyes (T, 6) left then right."""
RATE_KEYS = ("fps", "frame_rate")
JAW_FULL_RAD = 0.5
"""Jaw rotation about +X that counts as jawOpen 1: FLAME's own opening at the end of speech, by eye; lossy."""


def source_of(folder: Path) -> Source:
    """Every npz of a tree.

    Raises:
        SettingError: no such folder, or no npz in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of .npz clips beside their sound is accepted")
    files = sorted(p for p in folder.rglob("*.npz") if not p.name.startswith("."))
    if not files:
        raise SettingError(f"{folder}: holds no .npz")
    return Source(folder, "tked", tuple(Found(p, speakers=(speaker_of(p, folder),)) for p in files))


def read_tked(task: Task) -> Sample:
    """One clip: eyes, head (global @ neck), lids and jaw as motion; every FLAME parameter kept as it came.

    Raises:
        FormatError: a required key is missing, has another shape, or sound and motion differ in length by over 1 s.
        AudioError: the sound cannot be read.
    """
    path = task.root / task.item.path
    arrays = read_npz_arrays(path)
    parts = {part: found for part in KEYS if (found := _part(arrays, part)) is not None}
    if "left_eye" in parts and "right_eye" in parts:
        parts.setdefault("eyes", np.concatenate([parts["left_eye"], parts["right_eye"]], axis=1))
    _require(parts, arrays, path.name)
    lengths = {part: len(array) for part, array in parts.items()}
    if len(set(lengths.values())) > 1:
        raise FormatError(f"parameters differ in length: {lengths}")
    motion = motion_of(parts, rate_of(arrays, task.settings.tked_fps), task)
    sound = sound_beside(path)
    speech = load_speech(sound) if sound is not None else None
    if speech is not None and abs(speech.duration_s - motion.duration_s) > 1.0:
        raise FormatError(f"{motion.duration_s:.1f} s of motion beside {speech.duration_s:.1f} s of sound")
    flame = {part: array.astype(np.float32) for part, array in parts.items()}
    row = facts(task, **motion_facts(motion), **sound_facts(speech, "none"), role="speaking")
    return Sample(motion, speech, voice_traits(speech), flame=flame, row=row)


def _part(arrays: Mapping[str, Array], part: str) -> Array | None:
    names, width = KEYS[part]
    name = next((n for n in names if n in arrays), None)
    if name is None:
        return None
    array = arrays[name]
    wanted = f"(T, {width or '50 or 100'})"
    flat = array.reshape(len(array), -1) if array.ndim > 1 and len(array) else array
    if flat.dtype.kind not in "fiu" or flat.ndim != 2 or (width is not None and flat.shape[1] != width):
        raise FormatError(f"{name} is {array.dtype} {array.shape}; numbers of shape {wanted} are accepted")
    if not np.isfinite(flat).all():
        raise FormatError(f"{name} holds NaN or infinity")
    return flat.astype(float)


def _require(parts: dict[str, Array], arrays: Mapping[str, Array], name: str) -> None:
    def names(*of: str) -> str:
        return " or ".join("/".join(KEYS[part][0]) for part in of)

    missing = None
    if "eyes" not in parts:
        missing = f"eyes ({names('eyes')}, or {names('left_eye')} with {names('right_eye')})"
    elif "global" not in parts and "neck" not in parts:
        missing = f"head ({names('global', 'neck')})"
    if missing:
        raise FormatError(f"{name}: lacks {missing}; it holds {', '.join(sorted(arrays)) or 'nothing'}")


def motion_of(parts: Mapping[str, Array], fps: float, task: Task, role: str = "speaking") -> Motion:
    """Eyes, head (global @ neck), lids and jaw of FLAME parameters, as far as they are there."""
    eyes = head = None
    if "eyes" in parts:
        eyes = rotations.ypr_from_matrix(rotations.matrix_from_axis_angle(parts["eyes"].reshape(-1, 2, 3)))[..., :2]
    turned = [rotations.matrix_from_axis_angle(parts[part]) for part in ("global", "neck") if part in parts]
    if turned:
        head = rotations.ypr_from_matrix(turned[0] @ turned[1] if len(turned) == 2 else turned[0])
    face: dict[str, Any] = {}
    if "jaw" in parts:
        opening = np.clip(parts["jaw"][:, :1] / JAW_FULL_RAD, 0, 1)
        face = {"face": opening, "face_names": ("jawOpen",)}
    return Motion(
        fps=fps,
        head_rad=head,
        eyes_rad=eyes,
        lids=np.clip(parts["lids"], 0, 1) if "lids" in parts else None,
        **face,
        meta={
            "generator": "FLAME parameters",
            "source": {"name": Path(task.item.path).name, "sha256": task.item.sha256},
            "role": role,
        },
    )


def rate_of(arrays: Mapping[str, Array], otherwise: float) -> float:
    """The frame rate that a clip states, or another.

    Raises:
        FormatError: it is not one number.
    """
    value = next((arrays[key] for key in RATE_KEYS if key in arrays), None)
    if value is None:
        return otherwise
    if value.size != 1 or value.dtype.kind not in "fiu":
        raise FormatError("fps is not one number")
    return float(value.reshape(-1)[0])
