"""`Sample`: one clip of a data set (motion, speech, traits, provenance) and its members in a shard."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.npz import npz_arrays
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import quoted

Array = NDArray[Any]

SAMPLE_VERSION = 1
MAX_MEMBER_BYTES = 4 << 30
"""A member may unpack to this much: 40 hours of motion."""

MOTION, SPEECH, TRAITS, FLAME, ROW = "motion.npz", "speech.npz", "traits.npz", "flame.npz", "json"
MEMBERS = (MOTION, SPEECH, TRAITS, FLAME, ROW)
"""Suffixes of a sample's members, in the order in which they are written."""

_SPEECH_COLUMNS: dict[str, tuple[int, ...]] = {
    "loudness_db": (), "loudness": (), "pitch_hz": (), "voice": (), "brightness": (), "log_mel": (40,), "peak": (),
}  # fmt: skip
_SPEECH_SPANS = ("turns", "pauses")


@dataclass(frozen=True, eq=False)
class Sample:
    """One clip.

    Attributes:
        motion: with confidence and provenance.
        speech: features of its sound; None for silent clips and eye-tracker data.
        traits: descriptors that tell people apart (`traits.Traits`), each (2, D) float32 of the clip's two halves.
        flame: FLAME parameters as they came, where a set was published in them; each (T, D) float32.
        row: JSON-ready facts: where it comes from and how good it is (docs/data.md).
    """

    motion: Motion
    speech: Speech | None = None
    traits: Mapping[str, Array] = field(default_factory=dict)
    flame: Mapping[str, Array] = field(default_factory=dict)
    row: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, bytes]:
        """Bytes of each member by suffix; the same sample gives the same bytes."""
        packed = {MOTION: _bytes_of(self.motion)}
        if self.speech is not None:
            packed[SPEECH] = _npz(_speech_arrays(self.speech))
        for name, arrays in ((TRAITS, self.traits), (FLAME, self.flame)):
            if arrays:
                packed[name] = _npz({k: np.asarray(v, np.float32) for k, v in sorted(arrays.items())})
        row = {"sample_version": SAMPLE_VERSION, **self.row}
        packed[ROW] = json.dumps(row, sort_keys=True, allow_nan=False).encode()
        return packed


def sample_from(members: Mapping[str, bytes], name: str) -> Sample:
    """The sample that these members hold, checked.

    Args:
        members: bytes by suffix.
        name: what messages call the sample.

    Raises:
        FormatError: a member is missing, unknown, damaged or of another version.
    """
    unknown = set(members) - set(MEMBERS)
    if unknown or MOTION not in members or ROW not in members:
        problem = f"holds {sorted(unknown)[0]!r}" if unknown else f"lacks {MOTION} or {ROW}"
        raise FormatError(f"{name}: {problem}; {', '.join(MEMBERS)} are accepted")
    row = row_from(members[ROW], name)
    return Sample(
        _motion_from(members[MOTION], f"{name}.{MOTION}"),
        speech_from(members[SPEECH], f"{name}.{SPEECH}") if SPEECH in members else None,
        _floats(members.get(TRAITS), f"{name}.{TRAITS}"),
        _floats(members.get(FLAME), f"{name}.{FLAME}"),
        row,
    )


def _motion_from(data: bytes, name: str) -> Motion:
    arrays = _arrays(data, name)
    try:
        return Motion.from_arrays(arrays, name)
    except FormatError as error:  # a channel's own message does not know where it comes from
        raise FormatError(f"{name}: {str(error).removeprefix(f'{name}: ')}") from None


TEXTS = ("origin", "kind", "path", "speaker", "made_by", "sound", "role", "irises")
NUMBERS = ("duration_s", "fps", "frames", "part", "sound_s", "voice_share", "seen_share", "cuts", "fixations")
NEEDED = ("origin", "kind", "path", "speaker", "duration_s", "frames", "sound", "role", "channels")
"""Facts that the card and the split need of every sample."""
MAX_FACT = 1e12


def check_facts(row: Mapping[str, Any], name: str) -> None:
    """Refuse a row whose known facts are of another kind than ours.

    Raises:
        FormatError: names the fact.
    """
    wrong = [key for key in TEXTS if not isinstance(row.get(key, ""), str)]
    wrong += [key for key in NUMBERS if not _is_amount(row.get(key, 0))]
    channels, confidence = row.get("channels", []), row.get("confidence", {})
    if not isinstance(channels, list) or not all(isinstance(channel, str) for channel in channels):
        wrong.append("channels")
    if not isinstance(confidence, dict) or not all(_is_amount(value) for value in confidence.values()):
        wrong.append("confidence")
    if wrong:
        raise FormatError(f"{name}: {wrong[0]} is {quoted(row[wrong[0]])}, which no sample of ours says")


