"""Do the eyes know when you speak? Takes driven by the utterances of a labelled dialogue, asked as its people were.

    python benchmarks/speech_gaze.py [--model default|statistical|FOLDER] [--takes 5] [--seed 0] [--json OUT]

The dialogue (IFADV DVA13U, ../shared/data/ifadv) gives utterance times and hand-labelled gaze of two people. The takes
hear a synthetic voice that speaks in exactly these utterances, as speakers of their own and as listeners to the other.
Chance: the gaze shifted in time, in a circle.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from observe_generator import generator_of
from score_generator import DATA
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.speech_gaze import (
    CURVE_S,
    MomentRow,
    Talker,
    away_bouts_s,
    curve,
    listening_moments,
    moment_rows,
    own_moments,
    read_dialogue,
    shares,
    speech_of,
    track_of,
    turns_of,
)
from talkingeyes.evaluate.speech_information import Information, information, moments_at
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.statistical import Streams, plan_of

DIALOGUE = DATA / "ifadv" / "DVA13U_intervals.csv"
Pair = tuple[Talker, Talker]


def take(model: str, talker: Talker, role: str, seed: int, duration_s: float) -> np.ndarray:
    """On-partner track of one take that hears a talker's utterances."""
    speech = speech_of(talker, duration_s, np.random.default_rng(seed))
    cues = cues_of(
        speech, "listening" if role == "listening" else "speaking", int(duration_s / STEP_S) + 1, mouth="none"
    )
    plan = plan_of(generator_of(model), cues, Streams.from_seed(seed))
    return track_of([of_shifts(plan.gaze, duration_s, "take")], duration_s)


def rows_of(
    pairs: Sequence[Pair], own: Sequence[Sequence[np.ndarray]], heard: Sequence[Sequence[np.ndarray]]
) -> list[MomentRow]:
    """Speakers' and listeners' rows, pooled over both people and all takes."""
    rng = np.random.default_rng(0)
    speaking = [(own_moments(a, b), t) for (a, b), tracks in zip(pairs, own, strict=True) for t in tracks]
    listening = [(listening_moments(b), t) for (_, b), tracks in zip(pairs, heard, strict=True) for t in tracks]
    return [*moment_rows(speaking, rng), *moment_rows(listening, rng)]


def show(people: Sequence[MomentRow], made: Sequence[MomentRow]) -> str:
    """Rows side by side; what counts is the difference to chance."""
    head = f"{'moment':<44}{'people':>8}{'chance':>8}{'p':>8}   {'takes':>8}{'chance':>8}{'p':>8}"
    lines = [head]
    for a, b in zip(people, made, strict=True):
        lines.append(f"{a.name:<44}{a.share:8.2f}{a.chance:8.2f}{a.p:8.4f}   {b.share:8.2f}{b.chance:8.2f}{b.p:8.4f}")
    return "\n".join(lines)


def mean_curve(pairs: Sequence[Pair], tracks: Sequence[Sequence[np.ndarray]], side: int) -> np.ndarray:
    """P(on partner) around turn starts (0) or ends (1), over people and takes."""
    own = [curve(t, turns_of(a.utterances)[:, side]) for (a, _), ts in zip(pairs, tracks, strict=True) for t in ts]
    return np.mean(own, axis=0)


def told(pairs: Sequence[Pair], tracks: Sequence[Sequence[np.ndarray]]) -> list[Information]:
    """What the moments of speech say of the gaze, over people or takes."""
    parts = [(moments_at(a, b, len(t)), t) for (a, b), ts in zip(pairs, tracks, strict=True) for t in ts]
    return information(parts, np.random.default_rng(0))


def show_told(people: Sequence[Information], made: Sequence[Information]) -> str:
    """Side by side."""
    lines = [f"{'told by the moment of speech':<32}{'bits':>8}{'+-':>8}{'AUC':>6}   {'takes':>8}{'+-':>8}{'AUC':>6}"]
    for a, b in zip(people, made, strict=True):
        cells = (f"{i.bits:8.4f}{i.spread_bits:8.4f}{i.auc:6.2f}" for i in (a, b))
        lines.append(f"{a.name:<32}" + "   ".join(cells))
    return "\n".join(lines)


def main() -> None:
    """Read, drive, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--takes", type=int, default=5, help="per person and role")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DIALOGUE)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    talkers = list(read_dialogue(args.data).values())[:2]
    pairs = [(talkers[0], talkers[1]), (talkers[1], talkers[0])]
    real = [[t.on_partner] for t in talkers if t.on_partner is not None]
    seconds = len(real[0][0]) / 25.0
    own, heard = [], []
    for i, (a, b) in enumerate(pairs):
        seeds = [args.seed + 1000 * i + k for k in range(args.takes)]
        own.append([take(args.model, a, "speaking", s, seconds) for s in seeds])
        heard.append([take(args.model, b, "listening", s + 500, seconds) for s in seeds])
    people, made = rows_of(pairs, real, real), rows_of(pairs, own, heard)
    print(f"model {args.model}, {args.takes} takes per person and role, seed {args.seed}")
    print(show(people, made))
    said = {"people": told(pairs, real), "takes": told(pairs, own)}
    print(show_told(said["people"], said["takes"]))
    for side, name in enumerate(("start", "end")):
        for who, tracks in (("people", real), ("takes", own)):
            found = mean_curve(pairs, tracks, side)
            print(f"turn {name}, {who:<7}" + " ".join(f"{s:+.2f}:{v:.2f}" for s, v in zip(CURVE_S, found, strict=True)))
    for who, tracks in (("people", real), ("takes", own)):
        talk = [shares(a, b, t)["speaking alone"] for (a, b), ts in zip(pairs, tracks, strict=True) for t in ts]
        away = np.concatenate([away_bouts_s(t) for ts in tracks for t in ts])
        print(
            f"{who:<7} on partner while speaking alone {np.mean(talk):.2f}, away bouts {np.median(away):.2f} s (median)"
        )
    if args.json:
        table: dict[str, Any] = {"people": [vars(r) for r in people], "takes": [vars(r) for r in made]}
        table["told"] = {who: [vars(i) for i in found] for who, found in said.items()}
        args.json.write_text(json.dumps(table), encoding="utf-8")


if __name__ == "__main__":
    main()
