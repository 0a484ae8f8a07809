"""Opening an avatar: a file of the user's own or a look of the built-in one, with what it offers to a motion."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from talkingeyes import rig
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import DEFAULT_LOOK, LOOKS, asset_name, avatar_bytes
from talkingeyes.avatar.mapping import read_mapping
from talkingeyes.avatar.plain import read_gltf
from talkingeyes.avatar.rig import AvatarRig, find_rig
from talkingeyes.files import readable

MAX_AVATAR_BYTES = 256 << 20
KEPT_BYTES, MOST_KEPT = 32 << 20, 2
"""Avatars up to this size, and so many, stay open for who writes many files of one: to find a rig takes longest."""
_Key = tuple[Any, ...]
_kept: OrderedDict[_Key, tuple[Glb, AvatarRig]] = OrderedDict()


def open_avatar(path: Path | None, mapping_path: Path | None = None, look: str = DEFAULT_LOOK) -> tuple[Glb, AvatarRig]:
    """An avatar and what it offers: a .glb, .vrm or .gltf, or a look of the built-in one where ``path`` is None.

    Raises:
        FormatError: no such file, too large, damaged, or nothing that could move the eyes.
        MissingExtraError: it is compressed and the extra ``avatars`` is not installed.
    """
    key = (path, _seen(path), mapping_path, _seen(mapping_path), look)
    known = _kept.get(key)
    if known is not None:
        return known[0].copy(), known[1]
    glb, found = _opened(path, mapping_path, look)
    if len(glb.binary) <= KEPT_BYTES and not glb.repacked:  # what lies in several files may change without the first
        _kept[key] = glb.copy(), found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return glb, found


def _seen(path: Path | None) -> tuple[int, ...]:
    """What tells whether a file is still the one that was opened."""
    try:
        found = None if path is None else path.stat()
    except (OSError, ValueError):
        return ()
    return () if found is None else (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _opened(path: Path | None, mapping_path: Path | None, look: str) -> tuple[Glb, AvatarRig]:
    mapping = read_mapping(mapping_path) if mapping_path is not None else None
    if path is None:
        glb = Glb.from_bytes(avatar_bytes(look), asset_name(look))
        found = find_rig(glb, asset_name(look), mapping)
        return glb, replace(found, lid_follows_gaze_per_rad=rig.LID_FOLLOWS_GAZE_PER_RAD)
    accepted = f"an avatar is a .glb, .vrm or .gltf file, or one of {', '.join(LOOKS)}"
    readable(path, accepted, max_bytes=MAX_AVATAR_BYTES)
    glb = read_gltf(path)
    return glb, find_rig(glb, path.name, mapping)
