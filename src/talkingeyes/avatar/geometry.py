"""Meshes of a glTF document as far as a rig needs them: positions, morph deltas, connected pieces, who moves what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.errors import FormatError

Array = NDArray[Any]
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
    def labels(self) -> Array:
        """(V,) number of the connected piece each vertex belongs to; vertices at one place belong together."""
        if "indices" not in self.primitive or self.primitive.get("mode", 4) != 4:
            return np.zeros(len(self.positions), int)
        corners = self.glb.read_accessor(self.primitive["indices"]).astype(int).reshape(-1, 3)
        return connected_pieces(self.positions, np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]]]))

    @cached_property
    def carrier(self) -> Array:
        """(V,) the node that moves each vertex most: a joint of its skin, or the node itself."""
        node, attributes = self.nodes.entries[self.node], self.primitive["attributes"]
        if "skin" not in node or "JOINTS_0" not in attributes or "WEIGHTS_0" not in attributes:
            return np.full(len(self.positions), self.node)
        weights = read_values(self.glb, attributes["WEIGHTS_0"])
        joints = self.glb.read_accessor(attributes["JOINTS_0"]).astype(int)
        chosen = joints[np.arange(len(joints)), weights.argmax(axis=1)]
        return np.array(self.glb.document["skins"][node["skin"]]["joints"], int)[chosen]

    def to_model(self, carrier: int) -> Array:
        """(4, 4) from the mesh's space to model space at rest, for vertices that ``carrier`` moves."""
        if carrier == self.node:
            return self.nodes.world[self.node]
        skin = self.glb.document["skins"][self.nodes.entries[self.node]["skin"]]
        inverse_bind = np.eye(4)
        if "inverseBindMatrices" in skin:
            table = self.glb.read_accessor(skin["inverseBindMatrices"])
            inverse_bind = table[skin["joints"].index(carrier)].reshape(4, 4).T.astype(float)
        return self.nodes.world[carrier] @ inverse_bind


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
    for index, node in enumerate(nodes.entries):
        if "mesh" not in node:
            continue
        for piece in pieces(glb, nodes, index):
            moving.update(int(n) for n in np.unique(piece.carrier))
    for index in list(moving):
        moving.update(nodes.above(index))
    return frozenset(moving)


def check_meshes(document: dict[str, Any], nodes: Nodes, name: str) -> None:
    """Refuse nodes that name meshes or skins that do not exist.

    Raises:
        FormatError: names what was found.
    """
    meshes, skins = document.get("meshes", []), document.get("skins", [])
    for index, node in enumerate(nodes.entries):
        for key, table in (("mesh", meshes), ("skin", skins)):
            if key in node and (type(node[key]) is not int or not 0 <= node[key] < len(table)):
                raise FormatError(f"{name}: node {index} names a {key} that does not exist")
