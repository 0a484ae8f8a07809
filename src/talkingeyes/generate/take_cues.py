"""What the generator of a take hears: the cues of a recording as the options of the take ask for them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from talkingeyes.errors import SettingError
from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.hearing import unheard
from talkingeyes.generate.model_choice import encoder_of
from talkingeyes.weights import Network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.takes import AnimateOptions

MouthSource = Network | Literal["shipped", "none"]


def cues_for(speech: Speech, options: AnimateOptions, steps: int, mouth: MouthSource) -> Cues:
    """Cues of a whole recording, padded to ``steps`` steps.

    Raises:
        ModelError, SettingError: the model needs a speech encoder and has none, or has one that it does not need.
    """
    role = "listening" if options.role == "listening" else "speaking"
    return cues_of(speech, role, steps, mouth=mouth, heard=_heard(options, speech))


def mouth_of(options: AnimateOptions) -> MouthSource:
    """The network that moves the lips of a take."""
    if isinstance(options.face, Network):
        return options.face
    return "shipped" if options.face == "generate" and "mouth" not in options.keep else "none"


def part_of(cues: Cues, first: int, last: int) -> Cues:
    """Some frames of a recording's cues, as a recording of their own."""
    changes: dict[str, Any] = {}
    for one in fields(cues):
        value = getattr(cues, one.name)
        if isinstance(value, np.ndarray):
            changes[one.name] = value[first:last]
    return replace(cues, **changes)


def _heard(options: AnimateOptions, speech: Speech) -> np.ndarray | None:
    spec = encoder_of(options.model)
    if spec is None:
        if options.heard is not None:
            raise SettingError(f"heard is for a model trained with a speech encoder; {options.model!r} needs none")
        return None
    if options.heard is None:
        raise unheard(options.model, spec)
    return options.heard.checked(spec, speech)
