"""FLAME tracks as talking-head projects store them (ARTalk, UniLS, GAGAvatar, DECA and metrical trackers), in npz.

Beside single parameters (`tked.KEYS`) these keep several in one array: ``posecode`` or ``pose_params`` (T, 6) is global
and jaw, ``full_pose`` (T, 15) is global, neck, jaw and both eyes, ``motion`` (T, 106) is 100 of expression, global and
jaw. GAGAvatar's tracker leaves the global part of ``posecode`` at 0 and keeps the head in ``transform_matrix``, from
the head to PyTorch3D's camera: that is read as the head then. Names and orders are those of the projects' public code
(GAGAvatar's tracker, ARTalk, IMavatar, PEAR) as read on 2026-11-27; no file of theirs was at hand. Two people of a
dialogue may share a file, each with a prefix. Files with pickles are refused: ``docs/data.md`` has the line that turns
a ``.pt``, ``.pkl`` or ``.lmdb`` entry into such an npz where it is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.audio import load_speech
from talkingeyes.data import tked
from talkingeyes.data.livelink import sound_beside, speaker_of
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts, voice_traits
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.npz import read_npz_arrays

Array = NDArray[Any]

PREFIXES: tuple[tuple[str, str], ...] = (("speaker_", "listener_"), ("p1_", "p2_"), ("a_", "b_"))
"""Two people in one file: the first and the second. Of the first pair the names are their roles."""
MORE_KEYS: dict[str, tuple[str, ...]] = {
    "eyes": ("eyecode", "eye_code", "eye_params", "eyes_params", "eye_pose_params"),
    "global": ("gpose", "globalpose", "rotation", "head_rotation", "global_pose_params"),
    "neck": ("neckcode", "neck_params", "neck_pose_params"),
    "jaw": ("jawcode", "jawpose", "jaw_params"),
    "expression": ("expcode", "exp_code", "expression_code"),
    "lids": ("eyelid_code", "eyelidcode"),
}
TOGETHER: dict[str, tuple[int, tuple[tuple[str, int, int], ...]]] = {
    "posecode": (6, (("global", 0, 3), ("jaw", 3, 6))),
    "pose_params": (6, (("global", 0, 3), ("jaw", 3, 6))),
    "pose": (6, (("global", 0, 3), ("jaw", 3, 6))),
    "full_pose": (15, (("global", 0, 3), ("neck", 3, 6), ("jaw", 6, 9), ("eyes", 9, 15))),
    "motion": (106, (("expression", 0, 100), ("global", 100, 103), ("jaw", 103, 106))),
    "motion_code": (106, (("expression", 0, 100), ("global", 100, 103), ("jaw", 103, 106))),
}
"""Arrays of several parameters: their width, and which columns are which."""
_HEAD_ALONE = ("pose_params", "pose")
"""Of these some projects keep the global part alone, (T, 3)."""
_CAMERA_KEY = "transform_matrix"
_FACING = np.diag([-1.0, 1.0, -1.0])
"""PyTorch3D's camera looks along its +Z with +X to its left: who faces it has this rotation."""
_WIDTHS = {"eyes": (6,), "global": (3,), "neck": (3,), "jaw": (3,), "lids": (2,), "expression": (50, 100)}
_HEAD_AND_EYES = frozenset({"eyes", "left_eye", "right_eye", "global", "neck", "lids"})


