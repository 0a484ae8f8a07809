"""One eye by ray casting: white, cornea that refracts, iris plane, pupil, catch lights.

Measures (metres, from the centre of rotation along the gaze): apex of the cornea 13.3 mm, iris plane 3 to 3.6 mm behind
it, corneal radius 7.8 mm, visible iris 11.7 mm wide, globe 24 mm; refraction by 1.336. With `refraction` 1 and a large
globe it is a painted ball as in `gaze_truth`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numba  # pyright: ignore[reportMissingImports]
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class EyeMake:
    """How a person's eyes are made, in metres.

    Attributes:
        apex: centre of rotation to the front of the cornea.
        globe: radius of the white.
        cornea: radius of curvature of the cornea; 0 for a painted ball.
        limbus: half the visible iris.
        plane: centre of rotation to the iris plane.
        pupil: radius.
        refraction: index of the cornea and what is behind it.
    """

    apex: float
    globe: float
    cornea: float
    limbus: float
    plane: float
    pupil: float
    refraction: float

    @property
    def limbus_depth(self) -> float:
        """Centre of rotation to the plane of the visible iris's rim."""
        if self.cornea == 0:
            return math.sqrt(self.globe**2 - self.limbus**2)
        return self.apex - self.cornea + math.sqrt(self.cornea**2 - self.limbus**2)

    def packed(self, iris: Array, white: Array, seed: int, highlights: Array) -> Array:
        """(32,) numbers as `eye_colour` reads them."""
        out = np.zeros(32)
        behind = self.limbus_depth - math.sqrt(self.globe**2 - self.limbus**2)
        out[:8] = (
            behind, self.globe, self.apex - self.cornea, self.cornea, self.limbus, self.plane, self.pupil,
            self.refraction,
        )  # fmt: skip
        out[8:11], out[11:14], out[14], out[15] = iris, white, seed % 97, self.limbus_depth
        out[16 : 16 + highlights.size] = highlights.ravel()
        return out


@numba.njit(cache=True, fastmath=True)
def _hit(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float, radius: float) -> float:
    """Distance along a ray to the near side of a sphere about the origin, -1 where it misses."""
    along = ox * dx + oy * dy + oz * dz
    under = along * along - (ox * ox + oy * oy + oz * oz) + radius * radius
    return -along - math.sqrt(under) if under > 0 else -1.0


@numba.njit(cache=True, fastmath=True)
def _smooth(value: float, low: float, high: float) -> float:
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)


@numba.njit(cache=True, fastmath=True)
def eye_colour(rgb: Array, right: float, up: float, centre: Array, turn: Array, look: Array, light: Array) -> None:
    """Colour where a camera's ray (slopes ``right``, ``up``) meets the eye; ``turn`` is the eye's rotation in space."""
    size = math.sqrt(right * right + up * up + 1)
    wx, wy, wz = right / size, up / size, -1 / size
    ox = -(turn[0, 0] * centre[0] + turn[1, 0] * centre[1] + turn[2, 0] * centre[2])
    oy = -(turn[0, 1] * centre[0] + turn[1, 1] * centre[1] + turn[2, 1] * centre[2])
    oz = -(turn[0, 2] * centre[0] + turn[1, 2] * centre[1] + turn[2, 2] * centre[2])
    dx = turn[0, 0] * wx + turn[1, 0] * wy + turn[2, 0] * wz
    dy = turn[0, 1] * wx + turn[1, 1] * wy + turn[2, 1] * wz
    dz = turn[0, 2] * wx + turn[1, 2] * wy + turn[2, 2] * wz
    far = _hit(ox, oy, oz - look[0], dx, dy, dz, look[1])
    clear = look[3] > 0
    cornea = _hit(ox, oy, oz - look[2], dx, dy, dz, look[3]) if clear else -1.0
    if cornea > 0 and (far < 0 or cornea < far):
        far = cornea
    else:
        cornea = -1.0
    if far < 0:
        rgb[0], rgb[1], rgb[2] = look[11] * 0.55, look[12] * 0.38, look[13] * 0.34
        return
    x, y, z = ox + far * dx, oy + far * dy, oz + far * dz
    base = look[2] if cornea > 0 else look[0]
    radius = look[3] if cornea > 0 else look[1]
    nx, ny, nz = x / radius, y / radius, (z - base) / radius
    off = math.hypot(x, y)
    iris = (1 - _smooth(off, look[4] - 0.00035, look[4] + 0.00035)) if z > 0 else 0.0
    pink = 0.10 * _smooth(off, 0.008, 0.0115)
    lx = turn[0, 0] * light[0] + turn[1, 0] * light[1] + turn[2, 0] * light[2]
    ly = turn[0, 1] * light[0] + turn[1, 1] * light[1] + turn[2, 1] * light[2]
    lz = turn[0, 2] * light[0] + turn[1, 2] * light[1] + turn[2, 2] * light[2]
    lit = light[3] + (1 - light[3]) * (0.35 + 0.65 * max(0.0, nx * lx + ny * ly + nz * lz))
    for k in range(3):
        rgb[k] = look[11 + k] * (1 - pink * (0 if k == 0 else 1)) * lit
    if iris > 0:
        _iris(rgb, iris, x, y, z, dx, dy, dz, nx, ny, nz, look, lit)
    if clear:
        _lamps(rgb, wx, wy, wz, nx, ny, nz, turn, look)


