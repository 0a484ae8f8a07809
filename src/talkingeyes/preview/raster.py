"""A triangle rasteriser in plain numpy: spans of pixels per triangle, a z-buffer, and values carried across triangles.

It needs no graphics library, browser or driver, and the same input gives the same picture on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
NOTHING = -1
_MAX_FRAGMENTS = 1 << 24
"""Pixels that triangles may cover in one pass, counted with what lies behind; more are left out, nearest kept first."""


@dataclass(frozen=True)
class Covered:
    """What a pass drew.

    Attributes:
        triangle: (H, W) int32, the nearest triangle of each pixel, `NOTHING` where there is none.
        nearness: (H, W) float32, larger is nearer, 0 where there is nothing.
        row: (F,) row of each triangle in `edges`; meaningless for triangles that were not drawn.
        edges: (K, 9) edge functions of the drawn triangles.
    """

    triangle: Array
    nearness: Array
    row: Array
    edges: Array


def cover(corners: Array, nearness: Array, size: tuple[int, int], keep: Array | None = None, first: int = 0) -> Covered:
    """The nearest triangle of every pixel.

    Args:
        corners: (F, 3, 2) pixel positions of the corners, x to the right and y down.
        nearness: (F, 3) positive, linear across the picture (1 / distance under perspective); 0 or less is not drawn.
        size: height and width of the picture.
        keep: (F,) bool, triangles to draw; all otherwise.
        first: number of the first triangle.
    """
    height, width = size
    faces = np.flatnonzero(keep) if keep is not None else np.arange(len(corners))
    corners, nearness = corners[faces].astype(float), nearness[faces]
    low, high = (_extreme(which, corners) for which in (np.minimum, np.maximum))
    chosen = (nearness > 0).all(axis=1) & (high >= 0).all(axis=1) & (low < (width, height)).all(axis=1)
    solid, edges = _edges(corners, chosen)
    faces, nearness = faces[solid], nearness[solid]
    row_face, row, left, count = _spans(corners[solid], edges, height, width)
    count = np.where(np.cumsum(count) <= _MAX_FRAGMENTS, count, 0)
    span = np.repeat(np.arange(len(row_face)), count)
    start = np.cumsum(count) - count
    x = left[span] + (np.arange(len(span)) - start[span])
    pixel = row[span] * width + x
    plane = _planes(edges, nearness)
    at = row_face[span]
    base = plane[row_face, 1] * (row + 0.5) + plane[row_face, 2]
    near = (plane[at, 0] * (x + 0.5).astype(np.float32) + base.astype(np.float32)[span]).astype(np.float32)
    np.maximum(near, np.float32(1e-9), out=near)
    key = (near.view(np.uint32).astype(np.uint64) << np.uint64(32)) | (faces[at] + (first + 1)).astype(np.uint64)
    used = slice(int(row.min(initial=height)) * width, (int(row.max(initial=-1)) + 1) * width)  # rows with something
    buffer = np.zeros(max(0, used.stop - used.start), np.uint64)
    np.maximum.at(buffer, pixel - used.start, key)
    triangle, depth = np.full(height * width, NOTHING, np.int32), np.zeros(height * width, np.float32)
    if len(buffer):
        triangle[used] = (buffer & np.uint64(0xFFFFFFFF)).astype(np.int32) - 1
        depth[used] = (buffer >> np.uint64(32)).astype(np.uint32).view(np.float32)
    row_of = np.zeros(first + (len(keep) if keep is not None else len(chosen)), np.int32)
    row_of[first + faces] = np.arange(len(faces))
    return Covered(triangle.reshape(size), depth.reshape(size), row_of, edges.astype(np.float32).reshape(-1, 9))


def _extreme(which: Any, corners: Array) -> Array:
    return which(which(corners[:, 0], corners[:, 1]), corners[:, 2])


def _edges(corners: Array, chosen: Array) -> tuple[Array, Array]:
    """Rows of chosen triangles with an area, and (F, 3, 3) edge functions a x + b y + c of theirs.

    They are barycentric coordinates: 1 at the corner across, 0 on the edge, positive inside, whatever the winding.
    """
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    solid = np.flatnonzero(chosen & (np.abs(area) > 1e-9))
    a, b, c, area = a[solid], b[solid], c[solid], area[solid]
    out = np.empty((len(solid), 3, 3))
    for edge, (start, end) in enumerate(((b, c), (c, a), (a, b))):
        step = (end - start) / area[:, None]
        out[:, edge, 0], out[:, edge, 1] = -step[:, 1], step[:, 0]
        out[:, edge, 2] = step[:, 1] * start[:, 0] - step[:, 0] * start[:, 1]
    return solid, out


def _spans(corners: Array, edges: Array, height: int, width: int) -> tuple[Array, Array, Array, Array]:
    """Rows of pixels inside triangles: (S,) triangle, row, leftmost pixel, number of pixels.

    A pixel belongs to the triangle its centre is in; on a shared edge to the one on its right or below.
    """
    top, bottom = (_extreme(which, corners)[:, 1] for which in (np.minimum, np.maximum))
    first = np.clip(np.ceil(top - 0.5), 0, height).astype(np.int64)
    end = np.clip(np.ceil(bottom - 0.5), 0, height).astype(np.int64)
    rows = np.maximum(end - first, 0)
    face = np.repeat(np.arange(len(edges)), rows)
    row = first[face] + np.arange(len(face)) - (np.cumsum(rows) - rows)[face]
    low, high = np.zeros(len(face)), np.full(len(face), float(width))
    for edge in range(3):
        x, y, lean = _upper_end(corners[:, (edge + 1) % 3], corners[:, (edge + 2) % 3])
        cut = x[face] + (row + 0.5 - y[face]) * lean[face]
        inside = edges[:, edge, 0][face]
        np.maximum(low, cut, out=low, where=inside > 0)
        np.minimum(high, cut, out=high, where=inside < 0)
    left = np.clip(np.ceil(low - 0.5), 0, width).astype(np.int64)
    right = np.clip(np.ceil(high - 0.5), 0, width).astype(np.int64)
    count = np.maximum(right - left, 0)
    used = count > 0
    return face[used], row[used], left[used], count[used]


def _upper_end(a: Array, b: Array) -> tuple[Array, Array, Array]:
    """(F,) place of each edge's upper end and its x per y: the same numbers for both triangles of an edge."""
    swap = (a[:, 1] > b[:, 1]) | ((a[:, 1] == b[:, 1]) & (a[:, 0] > b[:, 0]))
    upper, lower = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    fall = lower[:, 1] - upper[:, 1]
    return upper[:, 0], upper[:, 1], (lower[:, 0] - upper[:, 0]) / np.where(fall == 0, 1, fall)


def _planes(edges: Array, values: Array) -> Array:
    """(F, 3) a, b, c of a value that is linear across each triangle, from its (F, 3) corner values."""
    return np.einsum("fe,fek->fk", values.astype(float), edges)


def corner_shares(covered: Covered) -> tuple[Array, Array, Array]:
    """Of each drawn pixel: (N,) place in the flat picture, (N,) triangle, (N, 3) shares of its corners."""
    place = np.flatnonzero(covered.triangle.ravel() != NOTHING)
    triangle = covered.triangle.ravel()[place]
    table = covered.edges[covered.row[triangle], :6]
    width = covered.triangle.shape[1]
    x, y = (place % width + 0.5).astype(np.float32), (place // width + 0.5).astype(np.float32)
    shares = np.empty((len(place), 3), np.float32)
    for corner in range(2):
        a, b, c = (table[:, 3 * corner + k] for k in range(3))
        shares[:, corner] = a * x + b * y + c
    shares[:, 2] = 1 - shares[:, 0] - shares[:, 1]
    np.clip(shares, 0.0, 1.0, out=shares)  # slivers of triangles are rounded coarsely
    return place, triangle, shares
