"""ARKit coefficients of jaw, lips, cheeks and brows from where landmarks are in the head's own frame, per person."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack
from talkingeyes.rig import FACE_NAMES

Array = NDArray[Any]

_LIP_TOP, _LIP_BOTTOM = 13, 14
_OUTER_TOP, _OUTER_BOTTOM = 0, 17
_NOSE_BASE, _CHIN = 2, 152
_SIDES = (
    (
        "Left",
        1.0,
        {"corner": 291, "upper": 270, "lower": 321, "brow_in": 285, "brow_out": 300, "cheek": 347, "ala": 278},
    ),
    ("Right", -1.0, {"corner": 61, "upper": 40, "lower": 91, "brow_in": 55, "brow_out": 70, "cheek": 118, "ala": 48}),
)
_FULL_M = {
    "jawOpen": 0.032, "jawLeft": 0.010, "jawRight": 0.010, "mouthFunnel": 0.012, "mouthPucker": 0.014,
    "mouthLeft": 0.010, "mouthRight": 0.010, "mouthSmile": 0.011, "mouthFrown": 0.009, "mouthStretch": 0.010,
    "mouthRollLower": 0.007, "mouthRollUpper": 0.005, "mouthLowerDown": 0.010, "mouthUpperUp": 0.007,
    "browDown": 0.006, "browInnerUp": 0.009, "browOuterUp": 0.009, "cheekSquint": 0.006, "noseSneer": 0.005,
}  # fmt: skip
"""Displacement that counts as 1, in metres: by eye, from ICT-FaceKit's own shapes at full weight."""
_OWN_RANGE_PERCENTILE = 99.5
_KERNEL = np.array([0.2, 0.6, 0.2])


def lip_gap(landmarks_px: Array) -> Array:
    """(M,) opening between the lips over the distance of the eyes' outer corners."""
    gap = np.linalg.norm(landmarks_px[:, _LIP_TOP] - landmarks_px[:, _LIP_BOTTOM], axis=-1)
    return gap / np.maximum(np.linalg.norm(landmarks_px[:, 33] - landmarks_px[:, 263], axis=-1), 1e-3)


def in_head_frame(landmarks_px: Array, track: HeadTrack, camera: Camera) -> Array:
    """(M, 478, 2) x (left) and y (up) of each landmark in the head, in metres, at the mean head's depth."""
    depth = track.kind.prior().landmarks_m[:, 2]
    ray = np.einsum("tji,tnj->tni", track.rotation, camera.rays(landmarks_px.astype(float)))
    eye = -np.einsum("tji,tj->ti", track.rotation, track.position_m)
    reach = (depth - eye[:, None, 2]) / ray[..., 2]
    return (eye[:, None] + reach[..., None] * ray)[..., :2]


def coefficients(landmarks_px: Array, track: HeadTrack, camera: Camera) -> tuple[tuple[str, ...], Array]:
    """Names in Apple's order and (M, K) coefficients, 0..1.

    Each is a displacement from the person's own neutral (the median over the clip; for the lips the closed mouth),
    over a fixed full range, or over the person's own range where that is larger.
    """
    at = in_head_frame(landmarks_px, track, camera)
    gap = at[:, _LIP_TOP, 1] - at[:, _LIP_BOTTOM, 1]
    moves = {"jawOpen": gap, **_mouth(at, gap), **_sided(at)}
    chin = at[:, _CHIN, 0] - np.median(at[:, _CHIN, 0])
    moves |= {"jawLeft": chin, "jawRight": -chin}
    names = tuple(name for name in FACE_NAMES if name in moves)
    return names, _scaled(np.stack([moves[name] for name in names], axis=1), np.array([*map(_full_range, names)]))


def _full_range(name: str) -> float:
    return _FULL_M.get(name) or _FULL_M[name.removesuffix("Left").removesuffix("Right")]


def _scaled(move: Array, full_m: Array) -> Array:
    """(M, K) displacements over their full ranges (K,), 0..1, lightly smoothed."""
    largest = np.percentile(move, _OWN_RANGE_PERCENTILE, axis=0)
    share = np.clip(move / np.maximum(full_m, largest), 0, 1)
    padded = np.concatenate([share[:1], share, share[-1:]])
    before, at, after = _KERNEL
    return np.clip(before * padded[:-2] + at * padded[1:-1] + after * padded[2:], 0, 1)


def _neutral(value: Array, gap: Array) -> float:
    """The value while the lips are least open."""
    return float(np.median(value[gap <= np.percentile(gap, 40)]))


def _mouth(at: Array, gap: Array) -> dict[str, Array]:
    width = at[:, 291, 0] - at[:, 61, 0]
    narrow = np.maximum(_neutral(width, gap) - width, 0)
    openness = np.clip(gap / 0.012, 0, 1)
    middle = (at[:, 291, 0] + at[:, 61, 0]) / 2 - (at[:, _NOSE_BASE, 0])
    middle = middle - np.median(middle)
    upper = at[:, _OUTER_TOP, 1] - at[:, _LIP_TOP, 1]
    lower = at[:, _LIP_BOTTOM, 1] - at[:, _OUTER_BOTTOM, 1]
    return {
        "mouthFunnel": narrow * openness,
        "mouthPucker": narrow * (1 - openness),
        "mouthLeft": middle,
        "mouthRight": -middle,
        "mouthRollUpper": _neutral(upper, gap) - upper,
        "mouthRollLower": _neutral(lower, gap) - lower,
    }


def _sided(at: Array) -> dict[str, Array]:
    gap = at[:, _LIP_TOP, 1] - at[:, _LIP_BOTTOM, 1]
    moves: dict[str, Array] = {}
    inner_up = []
    for side, sign, point in _SIDES:
        corner = at[:, point["corner"]] - at[:, _NOSE_BASE]
        out = sign * corner[:, 0] - _neutral(sign * corner[:, 0], gap)
        up = corner[:, 1] - _neutral(corner[:, 1], gap) + 0.35 * np.maximum(gap - np.percentile(gap, 20), 0)
        moves["mouthSmile" + side] = 0.8 * up + 0.6 * out
        moves["mouthFrown" + side] = -up
        moves["mouthStretch" + side] = out - np.maximum(up, 0)
        upper = at[:, point["upper"], 1] - at[:, _NOSE_BASE, 1]
        moves["mouthUpperUp" + side] = upper - _neutral(upper, gap)
        lower = at[:, point["lower"], 1] - at[:, _CHIN, 1]
        moves["mouthLowerDown" + side] = _neutral(lower, gap) - lower
        brow_in, brow_out = at[:, point["brow_in"], 1], at[:, point["brow_out"], 1]
        inner_up.append(brow_in - np.median(brow_in))
        moves["browDown" + side] = -inner_up[-1]
        moves["browOuterUp" + side] = brow_out - np.median(brow_out)
        cheek = at[:, point["cheek"], 1]
        moves["cheekSquint" + side] = cheek - np.median(cheek)
        ala = at[:, point["ala"], 1]
        moves["noseSneer" + side] = ala - np.median(ala)
    moves["browInnerUp"] = np.mean(inner_up, axis=0)
    return moves
