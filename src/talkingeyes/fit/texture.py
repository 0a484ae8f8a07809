"""Head pose from the skin itself: a person's own texture, learned from the clip and followed at sub-pixel accuracy.

Landmark networks swing with the jaw, the gaze and the pose. The picture does not: about 900 points of skin (nose,
cheeks, brow, corners of the eyes) must keep their local brightness. The landmark pose is the start and a weak prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack
from talkingeyes.fit.prior import head_prior

Array = NDArray[Any]

_FINE_M, _COARSE_M = 0.0009, 0.0035
"""Band of the local brightness: details between these sizes, so that light and shade drop out."""
_PRIOR_SIGMA = np.array([np.radians(1), np.radians(1), np.radians(1), 0.001, 0.001, 0.005])
"""How far the landmark pose is trusted: radians about X, Y, Z; metres along X, Y, Z."""
_TRUST = 0.3
"""Neighbouring skin points are not independent: their evidence is scaled down by this."""
_MARGIN_M = 0.03
_FACE_RADIUS_M = 0.11


@dataclass(frozen=True)
class SkinImage:
    """Local brightness and its slopes around one face.

    Attributes:
        layers: (H, W, 3) float32: band-passed brightness, d/dx, d/dy.
        corner_px: (2,) where the crop lies in the picture.
    """

    layers: Array
    corner_px: Array

    def sample(self, pixels: Array) -> Array:
        """(N, 2) pixels of the picture -> (N, 3) bilinear samples."""
        import cv2

        at = (pixels - self.corner_px - 0.5).astype(np.float32)
        return cv2.remap(
            self.layers, at[None, :, 0], at[None, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )[0]


class SkinTexture:
    """Brightness of one person's skin points, learned from some pictures, then used to refine the pose in all.

    Args:
        camera: the camera.
        track: landmark poses of the pictures to learn from (its shape is the person's).
        images: those pictures, (H, W, 3) uint8.
    """

    def __init__(self, camera: Camera, track: HeadTrack, images: list[NDArray[np.uint8]]) -> None:
        prior = head_prior()
        self._camera = camera
        self._points = prior.surface_m + np.tensordot(track.shape, prior.surface_modes_m, 1)
        self._normals = prior.surface_normals
        self._px_per_m = camera.focal_px / float(np.median(-track.position_m[:, 2]))
        skins = [self.skin(image, track.position_m[i]) for i, image in enumerate(images)]
        rotation, position = track.rotation.copy(), track.position_m.copy()
        for _ in range(4):
            self._learn(skins, rotation, position)
            for i, skin in enumerate(skins):
                rotation[i], position[i] = self._refine(
                    skin, rotation[i], position[i], (track.rotation[i], track.position_m[i]), steps=2, trust=1.0
                )
        self._learn(skins, rotation, position)
        self.learned = HeadTrack(rotation, position, track.shape)

    def skin(self, image: NDArray[np.uint8], position_m: Array) -> SkinImage:
        """The band-passed brightness around a face at ``position_m``."""
        import cv2

        height, width = image.shape[:2]
        centre = self._camera.project(position_m + np.array([0.0, 0.0, 0.02]))
        radius = (_FACE_RADIUS_M + _MARGIN_M) * self._px_per_m
        x0, y0 = (int(np.clip(v, 0, limit - 2)) for v, limit in zip(centre - radius, (width, height), strict=True))
        x1, y1 = (
            int(np.clip(v, lo + 2, limit))
            for v, lo, limit in zip(centre + radius, (x0, y0), (width, height), strict=True)
        )
        grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY).astype(np.float32)
        fine = cv2.GaussianBlur(grey, (0, 0), max(0.6, _FINE_M * self._px_per_m))
        coarse = cv2.GaussianBlur(grey, (0, 0), max(1.2, _COARSE_M * self._px_per_m))
        band = (fine - coarse) * (100 / (coarse + 10))
        slopes = [cv2.Sobel(band, cv2.CV_32F, dx, 1 - dx, ksize=3) / 8 for dx in (1, 0)]
        return SkinImage(np.stack([band, *slopes], axis=-1), np.array([x0, y0], float))

    def refine(
        self, skin: SkinImage, start: tuple[Array, Array], landmark_pose: tuple[Array, Array]
    ) -> tuple[Array, Array]:
        """Pose of one picture: (3, 3) rotation and (3,) position, from ``start``, held near ``landmark_pose``."""
        return self._refine(skin, *start, landmark_pose, steps=2, trust=_TRUST)

    def _refine(
        self, skin: SkinImage, rotation: Array, position: Array, held: tuple[Array, Array], *, steps: int, trust: float
    ) -> tuple[Array, Array]:
        precision = 1 / _PRIOR_SIGMA**2
        for _ in range(steps):
            value, jac, visible = self._linear(skin, rotation, position)
            miss = self._mean - value
            weight = trust * self._precision * visible / (1 + (miss / (3 * self._deviation + 1)) ** 2)
            away = np.concatenate([rotations.axis_angle_from_matrix(held[0] @ rotation.T), held[1] - position])
            weighted = jac * weight[:, None]
            # einsum, not @: products this thin are slower on many BLAS threads than on none
            normal = np.einsum("nk,nl->kl", weighted, jac) + np.diag(precision)
            step = np.linalg.solve(normal, np.einsum("nk,n->k", weighted, miss) + precision * away)
            rotation = rotations.matrix_from_axis_angle(step[:3]) @ rotation
            position = position + step[3:]
        return rotation, position

    def _linear(self, skin: SkinImage, rotation: Array, position: Array) -> tuple[Array, Array, Array]:
        arm = self._points @ rotation.T
        placed: Array = arm + position
        depth = -placed[:, 2]
        sample = skin.sample(self._camera.project(placed))
        focal = self._camera.focal_px / depth
        along_x, along_y = sample[:, 1] * focal, -sample[:, 2] * focal
        by_point = np.stack([along_x, along_y, (along_x * placed[:, 0] + along_y * placed[:, 1]) / depth], axis=1)
        visible = np.clip(((self._normals @ rotation.T)[:, 2] - 0.2) / 0.2, 0, 1)
        return sample[:, 0], np.concatenate([np.cross(arm, by_point), by_point], axis=1), visible

    def _learn(self, skins: list[SkinImage], rotation: Array, position: Array) -> None:
        lines = [self._linear(skin, rotation[i], position[i]) for i, skin in enumerate(skins)]
        value, visible = np.array([v for v, _, _ in lines]), np.array([s for _, _, s in lines])
        weight, mean = visible, value[0]
        for _ in range(3):
            mean = (value * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-6)
            weight = visible / (1 + ((value - mean) / 4) ** 2)
        variance = (weight * (value - mean) ** 2).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-6)
        self._mean, self._deviation = mean, np.sqrt(variance)
        self._precision = np.where(weight.sum(axis=0) > 0.2 * len(skins), 1 / (variance + 0.5), 0.0)
