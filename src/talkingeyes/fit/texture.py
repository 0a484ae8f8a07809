"""Head pose from the skin itself: a person's own texture, learned from the clip and followed at sub-pixel accuracy.

Landmark networks swing with the jaw, the gaze and the pose. The picture does not: 1,500 points of skin (nose,
cheeks, brow, corners of the eyes) must keep their local brightness. The landmark pose is the start and a weak prior.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack, small_turn, turn_matrix
from talkingeyes.fit.landmarks import EYES
from talkingeyes.fit.trackers import TrackerKind

Array = NDArray[Any]

_FINE_M, _COARSE_M = 0.0009, 0.0035
"""Band of the local brightness: details between these sizes, so that light and shade drop out."""
_PRIOR_PRECISION = np.array([np.radians(1), np.radians(1), np.radians(1), 0.001, 0.001, 0.005]) ** -2.0
"""How far the landmark pose is trusted: 1 degree about each axis; 1, 1 and 5 mm along X, Y, Z."""
_TRUST = 0.3
"""Neighbouring skin points are not independent: their evidence is scaled down by this."""
_MARGIN_M = 0.015
_NEAR_EYES_M = 0.006
"""Skin so near to the opening of an eye moves with the lids, and those with the gaze."""
_ROUNDS, _ROUND_STEPS = 2, 2
_STEPS = 2


@dataclass(frozen=True)
class SkinImage:
    """Local brightness and its slopes around one face.

    Attributes:
        layers: (H, W, 3) float32: band-passed brightness, d/dx, d/dy.
        corner_px: (2,) where the crop lies in the picture.
    """

    layers: Array
    corner_px: Array

    def sample(self, x_px: Array, y_px: Array) -> Array:
        """(N,) pixels of the picture -> (N, 3) bilinear samples."""
        import cv2

        at_x = (x_px - (self.corner_px[0] + 0.5)).astype(np.float32)[None]
        at_y = (y_px - (self.corner_px[1] + 0.5)).astype(np.float32)[None]
        return cv2.remap(self.layers, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]


class SkinTexture:
    """Brightness of one person's skin points, learned from some pictures, then used to refine the pose in all.

    Args:
        camera: the camera.
        track: landmark poses of the pictures to learn from (its shape is the person's).
        images: those pictures, (H, W, 3) uint8.

    Attributes:
        skins: of those pictures.
        learned: poses of those pictures.
    """

    def __init__(self, camera: Camera, track: HeadTrack, images: list[NDArray[np.uint8]]) -> None:
        prior = track.kind.prior()
        self._camera = camera
        self._points = np.ascontiguousarray((prior.surface_m + np.tensordot(track.shape, prior.surface_modes_m, 1)).T)
        self._normals = prior.surface_normals.T.copy()
        self._far = far_from_eyes(track.kind)
        self._px_per_m = camera.focal_px / float(np.median(-track.position_m[:, 2]))
        rotation, position = track.rotation.copy(), track.position_m.copy()
        self.skins = [self.skin(image, rotation[i], position[i]) for i, image in enumerate(images)]
        for _ in range(_ROUNDS):
            lines = self._learn(rotation, position)
            for i, skin in enumerate(self.skins):
                held = track.rotation[i], track.position_m[i]
                pose = rotation[i], position[i]
                rotation[i], position[i] = self._refine(skin, *pose, held, _ROUND_STEPS, trust=1.0, line=lines[i])[0]
        self._learn(rotation, position)
        self.learned = replace(track, rotation=rotation, position_m=position)

    def skin(self, image: NDArray[np.uint8], rotation: Array, position_m: Array) -> SkinImage:
        """The band-passed brightness around a face near a pose."""
        import cv2

        height, width = image.shape[:2]
        seen = self._camera.project((rotation @ self._points).T + position_m)
        margin = _MARGIN_M * self._px_per_m
        low, high = seen.min(axis=0) - margin, seen.max(axis=0) + margin
        x0, y0 = (int(np.clip(v, 0, limit - 2)) for v, limit in zip(low, (width, height), strict=True))
        x1, y1 = (int(np.clip(v, lo + 2, limit)) for v, lo, limit in zip(high, (x0, y0), (width, height), strict=True))
        grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY).astype(np.float32)
        fine = cv2.GaussianBlur(grey, (0, 0), max(0.6, _FINE_M * self._px_per_m))
        coarse = _wide_blur(grey, max(1.2, _COARSE_M * self._px_per_m))
        band = (fine - coarse) * (100 / (coarse + 10))
        slopes = [cv2.Sobel(band, cv2.CV_32F, dx, 1 - dx, ksize=3, scale=1 / 8) for dx in (1, 0)]
        return SkinImage(cv2.merge([band, *slopes]), np.array([x0, y0], float))

    def refine(
        self, skin: SkinImage, start: tuple[Array, Array], landmark_pose: tuple[Array, Array]
    ) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Pose of one picture: (3, 3) rotation and (3,) position, from ``start``, held near ``landmark_pose``.

        Returns:
            The pose by all points, and the one by those away from the eyes.
        """
        return self._refine(skin, *start, landmark_pose, _STEPS, trust=_TRUST)

    def _refine(
        self, skin: SkinImage, rotation: Array, position: Array, held: tuple[Array, Array], steps: int, *,
        trust: float, line: tuple[Array, Array, Array] | None = None,
    ) -> tuple[tuple[Array, Array], tuple[Array, Array]]:  # fmt: skip
        far = rotation, position
        for step in range(steps):
            value, jac, visible = line or self._linear(skin, rotation, position)
            line = None
            miss = self._mean - value
            weight = trust * self._precision * visible / (1 + (miss * self._usual) ** 2)
            away = np.concatenate([small_turn(held[0] @ rotation.T), held[1] - position])
            if step == steps - 1:
                far = _stepped(
                    rotation, position, jac[:, self._far], (weight * miss)[self._far], weight[self._far], away
                )
            rotation, position = _stepped(rotation, position, jac, weight * miss, weight, away)
        return (rotation, position), far

    def _linear(self, skin: SkinImage, rotation: Array, position: Array) -> tuple[Array, Array, Array]:
        """Brightness (N,), its derivative by a small turn and shift of the head (6, N), and visibility (N,)."""
        arm = rotation @ self._points
        x, y, z = arm + position[:, None]
        focal = self._camera.focal_px / -z
        centre = self._camera.centre_px
        sample = skin.sample(centre[0] + x * focal, centre[1] - y * focal)
        jac = np.empty((6, len(z)))
        turn, shift = jac[:3], jac[3:]
        np.multiply(sample[:, 1], focal, out=shift[0])
        np.multiply(sample[:, 2], -focal, out=shift[1])
        shift[2] = (shift[0] * x + shift[1] * y) / -z
        turn[0] = arm[1] * shift[2] - arm[2] * shift[1]
        turn[1] = arm[2] * shift[0] - arm[0] * shift[2]
        turn[2] = arm[0] * shift[1] - arm[1] * shift[0]
        visible = np.minimum(np.maximum((rotation[2] @ self._normals - 0.2) / 0.2, 0), 1)
        return sample[:, 0], jac, visible

    def _learn(self, rotation: Array, position: Array) -> list[tuple[Array, Array, Array]]:
        """Mean and spread of each point's brightness at these poses; gives the linear form of every picture there."""
        lines = [self._linear(skin, rotation[i], position[i]) for i, skin in enumerate(self.skins)]
        value, visible = np.array([v for v, _, _ in lines]), np.array([s for _, _, s in lines])
        weight, mean = visible, value[0]
        for _ in range(3):
            mean = (value * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-6)
            weight = visible / (1 + ((value - mean) / 4) ** 2)
        variance = (weight * (value - mean) ** 2).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-6)
        self._mean, self._usual = mean, 1 / (3 * np.sqrt(variance) + 1)
        self._precision = np.where(weight.sum(axis=0) > 0.2 * len(self.skins), 1 / (variance + 0.5), 0.0)
        return lines


