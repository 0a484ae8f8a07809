"""Meshes of a glTF document as far as a rig needs them: positions, morph deltas, connected pieces, who moves what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.errors import FormatError

Array = NDArray[Any]
MAX_PIECES = 4096
"""Primitives of all nodes; characters have some dozens."""
_LARGEST = {5120: 127.0, 5121: 255.0, 5122: 32767.0, 5123: 65535.0}


@dataclass(frozen=True)
class Piece:
    """One primitive of a mesh at a node.

    Attributes:
        glb: the document.
        nodes: its nodes.
        node: index of the node that shows the mesh.
        primitive: the glTF primitive.
    """

    glb: Glb
    nodes: Nodes
    node: int
    primitive: dict[str, Any]

    @cached_property
    def positions(self) -> Array:
        """(V, 3) in the mesh's own space."""
        return read_values(self.glb, self.primitive["attributes"]["POSITION"])

    def delta(self, target: int) -> Array:
        """(V, 3) how one morph target moves the vertices; zeros where it moves none."""
        accessor = self.primitive.get("targets", [])[target].get("POSITION")
        return np.zeros_like(self.positions) if accessor is None else read_values(self.glb, accessor)

    @cached_property
    def edges(self) -> Array:
        """(E, 2) vertex numbers; none where the primitive is no list of triangles."""
        if "indices" not in self.primitive or self.primitive.get("mode", 4) != 4:
            return np.zeros((0, 2), int)
        corners = self.glb.read_accessor(self.primitive["indices"]).astype(int).reshape(-1, 3)
        return np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]]])

    @cached_property
    def labels(self) -> Array:
        """(V,) number of the connected piece each vertex belongs to; vertices at one place belong together."""
        return connected_pieces(self.positions, self.edges)

    @cached_property
    def influences(self) -> tuple[Array, Array]:
        """(V, K) nodes that move each vertex, and their shares: joints of its skin, or the node itself."""
        node, attributes = self.nodes.entries[self.node], self.primitive["attributes"]
        count = len(self.positions)
        if "skin" not in node or "JOINTS_0" not in attributes or "WEIGHTS_0" not in attributes:
            return np.full((count, 1), self.node), np.ones((count, 1))
        weights = read_values(self.glb, attributes["WEIGHTS_0"])
        joints = self.glb.read_accessor(attributes["JOINTS_0"]).astype(int)
        if weights.shape != joints.shape or len(joints) != count:
            raise FormatError("the tables of a mesh differ in length")
        weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
        return np.array(self.glb.document["skins"][node["skin"]]["joints"], int)[joints], weights

    @cached_property
    def carrier(self) -> Array:
        """(V,) the node that moves each vertex most."""
        moving, shares = self.influences
        return moving[np.arange(len(moving)), shares.argmax(axis=1)]

    def share(self, moving: Iterable[int]) -> Array:
        """(V,) how much of each vertex these nodes move, 0..1."""
        nodes, shares = self.influences
        return np.where(np.isin(nodes, list(moving)), shares, 0.0).sum(axis=1)

    @cached_property
    def _to_model(self) -> Array:
        """(V, 3, 4) from the mesh's space to model space at rest, blended as the skin blends."""
        node, attributes = self.nodes.entries[self.node], self.primitive["attributes"]
        if "skin" not in node or "JOINTS_0" not in attributes or "WEIGHTS_0" not in attributes:
            return np.broadcast_to(self.nodes.world[self.node][:3], (len(self.positions), 3, 4))
        skin = self.glb.document["skins"][node["skin"]]
        inverse = np.broadcast_to(np.eye(4), (len(skin["joints"]), 4, 4))
        if "inverseBindMatrices" in skin:
            inverse = self.glb.read_accessor(skin["inverseBindMatrices"]).reshape(-1, 4, 4).swapaxes(1, 2).astype(float)
        each = (self.nodes.world[skin["joints"]] @ inverse[: len(skin["joints"])])[:, :3]
        joints = self.glb.read_accessor(attributes["JOINTS_0"]).astype(int)
        return np.einsum("vk,vkij->vij", self.influences[1], each[joints])

    @cached_property
    def model_positions(self) -> Array:
        """(V, 3) in model space at rest."""
        return self.model_delta(self.positions) + self._to_model[:, :, 3]

    def model_delta(self, delta: Array) -> Array:
        """(V, 3) movements of the vertices in model space."""
        return np.einsum("vij,vj->vi", self._to_model[:, :, :3], delta)


