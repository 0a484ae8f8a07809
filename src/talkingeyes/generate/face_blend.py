"""Who owns which channel of a face when a track is brought: the one place that settles it.

| channel | owner |
| --- | --- |
| eyes, head, blinks (``lids``) | the take, always: a track's eyeBlink, eyeLook and head are left out |
| jaw, mouth, cheeks, nose, tongue | the track, untouched, and nothing is added that it lacks |
| brows | the track where its brows move, else the take |
| eyeSquint | the track, without what belongs to the track's own blinks |
| eyeWide | the track, giving way while the take's lids close; at least what the take's ``lid_openness`` asks for |
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[Any]

MOUTH_PREFIXES = ("jaw", "mouth", "cheek", "nose", "tongue")
MOVES_FROM = 0.03
"""A brow that moves by less over the whole track is not driven by it."""
_BLINK_FROM = 0.35
_AROUND_BLINK_S = 0.08


def is_mouth(name: str) -> bool:
    """Whether a coefficient belongs to the mouth and what moves with it."""
    return name.startswith(MOUTH_PREFIXES)


def with_brought_face(take: Motion, track: Motion) -> Motion:
    """A take with a track's face.

    Args:
        take: generated; its face may hold brows.
        track: of the same rate and length, with a face and perhaps lids.

    Returns:
        The take with the face that both own together, by the table above.
    """
    assert track.face is not None and take.num_frames == track.num_frames
    brought = {name: track.face[:, i] for i, name in enumerate(track.face_names)}
    own = {name: take.coefficient(name) for name in take.face_names}
    brows_move = any(float(np.ptp(v)) > MOVES_FROM for n, v in brought.items() if n.startswith("brow"))
    columns: dict[str, Floats] = {}
    for name in FACE_NAMES:
        source = own if name.startswith("brow") and not brows_move else brought
        if name.startswith("eyeWide") and name not in brought:
            source = own
        if name not in source:
            continue
        columns[name] = source[name]
        if name.startswith("eyeSquint"):
            columns[name] = _without_blinks(source[name], track)
        elif name.startswith("eyeWide") and take.lids is not None:
            wide = source[name] * (1 - take.lids[:, 0 if name.endswith("Left") else 1])
            columns[name] = np.maximum(wide, own[name]) if name in own else wide
    return take.replace(face=np.stack(list(columns.values()), axis=1), face_names=tuple(columns))


def _without_blinks(squint: Floats, track: Motion) -> Floats:
    """A squint, drawn straight across the track's own blinks, whose lids are not shown."""
    if track.lids is None:
        return squint
    shut = track.lids.max(axis=1) > _BLINK_FROM
    reach = max(1, round(_AROUND_BLINK_S * track.fps))
    near = np.convolve(shut.astype(float), np.ones(2 * reach + 1), "same") > 0.5
    if not near.any() or near.all():
        return squint
    frames = np.arange(len(squint))
    out = squint.copy()
    out[near] = np.interp(frames[near], frames[~near], squint[~near])
    return out
