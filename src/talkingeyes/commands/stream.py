"""``talkingeyes stream``: live sound becomes live motion, for avatars in other programs."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.amounts import Direction, add_amount_arguments, direction_of
from talkingeyes.commands.console import Console
from talkingeyes.commands.outputs import Outputs
from talkingeyes.errors import SettingError, TalkingEyesError

if TYPE_CHECKING:
    from pathlib import Path

    from talkingeyes.live.sinks import Sink
    from talkingeyes.live.stream import Stream

HELP = "live sound -> live motion: VSeeFace, Unreal, VTube Studio, WebSocket, a file"
EPILOG = """sources:
  mic, mic:NAME        a microphone (its name or number; Ctrl-C ends)
  FILE                 a recording, as if it were spoken now; --fast: as fast as it goes
  -                    raw samples that are piped in: --pcm s16le --rate 16000
  tcp://127.0.0.1:P    raw samples of one connection after the other; udp:// of datagrams
targets:
  vmc://127.0.0.1:39539        VSeeFace, VRM apps, Blender (VMC); ?mouth=arkit for perfect sync, ?vrm=0|1
  livelink://127.0.0.1:11111   Unreal Engine (Live Link Face); ?subject=NAME
  vts://127.0.0.1:8001         VTube Studio; it asks its user once
  ws://HOST:PORT/PATH          a WebSocket server; listen://127.0.0.1:8765: be one; ?format=msgpack
  -                            frames as JSON, one a line
  OUT.npz, OUT.csv, ..         the whole motion, written at the end
examples:
  talkingeyes stream mic --to vmc://
  talkingeyes stream speech.wav --to livelink://127.0.0.1:11111?subject=Eyes --to talk.npz
  my_tts | talkingeyes stream - --pcm s16le --rate 24000 --other mic --to vts://
