"""Is a gaze told from people whom its network has never seen? Folds over the eye-tracked people, each trained anew.

    python benchmarks/gaze_folds.py --data SET --work FOLDER [--folds 3] [--people 3 6 10] [--takes 4] [--seconds 150]

``--data``: a set made by `talkingeyes dataset import fixations`. In each fold every n-th person is kept aside, the scan
path is trained on the others (biases of free running included), and the observer compares its takes with those kept
aside, beside takes of the package's own weights, which know them. ``--people``: the same for the first fold with fewer
people to learn from. ``--work`` keeps what was trained; a second call goes on from there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import score_generator as one_run
from observe_generator import TABLE
from talkingeyes.audio import Speech
from talkingeyes.evaluate.eye_tracker import Fixations, read_fixations
from talkingeyes.evaluate.observed import Asking, Observed, People, observe
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.plan import STEP_S, GazeShift
from talkingeyes.generate.scanpath.network import ScanPathModel, scan_path_model, shipped_scan_path
from talkingeyes.generate.scanpath.process import ScanPathProcess

PEOPLE = range(15)
STATES = {"speaking": "SPEAK", "listening": "LISTEN"}


def trained(data: Path, run: Path, without: Sequence[int]) -> ScanPathModel:
    """The scan path without these people; goes on where it stopped."""
    weights = run / "onnx" / "scan_path"
    if not (weights / "manifest.json").is_file():
        run.mkdir(parents=True, exist_ok=True)
        held_out = [f"name gaze_conversation {p}" for p in without]
        config = run.with_suffix(".json")
        config.write_text(json.dumps({"stages": {"scan_path": {"model": {"held_out": held_out}}}}))
        command = [sys.executable, "-m", "talkingeyes", "train", config, "--data", data, "--out", run]
        subprocess.run([*command, "--stages", "scan_path"], check=True)
    return scan_path_model(weights, own=True)


def gaze_of(source: ScanPathModel, speeches: Sequence[Speech], takes: int, seed: int = 0) -> dict[str, list[Fixations]]:
    """Looks of takes in both roles; gaze alone is planned."""
    out: dict[str, list[Fixations]] = {role: [] for role in STATES}
    for role, state in STATES.items():
        for i, speech in enumerate(speeches):
            steps = int(speech.duration_s / STEP_S) + 1
            cues = cues_of(speech, "speaking" if role == "speaking" else "listening", steps, mouth="none")
            for k in range(takes):
                rng = np.random.default_rng([seed, role == "listening", i, k])
                shifts = shifts_of(source, cues, rng)
                out[role].append(of_shifts(shifts, speech.duration_s, f"{role} {i}.{k}", state))
    return out


def shifts_of(source: ScanPathModel, cues: Cues, rng: np.random.Generator) -> list[GazeShift]:
    """Gaze alone."""
    process = ScanPathProcess(source)
    gaze, shifts = process.start(cues, rng)
    for step in range(cues.num_steps):
        shifts += process.step(cues, gaze, step, rng)
    return shifts


def told(looks: dict[str, list[Fixations]], people: Sequence[Fixations], rounds: int) -> dict[str, float]:
    """AUC by question against these people."""
    asking = Asking(rounds=rounds, gaze_windows_s=(10.0,), floor=False)
    found: list[Observed] = observe([], People(tuple(people), ()), asking, looks=looks)
    return {o.name: o.seen.auc for o in found}


def main() -> None:
    """Train, plan, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--people", type=int, nargs="*", default=(), help="fewer people to learn from")
    parser.add_argument("--takes", type=int, default=4, help="of each of the four long recordings, in each role")
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    speeches = one_run.long_recordings(args.cache, args.seconds)
    everybody = read_fixations(TABLE)
    shipped = gaze_of(shipped_scan_path(), speeches, args.takes)
    rows: dict[str, dict[str, float]] = {}
    for fold in range(args.folds):
        aside = [p for p in PEOPLE if p % args.folds == (2 + fold) % args.folds]
        unseen = [f for f in everybody if f.participant in {str(p) for p in aside}]
        rest = [p for p in PEOPLE if p not in aside]
        for count in (*args.people, len(rest)) if fold == 0 else (len(rest),):
            few = rest[:: max(1, len(rest) // count)][:count]
            own = trained(args.data, args.work / f"fold_{fold}_{count}", [p for p in PEOPLE if p not in few])
            name = f"fold {fold + 1}, {count} people"
            rows[name] = told(gaze_of(own, speeches, args.takes), unseen, args.rounds)
            print(name, json.dumps(rows[name]), flush=True)
        rows[f"fold {fold + 1}, shipped"] = told(shipped, unseen, args.rounds)
        print(f"fold {fold + 1}, shipped", json.dumps(rows[f"fold {fold + 1}, shipped"]), flush=True)
    whole = [row for name, row in rows.items() if name.endswith(f", {len(PEOPLE) - len(PEOPLE) // args.folds} people")]
    print("mean over folds:", {q: round(float(np.mean([row[q] for row in whole])), 3) for q in whole[0]})
    if args.json:
        args.json.write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
