"""Score the generator on many recordings: the sentence files, 20 clips' sound, four joined ten-minute recordings.

    python benchmarks/score_generator.py [--takes 10] [--fps 30] [--part both|fit|held_out] [--only 4 8 9] [--json OUT]

Every third source is kept aside ("held_out"); long_1 and long_2 are joined from the other sources, long_3 and
long_4 from those kept aside. Joined recordings repeat their sources in random order with pauses of .3 to 4 s, seeded.
"""

from __future__ import annotations

import argparse
import functools
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from talkingeyes.audio import FEATURE_RATE_HZ, Speech, load_speech
from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream
from talkingeyes.audio.speech import find_pauses, find_turns
from talkingeyes.evaluate import single
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference
from talkingeyes.evaluate.scorecard import score
from talkingeyes.generate import animate_takes

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
CLIPS = (
    *(f"portrait/portrait_{i:02d}.mp4" for i in (1, 2, 3, 4, 5, 6, 7, 8)),
    *(f"interview/interview_{i}.mp4" for i in (1, 3, 5, 7, 9, 11)),
    *(f"broadcast/{name}.mp4" for name in ("00016", "00019", "00024")),
    *(f"address/address_{i}.mp4" for i in (3, 9)),
    "grid/bbaf2n.mpg",
)
"""20 clips; the 1.2 s news cuts are too short for anything but counting."""
LONG_S = 600.0
PAUSE_S = (0.3, 4.0)
LONG_FIT, LONG_HELD_OUT = 2, 2
SEEDS_APART = 1000


@dataclass(frozen=True)
class Source:
    """One recording to animate."""

    name: str
    path: Path
    held_out: bool


def short_sources() -> list[Source]:
    """The sentence files and the clips; every third is kept aside."""
    paths = [*sorted((DATA / "speech").glob("*.flac")), *(DATA / "clips" / c for c in CLIPS)]
    return [Source(p.stem, p, i % 3 == 2) for i, p in enumerate(paths)]


def samples_of(path: Path) -> np.ndarray:
    """All samples at 16 kHz."""
    return np.concatenate(list(MonoStream(path)))


