"""The learned generator's networks: a folder of weights, checked once, shared by all takes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError
from talkingeyes.generate.hearing import EncoderSpec, encoder_spec
from talkingeyes.generate.tilt import TILTS
from talkingeyes.weights import Network, load_network

Floats = NDArray[Any]

KIND = "learned generator 1"


@dataclass(frozen=True)
class LearnedModel:
    """Networks and what they need beside: checked once, shared by all takes."""

    network: Network
    tokens: int
    latent: int
    cache_shape: tuple[int, ...]
    window: int
    hears: bool
    characters: Floats
    tilts: Floats
    encoder: EncoderSpec | None = None

    def run(self, name: str, **feeds: Any) -> dict[str, Floats]:
        """Run one of its networks."""
        return self.network.run(name, feeds)


def shipped_model() -> LearnedModel:
    """The package's own.

    Raises:
        ModelError: the package is damaged.
    """
    with as_file(files("talkingeyes") / "assets" / "weights" / "learned") as folder:
        return learned_model(Path(folder))


def learned_model(folder: Path) -> LearnedModel:
    """Load a folder of weights.

    Raises:
        ModelError: not a folder of weights of this kind.
    """
    return _loaded(str(folder))


@functools.lru_cache(maxsize=4)
def _loaded(folder: str) -> LearnedModel:
    network = load_network(Path(folder))
    config = network.manifest.config
    if config.get("kind") != KIND:
        raise ModelError(f"{folder}: weights of {config.get('kind')!r}; {KIND!r} is accepted here")
    try:
        model = LearnedModel(
            network, int(config["tokens"]), int(config["latent"]), tuple(map(int, config["cache"])),
            int(config["window"]), bool(config["hears"]), np.asarray(config["characters"], np.float32),
            np.asarray(config.get("tilts", [[0.0] * TILTS] * len(config["characters"])), float),
            encoder_spec(config.get("encoder"), folder),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder}: its manifest lacks what the generator needs ({error!r})") from None
    if not (_sized(model) and _peopled(model)):
        raise ModelError(f"{folder}: the sizes in its manifest are out of range")
    return model


def _sized(model: LearnedModel) -> bool:
    return 2 <= model.tokens <= 4097 and 1 <= model.latent <= 64 and len(model.cache_shape) == 5


def _peopled(model: LearnedModel) -> bool:
    """Whether characters and tilts are tables of numbers, and somebody is ever drawn."""
    table, tilts = model.characters, model.tilts
    if table.ndim != 2 or table.shape[1] < 2 or tilts.shape != (len(table), TILTS):
        return False
    return bool(np.isfinite(table).all() and np.isfinite(tilts).all() and table[:, -1].sum() > 0)
