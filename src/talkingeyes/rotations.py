"""Yaw, pitch, roll, matrices, quaternions and axis-angle, in the frames of docs/conventions.md, for any batch shape.

Yaw + is to the character's left, pitch + is up, roll + lifts the character's left side. All angles are radians.
Quaternions are ``(x, y, z, w)``, the order of glTF.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def wrap_rad(angle_rad: ArrayLike) -> Array:
    """Wrap angles to [-pi, pi)."""
    return (np.asarray(angle_rad, float) + np.pi) % (2 * np.pi) - np.pi


def matrix_from_ypr(ypr_rad: ArrayLike) -> Array:
    """Head rotation ``Ry(yaw) @ Rx(-pitch) @ Rz(roll)``.

    Args:
        ypr_rad: (..., 3) yaw, pitch, roll; or (..., 2) yaw, pitch of an eye (no torsion).

    Returns:
        (..., 3, 3) rotation matrices.
    """
    a = np.asarray(ypr_rad, float)
    cy, sy = np.cos(a[..., 0]), np.sin(a[..., 0])
    cp, sp = np.cos(a[..., 1]), np.sin(a[..., 1])
    roll = a[..., 2] if a.shape[-1] == 3 else np.zeros_like(cy)
    cr, sr = np.cos(roll), np.sin(roll)
    sysp, cysp = sy * sp, cy * sp
    # Rx(-pitch) = [[1,0,0],[0,cp,sp],[0,-sp,cp]]
    out = np.empty((*a.shape[:-1], 3, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = cy * cr - sysp * sr, -cy * sr - sysp * cr, sy * cp
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = cp * sr, cp * cr, sp
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = -sy * cr - cysp * sr, sy * sr - cysp * cr, cy * cp
    return out


def ypr_from_matrix(matrix: ArrayLike) -> Array:
    """Inverse of `matrix_from_ypr`: (..., 3, 3) -> (..., 3) yaw, pitch, roll; roll is 0 at the poles."""
    m = np.asarray(matrix, float)
    pitch = np.arcsin(np.clip(m[..., 1, 2], -1.0, 1.0))
    pole = np.abs(m[..., 1, 2]) > 1 - 1e-12
    yaw = np.where(pole, np.arctan2(-m[..., 2, 0], m[..., 0, 0]), np.arctan2(m[..., 0, 2], m[..., 2, 2]))
    roll = np.where(pole, 0.0, np.arctan2(m[..., 1, 0], m[..., 1, 1]))
    return np.stack([yaw, pitch, roll], axis=-1)


def direction_from_yaw_pitch(yaw_pitch_rad: ArrayLike) -> Array:
    """Unit gaze vector ``(sin yaw cos pitch, sin pitch, cos yaw cos pitch)``: (..., 2) -> (..., 3)."""
    a = np.asarray(yaw_pitch_rad, float)
    yaw, pitch = a[..., 0], a[..., 1]
    cp = np.cos(pitch)
    out = np.empty((*a.shape[:-1], 3))
    out[..., 0], out[..., 1], out[..., 2] = np.sin(yaw) * cp, np.sin(pitch), np.cos(yaw) * cp
    return out


def in_head(head_rad: Array, gaze_rad: Array) -> Array:
    """(T, 3) directions (T, 2: yaw, pitch in space) as seen from heads (T, 3): ``head^T @ gaze``."""
    cosine, sine = np.cos(head_rad), np.sin(head_rad)
    (cy, cp, cr), (sy, sp, sr) = cosine.T, sine.T
    (gy, gp), cos_gp = gaze_rad.T, np.cos(gaze_rad[:, 1])
    x, y, z = np.sin(gy) * cos_gp, np.sin(gp), np.cos(gy) * cos_gp
    sysp, cysp = sy * sp, cy * sp
    out = np.empty((len(head_rad), 3))
    out[:, 0] = (cy * cr - sysp * sr) * x + cp * sr * y + (-sy * cr - cysp * sr) * z
    out[:, 1] = (-cy * sr - sysp * cr) * x + cp * cr * y + (sy * sr - cysp * cr) * z
    out[:, 2] = sy * cp * x + sp * y + cy * cp * z
    return out


def yaw_pitch_from_direction(direction: ArrayLike) -> Array:
    """Yaw and pitch of a direction of any length: (..., 3) -> (..., 2)."""
    d = np.asarray(direction, float)
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    out = np.empty((*d.shape[:-1], 2))
    out[..., 0], out[..., 1] = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
    return out


def angle_between_rad(a: ArrayLike, b: ArrayLike) -> Array:
    """Angle between directions (..., 3); exact for tiny angles too (atan2 of cross and dot)."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    a0, a1, a2, b0, b1, b2 = a[..., 0], a[..., 1], a[..., 2], b[..., 0], b[..., 1], b[..., 2]
    cross = np.empty((*np.broadcast_shapes(a.shape, b.shape)[:-1], 3))
    cross[..., 0], cross[..., 1], cross[..., 2] = a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0
    return np.arctan2(np.sqrt(np.add.reduce(cross * cross, axis=-1)), np.add.reduce(a * b, axis=-1))


