"""A mapping from the columns of somebody's table to our channels: which column, in which unit, with which sign.

docs/data.md explains the fields. Everything is checked before the first table is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES
from talkingeyes.wording import quoted

Array = NDArray[Any]

ANGLE_UNITS = {"deg": np.pi / 180, "rad": 1.0}
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
FRAMES = {
    "ours": (1.0, 1.0, 1.0),
    "unity": (-1.0, 1.0, 1.0),
    "opengl": (-1.0, 1.0, -1.0),
}
"""Axes of quaternions, as signs of their x (to the character's left), y (up) and z (out of the face): ours; Unity's and
Unreal-like left-handed ones (x right, z ahead); OpenGL's, OpenXR's and Meta's (x right, z behind)."""
_GROUPS = {"head": 3, "left_eye": 2, "right_eye": 2, "eyes": 2, "gaze": 2}
_AXES = ("yaw", "pitch", "roll")
_KEYS = frozenset(
    {"files", "fps", "time", "angles", "eyes_in", "lids", "face", "valid", "role", "header", "delimiter", *_GROUPS}
)
_ROLES = ("speaking", "listening", "dialogue")


@dataclass(frozen=True)
class ColumnMapping:
    """A checked mapping.

    Attributes:
        files: glob of the tables below the folder.
        fps: their rate; None where a time column tells it.
        time: column and seconds per unit; None where ``fps`` is given.
        to_rad: radians per unit of the angles.
        groups: ``head``, ``left_eye``, ``right_eye``, ``eyes``, ``gaze`` -> columns by axis, or a quaternion.
        eyes_in: ``head`` or ``space``: what eye angles are against.
        lids: left and right column, and whether they say how open (not how shut) the eye is.
        face: ARKit name -> column.
        valid: a column that is 0 where a row tells nothing.
        role: what the person does.
        header: whether the first row of a .csv names the columns; else they are numbers from 0.
        delimiter: between columns; None finds out.
    """

    files: str = "*"
    fps: float | None = None
    time: tuple[str, float] | None = None
    to_rad: float = ANGLE_UNITS["deg"]
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    eyes_in: str = "head"
    lids: tuple[str, str, bool] | None = None
    face: Mapping[str, str] = field(default_factory=dict)
    valid: str | None = None
    role: str = "speaking"
    header: bool = True
    delimiter: str | None = None


def mapping_from(data: Any, where: str) -> ColumnMapping:
    """Check a mapping.

    Args:
        data: from JSON.
        where: what messages call it.

    Raises:
        FormatError: a field that is not known, or of another kind; no rate; nothing mapped.
    """
    if not isinstance(data, Mapping):
        raise FormatError(f"{where}: is no object of fields; see docs/data.md")
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise FormatError(f"{where}: the field {quoted(unknown[0])} is not known; {', '.join(sorted(_KEYS))} are")
    groups = {name: _group(data[name], width, f"{where}: {name}") for name, width in _GROUPS.items() if name in data}
    made = ColumnMapping(
        files=_text(data.get("files", "*"), f"{where}: files"),
        fps=_rate(data.get("fps"), where),
        time=_time(data.get("time"), where),
        to_rad=ANGLE_UNITS[_choice(data.get("angles", "deg"), ANGLE_UNITS, f"{where}: angles")],
        groups=groups,
        eyes_in=_choice(data.get("eyes_in", "head"), ("head", "space"), f"{where}: eyes_in"),
        lids=_lids(data.get("lids"), where),
        face=_face(data.get("face", {}), where),
        valid=None if data.get("valid") is None else _text(data["valid"], f"{where}: valid"),
        role=_choice(data.get("role", "speaking"), _ROLES, f"{where}: role"),
        header=_flag(data.get("header", True), f"{where}: header"),
        delimiter=None if data.get("delimiter") is None else _text(data["delimiter"], f"{where}: delimiter"),
    )
    if (made.fps is None) == (made.time is None):
        raise FormatError(f"{where}: one of fps and time is needed")
    if not groups and made.lids is None and not made.face:
        raise FormatError(f"{where}: maps nothing; head, eyes, gaze, lids or face are accepted")
    if made.eyes_in == "space" and "head" not in groups:
        raise FormatError(f"{where}: eyes in space need the head as well; map them as gaze where there is none")
    return made


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise FormatError(f"{where} is {quoted(value)}; a name is accepted")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise FormatError(f"{where} is {quoted(value)}; true or false are accepted")
    return value


def _choice(value: Any, among: Any, where: str) -> str:
    if not isinstance(value, str) or value not in among:
        raise FormatError(f"{where} is {quoted(value)}; {', '.join(among)} are accepted")
    return value


def _rate(value: Any, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 2000:
        raise FormatError(f"{where}: fps is {quoted(value)}; 1 to 2000 are accepted")
    return float(value)


def _time(value: Any, where: str) -> tuple[str, float] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"column", "unit"}:
        raise FormatError(f'{where}: time is {quoted(value)}; {{"column": NAME, "unit": "s"}} is accepted')
    unit = _choice(value["unit"], TIME_UNITS, f"{where}: the unit of time")
    return _text(value["column"], f"{where}: the column of time"), TIME_UNITS[unit]


def _group(value: Any, width: int, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FormatError(f"{where} is {quoted(value)}; columns by axis or a quaternion are accepted")
    if "quaternion" in value:
        names = value["quaternion"]
        if set(value) - {"quaternion", "axes"} or not isinstance(names, list) or len(names) != 4:
            raise FormatError(f"{where}: a quaternion has four columns, x y z w, and axes")
        axes = _choice(value.get("axes", "ours"), FRAMES, f"{where}: axes")
        return {"quaternion": tuple(_text(name, where) for name in names), "axes": axes}
    axes_wanted = _AXES[:width]
    if not value or set(value) - set(axes_wanted):
        raise FormatError(f"{where}: {', '.join(axes_wanted)}, or quaternion, are accepted")
    return {axis: _text(name, f"{where}: {axis}") for axis, name in value.items()}


def _lids(value: Any, where: str) -> tuple[str, str, bool] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"left", "right", "open"} or not {"left", "right"} <= set(value):
        raise FormatError(f"{where}: lids have left, right and perhaps open (true: they say how open)")
    open_ = _flag(value.get("open", False), f"{where}: lids: open")
    return _text(value["left"], f"{where}: lids"), _text(value["right"], f"{where}: lids"), open_


def _face(value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise FormatError(f"{where}: face is {quoted(value)}; ARKit names with columns are accepted")
    wrong = sorted(set(value) - set(FACE_NAMES))
    if wrong:
        raise FormatError(f"{where}: face: {quoted(wrong[0])} is no ARKit name of the face; eyes and blinks are lids")
    return {name: _text(value[name], f"{where}: face") for name in FACE_NAMES if name in value}


def motion_of(mapping: ColumnMapping, columns: Mapping[str, Array], meta: dict[str, Any], where: str) -> Motion:
    """The motion that a table's columns hold.

    Args:
        mapping: what they mean.
        columns: name -> (T,) numbers; NaN where a row has none.
        meta: of the motion.
        where: what messages call the table.

    Raises:
        FormatError: a mapped column is missing, times do not grow, or nothing valid is left.
    """
    rows = len(next(iter(columns.values()))) if columns else 0
    if rows < 2:
        raise FormatError(f"{where}: holds {rows} rows; 2 or more are accepted")

    def column(name: str) -> Array:
        bare = name.removeprefix("-")
        if name not in columns and bare not in columns:
            raise FormatError(f"{where}: lacks the column {quoted(bare)}; it has {', '.join(list(columns)[:12])}")
        return columns[name] if name in columns else -columns[bare]

    turned = {name: _rotation(group, column, mapping.to_rad, rows) for name, group in mapping.groups.items()}
    arrays: dict[str, Array] = {name: _angles(matrix) for name, matrix in turned.items()}
    if mapping.lids is not None:
        shut = np.stack([column(name) for name in mapping.lids[:2]], axis=1)
        arrays["lids"] = np.clip(1 - shut if mapping.lids[2] else shut, 0, 1)
    if mapping.face:
        arrays["face"] = np.clip(np.stack([column(name) for name in mapping.face.values()], axis=1), 0, 1)
    valid = column(mapping.valid) > 0 if mapping.valid is not None else np.ones(rows, bool)
    for values in arrays.values():
        valid &= np.isfinite(values).all(axis=1)
    if not valid.any():
        raise FormatError(f"{where}: no row is valid in all mapped columns")
    time_s = np.arange(rows) / (mapping.fps or 1.0)
    if mapping.time is not None:
        time_s = column(mapping.time[0]) * mapping.time[1]
    return _assembled(mapping, arrays, valid, time_s, meta, where)


def _rotation(group: Mapping[str, Any], column: Any, to_rad: float, rows: int) -> Array:
    if "quaternion" in group:
        x, y, z, w = (column(name) for name in group["quaternion"])
        return matrix_of_quaternion(np.stack([x, y, z, w], axis=1), FRAMES[group["axes"]])
    angles = [to_rad * column(group[axis]) if axis in group else np.zeros(rows) for axis in _AXES]
    return rotations.matrix_from_ypr(np.stack(angles, axis=1))


def matrix_of_quaternion(xyzw: Array, signs: tuple[float, float, float]) -> Array:
    """(T, 4) quaternions in axes of given signs -> (T, 3, 3) in ours; NaN where a row has no length."""
    size = np.linalg.norm(xyzw, axis=1, keepdims=True)
    x, y, z, w = (xyzw / np.where(size > 1e-6, size, np.nan)).T
    matrix = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    flip = np.array(signs)
    return np.moveaxis(matrix, 2, 0) * flip[:, None] * flip


def _angles(matrix: Array) -> Array:
    """(T, 3) yaw, pitch, roll; rows that are not finite stay so."""
    good = np.isfinite(matrix).all(axis=(1, 2))
    out = np.full((len(matrix), 3), np.nan)
    out[good] = rotations.ypr_from_matrix(matrix[good])
    return out


def _assembled(
    mapping: ColumnMapping, arrays: dict[str, Array], valid: NDArray[np.bool_], time_s: Array, meta: dict[str, Any],
    where: str,
) -> Motion:  # fmt: skip
    """Channels on an even grid, rows that tell nothing filled from their neighbours."""
    step_s = np.diff(time_s)
    if not np.isfinite(time_s).all() or np.median(step_s) <= 0 or (step_s < 0).any():
        raise FormatError(f"{where}: times do not grow")
    fps = mapping.fps or _even_rate(float(1 / np.median(step_s[step_s > 0])))
    grid_s = time_s[0] + np.arange(int(np.floor((time_s[-1] - time_s[0]) * fps + 1e-6)) + 1) / fps

    def even(values: Array, *, angle: bool) -> Array:
        known = np.unwrap(values[valid], axis=0) if angle else values[valid]
        return np.stack([np.interp(grid_s, time_s[valid], known[:, k]) for k in range(values.shape[1])], axis=1)

    after = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    filled = ~(valid[after] & valid[after - 1])
    out = {name: even(values, angle=name not in ("lids", "face")) for name, values in arrays.items()}
    head = rotations.wrap_rad(out["head"]) if "head" in out else None
    eyes = _eyes(out, head, mapping.eyes_in)
    gaze = rotations.wrap_rad(out["gaze"][:, :2]) if "gaze" in out and head is None and eyes is None else None
    if gaze is None and "gaze" in out and eyes is None and head is not None:
        eyes = np.repeat(_against(head, out["gaze"][:, :2])[:, None], 2, axis=1)
    return Motion(
        fps=fps,
        head_rad=head,
        eyes_rad=eyes,
        gaze_rad=gaze,
        lids=out.get("lids"),
        face=out.get("face"),
        face_names=tuple(mapping.face),
        filled=filled[:, None],
        meta={**meta, "filled_columns": ["all"], "role": mapping.role},
    )


def _even_rate(measured_hz: float) -> float:
    """A whole rate where the measured one is within half a percent of it."""
    whole = round(measured_hz)
    return float(whole) if whole and abs(measured_hz / whole - 1) < 0.005 else measured_hz


def _eyes(out: dict[str, Array], head: Array | None, eyes_in: str) -> Array | None:
    sides = [out[name] for name in ("left_eye", "right_eye") if name in out]
    if not sides and "eyes" not in out:
        return None
    both = [out.get("left_eye", sides[-1]), out.get("right_eye", sides[0])] if sides else [out["eyes"]] * 2
    eyes = np.stack([side[:, :2] for side in both], axis=1)
    if eyes_in == "space" and head is not None:
        eyes = np.stack([_against(head, eyes[:, side]) for side in (0, 1)], axis=1)
    return rotations.wrap_rad(eyes)


def _against(head: Array, gaze: Array) -> Array:
    """(T, 2) gaze in space -> in the head."""
    matrix, direction = rotations.matrix_from_ypr(head), rotations.direction_from_yaw_pitch(gaze)
    return rotations.yaw_pitch_from_direction(np.einsum("tji,tj->ti", matrix, direction))
