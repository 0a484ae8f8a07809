"""Windows of a moving mouth and what an observer may notice: how far it moves, how it rests, what goes together.

    from talkingeyes.evaluate.mouth_features import mouth_windows
    from talkingeyes.evaluate.observer import two_sample

    seen = two_sample(mouth_windows(fits), mouth_windows(takes))     # lists of (who, Motion)
    print(seen.auc, seen.told())

The question is whether the mouth is one that people make, not whether it fits its sound (`benchmarks/score_face.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.gaze_features import Windows
from talkingeyes.motion import Motion

Array = NDArray[Any]

MOUTH: tuple[str, ...] = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthSmile", "mouthFrown", "mouthStretch", "mouthRollLower",
    "mouthRollUpper", "mouthLowerDown", "mouthUpperUp",
)  # fmt: skip
"""Channels that a fit and a generated take both have; the mean of both sides."""
SIDED: tuple[str, ...] = ("mouthSmile", "mouthFrown", "mouthStretch", "mouthLowerDown", "mouthUpperUp")
WINDOW_S = 5.0
SHORTEST_S = 1.0
"""A clip shorter than a window is one window, if it is at least this long."""
AT_REST = 0.02
RATE_HZ = 25.0
_STILL = 1e-4


def mouth_windows(
    takes: Iterable[tuple[str, Motion]], *, window_s: float = WINDOW_S, sides: bool = False, speed: bool = False
) -> Windows:
    """Windows of takes, which do not overlap.

    Args:
        takes: who it is, and the motion.
        window_s: their length; a shorter clip of `SHORTEST_S` or more is one window.
        sides: also how the two sides of the mouth differ.
        speed: also how fast each channel moves, which shows a fit's noise as well.
    """
    values, groups = [], []
    names: tuple[str, ...] = ()
    for who, motion in takes:
        table, sided = tables(motion)
        for part in _parts(len(table), window_s):
            found = _features(table[part], sided[part] if sides else None, speed)
            names = tuple(found)
            values.append(list(found.values()))
            groups.append(who)
    return Windows(names, np.array(values, float), np.array(groups))


def tables(motion: Motion) -> tuple[Array, Array]:
    """(N, K) of `MOUTH` and (N, S) left less right of `SIDED` at `RATE_HZ`; channels that are missing rest."""
    if motion.face is None:
        rows = motion.num_frames
        return np.zeros((rows, len(MOUTH))), np.zeros((rows, len(SIDED)))
    now_s = np.arange(int(motion.num_frames / motion.fps * RATE_HZ + 1e-6)) / RATE_HZ
    frame_s = np.arange(motion.num_frames) / motion.fps
    face = np.stack([np.interp(now_s, frame_s, column) for column in motion.face.astype(float).T], axis=1)
    place = {name: i for i, name in enumerate(motion.face_names)}

    def column(name: str) -> Array:
        return face[:, place[name]] if name in place else np.zeros(len(face))

    whole = [(column(n + "Left") + column(n + "Right")) / 2 if n in SIDED else column(n) for n in MOUTH]
    return np.stack(whole, axis=1), np.stack([column(n + "Left") - column(n + "Right") for n in SIDED], axis=1)


def _parts(count: int, window_s: float) -> list[slice]:
    size, least = round(window_s * RATE_HZ), round(SHORTEST_S * RATE_HZ)
    if least <= count < size:
        return [slice(0, count)]
    return [slice(first, first + size) for first in range(0, count - size + 1, size)]


def _features(table: Array, sided: Array | None, speed: bool) -> dict[str, float]:
    """Moments of each channel and correlations of all pairs; NaN where one of a pair stands still."""
    found: dict[str, float] = {}
    centred = table - table.mean(axis=0)
    spread = table.std(axis=0)
    moves = spread > _STILL
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.where(moves, centred / spread, np.nan)
    skew = (unit**3).mean(axis=0)
    for i, name in enumerate(MOUTH):
        found |= {
            f"{name} mean": float(table[:, i].mean()),
            f"{name} spread": float(spread[i]),
            f"{name} skew": float(skew[i]),
            f"{name} 90th percentile": float(np.percentile(table[:, i], 90)),
            f"{name} at rest": float((table[:, i] < AT_REST).mean()),
        }
        if speed:
            found[f"{name} speed"] = float(np.abs(np.diff(table[:, i])).mean() * RATE_HZ)
    both = unit.T @ unit / len(unit)
    for i, k in itertools.combinations(range(len(MOUTH)), 2):
        found[f"{MOUTH[i]} with {MOUTH[k]}"] = float(both[i, k])
    if sided is not None:
        for i, name in enumerate(SIDED):
            found[f"{name} sides mean"] = float(np.abs(sided[:, i].mean()))
            found[f"{name} sides spread"] = float(sided[:, i].std())
    return found
