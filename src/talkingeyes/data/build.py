"""Plan, make, shard: any tree of videos, or a published set, becomes shards. Stopped at any point, it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from talkingeyes.data.make import MakeSettings, Task, make, settings_from
from talkingeyes.data.plan import Item, Source, extended
from talkingeyes.data.shards import Shard
from talkingeyes.data.store import Store
from talkingeyes.engines import Engine, LocalEngine, Make, Outcome
from talkingeyes.errors import MissingExtraError, ModelError, SettingError

CLIPS_PER_SHARD = 64


class Told:
    """What a build says while it works; the command line draws it."""

    def begin(self, clips: int) -> None:
        """So many clips are still to be made."""

    def planned(self, name: str) -> None:
        """A new file was read for the plan."""

    def made(self, item: Item, outcome: Outcome) -> None:
        """A clip is done: a sample or a rejection."""

    def finished(self, shard: Shard) -> None:
        """A shard is full and safe."""


@dataclass
class BuildReport:
    """What one build did.

    Attributes:
        planned: clips in the plan of this origin.
        made: samples made now.
        rejected: clips left out now: path and reason.
        found_done: clips that an earlier build had done.
    """

    planned: int = 0
    made: int = 0
    found_done: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "planned": self.planned,
            "made": self.made,
            "found_done": self.found_done,
            "rejected": [{"path": p, "reason": r} for p, r in self.rejected],
        }


def build(
    source: Source,
    out: Path,
    *,
    engine: Engine | None = None,
    settings: MakeSettings | None = None,
    clips_per_shard: int = CLIPS_PER_SHARD,
    told: Told | None = None,
    make_one: Make = make,
) -> BuildReport:
    """Bring a tree into a set; what an earlier build has done is left as it is.

    Whatever stops it (Ctrl-C, kill -9 of a worker, a node or the build itself, a full disk), finished shards stay, and
    the same call goes on and gives the same bytes as a build that nothing stopped.

    Args:
        source: the files (`plan.videos_below`, or an importer's ``source_of``).
        out: the set's folder, new or begun earlier.
        engine: who does the work; one local worker where not given.
        settings: how samples are made; the set's own where it was begun, the defaults else.
        clips_per_shard: for files that are new in the plan.
        told: hears of progress.
        make_one: makes a sample.

    Raises:
        SettingError: settings that differ from the set's.
        ModelError: the task file is missing, damaged or of no use.
        OutputError: the folder cannot be written, the disk is full, or another build is at work.
        MissingExtraError: a package that every clip needs is missing.
    """
    if not 1 <= clips_per_shard <= 100_000:
        raise SettingError(f"{clips_per_shard} clips per shard; 1 to 100000 are accepted")
    told, store = told or Told(), Store(out)
    if settings is None:
        begun = out / "dataset.json"
        settings = settings_from(store.settings(), str(begun)) if begun.exists() else MakeSettings()
    settings = _with_landmarker(settings, source, out)
    inside = out.resolve()
    if inside == source.root.resolve() or any(inside in f.path.resolve().parents for f in source.files):
        raise SettingError(f"{out}: the set cannot lie among its own videos")
    with store.writing(settings):
        before = store.plan()
        plan = extended(before, source, per_shard=clips_per_shard, progress=told.planned)
        if len(plan) > len(before):
            store.save_plan(plan)
        items = [item for item in plan if item.origin == source.origin]
        tasks = [
            Task(number, item, source.root.resolve(), settings, source.landmarker and source.landmarker.resolve())
            for number, item in enumerate(items)
        ]
        return _Build(store, tasks, told, make_one).run(engine or LocalEngine())


def _with_landmarker(settings: MakeSettings, source: Source, out: Path) -> MakeSettings:
    """The settings with the name of the source's task file."""
    if source.landmarker is None:
        if settings.landmarker and source.kind == "video":
            raise SettingError(f"{out}: was begun with the {settings.landmarker}; give the same file with --landmarker")
        return settings
    from talkingeyes.fit.landmarks import read_task

    return replace(settings, landmarker=read_task(source.landmarker).name)


class _Build:
    """One run over one origin's items."""

    def __init__(self, store: Store, tasks: Sequence[Task], told: Told, make_one: Make) -> None:
        self._store, self._told, self._make = store, told, make_one
        self._tasks = {task.item.key: task for task in tasks}
        self._report = BuildReport()

    def run(self, engine: Engine) -> BuildReport:
        items = [task.item for task in self._tasks.values()]
        shards: dict[str, list[Item]] = {}
        for item in items:
            shards.setdefault(item.shard_name, []).append(item)
        self._report.planned = len(items)
        finished = {name for name in shards if self._store.is_finished(name)}
        finished -= {name for name in finished if self._store.reopen(shards[name])}
        open_shards = {name: group for name, group in shards.items() if name not in finished}
        for name in finished:
            self._store.sweep(name)
        to_do = [i for group in open_shards.values() for i in group if not i.same_as and not self._store.is_staged(i)]
        repeated = [item for group in open_shards.values() for item in group if item.same_as]
        self._report.found_done = len(items) - len(to_do) - len(repeated)
        self._report.rejected += [(item.shown, f"same content as {item.same_as}") for item in repeated]
        self._told.begin(len(to_do))
        while True:
            if to_do:
                self._work(to_do, open_shards, engine)
            to_do = self._close(open_shards)
            if not to_do:
                return self._report

    def _work(self, to_do: Sequence[Item], open_shards: dict[str, list[Item]], engine: Engine) -> None:
        missing = dict.fromkeys(open_shards, 0)
        for item in to_do:
            missing[item.shard_name] += 1
        tasks = [replace(self._tasks[item.key], index=index) for index, item in enumerate(to_do)]
        for outcome in engine(self._make, tasks):
            item = to_do[outcome.index]
            if outcome.fatal:
                raise (ModelError if tasks[outcome.index].landmarker else MissingExtraError)(outcome.reason)
            self._store.stage(item, outcome)
            if outcome.members:
                self._report.made += 1
            else:
                self._report.rejected.append((item.shown, outcome.reason))
            self._told.made(item, outcome)
            missing[item.shard_name] -= 1
            if not missing[item.shard_name]:
                self._close({item.shard_name: open_shards[item.shard_name]}, open_shards)

    def _close(self, ready: dict[str, list[Item]], open_shards: dict[str, list[Item]] | None = None) -> list[Item]:
        """Write the shards whose clips are all staged; the items of which something must be made again."""
        again: list[Item] = []
        for name, group in list(ready.items()):
            found = self._store.finish(group)
            if isinstance(found, list):
                again += found
                continue
            self._told.finished(found)
            del (ready if open_shards is None else open_shards)[name]
        return again
