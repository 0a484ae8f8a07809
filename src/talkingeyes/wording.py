"""Words of files and people on a terminal: nothing that it would obey, nothing without end."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

QUOTED = 80
"""Characters of a value that a message quotes."""
_ALIKE = 0.6
_LINE = 1000
"""Characters of a message; its own words are shorter, but a path may have 4096."""

P = ParamSpec("P")
R = TypeVar("R")


def meant(word: str, known: Iterable[str]) -> str:
    """``; did you mean ..?`` for a message; empty where nothing is alike."""
    name = word.partition("=")[0]
    found = difflib.get_close_matches(name, sorted(set(known)), 1, _ALIKE)
    return f"; did you mean {found[0]}?" if found and found[0] != name else ""


def suggesting(options: Iterable[str] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function whose TypeError about an unknown keyword says which one was probably meant.

    Args:
        options: keywords that it takes beside those of its signature.
    """

    def wrapped(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            known = {*inspect.signature(function).parameters, *options} - {"options"}
            unknown = next((name for name in kwargs if name not in known), None)
            if unknown is not None:
                raise TypeError(f"{function.__name__}() has no argument {unknown!r}{meant(unknown, known)}")
            return function(*args, **kwargs)

        return checked

    return wrapped


def printable(text: str) -> str:
    """The text with control, bidirectional and other unprintable characters written out as escapes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def one_line(message: str) -> str:
    """A message on one printable line of readable length."""
    return cut(printable(" ".join(message[: 16 * _LINE].split())), _LINE)


def cut(text: str, most: int = QUOTED) -> str:
    """The text, or its beginning and ``..``."""
    return text if len(text) <= most else text[: most - 2] + ".."


def quoted(value: Any, most: int = QUOTED) -> str:
    """A value that came, as a message quotes it: texts in quotes, everything cut to ``most`` characters.

    Large containers are not written out to be cut: only their type is named.
    """
    if isinstance(value, str):
        return repr(cut(value, most))
    if isinstance(value, list | tuple | dict | set | frozenset | bytes):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a whole number of {value.bit_length()} bits"
    return cut(printable(repr(value)), most)
