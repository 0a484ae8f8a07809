"""A project: a folder of plain files, saved whole after every action, with an undo that outlives the process.

``project.json`` is replaced by write-aside-and-rename, so a process that is killed at any moment leaves the state
before or after its action. Every action holds a lock, reads what is there, and is refused where another window changed
the same entry since it was seen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from talkingeyes.errors import ConflictError, NotInProjectError, OutputError, ProjectError
from talkingeyes.files import locked, readable, sha256_of, write_whole
from talkingeyes.plain_json import parse_json
from talkingeyes.studio.contents import AVATAR, FORMAT, VERSION, Contents, Take, options_of, read_contents
from talkingeyes.studio.folders import MAX_SOUND_BYTES, copied, inside_of, own_path
from talkingeyes.studio.history import History, Step, read_history
from talkingeyes.wording import quoted

FILE, LOCK = "project.json", ".project.lock"
MAX_BYTES = 256 << 20
PATIENCE_S = 10.0
"""How long an action waits for another process that saves."""


@dataclass
class Project:
    """An open project. Methods that change it save it; each is one step of the undo.

    Attributes:
        folder: where it is.
        contents: as this window saw them last; `refresh` reads what others did.
        history: for undo and redo.
    """

    folder: Path
    contents: Contents = field(default_factory=Contents)
    history: History = field(default_factory=History)
    _data: bytes | None = field(default=None, repr=False)

    @classmethod
    def create(cls, folder: str | Path) -> Project:
        """A new project in a folder, which may hold recordings already.

        Raises:
            ProjectError: there is one.
            OutputError: the folder cannot be written.
        """
        project = cls(Path(folder))
        if not project.folder.is_dir():
            try:
                project.folder.mkdir()
            except OSError as error:
                raise OutputError(f"{folder}: cannot be made ({error.strerror})") from None
        with project._saving():
            if (project.folder / FILE).exists():
                raise ProjectError(f"{folder}: holds a project already; open it")
            project._save()
        return project

    @classmethod
    def open(cls, folder: str | Path) -> Project:
        """The project in a folder.

        Raises:
            ProjectError: none, a damaged one, or one of a later version.
        """
        project = cls(Path(folder))
        project.refresh()
        return project

    @property
    def revision(self) -> int:
        """Of what this window saw last."""
        return self.contents.revision

    def refresh(self) -> bool:
        """Read what other windows did; whether there was anything.

        Raises:
            ProjectError: the file is gone or damaged.
        """
        before = self.contents.revision
        self.contents, self.history = self._read()
        return self.contents.revision != before

    # -- sounds and takes ----------------------------------------------------------------------------------------------

    def add_sound(self, path: str | Path, *, channel: str | None = None, name: str = "") -> str:
        """A recording: by reference where it lies in the project's folder, else copied into it. Its id.

        Raises:
            ProjectError: no ordinary file.
            OutputError: it cannot be copied.
        """
        source = readable(path, "a recording is accepted", ProjectError, MAX_SOUND_BYTES)
        digest = sha256_of(source)
        where = own_path(self.folder, source) or copied(self.folder, source, digest)
        given = {"path": where, "sha256": digest, "channel": channel, "name": name or source.name[:200]}
        return self._added("sounds", "s", given, "add a sound")

    def sound_file(self, sound: str) -> Path:
        """The file of a sound, which is still the one that was added.

        Raises:
            ProjectError: gone, changed, or outside the folder by a link.
        """
        entry = self._there("sounds", sound)
        path = inside_of(self.folder, entry["path"], f"sound {sound}")
        readable(path, "the recording of a project; put it back, or remove the sound", ProjectError, MAX_SOUND_BYTES)
        if sha256_of(path) != entry["sha256"]:
            raise ProjectError(f"sound {sound}: {entry['path']} is not the recording that was added; put that back")
        return path

    def own_file(self, path: Any, what: str) -> Path:
        """A file in the project's folder: a character, a face track.

        Raises:
            ProjectError: gone, or outside the folder.
        """
        found = inside_of(self.folder, path, what)
        readable(found, "a file in the project's folder is accepted", ProjectError)
        return found

    def add_take(self, sound: str, seed: int, settings: Mapping[str, Any] | None = None, **entry: Any) -> str:
        """A take of a sound; settings that are left out are the project's. Its id.

        Raises:
            ProjectError: no such sound, or a setting or edit that is not accepted.
        """
        self._there("sounds", sound)
        usual = {name: value for name, value in self.contents.settings.items() if name != AVATAR}
        whole = {**usual, **(settings or {})}
        made = {"sound": sound, "seed": seed, "settings": whole, "made_with": whole}
        return self._added("takes", "t", {**made, **entry}, "add a take")

    def options(self, take: str) -> dict[str, Any]:
        """The keywords of `talkingeyes.animate` that make a take, but its recording.

        Raises:
            ProjectError: no such take.
        """
        entry = self._there("takes", take)
        wishes = {"seed": entry["seed"], "edits": entry["edits"], "targets": dict(self.contents.targets) or None}
        return {**options_of(entry["settings"]), **wishes}

    def change(self, section: str, entry: str, what: str, /, *, group: str | None = None, **fields: Any) -> None:
        """Change fields of a sound or a take.

        Args:
            section: "sounds" or "takes".
            entry: its id.
            what: the action's name, for the undo.
            group: see `Step`.
            **fields: new values: seed, settings, edits, name, starred, ...

        Raises:
            ProjectError: not there, or a value that is not accepted.
            ConflictError: another window changed it since this one saw it.
        """
        before = self._there(section, entry)
        self._act(what, [(section, entry, {**before, **fields})], group)

    def set_target(self, name: str, place: Sequence[Any] | None) -> None:
        """Name a place, move it, or (None) forget it."""
        self._act(f"target {name}", [("targets", name, place)])

    def set_setting(self, name: str, value: Any) -> None:
        """What new takes begin with; None takes it out."""
        self._act(f"setting {name}", [("settings", name, value)])

    def remove(self, section: str, name: str) -> None:
        """Take out a take, or a sound with its takes; the recording stays where it is.

        Raises:
            ProjectError: not there.
            ConflictError: another window changed it.
        """
        self._there(section, name)
        gone = [(section, name, None)]
        if section == "sounds":
            gone = [("takes", take, None) for take, entry in self.contents.takes.items() if entry.sound == name] + gone
        self._act(f"remove {name}", gone)

    def take(self, name: Any) -> Take:
        """A take.

        Raises:
            NotInProjectError: there is none of that name.
        """
        found = self.contents.takes.get(name) if isinstance(name, str) else None
        if found is None:
            raise NotInProjectError(f"there is no take {quoted(name)}")
        return found

    # -- undo ----------------------------------------------------------------------------------------------------------

    def undo(self) -> str | None:
        """Undo the newest action that stands; what it was, None where there is none."""
        return self._step(-1)

    def redo(self) -> str | None:
        """Do again what was undone last."""
        return self._step(+1)

    def _step(self, way: int) -> str | None:
        with self._saving():
            self.contents, self.history = self._read()
            at = self.history.done - 1 if way < 0 else self.history.done
            if not 0 <= at < len(self.history.steps):
                return None
            step = self.history.steps[at]
            changes = [(section, name, before if way < 0 else after) for section, name, before, after in step.changes]
            self._put(changes[::way])
            self.history = replace(self.history, done=self.history.done + way)
            self._save()
            return step.what

    # -- saving --------------------------------------------------------------------------------------------------------

    def _act(self, what: str, changes: Sequence[tuple[str, str, Any]], group: str | None = None) -> None:
        """Do one action on what is there now, save it, and remember how to undo it."""
        seen = self.contents
        with self._saving():
            self.contents, self.history = self._read()
            for section, name, _ in changes:
                if self.contents.entry(section, name) != seen.entry(section, name):
                    raise ConflictError(
                        f"{section[:-1]} {quoted(name)} was changed in another window; look at it first"
                    )
            before = [self.contents.entry(section, name) for section, name, _ in changes]
            self._put(changes)
            after = [self.contents.entry(section, name) for section, name, _ in changes]
            rows = [(c[0], c[1], b, a) for c, b, a in zip(changes, before, after, strict=True)]
            self.history = self.history.with_step(Step(what[:200], tuple(rows), group))
            self._save()

    def _added(self, section: str, letter: str, entry: Mapping[str, Any], what: str) -> str:
        """Add an entry under an id that nobody uses."""
        with self._saving():
            self.contents, self.history = self._read()
            name = f"{letter}{self.contents.next_id}"
            self.contents = replace(self.contents, next_id=self.contents.next_id + 1)
            self._put([(section, name, dict(entry))])
            row = (section, name, None, self.contents.entry(section, name))
            self.history = self.history.with_step(Step(what, (row,)))
            self._save()
        return name

    def _put(self, changes: Sequence[tuple[str, str, Any]]) -> None:
        """Put entries into the contents, with the revision that is coming."""
        revision = self.contents.revision + 1
        contents = replace(self.contents, revision=revision)
        for section, name, value in changes:
            stamped = {**value, "revision": revision} if value is not None and section in ("sounds", "takes") else value
            contents = contents.with_entry(section, name, stamped)
        lost = next((name for name, take in contents.takes.items() if take.sound not in contents.sounds), None)
        if lost is not None:
            raise ProjectError(f"take {lost} needs its sound; remove the take first")
        self.contents = contents

    @contextmanager
    def _saving(self) -> Iterator[None]:
        """Hold the project's lock; what fails leaves this window with what it saw before."""
        seen = (self.contents, self.history)
        until = time.monotonic() + PATIENCE_S
        busy = f"{self.folder}: another process is saving this project; try again"
        while True:
            try:
                with locked(self.folder / LOCK, busy):
                    try:
                        yield
                    except BaseException:
                        self.contents, self.history, self._data = *seen, None
                        raise
                    return
            except OutputError as error:
                if str(error) != busy or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def _save(self) -> None:
        whole = {"contents": self.contents.to_json(), "history": self.history.to_json()}
        document = {"format": FORMAT, "version": VERSION, **whole}
        data = (json.dumps(document, allow_nan=False, indent=1) + "\n").encode("ascii")

        def write(aside: Path) -> None:
            aside.write_bytes(data)

        write_whole(self.folder / FILE, write)
        self._data = data

    def _read(self) -> tuple[Contents, History]:
        path = readable(self.folder / FILE, "a project's folder is accepted", ProjectError, MAX_BYTES)
        data = path.read_bytes()
        if data == self._data:
            return self.contents, self.history
        document = parse_json(data, str(path), ProjectError)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ProjectError(f"{path}: is no TalkingEyes project")
        if document.get("version") != VERSION:
            raise ProjectError(f"{path}: version {quoted(document.get('version'))}; this build reads {VERSION}")
        try:
            found = read_contents(document.get("contents")), read_history(document.get("history"))
        except ProjectError as error:
            raise ProjectError(f"{path}: {error}") from None
        self._data = data
        return found

    def _there(self, section: str, name: str) -> dict[str, Any]:
        entry = self.contents.entry(section, name) if section in ("sounds", "takes") else None
        if entry is None:
            raise NotInProjectError(f"{self.folder}: there is no {quoted(name)} in {quoted(section)}")
        return entry
