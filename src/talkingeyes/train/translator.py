"""The stage that learns to go from speech to gaze tokens and head latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from talkingeyes.models.gaze_head_transformer import FLOOR, GazeHeadTransformer, Rows, TranslatorConfig, mixture_nll
from talkingeyes.models.gaze_vqvae import STAY, GazeVQVAE
from talkingeyes.models.head_vae import HeadVAE
from talkingeyes.train.config import StageConfig, check_range
from talkingeyes.train.debias import Character, characters, run_free
from talkingeyes.train.encoders import spec_of
from talkingeyes.train.hearing import heard_people
from talkingeyes.train.packed import KINDS, PackedBatches, begins, mirrored, moved_on
from talkingeyes.train.people import HELD_OUT, People, shelves
from talkingeyes.train.rows import ClipPool
from talkingeyes.train.sequences import GAZE_STYLES, RATE_HZ
from talkingeyes.train.stage import Context, Export, StageKind
from talkingeyes.train.translator_onnx import About, write_learned

Space = TypeVar("Space", bound=torch.nn.Module)
RANGE_SD = 4.0
"""Latents are kept within so many standard deviations of what was seen in training."""


@dataclass(frozen=True)
class TranslatorStageConfig:
    """The translator and how its data is used.

    Attributes:
        network: its sizes.
        rows: rows of 0.2 s of one training sequence.
        shares: of eye-tracked, free and camera-reading sequences in a batch.
        audio_dropout: share of the sequences whose sound is taken away.
        floor_dropout: share whose turns are taken away.
        style_dropout: of each style.
        history_dropout: of single gaze tokens and head latents in the past.
        head_dropout: share whose head is taken away.
        donors: share of eye-tracked sequences that borrow a voice and a head, see `rows.with_donor`.
        video_gaze: weight of gaze that was seen in a video.
        head_weight: of the head's likelihood (nats per row) beside that of the gaze tokens.
        gaze_noise_deg: added to the gaze before, so that the model forgives its own landings.
        latent_noise: of the head's encoder, in its own standard deviations.
        hears: False trains and generates without sound.
        final: also learn from the people of the val part and progress the training itself instead; for the run that
            ships, after the val part has told how long to train.
        held_out: who is neither trained on nor validated with.
    """

    network: TranslatorConfig = field(default_factory=TranslatorConfig)
    rows: int = 96
    shares: tuple[float, ...] = (0.5, 0.2, 0.3)
    audio_dropout: float = 0.2
    floor_dropout: float = 0.1
    style_dropout: float = 0.15
    history_dropout: float = 0.1
    head_dropout: float = 0.15
    donors: float = 0.7
    video_gaze: float = 0.3
    head_weight: float = 0.1
    gaze_noise_deg: float = 0.5
    latent_noise: float = 0.5
    hears: bool = True
    final: bool = False
    held_out: tuple[str, ...] = HELD_OUT

    def __post_init__(self) -> None:
        """Check every value."""
        check_range("rows", self.rows, 8, 4096)
        if len(self.shares) != len(KINDS) or min(self.shares) < 0 or not sum(self.shares) > 0:
            raise ValueError(f"shares is {self.shares}; {len(KINDS)} numbers from 0 up are accepted")
        names = ("audio_dropout", "floor_dropout", "style_dropout", "history_dropout", "head_dropout", "donors")
        for name in names:
            check_range(name, getattr(self, name), 0.0, 1.0)
        for name in ("video_gaze", "head_weight", "gaze_noise_deg", "latent_noise"):
            check_range(name, getattr(self, name), 0.0, 100.0)


class TranslatorStage:
    """Packed sequences of three kinds; what a sequence lacks is masked, and more is masked at random."""

    name = "translator"

    def __init__(self, context: Context) -> None:
        self._config: TranslatorStageConfig = context.config.model
        self._vqvae, self._vae = trained_spaces(context)
        everybody, encoder = heard_people(context, self._config.held_out)
        width = None if encoder is None else encoder.width
        self.model = GazeHeadTransformer(self._config.network, self._vqvae.tokens, self._vae.config.width, width)
        if self._config.final:
            everybody = replace(everybody, train=everybody.train + everybody.val, val=everybody.train)
        self._packs = PackedBatches(everybody, self._config.rows, self._config.shares, self._config.donors)
        self._val = self._packs.validation()

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Sequences drawn at random, half of them mirrored (`losses` needs to know, hence a tensor of its own)."""
        return self._packs.batch(rng, size)

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """Cross entropy of gaze tokens and likelihood of head latents, where they are known."""
        rows, truth = self._rows(mirrored(batch), noise)
        if self.model.training:
            rows = self._masked(rows, noise)
        return self._scores(rows, truth, batch["clip"])

    def validate(self) -> dict[str, float]:
        """The same on people of the val part, nothing masked."""
        device = self.model.blind.device
        batch = {name: value.to(device) for name, value in self._val.items()}
        rows, truth = self._rows(batch, torch.Generator().manual_seed(0))
        return {name: float(value) for name, value in self._scores(rows, truth, batch["clip"]).items()}

    def _rows(self, b: dict[str, Tensor], noise: torch.Generator) -> tuple[Rows, dict[str, Tensor]]:
        """What each row knows, and what it should say."""
        coded = self._coded(b, noise)
        first = begins(b["clip"])
        said = torch.where(b["before_known"] * ~first > 0, moved_on(coded["token"]), self.model.tokens)
        seen = torch.maximum(b["head_known"] * b["valid"] * (b["borrowed"] == 0), b["borrowed"])
        gaze_noise = torch.randn(b["before_deg"].shape, generator=noise).to(b["side"].device)
        rows = Rows(
            speech=b["speech"], hears=b["hears"] * float(self._config.hears), floor=b["floor"], source=b["source"],
            style=b["style"], style_known=b["style_known"], token=said,
            gaze_deg=b["before_deg"] + self._config.gaze_noise_deg * gaze_noise, held_s=b["held_s"],
            latent=moved_on(coded["latent"]) * ~first[..., None], sees=moved_on(seen) * ~first,
        )  # fmt: skip
        own_head = b["head_known"] * b["valid"] * (b["borrowed"] == 0) * (b["source"] > 0)
        weight = torch.where(b["source"] > 0, self._config.video_gaze, 1.0)
        known = b["gaze_known"] * b["valid"]
        return rows, coded | {"gaze": known * weight, "known": known, "head": own_head}

    def _coded(self, b: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """What the spaces make of each row: ``token`` (B, T) and ``latent`` (B, T, L)."""
        vqvae = self._vqvae.to(b["side"].device)
        with torch.no_grad():
            flat = [b[name].flatten(0, 1) for name in ("before_deg", "target_deg", "share")]
            token = torch.where(b["shift"] > 0, vqvae.tokens_of(*flat).view(b["shift"].shape), STAY)
            mean, log_variance = self._vae.to(b["side"].device).encode(b["windows_deg"])
        return {"token": token, "latent": drawn(mean, log_variance, self._config.latent_noise, noise)}

    def _masked(self, r: Rows, noise: torch.Generator) -> Rows:
        """Rows with more taken away at random, by whole sequences and by single steps."""
        c = self._config
        batch, steps = r.token.shape

        def kept(share: float, *shape: int) -> Tensor:
            return (torch.rand(shape, generator=noise) >= share).to(r.speech)

        unknown = r.floor.new_full((), FLOOR.index("unknown"))
        return Rows(
            speech=r.speech, hears=r.hears * kept(c.audio_dropout, batch, 1),
            floor=torch.where(kept(c.floor_dropout, batch, 1) > 0, r.floor, unknown), source=r.source, style=r.style,
            style_known=r.style_known * kept(c.style_dropout, batch, 1, r.style.shape[-1]),
            token=torch.where(kept(c.history_dropout, batch, steps) > 0, r.token, self.model.tokens),
            gaze_deg=r.gaze_deg, held_s=r.held_s, latent=r.latent,
            sees=r.sees * kept(c.history_dropout, batch, steps) * kept(c.head_dropout, batch, 1),
        )  # fmt: skip

    def _scores(self, rows: Rows, truth: dict[str, Tensor], clip: Tensor) -> dict[str, Tensor]:
        model = self.model
        state = model(rows, clip)
        entropy = functional.cross_entropy(
            model.gaze_out(state).flatten(0, 1), truth["token"].flatten(), reduction="none"
        ).view(truth["token"].shape)
        gaze = (entropy * truth["gaze"]).sum() / truth["gaze"].sum().clamp(min=1)
        said = torch.where(truth["known"] > 0, truth["token"], model.tokens)
        mixture = model.head_mixture(state, said, rows.latent * rows.sees[..., None])
        head = (mixture_nll(mixture, truth["latent"]) * truth["head"]).sum() / truth["head"].sum().clamp(min=1)
        return {"loss": gaze + self._config.head_weight * head, "gaze_nats": gaze, "head_nats": head}


def drawn(mean: Tensor, log_variance: Tensor, amount: float, noise: torch.Generator) -> Tensor:
    """Latents of an encoder, with ``amount`` of its own standard deviation."""
    return mean + amount * torch.randn(mean.shape, generator=noise).to(mean.device) * (log_variance / 2).exp()


def trained_space(context: Context, stage: str, build: Callable[[Any], Space]) -> Space:
    """A latent space of this run, frozen: ``build`` makes it from its stage's ``space`` settings."""
    found = context.trained(stage)
    space = build(found.config.model.space)
    found.load_into(space)
    return space.eval().requires_grad_(False)


def trained_spaces(context: Context) -> tuple[GazeVQVAE, HeadVAE]:
    """The two latent spaces of this run, frozen."""
    return trained_space(context, "gaze_vqvae", GazeVQVAE), trained_space(context, "head_vae", HeadVAE)


def latent_range(vae: HeadVAE, sequences: Sequence[ClipPool], scale_of: People) -> dict[str, list[float]]:
    """Lowest and highest latents that a generator may reach, each dimension."""
    rng = np.random.default_rng(0)
    found = []
    with torch.no_grad():
        for shelf in sequences:
            for _ in range(8):
                cut = shelf.packed(200, scale_of.scale, rng)
                windows = torch.from_numpy(cut["windows_deg"][cut["head_known"] > 0].astype(np.float32))
                found.append(vae.encode(windows)[0])
    table = torch.cat(found)
    mean, sd = table.mean(0), table.std(0) * RANGE_SD
    return {"low": (mean - sd).tolist(), "high": (mean + sd).tolist()}


def character_table(known: Sequence[Character]) -> list[list[float]]:
    """Rows of gaze styles and a share, the same for everybody; the average person where nobody is known."""
    if not known:
        return [[0.0] * GAZE_STYLES + [1.0]]
    return [[*(round(float(v), 3) for v in c.style[:GAZE_STYLES]), round(1 / len(known), 5)] for c in known]


def _told(everybody: People) -> list[str]:
    """One line per origin: clips and minutes that were seen."""
    lines = []
    for origin in sorted({s.origin for s in everybody.train}):
        own = [s for s in everybody.train if s.origin == origin]
        seen = sum(float((s.gaze_known | s.head_known).sum()) for s in own) / RATE_HZ / 60
        lines.append(f"{origin}: {len(own)} clips, {seen:.1f} min")
    return lines


def write(context: Context, folder: Path) -> None:
    """Write the learned generator of a run."""
    config: TranslatorStageConfig = context.config.model
    vqvae, vae = trained_spaces(context)
    encoder = spec_of(context.encoder)
    width = None if encoder is None else encoder.width
    model = GazeHeadTransformer(config.network, vqvae.tokens, vae.config.width, width)
    trained = context.trained("translator")
    trained.load_into(model)
    everybody, _ = heard_people(context, config.held_out)
    known = list(characters(everybody).values())
    free = run_free(model.eval(), vqvae, vae, known, everybody)
    heads = [shelf for kind, shelf in shelves(everybody.train).items() if kind != "tracked"]
    about = About(
        name="learned",
        styles=asdict(everybody.scale), characters=character_table(known),
        free=free, latent_range=latent_range(vae, heads, everybody), hears=config.hears,
        training_data=_told(everybody), held_out=list(config.held_out),
        figures=dict(trained.figures) | free.figures, encoder=encoder,
    )  # fmt: skip
    write_learned(folder, model.eval(), vqvae, vae, about)


TINY = StageConfig(steps=30, batch_size=4, warmup_steps=3, validate_every=15, save_every=15)
SMALL = StageConfig(
    steps=1500, batch_size=24, weight_decay=0.05, warmup_steps=100, ema_decay=0.99, validate_every=100, save_every=100
)
TINY_NETWORK = TranslatorConfig(width=16, heads=2, layers=1, window=8, mixtures=2)
STAGE = StageKind(
    {
        "tiny": replace(TINY, model=TranslatorStageConfig(TINY_NETWORK, rows=16)),
        "small": replace(SMALL, model=TranslatorStageConfig()),
    },
    TranslatorStage,
    hears=("light", "local"),
    needs=("gaze_vqvae", "head_vae"),
    export=Export("learned", write),
)
