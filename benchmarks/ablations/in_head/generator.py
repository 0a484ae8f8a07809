"""The learned generator over tokens of eyes in the head: between saccades the gaze goes where the head takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.ablations.in_head.frame import SACCADE_DEG
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.generate import saccade
from talkingeyes.generate.coordination import GazeTrack
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.learned import STAY, LearnedGenerator, _fade
from talkingeyes.generate.learned_state import LearnedState, landings_of
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, STEP_FRAMES, STEP_S, GazeShift, Plan
from talkingeyes.generate.statistical import Streams

Floats = NDArray[Any]


@dataclass(frozen=True)
class Move:
    """The eyes move in the head from one place (2,) to another, in radians."""

    onset_s: float
    duration_s: float
    start_rad: Floats
    end_rad: Floats
    is_saccade: bool

    def at(self, time_s: float) -> Floats:
        """(2,) where they are."""
        share = np.array([(time_s - self.onset_s) / self.duration_s])
        size = np.array([np.hypot(*(self.end_rad - self.start_rad))])
        done = saccade.progress(share, size) if self.is_saccade else np.clip(share, 0.0, 1.0)
        return self.start_rad + done * (self.end_rad - self.start_rad)


class Generator(LearnedGenerator):
    """The product's stepper; rules that know the gaze in space (turns, the border of averted gaze) see it there.

    What the product's renderer adds to the head of its own (recruitment by large shifts) is compensated as in the
    product; what the translator's head does is not. Guidance is 1.
    """

    def start(self, cues: Cues, streams: Streams) -> LearnedState:
        """See `LearnedGenerator.start`."""
        self._eye_rad = np.zeros(2)
        self._moves = [Move(-1e6, 1.0, np.zeros(2), np.zeros(2), False)]
        self._poses: list[Floats] = []
        return super().start(cues, streams)

    def step(self, cues: Cues, state: LearnedState, streams: Streams) -> Plan:
        """See `LearnedGenerator.step`; keeps the translator's own head."""
        before, fade = state.window, _fade()[:, None]
        plan = super().step(cues, state, streams)
        pose = before[STEP_FRAMES:] * fade[STEP_FRAMES:] + state.window[:STEP_FRAMES] * fade[:STEP_FRAMES]
        self._poses.append(np.radians(pose))
        return plan

    def gaze_track(self, times_s: Floats) -> GazeTrack:
        """Gaze in space at given times: the eyes, carried by the translator's head."""
        poses = np.concatenate(self._poses)
        at = np.clip(times_s * PLAN_RATE_HZ, 0, len(poses) - 1)
        head = np.stack([np.interp(at, np.arange(len(poses)), column) for column in poses.T], axis=1)
        onset_s = np.array([m.onset_s for m in self._moves])
        last = np.searchsorted(onset_s, times_s, side="right") - 1
        eyes = np.array([self._moves[i].at(t) for i, t in zip(last, times_s, strict=True)])
        count = len(times_s)
        return GazeTrack(_in_space(eyes, head), np.full(count, float(rig.vergence_rad([1.0])[0])), np.zeros(count))

    def _row(self, cues: Cues, state: LearnedState, streams: Streams) -> list[GazeShift]:
        side = state.life.side
        head = np.radians(state.window[STEP_FRAMES - 1])  # where a window weighs most; its ends weigh nothing
        state.target_rad = _in_space(self._eye_rad, head)
        feeds = self._feeds(cues, state)
        feeds["gaze_deg"] = (np.degrees(self._eye_rad) * side)[None].astype(np.float32)
        out = self._model.run("step", **feeds)
        state.cache = out["next_cache"]
        state.filled = np.concatenate([state.filled[:, 1:], np.zeros((1, 1), np.float32)], axis=1)
        found = self._model.run("places", gaze_deg=feeds["gaze_deg"])
        places = np.degrees(_in_space(np.radians(found["target_deg"].astype(float)) * side, head)) * side
        places = landings_of(state.target_rad, side, places, found["share"]).places_rad
        earlier = state.shifted_s, state.landed_s
        made = self._gaze(cues, state, out["logits"][0].astype(float), places, found["share"], streams.gaze)
        made = self._moved(state, head, made, earlier)
        self._turn_head(state, out["state"][:1], streams.head)
        return made

    def _moved(
        self, state: LearnedState, head: Floats, made: list[GazeShift], earlier: tuple[float, float]
    ) -> list[GazeShift]:
        """Note the move of the eyes; one that is no saccade is no gaze shift for anybody else."""
        if state.token == STAY or not made:
            return made
        goal = _in_head(made[0].target_rad, head)
        size = float(np.hypot(*(goal - self._eye_rad)))
        is_saccade = size >= np.radians(SACCADE_DEG)
        begin_s = state.index * STEP_S + GAZE_LEAD_S
        onset_s = made[0].onset_s if is_saccade else begin_s
        duration = float(saccade.duration_s(np.array([size]))[0]) if is_saccade else STEP_S
        self._moves.append(Move(onset_s, duration, self._eye_rad, goal, is_saccade))
        self._eye_rad = goal
        if is_saccade:
            return made
        state.shifted_s, state.landed_s = earlier
        return []


def _in_space(eye_rad: Floats, head_rad: Floats) -> Floats:
    direction = rotations.direction_from_yaw_pitch(eye_rad)
    return rotations.yaw_pitch_from_direction(
        np.einsum("...ij,...j->...i", rotations.matrix_from_ypr(head_rad), direction)
    )


def _in_head(gaze_rad: Floats, head_rad: Floats) -> Floats:
    direction = rotations.direction_from_yaw_pitch(gaze_rad)
    inverse = np.swapaxes(rotations.matrix_from_ypr(head_rad), -1, -2)
    return rotations.yaw_pitch_from_direction(np.einsum("...ij,...j->...i", inverse, direction))
