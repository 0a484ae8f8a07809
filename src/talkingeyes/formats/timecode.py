"""Live Link Face timecodes ``HH:MM:SS:FF.mmm``: written from frame times, read back to times and a frame rate.

FF counts frames within the second at a whole-number rate (the base), mmm is thousandths of such a frame. The files
carry neither base nor rate: the base shows where the second rolls over, the rate is the slope of the times. The
timecodes that we write tell true time, so 29.97 and 30 differ (``00:00:00:01.001`` against ``01.000``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError

COMMON_RATES_HZ = tuple(n * k for n in (24, 25, 30, 48, 50, 60, 90, 100, 120, 240) for k in (1, 1000 / 1001))
"""A measured rate this close to one of these (rounding of the timecodes allows it) is taken as exactly that."""

_PATTERN = re.compile(r"(\d{1,2})[:;](\d{1,2})[:;](\d{1,2})[:;](\d{1,3})(?:\.(\d{1,6}))?")
_DAY_S = 24 * 3600
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
    """

    times_s: NDArray[np.float64]
    fps: float
    is_assumed: bool


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
        return Clock(times_s, float(base), is_assumed=True)
    steps = np.diff(times_s)
    if not steps.any():
        raise FormatError(f"{where}: all timecodes are {codes[0]!r}; state the rate with --fps")
    return Clock(times_s, _rate(steps, base), is_assumed)


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


def _rate(steps: NDArray[np.float64], base: int) -> float:
    """Frames per second: the mean rate of the runs without dropped frames, snapped to a common rate within rounding."""
    typical = float(np.median(steps[steps > 0]))
    regular = steps[(steps > 0.5 * typical) & (steps < 1.5 * typical)]
    fps = len(regular) / float(regular.sum())
    rounding = fps * 0.001 / base / float(regular.sum()) + 1e-6
    nearest = min(COMMON_RATES_HZ, key=lambda rate: abs(rate - fps))
    return nearest if abs(nearest / fps - 1) <= max(rounding, 2e-4 if len(regular) < 100 else 0) else round(fps, 6)
