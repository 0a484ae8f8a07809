"""``talkingeyes dataset``: videos, or a published set, become training shards with a data card."""

from __future__ import annotations

import argparse
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.console import Console, Progress
from talkingeyes.errors import SettingError
from talkingeyes.extras import require

if TYPE_CHECKING:
    from talkingeyes.data.build import BuildReport, Told
    from talkingeyes.data.plan import Source
    from talkingeyes.data.split import SplitSettings
    from talkingeyes.engines import Engine

HELP = "videos, or a published set, become training shards with a data card"
EPILOG = """examples:
  talkingeyes dataset build videos/ set/                          every video of the tree; run again to go on
  talkingeyes dataset build videos/ set/ --workers 8 --speakers folder
  talkingeyes dataset build /nfs/videos set/ --engine ray --address auto
  talkingeyes dataset import livelink takes/ set/                 Live Link Face CSV beside sound
  talkingeyes dataset import tked TKED/ set/                      FLAME parameters beside sound
  talkingeyes dataset import fixations fixations.csv.gz set/      an eye tracker's fixations
  talkingeyes dataset import fraga FraGA/ set/                    and multi-tpc, flame, elan (docs/data.md)
  talkingeyes dataset import table mine/ set/                     any tables, by mine/mapping.json
  talkingeyes dataset info set/ --card card/ --verify
"""
_LISTED = 20
"""Rejected clips said; the card names all."""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes dataset``; each action uses its own."""

    action: str | None
    source: str
    out: str
    kind: str
    engine: str
    address: str | None
    workers: int
    fov: float | None
    landmarker: str | None
    per_shard: int
    speakers: str | None
    speaker: list[str] | None
    held_out: float | None
    seed: int | None
    card: str | None
    verify: bool


_DEFAULTS: dict[str, Any] = {
    "source": "", "out": "", "kind": "video", "engine": "local", "address": None, "workers": 1, "fov": None,
    "landmarker": None,
    "per_shard": 64, "speakers": None, "speaker": None, "held_out": None, "seed": None, "card": None, "verify": False,
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their arguments."""
    from talkingeyes.data.importers import IMPORTERS

    parser.set_defaults(**_DEFAULTS)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, what: str) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, help=what, description=what, allow_abbrev=False)
        hidden = argparse.SUPPRESS
        sub.add_argument("--json", dest="as_json", action="store_true", default=hidden, help="print one JSON object")
        sub.add_argument("-q", "--quiet", action="store_true", default=hidden, help="print nothing but errors")
        return sub

    build = action("build", "fit every video of a tree; goes on where an earlier build stopped")
    build.add_argument("source", metavar="DIR", help="a folder of videos, searched to its bottom")
    build.add_argument("--fov", type=float, metavar="DEG", help="vertical field of view of the cameras, where known")
    build.add_argument("--landmarker", metavar="FILE.task", help="a Face Landmarker task file for the fits")
    _add_work(build)
    kinds = "; ".join(f"{name}: {importer.takes}" for name, importer in IMPORTERS.items())
    taken = action("import", "take in a published set")
    taken.add_argument("kind", choices=IMPORTERS, help=kinds)
    taken.add_argument("source", metavar="SOURCE", help="the folder or table")
    _add_work(taken)
    info = action("info", "what is in a set")
    info.add_argument("out", metavar="SET", help="a set's folder")
    info.add_argument("--card", metavar="DIR", help="write the data card, with plots, into this folder")
    info.add_argument("--verify", action="store_true", help="read every byte of every shard")


