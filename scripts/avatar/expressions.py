"""What each ARKit morph does to the control mesh: lips and brows are set, the skin between follows smoothly.

Displacements are millimetres at weight 1; of shapes with two sides only the left is written, x is outwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from avatar.form import ControlMesh
from avatar.mesh import Array, smoothstep
from avatar.sculptor import Sculptor, jaw_opened

BROW_LEFT = ((285, 336), (295, 296), (282, 334), (283, 293), (276, 300))
"""Brow landmarks (lower, upper edge) from the inner to the outer end."""

REST_SMILE = 0.2
"""Share of a smile in the face at rest."""


def _left(s: Array) -> Array:
    """Share of the left half: 1 at the left corner, half at the middle, 0 on the right."""
    return smoothstep(-0.75, 0.75, s)


def _xyz(x: Array | float, y: Array | float, z: Array | float) -> Array:
    return np.stack(np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float), np.asarray(z, float)), axis=-1)


def _corner(s: Array, power: float = 1.5) -> Array:
    """1 at the left corner, fading to 0 a little beyond the middle."""
    return np.clip((s + 0.12) / 1.12, 0, 1) ** power


def mouth_morphs(sculptor: Sculptor) -> dict[str, Array]:
    """The mouth's shapes, left sides only where there are two."""
    lip = sculptor.lip_morph
    one_side: dict[str, Array] = {
        "mouthSmileLeft": lip(
            lambda s, u, q: _xyz(
                8.5 * _corner(s, 1.05),
                5.6 * _corner(s, 2.6)
                + 0.9 * _left(s) * (1 - s * s)
                - u * (1.0 + 0.5 * (u < 0)) * (1 - q) * _left(s) * (1 - s * s) * 1.5
                - 0.3 * u * q * _left(s),
                -5.0 * _corner(s, 1.3) - 1.0 * _left(s) * (1 - np.abs(s)),
            ),
            {425: (3.4, 4.6, 3.0), 280: (1.2, 3.8, 3.2), 427: (5.0, 2.6, 0.6), 352: (0.8, 2.0, 1.2)},
        ),
        "mouthFrownLeft": lip(
            lambda s, u, q: _xyz(
                1.5 * _corner(s), -6.5 * _corner(s, 1.8) + 0.8 * np.clip(1 - np.abs(s), 0, 1), -1.0 * _corner(s)
            ),
            {432: (0.8, -3.0, 0.6), 199: (0, 0.6, 0.4)},
        ),
        "mouthDimpleLeft": lip(
            lambda s, u, q: _xyz(4.5 * _corner(s), 1.0 * _corner(s, 2), -4.5 * _corner(s, 1.6)), {432: (2.0, 0.5, -2.2)}
        ),
        "mouthStretchLeft": lip(
            lambda s, u, q: _xyz(
                8.0 * _corner(s, 1.2), -3.2 * _corner(s, 2) - 0.8 * (u < 0) * _left(s), -5.5 * _corner(s, 1.3)
            ),
            {432: (5.0, -2.5, -2.0)},
        ),
        "mouthPressLeft": lip(
            lambda s, u, q: _xyz(
                1.2 * _corner(s), -1.7 * u * (1 - q) * _left(s) + 0.4 * _corner(s, 3), -1.6 * _left(s) * (1 - 0.4 * q)
            )
        ),
        "mouthLowerDownLeft": lip(
            lambda s, u, q: _xyz(
                0.6 * (u < 0) * _left(s), -7.0 * (u < 0) * _left(s) * (1 - np.abs(s) ** 4), 0.8 * (u < 0) * q * _left(s)
            ),
            {199: (0, -0.8, 0)},
        ),
        "mouthUpperUpLeft": lip(
            lambda s, u, q: _xyz(
                0.8 * (u > 0) * _left(s), 6.0 * (u > 0) * _left(s) * (1 - np.abs(s) ** 4), 0.4 * (u > 0) * _left(s)
            ),
            {425: (0.6, 1.6, 0.8)},
        ),
        "mouthLeft": lip(
            lambda s, u, q: _xyz(
                7.5 - 1.0 * s * s, 0.8 * s, -1.6 * np.abs(s) - 2.4 * np.clip(s, 0, 1) + 1.6 * np.clip(-s, 0, 1)
            ),
            {427: (2.0, 0.5, 1.0), 205: (2.0, 0, -1.0), 2: (0.7, 0, 0)},
        ),
    }
    whole: dict[str, Array] = {
        "mouthFunnel": lip(
            lambda s, u, q: _xyz(
                -7.0 * s,
                u * (3.6 + 1.6 * q) * (1 - s**2 * 0.4),
                5.5 + 1.6 * (1 - q) * np.abs(u) + 2.0 * np.abs(s),
            )
        ),
        "mouthPucker": lip(
            lambda s, u, q: _xyz(
                -9.5 * s,
                u * 1.5 * (1 - q) * (1 - s * s) + 0.4,
                6.5 + 2.0 * np.abs(s) + 1.0 * np.abs(u) * q,
            )
        ),
        "mouthRollLower": lip(
            lambda s, u, q: _xyz(
                0, (u < 0) * (1 - s**4) * (4.6 * (1 - q) + 0.6), (u < 0) * (1 - s**4) * (-2.4 - 4.2 * q)
            ),
            {199: (0, 0.8, 0.4)},
        ),
        "mouthRollUpper": lip(
            lambda s, u, q: _xyz(
                0, (u > 0) * (1 - s**4) * (-3.6 * (1 - q) - 0.4), (u > 0) * (1 - s**4) * (-2.2 - 4.0 * q)
            ),
            {164: (0, -0.8, -0.3)},
        ),
        "mouthShrugLower": lip(
            lambda s, u, q: _xyz(
                0,
                np.where(u < 0, 3.6, 2.2 * (u > 0)) * (1 - s * s) - 0.9 * np.abs(s) ** 3,
                (u < 0) * (2.6 * (1 - s * s)),
            ),
            {200: (0, 2.8, 1.4), 199: (0, 2.6, 1.2), 175: (0, 1.2, 0.4)},
        ),
        "mouthShrugUpper": lip(
            lambda s, u, q: _xyz(0, np.where(u > 0, 3.6, 2.4 * (u < 0)) * (1 - s * s), (u > 0) * 1.8 * (1 - s * s)),
            {164: (0, 1.4, 0.8)},
        ),
    }
    return {**one_side, **whole}


