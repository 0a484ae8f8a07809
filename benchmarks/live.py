"""Live sessions beside takes of whole recordings: scorecard, observer, dialogue, curves, latency, memory.

    python benchmarks/live.py [--only score observe dialogue curves latency memory] [--takes 2] [--seconds 120]
        [--hours 2] [--fits FOLDER] [--json OUT] [--plot OUT.svg]

The same recordings are animated whole (`animate`, "offline") and pushed through `te.Session` in pieces of 20 ms
("live"): speaking with the own voice, listening with the other one; seeds are the same. What is asked of both is what
`score_generator.py`, `observe_generator.py` and `speech_gaze.py` ask. In the dialogue the two labelled people speak
with the voices of the sentence files, placed where their utterances are; one live session hears both.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import observe_generator as observing
import score_generator as scoring
import speech_gaze as dialogue
import talkingeyes as te
from talkingeyes.audio import Speech, load_speech
from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.evaluate.observed import Asking, People, observe
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import load_reference
from talkingeyes.evaluate.scorecard import score
from talkingeyes.evaluate.speech_gaze import Talker, read_dialogue, shares, track_of
from talkingeyes.generate import animate_takes
from talkingeyes.generate.plan import GazeShift
from talkingeyes.live.frames import concatenated
from talkingeyes.motion import Motion

PIECE = SAMPLE_RATE_HZ // 50
PARTS = ("score", "observe", "dialogue", "curves", "latency", "memory")
Take = tuple[Motion, list[GazeShift]]


def live_take(voices: dict[str, np.ndarray], seed: int, fps: float, **options: Any) -> Take:
    """What a session makes of voices (16 kHz), and the gaze shifts that it planned."""
    session = te.Session(fps=fps, seed=seed, voices=sorted(voices), **options)
    shifts: list[GazeShift] = []
    generator = session._engine.stage.generator
    stepping = generator.stepping

    def kept(*args: Any) -> Any:
        plan = yield from stepping(*args)
        shifts.extend(plan.gaze)
        return plan

    generator.stepping = kept  # type: ignore[method-assign]
    parts = []
    for at in range(0, max(map(len, voices.values())), PIECE):
        for voice, sound in voices.items():
            parts.append(session.push(sound[at : at + PIECE], SAMPLE_RATE_HZ, voice))
    parts.append(session.finish())
    return concatenated([part for part in parts if part is not None]), shifts


def live_recordings(speeches: Sequence[Speech], sounds: Sequence[np.ndarray], args: Any) -> tuple[list, list]:
    """Recordings of live takes in both roles, and their shifts with role and length."""
    made, shifts = [], []
    for i, (speech, sound) in enumerate(zip(speeches, sounds, strict=True)):
        for role, voice in (("speaking", "own"), ("listening", "other")):
            for k in range(args.takes):
                seed = seed_of(args, i, role) + k
                motion, planned = live_take({voice: sound}, seed, args.fps)
                made.append(Recording(motion, f"{i} {role} take {k}", speech, role, f"{i} {role}"))
                shifts.append((role, planned, speech.duration_s))
    return made, shifts


def offline_recordings(speeches: Sequence[Speech], args: Any) -> list[Recording]:
    """The same from whole recordings."""
    made = []
    for i, speech in enumerate(speeches):
        for role in ("speaking", "listening"):
            seed = seed_of(args, i, role)
            takes = animate_takes(speech, takes=args.takes, fps=args.fps, role=role, seed=seed)
            made += [Recording(m, f"{i} {role} take {k}", speech, role, f"{i} {role}") for k, m in enumerate(takes)]
    return made


def seed_of(args: Any, i: int, role: str) -> int:
    """Every recording and role has seeds of its own."""
    return args.seed + scoring.SEEDS_APART * i + observing.LISTENING_SEEDS * (role == "listening")


def at_rate(recording: Recording, fps: float) -> Recording:
    """The same frames at the observer's rate: each time's nearest one (all channels are smooth but for saccades)."""
    motion = recording.motion
    rows = np.minimum(np.round(np.arange(int(motion.duration_s * fps)) * motion.fps / fps).astype(int),
                      motion.num_frames - 1)  # fmt: skip
    channels = {name: values[rows] for name, values in motion.channels.items()}
    return replace(recording, motion=Motion(**channels, fps=fps, face_names=motion.face_names, meta=motion.meta))


def ask_observer(kind: str, made: Sequence[Recording], looks: dict[str, list], people: People, args: Any) -> list[dict]:
    """AUCs against people, with their floors."""
    spoken = [at_rate(r, observing.RATE_HZ) for r in made if r.role == "speaking"]
    assert any(looks.values()), "no looks were kept: nothing to ask"
    found = observe(spoken if people.recordings else [], people, Asking(rounds=2, seed=args.seed), looks=looks)
    print(f"\n{kind}\n" + observing.table([("people", o) for o in found]), flush=True)
    return [o.to_json() for o in found]


def score_and_observe(args: Any) -> dict[str, Any]:
    """Scorecard with Frechet distances, and the observer, of both."""
    sources = [s for s in scoring.all_sources(args.cache) if s.name.startswith("long")]
    speeches = [scoring.beginning(scoring.heard(s, args.cache), args.seconds) for s in sources]
    sounds = [scoring.samples_of(s.path)[: round(args.seconds * SAMPLE_RATE_HZ)] for s in sources]
    offline = offline_recordings(speeches, args)
    begun = time.process_time()
    live, shifts = live_recordings(speeches, sounds, args)
    print(f"live takes: {(time.process_time() - begun) / (len(live) * args.seconds) * 100:.1f} % of a core each")
    out: dict[str, Any] = {}
    reference = load_reference(None)
    for kind, made in (("offline", offline), ("live", live)):
        if "score" in args.only:
            card = score(made, reference, name=kind)
            print(card.table(), flush=True)
            out[kind] = {"card": card.to_json()}
    if "observe" in args.only:
        states = {"speaking": "SPEAK", "listening": "LISTEN"}
        own = {role: [of_shifts(s, end_s, f"take {i}", state) for i, (r, s, end_s) in enumerate(shifts) if r == role]
               for role, state in states.items()}  # fmt: skip
        whole = observing.looks_of(observing.planned("default", speeches, args.takes, args.seed))
        clips = tuple(observing.fitted_clips(args.fits, args.cache)) if args.fits else ()
        people = People(tuple(observing.read_fixations(observing.TABLE)), clips)
        for kind, made, looks in (("offline", offline, whole), ("live", live, own)):
            out.setdefault(kind, {})["observer"] = ask_observer(kind, made, looks, people, args)
    return out


def voice_of(talker: Talker, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """(n,) at 16 kHz: recorded sentences, one after another, cut to where a talker's utterances are."""
    files = sorted((scoring.DATA / "speech").glob("*.flac"))
    said = np.concatenate([scoring.samples_of(files[i]) for i in rng.permutation(len(files))])
    said = 0.05 * said / np.sqrt(np.mean(said**2))
    out, used = np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32), 0
    for begin, end in np.round(talker.utterances * SAMPLE_RATE_HZ).astype(int):
        size = max(0, min(end, len(out)) - begin)
        out[begin : begin + size] = np.take(said, np.arange(used, used + size), mode="wrap")
        used += size
    return np.clip(out, -1, 1)


