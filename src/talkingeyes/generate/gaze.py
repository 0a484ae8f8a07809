"""Where the character looks: fixations and saccades as a process fitted to eye-tracked people in conversation.

Two levels. Bouts on the partner and bouts averted alternate; their lengths are log-normal, fitted per state with
censoring. Inside a bout, fixations walk between cells of gaze by the people's own transition counts. Turns begin
averted and end on the partner (Ho 2015); marks of a director are hard constraints.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.generate import saccade
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, STEP_S, GazeShift

Floats = NDArray[np.float64]

MIN_FIXATION_S = 0.16
"""No saccade starts sooner after the last one landed."""
BEFORE_MARK_S = MIN_FIXATION_S + 0.2
LONGEST_BOUT_S = 45.0
AVERTED_FROM_RAD = np.radians(9.0)
PARTNER_WITHIN_RAD = np.radians(7.0)
"""The border between on the partner and averted is 8 deg; targets keep clear of it (the fit's own hysteresis)."""
MAX_EYE_IN_HEAD_RAD = np.radians(30.0)
"""Free targets further than this from a kept head's direction are pulled in: the eyes alone must reach them."""


@dataclass(frozen=True)
class BoutStatistics:
    """One kind of bout (on the partner, averted) of one state."""

    centre_rad: Floats
    spread_rad: Floats
    entry: Floats
    move: Floats
    fixation_log_s: tuple[float, float]
    bout_log_s: tuple[float, float]
    stay_correlation: float


@dataclass(frozen=True)
class GazeStatistics:
    """Fitted statistics (assets/gaze_statistics.json) by (state, averted)."""

    bouts: dict[tuple[str, bool], BoutStatistics]
    person_sd: float


@functools.lru_cache(maxsize=1)
def gaze_statistics() -> GazeStatistics:
    """The statistics in the package."""
    return statistics_of(resources.files("talkingeyes").joinpath("assets/gaze_statistics.json").read_text())


def statistics_of(text: str) -> GazeStatistics:
    """Statistics as `scripts/fit_gaze_statistics.py` writes them."""
    document = json.loads(text)
    bouts = {}
    for state in ("speaking", "listening"):
        for kind in ("on", "averted"):
            table = document[state][kind]
            bouts[state, kind == "averted"] = BoutStatistics(
                centre_rad=np.radians(table["centre_deg"]),
                spread_rad=np.radians(table["spread_deg"]),
                entry=np.cumsum(table["entry"]) / np.sum(table["entry"]),
                move=np.cumsum(table["move"], axis=1) / np.sum(table["move"], axis=1, keepdims=True),
                fixation_log_s=(table["fixation_s"]["mu"], table["fixation_s"]["sigma"]),
                bout_log_s=(table["bout_s"]["mu"], table["bout_s"]["sigma"]),
                stay_correlation=table["stay_correlation"],
            )
    return GazeStatistics(bouts, document["speaking"]["between_people_log_odds_sd"])


@dataclass
class GazeState:
    """What the gaze process remembers between steps."""

    target_rad: Floats
    averted: bool = False
    cell: int = 0
    speaking: bool = False
    landed_s: float = 0.0
    next_s: float = 0.0
    bout_end_s: float = 0.0
    person: float = 0.0
    mirrored: bool = False
    turn_handled_s: float = -1.0
    away_distance_m: float = 2.0
    next_mark: int = 0
    marks: tuple[Mark, ...] = field(default=())


HeadAt = Callable[[float], Floats]


class GazeProcess:
    """Steps of the gaze; ``head_at`` tells a kept head's pose so that targets stay within the eyes' reach."""

    def __init__(
        self, marks: Sequence[Mark] = (), head_at: HeadAt | None = None, amounts: Amounts | None = None
    ) -> None:
        self._statistics = gaze_statistics()
        self._marks = tuple(marks)
        self._head_at = head_at
        self._amounts = amounts or Amounts()
        odds = 0.75 * math.exp(-self._amounts.contact_log_odds)
        self._opens_averted = odds / (odds + 0.25)

    def start(
        self, cues: Cues, rng: np.random.Generator, person: np.random.Generator
    ) -> tuple[GazeState, list[GazeShift]]:
        """A fresh state and the shift that brought the gaze to its first target, before time 0."""
        state = GazeState(target_rad=np.zeros(2), marks=self._marks)
        # One person averts more than another; half the spread between people keeps every take in character.
        state.person = float(np.clip(person.normal(0.0, 0.5 * self._statistics.person_sd), -0.8, 0.8))
        state.mirrored = bool(person.random() < 0.5)
        state.speaking = _speaking(cues, 0)
        opens_with_voice = cues.role == "speaking" and bool(cues.uttering[: PLAN_RATE_HZ // 2].any())
        state.averted = bool(rng.random() < (0.6 if opens_with_voice else 0.05))
        if state.marks and state.marks[0].start_s <= MIN_FIXATION_S + 0.2:
            return state, [self._go_to_mark(state, -1.0)]
        self._new_bout(state, 0.0, rng)
        state.bout_end_s = min(state.bout_end_s, 1.6) if state.averted else state.bout_end_s
        shift = self._shift(state, -1.0, self._draw_entry(state, rng), rng)
        state.next_s = max(0.1, float(rng.uniform(0.1, 0.6)))
        return state, [shift]

    def step(self, cues: Cues, state: GazeState, index: int, rng: np.random.Generator) -> list[GazeShift]:
        """Shifts whose onsets fall into step ``index``, moved ahead by `GAZE_LEAD_S`."""
        begin_s = index * STEP_S + GAZE_LEAD_S
        self._heed_voice(cues, state, begin_s, rng)
        shifts = []
        while state.next_s < begin_s + STEP_S:
            shift = self._next(state, rng)
            if shift is not None:
                shifts.append(shift)
        return shifts

    def first_steps(self, cues: Cues, state: GazeState, rng: np.random.Generator) -> list[GazeShift]:
        """Shifts of the lead time before the first step."""
        shifts = []
        for index in range(-round(GAZE_LEAD_S / STEP_S), 0):
            shifts += self.step(cues, state, index, rng)
        return shifts

    # -- events ---------------------------------------------------------------------------------------------------

    def _next(self, state: GazeState, rng: np.random.Generator) -> GazeShift | None:
        now = state.next_s
        if now >= self._mark_due_s(state):
            return self._go_to_mark(state, max(self._mark_due_s(state) + BEFORE_MARK_S, state.landed_s), rng)
        if now >= state.bout_end_s:
            state.averted = not state.averted
            self._new_bout(state, now, rng)
            return self._shift(state, now, self._draw_entry(state, rng), rng)
        return self._shift(state, now, self._draw_move(state, rng), rng)

    @staticmethod
    def _mark_due_s(state: GazeState) -> float:
        """From when on no free shift would land before the next mark's own begins."""
        if state.next_mark >= len(state.marks):
            return math.inf
        mark = state.marks[state.next_mark]
        travel = saccade.travel_s(state.target_rad, np.array([mark.yaw_rad, mark.pitch_rad]))
        return mark.start_s - travel - BEFORE_MARK_S

    def _go_to_mark(self, state: GazeState, onset_s: float, rng: np.random.Generator | None = None) -> GazeShift:
        mark = state.marks[state.next_mark]
        state.next_mark += 1
        target = np.array([mark.yaw_rad, mark.pitch_rad])
        state.landed_s = max(onset_s + saccade.travel_s(state.target_rad, target), mark.end_s)
        state.target_rad = target
        state.averted = bool(np.hypot(*target) > np.radians(8))
        state.cell = self._nearest_cell(state)
        leave_s = 0.15 if rng is None else float(rng.uniform(0.05, 0.4))
        state.next_s = mark.end_s + leave_s
        # After a mark off the partner people come back; after one on the partner the bout goes on a little.
        state.bout_end_s = state.next_s if state.averted else state.next_s + 0.8
        distance = 1.5 if state.averted else 1.0
        return GazeShift(onset_s, float(target[0]), float(target[1]), distance, mark.end_s - onset_s, mark.end_s)

    def _shift(self, state: GazeState, onset_s: float, target: Floats, rng: np.random.Generator) -> GazeShift:
        travel = saccade.travel_s(state.target_rad, target)
        mu, sigma = self._table(state).fixation_log_s
        dwell = max(MIN_FIXATION_S, float(np.exp(rng.normal(mu, sigma))) / self._amounts.gaze_activity)
        state.target_rad = target
        state.landed_s = onset_s + travel
        state.next_s = min(state.landed_s + dwell, max(state.bout_end_s, state.landed_s + MIN_FIXATION_S))
        state.next_s = min(state.next_s, max(self._mark_due_s(state), state.landed_s))
        distance = state.away_distance_m if state.averted else 1.0
        stay_s = max(state.bout_end_s, state.next_s) - onset_s
        return GazeShift(onset_s, float(target[0]), float(target[1]), distance, stay_s)

    def _heed_voice(self, cues: Cues, state: GazeState, now_s: float, rng: np.random.Generator) -> None:
        """Turns begin averted and end on the partner; the state of the voice sets the statistics."""
        frame = int(np.clip(round(now_s * PLAN_RATE_HZ), 0, len(cues) - 1))
        speaking = _speaking(cues, frame)
        if speaking != state.speaking:
            state.speaking = speaking
            self._change_state(state, now_s, rng)
        if cues.role != "speaking":
            return
        starts_in, ends_in = cues.turn_starts_in_s[frame], cues.turn_ends_in_s[frame]
        handled = now_s < state.turn_handled_s
        if starts_in < 0.3 and not handled:
            state.turn_handled_s = now_s + 1.0
            if rng.random() < self._opens_averted and not state.averted:
                state.bout_end_s = min(state.bout_end_s, now_s + float(rng.uniform(0.0, starts_in)))
                state.next_s = min(state.next_s, max(state.bout_end_s, state.landed_s + MIN_FIXATION_S))
        if ends_in < 1.3:
            if state.averted:
                state.bout_end_s = min(state.bout_end_s, now_s + float(rng.uniform(0.0, 0.4)))
                state.next_s = min(state.next_s, max(state.bout_end_s, state.landed_s + MIN_FIXATION_S))
            else:
                state.bout_end_s = max(state.bout_end_s, now_s + ends_in + float(rng.uniform(0.3, 1.2)))

    def _change_state(self, state: GazeState, now_s: float, rng: np.random.Generator) -> None:
        """The rest of the present bout follows the new state's statistics."""
        rest = self._draw_bout_s(state, rng) * float(rng.uniform(0.2, 1.0))
        state.bout_end_s = now_s + rest if not state.averted else min(state.bout_end_s, now_s + rest)

    # -- draws ----------------------------------------------------------------------------------------------------

    def _table(self, state: GazeState) -> BoutStatistics:
        return self._statistics.bouts["speaking" if state.speaking else "listening", state.averted]

    def _draw_bout_s(self, state: GazeState, rng: np.random.Generator) -> float:
        mu, sigma = self._table(state).bout_log_s
        person = state.person / 2 * (1.0 if state.averted else -1.0)
        rate = self._amounts.return_rate if state.averted else self._amounts.leave_rate
        return float(np.clip(np.exp(rng.normal(mu + person, sigma)) / rate, 0.3, LONGEST_BOUT_S))

    def _new_bout(self, state: GazeState, now_s: float, rng: np.random.Generator) -> None:
        state.bout_end_s = now_s + self._draw_bout_s(state, rng)
        if state.averted:
            state.away_distance_m = float(rng.uniform(1.2, 4.0))

    def _draw_entry(self, state: GazeState, rng: np.random.Generator) -> Floats:
        return self._draw(state, self._table(state).entry, rng, entering=True)

    def _draw_move(self, state: GazeState, rng: np.random.Generator) -> Floats:
        table = self._table(state)
        return self._draw(state, table.move[min(state.cell, len(table.move) - 1)], rng, entering=False)

    def _draw(self, state: GazeState, cumulative: Floats, rng: np.random.Generator, *, entering: bool) -> Floats:
        table = self._table(state)
        cell = min(int(np.searchsorted(cumulative, rng.random())), len(table.centre_rad) - 1)
        centre, spread = table.centre_rad[cell], table.spread_rad[cell]
        place = rng.normal(0.0, 1.0, 2)
        if cell == state.cell and not entering:
            # The next fixation in the same cell is near the last one.
            here = (self._mirror(state, state.target_rad) - centre) / spread
            r = table.stay_correlation
            place = r * np.clip(here, -2.5, 2.5) + np.sqrt(1 - r * r) * place
        state.cell = cell
        target = _keep_side(centre + np.clip(place, -2.5, 2.5) * spread, averted=state.averted)
        return reachable(self._mirror(state, target), self._head_at, state.next_s)

    @staticmethod
    def _mirror(state: GazeState, target: Floats) -> Floats:
        """Half of the takes look to the right where the people of the statistics looked to the left."""
        return target * (-1.0, 1.0) if state.mirrored else target

    def _nearest_cell(self, state: GazeState) -> int:
        here = self._mirror(state, state.target_rad)
        return int(np.argmin(((self._table(state).centre_rad - here) ** 2).sum(axis=1)))


def reachable(target_rad: Floats, head_at: HeadAt | None, at_s: float) -> Floats:
    """A free target pulled in to what the eyes reach from where a kept head points at that time."""
    if head_at is None:
        return target_rad
    head = rotations.matrix_from_ypr(head_at(at_s))
    eye = rotations.yaw_pitch_from_direction(head.T @ rotations.direction_from_yaw_pitch(target_rad))
    eye *= min(1.0, MAX_EYE_IN_HEAD_RAD / max(1e-9, float(np.hypot(eye[0], 1.3 * eye[1]))))
    return rotations.yaw_pitch_from_direction(head @ rotations.direction_from_yaw_pitch(eye))


def _keep_side(target_rad: Floats, *, averted: bool) -> Floats:
    """Keep averted targets off the partner and the others on it, clear of the border between the two."""
    eccentricity = float(np.hypot(*target_rad))
    wanted = max(eccentricity, AVERTED_FROM_RAD) if averted else min(eccentricity, PARTNER_WITHIN_RAD)
    return target_rad * (wanted / max(eccentricity, 1e-9))


def _speaking(cues: Cues, frame: int) -> bool:
    """A listener's statistics also serve a speaker who is silent."""
    return cues.role == "speaking" and bool(cues.uttering[frame])
