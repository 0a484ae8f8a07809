"""The four networks of the learned generator as ONNX: one cached step, and what turns its choices into motion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from talkingeyes.models.gaze_vqvae import GazeVQVAE
from talkingeyes.models.head_vae import HeadVAE
from talkingeyes.models.translator import SPEECH_FEATURES, SPEECH_FRAMES, STYLES, Rows, Translator
from talkingeyes.train.to_onnx import Names, export_network, write_manifest

STEP_INPUTS = (*Rows.__dataclass_fields__, "cache", "filled")


class _Step(nn.Module):
    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.translator = translator

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        *rows, cache, filled = inputs
        return self.translator.step(Rows(*rows), cache, filled)


class _Mixture(nn.Module):
    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self.translator = translator

    def forward(self, state: Tensor, token: Tensor, latent: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.translator.head_mixture(state, token, latent)


class _Landings(nn.Module):
    def __init__(self, vqvae: GazeVQVAE) -> None:
        super().__init__()
        self.vqvae = vqvae

    def forward(self, before_deg: Tensor) -> tuple[Tensor, Tensor]:
        """(1, 2) -> where every shift token would land (codes, 2), and when (codes,)."""
        codebook = self.vqvae.quantizer.codebook
        return self.vqvae.decode(codebook, before_deg.expand(codebook.shape[0], 2))


class _Window(nn.Module):
    def __init__(self, vae: HeadVAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latent: Tensor) -> Tensor:
        return self.vae.decode(latent)


def example_rows(translator: Translator, batch: int = 1) -> list[Tensor]:
    """Inputs of one step: a row, an empty cache."""
    long = {"dtype": torch.long}
    c = translator.config
    return [
        torch.zeros(batch, SPEECH_FRAMES * SPEECH_FEATURES), torch.ones(batch), torch.ones(batch, **long),
        torch.zeros(batch, **long), torch.zeros(batch, len(STYLES)), torch.ones(batch, len(STYLES)),
        torch.zeros(batch, **long), torch.zeros(batch, 2), torch.ones(batch, 2),
        torch.zeros(batch, translator.latent), torch.ones(batch),
        torch.zeros(batch, *translator.cache_shape()), torch.full((batch, c.window - 1), -1e9),
    ]  # fmt: skip


def write_learned(
    folder: Path, translator: Translator, vqvae: GazeVQVAE, vae: HeadVAE, *, about: Mapping[str, Any],
    name: str, licence: str, training_data: Sequence[str], scores: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write `generate.learned`'s networks and their manifest into ``folder``.

    Args:
        folder: exists.
        translator: trained.
        vqvae: trained.
        vae: trained.
        about: what the generator has to know beside the sizes: the style scale, the range of latents.
        name: of the model.
        licence: of the weights.
        training_data: one line per set.
        scores: figures on held-out data.

    Raises:
        ModelError: torch and onnxruntime disagree.
    """
    batch = {0: "batch"}
    step = Names(
        STEP_INPUTS,
        ("state", "logits", "next_cache"),
        {n: batch for n in (*STEP_INPUTS, "state", "logits", "next_cache")},
    )
    export_network(_Step(translator), example_rows(translator, 2), step, folder / "step.onnx")
    width, latent = translator.config.width, translator.latent
    export_network(
        _Mixture(translator), [torch.zeros(1, width), torch.zeros(1, dtype=torch.long), torch.zeros(1, latent)],
        Names(("state", "token", "latent"), ("log_weight", "mean", "log_sd")), folder / "head_mixture.onnx",
    )  # fmt: skip
    export_network(
        _Landings(vqvae),
        [torch.zeros(1, 2)],
        Names(("before_deg",), ("target_deg", "share")),
        folder / "gaze_landings.onnx",
    )
    export_network(
        _Window(vae), [torch.zeros(1, latent)], Names(("latent",), ("window_deg",)), folder / "head_window.onnx"
    )
    config = {
        "kind": "learned generator 1", "tokens": translator.tokens, "latent": latent,
        "cache": list(translator.cache_shape()), "window": translator.config.window, "styles": list(STYLES),
        "translator": asdict(translator.config), **about,
    }  # fmt: skip
    write_manifest(folder, name=name, licence=licence, training_data=training_data, config=config, scores=scores)