def face_morphs(sculptor: Sculptor) -> dict[str, Array]:
    """Brows, cheeks and nose, left sides only where there are two."""
    still = sculptor.eyes

    def brow(profile: Callable[[float], tuple[float, float, float]], *, both: bool = False) -> Array:
        handles: dict[int, Array] = {}
        for place, pair in enumerate(BROW_LEFT):
            for vertex in pair:
                move = np.array(profile(place / 4))
                handles[vertex] = move
                if both:
                    handles[int(sculptor.control.mirror[vertex])] = move * (-1, 1, 1)
        return sculptor.solve(handles, reach=26.0, pins=still)

    def nudge(moves: dict[int, tuple[float, float, float]], reach: float, pins: Array = still) -> Array:
        return sculptor.solve({i: np.array(v, float) for i, v in moves.items()}, reach=reach, pins=pins)

    lower_lid = np.array([448, 449, 450, 451, 452])
    without_lower = np.setdiff1d(still, [])
    return {
        "browDownLeft": brow(lambda t: (-2.4 * (1 - t), -5.2 + 2.2 * t, 1.6 * (1 - t))),
        "browInnerUp": brow(lambda t: (-0.6 * (1 - t), 7.5 * max(0.0, 1 - t * 1.25) ** 1.2, -0.8 * (1 - t)), both=True),
        "browOuterUpLeft": brow(lambda t: (0.6 * t, 7.0 * min(1.0, t * 1.3) ** 1.3, -1.0 * t)),
        "cheekPuff": nudge(
            {
                i if side > 0 else int(sculptor.control.mirror[i]): (side * x, y, z)
                for i, (x, y, z) in {
                    425: (3.5, 0, 4.5),
                    427: (7.5, -0.5, 5.5),
                    411: (7.5, 0, 4.0),
                    434: (6.5, -1.5, 4.0),
                    410: (1.5, 0, 2.5),
                    432: (5.0, -1.0, 5.0),
                    416: (6.5, 0, 2.0),
                }.items()
                for side in (1, -1)
            },
            34.0,
        ),
        "cheekSquintLeft": nudge(
            {
                280: (0.6, 4.2, 2.4),
                330: (0.0, 4.4, 2.2),
                347: (0.0, 3.6, 1.4),
                352: (0.8, 3.0, 1.4),
                **{int(i): (0.0, 2.4, 0.6) for i in lower_lid},
            },
            26.0,
            without_lower,
        ),
        "noseSneerLeft": nudge(
            {
                358: (0.6, 3.8, 0.2),
                279: (0.6, 3.2, 0.2),
                429: (0.0, 2.6, 0.6),
                437: (-0.4, 1.6, 0.8),
                327: (0.4, 3.0, 0.0),
                426: (0.6, 3.2, 0.8),
                391: (0.2, 2.4, 0.4),
                4: (0, 0.5, 0),
                285: (-0.6, -1.4, 0.4),
                197: (0, 0, 0),
            },
            24.0,
        ),
    }


