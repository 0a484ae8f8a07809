"""Live Link Face CSV, written; CSV of face capture and speech-to-face tools, read.

docs/conventions.md holds columns, signs and units.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.errors import FormatError, NoRateError, SettingError, argument
from talkingeyes.files import readable, sha256_of
from talkingeyes.formats.arkit_table import COLUMNS, Array, Reading, table_of
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.rows import Rows, known_columns, motion_of_rows
from talkingeyes.formats.timecode import (
    LARGEST_TIME,
    Clock,
    clock_of_seconds,
    is_timecode,
    read_clock,
    seconds_of,
    timecodes,
)
from talkingeyes.motion import Motion
from talkingeyes.rig import LID_FOLLOWS_GAZE_PER_RAD

MAX_CSV_BYTES = 2 << 30
APP_COLUMNS: tuple[str, ...] = tuple(
    {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight", "mouthRight": "mouthLeft"}.get(n, n)
    for n in COLUMNS
)
"""The 61 names in the order of the Live Link Face app: Apple's but for jaw and mouth, right before left."""

_LEAD = ("Timecode", "BlendShapeCount")
_TIMES = ("timecode", "time", "timestamp", "time_s", "seconds", "time_ms", "timestamp_ms", "timestampms", "timems")
_ACCEPTED = f"{','.join(_LEAD)},EyeBlinkLeft,.. of Live Link Face"
_MAX_LINE = 65_536


def write_csv(job: ExportJob, target: Path) -> None:
    """Write the job's take as Live Link Face writes it: 61 values a row, 6 decimals, timecodes from 00:00:00:00.000.

    Raises:
        FormatError: the motion cannot be held (`arkit_table.table_of`).
        OSError: the file cannot be written.
    """
    motion = job.motion
    table = table_of(motion)[:, [COLUMNS.index(name) for name in APP_COLUMNS]]
    row = ",".join(["%s", str(len(COLUMNS)), *["%.6f"] * len(COLUMNS)]) + "\n"
    with target.open("w", encoding="ascii", newline="") as file:
        file.write(",".join((*_LEAD, *(name[0].upper() + name[1:] for name in APP_COLUMNS))) + "\n")
        for code, values in zip(timecodes(len(table), motion.fps), table, strict=True):
            file.write(row % (code, *values.tolist()))


def read_csv(
    path: Path,
    *,
    fps: float | None = None,
    comes_from: str = "auto",
    lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD,
) -> Motion:
    """Read a CSV of ARKit coefficients: Live Link Face (ours or a capture), Audio2Face, or any with such columns.

    Columns are found by name, in any case and with any prefix (``blendShapes.JawOpen``). Unknown ones are left out and
    named in ``meta["ignored_columns"]``; missing face coefficients (MetaHuman takes lack MouthClose) are absent from
    the motion and named in ``meta["missing_columns"]``. Rows in which the phone saw no face (BlendShapeCount 0, short
    or padded) and dropped frames are filled (`rows.motion_of_rows`).

    Args:
        path: the file.
        fps: the frame rate, one row per frame; told by timecodes or times in seconds otherwise
            (``meta["fps_source"]``: a file that ends before its first full second cannot tell, and 30, 60 or 120 is
            assumed).
        comes_from: "own", "capture" or "auto", see `arkit_table.Reading`.
        lid_follows_gaze_per_rad: k of the gaze part that is taken out of a capture's eyeBlink; kept in ``meta``.

    Raises:
        FormatError: not such a file, a damaged row, a value that is no finite number or out of range; names line and
            column. `NoRateError` where only the rate is missing.
        SettingError: ``fps`` or ``comes_from`` is not accepted.
    """
    check_settings(fps, comes_from)
    where = path.name
    table = _read_table(path)
    rows = Rows(tuple(table.columns), table.values, table.ignored)
    clock = Clock.regular(len(table.values), fps) if fps is not None else _clock(table, where)
    meta: dict[str, Any] = {
        "generator": "Live Link Face CSV" if table.time_title == "timecode" and table.has_codes else "ARKit CSV",
        "source": {"name": where, "sha256": sha256_of(path)},
        "fps_source": "given" if fps is not None else _told_by(clock, table),
    }
    missing = [name for name in COLUMNS if name not in table.columns]
    meta |= {"missing_columns": missing} if missing else {}
    return motion_of_rows(rows, clock, meta, Reading(where, comes_from, lid_follows_gaze_per_rad))


def check_settings(fps: float | None, comes_from: str = "auto") -> None:
    """Refuse what no reader accepts.

    Raises:
        SettingError: ``fps`` or ``comes_from`` is not accepted.
    """
    if fps is not None and not (math.isfinite(fps) and 1 <= fps <= 1000):
        raise SettingError(f"fps is {fps!r}; 1 to 1000 is accepted")
    if comes_from not in ("auto", "own", "capture"):
        raise SettingError(f"comes_from is {comes_from!r}; auto, own or capture is accepted")


