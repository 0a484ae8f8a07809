"""The control mesh of the head: the mean face, warped a little towards a friendly stylisation, a skull and a neck."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from avatar import lids
from avatar.lids import EYE_CENTRE
from avatar.looks import Face, shaped
from avatar.mesh import Array, bump, smoothstep

MEAN_FACE = Path(__file__).with_name("mean_face.json")

FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
LEFT_EYE_RINGS = (
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    (359, 255, 339, 254, 253, 252, 256, 341, 463, 414, 286, 258, 257, 259, 260, 467),
    (446, 261, 448, 449, 450, 451, 452, 453, 464, 413, 441, 442, 443, 444, 445, 342),
)
"""Rings around the left eye from the lid margin outwards; outer corner first, then along the lower lid."""
INNER_LIPS_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LIPS_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)

RING_PROFILE = (
    ((86.0, -10.0), (-114.5, -10.0)),
    ((109.0, -50.0), (-113.5, -29.0)),
    ((111.0, -100.0), (-114.5, -43.0)),
    ((84.0, -148.0), (-120.0, -50.0)),
    ((32.0, -172.0), (-130.0, -52.0)),
    ((-22.0, -168.0), (-144.0, -51.0)),
    ((-70.0, -152.0), (-158.0, -50.0)),
    ((-120.0, -148.0), (-178.0, -48.0)),
    ((-175.0, -150.0), (-205.0, -45.0)),
    ((-225.0, -158.0), (-238.0, -42.0)),
)
"""(y, z) of each ring's highest and lowest point, from behind the face oval over the skull down to the neck's end."""
RING_BOW_MM = (58.0, 42.0, 20.0, 4.0, *[0.0] * 6)
"""How far the sides of each ring lie behind its plane: the face's own rim is bowed so."""
RING_BLEND = (0.8, 0.5, 0.25, 0.1, *[0.0] * 6)
"""Share of the face rim's distance from the plain skull that each ring still has."""


LIPS_OVERLAP = np.array([0.0, 0.2, 0.0])
"""Each lip's edge passes the other by this much when the mouth rests."""


@dataclass(frozen=True)
class ControlMesh:
    """The coarse head. Vertices 0..467 are the tracked landmarks, then the rings of the skull and neck.

    Attributes:
        positions: (V, 3).
        triangles: (F, 3), with holes at the eyes and the mouth.
        mirror: (V,) index of each vertex's mirror image.
    """

    positions: Array
    triangles: Array
    mirror: Array


def control_mesh(shape: Face) -> ControlMesh:
    """Mean face, shaped as a look asks, plus skull and neck rings."""
    document = json.loads(MEAN_FACE.read_text())
    mirror = np.array(document["mirror"])
    face = styled(shaped(np.array(document["positions_m"]) * 1000.0, shape), mirror)
    triangles = symmetric_triangles(np.array(document["triangles"]), mirror, face)
    rings = skull_and_neck_rings(face)
    positions = np.concatenate([face, rings.reshape(-1, 3)])
    oval = np.array(FACE_OVAL)
    loops = np.concatenate([oval[None], len(face) + np.arange(rings.shape[0] * len(oval)).reshape(-1, len(oval))])
    triangles = np.concatenate([triangles, ring_triangles(loops)])
    around = (-np.arange(len(oval))) % len(oval)
    mirror = np.concatenate([mirror, loops[1:][:, around].ravel()])
    positions = (positions + positions[mirror] * (-1, 1, 1)) / 2
    return ControlMesh(positions, triangles, mirror)


def symmetric_triangles(triangles: Array, mirror: Array, positions: Array) -> Array:
    """The left half of the triangles and its mirror image (the published mesh has a few asymmetric diagonals)."""
    left = triangles[positions[triangles][:, :, 0].mean(axis=1) > 0]
    return np.concatenate([left, mirror[left][:, ::-1]])


def ring_triangles(loops: Array) -> Array:
    """Quads between successive loops, each cut along the diagonal that mirrors itself."""
    count = loops.shape[1]
    out = []
    for inner, outer in pairwise(loops):
        for i in range(count):
            j = (i + 1) % count
            a, b, c, d = inner[i], inner[j], outer[i], outer[j]
            out += [(a, b, c), (b, d, c)] if i >= count // 2 else [(a, d, c), (a, b, d)]
    return np.array(out)


