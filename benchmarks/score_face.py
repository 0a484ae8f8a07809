"""The generated mouth against people it was not trained on, and against known phoneme times.

    python benchmarks/score_face.py --data SET --spoken TEST.npz --speech ../shared/data/speech [--weights FOLDER]

SET is a data set (`talkingeyes dataset build`), TEST.npz made speech (`scripts/speak_phonemes.py test`). Prints one
JSON object. The opening is what the coefficients make on the built-in avatar, in millimetres.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from talkingeyes.audio import load_speech
from talkingeyes.generate.lip_table import LIPS, SHAPES
from talkingeyes.generate.lips import lip_shapes, opening_mm, speaking
from talkingeyes.generate.mouth import MouthTracker, checked_face, shipped_face
from talkingeyes.train.data import load_clips
from talkingeyes.train.face_data import Spoken, Voice, fitted_voices, spoken_voices
from talkingeyes.train.face_lag import FRAME_MS, in_step, sound_late
from talkingeyes.weights import Network, load_network

Array = np.ndarray
JAW = LIPS.index("jawOpen")
CLOSED_MM, OPEN_MM, WITHIN_S = 0.7, 2.0, 0.06
"""Lips closed and open: 0.4 mm of overlap at rest hide the first, the second shows teeth."""
MOST_LAG = 8
LOUDNESS_REACH = 15


def openings(network: Network, voice: Voice) -> tuple[Array, Array]:
    """(N,) the network's own opening, and what the avatar shows of it in mm."""
    tracker = MouthTracker(network)
    track = np.concatenate([tracker.push(voice.log_mel, voice.loudness_db, voice.voice), tracker.finish()])
    return track[:, JAW], opening_mm(lip_shapes(track, speaking(voice.voice, track)))


def correlations(curves: Sequence[tuple[Array, Voice]]) -> dict[str, float]:
    """Mean and median over clips, pooled over all frames with each clip centred, and the lag of the mean over clips."""
    per_clip, ours, theirs = [], [], []
    lagged: dict[int, list[float]] = defaultdict(list)
    for curve, voice in curves:
        seen = np.flatnonzero(voice.seen)
        mine, fitted = curve[seen], voice.lips[seen, JAW]
        if len(seen) < 20 or fitted.std() < 1e-3:
            continue
        if mine.std() < 1e-6:
            per_clip.append(0.0)
            continue
        per_clip.append(float(np.corrcoef(mine, fitted)[0, 1]))
        ours.append(mine - mine.mean())
        theirs.append(fitted - fitted.mean())
        for lag in range(-MOST_LAG, MOST_LAG + 1):
            a, b = mine[max(0, lag) : len(mine) + min(0, lag)], fitted[max(0, -lag) : len(fitted) - max(0, lag)]
            if a.std() > 1e-6 and b.std() > 1e-6:
                lagged[lag].append(float(np.corrcoef(a, b)[0, 1]))
    mean_at = {lag: float(np.mean(values)) for lag, values in lagged.items()}
    x, y = np.concatenate(ours), np.concatenate(theirs)
    return {
        "clips": len(per_clip),
        "minutes": round(sum(len(o) for o in ours) / 3000, 2),
        "r_mean": round(float(np.mean(per_clip)), 3),
        "r_median": round(float(np.median(per_clip)), 3),
        "r_pooled_centred": round(float(np.corrcoef(x, y)[0, 1]), 3),
        "lag_ms": 20 * max(mean_at, key=lambda lag: mean_at[lag]),
        "sd_ratio": round(float(x.std() / y.std()), 2),
    }


def at_own_lag(mine: Array, fitted: Array, lag_of: slice = slice(None)) -> tuple[float, float]:
    """Correlation with a picture moved to its sound by the clip's own lag, found in the frames ``lag_of``; and the lag.

    The lag is the one that training uses (`train.face_lag`): likelihood of the clip and a prior of 35 ms around zero.
    """
    a, b = (torch.tensor(x.astype(np.float32))[None] for x in (mine, fitted))
    late = sound_late(a[:, lag_of], b[:, lag_of], torch.ones_like(a[:, lag_of]))
    moved, known = in_step(b[..., None], torch.ones_like(b), late)
    inside = known[0].numpy() > 0
    x, y = mine[inside], moved[0, :, 0].numpy()[inside]
    r = float(np.corrcoef(x, y)[0, 1]) if x.std() > 1e-6 and y.std() > 1e-6 else 0.0
    return r, float(late)


