"""The head that a fit starts from: mean positions of the landmarks, the eyes and the skin, and how people differ.

Derived from ICT-FaceKit (MIT): MediaPipe's landmarks on renderings of its heads, traced back to the surface
(scripts/build_fit_prior.py). Metres, axes of docs/conventions.md, origin midway between the eyes' centres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
NUM_MODES = 12


@dataclass(frozen=True)
class HeadPrior:
    """Mean and main modes of variation of a head (modes have unit standard deviation over people).

    Attributes:
        landmarks_m: (478, 3) mean landmark positions; only those in ``known`` mean anything.
        landmark_modes_m: (12, 478, 3).
        known: (478,) bool.
        eyes_m: (2, 3) eyeball centres, left and right.
        eye_modes_m: (12, 2, 3).
        surface_m: (N, 3) skin points that keep their place while people speak, blink and look.
        surface_normals: (N, 3).
        surface_modes_m: (12, N, 3).
    """

    landmarks_m: Array
    landmark_modes_m: Array
    known: NDArray[np.bool_]
    eyes_m: Array
    eye_modes_m: Array
    surface_m: Array
    surface_normals: Array
    surface_modes_m: Array


@cache
def head_prior() -> HeadPrior:
    """The shipped prior, read once."""
    with (resources.files("talkingeyes") / "assets" / "fit_head.npz").open("rb") as file, np.load(file) as data:
        origin = data["eye_m"].astype(float).mean(axis=0)
        return HeadPrior(
            landmarks_m=data["landmark_m"].astype(float) - origin,
            landmark_modes_m=data["landmark_modes_m"].astype(float),
            known=data["landmark_ok"],
            eyes_m=data["eye_m"].astype(float) - origin,
            eye_modes_m=data["eye_modes_m"].astype(float),
            surface_m=data["surface_m"].astype(float) - origin,
            surface_normals=data["surface_normal"].astype(float),
            surface_modes_m=data["surface_modes_m"].astype(float),
        )
