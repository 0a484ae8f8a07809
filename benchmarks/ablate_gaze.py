"""What each part of the gaze is for: the observer and the labelled dialogue with one part taken out at a time.

    python benchmarks/ablate_gaze.py [--takes 4] [--seconds 150] [--rounds 3] [--only NAME ...] [--json OUT]

Nothing is trained anew: places are hidden from the network, the biases, the habits of free running, the wander, the
voice's drive or its balance are taken out while takes are made.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

import score_generator as one_run
from gaze_folds import gaze_of, shifts_of, told
from observe_generator import TABLE
from speech_gaze import DIALOGUE
from talkingeyes.evaluate.eye_tracker import read_fixations
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.speech_gaze import moment_rows, own_moments, read_dialogue, shares, speech_of, track_of
from talkingeyes.evaluate.speech_information import information, moments_at
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.scanpath import network, process, scene, speech_drive, wander
from talkingeyes.generate.scanpath.network import ScanPathModel, shipped_scan_path
from talkingeyes.generate.scanpath.person import FreeRunning

SHOWN = (0, 2, 3, 4, 5)
"""Moments of the dialogue: start, end, after it, own pause, filled pause."""
PLAIN = FreeRunning(same_side=0.0, back=0.0, spread=1.0, regularity=1.0)


def only_the_partner(self: scene.Scene) -> np.ndarray:
    """A scene in which nothing else is known."""
    return np.arange(scene.PLACES) == 0


def unbiased(model: ScanPathModel) -> ScanPathModel:
    """The same without biases of free running."""
    people = tuple({s: replace(m, bias=(0.0, 0.0)) for s, m in own.items()} for own in model.people)
    return replace(model, people=people)


@contextlib.contextmanager
def without(part: str) -> Iterator[ScanPathModel]:
    """The source of looks while a part is taken out."""
    model = shipped_scan_path()
    habits = dict.fromkeys(network.FREE_RUNNING, PLAIN)
    patches: dict[str, Callable[[], object]] = {
        "places": lambda: mock.patch.object(scene.Scene, "known", property(only_the_partner)),
        "habits": lambda: mock.patch.object(network, "FREE_RUNNING", habits),
        "wander": lambda: mock.patch.object(wander, "WANDER_DEG", 0.0),
        "voice": lambda: mock.patch.object(process, "speech_drive", lambda cues, settings: np.zeros(len(cues))),
        "balance": lambda: mock.patch.object(speech_drive, "balanced", lambda drive, _: np.zeros(len(drive))),
    }
    with contextlib.ExitStack() as stack:
        if part in patches:
            stack.enter_context(patches[part]())  # type: ignore[arg-type]
        yield unbiased(model) if part == "biases" else model


def dialogue(model: ScanPathModel, takes: int) -> dict[str, float]:
    """Differences to chance at the moments of the dialogue, time on the partner, bits."""
    a, b = list(read_dialogue(DIALOGUE).values())[:2]
    assert a.on_partner is not None
    seconds = len(a.on_partner) / 25.0
    asked, alone, codes = [], [], []
    for own, other in ((a, b), (b, a)):
        for k in range(takes):
            speech = speech_of(own, seconds, np.random.default_rng(k))
            cues = cues_of(speech, "speaking", int(seconds / STEP_S) + 1, mouth="none")
            shifts = shifts_of(model, cues, np.random.default_rng([k, 17]))
            track = track_of([of_shifts(shifts, seconds, "take")], seconds)
            asked.append((own_moments(own, other), track))
            codes.append((moments_at(own, other, len(track)), track))
            alone.append(shares(own, other, track)["speaking alone"])
    rows = moment_rows(asked, np.random.default_rng(0), 300)
    out = {rows[i].name: rows[i].share - rows[i].chance for i in SHOWN}
    said = information(codes, np.random.default_rng(0), 40)
    return {**out, "on partner, speaking alone": float(np.mean(alone)), "bits": said[0].bits}


PARTS = ("nothing", "places", "habits", "biases", "wander", "voice", "balance")


def main() -> None:
    """Take out, make, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--takes", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    speeches = one_run.long_recordings(args.cache, args.seconds)
    people = read_fixations(TABLE)
    found: dict[str, dict[str, float]] = {}
    for part in args.only:
        with without(part) as model:
            made = gaze_of(model, speeches, args.takes)
            found[part] = {**told(made, people, args.rounds), **dialogue(model, max(2, args.takes // 2))}
        print(f"without {part}: " + "; ".join(f"{k} {v:.3f}" for k, v in found[part].items()), flush=True)
    if args.json:
        args.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
