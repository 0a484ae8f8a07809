"""A pinhole camera at the origin of space, looking along -Z: pixels <-> metres (docs/conventions.md, fits)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DEFAULT_FOV_DEG = 35.0
"""Vertical field of view assumed when nobody says: between a webcam (45) and a portrait lens (25)."""


@dataclass(frozen=True)
class Camera:
    """Square pixels, principal point in the middle, no lens distortion.

    Attributes:
        width: picture width in pixels.
        height: picture height in pixels.
        fov_deg: vertical field of view.
    """

    width: int
    height: int
    fov_deg: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.height / 2 / math.tan(math.radians(self.fov_deg) / 2)

    @property
    def centre_px(self) -> Array:
        """(2,) principal point."""
        return np.array([self.width / 2, self.height / 2])

    def project(self, points_m: Array) -> Array:
        """(..., 3) points in space -> (..., 2) pixels, x right, y down."""
        scale = self.focal_px / -points_m[..., 2:]
        return self.centre_px + points_m[..., :2] * scale * np.array([1.0, -1.0])

    def jacobian(self, points_m: Array) -> Array:
        """(..., 2, 3) derivative of `project` by the point."""
        depth = -points_m[..., 2]
        out = np.zeros((*points_m.shape[:-1], 2, 3))
        out[..., 0, 0] = self.focal_px / depth
        out[..., 1, 1] = -self.focal_px / depth
        out[..., 0, 2] = self.focal_px * points_m[..., 0] / depth**2
        out[..., 1, 2] = -self.focal_px * points_m[..., 1] / depth**2
        return out

    def rays(self, pixels: Array) -> Array:
        """(..., 2) pixels -> (..., 3) unit directions in space."""
        xy = (pixels - self.centre_px) / self.focal_px * np.array([1.0, -1.0])
        ray = np.concatenate([xy, -np.ones((*xy.shape[:-1], 1))], axis=-1)
        return ray / np.linalg.norm(ray, axis=-1, keepdims=True)
