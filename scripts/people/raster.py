"""A small z-buffer with skin, hair, lashes, light and ray-cast eyes, compiled by numba: about 50 ms a picture."""

from __future__ import annotations

import math
from typing import Any

import numba  # pyright: ignore[reportMissingImports]
import numpy as np
from numpy.typing import NDArray

from people.eye import eye_colour

Array = NDArray[Any]
SKIN, EYE_LEFT, EYE_RIGHT, PLAIN, RIM, LASH, LOWER_LASH = 0, 1, 2, 3, 4, 5, 6
FAR_M = 1e9


@numba.njit(cache=True, fastmath=True)
def _hash(a: int, b: int, c: int) -> float:
    n = (a * 73856093) ^ (b * 19349663) ^ (c * 83492791)
    n = (n ^ (n >> 13)) * 1274126177
    return ((n ^ (n >> 16)) & 0xFFFF) / 65535.0


@numba.njit(cache=True, fastmath=True)
def _noise(x: float, y: float, z: float) -> float:
    """Value noise, 0..1, one cell per unit."""
    ix, iy, iz = math.floor(x), math.floor(y), math.floor(z)
    fx, fy, fz = x - ix, y - iy, z - iz
    total = 0.0
    for dx in range(2):
        for dy in range(2):
            for dz in range(2):
                w = (fx if dx else 1 - fx) * (fy if dy else 1 - fy) * (fz if dz else 1 - fz)
                total += w * _hash(ix + dx, iy + dy, iz + dz)
    return total


@numba.njit(cache=True, fastmath=True)
def rasterise(
    screen: Array, triangles: Array, kinds: Array, width: int, height: int, lash_gap: float
) -> tuple[Array, Array, Array]:
    """Nearest triangle per pixel (-1: none), perspective-correct weights (H, W, 3) and the share of lash before it.

    Args:
        screen: (V, 3) pixels right and down, depth.
        triangles: (N, 3).
        kinds: (N,) what each triangle is; lashes only veil what lies behind them.
        width: of the picture.
        height: of the picture.
        lash_gap: share of the lash cards left out.
    """
    depth = np.full((height, width), FAR_M)
    nearest = np.full((height, width), -1, np.int32)
    weights = np.zeros((height, width, 3), np.float32)
    veil = np.zeros((height, width), np.float32)
    for lashes in range(2):
        for t in range(triangles.shape[0]):
            if (kinds[t] >= LASH) != (lashes == 1):
                continue
            if lashes == 1 and _hash(t // 16, 3, 5) < (lash_gap if kinds[t] == LASH else 0.5 + 0.5 * lash_gap):
                continue
            x0, y0, z0 = screen[triangles[t, 0]]
            x1, y1, z1 = screen[triangles[t, 1]]
            x2, y2, z2 = screen[triangles[t, 2]]
            area = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2)
            if abs(area) < 1e-12 or min(z0, z1, z2) < 0.05:
                continue
            top, low = max(0, int(min(y0, y1, y2))), min(height - 1, int(max(y0, y1, y2)) + 1)
            left, right = max(0, int(min(x0, x1, x2))), min(width - 1, int(max(x0, x1, x2)) + 1)
            for y in range(top, low + 1):
                for x in range(left, right + 1):
                    a = ((y1 - y2) * (x + 0.5 - x2) + (x2 - x1) * (y + 0.5 - y2)) / area
                    b = ((y2 - y0) * (x + 0.5 - x2) + (x0 - x2) * (y + 0.5 - y2)) / area
                    c = 1 - a - b
                    if a < -1e-6 or b < -1e-6 or c < -1e-6:
                        continue
                    here = 1 / (a / z0 + b / z1 + c / z2)
                    if here >= depth[y, x]:
                        continue
                    if lashes:
                        veil[y, x] = min(1.0, veil[y, x] + (0.3 if kinds[t] == LASH else 0.15))
                        continue
                    depth[y, x], nearest[y, x] = here, t
                    weights[y, x, 0] = a / z0 * here
                    weights[y, x, 1] = b / z1 * here
                    weights[y, x, 2] = c / z2 * here
    return nearest, weights, veil


