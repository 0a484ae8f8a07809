"""The translator's people with what they are heard by: the light features, or a local speech encoder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from talkingeyes.train.data import PARTS, Clip, open_split
from talkingeyes.train.encoders import SpeechEncoder
from talkingeyes.train.people import People, people
from talkingeyes.train.sequences import RATE_HZ, SOUND_LATE_S, Array, ClipRows
from talkingeyes.train.stage import Context


def heard_people(context: Context, held_out: tuple[str, ...]) -> tuple[People, SpeechEncoder | None]:
    """Who is trained on, as the run's encoder hears them.

    What a local encoder heard is kept in the run's folder; of several processes the first hears, the others read.

    Args:
        context: of the stage.
        held_out: see `people`.

    Returns:
        The people, and the local encoder; None where the light features are heard.

    Raises:
        FormatError, MissingExtraError, ModelError: see `people` and `encoders.LocalEncoder`.
    """
    everybody = people(context.data, held_out)
    if context.encoder.kind == "light":
        return everybody, None
    encoder = context.speech_encoder()
    wanted = {s.key for s in (*everybody.train, *everybody.val) if s.hears}
    if context.group.is_main:
        for clip in _clips(context, wanted):
            encoder.encode(clip)
    context.group.shared(b"" if context.group.is_main else None)
    features = {clip.key: encoder.encode(clip) for clip in _clips(context, wanted)}
    train, val = (
        tuple(_heard(s, features.get(s.key), encoder.width) for s in part) for part in (everybody.train, everybody.val)
    )
    return replace(everybody, train=train, val=val), encoder


def _clips(context: Context, wanted: set[str]) -> Iterable[Clip]:
    present = set(open_split(context.data).split.values())
    return (clip for part in PARTS if part in present for clip in context.clips(part) if clip.key in wanted)


def _heard(s: ClipRows, features: Array | None, width: int) -> ClipRows:
    """A sequence with the encoder's features (N, width) in place of its own; zeros where nothing is heard."""
    speech = np.zeros((len(s), width), np.float32)
    if features is not None:
        late = round(SOUND_LATE_S.get(s.origin, 0.0) * RATE_HZ)
        taken = features[late : late + len(s)]
        speech[: len(taken)] = taken
    return replace(s, speech=speech)
