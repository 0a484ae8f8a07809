"""One item of a plan -> one sample or a named rejection. Runs in a worker; writes nothing."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes import __version__
from talkingeyes.audio import Speech, load_speech
from talkingeyes.data.importers import IMPORTERS
from talkingeyes.data.plan import Item
from talkingeyes.data.sample import Sample
from talkingeyes.engines import FOR_NOW, Outcome, ProgressShare
from talkingeyes.errors import (
    AudioError,
    FormatError,
    MissingExtraError,
    ModelError,
    SettingError,
    TalkingEyesError,
    VideoError,
)
from talkingeyes.motion import Motion
from talkingeyes.wording import quoted


@dataclass(frozen=True)
class MakeSettings:
    """How samples are made; kept in ``dataset.json``, a set is made with one of these.

    Attributes:
        fov_deg: vertical field of view of the cameras; None takes the fit's assumption.
        min_seen: share of a video's frames in which the person must be found.
        min_duration_s: shorter clips are left out.
        min_moving_deg: a video whose head and eyes together move less (standard deviation) is a still picture:
            a still one measured 0.05, the stillest of 180 real clips 0.30.
        fps: rate at which eye-tracker data is rendered.
        tked_fps: frame rate of FLAME tracks that carry none.
        landmarker: name and mark of the Face Landmarker task file that videos are fitted with; none for the built-in
            models.
    """

    fov_deg: float | None = None
    min_seen: float = 0.6
    min_duration_s: float = 0.5
    min_moving_deg: float = 0.12
    fps: float = 90.0
    tked_fps: float = 25.0
    landmarker: str = ""

    def __post_init__(self) -> None:
        """Check every value once."""
        if self.fov_deg is not None and not 5 <= self.fov_deg <= 150:
            raise SettingError(f"a field of view of {self.fov_deg:g} degrees; 5 to 150 (vertical) is accepted")
        for name, low, high in (("min_seen", 0, 1), ("min_duration_s", 0, 3600), ("min_moving_deg", 0, 10)):
            if not low <= getattr(self, name) <= high:
                raise SettingError(f"{name} is {getattr(self, name)}; {low} to {high} is accepted")
        for name in ("fps", "tked_fps"):
            if not 1 <= getattr(self, name) <= 1000:
                raise SettingError(f"{name} is {getattr(self, name)}; 1 to 1000 is accepted")


def settings_from(given: Mapping[str, Any], where: str) -> MakeSettings:
    """The settings that a set was begun with.

    Raises:
        FormatError: one that is not known, or of another kind.
        SettingError: one that is out of range.
    """
    known = asdict(MakeSettings())
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise FormatError(f"{where}: the setting {quoted(unknown[0])} is not known; a newer TalkingEyes began this set")
    for name, value in given.items():
        none = value is None and name == "fov_deg"
        kinds = (str,) if isinstance(known[name], str) else (int, float)
        if not none and type(value) not in kinds:
            raise FormatError(f"{where}: {name} is {quoted(value)}, which is no setting of ours")
    return MakeSettings(**given)


@dataclass(frozen=True)
class Task:
    """What a worker is given; ``landmarker`` is where the task file of the settings lies."""

    index: int
    item: Item
    root: Path
    settings: MakeSettings
    landmarker: Path | None = None


_FAULTS = (ArithmeticError, AssertionError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What a damaged file can set off in a decoder or a fit. The batch goes on and the report names file and error."""


_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ESTALE})
"""Errors of the system that say nothing of the file."""


