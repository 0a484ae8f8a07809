"""The key and the port of a project's studio, kept for its user, so that an open page goes on after a restart.

Each project has a file in the user's own state folder, which nobody else may read (mode 0600 in a folder of mode 0700;
never in the project, which people share). A file that others can read, that belongs to somebody else, is damaged or
was not used for `KEPT_DAYS` is not believed: the studio gets a new key then.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.errors import SettingError
from talkingeyes.live.serve.gate import new_token
from talkingeyes.plain_json import parse_json

KEPT_DAYS = 30
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_MOST_BYTES = 1000


@dataclass(frozen=True)
class Access:
    """How a studio is reached.

    Attributes:
        token: its key.
        port: 0 for any.
    """

    token: str
    port: int = 0


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where this user's programs keep what they know between two runs."""
    given = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    return (Path(given) if given else Path.home() / ".local" / "state") / "talkingeyes" / "studio"


def known_access(project: Path, folder: Path) -> Access:
    """The key and port that a project had last; a new key where none can be believed.

    Args:
        project: its folder.
        folder: see `state_folder`.
    """
    path = _file_of(project, folder)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not _is_own(os.fstat(descriptor)):
                return Access(new_token())
            found = parse_json(file.read(_MOST_BYTES), "the studio's key", SettingError)
    except (OSError, SettingError):
        return Access(new_token())
    token, port = (found.get("token"), found.get("port")) if isinstance(found, dict) else (None, None)
    if not isinstance(token, str) or not _KEY.fullmatch(token) or type(port) is not int or not 0 < port < 65536:
        return Access(new_token())
    return Access(token, port)


def remember(project: Path, folder: Path, access: Access) -> None:
    """Keep how a project's studio is reached; where the folder cannot be written, the next one gets a new key."""
    path = _file_of(project, folder)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump({"token": access.token, "port": access.port}, file)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def forget(project: Path, folder: Path) -> None:
    """The next studio of a project gets a new key."""
    with contextlib.suppress(OSError):
        _file_of(project, folder).unlink(missing_ok=True)


def _is_own(found: os.stat_result) -> bool:
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    closed = os.name == "nt" or not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    fresh = time.time() - found.st_mtime < KEPT_DAYS * 86_400
    return mine and closed and fresh and stat.S_ISREG(found.st_mode)


def _file_of(project: Path, folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:32]
    return folder / f"{name}.json"
