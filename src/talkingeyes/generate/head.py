"""How the head moves while its owner speaks, listens and waits.

Four parts are added. *Sway*: a smooth bounded random path whose clock runs with the loudness of the voice, so that
the head moves with the voice and stills in silence (Munhall 2004). *Beats*: short nods on accents. *Recruitment*:
beyond the eyes' own range the head takes its share of a gaze shift (Stahl 1999). *Nods of a listener* at the other's
pauses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import UNKNOWN_S, Cues
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES, STEP_S, GazeShift

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HeadSettings:
    """Sizes and speeds of the head's parts.

    Attributes:
        sway_rad: SD of yaw, pitch, roll of the sway.
        sway_hz: slowest and fastest component, in the sway's own clock.
        still_rate: speed of the sway's clock in silence; listening_rate while listening.
        loud_rate: what full loudness adds to it.
        lag_s: the head follows the voice by this (30 ms: Munhall 2004).
        beat_rad: mean size of a nod on a strong accent.
        largest_beat_rad: no nod is larger: beyond it a nod looks like a twitch.
        beat_chance: share of accents with a nod.
        eye_only_rad: the eyes alone reach so far to a side (Stahl 1999: 36 deg in all) and up or down; people differ
            widely (SD 32 deg), so takes do.
        glance_s: the head joins fully only where the gaze stays at least so long.
        share: the head's share of what is beyond (Stahl 1999: .77), yaw and pitch.
    """

    sway_rad: tuple[float, float, float] = (0.040, 0.041, 0.040)
    sway_hz: tuple[float, float] = (0.08, 1.7)
    still_rate: float = 0.2
    listening_rate: float = 0.14
    loud_rate: float = 1.5
    lag_s: float = 0.03
    beat_rad: float = 0.08
    largest_beat_rad: float = 0.085
    beat_chance: float = 0.6
    eye_only_rad: tuple[float, float] = (np.radians(18.0), np.radians(13.0))
    share: tuple[float, float] = (0.77, 0.6)
    glance_s: float = 0.9


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


@dataclass(frozen=True)
class HeadBeat:
    """A nod: a damped swing of ``size_rad`` (3,) with ``swings`` half periods of ``period_s / 2`` from ``start_s``."""

    start_s: float
    period_s: float
    swings: int
    size_rad: Floats

    @property
    def end_s(self) -> float:
        """When it has died out."""
        return self.start_s + self.swings * self.period_s / 2

    def at(self, times_s: Floats) -> Floats:
        """(n, 3): sin^2-edged pulses, each smaller than the last, all to the same side (down and back)."""
        since = times_s - self.start_s
        count = np.floor(since / (self.period_s / 2))
        live = (since >= 0) & (count < self.swings)
        pulse = np.sin(np.pi * since / (self.period_s / 2)) ** 2 * 0.6**count
        return np.where(live, pulse, 0.0)[:, None] * self.size_rad


@dataclass
class HeadState:
    """What the head remembers between steps."""

    clock_s: float
    phase: Floats
    hz: Floats
    size: Floats
    turned_rad: Floats = field(default_factory=lambda: np.zeros(3))
    rest_rad: Floats = field(default_factory=lambda: np.zeros(3))
    moves: list[HeadMove] = field(default_factory=list)
    beats: list[HeadBeat] = field(default_factory=list)
    rate: float = 0.0
    next_beat_s: float = 0.0
    mover: float = 1.0
    eye_only: float = 1.0
    in_pause: bool = False
    hold_until_s: float = 0.0


class HeadProcess:
    """Steps of the head pose."""

    COMPONENTS = 10

    def __init__(self, settings: HeadSettings | None = None, *, head_amount: float = 1.0) -> None:
        self._set = settings or HeadSettings()
        self._amount = head_amount

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> HeadState:
        """A fresh state: the sway's components are the take's own, its size and who moves how far the person's."""
        low, high = np.log(self._set.sway_hz)
        edges = np.linspace(low, high, self.COMPONENTS + 1)
        hz = np.exp(rng.uniform(edges[:-1, None], edges[1:, None], (self.COMPONENTS, 3)))
        size = rng.lognormal(0.0, 0.25, (self.COMPONENTS, 3)) * hz**-0.35
        size *= np.array(self._set.sway_rad) / np.sqrt((size**2).sum(axis=0) / 2)
        return HeadState(
            clock_s=0.0,
            phase=rng.uniform(0, 2 * np.pi, (self.COMPONENTS, 3)),
            hz=hz,
            size=size * person.lognormal(0.0, 0.2),
            eye_only=float(np.clip(person.lognormal(-0.3, 0.35), 0.4, 1.3)),
            mover=float(np.clip(person.lognormal(0.0, 0.2), 0.6, 1.3)),
        )

    def step(
        self, cues: Cues, state: HeadState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> Floats:
        """Head pose of step ``index``.

        Args:
            cues: the voice.
            state: changed in place.
            index: number of the step.
            shifts: gaze shifts decided since the last step; their onsets lie `GAZE_LEAD_S` ahead.
            rng: the head's own stream.

        Returns:
            (STEP_FRAMES, 3) at `PLAN_RATE_HZ`.
        """
        for shift in shifts:
            self._recruit(state, shift, index * STEP_S, rng)
        self._beat(cues, state, index, rng)
        return (self._sway(cues, state, index) + self._moved(state, index)) * self._amount

    def recruited(
        self, cues: Cues, state: HeadState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> Floats:
        """What gaze shifts and the listener's nods alone ask of the head, see `step`; for heads that sway otherwise."""
        for shift in shifts:
            self._recruit(state, shift, index * STEP_S, rng)
        if cues.role == "listening":
            self._backchannel(cues, state, index * STEP_FRAMES, rng)
        return self._moved(state, index) * self._amount

    def _moved(self, state: HeadState, index: int) -> Floats:
        begin_s = index * STEP_S
        times_s = begin_s + np.arange(STEP_FRAMES) / PLAN_RATE_HZ
        pose = np.tile(state.rest_rad, (STEP_FRAMES, 1))
        for part in (*state.moves, *state.beats):
            pose = pose + part.at(times_s)
        self._retire(state, begin_s + STEP_S)
        return pose

    def _sway(self, cues: Cues, state: HeadState, index: int) -> Floats:
        base = self._set.listening_rate if cues.role == "listening" else self._set.still_rate
        loud_rate = self._set.loud_rate if cues.role == "speaking" else 0.25 * self._set.loud_rate
        lag = round(self._set.lag_s * PLAN_RATE_HZ)
        first = index * STEP_FRAMES - lag
        loud = cues.loudness[np.clip(np.arange(first, first + STEP_FRAMES), 0, len(cues) - 1)]
        clock = np.empty(STEP_FRAMES)
        for i, target in enumerate(base + loud_rate * loud):
            # The head has mass: it gathers speed within a syllable and loses it a little more slowly.
            state.rate += (target - state.rate) * (0.35 if target > state.rate else 0.18)
            state.clock_s += state.rate / PLAN_RATE_HZ
            clock[i] = state.clock_s
        angle = 2 * np.pi * state.hz * clock[:, None, None] + state.phase
        return (state.size * np.sin(angle)).sum(axis=1)

    def _recruit(self, state: HeadState, shift: GazeShift, now_s: float, rng: np.random.Generator) -> None:
        """The head's share of a gaze shift: what the eyes alone would not reach, and a return to the partner."""
        eye = shift.target_rad - state.turned_rad[:2]
        beyond = np.maximum(np.abs(eye) - state.eye_only * np.array(self._set.eye_only_rad), 0.0)
        delta = np.sign(eye) * beyond * np.array(self._set.share)
        if shift.forced:
            delta = np.maximum(np.abs(delta), beyond * 0.9) * np.sign(eye)
        elif np.hypot(shift.yaw_rad, shift.pitch_rad) < np.radians(8) and np.hypot(*state.turned_rad[:2]) > 0.05:
            delta = np.where(np.abs(delta) > np.abs(0.7 * eye), delta, 0.7 * eye)  # facing the partner again
        if not shift.forced:
            stays = float(np.clip(shift.stay_s / self._set.glance_s, 0.5, 1.0))
            delta = delta * state.mover * stays * rng.lognormal(0.0, 0.2)
        size = float(np.hypot(*delta))
        if size < np.radians(0.4):
            state.hold_until_s = max(state.hold_until_s, shift.hold_until_s)
            return
        start_s = max(now_s, state.hold_until_s, shift.onset_s + self._lead_s(shift, rng))
        state.hold_until_s = max(state.hold_until_s, shift.hold_until_s)
        duration = (0.30 + 0.011 * np.degrees(size)) * float(rng.lognormal(0.0, 0.12))
        if shift.forced:
            duration = 0.25 + 0.009 * np.degrees(size)
        roll = -0.15 * delta[0] * float(rng.normal(1.0, 0.6))
        move = np.array([delta[0], delta[1], roll])
        state.turned_rad = state.turned_rad + move
        state.moves.append(HeadMove(start_s, duration, move))

    @staticmethod
    def _lead_s(shift: GazeShift, rng: np.random.Generator) -> float:
        """When the head starts, from the saccade: first in 48 %, together in 37 %, after in 15 % of shifts."""
        kind, spread = rng.random(), rng.random()
        if shift.forced:
            return -0.4
        if kind < 0.48:
            return -0.03 - 0.12 * spread
        return 0.03 * (spread - 0.5) if kind < 0.85 else 0.03 + 0.08 * spread

    def _beat(self, cues: Cues, state: HeadState, index: int, rng: np.random.Generator) -> None:
        """Nods on accents of the own voice; nods to the other's pauses when listening."""
        first = index * STEP_FRAMES
        if cues.role == "listening":
            self._backchannel(cues, state, first, rng)
            return
        # One step of look-ahead, so that the nod reaches its lowest point just after the accent.
        ahead = np.arange(first + STEP_FRAMES, min(first + 2 * STEP_FRAMES, len(cues)))
        for frame in ahead[cues.accent[ahead] > 0.12]:
            chance, size = rng.random(), rng.lognormal(0.0, 0.4)
            turn, period = float(np.clip(rng.normal(0, 0.35), -0.6, 0.6)), rng.uniform(0.26, 0.44)
            peak_s = frame / PLAN_RATE_HZ + self._set.lag_s
            if peak_s < state.next_beat_s or chance > self._set.beat_chance:
                continue
            strength = min(self._set.beat_rad * float(cues.accent[frame]) * size, self._set.largest_beat_rad)
            swing = strength * np.array([turn, -1.0, 0.3 * turn])
            state.beats.append(HeadBeat(peak_s - period / 2, 2 * period, 1, swing))
            state.next_beat_s = peak_s + float(rng.uniform(0.35, 1.2))

    def _backchannel(self, cues: Cues, state: HeadState, first: int, rng: np.random.Generator) -> None:
        since = float(cues.since_pause_s[min(first, len(cues) - 1)])
        begins = 0.2 <= since < UNKNOWN_S
        if begins and not state.in_pause and rng.random() < 0.5:
            start_s = first / PLAN_RATE_HZ + float(rng.uniform(0.05, 0.4))
            swing = np.radians(rng.uniform(2.0, 5.0)) * np.array([0.1 * rng.normal(), -1.0, 0.0])
            swings = int(rng.integers(1, 4))
            state.beats.append(HeadBeat(start_s, 2 * float(rng.uniform(0.32, 0.45)), swings, swing))
        state.in_pause = begins

    @staticmethod
    def _retire(state: HeadState, now_s: float) -> None:
        """Moves that are done become part of the rest pose, so that the lists stay short."""
        done = [m for m in state.moves if m.start_s + m.duration_s <= now_s]
        for move in done:
            state.rest_rad = state.rest_rad + move.delta_rad
        state.moves = [m for m in state.moves if m.start_s + m.duration_s > now_s]
        state.beats = [b for b in state.beats if b.end_s > now_s]