def _add_work(parser: argparse.ArgumentParser) -> None:
    add, default = parser.add_argument, argparse.SUPPRESS
    add("out", metavar="SET", help="the set's folder, new or begun earlier; several trees may go into one set")
    add("--engine", choices=("local", "ray"), default=default, help="processes here, or a Ray cluster (default: local)")
    add("--address", metavar="A", default=default, help="of the Ray cluster: auto or host:port")
    add("--workers", type=int, metavar="N", default=default, help="processes of the local engine (default: 1)")
    add("--per-shard", type=int, metavar="N", default=default, help="clips per shard (default: 64)")
    add(
        "--speakers", choices=("cluster", "folder", "file"), default=default,
        help="who an unnamed clip shows, for the split: found by clustering, named by its folder, or each file alone",
    )  # fmt: skip
    add(
        "--speaker", metavar="NAME=PATTERN", action="append", default=default,
        help="name who you know, for instance --speaker ann='videos/ann_*'",
    )  # fmt: skip
    add("--held-out", type=float, metavar="S", default=default, help="share for val and for test (default: 0.1)")
    add("--seed", type=int, metavar="N", default=default, help="another seed holds out other people")


def run(options: Options, console: Console) -> int:
    """Build, import or describe.

    Raises:
        TalkingEyesError: a source, a setting or the set is unusable.
    """
    if options.action is None:
        raise SettingError("dataset needs an action: build, import or info (see talkingeyes dataset --help)")
    if options.action == "info":
        return _info(options, console)
    return _build(options, console)


def _build(options: Options, console: Console) -> int:
    from talkingeyes.data.build import build
    from talkingeyes.data.dataset import open_dataset
    from talkingeyes.data.make import MakeSettings
    from talkingeyes.data.split import save_split, split

    out = Path(options.out)
    choice, source, engine = _split_settings(options, out), _source(options), _engine(options)
    with _Bar(console) as bar:
        report = build(
            source,
            out,
            engine=engine,
            settings=MakeSettings(fov_deg=options.fov) if options.fov is not None else None,
            clips_per_shard=options.per_shard,
            told=bar.told(),
        )
    for path, reason in report.rejected[:_LISTED]:
        console.say(f"left out: {source.origin}/{path}: {reason}")
    if len(report.rejected) > _LISTED:
        console.say(f"left out: {len(report.rejected) - _LISTED} more, all named in {out / 'card.json'}")
    data = open_dataset(out)
    if len(data):
        with console.progress(1) as progress:
            progress.step("keeping people apart")
            save_split(data, choice, split(data, choice))
    card = _write_card(out, out)
    console.say(_summary(report, card, out))
    console.result({"set": str(out), "origin": source.origin, **report.to_json(), "card": card})
    return 0 if len(data) else 1


class _Bar:
    """A bar for planning, then one for the work, whose length is known only after planning."""

    def __init__(self, console: Console) -> None:
        self._console, self._open = console, contextlib.ExitStack()
        self.progress: Progress | None = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def begin(self, steps: int, name: str) -> None:
        """The next bar."""
        self._open.close()
        self.progress = self._open.enter_context(self._console.progress(steps, items=True))
        self.progress.step(name)

    def told(self) -> Told:
        """The build's words, drawn."""
        from talkingeyes.data.build import Told

        bar = self

        class Drawn(Told):
            def planned(self, name: str) -> None:
                if bar.progress is None:
                    bar.begin(1, f"planning {name}")
                else:
                    bar.progress.step(f"planning {name}")

            def begin(self, clips: int) -> None:
                bar.begin(clips, f"0 of {clips}")
                self.done, self.clips = 0, clips

            def made(self, item: Any, outcome: Any) -> None:
                self.done += 1
                assert bar.progress is not None
                bar.progress.step(f"{self.done} of {self.clips}  {item.path}")

        return Drawn()


def _source(options: Options) -> Source:
    from talkingeyes.data.importers import IMPORTERS

    path = Path(options.source)
    if options.kind == "video":
        from talkingeyes.data.plan import videos_below

        require("video", "fitting videos")

        return videos_below(path, Path(options.landmarker) if options.landmarker else None)
    return IMPORTERS[options.kind].source_of(path)