def styled(face: Array, mirror: Array) -> Array:
    """Close the lips and make the eyes a little larger; everything else stays the mean of real people."""
    face = face.copy()
    for upper, lower in zip(INNER_LIPS_UPPER, INNER_LIPS_LOWER, strict=True):
        middle = (face[upper] + face[lower]) / 2
        face[upper], face[lower] = middle - LIPS_OVERLAP, middle + LIPS_OVERLAP
    for centre in (EYE_CENTRE, EYE_CENTRE * (-1, 1, 1)):
        distance = np.hypot(face[:, 0] - centre[0], (face[:, 1] - centre[1]) * 1.25)
        near = (face[:, 2] > -25) & (np.sign(face[:, 0]) == np.sign(centre[0]))
        grow = np.where(near, bump(distance, 34.0), 0.0)[:, None] * 0.14
        face += (face - centre) * grow * (1, 1, 0)
    face = (face + face[mirror] * (-1, 1, 1)) / 2
    set_lid_rings(face, mirror)
    return face


def set_lid_rings(face: Array, mirror: Array) -> None:
    """Lay the two inner rings of each eye on the lid surface, so that the sculpted lids meet the skin smoothly."""
    margin_ring, fold_ring, _ = (np.array(r) for r in LEFT_EYE_RINGS)
    count = len(margin_ring)
    for ring, reach, above, below, lift in ((margin_ring, 1.0, 0.0, 0.0, 0.0), (fold_ring, 1.13, 11.0, 10.0, 1.3)):
        turn = 2 * np.pi * np.arange(count) / count
        side = np.cos(turn) * reach * lids.HALF_WIDTH
        upper = np.sin(turn) < -1e-9
        s = np.clip(side / lids.HALF_WIDTH, -1, 1)
        angle = np.where(upper, lids.margin_upper_rad(s), lids.margin_lower_rad(s))
        angle = angle - np.sin(turn) * np.radians(np.where(upper, above, below))
        face[ring] = lids.to_head(lids.on_lid(side, angle, np.full(count, lift)))
        face[mirror[ring]] = face[ring] * (-1, 1, 1)


def smooth_union(a: Array, b: Array, radius: float) -> Array:
    """Polynomial smooth minimum of two signed distances (Quilez)."""
    h = np.maximum(radius - np.abs(a - b), 0) / radius
    return np.minimum(a, b) - h * h * radius / 4


def ellipsoid(points: Array, centre: tuple[float, float, float], semi: tuple[float, float, float]) -> Array:
    """Approximate signed distance to an ellipsoid."""
    q = (points - centre) / semi
    length = np.maximum(np.linalg.norm(q, axis=-1), 1e-9)
    gradient = np.maximum(np.linalg.norm(q / semi, axis=-1), 1e-9)
    return length * (length - 1) / gradient


def head_distance(points: Array) -> Array:
    """Signed distance to the head without its face: cranium, jaw and neck melted together."""
    cranium = ellipsoid(points, (0, 27, -78), (75, 86, 97))
    jaw = ellipsoid(points, (0, -58, -50), (64, 55, 68))
    y = points[..., 1]
    flare = 1 + 0.35 * smoothstep(-165, -245, y)
    axis_z = -96 - 0.06 * (y + 150)
    neck = np.hypot(points[..., 0] / (50 * flare), (points[..., 2] - axis_z) / (47 * flare)) * 48 - 48
    neck = np.maximum(neck, y + 60)
    return smooth_union(smooth_union(cranium, jaw, 30), neck, 34)


def skull_and_neck_rings(face: Array) -> Array:
    """(rings, 36, 3): where rays in each ring's plane leave `head_distance`."""
    oval = face[list(FACE_OVAL)]
    turn = np.arctan2(oval[:, 0], oval[:, 1] + 28.0)
    even = np.linspace(0, 2 * np.pi, len(oval), endpoint=False)
    turn = np.unwrap(turn)
    level = head_distance(oval)
    level = np.sign(level) * np.minimum(np.abs(level), 14.0)
    rings = []
    for k, (top, bottom) in enumerate(RING_PROFILE):
        top_point, bottom_point = np.array([0, *top]), np.array([0, *bottom])
        centre = (top_point + bottom_point) / 2
        up = (top_point - bottom_point) / np.linalg.norm(top_point - bottom_point)
        angle = turn + (even - turn) * min(1.0, k / 6)
        ray = np.cos(angle)[:, None] * up + np.sin(angle)[:, None] * np.array([1.0, 0, 0])
        bow = np.array([0, 0, -1.0]) * (RING_BOW_MM[k] * np.abs(np.sin(angle)) ** 1.5)[:, None]
        rings.append(_surface_along(centre + bow, ray, level * RING_BLEND[k]))
    return np.array(rings)


def _surface_along(origin: Array, rays: Array, level: Array) -> Array:
    low, high = np.zeros(len(rays)), np.full(len(rays), 220.0)
    for _ in range(48):
        middle = (low + high) / 2
        inside = head_distance(origin + rays * middle[:, None]) < level
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return origin + rays * low[:, None]
