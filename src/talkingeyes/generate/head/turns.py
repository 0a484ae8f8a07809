"""What gaze shifts ask of the head: its share of large ones, in time with the eyes, and following those that last."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.plan import WHOLE_FILE, GazeShift, Stepping

Floats = NDArray[np.float64]

SHARE_AT_DEG = (0.0, 7.0, 12.0, 20.0, 25.0, 30.0, 40.0, 60.0, 100.0)
SHARE = (0.0, 0.0, 0.08, 0.165, 0.51, 0.58, 0.65, 0.68, 0.68)
"""What the head is asked for by the size of a gaze shift. Two thirds of all shifts are part of a quick look there and
back, during which the head gets nowhere: in the median over takes it is .09, .26 and .46 of shifts of 20, 30 and 40
deg, of those that stay .16, .38 and .50 (.08, .31 and .43: .77 of what lies beyond 18 deg; Stahl 1999)."""
MOST = (0.0, 0.0, 0.16, 0.25, 0.53, 0.50, 0.60, 0.66, 0.68)
"""No turn with a shift takes more, also where the head makes up for what it is off its resting place."""
VERTICAL = 0.75
"""Up and down the head takes less."""
MERGED_RAD = np.radians(2.0)
"""The head takes no notice of a gaze that stays within this of where it last took notice."""
DECIDES_S = 0.2
"""The head makes up its mind so long before a shift, and knows then where the gaze is as much after it (together
`Stepping.lead_s`, where that is shorter): a glance that returns at once is no shift, two looks in a row are one."""
GLANCE_S = 0.75
"""A shift that is meant to stay so long gets its whole share."""
VISIT_RAD = np.radians(6.0)
"""A shift of this size begins another visit: the head settles anew."""
SETTLES_S = (0.55, 0.85)
"""How long after a visit begins the head comes to rest where heads rest with the gaze there."""
SETTLES_AGAIN_S = 0.5
SMALLEST_REST_RAD = np.radians(1.5)
REST_AT_DEG = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 60.0)
REST_DEG = (0.0, 0.2, 0.8, 1.8, 3.0, 6.0, 10.0, 18.5, 34.0)
"""Where turns leave the head while the gaze stays so far off the partner: little within the eyes' own range, three
quarters beyond it (Stahl 1999)."""
SUSTAINED_S = 1.2
"""Eyes that have been far aside for so long are followed."""
COMFORT_RAD = np.radians(15.0)
"""An aversion that lasts is followed until the eyes sit within this of the middle of their range."""
FOLLOWED_TO_RAD = np.radians(12.0)
PARTNER_RAD = np.radians(8.0)
EYE_ONLY_RAD = np.radians([14.0, 10.0])
"""A director's mark beyond this is reached with the head's help."""
LEAP_RAD = np.radians([10.0, 16.0])
CALM_S, CALMED = (0.2, 0.5), 0.92
"""Around a gaze shift of such a size, so long before and after it, the posture moves less by so much: the head's part
in the shift has the stage."""
FIRST = 0.18
"""Share of turns that are seen to start clearly before the eyes; the others start with them. As seen, with what else
the head does and with turns that have to wait, it is 57 % before, 28 % within 30 ms (people 48 and 37 %)."""
TURNS_BACK, TURNED_S, OVERLAP_S = 1.6, 0.1, 0.05
"""A turn back within `TURNED_S` of another one's end takes so many times as long, and hardly begins before that end: a
head has mass."""
COMES_ALONG = 0.6
"""How much of what it is off its resting place a head makes up for with a shift that goes its way."""
BEYOND_RAD = np.radians(3.0)
"""No turn goes further beyond the gaze's target."""
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
        u = np.minimum(np.maximum((times_s - self.start_s) / self.duration_s, 0.0), 1.0)[:, None]
        return u**3 * (10 - 15 * u + 6 * u * u) * self.delta_rad


