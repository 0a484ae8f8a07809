"""Hair: a sculpted short cut that grows from a crown, and brows made of small strokes on the skin."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import KDTree

from avatar.form import ellipsoid, head_distance, smooth_union
from avatar.looks import Colour, Cut
from avatar.mesh import Array, Part, grid_triangles, joined, smoothstep

SCALP_CENTRE = np.array([0.0, 20.0, -74.0])
_CROWN = np.array([0.12, 0.90, -0.42]) / np.linalg.norm([0.12, 0.90, -0.42])
_ROWS, _COLUMNS = 23, 160

HIDDEN_DEG = 12.0
"""Scalp this far inside the hair's edge is left out."""


def _edge_deg(around_rad: Array, cut: Cut) -> Array:
    """Angle from straight up (around the scalp's centre) of the hair's edge, by angle around the head."""
    around = np.degrees(np.abs((around_rad + np.pi) % (2 * np.pi) - np.pi))
    table = np.array(cut.edge_deg)
    grid = np.arange(0, 181)
    smooth = np.interp(grid, table[:, 0], table[:, 1])
    padded = np.concatenate([smooth[5:0:-1], smooth, smooth[-2:-7:-1]])
    return np.interp(around, grid, np.convolve(padded, np.hanning(13)[1:-1] / np.hanning(13).sum(), mode="valid"))


def haircut(cut: Cut, colour: Colour) -> tuple[Part, Part]:
    """The hair as a shell, and the strands that lie on it; both follow the bone Head.

    Args:
        cut: its shape.
        colour: linear.
    """
    rng = np.random.default_rng(5)
    around = 2 * np.pi * np.arange(_COLUMNS) / _COLUMNS
    locks = _locks(around, rng) * cut.locks
    fine = _fine_strands(around, rng) * cut.fine
    curls = cut.curls_mm * _curls(rng)
    share = np.concatenate([np.linspace(0.0, 1.0, _ROWS) ** 0.9, [1.0, 0.985, 0.95, 0.9]])
    under = np.concatenate([np.zeros(_ROWS), [0.35, 0.75, 1.0, 1.15]])
    thick = np.interp(np.degrees(np.abs((around + np.pi) % (2 * np.pi) - np.pi)), *np.array(cut.thickness_mm).T)
    front = _front(around)
    rows, shades = [], []
    for row, (t, u) in enumerate(zip(share, under, strict=True)):
        twist = cut.twist * smoothstep(0.1, 1.0, t) * front
        jagged = 1.9 * _shifted(locks, twist) * (0.2 + 0.8 * front) + 0.5 * _shifted(fine, twist)
        edge = np.radians(_edge_deg(around, cut) + cut.jagged_deg * jagged)
        direction = _from_crown(around, edge, t)
        scalp = _on_scalp(direction, cut)
        body = cut.crown_mm + (thick - cut.crown_mm) * smoothstep(0.0, 0.4, t)
        taper = 0.2 if cut.hangs else 0.72 + 0.2 * front
        body = body * (1 - taper * smoothstep(0.66, 1.0, t)) * (1 + 0.25 * front * np.sin(around + 0.4))
        relief = ((1.6 + 1.3 * front) * _shifted(locks, twist) + 0.6 * _shifted(fine, twist)) * smoothstep(
            0.03, 0.35, t
        )
        relief = relief + curls[row] * smoothstep(1.0, 0.9, t)
        height = (body + relief * (1 - 0.35 * smoothstep(0.85, 1.0, t))) * (1 - u) - 6.5 * u
        quiff = cut.quiff_mm * front * smoothstep(0.4, 0.72, t) * smoothstep(1.0, 0.78, t)
        rows.append(scalp + direction * height[:, None] + quiff[:, None] * np.array([0.12, 0.8, 0.25]))
        tone = 0.84 + 0.20 * _shifted(locks, twist) + 0.12 * _shifted(fine, twist) + 0.12 * np.sign(curls[row])
        shades.append(tone * (1 - 0.2 * min(u, 1.0)))
    points = np.array(rows).reshape(-1, 3)
    colours = np.clip(np.array(shades).reshape(-1, 1), 0.25, 1.2) * np.array(colour)
    part = Part("hair", "hair", points, grid_triangles(len(rows), _COLUMNS, closed=True), colours=colours)
    grid = np.array(rows[:_ROWS])
    return part.rigid("Head"), strands(grid, share[:_ROWS], cut, colour)


_STRAND_POINTS = 4


