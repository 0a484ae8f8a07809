"""What a run says while it trains: ``log.jsonl`` and TensorBoard files in the stage's folder."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from talkingeyes.errors import OutputError
from talkingeyes.extras import require
from talkingeyes.files import write_whole

LOG = "log.jsonl"
BOARD, EVENTS = "tensorboard", "events.out.tfevents.talkingeyes"


class Progress(Protocol):
    """Told how the training goes."""

    def prepare(self, stage: str) -> None:
        """A stage's data is read."""

    def begin(self, stage: str, first: int, steps: int) -> None:
        """A stage begins, or goes on, at step ``first`` of ``steps``."""

    def step(self, stage: str, done: int, loss: float) -> None:
        """A step is done."""

    def validated(self, stage: str, done: int, figures: Mapping[str, float], best: bool) -> None:
        """Figures on the val part."""


class Silent:
    """A progress that says nothing."""

    def prepare(self, stage: str) -> None:
        """Nothing."""

    def begin(self, stage: str, first: int, steps: int) -> None:
        """Nothing."""

    def step(self, stage: str, done: int, loss: float) -> None:
        """Nothing."""

    def validated(self, stage: str, done: int, figures: Mapping[str, float], best: bool) -> None:
        """Nothing."""


class TrainingLog:
    """Figures by step, appended to the log and to TensorBoard."""

    def __init__(self, folder: Path) -> None:
        self._path, self._board = folder / LOG, folder / BOARD / EVENTS

    def write(self, part: str, done: int, figures: Mapping[str, float]) -> None:
        """Note figures.

        Args:
            part: train or val.
            done: gradient steps done.
            figures: by name.

        Raises:
            OutputError: the disk is full.
        """
        line = json.dumps({"step": done, "part": part, **figures}) + "\n"
        try:
            with self._path.open("a") as file:
                file.write(line)
            with self._board.open("ab") as file:
                file.write(_record(_event(part, done, figures)))
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written ({error.strerror or error})") from None


@contextmanager
def opened(folder: Path, first: int) -> Iterator[TrainingLog]:
    """The log of a stage that goes on at step ``first``: what was noted later, by a killed run, is forgotten.

    TensorBoard's file is made anew of the log, so that it holds the same bytes as that of a run that nothing stopped;
    it tells neither the machine nor the time.

    Raises:
        MissingExtraError: TensorBoard is not installed.
        OutputError: the folder cannot be written.
    """
    require("train", "training")
    kept = _forget_after(folder / LOG, first)
    events = [_event(row.pop("part"), row.pop("step"), row) for row in kept]
    data = b"".join(map(_record, [{"wall_time": 0.0, "file_version": "brain.Event:2"}, *events]))
    board = folder / BOARD
    try:
        board.mkdir(exist_ok=True)
        for old in board.glob("events.out.tfevents.*"):
            old.unlink()  # of earlier versions, which named the machine; the log holds all that was in it
    except OSError as error:
        raise OutputError(f"{board}: cannot be written ({error.strerror or error})") from None
    write_whole(board / EVENTS, lambda aside: _put(aside, data))
    yield TrainingLog(folder)


def _event(part: str, done: int, figures: Mapping[str, float]) -> dict[str, Any]:
    """One event of TensorBoard; its clock is the step."""
    values = [{"tag": f"{part}/{name}", "simple_value": float(value)} for name, value in figures.items()]
    return {"wall_time": float(done), "step": done, "summary": {"value": values}}


def _record(fields: Mapping[str, Any]) -> bytes:
    """An event as TensorBoard's files hold it."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    packed = io.BytesIO()
    event: Any = Event(**fields)
    RecordWriter(packed).write(event.SerializeToString(deterministic=True))
    return packed.getvalue()


def _forget_after(path: Path, first: int) -> list[dict[str, Any]]:
    """Drop from the log what came after a step; the rows that stay."""
    if not path.exists():
        return []
    lines, rows = [], []
    for line in path.read_text("utf-8", "replace").splitlines(keepends=True):
        try:
            row = json.loads(line)
            if line.endswith("\n") and row["step"] <= first and isinstance(row["part"], str):
                rows.append(row)
                lines.append(line)
        except (ValueError, KeyError, TypeError):
            continue  # the line that a kill cut short
    write_whole(path, lambda aside: _put(aside, "".join(lines).encode()))
    return rows


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
