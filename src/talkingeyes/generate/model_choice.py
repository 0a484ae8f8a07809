"""Which generator a ``model`` names: the package's own networks, tables, or a folder of weights, whose kind decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import RANGES, Amounts
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.scanpath.choice import GazeControls
from talkingeyes.generate.scanpath.known_places import WithPlaces
from talkingeyes.generate.scanpath.network import KIND as SCAN_PATH
from talkingeyes.generate.scanpath.network import ScanPathModel, scan_path_model, shipped_scan_path
from talkingeyes.generate.scanpath.process import ScanPathSource
from talkingeyes.generate.scanpath.tables import shipped_tables
from talkingeyes.generate.statistical import Generator, StatisticalGenerator
from talkingeyes.weights import load_network

if TYPE_CHECKING:
    from talkingeyes.generate.encoder_features import EncoderSpec
    from talkingeyes.generate.learned_model import LearnedModel

MODELS = ("default", "learned", "joint", "statistical")
"""The package's trained gaze (twice: "learned" is its older name), one Transformer for gaze and head in two latent
spaces as in the paper, and tables without networks."""

HEAD_LIMIT = RANGES["head_amount"][1]


def is_learned(model: str) -> bool:
    """Whether a model's name stands for trained networks, which `Sampling` steers."""
    return model != "statistical"


def is_joint(model: str) -> bool:
    """Whether a model's name stands for the joint Transformer.

    Raises:
        ModelError: not a folder of weights that can be used.
    """
    if model in MODELS:
        return model == "joint"
    return load_network(Path(model)).manifest.config.get("kind") != SCAN_PATH


def encoder_of(model: str) -> EncoderSpec | None:
    """The speech encoder that a model was trained with; None where it needs none.

    Raises:
        ModelError: not a folder of weights that can be used.
    """
    return _joint(model).encoder if is_joint(model) else None


def generator_for(
    model: str, sampling: Sampling | None = None, marks: Sequence[Mark] = (), **steered: Any
) -> Generator:
    """A fresh generator.

    Args:
        model: one of `MODELS`, or a folder of weights.
        sampling: how trained networks draw.
        marks: of a director.
        **steered: see `StatisticalGenerator`: head_at, given_shifts, amounts; and ``places``: rows of yaw, pitch (deg)
            and share of the time that the gaze goes to of its own accord.

    Raises:
        ModelError: not a folder of weights that can be used.
    """
    places = steered.pop("places", ())
    if not is_learned(model):
        return StatisticalGenerator(marks, source=_with_places(shipped_tables(), places), **steered)
    if is_joint(model):
        if places:
            raise SettingError(
                "glance_at is for a model that looks from place to place; the joint model knows no places"
            )
        from talkingeyes.generate.learned import LearnedGenerator

        return LearnedGenerator(_joint(model), sampling, marks, **steered)
    source, sampling = _scan_path(model), sampling or Sampling()
    controls = GazeControls.of(sampling)
    amounts: Amounts = steered.pop("amounts", None) or Amounts()
    lively = amounts.head_amount * sampling.head_temperature / Sampling.head_temperature
    steered["amounts"] = replace(amounts, head_amount=min(lively, HEAD_LIMIT))
    name = source.network.manifest.name
    return StatisticalGenerator(marks, source=_with_places(source, places), controls=controls, name=name, **steered)


def _with_places(source: ScanPathSource, places: Sequence[tuple[float, float, float]]) -> ScanPathSource:
    if not places:
        return source
    rows = np.array(places, float)
    return WithPlaces(source, rows[:, :2], rows[:, 2])


def _joint(model: str) -> LearnedModel:
    from talkingeyes.generate.learned_model import learned_model, shipped_model

    return shipped_model() if model == "joint" else learned_model(Path(model))


def _scan_path(model: str) -> ScanPathModel:
    return shipped_scan_path() if model in ("default", "learned") else scan_path_model(Path(model))
