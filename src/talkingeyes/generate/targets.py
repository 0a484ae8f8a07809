"""Named places to look at: points or moving tracks in space, in metres from the middle between the eyes.

The axes are those of docs/conventions.md: +X to the character's left, +Y up, +Z out of the face of the neutral head.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError, TargetError, argument
from talkingeyes.files import readable
from talkingeyes.generate.marks import MAX_PITCH_DEG, MAX_YAW_DEG
from talkingeyes.generate.target_scene import node_track
from talkingeyes.wording import cut, quoted

Floats = NDArray[Any]

TARGETS, GLANCES = argument("targets"), argument("glance_at")
MAX_TARGETS = 1000
MAX_TRACK_ROWS = 1_000_000
MAX_TRACK_BYTES = 128 << 20
NEAREST_M, FARTHEST_M = 0.15, 10_000.0
GRAMMAR = (
    "NAME=X,Y,Z in metres, NAME=TRACK.csv (columns time,x,y,z) or NAME=SCENE.glb#NODE is accepted, where + X is the "
    "character's left, + Y up, + Z out of the face"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_POINT = re.compile(r"[^,]*,[^,]*,[^,]*")
_SCENES = (".glb", ".gltf", ".vrm")


@dataclass(frozen=True, eq=False)
class Target:
    """Something to look at.

    Attributes:
        name: how marks and edits call it.
        points_m: (n, 3) where it is.
        times_s: (n,) when, rising; None where it stands still (n is 1).
        source: what a motion's meta tells of it.
    """

    name: str
    points_m: Floats
    times_s: Floats | None = None
    source: Mapping[str, Any] | None = None

    @property
    def moves(self) -> bool:
        """Whether it ever is elsewhere."""
        return self.times_s is not None and bool(np.ptp(self.points_m, axis=0).max() > 0)

    def at(self, times_s: ArrayLike) -> tuple[Floats, Floats]:
        """(T, 2) yaw and pitch in space within the reach of a mark, and (T,) distance, at given times."""
        times_s = np.asarray(times_s, float)
        if self.times_s is None:
            points = np.repeat(self.points_m, len(times_s), axis=0)
        else:
            points = np.stack([np.interp(times_s, self.times_s, self.points_m[:, k]) for k in range(3)], axis=1)
        gaze = rotations.yaw_pitch_from_direction(points)
        beyond = np.hypot(*(np.degrees(gaze) / (MAX_YAW_DEG, MAX_PITCH_DEG)).T)
        distance = np.clip(np.linalg.norm(points, axis=1), NEAREST_M, FARTHEST_M)
        return gaze / np.maximum(beyond, 1.0)[:, None], distance


def parse_target(text: str) -> Target:
    """One target as ``--target`` writes it.

    Raises:
        TargetError: malformed, or its file is.
    """
    name, sign, what = text.partition("=")
    if not sign:
        raise TargetError(f"{TARGETS}: cannot read {quoted(text)}; {GRAMMAR}")
    return target_of(name.strip(), what.strip())


def targets_of(given: Any) -> dict[str, Target]:
    """Targets by name.

    Args:
        given: None, targets by name (places, tracks, files: `target_of`), texts as ``--target`` has, or `Target`.

    Raises:
        TargetError: naming the one that is not accepted.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        found = [target_of(name, what) for name, what in given.items()]
    elif isinstance(given, Iterable) and not isinstance(given, str | bytes):
        found = [one if isinstance(one, Target) else parse_target(str(one)) for one in given]
    else:
        raise TargetError(f"targets are {quoted(given)}; targets by name are accepted")
    if len(found) > MAX_TARGETS:
        raise TargetError(f"{len(found)} targets; {MAX_TARGETS} are accepted")
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TargetError(f"target {twice} is given twice")
    return dict(zip(names, found, strict=True))


