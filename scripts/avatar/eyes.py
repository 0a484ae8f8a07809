"""Eyeballs, corneas, lashes and the lids' soft shadow on the eye; built for the left, mirrored for the right."""

from __future__ import annotations

import numpy as np

from avatar.lids import (
    CORNEA_APEX,
    EYE_CENTRE,
    EYEBALL_RADIUS,
    HALF_WIDTH,
    POSES,
    REST,
    LidGrid,
    LidPose,
    on_lid,
    to_head,
)
from avatar.looks import Look
from avatar.mesh import Array, Part, grid_triangles, joined, smoothstep

IRIS_RADIUS = 6.3
TEXTURE_HALF_MM = 10.0
"""The eye's texture covers this far from its axis on every side, projected along the axis."""
PUPIL_SHARE = 0.36
"""Pupil radius over iris radius."""
_COLUMNS = 40


def eyeball() -> Part:
    """Sclera and a slightly hollow iris of the left eye; follows the bone LeftEye."""
    limbus = np.arcsin(IRIS_RADIUS / EYEBALL_RADIUS)
    rings = [(0.0, 0.0)]
    rim_depth = EYEBALL_RADIUS * np.cos(limbus)
    for share in (0.18, 0.36, 0.55, 0.75, 0.92):
        rings.append((IRIS_RADIUS * share, rim_depth - 0.75 * (1 - share**2) - 0.25))
    rings[0] = (0.001, rim_depth - 1.0)
    for angle in np.concatenate([[limbus], np.linspace(limbus + 0.05, np.radians(95), 8), np.radians([115, 140, 165])]):
        rings.append((EYEBALL_RADIUS * np.sin(angle), EYEBALL_RADIUS * np.cos(angle)))
    points = _revolved(np.array(rings))
    uv = 0.5 + points[:, :2] * (1, -1) / (2 * TEXTURE_HALF_MM)
    triangles = grid_triangles(len(rings), _COLUMNS, closed=True)
    part = Part("eyeballLeft", "eye", points + EYE_CENTRE, triangles, uv=np.clip(uv, 0, 1)).rigid("LeftEye")
    part.normals = _wet_normals(points, limbus)
    return part


def _wet_normals(points: Array, limbus: float) -> Array:
    """Normals of the wet surface: the cornea's dome over the hollow iris, so that it mirrors lights as an eye does."""
    share = np.clip(np.hypot(points[:, 0], points[:, 1]) / IRIS_RADIUS, 0, 1)
    tilt = limbus * (1.45 * share - 0.45 * share**4)
    turn = np.arctan2(points[:, 1], points[:, 0])
    dome = np.stack([np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)], axis=-1)
    sphere = points / np.linalg.norm(points, axis=1, keepdims=True)
    front = (share < 0.999) & (points[:, 2] > 0)
    return np.where(front[:, None], dome, sphere)


def cornea() -> Part:
    """The clear bulge over the iris of the left eye, which catches the highlight."""
    edge = np.arcsin(IRIS_RADIUS / EYEBALL_RADIUS) + 0.10
    angles = np.linspace(0.002, edge, 8)
    rise = (np.cos(angles) - np.cos(edge)) / (1 - np.cos(edge))
    radius = EYEBALL_RADIUS + 0.03 + (CORNEA_APEX - EYEBALL_RADIUS - 0.03) * rise**0.9
    rings = np.stack([radius * np.sin(angles), radius * np.cos(angles)], axis=-1)
    triangles = grid_triangles(len(rings), _COLUMNS, closed=True)
    return Part("corneaLeft", "cornea", _revolved(rings) + EYE_CENTRE, triangles).rigid("LeftEye")


def _revolved(rings: Array) -> Array:
    """(R, 2) radius and height -> (R * columns, 3) about +Z."""
    turn = 2 * np.pi * np.arange(_COLUMNS) / _COLUMNS
    x = rings[:, :1] * np.cos(turn)
    y = rings[:, :1] * np.sin(turn)
    return np.stack([x, y, np.repeat(rings[:, 1:], _COLUMNS, axis=1)], axis=-1).reshape(-1, 3)


