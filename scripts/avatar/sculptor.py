"""Smooth displacements of the control mesh: handles are set, the skin between bends like a plate.

Handles fix the displacement of some control vertices; the rest solves the biharmonic equation on the mesh (Botsch &
Kobbelt 2004). Displacements are millimetres at weight 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from avatar import form
from avatar.form import ControlMesh
from avatar.mesh import Array, smoothstep
from avatar.subdivide import edge_table

LIP_RINGS = (
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
    (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 408, 304, 303, 302, 11, 72, 73, 74, 184),
    (62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 407, 272, 271, 268, 12, 38, 41, 42, 183),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
)
"""Lip rings from the skin to the mouth; right corner first, then along the lower lip."""
JAW_HINGE = np.array([0.0, -22.0, -66.0])
JAW_OPEN_RAD = np.radians(15.0)

LipField = Callable[[Array, Array, Array], Array]
"""(s, side, inner) -> (n, 3): s is -1 at the right corner .. 1 at the left; side is +1 on the upper lip, -1 on the
lower, 0 at the corners; inner is 0 at the skin .. 1 at the mouth."""


@dataclass
class Sculptor:
    """Solves for smooth displacements of one control mesh."""

    control: ControlMesh

    def __post_init__(self) -> None:
        """Build the Laplacian and the lip coordinates once."""
        p, triangles = self.control.positions, self.control.triangles
        edges, _, _ = edge_table(triangles)
        length = np.linalg.norm(p[edges[:, 0]] - p[edges[:, 1]], axis=1)
        weight = 1 / np.maximum(length, 1.0)
        i, j = np.concatenate([edges, edges[:, ::-1]]).T
        w = np.concatenate([weight, weight])
        adjacency = sparse.csr_matrix((w, (i, j)), shape=(len(p), len(p)))
        degree = np.asarray(adjacency.sum(axis=1)).ravel()
        laplacian = sparse.csr_matrix(sparse.diags(degree) - adjacency)
        self.plate = sparse.csc_matrix(laplacian @ sparse.diags(1 / degree) @ laplacian)
        self.lips = np.array(LIP_RINGS)
        column = np.arange(20)
        self.lip_side = np.where(column % 10 == 0, 0, np.where(column < 10, -1, 1)) * np.ones((4, 1))
        self.lip_s = -np.cos(np.pi * column / 10) * np.ones((4, 1))
        self.lip_inner = np.arange(4)[:, None] / 3 * np.ones((1, 20))
        eyes = np.array(form.LEFT_EYE_RINGS[:2]).ravel()
        self.eyes = np.concatenate([eyes, self.control.mirror[eyes]])

    def solve(self, handles: dict[int, Array], *, reach: float = 42.0, pins: Array | None = None) -> Array:
        """(V, 3) displacements: ``handles`` as given, 0 at ``pins`` and beyond ``reach`` mm from every handle."""
        p = self.control.positions
        index = np.array(list(handles))
        moving = index[[bool(np.any(handles[i])) for i in index]]
        distance = np.linalg.norm(p[:, None] - p[moving][None], axis=-1).min(axis=1)
        fixed = distance > reach
        if pins is not None:
            fixed[pins] = True
        fixed[index] = True
        value = np.zeros_like(p)
        value[index] = [handles[i] for i in index]
        free = np.flatnonzero(~fixed)
        held = np.flatnonzero(fixed)
        system = self.plate[free][:, free].tocsc()
        value[free] = splu(system).solve(-(self.plate[free][:, held] @ value[held]))
        return value

    def lip_handles(self, field: LipField) -> dict[int, Array]:
        """Every lip vertex displaced by a field."""
        moved = field(self.lip_s.ravel(), self.lip_side.ravel(), self.lip_inner.ravel())
        return dict(zip(self.lips.ravel().tolist(), moved, strict=True))

    def lip_morph(
        self, field: LipField, extra: dict[int, tuple[float, float, float]] | None = None, reach: float = 38.0
    ) -> Array:
        """A mouth shape; the eyes stay still, ``extra`` adds handles on the face."""
        handles = self.lip_handles(field)
        handles.update({i: np.array(v) for i, v in (extra or {}).items()})
        return self.solve(handles, reach=reach, pins=self.eyes)

    def jaw_weight(self) -> Array:
        """(V,) how much of the jaw's motion each control vertex takes: chin 1, upper lip 0, smooth between."""
        weights: dict[int, float] = {}
        for ring in self.lips:
            for column, vertex in enumerate(ring):
                s = abs(np.cos(np.pi * column / 10))
                weights[int(vertex)] = (
                    1 - 0.45 * s**3 if 0 < column < 10 else (0.42 if column % 10 == 0 else 0.30 * s**4)
                )
        for v in (
            152,
            175,
            199,
            200,
            18,
            83,
            313,
            208,
            428,
            171,
            396,
            148,
            377,
            176,
            400,
            201,
            421,
            194,
            418,
            182,
            406,
            106,
            335,
        ):
            weights[v] = 1.0
        oval = form.FACE_OVAL
        for place, w in (
            (16, 1.0),
            (15, 0.97),
            (14, 0.92),
            (13, 0.84),
            (12, 0.7),
            (11, 0.5),
            (10, 0.24),
            (9, 0.06),
            (8, 0.0),
        ):
            weights[oval[place]] = weights[oval[36 - place]] = w
        for v in (1, 2, 164, 98, 327, 205, 425, 50, 280, 117, 346, 123, 352, 234, 454):
            weights[v] = 0.0
        first = 468
        for ring_index, strength in enumerate((0.85, 0.55, 0.3, 0.15)):
            for place in range(36):
                lowness = float(smoothstep(9, 18, min(place, 36 - place)))
                weights[first + 36 * ring_index + place] = strength * lowness
        handles = {v: np.array([w, 0, 0]) for v, w in weights.items()}
        for v in range(first + 36 * 4, len(self.control.positions)):
            handles[v] = np.zeros(3)
        return np.clip(self.solve(handles, reach=200.0, pins=self.eyes)[:, 0], 0, 1)


def jaw_opened(points: Array, weight: Array) -> Array:
    """(V, 3) displacement of the jaw's rotation about its hinge at jawOpen = 1, and the slide forward of its head."""
    c, s = np.cos(JAW_OPEN_RAD), np.sin(JAW_OPEN_RAD)
    turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    moved = (points - JAW_HINGE) @ turn.T + JAW_HINGE + (0, -1.5, 3.5)
    return (moved - points) * weight[:, None]
