"""Find what of people's mouths no sound decides: how large it is and how it goes together (`generate.mouth_style`).

    python scripts/fit_mouth_style.py SET src/talkingeyes/assets/weights/face -o src/talkingeyes/assets/mouth_style.json
    python scripts/fit_mouth_style.py SET src/talkingeyes/assets/weights/face_live --style mouth_style.json

Mouths are made for the clips of the set's training part, measured as the fits are, and the sizes corrected until means,
spreads, correlations and speeds are those of the fits. The first command writes the sizes and the network's calibration
into its manifest; with ``--style`` the sizes are given, and only the calibration is found.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from talkingeyes.audio import FEATURE_RATE_HZ
from talkingeyes.generate import lips
from talkingeyes.generate.lip_table import LIPS, PLACES, SHAPES
from talkingeyes.generate.lips import LIP_NAMES, SIDED_PLACES, coefficients, lip_rows, speaking
from talkingeyes.generate.mouth import MouthTracker
from talkingeyes.generate.mouth_style import ARTICULATION_SD, QUICK_S, SLOW_S
from talkingeyes.train.data import Clip, load_clips
from talkingeyes.train.face_data import voice_of
from talkingeyes.train.face_places import by_bare_name, places_of, readout
from talkingeyes.train.face_truth import clip_lag, heard_opening
from talkingeyes.weights import Network, load_network

Array = np.ndarray
K, S = len(PLACES), len(SIDED_PLACES)
NORMAL = ("corner_up", "corner_out")
GAP_DRAWN, GAP_OFFSET = 0.1, 0.15
"""Of the gap's spread, what is drawn in courses and as an offset: people differ by a factor (`ARTICULATION_SD`)."""
GAP_SHARES = (0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995)
BEYOND = 0.2
"""How far the gap's curve goes on at both ends."""
SIDE_SHARE = 0.5
"""Of how the two sides of fits differ: the rest is the noise of landmarks and of the head's turn."""
QUICK_SHARE, ROUNDS, GENTLE_ROUNDS = 0.8, 13, 4
SIZED = ("mouthStretch", "mouthFunnel", "mouthPucker", "mouthFrown", "mouthSmile")
AT_REST = 0.006


@dataclass
class Clips:
    """Clips joined end to end: what the network gives, what people did, in step."""

    heard: Array
    talks: Array
    places: Array
    sides: Array
    bare: dict[str, Array]
    voice: Array
    person: Array
    owner: Array

    @property
    def edges(self) -> Array:
        """First frames of all clips but the first."""
        return np.flatnonzero(np.diff(self.owner)) + 1


def measured(clips: list[Clip], network: Network) -> Clips:
    """What is needed of the clips whose lag is known."""
    heard, talks, places, sides, bare, voices, people, owner = [], [], [], [], [], [], [], []
    for clip in clips:
        voice = voice_of(clip)
        lag = clip_lag(heard_opening(voice, network), voice.lips[:, 0], voice.seen)
        if not lag.is_known:
            continue
        tracker = MouthTracker(network, raw=True)
        given = np.concatenate([tracker.push(voice.log_mel, voice.loudness_db, voice.voice), tracker.finish()])
        motion, now_s = clip.motion, np.arange(len(voice)) / FEATURE_RATE_HZ + lag.mean_ms / 1000
        assert motion.face is not None
        frame_s = np.arange(motion.num_frames) / motion.fps
        face = np.stack([np.interp(now_s, frame_s, column) for column in motion.face.astype(float).T], axis=1)
        mean, apart = _split(motion.face_names, face)
        track = np.concatenate([np.zeros((len(given), K)), given[:, len(LIPS) :]], axis=1)
        heard.append(given.astype(float))
        talks.append(lip_rows(track, speaking(voice.voice, track))[:, -1])
        places.append(mean)
        sides.append(apart)
        bare.append(by_bare_name(motion.face_names, face))
        voices.append(voice.voice)
        people += [clip.group] * len(given)
        owner.append(np.full(len(given), len(owner)))
    joined = {name: np.concatenate([one[name] for one in bare]) for name in bare[0]}
    person = np.unique(people, return_inverse=True)[1]
    return Clips(
        heard=np.concatenate(heard), talks=np.concatenate(talks), places=np.concatenate(places),
        sides=np.concatenate(sides), bare=joined, voice=np.concatenate(voices), person=person,
        owner=np.concatenate(owner),
    )  # fmt: skip


def _split(names: Any, face: Array) -> tuple[Array, Array]:
    """Mean of both sides' places, and left less right of those that have sides."""
    left, right = (places_of(by_bare_name(names, face, side)) for side in ("Left", "Right"))
    columns = [PLACES.index(name) for name in SIDED_PLACES]
    return (left + right) / 2, (left - right)[:, columns]


