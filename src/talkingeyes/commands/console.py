"""What the command line says: result lines, JSON, one-line errors and a progress bar."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from talkingeyes.commands.process import drop
from talkingeyes.errors import OutputError
from talkingeyes.wording import cut, one_line, printable

_BAR_WIDTH = 20
_TICK_S = 0.2
_QUIET_START_S = 0.4
"""Work that is done sooner shows no bar."""
_LINE_EVERY_S = 60.0
"""Where there is no terminal, long work says so often (in seconds) how far it is."""


class Console:
    """Where a command reports. People's lines and JSON go to stdout, errors and progress to stderr.

    Args:
        as_json: one JSON object instead of people's lines.
        quiet: no people's lines and no progress; errors are still said.
    """

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def say(self, line: str) -> None:
        """A line for people; names out of files are shown, not obeyed."""
        if not (self.as_json or self.quiet):
            _out(printable(line) + "\n")

    def result(self, data: dict[str, Any]) -> None:
        """The result for machines."""
        if self.as_json:
            _out(json.dumps(data, allow_nan=False) + "\n")

    def flush(self) -> None:
        """Send what was said on its way, so that a full disk is noticed here."""
        _out("")

    def error(self, message: str) -> None:
        """One line on stderr, whatever the message holds."""
        _err(f"talkingeyes: error: {one_line(message)}\n")

    def note(self, message: str) -> None:
        """One line on stderr about something that was done otherwise than may have been meant."""
        if not self.quiet:
            _err(f"talkingeyes: note: {one_line(message)}\n")

    @contextmanager
    def live_line(self) -> Iterator[Callable[[str], None]]:
        """A line on stderr that is written over again and again, where that is a terminal and people read."""
        stream = None if self.quiet or self.as_json or os.environ.get("TERM") == "dumb" else sys.stderr
        shown = stream is not None and stream.isatty()
        try:
            yield (lambda text: _err(f"\r\x1b[K{cut(printable(text))}")) if shown else (lambda _: None)
        finally:
            if shown:
                _err("\r\x1b[K")

    @contextmanager
    def progress(self, steps: int, *, items: bool = False) -> Iterator[Progress]:
        """A bar over ``steps`` steps on stderr; where stderr is no terminal, a line every minute.

        Args:
            steps: how many.
            items: each step is an item of a batch: without a terminal, each gets a line.
        """
        bar = Progress(steps, None if self.quiet else sys.stderr, items=items)
        try:
            yield bar
        finally:
            bar.close()


def _out(text: str) -> None:
    """To standard output, whose reader may be gone (`BrokenPipeError`) and whose disk may be full."""
    try:
        sys.stdout.write(text)
        if not text:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop(sys.stdout)
        raise OutputError(f"standard output: cannot be written ({error.strerror or error})") from None


def _err(text: str) -> None:
    try:
        sys.stderr.write(text)
    except OSError:  # nobody can be told
        drop(sys.stderr)


class Progress:
    """A one-line bar with the current step's name and the time, redrawn by a thread until closed; lines elsewhere.

    Args:
        steps: how many.
        stream: where to; None: nowhere.
        items: without a terminal, each step gets a line.
    """

    def __init__(self, steps: int, stream: TextIO | None, *, items: bool = False) -> None:
        self._steps, self._stream = max(1, steps), stream
        self._bar = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._items = items and not self._bar
        self._done, self._name = 0.0, ""
        self._started_s = time.monotonic()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        if stream is not None:
            self._thread.start()

    def step(self, name: str) -> None:
        """The next step begins; the one before it is done."""
        self._done = float(int(self._done) + (1 if self._name else 0))
        self._name = name
        if self._items:
            self._say()

    def part(self, share: float) -> None:
        """How much of the current step is done, 0..1, where a step can tell."""
        self._done = int(self._done) + min(max(share, 0.0), 0.999)

    def close(self) -> None:
        """Stop and clear the line."""
        self._closed.set()
        if self._stream is not None:
            self._thread.join()
            if self._bar:
                self._write("\r\x1b[K")

    def _tick(self) -> None:
        if not self._bar:
            while not self._closed.wait(_LINE_EVERY_S):
                self._say()
            return
        if self._closed.wait(_QUIET_START_S):
            return
        while not self._closed.wait(_TICK_S):
            self._write(self.line())

    def _say(self) -> None:
        seconds = time.monotonic() - self._started_s
        self._write(f"talkingeyes: {self._share:4.0%}  {seconds:3.0f} s  {printable(self._name)}\n")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            with suppress(OSError, ValueError):  # how far it is matters less than the work
                self._stream.write(text)
                self._stream.flush()

    @property
    def _share(self) -> float:
        return min(self._done / self._steps, 1.0)

    def line(self) -> str:
        """The bar as it is drawn now."""
        share = self._share
        filled = round(share * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        seconds = time.monotonic() - self._started_s
        return f"\r\x1b[K{bar} {share:4.0%}  {seconds:3.0f} s  {cut(printable(self._name))}"
