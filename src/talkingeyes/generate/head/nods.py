"""Nods: small ones on the accents of the own voice, and a listener's at the other's pauses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import UNKNOWN_S, Cues
from talkingeyes.generate.plan import PLAN_RATE_HZ, Stepping

Floats = NDArray[np.float64]

BEAT_RAD = np.radians(1.6)
"""Mean size of a nod on an accent of full prominence, of a head of average liveliness."""
LARGEST_BEAT_RAD = np.radians(4.5)
"""Beyond it a nod looks like a twitch."""
BEAT_CHANCE = 0.5
"""Share of accents with a nod."""
LEAST_ACCENT = 0.12
RISES = 0.75
"""Share of a person's nods that go the way that the voice moves the head: up in most people (`lift`)."""
LAG_S = 0.08
"""A nod is furthest so long after its accent."""


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
class NodState:
    """What nods remember: ``lively`` is 1 for a head that moves as much as most; ``rises`` the share that go up."""

    lively: float
    rises: float = 0.5
    beats: list[HeadBeat] = field(default_factory=list)
    next_beat_s: float = 0.0
    in_pause: bool = False


def step(cues: Cues, state: NodState, index: int, rng: np.random.Generator, stepping: Stepping) -> Floats | None:
    """(frames of a step, 3) what nods add to the pose of step ``index``, if any do; changes ``state``."""
    if cues.role == "listening":
        _backchannel(cues, state, index * stepping.frames, rng)
    else:
        _accents(cues, state, index, rng, stepping)
    if not state.beats:
        return None
    pose, times_s = np.zeros((stepping.frames, 3)), stepping.times_s(index)
    for beat in state.beats:
        pose = pose + beat.at(times_s)
    state.beats = [b for b in state.beats if b.end_s > (index + 1) * stepping.step_s]
    return pose


def _accents(cues: Cues, state: NodState, index: int, rng: np.random.Generator, stepping: Stepping) -> None:
    # One step of look-ahead, so that the nod reaches its lowest point just after the accent; live at once.
    first = (index + 1 if stepping.accents_ahead else index) * stepping.frames
    begins_s = index * stepping.step_s
    for frame in range(first, min(first + stepping.frames, cues.origin + len(cues))):
        accent = float(cues.accent[cues.row(frame)])
        if not accent > LEAST_ACCENT:
            continue
        chance, size = rng.random(), rng.lognormal(0.0, 0.6)
        turn, period = float(np.clip(rng.normal(0, 0.4), -0.8, 0.8)), rng.uniform(0.28, 0.5)
        way = 1.0 if rng.random() < state.rises else -1.0
        peak_s = frame / PLAN_RATE_HZ + LAG_S
        if not stepping.accents_ahead:
            peak_s = max(peak_s, begins_s + period / 2)
        if peak_s < state.next_beat_s or chance > BEAT_CHANCE:
            continue
        strength = min(state.lively * BEAT_RAD * accent * size, LARGEST_BEAT_RAD)
        swing = strength * np.array([turn, way, 0.5 * turn])
        state.beats.append(HeadBeat(peak_s - period / 2, 2 * period, 1, swing))
        state.next_beat_s = peak_s + float(rng.uniform(0.25, 0.9))


def _backchannel(cues: Cues, state: NodState, first: int, rng: np.random.Generator) -> None:
    since = float(cues.since_pause_s[cues.row(first)])
    begins = 0.2 <= since < UNKNOWN_S
    if begins and not state.in_pause and rng.random() < 0.5:
        start_s = first / PLAN_RATE_HZ + float(rng.uniform(0.05, 0.4))
        swing = np.radians(rng.uniform(2.0, 5.0)) * np.array([0.1 * rng.normal(), -1.0, 0.0])
        swings = int(rng.integers(1, 4))
        state.beats.append(HeadBeat(start_s, 2 * float(rng.uniform(0.32, 0.45)), swings, swing))
    state.in_pause = begins
