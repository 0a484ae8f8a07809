"""The plan of a set: which file becomes which sample of which shard. Written before the work, only ever added to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from talkingeyes.data.importers import IMPORTERS
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.files import readable, sha256_of, write_whole
from talkingeyes.plain_json import parse_json

_SUFFIXES = "mp4 m4v mov mkv webm avi mpg mpeg ts mts m2ts wmv flv 3gp ogv"
VIDEO_SUFFIXES = frozenset(f".{suffix}" for suffix in _SUFFIXES.split())
"""What a tree is searched for; what is inside is found out by decoding."""
MAX_PLAN_BYTES = 1 << 30
KINDS = ("video", *IMPORTERS)


@dataclass(frozen=True)
class Item:
    """One sample to be made.

    Attributes:
        origin: name of the tree it comes from.
        kind: how to make it, one of `KINDS`.
        path: of its file, below the tree, with "/".
        part: which of several samples of one file.
        num_bytes, sha256: of the file.
        shard: number of its shard within its origin.
        same_as: origin and path of an earlier file with the same content; such an item is never made.
        speaker: who it is, where the kind knows.
    """

    origin: str
    kind: str
    path: str
    part: int
    num_bytes: int
    sha256: str
    shard: int
    same_as: str = ""
    speaker: str = ""

    @property
    def key(self) -> str:
        """Unique in the set; letters, digits, - and _ only."""
        slug = re.sub(r"[^A-Za-z0-9]+", "_", Path(self.path).with_suffix("").as_posix())[-40:].strip("_")
        mark = hashlib.sha256(f"{self.origin}\n{self.path}\n{self.part}".encode(errors="surrogateescape")).hexdigest()
        return f"{slug}-{mark[:10]}"

    @property
    def shown(self) -> str:
        """Path and part for people."""
        return f"{self.path} part {self.part}" if self.part else self.path

    @property
    def shard_name(self) -> str:
        """``ORIGIN-00000``."""
        return f"{self.origin}-{self.shard:05d}"


@dataclass(frozen=True)
class Found:
    """A file of a tree that may become samples: its path, the parts in it and who they show."""

    path: Path
    parts: tuple[int, ...] = (0,)
    speakers: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Source:
    """What a build takes in: files of one kind below a folder.

    Attributes:
        root: the folder; its name becomes the origin's.
        kind: how samples are made, one of `KINDS`.
        files: in the order in which they are planned.
        landmarker: a Face Landmarker task file to fit videos with instead of the built-in models; every node reads it.
    """

    root: Path
    kind: str
    files: tuple[Found, ...]
    landmarker: Path | None = None

    @property
    def origin(self) -> str:
        """The name that the tree goes by in a set."""
        name = re.sub(r"[^A-Za-z0-9]+", "_", self.root.resolve().name).strip("_")[:40]
        return name or "root"


def videos_below(folder: Path, landmarker: Path | None = None) -> Source:
    """Every video file of a tree, by suffix, in the order of their paths; links to folders are not followed.

    Raises:
        SettingError: no such folder, or no video in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of videos is accepted")
    found = [p for p in folder.rglob("*") if p.suffix.lower() in VIDEO_SUFFIXES and not p.name.startswith(".")]
    if not found:
        raise SettingError(f"{folder}: holds no video ({' '.join(sorted(VIDEO_SUFFIXES))})")
    found.sort(key=lambda p: p.relative_to(folder).as_posix())
    return Source(folder, "video", tuple(Found(p) for p in found), landmarker)


def read_plan(path: Path) -> list[Item]:
    """The plan so far; nothing where there is none.

    Raises:
        FormatError: not a plan of ours.
    """
    if not path.exists():
        return []
    readable(path, "the plan of a set is accepted", max_bytes=MAX_PLAN_BYTES)
    names = {f.name: f.type for f in fields(Item)}
    items = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        data = parse_json(line, f"{path.name}: line {number}")
        wrong = not isinstance(data, dict) or set(data) != set(names)
        if wrong or any(type(data[k]).__name__ != t for k, t in names.items()) or data["kind"] not in KINDS:
            raise FormatError(f"{path.name}: line {number} is no item of a plan of this version")
        items.append(Item(**data))
    return items


def write_plan(path: Path, items: Iterable[Item]) -> None:
    """Replace the plan, whole.

    Raises:
        OutputError: it cannot be written.
    """
    text = "".join(json.dumps(asdict(item), sort_keys=True) + "\n" for item in items)
    write_whole(path, lambda aside: _write(aside, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def extended(
    plan: list[Item], source: Source, *, per_shard: int, progress: Callable[[str], None] = lambda name: None
) -> list[Item]:
    """The plan with the files that it does not hold yet; these fill shards of their own.

    A file whose content is already planned under another path is planned as ``same_as`` it. Only new files are read.

    Raises:
        SettingError: the origin's name is taken by another kind of set.
    """
    origin, kind = source.origin, source.kind
    others = {item.kind for item in plan if item.origin == origin} - {kind}
    if others:
        raise SettingError(f"{origin}: the set holds {others.pop()} under this name; rename the folder")
    known = {(item.origin, item.path, item.part) for item in plan}
    first = {
        (item.sha256, item.kind, item.part): f"{item.origin}/{item.path}" for item in reversed(plan) if item.sha256
    }
    shard = 1 + max((item.shard for item in plan if item.origin == origin), default=-1)
    new: list[Item] = []
    for path, part, speaker in _parts(source.files):
        relative = path.relative_to(source.root).as_posix()
        if (origin, relative, part) in known:
            continue
        progress(relative)
        num_bytes, sha256 = _measured(path)
        own = f"{origin}/{relative}"
        same_as = first.setdefault((sha256, kind, part), own) if sha256 else own
        new.append(
            Item(
                origin=origin,
                kind=kind,
                path=relative,
                part=part,
                num_bytes=num_bytes,
                sha256=sha256,
                shard=shard + len(new) // per_shard,
                same_as="" if same_as == own else same_as,
                speaker=speaker,
            )
        )
    return [*plan, *new]


def _parts(found: Iterable[Found]) -> Iterator[tuple[Path, int, str]]:
    for file in found:
        for part, speaker in zip(file.parts, file.speakers, strict=True):
            yield file.path, part, speaker


def _measured(path: Path) -> tuple[int, str]:
    """Size and SHA-256; an unreadable file is planned all the same, to be named in the report."""
    try:
        if not path.is_file():
            return 0, ""
        return path.stat().st_size, sha256_of(path)
    except OSError:
        return 0, ""
