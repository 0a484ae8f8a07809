"""Fit the statistics of conversational gaze from eye-tracked fixations and write them as a small JSON.

    python scripts/fit_gaze_statistics.py ../shared/data/gaze_conversation/fixations.csv.gz

Per state (speaking, listening): how long people stay on and off the partner (log-normal, bouts cut by lost tracking or
by the end of a recording censored), where they look (cells of gaze relative to the partner), how they move between
the cells, and how long each fixation lasts. Per person: how much they differ in their share of averted gaze.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import itertools
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

AVERTED_DEG = 8.0
"""Further than this from the partner counts as averted (yardstick test 8)."""
RETURN_DEG = 6.0
"""An averted bout ends nearer than this: a fixation that trembles about the border is no new bout."""
SHORTEST_BOUT_S = 0.3
"""A shorter crossing of the border belongs to the bout around it."""
MERGE_DEG = 1.2
"""Neighbouring fixations closer than this are one: the tracker's noise (about 1 deg) splits them."""
BRIDGE_S = 1.0
"""Lost tracking shorter than this (a blink, a hand) does not cut a bout."""
SACCADE_GAP_S = 0.1
"""A longer gap between fixations is lost tracking, not a saccade."""
MAX_ECCENTRICITY_DEG = 38.0
STATES = {"SPEAK": "speaking", "LISTEN": "listening"}
CELLS = {"on": 10, "averted": 36}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fixations:
    """Fixations of one person in one state in time order; ``segment`` changes where tracking was lost for long.

    ``averted`` tells to which kind of bout each belongs: hysteresis about the border, short crossings not counted.
    """

    start_s: Floats
    end_s: Floats
    offset_deg: Floats  # (N, 2) yaw, pitch from the partner
    segment: NDArray[np.int64]
    averted: NDArray[np.bool_]


def averted_bouts(start_s: Floats, end_s: Floats, offset_deg: Floats, segment: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which fixations belong to averted bouts."""
    eccentricity = np.hypot(*offset_deg.T)
    averted = np.empty(len(start_s), bool)
    state = bool(eccentricity[0] > AVERTED_DEG)
    for i, degrees in enumerate(eccentricity):
        state = bool(degrees > (RETURN_DEG if state else AVERTED_DEG))
        averted[i] = state
    borders = np.flatnonzero((averted[1:] != averted[:-1]) | (segment[1:] != segment[:-1])) + 1
    for first, last in itertools.pairwise(borders):
        same_segment = segment[first - 1] == segment[first] == segment[last]
        if same_segment and end_s[last - 1] - start_s[first] < SHORTEST_BOUT_S:
            averted[first:last] = averted[first - 1]
    return averted


def partner_deg(yaw: Floats, pitch: Floats, duration: Floats) -> Floats:
    """Mode of the smoothed, duration-weighted density (docs/conventions.md, Partner)."""
    edges = np.arange(-45.0, 46.0)
    density = np.histogramdd(np.stack([yaw, pitch], axis=1), bins=[edges, edges], weights=duration)[0]
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / 2.0) ** 2)
    for axis in (0, 1):
        density = np.apply_along_axis(np.convolve, axis, density, kernel, "same")
    i, j = np.unravel_index(density.argmax(), density.shape)
    return np.array([edges[i] + 0.5, edges[j] + 0.5])


def read(path: Path, without: Collection[int] = ()) -> dict[str, list[Fixations]]:
    """Everybody's fixations (but for some people's) by state, relative to each person's partner, merged."""
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file))
    people: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        if int(row["participant"]) not in without:
            people.setdefault(int(row["participant"]), []).append(row)
    out: dict[str, list[Fixations]] = {state: [] for state in STATES.values()}
    for person in people.values():
        table = np.array([[float(r[k]) for k in ("start_s", "duration_s", "yaw_deg", "pitch_deg")] for r in person])
        centre = partner_deg(table[:, 2], table[:, 3], table[:, 1])
        for raw, state in STATES.items():
            rows_of_state = np.array([r["state"] == raw for r in person])
            out[state].append(merged(table[rows_of_state], centre))
    return out


