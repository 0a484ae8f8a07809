"""`Pool`: many recordings as one body of evidence, with intervals by bootstrap over recordings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.statistics import resample_groups

Array = NDArray[Any]
Arrays = Mapping[str, Array]

REPLICATES = 200
MIN_GROUPS = 4
"""With fewer recordings the bootstrap draws blocks of time instead, and says so."""
BLOCK_S = 20.0


@dataclass(frozen=True, eq=False)
class Span:
    """Part of a recording: the events whose time lies in [start_s, end_s)."""

    observation: Observation
    start_s: float
    end_s: float

    def holds(self, time_s: Array) -> Array:
        """Mask of the times inside."""
        return (time_s >= self.start_s) & (time_s < self.end_s)

    @property
    def frames(self) -> slice:
        """The frames inside."""
        o = self.observation
        return slice(round(self.start_s * o.fps), min(o.motion.num_frames, round(self.end_s * o.fps)))

    def talking(self, time_s: Array) -> Array:
        """Mask of times inside that fall in talking."""
        inside = self.holds(time_s)
        return inside & self.observation.at(self.observation.talking, time_s) if len(time_s) else inside


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; the interval is NaN where the bootstrap has fewer than two groups."""

    value: float
    low: float
    high: float


class Pool:
    """Observations of one role.

    Args:
        observations: what is pooled.
        seed: of the bootstrap draws.
        replicates: bootstrap draws.
    """

    def __init__(self, observations: Sequence[Observation], seed: int = 0, replicates: int = REPLICATES) -> None:
        self.observations = tuple(observations)
        self.seed = seed
        self.replicates = replicates

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def where(self, keep: Callable[[Observation], bool]) -> Pool:
        """The recordings that fulfil a condition."""
        return Pool([o for o in self.observations if keep(o)], self.seed, self.replicates)

    @cached_property
    def takes(self) -> dict[str, list[Observation]]:
        """Observations by recording id."""
        table: dict[str, list[Observation]] = {}
        for o in self.observations:
            table.setdefault(o.recording.recording_id, []).append(o)
        return table

    @property
    def over_blocks(self) -> bool:
        """Whether the bootstrap draws blocks of time because there are too few recordings."""
        return len(self.takes) < MIN_GROUPS

    @cached_property
    def groups(self) -> list[list[Span]]:
        """What the bootstrap draws: recordings with all their takes, or blocks of 20 s across takes."""
        if not self.over_blocks:
            return [[Span(o, 0.0, o.duration_s) for o in takes] for takes in self.takes.values()]
        groups = []
        for takes in self.takes.values():
            length = max(o.duration_s for o in takes)
            count = max(1, int(length / BLOCK_S))
            bounds = np.linspace(0.0, length, count + 1)
            for start, end in itertools.pairwise(bounds):
                spans = [Span(o, float(start), float(min(end, o.duration_s))) for o in takes if o.duration_s > start]
                groups.append(spans)
        return groups

    def collect(self, collector: Callable[[Span], Arrays]) -> list[dict[str, Array]]:
        """Each group's arrays, joined along the first axis."""
        joined = []
        for spans in self.groups:
            parts = [collector(span) for span in spans]
            joined.append({key: np.concatenate([np.atleast_1d(p[key]) for p in parts]) for key in parts[0]})
        return joined

    def estimate(
        self, collector: Callable[[Span], Arrays], figures: Callable[[Arrays], dict[str, float]]
    ) -> dict[str, Estimate]:
        """Figures of all recordings together, with 95 % intervals.

        Args:
            collector: a span's arrays; rows are events or sums that may be concatenated.
            figures: named figures of concatenated arrays; NaN where they cannot be computed.
        """
        groups = self.collect(collector)
        if not groups:
            return {}
        keys = groups[0].keys()
        whole = figures({key: np.concatenate([g[key] for g in groups]) for key in keys})
        rng = np.random.default_rng(self.seed)
        draws: dict[str, list[float]] = {name: [] for name in whole}
        if len(groups) >= 2:
            for chosen in resample_groups(len(groups), self.replicates, rng):
                drawn = figures({key: np.concatenate([groups[i][key] for i in chosen]) for key in keys})
                for name, value in drawn.items():
                    draws[name].append(value)
        return {name: _estimate(value, draws[name]) for name, value in whole.items()}


def _estimate(value: float, draws: Sequence[float]) -> Estimate:
    finite = np.array([d for d in draws if np.isfinite(d)])
    if len(finite) < 20:
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.percentile(finite, [2.5, 97.5])
    return Estimate(value, float(low), float(high))
