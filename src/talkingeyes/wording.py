"""Words of files and people on a terminal: nothing that it would obey, nothing without end."""

from __future__ import annotations

from typing import Any

QUOTED = 80
"""Characters of a value that a message quotes."""
_LINE = 1000
"""Characters of a message; its own words are shorter, but a path may have 4096."""


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
