"""Is it the same person in another recording? Likeness of two gazes, and how well it tells pairs of one person.

Three likenesses: where the time goes, where the averted time goes (overlap of blurred densities; Bhattacharyya 1943),
and habits (how much, how fast, how far), each habit measured in the scatter that it has within people. Together: the
sum of their ranks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.eye_tracker import Fixations

Array = NDArray[Any]

YAW_EDGES_DEG, PITCH_EDGES_DEG = np.arange(-40.0, 41.0), np.arange(-28.0, 29.0)
BLUR_DEG, AVERTED_BLUR_DEG = 1.0, 2.0
OFF_DEG = 3.0
"""Beyond it a look is not at the partner's face."""
LEAST_SHIFT_DEG = 1.0
NAMES = ("where", "where averted", "habits", "together")


@dataclass(frozen=True, eq=False)
class Gazing:
    """What is compared of one person's looks in one recording.

    Attributes:
        where: (80, 56) share of time by degrees of yaw and pitch off the partner, blurred.
        averted: the same of looks beyond `OFF_DEG`.
        habits: (8,) log odds of being off, log rate of shifts, mean log dwell, mean and root mean square of yaw and
            pitch, log of the median shift.
    """

    where: Array
    averted: Array
    habits: Array


def gazing_of(looks: Sequence[Fixations]) -> Gazing:
    """Of looks in degrees off the partner.

    Args:
        looks: pieces of one person's fixations in one recording.
    """
    yaw, pitch = (np.concatenate([getattr(x, k) for x in looks]) for k in ("yaw_deg", "pitch_deg"))
    dwell = np.concatenate([x.end_s - x.start_s for x in looks])
    off = np.hypot(yaw, pitch) > OFF_DEG
    steps = np.concatenate([np.hypot(np.diff(x.yaw_deg), np.diff(x.pitch_deg)) for x in looks])
    large = steps[steps >= LEAST_SHIFT_DEG]
    habits = [
        np.log((dwell[off].sum() + 1) / (dwell[~off].sum() + 1)),
        np.log((len(large) + 1) / dwell.sum()),
        np.log(dwell).mean(),
        *(np.average(v, weights=dwell) for v in (yaw, pitch)),
        *(np.sqrt(np.average(v**2, weights=dwell)) for v in (yaw, pitch)),
        np.log(np.median(large)) if len(large) else 0.0,
    ]
    averted = _density(yaw[off], pitch[off], dwell[off], AVERTED_BLUR_DEG)
    return Gazing(_density(yaw, pitch, dwell, BLUR_DEG), averted, np.array(habits))


def same_person_aucs(pairs: Sequence[tuple[Gazing, Gazing]]) -> Mapping[str, float]:
    """Area under the curve of each likeness (`NAMES`): pairs of one person against pairs of two.

    Args:
        pairs: two recordings of each person.
    """
    habits = np.array([[a.habits, b.habits] for a, b in pairs])
    scatter = np.maximum(np.sqrt(((habits[:, 0] - habits[:, 1]) ** 2).mean(axis=0) / 2), 1e-9)
    alike = {
        "where": lambda a, b: float(np.sqrt(a.where * b.where).sum()),
        "where averted": lambda a, b: float(np.sqrt(a.averted * b.averted).sum()),
        "habits": lambda a, b: -float((((a.habits - b.habits) / scatter) ** 2).sum()),
    }
    tables = {name: np.array([[of(a, b) for _, b in pairs] for a, _ in pairs]) for name, of in alike.items()}
    ranks = [table.ravel().argsort().argsort().reshape(table.shape) for table in tables.values()]
    out = {}
    for name, table in {**tables, "together": np.sum(ranks, axis=0)}.items():
        same, other = np.diag(table), table[~np.eye(len(pairs), dtype=bool)]
        out[name] = float(((same[:, None] > other) + 0.5 * (same[:, None] == other)).mean())
    return out


def _density(yaw: Array, pitch: Array, weight: Array, blur_deg: float) -> Array:
    bins: Any = [YAW_EDGES_DEG, PITCH_EDGES_DEG]
    table = np.histogram2d(yaw, pitch, bins, weights=weight)[0]
    reach = int(np.ceil(3 * blur_deg))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / blur_deg) ** 2)
    kernel = kernel / kernel.sum()
    for axis in (0, 1):
        table = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), axis, table)
    return table / max(float(table.sum()), 1e-9)
