"""A shard: an uncompressed tar of samples (as WebDataset reads) and a JSON index beside it; read strictly, no pickle.

``NAME.tar`` holds ``KEY.motion.npz``, ``KEY.speech.npz``, ... and ``KEY.json`` of each sample; ``NAME.json`` holds
where each member lies and its SHA-256, each sample's facts, and what was rejected and why. A shard without its index is
not there: the tar is written and synced first, then the index. The same samples give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talkingeyes.data.sample import MEMBERS, ROW, Sample, row_from, sample_from
from talkingeyes.engines import FOR_NOW
from talkingeyes.errors import FormatError
from talkingeyes.files import readable, sha256_of, write_whole
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import quoted

FORMAT, FORMAT_VERSION = "talkingeyes-shard", 1
MAX_INDEX_BYTES = 256 << 20
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TAR_BLOCK = 512


@dataclass(frozen=True)
class Extent:
    """Where a member lies in its tar."""

    offset: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """A sample in a shard: its key, its members by suffix, its facts."""

    key: str
    members: Mapping[str, Extent]
    row: Mapping[str, Any] = field(default_factory=dict)


_NO_PACKAGE = re.compile(r"its worker died .*(ModuleNotFound|Import)Error")
"""How versions before `FOR_NOW` said that a package was missing."""


def holds_for_now(reason: str) -> bool:
    """Whether a rejection is the machine's fault (memory, disk, a killed worker, a missing package)."""
    return reason.startswith(FOR_NOW) or _NO_PACKAGE.match(reason) is not None


@dataclass(frozen=True)
class Rejected:
    """A clip that is not in the set.

    Attributes:
        path: where it was, below its origin.
        reason: one line.
        sha256: of the file; empty where it could not be read.
    """

    path: str
    reason: str
    sha256: str = ""


@dataclass(frozen=True)
class Shard:
    """One shard, its index read and checked; members are read on demand.

    Attributes:
        folder: where both files lie.
        name: of both, without suffix.
        num_bytes, sha256: of the tar.
        entries: its samples in order.
        rejected: the clips of this shard that were left out.
    """

    folder: Path
    name: str
    num_bytes: int
    sha256: str
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...]

    @property
    def tar_path(self) -> Path:
        """The tar."""
        return self.folder / f"{self.name}.tar"

    def sample(self, entry: Entry) -> Sample:
        """Read one sample.

        Raises:
            FormatError: the tar is missing, shorter than its index says, or a member's bytes are not the indexed ones.
        """
        return sample_from(self.members(entry), f"{self.name}.tar: {entry.key}")

    def members(self, entry: Entry) -> dict[str, bytes]:
        """The bytes of one sample by suffix.

        Raises:
            FormatError: as `sample`.
        """
        where = f"{self.name}.tar: {entry.key}"
        return {suffix: self._bytes(extent, f"{where}.{suffix}") for suffix, extent in entry.members.items()}

    def _bytes(self, extent: Extent, where: str) -> bytes:
        try:
            with self.tar_path.open("rb") as file:
                file.seek(extent.offset)
                data = file.read(extent.size)
        except OSError as error:
            raise FormatError(f"{where}: cannot be read ({error.strerror or error})") from None
        if len(data) != extent.size or hashlib.sha256(data).hexdigest() != extent.sha256:
            raise FormatError(f"{where}: damaged, its bytes are not the ones that were written")
        return data

    def verify(self) -> None:
        """Read the whole tar: its SHA-256, and that its members are the indexed ones and no others.

        Raises:
            FormatError: anything differs.
        """
        try:
            if sha256_of(self.tar_path) != self.sha256:
                raise FormatError(f"{self.name}.tar: damaged, its SHA-256 is not the indexed one")
            with tarfile.open(self.tar_path, "r:") as tar:
                there = [(m.name, m.offset_data, m.size) for m in tar]
        except (OSError, tarfile.TarError, ValueError, EOFError, OverflowError) as error:
            raise FormatError(f"{self.name}.tar: cannot be read ({error})") from None
        indexed = [(f"{e.key}.{s}", x.offset, x.size) for e in self.entries for s, x in e.members.items()]
        if there != indexed:
            raise FormatError(f"{self.name}.tar: its members are not the indexed ones")
        for entry in self.entries:
            self.sample(entry)


def write_shard(
    folder: Path, name: str, samples: Iterable[tuple[str, Mapping[str, bytes]]], rejected: Iterable[Rejected]
) -> Shard:
    """Write a shard whole: the tar first, its index last.

    Args:
        folder: where to.
        name: of both files, without suffix.
        samples: keys and members by suffix (`Sample.members`).
        rejected: what was left out, for the index.

    Raises:
        OutputError: the disk is full or the folder cannot be written; what was there before is unchanged.
    """
    entries: list[Entry] = []

    def pack(aside: Path) -> None:
        with aside.open("wb") as file:
            for key, members in samples:
                entries.append(_append(file, key, members))
            file.write(bytes(2 * _TAR_BLOCK))

    tar_path = folder / f"{name}.tar"
    write_whole(tar_path, pack)
    sha256 = sha256_of(tar_path)
    shard = Shard(folder, name, tar_path.stat().st_size, sha256, tuple(entries), tuple(rejected))
    text = json.dumps(_index_of(shard), sort_keys=True, allow_nan=False, indent=1)
    write_whole(folder / f"{name}.json", lambda aside: _write_text(aside, text + "\n"))
    return shard


