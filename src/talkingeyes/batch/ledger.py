"""What a batch has done: a row of JSON for each line that ended, added as it ends; the last row of a line counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from talkingeyes.errors import FormatError, OutputError
from talkingeyes.files import is_aside, locked, readable, write_whole
from talkingeyes.plain_json import parse_json

NAME, LOCK = "ledger.jsonl", ".lock"
MAX_BYTES = 4 << 30


class Ledger:
    """The ledger of a batch's folder.

    Args:
        folder: of the batch.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.rows: dict[str, dict[str, Any]] = {}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder for one batch; read what earlier ones did.

        Raises:
            OutputError: the folder holds something else, cannot be written, or another batch is at work.
        """
        folder = self._path.parent
        if folder.is_dir() and not self._path.exists():
            strange = next((p.name for p in folder.iterdir() if p.name != LOCK and not is_aside(p)), None)
            if strange is not None:
                raise OutputError(f"{folder}: holds {strange!r} but no batch; name a new or empty folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be made ({error.strerror})") from None
        with locked(folder / LOCK, f"{folder}: another batch is writing there; wait for it"):
            self._read()
            with self._path.open("ab") as self._file:
                yield

    def _read(self) -> None:
        if not self._path.exists():
            return
        readable(self._path, "a ledger is accepted", OutputError, MAX_BYTES)
        whole = self._path.read_bytes()
        for text in whole.splitlines():
            try:
                row = parse_json(text, "a row")
            except FormatError:  # a killed batch leaves the beginning of its last row
                continue
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                self.rows[row["id"]] = row
        if whole and not whole.endswith(b"\n"):
            self._rewrite(list(self.rows))

    def add(self, row: Mapping[str, Any]) -> None:
        """A line has ended."""
        self.rows[row["id"]] = dict(row)
        try:
            self._file.write(_text(row))
            self._file.flush()
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written ({error.strerror})") from None

    def sorted(self, order: Sequence[str]) -> None:
        """One row a line, in the order of the lines; those of other batches come after."""
        self._file.flush()
        os.fsync(self._file.fileno())
        first = [name for name in order if name in self.rows]
        known = set(first)
        self._rewrite([*first, *(name for name in self.rows if name not in known)])

    def _rewrite(self, names: Sequence[str]) -> None:
        write_whole(self._path, lambda aside: _fill(aside, [self.rows[name] for name in names]))


def _fill(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("wb") as file:
        file.writelines(_text(row) for row in rows)


def _text(row: Mapping[str, Any]) -> bytes:
    return (json.dumps(row, sort_keys=True, allow_nan=False) + "\n").encode()
