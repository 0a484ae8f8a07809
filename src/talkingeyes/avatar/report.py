"""What an avatar has, for people and as an editable mapping."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.looks import DEFAULT_LOOK, asset_name
from talkingeyes.avatar.mapping import FACINGS
from talkingeyes.avatar.rig import BONE_ROLES, AvatarRig
from talkingeyes.rig import ARKIT_NAMES, EYE_LOOK_UP_DOWN_RAD


@dataclass(frozen=True)
class Description:
    """Lines for people, and the content of the mapping file that gives the same rig."""

    lines: tuple[str, ...]
    mapping: dict[str, Any]


def describe(path: Path | None, mapping_path: Path | None = None, look: str = DEFAULT_LOOK) -> Description:
    """Look into an avatar; None is a look of the built-in one.

    Raises:
        FormatError: the avatar or the mapping cannot be used.
    """
    glb, rig = open_avatar(path, mapping_path, look)
    content = _mapping(glb, rig, path.name if path is not None else asset_name(look))
    return Description(tuple(_lines(glb, rig, content)), content)


def _mapping(glb: Glb, rig: AvatarRig, name: str) -> dict[str, Any]:
    nodes = glb.document["nodes"]
    labels = [n.get("name") for n in nodes]
    bones: dict[str, str | int | None] = {}
    for role in BONE_ROLES:
        bone = rig.bones.get(role)
        label = None if bone is None else labels[bone.node]
        bones[role] = None if bone is None else label if label and labels.count(label) == 1 else bone.node
    morphs: dict[str, dict[str, float]] = {}
    for mesh in rig.morphs:
        for index, recipe in mesh.recipes.items():
            target = mesh.names[index] or f"{mesh.node}#{index}"
            for coefficient, gain in recipe:
                morphs.setdefault(coefficient, {})[target] = round(gain, 6)
    ordered = {n: morphs[n] for n in ARKIT_NAMES if n in morphs}
    ways = {(True, True): "both", (True, False): "bones", (False, True): "morphs", (False, False): "none"}
    return {
        "avatar": name,
        "faces": _facing(rig),
        "eyes": ways[rig.eye_bones_turn, rig.eye_looks],
        "bones": bones,
        "morphs": ordered,
    }


def _facing(rig: AvatarRig) -> str:
    degrees = round(float(np.degrees(rig.facing_rad)))
    return next(name for name, angle in FACINGS.items() if (angle - degrees) % 360 == 0)


def _lines(glb: Glb, rig: AvatarRig, content: dict[str, Any]) -> list[str]:
    nodes, bones = glb.document["nodes"], content["bones"]
    lines = [f"{content['avatar']}: {len(nodes)} nodes, faces {content['faces']}"]
    for role in BONE_ROLES:
        found = bones[role] if bones[role] is not None else "none"
        how = f"  ({rig.source})" if bones[role] is not None else ""
        lines.append(f"  {role:<10} {found}{how}")
    shown = [n for n in ARKIT_NAMES if n in content["morphs"]]
    lines.append(f"  {'shapes':<10} {len(shown)} of {len(ARKIT_NAMES)} ARKit coefficients on {len(rig.morphs)} meshes")
    missing = [n for n in ARKIT_NAMES if n not in content["morphs"]]
    if shown and missing:
        lines.append(f"  {'missing':<10} {', '.join(missing)}")
    lines.append(f"  {'eyes':<10} turned by {_eyes_text(rig)}")
    lines.append(f"  {'lids':<10} {_lids_text(rig)}")
    return lines


def _eyes_text(rig: AvatarRig) -> str:
    if rig.eye_bones_turn:
        unused = not rig.eye_looks and rig.drives("eyeLookOutLeft")
        also = "; eyeLook shapes would turn them again and stay at rest" if unused else ""
        return "bones, with eyeLook shapes for the lids" if rig.eye_looks else f"bones{also}"
    if rig.eyeballs:
        degrees = [np.degrees(np.linalg.norm(e.front["Out"])) for e in rig.eyeballs.values()]
        return f"eyeLook shapes, measured on the eyeballs (eyeLookOut turns {degrees[0]:.0f} deg)"
    if rig.eye_looks:
        return "eyeLook shapes (no eyeball found to measure; about 37 deg sideways and 30 deg up and down at 1)"
    return "nothing: the avatar has neither eye bones nor eyeLook shapes"


def _lids_text(rig: AvatarRig) -> str:
    if not (rig.drives("eyeBlinkLeft") or rig.drives("eyeBlinkRight")):
        return "no blink shape"
    share = rig.lid_follows_gaze_per_rad * EYE_LOOK_UP_DOWN_RAD
    if rig.eye_looks and share > 0:
        return f"blink shapes; eyeLookDown closes {share:.0%} of a blink and is counted"
    return "blink shapes, which also follow the gaze down"
