"""Speech -> Motion: the statistical generator, its renderer, director's marks and kept channels.

Names are loaded on first use (PEP 562), so that the command line can tell the sampling controls without numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_ROOMS = {
    "AnimateOptions": "request",
    "PlannedTake": "planned",
    "ResolvedRequest": "request",
    "animate": "takes",
    "animate_takes": "takes",
    "plan_take": "takes",
}
__all__ = ["AnimateOptions", "PlannedTake", "ResolvedRequest", "animate", "animate_takes", "plan_take"]

if TYPE_CHECKING:
    from talkingeyes.generate.planned import PlannedTake
    from talkingeyes.generate.request import AnimateOptions, ResolvedRequest
    from talkingeyes.generate.takes import animate, animate_takes, plan_take


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"talkingeyes.generate.{_ROOMS[name]}"), name)
