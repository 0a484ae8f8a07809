"""What an avatar has, for people and as an editable mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.avatar.eye_range import EyeRange
from talkingeyes.avatar.eye_rig import look_table
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.looks import DEFAULT_LOOK, asset_name
from talkingeyes.avatar.losses import as_data, losses
from talkingeyes.avatar.mapping import FACINGS, RANGE_KEYS
from talkingeyes.avatar.rig import BONE_ROLES, AvatarRig
from talkingeyes.rig import ARKIT_NAMES, EYE_LOOK_UP_DOWN_RAD


@dataclass(frozen=True)
class Description:
    """What was found.

    Attributes:
        lines: for people.
        mapping: the content of the mapping file that gives the same rig.
        measured: JSON-ready: how far what turns each eye, and what the avatar cannot show.
    """

    lines: tuple[str, ...]
    mapping: dict[str, Any]
    measured: dict[str, Any]


def describe(path: Path | None, mapping_path: Path | None = None, look: str = DEFAULT_LOOK) -> Description:
    """Look into an avatar; None is a look of the built-in one.

    Raises:
        FormatError: the avatar or the mapping cannot be used.
    """
    glb, rig = open_avatar(path, mapping_path, look)
    name = path.name if path is not None else asset_name(look)
    with reading(name):
        content = _mapping(glb, rig, name)
        return Description(tuple(_lines(glb, rig, content)), content, _measured(glb, rig))


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
        at_rest = {index: recipe for (node, index), recipe in rig.resting.items() if node == mesh.node}
        for index, recipe in sorted({**mesh.recipes, **at_rest}.items()):
            target = mesh.names[index] or f"{mesh.node}#{index}"
            for coefficient, gain in recipe:
                morphs.setdefault(coefficient, {})[target] = round(gain, 6)
    ordered = {n: morphs[n] for n in ARKIT_NAMES if n in morphs}
    ways = {(True, True): "both", (True, False): "bones", (False, True): "morphs", (False, False): "none"}
    return {
        "avatar": name,
        "faces": _facing(rig),
        "eyes": ways[rig.eye_bones_turn, rig.eye_looks],
        "eye_range": None if rig.eye_range is None else _range_deg(rig.eye_range),
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
    lines += [f"  {row:<10} {text}" for row, text in (*_eye_rows(glb, rig), ("lids", _lids_text(rig)))]
    lines += [f"  {'lost':<10} {loss.part}: {loss.why}" for loss in losses(rig)]
    return lines


def _eye_rows(glb: Glb, rig: AvatarRig) -> Iterator[tuple[str, str]]:
    """What turns the eyes, how far what would turn each, and where they stop."""
    yield "eyes", f"turned by {_eyes_text(glb, rig)}"
    for side, eye in rig.eyes.items():
        led = ", which is turned further for it" if side in rig.eye_shares else ""
        parts = [f"{eye.by_bone:.2f} deg per degree of its bone{led}"] if eye.by_bone > 0 else []
        if eye.by_shapes:
            how = "slide it as far as" if eye.slides else "turn it"
            degrees = ", ".join(f"{look.lower()} {angle:.1f}" for look, angle in eye.by_shapes.items())
            parts.append(f"eyeLook shapes at 1 {how} {degrees} deg{'' if _used(rig, side) else ' (at rest)'}")
        yield f"{side.lower()} eye", "; ".join(parts)
    if rig.eye_range is not None:
        yaw, up, down = _range_deg(rig.eye_range).values()
        flat = "; a flat iris that slides over its white" if any(eye.slides for eye in rig.eyes.values()) else ""
        yield "range", f"{yaw:.1f} deg sideways, {up:.1f} up, {down:.1f} down at full gaze, in proportion below{flat}"


def _used(rig: AvatarRig, side: str) -> bool:
    return rig.eye_looks and not any(name.endswith(side) for r in rig.resting.values() for name, _ in r)


def _eyes_text(glb: Glb, rig: AvatarRig) -> str:
    if rig.eye_bones_turn:
        rested = sorted({str(glb.document["nodes"][node].get("name", f"#{node}")) for node, _ in rig.resting})
        unused = f"; eyeLook shapes would turn them again and stay at rest on {', '.join(rested)}" if rested else ""
        return f"bones{', with eyeLook shapes for the lids' if rig.eye_looks else ''}{unused}"
    if rig.eyeballs:
        return "eyeLook shapes, aimed as measured on the eyeballs"
    if rig.eye_looks:
        return f"eyeLook shapes ({_full_text(glb)})"
    return "nothing"


def _full_text(glb: Glb) -> str:
    """At which gaze the shapes are full, where no eyeball was found to measure."""
    table = look_table(glb.document, bones=False)
    if len(table) < 4:
        return "no eyeball found to measure; full at a gaze of 37 deg sideways and 30 deg up or down"
    full = {name: entry["gaze"] / max(entry["weight"], 0.05) for name, entry in table.items()}
    side, up, down = full["HorizontalOuter"], full["VerticalUp"], full["VerticalDown"]
    return f"full at a gaze of {side:.1f} deg sideways, {up:.1f} up, {down:.1f} down, by the avatar's look-at table"


def _range_deg(reach: EyeRange) -> dict[str, float]:
    angles = np.degrees([reach.yaw_rad, reach.up_rad, reach.down_rad]).round(4).tolist()
    return dict(zip(RANGE_KEYS, angles, strict=True))


def _measured(glb: Glb, rig: AvatarRig) -> dict[str, Any]:
    eyes = {
        side: {
            "deg_per_bone_deg": round(eye.by_bone, 3),
            "shapes_deg_at_1": {look: round(angle, 2) for look, angle in eye.by_shapes.items()},
            "kind": "flat" if eye.slides else "ball",
            "shapes_used": _used(rig, side),
        }
        for side, eye in rig.eyes.items()
    }
    table = look_table(glb.document, bones=rig.eye_bones_turn)
    return {"eyes_measured": eyes, "look_at_table": table or None, "cannot_show": as_data(losses(rig))}


def _lids_text(rig: AvatarRig) -> str:
    if not (rig.drives("eyeBlinkLeft") or rig.drives("eyeBlinkRight")):
        return "no blink shape"
    share = rig.lid_follows_gaze_per_rad * EYE_LOOK_UP_DOWN_RAD
    if rig.eye_looks and share > 0:
        return f"blink shapes; eyeLookDown closes {share:.0%} of a blink and is counted"
    return "blink shapes, which also follow the gaze down"
