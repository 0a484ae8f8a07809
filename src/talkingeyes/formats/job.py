"""`ExportJob`: everything an exporter may need to write one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from talkingeyes.avatar.looks import DEFAULT_LOOK, asset_name

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.formats.page_film import PageFilm
    from talkingeyes.motion import Motion


@dataclass(frozen=True)
class ExportJob:
    """What is written: one or several takes of one recording, and the recording where a format plays or draws it.

    Attributes:
        takes: at least one motion; formats that hold one motion are handed one take at a time.
        audio_path: the recording, for formats that carry sound; None where there is none.
        speech: features of the recording, for formats that draw them; None where there is none.
        title: a short name for people to read, usually the recording's file name without its suffix.
        embed_audio: whether a format that can carry the sound does.
        avatar_path: the character (.glb or .vrm) for formats that show one; None is the built-in one.
        mapping_path: says what the character's bones and morph targets are (`mapping`); None: found by name.
        progress: called with the share that is written, 0..1, by formats that take their time.
        look: the built-in avatar's, where ``avatar_path`` is None.
        vrm_mouth: what carries the mouth in a VRM animation: "vowels", "arkit", or "auto": by what the avatar has.
        film: a film to show beside the avatar, for formats that can.
    """

    takes: tuple[Motion, ...]
    audio_path: Path | None = None
    speech: Speech | None = None
    title: str = ""
    embed_audio: bool = True
    avatar_path: Path | None = None
    mapping_path: Path | None = None
    progress: Callable[[float], None] | None = None
    look: str = DEFAULT_LOOK
    vrm_mouth: str = "auto"
    film: PageFilm | None = None

    def __post_init__(self) -> None:
        assert self.takes, "an export job needs at least one take"

    @property
    def channel(self) -> int | None:
        """The recording's channel that is played: the one that was animated, from 1; None: all of them mixed."""
        return self.speech.channel if self.speech is not None else None

    @property
    def avatar_name(self) -> str:
        """The avatar's file, for messages."""
        return self.avatar_path.name if self.avatar_path is not None else asset_name(self.look)

    @property
    def motion(self) -> Motion:
        """The first take: the only one for formats that hold one motion."""
        return self.takes[0]

    def only(self, index: int) -> ExportJob:
        """The same job with one take."""
        return replace(self, takes=(self.takes[index],))