def of_dialogue(args: Any) -> dict[str, Any]:
    """Time on the partner at the moments of speech: people, whole recordings, live sessions that hear both voices."""
    talkers = [cut(t, args.seconds * 3) for t in list(read_dialogue(dialogue.DIALOGUE).values())[:2]]
    pairs, seconds = [(talkers[0], talkers[1]), (talkers[1], talkers[0])], args.seconds * 3
    real = [[t.on_partner] for t in talkers]
    own, heard, live = [], [], []
    for i, (a, b) in enumerate(pairs):
        seeds = [args.seed + 1000 * i + k for k in range(args.takes)]
        own.append([dialogue.take("default", a, "speaking", s, seconds) for s in seeds])
        heard.append([dialogue.take("default", b, "listening", s + 500, seconds) for s in seeds])
        rng = np.random.default_rng(args.seed + i)
        voices = {"own": voice_of(a, seconds, rng), "other": voice_of(b, seconds, rng)}
        shifts = [live_take(voices, s, 30.0, face="none")[1] for s in seeds]
        live.append([track_of([of_shifts(s, seconds, "take")], seconds) for s in shifts])
    people = dialogue.rows_of(pairs, real, real)  # type: ignore[arg-type]
    out: dict[str, Any] = {"people": [vars(r) for r in people]}
    for kind, speaking, listening in (("offline", own, heard), ("live", live, live)):
        rows = dialogue.rows_of(pairs, speaking, listening)
        print(f"\n{kind}\n{dialogue.show(people, rows)}")
        talk = [shares(a, b, t) for (a, b), ts in zip(pairs, speaking, strict=True) for t in ts]
        print({name: round(float(np.mean([t[name] for t in talk])), 2) for name in talk[0]}, flush=True)
        out[kind] = [vars(r) for r in rows]
    return out


def cut(talker: Talker, seconds: float) -> Talker:
    """The beginning of a talker."""
    inside = talker.utterances[:, 1] < seconds
    assert talker.on_partner is not None
    return Talker(talker.utterances[inside], talker.hesitant[inside], talker.on_partner[: round(seconds * 25)])


def curves(args: Any) -> dict[str, Any]:
    """Gaze, head and lids of one take of each over the waveform, as a picture."""
    source = next(s for s in scoring.short_sources() if s.path.suffix == ".flac")
    sound = np.tile(scoring.samples_of(source.path), 4)[: 30 * SAMPLE_RATE_HZ]
    path = args.cache / "curves.flac"
    scoring.write_flac(path, sound)
    [whole] = animate_takes(load_speech(path), takes=1, fps=30.0, seed=args.seed)
    live, _ = live_take({"own": sound}, args.seed, 30.0)
    args.plot.write_text(drawing(sound, {"offline": whole, "live": live}), encoding="utf-8")
    rows = {k: {"head SD deg": float(np.degrees(m.head_rad.std(axis=0)).mean()),
                "gaze SD deg": float(np.degrees(m.gaze_in_space_rad().std(axis=0)).mean()),
                "blinks": int(np.sum(np.diff((m.lids.mean(axis=1) > 0.5).astype(int)) == 1))}
            for k, m in (("offline", whole), ("live", live))}  # fmt: skip
    print(rows)
    return rows


