"""The learned generator as ONNX networks: a cached step, where shifts land, and the draw of the head's next window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from talkingeyes.generate.encoder_features import EncoderSpec
from talkingeyes.generate.learned_model import KIND
from talkingeyes.models.gaze_head_transformer import SPEECH_FRAMES, STYLES, GazeHeadTransformer, Rows
from talkingeyes.models.gaze_vqvae import GazeVQVAE
from talkingeyes.models.head_vae import HeadVAE
from talkingeyes.train.debias import FreeRunning
from talkingeyes.train.to_onnx import Names, export_network, write_manifest

STEP_INPUTS = (*Rows.__dataclass_fields__, "cache", "filled")
STEP_OUTPUTS = ("state", "logits", "next_cache")


@dataclass(frozen=True)
class About:
    """What a manifest tells beside the sizes.

    Attributes:
        name: of the model.
        styles: mean and standard deviation of the characters.
        characters: rows of standardised gaze styles of a person, and how often a take is drawn near it.
        free: biases and pasts of the characters.
        latent_range: lowest and highest latents.
        hears: whether it listens to the sound.
        training_data: one line per set.
        held_out: who was kept aside.
        figures: on the val part.
        encoder: the local speech encoder that it hears, None for the light features.
    """

    name: str
    styles: dict[str, Any]
    characters: list[list[float]]
    free: FreeRunning
    latent_range: dict[str, list[float]]
    hears: bool
    training_data: Sequence[str]
    held_out: Sequence[str]
    figures: dict[str, float]
    encoder: EncoderSpec | None = None


class _Step(nn.Module):
    """A row -> state, gaze logits, next cache."""

    def __init__(self, translator: GazeHeadTransformer) -> None:
        super().__init__()
        self.translator = translator

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        *fields, cache, filled = inputs
        return self.translator.step(Rows(*fields), cache, filled)


class _Places(nn.Module):
    """Where every shift token would land from a gaze (1, 2), and when in its row."""

    def __init__(self, vqvae: GazeVQVAE) -> None:
        super().__init__()
        self.vqvae = vqvae

    def forward(self, gaze_deg: Tensor) -> tuple[Tensor, Tensor]:
        codebook = self.vqvae.quantizer.codebook
        return self.vqvae.decode(codebook, gaze_deg.expand(codebook.shape[0], 2))


class HeadDraw(nn.Module):
    """A draw of the head's mixture: ``draw`` (1,) picks the part, ``noise`` (1, L) the place in it."""

    INPUTS = ("state", "token", "latent", "sees", "draw", "noise")
    OUTPUTS = ("next_latent", "window_deg")
    low: Tensor
    high: Tensor

    def __init__(
        self, translator: GazeHeadTransformer, vae: HeadVAE, low: Sequence[float], high: Sequence[float]
    ) -> None:
        super().__init__()
        self.translator, self.vae = translator, vae
        self.register_buffer("low", torch.tensor(low))
        self.register_buffer("high", torch.tensor(high))

    def forward(
        self, state: Tensor, token: Tensor, latent: Tensor, sees: Tensor, draw: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The latent (1, L) that was drawn, kept within reach, and its window (1, WINDOW_SAMPLES, 3) in degrees."""
        weight, mean, log_sd = self.translator.head_mixture(state, token, latent * sees[:, None])
        reached = torch.cumsum(weight.exp(), dim=-1)
        part = (reached < draw[:, None] * reached[:, -1:]).sum(dim=-1, keepdim=True)
        index = part.clamp(max=weight.shape[-1] - 1)[..., None].expand(-1, -1, mean.shape[-1])
        drawn = mean.gather(1, index)[:, 0] + log_sd.gather(1, index)[:, 0].exp() * noise
        held = torch.maximum(torch.minimum(drawn, self.high), self.low)
        return held, self.vae.decode(held)

    def example(self) -> list[Tensor]:
        """Inputs of one draw."""
        width, latent = self.translator.config.width, self.translator.latent
        return [
            torch.zeros(1, width), torch.zeros(1, dtype=torch.long), torch.zeros(1, latent), torch.ones(1),
            torch.full((1,), 0.5), torch.zeros(1, latent),
        ]  # fmt: skip


def example_rows(translator: GazeHeadTransformer, batch: int = 1) -> list[Tensor]:
    """Inputs of one step: a row, an empty cache."""
    c = translator.config

    def index(value: int) -> Tensor:
        return torch.full((batch,), value, dtype=torch.long)

    return [
        torch.zeros(batch, SPEECH_FRAMES * translator.heard), torch.ones(batch), index(1), index(0),
        torch.zeros(batch, len(STYLES)), torch.ones(batch, len(STYLES)), index(0), torch.zeros(batch, 2),
        torch.ones(batch, 2), torch.zeros(batch, translator.latent), torch.ones(batch),
        torch.zeros(batch, *translator.cache_shape()), torch.full((batch, c.window - 1), -1e9),
    ]  # fmt: skip


def export_step_and_head(
    folder: Path,
    translator: GazeHeadTransformer,
    vqvae: GazeVQVAE,
    vae: HeadVAE,
    latent_range: Mapping[str, Sequence[float]],
) -> None:
    """Write ``step.onnx``, ``places.onnx`` and ``head.onnx``.

    Args:
        folder: exists.
        translator: trained; in eval mode, like the others.
        vqvae: trained.
        vae: trained.
        latent_range: ``low`` and ``high`` (L,), which the head's latents never leave.

    Raises:
        ModelError: torch and onnxruntime disagree.
    """
    export_network(_Step(translator), example_rows(translator), Names(STEP_INPUTS, STEP_OUTPUTS), folder / "step.onnx")
    places = Names(("gaze_deg",), ("target_deg", "share"))
    export_network(_Places(vqvae), [torch.tensor([[4.0, -2.0]])], places, folder / "places.onnx")
    head = HeadDraw(translator, vae, latent_range["low"], latent_range["high"])
    export_network(head, head.example(), Names(HeadDraw.INPUTS, HeadDraw.OUTPUTS), folder / "head.onnx")


def write_learned(folder: Path, translator: GazeHeadTransformer, vqvae: GazeVQVAE, vae: HeadVAE, about: About) -> None:
    """Write `generate.learned`'s networks and their manifest.

    Args:
        folder: exists.
        translator: trained; in eval mode, like the others.
        vqvae: trained.
        vae: trained.
        about: goes into the manifest.

    Raises:
        ModelError: torch and onnxruntime disagree.
    """
    export_step_and_head(folder, translator, vqvae, vae, about.latent_range)
    config = {
        "kind": KIND, "tokens": translator.tokens, "latent": translator.latent,
        "cache": list(translator.cache_shape()), "window": translator.config.window, "styles": list(STYLES),
        "style_scale": about.styles, "characters": about.characters, "hears": about.hears,
        "tilts": np.round(about.free.biases, 4).tolist(), "past_tokens": about.free.past_tokens.tolist(),
        "past_gaze_deg": np.round(about.free.past_gaze_deg, 2).tolist(),
        "translator": asdict(translator.config),
        "held_out": list(about.held_out),
    }  # fmt: skip
    if about.encoder is not None:
        config["encoder"] = asdict(about.encoder)
    write_manifest(
        folder, name=about.name, licence="MIT", training_data=list(about.training_data), config=config,
        scores=about.figures,
    )  # fmt: skip