@dataclass
class TurnState:
    """Turns that serve the gaze.

    Attributes:
        mover: how much of a head mover the take's person is.
        rolls: how far the head rolls per yaw.
        told: shifts that are known and not yet past, in time order.
        undecided: how many of them, the last ones, the head has not made up its mind about.
        heard_rad: (2,) where the gaze was or will be when the head last took notice of it.
        turned_rad: (3,) where all turns so far lead.
        done_rad: (3,) the sum of those that are over.
        moves: the others.
        leaps: when large shifts begin and how much the posture waits for each, 0..1.
        busy_until_s: a director's mark holds the head until then.
        settles_at_s: when the head comes to rest where heads rest with the gaze there, if the gaze stays.
        aside_since_s: since when the eyes have been far to a side; `NEVER_S`: they are not.
        followed: the head has followed a gaze that stays aside.
    """

    mover: float
    rolls: float
    told: list[GazeShift] = field(default_factory=list)
    undecided: int = 0
    heard_rad: Floats = field(default_factory=lambda: np.zeros(2))
    turned_rad: Floats = field(default_factory=lambda: np.zeros(3))
    done_rad: Floats = field(default_factory=lambda: np.zeros(3))
    moves: list[HeadMove] = field(default_factory=list)
    leaps: list[tuple[float, float]] = field(default_factory=list)
    busy_until_s: float = 0.0
    settles_at_s: float = 0.0
    aside_since_s: float = NEVER_S
    followed: bool = False


