"""What a batch is asked for: recordings of folders, files, patterns and tables, each with a name of its own."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from talkingeyes.audio.suffixes import RECORDINGS
from talkingeyes.batch.tables import TABLES, Row, rows_of
from talkingeyes.errors import SettingError
from talkingeyes.formats import format_of
from talkingeyes.formats.table import suffixes_written
from talkingeyes.wording import printable, quoted

MOST_LINES = 1_000_000
MOST_NAME = 200
OPTIONS = ("character", "seed", "role", "look")
"""Columns that are keywords of `talkingeyes.animate`."""
COLUMNS = ("id", "audio", "channel", "formats", *OPTIONS)


@dataclass(frozen=True)
class Line:
    """One recording and what shall be made of it.

    Attributes:
        id: names its files below the batch's folder, with / between folders.
        audio: the recording.
        channel: the voice of it; None: all of them mixed.
        options: keywords of `talkingeyes.animate` of its own.
        formats: suffixes of its files.
    """

    id: str
    audio: Path
    channel: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Its files, relative to the batch's folder."""
        return tuple(f"{self.id}{suffix}" for suffix in self.formats)


@dataclass(frozen=True)
class BadLine:
    """A line that cannot even be tried, and why."""

    id: str
    reason: str


@dataclass
class Lines:
    """All lines of a batch, in their order.

    Attributes:
        good: to be made.
        bad: that cannot be.
        notes: what else there is to say.
    """

    good: list[Line] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lines_of(inputs: Sequence[str], formats: Sequence[str]) -> Lines:
    """The lines of folders (searched to their bottom), recordings, patterns and tables.

    Args:
        inputs: what was named.
        formats: suffixes for lines that name none.

    Raises:
        SettingError: an input that is not there, or a format that is not written.
        FormatError: a table that is none.
    """
    found, usual = Lines(), suffixes_of(formats)
    for name in inputs:
        if len(found.good) > MOST_LINES:
            raise SettingError(f"more than {MOST_LINES} lines; split the batch")
        for line in _lines_of(name, usual, found.notes):
            (found.bad if isinstance(line, BadLine) else found.good).append(line)  # type: ignore[arg-type]
    _keep_apart(found)
    if not found.good and not found.bad:
        raise SettingError(f"no recordings in {', '.join(inputs)}")
    return found


def suffixes_of(formats: Iterable[str]) -> tuple[str, ...]:
    """Suffixes with their dots, each once.

    Raises:
        SettingError: one that is not written.
    """
    found: dict[str, None] = {}
    for name in formats:
        suffix = "." + name.strip().lower().removeprefix(".")
        form = format_of(f"line{suffix}")
        if form is None or form.write is None or form.suffix != suffix:
            raise SettingError(f"format is {quoted(name)}; written are {suffixes_written()}")
        found[suffix] = None
    if not found:
        raise SettingError(f"no format is named; written are {suffixes_written()}")
    return tuple(found)


def _lines_of(name: str, formats: tuple[str, ...], notes: list[str]) -> Iterator[Line | BadLine]:
    path = Path(name)
    if path.is_dir():
        yield from _below(path, formats)
    elif path.suffix.lower() in TABLES and path.is_file():
        yield from _of_table(path, formats, notes)
    elif path.exists():
        yield Line(path.stem, path, formats=formats)
    elif glob.has_magic(name):
        yield from _matching(name, formats)
    else:
        raise SettingError(f"{name}: no such file or folder; recordings, folders, patterns and tables are accepted")


def _below(folder: Path, formats: tuple[str, ...]) -> Iterator[Line]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in RECORDINGS and not p.name.startswith("."))
    return _named(folder, [path for path in paths if path.is_file()], formats)


def _matching(pattern: str, formats: tuple[str, ...]) -> Iterator[Line]:
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    found = sorted(path for path in map(Path, glob.glob(pattern, recursive=True)) if path.is_file())  # noqa: PTH207 - absolute ones too
    if not found:
        raise SettingError(f"{pattern}: nothing is named so")
    return _named(Path(*parts[:fixed]), found, formats)


def _named(folder: Path, paths: Sequence[Path], formats: tuple[str, ...]) -> Iterator[Line]:
    """Lines named by where they lie; two recordings that differ by their suffix alone keep it."""
    inside = [path.relative_to(folder) for path in paths]
    stems = [path.with_suffix("").as_posix() for path in inside]
    taken = {stem for stem in stems if stems.count(stem) > 1} if len(set(stems)) < len(stems) else set()
    for path, own, stem in zip(paths, inside, stems, strict=True):
        yield Line(own.as_posix() if stem in taken else stem, path, formats=formats)


def _of_table(path: Path, formats: tuple[str, ...], notes: list[str]) -> Iterator[Line | BadLine]:
    unknown: dict[str, None] = {}
    for row in rows_of(path):
        unknown |= dict.fromkeys(name for name in row.fields if name not in COLUMNS)
        try:
            yield _line(row, path.parent, formats)
        except SettingError as error:
            yield BadLine(str(row.fields.get("id") or row.where), f"{row.where}: {error}")
    if unknown:
        notes.append(f"{path.name}: not used: {', '.join(printable(name) for name in list(unknown)[:10])}")


def _line(row: Row, folder: Path, formats: tuple[str, ...]) -> Line:
    """A line of a table.

    Raises:
        SettingError: naming the field.
    """
    if row.problem:
        raise SettingError(row.problem)
    given = {name: value for name, value in row.fields.items() if value not in (None, "")}
    audio = given.get("audio")
    if not isinstance(audio, str):
        raise SettingError("audio is missing; the path of a recording is accepted, relative to the table")
    inside = PurePosixPath(Path(audio).as_posix())
    name = given.get("id", inside.stem if inside.is_absolute() else inside.with_suffix("").as_posix())
    options = {option: given[option] for option in OPTIONS if option in given}
    if "seed" in options:
        options["seed"] = _whole(options["seed"])
    for option in ("character", "role", "look"):
        if not isinstance(options.get(option, ""), str):
            raise SettingError(f"{option} is {quoted(options[option])}; a text is accepted")
    own = given.get("formats")
    names = own if isinstance(own, list) else str(own).replace(",", " ").replace(";", " ").split() if own else None
    suffixes = formats if names is None else suffixes_of(str(one) for one in names)
    channel = given.get("channel")
    return Line(str(name), folder / audio, None if channel is None else str(channel), options, suffixes)


def _whole(value: Any) -> int:
    try:
        if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
            raise ValueError
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise SettingError(f"seed is {quoted(value)}; a whole number is accepted") from None


def _keep_apart(lines: Lines) -> None:
    """Lines whose name is none, or is another's, become bad ones."""
    good, taken = [], set[str]()
    for line in lines.good:
        files = {name.casefold() for name in line.files}
        problem = _problem(line.id) or ("another line has this id and format" if files & taken else "")
        if problem:
            lines.bad.append(BadLine(line.id, problem))
            continue
        taken |= files
        good.append(line)
    lines.good = good


def _problem(name: str) -> str:
    """Why an id names no file below the batch's folder; empty: it does."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        return f"id is {quoted(name)}; names between single / that begin with no dot are accepted"
    if any(len(part.encode(errors="replace")) > MOST_NAME for part in parts) or len(parts) > 32:
        return f"id is {quoted(name)}; names up to {MOST_NAME} bytes in up to 32 folders are accepted"
    if "\\" in name or ":" in name or not name.isprintable():
        return f"id is {quoted(name)}; names without \\, : and unprintable signs are accepted"
    return ""
