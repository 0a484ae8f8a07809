"""What gaze shifts ask of the head: its share of large ones, in time with the eyes, and following those that last."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import WHOLE_FILE, GazeShift, Stepping

Floats = NDArray[np.float64]

SHARE_AT_DEG = (0.0, 5.0, 12.0, 20.0, 30.0, 40.0, 60.0, 100.0)
SHARE = (0.0, 0.03, 0.08, 0.113, 0.315, 0.45, 0.56, 0.65)
"""What the head is asked for by the size of a gaze shift. What is left of it in the mean, after glances, upward looks
and returns, and .4 s after the shift starts, is .77 of what lies beyond 18 deg (Stahl 1999), and a little below."""
VERTICAL = 0.75
"""Up and down the head takes less."""
GLANCE_S = 0.9
"""A shift that stays so long gets its whole share; a shorter glance less."""
SUSTAINED_S = 1.5
COMFORT_RAD = np.radians(15.0)
"""An aversion that lasts is followed until the eyes sit within this of the middle of their range."""
FOLLOWED_TO_RAD = np.radians(12.0)
PARTNER_RAD = np.radians(8.0)
EYE_ONLY_RAD = np.radians([14.0, 10.0])
"""A director's mark beyond this is reached with the head's help."""
WAITS_RAD = np.radians(4.0)
"""While a turn of this size goes on, the posture makes few movements of its own."""
SMALLEST_RAD = np.radians(0.15)
VISIBLE_AFTER = 0.087
"""A minimum-jerk movement reaches a tenth of its top speed after this share of its time: then it is seen to start."""
NEVER_S = 1e9


@dataclass(frozen=True)
class HeadMove:
    """A smooth step of the head pose: ``delta_rad`` (3,) from ``start_s`` over ``duration_s``."""

    start_s: float
    duration_s: float
    delta_rad: Floats

    def at(self, times_s: Floats) -> Floats:
        """(n, 3) how much of the move is done (minimum jerk)."""
        u = np.clip((times_s - self.start_s) / self.duration_s, 0.0, 1.0)[:, None]
        return u**3 * (10 - 15 * u + 6 * u * u) * self.delta_rad


@dataclass
class TurnState:
    """Turns that serve the gaze.

    Attributes:
        mover: how much of a head mover the take's person is.
        rolls: how far the head rolls per yaw.
        gaze_rad: (2,) where the gaze is or will be after the last shift that was told.
        turned_rad: (3,) where all turns so far lead.
        done_rad: (3,) the sum of those that are over.
        moves: the others.
        busy_until_s: a director's mark holds the head until then.
        lasts: the gaze is meant to stay where it is.
        settle_s: when the head follows a gaze that lasts, or faces the partner again; `NEVER_S` where it does not.
    """

    mover: float
    rolls: float
    gaze_rad: Floats = field(default_factory=lambda: np.zeros(2))
    turned_rad: Floats = field(default_factory=lambda: np.zeros(3))
    done_rad: Floats = field(default_factory=lambda: np.zeros(3))
    moves: list[HeadMove] = field(default_factory=list)
    busy_until_s: float = 0.0
    lasts: bool = False
    settle_s: float = NEVER_S


class Turns:
    """Steps of the turns."""

    def __init__(self, stepping: Stepping = WHOLE_FILE) -> None:
        self._stepping = stepping

    def start(self, rolls: float, person: np.random.Generator) -> TurnState:
        """A person who moves the head this much, and rolls it by ``rolls`` per yaw."""
        return TurnState(mover=float(np.clip(person.lognormal(0.0, 0.15), 0.7, 1.35)), rolls=rolls)

    def step(
        self, state: TurnState, index: int, shifts: list[GazeShift], posture_rad: Floats, rng: np.random.Generator
    ) -> Floats:
        """What the turns add to the pose of step ``index``.

        Args:
            state: changed in place.
            index: number of the step.
            shifts: told since the last step.
            posture_rad: (3,) the rest of the pose, as the step begins.
            rng: the head's own stream.

        Returns:
            (frames of a step, 3).
        """
        begin_s, step_s = index * self._stepping.step_s, self._stepping.step_s
        for shift in shifts:
            self._join(state, shift, begin_s, rng)
        if state.settle_s < begin_s + step_s:
            self._settle(state, begin_s, posture_rad)
        times_s = self._stepping.times_s(index)
        pose = np.tile(state.done_rad, (len(times_s), 1))
        for move in state.moves:
            pose = pose + move.at(times_s)
        self._retire(state, begin_s + step_s)
        return pose

    def calming(self, state: TurnState, index: int) -> float:
        """How far the posture waits while a turn with the gaze goes on: 1 not at all, less for larger turns."""
        end_s = (index + 1) * self._stepping.step_s
        sizes = [float(np.linalg.norm(m.delta_rad)) for m in state.moves if m.start_s < end_s]
        return 1.0 - 0.7 * min(1.0, max(sizes, default=0.0) / WAITS_RAD)

    def _join(self, state: TurnState, shift: GazeShift, now_s: float, rng: np.random.Generator) -> None:
        """The head's share of one shift."""
        delta = self._share_of(state, shift, float(rng.lognormal(0.0, 0.2)))
        kind, spread, roll = float(rng.random()), float(rng.random()), float(rng.normal(1.0, 0.3))
        until, state.busy_until_s = state.busy_until_s, max(state.busy_until_s, shift.hold_until_s)
        state.gaze_rad, state.settle_s = shift.target_rad, NEVER_S
        state.lasts = shift.stay_s >= SUSTAINED_S
        wait_s = 0.5 + 0.3 * spread
        if not shift.forced and shift.stay_s > wait_s + 0.15:
            state.settle_s = shift.onset_s + wait_s
        size = float(np.hypot(*delta))
        if size < SMALLEST_RAD:
            return
        duration = 0.25 + 0.009 * np.degrees(size) if shift.forced else 0.28 + 0.011 * np.degrees(size)
        lead = -0.4 if shift.forced else _lead_s(kind, spread) - VISIBLE_AFTER * duration
        start = max(now_s, until, shift.onset_s + lead)
        self._turn(state, start, duration, np.array([*delta, state.rolls * delta[0] * roll]))

    def _share_of(self, state: TurnState, shift: GazeShift, vary: float) -> Floats:
        """(2,) yaw and pitch that the head turns with a shift."""
        way = shift.target_rad - state.gaze_rad
        rest = shift.target_rad - state.turned_rad[:2]
        if shift.forced:
            eye = np.abs(rest)
            return np.sign(rest) * 0.9 * np.maximum(eye - EYE_ONLY_RAD, 0.0)
        size_deg = float(np.degrees(np.hypot(*way)))
        stays = float(np.clip((shift.stay_s / GLANCE_S) ** 0.4, 0.7, 1.1))
        share = float(np.interp(size_deg, SHARE_AT_DEG, SHARE)) * state.mover * stays * vary
        delta = share * way * (1.0, VERTICAL)
        # Never beyond the target, nor away from it.
        return np.where(delta * rest > 0, np.sign(delta) * np.minimum(np.abs(delta), np.abs(rest)), 0.0)

    def _settle(self, state: TurnState, now_s: float, posture_rad: Floats) -> None:
        """Follow a gaze that stays aside; face the partner again where the gaze is back."""
        start, state.settle_s = max(state.settle_s, now_s), NEVER_S
        if start < state.busy_until_s:
            return
        eye = state.gaze_rad - state.turned_rad[:2] - posture_rad[:2]
        aside = float(np.hypot(*eye))
        if state.lasts and aside > COMFORT_RAD and np.hypot(*state.gaze_rad) > PARTNER_RAD:
            delta = (1 - FOLLOWED_TO_RAD / aside) * eye
        elif np.hypot(*state.gaze_rad) < PARTNER_RAD and np.hypot(*state.turned_rad[:2]) > np.radians(1.0):
            delta = -state.turned_rad[:2]
        else:
            return
        size_deg = float(np.degrees(np.hypot(*delta)))
        self._turn(state, start, 0.4 + 0.016 * size_deg, np.array([*delta, state.rolls * delta[0]]))

    @staticmethod
    def _turn(state: TurnState, start_s: float, duration_s: float, delta_rad: Floats) -> None:
        state.turned_rad = state.turned_rad + delta_rad
        state.moves.append(HeadMove(start_s, duration_s, delta_rad))

    @staticmethod
    def _retire(state: TurnState, now_s: float) -> None:
        """Moves that are over become part of the pose, so that the list stays short."""
        for move in state.moves:
            if move.start_s + move.duration_s <= now_s:
                state.done_rad = state.done_rad + move.delta_rad
        state.moves = [m for m in state.moves if m.start_s + m.duration_s > now_s]


def _lead_s(kind: float, spread: float) -> float:
    """When the head is seen to start, from the saccade: first in 48 %, together in 37 %, after in 15 % of shifts."""
    if kind < 0.48:
        return -0.03 - 0.1 * spread
    return 0.03 * (spread - 0.5) if kind < 0.85 else 0.03 + 0.08 * spread
