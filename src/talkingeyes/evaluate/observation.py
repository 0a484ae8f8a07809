"""`Observation`: what the events module sees in one recording, computed once and shared by all tests."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.audio import FEATURE_RATE_HZ
from talkingeyes.evaluate import events
from talkingeyes.evaluate.blinks import MAX_BLINK_S, Blinks, detect_blinks
from talkingeyes.evaluate.events import Steps, detect_steps, runs, widen
from talkingeyes.evaluate.recording import Recording
from talkingeyes.motion import Motion

Array = NDArray[Any]
T = TypeVar("T")

AVERTED_DEG = 8.0
HYSTERESIS_DEG = 1.0
BRIDGED_S = 0.2
"""Gaps up to this do not cut a bout; longer ones censor it."""
TALKING_BRIDGES_S = 1.0
"""Silences shorter than this belong to the talking around them (a turn starts after >= 1.0 s of silence)."""


@dataclass(frozen=True, eq=False)
class Bouts:
    """Stretches on the partner or averted; every field is (N,).

    Attributes:
        start_s: when the bout was first seen.
        duration_s: how long it was seen.
        ended: True where its end was seen, False where a gap or the file's end cut it.
        averted: True for averted bouts.
    """

    start_s: Array
    duration_s: Array
    ended: Array
    averted: Array


def slow_rate(fps: float) -> float:
    """25 or 30 fps, whichever divides ``fps`` better; ``fps`` itself where it is slower than 31."""
    if fps < 31:
        return fps
    return min((25.0, 30.0), key=lambda rate: abs(fps / rate - round(fps / rate)))


def decimate(motion: Motion, fps: float) -> Motion:
    """Every n-th frame (the nearest one): no interpolation, so that steps stay as sharp as they were sampled."""
    index = np.round(np.arange(int(motion.num_frames * fps / motion.fps)) * motion.fps / fps).astype(int)
    index = index[index < motion.num_frames]
    if len(index) == 0:
        index = np.zeros(1, int)
    return motion.replace(fps=fps, **{name: c[index] for name, c in motion.channels.items()})


class Observation:
    """One recording with its events; everything is computed on first use and kept."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.motion = recording.motion
        self.speech = recording.speech
        self.fps = recording.motion.fps
        self._kept: dict[Callable[[Observation], Any], Any] = {}

    def once(self, compute: Callable[[Observation], T]) -> T:
        """What ``compute`` makes of this recording, computed on first use: blocks of time share it."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        return self._kept[compute]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.motion.duration_s

    @property
    def has_gaze(self) -> bool:
        """Whether there is any gaze channel."""
        return self.motion.eyes_rad is not None or self.motion.gaze_rad is not None

    def _not_filled(self, *names: str) -> Array:
        """(T,) frames that the fit did not have to fill in, for the named column groups (all columns if unnamed)."""
        filled = self.motion.filled
        if filled is None or filled.shape[1] == 0:
            return np.ones(self.motion.num_frames, bool)
        columns = list(self.motion.meta.get("filled_columns", ()))
        wanted = [i for i, c in enumerate(columns) if c in names and i < filled.shape[1]] if columns else []
        used = filled[:, wanted] if wanted else filled if not columns else filled[:, :0]
        return ~used.any(axis=1)

    @cached_property
    def gaze_seen(self) -> Array:
        """(T,) frames whose gaze was observed (blinks included where the motion knows the gaze)."""
        return self._not_filled("gaze", "eyes")

    @cached_property
    def head_seen(self) -> Array:
        """(T,) frames whose head was observed."""
        return self._not_filled("head")

    @cached_property
    def gaze_deg(self) -> Array:
        """(T, 2) gaze in space (eye in head where the head is absent), yaw and pitch, yaw unwrapped."""
        gaze = self.motion.gaze_in_space_rad()
        return np.degrees(np.stack([np.unwrap(gaze[:, 0]), gaze[:, 1]], axis=1))

    @cached_property
    def cyclopean_deg(self) -> Array:
        """(T, 2) mean eye rotation in the head."""
        assert self.motion.eyes_rad is not None
        return np.degrees(self.motion.eyes_rad.astype(float).mean(axis=1))

    @cached_property
    def head_deg(self) -> Array:
        """(T, 3) head yaw, pitch, roll, unwrapped."""
        assert self.motion.head_rad is not None
        return np.degrees(np.unwrap(self.motion.head_rad.astype(float), axis=0))

    @cached_property
    def partner_deg(self) -> tuple[float, float]:
        """Direction of the partner in space: ``meta.partner``, else the mode of the gaze (docs/conventions.md)."""
        partner = self.motion.meta.get("partner")
        if isinstance(partner, dict) and "yaw_deg" in partner and "pitch_deg" in partner:
            return float(partner["yaw_deg"]), float(partner["pitch_deg"])
        return density_mode_deg(self.gaze_deg[self.gaze_seen])

    @cached_property
    def relative_deg(self) -> Array:
        """(T, 2) gaze in space relative to the partner."""
        return self.gaze_deg - np.array(self.partner_deg)

    @cached_property
    def eccentricity_deg(self) -> Array:
        """(T,) angle between the gaze and the partner."""
        gaze = rotations.direction_from_yaw_pitch(np.radians(self.gaze_deg))
        partner = rotations.direction_from_yaw_pitch(np.radians(self.partner_deg))
        return np.degrees(rotations.angle_between_rad(gaze, np.broadcast_to(partner, gaze.shape)))

    @cached_property
    def closure(self) -> Array | None:
        """(T,) blink closure, the mean of both lids."""
        if self.motion.lids is None:
            return None
        return self.motion.lids.astype(float).mean(axis=1)

    @cached_property
    def blinks(self) -> Blinks:
        """Blinks; none where the lids are absent."""
        closure = self.closure
        return detect_blinks(np.zeros(1) if closure is None else closure, self.fps)

    @cached_property
    def unmasked(self) -> Array:
        """(T,) frames outside blinks (and closed eyes) and their margins of 120 ms."""
        mask = np.zeros(self.motion.num_frames, bool)
        for onset, end in zip(self.blinks.onset_s, self.blinks.end_s, strict=True):
            mask[int(onset * self.fps) : math.ceil(end * self.fps) + 1] = True
        if self.closure is not None:
            shut = self.closure > 0.5
            for first, last in runs(shut):
                if (last - first) / self.fps > MAX_BLINK_S:
                    mask[first:last] = True
        return ~widen(mask, events.window_frames(events.BLINK_MARGIN_S, self.fps))

    @cached_property
    def valid(self) -> Array:
        """(T,) frames whose gaze counts for steps."""
        return self.gaze_seen & self.unmasked

    @cached_property
    def steps(self) -> Steps:
        """Steps at the motion's own rate, at least 150 ms apart."""
        return detect_steps(self.gaze_deg, self.valid, self.fps)

    @cached_property
    def slow(self) -> Observation:
        """The same recording at 25 or 30 fps (tests 4 and 6)."""
        rate = slow_rate(self.fps)
        if rate == self.fps:
            return self
        r = self.recording
        motion = decimate(self.motion, rate)
        return Observation(Recording(motion, r.name, r.speech, r.role, r.recording_id))

    @cached_property
    def fixations(self) -> Array:
        """(N, 2) frames of fixations between steps of any size above the noise."""
        small = detect_steps(self.gaze_deg, self.valid, self.fps, report_deg=1.0)
        return events.fixations(small, self.valid, self.fps)

    @cached_property
    def voice(self) -> Array | None:
        """(T,) voice activity at the motion's frames; None without sound."""
        if self.speech is None:
            return None
        index = (self.motion.times_s * FEATURE_RATE_HZ + 1e-6).astype(int)
        padded = np.concatenate([np.asarray(self.speech.voice, bool), [False]])
        return padded[np.minimum(index, len(padded) - 1)]

    @cached_property
    def talking(self) -> Array:
        """(T,) frames in speech, silences < 1.0 s bridged; all frames where no sound says otherwise."""
        voice = self.voice
        if voice is None:
            return np.ones(self.motion.num_frames, bool)
        talking = voice.copy()
        for first, last in runs(~voice):
            if first > 0 and last < len(voice) and (last - first) / self.fps < TALKING_BRIDGES_S - 1e-9:
                talking[first:last] = True
        return talking

    def at(self, mask: Array, times_s: Array) -> Array:
        """Values of a (T,) array at times in seconds."""
        return mask[np.clip((np.asarray(times_s) * self.fps).astype(int), 0, len(mask) - 1)]

    @cached_property
    def averted(self) -> Array:
        """(T,) 1 averted, 0 on the partner, with 1 deg hysteresis around 8 deg."""
        state = np.where(
            self.eccentricity_deg > AVERTED_DEG,
            1,
            np.where(self.eccentricity_deg < AVERTED_DEG - HYSTERESIS_DEG, 0, -1),
        )
        known = np.where(state >= 0, np.arange(len(state)), -1)
        known = np.maximum.accumulate(known)
        return np.where(known >= 0, state[np.maximum(known, 0)], 1).astype(int)

    @cached_property
    def bouts(self) -> Bouts:
        """Bouts on the partner and averted, cut by gaps in the gaze and by the file's ends."""
        rows: list[list[float]] = []
        seen = runs(self.gaze_seen)
        for k, (first, last) in enumerate(seen):
            inside = self.averted[first:last]
            edges = np.concatenate([[0], np.flatnonzero(np.diff(inside)) + 1, [len(inside)]])
            for a, b in itertools.pairwise(edges):
                joins = a == 0 and k > 0 and (first - seen[k - 1][1]) / self.fps < BRIDGED_S and bool(rows)
                if joins and rows[-1][3] == inside[a]:
                    rows[-1][1], rows[-1][2] = (first + b) / self.fps - rows[-1][0], b < len(inside)
                    continue
                if joins:
                    rows[-1][2] = True
                rows.append([(first + a) / self.fps, (b - a) / self.fps, b < len(inside), inside[a]])
        table = np.array(rows, float).reshape(len(rows), 4)
        return Bouts(table[:, 0], table[:, 1], table[:, 2] > 0, table[:, 3] > 0)

    @cached_property
    def lid_shown(self) -> Array | None:
        """(T,) closure for "the lid follows the gaze": ``lids_raw`` of a fit, else `rig.lid_closure`."""
        if self.motion.lids_raw is not None:
            return self.motion.lids_raw.astype(float).mean(axis=1)
        if self.motion.lids is None or self.motion.eyes_rad is None:
            return None
        return rig.lid_closure(self.motion).astype(float).mean(axis=1)


def density_mode_deg(gaze_deg: Array, sigma_deg: float = 1.0, weights: Array | None = None) -> tuple[float, float]:
    """Mode of the smoothed density of gaze directions (T, 2), each once or ``weights`` (T,) times, on a .5 deg grid."""
    if len(gaze_deg) == 0:
        return 0.0, 0.0
    edges = np.arange(-60, 60.25, 0.5)
    clipped = np.clip(gaze_deg, -59.9, 59.9)
    bins: Any = [edges, edges]
    density = np.histogram2d(clipped[:, 0], clipped[:, 1], bins=bins, weights=weights)[0]
    kernel = np.exp(-0.5 * (np.arange(-8, 9) * 0.5 / sigma_deg) ** 2)
    for axis in (0, 1):
        density = np.apply_along_axis(lambda line: np.convolve(line, kernel, "same"), axis, density)
    i, j = np.unravel_index(int(np.argmax(density)), density.shape)
    return float(edges[i] + 0.25), float(edges[j] + 0.25)
