"""The trained scan-path network: who there is to be like, how long a look lasts, where the next one lands."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError
from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, LONGEST_DWELL_S, STATES
from talkingeyes.generate.scanpath.person import FreeRunning, Person
from talkingeyes.generate.scanpath.scene import Places, Scene
from talkingeyes.weights import Network, load_network

Array = NDArray[Any]

KIND = "scan path 1"
MAX_PEOPLE, MAX_PLACES = 10_000, 64
MAX_GAZE_DEG = 90.0
MAX_BIAS = 10.0
FAR_SIGHTED_DEG = 8.0
"""Takes are drawn the less near somebody the further off the partner he rests while speaking, by so much per e-fold: a
take is a typical person unless it is asked otherwise."""
MIRRORED_SHARE = 0.25
"""One take in four looks to the right where the people looked to the left. Most of them looked more to their left, and
nothing tells whether that was the room's or theirs."""
MOVED_DEG, FAR_DEG = 0.6, 5.0
"""How far a take's places lie from the person's own (SD per axis), from `FAR_DEG` off the partner on."""

FREE_RUNNING: Mapping[str, FreeRunning] = {
    "speaking": FreeRunning(same_side=0.6, back=0.2, spread=0.85, regularity=1.5),
    "listening": FreeRunning(same_side=0.65, back=0.5, spread=0.8, regularity=1.5),
}


@dataclass(frozen=True, eq=False)
class Manner:
    """How somebody looks in one state.

    Attributes:
        who: embedding.
        who_mirrored: embedding of the mirrored person.
        places: usual places.
        seen_s: how much of it was seen.
        bias: log hazard ratios of being on the partner and of shifting at all that free running needs
            (`train.scan_path_debias`).
    """

    who: Array
    who_mirrored: Array
    places: Places
    seen_s: float
    bias: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class ScanPathModel:
    """Networks and characters; checked once, shared by all takes.

    Attributes:
        network: the ONNX networks.
        window: looks that a look sees.
        people: manner by state of each person who was learned from.
        everybody: embedding by state of nobody in particular.
    """

    network: Network
    window: int
    people: tuple[Mapping[str, Manner], ...]
    everybody: Mapping[str, Array]

    def person(self, rng: np.random.Generator, amount: float = 1.0) -> Person:
        """Somebody near one of the people that were learned from, as seen or mirrored.

        Args:
            rng: draws who.
            amount: how far from everybody's average; 0 is nobody in particular, with somebody's places all the same.
        """
        weight = np.array([typicality(p) for p in self.people])
        manners = self.people[int(rng.choice(len(self.people), p=weight / weight.sum()))]
        mirrored = bool(rng.random() < MIRRORED_SHARE)
        who, places, bias = {}, {}, {}
        for state in STATES[:2]:
            manner = manners.get(state) or next(iter(manners.values()))
            own = manner.who_mirrored if mirrored else manner.who
            average = self.everybody.get(state, own)
            who[state] = (average + amount * (own - average)).astype(np.float32)
            places[state] = moved(manner.places, mirrored=mirrored, rng=rng)
            bias[state] = manner.bias
        return Person(who, places, bias, FREE_RUNNING)

    def alone(self, index: int, bias: Mapping[str, tuple[float, float]]) -> ScanPathModel:
        """The same with one person only, whose biases are these."""
        own = {s: replace(m, bias=bias.get(s, m.bias)) for s, m in self.people[index].items()}
        return replace(self, people=(own,))

    def begin(self, looks: Array, there: Array, who: Array) -> tuple[Array, Array]:
        """State (1, W) of the last of ``looks`` (window, LOOK) and its cumulative hazard at the edges of dwell."""
        out = self.network.run("look_begins", {"looks": looks[None], "there": there[None], "who": who[None]})
        # -log of the share of looks that survive a bin: softplus of its logit.
        hazard = np.logaddexp(0.0, out["hazard"][0].astype(float))
        return out["state"], np.concatenate([[0.0], np.cumsum(hazard)])

    def land(
        self, state: Array, who: Array, dwell_s: float, gaze_deg: Array, scene: Scene, now_s: float
    ) -> ShiftTargets:
        """Where the next look may land."""
        feeds = {
            "state": state, "who": who[None], "dwell_s": np.array([dwell_s], np.float32),
            "gaze_deg": gaze_deg[None].astype(np.float32),
            "place": scene.conditions(gaze_deg, now_s)[None].astype(np.float32),
            "place_deg": scene.place_deg[None].astype(np.float32), "known": scene.known[None].astype(np.float32),
        }  # fmt: skip
        out = self.network.run("look_ends", feeds)
        log_weight, mean, sd = (out[name][0].astype(float) for name in ("log_weight", "mean_deg", "sd_deg"))
        return ShiftTargets(log_weight, mean, sd)


