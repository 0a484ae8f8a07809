"""The avatar of a project: a look of the built-in one, or a file in the project's folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.avatar.looks import DEFAULT_LOOK, LOOKS, avatar_bytes
from talkingeyes.avatar.losses import losses
from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.files import sha256_of
from talkingeyes.formats.html import rig_data
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.studio.contents import AVATAR
from talkingeyes.studio.exports import file_name
from talkingeyes.studio.folders import own_folder
from talkingeyes.studio.project import Project
from talkingeyes.studio.shelf import Newest
from talkingeyes.wording import quoted

AVATARS = "avatars"


@dataclass(frozen=True)
class Character:
    """Who is shown: a look of the built-in avatar, or a file."""

    look: str
    path: Path | None
    page: PageAvatar | None


class Avatars:
    """The characters of a project.

    Args:
        project: whose.
        changing: a context in which the project may be changed.
    """

    def __init__(self, project: Project, changing: Callable[[], AbstractContextManager[Project]]) -> None:
        self._project, self._changing = project, changing
        self._known: Newest[Character] = Newest(2)

    def character(self) -> Character:
        """The project's avatar; the built-in one where its file is gone."""
        with contextlib.suppress(TalkingEyesError, OSError):
            return self.named(self._project.contents.settings.get(AVATAR, DEFAULT_LOOK))
        return Character(DEFAULT_LOOK, None, None)

    def named(self, value: Any) -> Character:
        """The character that a setting names.

        Raises:
            ProjectError, FormatError: there is none, or it cannot be animated.
        """
        if isinstance(value, str) and value in LOOKS:
            return Character(value, None, None)
        path = self._project.own_file(value, "avatar")
        stat = path.stat()
        key = (str(path), stat.st_mtime_ns, stat.st_size)
        return self._known.made(key, lambda: Character(DEFAULT_LOOK, path, PageAvatar.of(path, None)))

    def described(self) -> dict[str, Any]:
        """What the page needs to show it."""
        own = self.character()
        rig: dict[str, Any] = rig_data()
        if own.page is None or own.path is None:
            return {"look": own.look, "rig": rig, "losses": []}
        lost = [f"{loss.part}: {loss.why}" for loss in losses(own.page.rig)]
        return {"name": own.path.name, "rig": {**rig, "avatar": own.page.data}, "losses": lost}

    def content(self, look: str | None = None) -> bytes:
        """The avatar's file, or that of a look."""
        if look is not None:
            if look not in LOOKS:
                raise SettingError(f"look is {quoted(look)}; {', '.join(LOOKS)} are accepted")
            return avatar_bytes(look)
        own = self.character()
        return own.page.content if own.page is not None else avatar_bytes(own.look)

    def add(self, path: Path, name: str) -> dict[str, Any]:
        """A character that was dropped; it is opened before it is taken in.

        Raises:
            FormatError: it cannot be animated.
        """
        PageAvatar.of(path, None)
        suffix = Path(name).suffix.lower()
        target = (
            own_folder(self._project.folder, AVATARS) / f"{file_name(Path(name).stem)}-{sha256_of(path)[:8]}{suffix}"
        )
        path.replace(target)
        with self._changing() as project:
            project.set_setting(AVATAR, f"{AVATARS}/{target.name}")
        return self.described()
