"""Score ablations and the full model on the same six recordings that nothing was trained or tuned on.

    python -m benchmarks.ablations.score RUN/onnx/learned [ANOTHER/onnx/learned ...] [--takes 8] [--json OUT]

A folder of `benchmarks.ablations.train` or of `talkingeyes train`, or the name of a model of the package. The
recordings are the first five of the kept-aside short ones and one of ten minutes of `score_generator`; takes have no
face. Every model gets the same seeds. The table is in docs/learned.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.ablations.common import STAGES, generator_of, take
from benchmarks.score_generator import all_sources, heard

from talkingeyes.audio import Speech
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import load_reference
from talkingeyes.evaluate.scorecard import score
from talkingeyes.generate.cues import Role
from talkingeyes.generate.learned import LearnedGenerator
from talkingeyes.generate.learned_model import KIND, learned_model, shipped_model
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.statistical import StatisticalGenerator
from talkingeyes.weights import load_network

SHORT, LONG = 5, "long_3"


def recordings(cache: Path) -> list[tuple[str, Speech]]:
    """Names and features of the six recordings."""
    kept = [s for s in all_sources(cache) if s.held_out]
    short = [s for s in kept if not s.name.startswith("long")][:SHORT]
    return [(s.name, heard(s, cache)) for s in [s for s in kept if s.name == LONG] + short]


def maker(model: str) -> Callable[[], LearnedGenerator | StatisticalGenerator]:
    """What makes a fresh generator for each take."""
    if model == "statistical":
        return StatisticalGenerator
    if model == "learned":
        return lambda: LearnedGenerator(shipped_model(), Sampling())
    if load_network(model).manifest.config.get("kind") == KIND:
        return lambda: LearnedGenerator(learned_model(Path(model)), Sampling())
    return lambda: generator_of(Path(model), Sampling())


def made(model: str, sources: Sequence[tuple[str, Speech]], takes: int) -> list[Recording]:
    """Takes of every recording while speaking, and one while listening."""
    make, out = maker(model), []
    roles: tuple[tuple[Role, int], ...] = (("speaking", takes), ("listening", 1))
    for name, speech in sources:
        for role, count in roles:
            group = name if role == "speaking" else f"{name} heard"
            motions = [take(speech, make(), seed, role=role, fps=30.0) for seed in range(count)]
            out += [Recording(m, f"{group} take {i + 1}", speech, role, group) for i, m in enumerate(motions)]
    return out


def main() -> None:
    """Make takes with each model, score them, print the cards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "models", nargs="+", help=f"folders of weights ({', '.join(STAGES)} or the product's), or names"
    )
    parser.add_argument("--takes", type=int, default=8)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    sources, reference = recordings(args.cache), load_reference(None)
    cards = {}
    for model in args.models:
        card = score(made(model, sources, args.takes), reference, name=model)
        print(card.table(), flush=True)
        cards[model] = card.to_json()
    if args.json:
        args.json.write_text(json.dumps(cards), encoding="utf-8")


if __name__ == "__main__":
    main()
