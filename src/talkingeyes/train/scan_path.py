"""The stage that learns where the gaze goes: dwells and landings of eye-tracked people, as choices in a scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor

from talkingeyes.errors import ModelError
from talkingeyes.generate.scanpath.network import scan_path_model
from talkingeyes.models.scan_path import ScanPathConfig, ScanPathTransformer, dwell_log_likelihood
from talkingeyes.train.config import StageConfig, check_range
from talkingeyes.train.data import PARTS, open_split
from talkingeyes.train.people import is_held_out
from talkingeyes.train.scan_path_debias import debiased
from talkingeyes.train.scan_path_onnx import Described, write_scan_path
from talkingeyes.train.scan_path_rows import LookPool, LookRows, Looks, codebook_of, looks_of, rows_of, split_in_time
from talkingeyes.train.stage import Context, Export, StageKind

VAL_BATCHES, VAL_SIZE = 4, 48


@dataclass(frozen=True)
class ScanPathStageConfig:
    """The network and how its data is used.

    Attributes:
        network: its sizes.
        looks: of one training stretch.
        val_share: the last part of each person's looks, kept to validate with.
        character_dropout: share of the stretches that are learned as everybody's.
        debias_rounds: rounds of free running by which biases are found (`scan_path_debias`); 0: none are.
        debias_s: length of a chain in them.
        held_out: who is not trained on, by group or ORIGIN/PATH (`train.people.is_held_out`).
    """

    network: ScanPathConfig = field(default_factory=ScanPathConfig)
    looks: int = 64
    val_share: float = 0.15
    character_dropout: float = 0.1
    debias_rounds: int = 8
    debias_s: float = 100.0
    held_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check every value."""
        check_range("looks", self.looks, 2, 4096)
        check_range("val_share", self.val_share, 0.01, 0.5)
        check_range("character_dropout", self.character_dropout, 0.0, 1.0)
        check_range("debias_rounds", self.debias_rounds, 0, 100)
        check_range("debias_s", self.debias_s, 1.0, 3600.0)


@dataclass(frozen=True, eq=False)
class TrackedPeople:
    """Whose gaze is learned from: names, and their looks, plain and as rows."""

    names: tuple[str, ...]
    looks: tuple[Looks, ...]
    rows: tuple[LookRows, ...]


def tracked_people(context: Context, held_out: tuple[str, ...]) -> TrackedPeople:
    """The people of a data set whose gaze is learned from: eye-tracked ones, or where there are none those of videos.

    Raises:
        ModelError: there are none.
    """
    present = set(open_split(context.data).split.values())
    clips = [c for part in PARTS if part in present for c in context.clips(part)]
    looks = looks_of([c for c in clips if not is_held_out(c, held_out)])
    names = tuple(sorted({own.person for own in looks}))
    if not names:
        raise ModelError(
            f"{context.data}: holds no gaze to learn from: eye-tracked people (talkingeyes dataset import), or videos "
            "of people who look where they like"
        )
    return TrackedPeople(names, tuple(looks), tuple(rows_of(own, names.index(own.person)) for own in looks))


class ScanPathStage:
    """Stretches of looks drawn at random, half of them mirrored: a mirrored person is a character of its own."""

    name = "scan_path"

    def __init__(self, context: Context) -> None:
        self._config: ScanPathStageConfig = context.config.model
        people = tracked_people(context, self._config.held_out)
        train, val = split_in_time(people.rows, self._config.val_share)
        if not train or not val:
            raise ModelError(f"{context.data}: too few looks to learn from")
        count = len(people.names)
        self._train, self._val = LookPool.of(train, count), LookPool.of(val, count)
        self.model = network_for(self._config.network, people, context.seed)

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Stretches of looks; some are learned as everybody's."""
        batch = self._train.batch(rng, size, self._config.looks)
        nobody = torch.from_numpy(rng.random(size) < self._config.character_dropout)[:, None]
        everybody = torch.full_like(batch["character"], self.model.characters)
        return batch | {"character": torch.where(nobody, everybody, batch["character"])}

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """Nats per look: of how long it lasts, and of where the next one lands."""
        return losses(self.model, batch)

    def validate(self) -> dict[str, float]:
        """The same on the last part of each person's looks."""
        device = self.model.code_deg.device
        found: dict[str, list[float]] = {}
        for i in range(VAL_BATCHES):
            batch = self._val.batch(np.random.default_rng(i), VAL_SIZE, self._config.looks)
            values = losses(self.model, {k: v.to(device) for k, v in batch.items()})
            for name, value in values.items():
                found.setdefault(name, []).append(float(value))
        return {name: float(np.mean(values)) for name, values in found.items()}


def network_for(config: ScanPathConfig, people: TrackedPeople, seed: int) -> ScanPathTransformer:
    """A fresh network with these people's codebook; each person is there twice, as seen and mirrored."""
    centre, spread = codebook_of(people.rows, config.codes, np.random.default_rng(seed))
    config = replace(config, codes=len(centre))
    tables = (torch.from_numpy(a.astype(np.float32)) for a in (centre, spread))
    return ScanPathTransformer(config, 2 * len(people.names), *tables)


def losses(model: ScanPathTransformer, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Negative log likelihoods of a batch of stretches."""
    who = model.who_is(batch["character"], batch["state"])
    state = model(batch["look"], who, batch["there"])
    dwell = dwell_log_likelihood(model.hazard_logits(state, who), batch["bin"], batch["ended"])
    landing = model.landing(
        state, who, batch["dwell_s"], batch["gaze_deg"], batch["place"], batch["place_deg"], batch["known"]
    )
    landed = landing.log_likelihood(batch["next_deg"]).clamp(min=-25)
    dwell_nats = -(dwell * batch["dwell_weight"]).sum() / batch["dwell_weight"].sum().clamp(min=1)
    landing_nats = -(landed * batch["next_weight"]).sum() / batch["next_weight"].sum().clamp(min=1)
    return {"loss": dwell_nats + landing_nats, "dwell_nats": dwell_nats, "landing_nats": landing_nats}


def write(context: Context, folder: Path) -> None:
    """Write the gaze generator of a run."""
    config: ScanPathStageConfig = context.config.model
    people = tracked_people(context, config.held_out)
    model = network_for(config.network, people, context.seed)
    trained = context.trained("scan_path")
    trained.load_into(model)
    about = Described("scan path", people.names, people.rows, config.held_out, dict(trained.figures))
    if not config.debias_rounds:
        return write_scan_path(folder, model.eval(), about)
    with TemporaryDirectory() as first:
        write_scan_path(Path(first), model.eval(), about)
        written = scan_path_model(Path(first), own=True)
        biases, figures = debiased(written, people.looks, people.names, config.debias_rounds, config.debias_s)
    write_scan_path(folder, model, replace(about, figures={**about.figures, **figures}), biases)
    return None


TINY = StageConfig(steps=30, batch_size=4, warmup_steps=3, validate_every=15, save_every=15)
SMALL = StageConfig(
    steps=700, batch_size=16, learning_rate=2e-3, weight_decay=0.05, warmup_steps=100, ema_decay=0.99,
    validate_every=50, save_every=100,
)  # fmt: skip
TINY_MODEL = ScanPathStageConfig(
    ScanPathConfig(width=16, heads=2, layers=1, codes=8), looks=16, debias_rounds=1, debias_s=5.0
)
STAGE = StageKind(
    {
        "tiny": replace(TINY, model=TINY_MODEL),
        "small": replace(SMALL, model=ScanPathStageConfig()),
    },
    ScanPathStage,
    hears=(),
    export=Export("scan_path", write),
)
