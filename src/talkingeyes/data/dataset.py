"""Reading a set: samples by key, by split, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.data.plan import Item
from talkingeyes.data.sample import NEEDED, Sample
from talkingeyes.data.shards import Entry, Rejected, Shard
from talkingeyes.data.store import Store
from talkingeyes.errors import FormatError

SPLIT = "split.json"


@dataclass(frozen=True)
class DataSet:
    """A set as it lies on the disk.

    Attributes:
        folder: of the set.
        shards: finished shards in order.
        plan: every clip that was planned; more than there are samples while a build is under way.
        split: part ("train", "val", "test") by key; empty before the set was split.
        groups: who a clip shows, as far as the split knows: group name by key.
    """

    folder: Path
    shards: tuple[Shard, ...]
    plan: tuple[Item, ...]
    split: dict[str, str]
    groups: dict[str, str]

    def __len__(self) -> int:
        return sum(len(shard.entries) for shard in self.shards)

    def entries(self, part: str | None = None) -> Iterator[tuple[Shard, Entry]]:
        """Samples unread, in order: of one part of the split, or all."""
        for shard in self.shards:
            for entry in shard.entries:
                if part is None or self.split.get(entry.key) == part:
                    yield shard, entry

    def samples(self, part: str | None = None) -> Iterator[tuple[str, Sample]]:
        """Keys and samples, read one after the other.

        Raises:
            FormatError: a shard is damaged.
        """
        for shard, entry in self.entries(part):
            yield entry.key, shard.sample(entry)

    def facts(self) -> list[dict[str, Any]]:
        """What is known of every sample, with its ``key``, in order.

        Raises:
            FormatError: a sample lacks a fact that is needed to describe or to split a set.
        """
        rows = []
        for shard, entry in self.entries():
            lacking = [name for name in NEEDED if name not in entry.row]
            if lacking:
                raise FormatError(f"{shard.name}: {entry.key} lacks {lacking[0]!r}, which every sample of ours says")
            rows.append({**entry.row, "key": entry.key})
        return rows

    @property
    def rejected(self) -> list[tuple[str, Rejected]]:
        """Origin and rejection of every clip that was left out."""
        return [(shard.name.rpartition("-")[0], r) for shard in self.shards for r in shard.rejected]

    @property
    def pending(self) -> int:
        """Planned clips that no finished shard accounts for."""
        return len(self.plan) - len(self) - len(self.rejected)


def open_dataset(folder: str | Path) -> DataSet:
    """Open a set; every index is read and checked, no sample is.

    Raises:
        FormatError: not a set, of another version, or damaged.
    """
    folder = Path(folder)
    store = Store(folder)
    store.settings()
    shards, plan = tuple(store.shards()), tuple(store.plan())
    keys = [entry.key for shard in shards for entry in shard.entries]
    if len(set(keys)) != len(keys):
        raise FormatError(f"{folder}: a sample is there twice")
    split: dict[str, str] = {}
    groups: dict[str, str] = {}
    if (folder / SPLIT).exists():
        split, groups = _split_of(store.read_json(SPLIT), folder / SPLIT)
    return DataSet(folder, shards, plan, split, groups)


def _split_of(data: dict[str, Any], path: Path) -> tuple[dict[str, str], dict[str, str]]:
    tables = []
    for name in ("parts", "groups"):
        table = data.get(name)
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise FormatError(f"{path}: {name} is no table of texts")
        tables.append(table)
    if set(tables[0]) - set(tables[1]):
        raise FormatError(f"{path}: a sample has a part but no group")
    if not isinstance(data.get("quality", {}), dict) or not isinstance(data.get("by", ""), str):
        raise FormatError(f"{path}: not a split of ours; delete it to split anew")
    if set(tables[0].values()) - {"train", "val", "test"}:
        raise FormatError(f"{path}: a part is neither train, val nor test")
    return tables[0], tables[1]
