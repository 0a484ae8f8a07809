"""When a look ends and where the next one lands: draws from what a source offers, under a director's controls."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.draws import ROUNDING
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, LONGEST_DWELL_S
from talkingeyes.generate.scanpath.network import SHORTEST_S, ShiftTargets
from talkingeyes.generate.scanpath.person import FreeRunning
from talkingeyes.generate.scanpath.rows import AVERTED_DEG
from talkingeyes.generate.scanpath.scene import PLACES, Scene

Array = NDArray[Any]


@dataclass(frozen=True)
class GazeControls:
    """How the gaze is drawn; the defaults change nothing.

    Attributes:
        activity: multiplies how often the gaze shifts.
        contact: log hazard ratio of being on the partner; above 0 more eye contact.
        choice_temperature: below 1 the likelier places, above 1 further about.
        top_p: choices outside the likeliest that reach this share together are never drawn.
        speech: how strongly the voice moves the gaze; 0 not at all.
        variety: how far takes differ in character from everybody's average.
    """

    activity: float = 1.0
    contact: float = 0.0
    choice_temperature: float = 1.0
    top_p: float = 1.0
    speech: float = 1.0
    variety: float = 1.0

    @staticmethod
    def of(sampling: Sampling) -> GazeControls:
        """A user's wishes of how a trained model draws."""
        return GazeControls(
            activity=sampling.temperature, choice_temperature=sampling.place_temperature, top_p=sampling.top_p,
            speech=sampling.guidance, variety=sampling.variety,
        )  # fmt: skip

    def with_amounts(self, amounts: Amounts) -> GazeControls:
        """The same with a user's amounts of eye contact and activity."""
        contact = self.contact + amounts.contact_log_odds / LOG_ODDS_PER_CONTACT
        return replace(self, contact=contact, activity=self.activity * amounts.gaze_activity)


LOG_ODDS_PER_CONTACT = 4.0
"""A unit of contact acts on leaving, on returning and on the choice of where to: together about 4 of log odds."""


def ending(rng: np.random.Generator, regularity: float) -> float:
    """The cumulative hazard at which a look ends: a draw from a Weibull of this shape."""
    return float(rng.exponential()) ** (1 / regularity)


def remembered(landings: ShiftTargets, scene: Scene, habits: FreeRunning) -> ShiftTargets:
    """The same, going back to where the gaze was before more often and landing nearer to its places."""
    weight, sd_deg = landings.log_weight.copy(), landings.sd_deg.copy()
    if scene.before != scene.here:
        weight[scene.before] += habits.back
    sd_deg[:PLACES] *= habits.spread
    return replace(landings, log_weight=weight, sd_deg=sd_deg)


def elsewhere(landings: ShiftTargets, gaze_deg: Array) -> ShiftTargets:
    """The same without those near the gaze."""
    near = np.hypot(*(landings.mean_deg - gaze_deg).T) < AVERTED_DEG
    return landings if near.all() else replace(landings, log_weight=np.where(near, -np.inf, landings.log_weight))


def chosen(
    landings: ShiftTargets, drive: float, controls: GazeControls, draw: float, stays: tuple[bool, float] | None = None
) -> int:
    """Index of the choice that a draw falls on, with the voice's drive and the controls applied.

    Args:
        landings: to choose from.
        drive: of the voice, log odds of looking away.
        controls: of whoever directs.
        draw: 0..1.
        stays: whether the gaze is averted now, and the log odds for landing on the side where it is.
    """
    averted = np.hypot(*landings.mean_deg.T) > AVERTED_DEG
    logit = (landings.log_weight + np.where(averted, 0.5, -0.5) * drive) / controls.choice_temperature
    if stays is not None:
        logit = logit + np.where(averted == stays[0], stays[1], 0.0)
    weight = np.exp(logit - logit.max())
    weight /= weight.sum()
    if controls.top_p < 1.0:
        order = np.argsort(-weight)
        keep = order[: int(np.searchsorted(np.cumsum(weight[order]), controls.top_p - ROUNDING)) + 1]
        weight = np.where(np.isin(np.arange(len(weight)), keep), weight, 0.0)
    total = np.cumsum(weight)
    return min(int(np.searchsorted(total, draw * total[-1], side="right")), len(weight) - 1)


_LOG_EDGES = np.log(np.maximum(np.append(DWELL_EDGES_S, LONGEST_DWELL_S), SHORTEST_S))


def hazard_at(cumulative: Array, age_s: Array) -> Array:
    """Cumulative hazard of looks that have lasted ``age_s``; linear in the log of time inside a bin."""
    return np.interp(np.log(np.maximum(age_s, SHORTEST_S)), _LOG_EDGES, cumulative)


def hazard_of(cumulative: Sequence[float], age_s: float) -> float:
    """`hazard_at` of one look, on plain numbers."""
    age = math.log(max(age_s, SHORTEST_S))
    k = bisect.bisect_right(_LOG_EDGES_LIST, age) - 1
    if k >= len(_LOG_EDGES_LIST) - 1:
        return cumulative[-1]
    low, high = _LOG_EDGES_LIST[k : k + 2]
    return (cumulative[k + 1] - cumulative[k]) / (high - low) * (age - low) + cumulative[k]


_LOG_EDGES_LIST = _LOG_EDGES.tolist()