def pieces(glb: Glb, nodes: Nodes, node: int) -> Iterator[Piece]:
    """The primitives of a node's mesh that have positions."""
    index = nodes.entries[node].get("mesh")
    if index is not None:
        for primitive in glb.document["meshes"][index]["primitives"]:
            if "POSITION" in primitive.get("attributes", {}):
                yield Piece(glb, nodes, node, primitive)


def read_values(glb: Glb, accessor: int) -> Array:
    """An accessor as float64, normalised integers as glTF reads them."""
    values, entry = glb.read_accessor(accessor), glb.document["accessors"][accessor]
    scale = _LARGEST.get(entry["componentType"], 1.0) if entry.get("normalized") else 1.0
    return values.astype(float) / scale


def connected_pieces(positions: Array, edges: Array) -> Array:
    """(V,) number of the piece that each vertex belongs to; vertices at one place belong together.

    Args:
        positions: (V, 3).
        edges: (E, 2) vertex numbers.
    """
    _, welded = np.unique(positions.round(6), axis=0, return_inverse=True)
    welded = welded.reshape(-1)
    return _connected(welded[edges], int(welded.max(initial=0)) + 1)[welded]


def _connected(ends: Array, count: int) -> Array:
    """(count,) component of each vertex, by the smallest label spreading over the (E, 2) edges."""
    labels = np.arange(count)
    while True:
        lowest = np.minimum(labels[ends[:, 0]], labels[ends[:, 1]])
        before = labels.copy()
        for side in (0, 1):
            np.minimum.at(labels, labels[ends[:, side]], lowest)
            np.minimum.at(labels, ends[:, side], lowest)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def moved_nodes(glb: Glb, nodes: Nodes) -> frozenset[int]:
    """Nodes whose rotation moves something that is drawn: mesh nodes, joints that carry vertices, and all above them.

    Raises:
        FormatError: an accessor is damaged.
    """
    moving: set[int] = set()
    joints: dict[tuple[Any, Any], frozenset[int]] = {}
    for index, node in enumerate(nodes.entries):
        if "mesh" not in node:
            continue
        if "skin" not in node:
            moving.add(index)
        elif (node["mesh"], node["skin"]) in joints:
            moving |= joints[node["mesh"], node["skin"]]
        else:
            carriers = [piece.carrier for piece in pieces(glb, nodes, index)]
            found = frozenset(int(n) for carrier in carriers for n in np.unique(carrier))
            moving |= found
            joints[node["mesh"], node["skin"]] = found - {index}
    return frozenset(nodes.with_above(moving))


def check_meshes(document: dict[str, Any], nodes: Nodes, name: str) -> None:
    """Refuse nodes that name meshes or skins that do not exist, and more meshes than any character has.

    Raises:
        FormatError: names what was found.
    """
    meshes, skins = document.get("meshes", []), document.get("skins", [])
    for index, node in enumerate(nodes.entries):
        for key, table in (("mesh", meshes), ("skin", skins)):
            if key in node and (type(node[key]) is not int or not 0 <= node[key] < len(table)):
                raise FormatError(f"{name}: node {index} names a {key} that does not exist")
    shown = sum(len(meshes[node["mesh"]]["primitives"]) for node in nodes.entries if "mesh" in node)
    if shown > MAX_PIECES:
        raise FormatError(f"{name}: shows {shown} pieces of meshes; {MAX_PIECES} are accepted")
