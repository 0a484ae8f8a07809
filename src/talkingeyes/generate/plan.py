"""The Plan: what a generator decides, before any frame rate: gaze targets in space, head pose, blinks, face.

Every generator is a stepper that emits one Plan per step (`STEP_S`, live less); `coordination.render` turns the joined
plan into Motion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

STEP_S = 0.2
"""One generator step over a recording that is known whole."""
PLAN_RATE_HZ = 50
"""Rate of the head and face tracks of a plan."""
STEP_FRAMES = round(STEP_S * PLAN_RATE_HZ)
GAZE_LEAD_S = 0.4
"""Gaze shifts are decided this much before they happen, so that the head may start first (yardstick, Eye and head)."""


@dataclass(frozen=True, eq=False)
class GazePath:
    """Where the gaze goes smoothly, at `PLAN_RATE_HZ`; before and after it the gaze rests on its ends.

    Attributes:
        start_s: time of the first sample.
        gaze_rad: (n, 2) yaw, pitch in space.
        distance_m: (n,).
    """

    start_s: float
    gaze_rad: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    def at(self, times_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(T, 2) gaze and (T,) distance at given times."""
        place = (np.asarray(times_s, float) - self.start_s) * PLAN_RATE_HZ
        known = np.arange(len(self.distance_m))
        yaw, pitch = (np.interp(place, known, self.gaze_rad[:, k]) for k in (0, 1))
        return np.stack([yaw, pitch], axis=-1), np.interp(place, known, self.distance_m)


@dataclass(frozen=True)
class Stepping:
    """How a generator steps.

    Attributes:
        frames: of the plan per step.
        lead_s: gaze shifts are decided this much before they happen.
        accents_ahead: whether accents are heard a step before they come; where not, nods begin when they are heard.
    """

    frames: int = STEP_FRAMES
    lead_s: float = GAZE_LEAD_S
    accents_ahead: bool = True

    @property
    def step_s(self) -> float:
        """Length of a step."""
        return STEP_S if self.frames == STEP_FRAMES else self.frames / PLAN_RATE_HZ

    def frames_of(self, index: int) -> NDArray[np.int64]:
        """(frames,) numbers of the plan's frames in step ``index``."""
        return index * self.frames + np.arange(self.frames)

    def times_s(self, index: int) -> NDArray[np.float64]:
        """(frames,) times of the plan's frames in step ``index``."""
        return index * self.step_s + np.arange(self.frames) / PLAN_RATE_HZ


WHOLE_FILE = Stepping()
"""A recording that is known whole."""


@dataclass(frozen=True)
class GazeShift:
    """The gaze leaves for a target in space at ``onset_s``, by a saccade.

    Attributes:
        onset_s: start of the saccade; the first shift of a recording may start before 0.
        yaw_rad: target in space, + to the character's left.
        pitch_rad: target in space, + up.
        distance_m: distance of the target, for vergence.
        stay_s: how long the gaze is meant to stay about there; the head takes little part in a short glance.
        hold_until_s: end of the director's mark that this shift serves; 0 for a free shift.
        path: what the gaze follows after it has landed, where the target moves; it starts at the target.
    """

    onset_s: float
    yaw_rad: float
    pitch_rad: float
    distance_m: float = 1.0
    stay_s: float = 1.0
    hold_until_s: float = 0.0
    path: GazePath | None = None

    @property
    def forced(self) -> bool:
        """A director's mark: the head helps early enough to reach it and stays until it ends."""
        return self.hold_until_s > 0

    @property
    def target_rad(self) -> NDArray[np.float64]:
        """(2,) yaw, pitch."""
        return np.array([self.yaw_rad, self.pitch_rad])


SLOW_SHARE = 0.17
"""Of a blink's height, the lids come back from the last part slowly."""
FAST_PART = 0.56
"""The rest is done within this part of the opening."""


def opened(share_of_time: ArrayLike) -> NDArray[np.float64]:
    """Share of the way that the lids are open again: fast at first, then ever slower (Evinger 1991; fitted videos).

    Args:
        share_of_time: 0..1 of the opening's time, any shape.
    """
    u = np.clip(np.asarray(share_of_time, float), 0.0, 1.0)
    v = np.minimum(u / FAST_PART, 1.0)
    fast = 1 - (1 - v) ** 4 * (1 + 4 * v)
    return (1 - SLOW_SHARE) * fast + SLOW_SHARE * u * u * (3 - 2 * u)


