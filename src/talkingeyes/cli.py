"""The command line: parse, call, say what came of it. Only here do errors become one line and an exit status."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from talkingeyes import __version__
from talkingeyes.commands import COMMANDS, process
from talkingeyes.commands.console import Console
from talkingeyes.commands.suggest import options_of
from talkingeyes.errors import OutputError, SettingError, TalkingEyesError
from talkingeyes.wording import meant

_DESCRIPTION = "Give it a voice, get living eyes: gaze, blinks, head and mouth motion from speech."
_EPILOG = """start here:
  talkingeyes animate speech.wav        then open speech.html in a browser
  talkingeyes COMMAND --help            every option of a command, with examples
"""
USER_ERROR = 2


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors as ours: one line and the way to the help."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message} (see {self.prog} --help)")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        choices = action.choices
        if choices is not None and value not in choices:
            known = [str(choice) for choice in choices]
            listed = ", ".join(map(repr, known))
            message = f"invalid choice: {value!r} (choose from {listed}){meant(str(value), known)}"
            raise argparse.ArgumentError(action, message)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
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
    parsed, unknown = parser.parse_known_args(argv)
    if unknown:
        options = options_of(parser, argv)
        hints = "".join(meant(word, options) for word in unknown if word.startswith("--"))
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{hints}")
    given = vars(parsed)
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
        The exit status: 0 done, 1 some lines of a batch failed, 2 a user's error (one line on stderr), 130
        interrupted, 143 terminated.
    """
    if argv is not None:
        return _run(argv)
    process.own()
    try:
        status = _run(sys.argv[1:])
    except BaseException:
        if process.asked_to_stop() is None:  # else whatever the signal was turned into on its way, numpy's ImportError
            raise
        status = 0
    finally:
        process.let_go()
    return process.asked_to_stop() or status


def _run(argv: Sequence[str]) -> int:
    console = Console(as_json="--json" in argv)
    try:
        try:
            return _dispatch(parser(), argv)
        finally:
            console.flush()
    except TalkingEyesError as error:
        return _fail(console, error.with_flags())
    except BrokenPipeError:  # the reader of our output went away, as in `talkingeyes info x | head -1`
        process.drop(sys.stdout)
        return 128 + signal.SIGPIPE
    except OSError as error:
        return _fail(console, f"{error.filename or 'system'}: {error.strerror or error}")
    except MemoryError:
        return _fail(console, "out of memory; use fewer --takes or a shorter recording")
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):
            sys.stderr.write("talkingeyes: interrupted\n")
        return process.INTERRUPTED


def _fail(console: Console, message: str) -> int:
    console.error(message)
    with contextlib.suppress(OSError, OutputError):  # what could not be written once is not said there again
        console.result({"error": message})
        console.flush()
    return USER_ERROR


if __name__ == "__main__":
    sys.exit(main())
