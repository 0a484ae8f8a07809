"""The eyes of a glTF avatar, measured: its pieces as `eyes.Patch`, and the ranges that VRM tables give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.eye_range import EyeRange
from talkingeyes.avatar.eyes import Eye, Patch, in_model_space, measure_eyes
from talkingeyes.avatar.geometry import Piece, pieces
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.morphs import MorphMesh
from talkingeyes.avatar.nodes import Nodes

Array = NDArray[Any]


def eyes_of(
    glb: Glb, nodes: Nodes, morphs: Iterable[MorphMesh], eye_nodes: Mapping[str, int], to_character: Array
) -> dict[str, Eye]:
    """Each eye that something turns, by side; centres in model space, the rest in the character's axes.

    Args:
        glb: the document.
        nodes: its nodes.
        morphs: meshes with driven targets.
        eye_nodes: side -> node of the eye bone.
        to_character: (3, 3) rotation from model space to the character's axes.
    """
    below = {side: frozenset(nodes.with_below(node)) for side, node in eye_nodes.items()}
    driven = {mesh.node: mesh for mesh in morphs}
    patches = [
        _patch(piece, driven.get(index), below, to_character)
        for index, node in enumerate(nodes.entries)
        if "mesh" in node
        for piece in pieces(glb, nodes, index)
    ]
    pivots = {side: to_character @ nodes.world[node, :3, 3] for side, node in eye_nodes.items()}
    eyes = measure_eyes(patches, pivots, vrm_range(glb.document))
    return {side: in_model_space(eye, to_character.T) for side, eye in eyes.items()}


_EYE_LEVEL, _EYES_APART = 0.45, 0.2  # of a head's size, hair and chin included: from below, and between the eyes


def head_places(glb: Glb, nodes: Nodes, head: int, to_character: Array) -> Array | None:
    """(2, 3) where the eyes of a head would be, in model space; None where it carries nothing."""
    moving = nodes.with_below(head)
    found = [
        (piece.model_positions @ to_character.T)[piece.share(moving) > 0.5]
        for index, node in enumerate(nodes.entries)
        if "mesh" in node
        for piece in pieces(glb, nodes, index)
    ]
    points = np.concatenate([np.zeros((0, 3)), *found])
    if not len(points):
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    size = float((high - low)[:2].max())
    middle = np.array(
        [(low[0] + high[0]) / 2, low[1] + _EYE_LEVEL * (high[1] - low[1]), high[2] - 0.2 * (high[2] - low[2])]
    )
    apart = np.array([_EYES_APART / 2 * size, 0.0, 0.0])
    return np.stack([middle + apart, middle - apart]) @ to_character


def _patch(piece: Piece, mesh: MorphMesh | None, below: Mapping[str, frozenset[int]], to_character: Array) -> Patch:
    looks, blink = {}, np.zeros(len(piece.positions))
    for index, recipe in mesh.recipes.items() if mesh is not None else ():
        names = [name for name, gain in recipe if gain > 0]
        if any(name.startswith("eyeLook") for name in names):
            looks[index] = (recipe, piece.model_delta(piece.delta(index)) @ to_character.T)
        elif any(name.startswith("eyeBlink") for name in names):
            blink = np.maximum(blink, np.linalg.norm(piece.model_delta(piece.delta(index)), axis=1))
    shares = {side: piece.share(moving) for side, moving in below.items()}
    points = piece.model_positions @ to_character.T
    return Patch(piece.node, points, piece.edges, shares, looks, blink)


def vrm_range(document: Mapping[str, Any]) -> EyeRange | None:
    """How far a VRM avatar's own look-at table turns its eye bones; None where it has none for bones."""
    angles = [entry["degrees"] for entry in look_table(document, bones=True).values()]
    if len(angles) != 4 or not all(0 < a <= 180 for a in angles):
        return None
    inner, outer, down, up = np.radians(angles).tolist()
    return EyeRange((inner + outer) / 2, up, down)


def look_table(document: Mapping[str, Any], *, bones: bool) -> dict[str, dict[str, float]]:
    """A VRM avatar's look-at table: direction -> ``gaze`` in degrees and what it gives, ``degrees`` or ``weight``.

    Args:
        document: the glTF document.
        bones: the table where bones turn the eyes; otherwise where expressions do.
    """
    extensions = document.get("extensions", {})
    new = extensions.get("VRMC_vrm", {}).get("lookAt") or {}
    old = extensions.get("VRM", {}).get("firstPerson") or {}
    kind = str(new.get("type", old.get("lookAtTypeName", ""))).lower()
    if kind != ("bone" if bones else "blendshape" if old and not new else "expression"):
        return {}
    given = "degrees" if bones else "weight"
    out = {}
    for name in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp"):
        if entry := new.get(f"rangeMap{name}"):
            numbers = float(entry.get("inputMaxValue", 90)), float(entry.get("outputScale", 10))
        elif entry := old.get(f"lookAt{name}"):
            numbers = float(entry.get("xRange", 90)), float(entry.get("yRange", 10))
        else:
            continue
        if not all(0 <= number <= 1e6 for number in numbers):
            raise ValueError(f"its look-at table holds {numbers}")
        out[name] = {"gaze": numbers[0], given: numbers[1]}
    return out


_TEXTURED = {"look": ("lookup", "lookdown", "lookleft", "lookright"), "blink": ("blink", "blinkleft", "blink_l")}
_TEXTURED |= {"mouth": ("aa", "ih", "ou", "ee", "oh", "a", "i", "u", "e", "o")}


def textured_expressions(document: Mapping[str, Any]) -> frozenset[str]:
    """``"look"``, ``"blink"``, ``"mouth"``: what VRM expressions show without any morph target."""
    extensions = document.get("extensions", {})
    presets = extensions.get("VRMC_vrm", {}).get("expressions", {}).get("preset", {})
    found = {
        name.lower()
        for name, e in presets.items()
        if not e.get("morphTargetBinds") and (e.get("textureTransformBinds") or e.get("materialColorBinds"))
    }
    for group in extensions.get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", []):
        if group.get("materialValues") and not group.get("binds"):
            found.add(str(group.get("presetName", "")).lower())
    return frozenset(what for what, names in _TEXTURED.items() if found & set(names))