def figures(table: Array, owner: Array) -> dict[str, Array]:
    """Mean; spread within clips; between clips; correlations within and between; change per frame; share at rest."""
    count = np.bincount(owner)
    mean = np.stack([np.bincount(owner, column) / count for column in table.T], axis=1)
    centred = table - mean[owner]
    change = np.diff(table, axis=0)[np.diff(owner) == 0]
    own = np.stack([(centred[owner == i].T @ centred[owner == i]) / count[i] for i in range(len(count))])
    spread = np.sqrt(np.einsum("nii->ni", own))
    size = spread[:, :, None] * spread[:, None, :]
    moves = size > 1e-6
    return {
        "mean": table.mean(axis=0),
        "within": centred.std(axis=0),
        "between": mean.std(axis=0),
        "together": np.where(moves, own / np.maximum(size, 1e-9), 0).sum(axis=0) / np.maximum(moves.sum(axis=0), 1),
        "together_between": np.corrcoef(mean.T),
        "change": np.sqrt((change**2).mean(axis=0)),
        "rest": (table < AT_REST).mean(axis=0),
    }


def curves_of(places: Array) -> dict[str, list[list[float]]]:
    """By place that is not normal, knots of a rising curve from a normal number of the same spread to people's."""
    found = {"gap": [[-1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]}  # until it is known what is drawn
    for name, column in zip(PLACES, places.T, strict=True):
        if name in (*NORMAL, "gap"):
            continue
        centre, spread, rest = _normal_line(name, column)
        shares = [q for q in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995) if q > rest + 0.03]
        at = [0.0] + [centre + spread * NormalDist().inv_cdf(q) for q in shares]
        value = np.maximum.accumulate([0.0] + [float(np.quantile(column, q)) for q in shares])
        slope = (value[-1] - value[-2]) / (at[-1] - at[-2])
        found[name] = [
            np.round([*at, at[-1] + spread], 5).tolist(),
            np.round([*value, value[-1] + slope * spread], 5).tolist(),
        ]
    return found


def gap_curve(heard: Array, people: Array, closed: float) -> list[list[float]]:
    """From the gap as it is heard and drawn to people's, rank by rank, but for those whose sound shuts the lips.

    Args:
        heard: of frames with a voice and no closure.
        people: of all frames with a voice.
        closed: share of frames that a closure shuts.
    """
    open_ones = np.sort(people)[int(closed * len(people)) :]
    at, value = np.quantile(heard, GAP_SHARES), np.quantile(open_ones, GAP_SHARES)
    slope = (value[-1] - value[-4]) / (at[-1] - at[-4])
    first = 0.0 if value[0] < 0.02 else value[0]
    at = np.array([at[0] - BEYOND, *at, at[-1] + BEYOND])
    value = np.maximum.accumulate([first, *value, value[-1] + BEYOND * slope])
    return [np.round(at, 5).tolist(), np.round(value, 5).tolist()]


def as_one_person(clips: Clips) -> Array:
    """(N,) fitted gaps as if everybody opened the mouth as far."""
    gap, voiced = clips.places[:, 0], clips.voice.astype(float)
    mean = np.bincount(clips.person, gap * voiced) / np.maximum(np.bincount(clips.person, voiced), 1)
    return gap * (mean[mean > 0].mean() / np.maximum(mean, 1e-3))[clips.person]


def _normal_line(name: str, column: Array) -> tuple[float, float, float]:
    """Mean and spread of the normal number behind a place, and the share of it that rests."""
    if name in (*NORMAL, "gap"):
        return float(column.mean()), float(column.std()), 0.0
    rest = 0.8 * float((column < AT_REST).mean())
    return -float(column.std()) * NormalDist().inv_cdf(max(rest, 1e-3)), float(column.std()), rest


def _possible(r: Array) -> Array:
    """The nearest matrix of correlations."""
    values, axes = np.linalg.eigh((r + r.T) / 2)
    fixed = axes @ np.diag(np.maximum(values, 0.02)) @ axes.T
    size = np.sqrt(np.diag(fixed))
    return fixed / np.outer(size, size)


