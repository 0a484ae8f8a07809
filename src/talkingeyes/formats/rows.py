"""Rows of ARKit values as files of face capture hold them: named columns, gaps where no face was seen, a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from talkingeyes.avatar.names import arkit_name
from talkingeyes.errors import FormatError, argument
from talkingeyes.formats.arkit_table import Array, Reading, motion_of
from talkingeyes.formats.timecode import Clock
from talkingeyes.motion import MAX_FRAMES, Motion
from talkingeyes.rig import LIVE_LINK_ANGLES

_ANGLES = {name.lower(): name for name in LIVE_LINK_ANGLES}
_FILLED = {"head": "head_rad", "eyes": "eyes_rad", "lids": "lids", "face": "face"}
MAX_IGNORED = 100
_SEEN_WITHIN = 0.75
"""Frames between a frame and the nearest row with a face, from which on the frame counts as filled."""


@dataclass(frozen=True)
class Rows:
    """What was read.

    Attributes:
        names: the columns, each one of `arkit_table.COLUMNS`.
        values: (T, n), NaN in rows where no face was seen.
        ignored: columns that are not ours.
    """

    names: tuple[str, ...]
    values: Array
    ignored: Sequence[str] = ()


def column_name(cell: str) -> str | None:
    """The name in `arkit_table.COLUMNS` that a column's title spells, with any prefix (``blendShapes.JawOpen``)."""
    return _ANGLES.get(cell.rsplit(".", 1)[-1].lower()) or arkit_name(cell)


def known_columns(titles: Sequence[str], where: str, accepted: str) -> tuple[dict[str, int], list[str]]:
    """Our names of the columns -> their places, and the titles that are not ours.

    Args:
        titles: of all columns that hold values.
        where: the file's name, for errors.
        accepted: what to bring, for the error where none is ours.

    Raises:
        FormatError: none is ours, or one comes twice.
    """
    known: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(titles):
        name = column_name(cell)
        if name is None:
            if cell:
                ignored.append(cell[:64])
        elif name in known:
            raise FormatError(f"{where}: the column {cell[:64]} comes twice")
        else:
            known[name] = place
    if not known:
        raise FormatError(f"{where}: names none of the ARKit columns; {accepted} is accepted")
    return known, ignored[:MAX_IGNORED]


def motion_of_rows(rows: Rows, clock: Clock, meta: Mapping[str, Any], reading: Reading) -> Motion:
    """The motion of rows, on a regular grid from the first row's time.

    Rows without a face and dropped frames are filled by linear interpolation, marked in ``filled`` for every channel
    and counted in ``meta["filled_frames"]``; a corrected rate (`Clock.corrected`) stands in ``meta["measured_fps"]``.

    Raises:
        FormatError: no row shows a face, the times jump, or as `motion_of`.
    """
    seen = ~np.isnan(rows.values[:, 0])
    if not seen.any():
        raise FormatError(f"{reading.where}: holds no frames in which a face was seen")
    notes: dict[str, Any] = {"measured_fps": round(clock.measured_fps, 4)} if clock.corrected else {}
    notes |= {"ignored_columns": list(rows.ignored)} if rows.ignored else {}
    places = clock.frame_places
    if not places[-1] < MAX_FRAMES:
        raise FormatError(
            f"{reading.where}: its times jump; state the rate with {argument('fps')} to take the rows as they come"
        )
    nearest = np.round(places).astype(int)
    frames = int(nearest[-1]) + 1
    if frames == len(places) and seen.all() and np.array_equal(nearest, np.arange(frames)):
        return motion_of(rows.names, rows.values, clock.fps, {**meta, **notes}, reading)
    if frames > 20 * len(places) + 1000:
        raise FormatError(
            f"{reading.where}: its times jump; state the rate with {argument('fps')} to take the rows as they come"
        )
    grid = np.arange(frames)
    values = np.stack([np.interp(grid, places[seen], column[seen]) for column in rows.values.T], axis=1)
    at = np.interp(grid, places[seen], np.arange(int(seen.sum())))  # rows between which each frame stands
    around = np.stack([places[seen][np.floor(at).astype(int)], places[seen][np.ceil(at).astype(int)]])
    filled = np.abs(around - grid).min(axis=0) > _SEEN_WITHIN
    motion = motion_of(rows.names, values, clock.fps, {**meta, **notes}, reading)
    return _marked(motion, filled) if filled.any() else motion


def _marked(motion: Motion, filled: np.ndarray) -> Motion:
    groups = [group for group, channel in _FILLED.items() if getattr(motion, channel) is not None]
    meta = {**motion.meta, "filled_frames": int(filled.sum()), "filled_columns": groups}
    return motion.replace(filled=np.repeat(filled[:, None], len(groups), axis=1), meta=meta)
