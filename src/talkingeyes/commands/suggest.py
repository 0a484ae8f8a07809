"""The word that was probably meant, where a command or an option is misspelt."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Iterator, Sequence

_ALIKE = 0.6


def meant(word: str, known: Iterable[str]) -> str:
    """``, did you mean ..?`` for a message; empty where nothing is alike."""
    name = word.partition("=")[0]
    found = difflib.get_close_matches(name, sorted(set(known)), 1, _ALIKE)
    return f"; did you mean {found[0]}?" if found and found[0] != name else ""


def options_of(parser: argparse.ArgumentParser, words: Sequence[str]) -> list[str]:
    """The long options of the command, and the action, that the words name."""
    return [name for one in _chain(parser, words) for name in one._option_string_actions if name.startswith("--")]


def _chain(parser: argparse.ArgumentParser, words: Sequence[str]) -> Iterator[argparse.ArgumentParser]:
    yield parser
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for number, word in enumerate(words):
            if word in action.choices:
                yield from _chain(action.choices[word], words[number + 1 :])
                return