def _courses(rng: np.random.Generator, owner: Array, knot_s: float, mix: Array) -> Array:
    """A course per clip, as `mouth_style.StyleCourse` makes it."""
    knot, out = knot_s * FEATURE_RATE_HZ, []
    for count in np.bincount(owner):
        place = (np.arange(count) + rng.random() * knot) / knot
        first = np.floor(place).astype(int)
        t = (place - first)[:, None]
        knots = rng.standard_normal((first[-1] + 4, len(mix))) @ mix.T
        out.append(
            (1 - t) ** 3 / 6 * knots[first]
            + (3 * t**3 - 6 * t**2 + 4) / 6 * knots[first + 1]
            + (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6 * knots[first + 2]
            + t**3 / 6 * knots[first + 3]
        )
    return np.concatenate(out) / np.sqrt(0.479)


class Fitting:
    """Sizes on their way."""

    def __init__(self, clips: Clips, style: dict[str, Any] | None) -> None:
        self.clips, self.style, self.rng = clips, style, np.random.default_rng(0)
        self.curves = curves_of(clips.places) if style is None else style["curves"]
        self.sizes = dict.fromkeys(SIZED, 1.0) if style is None else style["sizes"]
        lines = [_normal_line(name, column) for name, column in zip(PLACES, clips.places.T, strict=True)]
        self.centre, self.spread = np.array([line[:2] for line in lines]).T
        self.line, _, shown = readout(clips.heard, clips.places, clips.owner)
        said = clips.heard @ self.line.T
        self.line *= (shown * self.spread / np.maximum(said.std(axis=0), 1e-6))[:, None]
        self.shift = self.centre - (clips.heard @ self.line.T).mean(axis=0)
        self.people, self.apart = figures(clips.places, clips.owner), figures(clips.sides, clips.owner)
        self.within = self.spread * np.sqrt(np.maximum(1 - shown**2, 0.05)) * 0.7
        self.between, self.quick = self.spread * 0.4, np.full(K, 0.5)
        self.r, self.r_between = _possible(self.people["together"]), _possible(self.people["together_between"])
        self.one_person = as_one_person(clips)
        self.side_within, self.side_between = self.apart["within"].copy(), self.apart["between"].copy()

    def table(self) -> dict[str, Array]:
        """Mixing tables as `StyleTable` takes them."""
        if self.style is not None:
            return {name: np.array(self.style[name]) for name in ("offset", "slow", "quick")}
        root, root_between = (np.linalg.cholesky(_possible(r) + 1e-6 * np.eye(K)) for r in (self.r, self.r_between))
        found = {name: np.zeros((K + S, K + S)) for name in ("offset", "slow", "quick")}
        for name, own, side in (
            ("offset", np.diag(self.between) @ root_between, self.side_between),
            ("slow", np.diag(self.within * np.sqrt(1 - self.quick)) @ root, 0.7 * self.side_within),
            ("quick", np.diag(self.within * np.sqrt(self.quick)) @ root, 0.7 * self.side_within),
        ):
            found[name][:K, :K], found[name][K:, K:] = own, np.diag(side)
        return found

    def made(self) -> tuple[Array, Array, dict[str, Array]]:
        """Places, sides and coefficients of mouths for all clips, measured as a fit's."""
        clips, mix, rng = self.clips, self.table(), self.rng
        track = np.concatenate([clips.heard @ self.line.T + self.shift, clips.heard[:, len(LIPS) :]], axis=1)
        parts = zip(np.split(track, clips.edges), np.split(clips.talks, clips.edges), strict=True)
        rows = np.concatenate([lips.shapes_of(one, talks) for one, talks in parts])
        count = clips.owner[-1] + 1
        drawn = (rng.standard_normal((count, K + S)) @ mix["offset"].T)[clips.owner]
        drawn += _courses(rng, clips.owner, SLOW_S, mix["slow"]) + _courses(rng, clips.owner, QUICK_S, mix["quick"])
        drawn *= clips.talks[:, None]
        if self.style is None:
            heard = clips.voice & (clips.talks > 0.99)
            free = heard & (rows[:, lips.SHAPE_NAMES.index("shut")] < 0.5)
            closed = 1 - free.sum() / heard.sum()
            self.curves["gap"] = gap_curve((rows[:, 0] + drawn[:, 0])[free], self.one_person[heard], closed)
        _use(self.curves, self.sizes)
        left = rows[:, :K] + drawn[:, :K]
        right, columns = left.copy(), [PLACES.index(name) for name in SIDED_PLACES]
        left[:, columns] += drawn[:, K:] / 2
        right[:, columns] -= drawn[:, K:] / 2
        gain = np.exp(ARTICULATION_SD * np.clip(rng.standard_normal(count), -2, 2))[clips.owner]
        found = coefficients(left, right, rows, gain)
        return *_split(LIP_NAMES, found), by_bare_name(LIP_NAMES, found)

    def corrected(self, gentle: bool, sized: bool) -> float:
        """One round; how far correlations are off."""
        places, sides, bare = self.made()
        now, now_apart = figures(places, self.clips.owner), figures(sides, self.clips.owner)
        step, people = (0.4 if gentle else 0.7), self.people
        censored = np.array([name not in (*NORMAL, "gap") for name in PLACES])
        shown = np.where(censored, np.maximum(0.4, 1 - now["rest"]), 1.0)
        shift = step * (people["mean"] - now["mean"]) / shown
        ratio = people["within"] / np.maximum(now["within"], 1e-4)
        if self.style is None:
            shift[0] = 0.0  # the gap's curve holds its mean and its size
        else:
            self.line[0] *= ratio[0] ** step
        self.shift = self.shift + shift
        off = people["together"] - now["together"]
        # Places go with the gap as in people: what is heard of both is mixed, as the gap itself is hardly drawn.
        for i in range(1, K):
            self.line[i] += 0.6 * step * off[0, i] * self.spread[i] / self.spread[0] * self.line[0]
        if self.style is None:
            self._resized(step, ratio, off, now, now_apart)
            for name in SIZED if sized else ():
                seen = self.clips.bare[name].std() / max(bare[name].std(), 1e-4)
                self.sizes[name] = float(np.clip(self.sizes[name] * seen**0.5, 0.4, 1.6))
        return float(np.sqrt((off**2).mean()))

    def _resized(self, step: float, ratio: Array, off: Array, now: dict[str, Array], apart: dict[str, Array]) -> None:
        people = self.people
        self.within = np.clip(self.within * ratio ** (1.5 * step), 0.03 * self.spread, 1.3 * self.spread)
        self.within[0] = GAP_DRAWN * self.spread[0]
        between = people["between"] / np.maximum(now["between"], 1e-4)
        self.between = np.clip(self.between * between**step, 0.03 * self.spread, 1.2 * self.spread)
        self.between[0] = GAP_OFFSET * self.spread[0]
        self.r = np.clip(self.r + step * off, -0.98, 0.98)
        self.r[0, 1:] = self.r[1:, 0] = 0
        more = people["together_between"] - now["together_between"]
        self.r_between = np.clip(self.r_between + step * more, -0.98, 0.98)
        for r in (self.r, self.r_between):
            np.fill_diagonal(r, 1)
        quick = QUICK_SHARE * people["change"] / np.maximum(now["change"], 1e-4)
        self.quick = np.clip(self.quick * quick**step, 0.05, 0.9)
        self.side_within *= (self.apart["within"] / np.maximum(apart["within"], 1e-5)) ** step
        self.side_between *= (self.apart["between"] / np.maximum(apart["between"], 1e-5)) ** step


def _use(curves: dict[str, Any], sizes: Mapping[Any, float]) -> None:
    """Make `lips` take these in place of the package's."""
    lips.style_asset = lambda: {"curves": curves, "sizes": sizes}  # type: ignore[assignment]
    lips.shipped_curves.cache_clear()
    lips.shipped_sizes.cache_clear()


def _rounded(table: Any) -> list[Any]:
    return np.round(table, 5).tolist()


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, help="a face network; its manifest's calibration is replaced")
    parser.add_argument("-o", "--out", type=Path, help="sizes to write")
    parser.add_argument("--style", type=Path, help="sizes that are given")
    parser.add_argument("--origin", default="news", help="of the clips that count")
    parser.add_argument("--clips", type=int, default=400)
    asked = parser.parse_args()
    network = load_network(asked.weights)
    found = [
        c
        for c in load_clips(asked.data, "train")
        if c.origin == asked.origin and c.speech and c.motion.face is not None
    ]
    chosen = np.random.default_rng(0).permutation(len(found))[: asked.clips]
    clips = measured([found[i] for i in chosen], network)
    fitting = Fitting(clips, json.loads(asked.style.read_text()) if asked.style else None)
    for number in range(ROUNDS):
        off = fitting.corrected(gentle=number >= ROUNDS - GENTLE_ROUNDS, sized=number >= GENTLE_ROUNDS)
        print(f"round {number + 1}: correlations off by {off:.3f}")
    manifest = json.loads((asked.weights / "manifest.json").read_text())
    assert len(fitting.line[0]) == len(LIPS) + len(SHAPES)
    manifest["config"]["calibration"] = {"readout": _rounded(fitting.line), "shift": _rounded(fitting.shift)}
    (asked.weights / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    if asked.out:
        tables = {name: table.copy() for name, table in fitting.table().items()}
        for table in tables.values():
            table[K:] *= SIDE_SHARE
        tables = {name: _rounded(table) for name, table in tables.items()}
        asked.out.write_text(json.dumps({"curves": fitting.curves, "sizes": fitting.sizes, **tables}))


if __name__ == "__main__":
    main()
