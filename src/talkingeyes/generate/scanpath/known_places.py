"""Named targets among the usual places of a take's person: what the gaze goes to of its own accord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.scanpath.person import Person
from talkingeyes.generate.scanpath.scene import PLACES, REACH_DEG, Places, Scene

if TYPE_CHECKING:
    from talkingeyes.generate.scanpath.network import ShiftTargets
    from talkingeyes.generate.scanpath.process import ScanPathSource

Array = NDArray[Any]

NEAR_DEG = 2.0
"""A choice within this of a place is that place; places drift a little."""
STEERED = 4.0
"""How strongly a place that had too much is avoided."""
LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class WithPlaces:
    """A source of dwells and landings whose people know some more places.

    Attributes:
        source: of everything else.
        place_deg: (K, 2) off the partner.
        share: (K,) of a person's time at each, before the scene and the voice have their say.
    """

    source: ScanPathSource
    place_deg: Array
    share: Array

    @property
    def window(self) -> int:
        """See `ScanPathSource`."""
        return self.source.window

    def person(self, rng: np.random.Generator, amount: float = 1.0) -> Person:
        """Somebody to be, with the places; draws as the source does."""
        person = self.source.person(rng, amount)
        places: Mapping[str, Places] = {manner: self._joined(own) for manner, own in person.places.items()}
        return replace(person, places=places)

    def begin(self, looks: Array, there: Array, who: Array) -> tuple[Any, Array]:
        """See `ScanPathSource`."""
        return self.source.begin(looks, there, who)

    def land(self, state: Any, who: Array, dwell_s: float, gaze_deg: Array, scene: Scene, now_s: float) -> ShiftTargets:
        """See `ScanPathSource`; a place that had less of the time than its share is likelier, one with more less."""
        found = self.source.land(state, who, dwell_s, gaze_deg, scene, now_s)
        weight = np.exp(found.log_weight - found.log_weight.max())
        weight /= weight.sum()
        for place, share in zip(self.place_deg, self.share, strict=True):
            here = scene.nearest(place)
            had = 0.0 if here is None else float(scene.spent_s[here] / scene.spent_s.sum())
            apart = np.hypot(*(found.mean_deg - place).T)
            weight = np.where(apart < NEAR_DEG, weight * min(1.0, (share / max(had, 1e-3)) ** STEERED), weight)
            weight /= weight.sum()
            nearest = int(apart.argmin())
            if had < share and np.hypot(*(gaze_deg - place)) > REACH_DEG and apart[nearest] < NEAR_DEG:
                weight *= 1 - share
                weight[nearest] += share
        return replace(found, log_weight=np.log(np.maximum(weight, LEAST)))

    def _joined(self, own: Places) -> Places:
        """The partner, then these, then the person's own as far as there is room."""
        room = PLACES - len(self.share)
        kept = own.share[:room] * (1 - self.share.sum()) / own.share[:room].sum()
        place_deg = np.concatenate([own.place_deg[:1], self.place_deg, own.place_deg[1:room]])
        return Places(place_deg, np.concatenate([kept[:1], self.share, kept[1:]]))
