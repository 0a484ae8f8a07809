"""Live: a session that moves the eyes while the voice still speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Session"]

if TYPE_CHECKING:
    from talkingeyes.live.session import Session


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from talkingeyes.live import session

    return getattr(session, name)