HALF_OPEN = float(np.interp(0.5, opened(np.linspace(0, 1, 513)), np.linspace(0, 1, 513)))
"""Share of the opening's time until half of the way is done."""


def opening_of(half_s: float, closing_s: float) -> float:
    """Time of an opening that has done half of its way after ``half_s``, but is no faster than the closing."""
    return max(half_s, 0.55 * closing_s) / HALF_OPEN


@dataclass(frozen=True)
class Blink:
    """One blink: closing, closed and opening phases and the closure reached per side.

    Attributes:
        onset_s: start of the lid that is first.
        closing_s: from open to its peak.
        closed_s: at its peak.
        opening_s: until the lid rests again, see `opened`.
        peak_left: closure of the left lid.
        peak_right: closure of the right lid.
        left_later_s: the left lid does the same so much later than the right one; below 0 the right one is later.
    """

    onset_s: float
    closing_s: float
    closed_s: float
    opening_s: float
    peak_left: float
    peak_right: float
    left_later_s: float = 0.0

    @property
    def end_s(self) -> float:
        """When both lids are open again."""
        return self.onset_s + self.closing_s + self.closed_s + self.opening_s + abs(self.left_later_s)

    @property
    def onsets_s(self) -> tuple[float, float]:
        """Of the left and the right lid."""
        return self.onset_s + max(0.0, self.left_later_s), self.onset_s + max(0.0, -self.left_later_s)


@dataclass(frozen=True)
class Plan:
    """Some steps of a generator's decisions.

    Attributes:
        head_rad: (n, 3) yaw, pitch, roll at `PLAN_RATE_HZ`.
        face: (n, K) coefficients at `PLAN_RATE_HZ`.
        face_names: the K names, Apple's order.
        gaze: shifts in time order.
        blinks: blinks in time order.
        lid_rest: (n, 2) closure of the left and right lid between blinks, at `PLAN_RATE_HZ`; None: open.
        origin: number of the first row of the tracks; a live session forgets what has been shown.
    """

    head_rad: NDArray[np.float64]
    face: NDArray[np.floating[Any]]
    face_names: tuple[str, ...]
    gaze: tuple[GazeShift, ...] = field(default=())
    blinks: tuple[Blink, ...] = field(default=())
    lid_rest: NDArray[np.float64] | None = None
    origin: int = 0

    @staticmethod
    def join(plans: Sequence[Plan]) -> Plan:
        """Consecutive plans as one."""
        rests = [p.lid_rest for p in plans if p.lid_rest is not None]
        assert len(rests) in (0, len(plans)), "some plans say how the lids rest and some do not"
        return Plan(
            head_rad=np.concatenate([p.head_rad for p in plans]),
            face=np.concatenate([p.face for p in plans]),
            face_names=plans[0].face_names,
            gaze=tuple(shift for p in plans for shift in p.gaze),
            blinks=tuple(blink for p in plans for blink in p.blinks),
            lid_rest=np.concatenate(rests) if rests else None,
            origin=plans[0].origin,
        )


@dataclass
class ShiftQueue:
    """Shifts that were decided and whose step has not come: gaze is decided `GAZE_LEAD_S` ahead of the head.

    Attributes:
        opening: those decided before the first step; the first one says where the gaze is at time 0.
        step_s: length of a step.
        coming: those whose step has not come.
        begun: the last two whose step has.
        news: those that came between two steps (`interject`).
    """

    opening: list[GazeShift]
    step_s: float = STEP_S
    coming: list[GazeShift] = field(init=False)
    begun: list[GazeShift] = field(init=False)
    news: list[GazeShift] = field(init=False)

    def __post_init__(self) -> None:
        """All are yet to come."""
        self.coming, self.begun, self.news = list(self.opening), [], []

    def stepped(self, fresh: list[GazeShift], index: int) -> tuple[list[GazeShift], list[GazeShift]]:
        """Step ``index`` decided ``fresh``: what the head hears of in it, and the shifts that start in it or before."""
        self.coming += fresh
        end_s = (index + 1) * self.step_s
        due = [s for s in self.coming if s.onset_s < end_s]
        self.coming = [s for s in self.coming if s.onset_s >= end_s]
        self.begun = [*self.begun, *due][-2:]
        told, self.news = self.news + (self.opening if index == 0 else []) + fresh, []
        return told, due

    def interject(self, shift: GazeShift) -> None:
        """A shift that comes between two steps; those that have not begun are taken back."""
        self.coming, self.news = [shift], [shift]
