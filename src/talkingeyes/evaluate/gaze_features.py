"""Windows of fixations and what an observer may notice in them: places, returns, dwells, sizes, directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.observation import density_mode_deg
from talkingeyes.evaluate.tracker import merged, part_of

Array = NDArray[Any]

NEAR_DEG = 1.0
EXCURSION_DEG = 3.0
AVERTED_DEG = 8.0
AROUND_DEG = 8.0
DISC_DEG = 1.5
CELL_DEG = 3.0
LAGS_S = (0.5, 1.0, 2.0, 4.0)
SAMPLES_HZ = 10.0
LEAST_SEEN = 0.3
"""A window that was seen for less of its time is not judged."""


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one kind.

    Attributes:
        names: of the F features.
        values: (N, F), NaN where a window has no such thing.
        groups: (N,) whom each window is of.
        pieces: the windows themselves, for plots.
    """

    names: tuple[str, ...]
    values: Array
    groups: NDArray[Any]
    pieces: tuple[Any, ...] = ()


def centred(pieces: Sequence[Fixations], partner_deg: tuple[float, float] = (0.0, 0.0)) -> list[Fixations]:
    """One person's pieces relative to the densest place within 8 deg of the partner (the same for people and takes)."""
    yaw = np.concatenate([p.yaw_deg for p in pieces]) - partner_deg[0]
    pitch = np.concatenate([p.pitch_deg for p in pieces]) - partner_deg[1]
    repeats = np.concatenate([np.maximum(1, np.round((p.end_s - p.start_s) / 0.02)).astype(int) for p in pieces])
    near = np.hypot(yaw, pitch) < AROUND_DEG
    mode = (0.0, 0.0)
    if repeats[near].sum() >= 50:
        mode = density_mode_deg(np.repeat(np.stack([yaw, pitch], 1)[near], repeats[near], axis=0))
    by = (partner_deg[0] + mode[0], partner_deg[1] + mode[1])
    return [replace(p, yaw_deg=p.yaw_deg - by[0], pitch_deg=p.pitch_deg - by[1]) for p in pieces]


def cut(pieces: Sequence[Fixations], window_s: float, step_s: float, merge_deg: float) -> list[Fixations]:
    """Windows of pieces, looks clipped at their ends, times from the window's start; too little seen is left out."""
    out = []
    for piece in pieces:
        whole = merged(piece, merge_deg)
        for begin in np.arange(piece.start_s[0], piece.end_s[-1] - window_s + 1e-9, step_s):
            window = _between(whole, float(begin), float(begin + window_s))
            raw = _between(piece, float(begin), float(begin + window_s))
            if (raw.end_s - raw.start_s).sum() >= LEAST_SEEN * window_s and len(window.start_s):
                out.append(window)
    return out


def _between(piece: Fixations, begin: float, end: float) -> Fixations:
    inside = part_of(piece, (piece.end_s > begin) & (piece.start_s < end))
    start, stop = np.maximum(inside.start_s, begin) - begin, np.minimum(inside.end_s, end) - begin
    return replace(inside, start_s=start, end_s=stop)


@dataclass(frozen=True, eq=False)
class Look:
    """One window prepared: places (N, 2), dwell (N,), shifts (N - 1, 2) and their sizes, distances of all to all."""

    window: Fixations
    place: Array
    dwell_s: Array
    way: Array
    size: Array
    apart: Array
    off: Array
    weight: Array

    @classmethod
    def at(cls, window: Fixations) -> Look:
        """Prepare a window."""
        place = np.stack([window.yaw_deg, window.pitch_deg], 1)
        dwell = np.maximum(window.end_s - window.start_s, 1e-3)
        way = np.diff(place, axis=0)
        apart = np.hypot(*np.moveaxis(place[:, None] - place[None], -1, 0))
        return cls(window, place, dwell, way, np.hypot(*way.T), apart, np.hypot(*place.T), dwell / dwell.sum())


def returns(look: Look, excursion_deg: float) -> tuple[float, float]:
    """(back within 1 deg after one excursion, excursions)."""
    out = np.flatnonzero(look.size[:-1] >= excursion_deg)
    return float(np.sum(look.apart[out, out + 2] < NEAR_DEG)), float(out.size)