def out_of_step(curves: Sequence[tuple[Array, Voice]]) -> dict[str, float]:
    """How much of the error is clips whose sound and picture are out of step, each by a lag of its own.

    Choosing a lag by the clip itself flatters: so the same is done with the next clip's picture (``strangers``), and
    each half of a clip is scored at the lag that its other half has (``halves``), which does not flatter.
    """
    pairs = []
    for curve, voice in curves:
        seen = np.flatnonzero(voice.seen)
        if len(seen) >= 40 and voice.lips[seen, JAW].std() >= 1e-3:
            pairs.append((curve[seen], voice.lips[seen, JAW]))
    own = [at_own_lag(mine, fitted) for mine, fitted in pairs]
    strangers = []
    for i, (mine, _) in enumerate(pairs):
        other = pairs[(i + 37) % len(pairs)][1]
        count = min(len(mine), len(other))
        strangers.append(at_own_lag(mine[:count], other[:count])[0])
    halves = [half for mine, fitted in pairs for half in _halves(mine, fitted)]
    as_is, by_other, lags = np.array(halves).T
    return {
        "clips": len(pairs),
        "r_own_lag": round(float(np.mean([r for r, _ in own])), 3),
        "r_own_lag_median": round(float(np.median([r for r, _ in own])), 3),
        "r_strangers_own_lag": round(float(np.mean(strangers)), 3),
        "lag_sd_ms": round(float(np.std([lag for _, lag in own])) * FRAME_MS, 1),
        "lag_of_halves_r": round(float(np.corrcoef(lags.reshape(-1, 2).T)[0, 1]), 2),
        "r_halves": round(float(as_is.mean()), 3),
        "r_halves_lag_of_the_other": round(float(by_other.mean()), 3),
    }


def _halves(mine: Array, fitted: Array) -> list[tuple[float, float, float]]:
    """Per half: correlation as it is, at the lag of the other half, and its own lag in frames."""
    middle, found = len(mine) // 2, []
    for own, other in ((slice(0, middle), slice(middle, None)), (slice(middle, None), slice(0, middle))):
        a, b = mine[own], fitted[own]
        late = at_own_lag(mine, fitted, other)[1]
        at = np.arange(len(fitted))
        moved = np.interp(at + late, at, fitted)[own]
        r = [float(np.corrcoef(a, y)[0, 1]) if min(a.std(), y.std()) > 1e-6 else 0.0 for y in (b, moved)]
        found.append((r[0], r[1], at_own_lag(mine, fitted, own)[1]))
    return found


def by_origin(voices: Sequence[Voice], curve_of: Callable[[Voice], Array]) -> dict[str, Any]:
    """`correlations` of each origin and of all."""
    curves = [(curve_of(voice), voice) for voice in voices]
    names = sorted({voice.name for voice in voices})
    found = {name: correlations([c for c in curves if c[1].name == name]) for name in names}
    return {"all": correlations(curves), **found}


def loudness_context(voice: Voice) -> Array:
    """(N, 62) loudness and its level-free form from 0.3 s before to 0.3 s after each frame."""
    relative = np.clip((voice.loudness_db - voice.level_db) / 10, -4, 2)
    columns = np.stack([relative, np.maximum(relative, -1.5)], axis=1)
    padded = np.pad(columns, ((LOUDNESS_REACH, LOUDNESS_REACH), (0, 0)), mode="edge")
    return np.concatenate([padded[i : i + len(columns)] for i in range(2 * LOUDNESS_REACH + 1)], axis=1)


def loudness_only(train: Sequence[Voice]) -> Callable[[Voice], Array]:
    """The best linear mouth from 0.6 s of loudness, each clip centred; ridge regression over the training part."""
    rows, wanted, weights = [], [], []
    for voice in train:
        seen = voice.seen
        if seen.sum() < 20:
            continue
        context = loudness_context(voice)[seen]
        rows.append(context - context.mean(axis=0))
        wanted.append(voice.lips[seen, JAW] - voice.lips[seen, JAW].mean())
        weights.append(np.full(int(seen.sum()), 0.2 if voice.name == "grid_s1" else 1.0))
    x, y, w = np.concatenate(rows), np.concatenate(wanted), np.concatenate(weights)
    gram = (x * w[:, None]).T @ x + 10 * np.eye(x.shape[1])
    line = np.linalg.solve(gram, (x * w[:, None]).T @ y)
    return lambda voice: loudness_context(voice) @ line


