"""``talkingeyes evaluate``: is this motion human?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.commands.console import Console
from talkingeyes.errors import OutputError

HELP = "is this motion human? 25 tests, with controls and a page"
EPILOG = """examples:
  talkingeyes evaluate speech.npz --audio speech.wav                one motion
  talkingeyes evaluate take-*.npz --audio speech.wav -o report.html several takes, side by side and together
  talkingeyes evaluate mine/ theirs/ -o report.html                 folders of motions against each other
  talkingeyes evaluate takes/ --observer fixations.csv.gz fits/     can it be told from people?
  talkingeyes evaluate speech.npz --controls --json                 and does the scorecard catch what it must?
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes evaluate``, one field each."""

    motion: list[str]
    audio: list[str]
    reference: str | None
    controls: bool
    observer: list[str]
    each: bool
    output: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("motion", metavar="MOTION", nargs="+", help="motion files (.npz .csv .json, FLAME .npz) or folders of them")
    add("--audio", metavar="A", nargs="+", default=[], help="one recording for all, or one per motion")
    add("--reference", metavar="DIR", help="a folder of real people's motions (.npz) to compare with")
    add("--controls", action="store_true", help="also score motion that must fail")
    add("--each", action="store_true", help="also score every take on its own: how many are inside the bands")
    add(
        "--observer",
        metavar="P",
        nargs="+",
        default=[],
        help="real people (a table of fixations, folders of fitted "
        ".npz): can a classifier tell the motion from them? Needs the extra evaluate",
    )
    add("-o", "--output", metavar="OUT", help="the report as a page, .html")


def run(options: Options, console: Console) -> int:
    """Score, print, write the page. Status 1 if a control does not behave as it must.

    Raises:
        TalkingEyesError: an input cannot be read or the page cannot be written.
    """
    target = Path(options.output) if options.output else None
    inputs = [Path(p) for p in (*options.motion, *options.audio)]
    if target is not None:
        from talkingeyes.files import check_target

        if target.suffix.lower() not in (".html", ".htm"):
            raise OutputError(f"{target}: the report is a page; a name that ends in .html is accepted")
        check_target(target, inputs)

    from talkingeyes.evaluate.command import evaluate

    steps = 3 + len(options.motion) + options.controls + bool(options.observer) + options.each
    with console.progress(steps, items=len(options.motion) > 1) as progress:
        found = evaluate(
            [Path(m) for m in options.motion],
            [Path(a) for a in options.audio],
            reference=Path(options.reference) if options.reference else None,
            controls=options.controls,
            people=[Path(p) for p in options.observer],
            each=options.each,
            progress=progress.step,
        )
        if target is not None:
            from talkingeyes.files import write_whole

            page = found.page()
            write_whole(target, lambda aside: _write(aside, page), inputs)
    for line in found.lines():
        console.say(line)
    if target is not None:
        console.say(f"wrote {target}")
    console.result({**found.to_json(), "files": [str(target)] if target is not None else []})
    return 0 if found.controls_hold else 1


def _write(aside: Path, page: str) -> None:
    aside.write_text(page, encoding="utf-8")
