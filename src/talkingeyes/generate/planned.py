"""One take between its plan and its motion: planned once, edited as often as one likes, rendered in part or whole."""

from __future__ import annotations

import bisect
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import EditsError, MarksError, argument
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.differs import changed
from talkingeyes.generate.edits.apply import ALSO_HEARD_S, EditedPlan, Editing, Excerpt
from talkingeyes.generate.edits.events import lid_events_of, listed, looks_of
from talkingeyes.generate.edits.read import Edit, Edits
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.kept import KeptTake, kept_channels
from talkingeyes.generate.marks import Mark, parse_marks
from talkingeyes.generate.model_choice import generator_for
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES, STEP_S, GazeShift, Plan
from talkingeyes.generate.render import render
from talkingeyes.generate.snapshots import Snapshots
from talkingeyes.generate.statistical import Generator, plan_of, planning
from talkingeyes.generate.streams import Streams
from talkingeyes.generate.take_cues import cues_for, mouth_of, part_of
from talkingeyes.generate.take_meta import check_marks, meta_of, with_face
from talkingeyes.generate.targets import places_of_glances
from talkingeyes.lanes import Lane, alone, together
from talkingeyes.motion import Motion

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.request import ResolvedRequest

Floats = NDArray[Any]

MOST_EXCERPTS = 256
AFTER_EXCERPT_S = 1.0
"""An excerpt goes on so long after its range."""


