"""Lids that an observer must tell from people's: generated ones, spoilt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.blinks import detect_blinks
from talkingeyes.evaluate.observed import Asking, People, observe
from talkingeyes.evaluate.recording import Recording

Array = NDArray[Any]

METRONOME_S = 2.4
QUESTIONS = ("blinks, 8 s", "one blink, 1.2 s")


@dataclass(frozen=True)
class LidControl:
    """One way to spoil lids, (T, 2) at a rate -> (T, 2), and the least AUC of the question that sees it best."""

    name: str
    least_auc: float
    change: Callable[[Array, float], Array] = field(repr=False)


def slower(lids: Array, fps: float) -> Array:
    """Half as fast again."""
    at = np.arange(len(lids)) / 1.5
    return np.stack([np.interp(at, np.arange(len(lids)), lids[:, k]) for k in range(2)], axis=1)


def half_way(lids: Array, fps: float) -> Array:
    """Lids that never close further than half."""
    return 0.5 * lids


def winking(lids: Array, fps: float) -> Array:
    """The left lid closes by a third."""
    return lids * np.array([0.3, 1.0])


def switched(lids: Array, fps: float) -> Array:
    """Open or shut and nothing between."""
    return np.where(lids > 0.4, 1.0, 0.0)


def metronome(lids: Array, fps: float) -> Array:
    """One blink, again and again."""
    out, peaks = np.zeros_like(lids), detect_blinks(lids.mean(axis=1), fps).peak_s
    if not len(peaks):
        return out
    middle, reach = round(peaks[len(peaks) // 2] * fps), round(0.4 * fps)
    one = lids[max(0, middle - reach) : middle + 2 * reach]
    for first in range(0, len(lids) - len(one), round(METRONOME_S * fps)):
        out[first : first + len(one)] = one
    return out


LID_CONTROLS: tuple[LidControl, ...] = (
    LidControl("half as slow again", 0.85, slower),
    LidControl("half way", 0.75, half_way),
    LidControl("winking", 0.85, winking),
    LidControl("open or shut", 0.85, switched),
    LidControl("metronome", 0.85, metronome),
)


def lid_controls(
    made: Sequence[Recording], people: People, asking: Asking | None = None
) -> dict[str, dict[str, float]]:
    """AUC of both questions about lids for each control.

    Args:
        made: takes that are spoilt.
        people: fitted people.
        asking: how it is asked; without floors.
    """
    asked, out = replace(asking or Asking(rounds=1), floor=False), {}
    for control in LID_CONTROLS:
        spoilt = [_with_lids(r, control.change) for r in made if r.motion.lids is not None]
        found = observe(spoilt, replace(people, fixations=()), asked, looks={}, only=QUESTIONS)
        out[control.name] = {o.name: o.seen.auc for o in found}
    return out


def _with_lids(recording: Recording, change: Callable[[Array, float], Array]) -> Recording:
    motion = recording.motion
    lids = np.clip(change(np.asarray(motion.lids, float), motion.fps), 0, 1).astype(np.float32)
    return replace(recording, motion=motion.replace(lids=lids))