@numba.njit(cache=True, fastmath=True)
def shade(  # noqa: PLR0913
    picture: Array, hit: tuple[Array, Array, Array], triangles: Array, kinds: Array, mesh: tuple[Array, ...],
    light: Array, lens: tuple[float, float, float], eyes: Array, turns: Array, look: Array, lash_colour: Array,
) -> None:  # fmt: skip
    """Colour every pixel that shows the head.

    Args:
        picture: (H, W, 3) float32, already holding the background.
        hit: from `rasterise`.
        triangles: (N, 3).
        kinds: (N,).
        mesh: vertices in space, normals, rest places and colours, each (V, 3).
        light: (8,) direction, ambient share, strength of texture, lid shadow, shade width in pixels, shine.
        lens: focal length in pixels and the principal point.
        eyes: (2, 3) centres of rotation in space.
        turns: (2, 3, 3) rotation of each eye in space.
        look: the eye's make, see `people.eye`.
        lash_colour: (3,).
    """
    nearest, weights, veil = hit
    _, normals, rest, colours = mesh
    height, width = nearest.shape
    rgb = np.zeros(3)
    for x in range(width):
        run = 0.0
        for y in range(height):
            t = nearest[y, x]
            if t < 0:
                run = 0.0
                if veil[y, x] > 0:
                    for k in range(3):
                        picture[y, x, k] += (lash_colour[k] - picture[y, x, k]) * veil[y, x] * 0.6
                continue
            kind = int(kinds[t])
            if kind in (EYE_LEFT, EYE_RIGHT):
                run += 1.0
                e = 0 if kind == EYE_LEFT else 1
                dx, dy = (x + 0.5 - lens[1]) / lens[0], -(y + 0.5 - lens[2]) / lens[0]
                eye_colour(rgb, dx, dy, eyes[e], turns[e], look, light)
                dark = 1 - light[5] * math.exp(-run / light[6])
                for k in range(3):
                    rgb[k] *= dark
            else:
                run = 0.0
                _skin(rgb, t, kind, weights[y, x], triangles, normals, rest, colours, light)
            for k in range(3):
                picture[y, x, k] = rgb[k] + (lash_colour[k] - rgb[k]) * veil[y, x]


@numba.njit(cache=True, fastmath=True)
def _skin(  # noqa: PLR0913
    rgb: Array, t: int, kind: int, weight: Array, triangles: Array, normals: Array, rest: Array, colours: Array,
    light: Array,
) -> None:  # fmt: skip
    nx = ny = nz = px = py = pz = 0.0
    rgb[:] = 0.0
    for k in range(3):
        v, w = triangles[t, k], weight[k]
        nx += normals[v, 0] * w
        ny += normals[v, 1] * w
        nz += normals[v, 2] * w
        px += rest[v, 0] * w
        py += rest[v, 1] * w
        pz += rest[v, 2] * w
        for c in range(3):
            rgb[c] += colours[v, c] * w
    size = math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
    if nz < 0:
        size = -size
    lit = max(0.0, (nx * light[0] + ny * light[1] + nz * light[2]) / size)
    shine = light[7] * max(0.0, (nx * light[0] + ny * light[1] + (nz + size) * (light[2] + 1) * 0.5) / size / 2) ** 24
    grain = 1.0
    if kind == SKIN:
        grain += light[4] * (
            0.9 * (_noise(px * 700, py * 700, pz * 700) - 0.5) + 0.9 * (_noise(px * 180, py * 180, pz * 180) - 0.5)
        )
    level = (light[3] + (1 - light[3]) * 1.1 * lit) * grain
    for c in range(3):
        rgb[c] = rgb[c] * level + shine
