"""Loop subdivision as sparse matrices, so that one matrix refines positions and every morph alike (Loop 1987)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[Any]


@dataclass(frozen=True)
class Subdivision:
    """A refined mesh and how it follows from its control mesh.

    Attributes:
        triangles: (F, 3) of the refined mesh.
        smooth: (fine, control) matrix of Loop's rules: refined positions of control positions.
        linear: (fine, control) matrix that only halves edges: for attributes such as masks and ring coordinates.
    """

    triangles: Array
    smooth: Any
    linear: Any


def subdivided(triangles: Array, vertex_count: int, levels: int) -> Subdivision:
    """Refine ``levels`` times; every control vertex keeps its index."""
    smooth = linear = sparse.csr_matrix(sparse.identity(vertex_count))
    count = vertex_count
    for _ in range(levels):
        triangles, s, lin = _one_level(triangles, count)
        smooth, linear, count = s @ smooth, lin @ linear, s.shape[0]
    return Subdivision(triangles, smooth.tocsr(), linear.tocsr())


def thinned(mesh: Subdivision, coarse: Subdivision, wanted: Array, control: Array) -> Subdivision:
    """Keep the last level's new vertices only where wanted; neighbours get transition triangles, so no cracks open.

    Args:
        mesh: one level finer than ``coarse``.
        coarse: the level before.
        wanted: (E,) bool per edge of ``coarse`` (in `edge_table`'s order): keep its middle vertex.
        control: (control, 3) positions, by which the shorter diagonals are chosen.
    """
    _, edge_of, _ = edge_table(coarse.triangles)
    count = coarse.smooth.shape[0]
    number = np.full(len(wanted), -1)
    number[wanted] = count + np.arange(wanted.sum())
    kept = np.concatenate([np.arange(count), count + np.flatnonzero(wanted)])
    positions = mesh.smooth[kept] @ control
    out: list[tuple[int, int, int]] = []
    for corners, middles in zip(coarse.triangles.tolist(), number[edge_of].tolist(), strict=True):
        out += _pieces(corners, middles, positions)
    return Subdivision(np.array(out), mesh.smooth[kept], mesh.linear[kept])


def _pieces(corners: list[int], middles: list[int], positions: Array) -> list[tuple[int, int, int]]:
    """One triangle cut at those of its edges (ab, bc, ca) whose middle is not -1."""
    split = [m >= 0 for m in middles]
    a, b, c = corners
    if sum(split) == 0:
        return [(a, b, c)]
    if sum(split) == 3:
        ab, bc, ca = middles
        return [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    turn = split.index(True) if sum(split) == 1 else (split.index(False) + 1) % 3
    a, b, c = corners[turn:] + corners[:turn]
    ab, bc, _ = middles[turn:] + middles[:turn]
    if sum(split) == 1:
        return [(a, ab, c), (ab, b, c)]
    if np.linalg.norm(positions[ab] - positions[c]) < np.linalg.norm(positions[a] - positions[bc]):
        return [(a, ab, c), (ab, b, bc), (ab, bc, c)]
    return [(a, ab, bc), (ab, b, bc), (a, bc, c)]


def edge_table(triangles: Array) -> tuple[Array, Array, Array]:
    """Unique edges (E, 2) with low index first, edge of each half edge (F, 3), number of faces per edge (E,)."""
    half = np.stack([triangles, np.roll(triangles, -1, axis=1)], axis=-1).reshape(-1, 2)
    edges, index, count = np.unique(np.sort(half, axis=1), axis=0, return_inverse=True, return_counts=True)
    return edges, index.reshape(-1, 3), count


def _one_level(triangles: Array, count: int) -> tuple[Array, Any, Any]:
    edges, edge_of, faces_per_edge = edge_table(triangles)
    inner = faces_per_edge == 2
    total = len(edges)
    opposite = np.zeros((total, 2), int)
    seen = np.zeros(total, int)
    for corner in range(3):
        for e, v in zip(edge_of[:, corner], triangles[:, (corner + 2) % 3], strict=True):
            opposite[e, min(seen[e], 1)] = v
            seen[e] += 1
    ids = np.arange(total)
    linear_edges = _matrix([(ids, edges[:, 0], 0.5), (ids, edges[:, 1], 0.5)], (total, count))
    near, far = np.where(inner, 3 / 8, 1 / 2), np.where(inner, 1 / 8, 0.0)
    smooth_edges = _matrix(
        [(ids, edges[:, 0], near), (ids, edges[:, 1], near), (ids, opposite[:, 0], far), (ids, opposite[:, 1], far)],
        (total, count),
    )
    smooth_old = _vertex_rule(edges, inner, count)
    a, b, c = triangles.T
    ab, bc, ca = (edge_of + count).T
    finer = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    identity = sparse.identity(count, format="csr")
    return finer, sparse.vstack([smooth_old, smooth_edges]).tocsr(), sparse.vstack([identity, linear_edges]).tocsr()


def _vertex_rule(edges: Array, inner: Array, count: int) -> Any:
    """Old vertices: Warren's weights inside, the cubic B-spline rule on the rim."""
    rim = np.zeros(count, bool)
    rim[edges[~inner].ravel()] = True
    i, j = np.concatenate([edges, edges[:, ::-1]]).T
    on_rim_edge = np.concatenate([~inner, ~inner])
    valence = np.bincount(i, minlength=count)
    beta = np.where(valence > 3, 3 / (8 * np.maximum(valence, 1)), 3 / 16)
    weight = np.where(rim[i], np.where(on_rim_edge, 1 / 8, 0.0), beta[i])
    off = sparse.csr_matrix((weight, (i, j)), shape=(count, count))
    rest = 1 - np.asarray(off.sum(axis=1)).ravel()
    return off + sparse.diags(rest)


def _matrix(entries: list[tuple[Array, Array, Any]], shape: tuple[int, int]) -> Any:
    rows = np.concatenate([r for r, _, _ in entries])
    columns = np.concatenate([c for _, c, _ in entries])
    values = np.concatenate([np.broadcast_to(np.asarray(v, float), r.shape) for r, _, v in entries])
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)
