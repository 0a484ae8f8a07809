"""A character of the user's own in the page: its file, what its nodes are, and the weights of its morph targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.pose import target_weights
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.rotations import matrix_from_ypr

MAX_PAGE_AVATAR_BYTES = 96 << 20
"""Larger characters make pages that browsers refuse to open."""
_PARTS = {"Neck": "neck", "Head": "head", "LeftEye": "leftEye", "RightEye": "rightEye"}


@dataclass(frozen=True)
class PageAvatar:
    """The character as the page needs it.

    Attributes:
        rig: what was found.
        content: the file, unchanged; put together anew where it was compressed or in several files.
        targets: (node, target index) in the order of the channels ``weight0``, ``weight1``, ..; targets that several
            meshes share and that are driven alike share a channel.
        data: the ``avatar`` entry of the page's rig data (viewer/src/payload.ts).
    """

    rig: AvatarRig
    content: bytes
    targets: Mapping[str, tuple[int, int]]
    data: dict[str, Any]

    @classmethod
    def of(cls, path: Path, mapping_path: Path | None) -> PageAvatar:
        """Open a character.

        Raises:
            FormatError: the file cannot be animated or is too large for a page.
        """
        glb, rig = open_avatar(path, mapping_path)
        content = glb.to_bytes() if glb.repacked else path.read_bytes()
        if len(content) > MAX_PAGE_AVATAR_BYTES:
            most = MAX_PAGE_AVATAR_BYTES >> 20
            raise FormatError(f"{path.name}: {len(content) >> 20} MB; a page takes avatars of at most {most} MB")
        channels: dict[Any, str] = {}
        first: dict[str, tuple[int, int]] = {}
        rows = []
        rested = {node for node, _ in rig.resting}  # their blinks carry what follows gaze too
        for mesh in rig.morphs:
            for index in range(len(mesh.names)):
                key = (mesh.recipes.get(index), mesh.rest[index], mesh.node if mesh.node in rested else None)
                name = channels.setdefault(key, f"weight{len(channels)}")
                first.setdefault(name, (mesh.node, index))
                rows.append([mesh.node, index, name])
        data: dict[str, Any] = {
            "bones": _bones(rig),
            "facing_rad": rig.facing_rad,
            "targets": rows,
        }
        reach = rig.eye_range if rig.eye_bones_turn else None
        if reach is not None:
            data["eye_range_rad"] = [round(angle, 6) for angle in (reach.yaw_rad, reach.up_rad, reach.down_rad)]
        if rig.places_m is not None:
            data["eyes_m"] = np.round(rig.places_m @ matrix_from_ypr([rig.facing_rad, 0.0, 0.0]), 6).tolist()
        return cls(rig, content, first, data)

    def weights(self, motion: Motion) -> dict[str, NDArray[Any]]:
        """Channel name -> (T,) weights, the same as in a .glb."""
        tables = target_weights(motion, self.rig)
        return {name: tables[node][:, index] for name, (node, index) in self.targets.items()}


def _bones(rig: AvatarRig) -> dict[str, int]:
    """The page turns a lone neck as the head, and a neck that does not carry the head not at all."""
    bones = {_PARTS[role]: bone.node for role, bone in rig.bones.items()}
    if not rig.eye_bones_turn:
        bones = {part: node for part, node in bones.items() if part in ("neck", "head")}
    if "neck" in bones and "head" not in bones:
        bones["head"] = bones.pop("neck")
    elif "neck" in bones and rig.bones["Head"].above != "Neck":
        del bones["neck"]
    return bones