def target_of(name: Any, what: Any) -> Target:
    """A target from its name and a place (x, y, z), a track ((n, 4): time, x, y, z), a `Target` or a file.

    Raises:
        TargetError: see `parse_target`.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TargetError(
            f"target {quoted(name)}: a name of letters, digits, - and _ that begins with a letter is accepted"
        )
    if isinstance(what, Target):
        return Target(name, what.points_m, what.times_s, what.source)
    if isinstance(what, str | Path):
        return _from_text(name, str(what))
    try:
        rows = np.array(what, float)
    except (TypeError, ValueError):
        raise TargetError(f"target {name} is {quoted(what)}; x,y,z or rows of time,x,y,z are accepted") from None
    if rows.shape == (3,):
        return _standing(name, rows)
    return _moving(name, rows, {"rows": len(rows), "sha256": _digest(rows)})


def _from_text(name: str, what: str) -> Target:
    path, sharp, node = what.rpartition("#")
    if sharp and Path(path).suffix.lower() in _SCENES:
        try:
            times_s, points = node_track(Path(path), node)
        except FormatError as error:
            raise TargetError(f"target {name}: {error.args[0]}") from None
        source = {"file": cut(Path(path).name), "node": cut(node), "sha256": _digest(points)}
        return _standing(name, points[0], source) if times_s is None else _moving(name, _rows(times_s, points), source)
    if Path(what).suffix.lower() == ".csv":
        return _from_table(name, Path(what))
    if not _POINT.fullmatch(what):
        raise TargetError(f"{TARGETS} {name}: cannot read {quoted(what)}; {GRAMMAR}")
    try:
        point = np.array([float(part) for part in what.split(",")])
    except ValueError:
        raise TargetError(f"{TARGETS} {name}: cannot read {quoted(what)}; {GRAMMAR}") from None
    return _standing(name, point)


def _from_table(name: str, path: Path) -> Target:
    readable(path, f"{TARGETS} {name} takes a table with the columns time,x,y,z", TargetError, MAX_TRACK_BYTES)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        head = [word.strip().lower() for word in lines[0].split(",")] if lines else []
        if head != ["time", "x", "y", "z"]:
            raise TargetError(f"{path}: its first line is {quoted(','.join(head))}; time,x,y,z is accepted")
        if len(lines) > MAX_TRACK_ROWS + 1:
            raise TargetError(f"{path}: {len(lines) - 1} rows; {MAX_TRACK_ROWS} are accepted")
        rows = np.array([[float(word) for word in line.split(",")] for line in lines[1:] if line.strip()], float)
    except (ValueError, UnicodeDecodeError):
        raise TargetError(f"{path}: holds a row that is not four numbers: time,x,y,z") from None
    return _moving(name, rows, {"file": cut(path.name), "rows": len(rows), "sha256": _digest(rows)})


def _standing(name: str, point: Floats, source: Mapping[str, Any] | None = None) -> Target:
    _check_points(name, point[None])
    gaze = np.degrees(rotations.yaw_pitch_from_direction(point))
    if np.hypot(*(gaze / (MAX_YAW_DEG, MAX_PITCH_DEG))) > 1 + 1e-9:
        raise TargetError(
            f"target {name} lies at yaw {gaze[0]:.1f}, pitch {gaze[1]:.1f} deg, out of reach; an ellipse of "
            f"{MAX_YAW_DEG:g} deg yaw and {MAX_PITCH_DEG:g} deg pitch is accepted"
        )
    place = {"at_m": [round(float(v), 6) for v in point]}
    return Target(name, point[None].astype(float), None, {**place, **(source or {})})


def _moving(name: str, rows: Floats, source: Mapping[str, Any]) -> Target:
    if rows.ndim != 2 or rows.shape[1] != 4 or not 1 <= len(rows) <= MAX_TRACK_ROWS:
        raise TargetError(f"target {name}: {rows.shape} numbers; 1 to {MAX_TRACK_ROWS} rows of time,x,y,z are accepted")
    _check_points(name, rows[:, 1:])
    times = rows[:, 0]
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        raise TargetError(f"target {name}: its times do not rise; each row's time is later than the one before")
    return Target(name, rows[:, 1:].copy(), times.copy(), dict(source))


def _check_points(name: str, points: Floats) -> None:
    far = np.linalg.norm(points, axis=1)
    wrong = np.flatnonzero(~((far >= NEAREST_M) & (far <= FARTHEST_M)))
    if len(wrong):
        row = f" in row {wrong[0] + 1}" if len(points) > 1 else ""
        raise TargetError(
            f"target {name} is {far[wrong[0]]:g} m away{row}; {NEAREST_M:g} to {FARTHEST_M:g} m is accepted"
        )


def _rows(times_s: Floats, points: Floats) -> Floats:
    return np.concatenate([times_s[:, None], points], axis=1)


def _digest(values: Sequence[Any] | Floats) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, "<f8").tobytes()).hexdigest()


MOST_GLANCES = 0.8
"""Of the time, at all targets together."""


def glances_of(given: Any, targets: Mapping[str, Target]) -> tuple[tuple[str, float], ...]:
    """Which targets a generator looks at of its own accord, and for which share of the time.

    Args:
        given: None, or shares by a target's name.
        targets: by name.

    Raises:
        TargetError: no such target, one that moves, or a share that is not accepted.
    """
    if not given:
        return ()
    rows = tuple(given.items()) if isinstance(given, Mapping) else tuple(given)
    for name, share in rows:
        if name not in targets:
            raise TargetError(f"{GLANCES}: there is no target {quoted(name)}; there is {', '.join(targets) or 'none'}")
        if targets[name].moves:
            raise TargetError(
                f"{GLANCES}: target {name} moves; one that stands still is accepted (marks follow others)"
            )
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.01 <= share <= MOST_GLANCES:
            raise TargetError(f"{GLANCES}: {name} is {quoted(share)}; a share of 0.01 to {MOST_GLANCES:g} is accepted")
    if sum(share for _, share in rows) > MOST_GLANCES + 1e-9 or len(rows) > 8:
        raise TargetError(f"{GLANCES}: at most 8 targets with {MOST_GLANCES:g} of the time together are accepted")
    return rows


def places_of_glances(glances: Iterable[tuple[str, float]], targets: Mapping[str, Target]) -> list[tuple[float, ...]]:
    """Rows of yaw, pitch (deg) and share, for a generator."""
    return [(*(float(v) for v in np.degrees(targets[name].at([0.0])[0][0])), share) for name, share in glances]


def told(targets: Mapping[str, Target]) -> dict[str, Any]:
    """What a motion's meta holds of the targets."""
    return {name: dict(target.source or {}) for name, target in sorted(targets.items())}
