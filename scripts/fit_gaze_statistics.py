"""Count the statistics of conversational gaze on eye-tracked people and write them as a small JSON.

    python scripts/fit_gaze_statistics.py ../shared/data/gaze_conversation/fixations.csv.gz [--without 2,5,8]

Per state (speaking, listening) and for looks on the partner and averted ones: the hazard of a look's end by how long it
has lasted, and where the next one goes (`scanpath.tables.KINDS`). Where looks land when they go somewhere
new, as a codebook. Per person and state: usual places, how often the gaze shifts beside others, and how much it is
averted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from talkingeyes.evaluate.eye_tracker import Fixations, partner_of, read_fixations
from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, STATES
from talkingeyes.generate.scanpath.rows import AVERTED_DEG
from talkingeyes.generate.scanpath.scene import Scene
from talkingeyes.generate.scanpath.tables import KINDS
from talkingeyes.train.scan_path_rows import LONGEST_GAP_S, LookRows, Looks, codebook_of, rows_of, without_blinks

CODES = 64
NEAR_DEG = 3.0
"""A landing nearer than this to the last look, at no known place, is a small shift and not somewhere new."""
PRIOR_LOOKS = 100.0
"""Somebody with so many looks counts half in his own rate, the average the other half."""
CONTACT_PER_LOG_ODDS = 0.12
"""Bias of the hazards per log odds of being averted (a unit moves the log odds by about 4, both ways; halved)."""


def looks_from(pieces: Sequence[Fixations], without: Collection[str]) -> list[Looks]:
    """One entry per person and state, blinks bridged."""
    partner, found = partner_of(list(pieces)), []
    for who in sorted({p.participant for p in pieces} - set(without), key=int):
        for index, name in enumerate(("LISTEN", "SPEAK")):
            own = sorted((p for p in pieces if p.participant == who and p.state == name), key=lambda p: p.start_s[0])
            if not own:
                continue
            place = np.concatenate([np.stack([p.yaw_deg, p.pitch_deg], 1) for p in own]) - partner[who]
            start = np.concatenate([p.start_s for p in own])
            dwell = np.concatenate([p.end_s - p.start_s for p in own])
            found.append(Looks(who, index, *without_blinks(start, dwell, place)))
    return found


def kinds_of(rows: LookRows) -> np.ndarray:
    """Index into `KINDS` of where each look goes next."""
    a = rows.arrays
    out = []
    for gaze, target, place, known, told in zip(
        a["gaze_deg"], a["next_deg"], a["place_deg"], a["known"], a["place"], strict=True
    ):
        scene = Scene(place_deg=place, spent_s=known.astype(float))
        index = scene.nearest(target)
        here, before = int(told[:, 8].argmax()), int(told[:, 9].argmax())
        if index is None:
            out.append("near" if np.hypot(*(target - gaze)) < NEAR_DEG else "new")
        else:
            out.append("here" if index == here else "before" if index == before else "place")
    return np.array([KINDS.index(k) for k in out])


def hazard_of(rows: Sequence[LookRows], masks: Sequence[np.ndarray]) -> list[float]:
    """Cumulative hazard gained in each bin of dwell: -log of the share of looks that survive it (life table)."""
    bins = len(DWELL_EDGES_S)
    ended, at_risk = np.zeros(bins), np.zeros(bins)
    for r, mask in zip(rows, masks, strict=True):
        use = mask & r.arrays["dwell_weight"].astype(bool)
        for k, end in zip(r.arrays["bin"][use], r.arrays["ended"][use], strict=True):
            at_risk[: k + 1] += 1
            ended[k] += end
    share = np.clip(ended / np.maximum(at_risk, 1), 0.0, 0.98)
    share[at_risk < 5] = 0.5
    return np.round(-np.log1p(-share), 4).tolist()


def state_tables(rows: Sequence[LookRows], codes: np.ndarray) -> dict[str, Any]:
    """Tables of one state."""
    averted = [np.hypot(*r.arrays["gaze_deg"].T) > AVERTED_DEG for r in rows]
    kinds = [kinds_of(r) for r in rows]
    out: dict[str, Any] = {}
    for name, wanted in (("on", False), ("averted", True)):
        masks = [a == wanted for a in averted]
        use = [k[m & r.arrays["next_weight"].astype(bool)] for k, m, r in zip(kinds, masks, rows, strict=True)]
        count = np.bincount(np.concatenate(use), minlength=len(KINDS)) + 1.0
        choice = {k: round(float(c), 4) for k, c in zip(KINDS, count / count.sum(), strict=True)}
        out[name] = {"hazard": hazard_of(rows, masks), "choice": choice}
    landed = np.concatenate([r.arrays["next_deg"][k == KINDS.index("new")] for r, k in zip(rows, kinds, strict=True)])
    both = np.concatenate([landed, landed * (-1, 1)])
    index = ((both[:, None] - codes[None]) ** 2).sum(-1).argmin(1)
    share = np.bincount(index, minlength=len(codes)) + 0.5
    out["code_share"] = np.round(share / share.sum(), 5).tolist()
    return out


def people_tables(looks: Sequence[Looks], rows: Sequence[LookRows]) -> list[dict[str, Any]]:
    """Each person's places, rate and contact by state."""
    rate = {r.state: [] for r in rows}
    odds = {r.state: [] for r in rows}
    for own, r in zip(looks, rows, strict=True):
        seen = own.dwell_s.sum()
        share = np.clip(own.dwell_s[np.hypot(*own.look_deg.T) > AVERTED_DEG].sum() / seen, 0.01, 0.97)
        rate[r.state].append(np.log(len(own.dwell_s) / seen))
        odds[r.state].append(np.log(share / (1 - share)))
    people: dict[str, dict[str, Any]] = {}
    at = dict.fromkeys(rate, 0)
    for own, r in zip(looks, rows, strict=True):
        i, n = at[r.state], len(own.dwell_s)
        at[r.state] += 1
        weight = n / (n + PRIOR_LOOKS)
        people.setdefault(own.person, {})[STATES[r.state]] = {
            "place_deg": np.round(r.places.place_deg, 2).tolist(),
            "share": np.round(r.places.share, 4).tolist(),
            "log_rate": round(float(weight * (rate[r.state][i] - np.mean(rate[r.state]))), 3),
            "contact": round(float(-CONTACT_PER_LOG_ODDS * weight * (odds[r.state][i] - np.mean(odds[r.state]))), 3),
        }
    return [people[name] for name in sorted(people, key=int)]


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("-o", type=Path, default=Path("src/talkingeyes/assets/gaze_statistics.json"))
    parser.add_argument("--without", default="", help="participants to leave out, for instance 2,5,8")
    args = parser.parse_args()
    looks = looks_from(read_fixations(args.table), [n for n in args.without.split(",") if n])
    rows = [rows_of(own, i) for i, own in enumerate(looks)]
    codes, spread = codebook_of(rows, CODES, np.random.default_rng(0))
    document: dict[str, Any] = {
        "provenance": {
            "source": "Dembinsky et al., Eye Movement in a Controlled Dialogue Setting, ETRA 2024 (Apache-2.0)",
            "sha256": hashlib.sha256(args.table.read_bytes()).hexdigest(),
            "script": "scripts/fit_gaze_statistics.py",
            "participants_left_out": args.without,
            "looks": sum(len(r) for r in rows),
            "longest_gap_s": LONGEST_GAP_S,
        },
        "codes": {"place_deg": np.round(codes, 2).tolist(), "sd_deg": np.round(spread, 2).tolist()},
        "people": people_tables(looks, rows),
    }
    for index, state in enumerate(STATES[:2]):
        document[state] = state_tables([r for r in rows if r.state == index], codes)
    args.o.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")
    print(f"{args.o}: {document['provenance']['looks']} looks, {args.o.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
