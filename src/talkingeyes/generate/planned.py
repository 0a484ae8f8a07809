"""One take between its plan and its motion: planned once, edited as often as one likes, rendered in part or whole."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import EditsError, MarksError, ModelError, SettingError
from talkingeyes.generate.coordination import render
from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.differs import changed
from talkingeyes.generate.edits.apply import ALSO_HEARD_S, EditedPlan, Editing, Excerpt
from talkingeyes.generate.edits.events import lid_events_of, listed, looks_of
from talkingeyes.generate.edits.read import Edit, Edits, edits_of
from talkingeyes.generate.edits.table import VERSION
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.hearing import EncoderSpec
from talkingeyes.generate.kept import KeptTake, kept_channels
from talkingeyes.generate.marks import Mark, parse_marks
from talkingeyes.generate.model_choice import encoder_of, generator_for
from talkingeyes.generate.mouth import shipped_face
from talkingeyes.generate.ownership import with_brought_face
from talkingeyes.generate.plan import GAZE_LEAD_S, PLAN_RATE_HZ, STEP_FRAMES, STEP_S, GazeShift, Plan
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.statistical import plan_of
from talkingeyes.generate.streams import Streams
from talkingeyes.generate.targets import places_of_glances, told
from talkingeyes.motion import Motion
from talkingeyes.weights import Network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.takes import AnimateOptions

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
        options: what was asked for.
        seed: of this take.
        base: the plan without edits.
        model: name of what made it.
        kept: channels of an earlier take.
        marks: of the director.
        edits: that are on it.
        now: the plan with them, and its events.
    """

    speech: Speech
    options: AnimateOptions
    seed: int
    base: Plan
    model: str
    kept: KeptTake
    marks: tuple[Mark, ...]
    edits: Edits
    now: EditedPlan
    _memory: _Memory = field(default_factory=lambda: _Memory({}, {}, {}), repr=False)

    @property
    def fps(self) -> float:
        """Frames per second of its motion."""
        return self.options.frame_rate

    @property
    def frames(self) -> int:
        """Frames of its motion."""
        return _frames(self.speech, self.fps)

    @property
    def duration_s(self) -> float:
        """Length of its motion."""
        return self.frames / self.fps

    def events(self) -> dict[str, Any]:
        """Its gaze shifts and blinks with their ids, as plain data; see `edits.events.listed`."""
        looks = self.now.looks or looks_of(self.base.gaze)
        lids = self.now.lids if self.now.looks else lid_events_of(self.base.blinks)
        return {"duration_s": round(self.duration_s, 4), **listed(looks, lids, self.duration_s, self._memory.listed)}

    def edited(self, edits: Any) -> PlannedTake:
        """The same take with other edits in place of its own; nothing is generated but re-rolls.

        Args:
            edits: a list of edits, a document, a file, or None for none (docs/directing.md).

        Raises:
            EditsError: one is not accepted or cannot be done.
        """
        edits = edits_of(edits)
        options = replace(self.options, edits=edits)
        if not edits:
            return replace(self, options=options, edits=edits, now=_unedited(self.base))
        editing = Editing(self.base, self.duration_s, self, self.options.targets, self._kept_head)
        return replace(self, options=options, edits=edits, now=editing.done(edits))

    def motion(self, frames: range | None = None) -> Motion:
        """Its motion, or some frames of it, which are the same as those of the whole.

        Raises:
            MarksError: a mark cannot be reached with a kept head.
        """
        if frames is not None and isinstance(self.options.face, BroughtFace):
            return _frames_of(self.motion(), frames)  # whose face it is, is settled over the whole track
        meta = _meta(self.speech, self.options, self.seed, self.model)
        motion = render(self.now.plan, self.fps, frames or range(self.frames), kept=self.kept.channels, meta=meta)
        if frames is None:
            _check_marks(motion, self.marks)
        return _with_face(motion, self.options)

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

        generator = generator_for(
            self.options.model, self.options.sampling, (), amounts=self.options.amounts,
            head_at=head_at if given is None else None, given_shifts=given,
            places=places_of_glances(self.options.glance_at, self.options.targets),
        )  # fmt: skip
        cues = part_of(self._heard_cues(lips=channel == "mouth"), first, last)
        return plan_of(generator, cues, self._streams(seed))

    def _streams(self, seed: int) -> Streams:
        """Of the same person under another seed."""
        own = Streams.from_seed(self.seed, self.options.character).character
        return replace(Streams.from_seed(seed), character=own)

    def _heard_cues(self, *, lips: bool) -> Cues:
        known = self._memory.cues
        if lips not in known:
            mouth = _mouth(self.options) if lips else "none"
            known[lips] = _cues(self.speech, self.options, len(self.base.head_rad) // STEP_FRAMES, mouth)
        return known[lips]


def planned(speech: Speech, options: AnimateOptions, seed: int) -> PlannedTake:
    """Plan one take, with the edits that are asked for.

    Raises:
        MarksError, EditsError, ModelError, SettingError: see `talkingeyes.animate`.
    """
    fps = options.frame_rate
    frames = _frames(speech, fps)
    marks = parse_marks(options.look, speech.duration_s, options.targets) if options.look is not None else ()
    kept = kept_channels(options.keep_from, options.keep, frames)
    # One step more than the recording, so that the renderer can interpolate up to its last frame.
    steps = math.ceil(frames / fps / STEP_S) + 1
    cues = _cues(speech, options, steps, _mouth(options))
    steered = {"head_at": kept.head_at, "given_shifts": kept.shifts, "amounts": options.amounts}
    steered["places"] = places_of_glances(options.glance_at, options.targets)
    generator = generator_for(options.model, options.sampling, marks, **steered)
    plan = plan_of(generator, cues, Streams.from_seed(seed, options.character))
    del cues  # hours of cues are hundreds of megabytes that rendering needs itself
    plan = _pursuing(plan, marks, frames / fps)
    take = PlannedTake(speech, options, seed, plan, generator.name, kept, marks, Edits(), _unedited(plan))
    return take.edited(options.edits) if options.edits else take


def part_of(cues: Cues, first: int, last: int) -> Cues:
    """Some frames of a recording's cues, as a recording of their own."""
    changes: dict[str, Any] = {}
    for one in fields(cues):
        value = getattr(cues, one.name)
        if isinstance(value, np.ndarray):
            changes[one.name] = value[first:last]
    return replace(cues, **changes)


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
        raise MarksError(f"--look: {moving[error.index or 0].text!r}: {error}") from None


def _unedited(plan: Plan) -> EditedPlan:
    return EditedPlan(plan, (), ())


def _frames_of(motion: Motion, frames: range) -> Motion:
    return motion.replace(**{name: channel[frames.start : frames.stop] for name, channel in motion.channels.items()})


def _frames(speech: Speech, fps: float) -> int:
    return max(1, math.ceil(speech.duration_s * fps - 1e-6))


def _cues(speech: Speech, options: AnimateOptions, steps: int, mouth: Network | Literal["shipped", "none"]) -> Cues:
    role = "listening" if options.role == "listening" else "speaking"
    return cues_of(speech, role, steps, mouth=mouth, heard=_heard(options, speech))


def _mouth(options: AnimateOptions) -> Network | Literal["shipped", "none"]:
    if isinstance(options.face, Network):
        return options.face
    return "shipped" if options.face == "generate" and "mouth" not in options.keep else "none"


def _with_face(motion: Motion, options: AnimateOptions) -> Motion:
    """The take with the face that was asked for, and a word about it in its meta."""
    meta = dict(motion.meta)
    if options.face == "none":
        return motion.replace(face=None, face_names=(), meta={**meta, "face": "none"})
    if isinstance(options.face, BroughtFace):
        track, notes = options.face.aligned(motion.fps, motion.num_frames)
        told = {**options.face.meta, "notes": [*options.face.notes, *notes]}
        return with_brought_face(motion, track).replace(meta={**meta, "face": told})
    if options.role == "listening" or "mouth" in options.keep:
        return motion
    network = options.face if isinstance(options.face, Network) else shipped_face()
    return motion.replace(meta={**meta, "face": {"model": network.manifest.name, "sha256": network.sha256}})


def unheard(model: str, spec: EncoderSpec) -> ModelError:
    """What to say where a model needs a speech encoder and none is given."""
    return ModelError(
        f"{model}: was trained with a speech encoder ({spec}): give its folder with --encoder, or in Python heard= "
        "from talkingeyes.train.encoders.listener_for"
    )


def _heard(options: AnimateOptions, speech: Speech) -> np.ndarray | None:
    spec = encoder_of(options.model)
    if spec is None:
        if options.heard is not None:
            raise SettingError(f"heard is for a model trained with a speech encoder; {options.model!r} needs none")
        return None
    if options.heard is None:
        raise unheard(options.model, spec)
    return options.heard.checked(spec, speech)


def _meta(speech: Speech, options: AnimateOptions, seed: int, model: str) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "generator": "talkingeyes",
        "model": model,
        "seed": seed,
        "role": options.role,
        "source": {"name": speech.source_name, "sha256": speech.sha256, "duration_s": round(speech.duration_s, 4)},
        "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"},
    }
    if speech.channel is not None:
        meta["source"]["channel"] = speech.channel
    if options.sampling != Sampling():
        meta["sampling"] = {k: v for k, v in asdict(options.sampling).items() if v != getattr(Sampling, k)}
    if options.amounts.changed:
        meta["amounts"] = options.amounts.changed
    if options.character is not None:
        meta["character"] = options.character
    if options.heard is not None:
        meta["encoder"] = {"sha256": options.heard.encoder}
    if options.look is not None:
        meta["look"] = options.look
    if options.targets:
        meta["targets"] = told(options.targets)
    if options.glance_at:
        meta["glance_at"] = dict(options.glance_at)
    if options.edits:
        meta["edits"] = {"version": VERSION, "edits": list(options.edits.document)}
        if options.edits.targets:
            meta["edits"]["targets"] = told(options.edits.targets)
    if options.keep_from is not None:
        meta["kept"] = {"channels": sorted(options.keep), "seed": options.keep_from.meta.get("seed")}
    return meta


def _check_marks(motion: Motion, marks: tuple[Mark, ...]) -> None:
    """A mark that a kept head puts out of the eyes' reach is refused, never missed in silence."""
    if not marks:
        return
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    for mark in (one for one in marks if one.target is None or not one.target.moves):
        goal = rotations.direction_from_yaw_pitch(np.array([mark.yaw_rad, mark.pitch_rad]))
        last = min(math.floor(mark.end_s * motion.fps), motion.num_frames - 1)
        frame = min(math.ceil((mark.start_s + GAZE_LEAD_S) * motion.fps), last)
        if np.degrees(rotations.angle_between_rad(gaze[frame], goal)) > 1.5:
            raise MarksError(
                f"--look: {mark.text!r} cannot be reached: the eyes would leave their range with the head as it is; "
                "do not keep the head, or choose a nearer target"
            )
