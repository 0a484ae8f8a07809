"""Paths of a project, none of which leads out of its folder, by a link either."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from talkingeyes.errors import OutputError, ProjectError
from talkingeyes.files import sha256_of, write_whole
from talkingeyes.studio.contents import inside

SOUNDS = "sounds"
MAX_SOUND_BYTES = 4 << 30


def inside_of(folder: Path, path: Any, what: str) -> Path:
    """A path of a project, whole.

    Raises:
        ProjectError: it leads out of the folder, or a link does.
    """
    try:
        found = (folder / inside(path, what)).resolve()
        is_inside = found.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that no system has
        is_inside, found = False, folder
    if not is_inside:
        raise ProjectError(f"{what}: {path} leads out of the project's folder")
    return found


def own_folder(folder: Path, name: str) -> Path:
    """A folder in a project's, made where it is new.

    Raises:
        ProjectError: a link leads out of the project.
        OutputError: it cannot be made.
    """
    found = inside_of(folder, name, name)
    try:
        found.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{found}: cannot be made ({error.strerror})") from None
    return found


def own_path(folder: Path, source: Path) -> str | None:
    """The path of a file in a project's folder, relative to it; None for one that is elsewhere, or hidden."""
    root, real = folder.resolve(), source.resolve()
    if not real.is_relative_to(root) or real.name.startswith("."):
        return None
    try:
        return inside(real.relative_to(root).as_posix(), "sound")
    except ProjectError:  # a name that not every system may have
        return None


def copied(folder: Path, source: Path, digest: str) -> str:
    """A copy of a file in a project's folder, named by its content: its path there."""
    suffix = source.suffix.lower() if source.suffix[1:].isalnum() else ""
    target = own_folder(folder, SOUNDS) / f"{digest[:16]}{suffix}"
    if not target.exists() or sha256_of(target) != digest:

        def copy(aside: Path) -> None:
            shutil.copyfile(source, aside)

        write_whole(target, copy, [source])
    return f"{SOUNDS}/{target.name}"