def joined(sources: Sequence[Source], seed: int) -> np.ndarray:
    """Sources in random order with random pauses of faint noise, `LONG_S` long, levels matched."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    length = 0.0
    while length < LONG_S:
        for i in rng.permutation(len(sources)):
            sound = samples_of(sources[i].path)
            sound = 0.05 * sound / max(float(np.sqrt(np.mean(sound**2))), 1e-6)
            pause = rng.normal(0, 1e-4, int(rng.uniform(*PAUSE_S) * SAMPLE_RATE_HZ))
            parts += [np.clip(sound, -1, 1), pause]
            length += (len(sound) + len(pause)) / SAMPLE_RATE_HZ
    return np.concatenate(parts)[: int(LONG_S * SAMPLE_RATE_HZ)].astype(np.float32)


def write_flac(path: Path, samples: np.ndarray) -> None:
    """16 kHz mono flac."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE_HZ, layout="mono")
        assert isinstance(stream, AudioStream)
        whole = (samples * 32767).astype(np.int16)
        for first in range(0, len(whole), 4096):
            frame = AudioFrame.from_ndarray(whole[None, first : first + 4096], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE_HZ, first, Fraction(1, SAMPLE_RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def all_sources(cache: Path) -> list[Source]:
    """Short and long sources; the long ones are made once."""
    cache.mkdir(parents=True, exist_ok=True)
    short = short_sources()
    out = list(short)
    for i in range(LONG_FIT + LONG_HELD_OUT):
        held_out = i >= LONG_FIT
        path = cache / f"long_{i + 1}.flac"
        if not path.exists():
            write_flac(path, joined([s for s in short if s.held_out == held_out], seed=i))
        out.append(Source(path.stem, path, held_out))
    return out


def heard(source: Source, cache: Path) -> Speech:
    """Features of a recording, kept in the cache."""
    file = cache / f"{source.name}.speech.npz"
    if file.exists() and file.stat().st_mtime > features_changed():
        with np.load(file, allow_pickle=False) as data:
            fields = {k: data[k] for k in data.files}
        text = {k: str(fields.pop(k)) for k in ("source_name", "sha256")}
        return Speech(duration_s=float(fields.pop("duration_s")), **text, **fields)
    speech = load_speech(source.path)
    np.savez_compressed(file, **{k: v for k, v in vars(speech).items() if v is not None})
    return speech


def long_recordings(cache: Path, seconds: float) -> list[Speech]:
    """The beginnings of the four long ones."""
    return [beginning(heard(s, cache), seconds) for s in all_sources(cache) if s.name.startswith("long")]


@functools.cache
def features_changed() -> float:
    """When the audio code was last edited, so that old features are not reused."""
    return max(p.stat().st_mtime for p in (ROOT / "src" / "talkingeyes" / "audio").glob("*.py"))


def beginning(speech: Speech, seconds: float) -> Speech:
    """The beginning of a recording."""
    count = min(len(speech.voice), round(seconds * FEATURE_RATE_HZ))
    tracks = {
        k: v[:count] for k, v in vars(speech).items() if isinstance(v, np.ndarray) and len(v) == len(speech.voice)
    }
    own = {**tracks, "turns": find_turns(tracks["voice"]), "pauses": find_pauses(tracks["voice"])}
    return replace(speech, duration_s=count / FEATURE_RATE_HZ, **own)


def animated(sources: Sequence[Source], cache: Path, args: argparse.Namespace) -> list[Recording]:
    """Takes of every source in the speaking role, and fewer in the listening role for comparison.

    Every recording has seeds of its own: a seed draws a character, and ten characters are no population.
    """
    out = []
    for i, s in enumerate(sources):
        speech = heard(s, cache)
        for role, takes in (("speaking", args.takes), ("listening", args.listening)):
            if takes == 0:
                continue
            seed = args.seed + SEEDS_APART * i
            motions = animate_takes(speech, takes=takes, fps=args.fps, role=role, seed=seed, model=args.model)
            name = s.name if role == "speaking" else f"{s.name} heard"
            out += [Recording(m, f"{name} take {k + 1}", speech, role, name) for k, m in enumerate(motions)]
    return out


def report(part: str, sources: Sequence[Source], args: argparse.Namespace, reference: Reference) -> dict:
    """Animate and score one part; prints its table."""
    begun = time.perf_counter()
    recordings = animated(sources, args.cache, args)
    made = time.perf_counter()
    card = score(recordings, reference, name=part, only=args.only)
    print(card.table())
    print(f"({made - begun:.1f} s to animate, {time.perf_counter() - made:.1f} s to score)\n")
    return card.to_json()


def each(sources: Sequence[Source], args: argparse.Namespace, reference: Reference) -> None:
    """How many takes of `--each` seconds of the long recordings lie inside each band, each alone."""
    out = []
    for i, s in enumerate(s for s in sources if s.name.startswith("long")):
        speech = beginning(heard(s, args.cache), args.each)
        for role, takes in (("speaking", args.takes), ("listening", args.listening)):
            seed = args.seed + SEEDS_APART * (i + 100)
            made = animate_takes(speech, takes=takes, fps=args.fps, role=role, seed=seed, model=args.model)
            out += [Recording(m, f"{s.name} {k}", speech, role, s.name) for k, m in enumerate(made)]
    alone = reference.gaze.curves.get("single_people") if reference.gaze is not None else None
    rates = single.single_rates(single.by_take(out), reference, args.only)
    print("\n".join(single.lines(rates, alone)))


def main() -> None:
    """Build the recordings, animate, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--takes", type=int, default=10)
    parser.add_argument("--listening", type=int, default=2, help="takes in the listening role, for test 8")
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="statistical")
    parser.add_argument("--part", choices=("both", "fit", "held_out"), default="both")
    parser.add_argument("--only", type=int, nargs="*", default=())
    parser.add_argument("--reference", type=Path, help="a folder of real motions (.npz)")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--each", type=float, help="instead: single takes of so many seconds, each scored alone")
    args = parser.parse_args()
    reference = load_reference(args.reference)
    sources = all_sources(args.cache)
    if args.each:
        return each(sources, args, reference)
    parts = ("fit", "held_out") if args.part == "both" else (args.part,)
    cards = {p: report(p, [s for s in sources if s.held_out == (p == "held_out")], args, reference) for p in parts}
    if args.json:
        args.json.write_text(json.dumps(cards), encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
