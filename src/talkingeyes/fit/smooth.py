"""Cleaning that keeps edges: steps are found first, then each stretch between two steps is smoothed on its own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_MEAN_S = 0.10
_APART_S = 0.15
"""Eyes rest at least so long between saccades; what seems closer is one that was caught in flight."""
_REST_S = 0.18
"""A frame is caught in flight only where the eye rests so long on both sides, or one saccade would look like two."""
_KERNEL_S = 0.12
_MIN_STEP_SIGMAS = 4.5


def fill_gaps(signal: Array, valid: NDArray[np.bool_]) -> Array:
    """Hold across gaps: the first half of a gap keeps the value before it, the second half takes the one after it."""
    known = np.flatnonzero(valid)
    if not len(known):
        return signal.copy()
    frames = np.arange(len(signal))
    after = np.clip(np.searchsorted(known, frames), 0, len(known) - 1)
    before = np.clip(after - 1, 0, None)
    nearest = np.where(np.abs(known[before] - frames) <= np.abs(known[after] - frames), known[before], known[after])
    return signal[nearest]


def noise_level(signal: Array, valid: NDArray[np.bool_]) -> float:
    """Robust standard deviation of the noise of a (T, D) signal per axis, from second differences."""
    whole = valid[2:] & valid[1:-1] & valid[:-2]
    bend = (signal[2:] - 2 * signal[1:-1] + signal[:-2])[whole]
    if not len(bend):
        return 0.0
    return float(1.4826 * np.median(np.abs(bend)) / np.sqrt(6))


def find_steps(
    signal: Array, valid: NDArray[np.bool_], fps: float, min_step: float, breaks: Sequence[int] = ()
) -> NDArray[np.int64]:
    """First frame after each step of a (T, D) signal.

    A step is a place where the medians of the 100 ms on both sides differ by more than ``min_step`` and by more than
    the noise can do, and more than at the places around it. So close to the ends and to ``breaks`` (cuts of the film)
    that one side is shorter, nothing tells a step from a few bad frames: there is none.
    """
    reach = max(2, round(_MEAN_S * fps))
    count = len(signal)
    if count < 2:
        return np.zeros(0, np.int64)
    held = fill_gaps(signal, valid)
    padded = np.concatenate([np.repeat(held[:1], reach, axis=0), held, np.repeat(held[-1:], reach, axis=0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=0)
    level = np.median(windows, axis=-1)
    jump = np.linalg.norm(level[reach : reach + count] - level[:count], axis=-1)
    single = np.linalg.norm(np.diff(held, axis=0, prepend=held[:1]), axis=-1)
    limit = max(min_step, _MIN_STEP_SIGMAS * noise_level(signal, valid) * np.sqrt(2 / reach) * 1.25)
    strength = jump + 0.5 * single
    for edge in (0, *breaks, count):
        jump[max(0, edge - reach) : edge + reach + 1] = 0
    steps: list[int] = []
    apart = max(reach + 1, math.ceil(_APART_S * fps))
    for i in np.argsort(-strength):
        if jump[i] <= limit:
            continue
        if all(abs(i - s) >= apart for s in steps) and i > 0:
            steps.append(int(i))
    return np.array(sorted(steps), np.int64)


def smooth_between(
    signal: Array, weight: Array, steps: NDArray[np.int64], fps: float, kernel_s: float = _KERNEL_S
) -> Array:
    """Robust local-linear smoothing of a (T, D) signal inside each stretch between two steps.

    A frame caught in the middle of a step (between the levels of both sides) keeps its measured value; a stretch in
    which no frame counts is filled from its neighbours.

    Args:
        signal: (T, D).
        weight: (T,) 0 for frames to be filled in.
        steps: first frame after each step.
        fps: frame rate.
        kernel_s: standard deviation of the kernel.
    """
    out = signal.astype(float).copy()
    bounds = np.unique(np.concatenate([[0], steps, [len(signal)]])).astype(int)
    weight = weight.astype(float).copy()
    held = np.zeros(len(signal), bool)
    rest = math.ceil(_REST_S * fps)
    for k in range(1, len(bounds) - 1):
        for frame in (bounds[k] - 1, bounds[k]):
            if min(frame - bounds[k - 1], bounds[k + 1] - frame) < rest:
                continue
            held[frame] = _in_flight(signal, weight, bounds[k - 1], bounds[k], bounds[k + 1], frame)
    for start, stop in itertools.pairwise(bounds):
        part = slice(start, stop)
        out[part] = _local_linear(signal[part], np.where(held[part], 0.0, weight[part]), kernel_s * fps)
    out[held] = signal[held]
    return fill_gaps(out, _reached(weight > 0, bounds[1:-1]))


def _in_flight(signal: Array, weight: Array, start: int, step: int, stop: int, frame: int) -> bool:
    reach = 4
    before = [i for i in range(max(start, step - 1 - reach), step - 1) if weight[i] > 0]
    after = [i for i in range(step + 1, min(stop, step + 1 + reach)) if weight[i] > 0]
    if len(before) < 2 or len(after) < 2 or weight[frame] == 0:
        return False
    low, high = np.median(signal[before], axis=0), np.median(signal[after], axis=0)
    way = high - low
    share = float((signal[frame] - low) @ way / max(way @ way, 1e-12))
    return 0.15 < share < 0.85


def _local_linear(signal: Array, weight: Array, sigma: float) -> Array:
    """Local-linear regression with a Gaussian kernel and two rounds of robust weights; fills weightless frames."""
    count = len(signal)
    if not np.any(weight > 0):
        return signal
    if np.count_nonzero(weight > 0) < 3:
        return np.broadcast_to(np.average(signal, axis=0, weights=weight), signal.shape).copy()
    reach = min(count - 1, max(2, int(3 * sigma)))
    offsets = np.arange(-reach, reach + 1)
    index = np.arange(count)[:, None] + offsets
    inside = (index >= 0) & (index < count)
    index = np.clip(index, 0, count - 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2) * inside
    robust = np.ones(count)
    out = signal
    for _ in range(3):
        local = kernel * (weight * robust)[index]
        s0, s1, s2 = (np.sum(local * offsets**p, axis=1) for p in (0, 1, 2))
        values = signal[index]
        m0 = np.einsum("tk,tkd->td", local, values)
        m1 = np.einsum("tk,tkd->td", local * offsets, values)
        # the slope is held the more the farther the frames lie on one side: lines through an end's noise swing there
        ridge = 0.5 * s0 + s1**2 / np.maximum(s0, 1e-9) + 1e-9
        bend = s0 * (s2 + ridge) - s1**2
        fitted = ((s2 + ridge)[:, None] * m0 - s1[:, None] * m1) / np.maximum(bend, 1e-12)[:, None]
        empty = s0 < 1e-6
        out = np.where(empty[:, None], fill_gaps(np.where(empty[:, None], 0, fitted), ~empty), fitted)
        miss = np.linalg.norm(signal - out, axis=-1)
        scale = 3 * 1.4826 * np.median(miss[weight > 0]) + 1e-9
        robust = 1 / (1 + (miss / scale) ** 2) ** 2
    return out


def smooth_within(signal: Array, valid: NDArray[np.bool_], breaks: list[int], fps: float, kernel_s: float) -> Array:
    """Smooth a (T, D) signal between cuts, filling frames that are not valid."""
    steps = np.array([b for b in breaks if 0 < b < len(signal)], np.int64)
    out = signal.astype(float).copy()
    bounds = np.unique(np.concatenate([[0], steps, [len(signal)]])).astype(int)
    for start, stop in itertools.pairwise(bounds):
        part = slice(start, stop)
        if valid[part].any():
            out[part] = _local_linear(signal[part], valid[part].astype(float), kernel_s * fps)
    return fill_gaps(out, _reached(valid, steps))


def _reached(valid: NDArray[np.bool_], steps: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Frames of stretches that hold at least one valid frame."""
    stretch = np.searchsorted(steps, np.arange(len(valid)), side="right")
    good = np.bincount(stretch, weights=valid, minlength=len(steps) + 1) > 0
    return good[stretch]


def limit_speed(signal: Array, largest_step: float) -> Array:
    """Follow a (T, D) signal with steps no longer than ``largest_step``; what was too fast is caught up with later."""
    step = np.linalg.norm(np.diff(signal, axis=0), axis=-1)
    if not np.any(step > largest_step):
        return signal
    out = signal.astype(float).copy()
    for i in range(1, len(out)):
        way = out[i] - out[i - 1]
        size = float(np.linalg.norm(way))
        if size > largest_step:
            out[i] = out[i - 1] + way * (largest_step / size)
    return out
