"""The command line: parse, call, say what came of it. Only here do errors become one line and an exit status."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import io
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

from talkingeyes import __version__
from talkingeyes.commands import COMMANDS
from talkingeyes.commands.console import Console
from talkingeyes.errors import SettingError, TalkingEyesError

_DESCRIPTION = "Give it a voice, get living eyes: gaze, blinks, head and mouth motion from speech."
_EPILOG = """start here:
  talkingeyes animate speech.wav        then open speech.html in a browser
  talkingeyes COMMAND --help            every option of a command, with examples
"""
USER_ERROR, INTERRUPTED, TERMINATED = 2, 130, 143


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors as ours: one line and the way to the help."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message} (see {self.prog} --help)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="talkingeyes",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"talkingeyes {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, module_name in COMMANDS.items():
        module = importlib.import_module(module_name)
        sub = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(sub)
        sub.add_argument("--json", dest="as_json", action="store_true", help="print the result as one JSON object")
        sub.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
        sub.set_defaults(module=module)
    return parser


def _dispatch(parser: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    given = vars(parser.parse_args(argv))
    module: Any = given.get("module")
    if module is None:
        parser.print_help()
        return 0
    options = module.Options(**{field.name: given[field.name] for field in dataclasses.fields(module.Options)})
    return module.run(options, Console(as_json=given["as_json"], quiet=given["quiet"]))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words after the program's name; None takes them, and the signals, from the process.

    Returns:
        The exit status: 0 done, 2 a user's error (one line on stderr), 130 interrupted.
    """
    if argv is None:
        _own_the_process()
        argv = sys.argv[1:]
    console = Console(as_json="--json" in argv)
    try:
        return _dispatch(_parser(), argv)
    except TalkingEyesError as error:
        return _fail(console, str(error))
    except BrokenPipeError:  # the reader of our output went away, as in `talkingeyes info x | head -1`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        return _fail(console, f"{error.filename or 'system'}: {error.strerror or error}")
    except MemoryError:
        return _fail(console, "out of memory; use fewer --takes or a shorter recording")
    except KeyboardInterrupt:
        sys.stderr.write("talkingeyes: interrupted\n")
        return INTERRUPTED


def _fail(console: Console, message: str) -> int:
    console.error(message)
    console.result({"error": message})
    return USER_ERROR


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    _insist(_terminate)
    raise SystemExit(TERMINATED)  # unwinds, so that no temporary file stays


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    _insist(_interrupt)
    raise KeyboardInterrupt


def _insist(handler: Callable[[int, FrameType | None], NoReturn]) -> None:
    """Raise again a second later if the work still runs.

    Python drops what is raised inside a finalizer or a weak reference's callback; those run during imports too, so
    that a signal in the first second could be lost.
    """
    sys.unraisablehook = lambda _: None  # what is dropped is said by the second try
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 1.0)


def _own_the_process() -> None:
    """Streams that print any file name, a SIGTERM that unwinds like Ctrl-C, and one thread for numpy's matrices.

    Our matrices are small: threads spin on each other and made decoding slower, three times so on a busy machine.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what a user should know is said in our own line
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported, inside a command
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell may have told us to ignore it
        signal.signal(signal.SIGINT, _interrupt)


if __name__ == "__main__":
    sys.exit(main())
