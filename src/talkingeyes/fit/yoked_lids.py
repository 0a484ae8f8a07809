"""Both lids blink together: one blink from two eyes, each as deep as the other unless it is a wink that lasts.

In spontaneous and reflex blinks both upper lids move as one. On 60 clips of clear faces every difference above .3
between the two measured closures lasted .17 s at most (53 of them): lashes, a highlight or a face that is turned,
never a wink. What lasts longer than `WINK_S` is shown as it was seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit import smooth

Array = NDArray[Any]

WINK_S = 0.4
"""One-sided closure that is shorter is a fault of measurement."""
_WINK = 0.35
"""And it must be so much deeper than the other eye's."""
_SEEN_ALIKE = 4.0
"""An eye whose closure is so many times as noisy as the other's cannot wink: it is not seen well enough."""
_NOISE_FLOOR = 0.02
_OWN = 0.05
"""How far each eye keeps its own closure from the shared one: people's lids are a little apart."""
_DEEP = 0.5
_LEAST_FULL, _LEAST_FULL_OF_FEW = 0.65, 0.85
"""The deepest blinks of a clip are full ones, if they come so near; where there are only one or two, nearer."""
_MANY = 3


def yoked(closure: Array, valid: NDArray[np.bool_], fps: float) -> Array:
    """One blink for both eyes.

    Args:
        closure: (T, 2) closure of each eye on its own, 0..1.
        valid: (T,) frames that were measured.
        fps: frame rate.

    Returns:
        (T, 2), at most .1 apart but for winks; the deepest blinks of the clip reach 1.
    """
    noise = np.array([smooth.noise_level(closure[:, eye : eye + 1], valid) for eye in (0, 1)]) + _NOISE_FLOOR
    weight = noise**-2.0 / (noise**-2.0).sum()
    shared = _shared(closure, weight)
    shared = np.clip(shared / full_depth(shared, valid), 0, 1)
    own = np.clip((closure - closure.mean(axis=1, keepdims=True)), -_OWN, _OWN)
    out = np.clip(shared[:, None] + own, 0, 1)
    if noise.max() > _SEEN_ALIKE * noise.min():
        return out
    wink = _winks(closure, valid, fps)
    out[wink] = closure[wink]
    return out


def _shared(closure: Array, weight: Array) -> Array:
    """(T,) the weighted mean of both eyes; in blinks it leans to the eye that is more shut, as lashes hide closure."""
    lean = weight * (closure**2 + 0.05)
    return (lean * closure).sum(axis=1) / lean.sum(axis=1)


def _winks(closure: Array, valid: NDArray[np.bool_], fps: float) -> NDArray[np.bool_]:
    """(T,) frames of one-sided closure that lasts."""
    apart = np.where(valid, closure[:, 0] - closure[:, 1], 0.0)
    out = np.zeros(len(apart), bool)
    for side in (1, -1):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (side * apart > _WINK).astype(int), [0]])))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            if stop - start > WINK_S * fps:
                out[_around(side * apart, int(start), int(stop))] = True
    return out


def _around(apart: Array, start: int, stop: int) -> slice:
    """A wink with its flanks, down to where both eyes agree again."""
    while start > 0 and apart[start - 1] > 0.05:
        start -= 1
    while stop < len(apart) and apart[stop] > 0.05:
        stop += 1
    return slice(start, stop)


def full_depth(shared: Array, valid: NDArray[np.bool_]) -> float:
    """The closure (T,) that the clip's full blinks show; 1 where it shows none."""
    peaks = _peaks(np.where(valid, shared, 0.0))
    if not len(peaks):
        return 1.0
    depth = float(peaks[min(1, len(peaks) - 1)]) if len(peaks) >= _MANY else float(peaks[0])
    least = _LEAST_FULL if len(peaks) >= _MANY else _LEAST_FULL_OF_FEW
    return depth if least <= depth < 1 else 1.0


def _peaks(signal: Array) -> Array:
    """Heights of the separate rises above `_DEEP`, largest first."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (signal > _DEEP).astype(int), [0]])))
    heights = [signal[a:b].max() for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return np.array(sorted(heights, reverse=True))
