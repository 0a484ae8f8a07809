"""Eyelid closure against the person's own open eye, with the part that follows the gaze taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.landmarks import EYES

Array = NDArray[Any]

_OPEN_EXPECTILE = 0.85
_SLOPE_MEAN, _SLOPE_SIGMA = 0.5, 0.4
"""How the opening grows with upward gaze, share of the opening per radian."""
_SHUT_SHARE = 0.10
"""Opening that still shows in closed eyes (lashes, the lid's edge), as a share of the open one."""
_BLINK_SHARE, _BLURRED_SHUT_SHARE = 0.6, 0.45
"""A clip whose opening falls below the first share of the open one holds a blink; small pictures show up to the second
share of opening in shut eyes."""
_DOWN_MOST = 0.3
"""Closure of lids that follow the gaze down, at most, beyond what their line over pitch explains."""
_REST = 0.06
"""Closure below this is the flutter of an open eye."""


def opening(landmarks_px: Array) -> Array:
    """(M, 478, 2) -> (M, 2) height of each lid opening over the width of the eye."""
    out = []
    for contour in EYES:
        inner, outer = landmarks_px[:, contour[0]], landmarks_px[:, contour[8]]
        width = np.maximum(np.linalg.norm(inner - outer, axis=-1), 1e-3)
        pairs = [(contour[k], contour[16 - k]) for k in (2, 3, 4, 5, 6)]
        heights = [np.linalg.norm(landmarks_px[:, a] - landmarks_px[:, b], axis=-1) for a, b in pairs]
        out.append(np.mean(heights, axis=0) / width)
    return np.stack(out, axis=1)


def closure(
    aperture: Array, pitch_rad: Array, valid: NDArray[np.bool_], down: NDArray[np.bool_] | None = None
) -> tuple[Array, Array]:
    """Closure per eye by blinking, and as seen.

    Args:
        aperture: (T, 2) height of the opening, any unit.
        pitch_rad: (T, 2) eye pitch in the head, up positive.
        valid: (T,) frames that were measured.
        down: (T,) of which irises are seen under low lids: those are open however low they are.

    Returns:
        ``lids`` (T, 2) and ``lids_raw`` (T, 2), 0..1.
    """
    blink, seen = np.zeros_like(aperture), np.zeros_like(aperture)
    blinks = valid if down is None or not (valid & ~down).any() else valid & ~down
    for eye in range(2):
        rest, slope = _open_line(aperture[valid, eye], pitch_rad[valid, eye])
        shut = _shut_level(aperture[blinks, eye], rest)
        expected = np.maximum(rest * (1 + slope * pitch_rad[:, eye]), 0.4 * rest)
        blink[:, eye] = (expected - aperture[:, eye]) / np.maximum(expected - shut, 1e-6)
        seen[:, eye] = (rest - aperture[:, eye]) / max(rest - shut, 1e-6)
    if down is not None:
        blink[down] = np.minimum(blink[down], _DOWN_MOST)
    return np.clip((blink - _REST) / (1 - _REST), 0, 1), np.clip(seen, 0, 1)


def _open_line(aperture: Array, pitch_rad: Array) -> tuple[float, float]:
    """Upper expectile line of the opening over pitch: level at pitch 0, and slope as a share of it per radian."""
    level = float(np.percentile(aperture, 70))
    if level <= 0:
        return 1e-3, 0.0
    design = np.stack([np.ones_like(pitch_rad), pitch_rad], axis=1)
    line = np.array([level, level * _SLOPE_MEAN])
    prior = np.diag([0.0, 1 / (level * _SLOPE_SIGMA) ** 2])
    for _ in range(20):
        miss = aperture - design @ line
        weight = np.where(miss > 0, _OPEN_EXPECTILE, 1 - _OPEN_EXPECTILE) / (1 + (miss / (0.15 * level)) ** 2)
        weight = weight / (0.1 * level) ** 2 * min(1.0, 100 / len(miss))
        line = np.linalg.solve(
            design.T @ (design * weight[:, None]) + prior,
            design.T @ (weight * aperture) + prior @ [0, level * _SLOPE_MEAN],
        )
    rest = max(float(line[0]), 1e-3)
    return rest, float(np.clip(line[1] / rest, -0.5, 1.5))


def _shut_level(aperture: Array, rest: float) -> float:
    """Opening left at full closure: the person's own where the clip holds a full blink, else the usual."""
    rank = min(1, len(aperture) - 1)
    lowest = float(np.partition(aperture, rank)[rank])
    if lowest < _BLINK_SHARE * rest:
        return float(np.clip(lowest, 0.03 * rest, _BLURRED_SHUT_SHARE * rest))
    return _SHUT_SHARE * rest
