"""The part of a session that shows: a generator stepped by steps of 40 ms, a window of its plan, and the renderer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.plan import PLAN_RATE_HZ, Blink, GazeShift, Plan, Stepping
from talkingeyes.generate.render_live import DUE, Due
from talkingeyes.generate.scanpath.balance import LARGEST
from talkingeyes.generate.statistical import GeneratorState, StatisticalGenerator
from talkingeyes.generate.streams import CHANNELS, Streams
from talkingeyes.lanes import Lane
from talkingeyes.live.plain import array_of, packed, restore_stream, stream_state, unpacked
from talkingeyes.motion import Motion

Floats = NDArray[Any]

STEP_ROWS = 2
LIVE = Stepping(frames=STEP_ROWS, lead_s=0.2, accents_ahead=False)
"""Steps of a session."""
ROWS_AHEAD = 3
"""A frame needs the row at its time and the next two (`coordination.render`)."""
FOREVER_S = 1e9
EASING, CLOSE = 0.15, 0.004
"""Amounts that are set go this share of their way in a step, so that nothing jumps."""


class Stage:
    """Steps in, frames out.

    Attributes:
        generator: steps over cues.
        streams: its random streams.
        state: of the generator; None before the first step.
        amounts: as they are now.
        goal: as they were set.
        asked: what was asked for since the last step: looks (yaw, pitch, seconds) and releases (None).
    """

    def __init__(self, generator: StatisticalGenerator, streams: Streams, fps: float, amounts: Amounts) -> None:
        self.generator, self.streams, self._fps = generator, streams, fps
        self.state: GeneratorState | None = None
        self.amounts = self.goal = amounts
        self.asked: list[tuple[float, float, float] | None] = []
        self._plan: Plan | None = None

    @property
    def index(self) -> int:
        """Steps that were made."""
        return 0 if self.state is None else self.state.index

    @property
    def rows(self) -> int:
        """Rows of the plan that there are or were."""
        return self.index * STEP_ROWS

    def stepping(self, cues: Cues) -> Lane[None]:
        """One step more."""
        if self.state is None:
            self.state = self.generator.start(cues, self.streams)
        if self.amounts != self.goal:
            self._ease()
        if self.asked and self.index:
            for asked in self.asked:
                self._heed(asked)
            self.asked = []
        plan = yield from self.generator.stepping(cues, self.state, self.streams)
        self._plan = plan if self._plan is None else _joined(self._plan, plan)

    def _heed(self, asked: tuple[float, float, float] | None) -> None:
        assert self.state is not None
        if asked is None:
            self.generator.release(self.state)
            return
        yaw_rad, pitch_rad, hold_s = asked
        begin_s = self.index * LIVE.step_s
        mark = Mark(begin_s, begin_s + hold_s, yaw_rad, pitch_rad, "look")
        self.generator.look(self.state, mark, self.streams)

    def _ease(self) -> None:
        given = {}
        for f in fields(Amounts):
            now, goal = getattr(self.amounts, f.name), getattr(self.goal, f.name)
            given[f.name] = goal if abs(goal - now) < CLOSE else now + EASING * (goal - now)
        self.amounts = Amounts(**given)
        self.generator.set_amounts(self.amounts)

    def due(self, frame: int) -> int:
        """How many frames from this one on can be shown."""
        last = max(frame, int((self.rows - ROWS_AHEAD) * self._fps / PLAN_RATE_HZ) + 2)
        while last >= frame and not self.row_of(last) + ROWS_AHEAD <= self.rows:
            last -= 1
        return last - frame + 1

    def row_of(self, frame: int) -> int:
        """The row at a frame's time or just before it, as the renderer finds it."""
        return math.floor(frame / self._fps * PLAN_RATE_HZ + 1e-9)

    def rendering(self, frame: int, count: int, meta: Mapping[str, Any], *, with_face: bool = True) -> Lane[Motion]:
        """Frames, and what only they needed is forgotten."""
        assert self._plan is not None
        motion = yield DUE(Due(self._plan, self._fps, range(frame, frame + count), meta, with_face))
        self._plan = _trimmed(self._plan, self.row_of(frame + count) - 2, (frame + count) / self._fps)
        return motion

    def redo_mouth(self, cues: Cues, first: int) -> None:
        """The mouth from row ``first`` on is made anew from cues that have changed."""
        if self._plan is None or self.state is None or first >= self.rows:
            return
        rows = self._plan.face[max(first - self._plan.origin, 0) :]
        self.generator.redo_mouth(cues, self.state, self.rows - len(rows), rows)

    # -- state ------------------------------------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """Plain data."""
        plan = self._plan
        return {
            "streams": {name: [stream_state(getattr(s, name)) for s in self._both] for name in CHANNELS},
            "amounts": packed(self.amounts), "goal": packed(self.goal), "asked": packed(self.asked),
            "state": packed(self.state),
            "plan": None if plan is None else {
                "head": packed(plan.head_rad), "face": packed(plan.face), "rest": packed(plan.lid_rest),
                "gaze": packed(plan.gaze), "blinks": packed(plan.blinks), "origin": plan.origin,
            },
        }  # fmt: skip

    def restore(self, given: Any, cues: Cues) -> None:
        """Go on from `saved`.

        Args:
            given: plain data.
            cues: any, for a fresh state whose shapes are compared.

        Raises:
            SettingError: it is no such data.
        """
        if not isinstance(given, dict) or set(given) != set(self.saved()):
            raise SettingError("state: stage is not one of this version")
        self.amounts = _amounts_of(given["amounts"], "amounts")
        self.goal = _amounts_of(given["goal"], "goal")
        self.generator.set_amounts(self.amounts)
        self.asked = unpacked(given["asked"], list[tuple[float, float, float] | None], None, "asked")
        if (given["state"] is None) != (given["plan"] is None):
            raise SettingError("state: plan and state belong together")
        if given["state"] is not None:
            like = self.generator.start(cues, self.streams)
            self._plan = _plan_of(given["plan"], self.generator.step(cues, like, self.streams))
            state: GeneratorState = unpacked(given["state"], GeneratorState, like, "state")
            _check(state, self._plan)
            self.state = state
        streams = given["streams"]
        for name in CHANNELS:
            places = streams.get(name) if isinstance(streams, dict) else None
            if not isinstance(places, list) or len(places) != len(self._both):
                raise SettingError("state: streams are not those of this version")
            for s, place in zip(self._both, places, strict=True):
                restore_stream(getattr(s, name), place, f"streams.{name}")

    @property
    def _both(self) -> tuple[Any, Any]:
        return self.streams, self.streams.character


