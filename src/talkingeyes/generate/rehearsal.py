"""Some seconds of a take as they would be with other amounts, without planning what comes before them.

The generator goes on from a snapshot of the take as it is, so the seconds that are rehearsed look as the new amounts
make them, but they are not those of the whole take planned anew, whose past is another one. Short takes are planned
from their beginning: what is rehearsed of them is what they will be.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES, STEP_S, Blink, GazeShift, Plan
from talkingeyes.generate.planned import PlannedTake, generator_of
from talkingeyes.generate.streams import Streams
from talkingeyes.rig import FACE_NAMES

if TYPE_CHECKING:
    from talkingeyes.generate.request import ResolvedRequest

WHOLE_S = 20.0
"""Takes up to this are planned from their beginning."""
EDGE_S = 3 / PLAN_RATE_HZ
"""The last rows of a plan that goes on are not shown: the renderer looks ahead by them."""

Event = TypeVar("Event", GazeShift, Blink)


class Rehearsal:
    """A take with other amounts, planned piece by piece.

    Args:
        take: as it is, with snapshots.
        request: as it would be: the same but for its amounts and edits.
        from_s: where somebody looks; it begins there or shortly before.
    """

    def __init__(self, take: PlannedTake, request: ResolvedRequest, from_s: float) -> None:
        self._take, self._request = take, request
        self._generator = generator_of(request, take.marks, take.kept.head_at, take.kept.shifts)
        self._cues = take.cues(lips=True)
        self.is_exact = take.snapshots is None or take.duration_s <= WHOLE_S
        if take.snapshots is None or self.is_exact:
            streams = Streams.from_seed(take.seed, request.character)
            self._first, state = 0, self._generator.start(self._cues, streams)
        else:
            self._first, state, streams = take.snapshots.before(int(from_s / STEP_S))
        self._state, self._streams = state, streams
        self._steps: list[Plan] = []

    @property
    def from_s(self) -> float:
        """Where it begins."""
        return self._first * STEP_S

    @property
    def to_s(self) -> float:
        """Up to where it can be shown."""
        if self._first + len(self._steps) >= self._cues.num_steps:
            return self._take.duration_s
        return max(self.from_s, self.from_s + len(self._steps) * STEP_S - EDGE_S)

    def go_on(self, to_s: float, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Plan on.

        Args:
            to_s: up to where.
            goes_on: is asked before every step.
        """
        while self.to_s < min(to_s, self._take.duration_s) and goes_on():
            self._steps.append(self._generator.step(self._cues, self._state, self._streams))

    def taken(self) -> PlannedTake:
        """The take with what was planned in the place of its own.

        Raises:
            EditsError: an edit cannot be done on it.
        """
        base = self._take.base
        if not self._steps:
            return self._take
        plan = spliced(base, Plan.join(self._steps), self._first * STEP_FRAMES)
        return self._take.with_plan(self._request, plan)


def spliced(base: Plan, part: Plan, first: int) -> Plan:
    """A plan with some of its rows, and what happens in them, replaced.

    Args:
        base: the plan.
        part: what comes in.
        first: number of its first row in the plan.
    """
    last = first + len(part.head_rad)
    begin_s, end_s = first / PLAN_RATE_HZ, last / PLAN_RATE_HZ
    names = tuple(n for n in FACE_NAMES if n in base.face_names or n in part.face_names)
    face = _with_names(base.face, base.face_names, names)
    face[first:last] = _with_names(part.face, part.face_names, names)[: len(face) - first]
    return replace(
        base, face=face, face_names=names, head_rad=_put(base.head_rad, part.head_rad, first),
        gaze=_between(base.gaze, part.gaze, begin_s, end_s), blinks=_between(base.blinks, part.blinks, begin_s, end_s),
        lid_rest=None if base.lid_rest is None or part.lid_rest is None else _put(base.lid_rest, part.lid_rest, first),
    )  # fmt: skip


def _put(track: NDArray[Any], rows: NDArray[Any], first: int) -> NDArray[Any]:
    out = track.copy()
    out[first : first + len(rows)] = rows[: len(out) - first]
    return out


def _with_names(face: NDArray[Any], own: Sequence[str], names: Sequence[str]) -> NDArray[Any]:
    """A copy with the columns of ``names``; those that it lacks are at rest."""
    if tuple(own) == tuple(names):
        return face.copy()
    out = np.zeros((len(face), len(names)), face.dtype)
    out[:, [names.index(name) for name in own]] = face
    return out


def _between(own: Sequence[Event], new: Sequence[Event], begin_s: float, end_s: float) -> tuple[Event, ...]:
    """The new events in the place of the own ones from one time to another; at 0 those before it go as well."""
    before = bisect.bisect_left(own, begin_s, key=_onset) if begin_s > 0 else 0
    after = bisect.bisect_left(own, end_s, key=_onset)
    return (*own[:before], *new, *own[max(before, after) :])


def _onset(event: GazeShift | Blink) -> float:
    return event.onset_s
