"""JSON from files of others: UTF-8, finite numbers, not nested without end; and a check of values to be written."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from talkingeyes.errors import FormatError, TalkingEyesError
from talkingeyes.wording import cut, printable

MAX_DEPTH = 64
"""Levels of objects and lists in each other; what we write has fewer than ten."""


def parse_json(data: bytes | str, where: str, error: type[TalkingEyesError] = FormatError) -> Any:
    """The value that a JSON text holds.

    Args:
        data: UTF-8, perhaps with a byte order mark.
        where: what messages call the source.
        error: what is raised.

    Raises:
        TalkingEyesError: ``error`` for anything but JSON: other encodings, NaN, numbers beyond floats, endless nesting.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise error(f"{where}: is not JSON (not UTF-8 text)") from None
    except RecursionError:
        raise error(f"{where}: is not JSON that is accepted (nested deeper than {MAX_DEPTH} levels)") from None
    except ValueError as problem:
        raise error(f"{where}: is not JSON ({cut(printable(str(problem)))})") from None
    check_json(value, where, error)
    return value


def check_json(value: Any, where: str, error: type[TalkingEyesError] = FormatError, max_depth: int = MAX_DEPTH) -> None:
    """Refuse what cannot be written as JSON and read back: NaN, infinity, endless nesting.

    Raises:
        TalkingEyesError: ``error``.
    """
    stack: list[Iterator[Any]] = [iter((value,))]
    while stack:
        for item in stack[-1]:
            if isinstance(item, float) and not math.isfinite(item):
                raise error(f"{where}: holds a number that is not finite; finite numbers are accepted")
            if isinstance(item, Mapping | list | tuple):
                if len(stack) > max_depth:
                    raise error(f"{where}: is nested deeper than {max_depth} levels")
                stack.append(iter(item.values() if isinstance(item, Mapping) else item))
                break
        else:
            stack.pop()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
