"""From what the face network says to ARKit coefficients that look right on a rig: closures, rounding, silence.

Every frame depends on the frames up to `REACH_FRAMES` around it alone, so a live window gives what the whole gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lip_table import LIP_GAP_FULL_MM, LIPS, SHAPES
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[Any]

_SIDED = (
    "mouthSmile", "mouthFrown", "mouthStretch", "mouthPress", "mouthLowerDown", "mouthUpperUp", "cheekSquint",
    "noseSneer",
)  # fmt: skip
_SINGLE = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper")
_USED = {*_SINGLE, *(name + side for name in _SIDED for side in ("Left", "Right"))}
LIP_NAMES: tuple[str, ...] = tuple(name for name in FACE_NAMES if name in _USED)
"""ARKit coefficients of the generated mouth, in Apple's order."""
SHAPE_NAMES: tuple[str, ...] = (*_SINGLE, *_SIDED, "free")
"""Columns of `lip_rows`: coefficients without sides, and how much of a smile the sound leaves room for."""

GAP_MM = {"jawOpen": 23.0, "mouthFunnel": 9.4, "mouthLowerDown": 5.9, "mouthUpperUp": 4.6}
"""Opening between the lips at full weight (both sides), measured on the built-in avatar."""
MOST = {
    "jawOpen": 0.75, "mouthFunnel": 0.6, "mouthPucker": 0.7, "mouthSmile": 0.6, "mouthFrown": 0.35,
    "mouthStretch": 0.4, "mouthRollLower": 0.5, "mouthRollUpper": 0.4, "mouthPress": 0.5, "mouthLowerDown": 0.6,
    "mouthUpperUp": 0.5, "cheekSquint": 0.4, "noseSneer": 0.3,
}  # fmt: skip
"""Where a coefficient ends; it bends towards it from two thirds on."""
_KNEE = np.array([MOST[name] for name in SHAPE_NAMES[:-1]]) * 2 / 3
_ROOM = np.array([MOST[name] for name in SHAPE_NAMES[:-1]]) - _KNEE
_PP = len(LIPS) + SHAPES.index("PP")
_SOFT = tuple(name for name in GAP_MM if name != "jawOpen")

_MIXED: dict[str, tuple[tuple[str, float], ...]] = {
    "mouthFunnel": (("mouthFunnel", 1.0), ("OO", 0.25), ("SH", 0.15)),
    "mouthPucker": (("mouthPucker", 1.0), ("UU", 0.45), ("OO", 0.15)),
    "mouthSmile": (("mouthSmile", 1.0),),
    "mouthStretch": (("mouthStretch", 1.0), ("II", 0.12)),
    "mouthFrown": (("mouthFrown", 1.0),),
    "cheekSquint": (("cheekSquint", 1.0),),
    "noseSneer": (("noseSneer", 1.0),),
    "mouthRollLower": (("mouthRollLower", 0.6), ("FF", 0.4)),
    "mouthRollUpper": (("mouthRollUpper", 0.5),),
    "mouthLowerDown": (("mouthLowerDown", 1.0),),
    "mouthUpperUp": (("mouthUpperUp", 1.0), ("FF", 0.15)),
}
"""Coefficients as sums of what the network says; the others follow from closure and opening."""
_NOTHING = ("sil", 0.0)
_PLACE = {name: i for i, name in enumerate((*LIPS, *SHAPES))}
_TERMS = [(*_MIXED.get(name, ()), _NOTHING, _NOTHING, _NOTHING)[:3] for name in SHAPE_NAMES]
_MIXED_FROM = np.array([[_PLACE[terms[k][0]] for terms in _TERMS] for k in range(3)])
_MIXED_BY = np.array([[terms[k][1] for terms in _TERMS] for k in range(3)])
_BITE, _JAW_RAW = _PLACE["FF"], _PLACE["jawOpen"]
_FUNNEL, _PUCKER, _PRESS, _JAW = (SHAPE_NAMES.index(n) for n in ("mouthFunnel", "mouthPucker", "mouthPress", "jawOpen"))
_ROUNDING_TAKES = slice(SHAPE_NAMES.index("mouthSmile"), SHAPE_NAMES.index("mouthStretch") + 1)  # smile, frown, stretch
_ROLL_UPPER, _LOWER_DOWN = SHAPE_NAMES.index("mouthRollUpper"), SHAPE_NAMES.index("mouthLowerDown")
_SOFT_COLUMNS = [SHAPE_NAMES.index(name) for name in _SOFT]

_SOFT_SHARE = 0.6
"""Share of an opening that lips may make without the jaw."""
_BEFORE_VOICE_S, _AFTER_VOICE_S = 0.14, 0.12
REACH_FRAMES = 16
NEXT_FRAMES = 1
"""Of the network's track, on each side of a frame, that its coefficients depend on."""
WARM_UP_FRAMES = 15


def speaking(voice: NDArray[np.bool_], track: Floats) -> NDArray[np.bool_]:
    """Voice activity of a recording from its start on: one that begins within a word is spoken from its first frame.

    The detector needs up to `WARM_UP_FRAMES` to hear a voice whose beginning it missed; the network hears it at once.
    """
    first = int(np.argmax(voice)) if voice.any() else len(voice)
    if first > WARM_UP_FRAMES:
        return voice
    sounds = track[:, len(LIPS) + SHAPES.index("sil")] < 0.5
    return voice | ((np.arange(len(voice)) < first) & sounds)


