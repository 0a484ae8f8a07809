"""``--avatar``, ``--mapping`` and ``--mouth`` of the commands that write files for a character."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.console import Console
from talkingeyes.commands.outputs import Outputs
from talkingeyes.errors import SettingError

if TYPE_CHECKING:
    from talkingeyes.avatar.rig import AvatarRig
    from talkingeyes.formats import ExportJob
    from talkingeyes.motion import Motion


def add_avatar_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--avatar``, ``--mapping`` and ``--mouth``."""
    from talkingeyes.avatar.looks import LOOKS
    from talkingeyes.formats.table import suffixes_written

    parser.add_argument(
        "--avatar",
        metavar="FILE|LOOK",
        help="the character: a .glb, .vrm or .gltf of your own, or a look of the built-in one "
        f"({', '.join(LOOKS)}); for {suffixes_written(avatars=True)}",
    )
    parser.add_argument(
        "--mapping", metavar="FILE", help="what the character's bones and shapes are, written by `talkingeyes rig`"
    )
    parser.add_argument(
        "--mouth",
        choices=("auto", "vowels", "arkit"),
        default="auto",
        help="what carries the mouth in a .vrma: vowels, which every VRM has; arkit, the shapes of perfect sync; auto "
        "(default): arkit where --avatar FILE.vrm has them, else vowels",
    )


@dataclass(frozen=True)
class Character:
    """The character that was asked for; both None: the built-in one, in a look."""

    avatar: Path | None
    mapping: Path | None
    look: str = "default"
    mouth: str = "auto"

    @classmethod
    def of(cls, avatar: str | None, mapping: str | None, mouth: str = "auto") -> Character:
        """From the arguments.

        Raises:
            SettingError: a mapping without an avatar.
        """
        from talkingeyes.avatar.looks import chosen

        look, path = chosen(avatar)
        if mapping is not None and path is None:
            raise SettingError("--mapping describes an avatar; name it with --avatar FILE")
        return cls(path, Path(mapping) if mapping else None, look, mouth)

    @property
    def inputs(self) -> list[Path]:
        """Files that must not be overwritten."""
        return [path for path in (self.avatar, self.mapping) if path is not None]

    def check(self, outputs: Outputs) -> None:
        """Refuse, before the work, an avatar that cannot be animated or that no output would show.

        Raises:
            FormatError: the avatar or the mapping cannot be used.
            SettingError: no output shows an avatar, or has a mouth to choose.
        """
        from talkingeyes.avatar.looks import DEFAULT_LOOK
        from talkingeyes.formats.table import format_of, suffixes_written

        if self.mouth != "auto" and not any(path.suffix.lower() == ".vrma" for path in outputs.wanted):
            raise SettingError("--mouth is for .vrma outputs")
        if self.avatar is None and self.look == DEFAULT_LOOK:
            return
        if not any((form := format_of(path)) is not None and form.takes_avatar for path in outputs.wanted):
            accepted = suffixes_written(avatars=True)
            raise SettingError(f"--avatar is for outputs that show a character or are made for one: {accepted}")
        if self.avatar is not None:
            assert self._rig is not None

    @cached_property
    def _rig(self) -> AvatarRig | None:
        """What the character has; None for the built-in one, which has everything."""
        from talkingeyes.avatar.load import open_avatar

        return open_avatar(self.avatar, self.mapping, self.look)[1] if self.avatar is not None else None

    def report(self, motion: Motion, console: Console) -> dict[str, Any]:
        """Note what of a motion the character does not show.

        Returns:
            Entries for the command's result.
        """
        from talkingeyes.avatar.losses import as_data, loss_note, losses

        if self.avatar is None or self._rig is None:
            return {}
        lost = losses(self._rig, motion)
        if lost:
            console.note(loss_note(self.avatar.name, lost))
        return {"avatar": {"name": self.avatar.name, "cannot_show": as_data(lost)}}

    def put_into(self, job: ExportJob) -> ExportJob:
        """The job with this character."""
        return replace(job, avatar_path=self.avatar, mapping_path=self.mapping, look=self.look, vrm_mouth=self.mouth)
