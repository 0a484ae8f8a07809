"""Speech -> Motion: whole recordings, several takes, director's marks, kept channels."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.audio import Speech, load_speech
from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import RANGES, Amounts, Held, amounts_of
from talkingeyes.generate.edits.read import check_held, edits_of
from talkingeyes.generate.face_track import BroughtFace, face_track
from talkingeyes.generate.hearing import Heard
from talkingeyes.generate.model_choice import MODELS, is_learned
from talkingeyes.generate.mouth import checked_face
from talkingeyes.generate.planned import PlannedTake, planned
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.streams import CHANNELS, checked_name
from talkingeyes.generate.targets import glances_of, targets_of
from talkingeyes.motion import Motion
from talkingeyes.weights import Network, load_network

MIN_FPS, MAX_FPS = 24.0, 120.0
DEFAULT_FPS = 30.0
ROLES = ("speaking", "listening")
FACES = ("generate", "none")
MAX_TAKES = 1000
MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class AnimateOptions:
    """What a user may ask of a take; checked here, once.

    Attributes:
        seed: of the first take; take ``i`` uses ``seed + i``.
        fps: 24 to 120; None = 30, or the kept take's, or the face track's.
        model: "default" or "learned" (the same: the package's trained gaze), "joint" (one Transformer for gaze and
            head in two latent spaces, as in the paper), "statistical" (tables only) or a folder of weights.
        role: whether the voice is the character's own or the other person's.
        look: director's marks, see `marks.parse_marks`.
        keep: channels to take over from ``keep_from``: gaze, head, blinks, mouth.
        keep_from: the earlier take.
        sampling: how a learned model draws; the statistical one draws from tables and takes none but the default.
        heard: for a model that was trained with a speech encoder, what that heard of the recording
            (`talkingeyes.train.encoders.listener_for`).
        face: "generate", "none", a folder of weights of one's own face network, or another tool's track: a file, a
            motion, or what `face_track` read.
        face_fps: the frame rate of a track that carries none; the take's otherwise.
        amounts: how much of what; by name as well: ``animate(speech, smile=0.2, mood="calm")``.
        character: name of a person, the same in every recording; None: the seed's own.
        edits: changes on top of the take: a list, a document or its file (docs/directing.md); read once.
        targets: what marks and edits may look at, by name; see `targets.targets_of`.
        glance_at: shares of the time that the gaze is on targets of its own accord, by name.
    """

    seed: int = 0
    fps: float | None = None
    model: str = "default"
    role: str = "speaking"
    look: str | None = None
    keep: Collection[str] = ()
    keep_from: Motion | None = None
    sampling: Sampling = field(default_factory=Sampling)
    heard: Heard | None = None
    face: str | Path | Motion | BroughtFace | Network = "generate"
    face_fps: float | None = None
    amounts: Amounts = field(default_factory=Amounts)
    character: str | None = None
    edits: Any = None
    targets: Any = None
    glance_at: Any = None

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingError: naming the value and what is accepted.
        """
        if not 0 <= self.seed <= MAX_SEED:
            raise SettingError(f"seed is {self.seed}; 0 to {MAX_SEED} is accepted")
        if self.fps is not None and not (math.isfinite(self.fps) and MIN_FPS - 0.05 <= self.fps <= MAX_FPS):
            raise SettingError(f"fps is {self.fps:g}; {MIN_FPS:g} to {MAX_FPS:g} is accepted")
        if self.model not in MODELS and not Path(self.model).is_dir():
            raise SettingError(f"model is {self.model!r}; {', '.join(MODELS)} or a folder of weights is accepted")
        if self.role not in ROLES:
            raise SettingError(f"role is {self.role!r}; {' or '.join(ROLES)} is accepted")
        if self.sampling != Sampling() and not is_learned(self.model):
            raise SettingError(f"sampling is for a learned model; model is {self.model!r}: choose learned or a folder")
        unknown = [c for c in self.keep if c not in CHANNELS]
        if unknown:
            raise SettingError(f"cannot keep {unknown[0]!r}; {', '.join(CHANNELS)} are accepted")
        if bool(self.keep) != (self.keep_from is not None):
            raise SettingError("keeping channels needs both: which channels to keep, and the take to keep them from")
        if "gaze" in self.keep and self.look:
            raise SettingError("look sets the gaze and keep holds it; use one of them")
        if "mouth" in self.keep and self.face != "generate":
            raise SettingError("face sets the mouth and keep holds it; use one of them")
        kept_fps = self.keep_from.fps if self.keep_from is not None else None
        object.__setattr__(self, "face", brought_face(self.face, self.face_fps, self.fps or kept_fps))
        if self.character is not None:
            object.__setattr__(self, "character", checked_name(self.character))
        object.__setattr__(self, "targets", targets_of(self.targets))
        object.__setattr__(self, "glance_at", glances_of(self.glance_at, self.targets))
        object.__setattr__(self, "edits", edits_of(self.edits))
        held = held_by(self.keep, self.face)
        held.check(self.amounts)
        check_held(self.edits, held)

    @property
    def frame_rate(self) -> float:
        """The frame rate of the result.

        Raises:
            SettingError: the kept take has another rate than the one asked for.
        """
        kept = self.keep_from.fps if self.keep_from is not None else None
        if kept is not None and self.fps is not None and abs(kept - self.fps) > 1e-9:
            raise SettingError(f"the take to keep from has {kept:g} fps, {self.fps:g} fps was asked for; use one rate")
        brought = self.face.motion.fps if isinstance(self.face, BroughtFace) else None
        if brought is not None and not MIN_FPS - 0.05 <= brought <= MAX_FPS:
            brought = None
        return kept or self.fps or brought or DEFAULT_FPS


