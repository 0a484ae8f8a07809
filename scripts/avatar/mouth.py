"""Teeth, gums and tongue. The lower jaw's parts move exactly as the jaw does."""

from __future__ import annotations

import numpy as np

from avatar.mesh import Array, Part, grid_triangles, smoothstep
from avatar.sculptor import jaw_opened

MOUTH_Y, FRONT_Z = -66.5, 19.4
"""Height of the closed lips' line, and the front of the upper incisors."""
_TOOTH_WIDTHS = (8.2, 6.8, 7.4, 7.0, 7.0, 9.5, 9.0)
"""Widths of the upper teeth from the middle backwards (Wheeler's dental anatomy, rounded), millimetres."""

_TEETH = np.array((0.90, 0.83, 0.70))
_GUM = np.array((0.52, 0.17, 0.16))
_TONGUE = np.array((0.56, 0.19, 0.17))


def mouth_parts() -> list[Part]:
    """Upper teeth, lower teeth and tongue."""
    upper = _arch("upperTeeth", lower=False).rigid("Head")
    lower = _with_jaw(_arch("lowerTeeth", lower=True).rigid("Head"))
    return [upper, lower, _with_jaw(_tongue())]


def _with_jaw(part: Part) -> Part:
    one = np.ones(len(part.positions))
    part.morphs |= {
        "jawOpen": jaw_opened(part.positions, one),
        "jawForward": np.tile((0, -0.8, 6.0), (len(one), 1)),
        "jawLeft": np.tile((6.5, 0, -0.4), (len(one), 1)),
        "jawRight": np.tile((-6.5, 0, -0.4), (len(one), 1)),
    }
    return part


def _arch(name: str, *, lower: bool) -> Part:
    """A row of teeth with its gum: a ribbon around the dental arch from the gum over the crowns and back inside."""
    scale = 0.9 if lower else 1.0
    ends = np.cumsum(_TOOTH_WIDTHS) * scale
    starts = ends - np.array(_TOOTH_WIDTHS) * scale
    places, rounds, heights = [], [], []
    for index, (a, b) in enumerate(zip(starts, ends, strict=True)):
        for t in (0.0, 0.07, 0.25, 0.5, 0.75, 0.93):
            places.append(a + (b - a) * t)
            rounds.append(1 - abs(2 * t - 1) ** 6)
            heights.append((8.6, 7.8, 8.8, 7.2, 6.6, 5.6, 5.2)[index])
    places, rounds, heights = np.array(places), np.array(rounds), np.array(heights)
    half = _on_arch(places, scale)
    x = np.concatenate([-half[0][::-1], half[0][1:]])
    z = np.concatenate([half[1][::-1], half[1][1:]])
    bulge, tall = _both_sides(rounds), _both_sides(heights)
    sign = -1.0 if lower else 1.0
    edge = MOUTH_Y + (-3.4 if lower else -3.1)
    if lower:
        edge = edge + 0.8 - 3.6 * smoothstep(7.0, 19.0, np.abs(x))
    outward = np.stack([x / 30.0, np.full_like(x, 0.8)], axis=-1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    setback = -2.2 if lower else 0.0
    rows, colours = [], []
    profile = (
        (1.75, -1.5, 0.0, _GUM), (1.25, 0.1, 0.15, _GUM), (1.0, 0.35, 0.35, _GUM), (0.93, -0.15, 0.8, _TEETH * 0.9),
        (0.55, 0.25, 1.0, _TEETH), (0.15, -0.1, 1.0, _TEETH), (0.0, -0.9, 0.9, _TEETH * 0.95),
        (0.1, -2.0, 0.6, _TEETH * 0.6), (0.55, -3.0, 0.3, _TEETH * 0.35), (0.8, -3.6, 0.2, _GUM * 0.4),
        (1.7, -5.0, 0.0, _GUM * 0.2),
    )  # fmt: skip
    for height, out, rounding, colour in profile:
        push = out + (bulge - 1) * 0.8 * rounding + setback
        lift = height * tall + (1 - bulge) * 0.55 * (rounding if height < 0.3 else 0.0)
        rows.append(np.stack([x + outward[:, 0] * push, edge + sign * lift, z + outward[:, 1] * push], axis=-1))
        gap = 1 - 0.45 * (1 - bulge)[:, None] * rounding * np.array((0.75, 1.0, 1.1))
        dark = smoothstep(-7, 17, z)[:, None] ** (1.5 if lower else 1.1) * 0.86 + 0.14  # cheeks shade the back teeth
        colours.append(colour * gap * dark)
    triangles = grid_triangles(len(rows), len(x), closed=False)
    if lower:
        triangles = triangles[:, ::-1]
    return Part(name, "mouth", np.array(rows).reshape(-1, 3), triangles, colours=np.array(colours).reshape(-1, 3))


def _both_sides(left: Array) -> Array:
    """Values along the left half of the arch, from the middle, mirrored to the whole arch."""
    return np.concatenate([left[::-1], left[1:]])


def _on_arch(places: Array, scale: float) -> tuple[Array, Array]:
    """Points at arc lengths from the middle of a parabola-like dental arch: x >= 0 and z."""
    x = np.linspace(0, 29.0 * scale, 600)
    z = FRONT_Z - 36.0 * (x / (29.0 * scale)) ** 2.6
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(z)))])
    return np.interp(places, length, x), np.interp(places, length, z)


def _tongue() -> Part:
    """A flattened, tapering tongue lying on the floor of the mouth."""
    rows, columns = 16, 22
    t = np.linspace(0, 1, rows) ** 1.5
    turn = 2 * np.pi * np.arange(columns) / columns
    length_z = 10.5 - 48.0 * t
    width = 16.5 * np.sqrt(np.clip(1 - (1 - t / 0.35).clip(0, None) ** 2.2, 0, 1)) + 0.02
    height = 5.5 * np.sqrt(np.clip(1 - (1 - t / 0.3).clip(0, None) ** 2, 0, 1)) + 0.02
    middle_y = MOUTH_Y - 12.6 + 4.2 * smoothstep(0.0, 0.6, t)
    x = width[:, None] * np.cos(turn)
    groove = 1.2 * np.exp(-((x / 3.5) ** 2)) * (np.sin(turn) > 0) * smoothstep(0.02, 0.2, t)[:, None]
    y = middle_y[:, None] + height[:, None] * np.sin(turn) - groove
    points = np.stack([x, y, np.repeat(length_z[:, None], columns, axis=1)], axis=-1).reshape(-1, 3)
    out = smoothstep(0.85, 0.05, np.repeat(t, columns))
    part = Part("tongue", "mouth", points, grid_triangles(rows, columns, closed=True)).rigid("Head")
    shade = 0.45 + 0.55 * smoothstep(0.9, 0.1, np.repeat(t, columns))
    part.colours = _TONGUE * shade[:, None]
    part.morphs["tongueOut"] = np.stack([np.zeros_like(out), 1.5 * out - 7.0 * out**4, 34.0 * out], axis=-1)
    return part
