"""The looks of the built-in avatar: one anatomy, one set of morphs, different people.

Colours are sRGB where they mix with others in the skin, linear where a part has one colour, as each field says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from avatar.mesh import Array, bump, smoothstep

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Face:
    """How a face differs from the mean of people; 0 everywhere is that mean.

    Attributes:
        jaw: how much wider the jaw is, as a share.
        chin_mm: how much further down the chin reaches.
        nose: how much wider the nose is, as a share.
        bridge_mm: how much further the bridge of the nose stands out.
        lips: how much fuller the lips are, as a share.
        cheeks_mm: how much further the cheekbones stand out.
        brows_mm: how much higher the brows are.
        broad_mm: how much further out cheeks, temples and ears are, on each side.
        short_mm: how much higher the chin is.
        beard: strength of a shaved beard's shade.
        nose_out_mm, chin_out_mm, forehead_mm: how much further forward the nose's tip, the chin and the forehead are.
    """

    jaw: float = 0.0
    chin_mm: float = 0.0
    nose: float = 0.0
    bridge_mm: float = 0.0
    lips: float = 0.0
    cheeks_mm: float = 0.0
    brows_mm: float = 0.0
    broad_mm: float = 0.0
    short_mm: float = 0.0
    beard: float = 0.0
    nose_out_mm: float = 0.0
    chin_out_mm: float = 0.0
    forehead_mm: float = 0.0


@dataclass(frozen=True)
class Cut:
    """A haircut: a shell that grows from the crown.

    Attributes:
        edge_deg: (angle from the front, angle from straight up) of the hair's edge.
        thickness_mm: (angle from the front, thickness).
        crown_mm: thickness at the crown.
        quiff_mm: how far the front is combed up.
        locks, fine: height of locks and of strands, 1 is as usual.
        jagged_deg: how far the edge zigzags.
        twist: how far locks lean to the side at the front.
        hangs: whether it hangs down past the ears instead of lying on the skull.
        curls_mm: height of small curls all over.
        strands: number of single strands.
        frizz_mm: how far the ends of strands stand off.
        silver: how much lighter the greying strands are.
    """

    edge_deg: tuple[tuple[float, float], ...]
    thickness_mm: tuple[tuple[float, float], ...]
    crown_mm: float = 12.5
    quiff_mm: float = 0.0
    locks: float = 1.0
    fine: float = 1.0
    jagged_deg: float = 1.0
    twist: float = 0.75
    hangs: bool = False
    curls_mm: float = 0.0
    strands: int = 1200
    frizz_mm: float = 0.0
    silver: float = 0.0


@dataclass(frozen=True)
class Look:
    """One look.

    Attributes:
        skin, lip, blush, socket, brow_shade, inner_lid: sRGB.
        flush: strength of the blush.
        hair, brow, lash, cloth: linear.
        iris_outer, iris_inner, iris_ring: sRGB.
        brow_height: height of the brows, 1 is as usual.
        lash_length: 1 is as usual.
    """

    name: str
    cut: Cut
    face: Face = field(default_factory=Face)
    skin: Colour = (0.925, 0.735, 0.635)
    lip: Colour = (0.775, 0.475, 0.445)
    blush: Colour = (0.900, 0.585, 0.520)
    flush: float = 1.0
    socket: Colour = (0.800, 0.575, 0.500)
    brow_shade: Colour = (0.520, 0.360, 0.270)
    inner_lid: Colour = (0.885, 0.665, 0.625)
    hair: Colour = (0.100, 0.048, 0.026)
    brow: Colour = (0.075, 0.036, 0.020)
    lash: Colour = (0.020, 0.012, 0.010)
    cloth: Colour = (0.055, 0.085, 0.115)
    iris_outer: Colour = (0.190, 0.315, 0.365)
    iris_inner: Colour = (0.360, 0.375, 0.285)
    iris_ring: Colour = (0.035, 0.055, 0.070)
    brow_height: float = 1.0
    lash_length: float = 1.0


_SHORT = Cut(
    edge_deg=(
        (0, 50.5), (20, 51.0), (38, 53.5), (50, 58.5), (58, 68.0), (63, 84.0), (68, 101.0), (74, 111.0), (80, 111.0),
        (85, 103.0), (91, 97.0), (100, 94.0), (110, 98.0), (122, 116.0), (140, 130.0), (160, 134.0), (180, 135.0),
    ),
    thickness_mm=((0, 19.0), (30, 17.0), (55, 11.5), (75, 7.5), (95, 7.0), (120, 8.0), (180, 9.5)),
    quiff_mm=9.0,
    jagged_deg=0.3,
)  # fmt: skip
_BOB = Cut(
    edge_deg=(
        (0, 77.0), (14, 77.5), (28, 78.0), (40, 79.0), (48, 84.0), (54, 100.0), (60, 124.0), (66, 136.0), (80, 139.0),
        (100, 140.0), (125, 142.0), (150, 144.0), (180, 145.0),
    ),
    thickness_mm=((0, 10.0), (30, 10.5), (50, 11.5), (70, 12.0), (100, 12.0), (140, 12.5), (180, 13.0)),
    crown_mm=11.0,
    locks=0.6,
    fine=1.4,
    jagged_deg=0.4,
    twist=0.25,
    hangs=True,
    silver=0.25,
)  # fmt: skip
_CROPPED = Cut(
    edge_deg=(
        (0, 47.0), (20, 46.5), (36, 48.5), (46, 54.5), (53, 64.0), (58, 80.0), (64, 97.0), (71, 107.0), (79, 108.0),
        (85, 101.0), (91, 95.5), (100, 93.0), (110, 97.0), (122, 114.0), (140, 128.0), (160, 132.0), (180, 133.0),
    ),
    thickness_mm=((0, 22.0), (40, 22.0), (60, 20.0), (80, 17.0), (120, 20.0), (180, 22.0)),
    crown_mm=27.0,
    locks=0.15,
    fine=0.3,
    jagged_deg=0.25,
    twist=0.0,
    curls_mm=3.2,
    frizz_mm=3.0,
    strands=1400,
)  # fmt: skip

LOOKS: tuple[Look, ...] = (
    Look(
        "default",
        _SHORT,
        Face(
            jaw=0.045,
            chin_mm=1.0,
            chin_out_mm=2.5,
            nose=0.02,
            bridge_mm=0.8,
            lips=-0.06,
            brows_mm=-0.8,
            broad_mm=3.2,
            short_mm=1.0,
            beard=0.9,
        ),
        flush=0.8,
        brow_height=1.15,
        lash_length=0.8,
        hair=(0.115, 0.062, 0.034),
    ),
    Look(
        "amara",
        _CROPPED,
        Face(
            jaw=-0.03,
            nose=0.16,
            bridge_mm=-1.6,
            lips=0.30,
            cheeks_mm=2.6,
            brows_mm=1.6,
            broad_mm=4.0,
            short_mm=3.0,
            nose_out_mm=-4.0,
            forehead_mm=3.0,
        ),
        skin=(0.580, 0.410, 0.325),
        lip=(0.545, 0.310, 0.295),
        blush=(0.575, 0.330, 0.265),
        flush=0.8,
        socket=(0.450, 0.300, 0.240),
        brow_shade=(0.270, 0.175, 0.135),
        inner_lid=(0.640, 0.420, 0.375),
        hair=(0.030, 0.022, 0.018),
        brow=(0.014, 0.010, 0.008),
        lash=(0.008, 0.006, 0.005),
        cloth=(0.330, 0.120, 0.035),
        iris_outer=(0.165, 0.095, 0.060),
        iris_inner=(0.290, 0.165, 0.090),
        iris_ring=(0.040, 0.025, 0.020),
        brow_height=0.82,
        lash_length=1.12,
    ),
    Look(
        "lin",
        _BOB,
        Face(
            jaw=-0.055,
            chin_mm=-1.0,
            nose=-0.06,
            bridge_mm=-2.2,
            lips=0.05,
            cheeks_mm=2.0,
            broad_mm=7.0,
            short_mm=7.0,
            nose_out_mm=-4.5,
        ),
        skin=(0.905, 0.735, 0.600),
        lip=(0.765, 0.465, 0.430),
        blush=(0.890, 0.590, 0.490),
        flush=0.9,
        socket=(0.790, 0.585, 0.475),
        brow_shade=(0.430, 0.320, 0.255),
        inner_lid=(0.890, 0.670, 0.610),
        hair=(0.046, 0.027, 0.018),
        brow=(0.030, 0.020, 0.015),
        lash=(0.010, 0.007, 0.006),
        cloth=(0.230, 0.245, 0.235),
        iris_outer=(0.200, 0.120, 0.070),
        iris_inner=(0.340, 0.210, 0.115),
        iris_ring=(0.045, 0.030, 0.025),
        brow_height=0.78,
        lash_length=1.1,
    ),
)


def look_named(name: str) -> Look:
    """The look of that name.

    Raises:
        KeyError: there is none.
    """
    return {look.name: look for look in LOOKS}[name]


def shaped(points: Array, face: Face) -> Array:
    """Move (V, 3) landmarks of the mean face (millimetres); nothing moves near the eyes, where the lids are sculpted.

    The field is smooth, so that whatever is defined by landmarks (lips, brows, morphs) moves along.
    """
    out = points.copy()
    x, y, z = points.T
    away = np.minimum(*(np.hypot(x - side * 31.5, (y - 1.0) * 1.2) for side in (1, -1)))
    free = smoothstep(19.0, 31.0, away)
    low = smoothstep(-18.0, -92.0, y)
    out[:, 0] += x * face.jaw * low * free
    out[:, 1] -= face.chin_mm * smoothstep(-72.0, -110.0, y)
    nose = bump(np.hypot(y + 36.0, (z - 34.0) * 0.6), 34.0) * smoothstep(30.0, 14.0, np.abs(x))
    out[:, 0] += x * face.nose * nose * free
    bridge = bump(np.hypot(x * 1.6, y + 14.0), 34.0)
    out[:, 2] += face.bridge_mm * bridge * free
    lips = bump(np.hypot(x * 0.62, (y + 66.0) * 1.25), 30.0)
    out[:, 1] += (y + 66.0) * face.lips * lips
    out[:, 2] += 5.0 * face.lips * bump(np.hypot(x * 0.75, (y + 66.0) * 1.2), 24.0)
    cheek = np.maximum(*(bump(np.linalg.norm(points - (side * 48.0, -24.0, 4.0), axis=1), 40.0) for side in (1, -1)))
    out[:, 0] += np.sign(x) * face.cheeks_mm * 0.7 * cheek * free
    out[:, 2] += face.cheeks_mm * 0.7 * cheek * free
    out[:, 1] += face.brows_mm * bump(np.hypot((np.abs(x) - 32.0) * 0.6, y - 24.0), 26.0) * free
    return out


def widened(points: Array, face: Face) -> Array:
    """Move (V, 3) points of the finished head (millimetres): broader beside the eyes, shorter below the lips.

    Nothing moves between the outer corners of the eyes above the lower lip, where lids, lips and teeth must fit.
    """
    out = points.copy()
    x, y, _ = points.T
    head = smoothstep(-125.0, -40.0, y)
    out[:, 0] += np.sign(x) * face.broad_mm * smoothstep(46.5, 68.0, np.abs(x)) * head
    out[:, 1] += face.short_mm * smoothstep(-76.0, -104.0, y) * smoothstep(-150.0, -112.0, y)
    for forward, centre, radius in (
        (face.nose_out_mm, (0.0, -33.0, 48.0), 34.0),
        (face.chin_out_mm, (0.0, -104.0, 18.0), 38.0),
        (face.forehead_mm, (0.0, 58.0, 12.0), 66.0),
    ):
        away = np.linalg.norm((points - centre) * (0.85, 0.95, 0.75), axis=1)
        out[:, 2] += forward * bump(away, radius)
    return out