def revisits(look: Look, back: int = 5) -> tuple[float, float]:
    """(looks within 1 deg of one of the ``back`` before them, looks that have so many before)."""
    hits = [look.apart[i, i - back : i].min() < NEAR_DEG for i in range(back, len(look.dwell_s))]
    return float(np.sum(hits)), float(len(hits))


def densest_share(look: Look, radius_deg: float) -> float:
    """Share of seen time within a distance of the place that has most."""
    return float(np.max((look.apart < radius_deg) @ look.weight))


def discs(look: Look, share: float = 0.8) -> float:
    """Discs of 1.5 deg, the fullest first, that hold a share of the time."""
    weight, count = look.weight.copy(), 0
    while weight.sum() > 1 - share and count < len(weight):
        weight = np.where(look.apart[np.argmax((look.apart < DISC_DEG) @ weight)] < DISC_DEG, 0.0, weight)
        count += 1
    return float(count)


def _entropy(share: Array) -> float:
    p = share[share > 0] / share.sum()
    return float(-np.sum(p * np.log2(p)))


def _cells(look: Look) -> Array:
    cell = np.floor(look.place / CELL_DEG + 0.5).astype(int)
    return np.unique(cell, axis=0, return_inverse=True)[1].reshape(-1)


def _quantiles(name: str, values: Array, at: Sequence[int] = (10, 25, 50, 75, 90)) -> dict[str, float]:
    found = np.percentile(values, at) if values.size else np.full(len(at), np.nan)
    return {f"{name}, {q}th percentile": float(v) for q, v in zip(at, found, strict=True)}


def _mean(values: Array) -> float:
    return float(np.mean(values)) if values.size else float("nan")


def _ratio(pair: tuple[float, float]) -> float:
    return pair[0] / pair[1] if pair[1] else float("nan")


def place_features(look: Look) -> dict[str, float]:
    """Where the gaze is and whether it comes back."""
    off, weight = look.off, look.weight
    cells = _cells(look)
    time_in = np.bincount(cells, weights=weight)
    pairs = cells[:-1] * 1000 + cells[1:]
    mean = weight @ look.place
    spread = np.sqrt(weight @ (look.place - mean) ** 2)
    counted = np.bincount(np.unique(pairs, return_inverse=True)[1]).astype(float) if pairs.size else np.ones(1)
    return {
        "share of time within 1 deg of the densest spot": densest_share(look, 1.0),
        "share of time within 2 deg of the densest spot": densest_share(look, 2.0),
        "discs of 1.5 deg for 80 % of the time": discs(look),
        "back after one excursion of 3 deg": _ratio(returns(look, EXCURSION_DEG)),
        "back after one excursion of 1 deg": _ratio(returns(look, NEAR_DEG)),
        "near one of the five before": _ratio(revisits(look)),
        "near any earlier look": _mean(np.array([look.apart[i, :i].min() < 1 for i in range(1, len(off))])),
        "distance to the nearest earlier look": _mean(np.array([look.apart[i, :i].min() for i in range(1, len(off))])),
        "share of time averted": float(weight @ (off > AVERTED_DEG)),
        "share of time 3-8 deg off": float(weight @ ((off > 3) & (off <= AVERTED_DEG))),
        "share of time within 1 deg of the partner": float(weight @ (off < 1)),
        "share of time within 3 deg of the partner": float(weight @ (off < 3)),
        "share of looks averted": _mean((off > AVERTED_DEG).astype(float)),
        "entropy of places": _entropy(time_in),
        "entropy of the scan path": _entropy(counted),
        "cells visited": float(len(time_in)),
        "yaw, SD": float(spread[0]), "pitch, SD": float(spread[1]),
        "yaw, mean": float(mean[0]), "pitch, mean": float(mean[1]),
        "yaw, range": float(np.ptp(look.place[:, 0])), "pitch, range": float(np.ptp(look.place[:, 1])),
        **_quantiles("distance from the partner", off, (25, 50, 75, 90)),
    }  # fmt: skip


