"""Mouths of takes beside the fitted mouths of the same clips: do they follow, are they as large, can they be told?

    python benchmarks/observe_mouth.py --data SET [--weights FOLDER] [--sync FOLDER] [--parts val,test]

SET is a data set (`talkingeyes dataset build`). Every clip is spoken by a take with its own seed. Clips are brought in
step by the lag that another network (``--sync``, the package's otherwise) hears; figures at lag 0 without that stand
beside. The observer (`evaluate.observer`) has folds by speaker; people against other people is its control.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from talkingeyes.evaluate.mouth_features import mouth_windows
from talkingeyes.evaluate.observer import two_sample
from talkingeyes.generate.face import GENERATED_NAMES, FaceProcess
from talkingeyes.generate.lips import GAP_MM, lip_rows, speaking
from talkingeyes.generate.mouth import MouthTracker, checked_face, shipped_face
from talkingeyes.motion import Motion
from talkingeyes.train.data import Clip, load_clips
from talkingeyes.train.face_data import Voice, voice_of
from talkingeyes.train.face_places import by_bare_name
from talkingeyes.train.face_truth import clip_lag, heard_opening
from talkingeyes.weights import Network, load_network

Array = np.ndarray
SHUT, SHUT_MM, WITHIN = 0.03, 0.7, 3
"""Lips touch: a fitted opening, what the avatar's jaw leaves open, frames around it."""


@dataclass
class Pair:
    """A clip and the take that speaks it, at 50 Hz, the picture in step and as it is."""

    origin: str
    who: str
    ours: Array
    fitted: Array
    fitted_as_is: Array
    known: Array
    voice: Array
    jaw: Array
    shut: Array
    made: Motion
    real: Motion


def gap_mm(face: dict[str, Array]) -> Array:
    """Opening between the lips on the built-in avatar."""
    return np.sum([mm * face[name] for name, mm in GAP_MM.items()], axis=0)


def take_of(voice: Voice, network: Network, seed: int) -> Array:
    """(N, K) `GENERATED_NAMES` of a take that speaks the clip; its brows rest."""
    tracker = MouthTracker(network)
    track = np.concatenate([tracker.push(voice.log_mel, voice.loudness_db, voice.voice), tracker.finish()])
    rows = lip_rows(track, speaking(voice.voice, track))
    process, rng = FaceProcess(), np.random.default_rng(seed)
    face = np.zeros((len(rows), len(GENERATED_NAMES)), np.float32)
    cues: Any = SimpleNamespace(lips=rows, rows=lambda frames: frames)
    process.redo_mouth(cues, process.start(rng, rng), 0, face)
    return face


def pair_of(clip: Clip, network: Network, sync: Network, seed: int) -> Pair:
    """A take beside its clip."""
    voice, motion = voice_of(clip), clip.motion
    assert motion.face is not None
    lag = clip_lag(heard_opening(voice, sync), voice.lips[:, 0], voice.seen)
    late = lag.mean_ms / 20 if lag.is_known else 0.0
    face = take_of(voice, network, seed)
    now, frame_s = np.arange(len(voice)), np.arange(motion.num_frames) / motion.fps

    def at(frames: Array) -> dict[str, Array]:
        columns = [np.interp(frames / 50, frame_s, column) for column in motion.face.astype(float).T]
        return by_bare_name(motion.face_names, np.stack(columns, axis=1))

    inside = (now + late >= 0) & (now + late <= len(voice) - 1) & voice.seen
    moved, as_is = at(now + late), at(now)
    own = np.stack([np.interp(frame_s, now / 50, column) for column in face.T], axis=1).astype(np.float32)
    made = Motion(fps=motion.fps, face=own, face_names=GENERATED_NAMES)
    ours = by_bare_name(GENERATED_NAMES, face)
    return Pair(
        clip.origin, clip.group, gap_mm(ours), gap_mm(moved), gap_mm(as_is), inside & lag.is_known, voice.voice,
        ours["jawOpen"], moved["jawOpen"] < SHUT, made, motion,
    )  # fmt: skip


def correlation(x: Array, y: Array) -> float:
    """0 where one stands still."""
    return float(np.corrcoef(x, y)[0, 1]) if min(len(x), len(y)) > 9 and x.std() > 1e-6 and y.std() > 1e-6 else 0.0


def followed(pairs: list[Pair]) -> dict[str, Any]:
    """How the opening follows people's, its size, and whether lips touch where theirs do (chance: any voiced frame)."""
    known = [p for p in pairs if p.known.sum() > 20]
    ours = np.concatenate([p.ours[p.known] - p.ours[p.known].mean() for p in known])
    theirs = np.concatenate([p.fitted[p.known] - p.fitted[p.known].mean() for p in known])
    touch, chance = [], []
    for p in known:
        padded = np.pad(GAP_MM["jawOpen"] * p.jaw, WITHIN, mode="edge")
        near = np.lib.stride_tricks.sliding_window_view(padded, 2 * WITHIN + 1).min(axis=1) < SHUT_MM
        shut = p.shut & p.known & p.voice
        first = np.flatnonzero(np.diff(shut.astype(int), prepend=0) == 1)
        last = np.flatnonzero(np.diff(shut.astype(int), append=0) == -1)
        touch += near[(first + last) // 2].tolist()
        chance += near[p.voice & p.known].tolist() if len(first) else []
    return {
        "clips": len(pairs),
        "r_in_step": round(float(np.mean([correlation(p.ours[p.known], p.fitted[p.known]) for p in known])), 3),
        "r_as_is": round(float(np.mean([correlation(p.ours, p.fitted_as_is) for p in pairs])), 3),
        "sd_ratio": round(float(ours.std() / theirs.std()), 2),
        "shut_moments": len(touch),
        "touch": round(float(np.mean(touch)), 2) if touch else None,
        "by_chance": round(float(np.mean(chance)), 2) if chance else None,
    }


def observed(pairs: list[Pair]) -> dict[str, Any]:
    """The observer, and people against other people."""
    real, made = [(p.who, p.real) for p in pairs], [(p.who, p.made) for p in pairs]
    seen = two_sample(mouth_windows(real), mouth_windows(made))
    people = sorted({who for who, _ in real})
    half = set(people[::2])
    sides = [[one for one in real if (one[0] in half) is there] for there in (True, False)]
    control = two_sample(mouth_windows(sides[0]), mouth_windows(sides[1]), tells=False) if len(people) > 3 else None
    return {
        "auc": round(seen.auc, 3),
        "spread": round(seen.spread, 3),
        "windows": seen.windows,
        "people_against_people": round(control.auc, 3) if control else None,
        "told_by": seen.told(),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="the package's own otherwise")
    parser.add_argument("--sync", type=Path, help="a network that was not trained on these clips")
    parser.add_argument("--parts", default="val,test")
    asked = parser.parse_args()
    network = checked_face(load_network(asked.weights)) if asked.weights else shipped_face()
    sync = load_network(asked.sync) if asked.sync else shipped_face()
    clips = [c for part in asked.parts.split(",") for c in load_clips(asked.data, part)]
    usable = [c for c in clips if c.speech is not None and c.motion.face is not None]
    pairs = [pair_of(clip, network, sync, seed) for seed, clip in enumerate(usable)]
    found: dict[str, Any] = {"all": followed(pairs)}
    for origin in sorted({p.origin for p in pairs}):
        found[origin] = followed([p for p in pairs if p.origin == origin])
    found["observer"] = observed(pairs)
    json.dump(found, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
