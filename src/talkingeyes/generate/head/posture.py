"""The posture of the head: held, then turned, as people do it.

A path of knots joined by cubic curves (Hermite) that share place and speed. What follows a knot is drawn from what
followed the knots of people that were most like it: so turns have people's sizes, durations and directions, the three
axes go together as theirs do, and a hold is a knot after which people held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.head.statistics import HeadStatistics, Knot, features_of
from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[np.float64]

NEIGHBOURS = 6
"""A movement is drawn from those after so many most similar knots."""
VARIED = 0.08
"""Movements differ from the people's own by so much (SD of the log of size and duration)."""
SHORTEST_S = 0.08
OUT_OF_STEP_S = 600.0
"""No movement lasts so long: a clock so far from the beginning of its movement is not ours."""
SLOWEST_DEG_S, FASTEST_DEG_S = 6.0, 28.0
"""Root mean square speed of the calmest and of the liveliest typical take."""
LARGEST_SPEED_DEG_S = 105.0
"""No movement of the posture is faster."""
TREMOR_TAPS = np.exp(-0.5 * (np.arange(-7, 8) / 2.2) ** 2)
TREMOR_TAPS /= np.sqrt((TREMOR_TAPS**2).sum())
FAR_SDS, FAR_WEIGHT = 1.5, 6.0
"""A movement that ends further from rest than so many SDs is the less like what people do."""


@dataclass
class PostureState:
    """What the posture remembers; angles in units of the take's own scale, time on the posture's own clock."""

    scale_rad: float
    side: Floats
    knot: Knot
    begun_s: float
    lasts_s: float
    move: Floats
    speed_after: Floats
    clock_s: float = 0.0
    noise: Floats = field(default_factory=lambda: np.zeros((len(TREMOR_TAPS) - 1, 3)))


class Movement(NamedTuple):
    """Some frames of a posture: places, noise of as many rows and the taps' more, size of the tremor, scale, sides."""

    places: list[list[float]]
    noise: Floats
    tremor: float
    scale_rad: float
    side: Floats


def trembling(moves: Sequence[Movement]) -> Floats:
    """(L, n, 3) rad of L postures that move for as many frames."""
    places, noise, tremor, scale, side = (np.array(each) for each in zip(*moves, strict=True))
    (lanes, frames, axes), (lane, row, axis) = places.shape, noise.strides
    windows = np.lib.stride_tricks.as_strided(
        noise, (lanes, frames, len(TREMOR_TAPS), axes), (lane, row, row, axis), writeable=False
    )
    trembles = np.add.reduce(windows * TREMOR_TAPS[:, None], axis=2)
    return (places + tremor[:, None, None] * trembles) * scale[:, None, None] * side[:, None]


