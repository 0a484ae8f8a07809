"""What is known of people's head posture: a table of transitions from fitted videos (assets/head_statistics.json)."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COLUMNS = {"moved": 3, "took_s": 1, "speed": 3, "place": 3, "speed_before": 3, "temper": 2}
"""What a knot remembers, and how many numbers each is; see `Knot`."""
NEXT = {"lasts_s": 1, "move": 3, "speed_after": 3}
"""What follows it."""
WEIGHTS = {"moved": 1.0, "took_s": 1.0, "speed": 1.5, "place": 1.0, "speed_before": 0.3, "temper": 1.5}
"""How much each counts where the knots of people that are most like the present one are looked up."""

TEMPER_SD = np.array([0.45, 0.3])


@dataclass(frozen=True)
class Knot:
    """A moment between two movements of a head; angles in units of what the person's head turns in a second.

    Attributes:
        moved: (..., 3) yaw, pitch, roll since the knot before.
        took_s: (...) how long that took.
        speed: (..., 3) per second, now.
        place: (..., 3) from where the head rests.
        speed_before: (..., 3) at the knot before.
        temper: (..., 2) of the person: how much roll goes with yaw (correlation of speeds), and the log of what pitch
            turns over what yaw and roll do.
    """

    moved: Floats
    took_s: Floats
    speed: Floats
    place: Floats
    speed_before: Floats
    temper: Floats

    @staticmethod
    def of(rows: Floats) -> Knot:
        """From rows (..., 15) in the order of `COLUMNS`."""
        ends = np.cumsum(list(COLUMNS.values()))[:-1]
        moved, took_s, *rest = np.split(rows, ends, axis=-1)
        return Knot(moved, took_s[..., 0], *rest)


@dataclass(frozen=True)
class HeadStatistics:
    """Transitions between knots, and how people differ.

    Attributes:
        knots: (N, 15) what each knot of the people remembers, by `COLUMNS`.
        following: (N, 7) the movement after it, by `NEXT`.
        features: (N, 15) the knots as `features_of` sees them.
        scale: SDs of moved, speed and place, (3, 3).
        log_speed: mean and SD over people of the log of the root mean square speed, deg/s.
        tremor: SD of the small tremor, in the same units as the angles.
    """

    knots: Floats
    following: Floats
    features: Floats
    scale: Floats
    log_speed: tuple[float, float]
    tremor: float


@functools.lru_cache(maxsize=1)
def head_statistics() -> HeadStatistics:
    """The statistics in the package."""
    return statistics_of(resources.files("talkingeyes").joinpath("assets/head_statistics.json").read_text())


def statistics_of(text: str) -> HeadStatistics:
    """Statistics as `scripts/fit_head_statistics.py` writes them."""
    document = json.loads(text)
    rows = np.array(document["transitions"], float)
    width = sum(COLUMNS.values())
    knots, following = rows[:, :width], rows[:, width:]
    known = Knot.of(knots)
    scale = np.stack([known.moved.std(axis=0), known.speed.std(axis=0), known.place.std(axis=0)])
    log_speed = document["log_speed_deg_s"]
    return HeadStatistics(
        knots, following, features_of(known, scale), scale, (log_speed["mean"], log_speed["sd"]), document["tremor"]
    )


def features_of(knot: Knot, scale: Floats) -> Floats:
    """(..., 15) numbers whose distance says how unlike two knots are: small movements count beside large ones."""
    parts = {
        "moved": _compressed(knot.moved, scale[0].mean()),
        "took_s": np.log(np.maximum(knot.took_s, 0.02))[..., None],
        "speed": _compressed(knot.speed, scale[1].mean()),
        "place": knot.place / scale[2],
        "speed_before": _compressed(knot.speed_before, scale[1].mean()),
        "temper": knot.temper / TEMPER_SD,
    }
    return np.concatenate([WEIGHTS[name] * part for name, part in parts.items()], axis=-1)


def _compressed(values: Floats, sd: float) -> Floats:
    size = np.log1p(np.abs(values) / (0.25 * sd))
    return np.copysign(size, values)
