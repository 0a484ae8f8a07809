"""What an observer may notice in a few seconds of head, head with loudness, eyes with head, lids, mouth."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.courses import FACE, RATE_HZ

Array = NDArray[Any]

AXES = ("yaw", "pitch", "roll")
STILL_DEG_S = 1.0
BANDS_HZ = ((0.2, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 6.5))
"""Above lies the noise of fits, which no generator need imitate."""
LAGS_S = (0.12, 0.24, 0.48, 0.96)
VOICE_LAGS_S = (-0.4, -0.2, 0.0, 0.2, 0.4, 0.8)


def head_features(window: Mapping[str, Array]) -> dict[str, float]:
    """Extent, speed and rest, axes that go together, spectrum, smoothness."""
    head = window["head"]
    velocity = np.gradient(head, axis=0) * RATE_HZ
    speed = np.linalg.norm(velocity, axis=1)
    quantiles = np.percentile(speed, (10, 50, 90, 99))
    return {
        **{f"{a}, SD": float(v) for a, v in zip(AXES, head.std(0), strict=True)},
        **{f"{a}, range": float(v) for a, v in zip(AXES, np.ptp(head, axis=0), strict=True)},
        **{f"speed, {q}th percentile": float(v) for q, v in zip((10, 50, 90, 99), quantiles, strict=True)},
        "speed, 90th over 50th percentile": float(quantiles[2] / max(quantiles[1], 1e-6)),
        "share of time still": float(np.mean(speed < STILL_DEG_S)),
        "longest hold below 3 deg/s": _longest(speed < 3) / RATE_HZ,
        **axis_features(head, velocity),
        **spectral_features(head),
        **smoothness_features(velocity),
    }


def axis_features(head: Array, velocity: Array) -> dict[str, float]:
    """How the axes go together."""
    values = np.linalg.eigvalsh(velocity.T @ velocity)
    out = {"share of the first axis": float(values[-1] / max(values.sum(), 1e-9))}
    for i, j in itertools.combinations(range(3), 2):
        r = correlation(velocity[:, i], velocity[:, j])
        out[f"{AXES[i]} and {AXES[j]} velocity"] = r
        out[f"{AXES[i]} and {AXES[j]} velocity, either sign"] = abs(r)
        out[f"{AXES[i]} and {AXES[j]} together"] = correlation(head[:, i], head[:, j])
    power = (velocity**2).mean(0)
    for a, v in zip(AXES, power / max(power.sum(), 1e-9), strict=True):
        out[f"share of {a} in the motion"] = float(v)
    return out


def spectral_features(head: Array) -> dict[str, float]:
    """Share of power by band, all axes."""
    ramp = np.linspace(-1, 1, len(head))
    level = head - head.mean(0)
    level = level - np.outer(ramp, ramp @ level / (ramp @ ramp))
    power = np.sum(np.abs(np.fft.rfft(level * np.hanning(len(head))[:, None], axis=0)) ** 2, axis=1)
    hertz = np.fft.rfftfreq(len(head), 1 / RATE_HZ)
    total = max(float(power[1:].sum()), 1e-9)
    out = {}
    for low, high in BANDS_HZ:
        share = float(power[(hertz >= low) & (hertz < high)].sum()) / total
        out[f"log power, {low:g}-{high:g} Hz"] = float(np.log10(share + 1e-7))
    return out


def smoothness_features(velocity: Array) -> dict[str, float]:
    """Likeness of velocity to itself, acceleration, reversals, tails."""
    power = float(np.sum(velocity**2)) + 1e-9
    speed = np.linalg.norm(velocity, axis=1)
    change = np.diff(velocity, axis=0) * RATE_HZ
    out = {f"velocity's likeness, {s:g} s": float(np.sum(velocity[k:] * velocity[:-k])) / power
           for s in LAGS_S if (k := round(s * RATE_HZ)) < len(velocity)}  # fmt: skip
    out["acceleration over velocity"] = float(np.sqrt((change**2).mean() / max((velocity**2).mean(), 1e-9)))
    out["peak over mean speed"] = float(speed.max() / max(speed.mean(), 1e-6))
    out["variation of speed"] = float(speed.std() / max(speed.mean(), 1e-6))
    for i, a in enumerate(AXES[: velocity.shape[1]]):
        out[f"reversals of {a} per second"] = float(np.mean(np.diff(np.sign(velocity[:, i])) != 0) * RATE_HZ)
        spread = velocity[:, i] - velocity[:, i].mean()
        out[f"tails of {a} velocity"] = float((spread**4).mean() / max((spread**2).mean() ** 2, 1e-12))
    peaks = (speed[1:-1] > speed[:-2]) & (speed[1:-1] >= speed[2:]) & (speed[1:-1] > np.median(speed))
    out["peaks of speed per second"] = float(peaks.mean() * RATE_HZ)
    return out


def head_voice_features(window: Mapping[str, Array]) -> dict[str, float]:
    """The head and how it goes with the loudness of the voice."""
    head, loud = window["head"], window["loudness"][:, 0]
    velocity = np.gradient(head, axis=0) * RATE_HZ
    speed = np.linalg.norm(velocity, axis=1)
    rise = np.gradient(loud)
    out = head_features(window)
    for lag_s in VOICE_LAGS_S:
        out[f"speed and loudness, {lag_s:+g} s"] = lagged(speed, loud, round(lag_s * RATE_HZ))
        out[f"pitch velocity and rise of loudness, {lag_s:+g} s"] = lagged(velocity[:, 1], rise, round(lag_s * RATE_HZ))
    out["pitch and loudness"] = correlation(head[:, 1], loud)
    out["speed in loud over quiet"] = float(
        speed[loud > np.median(loud)].mean() / max(speed[loud <= np.median(loud)].mean(), 1e-6)
    )
    return out


def eyes_head_features(window: Mapping[str, Array]) -> dict[str, float]:
    """How gaze and head go together: shares, leads, what the eyes add."""
    head, gaze = window["head"][:, :2], window["gaze"]
    eye = gaze - head
    head_velocity, gaze_velocity = (np.gradient(v, axis=0) * RATE_HZ for v in (head, gaze))
    eye_velocity = gaze_velocity - head_velocity
    out: dict[str, float] = {}
    for i, a in enumerate(AXES[:2]):
        out[f"gaze {a}, SD"] = float(gaze[:, i].std())
        out[f"head {a}, SD"] = float(head[:, i].std())
        out[f"gaze and head {a}"] = correlation(gaze[:, i], head[:, i])
        out[f"eye and head {a}"] = correlation(eye[:, i], head[:, i])
        out[f"head's share of {a}"] = float(head[:, i].std() / max(gaze[:, i].std(), 0.2))
        for lag_s in (-0.4, -0.2, 0.0, 0.2, 0.4):
            lag = round(lag_s * RATE_HZ)
            out[f"head {a} against gaze, {lag_s:+g} s"] = lagged(head_velocity[:, i], gaze_velocity[:, i], lag)
            out[f"head {a} against eye, {lag_s:+g} s"] = lagged(head_velocity[:, i], eye_velocity[:, i], lag)
    out["eye turned, mean"] = float(np.abs(eye[:, 0] - np.median(eye[:, 0])).mean())
    return out


def mouth_features(window: Mapping[str, Array]) -> dict[str, float]:
    """Level, spread, speed and likeness of the mouth's shapes."""
    face = window["face"]
    velocity = np.gradient(face, axis=0) * RATE_HZ
    out: dict[str, float] = {}
    for i, name in enumerate(FACE):
        low, middle, high = np.percentile(face[:, i], (10, 50, 90))
        out[f"{name}, median"] = float(middle)
        out[f"{name}, span"] = float(high - low)
        out[f"{name}, speed"] = float(np.abs(velocity[:, i]).mean() / max(high - low, 0.01))
    pairs = (("jawOpen", "mouthStretchLeft"), ("mouthSmileLeft", "mouthStretchLeft"), ("jawOpen", "mouthFunnel"),
             ("mouthUpperUpLeft", "mouthLowerDownLeft"), ("jawOpen", "mouthClose"))  # fmt: skip
    for a, b in pairs:
        out[f"{a} and {b}"] = correlation(face[:, FACE.index(a)], face[:, FACE.index(b)])
    return out


def correlation(a: Array, b: Array) -> float:
    """Pearson's r; NaN where a side does not move."""
    if a.std() < 1e-6 or b.std() < 1e-6:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def lagged(a: Array, b: Array, lag: int) -> float:
    """R of ``a`` with ``b`` so many frames earlier."""
    if lag > 0:
        return correlation(a[lag:], b[:-lag])
    return correlation(a[:lag], b[-lag:]) if lag < 0 else correlation(a, b)


def _longest(flags: Array) -> float:
    edges = np.diff(np.concatenate([[0], flags.astype(int), [0]]))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return float(lengths.max()) if lengths.size else 0.0
