"""The translator over tokens of eyes in the head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from benchmarks.ablations.common import write_about
from benchmarks.ablations.in_head.frame import coded_in_head
from torch import Tensor

from talkingeyes.models.gaze_vqvae import GazeVQVAE
from talkingeyes.models.head_vae import HeadVAE
from talkingeyes.models.translator import Rows, Translator
from talkingeyes.train import translator
from talkingeyes.train.packed import Packs
from talkingeyes.train.people import people, shelves
from talkingeyes.train.stage import Context, Export
from talkingeyes.train.translator_onnx import export_step_and_head


def trained_spaces(context: Context) -> tuple[GazeVQVAE, HeadVAE]:
    """The two latent spaces of this run, frozen."""
    return translator.trained_space(context, "eye_vqvae", GazeVQVAE), translator.trained_space(
        context, "head_vae", HeadVAE
    )


class InHeadStage(translator.TranslatorStage):
    """The product's stage on rows coded in the head."""

    def __init__(self, context: Context) -> None:
        self._config = context.config.model
        self._vqvae, self._vae = trained_spaces(context)
        self.model = Translator(self._config.network, self._vqvae.tokens, self._vae.config.width)
        everybody = people(context.data, self._config.held_out)
        self._packs = Packs(everybody, self._config.rows, self._config.shares, self._config.donors)
        self._val = self._packs.validation()

    def _rows(self, b: dict[str, Tensor], noise: torch.Generator) -> tuple[Rows, dict[str, Tensor]]:
        with torch.no_grad():
            return super()._rows(coded_in_head(b), noise)


def write(context: Context, folder: Path) -> None:
    """Write the two networks and their manifest."""
    config = context.config.model
    vqvae, vae = trained_spaces(context)
    model = Translator(config.network, vqvae.tokens, vae.config.width)
    context.trained("translator").load_into(model)
    everybody = people(context.data, config.held_out)
    heads = [shelf for kind, shelf in shelves(everybody.train).items() if kind != "tracked"]
    export_step_and_head(folder, model.eval(), vqvae, vae, translator.latent_range(vae, heads, everybody))
    write_about(context, folder, "in_head", model)


STAGE = replace(translator.STAGE, build=InHeadStage, needs=("eye_vqvae", "head_vae"), export=Export("learned", write))
