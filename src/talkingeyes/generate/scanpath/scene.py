"""The scene of a take: the places that its gaze rests on, remembered and slowly drifting.

People have places: one point that they rest on to half a degree, a few others, and they go to and fro between them
for minutes. The scene remembers where they are, when the gaze was last there and for how long in all; a generator
chooses among them, so that returning is a choice and not luck. The same code reads the scenes of eye-tracked people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.scanpath.conditions import DEGREES, squashed

Array = NDArray[Any]

PLACES = 16
"""Places that a scene holds; the first is the partner."""
REACH_DEG = 1.2
"""A look within this distance of a place is at that place."""
MEMORY_S = 120.0
"""Time in which what is known of a place fades, in seconds of looking."""
FORGET_S = 60.0
"""A new place takes the room of one that was seen little and long ago."""
SLOWEST = 0.12
"""Least share by which a place moves to each new look at it: places drift."""
PARTNER_DRIFT = 0.03
LEAST_SHARE = 0.004
"""Rarer places are not part of somebody's scene."""
SEEN_S = 20.0
"""A scene begins as if so much had been looked at, shared out by the shares of its places."""
LONG_AGO_S = 30.0


@dataclass(frozen=True, eq=False)
class Places:
    """Somebody's usual places in one state: (K, 2) degrees off the partner, who is the first, and (K,) shares."""

    place_deg: Array
    share: Array

    def kept(self) -> Places:
        """Without the rare ones."""
        keep = self.share >= LEAST_SHARE
        keep[0] = True
        return Places(self.place_deg[keep], self.share[keep])


def places_of(look_deg: Array, dwell_s: Array, count: int = PLACES) -> Places:
    """Where somebody's looks gather: the densest places one after the other, the partner first.

    Args:
        look_deg: (N, 2) off the partner.
        dwell_s: (N,).
        count: places at most.
    """
    near = np.hypot(*look_deg.T) < REACH_DEG
    places, spent = [np.zeros(2)], [float(dwell_s[near].sum())]
    left = np.where(near, 0.0, dwell_s)
    apart = np.hypot(*(look_deg[:, None] - look_deg[None]).transpose(2, 0, 1)) < REACH_DEG
    while len(places) < count:
        best = int((apart * left).sum(axis=1).argmax())
        here = apart[best] & (left > 0)
        if not left[here].sum() > 0:
            break
        places.append((look_deg[here] * left[here, None]).sum(axis=0) / left[here].sum())
        spent.append(float(left[here].sum()))
        left = np.where(here, 0.0, left)
    return Places(np.array(places), np.array(spent) / max(float(dwell_s.sum()), 1e-9))


@dataclass
class Scene:
    """The places of a take as its gaze knows them.

    Attributes:
        place_deg: (PLACES, 2) off the partner.
        spent_s: (PLACES,) time spent at each, fading; 0: no such place.
        last_s: (PLACES,) when the gaze was last there.
        visits: (PLACES,).
        here: index of the place where the gaze is.
        before: where it was before.
    """

    place_deg: Array = field(default_factory=lambda: np.zeros((PLACES, 2)))
    spent_s: Array = field(default_factory=lambda: np.zeros(PLACES))
    last_s: Array = field(default_factory=lambda: np.zeros(PLACES))
    visits: Array = field(default_factory=lambda: np.zeros(PLACES))
    here: int = 0
    before: int = 0

    @staticmethod
    def of(places: Places, now_s: float = 0.0) -> Scene:
        """A scene that begins with somebody's places."""
        scene = Scene(last_s=np.full(PLACES, now_s - LONG_AGO_S))
        count = min(PLACES, len(places.share))
        scene.place_deg[:count] = places.place_deg[:count]
        scene.spent_s[:count] = SEEN_S * places.share[:count] + 0.05
        return scene

    @property
    def known(self) -> NDArray[np.bool_]:
        """(PLACES,) which places there are."""
        return self.spent_s > 0

    def admit(self, places: Places, now_s: float) -> None:
        """Add another state's places (somebody begins to speak); what is known of the others stays."""
        for place, share in zip(places.place_deg[:PLACES], places.share[:PLACES], strict=True):
            index = self.nearest(place)
            if index is None:
                index = self._weakest(now_s)
                self._settle(index, place)
            self.spent_s[index] = max(self.spent_s[index], SEEN_S * share + 0.05)

    def land(self, look_deg: Array, now_s: float) -> int:
        """The gaze lands: at a place that is known, which moves a little to it, or at a new one. Its index."""
        index = self.nearest(look_deg)
        if index is None:
            index = self._weakest(now_s)
            self._settle(index, look_deg)
            self.last_s[index] = now_s - LONG_AGO_S
        else:
            pull = max(SLOWEST, 1 / (self.visits[index] + 2)) if index else PARTNER_DRIFT
            self.place_deg[index] += pull * (look_deg - self.place_deg[index])
        self.last_s[index] = now_s
        self.visits[index] += 1
        self.before, self.here = self.here, index
        return index

    def dwell(self, dwell_s: float, now_s: float) -> None:
        """The gaze has stayed where it landed at ``now_s``."""
        self.spent_s *= np.exp(-dwell_s / MEMORY_S)
        self.spent_s[self.here] += dwell_s
        self.last_s[self.here] = now_s + dwell_s

    def conditions(self, gaze_deg: Array, now_s: float) -> Array:
        """(PLACES, width of `conditions.PLACE`) what a network is told of each place."""
        away = self.place_deg - gaze_deg
        table = np.zeros((PLACES, 11))
        table[:, 0:2] = squashed(away)
        table[:, 2:4] = squashed(self.place_deg)
        table[:, 4] = np.log1p(np.maximum(now_s - self.last_s, 0)) / 3
        table[:, 5] = np.log1p(self.visits) / 2
        table[:, 6] = np.log1p(self.spent_s) / 2
        table[:, 7] = np.hypot(away[:, 0], away[:, 1]) / DEGREES
        table[self.here, 8] = table[self.before, 9] = table[0, 10] = 1.0
        return table

    def nearest(self, look_deg: Array) -> int | None:
        """Index of the place that a look is at; None at no known one."""
        apart = np.where(self.known, np.hypot(*(self.place_deg - look_deg).T), np.inf)
        index = int(apart.argmin())
        return index if apart[index] <= REACH_DEG else None

    def _weakest(self, now_s: float) -> int:
        worth = self.spent_s[1:] * np.exp(-(now_s - self.last_s[1:]) / FORGET_S)
        return int(worth.argmin()) + 1

    def _settle(self, index: int, place_deg: Array) -> None:
        self.place_deg[index], self.spent_s[index], self.visits[index] = place_deg, 0.0, 0.0
