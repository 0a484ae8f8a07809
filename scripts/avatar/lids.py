"""The left eye's lids: a visor that turns about the line between the eye's corners.

Lid skin lies on a spheroid of revolution about that line, so opening and closing slide it over the eyeball and can
never bring it nearer. A point of a lid is (side, angle, lift): millimetres from the eye's middle towards the outer
corner, radians above the horizon as seen from the axis, and millimetres above the spheroid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.mesh import Array, smoothstep

EYE_CENTRE = np.array([31.5, 1.0, -6.8])
"""Centre of the left eyeball, millimetres from the point between the eyes."""
EYEBALL_RADIUS = 12.6
CORNEA_APEX = 13.2
"""Distance of the foremost point of the cornea from the eye's centre."""

HALF_WIDTH = 15.0
"""Half the distance between the corners of the eye."""
SPHEROID_SIDE, SPHEROID_FRONT = 16.8, 14.55
"""Semi-axes of the lid surface along the corner line and across it."""
UPPER_PEAK, LOWER_PEAK = 5.7, -5.7
"""Height of the lid margins above the corner line, eyes at rest."""

_TILT_IN_RAD, _TILT_UP_RAD = np.radians(9.0), np.radians(4.0)
_CY, _SY, _CZ, _SZ = np.cos(_TILT_IN_RAD), np.sin(_TILT_IN_RAD), np.cos(_TILT_UP_RAD), np.sin(_TILT_UP_RAD)
FRAME = np.array([[_CY, 0, _SY], [0, 1, 0], [-_SY, 0, _CY]]) @ np.array([[_CZ, -_SZ, 0], [_SZ, _CZ, 0], [0, 0, 1]])
"""Columns: the corner line (outwards), up, forward; the outer corner lies further back and a little higher."""

FOLLOW_UP_RAD = (np.radians(9.0), np.radians(8.0))
"""Angles by which upper and lower lid rise at eyeLookUp = 1: nearly equal, so that a blink still closes."""
FOLLOW_DOWN_RAD = (np.radians(26.3), np.radians(7.0))
"""Angles by which upper and lower lid sink at eyeLookDown = 1."""
MEET = 0.10
"""Where the lids meet in a blink, as a share of the way from the lower margin to the upper."""
OVERLAP_RAD = np.radians(2.6)
"""How far the upper margin passes the lower one in a full blink."""

ROWS = 9
"""Rows of vertices from the fold (row 0, the last ring of the skin) to the margin, both included."""


def to_head(points: Array) -> Array:
    """(..., 3) of the lid frame -> head millimetres, left eye."""
    return points @ FRAME.T + EYE_CENTRE


def from_head(points: Array) -> Array:
    """Inverse of `to_head`."""
    return (points - EYE_CENTRE) @ FRAME


def slice_radius(side: Array) -> Array:
    """Radius of the lid spheroid at a distance from the eye's middle."""
    return SPHEROID_FRONT * np.sqrt(np.maximum(1 - (np.asarray(side) / SPHEROID_SIDE) ** 2, 0.04))


def on_lid(side: Array, angle: Array, lift: Array) -> Array:
    """Lid coordinates -> (..., 3) in the lid frame."""
    radius = slice_radius(side) + lift
    return np.stack([side, radius * np.sin(angle), radius * np.cos(angle)], axis=-1)


def lid_coordinates(points: Array) -> tuple[Array, Array, Array]:
    """Inverse of `on_lid`."""
    side = points[..., 0]
    return (
        side,
        np.arctan2(points[..., 1], points[..., 2]),
        np.hypot(points[..., 1], points[..., 2]) - slice_radius(side),
    )


def margin_upper_rad(s: Array) -> Array:
    """Angle of the upper margin at rest; s is -1 at the inner and 1 at the outer corner."""
    return _arc(s, UPPER_PEAK, skew=-0.10, power=2.15)


def margin_lower_rad(s: Array) -> Array:
    """Angle of the lower margin at rest."""
    return _arc(s, LOWER_PEAK, skew=0.14, power=2.3)


def _arc(s: Array, peak: float, *, skew: float, power: float) -> Array:
    bent = s - skew * (1 - s * s)
    height = peak * (1 - np.abs(bent) ** power) ** 0.85
    return np.arcsin(np.clip(height / slice_radius(s * HALF_WIDTH), -0.95, 0.95))


@dataclass(frozen=True)
class LidPose:
    """How far the lids are from rest.

    Attributes:
        blink: 0 open .. 1 closed.
        upper_rad, lower_rad: turn of the margins, + is up.
        unfold: 0 the crease is as at rest .. 1 the lid is rolled out flat.
        fold_rad: turn of the skin at the fold above the upper lid and of the skin below the lower lid.
        side_mm: how far the bulge of the cornea drags the margins towards the outer corner.
    """

    blink: float = 0.0
    upper_rad: float = 0.0
    lower_rad: float = 0.0
    unfold: float = 0.0
    fold_rad: tuple[float, float] = (0.0, 0.0)
    side_mm: float = 0.0


