"""What the command line says: result lines, JSON, one-line errors and a progress bar."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from talkingeyes.wording import cut, one_line, printable

_BAR_WIDTH = 20
_TICK_S = 0.2
_QUIET_START_S = 0.4
"""Work that is done sooner shows no bar."""


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
            sys.stdout.write(printable(line) + "\n")

    def result(self, data: dict[str, Any]) -> None:
        """The result for machines."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, allow_nan=False) + "\n")

    def error(self, message: str) -> None:
        """One line on stderr, whatever the message holds."""
        sys.stderr.write(f"talkingeyes: error: {one_line(message)}\n")

    def note(self, message: str) -> None:
        """One line on stderr about something that was done otherwise than may have been meant."""
        if not self.quiet:
            sys.stderr.write(f"talkingeyes: note: {one_line(message)}\n")

    @contextmanager
    def progress(self, steps: int) -> Iterator[Progress]:
        """A bar over ``steps`` steps on stderr; nothing where stderr is no terminal."""
        shown = not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        bar = Progress(steps, sys.stderr if shown else None)
        try:
            yield bar
        finally:
            bar.close()


class Progress:
    """A one-line bar with the current step's name and the time, redrawn by a thread until closed."""

    def __init__(self, steps: int, stream: TextIO | None) -> None:
        self._steps, self._stream = max(1, steps), stream
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

    def part(self, share: float) -> None:
        """How much of the current step is done, 0..1, where a step can tell."""
        self._done = int(self._done) + min(max(share, 0.0), 0.999)

    def close(self) -> None:
        """Stop and clear the line."""
        self._closed.set()
        if self._stream is not None:
            self._thread.join()
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _tick(self) -> None:
        assert self._stream is not None
        if self._closed.wait(_QUIET_START_S):
            return
        while not self._closed.wait(_TICK_S):
            self._stream.write(self.line())
            self._stream.flush()

    def line(self) -> str:
        """The bar as it is drawn now."""
        share = min(self._done / self._steps, 1.0)
        filled = round(share * _BAR_WIDTH)
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        seconds = time.monotonic() - self._started_s
        return f"\r\x1b[K{bar} {share:4.0%}  {seconds:3.0f} s  {cut(printable(self._name))}"