def _joined(before: Plan, plan: Plan) -> Plan:
    rest = (
        None if before.lid_rest is None or plan.lid_rest is None else np.concatenate([before.lid_rest, plan.lid_rest])
    )
    return Plan(
        np.concatenate([before.head_rad, plan.head_rad]), np.concatenate([before.face, plan.face]), plan.face_names,
        before.gaze + plan.gaze, before.blinks + plan.blinks, rest, before.origin,
    )  # fmt: skip


def _trimmed(plan: Plan, first: int, time_s: float) -> Plan:
    """Without rows before ``first`` and without what is over at ``time_s``."""
    cut = min(max(first - plan.origin, 0), len(plan.head_rad) - 1)
    begun = sum(s.onset_s <= time_s for s in plan.gaze)
    return Plan(
        plan.head_rad[cut:], plan.face[cut:], plan.face_names, plan.gaze[max(begun - 2, 0) :],
        tuple(b for b in plan.blinks if b.end_s > time_s),
        None if plan.lid_rest is None else plan.lid_rest[cut:], plan.origin + cut,
    )  # fmt: skip


def _amounts_of(given: Any, where: str) -> Amounts:
    return Amounts(**vars(unpacked(given, Amounts, None, where)))


def _plan_of(given: Any, like: Plan) -> Plan:
    if not isinstance(given, dict) or set(given) != {"head", "face", "rest", "gaze", "blinks", "origin"}:
        raise SettingError("state: plan is not one of this version")
    head, face = array_of(given["head"], "plan.head"), array_of(given["face"], "plan.face")
    rest = None if like.lid_rest is None else array_of(given["rest"], "plan.rest")
    for values, one in ((head, like.head_rad), (face, like.face), (rest, like.lid_rest)):
        same = values is None or (one is not None and values.shape[1:] == one.shape[1:] and len(values) == len(head))
        if (
            not same
            or not 1 <= len(head) <= 4096
            or (values is not None and one is not None and values.dtype != one.dtype)
        ):
            raise SettingError("state: plan holds tracks of other sizes")
    gaze = unpacked(given["gaze"], tuple[GazeShift, ...], None, "plan.gaze")
    blinks = unpacked(given["blinks"], tuple[Blink, ...], None, "plan.blinks")
    origin = unpacked(given["origin"], int, None, "plan.origin")
    return Plan(head, face, like.face_names, gaze, blinks, rest, origin)


def _check(state: GeneratorState, plan: Plan) -> None:
    """What would make steps without end, or frames that are not there."""
    posture, gaze, now_s = state.head.posture, state.gaze, state.index * LIVE.step_s
    lasting = posture.lasts_s >= 0.05 and -1.0 <= posture.clock_s - posture.begun_s <= posture.lasts_s + 1.0
    counted_s = max(gaze.counted_s, gaze.landed_s, gaze.held_until_s)
    if not (lasting and now_s - 2.0 <= counted_s and max(gaze.counted_s, gaze.landed_s) <= now_s + 60.0):
        raise SettingError("state: its clocks are out of step")
    if state.index < 0 or plan.origin + len(plan.head_rad) != state.index * STEP_ROWS or not plan.gaze:
        raise SettingError("state: plan and state are out of step")
    if not (0 <= gaze.balance.share <= 1 and abs(gaze.balance.offset) <= LARGEST):
        raise SettingError("state: balance is none")
    if any(min(b.closing_s, b.opening_s) <= 0 for b in plan.blinks) or not state.queue.begun:
        raise SettingError("state: plan holds blinks or shifts that are none")