class Turns:
    """Steps of the turns."""

    def __init__(self, stepping: Stepping = WHOLE_FILE) -> None:
        self._stepping = stepping
        self._decides_s = min(DECIDES_S, stepping.lead_s / 2)

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
        if not state.told and shifts and not shifts[0].forced:
            begin_at(state, shifts[0])
            shifts = shifts[1:]
        for shift in shifts:
            hear_of(state, shift)
        while state.undecided and self._due(state.told[-state.undecided :], begin_s):
            self._decide(state, begin_s, rng)
        self._heed(state, begin_s, posture_rad)
        pose = np.empty((self._stepping.frames, 3))
        pose[:] = state.done_rad
        if state.moves:
            times_s = self._stepping.times_s(index)
            for move in state.moves:
                pose = pose + move.at(times_s)
        self._retire(state, begin_s + step_s)
        return pose

    def calming(self, state: TurnState, index: int) -> list[float]:
        """How far the posture waits for a large gaze shift in each frame of a step: 1 not at all."""
        if not state.leaps:
            return [1.0] * self._stepping.frames
        out = []
        for time_s in self._stepping.times_s(index).tolist():
            near = (size for onset_s, size in state.leaps if onset_s - CALM_S[0] < time_s < onset_s + CALM_S[1])
            out.append(1.0 - CALMED * max(near, default=0.0))
        return out

    def _due(self, shifts: list[GazeShift], now_s: float) -> bool:
        """A mark is heeded as soon as it is known; of a free shift the head waits to see whether it is a glance."""
        soon_s = now_s + self._stepping.step_s + self._decides_s
        return shifts[0].onset_s < soon_s or any(s.forced for s in shifts)

    def _decide(self, state: TurnState, now_s: float, rng: np.random.Generator) -> None:
        """What the head does about the first shift that it has not made up its mind about."""
        (kind, spread), (vary, rolls) = rng.random(2), rng.normal(0.0, 1.0, 2)
        shift, goal = state.told[-state.undecided], goal_of(state.told[-state.undecided :], self._decides_s)
        state.undecided -= 1
        size = float(np.hypot(*(goal - state.heard_rad)))
        if not shift.forced and size < MERGED_RAD:
            return
        delta = self._share_of(state, shift, goal, float(np.exp(0.12 * vary)))
        until, state.busy_until_s = state.busy_until_s, max(state.busy_until_s, shift.hold_until_s)
        state.heard_rad, state.followed = goal, False
        if size > LEAP_RAD[0]:
            state.leaps.append((shift.onset_s, float(np.interp(size, LEAP_RAD, (0.0, 1.0)))))
        if size > VISIT_RAD:
            wait_s = SETTLES_S[0] + (SETTLES_S[1] - SETTLES_S[0]) * float(spread)
            state.settles_at_s = max(state.settles_at_s, shift.onset_s + wait_s)
        if np.hypot(*delta) < SMALLEST_RAD:
            return
        delta_rad = np.array([*delta, state.rolls * delta[0] * (1.0 + 0.3 * float(rolls))])
        start, duration = self._when(state, shift, delta_rad, (float(kind), float(spread)))
        self._turn(state, max(now_s, until, start), duration, delta_rad)

    @staticmethod
    def _when(state: TurnState, shift: GazeShift, delta_rad: Floats, draws: tuple[float, float]) -> tuple[float, float]:
        """Start and duration of a turn with a shift, s."""
        size_deg = float(np.degrees(np.hypot(*delta_rad[:2])))
        if shift.forced:
            return shift.onset_s - 0.4, 0.25 + 0.009 * size_deg
        lasts_s, start_s = 0.19 + 0.0105 * size_deg, shift.onset_s + _lead_s(*draws)
        ends_s = max(
            (m.start_s + m.duration_s for m in state.moves if m.delta_rad[:2] @ delta_rad[:2] < 0), default=-NEVER_S
        )
        if shift.onset_s < ends_s + TURNED_S:
            lasts_s, start_s = lasts_s * TURNS_BACK, max(start_s, ends_s - OVERLAP_S)
        return start_s - VISIBLE_AFTER * lasts_s, lasts_s

    @staticmethod
    def _share_of(state: TurnState, shift: GazeShift, goal_rad: Floats, vary: float) -> Floats:
        """(2,) yaw and pitch that the head turns with a shift."""
        way, rest = goal_rad - state.heard_rad, goal_rad - state.turned_rad[:2]
        if shift.forced:
            return np.sign(rest) * 0.9 * np.maximum(np.abs(rest) - EYE_ONLY_RAD, 0.0)
        size_deg = float(np.degrees(np.hypot(*way)))
        stays = float(np.clip((shift.stay_s / GLANCE_S) ** 0.7, 0.4, 1.0))
        delta = float(np.interp(size_deg, SHARE_AT_DEG, SHARE)) * state.mover * stays * vary * way * (1.0, VERTICAL)
        # A head that rests elsewhere than the gaze goes to comes along the more.
        along = way / max(float(np.hypot(*way)), 1e-9)
        left = float((rest_of(goal_rad) - state.turned_rad[:2] - delta) @ along)
        if size_deg > SHARE_AT_DEG[1]:
            delta = delta + COMES_ALONG * stays * max(left, 0.0) * along
            most = float(np.interp(size_deg, SHARE_AT_DEG, MOST)) * state.mover * float(np.hypot(*way))
            delta = delta * min(1.0, most / max(float(np.hypot(*delta)), 1e-9))
        # Hardly beyond the target, nor away from it.
        room = np.maximum(np.sign(delta) * rest, 0.0) + BEYOND_RAD
        return np.asarray(np.sign(delta) * np.minimum(np.abs(delta), room), float)

    def _heed(self, state: TurnState, now_s: float, posture_rad: Floats) -> None:
        """Follow a gaze that stays aside; face the partner again where the gaze is back."""
        while len(state.told) > 1 + state.undecided and state.told[1].onset_s <= now_s:
            state.told.pop(0)
        here = state.told[0].target_rad if state.told else np.zeros(2)
        eye = here - state.turned_rad[:2] - posture_rad[:2]
        aside = float(np.hypot(eye[0], eye[1]))
        state.aside_since_s = min(state.aside_since_s, now_s) if aside > COMFORT_RAD else NEVER_S
        stays = state.aside_since_s == NEVER_S and now_s < state.settles_at_s  # most of the time
        if stays or now_s < state.busy_until_s or leaves(state):
            return
        delta = rest_of(state.heard_rad) - state.turned_rad[:2]
        if now_s - state.aside_since_s >= SUSTAINED_S and np.hypot(*here) > PARTNER_RAD:
            delta = (1 - FOLLOWED_TO_RAD / aside) * eye
            state.followed, state.aside_since_s = True, NEVER_S
        elif (
            now_s < state.settles_at_s
            or state.followed
            or np.hypot(*delta) < SMALLEST_REST_RAD
            or np.hypot(*(eye - delta)) > max(aside, COMFORT_RAD)
        ):
            return
        size_deg = float(np.degrees(np.hypot(*delta)))
        lasts_s = 0.4 + 0.016 * size_deg
        state.settles_at_s = now_s + lasts_s + SETTLES_AGAIN_S
        self._turn(state, now_s, lasts_s, np.array([*delta, state.rolls * delta[0]]))

    @staticmethod
    def _turn(state: TurnState, start_s: float, duration_s: float, delta_rad: Floats) -> None:
        state.turned_rad = state.turned_rad + delta_rad
        state.moves.append(HeadMove(start_s, duration_s, delta_rad))

    @staticmethod
    def _retire(state: TurnState, now_s: float) -> None:
        """Moves that are over become part of the pose, so that the list stays short."""
        for move in state.moves:
            if move.start_s + move.duration_s <= now_s - TURNED_S:
                state.done_rad = state.done_rad + move.delta_rad
        state.moves = [m for m in state.moves if m.start_s + m.duration_s > now_s - TURNED_S]
        state.leaps = [leap for leap in state.leaps if leap[0] + CALM_S[1] > now_s]


