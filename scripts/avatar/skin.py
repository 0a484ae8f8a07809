"""The skin: the subdivided control mesh with its eye holes filled by lids and its mouth lined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.spatial import KDTree

from avatar import form
from avatar.form import ControlMesh
from avatar.lids import POSES, REST, ROWS, LidGrid
from avatar.mesh import Array, bump, grid_triangles, smoothstep
from avatar.subdivide import Subdivision, edge_table, subdivided, thinned

LEVELS = 2
LID_REACH_MM = 11.0
"""How far beyond the fold the skin still follows the lids."""
MOUTH_ROWS = (
    (0.6, 24.0, 0.5), (1.8, 24.0, 1.6), (3.2, 24.5, 6.0), (5.5, 26.5, 12.0), (12.0, 29.0, 15.0),
    (24.0, 31.0, 16.0), (40.0, 30.0, 15.0), (52.0, 22.0, 10.0), (56.0, 0.02, 0.02),
)  # fmt: skip
"""The mouth's lining, row by row: millimetres behind the lips, half its width, half its height."""
DETAIL_REGIONS = (
    (np.array([33.0, 1.0, 0.0]), np.array([24.0, 17.0, 22.0])),
    (np.array([8.0, -33.0, 30.0]), np.array([17.0, 18.0, 24.0])),
    (np.array([10.0, -67.0, 22.0]), np.array([24.0, 17.0, 20.0])),
)
"""Centre and size of the regions (right side mirrored) where edges are kept short."""
LONG_EDGE_MM = (16.0, 3.0)
"""Edges longer than this are halved: plain skin, detail regions."""
LIP_CORNER_LEFT = 308
EYE_CORNER_LEFT = 359


@dataclass
class Skin:
    """The skin while it is built; vertices that both sides share come first.

    Attributes:
        positions: (V, 3).
        triangles: (F, 3).
        follow: (V, control) sparse: displacement of each vertex for displacements of the control mesh.
        lid_deltas: lid morph name (left and right) -> (V, 3).
        lid_row, mouth_row: (V,) row within a lid or the mouth's lining, -1 elsewhere; lid row 0 is the fold.
        upper_lid: (V,) bool, within the lids.
        mouth_lower: (V,) 1 on the floor of the mouth's lining .. 0 on its roof; 0 elsewhere.
        lid_grids: vertex indices of the left and the right lid, (rows, columns).
    """

    positions: Array
    triangles: Array
    follow: Any
    lid_deltas: dict[str, Array]
    lid_row: Array
    upper_lid: Array
    mouth_row: Array
    mouth_lower: Array
    lid_grids: tuple[Array, Array]


def build_skin(control: ControlMesh) -> Skin:
    """Subdivide, cut the eyes open, add lids and the mouth's lining."""
    refined = _refined_where_it_shows(control)
    positions = refined.smooth @ control.positions
    inside_eye = np.zeros(len(control.positions))
    ring = np.array(form.LEFT_EYE_RINGS[0])
    inside_eye[np.concatenate([ring, control.mirror[ring]])] = 1
    cut = (refined.linear @ inside_eye) > 1e-9
    triangles = refined.triangles[~cut[refined.triangles].any(axis=1)]
    left_rim = boundary_loop(triangles, EYE_CORNER_LEFT)
    lips = boundary_loop(triangles, LIP_CORNER_LEFT)
    flipped = mirror_index(positions)
    builder = _Builder(positions, triangles, refined.smooth)
    left = builder.add_lids(left_rim)
    right = builder.add_right_lids(left, flipped[left_rim])
    builder.add_mouth_lining(lips)
    return builder.finished((left, right))


