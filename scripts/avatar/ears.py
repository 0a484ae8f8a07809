"""Ears: a sculpted disc with helix, antihelix, hollow, tragus and lobe, set into the side of the head."""

from __future__ import annotations

import numpy as np

from avatar.mesh import Array, Part, grid_triangles, smoothstep

EAR_MIDDLE = np.array([70.5, -12.0, -82.0])
"""Where the left ear meets the head, at the ear canal's height."""
HEIGHT_MM, WIDTH_MM = 62.0, 35.0
_SPREAD_RAD = np.radians(26.0)
"""Angle between ear and head."""
_LEAN_RAD = np.radians(12.0)
"""The ear's top leans back."""
_COLUMNS = 34


def ear() -> Part:
    """The left ear; follows the bone Head."""
    turn = 2 * np.pi * np.arange(_COLUMNS) / _COLUMNS
    shares = (0.0, 0.12, 0.25, 0.38, 0.5, 0.6, 0.7, 0.78, 0.86, 0.93, 0.98)
    front = [_front(share, turn) for share in shares]
    rim = _outline(turn)
    back = [
        np.stack([rim[:, 0] * s, rim[:, 1] * s, np.full(_COLUMNS, h)], axis=-1)
        for s, h in ((1.0, 2.6), (1.0, 0.6), (0.95, -0.8), (0.8, -2.2), (0.5, -5.0), (0.3, -11.0))
    ]
    rows = np.array([*front, *back])
    points = _placed(rows.reshape(-1, 3))
    return Part("earLeft", "skin", points, grid_triangles(len(rows), _COLUMNS, closed=True)).rigid("Head")


def _outline(turn: Array) -> Array:
    """(C, 2) outline: u towards the back of the head, v up; wide above, narrow at the lobe."""
    u, v = np.cos(turn), np.sin(turn)
    wide = 0.5 * WIDTH_MM * (0.80 + 0.22 * smoothstep(-1.0, 0.5, v))
    front_flat = np.where(u < 0, 0.72, 1.0)
    return np.stack([u * wide * front_flat, v * HEIGHT_MM / 2], axis=-1)


def _front(share: float, turn: Array) -> Array:
    """One ring of the outer face at a share of the way from the hollow to the rim."""
    rim = _outline(turn)
    centre = np.array([-3.5, -2.0])
    p = centre + (rim - centre) * share
    u, v = p[:, 0] / (WIDTH_MM / 2), p[:, 1] / (HEIGHT_MM / 2)
    back_half = smoothstep(-0.55, 0.1, np.cos(turn) + 0.55 * np.sin(turn).clip(0, None))
    above_lobe = smoothstep(-0.85, -0.45, v)
    helix = 4.2 * np.exp(-(((share - 0.93) / 0.085) ** 2)) * back_half * above_lobe
    groove = -2.6 * np.exp(-(((share - 0.76) / 0.075) ** 2)) * back_half * above_lobe
    antihelix = (
        3.4 * np.exp(-(((share - 0.56) / 0.13) ** 2)) * back_half * smoothstep(0.85, 0.3, np.sin(turn)) * above_lobe
    )
    hollow = -6.5 * np.exp(-(((u + 0.18) / 0.42) ** 2) - ((v + 0.05) / 0.36) ** 2)
    tragus = 4.5 * np.exp(-(((u + 0.62) / 0.20) ** 2) - ((v + 0.10) / 0.16) ** 2)
    antitragus = 2.6 * np.exp(-(((u + 0.05) / 0.25) ** 2) - ((v + 0.50) / 0.12) ** 2)
    lobe = 1.4 * np.exp(-((u / 0.7) ** 2) - ((v + 0.8) / 0.2) ** 2)
    height = 2.2 + helix + groove + antihelix + hollow + tragus + antitragus + lobe - 1.2 * smoothstep(0.93, 1.0, share)
    return np.stack([p[:, 0], p[:, 1], height], axis=-1)


def _placed(local: Array) -> Array:
    """Ear coordinates (back, up, outwards) -> the left side of the head."""
    c, s = np.cos(_LEAN_RAD), np.sin(_LEAN_RAD)
    back, up, out = local[:, 0], local[:, 1], local[:, 2]
    back, up = back * c + up * s, -back * s + up * c
    cs, ss = np.cos(_SPREAD_RAD), np.sin(_SPREAD_RAD)
    curl = 0.006 * back * np.abs(back)
    return EAR_MIDDLE + np.stack([out * cs + (back + 10.0) * ss - curl, up, -(back + 6.0) * cs + out * ss], axis=-1)