def of_the_machine(error: Exception) -> bool:
    """Whether an error is the machine's (no memory, a full disk, too many files) and not the file's."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _MACHINE)


def make(task: Task, beat: ProgressShare = lambda share: None) -> Outcome:
    """Make one sample.

    Args:
        task: what to make.
        beat: told the share done, so that a worker that hangs is noticed.

    Returns:
        The sample, or the reason why there is none; a bad file never raises.
    """
    try:
        sample = _video(task, beat) if task.item.kind == "video" else IMPORTERS[task.item.kind].read(task)
        _accept(sample, task.settings)
    except (MissingExtraError, ModelError) as error:
        return Outcome(task.index, reason=str(error), fatal=True)
    except ImportError as error:
        return Outcome(task.index, reason=f"{error.name or 'a package'} cannot be imported ({error})", fatal=True)
    except TalkingEyesError as error:
        return Outcome(task.index, reason=_one_line(str(error), task))
    except _FAULTS as error:
        blame = FOR_NOW if of_the_machine(error) else ""
        return Outcome(task.index, reason=_one_line(f"{blame}unexpected {type(error).__name__}: {error}", task))
    return Outcome(task.index, sample.members())


def facts(task: Task, **more: Any) -> dict[str, Any]:
    """The row of a sample: where it comes from; no folders of the machine."""
    item = task.item
    return {
        "origin": item.origin,
        "kind": item.kind,
        "path": item.path,
        "part": item.part,
        "source": {"name": Path(item.path).name, "sha256": item.sha256, "bytes": item.num_bytes},
        "speaker": item.speaker,
        "made_by": f"talkingeyes {__version__}",
        **more,
    }


def motion_facts(motion: Motion) -> dict[str, Any]:
    """Length, channels and confidence of a motion, for the row."""
    columns = motion.meta.get("confidence_columns", [])
    confidence = {} if motion.confidence is None else dict(zip(columns, motion.confidence.mean(axis=0), strict=True))
    return {
        "fps": motion.fps,
        "frames": motion.num_frames,
        "duration_s": round(motion.duration_s, 6),
        "channels": sorted(motion.channels),
        "face_names": len(motion.face_names),
        "confidence": {name: round(float(value), 4) for name, value in confidence.items()},
    }


def sound_facts(sample_speech: Any, problem: str) -> dict[str, Any]:
    """What is known of the sound, for the row."""
    if sample_speech is None:
        return {"sound": problem}
    return {
        "sound": "yes",
        "sound_s": round(sample_speech.duration_s, 6),
        "voice_share": round(float(sample_speech.voice.mean()), 4),
    }


def voice_traits(speech: Speech | None) -> dict[str, Any]:
    """What tells people apart in a take without a picture: the voice, where there is sound."""
    from talkingeyes.data import traits

    return {} if speech is None else {"voice": traits.voice(speech)}


def _video(task: Task, beat: ProgressShare) -> Sample:
    from talkingeyes.data import traits
    from talkingeyes.fit import fit_video_closely, video

    path = task.root / task.item.path
    motion, seen = fit_video_closely(path, fov_deg=task.settings.fov_deg, landmarker=task.landmarker, progress=beat)
    if task.settings.landmarker and motion.meta["model"] != task.settings.landmarker:
        raise ModelError(f"{task.landmarker}: changed since the build began")
    if motion.meta["source"]["sha256"] != task.item.sha256:
        raise VideoError("changed since the build was planned")
    speech, sound = None, "none"
    if video.sound_start_s(path) is not None:
        try:
            speech = load_speech(path)
        except AudioError as error:
            sound = f"unreadable: {_one_line(str(error), task)}"
    found = {"shape": traits.face_shape(motion, seen), "look": traits.look(path, seen)}
    if speech is not None:
        found["voice"] = traits.voice(speech)
    row = facts(
        task,
        **motion_facts(motion),
        **sound_facts(speech, sound),
        role="speaking",
        seen_share=round(float(seen.seen.mean()), 4),
        cuts=int(motion.meta["fit"]["cuts"]),
        irises=motion.meta["fit"]["irises"],
    )
    return Sample(motion, speech, found, row=row)


def _accept(sample: Sample, settings: MakeSettings) -> None:
    """Raise what a sample is left out for."""
    motion = sample.motion
    if motion.duration_s < settings.min_duration_s:
        raise FormatError(f"{motion.duration_s:.2f} s long; {settings.min_duration_s:g} s or more are accepted")
    if sample.row["kind"] != "video":
        return  # an eye tracker's gaps and long fixations are no faults
    share = sample.row["seen_share"]
    if share < settings.min_seen:
        raise FormatError(f"the face is seen in {share:.0%} of the frames; {settings.min_seen:.0%} are needed")
    moving = [c for c in (motion.head_rad, motion.eyes_rad) if c is not None]
    spread_deg = max((float(np.degrees(c.std(axis=0)).max()) for c in moving), default=np.inf)
    if spread_deg < settings.min_moving_deg:
        raise FormatError("a still picture: neither head nor eyes move")


def _one_line(text: str, task: Task) -> str:
    """A reason without the machine's folders."""
    return " ".join(text.replace(f"{task.root / task.item.path}", task.item.path).split())[:300]