def merged(table: Floats, centre: Floats) -> Fixations:
    """Join fixations that the tracker's noise split, and number the segments between losses of tracking."""
    start, end, offset, segment = [], [], [], []
    for start_s, duration_s, yaw, pitch in table:
        here = np.array([yaw, pitch]) - centre
        gap = start_s - end[-1] if end else np.inf
        new_segment = not -0.05 <= gap <= BRIDGE_S
        if not new_segment and gap < 0.15 and np.hypot(*(here - offset[-1])) < MERGE_DEG:
            old = end[-1] - start[-1]
            offset[-1] = (offset[-1] * old + here * duration_s) / (old + duration_s)
            end[-1] = start_s + duration_s
            continue
        segment.append((segment[-1] if segment else 0) + int(new_segment))
        start.append(start_s)
        end.append(start_s + duration_s)
        offset.append(here)
    arrays = np.array(start), np.array(end), np.array(offset), np.array(segment)
    return Fixations(*arrays, averted_bouts(*arrays))


def bouts(fixations: Fixations) -> list[tuple[bool, float, bool]]:
    """(averted, seconds, censored) of every bout whose start was seen."""
    out = []
    first = 0
    count = len(fixations.start_s)
    averted = fixations.averted
    for i in range(1, count + 1):
        cut = i == count or fixations.segment[i] != fixations.segment[first]
        if not cut and averted[i] == averted[first]:
            continue
        start_seen = first > 0 and fixations.segment[first - 1] == fixations.segment[first]
        if start_seen:
            last = fixations.end_s[i - 1] if cut else fixations.start_s[i]
            out.append((bool(averted[first]), float(last - fixations.start_s[first]), bool(cut)))
        first = i
    return out


def fit_lognormal(seconds: Floats, censored: NDArray[np.bool_]) -> dict[str, float]:
    """Maximum likelihood with right censoring."""
    log_s = np.log(np.maximum(seconds, 0.05))

    def negative_log_likelihood(theta: Floats) -> float:
        z = (log_s - theta[0]) / np.exp(theta[1])
        seen = norm.logpdf(z) - theta[1]
        return -float(np.where(censored, norm.logsf(z), seen).sum())

    mu, log_sigma = minimize(negative_log_likelihood, [log_s.mean(), 0.0], method="Nelder-Mead").x
    return {"mu": round(float(mu), 4), "sigma": round(float(np.exp(log_sigma)), 4), "count": len(seconds)}


def k_means(points: Floats, weights: Floats, k: int) -> Floats:
    """Weighted Lloyd iterations from a farthest-point start; deterministic."""
    centres = [points[np.argmax(weights)]]
    while len(centres) < k:
        distance = np.min([np.sum((points - c) ** 2, axis=1) for c in centres], axis=0)
        centres.append(points[np.argmax(distance * weights)])
    centre = np.array(centres)
    for _ in range(60):
        label = np.argmin(((points[:, None] - centre) ** 2).sum(-1), axis=1)
        for j in range(k):
            if (label == j).any():
                centre[j] = np.average(points[label == j], axis=0, weights=weights[label == j])
    return centre[np.lexsort(centre.T)]


def cell_table(people: list[Fixations], kind: str) -> dict[str, object]:
    """Cells of where people look in one kind of bout, and how they move into, between and dwell in them."""
    want = kind == "averted"
    chosen = [f.averted == want for f in people]
    points = np.concatenate([f.offset_deg[m] for f, m in zip(people, chosen, strict=True)])
    seconds = np.concatenate([(f.end_s - f.start_s)[m] for f, m in zip(people, chosen, strict=True)])
    inside = np.hypot(*points.T) <= MAX_ECCENTRICITY_DEG
    centre = k_means(points[inside], np.minimum(seconds[inside], 2.0), CELLS[kind])
    label = np.argmin(((points[:, None] - centre) ** 2).sum(-1), axis=1)
    spread = [
        points[inside & (label == j)].std(axis=0) if (inside & (label == j)).sum() > 2 else np.ones(2)
        for j in range(len(centre))
    ]
    entry, move = np.zeros(len(centre)), np.zeros((len(centre), len(centre)))
    for person in people:
        count_moves(person, want, centre, entry, move)
    share = np.bincount(label, minlength=len(centre)) / len(label)
    move = move + 0.3 * share  # a little of the overall habit where few moves were seen
    cut = np.concatenate([cut_by_loss(f)[m] for f, m in zip(people, chosen, strict=True)])
    fixed = fit_lognormal(seconds, cut)
    return {
        "centre_deg": np.round(centre, 2).tolist(),
        "spread_deg": np.round(np.clip(spread, 0.2, 4.0), 2).tolist(),
        "entry": np.round((entry + share) / (entry + share).sum(), 4).tolist(),
        "move": np.round(move / move.sum(axis=1, keepdims=True), 4).tolist(),
        "stay_correlation": stay_correlation(people, want, centre, np.clip(spread, 0.2, 4.0)),
        "fixation_s": fixed,
    }


