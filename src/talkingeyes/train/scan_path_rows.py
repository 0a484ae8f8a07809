"""Eye-tracked clips as looks with their scenes: what the scan-path network learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, LOOK, PLACE, STATES, signs_of
from talkingeyes.generate.scanpath.rows import AVERTED_DEG, look_row
from talkingeyes.generate.scanpath.scene import Places, Scene, places_of
from talkingeyes.train.data import Clip
from talkingeyes.train.sequences import READ_TO_CAMERA, video_shifts

Array = NDArray[Any]

PLATEAU_DEG = 0.02
"""A rendered fixation moves less than this between frames."""
BLINK_S, BLINK_DEG = (0.08, 0.6), 0.8
"""Lost tracking of such a length with the gaze at the same place on both sides is a blink inside one look."""
LONGEST_GAP_S = 1.0
"""The landing after a longer gap teaches nothing: looks may be missing."""
SURE_S = 5.0
"""A look before a shorter gap ended at the gap: sight is lost by the shift itself most of the time."""
UNKNOWN_GAP_S = 9.0
FILM_SACCADE_S = 0.04
"""What a gaze shift takes from the looks of a film, about one frame."""


@dataclass(frozen=True, eq=False)
class Looks:
    """One person's looks in one state, in time order; all (N,) or (N, 2)."""

    person: str
    state: int
    start_s: Array
    dwell_s: Array
    look_deg: Array


def looks_of(clips: Sequence[Clip]) -> list[Looks]:
    """Looks of the eye-tracked clips, or where there are none of fitted videos of people who look where they like.

    One entry per person and state, its stretches joined in time order; videos of a person follow one another after
    gaps that teach nothing.
    """
    tracked = [c for c in clips if c.motion.gaze_rad is not None]
    films = [c for c in clips if c.motion.eyes_rad is not None and c.origin not in READ_TO_CAMERA]
    own: dict[tuple[str, str], list[Clip]] = {}
    for clip in tracked or films:
        own.setdefault((clip.group, clip.role), []).append(clip)
    found = []
    for (person, role), parts in sorted(own.items()):
        pieces = [_looks(c) for c in sorted(parts, key=lambda c: c.start_s)] if tracked else _film_looks(parts)
        start, dwell, place = (np.concatenate([p[i] for p in pieces]) for i in range(3))
        if len(start) > 1:
            found.append(Looks(person, STATES.index(role), *without_blinks(start, dwell, place)))
    return found


def _looks(clip: Clip) -> tuple[Array, Array, Array]:
    """Start, dwell and place of the plateaus of a rendered eye-tracker clip."""
    motion, partner = clip.motion, clip.motion.meta["partner"]
    assert motion.gaze_rad is not None and motion.filled is not None
    gaze = np.degrees(motion.gaze_rad.astype(float)) - [partner["yaw_deg"], partner["pitch_deg"]]
    moves = np.append(np.hypot(*np.diff(gaze, axis=0).T) > PLATEAU_DEG, False)
    still = ~(moves | np.concatenate([[False], moves[:-1]])) & ~motion.filled[:, 0]
    # A plateau's first and last frames touch a moving step: they are still as well, if the gaze is already there.
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]]))).reshape(-1, 2)
    start = clip.start_s + np.maximum(edges[:, 0] - 1, 0) / motion.fps
    end = clip.start_s + np.minimum(edges[:, 1], len(gaze) - 1) / motion.fps
    return start, end - start, gaze[edges[:, 0]] if len(edges) else np.zeros((0, 2))


def _film_looks(parts: Sequence[Clip]) -> list[tuple[Array, Array, Array]]:
    """Looks between the gaze shifts of fitted videos, one video after the other."""
    pieces, at_s = [], 0.0
    for clip in parts:
        shifts = video_shifts(clip.key, clip.motion, clip.speech)
        edges = np.concatenate([[0.0], shifts.onset_s, [clip.motion.duration_s]])
        keep = np.diff(edges) > FILM_SACCADE_S
        start = at_s + edges[:-1][keep]
        pieces.append((start, np.diff(edges)[keep] - FILM_SACCADE_S, shifts.place_deg[keep]))
        at_s += clip.motion.duration_s + UNKNOWN_GAP_S
    return pieces


def without_blinks(start_s: Array, dwell_s: Array, look_deg: Array) -> tuple[Array, Array, Array]:
    """The same with looks that a blink interrupted as one."""
    start, end, place = [start_s[0]], [start_s[0] + dwell_s[0]], [look_deg[0]]
    for a, d, x in zip(start_s[1:], dwell_s[1:], look_deg[1:], strict=True):
        if BLINK_S[0] < a - end[-1] < BLINK_S[1] and np.hypot(*(x - place[-1])) < BLINK_DEG:
            end[-1] = a + d
            continue
        start.append(a)
        end.append(a + d)
        place.append(x)
    first = np.array(start)
    return first, np.array(end) - first, np.array(place)


@dataclass(frozen=True, eq=False)
class LookRows:
    """Looks of one person in one state as rows of the network; N rows.

    Attributes:
        character: index of the person.
        state: index into `STATES`.
        places: of the person in this state.
        arrays: by name, see `FIELDS`.
    """

    character: int
    state: int
    places: Places
    arrays: dict[str, Array]

    def __len__(self) -> int:
        return len(self.arrays["dwell_s"])

    def part(self, first: int, last: int) -> LookRows:
        """Some of the rows."""
        return LookRows(self.character, self.state, self.places, {k: v[first:last] for k, v in self.arrays.items()})


FIELDS = {
    "look": "what is known as the look begins (LOOK)",
    "gaze_deg": "where it is",
    "place": "conditions of the places as it ends (P, PLACE)",
    "place_deg": "where they are (P, 2)",
    "known": "which there are (P,)",
    "dwell_s": "how long it lasted",
    "bin": "bin of that",
    "ended": "whether its end was seen",
    "dwell_weight": "whether its beginning was",
    "next_deg": "where the next one landed",
    "next_weight": "whether that was seen",
}


def rows_of(looks: Looks, character: int) -> LookRows:
    """A person's looks run through the scene that they themselves make."""
    places = places_of(looks.look_deg, looks.dwell_s).kept()
    start, dwell, gaze = looks.start_s, looks.dwell_s, looks.look_deg
    gap = np.append(np.maximum(start[1:] - (start + dwell)[:-1], 0.0), UNKNOWN_GAP_S)
    before = np.append(UNKNOWN_GAP_S, gap[:-1])
    scene, table = Scene.of(places, float(start[0])), {name: [] for name in ("look", "place", "place_deg", "known")}
    averted, turned = False, float(start[0])
    for i, (now, stay) in enumerate(zip(start, dwell, strict=True)):
        is_averted = bool(np.hypot(*gaze[i]) > AVERTED_DEG)
        if is_averted != averted:
            averted, turned = is_averted, float(now)
        scene.land(gaze[i], float(now))
        last = max(i - 1, 0)
        stayed = float(dwell[i - 1]) if i else 0.3
        lost = min(float(before[i]), UNKNOWN_GAP_S)
        table["look"].append(look_row(scene, gaze[i], gaze[last], stayed, lost, now - turned, float(now)))
        scene.dwell(float(stay), float(now))
        table["place"].append(scene.conditions(gaze[i], float(now + stay)))
        table["place_deg"].append(scene.place_deg.copy())
        table["known"].append(scene.known)
    arrays = {name: np.array(values) for name, values in table.items()}
    bins = np.clip(np.searchsorted(DWELL_EDGES_S, dwell, side="right") - 1, 0, len(DWELL_EDGES_S) - 1)
    arrays |= {
        "gaze_deg": gaze, "dwell_s": dwell, "bin": bins, "ended": gap < SURE_S, "dwell_weight": before < LONGEST_GAP_S,
        "next_deg": np.concatenate([gaze[1:], gaze[-1:]]), "next_weight": np.append(gap[:-1] < LONGEST_GAP_S, False),
    }  # fmt: skip
    return LookRows(character, looks.state, places, arrays)


_MIRRORED = {
    "look": signs_of(LOOK), "place": signs_of(PLACE), "gaze_deg": np.array([-1, 1]), "place_deg": np.array([-1, 1]),
    "next_deg": np.array([-1, 1]),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class LookPool:
    """Rows to draw stretches from; ``people`` is how many characters there are before the mirrored ones."""

    rows: tuple[LookRows, ...]
    weight: Array
    people: int

    @staticmethod
    def of(rows: Sequence[LookRows], people: int, evenness: float = 0.7) -> LookPool:
        """Longer ones more often, by a power of the length: who was seen for long does not drown the others."""
        weight = np.array([len(r) for r in rows], float) ** evenness
        return LookPool(tuple(rows), weight / weight.sum(), people)

    def batch(self, rng: np.random.Generator, size: int, count: int) -> dict[str, Tensor]:
        """Stretches of ``count`` looks (shorter ones padded, not ``there``), half of them mirrored."""
        drawn = [self._stretch(rng, count) for _ in range(size)]
        return {k: torch.from_numpy(np.stack([d[k] for d in drawn])) for k in drawn[0]}

    def _stretch(self, rng: np.random.Generator, count: int) -> dict[str, Array]:
        rows = self.rows[int(rng.choice(len(self.rows), p=self.weight))]
        first = int(rng.integers(0, max(1, len(rows) - count + 1)))
        mirrored = bool(rng.random() < 0.5)
        taken = min(count, len(rows) - first)
        out = {}
        for name, values in rows.arrays.items():
            part = values[first : first + count]
            if mirrored and name in _MIRRORED:
                part = part * _MIRRORED[name]
            kind = {"bin": np.int64, "known": bool}.get(name, np.float32)
            out[name] = _padded(part.astype(kind), count)
        character = rows.character + self.people * mirrored
        out |= {name: np.full(count, value, np.int64) for name, value in
                (("character", character), ("state", rows.state))}  # fmt: skip
        return {**out, "there": np.arange(count) < taken}


def _padded(values: Array, count: int) -> Array:
    short = count - len(values)
    return values if short <= 0 else np.concatenate([values, np.zeros((short, *values.shape[1:]), values.dtype)])


def split_in_time(rows: Sequence[LookRows], share: float) -> tuple[list[LookRows], list[LookRows]]:
    """The first part of each person's looks, and the rest."""
    cuts = [round(len(r) * (1 - share)) for r in rows]
    pairs = [(r.part(0, c), r.part(c, len(r))) for r, c in zip(rows, cuts, strict=True)]
    return [a for a, _ in pairs if len(a) > 1], [b for _, b in pairs if len(b) > 1]


def codebook_of(rows: Sequence[LookRows], codes: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Vector quantisation of where looks land, left and right alike: (codes, 2) and their spreads (codes,), deg."""
    from scipy.cluster.vq import kmeans2

    parts = [r.arrays["gaze_deg"] for r in rows]
    points = np.concatenate([p[::2] for p in parts] + [p[1::2] * (-1, 1) for p in parts])
    codes = min(codes, len(points))
    centre, index = kmeans2(points, codes, iter=40, minit="++", rng=rng)
    spread = np.full(codes, 2.0)
    for code in range(codes):
        own = points[index == code]
        if len(own) > 3:
            spread[code] = max(0.4, 0.8 * float(np.sqrt(((own - centre[code]) ** 2).sum(axis=1).mean() / 2)))
    return centre, spread
