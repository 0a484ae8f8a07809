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
from talkingeyes.generate.encoder_features import EncoderSpec, encoder_spec
from talkingeyes.generate.gaze_bias import BIASES, FLOORS
from talkingeyes.weights import Network, load_network

Floats = NDArray[Any]

KIND = "learned generator 2"
MAX_PAST = 1024
"""Rows of a past."""
MAX_GAZE_DEG = 90.0


@dataclass(frozen=True)
class LearnedModel:
    """Networks and what they need beside: checked once, shared by all takes.

    Attributes:
        network: the ONNX networks.
        tokens: of the gaze space.
        latent: width of the head space.
        cache_shape: of one lane.
        window: rows that a row sees.
        hears: whether it listens to the sound.
        characters: (P, styles + 1) who takes are drawn near: standardised gaze styles, and how often.
        biases: (FLOORS, P, BIASES) of the characters, see `train.debias`.
        past_gaze_deg: (FLOORS, P, K, 2) where a character's gaze was some time ago, relative to the partner.
        past_tokens: (FLOORS, P, K, rows) what it has done since; no rows: no past.
        encoder: a local speech encoder instead of the light features.
    """

    network: Network
    tokens: int
    latent: int
    cache_shape: tuple[int, ...]
    window: int
    hears: bool
    characters: Floats
    biases: Floats
    past_gaze_deg: Floats
    past_tokens: NDArray[np.int64]
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
        again = "; write them again with talkingeyes train" if str(config.get("kind")).startswith(KIND[:-1]) else ""
        raise ModelError(f"{folder}: weights of {config.get('kind')!r}; {KIND!r} is accepted here{again}")
    try:
        with np.errstate(over="ignore"):  # what is too large for single precision is not finite, and refused as that
            characters = np.asarray(config["characters"], np.float32)
        model = LearnedModel(
            network, int(config["tokens"]), int(config["latent"]), tuple(map(int, config["cache"])),
            int(config["window"]), bool(config["hears"]), characters,
            np.asarray(config["tilts"], float), np.asarray(config["past_gaze_deg"], float),
            np.asarray(config["past_tokens"], np.int64),
            encoder_spec(config.get("encoder"), folder),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{folder}: its manifest lacks what the generator needs ({error!r})") from None
    if not (_sized(model) and _peopled(model)):
        raise ModelError(f"{folder}: the sizes in its manifest are out of range")
    return model


def _sized(model: LearnedModel) -> bool:
    return 2 <= model.tokens <= 4097 and 1 <= model.latent <= 64 and len(model.cache_shape) == 5


def _peopled(model: LearnedModel) -> bool:
    """Whether characters, biases and pasts are tables of numbers that fit, and somebody is ever drawn."""
    table, gaze, tokens = model.characters, model.past_gaze_deg, model.past_tokens
    if table.ndim != 2 or table.shape[1] < 2 or model.biases.shape != (FLOORS, len(table), BIASES):
        return False
    if tokens.ndim != 4 or gaze.shape != (*tokens.shape[:3], 2) or tokens.shape[:2] != (FLOORS, len(table)):
        return False
    if tokens.shape[2] < 1 or tokens.shape[3] > MAX_PAST or not ((tokens >= 0) & (tokens < model.tokens)).all():
        return False
    finite = all(np.isfinite(x).all() for x in (table, model.biases, gaze))
    return bool(finite and np.abs(gaze).max() <= MAX_GAZE_DEG and table[:, -1].min() >= 0 and table[:, -1].sum() > 0)