def _refined_where_it_shows(control: ControlMesh) -> Subdivision:
    """Twice subdivided around eyes, nose and mouth and wherever edges would stay long; once elsewhere."""
    count = len(control.positions)
    once, twice = subdivided(control.triangles, count, LEVELS - 1), subdivided(control.triangles, count, LEVELS)
    edges, _, faces = edge_table(once.triangles)
    p = once.smooth @ control.positions
    middle, length = p[edges].mean(axis=1), np.linalg.norm(p[edges[:, 0]] - p[edges[:, 1]], axis=1)
    detail = np.zeros(len(edges))
    for centre, size in DETAIL_REGIONS:
        away = (middle * np.where(middle[:, :1] < 0, (-1.0, 1.0, 1.0), 1.0) - centre) / size
        detail = np.maximum(detail, smoothstep(1.25, 0.85, np.linalg.norm(away, axis=1)))
    longest = LONG_EDGE_MM[0] + (LONG_EDGE_MM[1] - LONG_EDGE_MM[0]) * detail
    near_hole = np.isin(edges, edges[faces == 1]).any(axis=1) & (middle[:, 1] > -150)
    return thinned(twice, once, (length > longest) | near_hole, control.positions)


def mirror_index(positions: Array) -> Array:
    """(V,) index of each vertex's mirror image.

    Raises:
        ValueError: the mesh is not symmetric.
    """
    distance, index = KDTree(positions).query(positions * (-1, 1, 1))
    if distance.max() > 1e-6:
        raise ValueError(f"the mesh is not symmetric: {distance.max():.3g} mm")
    return np.asarray(index)


def boundary_loop(triangles: Array, start: int) -> Array:
    """Vertices of the hole or rim through ``start``, the mesh on its left: clockwise around a hole from outside."""
    half = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1).reshape(-1, 2)
    keys = set(map(tuple, half.tolist()))
    after = {a: b for a, b in keys if (b, a) not in keys}
    loop = [start]
    while after[loop[-1]] != start:
        loop.append(after[loop[-1]])
    return np.array(loop)


