"""The whole head: posture, nods and turns with the gaze, within what a neck can do.

The *posture* holds and turns as people's does, on a clock that runs with the voice, so that the head moves with the
voice and calms down in silence (Munhall 2004). The *lift* raises the head with loudness, *nods* fall on accents.
*Turns* are the head's share of gaze shifts (Stahl 1999).

The head of fitted people is .25 s ahead of the sound (speed against loudness, r .26 +- .05; .13 s where the sound of
their clips is taken to be as late as their jaws say); Munhall found it .03 s behind. Ours is .1 s ahead: between the
two, and within the band of test 19.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import sub
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import Cues
from talkingeyes.generate.head import lift, nods
from talkingeyes.generate.head.lift import LiftState
from talkingeyes.generate.head.nods import NodState
from talkingeyes.generate.head.posture import Posture, PostureState, trembling
from talkingeyes.generate.head.statistics import HeadStatistics, head_statistics
from talkingeyes.generate.head.turns import Turns, TurnState
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, GazeShift, Stepping
from talkingeyes.lanes import Lane, alone, by_shape

Floats = NDArray[np.float64]

FREE_RAD = np.radians([50.0, 38.0, 24.0])
LIMIT_RAD = np.radians([69.0, 54.0, 34.0])
"""Beyond FREE_RAD a pose is drawn in, so that it never reaches LIMIT_RAD (docs/conventions.md)."""
LARGEST_STEP_RAD = np.radians(230.0) / PLAN_RATE_HZ
"""No sample is further from the one before (docs/conventions.md: 250 deg/s)."""

LIVE_LAG_S = 0.06
"""A head that hears its voice only as it comes follows it by this."""

ROLL_PER_YAW = 0.9
"""Times the correlation of roll and yaw of the take's person."""


@dataclass(frozen=True)
class HeadSettings:
    """How the voice drives the posture's clock; 1 is a speaking person's.

    Attributes:
        silent_rate: in silence (people speaking move 1.7 times as fast: docs/evaluation.md).
        listening_rate: while listening.
        quiet_rate: of the voice at its quietest.
        loud_rate: what full loudness adds.
        lead_s: the head moves so long before the voice does where a recording is known whole (`LIVE_LAG_S` live).
        posture: share of people's movement that is left to the posture; turns and nods are the rest.
        liveliness: multiplies posture and nods; at 0 the head only joins the gaze.
    """

    silent_rate: float = 0.5
    listening_rate: float = 0.5
    quiet_rate: float = 0.7
    loud_rate: float = 0.7
    lead_s: float = 0.14
    posture: float = 0.96
    liveliness: float = 1.0


@dataclass
class HeadState:
    """What the head remembers between steps."""

    posture: PostureState
    nods: NodState
    turns: TurnState
    lift: LiftState
    rate: float
    last_rad: Floats | None = None
    shown_rad: Floats | None = None


