"""Edits of blinks, and of how the lids rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.edits.events import LidEvent, index_of, new_id
from talkingeyes.generate.edits.ranges import weights
from talkingeyes.generate.edits.read import Edit
from talkingeyes.generate.plan import Blink

Floats = NDArray[Any]

CLOSING, CLOSED = 0.23, 0.18
"""Shares of a blink's time in which the lids close and are closed."""
LID_RAMP_S = 0.3


def with_edit(lids: list[LidEvent], edit: Edit, duration_s: float) -> list[LidEvent]:
    """The blinks with one edit, in time order.

    Raises:
        EditsError: it cannot be done.
    """
    for name in ("at_s", "to_s"):
        if edit.get(name, 0.0) >= duration_s:
            raise edit.refused(f"{name} is {edit[name]:g}; the take ends at {duration_s:.2f} s", name)
    return sorted(_DO[edit.do](lids, edit), key=lambda e: e.onset_s)


def rest_with(rest: Floats | None, edit: Edit, count: int, duration_s: float) -> Floats:
    """(count, 2) closure between blinks with an offset of the lids."""
    rest = np.zeros((count, 2)) if rest is None else rest
    to_s = edit.get("to_s", duration_s)
    weight = weights(count, edit.get("from_s", 0.0), to_s if to_s < duration_s - 0.02 else 1e9, LID_RAMP_S)
    return rest + weight[:, None] * edit["closure"] * (1 - rest)


def _add(lids: list[LidEvent], edit: Edit) -> list[LidEvent]:
    whole, peak = edit["lasts_s"], edit["closure"]
    closing, closed = CLOSING * whole, CLOSED * whole
    blink = Blink(edit["at_s"], closing, closed, whole - closing - closed, peak, peak)
    return [*lids, LidEvent(new_id("blink", blink.onset_s, {e.id for e in lids}), blink, edited=True)]


def _move(lids: list[LidEvent], edit: Edit) -> list[LidEvent]:
    i = index_of(lids, edit, "blink")
    return [
        *lids[:i],
        replace(lids[i], blink=replace(lids[i].blink, onset_s=edit["to_s"]), edited=True),
        *lids[i + 1 :],
    ]


def _delete(lids: list[LidEvent], edit: Edit) -> list[LidEvent]:
    i = index_of(lids, edit, "blink")
    return [*lids[:i], *lids[i + 1 :]]


def _scale(lids: list[LidEvent], edit: Edit) -> list[LidEvent]:
    i, by = index_of(lids, edit, "blink"), edit["by"]
    blink = lids[i].blink
    scaled = replace(blink, peak_left=min(1.0, blink.peak_left * by), peak_right=min(1.0, blink.peak_right * by))
    return [*lids[:i], replace(lids[i], blink=scaled, edited=True), *lids[i + 1 :]]


_DO: dict[str, Callable[[list[LidEvent], Edit], list[LidEvent]]] = {
    "blink.add": _add,
    "blink.move": _move,
    "blink.delete": _delete,
    "blink.scale": _scale,
}