def strands(grid: Array, share: Array, cut: Cut, colour: Colour) -> Part:
    """Tapered ribbons that follow the shell from crown to hairline, stand off it a little and pass its edge.

    Args:
        grid: (R, C, 3) of the shell.
        share: (R,) how far from crown to edge each of its rows is.
        cut: shape of the hair.
        colour: linear.
    """
    rng = np.random.default_rng(17)
    count = cut.strands
    edge = rng.random(count) < 0.45
    length = rng.uniform(0.18, 0.34, count) * np.where(cut.curls_mm > 0, 0.35, 1.0)
    start = np.where(edge, rng.uniform(0.9, 1.0, count) - length * 0.75, rng.uniform(0.06, 0.8, count))
    u = np.linspace(0, 1, _STRAND_POINTS)
    t = start[:, None] + length[:, None] * u
    wander = rng.normal(0, 1.0 + 1.6 * (cut.curls_mm > 0), (count, 1)) * u**1.5
    column = rng.uniform(0, _COLUMNS, (count, 1)) + wander
    points = _on_grid(grid, share, t, column)
    outward = points - SCALP_CENTRE
    outward /= np.linalg.norm(outward, axis=-1, keepdims=True)
    stand = (
        rng.uniform(0.3, 1.5, (count, 1)) * np.sin(np.pi * np.clip(u + 0.12, 0, 1))
        + cut.frizz_mm * rng.uniform(0.2, 1.0, (count, 1)) * u
    )
    points = points + outward * stand[..., None]
    heading = np.gradient(points, axis=1)
    side = np.cross(outward, heading)
    side /= np.maximum(np.linalg.norm(side, axis=-1, keepdims=True), 1e-9)
    half = rng.uniform(0.3, 0.7, (count, 1)) * np.sin(np.pi * np.clip(0.12 + 0.86 * u, 0, 1)) ** 0.8 + 0.02
    pairs = np.stack([points - side * half[..., None], points + side * half[..., None]], axis=2).reshape(-1, 3)
    one = grid_triangles(_STRAND_POINTS, 2, closed=False)
    triangles = (one[None] + 2 * _STRAND_POINTS * np.arange(count)[:, None, None]).reshape(-1, 3)
    per = 2 * _STRAND_POINTS
    tone = np.repeat(rng.uniform(0.62, 1.55, count) * (1 + cut.silver * (rng.random(count) < 0.3) * 4), per)
    normals = np.repeat(outward, 2, axis=1).reshape(-1, 3) + np.repeat(
        rng.normal(0, 0.10 if cut.frizz_mm else 0.14, (count, 3)), per, axis=0
    )
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    part = Part("strands", "hair_strands", pairs, triangles, colours=np.clip(tone[:, None] * np.array(colour), 0, 1))
    part.normals = normals
    return part.rigid("Head")


def _on_grid(grid: Array, share: Array, t: Array, column: Array) -> Array:
    """(N, K, 3) points of the shell by share of the way and column; beyond the edge they go straight on."""
    row = np.interp(np.clip(t, 0, 1), share, np.arange(len(share)))
    row = np.where(t > 1, len(share) - 1 + (t - 1) * (len(share) - 1), row)
    low = np.clip(np.floor(row).astype(int), 0, len(share) - 2)
    down, left = (row - low)[..., None], np.floor(column).astype(int)
    across = (column - left)[..., None]
    corner = [[grid[low + i, (left + j) % grid.shape[1]] for j in (0, 1)] for i in (0, 1)]
    upper, lower = ((1 - across) * pair[0] + across * pair[1] for pair in corner)
    return upper + (lower - upper) * down


def hidden_under(points: Array, cut: Cut) -> Array:
    """(V,) whether a point of the scalp lies well inside the hair's edge, where nobody sees it."""
    away = points - SCALP_CENTRE
    from_up = np.degrees(np.arccos(away[:, 1] / np.maximum(np.linalg.norm(away, axis=1), 1e-9)))
    most = 95.0 if cut.hangs else 180.0  # hair that hangs leaves the neck free
    return from_up < np.minimum(_edge_deg(np.arctan2(away[:, 0], away[:, 2]), cut), most) - HIDDEN_DEG


def _curls(rng: np.random.Generator) -> Array:
    """(rows, columns) -1..1: small rounded bumps."""
    noise = gaussian_filter1d(gaussian_filter1d(rng.normal(size=(_ROWS + 4, _COLUMNS)), 0.7, axis=0), 1.3, mode="wrap")
    return np.clip(noise / np.abs(noise).std() * 0.6, -1, 1)


def _front(around: Array) -> Array:
    return smoothstep(np.radians(75), np.radians(20), np.abs((around + np.pi) % (2 * np.pi) - np.pi))


def _locks(around: Array, rng: np.random.Generator) -> Array:
    """Broad clumps of hair: a rounded saw along the angle around the head, -1..1."""
    edges = np.cumsum(rng.uniform(0.7, 1.5, 34))
    phase = np.interp(around / (2 * np.pi) * edges[-1], np.concatenate([[0], edges]), np.arange(35))
    return 1 - 2 * np.abs(2 * (phase % 1) - 1) ** 1.8


