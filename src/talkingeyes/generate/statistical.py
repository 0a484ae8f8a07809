"""The statistical generator: four processes, each with its own random stream, stepped together into Plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.blinks import BlinkProcess, BlinkState
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.face import FaceProcess, FaceState
from talkingeyes.generate.head import HeadProcess, HeadState
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.plan import STEP_S, WHOLE_FILE, GazeShift, Plan, ShiftQueue, Stepping
from talkingeyes.generate.scanpath.choice import GazeControls
from talkingeyes.generate.scanpath.process import GazeState, ScanPathProcess, ScanPathSource
from talkingeyes.generate.scanpath.reach import HeadAt
from talkingeyes.generate.scanpath.tables import shipped_tables
from talkingeyes.generate.streams import Streams
from talkingeyes.lanes import Lane, alone


@dataclass
class GeneratorState:
    """Everything that a step needs from the steps before it."""

    index: int
    gaze: GazeState
    head: HeadState
    blinks: BlinkState
    face: FaceState
    queue: ShiftQueue


class StatisticalGenerator:
    """Speech cues -> Plan, one step at a time: four processes; the gaze draws from tables or from a trained network."""

    def __init__(  # noqa: PLR0913
        self,
        marks: Sequence[Mark] = (),
        *,
        head_at: HeadAt | None = None,
        given_shifts: Sequence[GazeShift] | None = None,
        amounts: Amounts | None = None,
        source: ScanPathSource | None = None,
        controls: GazeControls | None = None,
        name: str = "statistical",
        stepping: Stepping = WHOLE_FILE,
        all_names: bool = False,
    ) -> None:
        """Prepare.

        Args:
            marks: director's marks.
            head_at: pose of a kept head by time, or None.
            given_shifts: shifts of a kept gaze; head and blinks follow them instead of new ones.
            amounts: how much of what.
            source: of the gaze's dwells and landings; the package's tables where there is none.
            controls: how the gaze is drawn.
            name: goes into a motion's meta.
            stepping: how it steps.
            all_names: the face has every name that any amounts bring.
        """
        self.name, self._stepping = name, stepping
        amounts = amounts or Amounts()
        gaze = source or shipped_tables()
        self._gaze = ScanPathProcess(gaze, marks, head_at, controls, stepping=stepping, amounts=amounts)
        self._head = HeadProcess(head_amount=amounts.head_amount, stepping=stepping)
        self._blinks = BlinkProcess(amounts=amounts, stepping=stepping)
        self._face = FaceProcess(amounts, stepping, all_names=all_names)
        self._given = None if given_shifts is None else sorted(given_shifts, key=lambda s: s.onset_s)

    def start(self, cues: Cues, streams: Streams) -> GeneratorState:
        """State before the first step."""
        gaze, opening = self._gaze.start(cues, streams.gaze, streams.character.gaze)
        if self._given is not None:
            opening = [s for s in self._given if s.onset_s < 0] or [GazeShift(-1.0, 0.0, 0.0)]
        return GeneratorState(
            index=0,
            gaze=gaze,
            head=self._head.start(streams.head, streams.character.head),
            blinks=self._blinks.start(streams.blinks, streams.character.blinks),
            face=self._face.start(streams.mouth, streams.character.mouth),
            queue=ShiftQueue(opening, self._stepping.step_s),
        )

    def step(self, cues: Cues, state: GeneratorState, streams: Streams) -> Plan:
        """One step; changes ``state`` and draws from ``streams``."""
        return alone(self.stepping(cues, state, streams))

    def stepping(self, cues: Cues, state: GeneratorState, streams: Streams) -> Lane[Plan]:
        """The same as a lane."""
        told, due = state.queue.stepped(self._new_shifts(cues, state, streams), state.index)
        plan = Plan(
            head_rad=(yield from self._head.stepping(cues, state.head, state.index, told, streams.head)),
            face=(yield from self._face.stepping(cues, state.face, state.index, streams.mouth)),
            face_names=self._face.names,
            gaze=tuple(due),
            blinks=tuple(self._blinks.step(cues, state.blinks, state.index, due, streams.blinks)),
            lid_rest=self._blinks.rest(state.blinks, state.index),
        )
        state.index += 1
        return plan

    def look(self, state: GeneratorState, mark: Mark, streams: Streams) -> None:
        """A director's mark that comes while steps are made; looks that have not begun are taken back."""
        shift = self._gaze.hold(state.gaze, mark, state.queue.begun, streams.gaze)
        state.queue.interject(shift)

    def release(self, state: GeneratorState) -> None:
        """The mark that holds the gaze, if any does, ends with the next step."""
        at_s = state.index * self._stepping.step_s
        self._gaze.release(state.gaze, at_s)
        state.head.turns.busy_until_s = min(state.head.turns.busy_until_s, at_s)

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._gaze.set_amounts(amounts)
        self._head.set_amount(amounts.head_amount)
        self._blinks.set_amounts(amounts)
        self._face.set_amounts(amounts)

    def redo_mouth(self, cues: Cues, state: GeneratorState, first: int, face: NDArray[Any]) -> None:
        """The mouth from frame ``first`` on is made anew in ``face``, a plan's rows from there on."""
        self._face.redo_mouth(cues, state.face, first, face)

    def _new_shifts(self, cues: Cues, state: GeneratorState, streams: Streams) -> list[GazeShift]:
        if self._given is None:
            return self._gaze.step(cues, state.gaze, state.index, streams.gaze)
        seen = max((s.onset_s for s in (*state.queue.opening, *state.queue.coming)), default=-1.0)
        limit = (state.index + 3) * STEP_S
        begin = max(0.0, (state.index + 2) * STEP_S) if state.index else -1e9
        return [s for s in self._given if begin <= s.onset_s < limit and s.onset_s >= 0 and s.onset_s != seen]


class Generator(Protocol):
    """Speech cues -> Plans, one step of `STEP_S` at a time; the state is the generator's own."""

    @property
    def name(self) -> str:
        """Goes into a motion's meta."""
        ...

    def start(self, cues: Cues, streams: Streams) -> Any:
        """State before the first step."""
        ...

    def step(self, cues: Cues, state: Any, streams: Streams) -> Plan:
        """One step; changes ``state`` and draws from ``streams``."""
        ...


def plan_of(
    generator: Generator, cues: Cues, streams: Streams, watch: Callable[[int, Any, Streams], None] | None = None
) -> Plan:
    """The plan of a whole recording: the loop that a live session runs too.

    Args:
        generator: fresh.
        cues: of the recording.
        streams: of the take.
        watch: is called before every step with its number, the generator's state and the streams.
    """
    return alone(planning(generator, cues, streams, watch))


def planning(
    generator: Generator, cues: Cues, streams: Streams, watch: Callable[[int, Any, Streams], None] | None = None
) -> Lane[Plan]:
    """`plan_of` as a lane: takes that are planned together cost less, and have the same bytes as alone."""
    state = generator.start(cues, streams)
    steps = []
    for index in range(cues.num_steps):
        if watch is not None:
            watch(index, state, streams)
        if isinstance(generator, StatisticalGenerator):
            steps.append((yield from generator.stepping(cues, state, streams)))
        else:  # the joint Transformer has caches of its own
            steps.append(generator.step(cues, state, streams))
    return Plan.join(steps)
