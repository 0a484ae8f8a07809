"""Live Link Face CSV and ARKit JSON, written and read (docs/conventions.md holds columns, signs and units)."""

from __future__ import annotations

import hashlib
import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from talkingeyes.errors import FormatError, SettingError
from talkingeyes.formats.arkit_table import COLUMNS, Array, Reading, motion_of, table_of
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.timecode import Clock, read_clock, timecodes
from talkingeyes.motion import MAX_FRAMES, Motion
from talkingeyes.rig import ARKIT_NAMES, LID_FOLLOWS_GAZE_PER_RAD, LIVE_LINK_ANGLES

MAX_CSV_BYTES = 2 << 30
MAX_JSON_BYTES = 512 << 20
ANGLE_SIGNS = (
    "radians; yaw + to the character's right, pitch + down, roll + lifts the character's left (Live Link Face)"
)

_LEAD = ("Timecode", "BlendshapeCount")
_MAX_LINE = 65_536
_BY_LOWER = {name.lower(): name for name in COLUMNS}


def write_csv(job: ExportJob, target: Path) -> None:
    """Write the job's take as Live Link Face writes it: 61 values a row, 6 decimals, timecodes from 00:00:00:00.000.

    Raises:
        FormatError: the motion cannot be held (`arkit_table.table_of`).
        OSError: the file cannot be written.
    """
    motion = job.motion
    table = table_of(motion)
    row = ",".join(["%s", str(len(COLUMNS)), *["%.6f"] * len(COLUMNS)]) + "\n"
    with target.open("w", encoding="ascii", newline="") as file:
        file.write(",".join((*_LEAD, *(name[0].upper() + name[1:] for name in COLUMNS))) + "\n")
        for code, values in zip(timecodes(len(table), motion.fps), table, strict=True):
            file.write(row % (code, *values.tolist()))


def write_json(job: ExportJob, target: Path) -> None:
    """Write the job's take as ARKit frames: ``fps``, 52 ``names``, nine ``angle_names``, ``meta``, 61 values a frame.

    Raises:
        FormatError: the motion cannot be held (`arkit_table.table_of`).
        OSError: the file cannot be written.
    """
    motion = job.motion
    table = table_of(motion)
    head: dict[str, Any] = {"fps": motion.fps, "names": ARKIT_NAMES, "angle_names": LIVE_LINK_ANGLES}
    head |= {"angles": ANGLE_SIGNS, "meta": dict(motion.meta)}
    row = "[" + ",".join(["%.6g"] * len(COLUMNS)) + "]"
    with target.open("w", encoding="ascii", newline="") as file:
        file.write(f'{json.dumps(head, allow_nan=False)[:-1]}, "frames": [\n')
        for i, values in enumerate(table):
            file.write((",\n" if i else "") + row % tuple(values.tolist()))
        file.write("\n]}\n")


def read_csv(
    path: Path,
    *,
    fps: float | None = None,
    comes_from: str = "auto",
    lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD,
) -> Motion:
    """Read a Live Link Face CSV: ours or a capture.

    Columns are found by name. Unknown ones are left out and named in ``meta["ignored_columns"]``; missing face
    coefficients (MetaHuman takes lack MouthClose) are absent from the motion and named in ``meta["missing_columns"]``.
    Rows in which the phone saw no face (BlendshapeCount 0) and dropped frames are filled by linear interpolation and
    counted in ``meta["filled_frames"]``.

    Args:
        path: the file.
        fps: the frame rate, one row per frame; told by the timecodes otherwise (``meta["fps_source"]``: a file that
            ends before its first full second cannot tell, and 30, 60 or 120 is assumed).
        comes_from: "own", "capture" or "auto", see `arkit_table.Reading`.
        lid_follows_gaze_per_rad: k of the gaze part that is taken out of a capture's eyeBlink; kept in ``meta``.

    Raises:
        FormatError: not such a file, a damaged row, a value that is no finite number or out of range; names line and
            column.
        SettingError: ``fps`` or ``comes_from`` is not accepted.
    """
    _check_settings(fps, comes_from)
    raw = _read_rows(path)
    clock = _clock(raw, fps, path.name)
    names, values, filled = _on_grid(raw, clock, path.name)
    meta: dict[str, Any] = {
        "generator": "Live Link Face CSV",
        "source": {"name": path.name, "sha256": _sha256(path)},
        "fps_source": "given" if fps is not None else "assumed" if clock.is_assumed else "timecodes",
    }
    notes = {"ignored_columns": raw.ignored, "missing_columns": [n for n in COLUMNS if n not in names]}
    meta |= {key: value for key, value in notes.items() if value}
    if filled:
        meta["filled_frames"] = filled
    return motion_of(names, values, clock.fps, meta, Reading(path.name, comes_from, lid_follows_gaze_per_rad))


