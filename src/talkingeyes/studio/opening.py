"""From a path that somebody names to an open project, without what killed servers left in it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from talkingeyes.audio.decode import MonoStream
from talkingeyes.audio.suffixes import RECORDINGS
from talkingeyes.errors import OutputError, ProjectError
from talkingeyes.files import sha256_of, sweep
from talkingeyes.studio.project import FILE, Project


def is_project(folder: Path) -> bool:
    """Whether a folder holds a project."""
    return (folder / FILE).is_file()


def opened(path: Path) -> Project:
    """The project of a folder or a file; made where there is none.

    Args:
        path: a project's folder, its project.json, a folder of recordings, or a recording: its project lies beside it.

    Raises:
        ProjectError, OutputError: it is damaged, or cannot be made.
        AudioError: the recording is none.
    """
    project = _opened(path)
    sweep(project.folder)  # what killed servers left
    return project


def _opened(path: Path) -> Project:
    if path.name == FILE and path.is_file():
        return Project.open(path.parent)
    if path.is_file():
        return _of_recording(path)
    if path.suffix.lower() in RECORDINGS and not path.is_dir():
        raise ProjectError(f"{path}: no such file; a folder, a project or a recording is accepted")
    return Project.open(path) if is_project(path) else Project.create(path)


def _of_recording(path: Path) -> Project:
    """The project beside a recording; nothing is left where the recording cannot be read or taken in."""
    if path.suffix.lower() not in RECORDINGS:
        raise ProjectError(f"{path}: is no recording by its name; a folder, a project or a recording is accepted")
    next(iter(MonoStream(path)), None)  # what is no sound leaves no project
    folder = path.with_name(f"{path.stem}-studio")
    was_there = folder.exists()
    project = Project.open(folder) if is_project(folder) else Project.create(folder)
    if sha256_of(path) not in {entry.sha256 for entry in project.contents.sounds.values()}:
        try:
            project.add_sound(path)
        except (ProjectError, OutputError):
            if not was_there:
                with contextlib.suppress(OSError):
                    for own in folder.iterdir():
                        own.unlink()
                    folder.rmdir()
            raise
    return project
