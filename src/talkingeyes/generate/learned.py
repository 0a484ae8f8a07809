"""The learned generator: gaze tokens and head latents sampled step by step from speech; blinks and face beside it.

It emits the same Plan as the statistical generator, one per 0.2 s, and is rendered by the same renderer. Row ``i``
decides the gaze of step ``i + 2`` (`GAZE_LEAD_S`) and the head of step ``i``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate import saccade
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.blinks import BlinkProcess
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.draws import drawn
from talkingeyes.generate.face import FaceProcess
from talkingeyes.generate.gaze_bias import AVERTED_DEG, apply_bias, with_amounts
from talkingeyes.generate.head import HeadProcess, HeadSettings
from talkingeyes.generate.learned_model import LearnedModel
from talkingeyes.generate.learned_speech import PAUSE_S, features_of
from talkingeyes.generate.learned_state import LearnedState, ShiftTargets, TakeStyle, landings_of
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, STEP_FRAMES, STEP_S, GazeShift, Plan, ShiftQueue
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.scanpath.reach import HeadAt, reachable
from talkingeyes.generate.streams import Streams

Floats = NDArray[Any]

LEAD = round(GAZE_LEAD_S / STEP_S)
WARM_UP = 12
"""Rows before time 0 of a model without pasts, so that a take begins in the middle of a life and not at a blank."""
HEARD_FRAMES = 30
STAY = 0
SILENT, SPEAKING = 0, 1
FLOOR_OF = {"listening": SILENT, "speaking": SPEAKING}
SETTLED_ROWS = 10
"""A mark at the very start is looked at from so long before it."""
TRACKED = 0
MIN_FIXATION_S = 0.12
NEARNESS = 0.25
"""How far a take's character lies from the person it is drawn near, in standard deviations between people."""
AVERTED_RAD = np.radians(AVERTED_DEG)
NO_STEP = -1e9
IDLE = 0.35
"""How lively a head is that does not speak. The clips, read or told without a pause, hold next to no silence to learn
it from; so a silent head moves .62 times as fast as a speaking one (clips: .59, docs/evaluation.md)."""
HEAD_SPREAD = 0.9
"""Of the draws of the head that the gaze network believes in."""