def typicality(person: Mapping[str, Manner]) -> float:
    """How often takes are drawn near somebody, in proportion."""
    manner = person.get("speaking") or next(iter(person.values()))
    places = manner.places
    far = float((np.hypot(*places.place_deg.T) * places.share).sum() / max(places.share.sum(), 1e-9))
    return math.exp(-far / FAR_SIGHTED_DEG)


def moved(places: Places, *, mirrored: bool, rng: np.random.Generator) -> Places:
    """Somebody's places a little elsewhere: another person, another room; the partner stays."""
    kept = places.kept()
    place = kept.place_deg * ((-1, 1) if mirrored else (1, 1))
    far = np.minimum(1.0, np.hypot(*place.T) / FAR_DEG)[:, None]
    return Places(place + rng.normal(0.0, MOVED_DEG, place.shape) * far, kept.share)


@dataclass(frozen=True, eq=False)
class ShiftTargets:
    """Where the next look may land: (K,) log weights, (K, 2) means and spreads in degrees off the partner.

    The first `scene.PLACES` are the places of the scene.
    """

    log_weight: Array
    mean_deg: Array
    sd_deg: Array


def dwell_of(cumulative_hazard: Array, reached: float) -> float:
    """How long a look lasts whose hazard has added up to ``reached``, s; linear in the log of time inside a bin."""
    edges = np.append(DWELL_EDGES_S, LONGEST_DWELL_S)
    k = int(np.searchsorted(cumulative_hazard, reached, side="right")) - 1
    if k >= len(edges) - 1:
        return float(edges[-1])
    low, high = max(float(edges[k]), SHORTEST_S), float(edges[k + 1])
    share = (reached - cumulative_hazard[k]) / max(cumulative_hazard[k + 1] - cumulative_hazard[k], 1e-12)
    return low if low >= high else low * (high / low) ** share


SHORTEST_S = 0.12
"""Of a look: an eye tracker sees none below .11 s, and next to no large shifts come within .15 s of one another."""


def shipped_scan_path() -> ScanPathModel:
    """The package's own.

    Raises:
        ModelError: the package is damaged.
    """
    with as_file(files("talkingeyes") / "assets" / "weights" / "scan_path") as folder:
        return scan_path_model(Path(folder))


def scan_path_model(folder: Path, *, own: bool = False) -> ScanPathModel:
    """Load a folder of weights.

    Args:
        folder: with a manifest and its networks.
        own: this process has just written it: its networks are run without a limit on their time.

    Raises:
        ModelError: not a folder of weights of this kind.
    """
    return _loaded(str(folder), own)


@functools.lru_cache(maxsize=4)
def _loaded(folder: str, own: bool = False) -> ScanPathModel:
    network = load_network(Path(folder), own=own)
    config = network.manifest.config
    if config.get("kind") != KIND:
        raise ModelError(f"{folder}: weights of {str(config.get('kind'))[:60]!r}; {KIND!r} is accepted here")
    try:
        known, window = int(config["known"]), int(config["window"])
        with np.errstate(over="ignore"):  # what is too large for single precision is not finite, and refused as that
            people = tuple(_person(p, known) for p in config["characters"][:MAX_PEOPLE])
            everybody = {str(k): np.asarray(v, np.float32) for k, v in config["everybody"].items()}
        if any(v.shape != (known,) or not np.isfinite(v).all() for v in everybody.values()):
            raise ValueError("everybody's embedding is out of range")
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise ModelError(f"{folder}: its manifest lacks what the gaze needs ({str(error)[:80]!r})") from None
    if not people or not 2 <= window <= 256:
        raise ModelError(f"{folder}: the sizes in its manifest are out of range")
    return ScanPathModel(network, window, people, everybody)


def _person(given: Mapping[str, Any], known: int) -> Mapping[str, Manner]:
    manners = {}
    for state, row in given["states"].items():
        who, mirrored = (np.asarray(row[k], np.float32) for k in ("who", "who_mirrored"))
        place, share = np.asarray(row["place_deg"], float), np.asarray(row["share"], float)
        if who.shape != (known,) or mirrored.shape != (known,) or place.shape != (len(share), 2):
            raise ValueError(f"a character's {state} has tables of the wrong sizes")
        if not 1 <= len(share) <= MAX_PLACES or np.abs(place).max() > MAX_GAZE_DEG or not (share >= 0).all():
            raise ValueError(f"a character's places while {state} are out of range")
        if not (np.isfinite(who).all() and np.isfinite(mirrored).all() and np.isfinite(place).all()):
            raise ValueError("a character's table is not finite")
        seen_s = float(row["seen_s"])
        if not (math.isfinite(seen_s) and seen_s >= 0):
            raise ValueError("seen_s is out of range")
        contact, activity = (float(v) for v in row.get("bias", (0.0, 0.0)))
        if not max(abs(contact), abs(activity)) <= MAX_BIAS:
            raise ValueError("a character's bias is out of range")
        manners[str(state)] = Manner(who, mirrored, Places(place, share), seen_s, (contact, activity))
    if not manners:
        raise ValueError("a character without a state")
    return manners
