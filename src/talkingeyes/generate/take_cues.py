"""The cues that the generator of a take follows, as its request asks for them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from talkingeyes.errors import SettingError, argument
from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.encoder_features import missing_encoder_error
from talkingeyes.generate.model_choice import encoder_of
from talkingeyes.weights import Network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.request import ResolvedRequest

MouthSource = Network | Literal["shipped", "none"]


def cues_for(speech: Speech, request: ResolvedRequest, steps: int, mouth: MouthSource) -> Cues:
    """Cues of a whole recording, padded to ``steps`` steps.

    Raises:
        ModelError, SettingError: the model needs a speech encoder and has none, or has one that it does not need.
    """
    role = "listening" if request.role == "listening" else "speaking"
    return cues_of(speech, role, steps, mouth=mouth, heard=_encoder_features(request, speech))


def mouth_of(request: ResolvedRequest) -> MouthSource:
    """The network that moves the lips of a take."""
    if isinstance(request.face, Network):
        return request.face
    return "shipped" if request.face == "generate" and "mouth" not in request.keep else "none"


def part_of(cues: Cues, first: int, last: int) -> Cues:
    """Some frames of a recording's cues, as a recording of their own."""
    changes: dict[str, Any] = {}
    for one in fields(cues):
        value = getattr(cues, one.name)
        if isinstance(value, np.ndarray):
            changes[one.name] = value[first:last]
    return replace(cues, **changes)


def _encoder_features(request: ResolvedRequest, speech: Speech) -> np.ndarray | None:
    spec = encoder_of(request.model)
    if spec is None:
        if request.encoder_features is not None:
            features = argument("encoder_features")
            raise SettingError(f"{features} are for a model with a speech encoder; {request.model!r} needs none")
        return None
    if request.encoder_features is None:
        raise missing_encoder_error(request.model, spec)
    return request.encoder_features.checked(spec, speech)
