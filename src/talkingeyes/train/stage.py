"""What a training stage is. A stage's module defines ``STAGE = StageKind(...)`` and `stages.STAGES` names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor

from talkingeyes.errors import ModelError, SettingError
from talkingeyes.train import checkpoint
from talkingeyes.train.config import EncoderConfig, StageConfig, merged
from talkingeyes.train.data import Clip, load_clips
from talkingeyes.train.process_group import ALONE, ProcessGroup
from talkingeyes.train.stages import stage_kind

if TYPE_CHECKING:
    from talkingeyes.train.encoders import SpeechEncoder


class Stage(Protocol):
    """One model in training. Everything random comes from the arguments, so that a run can stop and go on anywhere.

    Attributes:
        name: as in `stages.STAGES`.
        model: what is optimised; the loop moves it to the device and sets train and eval mode.
    """

    name: str

    @property
    def model(self) -> torch.nn.Module:
        """See above."""
        ...

    def batch(self, step: int, rng: np.random.Generator, size: int) -> dict[str, Tensor]:
        """A whole batch on the CPU, a pure function of its arguments.

        Args:
            step: gradient steps done.
            rng: seeded by (seed, stage, step), the same in every process.
            size: rows; every tensor's first axis. Of several processes each trains on its own rows.
        """
        ...

    def losses(self, batch: dict[str, Tensor], noise: torch.Generator) -> dict[str, Tensor]:
        """Scalars: ``loss`` is minimised, the others are logged.

        Args:
            batch: this process's rows, on the model's device.
            noise: a CPU generator for masks and samples, seeded by (seed, stage, step, process); draw on the CPU and
                move. `torch.nn.Dropout` may draw from torch's own generator, which the loop seeds the same way.
        """
        ...

    def validate(self) -> dict[str, float]:
        """Figures on the val part; the best checkpoint has the lowest ``loss``. In eval mode, without gradients."""
        ...


@dataclass(frozen=True, eq=False)
class TrainedWeights:
    """The best checkpoint of a stage.

    Attributes:
        path: of its JSON.
        config: what the stage was trained with.
        step: gradient steps done.
        figures: on the val part.
        tensors: its model's ``state_dict``, on the CPU.
        sha256: of their file.
    """

    path: Path
    config: StageConfig
    step: int
    figures: Mapping[str, float]
    tensors: Mapping[str, Tensor]
    sha256: str

    def load_into(self, model: torch.nn.Module) -> None:
        """Load all tensors into a module of the same configuration.

        Raises:
            ModelError: the module has others.
        """
        checkpoint.load_into(model, self.tensors, self.path)


@dataclass(frozen=True)
class Context:
    """What a stage is made from.

    Attributes:
        data: the data set's folder.
        run: the run's folder; each stage has a folder of its name in it.
        seed: of the run.
        config: of this stage; `StageConfig.model` is of the stage's own class.
        encoder: of the speech.
        group: the processes.
    """

    data: Path
    run: Path
    seed: int
    config: StageConfig
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    group: ProcessGroup = ALONE

    def clips(self, part: str) -> list[Clip]:
        """The clips of one part of the data set, read anew."""
        return load_clips(self.data, part)

    def speech_encoder(self) -> SpeechEncoder:
        """The encoder of the speech, loaded; what a local network hears is kept in the run's folder."""
        from talkingeyes.train.encoders import encoder_of

        return encoder_of(self.encoder, self.run / "encoded")

    def trained(self, stage: str) -> TrainedWeights:
        """The best weights of a stage of this run.

        Raises:
            ModelError: that stage was not trained in this run, or its checkpoint is damaged.
        """
        path = self.run / stage / "best.json"
        packed = self.group.shared(checkpoint.read(self.run / stage, "best") if self.group.is_main else None)
        if packed is None:
            raise ModelError(f"{path}: there is none; train the stage {stage!r} first")
        found = checkpoint.unpacked(packed, path)
        base = stage_kind(stage).presets["tiny"]
        try:
            config = merged(base, found.facts["begun"]["config"], str(path))
            figures = {str(name): float(value) for name, value in found.facts["figures"].items()}
        except (KeyError, TypeError, AttributeError, ValueError, SettingError) as error:
            raise ModelError(f"{path}: its facts are not those of this version ({error})") from None
        return TrainedWeights(path, config, found.step, figures, found.tensors, found.sha256)


@dataclass(frozen=True)
class Export:
    """What a run ships of a stage.

    Attributes:
        folder: below ``RUN/onnx``.
        write: given the stage's context and a new folder, writes ``*.onnx`` and the manifest (`to_onnx`).
    """

    folder: str
    write: Callable[[Context, Path], None]


@dataclass(frozen=True)
class StageKind:
    """A stage as the table knows it.

    Attributes:
        presets: configuration by preset name; their ``model`` is the stage's own frozen dataclass.
        build: makes the stage; weights may be drawn from torch's generator, which is seeded for it.
        needs: stages whose trained weights it uses.
        hears: kinds of speech encoder that it can be trained with (`Context.speech_encoder`); none for stages that
            hear nothing.
        export: what is written when it is trained; None for stages that only serve later ones.
    """

    presets: Mapping[str, StageConfig]
    build: Callable[[Context], Stage]
    needs: tuple[str, ...] = ()
    hears: tuple[str, ...] = ("light",)
    export: Export | None = None
