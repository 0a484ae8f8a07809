"""What changes a take after it is made: ``--edits``, ``--reroll``, and the targets that edits and marks name."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.errors import EditsError, TargetError
from talkingeyes.generate.edits.table import CHANNELS, MAX_SEED
from talkingeyes.wording import quoted

if TYPE_CHECKING:
    from talkingeyes.generate.edits.read import Edits
    from talkingeyes.motion import Motion

_NUMBER = r"\d{1,6}(?:\.\d{0,6})?"
_REROLL = re.compile(rf"([a-z,]{{1,40}})=({_NUMBER})-({_NUMBER}):(\d{{1,19}})")


@dataclass(frozen=True, kw_only=True)
class Editing:
    """The options below; None where one is not given."""

    edits: str | None
    reroll: list[str] | None
    target: list[str] | None
    glance_at: list[str] | None
    events: bool


def add_edit_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("edits of a take", "on top of the same seed; everything else keeps its bytes")
    group.add_argument(
        "--edits", metavar="FILE.json", help="glances, looks, blinks, nods and more to add, move or take out"
    )
    group.add_argument(
        "--reroll",
        action="append",
        metavar="CHANNELS=FROM-TO:SEED",
        help="new motion of these of gaze,head,blinks,mouth for some seconds, e.g. gaze,head=3.0-5.5:9",
    )
    group.add_argument(
        "--target",
        action="append",
        metavar="NAME=PLACE",
        help="what marks (@NAME) and edits look at: X,Y,Z in metres, TRACK.csv (time,x,y,z) or SCENE.glb#NODE",
    )
    group.add_argument(
        "--glance-at",
        action="append",
        metavar="NAME=SHARE",
        help="a target that the gaze goes to of its own accord for about this share of the time, e.g. screen=0.2",
    )
    group.add_argument(
        "--events", action="store_true", help="with --json: list every gaze shift and blink with the id that edits name"
    )


def editing_of(options: Editing) -> dict[str, Any]:
    """The keywords of `talkingeyes.animate` that the options ask for.

    Raises:
        EditsError, TargetError: one is not accepted.
    """
    from talkingeyes.generate.targets import targets_of

    wishes: dict[str, Any] = {}
    if options.edits is not None or options.reroll:
        wishes["edits"] = edits_of_options(options)
    if options.target:
        wishes["targets"] = targets_of(options.target)
    if options.glance_at:
        wishes["glance_at"] = glances_of_options(options)
    if "edits" in wishes:
        _check_targets(wishes["edits"], wishes.get("targets", {}))
    return wishes


def _check_targets(edits: Edits, targets: Mapping[str, Any]) -> None:
    """A target that nobody named is a slip of the pen, whatever the take is."""
    known = {"camera", *targets, *edits.targets}
    for edit in edits.edits:
        if edit.get("target", "camera") not in known:
            accepted = ", ".join(sorted(known))
            raise edit.refused(f"there is no target {edit['target']!r}; accepted: {accepted}", "target")


def edits_of_options(options: Editing) -> Edits:
    """The edits that the options ask for, re-rolls last; those that a take cannot follow are left out of it.

    Raises:
        EditsError: an edit or a re-roll is not accepted.
    """
    from talkingeyes.generate.edits.read import Edits, edits_of, read_edits

    given = read_edits(options.edits) if options.edits is not None else Edits()
    rolls = [roll for text in options.reroll or () for roll in parse_reroll(text)]
    whole = edits_of([*given.document, *rolls]) if rolls else given
    return Edits(whole.edits, given.targets, whole.document, lenient=True)


def edit_notes(takes: Sequence[Motion]) -> list[str]:
    """What was left out of takes, for people."""
    told = []
    for take in takes:
        edits = take.meta.get("edits")
        which = f"seed {take.meta.get('seed')}: " if len(takes) > 1 else ""
        told += [f"{which}{line}" for line in (edits.get("left_out", ()) if isinstance(edits, dict) else ())]
    return told


def glances_of_options(options: Editing) -> dict[str, float] | None:
    """Shares by target.

    Raises:
        TargetError: malformed.
    """
    shares = {}
    for text in options.glance_at or ():
        name, _, share = text.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            raise TargetError(
                f"--glance-at: cannot read {quoted(text)}; NAME=SHARE such as screen=0.2 is accepted"
            ) from None
    return shares or None


def edit_inputs(options: Editing) -> list[Path]:
    """Files that the options read, which no output may overwrite."""
    places = [text.partition("=")[2].rpartition("#") for text in options.target or ()]
    files = [before if sharp else after for before, sharp, after in places]
    tables = [Path(name) for name in files if Path(name).suffix.lower() in (".csv", ".glb", ".gltf", ".vrm")]
    return [*([Path(options.edits)] if options.edits else []), *tables]


def parse_reroll(text: str) -> list[dict[str, Any]]:
    """One ``--reroll`` as edits, one per channel, the gaze before what follows it.

    Raises:
        EditsError: malformed.
    """
    match = _REROLL.fullmatch(text.replace(" ", ""))
    names = [name for name in match[1].split(",") if name] if match else []
    if match is None or not names or int(match[4]) > MAX_SEED:
        accepted = "CHANNELS=FROM-TO:SEED such as gaze,head=3.0-5.5:9 is accepted"
        raise EditsError(f"--reroll: cannot read {quoted(text)}; {accepted}")
    unknown = next((name for name in names if name not in CHANNELS), None)
    if unknown is not None:
        raise EditsError(f"--reroll: cannot re-roll {quoted(unknown)}; {', '.join(CHANNELS)} are accepted")
    span = {"from_s": float(match[2]), "to_s": float(match[3]), "seed": int(match[4])}
    if not span["from_s"] < span["to_s"]:
        raise EditsError(f"--reroll: {quoted(text)} ends before it starts")
    return [{"do": "reroll", "channel": name, **span} for name in CHANNELS if name in names]
