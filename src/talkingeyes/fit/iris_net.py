"""Where the iris is, by a small network taught on renderings of many people (scripts/teach_irises.py).

Lids cover half of the rim in a face of 110 pixels, and a disc fitted to the rest lies between the lids: half of the
vertical gaze was lost. The network has seen what the visible arcs mean under all openings, sizes, lights and codecs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.weights import Network, load_network

Array = NDArray[Any]
SIDE_PX = 40
"""Pictures of eyes as the network takes them: crops of `talkingeyes.fit.iris` at half the size."""
CROP_RADIUS_PX = 14.0
_MOST_SIGMA, _LEAST_SIGMA = 1.0, 0.01


@dataclass(frozen=True)
class EyeLook:
    """What the network says of N eyes.

    Attributes:
        centre: (N, 2) iris right and down of the crop's middle, in radii of 14 crop pixels.
        sigma: (N, 2) how sure, the same unit.
        radius: (N,) of the iris, the same unit.
        toward_rad: (N, 2) yaw and pitch of the eye against the line from it to the camera: what its look alone says,
            lids included, wherever the eyeball lies.
    """

    centre: Array
    sigma: Array
    radius: Array
    toward_rad: Array

    def at(self, index: Sequence[int]) -> EyeLook:
        """Some of them."""
        i = list(index)
        return EyeLook(self.centre[i], self.sigma[i], self.radius[i], self.toward_rad[i])


@cache
def shipped_irises() -> Network:
    """The network of the package.

    Raises:
        ModelError: the package is damaged.
    """
    with as_file(files("talkingeyes") / "assets" / "weights" / "irises") as folder:
        return load_network(Path(folder))


def look(crops: Sequence[NDArray[np.uint8]], right: Sequence[bool]) -> EyeLook:
    """Look at eyes.

    Args:
        crops: (80, 80, 3) each, from `talkingeyes.fit.iris.crop_eye`.
        right: which of them are right eyes; they are seen mirrored, as the network knows left ones.
    """
    import cv2

    pictures = np.empty((len(crops), 3, SIDE_PX, SIDE_PX), np.float32)
    for picture, crop, mirrored in zip(pictures, crops, right, strict=True):
        small = cv2.resize(crop, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        picture[:] = np.moveaxis(small[:, ::-1] if mirrored else small, 2, 0)
    found = shipped_irises().run("irises", {"eyes": pictures})["irises"].astype(float)
    side = np.where(np.asarray(right)[:, None], [-1.0, 1.0], 1.0)
    sigma = np.clip(np.exp(found[:, 6:8]), _LEAST_SIGMA, _MOST_SIGMA)
    return EyeLook(found[:, :2] * side, sigma, np.exp(found[:, 4]), found[:, 2:4] * side)