def known_times(made: Sequence[Spoken], network: Network) -> dict[str, Any]:
    """Shares of p, b, m with closed lips and of open vowels with open ones, within 60 ms, by voice."""
    closed: dict[str, list[bool]] = defaultdict(list)
    opened: dict[str, list[bool]] = defaultdict(list)
    false: dict[str, list[bool]] = defaultdict(list)
    for utterance in made:
        _, gap = openings(network, utterance.voice)
        kind = utterance.voice.name.split()[1]
        name = kind + " " + utterance.voice.name.split()[2].partition("+")[0]
        for (start, end), shape in zip(utterance.spans, utterance.classes, strict=True):
            near = gap[max(0, round((start - WITHIN_S) * 50)) : round((end + WITHIN_S) * 50) + 1]
            inside = gap[max(0, round(start * 50)) : max(round(start * 50) + 1, round(end * 50))]
            if not len(near) or not len(inside):
                continue
            for where in (name, f"all {kind}", "all"):
                if SHAPES[shape] == "PP":
                    closed[where].append(bool(near.min() < CLOSED_MM))
                elif SHAPES[shape] == "AA" and end - start > 0.03:
                    opened[where].append(bool(near.max() > OPEN_MM))
                    false[where].append(bool(inside.max() < CLOSED_MM))
    return {
        where: {
            "p_b_m": len(closed[where]),
            "closed": round(float(np.mean(closed[where])), 3),
            "open_vowels": len(opened[where]),
            "opened": round(float(np.mean(opened[where])), 3),
            "vowels_shut_throughout": round(float(np.mean(false[where])), 3),
        }
        for where in sorted(closed)
        if opened[where]
    }


def closures_on_people(voices: Sequence[Voice], network: Network) -> dict[str, float]:
    """Where our lips close inside speech: how low the person's own opening goes within 60 ms, as a rank in the clip."""
    ranks, chance = [], []
    rng = np.random.default_rng(0)
    reach = round(WITHIN_S * 50)
    for voice in voices:
        _, gap = openings(network, voice)
        fitted = voice.lips[:, JAW]
        if voice.seen.sum() < 20:
            continue
        lowest = np.lib.stride_tricks.sliding_window_view(np.pad(fitted, reach, mode="edge"), 2 * reach + 1).min(axis=1)
        shut = (gap < CLOSED_MM) & voice.voice & voice.seen
        begins = np.flatnonzero(shut[1:] & ~shut[:-1]) + 1
        level = np.sort(fitted[voice.seen])
        ranks += (np.searchsorted(level, lowest[begins]) / len(level)).tolist()
        others = rng.choice(np.flatnonzero(voice.seen), len(begins))
        chance += (np.searchsorted(level, lowest[others]) / len(level)).tolist()
    both = {"ours": np.array(ranks), "by_chance": np.array(chance)}
    return {"closures": len(ranks)} | {
        f"{name}_lowest_fifth": round(float((r < 0.2).mean()), 3) for name, r in both.items() if len(r)
    }


def stillness(folder: Path, network: Network) -> dict[str, Any]:
    """Speed of the opening in silence over its speed in speech, per recording.

    Silence is 0.3 s and more after the voice, and 0.46 s and more before it: there the mouth opens to breathe in.
    """
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.flac")):
        speech = load_speech(path)
        tracker = MouthTracker(network)
        begun = time.process_time()
        track = np.concatenate([tracker.push(speech.log_mel, speech.loudness_db, speech.voice), tracker.finish()])
        gap = opening_mm(lip_shapes(track, speaking(speech.voice, track)))
        spent_s = time.process_time() - begun
        speed = np.abs(np.diff(gap)) * 50
        padded = np.pad(speech.voice, (15, 23))
        near = np.lib.stride_tricks.sliding_window_view(padded, 15 + 1 + 23).any(axis=1)
        quiet, talks = ~near[1:], speech.voice[1:]
        found[path.stem] = {
            "silent_s": round(float(quiet.sum() / 50), 1),
            "speech_mm_s": round(float(speed[talks].mean()), 1) if talks.any() else None,
            "silence_share": round(float(speed[quiet].mean() / speed[talks].mean()), 4) if quiet.any() else None,
            "opening_mm_p50_p95": [round(float(v), 1) for v in np.percentile(gap[speech.voice], [50, 95])],
            "times_real_time": round(speech.duration_s / max(spent_s, 1e-3)),
        }
    return found


def main() -> int:
    """Score and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--spoken", type=Path)
    parser.add_argument("--speech", type=Path)
    parser.add_argument("--weights", type=Path, help="the package's own otherwise")
    parser.add_argument("--parts", default="val,test")
    asked = parser.parse_args()
    network = checked_face(load_network(asked.weights)) if asked.weights else shipped_face()
    scores: dict[str, Any] = {"weights": network.sha256}
    if asked.data:
        held = [v for part in asked.parts.split(",") for v in fitted_voices(load_clips(asked.data, part))]
        scores["network"] = by_origin(held, lambda voice: openings(network, voice)[0])
        news = [(openings(network, voice)[0], voice) for voice in held if voice.name == "news"]
        scores["out_of_step"] = out_of_step(news) if news else None
        scores["on_the_avatar"] = by_origin(held, lambda voice: openings(network, voice)[1])
        scores["loudness_only"] = by_origin(held, loudness_only(fitted_voices(load_clips(asked.data, "train"))))
        scores["closures_on_people"] = closures_on_people(held, network)
    if asked.spoken:
        scores["known_times"] = known_times(spoken_voices(asked.spoken), network)
    if asked.speech:
        scores["silence"] = stillness(asked.speech, network)
    json.dump(scores, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
