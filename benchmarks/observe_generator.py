"""Is a generator told from people? AUCs of the observer with their floors, on parts of the four long recordings.

    python benchmarks/observe_generator.py [--model default|statistical|FOLDER] [--takes 3] [--seconds 240] [--seed 0]
        [--fits FOLDER] [--controls] [--mouth] [--json OUT]

Takes are planned and not rendered as video: gaze is taken from the plan's shifts, head and lids are rendered at 25
fps. Heads are compared with fitted clips (``--fits``: a folder of folders of .npz as `talkingeyes fit` writes them;
without it the clips are fitted once into the cache, which takes about half an hour) and, apart, with the heads of three
people talking (multi_tpc). Every recording has seeds of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import score_generator as one_run
from talkingeyes.audio import Speech
from talkingeyes.errors import AudioError
from talkingeyes.evaluate.courses import RATE_HZ
from talkingeyes.evaluate.eye_tracker import Fixations, read_fixations
from talkingeyes.evaluate.lid_controls import lid_controls
from talkingeyes.evaluate.observed import Asking, Observed, People, gaze_controls, observe
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.recording import Recording
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.model_choice import generator_for
from talkingeyes.generate.plan import STEP_S, Plan
from talkingeyes.generate.render import render
from talkingeyes.generate.statistical import Generator, Streams, plan_of
from talkingeyes.motion import Motion

TABLE = one_run.DATA / "gaze_conversation" / "fixations.csv.gz"
CLIP_FOLDERS = ("portrait", "interview", "broadcast", "address", "grid")
MIN_CLIP_S = 4.0
LISTENING_SEEDS = 500_000


@dataclass(frozen=True)
class Take:
    """One plan with what it was made for."""

    name: str
    role: str
    speech: Speech
    plan: Plan


def generator_of(model: str) -> Generator:
    """A fresh generator by the names that `animate` takes."""
    return generator_for(model)


def planned(model: str, speeches: Sequence[Speech], takes: int, seed: int, *, mouth: bool = False) -> list[Take]:
    """Takes of every recording in both roles; each recording and role has seeds of its own."""
    out = []
    for i, speech in enumerate(speeches):
        for role in ("speaking", "listening"):
            steps = int(speech.duration_s / STEP_S) + 1
            own_mouth = "shipped" if mouth and role == "speaking" else "none"
            cues = cues_of(speech, role, steps, mouth=own_mouth)
            first = seed + one_run.SEEDS_APART * i + LISTENING_SEEDS * (role == "listening")
            for k in range(takes):
                plan = plan_of(generator_of(model), cues, Streams.from_seed(first + k))
                out.append(Take(f"{i}.{k} {role}", role, speech, plan))
    return out


def looks_of(takes: Sequence[Take]) -> dict[str, list[Fixations]]:
    """Looks by role, from the plans' shifts."""
    states = {"speaking": "SPEAK", "listening": "LISTEN"}
    return {
        role: [of_shifts(t.plan.gaze, t.speech.duration_s, t.name, state) for t in takes if t.role == role]
        for role, state in states.items()
    }


def motions_of(takes: Sequence[Take]) -> list[Recording]:
    """Speaking takes at the observer's rate."""
    out = []
    for t in takes:
        if t.role == "speaking":
            motion = render(t.plan, RATE_HZ, range(int(t.speech.duration_s * RATE_HZ)))
            out.append(Recording(motion, t.name, t.speech))
    return out


def fitted_clips(folder: Path | None, cache: Path) -> list[Recording]:
    """People in clips: fitted once, with their sound."""
    fits = folder or cache / "fits"
    out = []
    for kind in CLIP_FOLDERS:
        for clip in sorted((one_run.DATA / "clips" / kind).glob("*.m*")):
            file = fits / kind / f"{clip.stem}.npz"
            if not file.exists() and folder is None:
                from talkingeyes.fit.fit import fit_video

                file.parent.mkdir(parents=True, exist_ok=True)
                fit_video(clip).save_npz(file)
            if file.exists() and (motion := Motion.load_npz(file)).duration_s >= MIN_CLIP_S:
                out.append(Recording(motion, f"{kind}/{clip.stem}", sound_of(clip, cache)))
    return out


