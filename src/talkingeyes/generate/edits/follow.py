"""How the head follows a gaze that was edited: locally, so that what is far from an edit stays as it was.

The head of the take is kept. To it is added what the edited looks ask of a head less what the looks that they replace
asked: where heads rest with an eccentric gaze (Stahl 1999), more where a look lasts, and as much as a directed look
needs to be reached. Each step of that starts a little before its saccade and takes as long as a turn of its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.edits.events import Look, common_ends
from talkingeyes.generate.head.turns import (
    COMFORT_RAD,
    EYE_ONLY_RAD,
    FOLLOWED_TO_RAD,
    REST_AT_DEG,
    REST_DEG,
    SUSTAINED_S,
    VERTICAL,
)
from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[Any]

LEAD_DEG, LEAD_S = (15.0, 40.0), (0.12, 0.32)
"""A turn of this size that serves a look starts so long before its saccade: the farther, the earlier."""
BACK_LEAD = 3
"""Samples that the head leaves a look ahead of the gaze."""
SETTLES_S = 0.5
"""A look that lasts is followed further after so long."""
REACHED = 0.9
"""Share of what is beyond the eyes alone that the head takes, as for director's marks."""


def head_delta(was: Sequence[Look], now: Sequence[Look], head_rad: Floats) -> Floats:
    """(n, 3) what is added to a head where an edit puts ``now`` in the place of ``was``.

    Args:
        was: looks in time order.
        now: the same with an edit.
        head_rad: (n, 3) the take's own head at `PLAN_RATE_HZ`, which edited looks are reached from.
    """
    same_before, same_after = common_ends(was, now)
    count, first = len(head_rad), max(same_before - 1, 0)  # how long the look before lasts may differ
    begin = 0 if first == 0 else _sample(now[first], count)
    end = count if same_after == 0 else _sample(now[len(now) - same_after], count)
    delta = np.zeros((count, 2))
    if begin < end:
        window = head_rad[begin:end]
        asked = [_asked(looks[first : len(looks) - same_after], window, begin) for looks in (was, now)]
        delta[begin:end] = asked[1] - asked[0]
    return np.concatenate([_smoothed(delta), np.zeros((count, 1))], axis=1)


def _sample(look: Look, count: int) -> int:
    return int(np.clip(np.round(look.onset_s * PLAN_RATE_HZ), 0, count))


def _asked(looks: Sequence[Look], head_rad: Floats, begin: int) -> Floats:
    """(n, 2) yaw and pitch that looks ask of a head from sample ``begin`` on, in steps at their onsets."""
    count = len(head_rad)
    edges = np.array([begin, *(look.onset_s * PLAN_RATE_HZ for look in looks[1:])])
    first = np.clip(np.round(edges).astype(int) - begin, 0, count)
    length = np.diff(np.append(first, count))
    gaze = np.repeat(np.array([look.shift.target_rad for look in looks]), length, axis=0)
    for look, starts, lasts in zip(looks, first, length, strict=True):
        if look.shift.path is not None and lasts > 0:
            times_s = (begin + np.arange(starts, starts + lasts)) / PLAN_RATE_HZ
            gaze[starts : starts + lasts] = look.shift.path.at(times_s)[0]
    size = np.hypot(*gaze.T)
    size_deg = np.maximum(np.degrees(size), 1e-9)
    share = np.interp(size_deg, REST_AT_DEG, REST_DEG) / size_deg
    age_s = (np.arange(count) - np.repeat(first, length)) / PLAN_RATE_HZ
    follows = np.repeat(length >= SUSTAINED_S * PLAN_RATE_HZ, length) & (age_s >= SETTLES_S) & (size > COMFORT_RAD)
    share = np.where(follows, np.maximum(share, 1 - FOLLOWED_TO_RAD / np.maximum(size, 1e-9)), share)
    turned = share[:, None] * gaze * (1.0, VERTICAL)
    edited = np.repeat([look.edited for look in looks], length)
    return turned + edited[:, None] * _beyond_eyes(gaze - turned, head_rad[:, :2], length)


def _beyond_eyes(rest_rad: Floats, head_rad: Floats, length: Floats) -> Floats:
    """(n, 2) what looks ask beyond that, where the eyes alone would not reach them in comfort."""
    there = length[length > 0]
    mean = np.add.reduceat(head_rad, np.cumsum(there) - there, axis=0) / there[:, None]
    rest = rest_rad - np.repeat(mean, there, axis=0)
    return np.sign(rest) * REACHED * np.maximum(np.abs(rest) - EYE_ONLY_RAD, 0.0)


def _smoothed(asked: Floats) -> Floats:
    """(n, 2) steps as turns of a head, zero where nothing is asked nearby."""
    out = np.zeros_like(asked)
    busy = np.concatenate([[False], np.abs(asked).max(axis=1) > 1e-9, [False]])
    for first, last in np.flatnonzero(np.diff(busy.astype(int))).reshape(-1, 2):
        part = asked[first:last]
        largest = np.degrees(max(float(np.hypot(*part.T).max()), 1e-9))
        width = max(5, round((0.28 + 0.012 * largest) * PLAN_RATE_HZ))
        _add_smoothed(out, part, first, width, round(float(np.interp(largest, LEAD_DEG, LEAD_S)) * PLAN_RATE_HZ))
    return out


def _add_smoothed(out: Floats, part: Floats, first: int, width: int, lead: int) -> None:
    """Add one stretch, its steps turned into minimum-jerk movements of ``width`` samples, ``lead`` early; in place."""
    u = (np.arange(width) + 0.5) / width
    kernel = 30 * u**2 * (1 - u) ** 2
    kernel /= kernel.sum()
    before = width if first == 0 else 0  # the take begins within the look, not as it starts
    after = width if first + len(part) == len(out) else max(0, lead - BACK_LEAD)  # back it comes less early
    padded = np.pad(part, ((before, after), (0, 0)), mode="edge")
    for k in (0, 1):
        turned = np.convolve(padded[:, k], kernel)
        begins = first - before - lead
        left, right = max(begins, 0), min(begins + len(turned), len(out))
        out[left:right, k] += turned[left - begins : right - begins]
