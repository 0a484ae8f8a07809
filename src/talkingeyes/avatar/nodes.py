"""The node graph of a glTF document, checked: parents, rest transforms, and the frames that rotations enter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.rotations import matrix_from_quaternion
from talkingeyes.wording import cut

Array = NDArray[Any]
MAX_NODES = 100_000
_LARGEST_M = 1e15
"""Of a number in a rest transform: what is larger is damage, and its square is beyond a float's range."""


@dataclass(frozen=True)
class Nodes:
    """A checked forest of nodes.

    Attributes:
        entries: the document's nodes.
        parents: parent of each node, None for roots.
        world: (N, 4, 4) rest transform of each node in model space.
    """

    entries: list[dict[str, Any]]
    parents: tuple[int | None, ...]
    world: Array

    @classmethod
    def of(cls, document: dict[str, Any], name: str) -> Nodes:
        """Check and read a document's nodes.

        Raises:
            FormatError: entries that are no nodes, a child that is missing or has two parents, a cycle, or transforms
                that are no numbers.
        """
        entries = document.get("nodes", [])
        if not isinstance(entries, list) or not all(isinstance(n, dict) for n in entries) or len(entries) > MAX_NODES:
            raise FormatError(f"{name}: its list of nodes is damaged")
        parents = node_parents(entries, name)
        world = np.zeros((len(entries), 4, 4))
        with np.errstate(over="ignore", invalid="ignore"):  # refused below
            for index in _roots_first(parents, name):
                own, parent = _own_transform(entries[index], index, name), parents[index]
                world[index] = own if parent is None else world[parent] @ own
        wrong = np.flatnonzero(~(np.abs(world) < _LARGEST_M).all(axis=(1, 2)))
        if len(wrong):
            raise FormatError(f"{name}: the transform of node {wrong[0]} is damaged")
        return cls(entries, tuple(parents), world)

    def label(self, index: int) -> str:
        """A node's name for people."""
        return cut(str(self.entries[index].get("name", f"#{index}")))

    def above(self, index: int) -> list[int]:
        """The node's ancestors, nearest first."""
        out: list[int] = []
        at = self.parents[index]
        while at is not None:
            out.append(at)
            at = self.parents[at]
        return out

    def with_above(self, indices: Iterable[int]) -> set[int]:
        """The nodes and all their ancestors; each is visited once, however they stand above each other."""
        found: set[int] = set()
        for index in indices:
            at: int | None = index
            while at is not None and at not in found:
                found.add(at)
                at = self.parents[at]
        return found

    def with_below(self, top: int) -> set[int]:
        """The node and everything that hangs from it."""
        found, waiting = {top}, [top]
        while waiting:
            children = self.entries[waiting.pop()].get("children", [])
            found.update(children)
            waiting.extend(children)
        return found

    def frame(self, index: int | None) -> Array:
        """(3, 3) orthonormal axes of a node at rest in model space; reflected where the node is mirrored."""
        if index is None:
            return np.eye(3)
        u, size, v = np.linalg.svd(self.world[index, :3, :3])
        return u @ v if size[-1] > 0 else np.eye(3)

    def own_rotation(self, index: int) -> Array:
        """(3, 3) the node's own rest rotation over its parent."""
        return decompose(self.entries[index])[1]


def node_parents(nodes: list[dict[str, Any]], name: str) -> list[int | None]:
    """Parent of each node.

    Raises:
        FormatError: a child does not exist or has two parents.
    """
    parents: list[int | None] = [None] * len(nodes)
    for index, node in enumerate(nodes):
        children = node.get("children", [])
        for child in children if isinstance(children, list) else [None]:
            if type(child) is not int or not 0 <= child < len(nodes) or parents[child] is not None:
                raise FormatError(f"{name}: the node graph is damaged at node {index}")
            parents[child] = index
    return parents


def _roots_first(parents: list[int | None], name: str) -> list[int]:
    children: dict[int | None, list[int]] = {}
    for index, parent in enumerate(parents):
        children.setdefault(parent, []).append(index)
    order = list(children.get(None, []))
    for index in order:
        order.extend(children.get(index, []))
    if len(order) < len(parents):
        reached = set(order)
        lost = next(i for i in range(len(parents)) if i not in reached)
        raise FormatError(f"{name}: the node graph has a cycle at node {lost}")
    return order


def _own_transform(node: dict[str, Any], index: int, name: str) -> Array:
    try:
        translation, rotation, scale = decompose(node)
    except (TypeError, ValueError, OverflowError, np.linalg.LinAlgError):
        raise FormatError(f"{name}: the transform of node {index} is damaged") from None
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = rotation * scale, translation
    if not np.isfinite(out).all():
        raise FormatError(f"{name}: the transform of node {index} is damaged")
    return out


def decompose(node: dict[str, Any]) -> tuple[Array, Array, Array]:
    """(3,) translation, (3, 3) rotation and (3,) scale of a node, also where it has a matrix.

    Raises:
        ValueError: numbers are missing.
    """
    if "matrix" in node:
        matrix = np.array(node["matrix"], float).reshape(4, 4).T
        scale = np.linalg.norm(matrix[:3, :3], axis=0)
        if np.linalg.det(matrix[:3, :3]) < 0:
            scale[0] = -scale[0]
        return matrix[:3, 3], matrix[:3, :3] / np.where(scale == 0, 1, scale), scale
    rotation = np.eye(3)
    if "rotation" in node:
        quaternion = np.array(node["rotation"], float).reshape(4)
        if not np.linalg.norm(quaternion) > 1e-6:
            raise ValueError("a rotation of length 0")
        rotation = matrix_from_quaternion(quaternion)
    translation = np.array(node.get("translation", (0, 0, 0)), float).reshape(3)
    return translation, rotation, np.array(node.get("scale", (1, 1, 1)), float).reshape(3)
