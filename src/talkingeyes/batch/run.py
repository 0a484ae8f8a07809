"""A batch: lines go to an engine, what ends goes into the ledger; stopped anywhere, the next run goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talkingeyes import __version__
from talkingeyes.batch.ledger import Ledger
from talkingeyes.batch.lines import BadLine, Line, Lines
from talkingeyes.batch.make import LineTask, make_line
from talkingeyes.engines import Engine, LocalEngine, Make, Outcome
from talkingeyes.errors import MissingExtraError, SettingError
from talkingeyes.files import sha256_of
from talkingeyes.generate.request import resolve

ONLY = ("changed", "failed", "all")
"""Which lines are made: those that are not as they should be (the default), those that failed, or every one."""


@dataclass(frozen=True)
class BatchSettings:
    """What holds for every line.

    Attributes:
        wishes: keywords of `talkingeyes.animate`; a line's own come before them.
        avatar: the character's file, or None.
        look: of the built-in character.
        only: of `ONLY`.
    """

    wishes: Mapping[str, Any] = field(default_factory=dict)
    avatar: Path | None = None
    look: str = "default"
    only: str = ONLY[0]

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingError: naming it.
        """
        if self.only not in ONLY:
            raise SettingError(f"only is {self.only!r}; {', '.join(ONLY)} are accepted")
        resolve(self.wishes)


class Watcher:
    """Hears of a batch while it works; the command line draws it."""

    def begin(self, lines: int, to_do: int) -> None:
        """So many lines there are, and so many are to be made now."""

    def ended(self, row: Mapping[str, Any]) -> None:
        """A line has ended: its row of the ledger."""


@dataclass
class BatchReport:
    """What one run did.

    Attributes:
        lines: of the batch.
        made: now.
        found_done: by earlier runs.
        failed: id and reason of each.
        sound_s: seconds of sound that were animated now.
    """

    lines: int = 0
    made: int = 0
    found_done: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    sound_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        failed = [{"id": name, "error": reason} for name, reason in self.failed]
        told = {"lines": self.lines, "made": self.made, "found_done": self.found_done, "failed": failed}
        return {**told, "sound_s": round(self.sound_s, 3)}


def run_batch(
    lines: Lines,
    folder: Path,
    *,
    settings: BatchSettings | None = None,
    engine: Engine | None = None,
    watcher: Watcher | None = None,
    make: Make = make_line,
) -> BatchReport:
    """Make every line that is not as it should be; one that fails stops no other.

    Whatever stops it (Ctrl-C, kill -9 of a worker or of the batch itself), the files that are there are whole, and the
    same call goes on and gives the same bytes as a batch that nothing stopped.

    Args:
        lines: what is asked for (`lines_of`).
        folder: where the files and the ledger go.
        settings: for all lines.
        engine: who does the work; one worker here where not given.
        watcher: hears of progress.
        make: makes a line.

    Raises:
        OutputError: the folder cannot be written, or another batch is at work.
        MissingExtraError: a package that lines need is missing.
    """
    settings, watcher = settings or BatchSettings(), watcher or Watcher()
    ledger = Ledger(folder)
    with ledger.writing():
        return _Batch(lines, folder, settings, ledger, watcher).run(engine or LocalEngine(), make)


class _Batch:
    """One run."""

    def __init__(self, lines: Lines, folder: Path, settings: BatchSettings, ledger: Ledger, watcher: Watcher) -> None:
        self._lines, self._folder, self._settings = lines, folder, settings
        self._ledger, self._watcher = ledger, watcher
        self._avatar_sha256 = None if settings.avatar is None else sha256_of(settings.avatar)
        self._report = BatchReport(lines=len(lines.good) + len(lines.bad))

    def run(self, engine: Engine, make: Make) -> BatchReport:
        to_do = [line for line in self._lines.good if self._is_wanted(line)]
        self._report.found_done = len(self._lines.good) - len(to_do)
        self._watcher.begin(self._report.lines, len(to_do) + len(self._lines.bad))
        for bad in self._lines.bad:
            self._failed(bad)
        avatar = (None if self._settings.avatar is None else self._settings.avatar.resolve(), self._settings.look)
        folder, wishes = self._folder.resolve(), self._settings.wishes
        tasks = [LineTask(i, line, folder, wishes, avatar) for i, line in enumerate(to_do)]
        for outcome in engine(make, tasks):
            self._ended(to_do[outcome.index], outcome)
        self._ledger.sorted([line.id for line in (*self._lines.good, *self._lines.bad)])
        return self._report

    def _failed(self, bad: BadLine) -> None:
        self._report.failed.append((bad.id, bad.reason))
        row = {"id": bad.id, "error": bad.reason, "version": __version__}
        if bad.id not in {line.id for line in self._lines.good}:
            self._ledger.add(row)
        self._watcher.ended(row)

    def _ended(self, line: Line, outcome: Outcome) -> None:
        if outcome.fatal:
            raise MissingExtraError(outcome.reason)
        row = {"id": line.id, "audio": str(line.audio), "version": __version__, "made_of": self._made_of(line)}
        if outcome.reason:
            self._report.failed.append((line.id, outcome.reason))
            row |= {"error": outcome.reason}
        else:
            self._report.made += 1
            self._report.sound_s += outcome.told["duration_s"]
            row |= {**outcome.told, "audio_seen": _seen(line.audio)}
        self._ledger.add(row)
        self._watcher.ended(row)

    def _made_of(self, line: Line) -> dict[str, Any]:
        """All that decides the bytes of a line's files beside its recording, as plain data."""
        wishes = {name: _plain(value) for name, value in {**self._settings.wishes, **line.options}.items()}
        return {"options": wishes, "channel": line.channel, "formats": list(line.formats),
                "avatar": self._avatar_sha256, "look": self._settings.look}  # fmt: skip

    def _is_wanted(self, line: Line) -> bool:
        row = self._ledger.rows.get(line.id)
        if self._settings.only == "all" or (self._settings.only == "changed" and row is None):
            return True
        if row is None:
            return False
        if self._settings.only == "failed" or "error" in row:
            return "error" in row
        same = row.get("version") == __version__ and row.get("made_of") == self._made_of(line)
        return not (same and self._files_are_there(row) and _is_same_recording(line.audio, row))

    def _files_are_there(self, row: Mapping[str, Any]) -> bool:
        files = row.get("files")
        if not isinstance(files, Mapping):
            return False
        return all(_size(self._folder / name) == size for name, size in files.items())


def _plain(value: Any) -> Any:
    """A setting as the ledger keeps it."""
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # ValueError: a name with a zero byte, in a ledger of somebody's
        return -1


def _seen(path: Path) -> list[int]:
    """Size and time of a file: where they are as they were, it is not read again."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def _is_same_recording(path: Path, row: Mapping[str, Any]) -> bool:
    seen, known = _seen(path), row.get("audio_seen")
    if not seen or not isinstance(known, list) or known[:1] != seen[:1]:
        return False
    return known == seen or sha256_of(path) == row.get("audio_sha256")