def lid_shadow(rim: Array) -> Part:
    """A thin veil over the left eyeball along both lid margins; its texture fades from dark to clear."""
    grid = LidGrid.on_rim(rim)
    reach = np.where(grid.upper, np.radians(17.0), np.radians(7.0))
    shares = np.array([-0.25, 0.0, 0.2, 0.45, 0.7, 1.0])

    def veil(pose: LidPose) -> Array:
        margin, _ = grid.margin_rad(pose)
        s = grid.share()
        taper = np.sqrt(np.maximum(1 - s**2, 0))
        towards = np.where(grid.upper, -1.0, 1.0)
        rows = []
        for share in shares:
            p = on_lid(
                s * HALF_WIDTH * (1 - 0.12 * max(share, 0)), margin + towards * reach * share * taper, np.zeros_like(s)
            )
            radius = CORNEA_APEX + 0.09
            rows.append(to_head(p * radius / np.linalg.norm(p, axis=1, keepdims=True)))
        return np.array(rows).reshape(-1, 3)

    rest = veil(REST)
    v = np.repeat(np.clip(shares, 0, 1), len(rim)).reshape(len(shares), -1)
    v = np.where(grid.upper, 0.02 + 0.96 * v, 0.45 + 0.53 * v).ravel()
    return Part(
        "lidShadowLeft",
        "lid_shadow",
        rest,
        grid_triangles(len(shares), len(rim), closed=True),
        uv=np.stack([np.full_like(v, 0.5), v], axis=-1),
        morphs={name: veil(pose) - rest for name, pose in POSES.items()},
    ).rigid("Head")


def lashes(rim: Array, look: Look, rng: np.random.Generator) -> Part:
    """Upper and lower lashes of the left eye: tapered ribbons rooted on the lid margins, turning with the lids."""
    grid = LidGrid.on_rim(rim)
    share, upper = grid.share(), grid.upper
    order = np.argsort(share)
    specs = [(s, True) for s in np.linspace(-0.80, 0.99, 54)] + [(s, False) for s in np.linspace(-0.45, 0.93, 20)]
    shapes = [
        (s + rng.uniform(-0.012, 0.012), u, look.lash_length * rng.uniform(0.72, 1.08), rng.uniform(-0.16, 0.16))
        for s, u in specs
    ]

    def ribbons(pose: LidPose) -> Array:
        margin, lift = grid.margin_rad(pose)
        out = []
        for s, is_upper, length, lean in shapes:
            chosen = [i for i in order if upper[i] == is_upper]
            angle = np.interp(s, share[chosen], margin[chosen])
            height = np.interp(s, share[chosen], lift[chosen])
            out.append(_lash(s, float(angle), float(height), is_upper, length, lean))
        return np.concatenate(out)

    rest = ribbons(REST)
    per = 8
    one = grid_triangles(per // 2, 2, closed=False)
    triangles = np.concatenate([one + per * i for i in range(len(shapes))])
    return (
        Part(
            "lashesLeft",
            "hair_fine",
            rest,
            triangles,
            morphs={name: ribbons(pose) - rest for name, pose in POSES.items()},
        )
        .rigid("Head")
        .painted(look.lash)
    )


def _lash(s: float, angle: float, lift: float, upper: bool, length: float, lean: float) -> Array:
    """(8, 3) head positions of one lash: four pairs of points from root to tip."""
    out_x, up, forward = np.eye(3)
    radial = np.sin(angle) * up + np.cos(angle) * forward
    along = (np.cos(angle) * up - np.sin(angle) * forward) * (1 if upper else -1)
    root = on_lid(np.array(s * HALF_WIDTH), np.array(angle), np.array(lift - 0.15))
    reach = length * ((5.2 + 2.6 * smoothstep(-0.9, 0.7, s)) if upper else 1.7)
    width = 0.34 if upper else 0.09
    points = []
    for u in np.linspace(0, 1, 4):
        curl = (-0.30 * u + 0.85 * u * u) if upper else (0.15 * u + 0.5 * u * u)
        middle = root + reach * (radial * 0.85 * u * (1 - 0.15 * u) + along * curl + out_x * (0.55 * s + lean) * u)
        half = width * (1 - u) ** 0.8 / 2 + 0.008
        points += [middle - out_x * half, middle + out_x * half]
    return to_head(np.array(points))


def eye_parts(rim: Array, look: Look) -> dict[str, Part]:
    """Both eyes' parts by name; ``rim`` is the loop of skin around the left lids, (C, 3)."""
    rng = np.random.default_rng(20)
    left = {
        "eyeballs": eyeball(),
        "corneas": cornea(),
        "lid_shadows": lid_shadow(rim),
        "lashes": lashes(rim, look, rng),
    }
    return {name: joined(name, [part, part.mirrored()]) for name, part in left.items()}
