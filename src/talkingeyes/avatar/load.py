"""Opening an avatar: a file of the user's own or a look of the built-in one, with what it offers to a motion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from talkingeyes import rig
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import DEFAULT_LOOK, LOOKS, asset_name, avatar_bytes
from talkingeyes.avatar.mapping import read_mapping
from talkingeyes.avatar.plain import read_gltf
from talkingeyes.avatar.rig import AvatarRig, find_rig
from talkingeyes.files import readable

MAX_AVATAR_BYTES = 256 << 20


def open_avatar(path: Path | None, mapping_path: Path | None = None, look: str = DEFAULT_LOOK) -> tuple[Glb, AvatarRig]:
    """An avatar and what it offers: a .glb, .vrm or .gltf, or a look of the built-in one where ``path`` is None.

    Raises:
        FormatError: no such file, too large, damaged, or nothing that could move the eyes.
        MissingExtraError: it is compressed and the extra ``avatars`` is not installed.
    """
    mapping = read_mapping(mapping_path) if mapping_path is not None else None
    if path is None:
        glb = Glb.from_bytes(avatar_bytes(look), asset_name(look))
        found = find_rig(glb, asset_name(look), mapping)
        return glb, replace(found, lid_follows_gaze_per_rad=rig.LID_FOLLOWS_GAZE_PER_RAD)
    accepted = f"an avatar is a .glb, .vrm or .gltf file, or one of {', '.join(LOOKS)}"
    readable(path, accepted, max_bytes=MAX_AVATAR_BYTES)
    glb = read_gltf(path)
    return glb, find_rig(glb, path.name, mapping)
