"""Features of a local speech encoder (HuBERT, wav2vec2, WavLM): hidden states, for models that were trained with them.

The encoder itself runs in `talkingeyes.train.encoders`, the only place for torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError, SettingError, argument

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

MAX_WIDTH = 4096


@dataclass(frozen=True)
class EncoderSpec:
    """The speech encoder that a model was trained with, as its manifest names it.

    Attributes:
        kind: hubert, wav2vec2 or wavlm.
        layer: whose hidden states are used.
        width: numbers per frame.
        sha256: over the encoder's weights, layer and normalisation (`train.encoders.identity_of`).
    """

    kind: str
    layer: int
    width: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.kind}, layer {self.layer}, {self.width} numbers wide, SHA-256 {self.sha256[:12]}.."


def encoder_spec(given: Any, where: str) -> EncoderSpec | None:
    """The entry ``encoder`` of a manifest's config; None where the model uses the built-in features.

    Raises:
        ModelError: it is malformed.
    """
    if given is None:
        return None
    kinds = {name: {"str": str, "int": int}[kind] for name, kind in EncoderSpec.__annotations__.items()}
    fits = isinstance(given, Mapping) and set(given) == set(kinds)
    if not fits or any(type(given[name]) is not kind for name, kind in kinds.items()):
        raise ModelError(f"{where}: encoder in its manifest is no object of {', '.join(kinds)}")
    if not 1 <= given["width"] <= MAX_WIDTH:
        raise ModelError(f"{where}: its encoder is {given['width']} numbers wide; 1 to {MAX_WIDTH} is accepted")
    return EncoderSpec(**given)


@dataclass(frozen=True, eq=False)
class EncoderFeatures:
    """Hidden states of a local speech encoder for one recording.

    Attributes:
        features: (N, width) float32 at 50 Hz, frame ``i`` about ``(i + 1/2) / 50`` s.
        encoder: SHA-256 of the encoder, as `EncoderSpec.sha256`.
        source_sha256: of the recording.
    """

    features: NDArray[np.float32]
    encoder: str
    source_sha256: str

    def checked(self, spec: EncoderSpec, speech: Speech) -> NDArray[np.float32]:
        """The features, where they are those of this model's encoder and of this recording.

        Raises:
            ModelError: another encoder's.
            SettingError: another recording's.
        """
        if self.encoder != spec.sha256 or self.features.shape[1:] != (spec.width,):
            raise ModelError(f"the features are of another speech encoder than the model was trained with ({spec})")
        if self.source_sha256 != speech.sha256:
            raise SettingError(f"{argument('encoder_features')} are of another recording than {speech.source_name}")
        return self.features


def missing_encoder_error(model: str, spec: EncoderSpec) -> ModelError:
    """What to say where a model needs a speech encoder and none is given."""
    return ModelError(
        f"{model}: was trained with a speech encoder ({spec}): give its folder with --encoder, or in Python "
        "encoder_features= from talkingeyes.train.encoders.listener_for"
    )
