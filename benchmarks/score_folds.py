"""Both generators on people whom neither has seen: three folds over the eye-tracked people, everything fitted anew.

    python benchmarks/score_folds.py --data SET --work FOLDER [--config CONFIG.json] [--takes 8] [--json OUT]

The packaged statistics of gaze were fitted on all fifteen people, those that the learned generator is judged by
included. Here, in each fold, every third person is kept aside: the statistics are fitted to the other ten, the
learned generator's gaze space and translator are trained on the other ten, and both are scored against the five
(tests 4 to 9 and 20 to 22; held-out clips and the head space are the same in all folds). ``--work`` keeps what was
trained: a second call goes on from there; remove a fold's ``onnx`` to write its weights anew.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest import mock

import numpy as np

import score_generator as one_run
from talkingeyes.audio import Speech
from talkingeyes.evaluate import eye_tracker
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference, measure_gaze
from talkingeyes.evaluate.scorecard import Scorecard, score
from talkingeyes.generate import animate_takes, gaze
from talkingeyes.train.people import HELD_OUT

FOLDS = 3
PEOPLE = range(15)
TABLE = one_run.DATA / "gaze_conversation" / "fixations.csv.gz"
TESTS = (4, 5, 6, 7, 8, 9, 20, 21, 22)
SHOWN = ("Frechet", "real against real", "from held-out", "Jensen", "diversity", "ratio to real", "steps per second")


@dataclass(frozen=True)
class Fold:
    """Who is kept aside, and where what was fitted to the others lies."""

    aside: tuple[int, ...]
    statistics: Path
    run: Path


def folds(work: Path) -> list[Fold]:
    """The first is the packaged model's."""
    out = []
    for rest in (2, 0, 1):
        aside = tuple(p for p in PEOPLE if p % FOLDS == rest)
        out.append(Fold(aside, work / f"statistics_{rest}.json", work / f"fold_{rest}"))
    return out


def fit_statistics(fold: Fold) -> None:
    """The statistical generator's tables without the people kept aside."""
    script = one_run.ROOT / "scripts" / "fit_gaze_statistics.py"
    without = [str(p) for p in fold.aside]
    subprocess.run([sys.executable, script, TABLE, "-o", fold.statistics, "--without", *without], check=True)


def train(fold: Fold, data: Path, config: Path | None, head_space: Path | None) -> None:
    """The learned generator without them; goes on where it stopped, and is done where its weights lie."""
    if (fold.run / "onnx" / "learned" / "manifest.json").is_file():
        return
    fold.run.mkdir(parents=True, exist_ok=True)
    if head_space and not (fold.run / "head_vae").exists():
        shutil.copytree(head_space, fold.run / "head_vae")
        shutil.copy(head_space.parent / "config.json", fold.run)
    document = json.loads(config.read_text()) if config else {}
    stages = document.setdefault("stages", {})
    clips = [name for name in HELD_OUT if not name.startswith("name gaze_conversation")]
    for stage in ("gaze_vqvae", "translator"):
        people = [f"name gaze_conversation {p}" for p in fold.aside]
        stages.setdefault(stage, {}).setdefault("model", {})["held_out"] = [*people, *clips]
    own = fold.run.with_suffix(".json")
    own.write_text(json.dumps(document))
    command = [sys.executable, "-m", "talkingeyes", "train", own, "--data", data, "--out", fold.run]
    subprocess.run([*command, "--stages", "head_vae,gaze_vqvae,translator"], check=True)


def takes_of(sources: Sequence[tuple[str, Speech]], model: str, takes: int, seed: int) -> list[Recording]:
    """Takes in the speaking role, and one in the listening role for test 8.

    Every recording has seeds of its own: a seed draws a character, and a handful of characters is no population.
    """
    out = []
    for i, (name, speech) in enumerate(sources):
        for role, count in (("speaking", takes), ("listening", 1)):
            own_seed = seed + one_run.SEEDS_APART * i
            motions = animate_takes(speech, takes=count, fps=30.0, role=role, seed=own_seed, model=model)
            own = name if role == "speaking" else f"{name} heard"
            out += [Recording(m, f"{own} take {k + 1}", speech, role, own) for k, m in enumerate(motions)]
    return out


def scored(fold: Fold, sources: Sequence[tuple[str, Speech]], takes: int) -> dict[str, Scorecard]:
    """Both generators' scorecards against the people kept aside."""
    people = measure_gaze(eye_tracker.recordings(TABLE, 30.0), {}, {str(p) for p in fold.aside})
    reference = Reference(people, load_reference().head)
    refitted = gaze.statistics_of(fold.statistics.read_text())
    with mock.patch.object(gaze, "gaze_statistics", lambda: refitted):
        statistical = takes_of(sources, "statistical", takes, 0)
    learned = takes_of(sources, str(fold.run / "onnx" / "learned"), takes, 0)
    return {
        name: score(recordings, reference, name=name, only=TESTS, curves=False)
        for name, recordings in (("statistical", statistical), ("learned", learned))
    }


def figures_of(card: Scorecard) -> dict[str, float]:
    """Figures that compare by name."""
    found = {}
    for result in card.results:
        for f in result.outcome.figures:
            if f.value is not None and any(word in f.name for word in SHOWN):
                found[f"{result.test.number} {f.name}"] = float(f.value)
    return found


def table(cards: Sequence[dict[str, Scorecard]]) -> str:
    """Figures by fold, statistical then learned, and their means."""
    each = [{name: figures_of(card) for name, card in own.items()} for own in cards]
    lines = [f"{'statistical / learned':58}" + "".join(f"fold {i + 1:<12}" for i in range(len(cards))) + "mean"]
    for name in each[0]["statistical"]:
        pairs = np.array([[own[m].get(name, np.nan) for m in ("statistical", "learned")] for own in each])
        cells = [*pairs, pairs.mean(axis=0)]
        lines.append(f"{name[:57]:58}" + "".join(f"{f'{a:.3g} / {b:.3g}':17}" for a, b in cells))
    return "\n".join(lines)


def main() -> None:
    """Fit, train, animate, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a data set (talkingeyes dataset build)")
    parser.add_argument("--work", type=Path, required=True, help="where trained models are kept")
    parser.add_argument("--config", type=Path, help="of the training")
    parser.add_argument("--takes", type=int, default=8)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    head_space: Path | None = None
    everything = folds(args.work)
    for fold in everything:
        fit_statistics(fold)
        train(fold, args.data, args.config, head_space)
        head_space = fold.run / "head_vae"
    held_out = [s for s in one_run.all_sources(args.cache) if s.held_out]
    sources = [(s.name, one_run.heard(s, args.cache)) for s in held_out]
    cards = [scored(fold, sources, args.takes) for fold in everything]
    print(table(cards))
    if args.json:
        kept = [
            {**asdict(f), "cards": {n: c.to_json() for n, c in own.items()}}
            for f, own in zip(everything, cards, strict=True)
        ]
        args.json.write_text(json.dumps(kept, default=str))


if __name__ == "__main__":
    main()
