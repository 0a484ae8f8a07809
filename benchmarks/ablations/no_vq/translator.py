"""The translator over continuous gaze latents: whether the gaze shifts by a softmax, where to by a mixture."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import torch
from benchmarks.ablations.common import write_about
from benchmarks.ablations.no_vq.space import GazeVAE
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.models.head_vae import HeadVAE
from talkingeyes.models.layers import mlp
from talkingeyes.models.translator import Rows, Translator, TranslatorConfig, mixture_nll
from talkingeyes.train import translator
from talkingeyes.train.packed import Packs
from talkingeyes.train.people import people, shelves
from talkingeyes.train.stage import Context, Export
from talkingeyes.train.to_onnx import Names, export_network
from talkingeyes.train.translator_onnx import STEP_INPUTS, HeadDraw, example_rows

STAY_OR_SHIFT = 2
CANDIDATES = 256
"""Landings that a step draws from the mixture, as many as the codebook has entries: the generator picks one of them."""
GAZE_WEIGHT = 0.1
"""Of the mixture's likelihood beside the softmax, as the head's."""


class ContinuousTranslator(Translator):
    """Tokens 0 (stay) and 1 (shift), and a mixture of Gaussians over the latent of a shift."""

    def __init__(self, config: TranslatorConfig, latent: int, shift_latent: int) -> None:
        super().__init__(config, STAY_OR_SHIFT, latent)
        self.shift_latent = shift_latent
        self.shift_out = mlp(config.width, 2 * config.width, config.mixtures * (1 + 2 * shift_latent))
        self.next_shift = nn.Linear(shift_latent, config.width)

    def shift_mixture(self, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Where a shift may go: log weights (..., M), means and log standard deviations (..., M, shift_latent)."""
        m = self.config.mixtures
        out = self.shift_out(state)
        weights, rest = out[..., :m], out[..., m:].unflatten(-1, (2, m, self.shift_latent))
        return functional.log_softmax(weights, dim=-1), rest[..., 0, :, :], rest[..., 1, :, :].clamp(-5, 2)

    def told(self, state: Tensor, shift: Tensor) -> Tensor:
        """The state with the shift (..., shift_latent) just decided, zeros where there is none, for `head_mixture`."""
        return state + self.next_shift(shift)


def trained_spaces(context: Context) -> tuple[GazeVAE, HeadVAE]:
    """The two latent spaces of this run, frozen."""
    return translator.trained_space(context, "gaze_vae", GazeVAE), translator.trained_space(
        context, "head_vae", HeadVAE
    )


class ContinuousStage(translator.TranslatorStage):
    """The product's stage with likelihoods of shift latents in place of codes."""

    model: ContinuousTranslator

    def __init__(self, context: Context) -> None:
        self._config = context.config.model
        self._shifts, self._vae = trained_spaces(context)
        network = self._config.network
        self.model = ContinuousTranslator(network, self._vae.config.width, self._shifts.config.width)
        everybody = people(context.data, self._config.held_out)
        self._packs = Packs(everybody, self._config.rows, self._config.shares, self._config.donors)
        self._val = self._packs.validation()

    def _coded(self, b: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        shifts, vae, amount = self._shifts.to(b["side"].device), self._vae, self._config.latent_noise
        with torch.no_grad():
            flat = [b[name].flatten(0, 1) for name in ("before_deg", "target_deg", "share")]
            posterior = [part.view(*b["shift"].shape, -1) for part in shifts.posterior(*flat)]
            mean, log_variance = vae.to(b["side"].device).encode(b["windows_deg"])
        latent = translator.drawn(mean, log_variance, amount, noise)
        shift = translator.drawn(posterior[0], posterior[1], amount, noise)
        return {"token": (b["shift"] > 0).long(), "latent": latent, "shift": shift}

    def _scores(self, rows: Rows, truth: dict[str, Tensor], clip: Tensor) -> dict[str, Tensor]:
        model, known = self.model, truth["known"][..., None]
        state = model(rows, clip)
        entropy = functional.cross_entropy(
            model.gaze_out(state).flatten(0, 1), truth["token"].flatten(), reduction="none"
        ).view(truth["token"].shape)
        gaze = _mean(entropy, truth["gaze"])
        place = _mean(mixture_nll(model.shift_mixture(state), truth["shift"]), truth["gaze"] * truth["token"])
        said = torch.where(truth["known"] > 0, truth["token"], model.tokens)
        told = model.told(state, truth["shift"] * truth["token"][..., None] * known)
        mixture = model.head_mixture(told, said, rows.latent * rows.sees[..., None])
        head = _mean(mixture_nll(mixture, truth["latent"]), truth["head"])
        loss = gaze + GAZE_WEIGHT * place + self._config.head_weight * head
        return {"loss": loss, "gaze_nats": gaze, "place_nats": place, "head_nats": head}


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum() / weight.sum().clamp(min=1)


class _Step(nn.Module):
    """A row -> state, logits of stay and of each drawn landing, next cache, the landings and their latents."""

    def __init__(self, model: ContinuousTranslator, shifts: GazeVAE) -> None:
        super().__init__()
        self.translator, self.shifts = model, shifts

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        *fields, cache, filled, draw, noise = inputs
        rows = Rows(*fields)
        state, logits, cache = self.translator.step(rows, cache, filled)
        weight, mean, log_sd = self.translator.shift_mixture(state[0])
        reached = torch.cumsum(weight.exp(), dim=-1)
        part = (reached[None] < draw[:, None] * reached[-1:]).sum(dim=-1).clamp(max=weight.shape[-1] - 1)
        z = mean[part] + log_sd[part].exp() * noise
        target, share = self.shifts.decode(z, rows.gaze_deg[:1].expand(CANDIDATES, 2))
        each = (logits[:, 1:] - math.log(CANDIDATES)).expand(-1, CANDIDATES)
        return state, torch.cat([logits[:, :1], each], dim=-1), cache, target, share, z


class _Head(HeadDraw):
    """The product's draw of the head, told where the gaze goes."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        state, *rest, shift = inputs
        assert isinstance(self.translator, ContinuousTranslator)
        return super().forward(self.translator.told(state, shift), *rest)


def write(context: Context, folder: Path) -> None:
    """Write the two networks and their manifest."""
    config = context.config.model
    shifts, vae = trained_spaces(context)
    model = ContinuousTranslator(config.network, vae.config.width, shifts.config.width)
    context.trained("translator").load_into(model)
    model.eval()
    inputs = (*STEP_INPUTS, "gaze_draw", "gaze_noise")
    outputs = ("state", "logits", "next_cache", "target_deg", "share", "z")
    batched = (*STEP_INPUTS, "state", "logits", "next_cache")
    width = shifts.config.width
    example = [*example_rows(model, 2), torch.rand(CANDIDATES), torch.randn(CANDIDATES, width)]
    names = Names(inputs, outputs, {name: {0: "batch"} for name in batched})
    export_network(_Step(model, shifts), example, names, folder / "step.onnx")
    everybody = people(context.data, config.held_out)
    heads = [shelf for kind, shelf in shelves(everybody.train).items() if kind != "tracked"]
    reach = translator.latent_range(vae, heads, everybody)
    head = _Head(model, vae, reach["low"], reach["high"])
    example = [*head.example(), torch.zeros(1, width)]
    names = Names((*HeadDraw.INPUTS, "shift"), HeadDraw.OUTPUTS)
    export_network(head, example, names, folder / "head.onnx")
    write_about(context, folder, "no_vq", model)


STAGE = replace(
    translator.STAGE, build=ContinuousStage, needs=("gaze_vae", "head_vae"), export=Export("learned", write)
)
