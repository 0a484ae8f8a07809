"""Lids as a fit of a video would have seen them: generated lids go through it, so that both sides err alike.

A fit reads the two lids of one blink apart by more than people's lids ever are (docs/evaluation.md, "The observer"): on
rendered heads whose lids close together it is .19 off at one head's right eye, and mirroring a film moves the
difference of the sides by .25. It trembles while the eye is open, and it calls the widest opening of a clip open and
the narrowest shut. So the model cuts a take into pieces as long as the clips, gives each the habits of one clip, and
lets the fit's own rules find what is open and shut, and make one blink of two lids.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.blinks import detect_blinks
from talkingeyes.evaluate.recording import Recording
from talkingeyes.fit.lids import closure
from talkingeyes.fit.yoked_lids import yoked
from talkingeyes.motion import Motion

Array = NDArray[Any]

MOST_FLUTTER = 0.35
"""More closure is no flutter of an open eye."""
LEAST_S = 2.0
BEFORE_S, AFTER_S = 0.1, 0.3
FLUTTERS = np.array([0.0, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.11, 0.15, 0.2])
SHUT_OPENING = 0.1
"""Opening that still shows in shut eyes."""


@dataclass(frozen=True, eq=False)
class Habit:
    """How the fit saw one clip.

    Attributes:
        seconds: length of the clip.
        flutter: SD of the opening of an open eye, share of it, left and right.
        inertia: likeness of the flutter to itself a second later.
        together: correlation of the two eyes' flutter.
        depths: (n, 2) closure of the left and right lid at the peak of each blink over the deeper one's.
    """

    seconds: float
    flutter: Array
    inertia: float
    together: float
    depths: Array


@dataclass(frozen=True)
class LidTracker:
    """What a fit makes of lids, learned from fitted people."""

    habits: tuple[Habit, ...]

    @staticmethod
    def fitted(people: Sequence[Recording], least_s: float = LEAST_S) -> LidTracker | None:
        """Habits of the clips that have lids; None where no clip is long enough.

        Args:
            people: fitted clips.
            least_s: shorter clips do not count.
        """
        clips = [r.motion for r in people if r.motion.lids is not None and r.motion.duration_s >= least_s]
        return LidTracker(tuple(_habit(m) for m in clips)) if clips else None

    def seen(self, recording: Recording, rng: np.random.Generator) -> Recording:
        """The same recording with lids as fits of clips would have seen them."""
        motion = recording.motion
        if motion.lids is None:
            return recording
        lids, first = np.asarray(motion.lids, float).copy(), 0
        while first < len(lids):
            habit = self.habits[int(rng.integers(len(self.habits)))]
            piece = slice(first, first + max(round(habit.seconds * motion.fps), 1))
            lids[piece] = through(lids[piece], motion.fps, habit, rng)
            first = piece.stop
        return replace(recording, motion=motion.replace(lids=lids.astype(np.float32)))


def through(lids: Array, fps: float, habit: Habit, rng: np.random.Generator) -> Array:
    """(T, 2) closure as the fit would have seen it in a clip of its own."""
    shown = lids * _depths(lids, fps, habit, rng)
    flutter = habit.flutter * _flutter(len(lids), habit.inertia ** (1 / fps), habit.together, rng)
    opening = np.maximum(1 - (1 - SHUT_OPENING) * shown + flutter, 0.0)
    seen = np.ones(len(lids), bool)
    return yoked(closure(opening, np.zeros_like(opening), seen)[0], seen, fps)


def _depths(lids: Array, fps: float, habit: Habit, rng: np.random.Generator) -> Array:
    """(T, 2) share of the closure that is seen, drawn anew for every blink."""
    blinks = detect_blinks(lids.mean(axis=1), fps)
    share = np.ones_like(lids)
    if not len(habit.depths) or not len(blinks):
        return share
    edges = np.concatenate([[0], np.round((blinks.end_s[:-1] + blinks.onset_s[1:]) / 2 * fps), [len(lids)]])
    for a, b in zip(edges[:-1].astype(int), edges[1:].astype(int), strict=True):
        share[a:b] = habit.depths[int(rng.integers(len(habit.depths)))]
    return share


def _flutter(count: int, inertia: float, together: float, rng: np.random.Generator) -> Array:
    """(count, 2) noise of unit variance."""
    own, both = rng.standard_normal((count, 2)), rng.standard_normal((count, 1))
    shares = np.sqrt(max(0.0, together)), np.sqrt(1 - max(0.0, together))
    fresh = np.sqrt(1 - inertia**2) * (shares[0] * both + shares[1] * own)
    fresh[:1] = shares[0] * both[:1] + shares[1] * own[:1]
    out = np.empty_like(fresh)
    level = np.zeros(2)
    for i in range(count):
        level = inertia * level + fresh[i]
        out[i] = level
    return out


def _habit(motion: Motion) -> Habit:
    lids, fps = np.asarray(motion.lids, float), motion.fps
    still = _between_blinks(lids, fps)
    pairs = still[1:] & still[:-1]
    quiet = lids[still] if still.sum() > fps else np.zeros((2, 2))
    inertia = float(np.clip(np.mean([_r(lids[1:, k][pairs], lids[:-1, k][pairs]) for k in range(2)]), 0.05, 0.9))
    blinks = detect_blinks(lids.max(axis=1), fps)
    top = np.round(blinks.peak_s * fps).astype(int)
    peaks = np.array([lids[max(0, i - 1) : i + 2].max(axis=0) for i in top]).reshape(-1, 2)
    sizes = np.interp(quiet.std(axis=0), _seen_flutter(round(10 * inertia)), FLUTTERS)
    depths = peaks / np.maximum(peaks.max(axis=1, keepdims=True), 1e-6)
    return Habit(motion.duration_s, sizes, inertia**fps, _r(quiet[:, 0], quiet[:, 1]), depths)


def _between_blinks(lids: Array, fps: float) -> Array:
    """(T,) frames that no blink of either lid is near: its foot is no flutter."""
    still = np.ones(len(lids), bool)
    for lid in (lids.max(axis=1), lids.mean(axis=1)):
        blinks = detect_blinks(lid, fps)
        for onset_s, end_s in zip(blinks.onset_s, blinks.end_s, strict=True):
            still[max(0, round((onset_s - BEFORE_S) * fps)) : round((end_s + AFTER_S) * fps)] = False
    return still & (lids.max(axis=1) < MOST_FLUTTER)


def _r(a: Array, b: Array) -> float:
    if len(a) < 3 or a.std() < 1e-6 or b.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


@functools.lru_cache(maxsize=16)
def _seen_flutter(tenths: int) -> Array:
    """SD of the closure that the fit's rule shows of `FLUTTERS` in an open eye, for an inertia in tenths."""
    noise = _flutter(1500, tenths / 10, 0.0, np.random.default_rng(tenths))
    level, valid = np.zeros_like(noise), np.ones(len(noise), bool)
    found = [closure(1 + size * noise, level, valid)[0] for size in FLUTTERS]
    return np.maximum.accumulate([float(c.std()) for c in found])
