"""The head is tracked by skin and landmarks that move with the gaze, and takes a part of the gaze for its own.

Lids follow the eyes up and down, brows and the skin round the eyes follow the lids, and landmark networks follow all of
them. So the place where a tracked head has its eyeballs goes along with the irises: by a fifth of their way up and down
on rendered people, by a quarter on real faces of 75 pixels, and not at all across. That much of the gaze was lost.
The skin away from the eyes does not go along, but it sees the head less steadily: so it only says, over a whole clip,
how large the share is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit import gaze
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack

Array = NDArray[Any]

_USUAL_SHARE, _SHARE_SPREAD = 0.22, 0.15
"""Of the irises' way up and down by which a tracked head goes along: .15 on rendered people, .27 on real ones."""
_LEAST_NOISE_MM = 0.08
_INDEPENDENT_S = 0.25
"""Errors repeat from picture to picture: so much time counts as one observation."""
_MOST_MM = 6.0


def freed(track: HeadTrack, share: float, iris_mm: Array, usable: NDArray[np.bool_]) -> HeadTrack:
    """A head's track with eyes that do not go along with the irises.

    Args:
        track: (T) head poses by all of the skin.
        share: from `share_along`.
        iris_mm: (T,) how far down the irises lie against the eyeballs, by the far skin.
        usable: (T,) frames with open eyes.
    """
    middle = np.median(iris_mm[usable]) if usable.any() else np.median(iris_mm)
    up_m = share * np.clip(iris_mm - middle, -_MOST_MM, _MOST_MM) * 1e-3
    roll = track.ypr_rad[:, 2]
    shift = up_m[:, None] * np.stack([-np.sin(roll), np.cos(roll), np.zeros_like(roll)], axis=1)
    return replace(track, position_m=track.position_m + shift)


def ways_down_mm(track: HeadTrack, far: HeadTrack, camera: Camera, iris_px: Array) -> tuple[Array, Array]:
    """(T,) how far down irises lie against eyeballs by the far skin; how far those by all of the skin lie below them.

    Args:
        track: (T) head poses by all of the skin.
        far: the same by the skin away from the eyes.
        camera: the camera.
        iris_px: (T, 2, 2) iris centres.
    """
    by_far, by_all = (gaze.iris_offsets_mm(t, camera, iris_px)[..., 1].mean(axis=1) for t in (far, track))
    return by_far - far.ypr_rad[:, 1] * gaze.USUAL_LEAN_MM[1, 1], by_far - by_all


def share_along(
    iris_mm: Array, along_mm: Array, causes: Array, toward_up: Array, usable: NDArray[np.bool_], fps: float
) -> float:
    """The share of the irises' way that a head goes along, held near the usual one as far as the clip cannot tell.

    Args:
        iris_mm: (T,) irises against the eyeballs, by the far skin.
        along_mm: (T,) how much farther the eyeballs of all of the skin lie in the same direction.
        causes: (T, K) what else may part both.
        toward_up: (T,) the look of the eyes; only what it explains of the irises' way counts, so that an error of the
            far skin, which is in both, does not.
        usable: (T,) frames that count.
        fps: frame rate.
    """
    if usable.sum() <= causes.shape[1] + 2:
        return _USUAL_SHARE
    known = np.column_stack([np.ones(usable.sum()), causes[usable]])
    iris, along, look = (_unexplained(v[usable], known) for v in (iris_mm, along_mm, toward_up))
    way = look * (look @ iris / max(float(look @ look), 1e-12))
    rest = along - way * (way @ along / max(float(way @ way), 1e-12))
    noise = max(float(rest.std()), _LEAST_NOISE_MM)
    told = 1 / (noise**2 * max(1.0, _INDEPENDENT_S * fps))
    usual = _SHARE_SPREAD**-2
    return float((told * (way @ along) + usual * _USUAL_SHARE) / (told * (way @ way) + usual))


def _unexplained(values: Array, known: Array) -> Array:
    return values - known @ np.linalg.lstsq(known, values, rcond=None)[0]
