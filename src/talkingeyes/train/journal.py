"""What a run says while it trains: ``log.jsonl`` and TensorBoard files in the stage's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from talkingeyes.errors import OutputError
from talkingeyes.extras import missing
from talkingeyes.files import write_whole

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

LOG = "log.jsonl"
BOARD = "tensorboard"


class Watch(Protocol):
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
    """A watch that says nothing."""

    def prepare(self, stage: str) -> None:
        """Nothing."""

    def begin(self, stage: str, first: int, steps: int) -> None:
        """Nothing."""

    def step(self, stage: str, done: int, loss: float) -> None:
        """Nothing."""

    def validated(self, stage: str, done: int, figures: Mapping[str, float], best: bool) -> None:
        """Nothing."""


class Journal:
    """Figures by step, appended to the log and to TensorBoard."""

    def __init__(self, folder: Path, board: SummaryWriter) -> None:
        self._path, self._board = folder / LOG, board

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
            for name, value in figures.items():
                self._board.add_scalar(f"{part}/{name}", value, done)
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written ({error.strerror or error})") from None


@contextmanager
def opened(folder: Path, first: int) -> Iterator[Journal]:
    """The journal of a stage that goes on at step ``first``: what was noted later, by a killed run, is forgotten.

    Raises:
        MissingExtraError: TensorBoard is not installed.
        OutputError: the folder cannot be written.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise missing("train", "training", "tensorboard") from None
    _forget_after(folder / LOG, first)
    try:
        board = SummaryWriter(str(folder / BOARD), purge_step=first + 1 if first else None)
    except OSError as error:
        raise OutputError(f"{folder / BOARD}: cannot be written ({error.strerror or error})") from None
    try:
        yield Journal(folder, board)
    finally:
        with suppress(OSError):  # a full disk was said by the log or the checkpoint
            board.close()


def _forget_after(path: Path, first: int) -> None:
    if not path.exists():
        return
    kept = []
    for line in path.read_text("utf-8", "replace").splitlines(keepends=True):
        try:
            if line.endswith("\n") and json.loads(line)["step"] <= first:
                kept.append(line)
        except (ValueError, KeyError, TypeError):
            continue  # the line that a kill cut short
    write_whole(path, lambda aside: _put(aside, "".join(kept)))


def _put(path: Path, text: str) -> None:
    path.write_text(text)
