"""`Part`: one piece of the avatar while it is sculpted, and the mesh sums all pieces share. Lengths are millimetres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass
class Part:
    """A triangle mesh of one material.

    Attributes:
        name: names the primitive.
        material: key of the material table.
        positions: (V, 3) millimetres, axes of docs/conventions.md, origin between the eyes.
        triangles: (F, 3) counter-clockwise seen from outside.
        bones: bone name -> (V,) weight, summing to one.
        colours: (V, 3) linear colour multiplier, or None.
        uv: (V, 2) texture coordinates, v down, or None.
        morphs: ARKit name -> (V, 3) displacement at weight 1.
        normals: (V, 3) where they are not to be taken from the triangles.
    """

    name: str
    material: str
    positions: Array
    triangles: Array
    bones: dict[str, Array] = field(default_factory=dict)
    colours: Array | None = None
    uv: Array | None = None
    morphs: dict[str, Array] = field(default_factory=dict)
    normals: Array | None = None

    def rigid(self, bone: str) -> Part:
        """The same part, following one bone."""
        self.bones = {bone: np.ones(len(self.positions))}
        return self

    def painted(self, colour: tuple[float, float, float]) -> Part:
        """The same part in one linear colour."""
        self.colours = np.tile(np.array(colour, float), (len(self.positions), 1))
        return self

    def mirrored(self) -> Part:
        """The mirror image on the other side of the face, with Left and Right swapped in every name."""
        flip = np.array([-1.0, 1.0, 1.0])
        return Part(
            name=swap_side(self.name),
            material=self.material,
            positions=self.positions * flip,
            triangles=self.triangles[:, ::-1].copy(),
            bones={swap_side(n): w for n, w in self.bones.items()},
            colours=self.colours,
            uv=self.uv,
            morphs={swap_side(n): d * flip for n, d in self.morphs.items()},
            normals=None if self.normals is None else self.normals * flip,
        )


def swap_side(name: str) -> str:
    """Left <-> Right in a name; names without a side stay."""
    if "Left" in name:
        return name.replace("Left", "Right")
    return name.replace("Right", "Left")


def joined(name: str, parts: list[Part]) -> Part:
    """Several parts of one material as one."""
    offsets = np.cumsum([0, *(len(p.positions) for p in parts)])[:-1]

    def stacked(get: Callable[[Part], Array | None], width: int) -> Array | None:
        if all(get(p) is None for p in parts):
            return None
        return np.concatenate([_or_zeros(get(p), len(p.positions), width) for p in parts])

    bones = sorted({b for p in parts for b in p.bones})
    morphs = sorted({m for p in parts for m in p.morphs})
    return Part(
        name=name,
        material=parts[0].material,
        positions=np.concatenate([p.positions for p in parts]),
        triangles=np.concatenate([p.triangles + o for p, o in zip(parts, offsets, strict=True)]),
        bones={b: np.concatenate([p.bones.get(b, np.zeros(len(p.positions))) for p in parts]) for b in bones},
        colours=stacked(lambda p: p.colours, 3),
        uv=stacked(lambda p: p.uv, 2),
        morphs={m: np.concatenate([p.morphs.get(m, np.zeros_like(p.positions)) for p in parts]) for m in morphs},
        normals=np.concatenate(
            [p.normals if p.normals is not None else vertex_normals(p.positions, p.triangles) for p in parts]
        ),
    )


def _or_zeros(array: Array | None, count: int, width: int) -> Array:
    return np.zeros((count, width)) if array is None else array


def vertex_normals(positions: Array, triangles: Array) -> Array:
    """(V, 3) unit normals, each triangle weighted by its angle at the vertex (Thuermer & Wuethrich 1998)."""
    corners = positions[triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
    normals = np.zeros_like(positions)
    for i in range(3):
        a = corners[:, (i + 1) % 3] - corners[:, i]
        b = corners[:, (i + 2) % 3] - corners[:, i]
        cosine = (a * b).sum(1) / np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-12)
        angle = np.arccos(np.clip(cosine, -1, 1))
        np.add.at(normals, triangles[:, i], face * angle[:, None])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 1e-9, normals / np.maximum(length, 1e-9), (0.0, 0.0, 1.0))


def grid_triangles(rows: int, columns: int, *, closed: bool, offset: int = 0) -> Array:
    """Triangles of a (rows, columns) grid of vertices in row-major order; ``closed`` joins last and first column.

    Counter-clockwise where rows run away from the viewer's up and columns run to the right.
    """
    across = columns if closed else columns - 1
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(across), indexing="ij")
    a = r * columns + c
    b = r * columns + (c + 1) % columns
    d, e = a + columns, b + columns
    quads = np.stack([np.stack([a, d, b], -1), np.stack([b, d, e], -1)], axis=-2)
    return quads.reshape(-1, 3) + offset


def smoothstep(low: float, high: float, value: Array | float) -> Array:
    """0 below ``low``, 1 above ``high``, smooth between (low may exceed high)."""
    t = np.clip((np.asarray(value, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def bump(distance: Array, radius: float) -> Array:
    """A smooth hill: 1 at 0, 0 from ``radius`` on (Wendland C2)."""
    t = np.clip(np.abs(distance) / radius, 0, 1)
    return (1 - t) ** 4 * (4 * t + 1)