def quaternion_from_matrix(matrix: ArrayLike) -> Array:
    """(..., 3, 3) -> (..., 4) unit quaternions (x, y, z, w) with w >= 0 (Shepperd's method, all branches)."""
    m = np.asarray(matrix, float)
    m00, m11, m22 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    q2 = np.stack([1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22, 1 + m00 + m11 + m22], axis=-1)
    best = np.argmax(q2, axis=-1)
    xy, xz, yz = (m[..., i, j] + m[..., j, i] for i, j in ((0, 1), (0, 2), (1, 2)))
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    rows = np.stack(
        [
            np.stack([q2[..., 0], xy, xz, wx], axis=-1),
            np.stack([xy, q2[..., 1], yz, wy], axis=-1),
            np.stack([xz, yz, q2[..., 2], wz], axis=-1),
            np.stack([wx, wy, wz, q2[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    q = np.take_along_axis(rows, best[..., None, None], axis=-2)[..., 0, :]
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    return np.where(q[..., 3:] < 0, -q, q)


def quaternion_from_ypr(ypr_rad: ArrayLike) -> Array:
    """(..., 3 or 2) of `matrix_from_ypr` -> (..., 4) unit quaternions (x, y, z, w) with w >= 0."""
    half: Array = np.asarray(ypr_rad, float) / 2
    (sy, cy), (sp, cp) = ((np.sin(half[..., i]), np.cos(half[..., i])) for i in range(2))
    q = np.stack([-cy * sp, sy * cp, sy * sp, cy * cp], axis=-1)
    if half.shape[-1] == 3:
        s, c = np.sin(half[..., 2]), np.cos(half[..., 2])
        x, y, z, w = np.moveaxis(q, -1, 0)
        q = np.stack([x * c + y * s, y * c - x * s, z * c + w * s, w * c - z * s], axis=-1)
    return q * np.where(q[..., 3:] < 0, -1.0, 1.0)


def quaternion_power(quaternion: ArrayLike, share: float) -> Array:
    """The same axis, a share of the angle: (..., 4) unit quaternions with w >= 0 -> (..., 4)."""
    q = np.asarray(quaternion, float)
    sin_half = np.sqrt(np.sum(q[..., :3] ** 2, axis=-1, keepdims=True))
    half = share * np.arctan2(sin_half, q[..., 3:])
    scale = np.where(sin_half > 1e-12, np.sin(half) / np.maximum(sin_half, 1e-12), share)
    return np.concatenate([q[..., :3] * scale, np.cos(half)], axis=-1)


def matrix_from_quaternion(quaternion: ArrayLike) -> Array:
    """(..., 4) quaternions (x, y, z, w) of any length -> (..., 3, 3)."""
    q = np.asarray(quaternion, float)
    x, y, z, w = np.moveaxis(q / np.linalg.norm(q, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(r, axis=-1) for r in rows], axis=-2)


def axis_angle_from_matrix(matrix: ArrayLike) -> Array:
    """(..., 3, 3) -> (..., 3) axis times angle, angle in [0, pi]."""
    q = quaternion_from_matrix(matrix)
    sin_half = np.linalg.norm(q[..., :3], axis=-1, keepdims=True)
    angle = 2 * np.arctan2(sin_half, q[..., 3:])
    scale = np.where(sin_half > 1e-12, angle / np.maximum(sin_half, 1e-12), 2.0)
    return q[..., :3] * scale


def matrix_from_axis_angle(axis_angle_rad: ArrayLike) -> Array:
    """(..., 3) axis times angle -> (..., 3, 3)."""
    v = np.asarray(axis_angle_rad, float)
    half = np.linalg.norm(v, axis=-1, keepdims=True) / 2
    scale = np.where(half > 1e-12, np.sin(half) / np.maximum(2 * half, 1e-12), 0.5)
    return matrix_from_quaternion(np.concatenate([v * scale, np.cos(half)], axis=-1))


def fraction_of(matrix: ArrayLike, fraction: float) -> Array:
    """``slerp(I, R, fraction)``: the same axis, a fraction of the angle; (..., 3, 3) -> (..., 3, 3)."""
    return matrix_from_axis_angle(axis_angle_from_matrix(matrix) * fraction)
