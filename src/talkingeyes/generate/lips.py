"""From what the face network says to ARKit coefficients that look right on a rig: closures, rounding, silence.

Every frame depends on the frames up to `REACH_FRAMES` around it alone, so a live window gives what the whole gives.
"""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lip_table import PLACES, SHAPES
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[Any]

_SIDED = (
    "mouthSmile", "mouthFrown", "mouthStretch", "mouthPress", "mouthLowerDown", "mouthUpperUp", "cheekSquint",
    "noseSneer",
)  # fmt: skip
_SINGLE = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper")
BARE_NAMES: tuple[str, ...] = (*_SINGLE, *_SIDED)
"""ARKit coefficients of the generated mouth without their sides."""
_USED = {*_SINGLE, *(name + side for name in _SIDED for side in ("Left", "Right"))}
LIP_NAMES: tuple[str, ...] = tuple(name for name in FACE_NAMES if name in _USED)
"""ARKit coefficients of the generated mouth, in Apple's order."""
SIDED_PLACES: tuple[str, ...] = ("corner_up", "corner_out", "lowerDown", "upperUp", "cheekSquint", "noseSneer")
"""Those whose two sides a person moves a little differently."""
SHAPE_NAMES: tuple[str, ...] = (*PLACES, "free", "shut", "talks")
"""Columns of `lip_rows`: `PLACES`; how much of a smile the sound leaves room for; how far it holds the lips together;
how far the mouth takes part. The last three are 0..1."""

GAP_MM = {"jawOpen": 23.0, "mouthFunnel": 9.4, "mouthLowerDown": 5.9, "mouthUpperUp": 4.6}
"""Opening between the lips at full weight (both sides), measured on the built-in avatar."""
MOST = {
    "jawOpen": 0.75, "mouthFunnel": 0.6, "mouthPucker": 0.7, "mouthSmile": 0.6, "mouthFrown": 0.35,
    "mouthStretch": 0.4, "mouthRollLower": 0.55, "mouthRollUpper": 0.5, "mouthPress": 0.5, "mouthLowerDown": 0.6,
    "mouthUpperUp": 0.5, "cheekSquint": 0.4, "noseSneer": 0.3,
}  # fmt: skip
"""Where a coefficient ends; it bends towards it from two thirds on."""
_PP, _FF = (len(PLACES) + SHAPES.index(name) for name in ("PP", "FF"))
_FREE, _SHUT, _TALKS = (SHAPE_NAMES.index(name) for name in ("free", "shut", "talks"))
_GAP, _UP, _OUT, _ROLL_LOWER, _ROLL_UPPER, _LOWER_DOWN, _UPPER_UP, _CHEEK, _NOSE = range(len(PLACES))
_ROLLS = (("mouthRollLower", _ROLL_LOWER), ("mouthRollUpper", _ROLL_UPPER))
_ROUNDS_MM = {len(PLACES) + SHAPES.index(name): mm for name, mm in (("UU", -3.0), ("OO", -2.0), ("SH", -1.0))}
"""What a rounded sound draws both corners in by, beside what the network says of them."""
TOUCHING = 0.018
"""Of the gap, where lips touch while somebody speaks: .4 mm, which still looks shut."""
_PARTED = 0.06
"""Of the gap, up to which lips that hardly part are not drawn apart by their own shapes either."""
_BITES, _BITES_GAP = 0.25, 0.05
"""Of the lower lip's roll, where it lies on the teeth; what the gap loses there beside most of what it has."""
_FULL_GAP_MM, _WIDE_MM = 32.0, 12.0
"""A fitted gap of 1, and the gap from which on a narrow mouth is a funnel and no pucker (`fit.face`)."""
_UP_SHARE, _OUT_SHARE, _SMILE_MM, _FROWN_MM, _STRETCH_MM, _FUNNEL_MM, _PUCKER_MM = 0.8, 0.6, 11.0, 9.0, 10.0, 12.0, 14.0
"""As in `fit.face`."""


