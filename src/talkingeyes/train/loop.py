"""The one training loop: every stage, one process or many, new or resumed.

Everything random is a function of (seed, stage, step, process), and a checkpoint holds weights, moving average and
optimizer, so that a run that was killed goes on to the same bytes (on a CPU with the same number of threads). Of N
processes each takes the rows ``rank::N`` of one batch, and gradients are averaged (DistributedDataParallel): the loss
is that of one process.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from talkingeyes.errors import ModelError, SettingError
from talkingeyes.train import checkpoint
from talkingeyes.train.checkpoint import Checkpoint
from talkingeyes.train.config import StageConfig
from talkingeyes.train.process_group import ProcessGroup
from talkingeyes.train.stage import Stage
from talkingeyes.train.training_log import Progress, TrainingLog, opened

LOG_EVERY = 10


@dataclass(frozen=True)
class Trained:
    """How a stage ended.

    Attributes:
        resumed_at: steps that an earlier process had done.
        steps: steps in all.
        best_step: of the best checkpoint.
        best: its figures on the val part; empty in other processes than the main one.
    """

    resumed_at: int
    steps: int
    best_step: int
    best: Mapping[str, float]


def seed_of(*parts: int | str) -> int:
    """63 bits of the SHA-256 of these words."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "little") >> 1


@contextmanager
def torch_seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Torch's own generators (dropout, first weights) from a seed, within; as before, after."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def train_stage(
    stage: Stage,
    config: StageConfig,
    folder: Path,
    *,
    seed: int,
    group: ProcessGroup,
    progress: Progress,
    begun: Mapping[str, Any],
) -> Trained:
    """Train one stage to its end, from its last checkpoint where there is one.

    Args:
        stage: what is trained; its model holds the first weights, the same in every process.
        config: how.
        folder: its own, of the run; exists.
        seed: of the run.
        group: the processes.
        progress: told how it goes, in the main process.
        begun: what the run was begun with, kept with every checkpoint.

    Raises:
        ModelError: the loss is not finite, or a checkpoint is damaged; earlier checkpoints are whole.
        OutputError: the disk is full; earlier checkpoints are whole.
        SettingError: rows cannot be shared equally between the processes.
    """
    if config.batch_size % group.size:
        raise SettingError(
            f"batch_size {config.batch_size} of {stage.name}: cannot be shared by {group.size} processes"
        )
    stage.model.to(group.device)
    trainer = _Trainer(stage, config, folder, seed, group, begun)
    first = trainer.resume()
    if group.is_main:
        progress.begin(stage.name, first, config.steps)
    with opened(folder, first) if group.is_main else nullcontext() as log:
        for done in range(first + 1, config.steps + 1):
            trainer.advance(done, log, progress)
    return Trained(first, config.steps, trainer.best_step, trainer.best or {})


