"""Gaze shifts and blinks as they are seen in the frames of a motion, named as edits name them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.generate.edits.events import listed, looks_of
from talkingeyes.generate.kept import shifts_of_gaze
from talkingeyes.generate.render import gaze_of
from talkingeyes.motion import Motion

Floats = NDArray[Any]

BLINK_FROM = 0.1
"""Lids closed further than this, over how they rest, blink."""
CLOSING = 0.004
"""Of a frame to the next: lids that rest drift less."""


def events_of(motion: Motion) -> dict[str, Any]:
    """Gaze shifts and blinks of a motion, in the form of `PlannedTake.events`.

    Frames tell times to half a frame, so the ids are near those of the plan, which is near enough for edits: an id
    names the event that was made nearest to its time.

    Raises:
        FormatError: the motion has neither eyes nor lids.
    """
    if motion.eyes_rad is None and motion.lids is None:
        raise FormatError("this motion has no gaze shifts and no blinks to list: it has neither eyes nor lids")
    shifts = [] if motion.eyes_rad is None else shifts_of_gaze(gaze_of(motion).gaze_rad, motion.fps)
    lids = [] if motion.lids is None else _blinks(np.asarray(motion.lids, float).max(axis=1), motion.fps)
    seen = {"duration_s": round(motion.duration_s, 4), "source": "frames"}
    return {
        **seen,
        "shifts": listed(looks_of(shifts), (), motion.duration_s)["shifts"] if shifts else [],
        "blinks": lids,
    }


def _blinks(closure: Floats, fps: float) -> list[dict[str, Any]]:
    rest = float(np.percentile(closure, 20))
    closed = np.concatenate([[False], closure > rest + BLINK_FROM * (1 - rest), [False]]).astype(int)
    rows = []
    for first, last in np.flatnonzero(np.diff(closed)).reshape(-1, 2):
        at_s = _onset_s(closure, int(first), fps)
        rows.append(
            {
                "id": f"blink@{at_s:.3f}",
                "at_s": round(at_s, 4),
                "lasts_s": round(last / fps - at_s, 4),
                "closure": round(float(closure[first:last].max()), 4),
            }
        )
    return rows


def _onset_s(closure: Floats, first: int, fps: float) -> float:
    """When the lids left their rest: somewhere before the first frame that shows them closing."""
    while first > 0 and closure[first] - closure[first - 1] > CLOSING:
        first -= 1
    first += 1
    return max(0.0, (first - 0.5) / fps)