def read_json(
    path: Path, *, comes_from: str = "auto", lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD
) -> Motion:
    """Read ARKit frames: an object with ``fps``, ``names``, ``frames`` and perhaps ``angle_names`` and ``meta``.

    Frames hold the values of ``names``, then those of ``angle_names``; where these are not listed and nine values
    follow, they are Live Link Face's nine angles.

    Args:
        path: the file.
        comes_from: as `read_csv`.
        lid_follows_gaze_per_rad: as `read_csv`.

    Raises:
        FormatError: not such a file, frames of another length than ``names``, values that are no finite numbers.
        SettingError: ``comes_from`` is not accepted.
    """
    _check_settings(None, comes_from)
    where = path.name
    data = _parse_json(path)
    fps, frames, meta = (data.get(key) for key in ("fps", "frames", "meta"))
    if not isinstance(fps, int | float) or isinstance(fps, bool) or not 1 <= fps <= 1000:
        raise FormatError(f"{where}: fps is {str(fps)[:40]!r}; a number from 1 to 1000 is accepted")
    if not isinstance(frames, list) or not 1 <= len(frames) <= MAX_FRAMES:
        raise FormatError(f"{where}: frames is no list of at least one frame")
    if meta is not None and not isinstance(meta, dict):
        raise FormatError(f"{where}: meta is {type(meta).__name__}, an object is accepted")
    names = _json_names(data, frames[0], where)
    known, ignored = _known_columns(names, where)
    table = _json_table(frames, len(names), where)
    notes = {"ignored_columns": ignored} if ignored else {}
    values = table[:, list(known.values())]
    reading = Reading(where, comes_from, lid_follows_gaze_per_rad)
    return motion_of(tuple(known), values, float(fps), {**(meta or {}), **notes}, reading)


def _check_settings(fps: float | None, comes_from: str) -> None:
    if fps is not None and not (math.isfinite(fps) and 1 <= fps <= 1000):
        raise SettingError(f"fps is {fps!r}; 1 to 1000 is accepted")
    if comes_from not in ("auto", "own", "capture"):
        raise SettingError(f"comes_from is {comes_from!r}; auto, own or capture is accepted")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class _Rows:
    """A CSV as read: ``values`` (T, n) with NaN rows where no face was seen."""

    names: tuple[str, ...]
    ignored: list[str]
    codes: list[str] | None
    values: Array


def _read_rows(path: Path) -> _Rows:
    where = path.name
    if path.stat().st_size > MAX_CSV_BYTES:
        raise FormatError(f"{where}: {path.stat().st_size >> 20} MB; {MAX_CSV_BYTES >> 20} MB are accepted")
    codes: list[str] = []
    flat = array("d")
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            header = [cell.strip() for cell in _line(file.readline(_MAX_LINE), 1, where).split(",")]
            columns, ignored = _known_columns(header, where)
            time_at, count_at = (header.index(name) if name in header else None for name in _LEAD)
            for number, text in enumerate(iter(lambda: file.readline(_MAX_LINE), ""), start=2):
                cells = _line(text, number, where).split(",")
                if cells == [""]:
                    continue
                codes.append(cells[time_at] if time_at is not None and time_at < len(cells) else "")
                unseen = count_at is not None and count_at < len(cells) and cells[count_at].strip() == "0"
                if unseen:
                    flat.extend([math.nan] * len(columns))
                    continue
                if len(cells) != len(header):
                    raise FormatError(f"{where}: line {number} has {len(cells)} cells, the header has {len(header)}")
                flat.extend(_numbers(cells, columns, number, where))
    except UnicodeDecodeError:
        raise FormatError(f"{where}: is not text; a Live Link Face CSV is accepted") from None
    values = np.array(flat, float).reshape(-1, len(columns))
    if not len(values) or np.isnan(values).all():
        raise FormatError(f"{where}: holds no frames")
    return _Rows(tuple(columns), ignored, codes if time_at is not None else None, values)


def _line(text: str, number: int, where: str) -> str:
    if len(text) >= _MAX_LINE:
        raise FormatError(f"{where}: line {number} is longer than {_MAX_LINE} characters")
    return text.rstrip("\r\n")


