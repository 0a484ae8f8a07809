"""``talkingeyes batch``: recordings by the thousand become files, with a ledger; stopped anywhere, it goes on."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.amounts import Direction, add_amount_arguments, direction_of
from talkingeyes.commands.console import Console, Progress
from talkingeyes.errors import SettingError
from talkingeyes.extras import require

if TYPE_CHECKING:
    from talkingeyes.batch import BatchReport, Watcher
    from talkingeyes.engines import Engine

HELP = "recordings by the thousand -> files, with a ledger; run again to go on"
EPILOG = """examples:
  talkingeyes batch lines/ -o out/                                every recording of the folder: out/NAME.npz
  talkingeyes batch "scene1/*.wav" extra.flac -o out/ --formats npz,glb,csv
  talkingeyes batch lines.csv -o out/ --jobs 8                    a table: audio and, where wanted, id, channel,
                                                                  character, seed, role, look, formats (docs/batch.md)
  talkingeyes batch lines.csv -o out/ --only failed               again what failed
  talkingeyes batch /nfs/lines.jsonl -o /nfs/out --engine ray --address auto
"""
SOME_FAILED = 1
"""The exit status where some lines failed; 2 where nothing was begun."""


@dataclass(frozen=True)
class Options(Direction):
    """The arguments of ``talkingeyes batch``, one field each."""

    inputs: list[str]
    output: str
    formats: str
    only: str
    seed: int
    fps: float | None
    role: str
    model: str
    avatar: str | None
    engine: str
    jobs: int | None
    address: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from talkingeyes.formats.table import suffixes_written

    add = parser.add_argument
    add(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="a folder (searched to its bottom), a recording, a pattern in quotes, or a table (.csv, .tsv, .jsonl)",
    )
    add("-o", "--output", metavar="DIR", required=True, help="the folder for the files and ledger.jsonl")
    add("--formats", default="npz", metavar="A,B", help=f"files of each line (default npz): {suffixes_written()}")
    add("--only", choices=("changed", "failed", "all"), default="changed",
        help="changed (default): lines that are new, whose recording or settings are others now, that failed, or whose "
        "files are gone; failed; all")  # fmt: skip
    add("--seed", type=int, default=0, metavar="S", help="of lines that have none of their own (default 0)")
    add("--fps", type=float, metavar="F", help="frames per second, 24 to 120 (default 30)")
    add("--role", choices=("speaking", "listening"), default="speaking", help="of lines that have none of their own")
    add("--model", default="default", metavar="default|joint|statistical|FOLDER", help="as in talkingeyes animate")
    add("--avatar", metavar="FILE|LOOK", help="the character in the files that show one")
    add("--engine", choices=("local", "ray"), default="local", help="processes here, or a Ray cluster (default: local)")
    add("--jobs", type=int, metavar="N", help="processes of the local engine (default: one a core)")
    add("--address", metavar="A", help="of the Ray cluster: auto or host:port")
    add_amount_arguments(parser)


def run(options: Options, console: Console) -> int:
    """Make the lines.

    Raises:
        TalkingEyesError: an input, a setting or the folder is unusable.
    """
    from talkingeyes.avatar.load import open_avatar
    from talkingeyes.avatar.looks import chosen
    from talkingeyes.batch import BatchSettings, lines_of, run_batch

    look, avatar = chosen(options.avatar)
    wishes = {"seed": options.seed, "fps": options.fps, "role": options.role, "model": options.model}
    settings = BatchSettings({**wishes, **direction_of(options)}, avatar, look, options.only)
    if avatar is not None:
        open_avatar(avatar, None, look)
    engine, lines = _engine(options), lines_of(options.inputs, options.formats.split(","))
    for note in lines.notes:
        console.note(note)
    with _watching(console) as watcher:
        report = run_batch(lines, Path(options.output), settings=settings, engine=engine, watcher=watcher)
    _tell(report, options.output, console)
    return SOME_FAILED if report.failed else 0


def _engine(options: Options) -> Engine:
    from talkingeyes.engines import LocalEngine, RayEngine

    if options.engine == "local":
        if options.address is not None:
            raise SettingError("--address is for --engine ray")
        return LocalEngine(_cores() if options.jobs is None else options.jobs)
    if options.jobs is not None:
        raise SettingError("--jobs is for --engine local; a cluster uses all of its processors")
    require("cluster", "the ray engine")
    return RayEngine(options.address)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell(report: BatchReport, folder: str, console: Console) -> None:
    console.say(
        f"{folder}: {report.made} made, {report.found_done} found done, {len(report.failed)} failed, of {report.lines}"
    )
    console.result({"event": "end", **report.to_json()})


@contextmanager
def _watching(console: Console) -> Iterator[Watcher]:
    """Tells of every line: a bar and errors for people, a JSON object a line for machines."""
    from talkingeyes.batch import Watcher

    class Teller(Watcher):
        bar: Progress | None = None

        def begin(self, lines: int, to_do: int) -> None:
            console.result({"event": "begin", "lines": lines, "to_do": to_do})
            if not console.as_json:
                self.bar = Progress(to_do, None if console.quiet else sys.stderr)

        def ended(self, row: Mapping[str, Any]) -> None:
            console.result({"event": "line", **row})
            console.flush()
            if self.bar is not None:
                self.bar.step(row["id"])
            if "error" in row and not console.as_json:
                told = str(row["error"])
                console.error(told if told.startswith(f"{row['id']}: ") else f"{row['id']}: {told}")

    teller = Teller()
    try:
        yield teller
    finally:
        if teller.bar is not None:
            teller.bar.close()
