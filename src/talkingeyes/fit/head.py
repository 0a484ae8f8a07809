"""Head pose in metres from landmarks: one rigid head per person, fitted to all pictures together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.prior import NUM_MODES
from talkingeyes.fit.trackers import MESH, TrackerKind

Array = NDArray[Any]

_LANDMARK_SIGMA_PX = 1.5
_SHAPE_PICTURES = 80
_INDEPENDENT_PICTURES = 10
"""Landmark errors repeat from picture to picture, so that many pictures count as this many."""
_FREE_SIGMA_M = 0.002
_CHUNK = 512


@dataclass(frozen=True)
class HeadTrack:
    """Rigid motion of one head: a point X of the head is at ``R X + t`` in space.

    Attributes:
        rotation: (T, 3, 3).
        position_m: (T, 3) of the point midway between the eyes' centres.
        shape: (12,) how this head differs from the mean, in standard deviations.
        kind: the tracker whose points it was fitted to.
    """

    rotation: Array
    position_m: Array
    shape: Array
    kind: TrackerKind = MESH

    @property
    def ypr_rad(self) -> Array:
        """(T, 3) yaw, pitch, roll."""
        return rotations.ypr_from_matrix(self.rotation)

    def own_eyes_m(self) -> Array:
        """(2, 3) eyeball centres in the head."""
        prior = self.kind.prior()
        return prior.eyes_m + np.tensordot(self.shape, prior.eye_modes_m, 1)

    def eyes_m(self) -> Array:
        """(T, 2, 3) eyeball centres in space."""
        return np.einsum("tij,ej->tei", self.rotation, self.own_eyes_m()) + self.position_m[:, None]

    def at(self, index: Array) -> HeadTrack:
        """Some pictures of the track."""
        return replace(self, rotation=self.rotation[index], position_m=self.position_m[index])


def small_turn(matrix: Array) -> Array:
    """(3, 3) rotation by less than a quarter turn -> (3,) axis times angle, without the overhead of the general one."""
    x, y, z = matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]
    sine = math.sqrt(x * x + y * y + z * z) / 2
    scale = 0.5 * math.asin(min(sine, 1.0)) / sine if sine > 1e-12 else 0.5
    return np.array([x * scale, y * scale, z * scale])


def turn_matrix(axis_angle_rad: Array) -> Array:
    """(3,) axis times angle -> (3, 3), Rodrigues' formula on plain numbers."""
    x, y, z = (float(v) for v in axis_angle_rad)
    angle = math.sqrt(x * x + y * y + z * z)
    a, b = (math.sin(angle) / angle, (1 - math.cos(angle)) / angle**2) if angle > 1e-9 else (1.0, 0.5)
    c = math.cos(angle)
    return np.array(
        [
            [c + b * x * x, b * x * y - a * z, b * x * z + a * y],
            [b * x * y + a * z, c + b * y * y, b * y * z - a * x],
            [b * x * z - a * y, b * y * z + a * x, c + b * z * z],
        ]
    )


def fit_head(landmarks_px: Array, camera: Camera, kind: TrackerKind = MESH) -> HeadTrack:
    """Pose per picture and one head shape for all of them.

    Args:
        landmarks_px: (T, 478, 2), every picture with a face.
        camera: the assumed or known camera.
        kind: the tracker that found them.
    """
    prior, index = kind.prior(), kind.rigid_known()
    seen = landmarks_px[:, index].astype(float)
    mean, modes = prior.landmarks_m[index], prior.landmark_modes_m[:, index]
    rotation, position = _start(seen, mean, camera)
    shape, free, points = np.zeros(NUM_MODES), np.zeros_like(mean), mean
    some = np.unique(np.linspace(0, len(seen) - 1, min(len(seen), _SHAPE_PICTURES)).astype(int))
    rot, pos = _poses(points, seen[some], rotation[some], position[some], camera, sigma_px=5.0, steps=8)
    for _ in range(5):
        shape, free = _shape_step(points, seen[some], (rot, pos), camera, (modes, shape, free))
        points = mean + np.tensordot(shape, modes, 1) + free
        rot, pos = _poses(points, seen[some], rot, pos, camera, sigma_px=2.0, steps=2)
    if len(some) == len(seen):
        rotation, position = rot, pos
    else:
        rotation, position = _poses(points, seen, rotation, position, camera, sigma_px=5.0, steps=5)
    rotation, position = _poses(points, seen, rotation, position, camera, sigma_px=2.0, steps=2)
    return HeadTrack(rotation, position, shape, kind)


def unbiased(track: HeadTrack) -> HeadTrack:
    """Take the tracker's known turning gain out, about the middle of the face's surface."""
    ypr = track.ypr_rad
    ypr[:, 0] *= track.kind.bias.yaw_gain
    ypr[:, 1] *= track.kind.bias.pitch_gain
    rotation = rotations.matrix_from_ypr(ypr)
    pivot = track.kind.prior().landmarks_m[track.kind.rigid_known()].mean(axis=0)
    return replace(track, rotation=rotation, position_m=track.position_m + (track.rotation - rotation) @ pivot)


def blended(landmarks: HeadTrack, skin: HeadTrack) -> Array:
    """(T, 3) yaw, pitch, roll from both tracks: yaw half and half, pitch mostly and roll all from the skin.

    The shares are those that were best on rendered heads: skin sees roll and pitch far better, yaw about equally well
    (a highlight that stays in place while the head turns can pull it).
    """
    return skin.ypr_rad + np.array(landmarks.kind.bias.share) * rotations.wrap_rad(landmarks.ypr_rad - skin.ypr_rad)


