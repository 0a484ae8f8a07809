"""A data set's clips in memory, checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.audio import Speech
from talkingeyes.data.dataset import DataSet, open_dataset
from talkingeyes.errors import FormatError, ModelError
from talkingeyes.motion import Motion

PARTS = ("train", "val", "test")


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip of a data set.

    Attributes:
        key: of the clip in its set.
        origin: the tree or published set that it comes from.
        path: of its source below its origin.
        group: who it shows, as far as the split knows.
        role: speaking, listening or dialogue.
        fps: of the motion.
        motion: gaze, head, lids, face; channels may be missing.
        speech: features of its sound; None for silent clips and eye-tracker data.
        start_s: where it begins in its source, for stretches of one recording; else 0.
    """

    key: str
    origin: str
    path: str
    group: str
    role: str
    fps: float
    motion: Motion
    speech: Speech | None
    start_s: float = 0.0


def open_split(folder: str | Path) -> DataSet:
    """Open a data set that can be trained on.

    Raises:
        FormatError: not a data set, or damaged.
        ModelError: it is empty, holds one clip, was never split, or nobody is held out.
    """
    data = open_dataset(folder)
    if len(data) < 2:
        held = "no clip" if len(data) == 0 else "one clip"
        raise ModelError(f"{folder}: holds {held}; training needs clips of several people (talkingeyes dataset build)")
    counts = {part: sum(1 for _ in data.entries(part)) for part in PARTS}
    if not data.split:
        raise ModelError(f"{folder}: is not split into parts; let talkingeyes dataset build finish")
    if counts["train"] == 0 or counts["val"] == 0:
        raise ModelError(
            f"{folder}: {counts['train']} clips to train on and {counts['val']} to validate with; both need some: "
            "more people, or a larger --held-out of talkingeyes dataset"
        )
    return data


def load_clips(dataset_path: str | Path, part: str, told: Callable[[float], None] = lambda share: None) -> list[Clip]:
    """Every clip of one part, in the order of the set.

    Args:
        dataset_path: the set's folder.
        part: train, val or test.
        told: called with the share that is read.

    Raises:
        FormatError: not a data set, or a shard is damaged or holds NaN; the message names the clip.
        ModelError: it is empty, holds one clip, was never split, or the part is empty.
    """
    data = open_split(dataset_path)
    entries = list(data.entries(part))
    if not entries:
        raise ModelError(f"{dataset_path}: part {part!r} is empty; {', '.join(PARTS)} are the parts of a split")
    clips = []
    for i, (shard, entry) in enumerate(entries):
        sample = shard.sample(entry)
        origin, role = sample.row.get("origin"), sample.row.get("role", "speaking")
        if not isinstance(origin, str) or role not in ("speaking", "listening", "dialogue"):
            raise FormatError(f"{shard.name}.tar: {entry.key}: has no origin, or the role {role!r}")
        group, path = data.groups.get(entry.key, entry.key), str(sample.row.get("path", ""))
        start_s = sample.row.get("start_s", 0.0)
        start_s = float(start_s) if isinstance(start_s, int | float) else 0.0
        motion, speech = sample.motion, sample.speech
        clips.append(Clip(entry.key, origin, path, group, role, motion.fps, motion, speech, start_s))
        told((i + 1) / len(entries))
    return clips


def fingerprint(data: DataSet) -> str:
    """SHA-256 over every shard's and the split: two sets with the same one train the same."""
    text = json.dumps([[shard.sha256 for shard in data.shards], sorted(data.split.items())])
    return hashlib.sha256(text.encode()).hexdigest()
