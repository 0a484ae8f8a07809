"""The gaze, look by look: dwells by a hazard that the voice moves, landings chosen among the places of a scene.

A look ends when its hazard has added up to a draw from the unit exponential (inversion of the survival function; Cox &
Oakes 1984), so a hazard that changes while somebody looks (the voice, a director's amounts) needs no second draw, and
the same seed under another voice keeps its places and its temper and moves its timing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate import saccade
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, GazeShift, Stepping
from talkingeyes.generate.scanpath.balance import LiveBalance
from talkingeyes.generate.scanpath.choice import (
    GazeControls,
    chosen,
    elsewhere,
    ending,
    hazard_at,
    hazard_of,
    remembered,
)  # fmt: skip
from talkingeyes.generate.scanpath.conditions import LOOK, width_of
from talkingeyes.generate.scanpath.network import SHORTEST_S, ShiftTargets, dwell_of
from talkingeyes.generate.scanpath.person import Person
from talkingeyes.generate.scanpath.reach import HeadAt, reachable, seeable_deg
from talkingeyes.generate.scanpath.rows import AVERTED_DEG, look_row
from talkingeyes.generate.scanpath.scene import Scene
from talkingeyes.generate.scanpath.speech_drive import DriveSettings
from talkingeyes.generate.scanpath.voice_drive import VoiceDrive, manner_at
from talkingeyes.generate.scanpath.wander import Wander

Array = NDArray[Any]

WARM_UP_S = 12.0
"""Looks of so long before time 0 are made first: a take begins in the middle of somebody's gaze, not at a blank."""
NOISE_LIMIT_SD = 2.5
AFTER_MARK_S = (0.15, 0.5)
"""How long the gaze stays after a mark off the partner, if nothing else moves it."""
MARK_SETTLES_S = 0.35
"""No free shift begins so shortly before a director's mark."""
VISIT_S = 0.9
"""Who looks elsewhere means to stay there for several looks (bouts away last 1.3 s in the median)."""
AWAY_M = (1.2, 4.0)
"""Distance of what is looked at off the partner."""


class ScanPathSource(Protocol):
    """Where dwells and landings come from: a trained network or tables."""

    def person(self, rng: np.random.Generator, amount: float = 1.0) -> Person:
        """Somebody to be."""
        ...

    def begin(self, looks: Array, there: Array, who: Array) -> tuple[Any, Array]:
        """Of the last looks: what `land` needs, and the cumulative hazard at `conditions.DWELL_EDGES_S` and beyond."""
        ...

    def land(self, state: Any, who: Array, dwell_s: float, gaze_deg: Array, scene: Scene, now_s: float) -> ShiftTargets:
        """Where the next look may land."""
        ...

    @property
    def window(self) -> int:
        """Looks that a look sees."""
        ...


@dataclass
class GazeState:
    """What the gaze remembers between steps."""

    person: Person
    scene: Scene
    manner: str
    looks: Array
    there: Array
    gaze_deg: Array
    before_deg: Array
    landed_s: float
    stayed_s: float
    hidden: Any = None
    hazard: Array = field(default_factory=lambda: np.zeros(0))
    ends_at: float = 0.0
    reached: float = 0.0
    counted_s: float = 0.0
    averted: bool = False
    turned_s: float = 0.0
    distance_m: float = 1.0
    next_mark: int = 0
    held_until_s: float = -1e9
    was_sent: bool = False
    wander: Wander = field(default_factory=lambda: Wander(at_s=-WARM_UP_S))
    balance: LiveBalance = field(default_factory=LiveBalance)


