"""The constant error of a person's gaze: no picture shows where straight ahead is, so what people do decides.

People in talking-head films look into or near the lens most of the time, or at a partner beside it. So two
explanations are weighed for where a clip's gaze rests: the lens, seen with this fit's usual error; or a partner at a
side, with the head half turned there. The likelier one moves the gaze by one constant, and its doubt is told: the
spread of the error under it, and how far the other explanation lies, by how likely that is.
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
_SIDE_DEG, _SIDE_SPREAD_DEG = 20.0, 9.0
"""Yaw of a partner beside the lens, either side; up and down as the lens, but looser."""
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
        kind: ``camera`` (gaze rests at the lens), ``habit`` (at a partner beside it) or ``none`` (no open eyes).
        shift_rad: (2,) yaw and pitch that were added to gaze in space.
        unsure_deg: (2,) standard deviation of what is left of the constant error.
        lens_likely: 0..1 that the person addresses the lens.
    """

    kind: str
    shift_rad: Array
    unsure_deg: Array
    lens_likely: float


def centred(steady: Array, rotation: Array, partner: Array, usable: NDArray[np.bool_]) -> tuple[Array, Centring]:
    """Shift a clip's gaze by one constant.

    Args:
        steady: (T, 2) clean gaze in space.
        rotation: (T, 3, 3) head.
        partner: (2,) direction of the camera.
        usable: (T,) frames with open eyes.

    Returns:
        The shifted gaze, and why.
    """
    if not usable.any():
        return steady, Centring("none", np.zeros(2), _ERROR_SPREAD_DEG * 2, 0.0)
    index = np.flatnonzero(usable)
    some = index[np.unique(np.linspace(0, len(index) - 1, min(len(index), _SOME)).astype(int))]
    looks = np.degrees(steady[some] - partner)
    head = np.degrees(rotations.ypr_from_matrix(rotation[some])[:, :2] - partner)
    choice = centre_of(looks, head)
    return steady + choice.shift_rad, choice


def centre_of(looks_deg: Array, head_deg: Array) -> Centring:
    """What a clip's looks say.

    Args:
        looks_deg: (N, 2) gaze in space against the direction of the camera, as fitted.
        head_deg: (N, 2) the head's yaw and pitch against the same.
    """
    near = np.linalg.norm(looks_deg[:, None] - looks_deg[None], axis=-1) < np.degrees(_NEAR_RAD)
    share = near.mean(axis=1)
    lens = np.log(share) + _log_lens(looks_deg, head_deg)
    side = np.log(share) + _log_side(looks_deg, head_deg)
    at_lens, at_side = int(np.argmax(lens)), int(np.argmax(side))
    likely = float(1 / (1 + np.exp(side[at_side] - lens[at_lens])))
    to_lens = -looks_deg[near[at_lens]].mean(axis=0)
    to_side, doubt = _beside(np.median(looks_deg, axis=0), np.median(looks_deg - head_deg, axis=0))
    if likely >= 0.5:
        kind, shift, own, other = "camera", to_lens, np.full(2, _LENS_ITSELF_DEG / share[at_lens] ** 0.5), to_side
    else:
        kind, shift, own, other = "habit", to_side, doubt, to_lens
    wrong = min(likely, 1 - likely)
    unsure = np.sqrt(own**2 + wrong * (shift - other) ** 2)
    return Centring(kind, np.radians(shift), np.round(unsure, 1), round(likely, 3))


def _log_lens(looks: Array, head: Array) -> Array:
    """(N,) log density of each look, if the person looks into the lens then."""
    off = (looks - _ERROR_MEAN_DEG) / _ERROR_SPREAD_DEG
    turned = np.median(head[:, 0]) / _LENS_HEAD_SPREAD_DEG
    scale = np.log(_LENS_SHARE) - np.log(_ERROR_SPREAD_DEG).sum() - np.log(_LENS_HEAD_SPREAD_DEG)
    return scale - 0.5 * ((off**2).sum(axis=1) + turned**2)


def _log_side(looks: Array, head: Array) -> Array:
    """(N,) the same for a partner at a side."""
    yaw_spread = np.hypot(_SIDE_SPREAD_DEG, _ERROR_SPREAD_DEG[0])
    pitch_spread = np.hypot(_LEVEL_SPREAD_DEG, _ERROR_SPREAD_DEG[1])
    across = (np.abs(looks[:, 0]) - _SIDE_DEG) / yaw_spread
    up = (looks[:, 1] - _ERROR_MEAN_DEG[1]) / pitch_spread
    turned = (np.median(head[:, 0]) - _HEAD_SHARE * looks[:, 0]) / _SIDE_HEAD_SPREAD_DEG
    scale = np.log((1 - _LENS_SHARE) / 2) - np.log(yaw_spread * pitch_spread * _SIDE_HEAD_SPREAD_DEG)
    return scale - 0.5 * (across**2 + up**2 + turned**2)


def _beside(looks: Array, in_head: Array) -> tuple[Array, Array]:
    """(2,) shift and (2,) its doubt, where gaze rests at nothing known: usual errors, level looks, rest.

    Args:
        looks: (2,) usual gaze in space.
        in_head: (2,) usual eye in the head.
    """
    precision = np.stack([_ERROR_SPREAD_DEG**-2, np.array([0.0, _LEVEL_SPREAD_DEG**-2]), _REST_SPREAD_DEG**-2])
    says = np.stack([_ERROR_MEAN_DEG, looks, in_head - _REST_DEG])
    total = precision.sum(axis=0)
    return -(precision * says).sum(axis=0) / total, total**-0.5