def _known_columns(header: Sequence[str], where: str) -> tuple[dict[str, int], list[str]]:
    """Our names of the columns -> their places, and the names that are not ours."""
    known: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(header):
        name = _BY_LOWER.get(cell.lower())
        if name is None:
            if cell not in _LEAD:
                ignored.append(cell[:64])
        elif name in known:
            raise FormatError(f"{where}: the column {cell} comes twice")
        else:
            known[name] = place
    if not known:
        raise FormatError(
            f"{where}: names none of the ARKit columns; {','.join(_LEAD)},EyeBlinkLeft,.. of Live Link Face is accepted"
        )
    return known, ignored[:100]


def _numbers(cells: list[str], columns: dict[str, int], number: int, where: str) -> list[float]:
    numbers = []
    for name, place in columns.items():
        try:
            value = float(cells[place])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise FormatError(f"{where}: line {number} has {cells[place][:40]!r} for {name}; a number is accepted")
        numbers.append(value)
    return numbers


def _clock(raw: _Rows, fps: float | None, where: str) -> Clock:
    if fps is not None:
        return Clock(np.arange(len(raw.values)) / fps, fps, is_assumed=False)
    if raw.codes is None:
        raise FormatError(f"{where}: has no Timecode column; state the rate with --fps")
    return read_clock(raw.codes, where)


def _on_grid(raw: _Rows, clock: Clock, where: str) -> tuple[tuple[str, ...], Array, int]:
    """The rows on a regular grid from the first row's time; how many frames had to be filled."""
    seen = ~np.isnan(raw.values[:, 0])
    frames = round(float(clock.times_s[-1]) * clock.fps) + 1
    nearest = np.round(clock.times_s * clock.fps).astype(int)
    if frames == len(raw.values) and seen.all() and np.array_equal(nearest, np.arange(frames)):
        return raw.names, raw.values, 0
    if frames > min(MAX_FRAMES, 100 * len(raw.values) + 1000):
        raise FormatError(f"{where}: its timecodes jump; state the rate with --fps to take the rows as they come")
    times_s = np.arange(frames) / clock.fps
    values = [np.interp(times_s, clock.times_s[seen], column[seen]) for column in raw.values.T]
    return raw.names, np.stack(values, axis=1), int(frames - len(np.unique(nearest[seen])))


def _parse_json(path: Path) -> dict[str, Any]:
    where = path.name
    if path.stat().st_size > MAX_JSON_BYTES:
        raise FormatError(f"{where}: {path.stat().st_size >> 20} MB; {MAX_JSON_BYTES >> 20} MB are accepted")

    def refuse(constant: str) -> NoReturn:
        raise FormatError(f"{where}: holds {constant}; finite numbers are accepted")

    try:
        data = json.loads(path.read_bytes(), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{where}: is not JSON ({str(error)[:80]})") from None
    if not isinstance(data, dict):
        raise FormatError(f"{where}: is a JSON {type(data).__name__}; an object with fps, names, frames is accepted")
    return data


def _json_names(data: dict[str, Any], first_frame: Any, where: str) -> list[str]:
    """The names of all values of a frame."""
    names, angle_names = data.get("names"), data.get("angle_names", [])
    if not all(isinstance(part, list) and all(isinstance(n, str) for n in part) for part in (names, angle_names)):
        raise FormatError(f"{where}: names and angle_names must be lists of texts")
    assert isinstance(names, list)
    nine_follow = isinstance(first_frame, list) and len(first_frame) == len(names) + len(LIVE_LINK_ANGLES)
    return [*names, *(angle_names or (LIVE_LINK_ANGLES if nine_follow else ()))]


def _json_table(frames: list[Any], width: int, where: str) -> Array:
    for i, frame in enumerate(frames):
        if not isinstance(frame, list) or len(frame) != width:
            came = len(frame) if isinstance(frame, list) else type(frame).__name__
            raise FormatError(f"{where}: frame {i} holds {came} values; {width} are named")
        if not all(type(value) in (int, float) for value in frame):
            raise FormatError(f"{where}: frame {i} holds something other than numbers")
    try:
        table = np.array(frames, np.float64)
    except OverflowError:
        raise FormatError(f"{where}: holds a number too large") from None
    if not np.isfinite(table).all():
        raise FormatError(f"{where}: frame {int(np.argwhere(~np.isfinite(table))[0][0])} holds a number too large")
    return table