def hear_of(state: TurnState, shift: GazeShift) -> None:
    """Another shift is known; those that it comes in place of (a mark given while steps are made) are not."""
    while state.undecided and state.told[-1].onset_s >= shift.onset_s:
        state.told.pop()
        state.undecided -= 1
    state.told.append(shift)
    state.undecided += 1


def begin_at(state: TurnState, shift: GazeShift) -> None:
    """The head rests with the gaze that a recording opens with."""
    state.told, state.heard_rad = [shift], shift.target_rad
    state.turned_rad = np.append(rest_of(shift.target_rad), 0.0)
    state.done_rad = state.turned_rad


def goal_of(shifts: list[GazeShift], decides_s: float) -> Floats:
    """(2,) where the first of ``shifts`` leads, or the last of those that follow it at once."""
    first = shifts[0]
    soon = [s for s in shifts[1:] if s.onset_s < first.onset_s + decides_s and not s.forced and not first.forced]
    return (soon[-1] if soon else first).target_rad


def leaves(state: TurnState) -> bool:
    """The gaze is known to leave for another visit."""
    coming = state.told[len(state.told) - state.undecided :]
    return any(np.hypot(*(s.target_rad - state.heard_rad)) > VISIT_RAD for s in coming)


def _lead_s(kind: float, spread: float) -> float:
    """When the head is seen to start, from the saccade."""
    return -0.05 - 0.09 * spread if kind < FIRST else -0.019 + 0.01 * (spread - 0.5)


def rest_of(gaze_rad: Floats) -> Floats:
    """(2,) where turns leave the head while the gaze stays."""
    return np.array(_rest_of(*gaze_rad.tolist()))


@functools.lru_cache(maxsize=1024)
def _rest_of(yaw_rad: float, pitch_rad: float) -> tuple[float, float]:
    far_deg = float(np.degrees(np.hypot(yaw_rad, pitch_rad)))
    share, far_deg = float(np.interp(far_deg, REST_AT_DEG, REST_DEG)), max(far_deg, 1e-9)
    return yaw_rad * share / far_deg, pitch_rad * VERTICAL * share / far_deg
