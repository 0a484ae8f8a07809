"""ARKit coefficients as JSON: written in the layout that the suffix names, read by their keys.

| layout | suffix | keys | who has it |
| --- | --- | --- | --- |
| ARKit frames | ``.json`` | fps, names, frames (lists), angle_names, meta | ours, alone with head and eye angles |
| Audio2Face | ``.a2f.json`` | exportFps, numPoses, numFrames, facsNames, weightMat | Audio2Face, its importers |
| weights | ``.weights.json`` | names, frames (objects with weights, time, rotation) | BEAT and what reads it |
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.errors import FormatError, NoRateError, SettingError, argument
from talkingeyes.files import readable, sha256_of
from talkingeyes.formats.arkit import check_settings
from talkingeyes.formats.arkit_table import COLUMNS, Array, Reading, table_of
from talkingeyes.formats.categories import holds_categories, motion_of_categories, numbers
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.rows import Rows, known_columns, motion_of_rows
from talkingeyes.formats.timecode import Clock, clock_of_seconds
from talkingeyes.formats.visemes import holds_visemes, motion_of_visemes
from talkingeyes.motion import MAX_FRAMES, Motion
from talkingeyes.plain_json import parse_json
from talkingeyes.rig import ARKIT_NAMES, LID_FOLLOWS_GAZE_PER_RAD, LIVE_LINK_ANGLES

MAX_JSON_BYTES = 512 << 20
ANGLE_SIGNS = (
    "radians; yaw + to the character's right, pitch + down, roll + lifts the character's left (Live Link Face)"
)
_ACCEPTED = "names of ARKit coefficients (eyeBlinkLeft .. tongueOut)"


def write_json(job: ExportJob, target: Path) -> None:
    """Write the job's take as ARKit frames: ``fps``, 52 ``names``, nine ``angle_names``, ``meta``, 61 values a frame.

    Raises:
        FormatError: the motion cannot be held (`arkit_table.table_of`).
        OSError: the file cannot be written.
    """
    motion = job.motion
    head: dict[str, Any] = {"fps": motion.fps, "names": ARKIT_NAMES, "angle_names": LIVE_LINK_ANGLES}
    head |= {"angles": ANGLE_SIGNS, "meta": dict(motion.meta)}
    row = _row(len(COLUMNS))
    _write(target, head, "frames", (row % tuple(values.tolist()) for values in table_of(motion)))


def write_a2f_json(job: ExportJob, target: Path) -> None:
    """Write the job's take as Audio2Face exports blend shapes; the eyes are in eyeLook*, the head is not in it.

    Raises:
        FormatError, OSError: as `write_json`.
    """
    motion = job.motion
    head: dict[str, Any] = {"exportFps": motion.fps, "trackPath": job.title, "numPoses": len(ARKIT_NAMES)}
    head |= {"numFrames": motion.num_frames, "facsNames": ARKIT_NAMES}
    row = _row(len(ARKIT_NAMES))
    table = table_of(motion)[:, : len(ARKIT_NAMES)]
    _write(target, head, "weightMat", (row % tuple(values.tolist()) for values in table))


def write_weights_json(job: ExportJob, target: Path) -> None:
    """Write the job's take as frames of weights with their times; the eyes are in eyeLook*, the head is not in it.

    Raises:
        FormatError, OSError: as `write_json`.
    """
    motion = job.motion
    row = f'{{"weights": {_row(len(ARKIT_NAMES))}, "time": %.6f, "rotation": []}}'
    timed = zip(table_of(motion)[:, : len(ARKIT_NAMES)], motion.times_s, strict=True)
    _write(target, {"names": ARKIT_NAMES}, "frames", (row % (*values.tolist(), time) for values, time in timed))


def _row(count: int) -> str:
    return "[" + ",".join(["%.6g"] * count) + "]"


def _write(target: Path, head: dict[str, Any], key: str, frames: Any) -> None:
    with target.open("w", encoding="ascii", newline="") as file:
        file.write(f'{json.dumps(head, allow_nan=False)[:-1]}, "{key}": [\n')
        for i, frame in enumerate(frames):
            file.write((",\n" if i else "") + frame)
        file.write("\n]}\n")


def read_json(
    path: Path,
    *,
    fps: float | None = None,
    comes_from: str = "auto",
    lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD,
) -> Motion:
    """Read a face from JSON or JSON lines; the keys tell the layout.

    The layouts of this module, MediaPipe's lists of blend shapes (`categories`), and mouth shapes with their times
    (`visemes`). In our own, frames hold the values of ``names``, then those of ``angle_names``; where these are not
    listed and nine values follow, they are Live Link Face's nine angles.

    Args:
        path: the file.
        fps: the frame rate of a file that carries none.
        comes_from: as `arkit.read_csv`.
        lid_follows_gaze_per_rad: as `arkit.read_csv`.

    Raises:
        FormatError: not such a file, frames of another length than ``names``, values that are no finite numbers.
            `NoRateError` where only the rate is missing.
        SettingError: ``comes_from`` is not accepted, or ``fps`` is given for a file that carries its own.
    """
    check_settings(fps, comes_from)
    data, reading = read_values(path), Reading(path.name, comes_from, lid_follows_gaze_per_rad)
    source = {"name": path.name, "sha256": sha256_of(path)}
    if holds_visemes(data):
        return motion_of_visemes(data, path.name, fps, {"source": source})
    if holds_categories(data):
        return motion_of_categories(data, fps, {"source": source}, reading)
    if not isinstance(data, dict):
        raise FormatError(
            f"{path.name}: is a JSON {type(data).__name__}; an object with fps, names, frames is accepted, or a list "
            "of blend shapes or mouth shapes"
        )
    if "facsNames" in data or "weightMat" in data:
        return _audio2face(data, fps, {"source": source}, reading)
    frames = data.get("frames")
    if isinstance(frames, list) and frames and isinstance(frames[0], dict) and "weights" in frames[0]:
        return _weights(data, frames, fps, {"source": source}, reading)
    return _own(data, frames, fps, reading)


def read_values(path: Path) -> Any:
    """The value of a JSON file, or the list of a JSON lines file's values.

    Raises:
        FormatError: too large, or neither.
    """
    content = readable(path, "JSON with frames or mouth shapes is accepted", max_bytes=MAX_JSON_BYTES).read_bytes()
    try:
        return parse_json(content, path.name)
    except FormatError:
        lines = [line.strip() for line in content.splitlines() if line.strip()]
        if len(lines) < 2 or lines[0][-1:] not in (b"}", b"]"):
            raise
        return [parse_json(line, path.name) for line in lines]


def own_rate(own: Any, fps: float | None, where: str, key: str = "fps") -> float:
    """The frame rate that a file states, or the one that is given for a file that states none.

    Raises:
        FormatError: the stated one is no rate. `NoRateError`: there is none.
        SettingError: both.
    """
    if own is None and fps is not None:
        return fps
    if own is None:
        raise NoRateError(f"{where}: carries no frame rate ({key} is missing); state it with {argument('fps')}")
    if not isinstance(own, int | float) or isinstance(own, bool) or not 1 <= own <= 1000:
        raise FormatError(f"{where}: {key} is {str(own)[:40]!r}; a number from 1 to 1000 is accepted")
    if fps is not None:
        raise SettingError(f"{where}: carries its own frame rate, {own:g}; {argument('fps')} is for files without one")
    return float(own)


def _own(data: dict[str, Any], frames: Any, fps: float | None, reading: Reading) -> Motion:
    where, meta = reading.where, data.get("meta")
    if "fps" not in data and not {"names", "frames"} & set(data):
        raise FormatError(
            f"{where}: a JSON object with {', '.join(map(str, list(data)[:5]))[:80]}; fps, names, frames are accepted, "
            "or Audio2Face's facsNames and weightMat, BEAT's weights, MediaPipe's blend shapes, mouth shapes with times"
        )
    rate = own_rate(data.get("fps"), fps, where)
    if not isinstance(frames, list) or not 1 <= len(frames) <= MAX_FRAMES:
        raise FormatError(f"{where}: frames is no list of at least one frame")
    if meta is not None and not isinstance(meta, dict):
        raise FormatError(f"{where}: meta is {type(meta).__name__}, an object is accepted")
    names = _names(data, frames[0], where)
    return _motion(names, frames, Clock.regular(len(frames), rate), meta or {}, reading)


def _names(data: dict[str, Any], first_frame: Any, where: str) -> list[str]:
    """The names of all values of a frame."""
    names, angle_names = data.get("names"), data.get("angle_names", [])
    _check_texts(names, "names and angle_names", where)
    _check_texts(angle_names, "names and angle_names", where)
    assert isinstance(names, list)
    nine_follow = isinstance(first_frame, list) and len(first_frame) == len(names) + len(LIVE_LINK_ANGLES)
    return [*names, *(angle_names or (LIVE_LINK_ANGLES if nine_follow else ()))]


def _check_texts(names: Any, what: str, where: str) -> None:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FormatError(f"{where}: {what} must be lists of texts")


def _audio2face(data: dict[str, Any], fps: float | None, meta: dict[str, Any], reading: Reading) -> Motion:
    where, names, frames = reading.where, data.get("facsNames"), data.get("weightMat")
    _check_texts(names, "facsNames", where)
    assert isinstance(names, list)
    if not isinstance(frames, list) or not 1 <= len(frames) <= MAX_FRAMES:
        raise FormatError(f"{where}: weightMat is no list of at least one frame")
    rate = own_rate(data.get("exportFps"), fps, where, "exportFps")
    clock = Clock.regular(len(frames), rate)
    return _motion(names, frames, clock, {**meta, "generator": "Audio2Face JSON"}, reading)


def _weights(
    data: dict[str, Any], frames: list[Any], fps: float | None, meta: dict[str, Any], reading: Reading
) -> Motion:
    where, names = reading.where, data.get("names")
    _check_texts(names, "names", where)
    assert isinstance(names, list)
    if len(frames) > MAX_FRAMES or not all(isinstance(frame, dict) for frame in frames):
        raise FormatError(f"{where}: frames is no list of up to {MAX_FRAMES} objects with weights")
    times = [frame.get("time") for frame in frames]
    if fps is None and data.get("fps") is None and all(type(t) in (int, float) for t in times) and len(times) > 1:
        clock = clock_of_seconds(numbers(times, "time", where), where)
    else:
        clock = Clock.regular(len(frames), own_rate(data.get("fps"), fps, where))
    weights = [frame.get("weights") for frame in frames]
    return _motion(names, weights, clock, {**meta, "generator": "ARKit weights JSON"}, reading)


def _motion(names: Sequence[str], frames: list[Any], clock: Clock, meta: dict[str, Any], reading: Reading) -> Motion:
    known, ignored = known_columns(names, reading.where, _ACCEPTED)
    table = _table(frames, len(names), reading.where)
    return motion_of_rows(Rows(tuple(known), table[:, list(known.values())], ignored), clock, meta, reading)


def _table(frames: list[Any], width: int, where: str) -> Array:
    for i, frame in enumerate(frames):
        if not isinstance(frame, list) or len(frame) != width:
            came = len(frame) if isinstance(frame, list) else type(frame).__name__
            raise FormatError(f"{where}: frame {i} holds {came} values; {width} are named")
        if not all(type(value) in (int, float) for value in frame):
            raise FormatError(f"{where}: frame {i} holds something other than numbers")
    try:
        table = np.array(frames, np.float64)
    except OverflowError:
        raise FormatError(f"{where}: holds a number too large") from None
    if not np.isfinite(table).all():
        raise FormatError(f"{where}: frame {int(np.argwhere(~np.isfinite(table))[0][0])} holds a number too large")
    return table
