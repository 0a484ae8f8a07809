"""When eyes are open: lids that are up; or lids that follow the gaze down while the irises are clearly seen.

Lids alone cannot tell: who reads notes has them as low as in a blink, and was taken to be shut. But a blink is over
within `_BLINK_S`, and while it lasts the network that finds irises (`talkingeyes.fit.iris_net`) says itself how little
it sees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_OPEN_SHARE = 0.55
"""Of the usual opening: what is wider is open."""
_BLINK_S = 0.3
_CLEAR_DOUBT = 2.6
"""Irises count as seen up to so many times their usual doubt: 1.5 to 2.4 looking down, 5 and more in blinks."""
_LEAST_USUAL = 0.02
_SURE_DOUBT, _LOST_DOUBT = 1.6, 3.2
"""An eye is trusted fully up to the first, not at all from the second."""
_CLOSED, _LOW = 0.5, 0.35


def doubt_of(sigma: Array, seen: NDArray[np.bool_]) -> Array:
    """(T, 2) how unsure the network is of each iris, against this clip's usual.

    Args:
        sigma: (T, 2) standard deviation that it states, radii.
        seen: (T,) frames with a face.
    """
    usual = np.median(sigma[seen]) if seen.any() else _LEAST_USUAL
    return sigma / max(float(usual), _LEAST_USUAL)


def sureness(doubt: Array) -> Array:
    """0..1 how much an eye tells at such a doubt."""
    return np.clip((_LOST_DOUBT - doubt) / (_LOST_DOUBT - _SURE_DOUBT), 0, 1)


def lids_up(heights: list[Array], seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(T,) frames in which both eyes are open against the usual by every measure (T, 2) of their opening."""
    out = seen.copy()
    for height in heights:
        out &= np.all(height > _OPEN_SHARE * np.median(height[seen], axis=0), axis=1)
    return out


def looking_down(up: NDArray[np.bool_], blink: Array, doubt: Array, fps: float) -> NDArray[np.bool_]:
    """(T,) frames whose lids are low for longer than a blink while irises are seen.

    Args:
        up: (T,) frames with lids that are up.
        blink: (T, 2) closure by the lids alone.
        doubt: (T, 2) from `doubt_of`.
        fps: frame rate.
    """
    clear = (~up | (blink.max(axis=1) > _LOW)) & (doubt.min(axis=1) < _CLEAR_DOUBT)
    out = np.zeros(len(up), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], clear, [False]]).astype(int)))
    for first, stop in edges.reshape(-1, 2):
        if stop - first > _BLINK_S * fps:
            out[first:stop] = True
    return out


def shut_by(blink: Array) -> NDArray[np.bool_]:
    """(T,) frames that the lids (T, 2) call shut."""
    return blink.max(axis=1) > _CLOSED


def without_blinks(open_eyes: NDArray[np.bool_], shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(T,) frames less those that are shut and their neighbours; all where none is left."""
    left = open_eyes & ~(np.convolve(shut, np.ones(3), "same") > 0)
    return left if left.any() else open_eyes
