"""Exports of a project: jobs that write takes into its folder, each into a folder of its own."""

from __future__ import annotations

import contextlib
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.errors import ProjectError, SettingError
from talkingeyes.studio.asked import only, stretch
from talkingeyes.studio.avatars import Avatars
from talkingeyes.studio.exports import MOST_TAKES, Preset, export, file_name, losses_of, preset_of, suffixes_of
from talkingeyes.studio.folders import own_folder
from talkingeyes.studio.jobs import MOST_KEPT, Job, Jobs
from talkingeyes.studio.project import Project
from talkingeyes.studio.shelf import Shelf
from talkingeyes.wording import quoted

EXPORTS = "exports"


@dataclass(frozen=True)
class _Order:
    """What a job shall write: takes with the names of their files, suffixes, a range, a rate."""

    takes: Sequence[tuple[str, str]]
    suffixes: Sequence[str]
    range_s: tuple[float, float] | None
    settings: Mapping[str, Any]


class Deliveries:
    """Writes takes of a project.

    Args:
        project: whose.
        shelf: of its takes.
        avatars: of it.
        jobs: where the work is done.
    """

    def __init__(self, project: Project, shelf: Shelf, avatars: Avatars, jobs: Jobs) -> None:
        self._project, self._shelf, self._avatars, self._jobs = project, shelf, avatars, jobs
        self._made: OrderedDict[str, list[Path]] = OrderedDict()

    def start(self, asked: Mapping[str, Any]) -> Job:
        """Begin to write takes.

        Raises:
            SettingError: a preset, format, range or take that is not accepted.
        """
        only(asked, ("takes", "preset", "format", "fps", "range"))
        takes, fps = asked.get("takes"), asked.get("fps")
        if not isinstance(takes, list) or not 1 <= len(takes) <= MOST_TAKES:
            raise SettingError(f"takes are {quoted(takes)}; a list of 1 to {MOST_TAKES} is accepted")
        if fps is not None and (type(fps) not in (int, float) or not math.isfinite(fps)):
            raise SettingError(f"fps is {quoted(fps)}; a number is accepted")
        suffixes = suffixes_of(preset_of(asked.get("preset", "data")), asked.get("format"))
        names: list[str] = []
        for take in takes:
            names.append(file_name(self._title(take), names))
        pairs, settings = list(zip(takes, names, strict=True)), {} if fps is None else {"fps": fps}
        order = _Order(pairs, suffixes, stretch(asked.get("range"), "range"), settings)
        what = f"export {len(takes)} take{'s' if len(takes) > 1 else ''}"
        return self._jobs.start(
            what, len(takes) * len(suffixes), lambda job, step: self._write(job, order, step), "files"
        )

    def _title(self, take: Any) -> str:
        entry = self._project.take(take)
        return f"{Path(self._project.contents.sounds[entry.sound].name).stem}-{entry.name or take}"

    def _write(self, job: Job, order: _Order, step: Callable[[], None]) -> dict[str, Any]:
        folder, own = self._folder(), self._avatars.character()
        told: list[str] = []
        made = self._made[job.id] = []
        while len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)
        for take, name in order.takes:
            entry = self._project.take(take)
            planned = self._shelf.take(take, {"settings": {**entry.settings, **order.settings}})
            files, notes = export(
                planned, self._project.sound_file(entry.sound), order.suffixes, folder / name,
                avatar=own.path, look=own.look, range_s=order.range_s, step=step,
            )  # fmt: skip
            made += files
            told += notes
        return {
            "files": [{"name": path.name, "bytes": path.stat().st_size} for path in made],
            "folder": folder.relative_to(self._project.folder.resolve()).as_posix(), "losses": told,
        }  # fmt: skip

    def _folder(self) -> Path:
        """A new folder in the project: exports/1, exports/2, ..."""
        root = own_folder(self._project.folder, EXPORTS)
        for number in range(1, 1_000_000):
            with contextlib.suppress(FileExistsError):
                (root / str(number)).mkdir()
                return root / str(number)
        raise ProjectError(f"{EXPORTS} holds too many folders; remove some")

    def made(self, job: str, name: str) -> Path | None:
        """A file that a job made."""
        return next((path for path in self._made.get(job, ()) if path.name == name and path.is_file()), None)

    def losses(self, preset: Preset) -> list[str]:
        """What an export will lose."""
        own = self._avatars.character()
        return losses_of(preset, own.path, own.look)
