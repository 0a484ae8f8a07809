"""Edits of gaze shifts and looks. They stay saccades: every edit changes when and where to, never a frame."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from talkingeyes.errors import EditsError
from talkingeyes.generate import saccade
from talkingeyes.generate.edits.events import Look, common_ends, gaze_at, index_of, lands_s, new_id
from talkingeyes.generate.edits.read import Edit
from talkingeyes.generate.edits.table import MAX_PITCH_DEG, MAX_YAW_DEG
from talkingeyes.generate.plan import GazePath, GazeShift
from talkingeyes.generate.pursuit import apart_rad, following
from talkingeyes.generate.targets import Target

REST_S = 0.05
"""A look that an edit makes lasts at least so long."""
REPLACED_S = 0.12
"""A shift so close to one that is added gives way to it."""
SOON_S = 0.25
"""After a directed look the gaze waits for its next own shift, if that comes so soon."""
SAME_RAD = math.radians(0.5)


@dataclass
class Lane:
    """The looks of a take while edits change them.

    Attributes:
        looks: in time order; the first begins before the take does.
        targets: by name.
        duration_s: of the take.
    """

    looks: list[Look]
    targets: Mapping[str, Target]
    duration_s: float

    def apply(self, edit: Edit) -> None:
        """Do one edit.

        Raises:
            EditsError: it cannot be done.
        """
        before = list(self.looks)
        try:
            _DO[edit.do](self, edit)
        except EditsError:
            self.looks = before
            raise
        self.looks = settled(self.looks, before)

    def until(self, index: int) -> float:
        """When the look at an index ends."""
        return self.looks[index].onset_s if index < len(self.looks) else self.duration_s

    def active(self, time_s: float) -> int:
        """Index of the look that is going on."""
        return max((i for i, look in enumerate(self.looks) if look.onset_s <= time_s), default=0)

    def named(self, onset_s: float) -> str:
        """A new id."""
        return new_id("shift", onset_s, {look.id for look in self.looks})


def settled(looks: list[Look], before: Sequence[Look]) -> list[Look]:
    """Each saccade begins after the last one is over, and not at once.

    Args:
        looks: as an edit left them.
        before: as they were; what followed each other then may do so as closely as it did.
    """
    begin, same_after = common_ends(looks, before)
    out = list(looks[:begin])
    for i in range(begin, len(looks)):
        if i > len(looks) - same_after and out[-1] is looks[i - 1]:
            return [*out, *looks[i:]]
        look = looks[i]
        if out:
            free_s = lands_s(out, len(out) - 1) + REST_S
            look = look.at(free_s) if look.onset_s < free_s - 1e-9 else look
        out.append(look)
    return out


def finished(looks: list[Look], duration_s: float) -> list[GazeShift]:
    """The shifts of the plan: what is directed holds until the next shift."""
    ends = [look.onset_s for look in looks[1:]] + [duration_s]
    shifts = []
    for look, end_s in zip(looks, ends, strict=True):
        shift = look.shift
        if look.edited and shift.hold_until_s != end_s:
            shift = replace(shift, hold_until_s=max(end_s, 1e-6), stay_s=max(end_s - shift.onset_s, REST_S))
        shifts.append(shift)
    return shifts


def place_of(edit: Edit, targets: Mapping[str, Target], from_s: float, to_s: float) -> Target:
    """Where an edit says to look.

    Raises:
        EditsError: no such target, or it is out of reach.
    """
    name = edit.get("target")
    if name is not None:
        if name == "camera" and name not in targets:
            return Target("camera", np.array([[0.0, 0.0, 1.0]]))
        if name not in targets:
            known = ", ".join(sorted({"camera", *targets}))
            raise edit.missing(f"there is no target {name!r}; accepted: {known}", "target")
        return targets[name]
    yaw, pitch = edit.get("yaw_deg", 0.0), edit.get("pitch_deg", 0.0)
    if math.hypot(yaw / MAX_YAW_DEG, pitch / MAX_PITCH_DEG) > 1 + 1e-9:
        accepted = f"an ellipse of {MAX_YAW_DEG:g} deg yaw and {MAX_PITCH_DEG:g} deg pitch is accepted"
        raise edit.refused(f"yaw {yaw:g}, pitch {pitch:g} deg is out of reach; {accepted}", "yaw_deg")
    cy, cp = math.cos(math.radians(yaw)), math.cos(math.radians(pitch))
    sy, sp = math.sin(math.radians(yaw)), math.sin(math.radians(pitch))
    return Target("", edit.get("distance_m", 1.0) * np.array([[sy * cp, sp, cy * cp]]))


def _check_within(lane: Lane, edit: Edit, *fields: str) -> None:
    for name in fields:
        if name in edit.values and edit[name] > lane.duration_s + 0.05:
            raise edit.refused(f"{name} is {edit[name]:g}; the take ends at {lane.duration_s:.2f} s", name)


def _following(lane: Lane, edit: Edit, onset_s: float, to_s: float, first_id: str | None = None) -> list[Look]:
    """Looks at the edit's place from a saccade at ``onset_s`` on."""
    before = gaze_at(lane.looks[lane.active(onset_s - 1e-9)], onset_s)
    place = place_of(edit, lane.targets, onset_s, to_s)
    return _as_looks(lane, edit, following(place, onset_s, to_s, before, onset_s), first_id)


