"""A whole run: stages in order into one folder, each resumed or skipped, then what is shipped as ONNX.

A run's folder holds ``config.json``, a folder per stage (`checkpoint`, `training_log`) and ``onnx/NAME/``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from talkingeyes.errors import OutputError, SettingError
from talkingeyes.files import is_aside, locked, write_whole
from talkingeyes.train import checkpoint
from talkingeyes.train.config import EncoderConfig, TrainConfig, read_json
from talkingeyes.train.data import fingerprint, open_split
from talkingeyes.train.encoders import identity_of
from talkingeyes.train.loop import Trained, seed_of, torch_seeded, train_stage
from talkingeyes.train.process_group import ALONE, ProcessGroup
from talkingeyes.train.stage import Context, StageKind
from talkingeyes.train.stages import stage_kind
from talkingeyes.train.training_log import Progress

CONFIG, ONNX, LOCK = "config.json", "onnx", ".lock"


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes:
        stages: how each asked-for stage ended.
        exported: folders of weights, made anew.
    """

    stages: Mapping[str, Trained]
    exported: tuple[Path, ...]


def train(config: TrainConfig, data: Path, run: Path, *, group: ProcessGroup, progress: Progress) -> Report:
    """Train the stages of a configuration, in its order, and export what they ship.

    Args:
        config: what to train.
        data: the data set's folder, the same in every process.
        run: the run's folder, new or begun earlier; every process must see it.
        group: the processes.
        progress: told how it goes.

    Raises:
        FormatError: the data set is damaged.
        ModelError: the data set cannot be trained on, a loss is not finite, or a checkpoint is damaged.
        OutputError: the folder holds something else, another run writes it, or the disk is full.
        SettingError: the run was begun with other settings or data.
    """
    _check_encoder(config)
    data_sha256 = fingerprint(open_split(data))
    with _held(run) if group.is_main else nullcontext():
        if group.is_main:
            _note_config(config, run)
        ended, exported = {}, []
        for name, stage_config in config.stages.items():
            kind = stage_kind(name)
            encoder = config.encoder if kind.hears else EncoderConfig()
            context = Context(data, run, config.seed, stage_config, encoder, group)
            begun = _begun(context, data_sha256, kind)
            ended[name] = _train_one(name, kind, context, begun, progress)
            if kind.export is not None and group.is_main:
                exported.append(_export(kind, replace(context, group=ALONE)))
        return Report(ended, tuple(exported))


def _check_encoder(config: TrainConfig) -> None:
    for name in config.stages:
        hears = stage_kind(name).hears
        if hears and config.encoder.kind not in hears:
            raise SettingError(
                f"the stage {name} hears {' or '.join(hears)} speech, not {config.encoder.kind}; "
                "name the others with --stages"
            )


def _train_one(name: str, kind: StageKind, context: Context, begun: Mapping[str, Any], progress: Progress) -> Trained:
    folder, group = context.run / name, context.group
    ended = None
    if group.is_main:
        _make(folder)
        ended = _ended(folder, context.config.steps, begun)
    if group.shared(b"" if ended else None) is not None:
        return ended or Trained(context.config.steps, context.config.steps, 0, {})
    if group.is_main:
        progress.prepare(name)
    with torch_seeded(seed_of(context.seed, name, "weights"), context.group.device):
        stage = kind.build(context)
    assert stage.name == name
    return train_stage(stage, context.config, folder, seed=context.seed, group=group, progress=progress, begun=begun)


def _ended(folder: Path, steps: int, begun: Mapping[str, Any]) -> Trained | None:
    """How an earlier process ended this stage; None where it did not."""
    last, best = checkpoint.glance(folder, "last"), checkpoint.glance(folder, "best")
    if last is None or best is None or last[0] != steps or last[1].get("begun") != begun:
        return None
    figures = best[1].get("figures")
    return Trained(steps, steps, best[0], figures) if isinstance(figures, dict) and "loss" in figures else None


def _begun(context: Context, data_sha256: str, kind: StageKind) -> dict[str, Any]:
    """Everything that a stage's result depends on, JSON-ready."""
    facts = {
        "seed": context.seed,
        "data": data_sha256,
        "config": asdict(context.config),
        "encoder": identity_of(context.encoder),
        "needs": {name: context.trained(name).sha256 for name in kind.needs},
    }
    return json.loads(json.dumps(facts))


def _export(kind: StageKind, context: Context) -> Path:
    """Write the weights aside, then in place of earlier ones."""
    assert kind.export is not None
    final = context.run / ONNX / kind.export.folder
    aside, old = final.with_name(f".{final.name}.new"), final.with_name(f".{final.name}.old")
    try:
        for path in (aside, old):
            if path.exists():
                shutil.rmtree(path)
        aside.mkdir(parents=True)
        with torch_seeded(seed_of(context.seed, "export"), context.group.device):
            kind.export.write(context, aside)
        if final.exists():
            final.rename(old)
        aside.rename(final)
        if old.exists():
            shutil.rmtree(old)
    except OSError as error:
        raise OutputError(f"{final}: cannot be written ({error.strerror or error})") from None
    return final


@contextmanager
def _held(run: Path) -> Iterator[None]:
    """Hold the folder for one run; begin it where it is new, sweep what a killed run left half-written."""
    if run.is_dir() and not (run / CONFIG).exists():
        strange = [p.name for p in run.iterdir() if p.name != LOCK and not is_aside(p)]
        if strange:
            raise OutputError(f"{run}: holds {strange[0]!r} but no run of ours; name a new or empty folder")
    _make(run)
    with locked(run / LOCK, f"{run}: another training writes this run; wait for it"):
        for left in run.glob("**/.talkingeyes-*"):
            left.unlink()
        yield


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror or error})") from None


def _note_config(config: TrainConfig, run: Path) -> None:
    """Write the configuration; stages trained earlier keep theirs."""
    now = config.to_json()
    if (run / CONFIG).exists():
        earlier = read_json(run / CONFIG).get("stages", {})
        now["stages"] = {**(earlier if isinstance(earlier, dict) else {}), **now["stages"]}
    text = json.dumps(now, indent=1, allow_nan=False) + "\n"
    write_whole(run / CONFIG, lambda aside: _put(aside, text))


def _put(path: Path, text: str) -> None:
    path.write_text(text)
