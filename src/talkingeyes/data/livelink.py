"""Live Link Face takes: a CSV of face and eyes beside its sound."""

from __future__ import annotations

from pathlib import Path

from talkingeyes.audio import load_speech
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts, voice_traits
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.formats.arkit import read_csv

SOUND_SUFFIXES = (".wav", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".mov", ".mp4")
"""The first of these beside ``TAKE.csv`` (``TAKE_raw.csv``, ``TAKE_cal.csv`` as the app names them) is the sound."""


def source_of(folder: Path) -> Source:
    """Every CSV of a tree; the folder that holds it names the speaker where it is not the tree itself.

    Raises:
        SettingError: no such folder, or no CSV in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of Live Link Face takes is accepted")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".csv" and not p.name.startswith("."))
    if not files:
        raise SettingError(f"{folder}: holds no .csv")
    return Source(folder, "livelink", tuple(Found(p, speakers=(speaker_of(p, folder),)) for p in files))


def speaker_of(path: Path, folder: Path) -> str:
    """The first folder below the tree, which is how published sets name people; empty for files of the tree itself."""
    inside = path.relative_to(folder).parts
    return inside[0] if len(inside) > 1 else ""


def sound_beside(path: Path) -> Path | None:
    """The recording of a take, by its name."""
    stems = [path.stem, *(path.stem.removesuffix(end) for end in ("_raw", "_cal") if path.stem.endswith(end))]
    there = (path.with_name(stem + suffix) for stem in stems for suffix in SOUND_SUFFIXES)
    return next((p for p in there if p.is_file()), None)


def read_livelink(task: Task) -> Sample:
    """One take.

    Raises:
        FormatError: not a Live Link Face CSV, or sound and motion differ in length by more than a second.
        AudioError: the sound cannot be read.
    """
    path = task.root / task.item.path
    motion, sound = read_csv(path), sound_beside(path)
    speech = load_speech(sound) if sound is not None else None
    if speech is not None and abs(speech.duration_s - motion.duration_s) > 1.0:
        raise FormatError(f"{motion.duration_s:.1f} s of motion beside {speech.duration_s:.1f} s of sound")
    row = facts(task, **motion_facts(motion), **sound_facts(speech, "none"), role="speaking")
    return Sample(motion, speech, voice_traits(speech), row=row)