def drawing(sound: np.ndarray, motions: dict[str, Motion]) -> str:
    """An SVG: waveform, then yaw and pitch of gaze and head, lids and jaw of each motion."""
    width, height, lines = 1500, 90, []
    rows: list[tuple[str, list[tuple[np.ndarray, str]], float]] = []
    envelope = np.abs(sound[: len(sound) // 320 * 320].reshape(-1, 320)).max(axis=1)
    rows.append(("sound", [(envelope, "#888")], float(envelope.max())))
    for name, m in motions.items():
        gaze, head = np.degrees(m.gaze_in_space_rad()), np.degrees(m.head_rad)
        rows.append((f"{name} gaze deg (blue yaw, red pitch)", [(gaze[:, 0], "#06c"), (gaze[:, 1], "#c30")], 20.0))
        rows.append((f"{name} head deg", [(head[:, i], c) for i, c in enumerate(("#06c", "#c30", "#393"))], 12.0))
        rows.append(
            (f"{name} lids, jaw (green)", [(m.lids.mean(axis=1), "#333"), (m.coefficient("jawOpen"), "#393")], 1.0)
        )
    for i, (name, tracks, most) in enumerate(rows):
        middle = i * height + height / 2
        lines.append(f'<text x="4" y="{i * height + 12}" font-size="11">{name}, +-{most:.3g}</text>')
        lines.append(f'<line x1="0" x2="{width}" y1="{middle}" y2="{middle}" stroke="#ddd"/>')
        for track, colour in tracks:
            x, y = np.linspace(0, width, len(track)), middle - np.clip(track / most, -1, 1) * height / 2
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
            lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}"/>')
    size = f'width="{width}" height="{len(rows) * height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size} fill="white"/>{"".join(lines)}</svg>'


def latency(args: Any) -> dict[str, Any]:
    """By channel, as promised; and the worst that pushing single milliseconds of the sample finds."""
    from live_server import recording

    sound, out = recording()[: 20 * SAMPLE_RATE_HZ], {}
    for kind in ("low", "relaxed"):
        session, worst_s = te.Session(latency=kind, voices=["own"]), 0.0
        for at in range(0, len(sound), 16):
            session.push(sound[at : at + 16], SAMPLE_RATE_HZ)
            worst_s = max(worst_s, (at + 16) / SAMPLE_RATE_HZ - session.time_s)
        out[kind] = {**session.latency_s, "worst wait for a frame": round(worst_s, 4)}
        print(kind, out[kind], flush=True)
    return out


def memory(args: Any) -> dict[str, Any]:
    """Memory and size of the state by hour of sound that is pushed as fast as it goes."""
    from live_server import recording

    voices = ["own"] if args.one_voice else ["own", "other"]
    sound, session, rows = recording(), te.Session(voices=voices), []
    begun = time.process_time()
    for minute in range(round(args.hours * 60) + 1):
        if minute % 10 == 0:
            resident_mb = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
            state_kb = len(json.dumps(session.state())) / 1024
            rows.append({"hours": minute / 60, "mb": round(resident_mb, 1), "state_kb": round(state_kb, 1)})
            print(rows[-1], f"{time.process_time() - begun:.0f} s", flush=True)
        own = np.resize(np.roll(sound, -minute * 7919), 60 * SAMPLE_RATE_HZ)
        for at in range(0, len(own), SAMPLE_RATE_HZ):
            session.push(own[at : at + SAMPLE_RATE_HZ], SAMPLE_RATE_HZ)
            if not args.one_voice:
                session.push(own[::-1][at : at + SAMPLE_RATE_HZ], SAMPLE_RATE_HZ, "other")
    return {"by hour": rows}


def main() -> None:
    """Measure what is asked for, print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--takes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=120.0, help="of each long recording; a third of the dialogue")
    parser.add_argument("--hours", type=float, default=2.0, help="of sound, for memory")
    parser.add_argument("--one-voice", action="store_true", help="for memory: the own voice alone, in half the time")
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fits", type=Path, help="a folder of folders of fitted clips, for heads and lids")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "talkingeyes_score")
    parser.add_argument("--plot", type=Path, default=Path("live_curves.svg"))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    out: dict[str, Any] = {}
    if {"score", "observe"} & set(args.only):
        out.update(score_and_observe(args))
    for name, part in (("dialogue", of_dialogue), ("curves", curves), ("latency", latency), ("memory", memory)):
        if name in args.only:
            out[name] = part(args)
    if args.json:
        args.json.write_text(json.dumps(out), encoding="utf-8")


if __name__ == "__main__":
    main()