class HeadProcess:
    """Steps of the head pose."""

    def __init__(
        self,
        settings: HeadSettings | None = None,
        *,
        head_amount: float = 1.0,
        statistics: HeadStatistics | None = None,
        stepping: Stepping = WHOLE_FILE,
    ) -> None:
        """Prepare.

        Args:
            settings: how the voice drives it.
            head_amount: multiplies every angle, within the limits: 0 a perfectly still head, 1 a typical one, 2 a
                lively one.
            statistics: of people's postures; None takes the package's.
            stepping: length of a step.
        """
        self._set, self._amount, self._stepping = settings or HeadSettings(), head_amount, stepping
        self._known = statistics or head_statistics()
        self._posture, self._turns = Posture(self._known), Turns(stepping)

    def set_amount(self, head_amount: float) -> None:
        """Another amount from now on."""
        self._amount = head_amount

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> HeadState:
        """A fresh state: how lively the head is and how it turns is the person's, the rest the take's own."""
        posture = self._posture.start(rng, person)
        lively = float(posture.scale_rad / np.radians(np.exp(self._known.log_speed[0])))
        rolls = ROLL_PER_YAW * float(posture.knot.temper[0])
        turns, habit = self._turns.start(rolls, person), lift.start(lively, person)
        own = NodState(lively, rises=nods.RISES if habit.gain_rad > 0 else 1 - nods.RISES)
        return HeadState(posture, own, turns, habit, self._set.quiet_rate)

    def step(
        self, cues: Cues, state: HeadState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> Floats:
        """Head pose of step ``index``, (frames of a step, 3) at `PLAN_RATE_HZ`; see `stepping`."""
        return alone(self.stepping(cues, state, index, shifts, rng))

    def stepping(
        self, cues: Cues, state: HeadState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> Lane[Floats]:
        """The same as a lane.

        Args:
            cues: the voice.
            state: changed in place.
            index: number of the step.
            shifts: gaze shifts decided since the last step; their onsets lie `GAZE_LEAD_S` ahead.
            rng: the head's own stream.

        Returns:
            (frames of a step, 3) at `PLAN_RATE_HZ`.
        """
        moves = self._posture.moving(state.posture, self._rates(cues, state, index), rng)
        nodding = nods.step(cues, state.nods, index, rng, self._stepping)
        lifted = None
        if cues.role == "speaking":
            first = self._first_frame(index, lift.LEAD_S, 0.0)
            lifted = lift.step(
                [float(cues.loudness[cues.row(first + i)]) for i in range(len(moves.places))], state.lift
            )
        free = yield FREE((moves, self._set.posture, nodding, lifted, self._set.liveliness))
        turned = self._turns.step(state.turns, index, shifts, free[0], rng)
        pose, state.last_rad, state.shown_rad = yield POSES((
            free, turned, state.last_rad, self._amount, state.shown_rad,
        ))  # fmt: skip
        return pose

    def _first_frame(self, index: int, lead_s: float, live_lag_s: float) -> int:
        """Where in the voice the head is at the begin of a step."""
        later_s = lead_s if self._stepping.accents_ahead else -live_lag_s
        return index * self._stepping.frames + round(later_s * PLAN_RATE_HZ)

    def _rates(self, cues: Cues, state: HeadState, index: int) -> list[float]:
        """How fast the posture's clock runs in each frame of a step."""
        s, out, first = self._set, [], self._first_frame(index, self._set.lead_s, LIVE_LAG_S)
        for frame, calm in enumerate(self._turns.calming(state.turns, index), first):
            row = cues.row(frame)
            rate = s.listening_rate if cues.role == "listening" else s.silent_rate
            if cues.role == "speaking" and cues.uttering[row]:
                rate = s.quiet_rate + s.loud_rate * float(cues.loudness[row])
            target = rate * calm
            # The head has mass: it gathers speed within a syllable; it stops the sooner to turn with the gaze.
            state.rate += (target - state.rate) * (0.25 if target > state.rate else 0.35)
            out.append(state.rate)
        return out


def _free_of(items: list[Any]) -> list[Floats]:
    """Posture, nods and lift of each head, (n, 3)."""
    moves, share, nodding, lifted, liveliness = zip(*items, strict=True)
    posture = trembling(moves) * np.array(share)[:, None, None]
    voiced = np.zeros(posture.shape)
    for i, (nod, raised) in enumerate(zip(nodding, lifted, strict=True)):
        if nod is not None:
            voiced[i] = nod
        if raised is not None:
            voiced[i, :, 1] += raised
    return list(np.array(liveliness)[:, None, None] * (posture + voiced))


def _poses_of(items: list[Any]) -> list[tuple[Floats, Floats, Floats | None]]:
    """Each head with its turns, within what a neck can do; its last pose, and the last that was shown if enlarged."""
    free, turned, last, amount, shown = zip(*items, strict=True)
    pose: Floats = np.array(free)
    pose = within_limits((pose + np.array(turned)).reshape(-1, 3)).reshape(pose.shape)
    before = np.concatenate([pose[:, :1], pose[:, :-1]], axis=1)
    for i, row in enumerate(last):
        if row is not None:
            before[i, 0] = row
    way = pose - before
    way *= way
    slow = (np.sqrt(way[:, :, 0] + way[:, :, 1] + way[:, :, 2]) <= LARGEST_STEP_RAD).all(axis=1)
    if not slow.all():
        for i in np.flatnonzero(~slow):
            pose[i] = not_faster(pose[i], last[i])
    out: list[tuple[Floats, Floats, Floats | None]] = [
        (each, last_rad, None)
        for each, last_rad in zip(pose * np.array(amount)[:, None, None], pose[:, -1].copy(), strict=True)
    ]
    for i, size in enumerate(amount):
        if size > 1:
            large = not_faster(within_limits(size * pose[i]), shown[i])
            out[i] = large, out[i][1], large[-1]
    return out


FREE, POSES = by_shape(6, _free_of, lambda item: len(item[0].places)), by_shape(7, _poses_of, lambda item: len(item[0]))


def within_limits(pose_rad: Floats) -> Floats:
    """A pose (n, 3) drawn in smoothly beyond `FREE_RAD`."""
    size = np.abs(pose_rad)
    if (size <= FREE_RAD).all():
        return pose_rad
    beyond, room = np.maximum(size - FREE_RAD, 0.0), LIMIT_RAD - FREE_RAD
    return np.where(beyond > 0, np.sign(pose_rad) * (FREE_RAD + room * np.tanh(beyond / room)), pose_rad)


def not_faster(pose_rad: Floats, last_rad: Floats | None) -> Floats:
    """A pose (n, 3) none of whose samples lies further from the one before than a head can go."""
    before = (pose_rad[0] if last_rad is None else last_rad).tolist()
    for row in pose_rad.tolist():
        yaw, pitch, roll = map(sub, row, before)
        if not math.sqrt(yaw * yaw + pitch * pitch + roll * roll) <= LARGEST_STEP_RAD:
            break
        before = row
    else:
        return pose_rad
    out, here = np.empty_like(pose_rad), pose_rad[0] if last_rad is None else last_rad
    for i, goal in enumerate(pose_rad):
        way = goal - here
        here = here + way * min(1.0, LARGEST_STEP_RAD / max(float(np.linalg.norm(way)), 1e-12))
        out[i] = here
    return out
