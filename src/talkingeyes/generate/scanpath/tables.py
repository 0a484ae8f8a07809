"""The scan path without a network: dwells and landings drawn from tables that were counted on eye-tracked people.

The fallback, and the plain account of what the network refines: a look stays at its place, goes back to the one before,
to another place of the scene, a little aside, or somewhere new, with probabilities that depend on whether somebody
speaks and whether the gaze is on the partner; each ends by the hazard that people's looks showed there.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.scanpath.conditions import DEGREES, STATES
from talkingeyes.generate.scanpath.network import ShiftTargets, moved
from talkingeyes.generate.scanpath.person import Person
from talkingeyes.generate.scanpath.rows import AVERTED_DEG
from talkingeyes.generate.scanpath.scene import PLACES, Places, Scene

Array = NDArray[Any]

KINDS = ("here", "before", "place", "near", "new")
"""Where a look may go: stay at its place, back to the one before, another place, a little aside, somewhere new."""
PLACE_SD_DEG = 0.4
"""Spread of looks about a place (people rest to half a degree)."""
NEAR_SD_DEG = ((0.3, 0.3), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8), (2.4, 0.5), (0.6, 2.2))
NEAR_SHARE = (0.25, 0.2, 0.12, 0.15, 0.2, 0.08)
"""Small shifts keep to the axes; counted on the same people (docs/log.md)."""
ECCENTRICITY = 6
"""Of `conditions.LOOK`: distance from the partner in `DEGREES`."""
NEVER = 1e-12


@dataclass(frozen=True, eq=False)
class TablePerson:
    """How somebody looks in one state: usual places, log of how much oftener than others it shifts, contact."""

    places: Places
    log_rate: float
    contact: float


@dataclass(frozen=True, eq=False)
class ScanPathTables:
    """Counted statistics (assets/gaze_statistics.json).

    Attributes:
        hazard: by (state, averted), cumulative hazard at `conditions.DWELL_EDGES_S` and the longest dwell.
        choice: by (state, averted), probability of each of `KINDS`.
        code_deg: (C, 2) places that people look at.
        code_sd_deg: (C,).
        code_share: by state, (C,).
        people: by state.
    """

    hazard: Mapping[tuple[str, bool], Array]
    choice: Mapping[tuple[str, bool], Array]
    code_deg: Array
    code_sd_deg: Array
    code_share: Mapping[str, Array]
    people: tuple[Mapping[str, TablePerson], ...]

    @property
    def window(self) -> int:
        """Tables see the present look only."""
        return 1

    def person(self, rng: np.random.Generator, amount: float = 1.0) -> Person:
        """Somebody near one of the people that were counted, as seen or mirrored; see `ScanPathModel.person`."""
        chosen = self.people[int(rng.integers(len(self.people)))]
        mirrored = bool(rng.random() < 0.5)
        who, places, bias = {}, {}, {}
        for index, state in enumerate(STATES[:2]):
            own = chosen.get(state) or next(iter(chosen.values()))
            who[state] = np.array([index], np.float32)
            places[state] = moved(own.places, mirrored=mirrored, rng=rng)
            bias[state] = amount * own.contact, amount * own.log_rate
        return Person(who, places, bias)

    def begin(self, looks: Array, there: Array, who: Array) -> tuple[Any, Array]:
        """The hazard of looks on the partner, or averted."""
        state, averted = STATES[int(who[0])], bool(looks[-1, ECCENTRICITY] * DEGREES > AVERTED_DEG)
        return (state, averted), self.hazard[state, averted]

    def land(self, state: Any, who: Array, dwell_s: float, gaze_deg: Array, scene: Scene, now_s: float) -> ShiftTargets:
        """Where the next look may land."""
        here, before, place, near, new = self.choice[state]
        weight = np.where(scene.known, scene.spent_s, 0.0)
        weight[[scene.here, scene.before]] = 0.0
        weight = place * weight / max(weight.sum(), NEVER)
        weight[scene.here] += here
        weight[scene.before] += before
        chances = np.concatenate([weight, near * np.array(NEAR_SHARE), new * self.code_share[state[0]]])
        mean = np.concatenate([scene.place_deg, np.tile(gaze_deg, (len(NEAR_SD_DEG), 1)), self.code_deg])
        spread = np.repeat(self.code_sd_deg[:, None], 2, axis=1)
        sd = np.concatenate([np.full((PLACES, 2), PLACE_SD_DEG), np.array(NEAR_SD_DEG), spread])
        return ShiftTargets(np.log(np.maximum(chances, NEVER)), mean, sd)


@functools.lru_cache(maxsize=1)
def shipped_tables() -> ScanPathTables:
    """The statistics in the package."""
    return tables_of(resources.files("talkingeyes").joinpath("assets/gaze_statistics.json").read_text())


def tables_of(text: str) -> ScanPathTables:
    """Statistics as `scripts/fit_gaze_statistics.py` writes them."""
    document = json.loads(text)
    hazard, choice = {}, {}
    for state in STATES[:2]:
        for kind in ("on", "averted"):
            table = document[state][kind]
            hazard[state, kind == "averted"] = np.concatenate([[0.0], np.cumsum(table["hazard"])])
            choice[state, kind == "averted"] = np.array([table["choice"][name] for name in KINDS])
    people = tuple(
        {
            state: TablePerson(Places(np.array(p["place_deg"]), np.array(p["share"])), p["log_rate"], p["contact"])
            for state, p in person.items()
        }
        for person in document["people"]
    )
    codes = document["codes"]
    share = {state: np.array(document[state]["code_share"]) for state in STATES[:2]}
    return ScanPathTables(hazard, choice, np.array(codes["place_deg"]), np.array(codes["sd_deg"]), share, people)
