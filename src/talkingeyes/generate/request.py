"""What a caller asks of a take, checked and read once: keywords in, `ResolvedRequest` out."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict

from talkingeyes.errors import SettingError, argument
from talkingeyes.formats import load
from talkingeyes.generate.amounts import RANGES, Amounts, Held, amounts_of
from talkingeyes.generate.edits.read import Edits, check_held, edits_of
from talkingeyes.generate.encoder_features import EncoderFeatures
from talkingeyes.generate.face_track import BroughtFace, face_track
from talkingeyes.generate.model_choice import MODELS, is_learned
from talkingeyes.generate.mouth import checked_face
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.streams import CHANNELS, checked_name
from talkingeyes.generate.targets import Target, glances_of, targets_of
from talkingeyes.motion import Motion
from talkingeyes.weights import Network, load_network
from talkingeyes.wording import meant, quoted

MIN_FPS, MAX_FPS = 24.0, 120.0
FPS_SLACK = 0.05
"""23.976 counts as 24."""
DEFAULT_FPS = 30.0
ROLES = ("speaking", "listening")
FACES = ("generate", "none")
MAX_SEED = 2**63 - 1

FaceSource = str | Path | Motion | BroughtFace | Network


class AnimateOptions(TypedDict, total=False):
    """The keywords of `talkingeyes.animate`, which documents each, for functions that pass them on."""

    seed: int
    fps: float | None
    model: str | Path
    role: str
    look: str | None
    keep: Collection[str]
    keep_from: str | Path | Motion | None
    face: FaceSource
    face_fps: float | None
    character: str | None
    mood: str | None
    eye_contact: float | None
    gaze_activity: float | None
    head_amount: float | None
    blink_rate: float | None
    brow: float | None
    lid_openness: float | None
    smile: float | None
    articulation: float | None
    happy: float | None
    sad: float | None
    angry: float | None
    afraid: float | None
    amounts: Amounts | None
    edits: Any
    targets: Any
    glance_at: Mapping[str, float] | None
    sampling: Sampling | None
    encoder_features: EncoderFeatures | None


@dataclass(frozen=True)
class ResolvedRequest:
    """All that decides a take beside its recording: checked, files read, defaults filled in. `resolve` makes it.

    Attributes:
        seed: of the first take; the next has the next whole number.
        fps: frames per second of the result.
        model: one of `MODELS` or a folder of weights.
        role: one of `ROLES`.
        look: marks as they were written, see `marks.parse_marks`.
        keep: channels to take over from ``keep_from``.
        keep_from: the earlier take.
        face: "generate", "none", a face network, or a track that was read.
        amounts: how much of what.
        character: name of a person; None: the seed's own.
        edits: changes on top of the take.
        targets: by name.
        glance_at: shares of the time by a target's name.
        sampling: how a learned model draws.
        encoder_features: of the recording, for a model that was trained with a speech encoder.
    """

    seed: int = 0
    fps: float = DEFAULT_FPS
    model: str = "default"
    role: str = "speaking"
    look: str | None = None
    keep: Collection[str] = ()
    keep_from: Motion | None = None
    face: str | BroughtFace | Network = "generate"
    amounts: Amounts = field(default_factory=Amounts)
    character: str | None = None
    edits: Edits = field(default_factory=Edits)
    targets: Mapping[str, Target] = field(default_factory=dict)
    glance_at: tuple[tuple[str, float], ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    encoder_features: EncoderFeatures | None = None

    @property
    def held(self) -> Held:
        """What the take does not make itself."""
        made = "generate" if isinstance(self.face, Network) else "brought"
        return Held(self.keep, self.face if isinstance(self.face, str) else made)

    def with_edits(self, edits: Any) -> ResolvedRequest:
        """The same with other edits.

        Args:
            edits: a list of edits, a document, a file, or None for none (docs/directing.md).

        Raises:
            EditsError: one is not accepted, or changes what the take does not make itself.
        """
        edits = edits_of(edits)
        check_held(edits, self.held)
        return replace(self, edits=edits)


def resolve(options: Mapping[str, Any]) -> ResolvedRequest:
    """Check the keywords of `talkingeyes.animate` and read the files that they name.

    Args:
        options: keywords of `AnimateOptions`.

    Raises:
        SettingError: an option has a value that is not accepted, or there is no such option.
        EditsError, TargetError: an edit or a target is not accepted.
        FormatError, ModelError: a file or folder that an option names cannot be used.
    """
    unknown = next((name for name in options if name not in AnimateOptions.__annotations__), None)
    if unknown is not None:
        hint = meant(str(unknown), AnimateOptions.__annotations__)
        raise SettingError(f"there is no option {quoted(unknown)}{hint}")
    asked: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    model, sampling = str(asked.get("model", "default")), asked.get("sampling", Sampling())
    _check_plain(asked, model, sampling)
    keep, kept = _kept(asked)
    fps = _frame_rate(asked.get("fps"), kept)
    face = resolve_face(asked.get("face", "generate"), asked.get("face_fps"), fps)
    targets = targets_of(asked.get("targets"))
    request = ResolvedRequest(
        seed=asked.get("seed", 0), fps=fps or _fps_of_face(face), model=model, role=asked.get("role", "speaking"),
        look=asked.get("look"), keep=keep, keep_from=kept, face=face,
        character=checked_name(asked["character"]) if "character" in asked else None,
        targets=targets, glance_at=glances_of(asked.get("glance_at"), targets),
        sampling=sampling, encoder_features=asked.get("encoder_features"),
    )  # fmt: skip
    return replace(request, amounts=_amounts(asked, request.held)).with_edits(asked.get("edits"))


def resolve_face(
    face: FaceSource, face_fps: float | None = None, take_fps: float | None = None
) -> str | BroughtFace | Network:
    """What ``face`` names, read and checked.

    Args:
        face: "generate", "none", a folder of weights of one's own face network, or another tool's track: a file, a
            motion, or what `face_track` read.
        face_fps: the rate of a track that carries none.
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
            raise SettingError(
                f"{argument('face_fps')} is the frame rate of a face track; name its file as {argument('face')}"
            )
        return checked_face(load_network(Path(face))) if folder else face  # type: ignore[arg-type]
    return face_track(face, face_fps, take_fps)