def shift_features(look: Look) -> dict[str, float]:
    """How far, how often, which way."""
    size, way = look.size, look.way
    span = float(look.window.end_s[-1] - look.window.start_s[0])
    turn = np.sum(way[1:] * way[:-1], 1) / np.maximum(size[1:] * size[:-1], 1e-6) if len(size) > 1 else np.zeros(0)
    straight = np.arctan2(way[:, 1], way[:, 0]) if len(size) else np.zeros(0)
    side = np.abs(np.cos(straight))
    return {
        "looks": float(len(look.dwell_s)),
        "shifts per second": len(size) / max(span, 0.1),
        **_quantiles("size of shifts", size),
        "share of shifts below 1 deg": _mean((size < 1).astype(float)),
        "share of shifts below 3 deg": _mean((size < 3).astype(float)),
        "share of shifts above 15 deg": _mean((size > 15).astype(float)),
        "share of sideways shifts": _mean((side > np.cos(np.pi / 8)).astype(float)),
        "share of upright shifts": _mean((side < np.sin(np.pi / 8)).astype(float)),
        "share of shifts to the left": _mean((way[:, 0] > 0).astype(float)) if len(size) else float("nan"),
        "share of shifts up": _mean((way[:, 1] > 0).astype(float)) if len(size) else float("nan"),
        "cosine of the turn between shifts": _mean(turn),
        "share of reversals": _mean((turn < -0.8).astype(float)),
        "likeness of sizes, neighbours": _correlation(np.log(size + 0.1)[:-1], np.log(size + 0.1)[1:]),
        "path length per second": float(size.sum()) / max(span, 0.1),
    }


def dwell_features(look: Look) -> dict[str, float]:
    """How long looks last, on the partner and away."""
    dwell, off = look.dwell_s, look.off
    inner = dwell[1:-1]
    return {
        **_quantiles("dwell", inner),
        "longest look": float(dwell.max()),
        "dwell, coefficient of variation": float(inner.std() / inner.mean()) if inner.size > 1 else float("nan"),
        "dwell near the partner": _mean(inner[off[1:-1] < 3]),
        "dwell averted": _mean(inner[off[1:-1] > AVERTED_DEG]),
        "likeness of dwells, neighbours": _correlation(np.log(dwell)[:-1], np.log(dwell)[1:]),
        "dwell and size of the shift to it": _correlation(np.log(dwell)[1:], np.log(look.size + 0.1)),
        "dwell and distance from the partner": _correlation(np.log(dwell), np.log(off + 0.5)),
    }


def course_features(look: Look, window_s: float) -> dict[str, float]:
    """Likeness of the gaze to itself a while before."""
    times = np.arange(0, window_s, 1 / SAMPLES_HZ)
    index = np.clip(np.searchsorted(look.window.start_s, times, side="right") - 1, 0, len(look.place) - 1)
    track = look.place[index] - look.place[index].mean(0)
    power = float(np.sum(track**2))
    out = {}
    for lag_s in LAGS_S:
        lag = round(lag_s * SAMPLES_HZ)
        same = float(np.sum(track[lag:] * track[:-lag])) / power if power > 1e-6 else float("nan")
        out[f"likeness to {lag_s:g} s before"] = same
    out["yaw and pitch together"] = _correlation(track[:, 0], track[:, 1])
    return out


def _correlation(a: Array, b: Array) -> float:
    if len(a) < 4 or a.std() < 1e-9 or b.std() < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def features(window: Fixations, window_s: float) -> dict[str, float]:
    """Everything that is noticed in one window."""
    look = Look.at(window)
    return {**place_features(look), **shift_features(look), **dwell_features(look), **course_features(look, window_s)}


def gaze_windows(
    groups: dict[str, list[Fixations]],
    window_s: float,
    *,
    merge_deg: float = NEAR_DEG,
    most: int = 40,
    rng: np.random.Generator,
    change: Callable[[Fixations], Fixations] | None = None,
) -> Windows:
    """Windows of every group, at most ``most`` of each, drawn at random.

    Args:
        groups: centred pieces by person or take.
        window_s: their length; they overlap by half.
        merge_deg: shifts below it are not shifts (0: all are).
        most: windows of a group.
        rng: draws which.
        change: applied to each window, for controls.
    """
    rows, names, kept, owner = [], (), [], []
    for who, pieces in groups.items():
        windows = cut(pieces, window_s, window_s / 2, merge_deg)
        for i in np.sort(rng.permutation(len(windows))[:most]):
            window = change(windows[i]) if change else windows[i]
            found = features(window, window_s)
            names = tuple(found)
            rows.append(list(found.values()))
            kept.append(window)
            owner.append(who)
    return Windows(names, np.array(rows, float).reshape(len(rows), len(names)), np.array(owner), tuple(kept))
