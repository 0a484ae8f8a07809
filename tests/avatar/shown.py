"""The look of the built-in avatar that is under test."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from talkingeyes.avatar.looks import DEFAULT_LOOK, avatar_bytes
from tests.avatar_pose import Avatar

_SHOWN = {"look": DEFAULT_LOOK}
_REMEMBERED: list[Any] = []


def remembered(function: Callable[..., Any]) -> Any:
    """`functools.cache` that forgets with each look."""
    cached = cache(function)
    _REMEMBERED.append(cached)
    return cached


def show(look: str) -> None:
    """From now on this look is `avatar`."""
    _SHOWN["look"] = look
    for each in _REMEMBERED:
        each.cache_clear()


@remembered
def avatar() -> Avatar:
    """The avatar in the look of the moment."""
    return Avatar(avatar_bytes(_SHOWN["look"]))
