"""What requests ask for, checked: fields and stretches of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.wording import quoted


def only(asked: Mapping[str, Any], names: Sequence[str]) -> None:
    """Refuse fields that nobody reads.

    Raises:
        SettingError: naming the first.
    """
    strange = next((name for name in asked if name not in names), None)
    if strange is not None:
        raise SettingError(f"there is no field {quoted(strange)}; {', '.join(names)} are accepted")


def stretch(value: Any, name: str = "view") -> tuple[float, float] | None:
    """From and to in seconds; None where nothing is asked.

    Raises:
        SettingError: anything else.
    """
    if value is None:
        return None
    numbers = isinstance(value, list) and len(value) == 2 and all(type(v) in (int, float) for v in value)
    if not numbers or not (all(map(math.isfinite, value)) and 0 <= value[0] <= value[1]):
        raise SettingError(f"{name} is {quoted(value)}; [from, to] in seconds is accepted")
    return float(value[0]), float(value[1])


def rounded(stretches: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Stretches to the millisecond, outwards."""
    return [[math.floor(a * 1000) / 1000, math.ceil(b * 1000) / 1000] for a, b in stretches]
