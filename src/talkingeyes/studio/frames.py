"""Frames of a take for the page: a JSON header, then one packed block for each stretch.

The body is: 4 bytes (little-endian) with the length of the header, the header (UTF-8 JSON), and the blocks one after
the other as `formats.html.pack_motion` makes them.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.formats.html import pack_motion, provenance_of
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.wording import quoted

MOST_S = 600.0
"""Seconds in one answer; a longer take comes in pieces."""


def stretch_of(take: PlannedTake, from_s: float, to_s: float) -> range:
    """The frames of a stretch of time, at least one."""
    first = min(max(0, math.floor(from_s * take.fps)), take.frames - 1)
    last = min(max(first + 1, math.ceil(to_s * take.fps) + 1), take.frames)
    return range(first, last)


def asked_stretch(from_s: Any, to_s: Any, take: PlannedTake) -> tuple[float, float]:
    """A stretch that somebody asked for, both in seconds; left out: the whole.

    Raises:
        SettingError: no numbers, or too long for one answer.
    """
    try:
        begin = 0.0 if from_s is None else float(from_s)
        end = min(take.duration_s, begin + MOST_S) if to_s is None else float(to_s)
    except (TypeError, ValueError):
        raise SettingError(f"from and to are {quoted(from_s)} and {quoted(to_s)}; seconds are accepted") from None
    if not (math.isfinite(begin) and math.isfinite(end) and 0 <= begin <= end and end - begin <= MOST_S):
        raise SettingError(f"from {begin:g} to {end:g} s; at most {MOST_S:g} s in order are accepted")
    return begin, end


def packed_frames(
    take: PlannedTake,
    stretches: Sequence[tuple[float, float]],
    avatar: PageAvatar | None = None,
    more: Mapping[str, Any] | None = None,
) -> bytes:
    """Some stretches of a take.

    Args:
        take: planned.
        stretches: in seconds.
        avatar: whose morph targets' weights are wanted too; None: the built-in one, which shows the face as it is.
        more: what else the header tells.
    """
    rows, blocks, provenance = [], [], {}
    for begin, end in stretches:
        frames = stretch_of(take, begin, end)
        motion = take.motion(frames)
        channels, block = pack_motion(motion, avatar.weights(motion) if avatar is not None else None)
        rows.append({"first": frames.start, "count": len(frames), "channels": channels, "bytes": len(block)})
        blocks.append(block)
        provenance = dict(provenance_of(motion.meta))
    header = {"fps": take.fps, "frames": take.frames, "provenance": provenance, "stretches": rows, **(more or {})}
    text = json.dumps(header, separators=(",", ":")).encode()
    return b"".join((struct.pack("<I", len(text)), text, *blocks))


def within(stretches: Sequence[tuple[float, float]], view: Sequence[float] | None) -> list[tuple[float, float]]:
    """The parts of stretches that lie in view."""
    if view is None:
        return list(stretches)
    low, high = view
    return [(max(a, low), min(b, high)) for a, b in stretches if b > low and a < high]
