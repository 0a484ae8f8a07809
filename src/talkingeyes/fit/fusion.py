"""Two eyes, one gaze: where both look together, and the little by which they slowly turn in and out.

Eyes are yoked (Hering's law): every movement is shared but vergence, which is slow and bounded by the distances looked
at. So each eye counts by how clearly it was seen and how little it does alone, and of the difference between the eyes
only so much is believed as real vergence is likely to be, against the noise that this clip shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit import smooth

Array = NDArray[Any]

_VERGENCE_KERNEL_S = 0.8
_VERGENCE_SIGMA_RAD = np.radians(0.7)
"""How far vergence strays from its usual within a clip: looking from 1 to 1.4 m or 2.2 m."""
_ACROSS_NOISE = 2.0
"""Slow errors between the eyes are so much larger across than up and down (rendered heads, constant vergence: 2-5)."""
_NOISE_FLOOR_RAD = np.radians(3.0)
"""What both eyes may err together: only an eye that is far worse than that counts less."""
_HALVES = np.array([[-0.5], [0.5]])
_FAR = 5.0
"""An error counts as no larger than so many median deviations."""
_UNREFINED_TRUST = 0.3


@dataclass(frozen=True)
class Fused:
    """Both eyes together.

    Attributes:
        gaze_rad: (T, 2) yaw and pitch that both share, in space.
        vergence_rad: (T,) how far the right eye's yaw slowly departs from its usual distance to the left eye's.
        vergence_share: 0..1 how much of the measured change is believed.
        apart_rad: (2,) the usual distance right minus left, yaw and pitch, as measured: mostly the error of where the
            eyeballs are (5-10 degrees on people and rendered heads without a squint), which hides a squint.
    """

    gaze_rad: Array
    vergence_rad: Array
    vergence_share: float
    apart_rad: Array


def trust(score: Array, open_eyes: NDArray[np.bool_], refined: bool) -> Array:
    """(T, 2) 0..1 per eye: how clearly its iris stood out, against this clip's usual."""
    if not refined:
        return np.where(open_eyes[:, None], _UNREFINED_TRUST, 0.0) * np.ones((1, 2))
    usual = np.maximum(np.median(score[open_eyes], axis=0) if open_eyes.any() else 1.0, 0.2)
    share = np.clip((score / usual - 0.4) / 0.4, 0, 1)
    return np.where(open_eyes[:, None], share * np.clip(usual / 0.6, 0.3, 1), 0.0)


def fuse(per_eye: Array, trust: Array, fps: float) -> Fused:
    """One gaze from two.

    Args:
        per_eye: (T, 2, 2) gaze of the left and the right eye in space, yaw and pitch.
        trust: (T, 2) 0..1 per eye; 0 where it tells nothing.
        fps: frame rate.
    """
    apart = per_eye[:, 1] - per_eye[:, 0]
    both = trust.min(axis=1) > 0
    if both.sum() < 3:
        both = np.ones(len(apart), bool)
    usual = np.median(apart[both], axis=0)
    slow = smooth.smooth_within(apart, both, [], fps, _VERGENCE_KERNEL_S) - usual
    share = _believed(slow[both])
    vergence = share * slow * [1.0, 0.0]
    noise = _own_noise(per_eye[both]) + _NOISE_FLOOR_RAD**2
    part = np.array([-noise[0], noise[1]]) / noise.sum()  # of what is noise, to the eye that has more of it
    steady = per_eye - _HALVES * (usual + vergence)[:, None] - part[:, None] * (slow - vergence)[:, None]
    weight = (trust + 1e-6) / noise
    gaze = (steady * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]
    return Fused(gaze, vergence[:, 0], share, usual)


def _own_noise(per_eye: Array) -> Array:
    """(2,) variance of each eye's own errors in (N, 2, 2): what the other eye does not do too, mean of both axes."""
    off = per_eye - np.median(per_eye, axis=0)
    off = np.clip(off, -_FAR * np.median(np.abs(off), axis=0), _FAR * np.median(np.abs(off), axis=0))
    shared = np.maximum((off[:, 0] * off[:, 1]).mean(axis=0), 0)
    return np.maximum((off**2).mean(axis=0) - shared, 0).mean(axis=-1)


def _believed(slow: Array) -> float:
    """Wiener's share of the slow changes (N, 2) between the eyes that is vergence.

    Eyes hardly part up and down, so that what they seem to do there is noise; and what goes across beyond what vergence
    does is noise too.
    """
    across, up = slow.var(axis=0)
    noise = max(_ACROSS_NOISE**2 * up, across - _VERGENCE_SIGMA_RAD**2)
    return float(_VERGENCE_SIGMA_RAD**2 / (_VERGENCE_SIGMA_RAD**2 + noise))