"""
_SAY_EVERY_S = 0.25
_JSON_EVERY_S = 1.0
_LONGEST_S = 7 * 24 * 3600.0


@dataclass(frozen=True)
class Options(Direction):
    """The arguments of ``talkingeyes stream``, one field each."""

    source: str
    other: str | None
    to: list[str] | None
    fast: bool
    for_s: float | None
    pcm: str | None
    rate: int | None
    seed: int
    fps: float
    latency: str
    role: str
    model: str
    face: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("source", metavar="SOURCE", help="where the character's own voice comes from: see below")
    add("--other", metavar="SOURCE", help="the voice of the one it talks with, from another source")
    add("--to", metavar="TARGET", action="append", help="where the frames go: see below; may be given several times")
    add("--fast", action="store_true", help="animate a file as fast as it goes, not as fast as it is spoken")
    add("--for-s", type=float, metavar="S", help="end after so many seconds")
    add("--pcm", metavar="FORM", help="raw samples, mono: s16le, s16be, s32le, f32le or u8")
    add("--rate", type=int, metavar="HZ", help="samples per second of raw samples or a microphone (default 16000)")
    add("--seed", type=int, default=0, metavar="S", help="the same seed and sound give the same motion (default 0)")
    add("--fps", type=float, default=30.0, metavar="F", help="frames per second, 24 to 120 (default 30)")
    add(
        "--latency",
        choices=("low", "relaxed"),
        default="low",
        help="low (default), or relaxed: a later and better mouth",
    )
    add(
        "--role",
        choices=("auto", "speaking", "listening"),
        default="auto",
        help="who the character is: told by who speaks (default), or fixed",
    )
    add("--model", default="default", metavar="default|statistical|FOLDER", help="how motion is generated")
    add(
        "--face",
        default="generate",
        metavar="generate|none|FOLDER",
        help="the mouth: from the voice (default), or none",
    )
    add_amount_arguments(parser)


def run(options: Options, console: Console) -> int:
    """Stream until the source ends, or Ctrl-C.

    Raises:
        TalkingEyesError: a source, a target or a setting is unusable.
    """
    from talkingeyes.live.session import Session
    from talkingeyes.live.sources import open_source
    from talkingeyes.live.stream import Stream
    from talkingeyes.live.targets import EXAMPLES, is_file, sink_of

    if not options.to:
        raise SettingError(f"where do the frames go? --to {EXAMPLES}")
    if options.for_s is not None and not 0 < options.for_s <= _LONGEST_S:
        raise SettingError(f"--for-s is {options.for_s:g}; more than 0 and up to a week is accepted")
    if "-" in options.to and console.as_json:
        raise SettingError("--to - and --json would both write to standard output; choose one")
    for twice in {t for t in options.to if options.to.count(t) > 1} | ({options.source} & {options.other}):
        raise SettingError(f"{twice}: is asked for twice")
    files = [text for text in options.to if is_file(text)]
    outputs = Outputs.checked(files, 1, _inputs(options), console) if files else None
    sinks = [sink_of(text) for text in options.to if not is_file(text)]
    given = {"own": options.source, "other": options.other}
    voices = [voice for voice, name in given.items() if name is not None]
    session = Session(
        voices=voices, fps=options.fps, seed=options.seed, model=options.model, role=options.role,
        latency=options.latency, face=options.face, character=options.character, amounts=_amounts(options),
    )  # fmt: skip
    sources = {v: open_source(name, options.pcm, options.rate) for v, name in given.items() if name is not None}
    if options.fast and any(source.live or source.endless for source in sources.values()):
        raise SettingError("--fast is for files and pipes; what comes in real time is animated in real time")
    stream = Stream(session, sources, sinks, fps=options.fps, record=bool(files))
    return _stream(stream, options, outputs, console)


def _inputs(options: Options) -> list[Path]:
    from pathlib import Path

    return [path for name in (options.source, options.other) if name and (path := Path(name)).is_file()]


def _amounts(options: Options) -> Any:
    from talkingeyes.generate.amounts import amounts_of

    given = {name: value for name, value in direction_of(options).items() if name not in ("mood", "character")}
    return amounts_of(given, options.mood)


def _stream(stream: Stream, options: Options, outputs: Outputs | None, console: Console) -> int:
    """Run, then write the files, also when something failed on the way."""
    failure: TalkingEyesError | None = None
    with console.live_line() as line:
        _say_hello(stream.sources, stream.sinks, stream, console)
        try:
            _run(stream, options, line, console)
        except TalkingEyesError as error:
            failure = error
    rows = _write(stream, outputs, console) if outputs is not None and stream.parts else []
    if failure is not None:
        raise failure
    if not stream.status.frames:
        console.note("no frame was due: the sound was too short")
    console.say(_summary(stream))
    errors = outputs.errors if outputs is not None else []
    console.result({**_event("finished", stream), "files": rows, "errors": errors})
    return outputs.status if outputs is not None else 0


def _run(stream: Stream, options: Options, line: Any, console: Console) -> None:
    import asyncio

    from talkingeyes.live.signals import signals_ask

    async def all_of_it() -> None:
        stop = asyncio.Event()
        with signals_ask(stop.set):
            telling = asyncio.create_task(_tell(stream, line, console))
            timer = asyncio.get_running_loop().call_later(options.for_s, stop.set) if options.for_s else None
            try:
                await stream.run(stop, fast=options.fast)
            finally:
                telling.cancel()
                if timer is not None:
                    timer.cancel()

    asyncio.run(all_of_it())


async def _tell(stream: Stream, line: Any, console: Console) -> None:
    import asyncio

    said: set[str] = set()
    since_s = 0.0
    while True:
        await asyncio.sleep(_SAY_EVERY_S)
        since_s += _SAY_EVERY_S
        line(_status_line(stream))
        for problem in set(stream.status.problems) - said:
            said.add(problem)
            console.note(problem)
        if since_s >= _JSON_EVERY_S:
            since_s = 0.0
            console.result(_event("status", stream))
            console.flush()


def _status_line(stream: Stream) -> str:
    status = stream.status
    dropped = sum(sink["dropped"] for sink in status.sinks.values())
    lost = f"  {dropped} dropped" if dropped else ""
    role = f"  {status.role}" if status.role else ""
    return f"{status.time_s:7.1f} s  {status.fps:3.0f} fps  {status.latency_ms:4.0f} ms{role}{lost}"


def _summary(stream: Stream) -> str:
    status = stream.status
    sinks = "; ".join(
        f"{name}: {n['sent']} frames" + (f", {n['dropped']} dropped" if n["dropped"] else "")
        for name, n in status.sinks.items()
    )
    gaps = f"; {status.underruns} gaps in the voice" if status.underruns else ""
    return f"{status.frames} frames, {status.frames / stream.fps:.1f} s{gaps}" + (f"; {sinks}" if sinks else "")


def _event(kind: str, stream: Stream) -> dict[str, Any]:
    return {"event": kind, **dataclasses.asdict(stream.status)}


def _say_hello(sources: Any, sinks: Sequence[Sink], stream: Stream, console: Console) -> None:
    names = {voice: source.name for voice, source in sources.items()}
    latency = {name: round(seconds, 4) for name, seconds in stream.session.latency_s.items()}
    if "-" not in [sink.name for sink in sinks]:
        console.say(f"{' and '.join(names.values())}; Ctrl-C ends")
    console.result({"event": "started", "sources": names, "latency_s": latency, "fps": stream.fps})
    console.flush()


def _write(stream: Stream, outputs: Outputs, console: Console) -> list[dict[str, Any]]:
    from talkingeyes.audio import load_speech
    from talkingeyes.formats.job import ExportJob
    from talkingeyes.live.frames import concatenated

    source = stream.sources["own"]
    with console.progress(1 + len(outputs.wanted)) as progress:
        progress.step("joining")
        motion = concatenated(stream.parts)
        path = source.recording if outputs.wants_sound() else None
        speech = load_speech(path) if path is not None else None
        outputs.write(ExportJob((motion,), path, speech, source.title), progress)
    return outputs.report()
