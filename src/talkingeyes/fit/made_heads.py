"""Rendered heads have skin without pores, creases and lashes, and eyeballs that are larger than people's.

The iris of a painted ball moves a fifth more for the same gaze, and nothing in its movement tells (docs/fit.md); the
bare skin around the eye does, where the picture is clear enough to show what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from talkingeyes.fit.iris import EyeCrop

_CLEAR_RADIUS_PX = 8.0
_MOST_CROPS = 24
_FINE_PX = 2.5
_NEAR_PX, _FAR_PX = 7.0, 16.0
"""Where skin is looked at: so far outside the lids, in crop pixels."""
_BARE = 0.014
"""Spread of what is finer than `_FINE_PX` over the brightness: .009 to .011 on three rendered heads, .027 to .106 on
ten clips of people with clear faces."""


def is_made(crops: Sequence[EyeCrop]) -> bool:
    """Whether these are crops of a rendered head; never where the picture is too small to tell."""
    import cv2

    if not crops or np.median([crop.radius_px for crop in crops]) < _CLEAR_RADIUS_PX:
        return False
    shares = []
    for crop in crops[:_MOST_CROPS]:
        grey = crop.image.astype(np.float32).mean(axis=2)
        skin = (crop.inside < -_NEAR_PX) & (crop.inside > -_FAR_PX)
        fine = (grey - cv2.GaussianBlur(grey, (0, 0), _FINE_PX))[skin]
        if len(fine):
            shares.append(float(fine.std() / (grey[skin].mean() + 1)))
    return bool(shares) and float(np.median(shares)) < _BARE