class Posture:
    """Steps of the posture."""

    def __init__(self, statistics: HeadStatistics) -> None:
        self._known = statistics

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> PostureState:
        """A person's temper and speed; the take begins somewhere within people's paths."""
        mean, sd = self._known.log_speed
        speed = float(np.clip(np.exp(person.normal(mean, sd)), SLOWEST_DEG_S, FASTEST_DEG_S))
        mirrored = bool(person.random() < 0.5)
        rows = self._known.knots
        own, begins = Knot.of(rows[int(person.integers(len(rows)))]), Knot.of(rows[int(rng.integers(len(rows)))])
        knot = replace(begins, temper=own.temper)
        state = PostureState(
            scale_rad=float(np.radians(speed)),
            side=np.array([-1.0, 1.0, -1.0]) if mirrored else np.ones(3),
            knot=knot,
            begun_s=0.0,
            lasts_s=1.0,
            move=np.zeros(3),
            speed_after=np.zeros(3),
            noise=rng.normal(0.0, 1.0, (len(TREMOR_TAPS) - 1, 3)),
        )
        self._draw(state, rng)
        return state

    def step(self, state: PostureState, rate: Sequence[float], rng: np.random.Generator) -> Floats:
        """(n, 3) rad at `PLAN_RATE_HZ`; ``rate`` is how fast the posture's clock runs in each frame."""
        return trembling([self.moving(state, rate, rng)])[0]

    def moving(self, state: PostureState, rate: Sequence[float], rng: np.random.Generator) -> Movement:
        """The same before it is put together (`trembling`).

        Raises:
            ValueError: the state's clock is out of step with its movement, which no state of ours is.
        """
        places = []
        for speed in rate:
            if not abs(state.clock_s - state.begun_s) < OUT_OF_STEP_S:
                raise ValueError("the posture's clock is out of step")
            while state.clock_s >= state.begun_s + state.lasts_s:
                self._next(state, rng)
            places.append(place_at(state))
            state.clock_s += speed / PLAN_RATE_HZ
        noise = np.concatenate([state.noise, rng.normal(0.0, 1.0, (len(rate), 3))])
        state.noise = noise[len(rate) :]
        return Movement(places, noise, self._known.tremor, state.scale_rad, state.side)

    def _next(self, state: PostureState, rng: np.random.Generator) -> None:
        """The movement is done: its end is the present knot."""
        old = state.knot
        state.knot = Knot(
            moved=state.move,
            took_s=np.array(state.lasts_s),
            speed=state.speed_after,
            place=old.place + state.move,
            speed_before=old.speed,
            temper=old.temper,
        )
        state.begun_s += state.lasts_s
        self._draw(state, rng)

    def _draw(self, state: PostureState, rng: np.random.Generator) -> None:
        """What follows the present knot."""
        known = self._known
        unlike = known.features - features_of(state.knot, known.scale)
        apart = np.add.reduce(np.multiply(unlike, unlike, out=unlike), axis=1)
        far = state.knot.place + known.following[:, 1:4]
        np.divide(np.abs(far, out=far), known.scale[2], out=far)
        np.maximum(np.subtract(far, FAR_SDS, out=far), 0.0, out=far)
        apart += FAR_WEIGHT * np.add.reduce(np.multiply(far, far, out=far), axis=1)
        nearest = np.argpartition(apart, NEIGHBOURS)[:NEIGHBOURS]
        row = known.following[nearest[int(rng.integers(NEIGHBOURS))]]
        longer, larger = np.exp(rng.normal(0.0, VARIED, 2))
        aside = rng.normal(0.0, 0.5 * VARIED, 3) * np.linalg.norm(row[1:4])
        state.lasts_s = max(float(row[0] * longer), SHORTEST_S)
        state.move, state.speed_after = row[1:4] * larger + aside, row[4:7] * larger
        fastest = np.degrees(_peak_speed(state) * state.scale_rad)
        if fastest > LARGEST_SPEED_DEG_S:
            state.move = state.move * LARGEST_SPEED_DEG_S / fastest
            state.speed_after = state.speed_after * LARGEST_SPEED_DEG_S / fastest


def place_at(state: PostureState) -> list[float]:
    """(3,) where the posture is at its clock: a cubic between two knots that share place and speed."""
    t = state.lasts_s
    u = (state.clock_s - state.begun_s) / t
    way = u * u * (3 - 2 * u)
    leaving, arriving = u * (1 - u) ** 2 * t, u * u * (u - 1) * t
    knot = state.knot
    path = zip(knot.place.tolist(), state.move.tolist(), knot.speed.tolist(), state.speed_after.tolist(), strict=True)
    return [place + way * move + leaving * before + arriving * after for place, move, before, after in path]


def _peak_speed(state: PostureState) -> float:
    u = np.linspace(0.0, 1.0, 9)[:, None]
    bell = 6 * u * (1 - u) / state.lasts_s * state.move
    ends = (1 - u) * (1 - 3 * u) * state.knot.speed + u * (3 * u - 2) * state.speed_after
    return float(np.linalg.norm(bell + ends, axis=1).max())
