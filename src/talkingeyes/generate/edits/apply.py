"""Edits on a plan: each channel's in their order, the gaze first, since head and blinks follow it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import EditDoesNotApplyError
from talkingeyes.generate.edits import blinks, face, follow, gaze, head, reroll
from talkingeyes.generate.edits.events import LidEvent, Look, gaze_at, lands_s, lid_events_of, looks_of
from talkingeyes.generate.edits.read import Edit, Edits
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, GazeShift, Plan
from talkingeyes.generate.render import FORCED_RANGE_RAD
from talkingeyes.generate.targets import Target

Floats = NDArray[Any]

REACHED_WITHIN = 1.02
"""Of the eyes' range that a directed look may use."""
ALSO_HEARD_S = 2.0
"""An excerpt begins so long before its range."""


@dataclass(frozen=True)
class Excerpt:
    """Some seconds of another take of the same person: a plan whose sample 0 is sample ``first`` of the take."""

    plan: Plan
    first: int

    @property
    def shifts(self) -> list[GazeShift]:
        """Its gaze shifts, at the take's times."""
        return [replace(s, onset_s=s.onset_s + self.first / PLAN_RATE_HZ) for s in self.plan.gaze]


class Excerpts(Protocol):
    """Where re-rolls come from."""

    def excerpt(
        self, channel: str, from_s: float, to_s: float, seed: int, shifts: Sequence[GazeShift] | None, head_rad: Floats
    ) -> Excerpt:
        """New motion of one channel; without ``shifts`` with a gaze of its own, within reach of ``head_rad``."""
        ...


@dataclass(frozen=True)
class LeftOut:
    """An edit that does not apply to a take as it is now.

    Attributes:
        edit: it.
        why: for people.
    """

    edit: Edit
    why: str

    def __str__(self) -> str:
        return f"edit {self.edit.index + 1} of {self.edit.count} ({self.edit.do}) does not apply now: {self.why}"


