"""Colours: the eye's texture, the lid shadow's gradient, the skin's vertex colours and ambient occlusion."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from avatar import lids
from avatar.expressions import BROW_LEFT
from avatar.eyes import IRIS_RADIUS, PUPIL_SHARE, TEXTURE_HALF_MM
from avatar.looks import Look
from avatar.mesh import Array, bump, smoothstep
from avatar.sculptor import LIP_RINGS
from avatar.skin import Skin

_INSIDE = np.array((0.300, 0.080, 0.085))
"""sRGB, as the colours of a look that mix with it; made linear at the end."""


def linear_from_srgb(value: Array) -> Array:
    """SRGB 0..1 -> linear 0..1 (IEC 61966-2-1)."""
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def eye_texture(look: Look, size: int = 256) -> Array:
    """(size, size, 3) sRGB: pupil, iris fibres, collarette, limbal ring, sclera with a warm edge and faint veins."""
    rng = np.random.default_rng(3)
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(axis * TEXTURE_HALF_MM, -axis * TEXTURE_HALF_MM)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    r = radius / IRIS_RADIUS
    fibres = np.zeros_like(r)
    for k, amplitude in ((37, 0.8), (61, 1.0), (89, 0.9), (131, 0.7)):
        fibres += amplitude * np.sin(
            k * angle + rng.uniform(0, 6.3) + rng.uniform(2, 5) * r + 1.5 * np.sin(7 * angle + k)
        )
    fibres = fibres / 2.6 * smoothstep(0.3, 0.5, r)
    outer, inner = np.array(look.iris_outer), np.array(look.iris_inner)
    mix = smoothstep(0.42, 0.72, r + 0.05 * np.sin(11 * angle) + 0.03 * fibres)[..., None]
    iris = inner + (outer - inner) * mix
    iris = iris * (1 + 0.22 * fibres[..., None]) * (0.85 + 0.35 * smoothstep(1.0, 0.55, r))[..., None]
    iris *= (1 + 0.28 * smoothstep(0.2, -1.0, np.sin(angle)) * smoothstep(0.35, 0.7, r))[..., None]
    ring = smoothstep(0.80, 0.985, r)[..., None]
    iris = iris * (1 - 0.82 * ring) + np.array(look.iris_ring) * ring
    pupil = smoothstep(PUPIL_SHARE + 0.025, PUPIL_SHARE - 0.025, r)[..., None]
    iris = iris * (1 - pupil) + 0.012 * pupil
    veins = gaussian_filter(rng.normal(size=(size, size)), 2.2)
    veins = smoothstep(0.012, 0.0, np.abs(veins / np.abs(veins).max())) * smoothstep(7.5, 10.0, radius)
    warm = smoothstep(6.0, 11.5, radius)[..., None]
    sclera = np.array((0.905, 0.895, 0.880)) * (1 - warm) + np.array((0.840, 0.765, 0.730)) * warm
    sclera = sclera - veins[..., None] * np.array((0.02, 0.10, 0.10))
    edge = smoothstep(0.965, 1.055, r)[..., None]
    return np.clip(iris * (1 - edge) + sclera * edge, 0, 1)


def shadow_texture(rows: int = 64) -> Array:
    """(rows, 4, 4) sRGB and alpha: a dark warm tone, opaque above, clear below."""
    alpha = 0.62 * (1 - np.linspace(0, 1, rows)) ** 1.9
    pixels = np.zeros((rows, 4, 4))
    pixels[..., :3] = (0.10, 0.045, 0.04)
    pixels[..., 3] = alpha[:, None]
    return pixels


def skin_colours(skin: Skin, control: Array, lips: Array, look: Look) -> Array:
    """(V, 3) sRGB of the skin before occlusion.

    Args:
        skin: the skin.
        control: (C, 3) positions of the control vertices.
        lips: (V,) share of lip in each vertex.
        look: whose skin it is.
    """
    p = skin.positions
    colour = np.tile(look.skin, (len(p), 1))
    lip, blush, socket, wet = (np.array(c) for c in (look.lip, look.blush, look.socket, look.inner_lid))

    def blend(target: Array, amount: Array) -> None:
        nonlocal colour
        amount = np.clip(amount, 0, 1)[:, None]
        colour = colour * (1 - amount) + target * amount

    def near(landmark: int, radius: float) -> Array:
        both = [control[landmark], control[landmark] * (-1, 1, 1)]
        return np.maximum(*(bump(np.linalg.norm(p - c, axis=1), radius) for c in both))

    blend(blush, look.flush * (0.42 * near(425, 46) + 0.22 * near(280, 40)))
    blend(blush, look.flush * (0.40 * near(4, 24) + 0.20 * near(152, 30) + 0.25 * near(358, 16)))
    eye = np.minimum(*(np.linalg.norm((p - lids.EYE_CENTRE * (s, 1, 1)) * (0.85, 1.0, 0.6), axis=1) for s in (1, -1)))
    blend(socket, 0.55 * smoothstep(22.0, 13.0, eye) * (p[:, 2] > -25))
    blend(socket * 0.9, 0.35 * (skin.lid_row >= 0) * skin.upper_lid * smoothstep(9, 2, skin.lid_row))
    brow = np.array([control[list(pair)].mean(axis=0) for pair in BROW_LEFT])
    path = np.array(
        [[np.interp(t, np.linspace(0, 1, 5), brow[:, i]) for i in range(3)] for t in np.linspace(0, 0.95, 30)]
    )
    path[:, 1] -= 1.0
    across = np.minimum(
        *(np.linalg.norm(p[:, None] - path[None] * (s, 1, 1), axis=-1).min(axis=1) for s in (1.0, -1.0))
    )
    blend(np.array(look.brow_shade), 0.55 * smoothstep(5.5, 1.5, across))
    chin = (
        smoothstep(-44.0, -70.0, p[:, 1] + 0.32 * p[:, 2])
        * smoothstep(-118.0, -100.0, p[:, 1])
        * smoothstep(-74.0, -30.0, p[:, 2])
    )
    lip_hair = bump(np.hypot(p[:, 0] * 0.5, (p[:, 1] + 54.0) * 1.3), 14.0) * (p[:, 2] > 0)
    blend(np.array(look.skin) * (0.62, 0.60, 0.60), look.face.beard * 0.62 * np.maximum(chin, lip_hair))
    blend(lip, lips)
    rows = lids.ROWS
    blend(
        socket * (0.375, 0.296, 0.30),
        0.75 * (skin.lid_row == rows - 1) * skin.upper_lid + 0.35 * (skin.lid_row == rows - 1) * ~skin.upper_lid,
    )
    blend(wet, 1.0 * (skin.lid_row >= rows + 1))
    blend(wet * (0.88, 0.75, 0.736), 0.8 * (skin.lid_row >= rows + 2))
    blend(socket * 0.7, 0.85 * np.isin(skin.lid_row, (rows, rows + 1)) * skin.upper_lid)
    blend(_INSIDE, smoothstep(1, 3, skin.mouth_row))
    nostril = np.maximum(*(np.exp(-(((p - NOSTRIL * (s, 1, 1)) / NOSTRIL_SIZE) ** 2).sum(1)) for s in (1, -1)))
    blend(blush * (0.333, 0.205, 0.192), smoothstep(0.25, 0.75, nostril))
    return colour


NOSTRIL = np.array([8.0, -38.2, 30.0])
NOSTRIL_SIZE = np.array([4.6, 3.4, 6.2])


def lip_share(control_count: int) -> Array:
    """(control,) 1 on the red of the lips, 0 elsewhere."""
    share = np.zeros(control_count)
    rings = np.array(LIP_RINGS)
    share[rings[0]] = 0.62
    share[rings[1:].ravel()] = 1.0
    return share


def ambient_occlusion(
    points: Array, normals: Array, triangles: Array, *, directions: int = 96, size: int = 220
) -> Array:
    """(V,) share of the sky each vertex sees, cosine-weighted, from depth maps of many sides (Landis 2002)."""
    rng = np.random.default_rng(1)
    golden = np.pi * (3 - np.sqrt(5))
    k = np.arange(directions)
    y = 1 - 2 * (k + 0.5) / directions
    sky = np.stack([np.sqrt(1 - y * y) * np.cos(golden * k), y, np.sqrt(1 - y * y) * np.sin(golden * k)], axis=-1)
    corners = points[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    count = np.clip(np.ceil(area / 1.2), 1, 60).astype(int)
    owner = np.repeat(np.arange(len(triangles)), count)
    b = rng.random((len(owner), 2))
    b = np.where(b.sum(1, keepdims=True) > 1, 1 - b, b)
    c = corners[owner]
    samples = c[:, 0] + b[:, :1] * (c[:, 1] - c[:, 0]) + b[:, 1:] * (c[:, 2] - c[:, 0])
    extent = np.abs(points).max() * 1.5
    seen, total = np.zeros(len(points)), np.zeros(len(points))
    lifted = points + normals * 0.8
    for d in sky:
        facing = np.clip(normals @ d, 0, None)
        side = np.cross(d, (0.31, 0.77, 0.55))
        side /= np.linalg.norm(side)
        up = np.cross(d, side)

        def cell(q: Array, side: Array = side, up: Array = up) -> Array:
            uv = np.stack([q @ side, q @ up], axis=-1)
            ij = np.floor((uv + extent) / (2 * extent) * size * 2).astype(int)
            return np.clip(ij[:, 0], 0, 2 * size - 1) * 2 * size + np.clip(ij[:, 1], 0, 2 * size - 1)

        depth = np.full(4 * size * size, -1e9)
        np.maximum.at(depth, cell(samples), samples @ d)
        free = smoothstep(7.0, 1.6, depth[cell(lifted)] - lifted @ d)
        weight = facing * (0.75 + 0.25 * d[1])
        seen += weight * free
        total += weight
    return seen / np.maximum(total, 1e-9)


def shaded(colour_srgb: Array, occlusion: Array) -> Array:
    """Colours with occlusion baked in, warm in the dark as light bleeds through skin; linear."""
    open_ = np.clip(occlusion, 0, 1)[:, None]
    tint = open_ ** np.array((0.72, 0.98, 1.04))
    return linear_from_srgb(colour_srgb) * (0.18 + 0.82 * tint)
