"""Who is trained on and who is kept aside: a data set's clips as sequences, read once per process."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.errors import ModelError
from talkingeyes.train.data import Clip, load_clips, open_split
from talkingeyes.train.rows import ClipPool
from talkingeyes.train.sequences import READ_TO_CAMERA, ClipRows, StyleScale, sequence_of, styled

HELD_OUT = (
    *(f"name gaze_conversation {i}" for i in (2, 5, 8, 11, 14)),
    "address/*", "broadcast/00016.*", "interview/interview_11.*", "interview/interview_5.*",
    *(f"portrait/portrait_{i}.*" for i in ("01", "04", "07", "10", "13")),
)  # fmt: skip
"""People that the scorecard's reference keeps aside (docs/evaluation.md), by group or by ORIGIN/PATH."""
TRACKED = 0


@dataclass(frozen=True, eq=False)
class People:
    """Sequences to train on and to validate with, none of somebody who is held out.

    Attributes:
        train: the set's parts train and test, but for held-out people.
        val: its part val, but for held-out people.
        scale: of the characters.
    """

    train: tuple[ClipRows, ...]
    val: tuple[ClipRows, ...]
    scale: StyleScale


def people(data: Path, held_out: tuple[str, ...]) -> People:
    """The sequences of a data set.

    Args:
        data: the set's folder.
        held_out: patterns of groups or ORIGIN/PATH that are neither trained on nor validated with. Where none
            matches anything, the set's part test is held out instead.

    Raises:
        FormatError, ModelError: see `load_clips`.
    """
    return _people(str(data), held_out)


@functools.lru_cache(maxsize=1)
def _people(data: str, held_out: tuple[str, ...]) -> People:
    present = set(open_split(data).split.values())
    parts = {part: load_clips(data, part) for part in ("train", "val", "test") if part in present}
    named = any(is_held_out(clip, held_out) for clips in parts.values() for clip in clips)
    train = parts["train"] + (parts.get("test", []) if named else [])
    kept = [[_sequence(c) for c in part if not is_held_out(c, held_out)] for part in (train, parts["val"])]
    if not kept[0] or not kept[1]:
        raise ModelError(f"{data}: after the held-out people {len(kept[0])} clips are left to train on")
    both, scale = styled([*kept[0], *kept[1]])
    return People(tuple(both[: len(kept[0])]), tuple(both[len(kept[0]) :]), scale)


def is_held_out(clip: Clip, held_out: Sequence[str]) -> bool:
    """Whether a pattern names the clip's group or its ORIGIN/PATH."""
    names = (clip.group, f"{clip.origin}/{clip.path}")
    return any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in held_out)


def _sequence(clip: Clip) -> ClipRows:
    return sequence_of(clip.key, clip.group, clip.origin, clip.role, clip.motion, clip.speech)


def shelves(sequences: Sequence[ClipRows]) -> dict[str, ClipPool]:
    """Sequences by kind: eye-tracked, videos of people who look where they like, videos read to a camera."""
    kinds = {
        "tracked": [s for s in sequences if s.source == TRACKED],
        "free": [s for s in sequences if s.source != TRACKED and s.origin not in READ_TO_CAMERA],
        "read": [s for s in sequences if s.source != TRACKED and s.origin in READ_TO_CAMERA],
    }
    return {kind: ClipPool.of(own, people_alike=kind == "tracked") for kind, own in kinds.items() if own}
