"""Is a character the same person in another recording? Pairs of takes, beside halves of eye-tracked people.

    python benchmarks/same_character.py [--model default] [--characters 24] [--seconds 240] [--seed 7000] [--json OUT]

"Seed": two takes of one seed on two recordings. "Character": two takes of one character with different seeds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import score_generator as one_run
from observe_generator import TABLE, generator_of
from talkingeyes.audio import Speech
from talkingeyes.evaluate.eye_tracker import Fixations, read_fixations
from talkingeyes.evaluate.observation import density_mode_deg
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.same_person import NAMES, Gazing, gazing_of, same_person_aucs
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.statistical import Streams, plan_of

LEAST_HALF_S = 60.0


def halves(state: str) -> list[tuple[Gazing, Gazing]]:
    """The first and the second half of each person's looks in a state."""
    table = [f for f in read_fixations(TABLE) if f.state == state]
    out = []
    for who in sorted({f.participant for f in table}):
        own = [f for f in table if f.participant == who]
        yaw, pitch = (np.concatenate([getattr(f, k) for f in own]) for k in ("yaw_deg", "pitch_deg"))
        start, end = (np.concatenate([getattr(f, k) for f in own]) for k in ("start_s", "end_s"))
        mode = density_mode_deg(np.stack([yaw, pitch], axis=1), weights=end - start)
        half = int(np.searchsorted(np.cumsum(end - start), (end - start).sum() / 2))
        if (end - start).sum() < 2 * LEAST_HALF_S:
            continue
        parts = (slice(0, half), slice(half, None))
        cut = [Fixations(who, state, start[s], end[s], yaw[s] - mode[0], pitch[s] - mode[1]) for s in parts]
        out.append((gazing_of(cut[:1]), gazing_of(cut[1:])))
    return out


def take(model: str, speech: Speech, streams: Streams) -> Gazing:
    """Looks of one speaking take."""
    cues = cues_of(speech, "speaking", int(speech.duration_s / STEP_S) + 1, mouth="none")
    plan = plan_of(generator_of(model), cues, streams)
    return gazing_of([of_shifts(plan.gaze, speech.duration_s, "take", "SPEAK")])


def pairs(
    model: str, speeches: Sequence[Speech], count: int, seed: int, *, character: bool
) -> list[tuple[Gazing, Gazing]]:
    """Two takes of each of so many people."""
    out = []
    for k in range(count):
        both = []
        for j in (0, 1):
            own = Streams.from_seed(seed + k + 1000 * j, f"person {k}") if character else Streams.from_seed(seed + k)
            both.append(take(model, speeches[(k + j) % len(speeches)], own))
        out.append((both[0], both[1]))
    return out


def main() -> None:
    """Plan, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--characters", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--seed", type=int, default=7000)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    speeches = one_run.long_recordings(args.cache, args.seconds)
    found = {f"people, halves of {state.lower()}": same_person_aucs(halves(state)) for state in ("SPEAK", "LISTEN")}
    for name, character in (("seed", False), ("character", True)):
        made = pairs(args.model, speeches, args.characters, args.seed, character=character)
        found[name] = same_person_aucs(made)
    print(f"{'AUC of the same person':<32}" + "".join(f"{n:>16}" for n in NAMES))
    for name, row in found.items():
        print(f"{name:<32}" + "".join(f"{row[n]:16.2f}" for n in NAMES))
    if args.json:
        args.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
