"""Clips as sequences for the learned generator: gaze shifts, head pose, speech and character, 50 samples a second."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.events import window_frames
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.recording import Recording
from talkingeyes.generate.learned_speech import NO_SPEECH, speech_features
from talkingeyes.models.gaze_head_transformer import FLOOR, SIDE, SOURCES, STYLES

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.motion import Motion

Array = NDArray[Any]

RATE_HZ = 50
GAZE_STYLES = len(STYLES) - 1
"""The last style is the head's."""
MERGE_DEG = 1.2
"""Neighbouring fixations of an eye tracker closer than this are one: its noise (about 1 deg) splits them."""
PLATEAU_DEG = 0.02
"""A rendered fixation moves less than this between frames."""
VELOCITY_LAG_S = 0.2
LONG_CLIP_S = 4.0
AVERTED_DEG = 8.0
READ_TO_CAMERA = ("news", "grid", "grid_s1")
"""Origins whose people read to a camera: their gaze teaches nothing. Everybody else's may go where it likes."""


SOUND_LATE_S = {"portrait": 0.1, "interview": 0.1, "address": 0.04}
"""By how much the sound of an origin lags its pictures: its jaws lead loudness by so much more than the 20 ms of the
others (pooled cross-correlation, docs/log.md)."""


@dataclass(frozen=True, eq=False)
class ClipRows:
    """One clip at `RATE_HZ`; N samples.

    Attributes:
        key: of the clip.
        group: who it shows.
        origin: its data set.
        source: index into `SOURCES`.
        onset: (N,) a gaze shift starts here.
        target_deg: (N, 2) where the gaze is, or is heading, relative to the partner.
        gaze_known: (N,).
        head_deg: (N, 3) yaw, pitch, roll around the clip's mean.
        head_known: (N,).
        speech: (N, 6) features, see `learned_speech`.
        hears: there is sound.
        floor: (N,) index into `FLOOR`.
        style: (len(STYLES),) raw character, NaN where unknown.
    """

    key: str
    group: str
    origin: str
    source: int
    onset: NDArray[np.bool_]
    target_deg: Array
    gaze_known: NDArray[np.bool_]
    head_deg: Array
    head_known: NDArray[np.bool_]
    speech: Array
    hears: bool
    floor: NDArray[np.int64]
    style: Array

    def __len__(self) -> int:
        return len(self.onset)


def sequence_of(key: str, group: str, origin: str, role: str, motion: Motion, speech: Speech | None) -> ClipRows:
    """One clip of a data set as a sequence.

    Args:
        key: its key.
        group: who it shows, as the split knows.
        origin: its data set.
        role: speaking, listening or dialogue.
        motion: as fitted, or as an eye tracker saw it.
        speech: the sound, or None.
    """
    count = int(motion.num_frames / motion.fps * RATE_HZ)
    frame = np.minimum((np.arange(count) / RATE_HZ * motion.fps).astype(int), motion.num_frames - 1)
    tracked = motion.head_rad is None
    shifts = tracked_shifts(motion) if tracked else video_shifts(key, motion, speech)
    onset, target, known = _on_grid(shifts, count, frame, motion.fps)
    if not tracked and origin in READ_TO_CAMERA:
        known[:] = False
    head, head_known = _head(motion, frame, count)
    floor = np.full(count, FLOOR.index({"speaking": "speaking", "listening": "silent"}.get(role, "unknown")))
    features = np.tile(NO_SPEECH, (count, 1))
    if speech is not None:
        late = round(SOUND_LATE_S.get(origin, 0.0) * RATE_HZ)
        heard, speaks = speech_features(speech, count + late)
        features, speaks = heard[late:], speaks[late:]
        floor = np.where(speaks, FLOOR.index("speaking"), FLOOR.index("silent"))
    activity = head_activity(head, head_known) if head_known.any() else np.nan
    return ClipRows(
        key, group, origin, SOURCES.index("tracked" if tracked else "video"), onset, target, known, head, head_known,
        features.astype(np.float32), speech is not None, floor, np.array([np.nan] * GAZE_STYLES + [activity]),
    )  # fmt: skip


@dataclass(frozen=True)
class Shifts:
    """Gaze shifts of a clip: (S,) onsets in seconds, (S + 1, 2) places before, between and after, (F,) frames seen."""

    onset_s: Array
    place_deg: Array
    seen: NDArray[np.bool_]


def tracked_shifts(motion: Motion) -> Shifts:
    """Shifts between the fixations of an eye tracker (rendered as plateaus), noise merged, relative to the partner."""
    assert motion.gaze_rad is not None and motion.filled is not None
    partner = motion.meta["partner"]
    gaze = np.degrees(motion.gaze_rad) - [partner["yaw_deg"], partner["pitch_deg"]]
    seen = ~motion.filled[:, 0]
    moving = np.append(np.hypot(*np.diff(gaze, axis=0).T) > PLATEAU_DEG, False)
    still = ~(moving | np.concatenate([[False], moving[:-1]])) & seen
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    places, starts, ends = [], [], []
    for first, last in edges.reshape(-1, 2):
        here = gaze[first]
        close = bool(places) and np.hypot(*(here - places[-1])) < MERGE_DEG
        if close and seen[ends[-1] : first].all():
            old, new = ends[-1] - starts[-1], last - first
            places[-1], ends[-1] = (places[-1] * old + here * new) / (old + new), last
            continue
        places.append(here)
        starts.append(first)
        ends.append(last)
    if not places:
        return Shifts(np.zeros(0), np.zeros((1, 2)), np.zeros(len(seen), bool))
    # The saccade lies between two plateaus; its first moving frame is the one after the last still one.
    onset = (np.array(ends[:-1], float) - 0.5) / motion.fps
    return Shifts(onset, np.array(places), seen)


