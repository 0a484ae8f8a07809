"""The folder of a set: what lies where, one writer at a time, what is done and what is still to do.

``dataset.json`` version and settings · ``plan.jsonl`` every clip, planned · ``shards/`` finished shards · ``staged/``
clips of shards that are not full yet, each written aside and moved into place · ``split.json``, ``card.*`` made last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from talkingeyes.data.make import MakeSettings, settings_from
from talkingeyes.data.plan import Item, read_plan, write_plan
from talkingeyes.data.shards import Rejected, Shard, from_tar, holds_for_now, read_shard, tar_of, write_shard
from talkingeyes.engines import Outcome
from talkingeyes.errors import FormatError, OutputError, SettingError
from talkingeyes.files import is_aside, locked, readable, write_whole
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import quoted

FORMAT, FORMAT_VERSION = "talkingeyes-dataset", 1
HEAD, PLAN, SHARDS, STAGED = "dataset.json", "plan.jsonl", "shards", "staged"
MAX_JSON_BYTES = 256 << 20
_ASIDE = ".talkingeyes-*"


@dataclass(frozen=True)
class Store:
    """A set's folder."""

    folder: Path

    @property
    def shards_folder(self) -> Path:
        """Where finished shards lie."""
        return self.folder / SHARDS

    @contextmanager
    def writing(self, settings: MakeSettings) -> Iterator[None]:
        """Hold the set for one writer; begin it where it is new, sweep what a killed writer left half-written.

        Raises:
            OutputError: the folder holds something else, cannot be written, or another build is at work.
            SettingError: the set was begun with other settings.
        """
        self._begin()
        with locked(self.folder / ".lock", f"{self.folder}: another build is writing this set; wait for it"):
            for folder in (self.folder, self.shards_folder, *(self.folder / STAGED).glob("*")):
                for left in folder.glob(_ASIDE):
                    left.unlink()
            self._settle(settings)
            yield

    def _begin(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise OutputError(f"{self.folder}: is no folder")
        if self.folder.is_dir() and not (self.folder / HEAD).exists():
            ours = (".lock", SHARDS, STAGED)
            strange = [p.name for p in self.folder.iterdir() if p.name not in ours and not is_aside(p)]
            if strange:
                raise OutputError(f"{self.folder}: holds {strange[0]!r} but no data set; name a new or empty folder")
        try:
            for folder in (self.shards_folder, self.folder / STAGED):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be written ({error.strerror})") from None

    def _settle(self, settings: MakeSettings) -> None:
        if not (self.folder / HEAD).exists():
            head = {"format": FORMAT, "format_version": FORMAT_VERSION, "settings": asdict(settings)}
            self.write_json(HEAD, head)
            return
        begun = {**asdict(MakeSettings()), **asdict(settings_from(self.settings(), str(self.folder / HEAD)))}
        if begun != asdict(settings):
            name = next(k for k, v in asdict(settings).items() if begun.get(k) != v)
            raise SettingError(
                f"{self.folder}: was begun with {name} = {begun.get(name)}, now {asdict(settings)[name]}; "
                "use the same settings or another folder"
            )

    def settings(self) -> dict[str, Any]:
        """How the set's samples are made.

        Raises:
            FormatError: not a set of ours, or of another version.
        """
        head = self.read_json(HEAD)
        if head.get("format") != FORMAT or not isinstance(head.get("settings"), dict):
            raise FormatError(f"{self.folder / HEAD}: not a TalkingEyes data set")
        if head.get("format_version") != FORMAT_VERSION:
            version = head.get("format_version")
            raise FormatError(
                f"{self.folder / HEAD}: format_version {quoted(version)}; this build reads {FORMAT_VERSION}"
            )
        return head["settings"]

    def read_json(self, name: str) -> dict[str, Any]:
        """One of the set's JSON files.

        Raises:
            FormatError: missing, or no JSON object.
        """
        path = self.folder / name
        readable(path, "is this a data set?", max_bytes=MAX_JSON_BYTES)
        data = parse_json(path.read_bytes(), str(path))
        if not isinstance(data, dict):
            raise FormatError(f"{path}: {type(data).__name__}, an object is accepted")
        return data

    def write_json(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the set's JSON files, whole."""
        self.write_text(name, json.dumps(data, indent=1, sort_keys=True, allow_nan=False) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Write one of the set's text files, whole; names that are no UTF-8 are shown escaped."""
        write_whole(self.folder / name, lambda aside: _write(aside, text.encode("utf-8", "backslashreplace")))

    def plan(self) -> list[Item]:
        """The plan so far."""
        return read_plan(self.folder / PLAN)

    def save_plan(self, plan: Sequence[Item]) -> None:
        """Replace the plan."""
        write_plan(self.folder / PLAN, plan)

    def shards(self) -> list[Shard]:
        """Every finished shard, its index checked, in the order of their names.

        Raises:
            FormatError: an index or a tar is damaged.
        """
        return [read_shard(path) for path in sorted(self.shards_folder.glob("*.json"))]

    def is_finished(self, shard_name: str) -> bool:
        """Whether a shard's index is there; it is written last."""
        return (self.shards_folder / f"{shard_name}.json").exists()

    def _staged(self, item: Item, suffix: str) -> Path:
        return self.folder / STAGED / item.shard_name / f"{item.key}{suffix}"

    def stage(self, item: Item, outcome: Outcome) -> None:
        """Keep a clip's outcome until its shard is full.

        Raises:
            OutputError: the disk is full; nothing half-written stays.
        """
        target = self._staged(item, ".tar" if outcome.members else ".txt")
        try:
            target.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{target.parent}: cannot be made ({error.strerror})") from None
        data = tar_of(item.key, outcome.members) if outcome.members else outcome.reason.encode(errors="replace")
        write_whole(target, lambda aside: _write(aside, data))
        if outcome.members:
            self._staged(item, ".txt").unlink(missing_ok=True)  # an earlier try failed

    def is_staged(self, item: Item) -> bool:
        """Whether a clip's outcome is kept, and holds for more than the build that made it."""
        if self._staged(item, ".tar").exists():
            return True
        reason = self._reason_of(item)
        return reason is not None and not holds_for_now(reason)

    def reopen(self, items: Sequence[Item]) -> bool:
        """Stage a finished shard again, without the rejections that held for now; False where it has none.

        Its index goes last, so that a kill on the way leaves the shard as it was.

        Raises:
            FormatError: the shard is damaged.
            OutputError: the disk is full.
        """
        index = self.shards_folder / f"{items[0].shard_name}.json"
        shard = read_shard(index)
        if not any(holds_for_now(rejected.reason) for rejected in shard.rejected):
            return False
        entries = {entry.key: entry for entry in shard.entries}
        reasons = {r.path: r.reason for r in shard.rejected if not holds_for_now(r.reason)}
        for item in items:
            if item.key in entries:
                self.stage(item, Outcome(0, shard.members(entries[item.key])))
            elif not item.same_as and item.shown in reasons:
                self.stage(item, Outcome(0, reason=reasons[item.shown]))
        index.unlink()
        shard.tar_path.unlink(missing_ok=True)
        return True

    def finish(self, items: Sequence[Item]) -> Shard | list[Item]:
        """Make a shard of its staged clips, in the order of the plan.

        Returns:
            The shard; or the items whose staged outcome is missing or damaged and must be made again.
        """
        again: list[Item] = []
        for item in items:
            if not item.same_as and self._members_of(item) is None and self._reason_of(item) is None:
                for suffix in (".tar", ".txt"):
                    self._staged(item, suffix).unlink(missing_ok=True)
                again.append(item)
        if again:
            return again
        shard = write_shard(
            self.shards_folder, items[0].shard_name, self._kept(items), [r for i in items if (r := self._rejected(i))]
        )
        self.sweep(items[0].shard_name)
        return shard

    def sweep(self, shard_name: str) -> None:
        """Remove what was staged for a finished shard."""
        folder = self.folder / STAGED / shard_name
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def _kept(self, items: Sequence[Item]) -> Iterator[tuple[str, dict[str, bytes]]]:
        for item in items:
            members = None if item.same_as else self._members_of(item)
            if members is not None:
                yield item.key, members

    def _members_of(self, item: Item) -> dict[str, bytes] | None:
        path = self._staged(item, ".tar")
        try:
            return from_tar(path.read_bytes(), item.key) if path.is_file() else None
        except (FormatError, OSError):
            return None  # a damaged one is made again

    def _reason_of(self, item: Item) -> str | None:
        path = self._staged(item, ".txt")
        return path.read_text(errors="replace") if path.is_file() else None

    def _rejected(self, item: Item) -> Rejected | None:
        reason = f"same content as {item.same_as}" if item.same_as else None
        if reason is None and self._members_of(item) is None:
            reason = self._reason_of(item)
        return Rejected(item.shown, reason, item.sha256) if reason is not None else None


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
