"""Event detection: gaze steps (saccades), fixations, bouts on and off the partner, blinks. Arrays in, arrays out.

Everything works at the motion's own frame rate and on degrees; docs/evaluation.md holds the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]

MEAN_S = 0.1
"""Length of the means on both sides of a step."""
GAP_S = 0.08
"""From the last frame of the mean before to the first of the mean after: a 20 deg saccade lasts 73 ms."""
APART_S = 0.15
"""Steps closer than this count as one (saccadic refractory time)."""
REPORT_DEG = 3.0
MIN_THRESHOLD_DEG = 1.0
NOISE_FACTOR = 4.5
BLINK_MARGIN_S = 0.12


@dataclass(frozen=True, eq=False)
class Steps:
    """Gaze steps of at least `REPORT_DEG`, in time order; every field is (N,).

    Attributes:
        time_s: middle of the largest frame-to-frame displacement.
        start: last frame before the eye moves.
        end: first frame after it moved.
        amplitude_deg: displacement between the 100 ms means on both sides of the moving frames.
        yaw_deg: the displacement's part to the character's left.
        pitch_deg: its part up.
        largest_share: largest single-frame displacement over the amplitude.
        moving_frames: frames that hold at least 5 % of the amplitude.
        peak_deg_s: largest frame-to-frame speed along the step.
    """

    time_s: Array
    start: Array
    end: Array
    amplitude_deg: Array
    yaw_deg: Array
    pitch_deg: Array
    largest_share: Array
    moving_frames: Array
    peak_deg_s: Array

    def __len__(self) -> int:
        return len(self.time_s)

    def where(self, keep: Array) -> Steps:
        """The steps picked by a mask or indices."""
        return Steps(**{f.name: getattr(self, f.name)[keep] for f in fields(self)})


def window_frames(seconds: float, fps: float) -> int:
    """Frames in a stretch of time, at least one."""
    return max(1, int(np.floor(seconds * fps + 0.5)))


def flat_deg(gaze_deg: Array, valid: Array) -> Array:
    """The gaze unrolled into a plane: (T, 2) -> (T, 2), where differences over short times are angles.

    Yaw steps are scaled by cos(pitch) and summed, so that where the gaze is does not matter; lost frames hold the last
    seen one.
    """
    last = np.maximum.accumulate(np.where(valid, np.arange(len(gaze_deg)), -1))
    held = gaze_deg[np.where(last < 0, int(np.argmax(valid)), last)]
    middle = np.radians((held[1:, 1] + held[:-1, 1]) / 2)
    yaw = np.cumsum(np.diff(held[:, 0]) * np.cos(middle))
    return np.stack([np.concatenate([[0.0], yaw]), held[:, 1]], axis=1)


def running_mean(values: Array, valid: Array, width: int) -> tuple[Array, Array]:
    """Means of ``width`` frames starting at each frame, over valid frames only: ((T - width + 1, D), counts)."""
    filled = np.where(valid[:, None], values, 0.0)
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(filled, axis=0)])
    counts = np.concatenate([[0], np.cumsum(valid)])
    total, number = sums[width:] - sums[:-width], counts[width:] - counts[:-width]
    return total / np.maximum(number, 1)[:, None], number


def frame_noise_deg(gaze_deg: Array, valid: Array) -> float:
    """SD of the frame noise per axis, from second differences: robust against steps (MAD / .6745 / sqrt 6)."""
    if len(gaze_deg) < 3:
        return 0.0
    second = gaze_deg[2:] - 2 * gaze_deg[1:-1] + gaze_deg[:-2]
    inside = valid[2:] & valid[1:-1] & valid[:-2]
    if not inside.any():
        return 0.0
    return float(np.median(np.abs(second[inside])) / 0.6745 / np.sqrt(6.0))


@dataclass(frozen=True, eq=False)
class _Displacement:
    size_deg: Array  # (K,) at candidate k: mean before ends in frame k + width - 1
    width: int
    gap: int
    noise_deg: float


def _displacement(gaze: Array, valid: Array, fps: float) -> _Displacement | None:
    width, gap = window_frames(MEAN_S, fps), max(2, window_frames(GAP_S, fps))
    shift = width + gap - 1  # from the start of the mean before to the start of the mean after
    if len(gaze) < shift + width:
        return None
    means, counts = running_mean(gaze, valid, width)
    enough = counts >= (width + 1) // 2
    usable = enough[shift:] & enough[:-shift]
    size = np.where(usable, np.linalg.norm(means[shift:] - means[:-shift], axis=1), 0.0)
    white = frame_noise_deg(gaze, valid) * np.sqrt(2.0 / width)
    slow = np.percentile(size[usable], 10) / 0.459 if usable.any() else 0.0  # 10th percentile of a Rayleigh law
    return _Displacement(size, width, gap, max(float(slow), white))


def _peaks(size: Array, threshold: float, reach: int) -> Array:
    """Indices of local maxima above the threshold; the middle of a flat top."""
    if len(size) == 0:
        return np.zeros(0, int)
    padded = np.pad(size, reach, constant_values=-1.0)
    windows = sliding_window_view(padded, 2 * reach + 1)
    top = (size >= threshold) & (size >= windows.max(axis=1) - 1e-9)
    edges = np.diff(np.concatenate([[0], top.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return (starts + ends - 1) // 2


def _suppress(peaks: Array, size: Array, apart: int) -> Array:
    """Greedy: the larger peak wins, others closer than ``apart`` frames go."""
    taken = np.zeros(len(size) + 2 * apart, bool)
    kept = []
    for peak in peaks[np.argsort(-size[peaks], kind="stable")]:
        if not taken[peak + apart]:
            kept.append(peak)
            taken[peak + 1 : peak + 2 * apart] = True
    return np.sort(np.array(kept, int))


def _extent(along: Array, first: int, peak: int, floor: float, reach: int) -> tuple[int, int]:
    """Moving frames around ``peak``: (start, end) frame indices; ``along[i]`` is the way from frame i to i + 1."""
    low, high = peak, peak
    while low - 1 >= max(0, peak - reach) and along[low - 1] >= floor:
        low -= 1
    while high + 1 <= min(len(along) - 1, peak + reach) and along[high + 1] >= floor:
        high += 1
    return first + low, first + high + 1


def _refine(gaze: Array, valid: Array, fps: float, peak: int, d: _Displacement) -> tuple[float, ...] | None:
    """One step in detail: (time, start, end, amplitude, dx, dy, share, moving, speed)."""
    reach = window_frames(APART_S, fps)
    first = max(0, peak + d.width - 1 - reach)
    last = min(len(gaze), peak + d.width + d.gap + reach)
    before, after = slice(peak, peak + d.width), slice(peak + d.width + d.gap - 1, peak + 2 * d.width + d.gap - 1)
    way = gaze[after][valid[after]].mean(axis=0) - gaze[before][valid[before]].mean(axis=0)
    size = float(np.linalg.norm(way))
    along = np.diff(gaze[first:last], axis=0) @ (way / size)
    low = max(0, peak + d.width - 2 - first)
    best = low + int(np.argmax(along[low : peak + d.width + d.gap - first]))
    start, end = _extent(along, first, best, max(0.05 * size, 2.5 * d.noise_deg), reach)
    pre = slice(max(0, start - d.width + 1), start + 1)
    post = slice(end, min(len(gaze), end + d.width))
    if not (valid[pre].any() and valid[post].any()):
        return None
    way = gaze[post][valid[post]].mean(axis=0) - gaze[pre][valid[pre]].mean(axis=0)
    amplitude = float(np.linalg.norm(way))
    if amplitude < 0.5 * size:
        return None
    largest = float(along[best])
    time = (first + best + 0.5) / fps
    return time, start, end, amplitude, way[0], way[1], min(largest / amplitude, 1.0), end - start, largest * fps


def detect_steps(gaze_deg: Array, valid: Array, fps: float, report_deg: float = REPORT_DEG) -> Steps:
    """Steps of the gaze: displacement between 100 ms means on both sides of an 80 ms gap, above the measured noise.

    Args:
        gaze_deg: (T, 2) yaw, pitch of the gaze in space.
        valid: (T,) frames that were observed and lie outside blinks and their margins.
        fps: frames per second.
        report_deg: steps below this are left out.

    Returns:
        The steps, at least 150 ms apart.
    """
    gaze = flat_deg(gaze_deg, valid)
    d = _displacement(gaze, valid, fps)
    rows: list[tuple[float, ...]] = []
    if d is not None:
        threshold = max(MIN_THRESHOLD_DEG, NOISE_FACTOR * d.noise_deg)
        peaks = _suppress(
            _peaks(d.size_deg, threshold, window_frames(0.05, fps)), d.size_deg, window_frames(APART_S, fps)
        )
        found = [_refine(gaze, valid, fps, int(p), d) for p in peaks]
        rows = _without_doubles([r for r in found if r is not None and r[3] >= report_deg])
    columns = np.array(rows, float).reshape(len(rows), 9).T
    time, start, end, amplitude, yaw, pitch, share, moving, speed = columns
    return Steps(time, start.astype(int), end.astype(int), amplitude, yaw, pitch, share, moving.astype(int), speed)


def _without_doubles(rows: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Two peaks whose moving frames overlap are one step: the larger one stays."""
    kept: list[tuple[float, ...]] = []
    for row in sorted(rows):
        if kept and row[1] < kept[-1][2]:
            if row[3] > kept[-1][3]:
                kept[-1] = row
        else:
            kept.append(row)
    return kept


