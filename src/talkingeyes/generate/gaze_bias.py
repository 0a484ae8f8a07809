"""A character's bias of the gaze: what brings a model that hears only itself back to the person it learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts

Floats = NDArray[Any]

FLOORS = 2
"""Whoever listens has a bias, and whoever speaks."""
BIASES = 7
"""Numbers of a bias, see `place_features`."""
AVERTED_DEG = 8.0
RETURN_DEG, LEAVE_DEG = 6.0, 10.0
KEPT_DEG, LEAST_AVERTED_DEG = 7.2, 9.0
REACH_DEG = 40.0
SOON_S = 0.6
"""A look at the partner or away from it that ends sooner is a glance."""


def settled(gaze_deg: Floats, places_deg: Floats) -> Floats:
    """Targets clear of the border of averted gaze: a tremble about 8 deg is neither a look away nor a return.

    The same hysteresis as in the statistics of bouts: away from 10 deg on, back below 6 deg.

    Args:
        gaze_deg: (..., 2) gaze before, relative to the partner.
        places_deg: (..., N, 2) where shifts would land.

    Returns:
        (..., N, 2).
    """
    size = np.hypot(places_deg[..., 0], places_deg[..., 1])
    was_averted = np.hypot(gaze_deg[..., 0], gaze_deg[..., 1])[..., None] > AVERTED_DEG
    back = was_averted & (size > RETURN_DEG) & (size < AVERTED_DEG)
    away = ~was_averted & (size > AVERTED_DEG) & (size < LEAVE_DEG)
    scale = np.where(back, LEAST_AVERTED_DEG, np.where(away, KEPT_DEG, size)) / np.maximum(size, 1e-6)
    return places_deg * np.where(size > 1e-6, scale, 1.0)[..., None]


def place_features(gaze_deg: Floats, places_deg: Floats) -> Floats:
    """What a bias weighs, of staying and of every shift.

    Args:
        gaze_deg: (..., 2) gaze before, relative to the partner.
        places_deg: (..., N, 2) where shifts land, `settled`.

    Returns:
        (..., 1 + N, BIASES): yaw, pitch and their squares in units of 10 deg; whether it shifts; whether it leaves the
        partner or comes back; and that once more, for when it does so soon after the last time (`counted`).
    """
    here = gaze_deg[..., None, :]
    x = np.clip(np.concatenate([here, places_deg], axis=-2), -REACH_DEG, REACH_DEG) / 10
    averted = np.hypot(x[..., 0], x[..., 1]) > AVERTED_DEG / 10
    turns = averted != averted[..., :1]
    shifts = np.broadcast_to(np.arange(x.shape[-2]) > 0, averted.shape)
    return np.concatenate([x, x**2, np.stack([shifts, turns, turns], axis=-1)], axis=-1)


def counted(turned_s: float | Floats) -> Floats:
    """(..., BIASES) which features count, ``turned_s`` (...) after the gaze left the partner or came back.

    All, but the last one only within `SOON_S`.
    """
    soon = np.asarray(turned_s)[..., None] < SOON_S
    return np.where(np.arange(BIASES) < BIASES - 1, 1.0, soon)


def with_amounts(logits: Floats, gaze_rad: Floats, places_rad: Floats, amounts: Amounts) -> Floats:
    """Gaze logits (1 + N,) with the odds of shifts, of leaving the partner and of coming back multiplied as asked.

    Args:
        logits: the first that the gaze stays.
        gaze_rad: (2,) gaze before, relative to the partner.
        places_rad: (N, 2) where shifts land.
        amounts: see `Amounts.leave_rate` and `Amounts.return_rate`.
    """
    is_averted = bool(np.hypot(*np.degrees(gaze_rad)) > AVERTED_DEG)
    averted = np.hypot(*np.degrees(places_rad).T) > AVERTED_DEG
    crossing = amounts.return_rate if is_averted else amounts.leave_rate
    factor = np.where(averted == is_averted, amounts.gaze_activity, crossing)
    return logits + np.concatenate([[0.0], np.log(factor)])


def apply_bias(logits: Floats, bias: Floats, features: Floats, turned_s: float) -> Floats:
    """Gaze logits (1 + N,) with the chance of every place multiplied by ``exp(bias . features)``.

    See `train.debias` for how a bias (BIASES,) is found; features (1 + N, BIASES) from `place_features`.
    """
    return logits + features @ (bias * counted(turned_s))
