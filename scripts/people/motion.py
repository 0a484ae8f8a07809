"""What a rendered person does: where the head points, what the eyes look at, lids and jaw. Degrees and metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations

Array = NDArray[Any]
KINDS = ("dots", "pitch", "yaw", "nod", "shake", "talk")


@dataclass(frozen=True)
class Scene:
    """Motion of one clip, T frames.

    Attributes:
        kind: one of `KINDS`.
        head_deg: (T, 3) yaw, pitch, roll.
        place_m: (T, 3) of the head in space.
        target_m: (T, 3) what both eyes look at.
        blink: (T,) closure.
        jaw: (T,).
    """

    kind: str
    head_deg: Array
    place_m: Array
    target_m: Array
    blink: Array
    jaw: Array


def _sway(rng: np.random.Generator, frames: int, sizes: Array, fps: float = 25.0) -> Array:
    """(T, K) slow sums of three sines with about these standard deviations."""
    time_s, out = np.arange(frames) / fps, np.zeros((frames, len(sizes)))
    for axis, size in enumerate(sizes):
        for k in range(1, 4):
            rate = 2 * np.pi * rng.uniform(0.08, 0.3) * k
            out[:, axis] += rng.normal() * size / k * np.sin(rate * time_s + rng.uniform(0, 6.28))
    return out


def _looks(rng: np.random.Generator, frames: int, spread: Array, centre: Array) -> Array:
    """(T, 2) directions held 6 to 25 frames each."""
    out, start = np.zeros((frames, 2)), 0
    while start < frames:
        stop = start + int(rng.uniform(6, 25))
        out[start:stop] = centre + np.clip(rng.normal(size=2), -2, 2) * spread
        start = stop
    return out


def _dots(rng: np.random.Generator, frames: int, away_m: float) -> Array:
    """(T, 3) a grid of 4 x 4 dots on a screen below (or about) the camera, in random order, with the eyes' distance."""
    half = away_m * np.tan(np.radians([rng.uniform(11, 15), rng.uniform(7, 9.5)]))
    top = rng.choice([0.02, 0.04, half[1]]) if rng.random() < 0.8 else rng.uniform(-0.3, 0) * half[1]
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, 4), np.linspace(-1, 1, 4)), axis=-1).reshape(-1, 2)
    order = rng.permutation(16)
    hold = max(3, frames // 16)
    at = grid[order[np.minimum(np.arange(frames) // hold, 15)]] * half
    return np.c_[at[:, 0], at[:, 1] - half[1] - top, np.zeros(frames)]


def _blinks(rng: np.random.Generator, frames: int) -> Array:
    out, start = np.zeros(frames), int(rng.uniform(10, 60))
    while start < frames - 8:
        out[start : start + 6] = np.array([0.45, 1, 0.8, 0.5, 0.25, 0.08]) * rng.uniform(0.85, 1)
        start += int(rng.uniform(40, 110))
    return out


def draw_scene(rng: np.random.Generator, kind: str, frames: int, away_m: float) -> Scene:
    """A scene of one kind with the head about ``away_m`` before the camera."""
    base = rng.normal(size=3) * [4, 5, 2]
    sizes = {
        "dots": (1, 0.7, 0.5), "pitch": (2, 2, 1), "yaw": (2, 2, 1), "nod": (1.5, 7, 1), "shake": (9, 1.5, 1),
        "talk": (4, 3, 2),
    }  # fmt: skip
    head = base + _sway(rng, frames, np.array(sizes[kind]))
    place = _sway(rng, frames, np.array([0.006, 0.004, 0.006]))
    place += away_m * np.array([rng.normal() * 0.04, rng.normal() * 0.03 - 0.03, -1])
    if kind == "dots":
        target = _dots(rng, frames, away_m)
        to_dot = np.degrees(np.arctan2(target[:, :2] - place[:, :2], away_m))
        head[:, :2] += rng.uniform(0, 0.35) * (to_dot - to_dot.mean(axis=0))
    else:
        spread = {"pitch": (4, 9), "yaw": (11, 3), "nod": (4, 3), "shake": (4, 3), "talk": (8, 5)}[kind]
        looks = _looks(rng, frames, np.array(spread), np.array([0.0, rng.uniform(-6, 1)]))
        if kind in ("nod", "shake") and rng.random() < 0.5:
            looks[:] = looks[0]
        target = place + rotations.direction_from_yaw_pitch(np.radians(looks)) * away_m
    wave = 2 * np.pi * rng.uniform(0.8, 1.6) * np.arange(frames) / 25 + rng.uniform(0, 6)
    talks = kind != "dots" and rng.random() < 0.7
    jaw = np.clip(0.25 + 0.25 * np.sin(wave), 0, 0.6) * talks
    return Scene(kind, head, place, target, _blinks(rng, frames), jaw)
