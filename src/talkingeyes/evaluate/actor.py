"""A synthetic person with known couplings: the positive control, and ground truth for the tests of the detectors.

Not a generator for users: it draws from the yardstick's own figures, so that every test that can be asked must pass,
and breaking one coupling (see `controls`) must make the tests named for it fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.audio.speech import find_pauses, find_turns
from talkingeyes.evaluate.recording import Recording
from talkingeyes.generate import saccade
from talkingeyes.motion import Motion

Array = NDArray[Any]

DIRECTION_WEIGHTS = np.array([0.165, 0.074, 0.177, 0.065, 0.155, 0.078, 0.204, 0.079])
"""Left, up-left, up, ... (Eyes Alive 2002)."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What really happens in a performance.

    Attributes:
        step_time_s: (N,) middle of each saccade.
        step_deg: (N,) its amplitude in space.
        blink_onset_s: (B,) start of each blink.
    """

    step_time_s: Array
    step_deg: Array
    blink_onset_s: Array


@dataclass(frozen=True, eq=False)
class Performance:
    """A recording and its truth."""

    recording: Recording
    truth: Truth


def synthetic_speech(duration_s: float, rng: np.random.Generator) -> Speech:
    """Turns of 3 to 8 s with phrases and short pauses, silences of 1.2 to 3 s between; syllables at about 4 Hz."""
    count = round(duration_s * FEATURE_RATE_HZ)
    voice = np.zeros(count, bool)
    t = 0.5
    while t < duration_s:
        end = t + rng.uniform(3.0, 8.0)
        while t < end:
            phrase = rng.uniform(1.0, 2.5)
            voice[int(t * FEATURE_RATE_HZ) : int((t + phrase) * FEATURE_RATE_HZ)] = True
            t += phrase + rng.uniform(0.3, 0.45)
        t += rng.uniform(1.2, 3.0)
    syllable = np.cumsum(rng.uniform(2.5, 5.5, count)) / FEATURE_RATE_HZ
    slow = gaussian_smooth(rng.normal(size=count), 0.6 * FEATURE_RATE_HZ)
    loud = np.where(voice, 0.6 + 0.25 * np.sin(2 * np.pi * syllable) + 0.25 * slow / max(slow.std(), 1e-9), 0.0)
    loud = np.clip(loud, 0, 1).astype(np.float32)
    zeros = np.zeros(count, np.float32)
    return Speech(
        source_name="synthetic",
        sha256="",
        duration_s=count / FEATURE_RATE_HZ,
        loudness_db=(-60 + 45 * loud).astype(np.float32),
        loudness=loud,
        pitch_hz=np.where(voice, 120.0, 0.0).astype(np.float32),
        voice=voice,
        brightness=zeros,
        log_mel=np.zeros((count, 40), np.float32),
        peak=loud,
        turns=find_turns(voice),
        pauses=find_pauses(voice),
    )


def gaussian_smooth(values: Array, frames: float) -> Array:
    """Gaussian smoothing along the first axis, sigma in frames; edges repeated."""
    if frames < 0.1:
        return values.copy()
    reach = int(np.ceil(4 * frames))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    kernel /= kernel.sum()
    flat = values.reshape(len(values), -1)
    padded = np.pad(flat, ((reach, reach), (0, 0)), mode="edge")
    out = np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)
    return out.reshape(values.shape)


def _targets(duration_s: float, speech: Speech | None, rng: np.random.Generator) -> tuple[Array, Array]:
    """(N,) onsets and (N, 2) gaze targets in degrees: bouts on the partner and away, small steps inside them."""
    turns = np.zeros((0, 2)) if speech is None else speech.turns
    onsets, points = [0.0], [np.zeros(2)]
    t, averted = 0.4, True
    while t < duration_s:
        middle, spread = (1.2, 0.5) if averted else (2.4, 0.6)
        end = t + max(0.5, middle * np.exp(rng.normal(0, spread)))
        starts = turns[:, 0][(turns[:, 0] > t) & (turns[:, 0] < end)]
        ends = (turns[:, 1] - 1.0)[(turns[:, 1] - 1.0 > t) & (turns[:, 1] - 1.0 < end)]
        if not averted and len(starts):
            end = max(t + 0.3, starts[0] - 0.05)
        if averted and len(ends):
            end = max(t + 0.3, ends[0])
        centre = np.zeros(2)
        if averted:
            angle = (rng.choice(8, p=DIRECTION_WEIGHTS / DIRECTION_WEIGHTS.sum()) + rng.normal(0, 0.2)) * np.pi / 4
            centre = (10.5 + min(rng.exponential(5.0), 20.0)) * np.array([np.cos(angle), 0.7 * np.sin(angle)])
            centre *= max(1.0, 10.5 / np.hypot(*centre))
        while t < end:
            wobble = np.clip(rng.normal(0, 1.0 if not averted else 2.0, 2), -3, 3)
            onsets.append(t)
            points.append(centre + wobble)
            t += 0.25 + rng.exponential(0.5 if averted else 1.0)
        t, averted = max(end, onsets[-1] + 0.25), not averted
    return np.array(onsets), np.array(points)


def _gaze_track(onsets: Array, points: Array, times: Array) -> tuple[Array, Truth]:
    way = np.diff(points, axis=0)
    size_rad = np.radians(np.hypot(*way.T))
    gaze = np.broadcast_to(points[0], (len(times), 2)).copy()
    length = saccade.duration_s(size_rad)
    for i, onset in enumerate(onsets[1:]):
        a = int(np.searchsorted(times, onset))
        gaze[a:] = points[i + 1]
        b = int(np.searchsorted(times, onset + length[i]))
        done = saccade.progress((times[a:b] - onset) / length[i], size_rad[i])
        gaze[a:b] = points[i] + done[:, None] * way[i]
    return gaze, Truth(onsets[1:] + length / 2, np.degrees(size_rad), np.zeros(0))


def _head_track(onsets: Array, points: Array, times: Array, speech: Speech | None, rng: np.random.Generator) -> Array:
    """(T, 3) degrees: the head takes more of far targets, sways with loudness, nods a little."""
    fps = 1 / (times[1] - times[0])
    index = np.clip(np.searchsorted(onsets - 0.1, times, side="right") - 1, 0, len(onsets) - 1)
    size = np.hypot(*points.T)
    share = np.clip(0.03 * (size - 7), 0.0, 0.6)
    follow = gaussian_smooth((points * share[:, None])[index], 0.12 * fps)
    loud = np.zeros(len(times)) if speech is None else np.interp(times - 0.05, _feature_times(speech), speech.loudness)
    clock = np.cumsum(0.1 + 1.5 * loud) / fps
    head = np.zeros((len(times), 3))
    head[:, :2] = follow
    for axis, depth in enumerate((2.0, 2.0, 1.5)):
        for rate, share_of in ((0.45, 1.0), (0.9, 0.5), (2.6, 0.12), (3.3, 0.1)):
            head[:, axis] += depth * share_of * np.sin(2 * np.pi * (rate * clock + rng.random()))
    return head


def _feature_times(speech: Speech) -> Array:
    return (np.arange(len(speech.voice)) + 0.5) / FEATURE_RATE_HZ


def _blink_onsets(duration_s: float, truth: Truth, speech: Speech | None, rng: np.random.Generator) -> Array:
    """Log-normal intervals, more with large gaze shifts and when pauses start."""
    onsets = list(truth.step_time_s[(truth.step_deg > 15) & (rng.random(len(truth.step_deg)) < 0.45)] - 0.03)
    if speech is not None:
        starts = speech.pauses[:, 0]
        onsets += list(starts[rng.random(len(starts)) < 0.3] + rng.uniform(0.05, 0.4))
    t = 1.0
    while t < duration_s:
        t += max(0.7, 5.2 * np.exp(rng.normal(0, 0.6)))
        onsets.append(t)
    kept: list[float] = []
    for onset in sorted(onsets):
        if 0.3 < onset < duration_s - 0.8 and (not kept or onset - kept[-1] > 0.6):
            kept.append(float(onset))
    return np.array(kept)


def blink_curve(since_s: Array, peak: float, closing_s: float = 0.085, opening_s: float = 0.2) -> Array:
    """Closure of one blink: a raised-cosine close and a slower open."""
    close = 0.5 - 0.5 * np.cos(np.pi * np.clip(since_s / closing_s, 0, 1))
    hold = 0.03
    opening = 0.5 + 0.5 * np.cos(np.pi * np.clip((since_s - closing_s - hold) / opening_s, 0, 1))
    return peak * close * opening


def _lids(onsets: Array, times: Array, rng: np.random.Generator) -> NDArray[np.float32]:
    """(T, 2) closure: three blinks in five close fully."""
    lids = np.zeros(len(times))
    for onset in onsets:
        a, b = np.searchsorted(times, [onset, onset + 0.4])
        peak = 1.0 if rng.random() < 0.6 else rng.uniform(0.5, 0.85)
        lids[a:b] = np.maximum(lids[a:b], blink_curve(times[a:b] - onset, peak))
    return np.repeat(np.clip(lids, 0, 1)[:, None], 2, axis=1).astype(np.float32)


def perform(
    duration_s: float,
    fps: float,
    seed: int,
    *,
    speech: Speech | None = None,
    role: str = "speaking",
    name: str = "",
    recording_id: str = "",
) -> Performance:
    """A person for ``duration_s`` seconds.

    Args:
        duration_s: length of motion and speech.
        fps: frames per second.
        seed: another seed, another person.
        speech: the sound to couple to; `synthetic_speech` of the same seed when None.
        role: "speaking" couples to the sound; "listening" mostly looks at the partner.
        name: of the recording.
        recording_id: takes of one recording share it.
    """
    rng = np.random.default_rng(seed)
    speech = speech or synthetic_speech(duration_s, np.random.default_rng([seed, 1]))
    times = np.arange(int(duration_s * fps)) / fps
    onsets, points = _targets(duration_s, speech if role == "speaking" else None, rng)
    if role == "listening":
        points = np.where(
            (np.hypot(*points.T) > 8)[:, None] & (rng.random(len(points)) < 0.8)[:, None], points * 0.1, points
        )
    gaze, truth = _gaze_track(onsets, points, times)
    head = _head_track(onsets, points, times, speech, rng)
    blinks = _blink_onsets(duration_s, truth, speech, rng)
    motion = Motion(
        fps=fps,
        head_rad=np.radians(head).astype(np.float32),
        eyes_rad=eyes_for(np.radians(gaze), np.radians(head)),
        lids=_lids(blinks, times, rng),
        meta={"generator": "actor", "seed": seed, "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0}},
    )
    name = name or f"actor {seed}"
    recording = Recording(motion, name, speech, role, recording_id or name)
    return Performance(recording, Truth(truth.step_time_s, truth.step_deg, blinks))


def eyes_for(gaze_rad: Array, head_rad: Array) -> NDArray[np.float32]:
    """(T, 2, 2) eye rotations that put the gaze (T, 2) into space whatever the head (T, 3) does, vergence for 1 m."""
    direction = rotations.direction_from_yaw_pitch(gaze_rad)
    inside = np.einsum("tji,tj->ti", rotations.matrix_from_ypr(head_rad), direction)
    eye = rotations.yaw_pitch_from_direction(inside)
    outward = np.array([rig.vergence_rad(1.0) / 2, 0.0])
    return np.stack([eye - outward, eye + outward], axis=1).astype(np.float32)