def sound_of(clip: Path, cache: Path) -> Speech | None:
    """Features of a clip's sound, kept in the cache; None where it has none."""
    try:
        return one_run.heard(one_run.Source(f"{clip.parent.name}_{clip.stem}", clip, False), cache)
    except AudioError:
        return None


def three_people() -> list[Recording]:
    """Heads of three people talking (multi_tpc): rows of roll, pitch, yaw in degrees at 60 Hz; no sound."""
    out = []
    for path in sorted((one_run.DATA / "multi_tpc").glob("head_eye_angle*.txt.gz")):
        with gzip.open(path, "rt") as file:
            rows = np.array([[float(v) for v in line.replace(",", " ").split()[:3]] for line in file if line.strip()])
        head = np.unwrap(np.radians(rows[:, [2, 1, 0]]), axis=0)
        head = head - np.median(head, axis=0)
        out.append(Recording(Motion(fps=60.0, head_rad=np.clip(head, -0.65, 0.65)), path.stem))
    return out


def table(found: Sequence[tuple[str, Observed]]) -> str:
    """All answers, and what gave each away."""
    lines = [f"{'asked of':<10}{'what':<32}{'AUC':>6}{'+-':>6}{'floor':>7}{'+-':>6}  windows      groups"]
    for against, o in found:
        s = o.seen
        lines.append(
            f"{against:<10}{o.name:<32}{s.auc:6.3f}{s.spread:6.3f}{o.floor:7.3f}{o.floor_spread:6.3f}"
            f"  {s.windows[0]:>4}/{s.windows[1]:<6} {s.groups[0]:>3}/{s.groups[1]}"
        )
    for against, o in found:
        lines += ["", f"{o.name} ({against}):", *(f"  {t}" for t in o.seen.told())]
    return "\n".join(lines)


def main() -> None:
    """Plan, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--takes", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=240.0, help="of each long recording")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=2, help="divisions into folds")
    parser.add_argument("--fits", type=Path, help="a folder of folders of fitted clips")
    parser.add_argument("--no-heads", action="store_true", help="gaze alone")
    parser.add_argument("--mouth", action="store_true", help="also plan mouths")
    parser.add_argument("--controls", action="store_true", help="also what must be told")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    begun = time.perf_counter()
    speeches = one_run.long_recordings(args.cache, args.seconds)
    takes = planned(args.model, speeches, args.takes, args.seed, mouth=args.mouth)
    made = time.perf_counter()
    people = People(tuple(read_fixations(TABLE)), () if args.no_heads else tuple(fitted_clips(args.fits, args.cache)))
    asking = Asking(rounds=args.rounds, seed=args.seed)
    motions = [] if args.no_heads else motions_of(takes)
    print(
        f"model {args.model}, {args.takes} takes of {len(speeches)} recordings of {args.seconds:g} s, seed {args.seed}"
    )
    found = [("people", o) for o in observe(motions, people, asking, looks=looks_of(takes))]
    print(table(found), flush=True)
    if not args.no_heads:
        silent = [replace(m, speech=None) for m in motions]
        others = observe(silent, People(recordings=tuple(three_people())), asking, looks={})
        found += [("multi_tpc", o) for o in others]
        print("\n" + table(found[-len(others) :]) if others else "")
    document: dict[str, Any] = {"model": args.model, "answers": [{"against": a, **o.to_json()} for a, o in found]}
    if args.controls:
        document["controls"] = {s: gaze_controls(people, s) for s in ("SPEAK", "LISTEN")}
        for state, values in document["controls"].items():
            print(f"controls {state}: " + "; ".join(f"{k} {v:.2f}" for k, v in values.items()))
    if args.controls and motions and people.recordings:
        document["lid_controls"] = lid_controls(motions, people, Asking(rounds=1, seed=args.seed))
        for name, values in document["lid_controls"].items():
            print(f"lids, {name}: " + "; ".join(f"{k} {v:.2f}" for k, v in values.items()))
    print(f"({made - begun:.0f} s to plan, {time.perf_counter() - made:.0f} s to observe)")
    if args.json:
        args.json.write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    main()
