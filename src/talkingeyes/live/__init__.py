"""Live: a session that moves the eyes while the voice still speaks, and many of them in one call."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["Push", "Session", "push_together"]

if TYPE_CHECKING:
    from talkingeyes.live.session import Session
    from talkingeyes.live.together import Push, push_together


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"talkingeyes.live.{'session' if name == 'Session' else 'together'}"), name)
