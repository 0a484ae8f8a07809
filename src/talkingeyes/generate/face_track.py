"""A face track of another tool, brought to a take's rate and length: ``--face FILE``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.formats import format_of, load
from talkingeyes.formats.flame import JAW_OPEN_RAD, is_flame
from talkingeyes.formats.notes import listed, notes_of
from talkingeyes.generate.ownership import is_mouth
from talkingeyes.motion import Motion
from talkingeyes.npz import read_npz_arrays
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[Any]

SUFFIXES = (".csv", ".json", ".npz")
HOLD_S, EASE_S = 0.1, 0.4
"""A track that ends before the recording holds its last frame this long, then eases to rest over the second time."""
TELL_FROM_S = 0.1
"""Differences in length from here on are told."""
JAW_SIDE_RAD = 0.2
"""Jaw rotation about FLAME's vertical axis read as jawLeft or jawRight of 1."""
_JAW_KEYS = ("jaw_pose", "jaw")
_EXPRESSION_KEYS = ("expression", "exp", "expr", "expression_params")
_TOLD_COLUMNS = 5


@dataclass(frozen=True)
class BroughtFace:
    """A track as it was read.

    Attributes:
        motion: with a face that holds a mouth.
        name: of the file.
        sha256: of the file; empty for a motion in memory.
        notes: what a user should know, one line each.
    """

    motion: Motion
    name: str
    sha256: str
    notes: tuple[str, ...]

    def aligned(self, fps: float, frames: int) -> tuple[Motion, tuple[str, ...]]:
        """The track at a take's rate and length, frame 0 at its start, and what there is to say about it.

        Frames that the track has are its own, linear between them where the rates differ; equal rates change nothing.
        """
        track, notes = self.motion, []
        track = Motion(fps=track.fps, face=track.face, face_names=track.face_names, lids=track.lids)
        if abs(track.fps - fps) > 1e-6:
            track = track.resample(fps)
        elif track.fps != fps:
            track = track.replace(fps=fps)
        more_s = (track.num_frames - frames) / fps
        if abs(more_s) >= TELL_FROM_S:
            what = "cut at the recording's end" if more_s > 0 else "the face rests after its end"
            longer = "longer" if more_s > 0 else "shorter"
            notes.append(
                f"{self.name}: {track.num_frames / fps:.2f} s, {abs(more_s):.2f} s {longer} than the speech; {what}"
            )
        return _of_length(track, frames), tuple(notes)

    @property
    def meta(self) -> dict[str, Any]:
        """For a take's meta."""
        return {"source": self.name, "sha256": self.sha256, "fps": round(self.motion.fps, 4)}


def face_track(source: str | Path | Motion) -> BroughtFace:
    """Read a face track.

    Args:
        source: Live Link Face CSV, ARKit JSON, our npz or FLAME npz (jaw alone), or a motion.

    Raises:
        FormatError: no such file, another format, damaged, or without a mouth; names the column where one is wrong.
    """
    if isinstance(source, Motion):
        return BroughtFace(_with_mouth(source, "the motion given as face"), "motion", "", _notes(source, "face"))
    path = Path(source)
    form = format_of(path)
    if form is None or not form.suffix.endswith(SUFFIXES):
        raise FormatError(f"{path}: cannot be read as a face track; {' '.join(SUFFIXES)} and .flame.npz are accepted")
    readable(path, f"{' '.join(SUFFIXES)} and .flame.npz are accepted")
    arrays = read_npz_arrays(path) if path.name.lower().endswith(".npz") else {}
    if is_flame(set(arrays)) or any(key in arrays for key in _JAW_KEYS):
        motion, notes = _flame_face(arrays, path.name)
    else:
        motion, notes = load(path), ()
    motion = _with_mouth(motion, path.name)
    return BroughtFace(motion, path.name, _sha256(path), (*notes, *_notes(motion, path.name)))


def _with_mouth(motion: Motion, where: str) -> Motion:
    if motion.face is None or not any(is_mouth(name) for name in motion.face_names):
        has = ", ".join(motion.face_names[:_TOLD_COLUMNS]) or ", ".join(motion.channels)
        raise FormatError(f"{where}: holds no mouth (it has {has}); a face track needs jawOpen or other jaw and mouth")
    return motion


def _notes(motion: Motion, where: str) -> tuple[str, ...]:
    """What the reader left out or had to change, and the mouth's columns that are missing."""
    missing = motion.meta.get("missing_columns")
    mouth = [str(name) for name in missing if is_mouth(str(name))] if isinstance(missing, list) else []
    lacks = (f"{where}: has no {listed(mouth)}; taken as it is",) if mouth else ()
    return (*notes_of(motion, where), *lacks)


def _flame_face(arrays: Mapping[str, Floats], where: str) -> tuple[Motion, tuple[str, ...]]:
    """jawOpen, jawLeft and jawRight of FLAME's jaw; its expression has no ARKit names and is left out."""
    jaw = next((arrays[key] for key in _JAW_KEYS if key in arrays), None)
    if jaw is None:
        raise FormatError(f"{where}: FLAME parameters without {_JAW_KEYS[0]}; a face track needs the jaw")
    if jaw.dtype.kind not in "fiu" or jaw.ndim < 2 or jaw.size != 3 * len(jaw) or not len(jaw):
        raise FormatError(f"{where}: {_JAW_KEYS[0]} has shape {jaw.shape}; (T, 3) is accepted")
    rate = arrays.get("fps")
    if rate is None or rate.size != 1 or rate.dtype.kind not in "fiu":
        raise FormatError(f"{where}: no frame rate; FLAME files need the key 'fps' (one number)")
    turn = jaw.reshape(-1, 3).astype(float)
    if not np.isfinite(turn).all():
        raise FormatError(f"{where}: {_JAW_KEYS[0]} holds NaN or infinity")
    ypr = rotations.ypr_from_matrix(rotations.matrix_from_axis_angle(turn))
    columns = {
        "jawLeft": np.clip(ypr[:, 0] / JAW_SIDE_RAD, 0, 1),
        "jawRight": np.clip(-ypr[:, 0] / JAW_SIDE_RAD, 0, 1),
        "jawOpen": np.clip(-ypr[:, 1] / JAW_OPEN_RAD, 0, 1),
    }
    names = tuple(name for name in FACE_NAMES if name in columns)
    motion = Motion(
        fps=float(rate.reshape(-1)[0]),
        face=np.stack([columns[n] for n in names], axis=1),
        face_names=names,
        meta={"generator": "FLAME parameters"},
    )
    moved = [key for key in _EXPRESSION_KEYS if key in arrays and np.any(arrays[key])]
    notes = (f"{where}: {moved[0]} has no ARKit names and is left out; the jaw is read",) if moved else ()
    return motion, notes


def _of_length(track: Motion, frames: int) -> Motion:
    """Cut, or held for a moment and eased to rest."""
    count = track.num_frames
    if count == frames:
        return track
    if count > frames:
        return track.replace(**{name: channel[:frames] for name, channel in track.channels.items()})
    after_s = np.arange(1, frames - count + 1) / track.fps
    share = np.clip((after_s - HOLD_S) / EASE_S, 0, 1)
    left = 1 - share * share * (3 - 2 * share)
    rest = {name: np.concatenate([channel, left[:, None] * channel[-1:]]) for name, channel in track.channels.items()}
    return track.replace(**rest)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
