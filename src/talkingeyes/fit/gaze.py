"""From iris centres to gaze: the eyeball's place in the head, calibrated on the clip itself, and the two eyes fused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack

Array = NDArray[Any]

EYE_DEPTH_M = 0.0100
"""From the eyeball's turning point to the iris as it is seen: the centre of rotation lies 13.3 mm behind the cornea's
apex, the iris's plane 3 to 3.6 mm, and refraction brings it .3 to .5 mm forward: 9.7 to 10.3 mm (its rim lies at 10.5).
People who looked at known dots came out at .81 of their gaze across with 10.0."""

PAINTED_DEPTH_M = 0.0128
"""The same in rendered heads, whose eyeballs are larger than people's (`talkingeyes.fit.made_heads`)."""

_LAGS = (1, 3, 6)
_NOISE_MM = 0.3
_STEADY_MM = 0.6
USUAL_LEAN_MM = np.array([[7.0, 0.0], [0.0, -5.0], [0.0, 0.0]])
_LEAN_SIGMA = np.array([[5.0, 2.0], [3.0, 5.0], [1.0, 0.5]])
"""How the eyeball's image place errs, mm per radian of head yaw, of head pitch, and per unit of jaw opening (rows), to
the right and down (columns): mean and spread over rendered people with known truth; the
prior head has larger eyeballs."""
_DEEPER = np.array([[-1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
"""The same per mm by which an eyeball is deeper than people's: its centre lies so much farther back."""


_APART_SIGMA = np.array([10.0, 10.0, 3.0, 10.0, 60.0, 20.0, 20.0, 1.0, 1.0])
"""How differently the two eyes' image places may err, mm per unit of `_apart_causes` (per radian, unit of jaw opening,
e-fold of distance, square radian, mm of the iris's own offset)."""
_APART_NOISE_MM = 0.4
_INDEPENDENT_S = 0.25
"""Errors repeat from picture to picture: so much time counts as one observation."""


@dataclass(frozen=True)
class EyeGeometry:
    """What a clip says about one person's eyes.

    Attributes:
        lean_mm: (2, 3, 2) per eye: correction of the eyeball's image place, rows as `USUAL_LEAN_MM`.
        apart_mm: (9, 2) how the right eye's place errs against the left's, rows as `_APART_SIGMA`.
        depth_m: from the turning point to the iris.
    """

    lean_mm: Array
    apart_mm: Array
    depth_m: float


UNCALIBRATED = EyeGeometry(np.zeros((2, 3, 2)), np.zeros((9, 2)), EYE_DEPTH_M)


def iris_offsets_mm(track: HeadTrack, camera: Camera, iris_px: Array, depth_m: float = EYE_DEPTH_M) -> Array:
    """(T, 2, 2) place of each iris against its eyeball's centre, upright in the head's roll: right and down, mm."""
    eyes = track.eyes_m()
    scale = (-eyes[..., 2] - depth_m) / camera.focal_px * 1e3
    off = (iris_px - camera.project(eyes)) * scale[..., None]
    return _rolled(off, track.ypr_rad[:, 2])


def _rolled(off: Array, roll_rad: Array) -> Array:
    cos, sin = np.cos(roll_rad)[:, None], np.sin(roll_rad)[:, None]
    return np.stack([cos * off[..., 0] - sin * off[..., 1], sin * off[..., 0] + cos * off[..., 1]], axis=-1)


def calibrate(
    track: HeadTrack, offsets_mm: Array, jaw: Array, usable: NDArray[np.bool_], fps: float, depth_m: float = EYE_DEPTH_M
) -> EyeGeometry:
    """Where the eyeballs really are: between saccades people hold their gaze still while the head and jaw move.

    The error of an eyeball's image place is linear in head yaw, pitch and jaw opening; its coefficients are those that
    keep gaze most still over short times, saccades left out by robust weights, held near what rendered heads show.
    Then what is left between the two eyes, which turn together, is shared between them: nine numbers for a whole clip,
    while each eye's gaze in each picture still comes from that eye's own pixels.

    Args:
        track: (T) head poses.
        offsets_mm: (T, 2, 2) from `iris_offsets_mm`.
        jaw: (T,) jaw opening, any scale near 0..1.
        usable: (T,) pictures with open eyes.
        fps: picture rate.
        depth_m: from the turning point to the iris.
    """
    cause = np.concatenate([track.ypr_rad[:, :2], jaw[:, None]], axis=1)
    usual = USUAL_LEAN_MM + _DEEPER * (depth_m - EYE_DEPTH_M) * 1e3
    lean = np.tile(usual, (2, 1, 1))
    pairs = [_pairs(max(1, round(lag * fps / 25)), cause, offsets_mm, usable) for lag in _LAGS]
    for _ in range(10):
        lean = _steadiest(pairs, lean, usual)
    rest = offsets_mm - np.einsum("tk,ekx->tex", cause, lean)
    return EyeGeometry(lean, _agreeing(_apart_causes(track, jaw), rest, usable, fps), depth_m)


def _apart_causes(track: HeadTrack, jaw: Array) -> Array:
    """(T, 7) what may part the two eyes' image places: yaw, pitch, jaw, roll, log distance, yaw squared, yaw pitch."""
    yaw, pitch, roll = track.ypr_rad.T
    distance = np.log(-track.position_m[:, 2])
    return np.stack([yaw, pitch, jaw, roll, distance, yaw**2, yaw * pitch], axis=1)


def _agreeing(cause: Array, rest_mm: Array, usable: NDArray[np.bool_], fps: float) -> Array:
    """(9, 2) robust ridge regression of right minus left on the causes and on the irises' mean offset."""
    if usable.sum() < 3:
        return np.zeros((len(_APART_SIGMA), 2))
    design = np.concatenate([cause, rest_mm.mean(axis=1)], axis=1)[usable]
    design = design - np.median(design, axis=0)
    apart = (rest_mm[:, 1] - rest_mm[:, 0])[usable]
    out = np.zeros((len(_APART_SIGMA), 2))
    for axis in range(2):
        miss = apart[:, axis] - np.median(apart[:, axis])
        for _ in range(8):
            scale = max(_APART_NOISE_MM, 1.4826 * float(np.median(np.abs(miss))))
            weight = 1 / (1 + (miss / (2 * scale)) ** 2) ** 2 / scale**2 / max(1.0, _INDEPENDENT_S * fps)
            centre = np.average(design, axis=0, weights=weight), np.average(apart[:, axis], weights=weight)
            x, y = design - centre[0], apart[:, axis] - centre[1]
            normal = x.T @ (x * weight[:, None]) + np.diag(_APART_SIGMA**-2.0)
            out[:, axis] = np.linalg.solve(normal, x.T @ (weight * y))
            miss = y - x @ out[:, axis]
    return out


def _pairs(lag: int, cause: Array, offsets: Array, usable: NDArray[np.bool_]) -> tuple[Array, Array, int]:
    both = usable[lag:] & usable[:-lag]
    return (cause[lag:] - cause[:-lag])[both], (offsets[lag:] - offsets[:-lag])[both], lag


def _steadiest(pairs: list[tuple[Array, Array, int]], lean: Array, usual: Array) -> Array:
    """(2, 3, 2) the lean that keeps gaze most still where the last one kept it nearly still."""
    precision = np.moveaxis(_LEAN_SIGMA, 1, 0) ** -2.0
    normal = np.zeros((3, 3))
    right = np.tile((precision * usual.T)[None], (2, 1, 1))
    for cause, moved, lag in pairs:
        rest = moved.mean(axis=1) - cause @ lean.mean(axis=0)
        weight = 1 / (1 + (rest**2).sum(axis=1) / _STEADY_MM**2) ** 2 / _NOISE_MM**2 / (2 * lag)
        weighted = (cause * weight[:, None]).T
        normal += weighted @ cause
        right += (weighted @ moved.reshape(-1, 4)).T.reshape(2, 2, 3)
    whole = normal + precision[:, :, None] * np.eye(3)
    return np.swapaxes(np.linalg.solve(np.broadcast_to(whole, (2, 2, 3, 3)), right[..., None])[..., 0], 1, 2)


def gaze_directions(track: HeadTrack, camera: Camera, iris_px: Array, jaw: Array, geometry: EyeGeometry) -> Array:
    """(T, 2, 3) unit gaze of each eye in space: the iris lies where its ray meets the sphere of its turning."""
    cause = np.concatenate([track.ypr_rad[:, :2], jaw[:, None]], axis=1)
    cause = cause - np.median(cause, axis=0)
    shift_mm = np.einsum("tk,ekx->tex", cause, geometry.lean_mm)
    if geometry.apart_mm.any():
        shift_mm = shift_mm + _half_apart(track, camera, iris_px, jaw, geometry, shift_mm)
    shift = _rolled(shift_mm * 1e-3, -track.ypr_rad[:, 2])
    centre = track.eyes_m()
    centre[..., 0] += shift[..., 0]
    centre[..., 1] -= shift[..., 1]
    ray = camera.rays(iris_px)
    along = (ray * centre).sum(axis=-1)
    under = along**2 - (centre**2).sum(axis=-1) + geometry.depth_m**2
    iris = ray * (along - np.sqrt(np.maximum(under, 0)))[..., None]
    gaze = iris - centre
    return gaze / np.linalg.norm(gaze, axis=-1, keepdims=True)


def _half_apart(
    track: HeadTrack, camera: Camera, iris_px: Array, jaw: Array, geometry: EyeGeometry, lean_mm: Array
) -> Array:
    """(T, 2, 2) each eye's half of what parts them, mm; an eye's own offset stands for the mean of both."""
    outer = _apart_causes(track, jaw)
    own = iris_offsets_mm(track, camera, iris_px, geometry.depth_m) - lean_mm
    outer, own = outer - np.median(outer, axis=0), own - np.median(own, axis=0)
    known = len(outer[0])
    half = 0.5 * (outer @ geometry.apart_mm[:known])[:, None] + 0.5 * own @ geometry.apart_mm[known:]
    return half * np.array([-1.0, 1.0])[:, None]


def in_head(rotation: Array, gaze: Array) -> Array:
    """(T, 3, 3) head rotations, (T, E, 3) gaze in space -> (T, E, 2) yaw and pitch of each eye in the head."""
    return rotations.yaw_pitch_from_direction(np.einsum("tji,tej->tei", rotation, gaze))