def _stepped(
    rotation: Array, position: Array, jac: Array, miss: Array, weight: Array, away: Array
) -> tuple[Array, Array]:
    """One Gauss-Newton step of a pose, held near the landmarks' one.

    Args:
        rotation: (3, 3).
        position: (3,).
        jac: (6, N) derivative of the brightness by a small turn and shift.
        miss: (N,) brightness that is missing, by weight.
        weight: (N,).
        away: (6,) turn and shift to the landmarks' pose.
    """
    normal = (jac * weight) @ jac.T
    normal[np.diag_indices(6)] += _PRIOR_PRECISION
    # einsum, not @: just long enough for BLAS to wake threads that cost more than they give
    pull = np.einsum("kn,n->k", jac, miss)
    step = np.linalg.solve(normal, pull + _PRIOR_PRECISION * away)
    return turn_matrix(step[:3]) @ rotation, position + step[3:]


@cache
def far_from_eyes(kind: TrackerKind) -> NDArray[np.int64]:
    """Which skin points lie `_NEAR_EYES_M` and more outside both eyes' openings, as seen from the front."""
    import cv2

    prior = kind.prior()
    contours = [(1e3 * prior.landmarks_m[list(eye), :2]).astype(np.float32) for eye in EYES]
    seen = (1e3 * prior.surface_m[:, :2]).astype(float)
    inside = [[cv2.pointPolygonTest(contour, (x, y), True) for x, y in seen] for contour in contours]
    return np.flatnonzero(np.max(inside, axis=0) < -1e3 * _NEAR_EYES_M)


def _wide_blur(grey: Array, sigma_px: float) -> Array:
    """A wide Gaussian at half the size where it is wide enough to hide that."""
    import cv2

    if sigma_px < 2.0:
        return cv2.GaussianBlur(grey, (0, 0), sigma_px)
    height, width = grey.shape
    half = cv2.resize(grey, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(half, (0, 0), sigma_px / 2), (width, height), interpolation=cv2.INTER_LINEAR)
