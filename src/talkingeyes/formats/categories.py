"""Blend shapes by name and score, frame by frame: what MediaPipe's Face Landmarker gives, as people save it in JSON.

A file is a list of frames, one a line or in one list (also below ``frames``, ``results`` or the like). A frame is a
list of ``{categoryName, score}`` (or ``category_name``), an object with such a list, or an object of names and scores.
An empty frame is one without a face. Times are in ``timestampMs``, ``timestamp``, ``time`` or the like; without them
the rate must be given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from talkingeyes.errors import FormatError, NoRateError, argument
from talkingeyes.formats.arkit_table import Array, Reading
from talkingeyes.formats.rows import Rows, column_name, known_columns, motion_of_rows
from talkingeyes.formats.timecode import Clock, clock_of_seconds, seconds_of
from talkingeyes.motion import MAX_FRAMES, Motion

_NAMES, _SCORES = ("categoryName", "category_name", "name", "displayName"), ("score", "value", "weight")
_HOLDERS = ("categories", "faceBlendshapes", "face_blendshapes", "blendshapes", "blendShapes", "shapes", "weights")
_LISTS = ("frames", "results", "data", "faceBlendshapes", "face_blendshapes", "blendshapes")
TIME_KEYS = (
    "timestampMs", "timestamp_ms", "timeMs", "time_ms", "timestamp", "time", "time_s", "timeCode", "t", "offset",
)  # fmt: skip
_NEUTRAL = "_neutral"
_DEEPEST = 4


def holds_categories(data: Any) -> bool:
    """Whether parsed JSON is such a list: its first frame with a face names ARKit coefficients."""
    frames = _frames_of(data)
    table = next((scores for frame in frames if (scores := _scores(frame))), {})
    return any(column_name(name) is not None for name in table)


def motion_of_categories(data: Any, fps: float | None, meta: Mapping[str, Any], reading: Reading) -> Motion:
    """The motion of frames of blend shapes; frames without a face are filled.

    Args:
        data: parsed JSON for which `holds_categories` is true.
        fps: frames per second, one frame each; by the frames' times otherwise.
        meta: goes into the motion.
        reading: where it comes from.

    Raises:
        FormatError: damaged frames. `NoRateError`: neither times nor ``fps``.
    """
    where, frames = reading.where, _frames_of(data)
    if len(frames) > MAX_FRAMES:
        raise FormatError(f"{where}: {len(frames)} frames; {MAX_FRAMES} are accepted")
    tables = [_scores(frame) for frame in frames]
    titles = list(dict.fromkeys(name for table in tables for name in table if name != _NEUTRAL))
    known, ignored = known_columns(titles, where, "eyeBlinkLeft, jawOpen, .. by name")
    shown = {name: titles[place] for name, place in known.items()}
    values = np.full((len(frames), len(shown)), math.nan)
    for row, table in enumerate(tables):
        if table:
            values[row] = [_number(table, title, row, where) for title in shown.values()]
    clock = Clock.regular(len(frames), fps) if fps is not None else _clock(frames, where)
    told = "given" if fps is not None else "times"
    meta = {"generator": "blend shapes by name", "fps_source": told, **meta}
    return motion_of_rows(Rows(tuple(known), values, ignored), clock, meta, reading)


def _number(table: Mapping[str, Any], title: str, row: int, where: str) -> float:
    value = table.get(title)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise FormatError(f"{where}: frame {row} has {str(value)[:40]!r} for {title[:40]}; a number is accepted")
    return float(value)


def _frames_of(data: Any) -> list[Any]:
    """The list of frames; one frame alone counts as a list of one."""
    if isinstance(data, dict):
        inside = next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)
        return inside if inside is not None else []
    if not isinstance(data, list):
        return []
    return [data] if data and isinstance(data[0], dict) and _title(data[0]) is not None else data


def _scores(frame: Any, depth: int = 0) -> dict[str, Any]:
    """Names and scores of a frame's first face; empty without one."""
    if depth > _DEEPEST or not frame:
        return {}
    if isinstance(frame, list):
        if isinstance(frame[0], dict) and _title(frame[0]) is not None:
            return {title: _score(c) for c in frame if isinstance(c, dict) and (title := _title(c)) is not None}
        return _scores(frame[0], depth + 1)
    if not isinstance(frame, dict):
        return {}
    holder = next((key for key in _HOLDERS if isinstance(frame.get(key), list | dict)), None)
    if holder is not None:
        return _scores(frame[holder], depth + 1)
    return {name: score for name, score in frame.items() if name not in TIME_KEYS and type(score) in (int, float)}


def _title(category: Mapping[str, Any]) -> str | None:
    if not any(key in category for key in _SCORES):
        return None
    return next((name for key in _NAMES if isinstance(name := category.get(key), str) and name), None)


def _score(category: Mapping[str, Any]) -> Any:
    return next(category[key] for key in _SCORES if key in category)


def _clock(frames: list[Any], where: str) -> Clock:
    key = next((k for k in TIME_KEYS if isinstance(frames[0], dict) and k in frames[0]), None)
    if key is None:
        raise NoRateError(
            f"{where}: its frames carry no times and so no frame rate; state the rate with {argument('fps')}"
        )
    times = [frame.get(key) if isinstance(frame, dict) else None for frame in frames]
    return clock_of_seconds(seconds_of(numbers(times, key, where), key), where)


def numbers(values: list[Any], key: str, where: str) -> Array:
    """A list of finite numbers as an array.

    Raises:
        FormatError: one is something else; names its place.
    """
    wrong = next((i for i, v in enumerate(values) if type(v) not in (int, float) or not abs(v) < 1e18), None)
    if wrong is not None:
        raise FormatError(f"{where}: entry {wrong} has {str(values[wrong])[:40]!r} as {key}; a number is accepted")
    return np.array(values, float)
