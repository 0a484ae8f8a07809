"""The word that was probably meant, where a command or an option is misspelt."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence


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
