"""The process that a command runs in: signals that unwind the work, and streams that may be closed, full or gone."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import warnings
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, TextIO

INTERRUPTED, TERMINATED = 130, 143
_INSIST_S = 1.0

_Handler = Callable[[int, FrameType | None], NoReturn]
_asked: list[int] = []


def own() -> None:
    """Streams that print any file name, a SIGTERM that unwinds like Ctrl-C, and one thread for numpy's matrices.

    Our matrices are small: threads spin on each other and made decoding slower, three times so on a busy machine.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what a user should know is said in our own line
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported, inside a command
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_DFL):  # a shell may ignore it for us
        signal.signal(signal.SIGINT, _interrupt)


def let_go() -> None:
    """Signals end the process at once again: the work is over, and Python drops what is raised while it shuts down."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    for number, handler in ((signal.SIGTERM, _terminate), (signal.SIGINT, _interrupt)):
        if signal.getsignal(number) is handler:
            signal.signal(number, signal.SIG_DFL)


def asked_to_stop() -> int | None:
    """The exit status that a signal asked for, however Python and others changed its exception on the way."""
    return _asked[0] if _asked else None


def drop(stream: TextIO | None) -> None:
    """Send what a stream still holds nowhere: its reader is gone or its disk is full."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, stream.fileno())  # type: ignore[union-attr]
        os.close(sink)


def _open_streams() -> None:
    """A stream that was closed for us (``>&-``) leads nowhere; else the next file opened would take its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    _insist(_terminate, TERMINATED)
    raise SystemExit(TERMINATED)  # unwinds, so that no temporary file stays


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    _insist(_interrupt, INTERRUPTED)
    raise KeyboardInterrupt


def _insist(handler: _Handler, status: int) -> None:
    """Raise again a second later if the work still runs.

    Python drops what is raised inside a finalizer or a weak reference's callback; those run during imports too, so
    that a signal in the first second could be lost.
    """
    _asked.append(status)
    sys.unraisablehook = lambda _: None  # what is dropped is said by the second try
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, _INSIST_S)
