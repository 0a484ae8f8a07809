"""A face track of another tool, brought to a take's rate and length: ``--face FILE``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError, NoRateError, SettingError, argument
from talkingeyes.files import readable, sha256_of
from talkingeyes.formats import format_of, load
from talkingeyes.formats.notes import listed, notes_of
from talkingeyes.formats.visemes import ANY_RATE
from talkingeyes.generate.face_blend import is_mouth
from talkingeyes.motion import Motion

Floats = NDArray[Any]

SUFFIXES = (".csv", ".json", ".jsonl", ".marks", ".tsv", ".npz")
HOLD_S, EASE_S = 0.1, 0.4
"""A track that ends before the recording holds its last frame this long, then eases to rest over the second time."""
TELL_FROM_S = 0.1
"""Differences in length from here on are told."""
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


def face_track(source: str | Path | Motion, fps: float | None = None, take_fps: float | None = None) -> BroughtFace:
    """Read a face track.

    Args:
        source: any motion file with a mouth, another tool's blend shapes or mouth shapes (docs/face.md), or a motion.
        fps: the track's frame rate, where the file carries none or a .csv's own is wrong.
        take_fps: the rate of the take, for a file that carries none and where ``fps`` is not given.

    Raises:
        FormatError: no such file, another format, damaged, or without a mouth; names the column where one is wrong.
        SettingError: ``fps`` for a file or a motion that carries its own.
    """
    if isinstance(source, Motion):
        if fps is not None:
            raise SettingError(
                f"{argument('face_fps')} is for a file without a frame rate; the motion given as face has its own"
            )
        return BroughtFace(_with_mouth(source, "the motion given as face"), "motion", "", _notes(source, "face"))
    path = Path(source)
    form = format_of(path)
    if form is None or not form.suffix.endswith(SUFFIXES):
        raise FormatError(f"{path}: cannot be read as a face track; {' '.join(SUFFIXES)} and .flame.npz are accepted")
    readable(path, f"{' '.join(SUFFIXES)} and .flame.npz are accepted")
    motion = _with_mouth(_loaded(path, fps, take_fps), path.name)
    return BroughtFace(motion, path.name, sha256_of(path), _notes(motion, path.name))


def _loaded(path: Path, fps: float | None, take_fps: float | None) -> Motion:
    try:
        motion = load(path, fps=fps)
    except NoRateError as error:
        if take_fps is None:
            raise NoRateError(f"{error.args[0]}, or {argument('face_fps')} where the take's is another") from None
        return load(path, fps=take_fps)
    own = motion.meta.get("fps_source") == ANY_RATE and fps is None and take_fps is not None
    return load(path, fps=take_fps) if own else motion


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