def _as_looks(lane: Lane, edit: Edit, shifts: list[GazeShift], first_id: str | None = None) -> list[Look]:
    taken, made = {look.id for look in lane.looks}, []
    for shift in shifts:
        name = first_id if first_id and not made else new_id("shift", shift.onset_s, taken)
        taken.add(name)
        made.append(Look(name, shift, edit.index))
    return made


def _add(lane: Lane, edit: Edit) -> None:
    _check_within(lane, edit, "at_s")
    at_s, first, *rest = edit["at_s"], *lane.looks
    kept = [first, *(look for look in rest if abs(look.onset_s - at_s) > REPLACED_S)]
    lane.looks = [look for i, look in enumerate(kept) if i == 0 or not _in_flight(kept, i, at_s)]
    index = lane.active(at_s) + 1
    made = _following(lane, edit, at_s, lane.until(index))
    lane.looks[index:index] = made
    after = index + len(made)
    if after < len(lane.looks) and lane.looks[after].onset_s < lands_s(lane.looks, after - 1) + REST_S:
        del lane.looks[after]


def _in_flight(looks: list[Look], index: int, time_s: float) -> bool:
    """Whether a look's saccade goes on at a time, or has hardly ended."""
    return looks[index].onset_s <= time_s < lands_s(looks, index) + REST_S


def _movable(lane: Lane, edit: Edit) -> int:
    index = index_of(lane.looks, edit, "shift")
    if index == 0:
        raise edit.refused(
            f"{lane.looks[0].id} is where the gaze is as the take begins; only shift.retarget is accepted for it",
            "event",
        )
    return index


def _move(lane: Lane, edit: Edit) -> None:
    _check_within(lane, edit, "to_s")
    index, to_s = _movable(lane, edit), edit["to_s"]
    travel_s = lands_s(lane.looks, index) - lane.looks[index].onset_s
    low = max(lands_s(lane.looks, index - 1) + REST_S, 0.0) if index > 1 else 0.0
    high = lane.until(index + 1) - travel_s - REST_S
    if not low <= to_s <= high:
        accepted = f"{low:.3f} to {high:.3f}, between its neighbours, is accepted"
        raise edit.missing(f"to_s is {to_s:g}; {accepted}", "to_s")
    lane.looks[index] = lane.looks[index].at(to_s)


def _retarget(lane: Lane, edit: Edit) -> None:
    index = index_of(lane.looks, edit, "shift")
    look = lane.looks[index]
    made = _following(lane, edit, look.onset_s, lane.until(index + 1), look.id)
    lane.looks[index : index + 1] = made


def _delete(lane: Lane, edit: Edit) -> None:
    del lane.looks[_movable(lane, edit)]


def _look(lane: Lane, edit: Edit) -> None:
    _check_within(lane, edit, "from_s", "to_s")
    from_s, to_s = edit["from_s"], min(edit["to_s"], lane.duration_s)
    place = place_of(edit, lane.targets, from_s, to_s)
    onset_s = from_s
    for _ in range(3):  # where the gaze comes from decides when it leaves, and that which look it comes from
        before = gaze_at(lane.looks[lane.active(onset_s - REST_S)], onset_s)
        onset_s = from_s - saccade.travel_s(before, place.at(np.array([from_s]))[0][0])
    resumes = lane.looks[lane.active(to_s)]
    leading = [look for i, look in enumerate(lane.looks) if i == 0 or lands_s(lane.looks, i) < onset_s - REST_S]
    leading = [look for look in leading if look is lane.looks[0] or look.onset_s < onset_s]
    trailing = [look for look in lane.looks[1:] if look.onset_s >= to_s]
    if leading == lane.looks[:1] and from_s <= SOON_S:
        onset_s = max(lane.looks[0].onset_s + REPLACED_S, -0.5) if from_s <= REST_S else max(onset_s, 0.0)
    before = gaze_at(leading[-1], onset_s)
    shifts = following(place, max(from_s, onset_s), to_s, before, onset_s)
    lane.looks = [*leading, *_as_looks(lane, edit, shifts), *trailing]
    _resume(lane, resumes, to_s, len(leading) + len(shifts))


