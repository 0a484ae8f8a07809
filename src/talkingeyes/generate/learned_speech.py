"""What the learned generator hears, the same in training and in generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.plan import STEP_FRAMES

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

Array = NDArray[Any]

PAUSE_S = 4.0
"""Whoever pauses for less still has the floor: people stop to think."""
NO_SPEECH = np.zeros(6, np.float32)


def features_of(cues: Cues) -> Array:
    """(N, 6) float32 per 20 ms: loudness, its change, voice, pitch, brightness, accent; each about 0..1."""
    rise = np.gradient(cues.loudness) * 10 if len(cues) > 1 else np.zeros(len(cues))
    voice = np.asarray(cues.since_pause_s > 1e8) & cues.uttering
    table = [cues.loudness, np.clip(rise, -2, 2), voice, cues.pitch / 6, cues.brightness, 3 * cues.accent]
    return np.stack([np.asarray(c, np.float32) for c in table], axis=1)


def has_floor(cues: Cues) -> NDArray[np.bool_]:
    """(N,) where the character has the floor: it speaks, or paused less than `PAUSE_S` ago.

    The eye-tracked people were told to speak or to listen for minutes: their states do not change with every pause.
    """
    return cues.uttering | (cues.since_pause_s < PAUSE_S)


def speech_features(speech: Speech, count: int) -> tuple[Array, NDArray[np.bool_]]:
    """Features (count, 6) of a recording, and where its speaker has the floor."""
    cues = cues_of(speech, "speaking", -(-count // STEP_FRAMES) + 3, mouth="none")
    return features_of(cues)[:count], has_floor(cues)[:count]