def animate(
    speech: str | Path | Speech | np.ndarray,
    *,
    rate_hz: float | None = None,
    channel: str | int | None = None,
    **options: Any,
) -> Motion:
    """One take of living eyes for a recording.

    Args:
        speech: a recording (any sound or video file), samples ((n,) or (n, channels), float with full scale 1, or
            int16), or features from `load_speech`.
        rate_hz: samples per second, for samples only.
        channel: "left", "right" or a number from 1, where each channel holds another voice; None mixes them.
        **options: the fields of `AnimateOptions`: seed, fps, model, role, look, keep, keep_from, sampling,
            face, face_fps, amounts, character, edits, targets, glance_at; or in place of amounts those of `Amounts` by
            name, and ``mood``.

    Returns:
        Motion of ``ceil(duration * fps)`` frames; the same seed and recording give the same bytes.

    Raises:
        AudioError: the recording cannot be read.
        SettingError: an option has a value that is not accepted.
        MarksError: a mark is malformed, overlapping, outside the recording or out of reach.
        EditsError: an edit is not accepted or cannot be done; names it.
        TargetError: a target is not accepted.
    """
    return animate_takes(speech, takes=1, rate_hz=rate_hz, channel=channel, **options)[0]


def animate_takes(
    speech: str | Path | Speech | np.ndarray,
    *,
    takes: int = 1,
    progress: Callable[[int, int], None] | None = None,
    planned_as: Callable[[PlannedTake], None] | None = None,
    rate_hz: float | None = None,
    channel: str | int | None = None,
    **options: Any,
) -> list[Motion]:
    """Several different takes of one recording; take ``i`` is what `animate` gives for ``seed + i``.

    Args:
        speech: a recording, samples, or features from `load_speech`.
        takes: how many.
        progress: called with (takes done, takes in all).
        planned_as: called with each take before it is rendered, to list its events.
        rate_hz: see `animate`.
        channel: see `animate`.
        **options: see `animate`.

    Returns:
        ``takes`` motions.

    Raises:
        AudioError, SettingError, MarksError: see `animate`.
    """
    if not 1 <= takes <= MAX_TAKES:
        raise SettingError(f"takes is {takes}; 1 to {MAX_TAKES} is accepted")
    kept_from = options.get("keep_from")
    if isinstance(kept_from, str | Path):
        options["keep_from"] = Motion.load_npz(Path(kept_from))
    chosen = checked(options)
    if chosen.seed + takes - 1 > MAX_SEED:
        raise SettingError(f"seed {chosen.seed} plus {takes} takes exceeds {MAX_SEED}")
    heard = _heard_of(speech, rate_hz, channel)
    motions = []
    for i in range(takes):
        take = planned(heard, chosen, chosen.seed + i)
        if planned_as is not None:
            planned_as(take)
        motions.append(take.motion())
        if progress is not None:
            progress(i + 1, takes)
    return motions


