"""Teach the small network that finds irises in eye crops, on own renderings only.

python scripts/teach_irises.py draw FOLDER --seed 0 [--people 400]
python scripts/teach_irises.py learn FOLDER [--minutes 40]          needs torch, onnx, numba and ../shared/data/heads
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).resolve().parents[1] / "src" / "talkingeyes" / "assets" / "weights" / "irises"


def draw(folder: Path, seed: int, people: int, per_person: int) -> None:
    """One shard of crops."""
    from people.crops import draw_crops
    from people.person import Kit

    kit, rng = Kit().near_eyes(), np.random.default_rng([21, seed])
    drawn = [draw_crops(kit, rng, per_person) for _ in range(people)]
    folder.mkdir(parents=True, exist_ok=True)
    crops, truth = np.concatenate([d.crops for d in drawn]), np.concatenate([d.truth for d in drawn])
    np.savez(folder / f"crops_{seed:03d}.npz", crops=crops, truth=truth)


def learn(folder: Path, minutes: float, state: Path | None) -> None:
    """Teach, or take a state, and export."""
    import torch

    from people import teaching

    if state is None:
        net = teaching.learn(folder, minutes, folder / "irises.pt")
    else:
        net = teaching.IrisNet()
        net.load_state_dict(torch.load(state, weights_only=True))
    shards = sorted(folder.glob("crops_*.npz"))
    count = sum(len(np.load(f)["truth"]) for f in shards[1:])
    teaching.export(net, WEIGHTS, count, teaching.scores(net, *teaching.load(shards[:1])))


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    make = steps.add_parser("draw", help="render crops")
    make.add_argument("folder", type=Path)
    make.add_argument("--seed", type=int, default=0)
    make.add_argument("--people", type=int, default=400)
    make.add_argument("--per-person", type=int, default=6)
    teach = steps.add_parser("learn", help="teach the network and write it to the package's weights")
    teach.add_argument("folder", type=Path)
    teach.add_argument("--minutes", type=float, default=40.0)
    teach.add_argument("--state", type=Path, help="export this state instead of teaching")
    options = parser.parse_args()
    if options.step == "draw":
        draw(options.folder, options.seed, options.people, options.per_person)
    else:
        learn(options.folder, options.minutes, options.state)


if __name__ == "__main__":
    main()
