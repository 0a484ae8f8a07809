"""Write docs/reference/commands.md from the command line's own parser: `python scripts/write_command_docs.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from talkingeyes.cli import parser

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Written by `scripts/write_command_docs.py` from the parser; a test compares.

Every command takes `--json` (one JSON object for programs), `-q` (only errors) and `--help`.
Exit status: 0 done, 1 some lines of a batch failed, 2 a user's error (one line on stderr), 130 interrupted,
143 terminated.
"""
EVERYWHERE = {"--help", "--json", "--quiet"}


def document() -> str:
    """The page as text."""
    return "\n".join([HEAD, *_commands(parser(), "talkingeyes", 2)])


def _commands(of: argparse.ArgumentParser, name: str, level: int) -> list[str]:
    lines: list[str] = []
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, sub in action.choices.items():
                lines += [f"{'#' * level} {name} {word}", "", sub.description or "", "", *_options(sub)]
                lines += _commands(sub, f"{name} {word}", level + 1)
    return lines


def _options(of: argparse.ArgumentParser) -> list[str]:
    rows = [row for action in of._actions if (row := _row(action)) is not None]
    return ["| argument | what |", "| --- | --- |", *rows, ""] if rows else []


def _row(action: argparse.Action) -> str | None:
    if EVERYWHERE & set(action.option_strings) or isinstance(action, argparse._SubParsersAction):
        return None
    names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    value = f" {_value(action)}" if action.option_strings and action.nargs != 0 else ""
    return f"| `{_cell(names + value)}` | {_cell(action.help or '')} |"


def _value(action: argparse.Action) -> str:
    if action.choices is not None:
        return "|".join(str(choice) for choice in action.choices)
    return str(action.metavar or action.dest.upper())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("%%", "%").replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(document() + "\n", encoding="utf-8")
