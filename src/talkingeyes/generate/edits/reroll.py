"""New motion of one channel for a range: an excerpt of another take of the same person, joined on without a jump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate import saccade
from talkingeyes.generate.edits.events import LidEvent, Look, gaze_at, lands_s, new_id
from talkingeyes.generate.edits.ranges import weights
from talkingeyes.generate.plan import Blink, GazeShift
from talkingeyes.generate.pursuit import apart_rad

Floats = NDArray[Any]

FIXATION_S = 0.1
"""Looks at the joins last at least so long."""
JOIN_RAD = np.radians(2.0)
"""The range begins with a saccade where the new gaze is further than this from the old one."""
RETURNS_WITH_S = 0.6
"""The gaze returns with the take's own last shift of the range, if that lies in its last part."""
REFRACTORY_S = 0.2
MOUTH_RAMP_S = 0.12


def gaze(looks: Sequence[Look], new: Sequence[GazeShift], from_s: float, to_s: float, duration_s: float) -> list[Look]:
    """The looks with new ones in a range; what is directed stays, and the gaze is back when the range ends.

    Args:
        looks: of the take, in time order.
        new: shifts of another take, in time order.
        from_s: start of the range.
        to_s: its end.
        duration_s: of the take.
    """
    out = list(looks)
    for begin_s, end_s in _free(looks, from_s, to_s, duration_s):
        out = _spliced(out, new, begin_s, end_s, duration_s)
    return out


def _free(looks: Sequence[Look], from_s: float, to_s: float, duration_s: float) -> list[tuple[float, float]]:
    """The parts of a range in which nothing is directed."""
    ends = [*(look.onset_s for look in looks[1:]), duration_s]
    held = [(look.onset_s, end) for look, end in zip(looks, ends, strict=True) if look.directed]
    parts, at = [], from_s
    for begin_s, end_s in held:
        if end_s <= at or begin_s >= to_s:
            continue
        parts.append((at, begin_s))
        at = end_s
    parts.append((at, to_s))
    return [(a, b) for a, b in parts if b - a >= 2 * FIXATION_S]


def _spliced(
    looks: Sequence[Look], new: Sequence[GazeShift], from_s: float, to_s: float, duration_s: float
) -> list[Look]:
    begins = max(i for i, look in enumerate(looks) if look.onset_s < from_s or i == 0)
    before = list(looks[: begins + 1])
    at_s = max(from_s, lands_s(before, begins) + FIXATION_S) if from_s > 0 else 0.0
    if to_s >= duration_s - 0.02:
        return [*before, *_inside(before, new, at_s, duration_s)]
    last = max(i for i, look in enumerate(looks) if look.onset_s < to_s or i == 0)
    if last > begins and lands_s(looks, last) > to_s:  # its saccade goes on beyond the range
        last, to_s = last - 1, looks[last].onset_s
    after, returning = list(looks[last + 1 :]), looks[last]
    inside = _inside(before, new, at_s, to_s)
    while True:
        way_from = (before + inside)[-1]
        travel_s = saccade.travel_s(gaze_at(way_from, to_s), returning.shift.target_rad)
        onset_s = to_s - travel_s - 1e-3
        if returning.onset_s > to_s - RETURNS_WITH_S and returning.onset_s + travel_s < to_s and last > begins:
            onset_s = returning.onset_s
        if not inside or lands_s(before + inside, len(before) + len(inside) - 1) + FIXATION_S <= onset_s:
            break
        inside.pop()
    if onset_s < at_s or (not inside and last == begins):
        return list(looks)
    back = returning.at(onset_s) if last > begins else _again(returning, onset_s, [*looks, *inside])
    return [*before, *inside, back, *after]


def _again(look: Look, onset_s: float, looks: Sequence[Look]) -> Look:
    """The gaze comes back to a look that went on through the whole range."""
    return Look(new_id("shift", onset_s, {one.id for one in looks}), replace(look.shift, onset_s=onset_s), look.edit)


def _inside(before: Sequence[Look], new: Sequence[GazeShift], from_s: float, to_s: float) -> list[Look]:
    """The other take's looks within a range, begun by a saccade to where its gaze is as the range begins."""
    taken = {look.id for look in before}
    coming = [shift for shift in new if from_s + FIXATION_S < shift.onset_s < to_s - FIXATION_S]
    present = [shift for shift in new if shift.onset_s <= from_s + FIXATION_S]
    if present and (not coming or coming[0].onset_s > from_s + 2.5 * FIXATION_S):
        here = gaze_at(before[-1], from_s)
        if apart_rad(here, present[-1].target_rad) > JOIN_RAD:
            coming.insert(0, replace(present[-1], onset_s=from_s, path=None))
    made: list[Look] = []
    for shift in coming:
        chain = [*before, *made]
        if made and shift.onset_s < lands_s(chain, len(chain) - 1) + REFRACTORY_S / 4:
            continue
        name = new_id("shift", shift.onset_s, taken)
        taken.add(name)
        made.append(Look(name, replace(shift, hold_until_s=0.0)))
    return made


def track(own: Floats, new: Floats, first: int, from_s: float, to_s: float, ramp_s: float) -> Floats:
    """A track at `PLAN_RATE_HZ` with another one blended in within a range.

    Args:
        own: (n, K) of the take.
        new: (m, K) of the excerpt.
        first: sample of the take where the excerpt begins.
        from_s: start of the range.
        to_s: its end.
        ramp_s: how long the change takes at each end.
    """
    short = min(1.0, (to_s - from_s) / 2 / ramp_s) if from_s > 0 else 1.0  # a short range goes less far, not faster
    weight = short**2 * weights(len(own), from_s, to_s, ramp_s)
    out = own.copy()
    inside = np.flatnonzero(weight > 0)
    inside = inside[(inside >= first) & (inside < first + len(new))]
    w = weight[inside, None]
    out[inside] = own[inside] + w * (new[inside - first] - own[inside])
    return out


def head_ramp_s(own_rad: Floats, new_rad: Floats, first: int, from_s: float, to_s: float) -> float:
    """How long a head takes from one pose to the other at the joins."""
    inside = slice(max(first, round(from_s * 50)), min(len(own_rad), first + len(new_rad), round(to_s * 50)))
    apart = own_rad[inside] - new_rad[inside.start - first : inside.stop - first]
    return 0.3 + 0.018 * float(np.degrees(np.abs(apart).max(initial=0.0)))


def blinks(lids: Sequence[LidEvent], new: Sequence[Blink], from_s: float, to_s: float) -> list[LidEvent]:
    """The blinks with new ones in a range; none is cut at its ends."""
    kept = [e for e in lids if e.edited or not (from_s <= e.onset_s and e.blink.end_s <= to_s)]
    taken, made = {e.id for e in kept}, []
    for blink in new:
        clear = all(
            blink.end_s + REFRACTORY_S <= e.onset_s or blink.onset_s >= e.blink.end_s + REFRACTORY_S for e in kept
        )
        if from_s <= blink.onset_s and blink.end_s <= to_s and clear:
            name = new_id("blink", blink.onset_s, taken)
            taken.add(name)
            made.append(LidEvent(name, blink))
    return sorted([*kept, *made], key=lambda e: e.onset_s)
