"""Gaze as a fit of a video would have seen it: generated gaze goes through it, so that both sides err alike.

On rendered heads whose gaze is known, the fitted gaze in space holds part of the head's movement: in pitch .17 to .37
of it, the wrong way, which looks like eyes that turn too far against the head. It shows .6 to .95 of the movement of
the gaze up and down, and errors of 1.2 to 1.6 deg that wander over seconds (docs/evaluation.md, "The observer").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.actor import gaussian_smooth
from talkingeyes.evaluate.courses import RATE_HZ, SMOOTH_S, Course
from talkingeyes.evaluate.recording import Recording

Array = NDArray[Any]

PIECE_S = 8.0
"""Length of the rendered films, and about that of the clips; each piece of a take is seen as one of them was."""


@dataclass(frozen=True)
class EyeFit:
    """How the fit saw the gaze of one rendered head, yaw and pitch.

    Attributes:
        gain: share of the gaze's velocity that is seen.
        leak: share of the head's velocity that is seen as gaze.
        wander_deg: SD of the rest.
        inertia_s: the rest forgets itself within this.
    """

    gain: tuple[float, float]
    leak: tuple[float, float]
    wander_deg: tuple[float, float]
    inertia_s: tuple[float, float]


RENDERED = (
    EyeFit((0.99, 0.81), (0.00, -0.21), (0.68, 1.59), (1.4, 2.2)),
    EyeFit((1.02, 0.95), (0.21, -0.37), (1.10, 1.23), (0.3, 0.6)),
    EyeFit((0.89, 0.59), (-0.22, -0.17), (1.06, 1.34), (0.7, 2.1)),
)
"""Regression of fitted on true velocities, 25 frames a second, a Gaussian of 80 ms: `gaze_truth`, heads 21, 22, 23, by
the fit that made the clips compared in docs/gaze.md (before the eyeball had the depth that anatomy says)."""


def is_fitted(people: Sequence[Recording]) -> bool:
    """Whether these people's eyes were fitted to video."""
    return bool(people) and all(r.motion.meta.get("generator") == "fit" for r in people)


def through(course: Course, rng: np.random.Generator) -> Course:
    """The same course with the gaze that a fit would have seen; unchanged without gaze or head."""
    if "gaze" not in course.channels or "head" not in course.channels:
        return course
    gaze, length = np.array(course.channels["gaze"], float), round(PIECE_S * RATE_HZ)
    head = np.asarray(course.channels["head"], float)[:, :2]
    for first in range(0, len(gaze), length):
        piece, seen = slice(first, first + length), RENDERED[int(rng.integers(len(RENDERED)))]
        gaze[piece] = seen_gaze(gaze[piece], head[piece], seen, rng)
    return replace(course, channels={**course.channels, "gaze": gaze})


def seen_gaze(gaze: Array, head: Array, seen: EyeFit, rng: np.random.Generator) -> Array:
    """(T, 2) gaze in space as a fit would have seen it, deg; ``gaze`` and ``head`` (T, 2) yaw and pitch."""
    level = gaze.mean(axis=0)
    moved = np.array(seen.gain) * (gaze - level) + np.array(seen.leak) * (head - head.mean(axis=0))
    return level + moved + np.array(seen.wander_deg) * _wander(len(gaze), np.array(seen.inertia_s), rng)


def _wander(count: int, inertia_s: Array, rng: np.random.Generator) -> Array:
    """(count, 2) noise of unit variance, as smooth as courses are."""
    reach = round(4 * SMOOTH_S * RATE_HZ)
    keeps = np.exp(-1 / (RATE_HZ * inertia_s))
    fresh = rng.standard_normal((count + 2 * reach, 2))
    out, level = np.empty_like(fresh), fresh[0]
    for i, drawn in enumerate(fresh):
        level = keeps * level + np.sqrt(1 - keeps**2) * drawn
        out[i] = level
    smooth = gaussian_smooth(out, SMOOTH_S * RATE_HZ)[reach : reach + count]
    return smooth / np.sqrt(_kept(keeps))


def _kept(keeps: Array) -> Array:
    """(2,) variance that smoothing leaves of such noise."""
    lags = np.arange(-60, 61)
    bell = np.exp(-0.25 * (lags / (SMOOTH_S * RATE_HZ)) ** 2)
    return (bell[:, None] / bell.sum() * keeps[None] ** np.abs(lags)[:, None]).sum(axis=0)
