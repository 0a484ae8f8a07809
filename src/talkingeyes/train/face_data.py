"""What the face network learns from: fitted clips, and made speech with known phonemes; and how both are varied."""

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
from talkingeyes.generate.lip_features import VoiceLevel, lip_features
from talkingeyes.generate.lip_table import LIPS, SHAPES
from talkingeyes.motion import npz_arrays
from talkingeyes.train.data import Clip

Array = NDArray[Any]

SAMPLE_RATE_HZ = 16000
MAX_SPOKEN_BYTES = 2 << 30
ESPEAK_STOP_EARLY_S = 0.02
"""espeak-ng's events put p, b and m this much after the closure begins (the energy's minimum, docs/log.md)."""
BANDS = 40


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
    if not path.exists():
        raise FormatError(f"{path}: no such file; scripts/speak_phonemes.py makes it")
    arrays: dict[str, Array] = {}
    if path.stat().st_size <= MAX_SPOKEN_BYTES:
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


def varied(voice: Voice, frames: int, rng: np.random.Generator, others: Sequence[Voice]) -> dict[str, Array]:
    """A cut of ``frames`` frames with another tempo, vocal tract, room, channel, noise and gain.

    Returns:
        features (frames, INPUTS), lips, seen, shapes (-1 beyond the end), inside (frames,).
    """
    tempo = float(np.exp(rng.normal(0, 0.08)))
    first, count = _place(len(voice), frames, tempo, rng)
    at = np.minimum(first + np.arange(count) * tempo, len(voice) - 1)
    near = np.round(at).astype(int)
    log_mel = _between(voice.log_mel, at)
    power = _channel(np.exp(_tract(log_mel, rng)), rng)
    power = _room(power, rng)
    power = _noisy(power, rng, others) * np.exp(rng.normal(0, 0.6))
    louder_db = 10 * np.log10(power.sum(axis=1) / np.exp(log_mel).sum(axis=1))
    db = voice.loudness_db[near] + louder_db
    known = None
    if near[0] > 25 or rng.random() < 0.3:
        known = float(voice.level_db[near[0]] + np.median(louder_db))
    level = VoiceLevel(known).push(db, voice.voice[near])
    features = _masked(lip_features(np.log(np.maximum(power, 1e-10)), level), rng)
    return {
        "features": _filled(features, frames, features[-1]),
        "lips": _filled(_between(voice.lips, at), frames, 0.0),
        "seen": _filled(voice.seen[near].astype(np.float32), frames, 0.0),
        "shapes": _filled(voice.shapes[near], frames, -1),
    }


def _masked(features: Array, rng: np.random.Generator) -> Array:
    """Some bands, and now and then up to three frames, say nothing (SpecAugment, Park et al. 2019)."""
    count, mean = len(features), features.mean()
    for share, axis, most in ((0.4, 1, 6), (0.4, 1, 6), (0.3, 0, 3)):
        wide = int(rng.integers(1, most + 1))
        if rng.random() < share and count > 2 * most:
            first = int(rng.integers(0, features.shape[axis] - wide + 1))
            features[(slice(None),) * axis + (slice(first, first + wide),)] = mean
    return features


def _place(length: int, frames: int, tempo: float, rng: np.random.Generator) -> tuple[int, int]:
    """First frame of a cut and how many frames of its tempo there are."""
    first = int(rng.integers(0, max(1, length - int(frames * tempo) + 1)))
    return first, max(1, min(frames, int((length - 1 - first) / tempo) + 1))


def _between(values: Array, at: Array) -> Array:
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    share = (at - low)[:, None]
    return values[low] * (1 - share) + values[high] * share


def _filled(values: Array, frames: int, after: Any) -> Array:
    out = np.empty((frames, *values.shape[1:]), values.dtype)
    out[: len(values)], out[len(values) :] = values, after
    return out


def _tract(log_mel: Array, rng: np.random.Generator) -> Array:
    """A longer or shorter vocal tract, or another pitch: bands shift along the mel scale."""
    factor = float(np.exp(rng.normal(0, 0.07)))
    band = np.clip(np.arange(BANDS) * factor + (factor - 1) * 3, 0, BANDS - 1)
    low = np.floor(band).astype(int)
    high = np.minimum(low + 1, BANDS - 1)
    share = band - low
    return log_mel[:, low] * (1 - share) + log_mel[:, high] * share


def _channel(power: Array, rng: np.random.Generator) -> Array:
    """A microphone: a tilt and slow ripples over frequency; sometimes a telephone."""
    ripple = np.cumsum(rng.normal(0, 0.12, BANDS))
    curve = ripple - ripple.mean() + rng.normal(0, 0.6) * np.linspace(-1, 1, BANDS)
    if rng.random() < 0.08:
        curve[:4] -= 4.0
        curve[29:] -= 6.0
    return power * np.exp(curve)


def _room(power: Array, rng: np.random.Generator) -> Array:
    """An exponential tail of what sounded before."""
    if rng.random() < 0.5:
        return power
    decay = 10 ** (-6 * 0.02 / rng.uniform(0.15, 0.7))
    gain = 3 * rng.uniform(0.02, 0.25)
    out, tail = power.copy(), np.zeros(BANDS)
    for i in range(1, len(power)):
        tail = tail * decay + power[i - 1] * (1 - decay)
        out[i] += gain * tail
    return out


def _noisy(power: Array, rng: np.random.Generator, others: Sequence[Voice]) -> Array:
    """Steady noise of any colour, and now and then another voice."""
    loud = np.percentile(power.sum(axis=1), 90)
    out = power
    if rng.random() < 0.6:
        colour = np.exp(np.cumsum(rng.normal(0, 0.3, BANDS)) + rng.normal(0, 1) * np.linspace(-1, 1, BANDS))
        snr = 10 ** (rng.uniform(3, 35) / 10)
        out = out + loud / snr * colour / colour.sum() * np.exp(rng.normal(0, 0.25, power.shape))
    if others and rng.random() < 0.25:
        other = np.exp(np.resize(others[int(rng.integers(len(others)))].log_mel, power.shape))
        snr = 10 ** (rng.uniform(6, 25) / 10)
        out = out + loud / snr * other / np.percentile(other.sum(axis=1), 90)
    return out
