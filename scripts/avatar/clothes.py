"""A plain crew-neck shirt over simple shoulders, so that the head does not float."""

from __future__ import annotations

import numpy as np

from avatar.mesh import Part, grid_triangles, smoothstep

_COLUMNS = 72
_ROWS = (
    # y, half width, front z, back z, squareness
    (-164.0, 57.0, -42.0, -152.0, 2.0),
    (-163.0, 61.0, -37.0, -157.0, 2.0),
    (-168.0, 64.0, -33.0, -160.0, 2.0),
    (-173.0, 67.0, -31.0, -163.0, 2.0),
    (-178.0, 80.0, -28.0, -166.0, 2.0),
    (-187.0, 104.0, -24.0, -172.0, 2.1),
    (-198.0, 132.0, -20.0, -179.0, 2.2),
    (-212.0, 154.0, -15.0, -185.0, 2.35),
    (-232.0, 171.0, -9.0, -190.0, 2.5),
    (-258.0, 180.0, -3.0, -193.0, 2.6),
    (-290.0, 184.0, 2.0, -194.0, 2.6),
    (-325.0, 184.0, 4.0, -193.0, 2.6),
)
RAISED_MM = 33.0
"""The rows' heights are drawn for a longer neck."""


def shirt(colour: tuple[float, float, float]) -> Part:
    """The shirt; follows the bone Chest. The collar is the first four rows, a rounded band.

    Args:
        colour: linear.
    """
    turn = 2 * np.pi * np.arange(_COLUMNS) / _COLUMNS
    rows = []
    for index, (y, half, front, back, square) in enumerate(_ROWS):
        c, s = np.cos(turn), np.sin(turn)
        x = half * np.sign(c) * np.abs(c) ** (2 / square)
        depth = np.sign(s) * np.abs(s) ** (2 / square)
        z = (front + back) / 2 + depth * (front - back) / 2
        shoulder = smoothstep(60, 178, np.abs(x))
        dip = -13.0 * smoothstep(-0.1, 1.0, s) + 7.0 * smoothstep(0.1, 1.0, -s)
        fall = 1 - smoothstep(3, 8, index)
        rows.append(
            np.stack(
                [
                    x,
                    y + RAISED_MM + dip * fall - 10.0 * shoulder * smoothstep(3, 7, index),
                    z - 10.0 * shoulder * np.sign(s) * 0.6,
                ],
                axis=-1,
            )
        )
    lining = []
    for narrow, deep in ((0.72, -34.0), (0.90, -10.0)):
        row = (rows[0] - (0, 0, -97.0)) * (narrow, 1, narrow) + (0, deep, -97.0)
        lining.append(row)
    points = np.array([*lining, *rows])
    colours = np.tile(colour, (points.shape[0] * _COLUMNS, 1)).astype(float)
    colours[: 6 * _COLUMNS] *= 0.8
    triangles = grid_triangles(len(points), _COLUMNS, closed=True)[:, ::-1].copy()
    return Part("shirt", "cloth", points.reshape(-1, 3), triangles, colours=colours).rigid("Chest")
