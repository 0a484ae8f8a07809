"""Director's marks: ``--look "0.0-1.5 camera; 3.0-4.2 yaw=20,pitch=-5"``, parsed and checked."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talkingeyes.errors import MarksError, argument
from talkingeyes.wording import quoted

if TYPE_CHECKING:
    from talkingeyes.generate.targets import Target

MAX_YAW_DEG = 60.0
MAX_PITCH_DEG = 35.0
MAX_MARKS = 10_000
LOOK = argument("look")
GRAMMAR = (
    'marks look like "0.0-1.5 camera; 3.0-4.2 yaw=20,pitch=-5; 5-6 @screen" (seconds; @ names a target; yaw + is '
    "the character's left, pitch + is up)"
)

_MAX_MARK = 200
"""Characters of one mark: numbers and blanks without end make a pattern search without end."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_MARK = re.compile(rf"^({_NUMBER})\s*-\s*({_NUMBER})\s+(.+)$")
_ANGLES = re.compile(rf"^(yaw|pitch)\s*=\s*({_NUMBER})(?:\s*,\s*(yaw|pitch)\s*=\s*({_NUMBER}))?$")


@dataclass(frozen=True)
class Mark:
    """Look at one place in space from ``start_s`` to ``end_s``; ``text`` is what the director wrote.

    Attributes:
        target: what is looked at, where it has a name; the angles are its place as the mark begins.
    """

    start_s: float
    end_s: float
    yaw_rad: float
    pitch_rad: float
    text: str
    target: Target | None = None

    @property
    def distance_m(self) -> float | None:
        """How far away the target is as the mark begins; None where it has no name."""
        return None if self.target is None else float(self.target.at([self.start_s])[1][0])


def parse_marks(text: str, duration_s: float, targets: Mapping[str, Target] | None = None) -> tuple[Mark, ...]:
    """Parse ``--look``.

    Args:
        text: marks separated by semicolons.
        duration_s: length of the recording.
        targets: by name, for ``@name``.

    Returns:
        The marks in time order.

    Raises:
        MarksError: a mark is malformed, out of reach, outside the recording or overlaps another; names the text.
    """
    pieces = [piece.strip() for piece in text.split(";")]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        raise MarksError(f"{LOOK} is empty; {GRAMMAR}")
    if len(pieces) > MAX_MARKS:
        raise MarksError(f"{LOOK} has {len(pieces)} marks; {MAX_MARKS} are accepted")
    marks = sorted((_parse_mark(piece, targets or {}) for piece in pieces), key=lambda m: m.start_s)
    _check_times(marks, duration_s)
    return tuple(marks)


def _parse_mark(piece: str, targets: Mapping[str, Target]) -> Mark:
    match = _MARK.match(piece) if len(piece) <= _MAX_MARK else None
    if match is None:
        raise MarksError(f"{LOOK}: cannot read {quoted(piece)}; {GRAMMAR}")
    start_s, end_s = float(match[1]), float(match[2])
    if not start_s < end_s:
        raise MarksError(f"{LOOK}: {quoted(piece)} ends before it starts")
    name = match[3].strip().removeprefix("@")
    if match[3].startswith("@") or (name == "camera" and name in targets):
        return _mark_of_target(name, targets, start_s, end_s, piece)
    yaw_deg, pitch_deg = _parse_target(match[3].strip(), piece)
    if math.hypot(yaw_deg / MAX_YAW_DEG, pitch_deg / MAX_PITCH_DEG) > 1 + 1e-9:
        raise MarksError(
            f"{LOOK}: {quoted(piece)} is out of reach; an ellipse of {MAX_YAW_DEG:g} deg yaw and {MAX_PITCH_DEG:g} deg "
            "pitch is accepted"
        )
    return Mark(start_s, end_s, math.radians(yaw_deg), math.radians(pitch_deg), piece)


def _mark_of_target(name: str, targets: Mapping[str, Target], start_s: float, end_s: float, piece: str) -> Mark:
    if name not in targets:
        known = ", ".join(sorted(targets)) or "none"
        raise MarksError(f"{LOOK}: {quoted(piece)}: there is no target {quoted(name)}; there is {known}")
    (yaw_rad, pitch_rad), *_ = targets[name].at([start_s])[0]
    return Mark(start_s, end_s, float(yaw_rad), float(pitch_rad), piece, targets[name])


def _parse_target(target: str, piece: str) -> tuple[float, float]:
    if target == "camera":
        return 0.0, 0.0
    match = _ANGLES.match(target)
    if match is None or match[1] == match[3]:
        raise MarksError(
            f"{LOOK}: cannot read the target of {quoted(piece)}; 'camera', 'yaw=20,pitch=-5' or '@NAME' is accepted"
        )
    angles = {"yaw": 0.0, "pitch": 0.0, match[1]: float(match[2])}
    if match[3] is not None:
        angles[match[3]] = float(match[4])
    return angles["yaw"], angles["pitch"]


def _check_times(marks: Sequence[Mark], duration_s: float) -> None:
    for mark in marks:
        if mark.start_s < 0 or mark.start_s >= duration_s or mark.end_s > duration_s + 0.05:
            raise MarksError(f"{LOOK}: {quoted(mark.text)} is outside the recording (0 to {duration_s:.2f} s)")
    for one, two in itertools.pairwise(marks):
        if two.start_s < one.end_s:
            raise MarksError(f"{LOOK}: {quoted(one.text)} and {quoted(two.text)} overlap")