class _Builder:
    """Collects the vertices, faces and bookkeeping of a `Skin`."""

    def __init__(self, positions: Array, triangles: Array, smooth: Any) -> None:
        self.positions = positions
        self.triangles = [triangles]
        self.follow = [smooth]
        self.lid_row = np.full(len(positions), -1)
        self.mouth_row = np.full(len(positions), -1)
        self.upper_lid = np.zeros(len(positions), bool)
        self.mouth_lower = np.zeros(len(positions))
        self.lid_deltas: dict[str, Array] = {}
        self.base = positions

    def _append(self, rows: Array, follow: Any) -> Array:
        """Add (R, C, 3) vertices; their indices."""
        first, count = len(self.positions), rows.shape[0] * rows.shape[1]
        self.positions = np.concatenate([self.positions, rows.reshape(-1, 3)])
        self.follow.append(follow)
        for name, fill in (("lid_row", -1), ("mouth_row", -1), ("upper_lid", False), ("mouth_lower", 0.0)):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.full(count, fill, old.dtype)]))
        self.lid_deltas = {n: np.concatenate([d, np.zeros((count, 3))]) for n, d in self.lid_deltas.items()}
        return np.arange(first, first + count).reshape(rows.shape[:2])

    def add_lids(self, rim: Array) -> Array:
        """Lids of the left eye on a loop of skin vertices; (rows, columns) vertex indices, the rim first."""
        grid = LidGrid.on_rim(self.base[rim])
        rest = grid.positions(REST)
        t = np.clip(np.arange(1, len(rest)) / (ROWS - 1), 0, 1)
        fade = np.repeat((1 - t) ** 2, len(rim))
        follow = sparse.diags(fade) @ sparse.vstack([self.follow[0][rim]] * (len(rest) - 1))
        rows = np.concatenate([rim[None], self._append(rest[1:], follow)])
        self.triangles.append(rows.ravel()[grid_triangles(len(rows), len(rim), closed=True)])
        self.lid_row[rows] = np.arange(len(rows))[:, None]
        self.upper_lid[rows] = grid.upper
        for name, pose in POSES.items():
            moved = grid.positions(pose) - rest
            deltas = self._skin_follows(rim, moved[0])
            deltas[rows[1:]] = moved[1:]
            self.lid_deltas[name] = deltas
        return rows

    def _skin_follows(self, rim: Array, moved: Array) -> Array:
        """(V, 3): the skin around the eye gives way to the moving fold."""
        deltas = np.zeros_like(self.positions)
        distance, near = KDTree(self.base[rim]).query(self.base, k=6)
        weight = 1 / (distance + 0.3) ** 2
        blend = (moved[near] * weight[..., None]).sum(axis=1) / weight.sum(axis=1, keepdims=True)
        reach = bump(distance[:, 0], LID_REACH_MM)
        reach = np.where(self.base[:, 2] > form.EYE_CENTRE[2] - 12, reach, 0)
        deltas[: len(self.base)] = blend * reach[:, None]
        deltas[rim] = moved
        return deltas

    def add_right_lids(self, left: Array, rim: Array) -> Array:
        """The mirror image of the left lids."""
        flip = np.array([-1.0, 1.0, 1.0])
        mirrored_rows = self.positions[left[1:]] * flip
        t = np.clip(np.arange(1, len(left)) / (ROWS - 1), 0, 1)
        follow = sparse.diags(np.repeat((1 - t) ** 2, len(rim))) @ sparse.vstack(
            [self.follow[0][rim]] * (len(left) - 1)
        )
        left_deltas = dict(self.lid_deltas)
        rows = np.concatenate([rim[None], self._append(mirrored_rows, follow)])
        self.triangles.append(rows.ravel()[grid_triangles(len(rows), len(rim), closed=True)][:, ::-1])
        self.lid_row[rows], self.upper_lid[rows] = self.lid_row[left], self.upper_lid[left]
        flipped = mirror_index(self.base)
        for name, delta in left_deltas.items():
            other = np.zeros_like(self.positions)
            other[: len(self.base)] = delta[flipped] * flip
            other[rows[1:]] = delta[left[1:]] * flip
            self.lid_deltas[name.replace("Left", "Right")] = other
        return rows

    def add_mouth_lining(self, lips: Array) -> None:
        """Rows from the inner edge of the lips back into a closed pocket."""
        rim = self.base[lips]
        turn = 2 * np.pi * np.arange(len(lips)) / len(lips)
        middle_y, front_z = rim[:, 1].mean(), rim[:, 2].max()
        rows = []
        for depth, half_width, half_height in MOUTH_ROWS:
            settle = smoothstep(2.0, 14.0, depth)
            x = rim[:, 0] * (1 - settle) * half_width / 24.0 + np.cos(turn) * half_width * settle
            y = rim[:, 1] + (middle_y - rim[:, 1]) * settle - np.sin(turn) * half_height
            z = rim[:, 2] + (front_z - rim[:, 2]) * smoothstep(4.0, 24.0, depth) - depth
            rows.append(np.stack([x, y, z], axis=-1))
        fade = np.repeat([float(smoothstep(14.0, 0.0, d)) for d, _, _ in MOUTH_ROWS], len(lips))
        follow = sparse.diags(fade) @ sparse.vstack([self.follow[0][lips]] * len(rows))
        added = self._append(np.array(rows), follow)
        indices = np.concatenate([lips[None], added])
        self.triangles.append(indices.ravel()[grid_triangles(len(indices), len(lips), closed=True)])
        self.mouth_row[indices] = np.arange(len(indices))[:, None]
        spread = smoothstep(56.0, 30.0, np.array([d for d, _, _ in MOUTH_ROWS]))[:, None]
        self.mouth_lower[added] = (0.5 + 0.5 * spread * np.sin(turn)[None]) * (1 - fade.reshape(len(rows), -1))

    def finished(self, lid_grids: tuple[Array, Array]) -> Skin:
        """Drop the vertices that no triangle uses."""
        triangles = np.concatenate(self.triangles)
        used = np.unique(triangles)
        index = np.full(len(self.positions), -1)
        index[used] = np.arange(len(used))
        follow = sparse.csr_matrix(sparse.vstack(self.follow))
        return Skin(
            positions=self.positions[used],
            triangles=index[triangles],
            follow=follow[used],
            lid_deltas={n: d[used] for n, d in self.lid_deltas.items()},
            lid_row=self.lid_row[used],
            upper_lid=self.upper_lid[used],
            mouth_row=self.mouth_row[used],
            mouth_lower=self.mouth_lower[used],
            lid_grids=(index[lid_grids[0]], index[lid_grids[1]]),
        )
