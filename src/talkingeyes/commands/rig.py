"""``talkingeyes rig``: what head, eyes and shapes an avatar has."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.commands.console import Console
from talkingeyes.errors import OutputError

HELP = "what head, eyes and shapes an avatar has; writes an editable mapping"
EPILOG = """examples:
  talkingeyes rig me.vrm                                  what was found, and how it will be used
  talkingeyes rig me.glb -o me.json                       the same as a mapping to edit
  talkingeyes animate speech.wav --avatar me.glb --mapping me.json -o talk.glb
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes rig``, one field each."""

    avatar: str
    output: str | None
    mapping: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("avatar", metavar="FILE", help="a .glb, .vrm or .gltf, or a built-in look such as `default`")
    parser.add_argument("-o", "--output", metavar="OUT.json", help="write the mapping, to edit and hand to --mapping")
    parser.add_argument("--mapping", metavar="FILE", help="apply a mapping first, to see what it makes of the avatar")


def run(options: Options, console: Console) -> int:
    """Look into one avatar.

    Raises:
        TalkingEyesError: the avatar or the mapping cannot be used, or the mapping cannot be written.
    """
    from talkingeyes.avatar.looks import chosen
    from talkingeyes.avatar.mapping import mapping_text
    from talkingeyes.avatar.report import describe
    from talkingeyes.files import check_target, write_whole

    look, path = chosen(options.avatar)
    mapping = Path(options.mapping) if options.mapping else None
    inputs = [p for p in (path, mapping) if p is not None]
    target = Path(options.output) if options.output else None
    if target is not None:
        if target.suffix.lower() != ".json":
            raise OutputError(f"{target}: a mapping is JSON; a name that ends in .json is accepted")
        check_target(target, inputs)
    found = describe(path, mapping, look)
    if target is not None:
        text = mapping_text(found.mapping)
        write_whole(target, lambda aside: _write(aside, text), inputs)
    for line in found.lines:
        console.say(line)
    if target is not None:
        console.say(f"wrote {target}")
    console.result({**found.mapping, **found.measured, "files": [str(target)] if target is not None else []})
    return 0


def _write(aside: Path, text: str) -> None:
    aside.write_text(text, encoding="utf-8")