def _fine_strands(around: Array, rng: np.random.Generator) -> Array:
    waves = sum(np.sin(k * around + rng.uniform(0, 2 * np.pi)) for k in (57, 71, 83))
    return np.asarray(waves) / 3


def _shifted(values: Array, shift_rad: Array) -> Array:
    """A periodic function of the angle, looked up at a shifted angle."""
    count = len(values)
    place = (np.arange(count) + shift_rad / (2 * np.pi) * count) % count
    return np.interp(place, np.arange(count + 1), np.concatenate([values, values[:1]]))


def _from_crown(around: Array, edge: Array, t: float) -> Array:
    """(C, 3) directions a share ``t`` of the way from the crown to the hairline, on great circles."""
    goal = np.stack([np.sin(around) * np.sin(edge), np.cos(edge), np.cos(around) * np.sin(edge)], axis=-1)
    angle = np.arccos(np.clip(goal @ _CROWN, -1, 1))
    away = goal - (goal @ _CROWN)[:, None] * _CROWN
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    a = (angle * max(t, 0.002))[:, None]
    return np.cos(a) * _CROWN + np.sin(a) * away


def _on_scalp(direction: Array, cut: Cut) -> Array:
    distance = _hung_distance if cut.hangs else head_distance
    low, high = np.zeros(len(direction)), np.full(len(direction), 200.0)
    for _ in range(40):
        middle = (low + high) / 2
        inside = distance(SCALP_CENTRE + direction * middle[:, None]) < 0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return SCALP_CENTRE + direction * low[:, None]


def _hung_distance(points: Array) -> Array:
    """Signed distance to what hair hangs around: the cranium, and a long egg below it that narrows towards the neck."""
    cranium = ellipsoid(points, (0, 27, -78), (76, 86, 97))
    below = ellipsoid(points, (0, -22, -82), (82, 128, 86))
    return smooth_union(cranium, below, 24.0)


def brows(skin_points: Array, skin_normals: Array, centre_line: Array, half_height: Array, colour: Colour) -> Part:
    """The left brow: tapered strokes lying on the skin, rising at the inner end and sweeping out along the brow.

    Args:
        skin_points: (V, 3) of the skin.
        skin_normals: (V, 3).
        centre_line: (5, 3) the brow's middle from the inner to the outer end.
        half_height: (5,) half its height there, millimetres.
        colour: linear.
    """
    rng = np.random.default_rng(11)
    tree = KDTree(skin_points)
    places = np.linspace(0, 1, 5)
    pieces, triangles, colours = [], [], []
    one = grid_triangles(3, 2, closed=False)
    for place in np.sort(rng.beta(1.15, 1.0, 330) * 0.98):
        across = np.clip(rng.normal(0.0, 0.55), -1.15, 1.15)
        middle = np.array([np.interp(place, places, centre_line[:, i]) for i in range(3)])
        ahead = np.array([np.interp(place + 0.08, places, centre_line[:, i]) for i in range(3)])
        behind = np.array([np.interp(place - 0.08, places, centre_line[:, i]) for i in range(3)])
        along = (ahead - behind) / np.linalg.norm(ahead - behind)
        tall = np.interp(place, places, half_height)
        rise = 1.15 * (1 - place) ** 2 + 0.15 - 0.42 * max(across, 0) - 0.5 * place
        heading = along + np.array([0, rise, 0])
        heading /= np.linalg.norm(heading)
        heading += rng.normal(0.0, 0.13, 3)
        heading /= np.linalg.norm(heading)
        root = middle + np.array([0, across * tall, 0])
        thin = rng.uniform(0.6, 1.15)
        length = rng.uniform(3.6, 6.2) * (1 - 0.3 * place)
        pairs = []
        for u in (0.0, 0.5, 1.0):
            point = root + heading * length * u + np.array([0, -0.8 * u * u, 0])
            distance, near = tree.query(point, k=4)
            weight = 1 / (distance + 0.5)
            normal = (skin_normals[near] * weight[:, None]).sum(0)
            normal /= np.linalg.norm(normal)
            offset = ((point - skin_points[near]) * skin_normals[near]).sum(1)
            point = (
                point
                - normal * (offset * weight).sum() / weight.sum()
                + normal * (0.25 + 0.75 * np.sin(np.pi * min(u + 0.15, 1)))
            )
            side = np.cross(normal, heading)
            half = thin * (0.13 * (1 - u * u) + 0.012)
            pairs += [point - side * half, point + side * half]
        triangles.append(one + 6 * len(pieces))
        pieces.append(np.array(pairs))
        colours.append(np.tile(np.array(colour) * rng.uniform(0.7, 1.9), (6, 1)))
    part = Part(
        "browLeft", "hair_fine", np.concatenate(pieces), np.concatenate(triangles), colours=np.concatenate(colours)
    )
    return part.rigid("Head")


def both_brows(left: Part) -> Part:
    """The pair."""
    return joined("brows", [left, left.mirrored()])