def tar_of(key: str, members: Mapping[str, bytes]) -> bytes:
    """One sample as a tar of its own."""
    packed = io.BytesIO()
    _append(packed, key, members)
    packed.write(bytes(2 * _TAR_BLOCK))
    return packed.getvalue()


def from_tar(data: bytes, key: str) -> dict[str, bytes]:
    """The members of `tar_of`.

    Raises:
        FormatError: damaged, or another sample's.
    """
    members: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for info in tar:
                name, _, suffix = info.name.partition(".")
                file = tar.extractfile(info) if info.isreg() else None
                if name != key or suffix not in MEMBERS or file is None:
                    raise FormatError(f"{key}: holds {info.name!r}")
                members[suffix] = file.read()
    except (OSError, tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise FormatError(f"{key}: not a readable sample ({error})") from None
    if ROW not in members:
        raise FormatError(f"{key}: incomplete")
    return members


def _append(file: Any, key: str, members: Mapping[str, bytes]) -> Entry:
    if not _NAME.fullmatch(key):
        raise ValueError(f"{key!r} is no key")
    extents = {}
    for suffix in MEMBERS:
        if suffix not in members:
            continue
        data = members[suffix]
        info = tarfile.TarInfo(f"{key}.{suffix}")
        info.size, info.mode = len(data), 0o644
        file.write(info.tobuf(tarfile.USTAR_FORMAT))
        extents[suffix] = Extent(file.tell(), len(data), hashlib.sha256(data).hexdigest())
        file.write(data)
        file.write(bytes(-len(data) % _TAR_BLOCK))
    return Entry(key, extents, row_from(members[ROW], key))


def _index_of(shard: Shard) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": shard.name,
        "bytes": shard.num_bytes,
        "sha256": shard.sha256,
        "samples": [
            {
                "key": entry.key,
                "members": {s: [x.offset, x.size, x.sha256] for s, x in entry.members.items()},
                "row": dict(entry.row),
            }
            for entry in shard.entries
        ],
        "rejected": [vars(r) for r in shard.rejected],
    }


def read_shard(index_path: Path) -> Shard:
    """Read and check a shard's index.

    Raises:
        FormatError: not an index of ours, of another version, or promising what the tar cannot hold.
    """
    where = index_path.name
    readable(index_path, "the index of a shard is accepted", max_bytes=MAX_INDEX_BYTES)
    data = parse_json(index_path.read_bytes(), where)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FormatError(f"{where}: not the index of a TalkingEyes shard")
    if data.get("format_version") != FORMAT_VERSION:
        raise FormatError(
            f"{where}: format_version {quoted(data.get('format_version'))}; this build reads {FORMAT_VERSION}"
        )
    check = _Checks(where)
    name = check.text(data.get("name"), _NAME, "name")
    if name != index_path.stem:
        raise FormatError(f"{where}: says its name is {quoted(name)}")
    num_bytes, sha256 = check.whole(data.get("bytes"), "bytes"), check.text(data.get("sha256"), _SHA256, "sha256")
    tar_path = index_path.with_suffix(".tar")
    if not tar_path.is_file() or tar_path.stat().st_size != num_bytes:
        raise FormatError(f"{tar_path.name}: is missing or has not the {num_bytes} bytes that its index says")
    entries = tuple(check.entry(item, num_bytes) for item in check.items(data.get("samples"), "samples"))
    if len({e.key for e in entries}) != len(entries):
        raise FormatError(f"{where}: a key is there twice")
    rejected = tuple(check.rejected(item) for item in check.items(data.get("rejected"), "rejected"))
    return Shard(index_path.parent, name, num_bytes, sha256, entries, rejected)


@dataclass(frozen=True)
class _Checks:
    """Fields of an index that somebody else may have written."""

    where: str

    def fail(self, what: str, value: Any) -> FormatError:
        return FormatError(f"{self.where}: {what} is {quoted(value)}, which no index of ours holds")

    def text(self, value: Any, pattern: re.Pattern[str], what: str) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.fail(what, value)
        return value

    def whole(self, value: Any, what: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fail(what, value)
        return value

    def items(self, value: Any, what: str) -> Iterator[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(what, value)
        return iter(value)

    def entry(self, item: dict[str, Any], num_bytes: int) -> Entry:
        key = self.text(item.get("key"), _NAME, "key")
        members, row = item.get("members"), item.get("row")
        if not isinstance(members, dict) or not set(members) <= set(MEMBERS) or not isinstance(row, dict):
            raise self.fail(f"members of {key}", members)
        extents = {}
        for suffix in MEMBERS:
            if suffix not in members:
                continue
            place = members[suffix]
            if not isinstance(place, list) or len(place) != 3:
                raise self.fail(f"{key}.{suffix}", place)
            offset, size = self.whole(place[0], f"{key}.{suffix}"), self.whole(place[1], f"{key}.{suffix}")
            if offset + size > num_bytes:
                raise self.fail(f"{key}.{suffix}", place)
            extents[suffix] = Extent(offset, size, self.text(place[2], _SHA256, f"{key}.{suffix}"))
        return Entry(key, extents, row_from(json.dumps(row).encode(), key))

    def rejected(self, item: dict[str, Any]) -> Rejected:
        values = [item.get(k, "") for k in ("path", "reason", "sha256")]
        if set(item) - {"path", "reason", "sha256"} or not all(isinstance(v, str) for v in values):
            raise self.fail("rejected", item)
        return Rejected(*values)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
