"""A stage that trains in a second: a small network fits noisy numbers. Imported by the subprocesses of the tests."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from talkingeyes.train import stages
from talkingeyes.train.config import StageConfig
from talkingeyes.train.stage import Context, Export, StageKind
from talkingeyes.train.to_onnx import Names, export_network, write_manifest


@dataclass(frozen=True)
class ToyConfig:
    width: int = 16
    dropout: float = 0.1
    masked: float = 0.05
    names: tuple[str, ...] = ("a", "b")

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 64:
            raise ValueError(f"width is {self.width}; 1 to 64 is accepted")


class Net(torch.nn.Module):
    def __init__(self, config: ToyConfig) -> None:
        super().__init__()
        self.first = torch.nn.Linear(6, config.width)
        self.register_buffer("seen", torch.zeros(config.width))  # a state that is no parameter
        self.drop = torch.nn.Dropout(config.dropout)
        self.last = torch.nn.Linear(config.width, 2)
        self.rare = torch.nn.Linear(6, 2)  # without a gradient in every other step, like an absent modality

    def forward(self, x):
        inside = torch.tanh(self.first(x))
        if self.training:
            self.seen.lerp_(inside.detach().abs().mean(0), 0.05)
        return self.last(self.drop(inside))


class Toy:
    name = "toy"

    def __init__(self, context: Context) -> None:
        self.model = Net(context.config.model)
        self._clips = context.clips("train")
        self._poison = os.environ.get("TOY_NAN_AT", "")
        own = np.random.default_rng(5)
        self._masked = context.config.model.masked
        self._truth = own.normal(size=(6, 2)).astype(np.float32)
        self._val = torch.from_numpy(own.normal(size=(64, 6)).astype(np.float32))

    def batch(self, step, rng, size):
        x = rng.normal(size=(size, 6)).astype(np.float32)
        y = np.tanh(x @ self._truth) + rng.normal(0, 0.05, (size, 2)).astype(np.float32)
        if self._poison and step == int(self._poison):
            x[:] = np.nan
        rare = np.full((size, 1), float(step % 2), np.float32)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(y.astype(np.float32)), "rare": torch.from_numpy(rare)}

    def losses(self, batch, noise):
        mask = torch.rand(batch["x"].shape, generator=noise) >= self._masked
        x = batch["x"] * mask.to(batch["x"])
        error = (self.model(x) - batch["y"]).pow(2).mean()
        if batch["rare"][0, 0] > 0:
            extra = (self.model.rare(x) - batch["y"]).pow(2).mean()
            return {"loss": error + 0.1 * extra, "error": error, "extra": extra}
        return {"loss": error, "error": error, "extra": torch.zeros_like(error)}

    def validate(self):
        target = torch.tanh(self._val @ torch.from_numpy(self._truth))
        return {"loss": float((self.model(self._val) - target).pow(2).mean())}


def write(context: Context, folder: Path) -> None:
    trained = context.trained("toy")
    model = Net(trained.config.model)
    trained.load_into(model)
    export_network(model, (torch.zeros(1, 6),), Names(("x",), ("y",)), folder / "toy.onnx")
    write_manifest(
        folder, name="toy", licence="MIT", training_data=["random numbers"],
        config={"width": trained.config.model.width}, scores=dict(trained.figures),
    )  # fmt: skip


def tiny(**changes) -> StageConfig:
    return StageConfig(
        **{
            "steps": 60, "batch_size": 16, "warmup_steps": 5, "learning_rate": 1e-2, "ema_decay": 0.9,
            "validate_every": 10, "save_every": 20, "model": ToyConfig(), **changes,
        }
    )  # fmt: skip


STAGE = StageKind(
    {"tiny": tiny(), "small": tiny(steps=100)}, Toy, hears=("light", "local"), export=Export("toy", write)
)


def register() -> None:
    stages.STAGES.clear()
    stages.STAGES["toy"] = "tests.train.toy"


if __name__ == "__main__":  # the words of `talkingeyes train`
    register()
    from talkingeyes.cli import main

    sys.exit(main(["train", *sys.argv[1:]]))