def _resume(lane: Lane, look: Look, to_s: float, index: int) -> None:
    """After a directed look the gaze goes to where it would have been."""
    if to_s >= lane.duration_s - REST_S or lane.until(index) < to_s + SOON_S:
        return
    if apart_rad(gaze_at(look, to_s), gaze_at(lane.looks[index - 1], to_s)) < SAME_RAD:
        return
    still_there = any(other.id == look.id for other in lane.looks)
    name = lane.named(to_s) if still_there else look.id
    yaw, pitch = gaze_at(look, to_s)
    shift = replace(look.shift, onset_s=to_s, hold_until_s=0.0)
    if shift.path is not None:
        shift = replace(shift, yaw_rad=float(yaw), pitch_rad=float(pitch))
    lane.looks.insert(index, Look(name, shift, look.edit))


def _stay(lane: Lane, edit: Edit) -> None:
    index = index_of(lane.looks, edit, "shift")
    end_s = max(lands_s(lane.looks, index), 0.0) + edit["lasts_s"]
    after = lane.looks[index + 1 :]
    if not after:
        raise edit.missing("the look lasts to the end of the take; a look with another after it is accepted", "event")
    gone = list(itertools.takewhile(lambda look: look.onset_s < end_s, after))
    rest = after[len(gone) :]
    following_look = gone[-1] if gone else rest.pop(0)
    moved = [following_look.at(end_s)]
    if end_s >= lane.duration_s or (rest and rest[0].onset_s < end_s + REPLACED_S):
        moved = []
    lane.looks = [*lane.looks[: index + 1], *moved, *rest]


def _offset(lane: Lane, edit: Edit) -> None:
    _check_within(lane, edit, "from_s", "to_s")
    by = np.radians([edit.get("yaw_deg", 0.0), edit.get("pitch_deg", 0.0)])
    from_s, to_s = edit.get("from_s", -1e9), edit.get("to_s", 1e9)
    if to_s < lane.duration_s:
        _split(lane, to_s)
    if from_s > 0:
        _split(lane, from_s)
    inside = [from_s <= look.onset_s < to_s for look in lane.looks]
    inside[0] = from_s <= 0
    lane.looks = [_shifted(look, by) if here else look for look, here in zip(lane.looks, inside, strict=True)]


def _split(lane: Lane, time_s: float) -> None:
    """A look that goes on becomes two with a shift between them."""
    index = lane.active(time_s)
    look = lane.looks[index]
    if abs(look.onset_s - time_s) < 1e-9 or lane.until(index + 1) <= time_s + REPLACED_S:
        return
    time_s = max(time_s, lands_s(lane.looks, index) + REST_S)
    yaw, pitch = gaze_at(look, time_s)
    shift = replace(look.shift, onset_s=time_s, yaw_rad=float(yaw), pitch_rad=float(pitch))
    lane.looks.insert(index + 1, Look(lane.named(time_s), shift, look.edit))


def _shifted(look: Look, by_rad: np.ndarray) -> Look:
    yaw, pitch = _reached(look.shift.target_rad + by_rad)
    path = look.shift.path
    if path is not None:
        path = GazePath(path.start_s, np.array([_reached(g + by_rad) for g in path.gaze_rad]), path.distance_m)
    return replace(look, shift=replace(look.shift, yaw_rad=float(yaw), pitch_rad=float(pitch), path=path))


def _reached(gaze_rad: np.ndarray) -> np.ndarray:
    beyond = math.hypot(*(np.degrees(gaze_rad) / (MAX_YAW_DEG, MAX_PITCH_DEG)))
    return gaze_rad / max(beyond, 1.0)


_DO: dict[str, Callable[[Lane, Edit], None]] = {
    "shift.add": _add,
    "shift.move": _move,
    "shift.retarget": _retarget,
    "shift.delete": _delete,
    "look": _look,
    "stay": _stay,
    "offset": _offset,
}