@dataclass(frozen=True)
class _Memory:
    """What versions of one take share: cues with and without lips, excerpts of re-rolls, and looks that were listed."""

    cues: dict[bool, Cues]
    excerpts: dict[Any, Plan]
    listed: dict[Any, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class PlannedTake:
    """A take as its generator decided it, and as edits change it.

    Attributes:
        speech: the recording.
        request: what was asked for.
        seed: of this take.
        base: the plan without edits.
        model: name of what made it.
        kept: channels of an earlier take.
        marks: of the director.
        edits: that are on it.
        now: the plan with them, and its events.
        snapshots: of its generator while it planned, where somebody wants to go on from there.
    """

    speech: Speech
    request: ResolvedRequest
    seed: int
    base: Plan
    model: str
    kept: KeptTake
    marks: tuple[Mark, ...]
    edits: Edits
    now: EditedPlan
    snapshots: Snapshots | None = None
    _memory: _Memory = field(default_factory=lambda: _Memory({}, {}, {}), repr=False)

    @property
    def fps(self) -> float:
        """Frames per second of its motion."""
        return self.request.fps

    @property
    def frames(self) -> int:
        """Frames of its motion."""
        return _frames(self.speech, self.fps)

    @property
    def duration_s(self) -> float:
        """Length of its motion."""
        return self.frames / self.fps

    def events(self, within_s: tuple[float, float] | None = None) -> dict[str, Any]:
        """Its gaze shifts and blinks with their ids, as plain data; see `edits.events.listed`.

        Args:
            within_s: only those that begin in a stretch.
        """
        looks = self.now.looks or looks_of(self.base.gaze)
        lids = self.now.lids if self.now.looks else lid_events_of(self.base.blinks)
        left_out = [{"edit": out.edit.index, "why": out.why} for out in self.now.left_out]
        whole = {"duration_s": round(self.duration_s, 4), "left_out": left_out}
        if within_s is None:
            return {**whole, **listed(looks, lids, self.duration_s, self._memory.listed)}
        from_s, to_s = within_s
        first, last = (bisect.bisect_left(looks, time_s, key=lambda look: look.onset_s) for time_s in within_s)
        before = max(0, first - 1)  # where the first one leaves from
        found = listed(looks[before : last + 1], [e for e in lids if from_s <= e.onset_s < to_s], self.duration_s)
        return {**whole, **found, "shifts": found["shifts"][first - before : last - before]}

    def edited(self, edits: Any) -> PlannedTake:
        """The same take with other edits in place of its own; nothing is generated but re-rolls.

        Args:
            edits: a list of edits, a document, a file, or None for none (docs/directing.md).

        Raises:
            EditsError: one is not accepted or cannot be done.
        """
        request = self.request.with_edits(edits)
        edits = request.edits
        if not edits:
            return replace(self, request=request, edits=edits, now=_unedited(self.base))
        editing = Editing(self.base, self.duration_s, self, self.request.targets, self._kept_head)
        return replace(self, request=request, edits=edits, now=editing.done(edits))

    def motion(self, frames: range | None = None) -> Motion:
        """Its motion, or some frames of it, which are the same as those of the whole.

        Raises:
            MarksError: a mark cannot be reached with a kept head.
        """
        if frames is not None and isinstance(self.request.face, BroughtFace):
            return _frames_of(self.motion(), frames)  # whose face it is, is settled over the whole track
        meta = meta_of(self.speech, self.request, self.seed, self.model)
        if self.now.left_out:
            meta["edits"]["left_out"] = [str(out) for out in self.now.left_out]
        motion = render(self.now.plan, self.fps, frames or range(self.frames), kept=self.kept.channels, meta=meta)
        if frames is None:
            check_marks(motion, self.marks)
        return with_face(motion, self.request)

    def changed_s(self, other: PlannedTake) -> list[tuple[float, float]]:
        """The stretches in which another version of this take may show something else, in seconds."""
        return changed(self.now.plan, other.now.plan, self.duration_s)

    @functools.cached_property
    def _kept_head(self) -> Floats | None:
        """(n, 3) a kept head at the rate of the plan."""
        if self.kept.channels.head_rad is None:
            return None
        at = np.arange(len(self.base.head_rad)) / PLAN_RATE_HZ * self.fps
        own = np.asarray(self.kept.channels.head_rad, float)
        return np.stack([np.interp(at, np.arange(len(own)), own[:, k]) for k in range(3)], axis=1)

    def excerpt(
        self, channel: str, from_s: float, to_s: float, seed: int, shifts: Sequence[GazeShift] | None, head_rad: Floats
    ) -> Excerpt:
        """New motion of one channel for some seconds, of the same person: see `edits.apply.Excerpts`."""
        first = max(0, math.floor((from_s - ALSO_HEARD_S) / STEP_S)) * STEP_FRAMES
        last = min(len(self.base.head_rad), math.ceil((to_s + AFTER_EXCERPT_S) / STEP_S) * STEP_FRAMES)
        given = None if shifts is None else _during(shifts, first / PLAN_RATE_HZ, last / PLAN_RATE_HZ)
        reach = b"" if shifts is not None else head_rad[first:last].tobytes()
        key = (channel, first, last, seed, given, reach)
        made = self._memory.excerpts
        if key not in made:
            if len(made) >= MOST_EXCERPTS:
                made.pop(next(iter(made)))
            made[key] = self._excerpt(channel, first, last, seed, given, head_rad)
        return Excerpt(made[key], first)

    def _excerpt(
        self, channel: str, first: int, last: int, seed: int, given: tuple[GazeShift, ...] | None, head_rad: Floats
    ) -> Plan:
        def head_at(time_s: float) -> Floats:
            return head_rad[int(np.clip(round(time_s * PLAN_RATE_HZ) + first, 0, len(head_rad) - 1))]

        generator = generator_of(self.request, (), head_at if given is None else None, given)
        cues = part_of(self.cues(lips=channel == "mouth"), first, last)
        return plan_of(generator, cues, self._streams(seed))

    def _streams(self, seed: int) -> Streams:
        """Of the same person under another seed."""
        own = Streams.from_seed(self.seed, self.request.character).character
        return replace(Streams.from_seed(seed), character=own)

    def with_plan(self, request: ResolvedRequest, plan: Plan) -> PlannedTake:
        """A take of the same recording, person and seed with another request and another plan, and its own edits on it.

        Raises:
            EditsError, MarksError: they cannot be done on it.
        """
        plan = _pursuing(plan, self.marks, self.duration_s)
        memory = _Memory(self._memory.cues, {}, {})
        take = replace(self, request=request, base=plan, edits=Edits(), now=_unedited(plan), _memory=memory)
        return take.edited(request.edits) if request.edits else take

    def cues(self, *, lips: bool) -> Cues:
        """What its generator hears of the recording, with or without the lips."""
        known = self._memory.cues
        if lips not in known:
            mouth = mouth_of(self.request) if lips else "none"
            known[lips] = cues_for(self.speech, self.request, len(self.base.head_rad) // STEP_FRAMES, mouth)
        return known[lips]


def planned(
    speech: Speech,
    request: ResolvedRequest,
    seed: int,
    *,
    snapshots: Snapshots | None = None,
    progress: Callable[[float], None] | None = None,
) -> PlannedTake:
    """Plan one take, with the edits that are asked for.

    Args:
        speech: the recording.
        request: what is asked for.
        seed: of this take.
        snapshots: takes in states of the generator; the cues stay with the take then.
        progress: is called with the share that is planned, step by step; what it raises ends the work.

    Raises:
        MarksError, EditsError, ModelError, SettingError: see `talkingeyes.animate`.
    """
    return alone(_planning(speech, request, seed, _whole_cues(speech, request), snapshots, progress))


def planned_together(speech: Speech, request: ResolvedRequest, seeds: Sequence[int]) -> list[PlannedTake]:
    """Several takes of one recording: they share its cues and go through the networks side by side.

    Args:
        speech: the recording.
        request: what is asked for.
        seeds: of the takes.

    Returns:
        The takes; each has the bytes that `planned` gives.

    Raises:
        MarksError, EditsError, ModelError, SettingError: see `talkingeyes.animate`.
    """
    cues = _whole_cues(speech, request)
    takes = together([_planning(speech, request, seed, cues) for seed in seeds])
    for take in takes:
        if isinstance(take, Exception):
            raise take
    return [take for take in takes if not isinstance(take, Exception)]


def _steps(speech: Speech, fps: float) -> int:
    """Of the plan: one more than the recording has, so that the renderer can interpolate up to its last frame."""
    return math.ceil(_frames(speech, fps) / fps / STEP_S) + 1


def _whole_cues(speech: Speech, request: ResolvedRequest) -> Cues:
    return cues_for(speech, request, _steps(speech, request.fps), mouth_of(request))


def _planning(
    speech: Speech, request: ResolvedRequest, seed: int, cues: Cues, snapshots: Snapshots | None = None,
    progress: Callable[[float], None] | None = None,
) -> Lane[PlannedTake]:  # fmt: skip
    """`planned` as a lane."""
    frames = _frames(speech, request.fps)
    marks = parse_marks(request.look, speech.duration_s, request.targets) if request.look is not None else ()
    kept = kept_channels(request.keep_from, request.keep, frames)
    generator = generator_of(request, marks, kept.head_at, kept.shifts)

    def watch(index: int, state: Any, streams: Streams) -> None:
        if snapshots is not None:
            snapshots.keep(index, state, streams)
        if progress is not None:
            progress(index / cues.num_steps)

    watched = watch if snapshots is not None or progress is not None else None
    plan = yield from planning(generator, cues, Streams.from_seed(seed, request.character), watched)
    memory = _Memory({True: cues} if snapshots is not None else {}, {}, {})
    plan = _pursuing(plan, marks, frames / request.fps)
    take = PlannedTake(
        speech, request, seed, plan, generator.name, kept, marks, Edits(), _unedited(plan), snapshots, memory
    )
    return take.edited(request.edits) if request.edits else take


def generator_of(
    request: ResolvedRequest,
    marks: Sequence[Mark],
    head_at: Callable[[float], Floats] | None,
    given_shifts: Sequence[GazeShift] | None,
) -> Generator:
    """A fresh generator as a request asks for it.

    Args:
        request: of a take.
        marks: of a director.
        head_at: pose of a head that is given, by time.
        given_shifts: of a gaze that is given.
    """
    places = places_of_glances(request.glance_at, request.targets)
    return generator_for(
        request.model, request.sampling, marks, head_at=head_at, given_shifts=given_shifts, amounts=request.amounts,
        places=places,
    )  # fmt: skip


def _during(shifts: Sequence[GazeShift], begins_s: float, ends_s: float) -> tuple[GazeShift, ...]:
    """Shifts on the clock of an excerpt; the last one before it is where its gaze begins."""
    moved = [replace(s, onset_s=s.onset_s - begins_s, path=None) for s in shifts if s.onset_s < ends_s]
    before = [s for s in moved if s.onset_s < 0]
    first = replace(before[-1], onset_s=-1.0) if before else GazeShift(-1.0, 0.0, 0.0)
    return (first, *(s for s in moved if s.onset_s >= 0))


def _pursuing(plan: Plan, marks: Sequence[Mark], duration_s: float) -> Plan:
    """The plan with the marks whose targets move followed by the gaze."""
    moving = [mark for mark in marks if mark.target is not None and mark.target.moves]
    if not moving:
        return plan
    targets = {mark.target.name: mark.target for mark in moving if mark.target is not None}
    edits = [
        Edit("look", {"from_s": mark.start_s, "to_s": mark.end_s, "target": mark.target.name}, i, len(moving))
        for i, mark in enumerate(moving)
        if mark.target is not None
    ]
    try:
        return Editing(plan, duration_s, None, targets).done(Edits(tuple(edits))).plan
    except EditsError as error:
        raise MarksError(f"{argument('look')}: {moving[error.index or 0].text!r}: {error.args[0]}") from None


def _unedited(plan: Plan) -> EditedPlan:
    return EditedPlan(plan, (), ())


def _frames_of(motion: Motion, frames: range) -> Motion:
    return motion.replace(**{name: channel[frames.start : frames.stop] for name, channel in motion.channels.items()})


def _frames(speech: Speech, fps: float) -> int:
    return max(1, math.ceil(speech.duration_s * fps - 1e-6))