def plan_take(
    speech: str | Path | Speech | np.ndarray,
    *,
    rate_hz: float | None = None,
    channel: str | int | None = None,
    **options: Any,
) -> PlannedTake:
    """One take before it is rendered: to list its events, to edit it in milliseconds, to render parts of it.

    Args:
        speech: see `animate`.
        rate_hz: see `animate`.
        channel: see `animate`.
        **options: see `animate`.

    Returns:
        The take; its ``motion()`` is what `animate` gives.

    Raises:
        AudioError, SettingError, MarksError, EditsError: see `animate`.
    """
    chosen = checked(options)
    return planned(_heard_of(speech, rate_hz, channel), chosen, chosen.seed)


def _heard_of(speech: str | Path | Speech | np.ndarray, rate_hz: float | None, channel: str | int | None) -> Speech:
    if isinstance(speech, Speech) and (rate_hz is not None or channel is not None):
        raise SettingError("rate_hz and channel are for recordings and samples; give them to load_speech")
    return speech if isinstance(speech, Speech) else load_speech(speech, rate_hz=rate_hz, channel=channel)


def checked(options: Mapping[str, Any]) -> AnimateOptions:
    """The keywords of `animate` as options, the amounts that are given by name or as a mood as one.

    Raises:
        SettingError: see `animate`.
    """
    rest = {name: value for name, value in options.items() if name not in RANGES and name != "mood"}
    given = {name: value for name, value in options.items() if name in RANGES}
    if not given and options.get("mood") is None:
        return AnimateOptions(**rest)
    if "amounts" in options:
        raise SettingError("amounts are given as one and by name or mood; use one of the two ways")
    held = held_by(options.get("keep", ()), options.get("face", "generate"))
    return AnimateOptions(**rest, amounts=amounts_of(given, options.get("mood"), held))


def held_by(keep: Collection[str], face: object) -> Held:
    """What a take of these options, read or not, does not make itself."""
    own = face == "generate" or isinstance(face, Network) or (isinstance(face, str | Path) and Path(face).is_dir())
    return Held(keep, "none" if face == "none" else "generate" if own else "brought")


def brought_face(
    face: str | Path | Motion | BroughtFace | Network, face_fps: float | None = None, take_fps: float | None = None
) -> str | BroughtFace | Network:
    """What ``face`` names, read and checked.

    Args:
        face: as `AnimateOptions.face`.
        face_fps: as `AnimateOptions.face_fps`.
        take_fps: the take's rate, where one was asked for.

    Raises:
        FormatError: no face track.
        ModelError: a folder that holds no face network.
        SettingError: ``face_fps`` without a file that it could belong to.
    """
    if isinstance(face, BroughtFace):
        return face
    folder = isinstance(face, str | Path) and Path(face).is_dir()
    if isinstance(face, Network) or folder or (isinstance(face, str) and face in FACES):
        if face_fps is not None:
            raise SettingError("face_fps is the frame rate of a face track; name its file as face")
        return checked_face(load_network(Path(face))) if folder else face  # type: ignore[arg-type]
    return face_track(face, face_fps, take_fps)
