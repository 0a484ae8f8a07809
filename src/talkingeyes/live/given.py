"""What a caller hands to a session, checked once: samples, rates, options, places to look at."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import RANGES, Amounts, amounts_of
from talkingeyes.generate.marks import MAX_PITCH_DEG, MAX_YAW_DEG
from talkingeyes.generate.request import MAX_FPS, MAX_SEED, MIN_FPS
from talkingeyes.live.resample import RATES_HZ

VOICES = ("own", "other")
ROLES = ("auto", "speaking", "listening")
LATENCIES = ("low", "relaxed")
MOST_AT_ONCE_S = 3600.0
"""`Session.advance` goes no further at once: whoever asks for more means another clock."""
_MAX_FLOAT = 16.0
_NUMBERS = (int, float, np.integer, np.floating)


def checked_options(fps: float, seed: int, role: str, latency: str, voices: Collection[str] | None) -> None:
    """The options of a session.

    Raises:
        SettingError: naming the value and what is accepted.
    """
    if not (is_number(fps) and MIN_FPS - 0.05 <= fps <= MAX_FPS):
        raise SettingError(f"fps is {fps!r}; {MIN_FPS:g} to {MAX_FPS:g} is accepted")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise SettingError(f"seed is {seed!r}; 0 to {MAX_SEED} is accepted")
    if role not in ROLES:
        raise SettingError(f"role is {role!r}; {', '.join(ROLES)} are accepted")
    if latency not in LATENCIES:
        raise SettingError(f"latency is {latency!r}; {' or '.join(LATENCIES)} is accepted")
    if voices is not None and (isinstance(voices, str) or not isinstance(voices, Collection) or not voices):
        raise SettingError(f"voices is {voices!r}; a list with own, other or both, or None is accepted")
    for voice in voices or ():
        check_voice(voice)


def check_voice(voice: str) -> None:
    """A voice's name.

    Raises:
        SettingError: it is another.
    """
    if voice not in VOICES:
        raise SettingError(f"voice is {str(voice)[:40]!r}; {' or '.join(VOICES)} is accepted")


def checked_rate(rate_hz: float, before_hz: int | None, voice: str) -> int:
    """Samples per second.

    Raises:
        SettingError: out of range, no whole number, or not the rate that the voice had before.
    """
    low, high = RATES_HZ
    if not (is_number(rate_hz) and low <= rate_hz <= high and rate_hz == int(rate_hz)):
        raise SettingError(f"rate_hz is {rate_hz!r}; whole numbers from {low} to {high} are accepted")
    if before_hz not in (None, int(rate_hz)):
        raise SettingError(
            f"rate_hz of the {voice} voice is {rate_hz:g} and was {before_hz}; a voice keeps its rate: resample it"
        )
    return int(rate_hz)


def checked_sound(samples: ArrayLike) -> NDArray[np.float32]:
    """Mono samples as float32.

    Raises:
        SettingError: another shape or type, NaN, infinity, or integers that nobody scaled.
    """
    try:
        values = np.asarray(samples)
    except ValueError:
        raise SettingError("samples are no array; (n,) float of full scale 1, or int16 is accepted") from None
    whole = values.dtype.kind == "i" and values.dtype.itemsize == 2
    if values.ndim != 1 or not (values.dtype.kind == "f" or whole or (not values.size and values.dtype.kind in "iu")):
        raise SettingError(f"samples are {values.dtype} {values.shape}; (n,) float, full scale 1, or int16 is accepted")
    if whole:
        return values.astype(np.float32) / 32_768
    if values.size and not _largest(values) <= _MAX_FLOAT:
        raise SettingError("samples hold NaN, infinity or more than 16; full scale is 1 for floats")
    return values.astype(np.float32)


def _largest(values: NDArray[Any]) -> float:
    """Absolute value; NaN where there is one."""
    return max(float(np.maximum.reduce(values)), -float(np.minimum.reduce(values)))


def checked_amounts(amounts: Amounts | None, by_name: Mapping[str, Any]) -> Amounts:
    """Amounts given as one, or by name on top of a mood.

    Raises:
        SettingError: both, no such name, or a value out of range.
    """
    if amounts is not None:
        if by_name:
            raise SettingError("amounts are given as one and by name or mood; use one of the two ways")
        if not isinstance(amounts, Amounts):
            raise SettingError(f"amounts is a {type(amounts).__name__}; an Amounts is accepted, or each by name")
        return amounts
    unknown = [name for name in by_name if name not in RANGES and name != "mood"]
    if unknown:
        raise SettingError(f"a session takes no {unknown[0]!r}")
    return amounts_of({k: v for k, v in by_name.items() if k != "mood"}, by_name.get("mood"))


def checked_direction(yaw_deg: float, pitch_deg: float) -> tuple[float, float]:
    """Radians of a direction that eyes and head can reach together.

    Raises:
        SettingError: they cannot.
    """
    fits = is_number(yaw_deg) and is_number(pitch_deg)
    if not fits or math.hypot(yaw_deg / MAX_YAW_DEG, pitch_deg / MAX_PITCH_DEG) > 1 + 1e-9:
        raise SettingError(
            f"yaw_deg {yaw_deg!r}, pitch_deg {pitch_deg!r} is out of reach; an ellipse of {MAX_YAW_DEG:g} deg yaw and "
            f"{MAX_PITCH_DEG:g} deg pitch is accepted"
        )
    return math.radians(yaw_deg), math.radians(pitch_deg)


def direction_of(target: Any) -> tuple[float, float]:
    """Yaw and pitch in degrees of "camera", or of a place x, y, z in metres from the middle of the eyes.

    Raises:
        SettingError: it is neither.
    """
    if isinstance(target, str):
        if target not in ("camera", "partner"):
            raise SettingError(f"target is {target[:40]!r}; 'camera', 'partner' or x, y, z in metres is accepted")
        return 0.0, 0.0
    parts = list(target) if isinstance(target, tuple | list | np.ndarray) else []
    if len(parts) != 3 or not all(is_number(v) for v in parts) or not any(parts):
        raise SettingError(f"target is {str(target)[:40]!r}; 'camera', 'partner' or x, y, z in metres is accepted")
    x, y, z = (float(v) for v in parts)
    return math.degrees(math.atan2(x, z)), math.degrees(math.atan2(y, math.hypot(x, z)))


def is_number(value: Any) -> bool:
    """Whether it is one finite number."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool) and math.isfinite(value)
