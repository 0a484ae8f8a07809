"""What is known of people's blinks and lids (assets/blink_statistics.json), and what of it is one person's own."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, fields
from importlib import resources

import numpy as np

PACE_LIMITS = (0.55, 1.6)
FULL_SPREAD = 0.8
"""SD between people of the log odds of closing fully: the clips' people lie between .2 and 1."""


@dataclass(frozen=True)
class BlinkStatistics:
    """The blink statistic; the file says of every number where it is from.

    Attributes:
        speaking_per_minute: rate while the voice sounds; with pauses and turns see docs/gaze.md, "Blinks".
        silent_per_minute: while the character is silent in its turn to speak.
        listening_per_minute: while the other speaks.
        pace_sd: log SD of rates between people.
        interval_sigma: of the log-normal intervals.
        pause_gain: how much faster the clock runs as a pause begins.
        turn_end_gain: how much faster where the pause goes on.
        listener_delay_s: a listener follows the other's pauses by so much.
        with_large_shifts: share of the largest gaze shifts that bring a blink.
        large_shift_deg: size at which half of that is reached.
        with_small_shifts: share of gaze shifts of 6 deg or more that bring one.
        refractory_s: from the end of a blink to the next one, but for double blinks.
        double_share: share of blinks that another follows at once.
        double_gap_s: from the onset of the first to that of the second.
        full_share: share of blinks that shut the eye.
        partial_depth: closure of the others, mean.
        partial_depth_sd: their SD.
        closing_s: from open to shut.
        closing_sd_s: its SD.
        width_s: time for which a blink is closed by more than half of its depth, median.
        width_between_people: log SD of people's medians.
        width_within_people: log SD of one person's blinks.
        depth_side_bias: left less right closure of a partial blink, size over people.
        depth_side_sd: the same within a person.
        lag_bias_s: left later than right, size over people.
        lag_sd_s: the same within a person.
        rest_side: how much further one lid rests over the eye, share of the opening.
        rest_sd: of the slow drift of both.
    """

    speaking_per_minute: float
    silent_per_minute: float
    listening_per_minute: float
    pace_sd: float
    interval_sigma: float
    pause_gain: float
    turn_end_gain: float
    listener_delay_s: float
    with_large_shifts: float
    large_shift_deg: float
    with_small_shifts: float
    refractory_s: float
    double_share: float
    double_gap_s: float
    full_share: float
    partial_depth: float
    partial_depth_sd: float
    closing_s: float
    closing_sd_s: float
    width_s: float
    width_between_people: float
    width_within_people: float
    depth_side_bias: float
    depth_side_sd: float
    lag_bias_s: float
    lag_sd_s: float
    rest_side: float
    rest_sd: float


@functools.lru_cache(maxsize=1)
def blink_statistics() -> BlinkStatistics:
    """The statistics in the package, as `scripts/fit_blink_statistics.py` writes them."""
    text = resources.files("talkingeyes").joinpath("assets/blink_statistics.json").read_text(encoding="utf-8")
    used = json.loads(text)["used"]
    return BlinkStatistics(**{f.name: float(used[f.name]["value"]) for f in fields(BlinkStatistics)})


@dataclass(frozen=True)
class Lids:
    """One person's own lids.

    Attributes:
        pace: multiplies how often.
        width: multiplies how long blinks last.
        full_share: share of blinks that shut the eye.
        depth_side: left less right closure of a partial blink.
        left_later_s: by so much the left lid is later.
        rest: (left, right) closure between blinks, mean.
    """

    pace: float
    width: float
    full_share: float
    depth_side: float
    left_later_s: float
    rest: tuple[float, float]

    @staticmethod
    def of(person: np.random.Generator, known: BlinkStatistics) -> Lids:
        """Drawn from how people differ."""
        pace, width, full, depth, lag, rest, side = np.clip(person.standard_normal(7), -2.2, 2.2)
        odds = np.log(known.full_share / (1 - known.full_share)) + FULL_SPREAD * full
        rest, apart = known.rest_sd * (1.1 + 0.3 * rest), 0.5 * known.rest_side * side
        return Lids(
            pace=float(np.clip(np.exp(known.pace_sd * pace), *PACE_LIMITS)),
            width=float(np.exp(known.width_between_people * width)),
            full_share=float(1 / (1 + np.exp(-odds))),
            depth_side=float(1.25 * known.depth_side_bias * depth),
            left_later_s=float(1.25 * known.lag_bias_s * lag),
            rest=(max(0.0, float(rest + apart)), max(0.0, float(rest - apart))),
        )
