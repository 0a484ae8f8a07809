"""When and how the lids blink: a renewal process with human intervals, drawn to pauses and large gaze shifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Blink, GazeShift, Stepping

Floats = NDArray[np.float64]


RATE_POWER = 1.7
"""The clock runs by this power of the rate that is asked for: large gaze shifts bring blinks however slow it is, and
the more blinks there are, the more of its time they take."""


@dataclass(frozen=True)
class BlinkSettings:
    """The blink statistic.

    Attributes:
        per_minute: rate while speaking, silent, listening (24.7, 19.0, 27.6: yardstick, Blinks and lids); blinks that
            gaze shifts bring come out of the same budget, so the spontaneous clock runs a little slower.
        interval_sigma: of the log-normal intervals (skewed to the right, CV about .8 before coupling).
        pause_gain: how much faster the clock runs in the first half second of a pause (Nakano 2010).
        refractory_s: no blink begins sooner after the last one ended.
        full_share: share of blinks that close fully (Ousler 2014: .4-.8); the rest are partial.
    """

    per_minute: tuple[float, float, float] = (14.0, 14.0, 18.0)
    interval_sigma: float = 0.75
    pause_gain: float = 3.5
    pause_s: float = 0.5
    refractory_s: float = 0.35
    full_share: float = 0.62


@dataclass
class BlinkState:
    """What the lids remember between steps: the clock since the last blink and where it rings."""

    clock: float
    rings_at: float
    free_from_s: float
    pace: float
    gaze_rad: Floats


class BlinkProcess:
    """Steps of the blinks."""

    def __init__(
        self,
        settings: BlinkSettings | None = None,
        amounts: Amounts | None = None,
        stepping: Stepping = WHOLE_FILE,
    ) -> None:
        self._set, self._amounts, self._stepping = settings or BlinkSettings(), amounts or Amounts(), stepping

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._amounts = amounts

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> BlinkState:
        """A fresh state of a person, somewhere inside an interval."""
        rings_at = self._interval(rng)
        return BlinkState(
            clock=float(rng.uniform(0, 0.8)) * rings_at,
            rings_at=rings_at,
            free_from_s=0.3,
            pace=float(np.clip(person.lognormal(0.0, 0.18), 0.7, 1.4)),
            gaze_rad=np.zeros(2),
        )

    def step(
        self, cues: Cues, state: BlinkState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> list[Blink]:
        """Blinks that begin in step ``index``; ``shifts`` are those with onsets in it."""
        frames = self._stepping.frames_of(index)
        blinks = self._with_gaze(state, shifts, rng)
        pace = state.pace * self._amounts.blink_rate**RATE_POWER
        rate = self._rate(cues, cues.rows(frames)) * pace / PLAN_RATE_HZ
        for frame, tick in zip(frames, rate, strict=True):
            state.clock += float(tick)
            now_s = float(frame) / PLAN_RATE_HZ
            if state.clock >= state.rings_at and now_s >= state.free_from_s:
                blinks.append(self._blink(state, now_s, rng))
        return sorted(blinks, key=lambda b: b.onset_s)

    def rest(self, state: BlinkState, index: int) -> Floats:
        """(frames of a step, 2) closure of the lids between blinks in step ``index``."""
        return np.full((self._stepping.frames, 2), max(0.0, 1.0 - self._amounts.lid_openness))

    def _rate(self, cues: Cues, frames: NDArray[np.int64]) -> Floats:
        speaking, silent, listening = self._set.per_minute
        if cues.role == "listening":
            base = np.full(len(frames), listening)
        else:
            base = np.where(cues.uttering[frames], speaking, silent)
        fresh_pause = cues.since_pause_s[frames] < self._set.pause_s
        return base * np.where(fresh_pause, self._set.pause_gain, 0.85) / 60

    def _with_gaze(self, state: BlinkState, shifts: list[GazeShift], rng: np.random.Generator) -> list[Blink]:
        """Large gaze shifts bring a blink: 97 % of those over 33 deg (Evinger 1994), few below 15."""
        blinks = []
        for shift in shifts:
            one, two = (rotations.direction_from_yaw_pitch(a) for a in (state.gaze_rad, shift.target_rad))
            size_deg = float(np.degrees(rotations.angle_between_rad(one, two)))
            state.gaze_rad = shift.target_rad
            chance = 0.97 / (1 + np.exp(-(size_deg - 25.0) / 3.0)) + (0.06 if size_deg > 6 else 0.0)
            draw, delay_s = rng.random(), float(rng.uniform(-0.01, 0.03))
            onset_s = max(shift.onset_s + delay_s, self._step_begin_s(shift.onset_s))
            if draw < chance * self._amounts.blink_rate and onset_s >= state.free_from_s:
                blinks.append(self._blink(state, onset_s, rng))
        return blinks

    def _interval(self, rng: np.random.Generator) -> float:
        """Log-normal with mean 1 in units of the mean interval."""
        sigma = self._set.interval_sigma
        return float(rng.lognormal(-sigma * sigma / 2, sigma))

    def _blink(self, state: BlinkState, onset_s: float, rng: np.random.Generator) -> Blink:
        full = rng.random() < self._set.full_share
        peak = float(rng.uniform(0.96, 1.0) if full else np.clip(rng.normal(0.68, 0.12), 0.35, 0.86))
        closing = float(np.clip(rng.normal(0.074, 0.008), 0.058, 0.1)) * (0.75 + 0.25 * peak)
        opening = closing * float(np.clip(rng.normal(2.6, 0.25), 1.9, 3.0))
        closed = float(rng.uniform(0.04, 0.08)) if full else 0.03
        other = float(np.clip(peak * rng.normal(1.0, 0.015), 0.0, 1.0))
        left, right = (peak, other) if rng.random() < 0.5 else (other, peak)
        blink = Blink(onset_s, closing, closed, opening, left, right)
        state.clock, state.rings_at = 0.0, self._interval(rng)
        state.free_from_s = blink.end_s + self._set.refractory_s
        return blink

    def _step_begin_s(self, onset_s: float) -> float:
        """Start of the step that an onset lies in: a blink may not begin in a step that is over."""
        step_s = self._stepping.step_s
        return float(np.floor(onset_s / step_s + 1e-9)) * step_s
