"""The face network's stage: lips of fitted clips, mouth shapes of made speech, and its export."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from talkingeyes.errors import SettingError
from talkingeyes.generate.lip_features import lip_features
from talkingeyes.generate.lip_table import INPUTS, LIPS, SHAPES
from talkingeyes.generate.mouth import KIND, NETWORK, checked_face
from talkingeyes.generate.plan import STEP_FRAMES
from talkingeyes.models.face_net import FaceNet, FaceNetConfig
from talkingeyes.models.face_step import free_axes, in_blocks
from talkingeyes.train.config import StageConfig, check_range
from talkingeyes.train.face_data import (
    SAMPLE_RATE_HZ,
    Voice,
    fitted_voices,
    npz_arrays_of,
    spoken_voices,
)
from talkingeyes.train.face_lag import in_step, row_correlation, sound_late
from talkingeyes.train.face_losses import JAW, place_errors, rule_error, touch_error, wide_open
from talkingeyes.train.face_places import places_of, readout
from talkingeyes.train.face_rest import lines_of
from talkingeyes.train.face_rows import Rows, heard
from talkingeyes.train.face_taught import begin_like, taught_error, taught_voices
from talkingeyes.train.face_truth import in_step_voices
from talkingeyes.train.stage import Context, Export, StageKind
from talkingeyes.train.to_onnx import Names, export_network, write_manifest
from talkingeyes.weights import load_network

Array = NDArray[Any]

CLOSED = SHAPES.index("PP")
HELD = [SHAPES.index(name) for name in ("sil", "PP", "FF")]
"""Shapes with lips that touch."""
_CLOSED_COUNTS = 2.0
_SHUT_WEIGHT, _TOUCH_WEIGHT = 1.0, 0.3
_CHANGE_WEIGHT, _MATCH_WEIGHT, _RULE_WEIGHT = 0.25, 1.0, 0.3
_LAG_FRAMES = 6
_DEAF_SHARE = 0.1
"""Of the steps, first: the network hears too little to tell how clips are out of step, and takes them as they are."""
NAMED = "name "
"""How the groups of a split begin that are one known person."""


@dataclass(frozen=True)
class FaceConfig:
    """The face network and what it learns from.

    Attributes:
        net: its size.
        spoken: made speech (`scripts/speak_phonemes.py train`); none where empty.
        frames: of 20 ms in a row.
        spoken_share: of the rows.
        spoken_weight: of the mouth shapes' cross entropy.
        most_of_one: one named person's clips count together as this share of all time at most.
        bfloat16: matrix products in half the bits, while training: on processors made for it twice as fast.
        teacher: weights of a face network that hears further ahead (a folder): where its size is the same, this one
            begins with its weights, and learns what it says of every row beside the fits; none where empty.
        begin: weights to begin with in place of the teacher's.
        in_step_by: weights of a face network by which sound and picture of every clip are brought in step first; clips
            whose lag stays unknown are left out (`train.face_truth`). As they are where empty.
        taught_weight: of what the teacher says.
        block_frames: that the exported network takes at a time; the mouth comes as much later.
    """

    net: FaceNetConfig = field(default_factory=FaceNetConfig)
    spoken: str = ""
    frames: int = 64
    spoken_share: float = 0.25
    spoken_weight: float = 0.5
    most_of_one: float = 0.1
    bfloat16: bool = False
    teacher: str = ""
    begin: str = ""
    in_step_by: str = ""
    taught_weight: float = 1.0
    block_frames: int = STEP_FRAMES

    def __post_init__(self) -> None:
        """Check every value once."""
        check_range("frames", self.frames, 16, 4096)
        for name in ("spoken_share", "most_of_one"):
            check_range(name, getattr(self, name), 0.0, 1.0)
        for name in ("spoken_weight", "taught_weight"):
            check_range(name, getattr(self, name), 0.0, 100.0)
        check_range("block_frames", self.block_frames, 1, STEP_FRAMES)


class FaceStage:
    """See `stage.Stage`."""

    name = "face"

    def __init__(self, context: Context, *, to_train: bool = True) -> None:
        """Read the clips, and, where it is to train, the made speech."""
        config = context.config.model
        if not isinstance(config, FaceConfig):
            raise SettingError("face: the stage's model is not a face network's")
        self.config = config
        self._deaf_steps = _DEAF_SHARE * context.config.steps
        self.model: torch.nn.Module = FaceNet(config.net)
        self._train = in_step_voices(fitted_voices(context.clips("train")), config.in_step_by)
        self._val = in_step_voices(fitted_voices(context.clips("val")), config.in_step_by)
        made = [s.voice for s in spoken_voices(Path(config.spoken))] if to_train and config.spoken else []
        teacher = checked_face(load_network(config.teacher)) if to_train and config.teacher else None
        if teacher is not None:
            self._train, made = taught_voices(self._train, teacher), taught_voices(made, teacher)
        self._spoken = Rows(made, config.frames) if made else None
        lengths = np.array([len(voice) for voice in made], float)
        self._spoken_chances = lengths / max(lengths.sum(), 1.0)
        self._fitted = Rows(self._train, config.frames)
        self._chances = chances(self._train, config.most_of_one)
        lips = np.concatenate([v.lips[v.seen] for v in self._train if v.seen.any()])
        mean, spread = lines_of(lips)
        self._spread = torch.tensor(spread)
        with torch.no_grad():
            assert isinstance(self.model, FaceNet)
            self.model.lips.bias.copy_(torch.tensor(mean))
            first = checked_face(load_network(config.begin)) if to_train and config.begin else teacher
            if first is not None:
                begin_like(self.model, first)

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """Rows of fitted clips, each `spoken_share`-th a row of made speech; one row is always fitted.

        ``hears`` is 1 where the step is late enough to tell clips' lags (`face_lag`).
        """
        spoken = int(size * self.config.spoken_share) if self._spoken is not None else 0
        # Spread over the batch, so that each process has its share.
        is_spoken = np.floor(np.arange(1, size + 1) * spoken / size) > np.floor(np.arange(size) * spoken / size)
        fitted_rows = self._fitted.cut(rng.choice(len(self._chances), size - spoken, p=self._chances), rng)
        rows = {key: np.zeros((size, *part.shape[1:]), part.dtype) for key, part in fitted_rows.items()}
        for key, part in fitted_rows.items():
            rows[key][~is_spoken] = part
        if self._spoken is not None and spoken:
            chosen = rng.choice(len(self._spoken_chances), spoken, p=self._spoken_chances)
            for key, part in self._spoken.cut(chosen, rng).items():
                rows[key][is_spoken] = part
        return {
            "features": torch.tensor(heard(rows["mel"], rows["level"], rng), dtype=torch.float32),
            "lips": torch.tensor(rows["lips"], dtype=torch.float32),
            "seen": torch.tensor(rows["seen"], dtype=torch.float32),
            "shapes": torch.tensor(rows["shapes"]),
            "hears": torch.full((size,), float(step > self._deaf_steps)),
        } | ({"taught": torch.tensor(rows["taught"], dtype=torch.float32)} if "taught" in rows else {})

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """Means over rows of what each row asks for, so that any split of the rows gives the same."""
        del noise
        with torch.autocast(batch["features"].device.type, torch.bfloat16, enabled=self.config.bfloat16):
            lips, logits = (part.float() for part in self.model(batch["features"]))
        spread = self._spread.to(lips.device)
        late = sound_late(lips[..., JAW].detach(), batch["lips"][..., JAW], batch["seen"]) * batch["hears"]
        fitted, seen = in_step(batch["lips"], batch["seen"], late * (0.5 if self.config.in_step_by else 1.0))
        place, change = place_errors(lips, fitted, seen, spread)
        match = 1 - row_correlation(lips[..., JAW], fitted[..., JAW], seen)
        match = match * (seen.sum(dim=1) > 20)
        known = (batch["shapes"] >= 0).float()
        weights = torch.ones(len(SHAPES), device=logits.device)
        weights[CLOSED] = _CLOSED_COUNTS
        named = batch["shapes"].clamp(min=0)
        flat = functional.cross_entropy(logits.transpose(1, 2), named, weight=weights, reduction="none")
        shape = (flat * known).sum(dim=1) / known.sum(dim=1).clamp(min=1)
        rule = rule_error(lips[..., JAW], batch["shapes"], known, float(spread[JAW]))
        open_ = wide_open(fitted[..., JAW], seen)
        held = torch.log1p(-torch.softmax(logits, dim=-1)[..., CLOSED].clamp(max=0.999))
        shut = -(held * open_).sum(dim=1) / open_.sum(dim=1).clamp(min=1)
        touch = touch_error(torch.softmax(logits, dim=-1)[..., HELD].sum(dim=-1), fitted[..., JAW], seen)
        terms = {
            "touch": touch,
            "shut": shut,
            "place": place,
            "change": change,
            "match": match,
            "shape": shape,
            "rule": rule,
        }
        if "taught" in batch:
            terms["taught"] = taught_error(lips, logits, batch["taught"], spread)
        mean = {name: value.mean() for name, value in terms.items()}
        loss = (
            mean["place"]
            + _SHUT_WEIGHT * mean["shut"]
            + _TOUCH_WEIGHT * mean["touch"]
            + _CHANGE_WEIGHT * mean["change"]
            + _MATCH_WEIGHT * mean["match"]
        )
        return {
            "loss": loss
            + self.config.spoken_weight * mean["shape"] / max(self.config.spoken_share, 1e-3)
            + _RULE_WEIGHT * mean["rule"]
            + self.config.taught_weight * mean.get("taught", mean["rule"] * 0),
            **mean,
        }

    def validate(self) -> dict[str, float]:
        """Correlation of the opening with the fit, mean over clips of at least 20 seen frames, and its lag."""
        curves = [(self._opening(voice), voice) for voice in self._val if voice.seen.sum() >= 20]
        found = [correlation(p, v.lips[:, JAW], v.seen) for p, v in curves]
        r = float(np.nanmean(found)) if np.isfinite(found).any() else 0.0
        return {"loss": 1 - r, "opening_r": r, "lag_ms": 20.0 * pooled_lag(curves)}

    def _opening(self, voice: Voice) -> Array:
        features = lip_features(voice.log_mel, voice.level_db)
        with torch.no_grad():
            lips, _ = self.model(torch.tensor(features[None], device=next(self.model.parameters()).device))
        return lips[0, :, JAW].cpu().numpy()


def chances(voices: list[Voice], most_of_one: float) -> Array:
    """Chance of each clip: its time, and no named person above ``most_of_one`` of all time.

    Groups without a name may hold many people (docs/data.md) and keep their time.
    """
    time = np.array([len(v) for v in voices], float)
    owner = np.unique([v.group for v in voices], return_inverse=True)[1]
    named = np.array([v.group.startswith(NAMED) for v in voices])
    total = np.bincount(owner, time)
    share = total / total.sum()
    weight = np.where(named, np.minimum(1.0, most_of_one / share[owner]), 1.0)
    return time * weight / (time * weight).sum()


def correlation(one: Array, other: Array, seen: Array) -> float:
    """Of the seen frames; NaN where one of them stands still."""
    one, other = one[seen], other[seen]
    if len(one) < 3 or one.std() < 1e-6 or other.std() < 1e-6:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def pooled_lag(curves: list[tuple[Array, Voice]]) -> int:
    """Frames by which the predicted opening comes after the fitted one, where their mean correlation is largest."""
    best, found = -2.0, 0
    for lag in range(-_LAG_FRAMES, _LAG_FRAMES + 1):
        values = []
        for predicted, voice in curves:
            seen = voice.seen & np.roll(voice.seen, lag)
            edge = slice(_LAG_FRAMES, len(voice) - _LAG_FRAMES)
            values.append(correlation(np.roll(predicted, -lag)[edge], voice.lips[edge, JAW], seen[edge]))
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else -2.0
        if mean > best:
            best, found = mean, lag
    return found


def calibration(stage: FaceStage) -> dict[str, Any]:
    """A readout of what the network gives to the places of a mouth, as large as people's (`face_places`)."""
    given, fitted, owner = [], [], []
    chosen = stage._val + stage._train[:: max(1, len(stage._train) // 300)]
    for number, voice in enumerate(chosen):
        with torch.no_grad():
            lips, logits = stage.model(torch.tensor(lip_features(voice.log_mel, voice.level_db)[None]))
        given.append(torch.cat([lips, torch.softmax(logits, dim=-1)], dim=2)[0].numpy()[voice.seen])
        fitted.append(places_of(dict(zip(LIPS, voice.lips[voice.seen].T.astype(float), strict=True))))
        owner.append(np.full(len(given[-1]), number))
    line, shift, _ = readout(np.concatenate(given).astype(float), np.concatenate(fitted), np.concatenate(owner))
    return {
        "readout": [[round(float(v), 5) for v in row] for row in line],
        "shift": [round(float(v), 5) for v in shift],
    }


def _told(stage: FaceStage) -> list[str]:
    """One line per origin of what was trained with."""
    lines = []
    for name in sorted({voice.name for voice in stage._train}):
        own = [len(voice) for voice in stage._train if voice.name == name]
        lines.append(f"{name}: {len(own)} fitted clips, {sum(own) / 3000:.1f} min")
    if stage.config.spoken:
        minutes = npz_arrays_of(Path(stage.config.spoken))["starts"][-1] / SAMPLE_RATE_HZ / 60
        lines.append(f"made speech with known phonemes (scripts/speak_phonemes.py): {minutes:.0f} min")
    if stage.config.teacher:
        teacher = load_network(stage.config.teacher)
        lines.append(f"on all of these, what the network {teacher.manifest.name} ({teacher.sha256[:12]}) says")
    return lines


def _write(context: Context, folder: Path) -> None:
    trained = context.trained("face")
    stage = FaceStage(context, to_train=False)
    trained.load_into(stage.model)
    stage.model.eval()
    assert isinstance(stage.model, FaceNet)
    frames = stage.config.block_frames
    net = in_blocks(stage.model, frames)
    example = (torch.zeros(1, frames, INPUTS), torch.zeros(1, stage.model.state_size))
    names = Names(("features", "state"), ("lips", "shapes", "state_after"), free_axes(frames))
    export_network(net, example, names, folder / f"{NETWORK}.onnx")
    write_manifest(
        folder,
        name="face",
        licence="MIT",
        training_data=_told(stage),
        config={
            "kind": KIND,
            "lips": list(LIPS),
            "shapes": list(SHAPES),
            "ahead": stage.config.net.ahead,
            "block": stage.config.block_frames,
            "state_size": stage.model.state_size,
            "calibration": calibration(stage),
            "step": trained.step,
        },
        scores={name: round(value, 4) for name, value in trained.figures.items()},
    )


TINY = FaceConfig(FaceNetConfig(channels=16, dilations=(1, 2), ahead=4, smooth=1), frames=32)
STAGE = StageKind(
    presets={
        "tiny": StageConfig(steps=4, batch_size=4, warmup_steps=1, validate_every=2, save_every=2, model=TINY),
        "small": StageConfig(
            steps=3200,
            batch_size=64,
            learning_rate=3e-3,
            warmup_steps=200,
            ema_decay=0.998,
            validate_every=500,
            save_every=500,
            weight_decay=0.05,
            model=FaceConfig(),
        ),
    },
    build=FaceStage,
    export=Export("face", _write),
)