def _bare(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")


_FIRST_OF = {name: next(i for i, lip in enumerate(LIP_NAMES) if _bare(lip) == name) for name in BARE_NAMES}
_KNEE = np.array([MOST[_bare(name)] for name in LIP_NAMES]) * 2 / 3
_ROOM = _KNEE / 2

_BEFORE_VOICE_S, _AFTER_VOICE_S = 0.36, 0.12
REACH_FRAMES = 24
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
    sounds = track[:, len(PLACES) + SHAPES.index("sil")] < 0.5
    return voice | ((np.arange(len(voice)) < first) & sounds)


def lip_shapes(track: Floats, voice: NDArray[np.bool_]) -> dict[str, Floats]:
    """Mouth coefficients without sides, as the sound alone makes them.

    Args:
        track: (n, `mouth.WIDTH`) of the network, at 50 Hz, calibrated (`mouth.mouth_track`).
        voice: (n,) whether somebody speaks.

    Returns:
        (n,) by name without Left and Right; and ``free``, 0..1, how much of a smile the sound leaves room for.
    """
    return shapes_in(lip_rows(track, voice))


def lip_rows(track: Floats, voice: NDArray[np.bool_]) -> Floats:
    """(n, len(SHAPE_NAMES)) places and what rules them."""
    return shapes_of(track, _gate(voice))


def shapes_in(rows: Floats) -> dict[str, Floats]:
    """Coefficients of `lip_rows` by name, and ``free``."""
    places = rows[:, : len(PLACES)]
    table = coefficients(places, places, rows)
    shapes = {name: table[:, _FIRST_OF[name]] for name in BARE_NAMES}
    return {**shapes, "free": rows[:, _FREE]}


def shapes_of(track: Floats, talks: Floats) -> Floats:
    """(n, len(SHAPE_NAMES)) where it is known how far the mouth takes part (``talks``, 0..1).

    A frame depends on the frames next to it alone (`NEXT_FRAMES`). See `lip_rows`.
    """
    talks = np.asarray(talks, float)
    values = np.array(track, float)
    values[:, len(PLACES) :] *= talks[:, None]
    closed = _closed(values[:, _PP])
    values = _smooth(values)
    bite = values[:, _FF]
    table = np.zeros((len(values), len(SHAPE_NAMES)))
    table[:, : len(PLACES)] = values[:, : len(PLACES)]
    table[:, _GAP] -= bite * (0.6 * table[:, _GAP] + _BITES_GAP)
    for column, by_mm in _ROUNDS_MM.items():
        table[:, _OUT] += by_mm * values[:, column]
    table[:, _ROLL_LOWER] += _BITES * bite
    table *= talks[:, None]
    narrow = np.minimum(np.maximum(-table[:, _OUT] / 4, 0.0), 1.0)
    table[:, _FREE] = (1 - 0.8 * narrow) * (1 - 0.5 * closed)
    table[:, _SHUT], table[:, _TALKS] = closed, talks
    return table


@functools.cache
def style_asset() -> dict[str, Any]:
    """People's sizes: assets/mouth_style.json."""
    return json.loads((files("talkingeyes") / "assets" / "mouth_style.json").read_text(encoding="utf-8"))


@functools.cache
def shipped_sizes() -> Floats:
    """(len(LIP_NAMES),) what each coefficient is multiplied by to be as large as people's."""
    given = style_asset()["sizes"]
    return np.array([float(given.get(_bare(name), 1.0)) for name in LIP_NAMES])


@functools.cache
def shipped_curves() -> dict[int, tuple[Floats, Floats]]:
    """By column of `PLACES`, a rising curve from normal numbers to people's; all but the gap's leave 0 where it is."""
    given = style_asset()["curves"]
    return {PLACES.index(name): (np.array(curve[0]), np.array(curve[1])) for name, curve in given.items()}


def _gap_of_nothing() -> float:
    """Where its curve puts a gap of 0: people who speak have their lips a little apart then."""
    return float(np.interp(0.0, *shipped_curves()[_GAP]))


def coefficients(
    left: Floats, right: Floats, rows: Floats, gain: Floats | float = 1.0, touching: Floats | float = TOUCHING
) -> Floats:
    """(n, len(LIP_NAMES)) of a mouth's places: what is not above 0 rests, and each bends towards its `MOST`.

    Args:
        left: (n, len(PLACES)) of the left side.
        right: (n, len(PLACES)) of the right one.
        rows: (n, len(SHAPE_NAMES)) of `shapes_of`: where they are shut, what opens them gives way.
        gain: how far the mouth is opened, rounded and stretched, (n,) or of all; 1 is as heard.
        touching: gap of lips that touch, while somebody speaks.
    """
    left, right = _spread(left), _spread(right)
    shut: Floats = rows[:, _SHUT]
    talks: Floats = rows[:, _TALKS]
    free = gain * (1.0 - shut)
    both: Floats = left + right
    gap: Floats = both[:, _GAP] / 2 - _gap_of_nothing() * (1.0 - talks)
    gap = np.maximum(np.maximum(gap, 0.0) * free, touching * talks)
    openness = np.minimum(gap * (_FULL_GAP_MM / _WIDE_MM), 1.0)
    narrow = np.maximum(-1.0 * both[:, _OUT], 0.0) * gain
    table = np.empty((len(gap), len(LIP_NAMES)))
    table[:, _FIRST_OF["jawOpen"]] = gap
    table[:, _FIRST_OF["mouthFunnel"]] = narrow * openness / _FUNNEL_MM
    table[:, _FIRST_OF["mouthPucker"]] = narrow * (1 - openness) / _PUCKER_MM
    for name, column in _ROLLS:
        table[:, _FIRST_OF[name]] = (gain / 2) * (left[:, column] + right[:, column])
    parted = free * np.minimum(gap / _PARTED, 1.0)
    for side, places in enumerate((left, right)):
        _side(table, side, places, gain, parted, shut)
    return _bent(table * shipped_sizes())


def _side(table: Floats, side: int, places: Floats, gain: Floats | float, parted: Floats, shut: Floats) -> None:
    """What moves on one side, 0 the left one; in place."""
    up, out = places[:, _UP], places[:, _OUT]
    for name, values in (
        ("mouthSmile", (_UP_SHARE * up + _OUT_SHARE * out) / _SMILE_MM),
        ("mouthFrown", -up / _FROWN_MM),
        ("mouthStretch", gain * (out - np.maximum(up, 0.0)) / _STRETCH_MM),
        ("mouthPress", 0.3 * shut),
        ("mouthLowerDown", parted * places[:, _LOWER_DOWN]),
        ("mouthUpperUp", parted * places[:, _UPPER_UP]),
        ("cheekSquint", places[:, _CHEEK]),
        ("noseSneer", places[:, _NOSE]),
    ):
        table[:, _FIRST_OF[name] + side] = values


def _spread(places: Floats) -> Floats:
    """Normal numbers to how people's are spread."""
    found = np.array(places)
    for column, curve in shipped_curves().items():
        found[:, column] = np.interp(found[:, column], *curve)
    return found


def opening_mm(shapes: dict[str, Floats]) -> Floats:
    """Opening between the lips that coefficients without sides make on the built-in avatar."""
    return sum((GAP_MM[name] * shapes[name] for name in GAP_MM), np.zeros(len(shapes["jawOpen"])))


def _closed(probability: Floats) -> Floats:
    """How much the lips are held together: sharp on both sides, at least 60 ms long."""
    before, after = _beside(probability)
    wide = np.maximum(np.maximum(before, after) * 0.85, probability)
    share = np.minimum(np.maximum((wide - 0.08) / 0.17, 0.0), 1.0)
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


def _bent(table: Floats) -> Floats:
    """(n, len(LIP_NAMES)): 0 at least; as they are up to two thirds of their `MOST`, then bending towards it."""
    over = np.maximum(table - _KNEE, 0.0)
    return np.minimum(np.maximum(table, 0.0), _KNEE) + _ROOM * (1 - np.exp(-over / _ROOM))