def _is_amount(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= MAX_FACT


def row_from(data: bytes, name: str) -> dict[str, Any]:
    """The JSON member.

    Raises:
        FormatError: no JSON object, or of another version.
    """
    row = parse_json(data, f"{name}.{ROW}")
    if not isinstance(row, dict) or row.get("sample_version") != SAMPLE_VERSION:
        came = row.get("sample_version") if isinstance(row, dict) else type(row).__name__
        raise FormatError(f"{name}.{ROW}: sample_version {quoted(came)}; this build reads {SAMPLE_VERSION}")
    check_facts(row, f"{name}.{ROW}")
    return row


def speech_from(data: bytes, name: str) -> Speech:
    """The features of a sound.

    Raises:
        FormatError: a column is missing, of another length, or not finite.
    """
    arrays = _arrays(data, name)
    wanted = {*_SPEECH_COLUMNS, *_SPEECH_SPANS, "source_name", "sha256", "duration_s", "feature_rate_hz"}
    if set(arrays) != wanted:
        raise FormatError(f"{name}: keys differ from ours: {', '.join(sorted(set(arrays) ^ wanted)[:5])}")
    duration_s, rate_hz = (_number(arrays[key], f"{name}: {key}") for key in ("duration_s", "feature_rate_hz"))
    if rate_hz != FEATURE_RATE_HZ or not 0 < duration_s < 1e6:
        raise FormatError(f"{name}: {duration_s:g} s of features at {rate_hz:g} Hz; {FEATURE_RATE_HZ} Hz is accepted")
    count = max(1, math.ceil(duration_s * FEATURE_RATE_HZ - 1e-6))
    for key, width in _SPEECH_COLUMNS.items():
        kind = "b" if key == "voice" else "f"
        if arrays[key].shape != (count, *width) or arrays[key].dtype.kind != kind:
            raise FormatError(f"{name}: {key} is {arrays[key].dtype} {arrays[key].shape}; {(count, *width)} is right")
    for key in _SPEECH_SPANS:
        if arrays[key].ndim != 2 or arrays[key].shape[1] != 2 or arrays[key].dtype.kind != "f":
            raise FormatError(f"{name}: {key} has shape {arrays[key].shape}; (K, 2) is right")
    for key in (*_SPEECH_COLUMNS, *_SPEECH_SPANS):
        if not np.isfinite(arrays[key]).all():
            raise FormatError(f"{name}: {key} holds NaN or infinity")
        arrays[key].setflags(write=False)
    return Speech(
        source_name=str(arrays["source_name"]),
        sha256=str(arrays["sha256"]),
        duration_s=duration_s,
        **{key: arrays[key] for key in (*_SPEECH_COLUMNS, *_SPEECH_SPANS)},  # type: ignore[arg-type]
    )


def _speech_arrays(speech: Speech) -> dict[str, Array]:
    return {
        "source_name": np.array(speech.source_name),
        "sha256": np.array(speech.sha256),
        "duration_s": np.array(speech.duration_s, float),
        "feature_rate_hz": np.array(FEATURE_RATE_HZ, float),
        **{key: getattr(speech, key) for key in (*_SPEECH_COLUMNS, *_SPEECH_SPANS)},
    }


def _bytes_of(motion: Motion) -> bytes:
    packed = io.BytesIO()
    motion.save_npz(packed)
    return packed.getvalue()


def _npz(arrays: Mapping[str, Array]) -> bytes:
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    return packed.getvalue()


def _arrays(data: bytes, name: str) -> dict[str, Array]:
    return npz_arrays(io.BytesIO(data), name, MAX_MEMBER_BYTES)


def _floats(data: bytes | None, name: str) -> dict[str, Array]:
    if data is None:
        return {}
    arrays = _arrays(data, name)
    for key, array in arrays.items():
        if array.dtype != np.float32 or array.ndim != 2 or not np.isfinite(array).all():
            raise FormatError(f"{name}: {key} is {array.dtype} {array.shape}; finite float32 of two axes is accepted")
    return arrays


def _number(value: Array, name: str) -> float:
    if value.size != 1 or value.dtype.kind not in "fiu":
        raise FormatError(f"{name} is not one number")
    return float(value.reshape(-1)[0])
