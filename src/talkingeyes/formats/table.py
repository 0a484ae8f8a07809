"""The table of file formats: what a suffix means, who writes and reads it, and formats that other packages bring."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.errors import FormatError

if TYPE_CHECKING:
    from talkingeyes.formats.job import ExportJob
    from talkingeyes.motion import Motion

GROUP = "talkingeyes.formats"
"""Entry points of other packages: a suffix without its first dot (``fbx``) = the `Format` of that suffix."""


@dataclass(frozen=True)
class Format:
    """One row of the table.

    Attributes:
        suffix: with its dot, lower case.
        what: a few words for help texts and errors.
        write: ``writer(job, path)``, or where it is, as ``"module:function"``; None where the format is only read.
        read: ``reader(path) -> Motion``, likewise; None where the format is only written.
        holds_takes: whether one file holds several takes; otherwise there is one file per take.
        carries_sound: whether the recording and its features are wanted.
        takes_rate: whether the reader takes ``fps``, for files that carry no rate or only a few keys.
        shows_avatar: whether the file shows a character, which ``avatar`` picks.
        fits_avatar: whether the file shows none, but is written for the character that ``avatar`` picks.
        remark: ``remark(job) -> str``, or where it is: what the line about a written file adds.
        extra: the optional part that writing needs, a key of `extras.EXTRAS`; empty where it needs none.
    """

    suffix: str
    what: str
    write: str | Callable[[ExportJob, Path], None] | None = None
    read: str | Callable[..., Motion] | None = None
    holds_takes: bool = False
    carries_sound: bool = False
    takes_rate: bool = False
    shows_avatar: bool = False
    fits_avatar: bool = False
    remark: str | Callable[[ExportJob], str] | None = None
    extra: str = ""

    @property
    def takes_avatar(self) -> bool:
        """Whether ``avatar`` makes a difference to the file."""
        return self.shows_avatar or self.fits_avatar

    def writer(self) -> Callable[[ExportJob, Path], None]:
        """The writing function, loading its module on first use."""
        assert self.write is not None, self.suffix
        return _function(self.write)

    def reader(self) -> Callable[..., Motion]:
        """The reading function, loading its module on first use."""
        assert self.read is not None, self.suffix
        return _function(self.read)

    def remark_on(self, job: ExportJob) -> str:
        """What there is to say about a file that a job was written to; empty for most."""
        return "" if self.remark is None else _function(self.remark)(job)


def _function(where: str | Callable[..., Any]) -> Callable[..., Any]:
    if not isinstance(where, str):
        return where
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


_HERE = "talkingeyes.formats"

FORMATS: tuple[Format, ...] = (
    Format(".html", "a page with avatar, sound and curves", f"{_HERE}.html:write_html",
           holds_takes=True, carries_sound=True, shows_avatar=True),
    Format(".glb", "the animated avatar (glTF)", f"{_HERE}.glb:write_glb", f"{_HERE}.glb_read:read_glb",
           takes_rate=True, shows_avatar=True),
    Format(".vrm", "the animated avatar (VRM)", f"{_HERE}.glb:write_vrm", f"{_HERE}.glb_read:read_glb",
           takes_rate=True, shows_avatar=True, remark=f"{_HERE}.glb:remark_vrm"),
    Format(".gltf", "an animated avatar in several files (glTF)", read=f"{_HERE}.glb_read:read_glb", takes_rate=True),
    Format(".mp4", "a preview video of the avatar", f"{_HERE}.video:write_mp4", carries_sound=True, shows_avatar=True),
    Format(".usda", "the animated avatar (USD, as text)", f"{_HERE}.usd:write_usd",
           shows_avatar=True, extra="usd", remark=f"{_HERE}.usd:remark_usd"),
    Format(".usdc", "the animated avatar (USD)", f"{_HERE}.usd:write_usd",
           shows_avatar=True, extra="usd", remark=f"{_HERE}.usd:remark_usd"),
    Format(".csv", "Live Link Face", f"{_HERE}.arkit:write_csv", f"{_HERE}.arkit:read_csv", takes_rate=True),
    Format(".flame.npz", "FLAME parameters", f"{_HERE}.flame:write_flame", f"{_HERE}.npz:read_npz", takes_rate=True),
    Format(".npz", "Motion, plain arrays", f"{_HERE}.npz:write_npz", f"{_HERE}.npz:read_npz", takes_rate=True),
    Format(".a2f.json", "Audio2Face's blend shapes", f"{_HERE}.arkit_json:write_a2f_json",
           f"{_HERE}.arkit_json:read_json", takes_rate=True),
    Format(".weights.json", "ARKit weights with times, as BEAT has them", f"{_HERE}.arkit_json:write_weights_json",
           f"{_HERE}.arkit_json:read_json", takes_rate=True),
    Format(".json", "ARKit frames", f"{_HERE}.arkit_json:write_json", f"{_HERE}.arkit_json:read_json", takes_rate=True),
    Format(".jsonl", "blend shapes or mouth shapes, one a line", read=f"{_HERE}.arkit_json:read_json", takes_rate=True),
    Format(".marks", "speech marks (Amazon Polly)", read=f"{_HERE}.arkit_json:read_json", takes_rate=True),
    Format(".tsv", "mouth shapes (Rhubarb)", read=f"{_HERE}.visemes:read_tsv", takes_rate=True),
    Format(".vrma", "VRM animation", f"{_HERE}.vrma:write_vrma", f"{_HERE}.vrma:read_vrma",
           takes_rate=True, fits_avatar=True, remark=f"{_HERE}.vrma:remark_vrma"),
    Format(".bvh", "head and eyes as joints", f"{_HERE}.bvh:write_bvh", f"{_HERE}.bvh:read_bvh"),
)  # fmt: skip
"""A suffix that ends in another one (``.flame.npz``) stands before it."""


def listed(forms: Iterable[Format] = FORMATS) -> str:
    """The suffixes of some formats as a list for people."""
    return " ".join(form.suffix for form in forms)


def suffixes_written(*, avatars: bool = False) -> str:
    """The suffixes that are written, or those of them that show a character or fit one."""
    return listed(f for f in FORMATS if f.write and (f.takes_avatar or not avatars))


def suffixes_read() -> str:
    """The suffixes that are read."""
    return listed(f for f in FORMATS if f.read)


def format_of(path: str | Path) -> Format | None:
    """The format that a file name's suffix stands for, or None; formats of other packages come after our own.

    Raises:
        FormatError: another package's format cannot be loaded, or is none.
    """
    name = Path(path).name.lower()
    own = next((f for f in FORMATS if name.endswith(f.suffix)), None)
    return own if own is not None else _of_others(name)


def _of_others(name: str) -> Format | None:
    """The format that an entry point names; only the one that is wanted is loaded."""
    from importlib.metadata import entry_points

    found = [p for p in entry_points(group=GROUP) if name.endswith(f".{p.name.lower()}")]
    if not found:
        return None
    point = max(found, key=lambda p: len(p.name))
    said = f".{point.name.lower()}: the format that {point.value} brings"
    try:
        form = point.load()
    except Exception as error:  # noqa: BLE001 - whatever the code of others does on import
        raise FormatError(f"{said} cannot be loaded ({type(error).__name__}: {error})") from None
    if not isinstance(form, Format) or form.suffix != f".{point.name.lower()}" or not (form.write or form.read):
        raise FormatError(f"{said} is no talkingeyes.formats.Format of that suffix with a writer or a reader")
    return form