def source_of(folder: Path) -> Source:
    """Every npz of a tree, two parts where a file holds two people.

    Raises:
        SettingError: no such folder, or no npz in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of FLAME tracks (.npz) is accepted")
    files = sorted(p for p in folder.rglob("*.npz") if not p.name.startswith("."))
    if not files:
        raise SettingError(f"{folder}: holds no .npz")
    return Source(folder, "flame", tuple(_found(path, folder) for path in files))


def _found(path: Path, folder: Path) -> Found:
    pair = _pair(_keys(path))
    who = speaker_of(path, folder)
    if not pair:
        return Found(path, speakers=(who,))
    return Found(path, (0, 1), tuple(f"{who or path.stem} {prefix.rstrip('_')}" for prefix in pair))


def _keys(path: Path) -> tuple[str, ...]:
    try:
        return tuple(read_npz_arrays(path))
    except FormatError:
        return ()  # it is named when it is read


def _pair(keys: tuple[str, ...]) -> tuple[str, str] | tuple[()]:
    for pair in PREFIXES:
        if all(any(key.startswith(prefix) for key in keys) for prefix in pair):
            return pair
    return ()


def read(task: Task) -> Sample:
    """One person of one file.

    Raises:
        FormatError: neither head nor eyes nor lids, an array of another shape, or lengths that differ.
        AudioError: the sound cannot be read.
    """
    path = task.root / task.item.path
    arrays = read_npz_arrays(path)
    pair = _pair(tuple(arrays))
    own, role = {name: name for name in arrays}, "speaking"
    if pair:
        prefix = pair[task.item.part]
        own = {name.removeprefix(prefix): name for name in arrays if name.startswith(prefix)}
        role = {"speaker_": "speaking", "listener_": "listening"}.get(prefix, "dialogue")
    parts = _parts(own, arrays)
    if not _HEAD_AND_EYES & set(parts):
        raise FormatError(
            f"{path.name}: holds neither eyes, head nor lids of FLAME; it holds {', '.join(sorted(arrays))}"
        )
    lengths = {part: len(array) for part, array in parts.items()}
    if len(set(lengths.values())) > 1:
        raise FormatError(f"parameters differ in length: {lengths}")
    rate = {key: arrays[key] for key in tked.RATE_KEYS if key in arrays}
    motion = tked.motion_of(parts, tked.rate_of(rate, task.settings.tked_fps), task, role)
    sound = sound_beside(path)
    speech = load_speech(sound) if sound is not None else None
    if speech is not None and abs(speech.duration_s - motion.duration_s) > 1.0:
        raise FormatError(f"{motion.duration_s:.1f} s of motion beside {speech.duration_s:.1f} s of sound")
    flame = {part: array.astype(np.float32) for part, array in parts.items()}
    row = facts(task, **motion_facts(motion), **sound_facts(speech, "none"), role=role)
    return Sample(motion, speech, {} if pair else voice_traits(speech), flame=flame, row=row)


def _parts(own: Mapping[str, str], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The parameters by part; single ones count more than those that several share an array."""
    parts: dict[str, Array] = {}
    for name, (width, slices) in TOGETHER.items():
        if name in own and name in _HEAD_ALONE and arrays[own[name]].shape[1:] == (3,):
            parts.setdefault("global", _checked(arrays[own[name]], name, (3,)))
        elif name in own:
            whole = _checked(arrays[own[name]], name, (width,))
            parts |= {part: whole[:, start:stop] for part, start, stop in slices if part not in parts}
    for part in tked.KEYS:
        names, width = tked.KEYS[part]
        widths = _WIDTHS.get(part, (width or 3,))
        name = next((n for n in (*names, *MORE_KEYS.get(part, ())) if n in own), None)
        if name is not None:
            parts[part] = _checked(arrays[own[name]], name, widths)
    if not parts.get("global", np.zeros(1)).any():
        parts |= _by_camera(own, arrays)
    if "left_eye" in parts and "right_eye" in parts:
        parts.setdefault("eyes", np.concatenate([parts["left_eye"], parts["right_eye"]], axis=1))
    return {part: array for part, array in parts.items() if part not in ("left_eye", "right_eye")}


def _by_camera(own: Mapping[str, str], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The head as the camera's place tells it, ``global`` as axis-angle; empty where no camera is kept.

    PyTorch3D multiplies rows: a point of the head is at ``x @ R + t`` before the camera.
    """
    if _CAMERA_KEY not in own:
        return {}
    name, whole = _CAMERA_KEY, arrays[own[_CAMERA_KEY]]
    if whole.ndim != 3 or whole.shape[1] < 3 or whole.shape[2] < 3:
        raise FormatError(f"{name} is {whole.dtype} {whole.shape}; (T, 3, 4) is accepted")
    turn = _checked(whole[:, :3, :3], name, (9,)).reshape(-1, 3, 3)
    if not np.allclose(turn @ np.swapaxes(turn, 1, 2), np.eye(3), atol=1e-2):
        raise FormatError(f"{name} holds no rotations")
    return {"global": rotations.axis_angle_from_matrix(_FACING @ np.swapaxes(turn, 1, 2))}


def _checked(array: Array, name: str, widths: tuple[int, ...]) -> Array:
    flat = array.reshape(len(array), -1) if array.ndim > 1 and len(array) else array
    if flat.dtype.kind not in "fiu" or flat.ndim != 2 or flat.shape[1] not in widths:
        wanted = " or ".join(f"(T, {width})" for width in widths)
        raise FormatError(f"{name} is {array.dtype} {array.shape}; numbers of shape {wanted} are accepted")
    if not np.isfinite(flat).all():
        raise FormatError(f"{name} holds NaN or infinity")
    return flat.astype(float)
