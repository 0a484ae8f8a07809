"""Train, val and test without a person on two sides: by name, by folder, by file, or by clusters of people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.data.clusters import Clusters, cluster
from talkingeyes.data.dataset import SPLIT, DataSet
from talkingeyes.data.sample import TRAITS
from talkingeyes.data.shards import Entry
from talkingeyes.data.store import Store
from talkingeyes.errors import FormatError, SettingError

BY = ("cluster", "folder", "file")
PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class SplitSettings:
    """How a set is split.

    Attributes:
        by: who shows unnamed clips: found by clustering, named by the folder that holds the file, or each file alone.
        names: (name, pattern) of speakers that you know; the pattern is matched with ``ORIGIN/PATH``.
        val, test: shares of each origin's time that are held out.
        seed: another seed, another choice of people.
    """

    by: str = "cluster"
    names: tuple[tuple[str, str], ...] = ()
    val: float = 0.1
    test: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every value once."""
        if self.by not in BY:
            raise SettingError(f"speakers {self.by!r}; {', '.join(BY)} are accepted")
        if not (0 <= self.val < 1 and 0 <= self.test < 1 and self.val + self.test < 1):
            raise SettingError(f"shares of {self.val:g} and {self.test:g} held out; together below 1 is accepted")
        if any(not name or not pattern for name, pattern in self.names):
            raise SettingError("a speaker is given as NAME=PATTERN")


@dataclass(frozen=True)
class Split:
    """Parts and groups by key, and what is known of their quality (JSON-ready)."""

    parts: dict[str, str]
    groups: dict[str, str]
    quality: dict[str, Any]


def name_of(entry: Entry, settings: SplitSettings) -> str:
    """The speaker's name where it is known, else empty."""
    path = f"{entry.row['origin']}/{entry.row['path']}"
    for name, pattern in settings.names:
        if fnmatchcase(path, pattern):
            return name
    if entry.row.get("speaker"):
        return str(entry.row["speaker"])
    if settings.by == "folder":
        return path.rpartition("/")[0]
    return path if settings.by == "file" else ""


def split(data: DataSet, settings: SplitSettings | None = None) -> Split:
    """Divide a set; every group lies whole on one side.

    Named people are groups. Clips of unknown people are clustered together with the named ones (which judges the
    clusters); an unknown clip's group is its cluster. Unknown clips without traits (no picture, no sound) are one group
    per folder: joining two people costs balance only, parting one would leak.

    Raises:
        SettingError: an empty set, or clips that cannot be clustered.
        FormatError: a shard is damaged.
    """
    settings = settings or SplitSettings()
    data.facts()
    entries = [entry for _, entry in data.entries()]
    if not entries:
        raise SettingError(f"{data.folder}: holds no sample to split")
    names = {entry.key: name_of(entry, settings) for entry in entries}
    groups = {key: f"name {name}" for key, name in names.items() if name}
    groups |= {e.key: _folder_of(e) for e in entries if not names[e.key] and TRAITS not in e.members}
    quality: dict[str, Any] = {}
    if len(groups) < len(entries):
        keys, found = _clustered(data, names)
        quality["clusters"] = found.quality
        groups |= {k: f"cluster {n}" for k, n in zip(keys, found.label, strict=True) if not names[k]}
        parts = _parts(entries, groups, settings)
        quality["leak"] = _leak(keys, found, parts, groups)
    else:
        parts = _parts(entries, groups, settings)
    return Split(parts, groups, quality)


def settings_of(folder: Path) -> SplitSettings:
    """The settings that a set was split with; the defaults where it was not.

    Raises:
        FormatError: ``split.json`` is damaged.
        SettingError: it holds values that are not accepted.
    """
    if not (folder / SPLIT).exists():
        return SplitSettings()
    data = Store(folder).read_json(SPLIT)
    try:
        names = tuple((str(name), str(pattern)) for name, pattern in data["names"])
        shares = {part: float(data["shares"][part]) for part in ("val", "test")}
        return SplitSettings(str(data["by"]), names, shares["val"], shares["test"], int(data["seed"]))
    except (LookupError, TypeError, ValueError, OverflowError):
        raise FormatError(f"{folder / SPLIT}: not a split of ours; delete it to split anew") from None


def save_split(data: DataSet, settings: SplitSettings, found: Split) -> None:
    """Write ``split.json``.

    Raises:
        OutputError: it cannot be written.
    """
    Store(data.folder).write_json(
        SPLIT,
        {
            "by": settings.by,
            "names": [list(pair) for pair in settings.names],
            "shares": {"val": settings.val, "test": settings.test},
            "seed": settings.seed,
            "parts": found.parts,
            "groups": found.groups,
            "quality": found.quality,
        },
    )


def _clustered(data: DataSet, names: dict[str, str]) -> tuple[list[str], Clusters]:
    keys, traits = [], []
    for shard, entry in data.entries():
        if TRAITS not in entry.members:
            continue
        keys.append(entry.key)
        traits.append(shard.sample(entry).traits)
    return keys, cluster(traits, [names[key] for key in keys])


def _folder_of(entry: Entry) -> str:
    return "folder " + f"{entry.row['origin']}/{entry.row['path']}".rpartition("/")[0]


def _parts(entries: Sequence[Entry], groups: dict[str, str], settings: SplitSettings) -> dict[str, str]:
    """A part for each key. Per origin, groups by their hash fill test, then val; what is too big trains."""
    seconds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in entries:
        seconds[str(entry.row["origin"])][groups[entry.key]] += float(entry.row["duration_s"])
    part_of: dict[str, str] = {}
    for origin in sorted(seconds):
        whole = sum(seconds[origin].values())
        held = {"test": settings.test * whole, "val": settings.val * whole}
        for group in seconds[origin]:
            if part_of.get(group) in held:
                held[part_of[group]] -= seconds[origin][group]
        free = [g for g in seconds[origin] if g not in part_of]
        for group in sorted(free, key=lambda g: hashlib.sha256(f"{settings.seed}\n{g}".encode()).digest()):
            length = seconds[origin][group]
            fits = [p for p in ("test", "val") if held[p] > 0 and length <= 1.5 * held[p]]
            part_of[group] = fits[0] if fits else "train"
            if fits:
                held[fits[0]] -= length
    return {entry.key: part_of[groups[entry.key]] for entry in entries}


def _leak(keys: list[str], found: Clusters, parts: dict[str, str], groups: dict[str, str]) -> dict[str, Any]:
    """How near held-out clips come to the training ones, beside how near clips of one group are to each other."""
    where = np.array([parts[key] for key in keys])
    group = np.array([groups[key] for key in keys])
    train, held = np.flatnonzero(where == "train"), np.flatnonzero(where != "train")
    if not len(train) or not len(held):
        return {}
    nearest = found.distance[np.ix_(held, train)].min(axis=1)
    own = [
        found.distance[i, inside].min()
        for i in held
        if len(inside := np.flatnonzero((group == group[i]) & (np.arange(len(keys)) != i)))
    ]
    return {
        "held_out_clips": len(held),
        "nearest_training_clip_median": round(float(np.median(nearest)), 4),
        "nearest_of_own_group_median": round(float(np.median(own)), 4) if own else None,
        "closer_to_training_than_usual_in_a_group": round(float((nearest < np.median(own)).mean()), 4) if own else None,
    }
