"""The translator over joint codes: one softmax decides gaze and head of a row together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from benchmarks.ablations.common import write_about
from benchmarks.ablations.joint.space import (
    DONORS,
    HEAD_NUMBERS,
    SHARES,
    Happening,
    JointVQVAE,
    both_known,
    validation_of,
)
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.models.head_vae import DEGREES, STEP_SAMPLES
from talkingeyes.models.translator import Rows, Translator, TranslatorConfig
from talkingeyes.train import translator
from talkingeyes.train.config import StageConfig
from talkingeyes.train.packed import Packs, moved_on
from talkingeyes.train.people import people
from talkingeyes.train.stage import Context, Export
from talkingeyes.train.to_onnx import Names, export_network
from talkingeyes.train.translator_onnx import STEP_INPUTS, example_rows


class JointTranslator(Translator):
    """Tokens are joint codes; the latent is the head's last step as it was."""

    def __init__(self, config: TranslatorConfig, codes: int) -> None:
        super().__init__(config, codes, HEAD_NUMBERS)
        del self.head_out, self.next_token


class JointStage(translator.TranslatorStage):
    """The product's stage with joint codes in place of gaze tokens and head latents."""

    def __init__(self, context: Context) -> None:
        self._config = context.config.model
        self._space = translator.trained_space(context, "joint_vqvae", JointVQVAE)
        self.model = JointTranslator(self._config.network, self._space.config.codes)
        everybody = people(context.data, self._config.held_out)
        self._packs = Packs(everybody, self._config.rows, self._config.shares, self._config.donors)
        self._val = validation_of(everybody, self._config.rows)

    def _rows(self, b: dict[str, Tensor], noise: torch.Generator) -> tuple[Rows, dict[str, Tensor]]:
        rows, truth = super()._rows(b, noise)
        both = both_known(b)
        rows = replace(rows, token=torch.where(moved_on(both) > 0, rows.token, self.model.tokens))
        return rows, truth | {"gaze": truth["gaze"] * both}

    def _coded(self, b: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        with torch.no_grad():
            token = self._space.to(b["side"].device).codes_of(Happening.of(b)).view(b["shift"].shape)
        return {"token": token, "latent": b["windows_deg"][:, :, STEP_SAMPLES:].flatten(2) / DEGREES}

    def _scores(self, rows: Rows, truth: dict[str, Tensor], clip: Tensor) -> dict[str, Tensor]:
        logits = self.model.gaze_out(self.model(rows, clip))
        entropy = functional.cross_entropy(logits.flatten(0, 1), truth["token"].flatten(), reduction="none")
        loss = (entropy * truth["gaze"].flatten()).sum() / truth["gaze"].sum().clamp(min=1)
        return {"loss": loss}


class _Step(nn.Module):
    """A row -> state, logits of all codes, next cache; and what every code would do from here."""

    def __init__(self, model: JointTranslator, space: JointVQVAE) -> None:
        super().__init__()
        self.translator, self.space = model, space

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        *fields, cache, filled = inputs
        rows = Rows(*fields)
        codebook = self.space.quantizer.codebook
        past = (rows.latent[:1] * DEGREES).unflatten(1, (STEP_SAMPLES, 3)).expand(codebook.shape[0], STEP_SAMPLES, 3)
        moves, target, share, coming = self.space.decode(codebook, rows.gaze_deg[:1].expand(codebook.shape[0], 2), past)
        return (*self.translator.step(rows, cache, filled), target, share, moves, coming)


def write(context: Context, folder: Path) -> None:
    """Write the network and its manifest."""
    space = translator.trained_space(context, "joint_vqvae", JointVQVAE)
    model = JointTranslator(context.config.model.network, space.config.codes)
    context.trained("translator").load_into(model)
    model.eval()
    outputs = ("state", "logits", "next_cache", "target_deg", "share", "moves", "coming_deg")
    batched = (*STEP_INPUTS, "state", "logits", "next_cache")
    names = Names(STEP_INPUTS, outputs, {name: {0: "batch"} for name in batched})
    export_network(_Step(model, space), example_rows(model, 2), names, folder / "step.onnx")
    write_about(context, folder, "joint", model)


def _needing_both(config: StageConfig) -> StageConfig:
    return replace(config, model=replace(config.model, shares=SHARES, donors=DONORS))


STAGE = replace(
    translator.STAGE,
    presets={name: _needing_both(config) for name, config in translator.STAGE.presets.items()},
    build=JointStage,
    needs=("joint_vqvae",),
    export=Export("learned", write),
)
