"""What a user should know of a motion that was read: one line each, from what its reader left in ``meta``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talkingeyes.motion import Motion

_SHOWN = 5


def notes_of(motion: Motion, where: str) -> tuple[str, ...]:
    """Columns left out or limited, frames filled, a rate that was assumed or corrected.

    Args:
        motion: as a reader gave it.
        where: the file's name.
    """
    meta, notes = motion.meta, []
    for key, told in (
        ("ignored_columns", "unknown columns left out"),
        ("clipped_columns", "values outside 0 to 1 were limited in"),
    ):
        names = meta.get(key)
        if isinstance(names, list) and names:
            notes.append(f"{where}: {told} {listed(names)}")
    if isinstance(meta.get("filled_frames"), int):
        notes.append(
            f"{where}: {meta['filled_frames']} of {motion.num_frames} frames show no face or are missing; filled in "
            "between their neighbours"
        )
    measured = meta.get("measured_fps")
    if isinstance(measured, float):
        off_s = abs(1 - measured / motion.fps) * motion.duration_s
        notes.append(
            f"{where}: {measured:g} frames per second by its times, taken as {motion.fps:g} (the error of a clock; "
            f"{off_s:.3f} s over the whole)"
        )
    if meta.get("fps_source") == "assumed":
        notes.append(
            f"{where}: too short for its timecodes to tell the rate; {motion.fps:g} is assumed, --fps states it"
        )
    if meta.get("fps_source") == "uneven keys":
        notes.append(f"{where}: its keys are few or uneven; sampled at {motion.fps:g} frames per second, or at --fps")
    names = meta.get("dropped_expressions")
    if isinstance(names, list) and names:
        notes.append(f"{where}: expressions that are no part of a motion were left out: {listed(names)}")
    if isinstance(meta.get("left_out"), str):
        notes.append(f"{where}: {meta['left_out']}")
    return tuple(notes)


def listed(names: Sequence[Any]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(str(name) for name in names[:_SHOWN]) + more