def _engine(options: Options) -> Engine:
    from talkingeyes.engines import LocalEngine, RayEngine

    if options.engine == "local":
        if options.address is not None:
            raise SettingError("--address is for --engine ray")
        return LocalEngine(options.workers)
    require("cluster", "the ray engine")
    return RayEngine(options.address)


def _split_settings(options: Options, out: Path) -> SplitSettings:
    """The given ones; those that the set was split with where none is given."""
    from talkingeyes.data.split import SplitSettings, settings_of

    given = (options.speakers, options.speaker, options.held_out, options.seed)
    if all(value is None for value in given):
        return settings_of(out)
    pairs = [text.partition("=") for text in options.speaker or []]
    held = 0.1 if options.held_out is None else options.held_out
    names = tuple((name, pattern) for name, _, pattern in pairs)
    return SplitSettings(options.speakers or "cluster", names, held, held, options.seed or 0)


def _info(options: Options, console: Console) -> int:
    from talkingeyes.data.card import card_of
    from talkingeyes.data.dataset import open_dataset

    out = Path(options.out)
    data = open_dataset(out)
    if options.verify:
        with console.progress(len(data.shards), items=True) as progress:
            for shard in data.shards:
                progress.step(f"verifying {shard.name}")
                shard.verify()
    if options.card is not None:
        require("plots", "drawing the card's plots")
        with console.progress(1) as progress:
            progress.step("drawing")
            card = _write_card(out, Path(options.card), plots=True)
    else:
        card = card_of(data)
    for line in _lines(card, out, verified=options.verify):
        console.say(line)
    console.result({"set": str(out), "verified": options.verify, **card})
    return 0


def _write_card(out: Path, folder: Path, *, plots: bool = False) -> dict[str, Any]:
    """``card.json`` and ``card.md``, with the plots beside them where asked for."""
    from talkingeyes.data.card import card_of, markdown
    from talkingeyes.data.dataset import open_dataset
    from talkingeyes.files import write_whole

    data = open_dataset(out)
    folder.mkdir(parents=True, exist_ok=True)
    card = card_of(data)
    files = {"card.json": json.dumps(card, indent=1, sort_keys=True).encode() + b"\n"}
    files["card.md"] = markdown(card, title=out.resolve().name, plots=plots).encode("utf-8", "backslashreplace")
    if plots:
        from talkingeyes.data.plots import draw

        files |= draw(data)
    for name, content in files.items():
        write_whole(folder / name, lambda aside, content=content: _put(aside, content))
    return card


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _summary(report: BuildReport, card: dict[str, Any], out: Path) -> str:
    earlier = f", {report.found_done} were done before" if report.found_done else ""
    return (
        f"{out}: {report.made} clips made{earlier}, {len(report.rejected)} left out; "
        f"the set holds {card['clips']} clips, {card['hours'] * 60:.1f} min"
    )


def _lines(card: dict[str, Any], out: Path, *, verified: bool) -> list[str]:
    people = card["people"]
    lines = [
        f"{out}: {card['clips']} clips, {card['hours'] * 60:.1f} min ({card['hours_with_sound'] * 60:.1f} with sound), "
        f"{len(card['shards'])} shards, {card['bytes'] / 1e6:.1f} MB{', every byte verified' if verified else ''}",
        f"  planned {card['planned']}, rejected {card['rejected']}, pending {card['pending']}",
        f"  people {people['named_groups']} named, {people['clusters']} clusters",
    ]
    for name, part in card["parts"].items():
        lines.append(f"  {name:<6}{part['clips']} clips, {part['hours'] * 60:.1f} min, {part['groups']} groups")
    for name, origin in card["origins"].items():
        lines.append(
            f"  {name}: {origin['clips']} of {origin['planned']} clips, {origin['hours'] * 60:.1f} min, "
            f"{len(origin['rejected'])} rejected"
        )
        lines += [f"    left out: {r['path']}: {r['reason']}" for r in origin["rejected"][:_LISTED]]
    return lines