@numba.njit(cache=True, fastmath=True)
def _iris(  # noqa: PLR0913
    rgb: Array, share: float, x: float, y: float, z: float, dx: float, dy: float, dz: float, nx: float, ny: float,
    nz: float, look: Array, lit: float,
) -> None:  # fmt: skip
    if look[7] > 1:
        ratio = 1 / look[7]
        cos = -(nx * dx + ny * dy + nz * dz)
        bend = ratio * cos - math.sqrt(max(0.0, 1 - ratio * ratio * (1 - cos * cos)))
        dx, dy, dz = ratio * dx + bend * nx, ratio * dy + bend * ny, ratio * dz + bend * nz
    if look[3] > 0:
        go = (look[5] - z) / dz if dz < -1e-6 else 0.0
        x, y = x + go * dx, y + go * dy
    off, angle = math.hypot(x, y), math.atan2(y, x)
    seed = look[14]
    streak = 1 + 0.16 * math.sin(angle * 23 + seed + 5 * math.sin(angle * 7 + seed)) + 0.1 * math.sin(angle * 51 + seed)
    rim = 1 - 0.45 * _smooth(off, look[4] - 0.0016, look[4])
    pupil = 1 - _smooth(off, look[6] - 0.00015, look[6] + 0.00015)
    inner = 1 + 0.15 * (1 - _smooth(off, look[6], look[6] + 0.0012))
    for k in range(3):
        colour = look[8 + k] * streak * rim * inner * (1 - pupil) + 0.015 * pupil
        rgb[k] += (colour * (0.5 + 0.5 * lit) - rgb[k]) * share


@numba.njit(cache=True, fastmath=True)
def _lamps(  # noqa: PLR0913
    rgb: Array, wx: float, wy: float, wz: float, nx: float, ny: float, nz: float, turn: Array, look: Array
) -> None:
    sx = turn[0, 0] * nx + turn[0, 1] * ny + turn[0, 2] * nz
    sy = turn[1, 0] * nx + turn[1, 1] * ny + turn[1, 2] * nz
    sz = turn[2, 0] * nx + turn[2, 1] * ny + turn[2, 2] * nz
    cos = -(sx * wx + sy * wy + sz * wz)
    rx, ry, rz = wx + 2 * cos * sx, wy + 2 * cos * sy, wz + 2 * cos * sz
    for lamp in range(3):
        at = 16 + 5 * lamp
        if look[at + 4] <= 0 or rz <= 0:
            continue
        across, up = abs(rx / rz - look[at]), abs(ry / rz - look[at + 1])
        edge = (1 - _smooth(across, look[at + 2] * 0.9, look[at + 2] * 1.1)) * (
            1 - _smooth(up, look[at + 3] * 0.9, look[at + 3] * 1.1)
        )
        for k in range(3):
            rgb[k] += edge * look[at + 4]
