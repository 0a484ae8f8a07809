"""Times of frames: Live Link Face timecodes ``HH:MM:SS:FF.mmm``, written and read, and times in seconds.

FF counts frames within the second at a whole-number rate (the base), mmm is thousandths of such a frame. The files
carry neither base nor rate: the base shows where the second rolls over, the rate is the slope of the times. The
timecodes that we write tell true time, so 29.97 and 30 differ (``00:00:00:01.001`` against ``01.000``). A phone's clock
runs a little off: a rate within `CLOCK_ERROR` of a usual one is that rate, and the clock keeps what was measured.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError, NoRateError, argument

COMMON_RATES_HZ = tuple(n * k for n in (24, 25, 30, 48, 50, 60, 90, 100, 120, 240) for k in (1, 1000 / 1001))
"""A measured rate this close to one of these (rounding of the times or `CLOCK_ERROR`) is taken as exactly that."""
CLOCK_ERROR = 3e-4
"""Relative error of a capture device's clock that is corrected: a phone's 30.0041 is 30 (29.97 is 1e-3 away)."""

_WHOLE_RATES_HZ = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 90.0, 120.0, 240.0)
_EVEN_WITHIN = 0.2
_PATTERN = re.compile(r"(\d{1,2})[:;](\d{1,2})[:;](\d{1,2})[:;](\d{1,3})(?:\.(\d{1,6}))?")
_DAY_S = 24 * 3600
LARGEST_TIME = 1e20
"""Nanoseconds since 1970 are 2e18."""
_ASSUMED_BASES = (30, 60, 120, 240, 1000)


def timecodes(count: int, fps: float) -> Iterator[str]:
    """The timecodes of frames 0 .. count - 1 at ``fps``, starting at 00:00:00:00.000."""
    base = math.ceil(fps - 1e-9)
    for i in range(count):
        total = round(i / fps * base * 1000)
        second, thousandths = divmod(total, base * 1000)
        frame, rest = divmod(thousandths, 1000)
        yield f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}:{frame:02d}.{rest:03d}"


@dataclass(frozen=True)
class Clock:
    """Times of the rows of a file.

    Attributes:
        times_s: (T,) seconds since the first row, rising.
        fps: the frame rate they tell.
        is_assumed: the rows end before a second rolls over, so the base is a guess.
        measured_fps: the rate before it was taken for the usual one next to it; `frame_places` counts with it.
        corrected: the two differ by more than rounding.
    """

    times_s: NDArray[np.float64]
    fps: float
    is_assumed: bool
    measured_fps: float
    corrected: bool = False

    @classmethod
    def regular(cls, count: int, fps: float) -> Clock:
        """One row per frame at a known rate."""
        return cls(np.arange(count) / fps, fps, is_assumed=False, measured_fps=fps)

    @property
    def frame_places(self) -> NDArray[np.float64]:
        """(T,) where each row stands, in frames since the first."""
        return self.times_s * self.measured_fps


def read_clock(codes: Sequence[str], where: str) -> Clock:
    """Times and rate of a column of timecodes.

    Args:
        codes: one per row; ``:`` or ``;`` between the parts.
        where: the file's name, for errors.

    Raises:
        FormatError: a code is malformed, time runs backwards, or too few codes differ to tell a rate.
    """
    parts = np.array([_parse(code, row, where) for row, code in enumerate(codes)], float).reshape(-1, 2)
    seconds, frames = parts[:, 0], parts[:, 1]
    midnights = np.concatenate([[0.0], np.diff(seconds) < -_DAY_S / 2])
    seconds = np.asarray(seconds + _DAY_S * np.cumsum(midnights), float)
    base, is_assumed = _base(seconds, frames)
    times_s = seconds + frames / base
    times_s -= times_s[0]
    backwards = np.flatnonzero(np.diff(times_s) < 0)
    if len(backwards):
        row = int(backwards[0]) + 1
        raise FormatError(f"{where}: the timecode {codes[row]!r} of frame {row} comes before {codes[row - 1]!r}")
    if len(codes) == 1:
        return Clock(times_s, float(base), is_assumed=True, measured_fps=float(base))
    if not np.diff(times_s).any():
        raise FormatError(f"{where}: all timecodes are {codes[0]!r}; state the rate with {argument('fps')}")
    return _clock(times_s, 0.001 / base, is_assumed, where)


def is_timecode(text: str) -> bool:
    """Whether a text is ``HH:MM:SS:FF.mmm``."""
    return _PATTERN.fullmatch(text.strip()) is not None


def seconds_of(times: NDArray[np.float64], title: str = "") -> NDArray[np.float64]:
    """Times in seconds, of times in seconds, milliseconds, microseconds, 100 ns (as .NET counts) or nanoseconds.

    A title that names the unit (``time_ms``, ``timestampMs``, ``time_s``) decides; otherwise the median distance does:
    frames and mouth shapes are .005 to 1.5 s apart.
    """
    ends = {"ms": 1e-3, "us": 1e-6, "ns": 1e-9, "_s": 1.0, "seconds": 1.0, "sec": 1.0}
    unit_s = next((unit for end, unit in ends.items() if title.lower().endswith(end)), None)
    if unit_s is None:
        steps = np.diff(times)
        typical = float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0
        bounds = ((1.5, 1.0), (4e3, 1e-3), (9e4, 1e-6), (2e7, 1e-7))
        unit_s = next((unit for most, unit in bounds if typical <= most), 1e-9)
    return times * unit_s


def clock_of_seconds(times_s: NDArray[np.float64], where: str) -> Clock:
    """Times and rate of rows that carry their time in seconds; uneven times get the usual whole rate next to them.

    Raises:
        FormatError: times run backwards, do not differ, or are too far apart or too close.
    """
    if not np.abs(times_s).max() <= LARGEST_TIME:
        raise FormatError(f"{where}: a time is not finite or larger than any clock's")
    times_s = np.asarray(times_s, float) - times_s[0]
    steps = np.diff(times_s)
    backwards = np.flatnonzero(steps < 0)
    if len(backwards):
        row = int(backwards[0]) + 1
        raise FormatError(f"{where}: the time of frame {row} comes before that of frame {row - 1}")
    if not len(steps) or not steps.any():
        raise NoRateError(f"{where}: its times do not differ and tell no frame rate; state it with {argument('fps')}")
    typical = float(np.median(steps[steps > 0]))
    if not 1e-3 <= typical <= 1:
        raise FormatError(f"{where}: {1 / typical:.6g} frames per second by its times; 1 to 1000 are accepted")
    even = np.abs(steps / typical - np.maximum(np.round(steps / typical), 1)) < _EVEN_WITHIN
    if even.mean() > 0.9:
        return _clock(times_s, 5e-4, is_assumed=False, where=where)
    fps = min(_WHOLE_RATES_HZ, key=lambda rate: abs(math.log(rate * typical)))
    return Clock(times_s, fps, is_assumed=False, measured_fps=fps)


def _parse(code: str, row: int, where: str) -> tuple[int, float]:
    match = _PATTERN.fullmatch(code.strip())
    if match is None:
        raise FormatError(f"{where}: frame {row} has the timecode {code[:40]!r}; HH:MM:SS:FF.mmm is accepted")
    hours, minutes, seconds, frame = (int(g) for g in match.groups()[:4])
    return hours * 3600 + minutes * 60 + seconds, frame + float(f"0.{match.group(5) or 0}")


def _base(seconds: NDArray[np.float64], frames: NDArray[np.float64]) -> tuple[int, bool]:
    """Frames per counted second, and whether that is only assumed."""
    at_least = int(frames.max()) + 1
    same = np.diff(seconds) == 0
    rolls = np.diff(seconds) == 1
    steps = np.diff(frames)[same]
    steps = steps[steps > 0]
    if rolls.any() and len(steps):
        before, after = frames[:-1][rolls], frames[1:][rolls]
        guess = round(float(np.median(before + np.median(steps) - after)))
        return max(guess, at_least), False
    if len(seconds) > 1 and not same.any():
        return at_least, False  # one frame a second or fewer
    return next(base for base in (*_ASSUMED_BASES, at_least) if base >= at_least), True


def _clock(times_s: NDArray[np.float64], step_error_s: float, is_assumed: bool, where: str) -> Clock:
    """The rate of times that are exact to ``step_error_s``: the mean of the runs without dropped frames.

    It is the usual rate next to the measured one within rounding or `CLOCK_ERROR`.
    """
    steps = np.diff(times_s)
    typical = float(np.median(steps[steps > 0]))
    regular = steps[(steps > 0.5 * typical) & (steps < 1.5 * typical)]
    if not len(regular):
        raise FormatError(
            f"{where}: its times jump; state the rate with {argument('fps')} to take the rows as they come"
        )
    measured = len(regular) / float(regular.sum())
    rounding = step_error_s / float(regular.sum()) + 1e-6
    nearest = min(COMMON_RATES_HZ, key=lambda rate: abs(rate - measured))
    off = abs(nearest / measured - 1)
    if off > max(rounding, CLOCK_ERROR):
        return Clock(times_s, round(measured, 6), is_assumed, measured)
    return Clock(times_s, nearest, is_assumed, measured, corrected=off > 2 * rounding)
