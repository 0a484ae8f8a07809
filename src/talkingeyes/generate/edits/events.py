"""Events of a plan that edits can name: gaze shifts and blinks, each with an id that tells when it was made.

An id such as ``shift@3.214`` holds the time that the event had when it was made. It stays when the event is moved, and
it is the same for the same seed and settings, so that an edit still means the same event when the list is done again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from talkingeyes.generate import saccade
from talkingeyes.generate.edits.read import Edit
from talkingeyes.generate.edits.table import NEAR_S
from talkingeyes.generate.plan import Blink, GazeShift
from talkingeyes.generate.pursuit import apart_rad

BORN_WITHIN_S = 0.1
"""An id whose time is not exactly an event's still names the one made nearest to it, within this."""
MOST_KNOWN = 4096
"""Rows of listed looks that are kept beside four for each look."""
_ID = re.compile(r"(shift|blink)@(-?\d{1,6}(?:\.\d{1,6})?)(#\d{1,4})?")


@dataclass(frozen=True)
class Look:
    """A gaze shift and the look that follows it.

    Attributes:
        id: see the module.
        shift: of the plan.
        edit: number of the edit that says where it goes; None: none does.
    """

    id: str
    shift: GazeShift
    edit: int | None = None

    @property
    def edited(self) -> bool:
        """An edit says where it goes."""
        return self.edit is not None

    @property
    def directed(self) -> bool:
        """An edit or a director's mark says where it goes: it is reached exactly, and a re-roll leaves it."""
        return self.edited or self.shift.forced

    @property
    def onset_s(self) -> float:
        """When it begins."""
        return self.shift.onset_s

    def at(self, onset_s: float) -> Look:
        """The same at another time; what it follows goes on with it."""
        return replace(self, shift=replace(self.shift, onset_s=onset_s))


@dataclass(frozen=True)
class LidEvent:
    """A blink with its id; a re-roll leaves those that an edit made or changed."""

    id: str
    blink: Blink
    edited: bool = False

    @property
    def onset_s(self) -> float:
        """When it begins."""
        return self.blink.onset_s


Event = TypeVar("Event", Look, LidEvent)


def new_id(kind: str, onset_s: float, taken: Container[str]) -> str:
    """An id for an event that is made now."""
    first = f"{kind}@{onset_s:.3f}"
    number, name = 1, first
    while name in taken:
        number += 1
        name = f"{first}#{number}"
    return name


def looks_of(shifts: Sequence[GazeShift]) -> list[Look]:
    """The looks of a plan's gaze."""
    found: dict[str, Look] = {}
    for shift in shifts:
        name = new_id("shift", shift.onset_s, found)
        found[name] = Look(name, shift)
    return list(found.values())


def lid_events_of(blinks: Sequence[Blink]) -> list[LidEvent]:
    """The blinks of a plan."""
    found: dict[str, LidEvent] = {}
    for blink in blinks:
        name = new_id("blink", blink.onset_s, found)
        found[name] = LidEvent(name, blink)
    return list(found.values())


def index_of(events: Sequence[Event], edit: Edit, kind: str) -> int:
    """The event that an edit names.

    Raises:
        EditsError: it names none, with the nearest that there is.
    """
    if "event" in edit.values:
        return _by_id(events, edit, kind)
    near_s = edit["near_s"]
    times = [e.onset_s for e in events]
    best = min(range(len(times)), key=lambda i: abs(times[i] - near_s), default=None)
    if best is None or abs(times[best] - near_s) > NEAR_S:
        told = "there is none" if best is None else f"the nearest is at {times[best]:.3f} s ({events[best].id})"
        raise edit.missing(f"near_s is {near_s:g}: no {kind} within {NEAR_S:g} s of it, {told}", "near_s")
    return best


def _by_id(events: Sequence[Event], edit: Edit, kind: str) -> int:
    name = edit["event"]
    match = _ID.fullmatch(name)
    if match is None or match[1] != kind:
        raise edit.refused(f'event is {name!r}; the id of a {kind} such as "{kind}@3.214" is accepted', "event")
    ids = [e.id for e in events]
    if name in ids:
        return ids.index(name)
    made_s = [float(_ID.fullmatch(i)[2]) for i in ids]  # type: ignore[index]
    best = min(range(len(ids)), key=lambda i: abs(made_s[i] - float(match[2])), default=None)
    if best is None or abs(made_s[best] - float(match[2])) > BORN_WITHIN_S:
        told = f"the nearest is {ids[best]}" if best is not None else "there is none"
        raise edit.missing(f"there is no {kind} {name!r}; {told}", "event")
    return best


