"""What a glTF avatar offers to a motion: head, neck and eye bones with their rest rotations, and ARKit morphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.export.gltf import Glb
from talkingeyes.rig import ARKIT_NAMES
from talkingeyes.rotations import matrix_from_quaternion

Array = NDArray[Any]
BONE_ROLES = ("Neck", "Head", "LeftEye", "RightEye")


@dataclass(frozen=True)
class Bone:
    """A bone of the avatar.

    Attributes:
        node: index of its glTF node.
        rest: (3, 3) its own rest rotation in model space.
        parent_rest: (3, 3) its parent's.
    """

    node: int
    rest: Array
    parent_rest: Array


@dataclass(frozen=True)
class MorphMesh:
    """A node whose mesh has morph targets.

    Attributes:
        node: index of the node.
        names: target names in the mesh's own order.
    """

    node: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class AvatarRig:
    """What was found.

    Attributes:
        bones: role (one of `BONE_ROLES`) -> bone.
        morphs: meshes with at least one ARKit-named target.
    """

    bones: dict[str, Bone]
    morphs: tuple[MorphMesh, ...]

    def has(self, role: str) -> bool:
        """Whether the avatar has this bone."""
        return role in self.bones

    def local_from_model(self, role: str, rotation: Array) -> Array:
        """Local rotations of a bone that turn it by ``rotation``, given in model axes relative to its parent.

        ``local = P^-1 R G`` with P and G the parent's and the bone's rest rotations (docs/conventions.md, "glTF").
        """
        bone = self.bones[role]
        return bone.parent_rest.T @ rotation @ bone.rest


def find_rig(glb: Glb, name: str) -> AvatarRig:
    """Find bones and morphs by name.

    Raises:
        FormatError: the node graph is no tree, or there is neither an eye bone nor an ARKit morph.
    """
    nodes = glb.document.get("nodes", [])
    parents = node_parents(nodes, name)
    rest = [rest_rotation(nodes, parents, i, name) for i in range(len(nodes))]
    bones: dict[str, Bone] = {}
    for index, node in enumerate(nodes):
        role = node.get("name")
        if role in BONE_ROLES and role not in bones:
            parent = parents[index]
            bones[role] = Bone(index, rest[index], np.eye(3) if parent is None else rest[parent])
    morphs = tuple(_morph_meshes(glb, nodes))
    if not morphs and not {"LeftEye", "RightEye"} & bones.keys():
        found = ", ".join(str(n.get("name", "?")) for n in nodes[:8])
        raise FormatError(
            f"{name}: no eyes to animate: looked for bones LeftEye and RightEye and for ARKit morph targets, "
            f"found nodes {found or 'none'}"
        )
    return AvatarRig(bones, morphs)


def node_parents(nodes: list[dict[str, Any]], name: str) -> list[int | None]:
    """Parent of each node.

    Raises:
        FormatError: a child does not exist or has two parents.
    """
    parents: list[int | None] = [None] * len(nodes)
    for index, node in enumerate(nodes):
        for child in node.get("children", []):
            if not 0 <= child < len(nodes) or parents[child] is not None:
                raise FormatError(f"{name}: the node graph is damaged at node {index}")
            parents[child] = index
    return parents


def rest_rotation(nodes: list[dict[str, Any]], parents: list[int | None], index: int, name: str) -> Array:
    """(3, 3) rest rotation of a node in model space.

    Raises:
        FormatError: the node graph has a cycle.
    """
    rotation = np.eye(3)
    at: int | None = index
    for _ in range(len(nodes) + 1):
        if at is None:
            return rotation
        rotation = _own_rotation(nodes[at]) @ rotation
        at = parents[at]
    raise FormatError(f"{name}: the node graph has a cycle at node {index}")


def _own_rotation(node: dict[str, Any]) -> Array:
    if "matrix" in node:
        columns = np.array(node["matrix"], float).reshape(4, 4).T[:3, :3]
        return columns / np.linalg.norm(columns, axis=0)
    return matrix_from_quaternion(node.get("rotation", (0.0, 0.0, 0.0, 1.0)))


def _morph_meshes(glb: Glb, nodes: list[dict[str, Any]]) -> list[MorphMesh]:
    known = frozenset(ARKIT_NAMES)
    found = []
    for index, node in enumerate(nodes):
        if "mesh" not in node:
            continue
        names = glb.document["meshes"][node["mesh"]].get("extras", {}).get("targetNames", [])
        if known & set(names):
            found.append(MorphMesh(index, tuple(str(n) for n in names)))
    return found