class ScanPathProcess:
    """Steps of the gaze.

    Args:
        source: of dwells and landings.
        marks: of a director, hard constraints.
        head_at: a kept head's pose by time; targets stay within the eyes' reach.
        controls: how it is drawn.
        drive: how the voice moves it.
        stepping: length of a step and how far ahead of it shifts are decided.
        amounts: of eye contact and activity.
    """

    def __init__(
        self, source: ScanPathSource, marks: Sequence[Mark] = (), head_at: HeadAt | None = None,
        controls: GazeControls | None = None, drive: DriveSettings | None = None, stepping: Stepping = WHOLE_FILE,
        amounts: Amounts | None = None,
    ) -> None:  # fmt: skip
        self._stepping = stepping
        self._source, self._marks, self._head_at = source, tuple(marks), head_at
        self._usual = controls or GazeControls()
        self._set, self._drive = self._usual.with_amounts(amounts or Amounts()), VoiceDrive(drive, WARM_UP_S / 2)

    def start(
        self, cues: Cues, rng: np.random.Generator, character: np.random.Generator | None = None
    ) -> tuple[GazeState, list[GazeShift]]:
        """A state at time 0 with `WARM_UP_S` of looks behind it, and the shifts decided before the first step.

        Args:
            cues: of the recording.
            rng: of this take.
            character: draws the person, where the same one is wanted in several recordings.
        """
        person = self._source.person(character if character is not None else rng, self._set.variety)
        manner = manner_at(cues, 0.0)
        begin_s = -WARM_UP_S
        state = GazeState(
            person, Scene.of(person.places[manner], begin_s), manner,
            np.zeros((self._source.window, width_of(LOOK)), np.float32), np.zeros(self._source.window, np.float32),
            np.zeros(2), np.zeros(2), begin_s, 0.3, turned_s=begin_s,
        )  # fmt: skip
        places = person.places[manner]
        first = int(rng.choice(len(places.share), p=places.share / places.share.sum()))
        self._look(state, places.place_deg[first].copy(), begin_s, 0.03, rng)
        shifts = self._until(cues, state, self._stepping.lead_s, rng)
        before = [s for s in shifts if s.onset_s < 0]
        last = before[-1] if before else self._shift_to(state.gaze_deg, -1.0, state, 1.0)
        opening = GazeShift(-1.0, last.yaw_rad, last.pitch_rad, last.distance_m, last.stay_s, last.hold_until_s)
        return state, [opening, *(s for s in shifts if s.onset_s >= 0)]

    def step(self, cues: Cues, state: GazeState, index: int, rng: np.random.Generator) -> list[GazeShift]:
        """Shifts whose onsets fall into step ``index``, moved ahead by the lead."""
        end_s = (index + 1) * self._stepping.step_s + self._stepping.lead_s
        if cues.moments is not None:
            self._drive.keep_balance(cues, state.balance, end_s, self._stepping.step_s)
        return self._until(cues, state, end_s, rng)

    # -- looks ----------------------------------------------------------------------------------------------------

    def _until(self, cues: Cues, state: GazeState, end_s: float, rng: np.random.Generator) -> list[GazeShift]:
        """Every shift that begins before ``end_s``."""
        shifts: list[GazeShift] = []
        while True:
            self._heed_state(cues, state)
            leaves_s = self._leaves(cues, state, end_s)
            mark = self._marks[state.next_mark] if state.next_mark < len(self._marks) else None
            if mark is not None:
                onset_s = self._mark_onset(state, mark)
                if onset_s < end_s and (leaves_s is None or leaves_s > onset_s - MARK_SETTLES_S):
                    shifts.append(self._go_to_mark(state, mark, onset_s, rng))
                    continue
                if leaves_s is not None and leaves_s > onset_s - MARK_SETTLES_S:
                    leaves_s = None
            if leaves_s is None:
                return shifts
            shifts.append(self._move_on(cues, state, leaves_s, rng))

    def _leaves(self, cues: Cues, state: GazeState, end_s: float) -> float | None:
        """When the present look ends, if before ``end_s``; its hazard is added up to there."""
        begin_s = max(state.counted_s, state.landed_s)
        if begin_s < state.held_until_s:
            begin_s = state.held_until_s
        count = math.ceil((end_s - begin_s) * PLAN_RATE_HZ - 1e-9)
        if count <= 0:  # a look that has not begun, or a mark that ends as the step does
            return None
        if cues.moments is not None:
            return self._leaves_live(cues, state, begin_s, end_s, count)
        at_s = np.minimum(begin_s + np.arange(count + 1) / PLAN_RATE_HZ, end_s)
        base = hazard_at(state.hazard, at_s - max(state.landed_s, state.held_until_s))
        contact, activity = state.person.bias[state.manner]
        drive = self._set.speech * self._drive.at(cues, state.balance, at_s[:-1]) - self._set.contact - contact
        gain = self._set.activity * np.exp(activity + (-drive if state.averted else drive))
        added = np.cumsum(gain * (base[1:] - base[:-1])).tolist()
        if (reached := state.reached + added[-1]) < state.ends_at:
            state.counted_s, state.reached = end_s, reached
            return None
        before, times_s = state.reached, at_s.tolist()
        if before >= state.ends_at:
            return times_s[0]
        for k, more in enumerate(added):
            reached = state.reached + more
            if reached >= state.ends_at:
                share = (state.ends_at - before) / max(reached - before, 1e-12)
                return times_s[k] + share * (times_s[k + 1] - times_s[k])
            before = reached
        raise AssertionError("a hazard that was reached is reached somewhere")

    def _leaves_live(self, cues: Cues, state: GazeState, begin_s: float, end_s: float, count: int) -> float | None:
        """The same of a live window, a frame or two at a time: plain numbers cost a fifth of arrays."""
        contact, activity = state.person.bias[state.manner]
        since_s, hazard = max(state.landed_s, state.held_until_s), state.hazard.tolist()
        now_s, low, before = begin_s, hazard_of(hazard, begin_s - since_s), state.reached
        if before >= state.ends_at:
            return begin_s
        for k in range(1, count + 1):
            drive = self._set.speech * self._drive.live_at(cues, state.balance, now_s) - self._set.contact - contact
            gain = self._set.activity * math.exp(activity + (-drive if state.averted else drive))
            then_s = min(begin_s + k / PLAN_RATE_HZ, end_s)
            high = hazard_of(hazard, then_s - since_s)
            reached = before + gain * (high - low)
            if reached >= state.ends_at:
                return now_s + (state.ends_at - before) / max(reached - before, 1e-12) * (then_s - now_s)
            now_s, low, before = then_s, high, reached
        state.counted_s, state.reached = end_s, before
        return None

    def _move_on(self, cues: Cues, state: GazeState, onset_s: float, rng: np.random.Generator) -> GazeShift:
        """The look ends by itself: the next one lands where the source says."""
        dwell_s = onset_s - state.landed_s
        state.scene.dwell(dwell_s, state.landed_s)
        source = self._source
        found = source.land(state.hidden, state.person.who[state.manner], dwell_s, state.gaze_deg, state.scene, onset_s)
        drive = self._set.speech * float(self._drive.at(cues, state.balance, np.array([onset_s]))[0])
        drive -= self._set.contact + state.person.bias[state.manner][0]
        draw, noise = rng.random(), rng.normal(0.0, 1.0, 2)
        habits = state.person.free_running[state.manner]
        found = remembered(found, state.scene, habits)
        if state.was_sent:
            found, state.was_sent = elsewhere(found, state.gaze_deg), False
        choice = chosen(found, drive, self._set, draw, (state.averted, habits.same_side))
        landed = found.mean_deg[choice] + found.sd_deg[choice] * np.clip(noise, -NOISE_LIMIT_SD, NOISE_LIMIT_SD)
        shift = self._shift(state, self._within_reach(landed, onset_s), onset_s, rng)
        shown = self._within_reach(np.degrees(shift.target_rad) + state.wander.to(onset_s, rng), onset_s)
        return replace(shift, yaw_rad=float(np.radians(shown[0])), pitch_rad=float(np.radians(shown[1])))

    def _shift(self, state: GazeState, target_deg: Array, onset_s: float, rng: np.random.Generator) -> GazeShift:
        travel_s = saccade.travel_s(np.radians(state.gaze_deg), np.radians(target_deg))
        state.stayed_s = onset_s - state.landed_s
        self._look(state, target_deg, onset_s + travel_s, travel_s, rng)
        usual = state.scene.spent_s[state.scene.here] / max(state.scene.visits[state.scene.here], 1.0)
        far = float(np.hypot(*(target_deg - state.before_deg))) > AVERTED_DEG
        stay_s = max(dwell_of(state.hazard, state.ends_at), float(usual), VISIT_S if far else 0.0)
        return self._shift_to(target_deg, onset_s, state, stay_s)

    def _look(self, state: GazeState, target_deg: Array, now_s: float, lost_s: float, rng: np.random.Generator) -> None:
        """A look begins."""
        averted = bool(np.hypot(*target_deg) > AVERTED_DEG)
        if averted != state.averted:
            state.turned_s = now_s
            state.distance_m = float(rng.uniform(*AWAY_M)) if averted else 1.0
        state.averted = averted
        state.before_deg, state.gaze_deg, state.landed_s = state.gaze_deg, target_deg, now_s
        state.scene.land(target_deg, now_s)
        row = look_row(state.scene, target_deg, state.before_deg, state.stayed_s, lost_s, now_s - state.turned_s, now_s)
        state.looks = np.concatenate([state.looks[1:], row[None]])
        state.there = np.append(state.there[1:], np.float32(1.0))
        self._think(state)
        state.ends_at, state.reached, state.counted_s = (
            ending(rng, state.person.free_running[state.manner].regularity),
            0.0,
            now_s,
        )

    def _think(self, state: GazeState) -> None:
        who = state.person.who[state.manner]
        state.hidden, state.hazard = self._source.begin(state.looks, state.there, who)

    def _heed_state(self, cues: Cues, state: GazeState) -> None:
        """Somebody begins or ceases to speak: another manner, with its own places beside those that are known."""
        manner = manner_at(cues, state.counted_s)
        if manner != state.manner and manner in state.person.who:
            state.manner = manner
            state.scene.admit(state.person.places[manner], state.counted_s)
            self._think(state)

    # -- marks and reach --------------------------------------------------------------------------------------------

    def _mark_onset(self, state: GazeState, mark: Mark) -> float:
        goal = np.array([mark.yaw_rad, mark.pitch_rad])
        travel_s = saccade.travel_s(np.radians(state.gaze_deg), goal)
        if mark.start_s <= SHORTEST_S + 0.2 and state.next_mark == 0:
            return max(-1.0, state.landed_s)
        return max(mark.start_s - travel_s, state.landed_s, state.held_until_s)

    def _go_to_mark(self, state: GazeState, mark: Mark, onset_s: float, rng: np.random.Generator) -> GazeShift:
        state.next_mark += 1
        state.scene.dwell(max(onset_s - state.landed_s, 0.0), state.landed_s)
        self._shift(state, np.degrees([mark.yaw_rad, mark.pitch_rad]), onset_s, rng)
        state.held_until_s = mark.end_s
        if state.averted:  # nobody stays where only the mark has sent him
            stays_s = float(rng.uniform(*AFTER_MARK_S))
            state.ends_at = min(state.ends_at, float(hazard_at(state.hazard, np.array([stays_s]))[0]))
        state.was_sent = state.averted
        shift = self._shift_to(state.gaze_deg, onset_s, state, mark.end_s - onset_s)
        return GazeShift(
            shift.onset_s, mark.yaw_rad, mark.pitch_rad, mark.distance_m or (1.5 if state.averted else 1.0),
            shift.stay_s, mark.end_s,
        )  # fmt: skip

    def hold(self, state: GazeState, mark: Mark, begun: Sequence[GazeShift], rng: np.random.Generator) -> GazeShift:
        """A mark that comes now: looks that were decided and have not begun are taken back.

        Args:
            state: changed in place.
            mark: from now on.
            begun: the last shifts that have, one or two.
            rng: the gaze's own stream.
        """
        here = begun[-1]
        state.gaze_deg = np.degrees(here.target_rad)
        state.landed_s = here.onset_s + (
            saccade.travel_s(begun[0].target_rad, here.target_rad) if here.onset_s >= 0 else 0.0
        )
        state.averted = bool(np.hypot(*state.gaze_deg) > AVERTED_DEG)
        return self._go_to_mark(state, mark, max(mark.start_s, state.landed_s), rng)

    def release(self, state: GazeState, at_s: float) -> None:
        """Whatever mark holds the gaze ends."""
        state.held_until_s = min(state.held_until_s, at_s)

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._set = self._usual.with_amounts(amounts)

    def _within_reach(self, target_deg: Array, onset_s: float) -> Array:
        return np.degrees(reachable(np.radians(seeable_deg(target_deg)), self._head_at, onset_s))

    @staticmethod
    def _shift_to(target_deg: Array, onset_s: float, state: GazeState, stay_s: float) -> GazeShift:
        yaw, pitch = np.radians(target_deg)
        return GazeShift(onset_s, float(yaw), float(pitch), state.distance_m, stay_s)
