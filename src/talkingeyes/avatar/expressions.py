"""Which expressions a VRM avatar has, as an animation addresses them: presets by VRM 1.0's names, others by theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from talkingeyes.avatar.names import arkit_name

_OF_VRM_0 = {
    "a": "aa", "e": "ee", "i": "ih", "o": "oh", "u": "ou", "blink": "blink", "blink_l": "blinkLeft",
    "blink_r": "blinkRight", "joy": "happy", "angry": "angry", "sorrow": "sad", "fun": "relaxed",
    "lookup": "lookUp", "lookdown": "lookDown", "lookleft": "lookLeft", "lookright": "lookRight", "neutral": "neutral",
}  # fmt: skip
"""Presets of VRM 0.x -> VRM 1.0's names, as players of both address them."""
_BINDS = ("morphTargetBinds", "materialColorBinds", "textureTransformBinds", "binds", "materialValues")


@dataclass(frozen=True)
class Expressions:
    """The expressions of one avatar that move anything.

    Attributes:
        presets: VRM 1.0's names.
        arkit: ARKit coefficient -> the name of the custom expression for it, spelt as in the avatar ("perfect sync").
    """

    presets: frozenset[str]
    arkit: Mapping[str, str]


def expressions_of(document: Mapping[str, Any]) -> Expressions | None:
    """The expressions of a VRM's glTF document; None where it is no VRM. Damaged entries count as absent."""
    extensions = _table(document.get("extensions"))
    if "VRMC_vrm" not in extensions and "VRM" not in extensions:
        return None
    presets: set[str] = set()
    arkit: dict[str, str] = {}
    for name, is_preset, entry in _entries(extensions):
        if not any(entry.get(key) for key in _BINDS):
            continue
        coefficient = None if is_preset else arkit_name(name)
        if is_preset:
            presets.add(name)
        elif coefficient is not None:
            arkit.setdefault(coefficient, name)
    return Expressions(frozenset(presets), arkit)


def _entries(extensions: Mapping[str, Any]) -> Iterator[tuple[str, bool, Mapping[str, Any]]]:
    """(name, whether it is a preset, content) of each expression."""
    if "VRMC_vrm" in extensions:
        given = _table(_table(extensions["VRMC_vrm"]).get("expressions"))
        for group in ("preset", "custom"):
            for name, entry in _table(given.get(group)).items():
                yield name, group == "preset", _table(entry)
        return
    groups = _table(_table(extensions["VRM"]).get("blendShapeMaster")).get("blendShapeGroups")
    for entry in groups if isinstance(groups, list) else []:
        entry = _table(entry)
        preset, name = _OF_VRM_0.get(str(entry.get("presetName")).lower()), entry.get("name")
        if preset is not None:
            yield preset, True, entry
        elif isinstance(name, str):
            yield name, False, entry


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
