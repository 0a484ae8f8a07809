"""The constant error of a person's gaze: no picture shows where straight ahead is, so what people do decides.

First the look of the eyes alone, lids included (`talkingeyes.fit.iris_net`): it wavers from person to person, but
less than where the eyeballs are placed. Then habits: people in talking-head films look into or near the lens most of
the time, or at a partner beside it, or at something below it. So these explanations are weighed for where a clip's
gaze rests: the lens, seen with the error that is likely after that look; or a partner at a side, with the head half
turned there, or a screen below. The likelier one moves the gaze by one constant, and its doubt is told: the spread of
the error under it, and how far the other explanation lies, by how likely that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations

Array = NDArray[Any]

_NEAR_RAD = np.radians(3.0)
_SOME = 600
_LENS_SHARE = 0.7
"""How often somebody in a talking-head film addresses the lens (40 of 57 of the development clips, by eye)."""
_ERROR_MEAN_DEG = np.array([0.0, 9.0])
_ERROR_SPREAD_DEG = np.array([5.5, 9.0])
"""What the fit shows for people who plainly look into the lens, yaw and pitch, on news, addresses and portraits."""
_LOOK_MEAN_DEG, _LOOK_SPREAD_DEG = np.array([0.7, 3.0]), np.array([4.0, 6.0])
"""What the look of the eyes alone shows against the truth: (0.8, 7.8) +- (2.3, 4.1) for people who look into the lens,
(0.3, 0) +- (2.5, 5.2) on rendered ones."""
_SIDE_DEG, _SIDE_SPREAD_DEG = 20.0, 9.0
"""Yaw of a partner beside the lens, either side; up and down as the lens, but looser."""
_BELOW_SHARE, _BELOW_DEG, _BELOW_SPREAD_DEG = 0.1, np.array([0.0, -12.0]), np.array([6.0, 5.0])
"""A screen or notes below the lens."""
_LEVEL_SPREAD_DEG = 6.0
_LENS_HEAD_SPREAD_DEG, _SIDE_HEAD_SPREAD_DEG, _HEAD_SHARE = 9.0, 9.0, 0.6
"""Heads face what is looked at: the lens within 9 degrees, a partner at a side by 60 % of the way."""
_REST_DEG, _REST_SPREAD_DEG = np.array([0.0, -3.0]), np.array([9.0, 7.0])
"""Eyes in the head while somebody looks at a partner."""
_LENS_ITSELF_DEG = 1.5
"""The mode of gaze of somebody who addresses the lens: prompters and screens lie a little beside it; the rarer the
looks, the less sure."""


@dataclass(frozen=True)
class Centring:
    """What was taken for straight ahead.

    Attributes:
        kind: ``camera`` (gaze rests at the lens), ``habit`` (at a partner beside it), ``below`` (at a screen below it)
            or ``none`` (no open eyes).
        shift_rad: (2,) yaw and pitch that were added to gaze in space.
        unsure_deg: (2,) standard deviation of what is left of the constant error.
        lens_likely: 0..1 that the person addresses the lens.
    """

    kind: str
    shift_rad: Array
    unsure_deg: Array
    lens_likely: float


@dataclass(frozen=True)
class UsualError:
    """How far fitted gaze is likely to be off before it is centred: (2,) mean and spread, yaw and pitch, degrees."""

    mean_deg: Array
    spread_deg: Array


USUAL_ERROR = UsualError(_ERROR_MEAN_DEG, _ERROR_SPREAD_DEG)


def centred(
    steady: Array, rotation: Array, partner: Array, usable: NDArray[np.bool_], toward: Array | None = None
) -> tuple[Array, Centring]:
    """Shift a clip's gaze by one constant.

    Args:
        steady: (T, 2) clean gaze in space.
        rotation: (T, 3, 3) head.
        partner: (2,) direction of the camera.
        usable: (T,) frames with open eyes.
        toward: (T, 2) gaze against the direction of the camera by the look of the eyes alone.

    Returns:
        The shifted gaze, and why.
    """
    if not usable.any():
        return steady, Centring("none", np.zeros(2), _ERROR_SPREAD_DEG * 2, 0.0)
    index = np.flatnonzero(usable)
    some = index[np.unique(np.linspace(0, len(index) - 1, min(len(index), _SOME)).astype(int))]
    looks = np.degrees(steady[some] - partner)
    head = np.degrees(rotations.ypr_from_matrix(rotation[some])[:, :2] - partner)
    choice = centre_of(looks, head, USUAL_ERROR if toward is None else error_after(looks, np.degrees(toward[some])))
    return steady + choice.shift_rad, choice


def error_after(looks_deg: Array, toward_deg: Array) -> UsualError:
    """The likely error of fitted looks (N, 2), knowing what the look of the eyes alone says of the same frames."""
    says = np.median(looks_deg - toward_deg, axis=0) + _LOOK_MEAN_DEG
    usual, look = _ERROR_SPREAD_DEG**-2.0, _LOOK_SPREAD_DEG**-2.0
    return UsualError((usual * _ERROR_MEAN_DEG + look * says) / (usual + look), (usual + look) ** -0.5)


def centre_of(looks_deg: Array, head_deg: Array, error: UsualError = USUAL_ERROR) -> Centring:
    """What a clip's looks say.

    Args:
        looks_deg: (N, 2) gaze in space against the direction of the camera, as fitted.
        head_deg: (N, 2) the head's yaw and pitch against the same.
        error: likely in those looks.
    """
    near = np.linalg.norm(looks_deg[:, None] - looks_deg[None], axis=-1) < np.degrees(_NEAR_RAD)
    share = near.mean(axis=1)
    usual, in_head = np.median(looks_deg, axis=0), np.median(looks_deg - head_deg, axis=0)
    lens = np.log(share) + _log_lens(looks_deg, head_deg, error)
    others = {
        "habit": (_log_side(looks_deg, head_deg, error), _beside(usual, in_head, error, 0.0, _LEVEL_SPREAD_DEG)),
        "below": (
            _log_below(looks_deg, head_deg, error),
            _beside(usual, in_head, error, _BELOW_DEG[1], _BELOW_SPREAD_DEG[1]),
        ),
    }
    best = {kind: float((np.log(share) + log).max()) for kind, (log, _) in others.items()}
    kind = max(best, key=best.__getitem__)
    at_lens = int(np.argmax(lens))
    against = float(np.logaddexp.reduce(list(best.values())) - lens[at_lens])
    likely = float(1 / (1 + np.exp(against)))
    to_lens = -looks_deg[near[at_lens]].mean(axis=0)
    shift, own = others[kind][1]
    other = to_lens
    if likely >= 0.5:
        kind, shift, own, other = "camera", to_lens, np.full(2, _LENS_ITSELF_DEG / share[at_lens] ** 0.5), shift
    wrong = min(likely, 1 - likely)
    unsure = np.sqrt(own**2 + wrong * (shift - other) ** 2)
    return Centring(kind, np.radians(shift), np.round(unsure, 1), round(likely, 3))


def _log_lens(looks: Array, head: Array, error: UsualError) -> Array:
    """(N,) log density of each look, if the person looks into the lens then."""
    return np.log(_LENS_SHARE) + _log_normal(looks - error.mean_deg, error.spread_deg) + _log_facing(head)


def _log_below(looks: Array, head: Array, error: UsualError) -> Array:
    """(N,) the same for a screen below."""
    spread = np.hypot(_BELOW_SPREAD_DEG, error.spread_deg)
    return np.log(_BELOW_SHARE) + _log_normal(looks - error.mean_deg - _BELOW_DEG, spread) + _log_facing(head)


def _log_side(looks: Array, head: Array, error: UsualError) -> Array:
    """(N,) the same for a partner at a side."""
    spread = np.hypot([_SIDE_SPREAD_DEG, _LEVEL_SPREAD_DEG], error.spread_deg)
    off = np.abs(looks - [error.mean_deg[0], 0]) - [_SIDE_DEG, 0]
    off[:, 1] = looks[:, 1] - error.mean_deg[1]
    turned = (np.median(head[:, 0]) - _HEAD_SHARE * (looks[:, 0] - error.mean_deg[0]))[:, None]
    share = (1 - _LENS_SHARE - _BELOW_SHARE) / 2
    return np.log(share) + _log_normal(off, spread) + _log_normal(turned, np.array([_SIDE_HEAD_SPREAD_DEG]))


def _log_facing(head: Array) -> float:
    """Log density of a head that faces what is looked at straight ahead."""
    return float(_log_normal(np.median(head[:, :1], axis=0), np.array([_LENS_HEAD_SPREAD_DEG])))


def _log_normal(off: Array, spread: Array) -> Array:
    """(..., K) errors -> (...) log density but for a constant."""
    return -0.5 * ((off / spread) ** 2).sum(axis=-1) - np.log(spread).sum()


def _beside(
    looks: Array, in_head: Array, error: UsualError, level_deg: float, level_spread_deg: float
) -> tuple[Array, Array]:
    """(2,) shift and (2,) its doubt, where gaze rests at nothing known: usual errors, usual height, rest.

    Args:
        looks: (2,) usual gaze in space.
        in_head: (2,) usual eye in the head.
        error: likely in those looks.
        level_deg: how high they usually are.
        level_spread_deg: and by how much that differs.
    """
    height = np.array([0.0, level_spread_deg**-2])
    precision = np.stack([error.spread_deg**-2.0, height, _REST_SPREAD_DEG**-2])
    says = np.stack([error.mean_deg, looks - level_deg, in_head - _REST_DEG])
    total = precision.sum(axis=0)
    return -(precision * says).sum(axis=0) / total, total**-0.5