@dataclass(frozen=True)
class EditedPlan:
    """A plan with edits.

    Attributes:
        plan: to render.
        looks: its gaze shifts, with ids.
        lids: its blinks, with ids.
        left_out: edits that do not apply, in their order.
    """

    plan: Plan
    looks: tuple[Look, ...]
    lids: tuple[LidEvent, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass
class Editing:
    """A plan while it is edited.

    Attributes:
        plan: as it was.
        duration_s: of the take.
        excerpts: for re-rolls.
        targets: by name.
        kept_head_rad: (n, 3) at `PLAN_RATE_HZ`, where the take keeps an earlier one's head, which then follows nothing.
    """

    plan: Plan
    duration_s: float
    excerpts: Excerpts | None = None
    targets: Mapping[str, Target] = field(default_factory=dict)
    kept_head_rad: Floats | None = None
    _lenient: bool = False
    _left_out: dict[int, LeftOut] = field(default_factory=dict)

    def done(self, edits: Edits) -> EditedPlan:
        """The plan with every edit of a list; lenient ones leave out those that do not apply.

        Raises:
            EditsError: one of them cannot be done.
        """
        self._lenient = edits.lenient
        self.targets = {**self.targets, **edits.targets}
        unreachable: dict[int, LeftOut] = {}
        while True:
            self._left_out = dict(unreachable)
            found, missed = self._attempted([e for e in edits.edits if e.index not in unreachable])
            if not missed:
                return replace(found, left_out=tuple(self._left_out[i] for i in sorted(self._left_out)))
            if not edits.lenient:
                raise missed[0].edit.missing(missed[0].why)
            unreachable |= {out.edit.index: out for out in missed}

    @contextlib.contextmanager
    def _may_be_missing(self, edit: Edit) -> Iterator[None]:
        """Where somebody is lenient, an edit that does not apply is noted instead of refused."""
        try:
            yield
        except EditDoesNotApplyError as error:
            if not self._lenient:
                raise
            self._left_out[edit.index] = LeftOut(edit, error.why)

    def _attempted(self, edits: Sequence[Edit]) -> tuple[EditedPlan, list[LeftOut]]:
        """The plan with edits, and those whose looks the eyes do not reach."""
        by_channel: dict[str, list[Edit]] = {"gaze": [], "head": [], "blinks": [], "mouth": []}
        for edit in edits:
            by_channel[edit.channel].append(edit)
        looks, shifts, delta = self._gaze(by_channel["gaze"])
        head_rad = self._head(by_channel["head"], shifts, delta)
        held = head_rad if self.kept_head_rad is None else self.kept_head_rad
        missed = _unreachable(looks, held, {edit.index: edit for edit in edits}, self.duration_s)
        lids, rest = self._blinks(by_channel["blinks"], shifts)
        face_track = self._face(by_channel["mouth"], shifts)
        plan = replace(
            self.plan, head_rad=head_rad, face=face_track, gaze=tuple(shifts), blinks=tuple(e.blink for e in lids),
            lid_rest=rest,
        )  # fmt: skip
        return EditedPlan(plan, tuple(looks), tuple(lids)), missed

    def _gaze(self, edits: list[Edit]) -> tuple[list[Look], list[GazeShift], Floats]:
        """Looks, shifts, and what the head does more for those that edits changed."""
        delta = np.zeros_like(self.plan.head_rad)
        looks = looks_of(self.plan.gaze)
        if not edits:
            return looks, list(self.plan.gaze), delta
        own = self.plan.head_rad if self.kept_head_rad is None else self.kept_head_rad
        lane = gaze.Lane(looks, self.targets, self.duration_s)
        for edit in edits:
            if edit.do == "reroll":
                shifts = self._excerpt(edit, None, own + delta).shifts
                lane.looks = reroll.gaze(lane.looks, shifts, edit["from_s"], edit["to_s"], self.duration_s)
                continue
            was = list(lane.looks)
            with self._may_be_missing(edit):
                lane.apply(edit)
                delta += follow.head_delta(was, lane.looks, own)
        return lane.looks, gaze.finished(lane.looks, self.duration_s), delta

    def _head(self, edits: list[Edit], shifts: list[GazeShift], delta: Floats) -> Floats:
        was = self.plan.head_rad
        if not edits and not delta.any():
            return was
        out = was if self.kept_head_rad is not None else head.calmed(was + delta, was)
        for edit in (e for e in edits if e.do == "reroll"):
            found = self._excerpt(edit, shifts, out)
            span = (found.first, edit["from_s"], edit["to_s"])
            ramp_s = reroll.head_ramp_s(out, found.plan.head_rad, *span)
            out = reroll.track(out, found.plan.head_rad, *span, ramp_s)
        moved = out
        for edit in (e for e in edits if e.do != "reroll"):
            moved = head.with_edit(moved, edit, self.duration_s)
        return head.calmed(moved, out) if moved is not out else out

    def _blinks(self, edits: list[Edit], shifts: list[GazeShift]) -> tuple[list[LidEvent], Floats | None]:
        lids, rest = lid_events_of(self.plan.blinks), self.plan.lid_rest
        for edit in edits:
            if edit.do == "reroll":
                found = self._excerpt(edit, shifts, self.plan.head_rad)
                later_s = found.first / PLAN_RATE_HZ
                new = [replace(b, onset_s=b.onset_s + later_s) for b in found.plan.blinks]
                lids = reroll.blinks(lids, new, edit["from_s"], edit["to_s"])
            elif edit.do == "offset":
                rest = blinks.rest_with(rest, edit, len(self.plan.head_rad), self.duration_s)
            else:
                with self._may_be_missing(edit):
                    lids = blinks.with_edit(lids, edit, self.duration_s)
        return lids, rest

    def _face(self, edits: list[Edit], shifts: list[GazeShift]) -> Floats:
        out = self.plan.face
        for edit in (e for e in edits if e.do == "reroll"):
            found = self._excerpt(edit, shifts, self.plan.head_rad)
            span = (found.first, edit["from_s"], edit["to_s"])
            out = reroll.track(out, found.plan.face, *span, reroll.MOUTH_RAMP_S)
        for edit in (e for e in edits if e.do != "reroll"):
            out = face.with_edit(out, self.plan.face_names, edit, self.duration_s)
        return out

    def _excerpt(self, edit: Edit, shifts: list[GazeShift] | None, head_rad: Floats) -> Excerpt:
        if self.excerpts is None:
            raise edit.refused("this take has no recording beside it to be made anew from")
        if edit["to_s"] > self.duration_s + 0.05:
            raise edit.refused(f"to_s is {edit['to_s']:g}; the take ends at {self.duration_s:.2f} s", "to_s")
        return self.excerpts.excerpt(edit["channel"], edit["from_s"], edit["to_s"], edit["seed"], shifts, head_rad)


def _unreachable(
    looks: Sequence[Look], head_rad: Floats, edits: Mapping[int, Edit], duration_s: float
) -> list[LeftOut]:
    """Edits whose looks a head that is held puts out of the eyes' reach: they are never missed in silence."""
    missed: dict[int, str] = {}
    for i, look in enumerate(looks):
        if look.edit is None or look.edit in missed:
            continue
        end_s = looks[i + 1].onset_s if i + 1 < len(looks) else duration_s
        times_s = np.linspace(min(max(lands_s(looks, i), look.onset_s + GAZE_LEAD_S), end_s), end_s, 5)
        goal = rotations.direction_from_yaw_pitch(np.array([gaze_at(look, t) for t in times_s]))
        at = np.clip(np.round(times_s * PLAN_RATE_HZ).astype(int), 0, len(head_rad) - 1)
        turned = rotations.matrix_from_ypr(head_rad[at])
        eye = rotations.yaw_pitch_from_direction(np.einsum("tji,tj->ti", turned, goal))
        vertical = np.where(eye[:, 1] > 0, FORCED_RANGE_RAD[1], FORCED_RANGE_RAD[2])
        if (np.hypot(eye[:, 0] / FORCED_RANGE_RAD[0], eye[:, 1] / vertical) > REACHED_WITHIN).any():
            missed[look.edit] = (
                f"cannot be reached from {times_s[0]:.2f} to {end_s:.2f} s: the eyes would leave their range with the "
                "head as it is; a nearer place, or a head that is neither kept nor held, is accepted"
            )
    return [LeftOut(edits[index], why) for index, why in missed.items()]