@dataclass(frozen=True)
class _Table:
    """A CSV as read.

    Attributes:
        columns: our names of the columns, in the file's order.
        ignored: titles that are not ours.
        time_title: lower-case title of the column with the times; None without one.
        times: its cells.
        values: (T, n) with NaN rows where no face was seen.
    """

    columns: tuple[str, ...]
    ignored: list[str]
    time_title: str | None
    times: list[str]
    values: Array

    @property
    def has_codes(self) -> bool:
        """Whether the times are timecodes rather than seconds."""
        return any(is_timecode(text) for text in self.times[:1])


class _Layout:
    """Where a CSV's header says that everything stands."""

    def __init__(self, line: str, where: str) -> None:
        self.separator = max((",", ";", "\t"), key=line.count)
        self.titles = [cell.strip().strip('"') for cell in line.split(self.separator)]
        lower = [title.lower().replace(" ", "") for title in self.titles]
        self.time_at = next((lower.index(name) for name in _TIMES if name in lower), None)
        self.count_at = lower.index(_LEAD[1].lower()) if _LEAD[1].lower() in lower else None
        lead = {self.time_at, self.count_at}
        values = ["" if place in lead else title for place, title in enumerate(self.titles)]
        self.columns, self.ignored = known_columns(values, where, _ACCEPTED)

    def shows_face(self, cells: list[str]) -> bool:
        """Whether a row holds values: its count is not 0, and it is not empty but for the time."""
        if self.count_at is not None and self.count_at < len(cells) and _is_zero(cells[self.count_at]):
            return False
        lead = (self.time_at, self.count_at)
        return any(cell.strip() for place, cell in enumerate(cells) if place not in lead)

    def numbers(self, cells: list[str], number: int, where: str) -> list[float]:
        """The values of a row, in the order of ``columns``."""
        if len(cells) != len(self.titles):
            raise FormatError(f"{where}: line {number} has {len(cells)} cells, the header has {len(self.titles)}")
        numbers = []
        for name, place in self.columns.items():
            try:
                value = float(cells[place])
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise FormatError(f"{where}: line {number} has {cells[place][:40]!r} for {name}; a number is accepted")
            numbers.append(value)
        return numbers


def _is_zero(text: str) -> bool:
    return text.strip().strip('"') in ("0", "0.0")


def _read_table(path: Path) -> _Table:
    where = path.name
    readable(path, "a Live Link Face CSV is accepted", max_bytes=MAX_CSV_BYTES)
    times: list[str] = []
    flat = array("d")
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            layout = _Layout(_line(file.readline(_MAX_LINE), 1, where), where)
            for number, text in _lines(iter(lambda: file.readline(_MAX_LINE), ""), where):
                cells = text.split(layout.separator)
                if cells == [""]:
                    continue
                at = layout.time_at
                times.append(cells[at].strip().strip('"') if at is not None and at < len(cells) else "")
                shown = layout.shows_face(cells)
                flat.extend(layout.numbers(cells, number, where) if shown else [math.nan] * len(layout.columns))
    except UnicodeDecodeError:
        raise FormatError(f"{where}: is not text; a Live Link Face CSV is accepted") from None
    values = np.array(flat, float).reshape(-1, len(layout.columns))
    if not len(values):
        raise FormatError(f"{where}: holds no frames")
    title = layout.titles[layout.time_at].lower() if layout.time_at is not None else None
    return _Table(tuple(layout.columns), layout.ignored, title, times, values)


def _lines(texts: Iterable[str], where: str) -> Iterable[tuple[int, str]]:
    for number, text in enumerate(texts, start=2):
        yield number, _line(text, number, where)


def _line(text: str, number: int, where: str) -> str:
    if len(text) >= _MAX_LINE:
        raise FormatError(f"{where}: line {number} is longer than {_MAX_LINE} characters")
    return text.rstrip("\r\n")


def _clock(table: _Table, where: str) -> Clock:
    if table.time_title is None:
        raise NoRateError(
            f"{where}: has no Timecode column and so no frame rate; state the rate with {argument('fps')}"
        )
    if table.has_codes or (table.time_title == "timecode" and ":" in "".join(table.times)):
        return read_clock(table.times, where)
    return clock_of_seconds(seconds_of(_times(table.times, where), table.time_title), where)


def _times(cells: Sequence[str], where: str) -> Array:
    try:
        times = np.array(cells, float)
    except ValueError:
        wrong = next(cell for cell in cells if not _is_number(cell))
        raise FormatError(
            f"{where}: has the timecode {wrong[:40]!r}; HH:MM:SS:FF.mmm or seconds are accepted"
        ) from None
    if not (np.abs(times) <= LARGEST_TIME).all():
        raise FormatError(f"{where}: a time is not finite or larger than any clock's")
    return times


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _told_by(clock: Clock, table: _Table) -> str:
    if clock.is_assumed:
        return "assumed"
    return "timecodes" if table.has_codes else "times"