def control_morphs(control: ControlMesh) -> dict[str, Array]:
    """Every morph that moves the control mesh, both sides: ARKit name -> (V, 3) millimetres at weight 1."""
    sculptor = Sculptor(control)
    weight = sculptor.jaw_weight()
    morphs = {**mouth_morphs(sculptor), **face_morphs(sculptor)}
    for name in [n for n in morphs if "Left" in n]:
        morphs[name.replace("Left", "Right")] = mirrored(morphs[name], control.mirror)
    opened = jaw_opened(control.positions, weight)
    morphs["jawOpen"] = opened
    morphs["jawForward"] = weight[:, None] * (0, -0.8, 6.0)
    morphs["jawLeft"] = weight[:, None] * (6.5, 0.0, -0.4)
    morphs["jawRight"] = mirrored(morphs["jawLeft"], control.mirror)
    morphs["mouthClose"] = _mouth_close(sculptor, weight)
    return {
        name: symmetric(delta, control.mirror) if "Left" not in name and "Right" not in name else delta
        for name, delta in morphs.items()
    }


def friendly(control: ControlMesh) -> ControlMesh:
    """The control mesh with the trace of a smile that a neutral face needs to look at ease."""
    smile = mouth_morphs(Sculptor(control))["mouthSmileLeft"]
    return replace(control, positions=control.positions + REST_SMILE * (smile + mirrored(smile, control.mirror)))


def _mouth_close(sculptor: Sculptor, weight: Array) -> Array:
    """Brings the lips of an open jaw together: with jawOpen = mouthClose = 1 all lips have moved as the corners did."""
    whole = jaw_opened(sculptor.control.positions, np.ones(len(weight)))
    corner = weight[sculptor.lips[0, 0]]
    handles = {int(v): (corner - weight[v]) * whole[v] for v in sculptor.lips.ravel()}
    return sculptor.solve(handles, reach=34.0, pins=sculptor.eyes)


def mirrored(delta: Array, mirror: Array) -> Array:
    """The same displacement on the other side."""
    return delta[mirror] * (-1, 1, 1)


def symmetric(delta: Array, mirror: Array) -> Array:
    """Exactly symmetric, removing rounding of the solver."""
    return (delta + mirrored(delta, mirror)) / 2