def crowded_steps(gaze_deg: Array, valid: Array, fps: float) -> tuple[Array, Array]:
    """Runs of fast frames that move the gaze by 3 deg or more, and whether each comes within 150 ms of the last.

    `detect_steps` cannot see two steps so close (its means are 100 ms long); single frames can.

    Returns:
        (N,) times and (N,) flags.
    """
    gaze = flat_deg(gaze_deg, valid)
    if len(gaze) < 2:
        return np.zeros(0), np.zeros(0, bool)
    way = np.linalg.norm(np.diff(gaze, axis=0), axis=1)
    fast = (way > max(0.5, 5 * np.sqrt(2.0) * frame_noise_deg(gaze, valid))) & valid[1:] & valid[:-1]
    table = runs(fast)
    table = table[np.linalg.norm(gaze[table[:, 1]] - gaze[table[:, 0]], axis=1) >= REPORT_DEG]
    largest = np.array([first + int(np.argmax(way[first:last])) for first, last in table], float)
    time = (largest + 0.5) / fps
    return time, np.concatenate([np.zeros(min(1, len(time)), bool), np.diff(time) < APART_S - 1e-9])


def widen(mask: Array, frames: int) -> Array:
    """A mask grown by ``frames`` on both sides."""
    if frames <= 0 or not mask.any():
        return mask.copy()
    edges = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    grown = np.zeros(len(mask) + 1, int)
    np.add.at(grown, np.maximum(np.flatnonzero(edges == 1) - frames, 0), 1)
    np.add.at(grown, np.minimum(np.flatnonzero(edges == -1) + frames, len(mask)), -1)
    return np.cumsum(grown[:-1]) > 0


def runs(mask: Array) -> Array:
    """(N, 2) first and one-past-last frame of each stretch of True."""
    edges = np.diff(np.concatenate([[0], np.asarray(mask, np.int8), [0]]))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)


def fixations(steps: Steps, valid: Array, fps: float, min_s: float = 0.1) -> Array:
    """(N, 2) frames [first, last) between steps, cut at invalid frames, at least ``min_s`` long."""
    still = valid.copy()
    for start, end in zip(steps.start, steps.end, strict=True):
        still[start + 1 : end] = False
    pieces = runs(still)
    cuts = np.sort(steps.end)
    out = []
    for first, last in pieces:
        inner = cuts[(cuts > first) & (cuts < last)]
        out.extend(zip([first, *inner], [*inner, last], strict=True))
    table = np.array(out, int).reshape(len(out), 2)
    return table[(table[:, 1] - table[:, 0]) >= min_s * fps]


def direction_bins(yaw_deg: Array, pitch_deg: Array) -> Array:
    """(8,) counts: left, up-left, up, up-right, right, down-right, down, down-left (the character's own left)."""
    angle = np.arctan2(pitch_deg, yaw_deg)
    return np.bincount(np.round(angle / (np.pi / 4)).astype(int) % 8, minlength=8).astype(float)
