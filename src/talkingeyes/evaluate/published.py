"""The eye rules of five shipped systems, rebuilt from their published constants (no code of theirs).

Each is a control: a scorecard that lets them pass is broken (docs/evaluation.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import Speech
from talkingeyes.evaluate.actor import eyes_for, gaussian_smooth, perform
from talkingeyes.evaluate.recording import Recording
from talkingeyes.motion import Motion

Array = NDArray[Any]

SADTALKER_SHAPE = np.array([0.5, 0.9, 1.0, 0.9, 0.5])
SADTALKER_WAIT_FRAMES = (10, 70)
LAM_WAIT_FRAMES = (60, 120)
LAM_LENGTH_FRAMES = 7
EMOFACE_GLANCE_FRAMES = (2, 6)
UNILS_WINDOW, UNILS_ORDER = 9, 3
A2F_TABLE_S = 167.0


def sadtalker_lids(frames: int, rng: np.random.Generator) -> Array:
    """SadTalker, 25 fps: five-frame blinks after a uniform wait of 10 to 69 frames (33.7 per min, CV .39)."""
    lids = np.zeros(frames)
    at = 0
    while True:
        at += int(rng.integers(*SADTALKER_WAIT_FRAMES))
        if at + 5 > frames - 1:
            return lids
        lids[at : at + 5] = SADTALKER_SHAPE
        at += 5


def lam_lids(frames: int, rng: np.random.Generator) -> Array:
    """LAM_Audio2Expression, 30 fps: 7-frame blinks every 67 to 126 frames, one at t = 0 (18.7 per min, CV .18)."""
    lids = np.zeros(frames)
    shape = np.array([0.2, 0.9, 0.95, 0.8, 0.3, 0.15, 0.03])
    at = 0
    while at < frames - LAM_LENGTH_FRAMES:
        lids[at : at + LAM_LENGTH_FRAMES] = shape * rng.uniform(0.8, 1.0)
        at += LAM_LENGTH_FRAMES + int(rng.integers(*LAM_WAIT_FRAMES))
    return lids


def without_sideways(motion: Motion) -> Motion:
    """LAM averages left and right coefficients: In and Out cancel, no sideways gaze remains."""
    assert motion.eyes_rad is not None
    eyes = motion.eyes_rad.copy()
    eyes[:, :, 0] = 0.0
    return motion.replace(eyes_rad=eyes)


def emoface_gaze(frames: int, rng: np.random.Generator) -> Array:
    """EmoFace at 60 fps: straight ahead, glances of at most 83 ms that snap back; (T, 2) degrees."""
    gaze = np.zeros((frames, 2))
    at = 30
    while at < frames - 10:
        length = int(rng.integers(*EMOFACE_GLANCE_FRAMES))
        angle = rng.uniform(0, 2 * np.pi)
        gaze[at : at + length] = rng.uniform(10, 20) * np.array([np.cos(angle), 0.6 * np.sin(angle)])
        at += length + int(rng.uniform(1.0, 4.0) * 60)
    return gaze


def savitzky_golay(values: Array, window: int = UNILS_WINDOW, order: int = UNILS_ORDER) -> Array:
    """Local polynomial smoothing along the first axis (Savitzky & Golay 1964); edges repeated."""
    half = window // 2
    basis = np.vander(np.arange(-half, half + 1), order + 1, increasing=True)
    kernel = np.linalg.pinv(basis)[0]
    flat = values.reshape(len(values), -1)
    padded = np.pad(flat, ((half, half), (0, 0)), mode="edge")
    out = np.stack([np.convolve(column, kernel[::-1], "valid") for column in padded.T], axis=1)
    return out.reshape(values.shape)


def _two(lids: Array) -> NDArray[np.float32]:
    return np.repeat(np.clip(lids, 0, 1)[:, None], 2, axis=1).astype(np.float32)


def sadtalker(seconds: float, seeds: Sequence[int]) -> list[Recording]:
    """People whose lids follow SadTalker's rule."""
    out = []
    for seed in seeds:
        r = perform(seconds, 25.0, seed).recording
        lids = sadtalker_lids(r.motion.num_frames, np.random.default_rng([seed, 2]))
        out.append(replace(r, motion=r.motion.replace(lids=_two(lids))))
    return out


def lam(seconds: float, seeds: Sequence[int]) -> list[Recording]:
    """People with LAM's lids and its averaged gaze."""
    out = []
    for seed in seeds:
        r = perform(seconds, 30.0, seed).recording
        lids = lam_lids(r.motion.num_frames, np.random.default_rng([seed, 3]))
        out.append(replace(r, motion=without_sideways(r.motion).replace(lids=_two(lids))))
    return out


def emoface(seconds: float, seeds: Sequence[int]) -> list[Recording]:
    """People whose gaze follows EmoFace's glances."""
    out = []
    for seed in seeds:
        r = perform(seconds, 60.0, seed).recording
        assert r.motion.head_rad is not None
        gaze = emoface_gaze(r.motion.num_frames, np.random.default_rng([seed, 4]))
        out.append(replace(r, motion=r.motion.replace(eyes_rad=eyes_for(np.radians(gaze), r.motion.head_rad))))
    return out


def unils(seconds: float, seeds: Sequence[int]) -> list[Recording]:
    """People whose head and eyes went through UniLS's Savitzky-Golay filter (9, 3) at 25 fps."""
    out = []
    for seed in seeds:
        r = perform(seconds, 25.0, seed).recording
        assert r.motion.head_rad is not None and r.motion.eyes_rad is not None
        smooth = {
            "head_rad": savitzky_golay(r.motion.head_rad.astype(float)),
            "eyes_rad": savitzky_golay(r.motion.eyes_rad.astype(float)),
        }
        out.append(replace(r, motion=r.motion.replace(**smooth)))
    return out


def audio2face(speech: Speech, takes: int, seed: int) -> list[Recording]:
    """Audio2Face-3D: every take replays the same 167 s table of saccades, no head."""
    table = perform(A2F_TABLE_S, 30.0, seed).recording.motion.eyes_rad
    assert table is not None
    frames = int(speech.duration_s * 30)
    eyes = table[np.arange(frames) % len(table)]
    partner = {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0}
    motion = Motion(fps=30.0, eyes_rad=eyes, meta={"partner": partner})
    return [Recording(motion, f"take {i + 1}", speech, recording_id="one table") for i in range(takes)]


def smoothed(recording: Recording, sigma_s: float) -> Recording:
    """The same gaze, Gaussian-smoothed."""
    m = recording.motion
    frames = sigma_s * m.fps
    if m.eyes_rad is None:
        assert m.gaze_rad is not None
        return replace(recording, motion=m.replace(gaze_rad=gaussian_smooth(m.gaze_rad.astype(float), frames)))
    gaze = gaussian_smooth(m.gaze_in_space_rad(), frames)
    head = np.zeros((m.num_frames, 3)) if m.head_rad is None else m.head_rad
    return replace(recording, motion=m.replace(eyes_rad=eyes_for(gaze, head)))
