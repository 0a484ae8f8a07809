"""Motion as the observer compares it: 25 frames per second, smoothed alike on both sides, cut into windows of speech.

A fit is noisy where a generator is smooth; after a Gaussian of 80 ms what is left of a fit's noise is small against
motion. Windows are compared around their own mean, because cameras differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ
from talkingeyes.evaluate.actor import gaussian_smooth
from talkingeyes.evaluate.gaze_features import Windows
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.recording import Recording

Array = NDArray[Any]

RATE_HZ = 25.0
SMOOTH_S = 0.08
LID_SMOOTH_S = 0.02
LEAST_SEEN = 0.9
LEAST_VOICE = 0.6
"""A window with less voice is not compared: the clips hold next to no silence."""
FACE = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthSmileLeft", "mouthStretchLeft", "mouthFrownLeft",
        "mouthUpperUpLeft", "mouthLowerDownLeft", "mouthPressLeft")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Course:
    """One recording at `RATE_HZ`.

    Attributes:
        group: whose it is: a clip or a take; windows of one group never lie on both sides of a division.
        channels: by name, (T, K): head and gaze in degrees, lids, face, loudness (0..1).
        seen: (T,) frames that were not filled in, by channel where it differs from all.
        voice: (T,) frames with voice; all True where there is no sound.
    """

    group: str
    channels: Mapping[str, Array]
    seen: Mapping[str, Array]
    voice: Array = field(repr=False)

    @property
    def frames(self) -> int:
        """Its length."""
        return len(self.voice)


def course_of(recording: Recording, group: str = "") -> Course:
    """Resample and smooth one recording; absent channels are absent."""
    o = Observation(recording)
    motion = recording.motion
    frames = max(1, int(motion.num_frames / motion.fps * RATE_HZ))
    at_s = np.arange(frames) / RATE_HZ
    own_s = np.arange(motion.num_frames) / motion.fps

    def sampled(values: Array, sigma_s: float) -> Array:
        smooth = gaussian_smooth(np.asarray(values, float), sigma_s * motion.fps)
        return np.stack([np.interp(at_s, own_s, column) for column in smooth.T], axis=1)

    def kept(values: Array) -> Array:
        return np.interp(at_s, own_s, values.astype(float)) > 0.99

    channels: dict[str, Array] = {}
    seen: dict[str, Array] = {}
    if motion.head_rad is not None:
        channels["head"], seen["head"] = sampled(o.head_deg, SMOOTH_S), kept(o.head_seen)
    if o.has_gaze:
        channels["gaze"], seen["gaze"] = sampled(o.gaze_deg, SMOOTH_S), np.ones(frames, bool)
    if motion.lids is not None:
        channels["lids"], seen["lids"] = sampled(motion.lids, LID_SMOOTH_S), kept(o.head_seen)
    if motion.face is not None and set(FACE) <= set(motion.face_names):
        index = [motion.face_names.index(n) for n in FACE]
        channels["face"], seen["face"] = sampled(motion.face[:, index], SMOOTH_S), kept(o.head_seen)
    voice = np.ones(frames, bool)
    if recording.speech is not None:
        rows = np.minimum((at_s * FEATURE_RATE_HZ).astype(int), len(recording.speech.voice) - 1)
        voice = np.asarray(recording.speech.voice, bool)[rows]
        smooth = gaussian_smooth(np.asarray(recording.speech.loudness, float)[:, None], SMOOTH_S * FEATURE_RATE_HZ)
        channels["loudness"] = smooth[rows]
    return Course(group or recording.name, channels, seen, voice)


Features = Callable[[Mapping[str, Array]], dict[str, float]]
Cut = Callable[[Course, int, Sequence[str]], list[Mapping[str, Array]]]
"""A course, the frames of a window, the channels that it needs -> windows."""


def course_windows(
    courses: Sequence[Course],
    window_s: float,
    needs: Sequence[str],
    features: Features,
    *,
    most: int = 8,
    rng: np.random.Generator,
    cut: Cut | None = None,
) -> Windows:
    """Windows of courses that have the channels.

    Args:
        courses: of people or of takes.
        window_s: length; windows overlap by half.
        needs: channels.
        features: what is noticed in a window's channels, each (n, K).
        most: windows of one group, drawn at random.
        rng: draws which.
        cut: where the windows lie; side by side where there is none.
    """
    length, names = round(window_s * RATE_HZ), ()
    rows, owner, kept = [], [], []
    by_group: dict[str, list[Mapping[str, Array]]] = {}
    for course in courses:
        by_group.setdefault(course.group, []).extend((cut or _cut)(course, length, needs))
    for group, windows in by_group.items():
        for i in np.sort(rng.permutation(len(windows))[:most]):
            found = features(windows[i])
            names = tuple(found)
            rows.append(list(found.values()))
            owner.append(group)
            kept.append(windows[i])
    return Windows(names, np.array(rows, float).reshape(len(rows), len(names)), np.array(owner, dtype=str), tuple(kept))


def _cut(course: Course, length: int, needs: Sequence[str]) -> list[Mapping[str, Array]]:
    if any(n not in course.channels for n in needs):
        return []
    out = []
    for first in range(0, course.frames - length + 1, length // 2):
        part = slice(first, first + length)
        if course.voice[part].mean() < LEAST_VOICE:
            continue
        if all(course.seen[n][part].mean() >= LEAST_SEEN for n in needs if n in course.seen):
            out.append({n: course.channels[n][part] for n in needs})
    return out
