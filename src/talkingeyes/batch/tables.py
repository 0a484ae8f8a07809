"""Tables of lines: CSV, TSV and JSON lines, read row by row; a row that is none names itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.errors import FormatError, SettingError
from talkingeyes.files import readable
from talkingeyes.plain_json import parse_json

TABLES = (".csv", ".tsv", ".jsonl")
MAX_BYTES = 512 << 20


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        where: table and number, for people.
        fields: by column; names in lower case.
        problem: why it is none; empty: it is one.
    """

    where: str
    fields: Mapping[str, Any]
    problem: str = ""


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a table, in order.

    Raises:
        FormatError: no such table, or one without a column ``audio``.
    """
    readable(path, "a table with a column audio is accepted (.csv, .tsv, .jsonl)", FormatError, MAX_BYTES)
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _json_rows(path)
        else:
            yield from _csv_rows(path, "\t" if path.suffix.lower() == ".tsv" else ",")
    except UnicodeDecodeError:
        raise FormatError(f"{path}: is not UTF-8 text") from None
    except csv.Error as error:
        raise FormatError(f"{path}: is no table ({error})") from None


def _csv_rows(path: Path, separator: str) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        head = [name.strip().lower() for name in next(reader, [])]
        if "audio" not in head:
            raise FormatError(f"{path}: has no column audio; its first row names the columns")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path.name}:{reader.line_num}"
            problem = f"has {len(cells)} fields, the table has {len(head)} columns" if len(cells) > len(head) else ""
            fields = {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
            yield Row(where, fields, problem)


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            where = f"{path.name}:{number}"
            try:
                value = parse_json(text, "the line", SettingError)
            except SettingError as error:
                yield Row(where, {}, str(error))
                continue
            if isinstance(value, Mapping):
                yield Row(where, {str(name).lower(): field for name, field in value.items()})
            else:
                yield Row(where, {}, 'is no object; {"audio": "a.wav"} is accepted')