def video_shifts(key: str, motion: Motion, speech: Speech | None) -> Shifts:
    """Shifts of a fitted video: the scorecard's own steps, with the median gaze between them."""
    seen_as = Observation(Recording(motion, key, speech, "speaking", key))
    steps = seen_as.steps
    gaze, seen = seen_as.relative_deg, seen_as.gaze_seen
    if not seen.any():
        return Shifts(np.zeros(0), np.zeros((1, 2)), seen)
    bounds = np.concatenate([[0], np.round(steps.time_s * motion.fps).astype(int), [len(gaze)]])
    places = []
    for first, last in itertools.pairwise(bounds):
        part = gaze[first:last][seen[first:last]]
        places.append(np.median(part, axis=0) if len(part) else (places[-1] if places else gaze[seen][0]))
    return Shifts(np.maximum(steps.time_s - 0.02, 0.0), np.array(places), seen)


def _on_grid(shifts: Shifts, count: int, frame: Array, fps: float) -> tuple[Array, Array, NDArray[np.bool_]]:
    onset = np.zeros(count, bool)
    at = np.clip((shifts.onset_s * RATE_HZ).astype(int), 0, count - 1)
    onset[at] = True
    place = np.searchsorted(at, np.arange(count), side="right")
    return onset, shifts.place_deg[place], shifts.seen[frame]


def _head(motion: Motion, frame: Array, count: int) -> tuple[Array, NDArray[np.bool_]]:
    if motion.head_rad is None:
        return np.zeros((count, 3)), np.zeros(count, bool)
    times = np.arange(count) / RATE_HZ * motion.fps
    pose = np.degrees(np.asarray(motion.head_rad, float))
    index = np.arange(len(pose))
    head = np.stack([np.interp(times, index, pose[:, k]) for k in range(3)], axis=1)
    seen = np.ones(len(pose), bool) if motion.filled is None else ~motion.filled[:, 0]
    known = seen[frame]
    centre = head[known].mean(axis=0) if known.any() else np.zeros(3)
    return head - centre, known


def head_activity(head_deg: Array, known: Array) -> float:
    """Log of the root mean square speed over 0.2 s, deg/s."""
    lag = window_frames(VELOCITY_LAG_S, RATE_HZ)
    both = known[lag:] & known[:-lag]
    if both.sum() < 10:
        return float("nan")
    speed = (head_deg[lag:] - head_deg[:-lag])[both] / VELOCITY_LAG_S
    return float(0.5 * np.log((speed**2).sum(axis=1).mean() + 0.25))


def gaze_style(sequences: Sequence[ClipRows]) -> tuple[float, ...]:
    """One tracked person while speaking (else overall), the first `GAZE_STYLES` of `STYLES`.

    Log of the shifts per second, log odds of averted gaze, log of the standard deviations of yaw and pitch in degrees,
    mean yaw and pitch in degrees: to which side of the partner somebody looks, and how high.
    """
    speaking = [s for s in sequences if (s.floor == FLOOR.index("speaking")).any()] or list(sequences)
    known = np.concatenate([s.gaze_known for s in speaking])
    onset = np.concatenate([s.onset for s in speaking])
    target = np.concatenate([s.target_deg for s in speaking])
    share = float(np.clip((np.hypot(*target[known].T) > AVERTED_DEG).mean(), 0.02, 0.98))
    rate = max(float(onset[known].mean()) * RATE_HZ, 0.05)
    spread = np.log(target[known].std(axis=0) + 0.5)
    side, level = target[known].mean(axis=0)
    odds = float(np.log(share / (1 - share)))
    return float(np.log(rate)), odds, float(spread[0]), float(spread[1]), float(side), float(level)


@dataclass(frozen=True)
class StyleScale:
    """Mean and standard deviation of the raw styles over people; what the generator draws characters from."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]

    def standard(self, raw: Array) -> tuple[Array, Array]:
        """Standardised values, 0 where unknown, and which are known (1.0)."""
        known = ~np.isnan(raw)
        return np.where(known, (raw - self.mean) / self.sd, 0.0).clip(-3, 3), known.astype(float)


def styled(sequences: Sequence[ClipRows]) -> tuple[list[ClipRows], StyleScale]:
    """Sequences with each tracked person's gaze style, and the scale over people and over long clips."""
    people: dict[str, list[ClipRows]] = {}
    for s in sequences:
        if SOURCES[s.source] == "tracked":
            people.setdefault(s.group, []).append(s)
    styles = {group: gaze_style(own) for group, own in people.items()}
    out = []
    for s in sequences:
        style = s.style.copy()
        if s.group in styles and SOURCES[s.source] == "tracked":
            style[:GAZE_STYLES] = styles[s.group]
        out.append(_with_style(s, style))
    rows = [np.array([[*style, np.nan] for style in styles.values()]).reshape(-1, len(STYLES))]
    rows += [s.style[None] for s in out if len(s) >= LONG_CLIP_S * RATE_HZ and not np.isnan(s.style[-1])]
    table = np.concatenate(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a set without an eye tracker knows nothing of gaze styles
        mean, sd = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
    mean[SIDE], sd[SIDE] = 0.0, np.hypot(mean[SIDE], sd[SIDE])  # left and right change places in half of the training
    mean, sd = np.nan_to_num(mean), np.where(np.nan_to_num(sd) > 1e-3, sd, 1.0)
    return out, StyleScale(tuple(mean.tolist()), tuple(sd.tolist()))


def _with_style(s: ClipRows, style: Array) -> ClipRows:
    fields = {name: getattr(s, name) for name in s.__dataclass_fields__}
    return ClipRows(**{**fields, "style": style})
