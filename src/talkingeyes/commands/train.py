"""``talkingeyes train``: the networks from a data set, stage by stage, resumed where they stopped."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talkingeyes.commands.console import Console, Progress
from talkingeyes.extras import require

if TYPE_CHECKING:
    from talkingeyes.train.config import TrainConfig
    from talkingeyes.train.run import Report

HELP = "train the networks of the learned generator and the face on a data set"
EPILOG = """examples:
  talkingeyes train --data set/ --out run/ --preset tiny          a minute, to see that everything works
  talkingeyes train --data set/ --out run/                        every stage; the same command again goes on
  talkingeyes train my.json --data set/ --out run/ --stages face  some settings of your own, one stage
  torchrun --nproc-per-node 4 -m talkingeyes train --data set/ --out run/
  tensorboard --logdir run/                                       watch it
  talkingeyes train --data set/ --out run/ --show                 the configuration as JSON, nothing trained
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes train``, one field each."""

    config: str | None
    data: str
    out: str
    preset: str
    stages: str | None
    device: str
    show: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("config", metavar="CONFIG.json", nargs="?", help="settings that differ from the preset's (see --show)")
    add("--data", metavar="SET", required=True, help="a data set (talkingeyes dataset build)")
    add("--out", metavar="RUN", required=True, help="the run's folder, new or begun earlier")
    add(
        "--preset", choices=("tiny", "small"), default="small", help="small: what ships; tiny: seconds (default: small)"
    )
    add("--stages", metavar="A,B", help="only these: head_vae, scan_path, gaze_vqvae, translator, face (default: all)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: a GPU where there is one")
    add("--show", action="store_true", help="print the whole configuration as JSON and stop")


def run(options: Options, console: Console) -> int:
    """Train.

    Raises:
        TalkingEyesError: the configuration, the data set or the folder is unusable, or the training cannot go on.
    """
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # read when torch is first imported; its hints are for us
    require("train", "training")
    from talkingeyes.train.process_group import process_group
    from talkingeyes.train.run import train

    config = _config(options)
    if config.encoder.kind != "light":
        require("encoders", "a local speech encoder")
    if options.show:
        _show(config)
        return 0
    with process_group(options.device) as group:
        own = console if group.is_main else Console(quiet=True)
        with Drawn(own) as progress:
            report = train(config, Path(options.data), Path(options.out), group=group, progress=progress)
        if group.is_main:
            _say(report, Path(options.out), console)
    return 0


class Drawn:
    """A bar per stage on a terminal; elsewhere a line per validation."""

    def __init__(self, console: Console) -> None:
        self._console, self._open = console, contextlib.ExitStack()
        self._progress: Progress | None = None
        self._steps, self._best = 0, ""

    def __enter__(self) -> Drawn:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def prepare(self, stage: str) -> None:
        """A bar for the time before the first step."""
        self._bar(1).step(f"{stage}  reading the data set")

    def begin(self, stage: str, first: int, steps: int) -> None:
        """The bar of the steps."""
        self._bar(max(1, steps - first))
        self._steps, self._best = steps, ""
        if first:
            self._console.say(f"{stage}: goes on after {first} of {steps} steps")

    def step(self, stage: str, done: int, loss: float) -> None:
        """The bar moves."""
        assert self._progress is not None
        self._progress.step(f"{stage}  {done} of {self._steps}  loss {loss:.4f}{self._best}")

    def validated(self, stage: str, done: int, figures: Mapping[str, float], best: bool) -> None:
        """A line, or a word on the bar."""
        if best:
            self._best = f"  best {figures['loss']:.4f}"
        if not sys.stderr.isatty():
            shown = "  ".join(f"{name} {value:.4g}" for name, value in sorted(figures.items()))
            self._console.say(f"{stage}  step {done}  {shown}{'  best so far' if best else ''}")

    def _bar(self, steps: int) -> Progress:
        self._open.close()
        self._progress = self._open.enter_context(self._console.progress(steps))
        return self._progress


def _config(options: Options) -> TrainConfig:
    from talkingeyes.train.config import changed, read_json
    from talkingeyes.train.stages import in_order, preset

    named = [name.strip() for name in options.stages.split(",")] if options.stages is not None else None
    config = preset(options.preset, in_order(named))
    if options.config is None:
        return config
    path = Path(options.config)
    changes = read_json(path)
    if named is not None and isinstance(changes.get("stages"), dict):
        in_order(list(changes["stages"]))
        changes["stages"] = {name: value for name, value in changes["stages"].items() if name in config.stages}
    return changed(config, changes, str(path))


def _show(config: TrainConfig) -> None:
    sys.stdout.write(json.dumps(config.to_json(), indent=1) + "\n")  # flushed, and checked, at the end


def _say(report: Report, out: Path, console: Console) -> None:
    rows = {}
    for name, ended in report.stages.items():
        again = f", {ended.resumed_at} of them before" if ended.resumed_at else ""
        loss = ended.best["loss"]
        console.say(f"{name}: {ended.steps} steps{again}; best loss {loss:.4f} after step {ended.best_step}")
        rows[name] = {
            "steps": ended.steps, "resumed_at": ended.resumed_at, "best_step": ended.best_step, "best": ended.best,
        }  # fmt: skip
    for folder in report.exported:
        console.say(f"{folder}  weights for --model or --face")
    console.result({"run": str(out), "stages": rows, "exported": [str(folder) for folder in report.exported]})
