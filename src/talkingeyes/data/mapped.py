"""Tables of anybody's, with a mapping that says what their columns mean (``mapping.json`` in the folder)."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import load_speech
from talkingeyes.data.columns import ColumnMapping, mapping_from, motion_of
from talkingeyes.data.livelink import sound_beside, speaker_of
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts, voice_traits
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.files import readable
from talkingeyes.plain_json import parse_json

Array = NDArray[Any]

MAPPING = "mapping.json"
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".csv.gz", ".tsv.gz", ".txt.gz", ".json.gz")
MAX_TABLE_BYTES, MAX_ROWS, MAX_COLUMNS = 1 << 30, 4_000_000, 4000
_MAX_MAPPING_BYTES = 1 << 20


def source_of(folder: Path) -> Source:
    """Every table that the mapping names; the folder below the tree that holds it names the speaker.

    Raises:
        SettingError: no such folder, or no table in it.
        FormatError: there is no mapping, or it is wrong.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of tables with a {MAPPING} is accepted")
    mapping = mapping_in(folder)
    files = tables_below(folder, mapping.files)
    return Source(folder, "table", tuple(Found(p, speakers=(speaker_of(p, folder),)) for p in files))


def tables_below(folder: Path, pattern: str) -> list[Path]:
    """Tables of a tree that match a glob.

    Raises:
        SettingError: none does.
    """
    try:
        files = sorted(p for p in folder.rglob(pattern) if p.name.lower().endswith(SUFFIXES) and p.name != MAPPING)
    except (ValueError, NotImplementedError) as error:
        raise SettingError(f"{folder}: {pattern!r} is no pattern of file names ({error})") from None
    files = [p for p in files if not p.name.startswith(".")]
    if not files:
        raise SettingError(f"{folder}: holds no table {pattern!r} ({' '.join(SUFFIXES)})")
    return files


def mapping_in(folder: Path) -> ColumnMapping:
    """The folder's mapping.

    Raises:
        FormatError: there is none, or it is wrong.
    """
    path = readable(
        folder / MAPPING, f"a {MAPPING} in the folder is needed; see docs/data.md", max_bytes=_MAX_MAPPING_BYTES
    )
    return mapping_from(parse_json(path.read_bytes(), MAPPING), MAPPING)


def read(task: Task) -> Sample:
    """One table.

    Raises:
        FormatError: not such a table, or its sound has another length.
        AudioError: the sound cannot be read.
    """
    return sample_of(task, mapping_in(task.root))


def sample_of(task: Task, mapping: ColumnMapping, generator: str = "a table") -> Sample:
    """One table by a mapping."""
    path = task.root / task.item.path
    meta = {"generator": generator, "source": {"name": path.name, "sha256": task.item.sha256}}
    motion = motion_of(mapping, read_columns(path, mapping), meta, path.name)
    sound = sound_beside(path)
    speech = load_speech(sound) if sound is not None else None
    if speech is not None and abs(speech.duration_s - motion.duration_s) > 1.0:
        raise FormatError(f"{motion.duration_s:.1f} s of motion beside {speech.duration_s:.1f} s of sound")
    assert motion.filled is not None
    row = facts(
        task,
        **motion_facts(motion),
        **sound_facts(speech, "none"),
        role=mapping.role,
        seen_share=round(1 - float(motion.filled.mean()), 4),
    )
    return Sample(motion, speech, voice_traits(speech), row=row)


def read_columns(path: Path, mapping: ColumnMapping) -> dict[str, Array]:
    """Name -> (T,) numbers of a .csv, .tsv, .txt or .json, perhaps gzipped; NaN for what is no number.

    Raises:
        FormatError: not such a table, or too large.
    """
    content = _content(path)
    if path.name.lower().removesuffix(".gz").endswith(".json"):
        return _of_json(parse_json(content, path.name), path.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"{path.name}: is no UTF-8 text") from None
    first = text.partition("\n")[0]
    delimiter = mapping.delimiter or max(",;\t", key=first.count)
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter[0]), MAX_ROWS + 2))
    except csv.Error as error:
        raise FormatError(f"{path.name}: is no table ({error})") from None
    rows = [row for row in rows if row]
    if not rows or len(rows) > MAX_ROWS or len(rows[0]) > MAX_COLUMNS:
        raise FormatError(
            f"{path.name}: {len(rows)} rows; up to {MAX_ROWS} of up to {MAX_COLUMNS} columns are accepted"
        )
    names = [name.strip() for name in rows[0]] if mapping.header else [str(k) for k in range(len(rows[0]))]
    body = rows[1:] if mapping.header else rows
    if any(len(row) < len(names) for row in body[:-1]):
        raise FormatError(f"{path.name}: rows have fewer columns than the first one")
    body = [row for row in body if len(row) >= len(names)]  # a last row that was cut off
    return {name: _numbers([row[k] for row in body]) for k, name in enumerate(names)}


def _content(path: Path) -> bytes:
    readable(path, "a table is accepted", max_bytes=MAX_TABLE_BYTES)
    if not path.name.lower().endswith(".gz"):
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            content = file.read(MAX_TABLE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"{path.name}: is no gzip file, or cut short ({error})") from None
    if len(content) > MAX_TABLE_BYTES:
        raise FormatError(f"{path.name}: unpacks to more than {MAX_TABLE_BYTES >> 20} MB")
    return content


def _of_json(data: Any, name: str) -> dict[str, Array]:
    """A list of rows, or an object of columns."""
    if isinstance(data, list) and data and all(isinstance(row, Mapping) for row in data):
        if len(data) > MAX_ROWS:
            raise FormatError(f"{name}: {len(data)} rows; up to {MAX_ROWS} are accepted")
        return {str(key): _numbers([row.get(key) for row in data]) for key in data[0]}
    if isinstance(data, Mapping):
        columns = {str(key): _numbers(values) for key, values in data.items() if isinstance(values, list)}
        if columns and len({len(values) for values in columns.values()}) == 1:
            return columns
    raise FormatError(f"{name}: a list of rows, or an object of columns of one length, is accepted")


def _numbers(values: list[Any]) -> Array:
    try:
        out = np.array(values, float)
    except (TypeError, ValueError):
        out = np.array([_number(value) for value in values])
    out[~np.isfinite(out)] = np.nan
    return out if out.ndim == 1 else np.full(len(values), np.nan)


def _number(value: Any) -> float:
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return float(value.strip().lower() == "true")
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan
