"""From fitted coefficients back to what moved in the mouth (`lip_table.PLACES`), and a network's readout to it.

The coefficients of a fit are functions of a few places (`fit.face`): a corner that goes up cannot also frown, a mouth
that narrows cannot stretch. Undone, the places are nearly normal, and whatever is drawn there is a face people make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lip_table import PLACES
from talkingeyes.train.face_rest import AT_REST, line_of

Array = NDArray[Any]

_LEVEL_SHARE = 0.4
"""Where nothing tells how far a raised corner went out: this share of how far it went up."""
_RIDGE = 3e-3
LEAST_SHOWN, MOST_SHOWN, GAP_SHOWN = 0.3, 0.9, 0.95
"""Shares of people's spread that the sound's own part has: the root of how far it is right, within these bounds."""


def places_of(fitted: Mapping[str, Array]) -> Array:
    """(N, len(PLACES)) of one side's, or both sides' mean, coefficients by their names without sides."""
    narrow_mm = 12.0 * fitted["mouthFunnel"] + 14.0 * fitted["mouthPucker"]
    smile_mm, frown, stretch = 11.0 * fitted["mouthSmile"], fitted["mouthFrown"], fitted["mouthStretch"]
    wide, narrows = stretch > AT_REST, narrow_mm > 0.1
    up = np.where(
        wide,
        (smile_mm - 6.0 * stretch) / 1.4,
        np.where(narrows, (smile_mm + 0.3 * narrow_mm) / 0.8, smile_mm / (0.8 + 0.6 * _LEVEL_SHARE)),
    )
    up = np.where(smile_mm > 11.0 * AT_REST, np.maximum(up, 0.0), 0.0)
    up = np.where(frown > AT_REST, -9.0 * frown, up)
    out = np.where(
        wide,
        10.0 * stretch + np.maximum(up, 0.0),
        np.where(narrows, -narrow_mm / 2, _LEVEL_SHARE * np.maximum(up, 0.0)),
    )
    rest = ("mouthRollLower", "mouthRollUpper", "mouthLowerDown", "mouthUpperUp", "cheekSquint", "noseSneer")
    return np.stack([fitted["jawOpen"], up, out, *(fitted[name] for name in rest)], axis=1)


def line_of_place(name: str, values: Array) -> tuple[float, float]:
    """Mean and spread of a place over people, rest undone where a fit cannot show it."""
    if name in ("gap", "corner_up", "corner_out"):
        return float(values.mean()), float(values.std())
    return line_of(values)


def readout(heard: Array, places: Array, owner: NDArray[np.int64]) -> tuple[Array, Array, Array]:
    """A linear map of what a network gives to places, each with its share of people's spread.

    Args:
        heard: (N, H) of the network.
        places: (N, len(PLACES)) fitted, in step.
        owner: (N,) number of each frame's clip.

    Returns:
        (len(PLACES), H) and (len(PLACES),), and (len(PLACES),) the shares.
    """
    x, y = _without_offset(heard, owner), _without_offset(places, owner)
    gram = x.T @ x / len(x) + _RIDGE * np.diag(x.var(axis=0) + 1e-6)
    line = np.linalg.solve(gram, x.T @ y / len(x)).T
    said = x @ line.T
    right = np.array([_right(said[:, i], y[:, i]) for i in range(len(PLACES))])
    shown = np.clip(np.sqrt(np.maximum(right, 0.0)), LEAST_SHOWN, MOST_SHOWN)
    shown[0] = GAP_SHOWN
    lines = np.array([line_of_place(name, places[:, i]) for i, name in enumerate(PLACES)])
    size = shown * lines[:, 1] / np.maximum((heard @ line.T).std(axis=0), 1e-4)
    line = line * size[:, None]
    return line, lines[:, 0] - (heard @ line.T).mean(axis=0), shown


def _right(said: Array, fitted: Array) -> float:
    """Their correlation; 0 where a place never moved."""
    return float(np.corrcoef(said, fitted)[0, 1]) if min(said.std(), fitted.std()) > 1e-6 else 0.0


def _without_offset(table: Array, owner: NDArray[np.int64]) -> Array:
    count = np.bincount(owner)
    mean = np.stack([np.bincount(owner, column) / count for column in table.T], axis=1)
    return table - mean[owner]


def by_bare_name(names: Sequence[str], face: Array, side: str = "") -> dict[str, Array]:
    """(N,) coefficients by name without side: of one side, or the mean of both."""
    found = {}
    for bare in dict.fromkeys(name.removesuffix("Left").removesuffix("Right") for name in names):
        own = [
            i
            for i, n in enumerate(names)
            if n in ((bare, bare + side) if side else (bare, bare + "Left", bare + "Right"))
        ]
        found[bare] = face[:, own].astype(float).mean(axis=1)
    return found
