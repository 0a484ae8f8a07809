"""What the face network learns from: fitted clips, and made speech with known phonemes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ, FeatureExtractor
from talkingeyes.errors import FormatError, ModelError
from talkingeyes.files import readable
from talkingeyes.generate.lip_features import VoiceLevel
from talkingeyes.generate.lip_table import LIPS, SHAPES
from talkingeyes.npz import npz_arrays
from talkingeyes.train.data import Clip

Array = NDArray[Any]

SAMPLE_RATE_HZ = 16000
MAX_SPOKEN_BYTES = 2 << 30
ESPEAK_STOP_EARLY_S = 0.02
"""espeak-ng's events put p, b and m this much after the closure begins (the energy's minimum, docs/log.md)."""


@dataclass(frozen=True, eq=False)
class Voice:
    """One clip at 50 Hz: what is heard, and what is known of the mouth.

    Attributes:
        name: of its origin.
        group: who it shows.
        log_mel: (N, 40).
        loudness_db: (N,).
        voice: (N,) flags.
        level_db: (N,) level of the voice as tracked from the clip's start.
        lips: (N, len(LIPS)); zeros where unknown.
        seen: (N,) lips are known.
        shapes: (N,) index into `SHAPES`; -1 where unknown.
        taught: (N, len(LIPS) + len(SHAPES)) what a teacher says (`train.face_taught`).
    """

    name: str
    group: str
    log_mel: Array
    loudness_db: Array
    voice: Array
    level_db: Array
    lips: Array
    seen: Array
    shapes: Array
    taught: Array | None = None

    def __len__(self) -> int:
        return len(self.voice)


def fitted_voices(clips: Sequence[Clip]) -> list[Voice]:
    """The clips that have sound and a face.

    Raises:
        ModelError: none has.
    """
    found = [voice_of(clip) for clip in clips if clip.speech is not None and clip.motion.face is not None]
    if not found:
        raise ModelError("face: no clip of the data set has both sound and a face")
    return found


def voice_of(clip: Clip) -> Voice:
    """One fitted clip; lips are the mean of both sides, linear between the video's frames."""
    speech, motion = clip.speech, clip.motion
    assert speech is not None and motion.face is not None
    now_s, frame_s = np.arange(speech.num_frames) / FEATURE_RATE_HZ, np.arange(motion.num_frames) / motion.fps
    columns = []
    for name in LIPS:
        own = [i for i, n in enumerate(motion.face_names) if n in (name, f"{name}Left", f"{name}Right")]
        sides = motion.face[:, own].astype(float).mean(axis=1) if own else np.zeros(motion.num_frames)
        columns.append(np.interp(now_s, frame_s, sides))
    seen = now_s <= frame_s[-1]
    if motion.filled is not None and "face" in (names := list(motion.meta.get("filled_columns", ()))):
        lost = motion.filled[:, names.index("face")].astype(float)
        seen &= np.interp(now_s, frame_s, lost) < 0.5
    return Voice(
        clip.origin,
        clip.group,
        speech.log_mel,
        speech.loudness_db,
        speech.voice,
        VoiceLevel().push(speech.loudness_db, speech.voice),
        np.stack(columns, axis=1).astype(np.float32),
        seen,
        np.full(speech.num_frames, -1),
    )


@dataclass(frozen=True, eq=False)
class Spoken:
    """One utterance of `scripts/speak_phonemes.py`: ``spans`` (n, 2) s and ``classes`` (n,) of its phonemes."""

    voice: Voice
    spans: Array
    classes: Array


def spoken_voices(path: Path) -> list[Spoken]:
    """Read a file of made speech and measure it.

    Raises:
        FormatError: not such a file.
    """
    arrays = npz_arrays_of(path)
    starts, spans, classes = arrays["starts"], arrays["spans"], arrays["classes"]
    owner = spans[:, 0].astype(int)
    made = []
    for i, name in enumerate(arrays["voices"]):
        samples = arrays["samples"][starts[i] : starts[i + 1]].astype(np.float32) / 32768
        own = owner == i
        made.append(_spoken(str(name), samples, spans[own, 1:], classes[own]))
    return made


def npz_arrays_of(path: Path) -> dict[str, Array]:
    """The arrays of a file of made speech, checked.

    Raises:
        FormatError: not such a file.
    """
    readable(path, "a file that scripts/speak_phonemes.py makes is accepted", max_bytes=MAX_SPOKEN_BYTES)
    with path.open("rb") as file:
        arrays = npz_arrays(io.BytesIO(file.read()), path.name, MAX_SPOKEN_BYTES)
    wanted = {"samples", "starts", "spans", "classes", "voices"}
    if set(arrays) != wanted or len(arrays["starts"]) != len(arrays["voices"]) + 1:
        raise FormatError(f"{path}: not speech of scripts/speak_phonemes.py")
    if not 0 <= arrays["classes"].min(initial=0) <= arrays["classes"].max(initial=0) < len(SHAPES):
        raise FormatError(f"{path}: names phoneme classes that are not known")
    return arrays


def _spoken(name: str, samples: Array, spans: Array, classes: Array) -> Spoken:
    count = max(1, int(np.ceil(len(samples) / SAMPLE_RATE_HZ * FEATURE_RATE_HZ)))
    extractor = FeatureExtractor()
    first = extractor.push(samples)
    rest = extractor.finish(count)
    log_mel = np.concatenate([first.log_mel, rest.log_mel])[:count]
    loudness_db = np.concatenate([first.loudness_db, rest.loudness_db])[:count]
    heard = np.concatenate([first.voice, rest.voice])[:count]
    now_s = np.arange(count) / FEATURE_RATE_HZ
    shapes = np.zeros(count, int)
    for (start, end), kind in zip(spans, classes, strict=True):
        early = ESPEAK_STOP_EARLY_S if name.startswith("espeak") and SHAPES[kind] == "PP" else 0.0
        shapes[(now_s >= start - early) & (now_s < end - early)] = kind
    level = VoiceLevel().push(loudness_db, heard)
    lips = np.zeros((count, len(LIPS)), np.float32)
    voice = Voice(f"spoken {name}", name, log_mel, loudness_db, heard, level, lips, np.zeros(count, bool), shapes)
    return Spoken(voice, spans, classes)