class _Losses(nn.Module):
    """A stage's losses as a module's ``forward``, which is where DistributedDataParallel listens."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.model = stage.model
        self._losses = stage.losses

    def forward(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        figures = self._losses(batch, noise)
        return {name: value if name == "loss" else value.detach() for name, value in figures.items()}


@dataclass
class _Trainer:
    """A stage's state between steps."""

    stage: Stage
    config: StageConfig
    folder: Path
    seed: int
    group: ProcessGroup
    begun: Mapping[str, Any]
    best: Mapping[str, float] | None = None
    best_step: int = 0
    _average: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        model, config = self.stage.model, self.config
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        assert named, f"{self.stage.name} has nothing to train"
        self._parameters = [p for _, p in named]
        groups = [
            {"params": [p for p in self._parameters if p.ndim >= 2], "weight_decay": config.weight_decay},
            {"params": [p for p in self._parameters if p.ndim < 2], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW([g for g in groups if g["params"]], lr=config.learning_rate)
        if config.ema_decay:
            self._average = {n: p.detach().clone() for n, p in named}
        losses = _Losses(self.stage)
        devices = [self.group.device] if self.group.device.type == "cuda" else None
        # Batches without one of the modalities leave some parameters without a gradient.
        self._losses: nn.Module = (
            DistributedDataParallel(losses, device_ids=devices, find_unused_parameters=True)
            if self.group.size > 1
            else losses
        )

    def resume(self) -> int:
        """Take up the last checkpoint; steps done."""
        packed = self.group.shared(checkpoint.read(self.folder, "last") if self.group.is_main else None)
        if packed is None:
            return 0
        path = self.folder / "last.json"
        found = checkpoint.unpacked(packed, path)
        if found.facts.get("begun") != self.begun or not found.step <= self.config.steps:
            raise SettingError(
                f"{path}: {_difference(found.facts.get('begun'), self.begun)}; name another folder for it"
            )
        parts = _parted(found.tensors)
        checkpoint.load_into(self.stage.model, parts["model"], path)
        if set(parts["average"]) != set(self._average):
            raise ModelError(f"{path}: its moving average is of another configuration")
        for name, tensor in parts["average"].items():
            self._average[name].copy_(tensor)
        self._restore_optimizer(parts["optimizer"], path)
        step, best = found.facts.get("best_step"), found.facts.get("best")
        if not isinstance(step, int) or not (best is None or (isinstance(best, dict) and "loss" in best)):
            raise ModelError(f"{path}: does not say which checkpoint was the best; remove it to begin the stage again")
        self.best_step, self.best = step, best
        return found.step

    def advance(self, done: int, log: TrainingLog | None, progress: Progress) -> None:
        """One gradient step, and what is due after it."""
        figures = self._step(done - 1)
        is_last = done == self.config.steps
        if done % LOG_EVERY == 0 or is_last:
            means = self.group.mean(figures)
            if log is not None:
                log.write("train", done, {**means, "learning_rate": self.config.rate_at(done - 1)})
        if self.group.is_main:
            progress.step(self.stage.name, done, float(figures["loss"]))
        if self.group.is_main and (done % self.config.validate_every == 0 or is_last):
            assert log is not None
            self._validate(done, log, progress)
        if self.group.is_main and (done % self.config.save_every == 0 or is_last):
            self._save(done)

    def _step(self, step: int) -> dict[str, Tensor]:
        name, group, config = self.stage.name, self.group, self.config
        self.stage.model.train()
        rng = np.random.default_rng(seed_of(self.seed, name, step))
        whole = self.stage.batch(step, rng, config.batch_size)
        assert all(len(t) == config.batch_size for t in whole.values()), f"{name}: a batch has {config.batch_size} rows"
        own = {key: tensor[group.rank :: group.size].to(group.device) for key, tensor in whole.items()}
        drawn = seed_of(self.seed, name, step, "noise", group.rank)
        noise = torch.Generator().manual_seed(drawn)
        for parameters in self._optimizer.param_groups:
            parameters["lr"] = config.rate_at(step)
        self._optimizer.zero_grad(set_to_none=True)
        with torch_seeded(drawn, group.device):
            figures = self._losses(own, noise)
            figures["loss"].backward()
        length = torch.nn.utils.clip_grad_norm_(self._parameters, config.clip_norm)
        figures = {key: value.detach() for key, value in figures.items()} | {"gradient": length}
        self._check_finite(figures, step)
        self._optimizer.step()
        with torch.no_grad():
            for key, average in self._average.items():
                average.lerp_(self.stage.model.get_parameter(key), 1 - config.ema_decay)
        return figures

    def _check_finite(self, figures: Mapping[str, Tensor], step: int) -> None:
        if math.isfinite(float(figures["gradient"])) and math.isfinite(float(figures["loss"])):
            return
        bad = [key for key, value in figures.items() if not math.isfinite(float(value))]
        raise ModelError(
            f"{self.stage.name}: {', '.join(bad)} is not finite in step {step + 1}; earlier checkpoints are whole: "
            "lower learning_rate, or look at the data"
        )

    def _validate(self, done: int, log: TrainingLog, progress: Progress) -> None:
        model = self.stage.model
        model.eval()
        trained = {key: model.get_parameter(key).detach().clone() for key in self._average}
        try:
            with torch.no_grad(), torch_seeded(seed_of(self.seed, self.stage.name, "validate"), self.group.device):
                _fill(model, self._average)
                figures = {key: float(value) for key, value in self.stage.validate().items()}
                if not math.isfinite(figures["loss"]):
                    raise ModelError(f"{self.stage.name}: the loss on the val part is not finite in step {done}")
                is_best = self.best is None or figures["loss"] < self.best["loss"]
                if is_best:
                    self.best_step, self.best = done, figures
                    facts = {"begun": self.begun, "figures": figures}
                    checkpoint.save(self.folder, "best", Checkpoint(done, model.state_dict(), facts))
        finally:
            with torch.no_grad():
                _fill(model, trained)
            model.train()
        log.write("val", done, figures)
        progress.validated(self.stage.name, done, figures, is_best)

    def _save(self, done: int) -> None:
        tensors = {f"model.{key}": value for key, value in self.stage.model.state_dict().items()}
        tensors |= {f"average.{key}": value for key, value in self._average.items()}
        for index, state in self._optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{key}": value for key, value in state.items()}
        facts = {"begun": self.begun, "best_step": self.best_step, "best": self.best, "seed": self.seed}
        checkpoint.save(self.folder, "last", Checkpoint(done, tensors, facts))

    def _restore_optimizer(self, tensors: Mapping[str, Tensor], path: Path) -> None:
        state: dict[int, dict[str, Tensor]] = {}
        sizes = [p.shape for group in self._optimizer.param_groups for p in group["params"]]
        for name, tensor in tensors.items():
            index, _, key = name.partition(".")
            known = index.isdigit() and int(index) < len(sizes) and key in ("step", "exp_avg", "exp_avg_sq")
            if not known or (key != "step" and tensor.shape != sizes[int(index)]):
                raise ModelError(f"{path}: optimizer.{name} is of another configuration")
            state.setdefault(int(index), {})[key] = tensor
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": state})


def _fill(model: nn.Module, values: Mapping[str, Tensor]) -> None:
    for name, tensor in values.items():
        model.get_parameter(name).copy_(tensor)


def _parted(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Tensors by the first word of their names."""
    parts: dict[str, dict[str, Tensor]] = {"model": {}, "average": {}, "optimizer": {}}
    for name, tensor in tensors.items():
        first, _, rest = name.partition(".")
        parts.setdefault(first, {})[rest] = tensor
    return parts


def _difference(then: Any, now: Mapping[str, Any]) -> str:
    """Which setting a run was begun with that is another one now."""
    if not isinstance(then, dict):
        return "was begun by something else"
    for key in sorted(set(then) | set(now)):
        old, new = then.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict) and old != new:
            return _difference(old, new)
        if old != new:
            return f"was begun with {key} = {old}, now {new}"
    return "was trained further than this configuration's steps"