def lip_shapes(track: Floats, voice: NDArray[np.bool_]) -> dict[str, Floats]:
    """Mouth coefficients without sides.

    Args:
        track: (n, `mouth.WIDTH`) of the network, at 50 Hz, calibrated (`mouth.mouth_track`).
        voice: (n,) whether somebody speaks.

    Returns:
        (n,) by name without Left and Right; and ``free``, 0..1, how much of a smile the sound leaves room for.
    """
    return dict(zip(SHAPE_NAMES, lip_rows(track, voice).T, strict=True))


def lip_rows(track: Floats, voice: NDArray[np.bool_]) -> Floats:
    """(n, len(SHAPE_NAMES)) the same as a table."""
    return shapes_of(track, _gate(voice))


def shapes_of(track: Floats, talks: Floats) -> Floats:
    """Mouth coefficients, where it is known how far the mouth takes part (``talks``, 0..1).

    A frame depends on the frames next to it alone (`NEXT_FRAMES`). See `lip_rows`.
    """
    talks = np.asarray(talks, float)[:, None]
    values = np.array(track, float)
    values[:, len(LIPS) :] *= talks
    closed = _closed(values[:, _PP])
    values = _smooth(values)
    lips = values[:, : len(LIPS)]
    np.multiply(np.maximum(lips, 0.0, out=lips), talks, out=lips)
    (raw, one, two), (by, by_one, by_two) = _MIXED_FROM, _MIXED_BY
    table = by * values.take(raw, axis=1) + by_one * values.take(one, axis=1) + by_two * values.take(two, axis=1)
    bite = values[:, _BITE]
    open_teeth = 1 - bite
    plain = 1 - 0.8 * np.minimum(np.maximum(2 * (table[:, _FUNNEL] + table[:, _PUCKER]), 0.0), 1.0)
    table[:, _ROUNDING_TAKES] *= plain[:, None]
    table[:, _ROLL_UPPER] *= open_teeth
    table[:, _LOWER_DOWN] *= open_teeth
    table[:, _PRESS] = 0.3 * closed
    _open(table, LIP_GAP_FULL_MM * lips[:, _JAW_RAW] * (1 - closed) * (1 - 0.6 * bite))
    table[:, :-1] = _bent(table[:, :-1])
    table[:, -1] = plain * (1 - 0.5 * closed)
    return table


def _open(table: Floats, gap_mm: Floats) -> None:
    """Jaw and lips open the mouth by ``gap_mm`` together: lips do their share at most, the jaw the rest; in place."""
    soft = sum(GAP_MM[name] * table[:, column] for name, column in zip(_SOFT, _SOFT_COLUMNS, strict=True))
    share = np.minimum(1.0, _SOFT_SHARE * gap_mm / np.maximum(soft, 1e-6))
    for column in _SOFT_COLUMNS:
        table[:, column] *= share
    table[:, _JAW] = (gap_mm - soft * share) / GAP_MM["jawOpen"]


def opening_mm(shapes: dict[str, Floats]) -> Floats:
    """Opening between the lips that coefficients without sides make on the built-in avatar."""
    return sum((GAP_MM[name] * shapes[name] for name in GAP_MM), np.zeros(len(shapes["jawOpen"])))


def _closed(probability: Floats) -> Floats:
    """How much the lips are held together: sharp on both sides, at least 60 ms long."""
    before, after = _beside(probability)
    wide = np.maximum(np.maximum(before, after) * 0.85, probability)
    share = np.minimum(np.maximum((wide - 0.15) / 0.3, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def _gate(voice: NDArray[np.bool_]) -> Floats:
    """1 around the voice, 0 in silence: the mouth opens a little before its sound and rests after it."""
    before, after = round(_BEFORE_VOICE_S * 50), round(_AFTER_VOICE_S * 50)
    padded = np.pad(voice.astype(float), (after, before))
    near = np.lib.stride_tricks.sliding_window_view(padded, before + after + 1).max(axis=1)
    kernel = np.hanning(11)[1:-1] / np.hanning(11)[1:-1].sum()
    reach = len(kernel) // 2
    return np.clip(np.convolve(np.pad(near, reach, mode="edge"), kernel, "valid"), 0, 1)


def _smooth(values: Floats) -> Floats:
    """A short kernel of three frames over time, the first axis."""
    before, after = _beside(values)
    return 0.25 * before + 0.5 * values + 0.25 * after


def _beside(values: Floats) -> tuple[Floats, Floats]:
    """The frame before and the frame after each; the first and the last go on."""
    around = np.concatenate([values[:1], values, values[-1:]])
    return around[:-2], around[2:]


def _bent(values: Floats) -> Floats:
    """(n, K) as they are up to two thirds of their `MOST`, then bending towards it."""
    over = np.maximum(values - _KNEE, 0.0)
    return np.minimum(values, _KNEE) + _ROOM * (1 - np.exp(-over / _ROOM))