def _start(seen: Array, mean: Array, camera: Camera) -> tuple[Array, Array]:
    """Straight ahead, as far away as the face is large."""
    spread = np.linalg.norm(seen - seen.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)
    size_m = np.linalg.norm((mean - mean.mean(axis=0))[:, :2], axis=-1).mean()
    depth = camera.focal_px * size_m / np.maximum(spread, 1e-3)
    xy = (seen.mean(axis=1) - camera.centre_px) * np.array([1.0, -1.0]) * (depth / camera.focal_px)[:, None]
    position = np.concatenate([xy, -depth[:, None]], axis=1) - mean.mean(axis=0)
    return np.tile(np.eye(3), (len(seen), 1, 1)), position


def _poses(
    points: Array, seen: Array, rotation: Array, position: Array, camera: Camera, *, sigma_px: float, steps: int
) -> tuple[Array, Array]:
    """Gauss-Newton with Cauchy weights, all pictures at once, in blocks that bound the memory."""
    blocks = [slice(i, i + _CHUNK) for i in range(0, len(seen), _CHUNK)]
    done = [_pose_block(points, seen[b], rotation[b], position[b], camera, sigma_px, steps) for b in blocks]
    return np.concatenate([r for r, _ in done]), np.concatenate([p for _, p in done])


def _pose_block(
    points: Array, seen: Array, rotation: Array, position: Array, camera: Camera, sigma_px: float, steps: int
) -> tuple[Array, Array]:
    for _ in range(steps):
        arm = np.moveaxis(points @ np.swapaxes(rotation, 1, 2), 2, 0)
        x, y, z = arm + position.T[..., None]
        focal = camera.focal_px / -z
        miss = np.stack(
            [seen[..., 0] - camera.centre_px[0] - x * focal, seen[..., 1] - camera.centre_px[1] + y * focal]
        )
        root = 1 / np.sqrt(1 + (miss**2).sum(axis=0) / sigma_px**2)
        jac = _pose_jacobian(arm, x / -z, y / z, focal * root).reshape(len(seen), 6, -1)
        right = np.moveaxis(miss * root, 0, 1).reshape(len(seen), -1, 1)
        step = np.linalg.solve(jac @ np.swapaxes(jac, 1, 2) + 1e-9 * np.eye(6), jac @ right)[..., 0]
        rotation = rotations.matrix_from_axis_angle(step[:, :3]) @ rotation
        position = position + step[:, 3:]
    return rotation, position


def _pose_jacobian(arm: Array, right: Array, down: Array, focal: Array) -> Array:
    """Weighted derivative of the projected points by a small turn and shift.

    Args:
        arm: (3, T, N) points turned, before the shift.
        right: (T, N) slope of the ray to the right.
        down: (T, N) slope of the ray down.
        focal: (T, N) focal length over depth times the weight's root.

    Returns:
        (T, 6, 2, N): the six derivatives of x (right) and y (down).
    """
    out = np.zeros((right.shape[0], 6, 2, right.shape[1]))
    out[:, 3, 0], out[:, 5, 0] = focal, focal * right
    out[:, 4, 1], out[:, 5, 1] = -focal, focal * down
    ax, ay, az = arm
    out[:, 0, 0], out[:, 1, 0], out[:, 2, 0] = ay * out[:, 5, 0], az * focal - ax * out[:, 5, 0], -ay * focal
    out[:, 0, 1], out[:, 1, 1], out[:, 2, 1] = ay * out[:, 5, 1] + az * focal, -ax * out[:, 5, 1], -ax * focal
    return out


def _shape_step(
    points: Array, seen: Array, pose: tuple[Array, Array], camera: Camera, state: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """One linear step of the head's shape: modes with unit prior and a small free displacement per landmark."""
    modes, shape, free = state
    rotation, position = pose
    placed = np.einsum("tij,nj->tni", rotation, points) + position[:, None]
    miss = seen - camera.project(placed)
    weight = 1 / (1 + (miss**2).sum(axis=-1) / 4.0) / _LANDMARK_SIGMA_PX**2 * (_INDEPENDENT_PICTURES / len(seen))
    jac = camera.jacobian(placed) @ rotation[:, None]
    normal = np.einsum("tnik,tn,tnil->nkl", jac, weight, jac)
    right = np.einsum("tnik,tn,tni->nk", jac, weight, miss)
    num_modes, num_points = len(modes), len(points)
    by_mode = np.einsum("anj,njk->ank", modes, normal)
    whole = np.zeros((num_modes + 3 * num_points,) * 2)
    whole[:num_modes, :num_modes] = np.einsum("ank,bnk->ab", by_mode, modes) + np.eye(num_modes)
    whole[:num_modes, num_modes:] = by_mode.reshape(num_modes, -1)
    whole[num_modes:, :num_modes] = by_mode.reshape(num_modes, -1).T
    for i in range(num_points):
        block = slice(num_modes + 3 * i, num_modes + 3 * i + 3)
        whole[block, block] = normal[i] + np.eye(3) / _FREE_SIGMA_M**2
    pull = np.concatenate([np.einsum("ank,nk->a", modes, right) - shape, (right - free / _FREE_SIGMA_M**2).ravel()])
    step = np.linalg.solve(whole, pull)
    return shape + step[:num_modes], free + step[num_modes:].reshape(-1, 3)
