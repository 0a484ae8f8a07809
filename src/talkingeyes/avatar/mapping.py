"""The mapping file of an avatar: JSON that says which bone and which morph target is what, for people to edit."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talkingeyes.avatar.eye_range import EyeRange
from talkingeyes.avatar.names import BONE_ROLES
from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import cut, quoted

MAPPING_VERSION = 1
FACINGS = {"+Z": 0.0, "-Z": 180.0, "+X": 90.0, "-X": -90.0}
"""Which way the face looks in the file -> degrees about +Y away from +Z."""
EYE_WAYS = ("bones", "morphs", "both", "none")
_MAX_BYTES = 1 << 20
_KEYS = {"talkingeyes_mapping", "avatar", "faces", "eyes", "eye_range", "bones", "morphs"}
RANGE_KEYS = ("max_yaw_deg", "max_pitch_up_deg", "max_pitch_down_deg")
_LARGEST_RANGE_DEG = 90.0


@dataclass(frozen=True)
class RigMapping:
    """A mapping as read; what is None or missing is found by name.

    Attributes:
        where: the file's name, for errors.
        bones: role -> node name or index; None: the avatar has no such bone.
        morphs: ARKit coefficient -> target -> gain; None: by name.
        faces: one of `FACINGS`.
        eyes: one of `EYE_WAYS`: what turns the eyes.
        eye_range: where the eyes stop; None: as measured.
    """

    where: str
    bones: Mapping[str, str | int | None] = field(default_factory=dict)
    morphs: Mapping[str, Mapping[str, float]] | None = None
    faces: str | None = None
    eyes: str | None = None
    eye_range: EyeRange | None = None


def read_mapping(path: Path) -> RigMapping:
    """Read and check a mapping file.

    Raises:
        FormatError: no such file, not JSON, unknown keys, or values of the wrong kind; names the entry.
    """
    where = path.name
    readable(path, f"a mapping written by `talkingeyes rig AVATAR -o {where}` is accepted", max_bytes=_MAX_BYTES)
    data = parse_json(path.read_bytes(), where)
    if not isinstance(data, dict) or data.get("talkingeyes_mapping") != MAPPING_VERSION:
        raise FormatError(
            f'{where}: is no mapping; an object with "talkingeyes_mapping": {MAPPING_VERSION} is accepted'
        )
    if unknown := sorted(set(data) - _KEYS):
        raise FormatError(f"{where}: {quoted(unknown[0])} is not known; {', '.join(sorted(_KEYS))} are accepted")
    for key, accepted in (("faces", tuple(FACINGS)), ("eyes", EYE_WAYS)):
        if data.get(key) is not None and data[key] not in accepted:
            raise FormatError(f"{where}: {key} is {quoted(data[key])}; {', '.join(accepted)} are accepted")
    eye_range = _eye_range(data, where)
    return RigMapping(where, _bones(data, where), _morphs(data, where), data.get("faces"), data.get("eyes"), eye_range)


def _eye_range(data: dict[str, Any], where: str) -> EyeRange | None:
    given = data.get("eye_range")
    if given is None:
        return None
    known = isinstance(given, dict) and set(given) == set(RANGE_KEYS)
    if not known or not all(type(n) in (int, float) and 0 <= n <= _LARGEST_RANGE_DEG for n in given.values()):
        raise FormatError(
            f"{where}: eye_range must be null or an object of {', '.join(RANGE_KEYS)}, 0 to {_LARGEST_RANGE_DEG:g} each"
        )
    return EyeRange(*(math.radians(given[key]) for key in RANGE_KEYS))


def _bones(data: dict[str, Any], where: str) -> dict[str, str | int | None]:
    bones = data.get("bones", {})
    if not isinstance(bones, dict):
        raise FormatError(f"{where}: bones is no object")
    for role, bone in bones.items():
        if role not in BONE_ROLES or not (bone is None or isinstance(bone, str) or type(bone) is int):
            raise FormatError(
                f"{where}: bones has {quoted(role)}; {', '.join(BONE_ROLES)} with a node's name are accepted"
            )
    return bones


def _morphs(data: dict[str, Any], where: str) -> dict[str, dict[str, float]] | None:
    morphs = data.get("morphs")
    if morphs is None:
        return None
    if not isinstance(morphs, dict):
        raise FormatError(f"{where}: morphs is no object")
    out: dict[str, dict[str, float]] = {}
    for name, targets in morphs.items():
        listed = {targets: 1.0} if isinstance(targets, str) else targets
        if not isinstance(listed, dict) or not all(type(g) in (int, float) and abs(g) <= 100 for g in listed.values()):
            raise FormatError(f"{where}: morphs.{cut(name)} must be a target's name or an object of names and gains")
        out[name] = {str(target): float(gain) for target, gain in listed.items()}
    return out


def mapping_text(content: Mapping[str, Any]) -> str:
    """A mapping as JSON that people edit: one line per coefficient."""
    lines = json.dumps({"talkingeyes_mapping": MAPPING_VERSION, **content}, indent=2, ensure_ascii=False)
    return lines + "\n"