def _check_plain(asked: Mapping[str, Any], model: str, sampling: Sampling) -> None:
    seed, fps, role = asked.get("seed", 0), asked.get("fps"), asked.get("role", "speaking")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise SettingError(f"{argument('seed')} is {quoted(seed)}; 0 to {MAX_SEED} is accepted")
    if fps is not None and not (math.isfinite(fps) and MIN_FPS - FPS_SLACK <= fps <= MAX_FPS):
        raise SettingError(f"{argument('fps')} is {fps:g}; {MIN_FPS:g} to {MAX_FPS:g} is accepted")
    if model not in MODELS and not Path(model).is_dir():
        raise SettingError(
            f"{argument('model')} is {model!r}; {', '.join(MODELS)} or a folder of weights is accepted"
            f"{meant(model, MODELS)}"
        )
    if role not in ROLES:
        raise SettingError(f"{argument('role')} is {role!r}; {' or '.join(ROLES)} is accepted{meant(str(role), ROLES)}")
    if sampling != Sampling() and not is_learned(model):
        raise SettingError(
            f"sampling is for a learned model; {argument('model')} is {model!r}: choose learned or a folder"
        )


def _kept(asked: Mapping[str, Any]) -> tuple[Collection[str], Motion | None]:
    keep, kept = asked.get("keep", ()), asked.get("keep_from")
    if isinstance(keep, str):
        keep = tuple(name.strip() for name in keep.split(",") if name.strip())
    unknown = next((name for name in keep if name not in CHANNELS), None)
    if unknown is not None:
        raise SettingError(
            f"cannot keep {quoted(unknown)}; {', '.join(CHANNELS)} are accepted{meant(str(unknown), CHANNELS)}"
        )
    if bool(keep) != (kept is not None):
        raise SettingError("keeping channels needs both: which channels to keep, and the take to keep them from")
    for channel, option, what in (("gaze", "look", "gaze"), ("mouth", "face", "mouth")):
        if channel in keep and asked.get(option, "generate") != "generate":
            raise SettingError(f"{argument(option)} sets the {what} and {argument('keep')} holds it; use one of them")
    return keep, load(kept) if isinstance(kept, str | Path) else kept


def _frame_rate(fps: float | None, kept: Motion | None) -> float | None:
    """The rate that was asked for or kept; None where a face track or the default decides."""
    if kept is not None and fps is not None and abs(kept.fps - fps) > 1e-9:
        raise SettingError(f"the take to keep from has {kept.fps:g} fps, {argument('fps')} is {fps:g}; use one rate")
    return kept.fps if kept is not None else fps


def _fps_of_face(face: str | BroughtFace | Network) -> float:
    fps = face.motion.fps if isinstance(face, BroughtFace) else DEFAULT_FPS
    return fps if MIN_FPS - FPS_SLACK <= fps <= MAX_FPS else DEFAULT_FPS


def _amounts(asked: Mapping[str, Any], held: Held) -> Amounts:
    given = {name: asked[name] for name in RANGES if name in asked}
    if "amounts" in asked and (given or "mood" in asked):
        raise SettingError("amounts are given as one and by name or mood; use one of the two ways")
    amounts = asked["amounts"] if "amounts" in asked else amounts_of(given, asked.get("mood"), held)
    held.check(amounts)
    return amounts