def cut_by_loss(person: Fixations) -> NDArray[np.bool_]:
    """Fixations whose end was not seen: tracking was lost before the next one, so they lasted at least as long."""
    gap = np.append(person.start_s[1:] - person.end_s[:-1], np.inf)
    return (gap > SACCADE_GAP_S) | (gap < -0.05)


def stay_correlation(people: list[Fixations], want: bool, centre: Floats, spread: Floats) -> float:
    """Correlation of the places of neighbouring fixations inside one cell: the next one is near the last."""
    pairs = []
    for person in people:
        label = np.argmin(((person.offset_deg[:, None] - centre) ** 2).sum(-1), axis=1)
        place = (person.offset_deg - centre[label]) / spread[label]
        same = (label[1:] == label[:-1]) & (person.segment[1:] == person.segment[:-1]) & (person.averted[1:] == want)
        near = same & (np.abs(place[1:]) < 3).all(axis=1) & (np.abs(place[:-1]) < 3).all(axis=1)
        pairs.append(np.stack([place[:-1][near].ravel(), place[1:][near].ravel()]))
    return round(float(np.corrcoef(np.concatenate(pairs, axis=1))[0, 1]), 3)


def count_moves(person: Fixations, want: bool, centre: Floats, entry: Floats, move: Floats) -> None:
    """Add one person's entries into and moves between cells to the counts."""
    label = np.argmin(((person.offset_deg[:, None] - centre) ** 2).sum(-1), axis=1)
    averted = person.averted
    for i in range(1, len(label)):
        if person.segment[i] != person.segment[i - 1] or averted[i] != want:
            continue
        if averted[i - 1] == want:
            move[label[i - 1], label[i]] += 1
        else:
            entry[label[i]] += 1


def between_people_sd(people: list[Fixations]) -> float:
    """SD over people of the log odds of averted gaze: how different two characters may be."""
    odds = []
    for f in people:
        seconds, averted = f.end_s - f.start_s, f.averted
        share = np.clip(seconds[averted].sum() / seconds.sum(), 0.02, 0.98)
        odds.append(np.log(share / (1 - share)))
    return round(float(np.std(odds)), 3)


def fit_state(people: list[Fixations]) -> dict[str, object]:
    """Everything of one state."""
    all_bouts = [b for person in people for b in bouts(person)]
    result: dict[str, object] = {}
    for kind in CELLS:
        chosen = [b for b in all_bouts if b[0] == (kind == "averted")]
        table = cell_table(people, kind)
        table["bout_s"] = fit_lognormal(np.array([b[1] for b in chosen]), np.array([b[2] for b in chosen]))
        result[kind] = table
    seconds = np.concatenate([f.end_s - f.start_s for f in people])
    averted = np.concatenate([f.averted for f in people])
    result["averted_share"] = round(float(seconds[averted].sum() / seconds.sum()), 4)
    result["between_people_log_odds_sd"] = between_people_sd(people)
    return result


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fixations", type=Path)
    parser.add_argument("-o", type=Path, default=Path("src/talkingeyes/assets/gaze_statistics.json"))
    parser.add_argument("--without", type=int, nargs="*", default=(), help="people kept aside (benchmarks/folds.py)")
    args = parser.parse_args()
    people = read(args.fixations, args.without)
    document = {
        "format_version": 1,
        "provenance": {
            "data": "Dembinsky et al., Eye Movement in a Controlled Dialogue Setting, ETRA 2024; Apache-2.0",
            "what": f"{15 - len(args.without)} people in video calls, Tobii 90 Hz, fixations by state; "
            "angles from each person's partner",
            "sha256": hashlib.sha256(args.fixations.read_bytes()).hexdigest(),
            "script": "scripts/fit_gaze_statistics.py",
        },
        "averted_deg": AVERTED_DEG,
        **{state: fit_state(people[state]) for state in STATES.values()},
    }
    args.o.write_text(json.dumps(document, indent=1) + "\n")
    for state in STATES.values():
        print(state, {k: document[state][k] for k in ("averted_share", "between_people_log_odds_sd")})
        for kind in CELLS:
            print(" ", kind, document[state][kind]["bout_s"], document[state][kind]["fixation_s"])


if __name__ == "__main__":
    main()