class LearnedGenerator:
    """Speech cues -> Plan, one step at a time, by trained networks."""

    def __init__(
        self, model: LearnedModel, sampling: Sampling | None = None, marks: Sequence[Mark] = (), *,
        head_at: HeadAt | None = None, given_shifts: Sequence[GazeShift] | None = None, amounts: Amounts | None = None,
    ) -> None:  # fmt: skip
        """Prepare; see `StatisticalGenerator` for marks, kept head and kept gaze."""
        self._model, self._set = model, sampling or Sampling()
        self._marks, self._head_at = tuple(marks), head_at
        self._given = None if given_shifts is None else sorted(given_shifts, key=lambda s: s.onset_s)
        self._amounts = amounts or Amounts()
        self._blinks, self._face = BlinkProcess(amounts=self._amounts), FaceProcess(self._amounts)
        settings = HeadSettings(liveliness=self._set.head_temperature)
        self._head = HeadProcess(settings, head_amount=self._amounts.head_amount)
        self._features: Floats | None = None
        self._heard: Cues | None = None

    @property
    def name(self) -> str:
        """Of the model, for a motion's meta."""
        return self._model.network.manifest.name

    # -- steps ----------------------------------------------------------------------------------------------------

    def start(self, cues: Cues, streams: Streams) -> LearnedState:
        """State before the first step: some rows of a life before the recording."""
        m = self._model
        life = self._life(FLOOR_OF[cues.role], streams)
        rows = len(life.past) or WARM_UP
        kept = None if self._given is None else [s for s in self._given if s.onset_s < 0] or [GazeShift(-1.0, 0.0, 0.0)]
        first_rad = np.radians(life.past_gaze_deg) * life.side if kept is None else kept[-1].target_rad
        state = LearnedState(
            index=-rows,
            cache=np.zeros((1, *m.cache_shape), np.float32),
            deaf_cache=np.zeros((1, *m.cache_shape), np.float32),
            filled=np.full((1, m.window - 1), NO_STEP, np.float32),
            life=life,
            begun=-rows,
            token=m.tokens,
            latent=np.zeros(m.latent, np.float32),
            target_rad=first_rad,
            shifted_s=-rows * STEP_S - 1.0,
            turned_s=-rows * STEP_S - 2.0,
            landed_s=-1e9,
            next_mark=0,
            turn_handled_s=-1e9,
            hold_until_s=-1e9,
            distance_m=1.0,
            blinks=self._blinks.start(streams.blinks, streams.character.blinks),
            head=self._head.start(streams.head, streams.character.head),
            face=self._face.start(streams.mouth, streams.character.mouth),
        )
        shifts = [GazeShift(-1e3, float(first_rad[0]), float(first_rad[1]))]
        for _ in range(rows):
            shifts += self._row(cues, state, streams)
            state.index += 1
        last = [s for s in shifts if s.onset_s < 0][-1]
        after = [s for s in shifts if s.onset_s >= 0]
        opening = [GazeShift(-1.0, last.yaw_rad, last.pitch_rad, last.distance_m, last.stay_s), *after]
        state.queue = ShiftQueue(opening if kept is None else kept)
        return state

    def step(self, cues: Cues, state: LearnedState, streams: Streams) -> Plan:
        """One step of `STEP_S`; changes ``state`` and draws from ``streams``."""
        told, due = state.queue.stepped(self._row(cues, state, streams), state.index)
        plan = Plan(
            head_rad=self._head.step(cues, state.head, state.index, told, streams.head),
            face=self._face.step(cues, state.face, state.index, streams.mouth),
            face_names=self._face.names,
            gaze=tuple(due),
            blinks=tuple(self._blinks.step(cues, state.blinks, state.index, due, streams.blinks)),
            lid_rest=self._blinks.rest(state.blinks, state.index),
        )
        state.index += 1
        return plan

    def _life(self, floor: int, streams: Streams) -> TakeStyle:
        """Who this take is: near one of the people that the gaze was learned from, with a head of any activity."""
        m, amount, who = self._model, self._set.variety, streams.character
        share = m.characters[:, -1].astype(float) / m.characters[:, -1].sum(dtype=float)
        chosen = int(who.gaze.choice(len(share), p=share))
        person = m.characters[chosen, :-1]
        person = person + who.gaze.normal(0.0, NEARNESS, len(person))
        head = np.clip(who.head.normal(0.0, 1.0), -1.6, 1.6)
        past = int(streams.gaze.integers(m.past_tokens.shape[2]))
        return TakeStyle(
            style=(np.array([*person, head]) * amount).astype(np.float32),
            biases=m.biases[:, chosen] * amount,
            past=m.past_tokens[floor, chosen, past],
            past_gaze_deg=m.past_gaze_deg[floor, chosen, past],
            mirrored=bool(who.gaze.random() < 0.5),
        )

    # -- one row --------------------------------------------------------------------------------------------------

    def _row(self, cues: Cues, state: LearnedState, streams: Streams) -> list[GazeShift]:
        """One row: changes everything of the state but its index; the shifts it decides."""
        feeds = self._feeds(cues, state)
        out = self._model.run("step", **feeds)
        logits, state.cache = out["logits"][0].astype(float), out["next_cache"]
        if self._set.guidance != 1.0:
            deaf = self._model.run("step", **feeds | {"hears": np.zeros(1, np.float32), "cache": state.deaf_cache})
            without, state.deaf_cache = deaf["logits"][0].astype(float), deaf["next_cache"]
            logits = without + self._set.guidance * (logits - without)
        state.filled = np.concatenate([state.filled[:, 1:], np.zeros((1, 1), np.float32)], axis=1)
        landings = self._landings(state)
        logits = apply_bias(
            logits, state.life.biases[feeds["floor"][0]], landings.features, float(feeds["held_s"][0, 1])
        )
        shifts = self._gaze(cues, state, logits, landings.places_rad, landings.share, streams.gaze)
        self._turn_head(state, out["state"][:1], streams.head, 1.0 if _utters(cues, state.index) else IDLE)
        return shifts

    def _landings(self, state: LearnedState) -> ShiftTargets:
        """Where the shifts of the vocabulary land from where the gaze is."""
        known = state.landings
        if known is None or not np.array_equal(known.gaze_rad, state.target_rad):
            gaze_deg = np.degrees(state.target_rad) * state.life.side
            out = self._model.run("places", gaze_deg=gaze_deg[None].astype(np.float32))
            state.landings = landings_of(state.target_rad, state.life.side, out["target_deg"], out["share"])
        assert state.landings is not None
        return state.landings

    def _feeds(self, cues: Cues, state: LearnedState) -> dict[str, Floats]:
        """The row's inputs."""
        first = state.index * STEP_FRAMES
        begin_s = state.index * STEP_S + GAZE_LEAD_S
        at = min(max(first + LEAD * STEP_FRAMES, 0), len(cues) - 1)
        own_voice = cues.role == "speaking"
        speaks = own_voice and (begin_s < PAUSE_S or cues.uttering[at] or cues.since_pause_s[at] < PAUSE_S)
        gaze = np.degrees(state.target_rad) * state.life.side
        row = {
            "speech": self._heard_at(cues, first), "hears": np.float32(own_voice and self._model.hears),
            "floor": np.int64(SPEAKING if speaks else SILENT), "source": np.int64(TRACKED),
            "style": state.life.style, "style_known": np.ones(len(state.life.style), np.float32),
            "token": np.int64(state.token), "gaze_deg": gaze.astype(np.float32),
            "held_s": np.array([begin_s - state.shifted_s, begin_s - state.turned_s], np.float32),
            "latent": state.latent, "sees": np.float32(state.index > state.begun),
        }  # fmt: skip
        feeds = {name: np.asarray(value)[None] for name, value in row.items()}
        return {**feeds, "cache": state.cache, "filled": state.filled}

    def _heard_at(self, cues: Cues, first: int) -> Floats:
        if self._heard is not cues:
            self._heard, self._features = cues, features_of(cues) if self._model.encoder is None else cues.heard
        assert self._features is not None
        index = first + np.arange(HEARD_FRAMES)
        heard = self._features[np.clip(index, 0, len(cues) - 1)] * ((index >= 0) & (index < len(cues)))[:, None]
        return heard.reshape(-1).astype(np.float32)

    # -- gaze -----------------------------------------------------------------------------------------------------

    def _gaze(
        self, cues: Cues, state: LearnedState, logits: Floats, places: Floats, shares: Floats, rng: np.random.Generator
    ) -> list[GazeShift]:
        begin_s = state.index * STEP_S + GAZE_LEAD_S
        draws = rng.random(3)
        if self._given is not None:
            return self._follow(state, places, begin_s)
        mark = self._marks[state.next_mark] if state.next_mark < len(self._marks) else None
        if mark is not None:
            goal = np.array([mark.yaw_rad, mark.pitch_rad])
            onset = max(mark.start_s - saccade.travel_s(state.target_rad, goal), state.landed_s, begin_s)
            if onset < begin_s + STEP_S or (begin_s < 0 and mark.start_s <= 0.4 and state.index >= -SETTLED_ROWS):
                return [self._go_to_mark(state, mark, onset, places)]
        if begin_s < state.hold_until_s:
            state.token = STAY
            return []
        logits = self._with_turns(cues, state, logits, places, begin_s, draws[2])
        logits = with_amounts(logits, state.target_rad, places, self._amounts)
        token = drawn(logits, self._set, draws[0])
        if state.index < 0 and len(state.life.past):
            token = int(state.life.past[state.index])
        share = float(shares[token - 1]) if token != STAY else 0.0
        onset = begin_s + STEP_S * min(max(share + (draws[1] - 0.5) * 0.2, 0.0), 0.999)
        onset = max(onset, state.landed_s + MIN_FIXATION_S)
        if mark is not None and onset + 0.35 > mark.start_s:
            token = STAY
        if token == STAY or onset >= begin_s + STEP_S:
            state.token = STAY
            return []
        target = reachable(places[token - 1], self._head_at, onset)
        return [self._shift(state, token, target, onset, rng)]

    def _shift(
        self, state: LearnedState, token: int, target: Floats, onset_s: float, rng: np.random.Generator
    ) -> GazeShift:
        was, now = np.hypot(*state.target_rad) > AVERTED_RAD, np.hypot(*target) > AVERTED_RAD
        if was != now:
            state.turned_s = onset_s
            state.distance_m = float(rng.uniform(1.2, 4.0)) if now else 1.0
        state.landed_s = onset_s + saccade.travel_s(state.target_rad, target)
        state.token, state.target_rad, state.shifted_s = token, target, onset_s
        return GazeShift(onset_s, float(target[0]), float(target[1]), state.distance_m, 0.9)

    def _follow(self, state: LearnedState, places: Floats, begin_s: float) -> list[GazeShift]:
        """The shifts of a kept gaze, as the tokens nearest to them."""
        assert self._given is not None
        due = [s for s in self._given if begin_s <= s.onset_s < begin_s + STEP_S and s.onset_s >= 0]
        state.token = STAY
        for shift in due:
            state.token = 1 + int(((places - shift.target_rad) ** 2).sum(axis=1).argmin())
            state.target_rad, state.shifted_s = shift.target_rad, shift.onset_s
        return due

    def _go_to_mark(self, state: LearnedState, mark: Mark, onset_s: float, places: Floats) -> GazeShift:
        goal = np.array([mark.yaw_rad, mark.pitch_rad])
        state.next_mark += 1
        state.token = 1 + int(((places - goal) ** 2).sum(axis=1).argmin())
        state.landed_s = max(onset_s + saccade.travel_s(state.target_rad, goal), mark.end_s)
        state.target_rad, state.shifted_s, state.hold_until_s = goal, onset_s, mark.end_s
        state.turned_s = onset_s
        distance = mark.distance_m or (1.5 if np.hypot(*goal) > AVERTED_RAD else 1.0)
        return GazeShift(onset_s, float(goal[0]), float(goal[1]), distance, mark.end_s - onset_s, mark.end_s)

    def _with_turns(
        self, cues: Cues, state: LearnedState, logits: Floats, places: Floats, begin_s: float, chance: float
    ) -> Floats:
        """Turns begin averted and end on the partner (Ho 2015): no data of ours tells whose turn begins when."""
        frame = int(np.clip(round(begin_s * PLAN_RATE_HZ), 0, len(cues) - 1))
        if cues.role != "speaking" or begin_s < 0:
            return logits
        averted = np.hypot(*places.T) > AVERTED_RAD
        is_averted = bool(np.hypot(*state.target_rad) > AVERTED_RAD)
        starts = cues.turn_starts_in_s[frame] < 0.3 and begin_s >= state.turn_handled_s
        if starts and not is_averted and chance < 0.5:
            return logits + np.concatenate([[-4.0], np.where(averted, 3.0, -4.0)])
        if starts and is_averted:
            state.turn_handled_s = begin_s + 0.6
        if cues.turn_ends_in_s[frame] < 1.2:
            if is_averted:
                return logits + np.concatenate([[-1.5], np.where(averted, -1.5, 2.5)])
            return logits + np.concatenate([[0.0], np.where(averted, -3.0, 0.0)])
        return logits

    # -- head -----------------------------------------------------------------------------------------------------

    def _turn_head(self, state: LearnedState, thought: Floats, rng: np.random.Generator, lively: float = 1.0) -> None:
        """The head that the gaze network believes in; ``lively`` scales how far it is drawn from what is likeliest.

        It is not shown: what shows is `HeadProcess`, which is told from people far less often (docs/log.md).
        """
        draw, noise = rng.random(), rng.normal(0.0, lively * HEAD_SPREAD, self._model.latent)
        out = self._model.run(
            "head", state=thought, token=np.array([state.token], np.int64), latent=state.latent[None],
            sees=np.array([state.index > state.begun], np.float32), draw=np.array([draw], np.float32),
            noise=noise[None].astype(np.float32),
        )  # fmt: skip
        state.latent = out["next_latent"][0]


def _utters(cues: Cues, index: int) -> bool:
    """Whether the character's own voice sounds as a step begins."""
    return cues.role == "speaking" and bool(cues.uttering[min(max(index * STEP_FRAMES, 0), len(cues) - 1)])