REST = LidPose()
POSES = {
    "eyeBlinkLeft": LidPose(blink=1.0, unfold=1.0, fold_rad=(np.radians(-3.0), np.radians(1.5))),
    "eyeLookDownLeft": LidPose(
        upper_rad=-FOLLOW_DOWN_RAD[0],
        lower_rad=-FOLLOW_DOWN_RAD[1],
        unfold=0.62,
        fold_rad=(np.radians(-3.0), np.radians(-3.0)),
    ),
    "eyeLookUpLeft": LidPose(
        upper_rad=FOLLOW_UP_RAD[0], lower_rad=FOLLOW_UP_RAD[1], fold_rad=(np.radians(5.0), np.radians(2.5))
    ),
    "eyeLookOutLeft": LidPose(side_mm=0.9),
    "eyeLookInLeft": LidPose(side_mm=-0.9),
    "eyeWideLeft": LidPose(
        upper_rad=np.radians(7.5), lower_rad=np.radians(-2.5), fold_rad=(np.radians(4.5), np.radians(-1.0))
    ),
    "eyeSquintLeft": LidPose(
        upper_rad=np.radians(-6.0), lower_rad=np.radians(9.0), unfold=0.1, fold_rad=(np.radians(-4.5), np.radians(6.5))
    ),
}
"""Lid poses of the morphs."""


@dataclass(frozen=True)
class LidGrid:
    """The lid skin between a closed loop of skin vertices and the eyeball.

    Attributes:
        rim: (C, 3) head positions of the loop, outer corner first, then along the lower lid.
        upper: (C,) bool.
    """

    rim: Array
    upper: Array

    @staticmethod
    def on_rim(rim: Array) -> LidGrid:
        """A grid on a loop that starts at the outer corner and runs along the lower lid first."""
        columns = np.arange(len(rim))
        return LidGrid(rim, (columns > len(rim) // 2) & (columns < len(rim)))

    def share(self) -> Array:
        """(C,) s of each column's margin point: -1 at the inner corner, 1 at the outer."""
        side = from_head(self.rim)[:, 0]
        middle, half = (side.max() + side.min()) / 2, (side.max() - side.min()) / 2
        return np.clip((side - middle) / half, -1, 1)

    def margin_rad(self, pose: LidPose) -> tuple[Array, Array]:
        """(C,) angle of the margin of each column, and how far its lid is above the spheroid."""
        s = self.share()
        taper = np.sqrt(np.maximum(1 - s**2, 0))
        upper, lower = margin_upper_rad(s), margin_lower_rad(s)
        meet = lower + MEET * (upper - lower)
        closed_upper = meet - OVERLAP_RAD * taper
        upper = upper + pose.blink * (closed_upper - upper) + pose.upper_rad * taper
        lower = lower + pose.blink * (meet - lower) + pose.lower_rad * taper
        lift = np.where(self.upper, 0.75 * pose.unfold * taper, 0.0)
        return np.where(self.upper, upper, lower), lift

    def positions(self, pose: LidPose) -> Array:
        """(ROWS + 4, C, 3) head positions: fold to margin, then the rounded margin and the lid's inner side."""
        side0, angle0, lift0 = lid_coordinates(from_head(self.rim))
        s = self.share()
        taper = np.sqrt(np.maximum(1 - s**2, 0))
        margin, margin_lift = self.margin_rad(pose)
        turn = np.where(self.upper, pose.fold_rad[0], pose.fold_rad[1]) * taper
        angle0 = angle0 + turn
        rows = [to_head(on_lid(side0, angle0, lift0))]
        for t in np.arange(1, ROWS) / (ROWS - 1):
            side = side0 + (s * HALF_WIDTH - side0) * t + pose.side_mm * taper**2 * t
            flat = angle0 + (margin - angle0) * t
            tuck = np.radians(2.0) * taper * smoothstep(0.0, 0.12, t) * smoothstep(0.55, 0.2, t)
            creased = angle0 + (margin - angle0) * smoothstep(0.12, 1.0, t) + tuck
            creased_lift = lift0 * smoothstep(0.3, 0.0, t) - 0.35 * taper * smoothstep(0, 0.25, t) * smoothstep(
                0.6, 0.25, t
            )
            flat_lift = lift0 * (1 - t) ** 1.5 + margin_lift * smoothstep(0, 0.7, t)
            angle = np.where(self.upper, creased + (flat - creased) * pose.unfold, flat)
            lift = np.where(self.upper, creased_lift + (flat_lift - creased_lift) * pose.unfold, lift0 * (1 - t) ** 1.3)
            rows.append(to_head(on_lid(side, angle, lift)))
        return np.array([*rows, *self._inner_rows(pose, s, margin, margin_lift)])

    def _inner_rows(self, pose: LidPose, s: Array, margin: Array, lift: Array) -> list[Array]:
        away = np.where(self.upper, 1.0, -1.0)
        side = s * HALF_WIDTH + pose.side_mm * (1 - s**2)
        rounded = on_lid(side, margin - away * np.radians(0.6), lift - 0.35)
        edge = on_lid(side, margin + away * np.radians(0.8), lift)
        edge *= (np.linalg.norm(edge, axis=1) - 0.75)[:, None] / np.linalg.norm(edge, axis=1, keepdims=True)
        deep = on_lid(side * 0.93, margin + away * np.radians(30.0), np.zeros_like(lift))
        deep *= (EYEBALL_RADIUS - 0.5) / np.linalg.norm(deep, axis=1, keepdims=True)
        middle = edge * 0.5 + deep * 0.5
        middle *= np.maximum(EYEBALL_RADIUS + 0.12, np.linalg.norm(middle, axis=1, keepdims=True)) / np.linalg.norm(
            middle, axis=1, keepdims=True
        )
        return [to_head(p) for p in (rounded, edge, middle, deep)]