def common_ends(one: Sequence[Look], two: Sequence[Look]) -> tuple[int, int]:
    """How many looks at the beginning and at the end of two lists are the same."""
    most = min(len(one), len(two))
    before = next((i for i in range(most) if one[i] is not two[i]), most)
    after = next((i for i in range(most - before) if one[-1 - i] is not two[-1 - i]), most - before)
    return before, after


def lands_s(looks: Sequence[Look], index: int) -> float:
    """When a look's saccade is over."""
    look = looks[index]
    if index == 0:
        return look.onset_s + float(saccade.duration_s(0.0))
    one, two = leaves_rad(looks, index), (look.shift.yaw_rad, look.shift.pitch_rad)
    return look.onset_s + travel_s(one[0], one[1], *two)


def travel_s(yaw_rad: float, pitch_rad: float, to_yaw_rad: float, to_pitch_rad: float) -> float:
    """As `saccade.travel_s`, in plain numbers: edits ask for it thousands of times."""
    half_yaw, half_pitch = (to_yaw_rad - yaw_rad) / 2, (to_pitch_rad - pitch_rad) / 2
    h = math.sin(half_pitch) ** 2 + math.cos(pitch_rad) * math.cos(to_pitch_rad) * math.sin(half_yaw) ** 2
    return saccade.LEAST_S + saccade.PER_DEG_S * math.degrees(2 * math.asin(math.sqrt(min(h, 1.0))))


def leaves_rad(looks: Sequence[Look], index: int) -> tuple[float, float]:
    """Where the gaze is as a look's saccade begins: yaw, pitch."""
    if index == 0:
        return looks[0].shift.yaw_rad, looks[0].shift.pitch_rad
    before = looks[index - 1].shift
    if before.path is None:
        return before.yaw_rad, before.pitch_rad
    yaw, pitch = gaze_at(looks[index - 1], looks[index].onset_s)
    return float(yaw), float(pitch)


def gaze_at(look: Look, time_s: float) -> np.ndarray:
    """(2,) where a look rests at a time after it has landed."""
    path = look.shift.path
    return look.shift.target_rad if path is None else path.at(np.array([time_s]))[0][0]


def listed(
    looks: Sequence[Look], lids: Sequence[LidEvent], duration_s: float, known: dict[Any, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Every event as plain data, for editors: angles in degrees in space, times in seconds.

    Args:
        looks: in time order.
        lids: in time order.
        duration_s: of the take.
        known: rows of looks that were listed before, which are not worked out again; takes in those that are new.
    """
    known = {} if known is None else known
    if len(known) > MOST_KNOWN + 4 * len(looks):
        known.clear()
    shifts = []
    for i, look in enumerate(looks):
        ends = looks[i + 1].onset_s if i + 1 < len(looks) else duration_s
        key = (look, looks[i - 1].shift if i else None, ends)
        if key not in known:
            known[key] = _listed_look(looks, i, ends)
        shifts.append(dict(known[key]))
    blinks = [
        {
            "id": e.id,
            "at_s": _short(e.onset_s),
            "lasts_s": _short(e.blink.end_s - e.onset_s),
            "closure": _short(max(e.blink.peak_left, e.blink.peak_right)),
        }
        for e in lids
    ]
    return {"shifts": shifts, "blinks": blinks}


def _listed_look(looks: Sequence[Look], index: int, ends_s: float) -> dict[str, Any]:
    look, landed = looks[index], lands_s(looks, index)
    shift, leaves = look.shift, leaves_rad(looks, index)
    return {
        "id": look.id,
        "at_s": _short(shift.onset_s),
        "lands_s": _short(landed),
        "lasts_s": _short(ends_s - landed),
        "from_deg": [_short(v) for v in np.degrees(leaves)],
        "yaw_deg": _short(np.degrees(shift.yaw_rad)),
        "pitch_deg": _short(np.degrees(shift.pitch_rad)),
        "size_deg": _short(np.degrees(apart_rad(np.array(leaves), shift.target_rad))),
        "distance_m": _short(shift.distance_m),
        "moves": shift.path is not None,
        "directed": look.directed,
    }


def _short(value: Any) -> float:
    return round(float(value), 4)
