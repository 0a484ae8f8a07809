"""A plain mouth and brows from loudness, brightness and pitch of the voice, until the face generator exists."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import Cues
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[np.float64]

_SIDED = ("mouthStretch", "mouthLowerDown", "mouthUpperUp", "mouthPress", "mouthSmile", "browOuterUp")
_USED = {"jawOpen", "mouthFunnel", "mouthPucker", "browInnerUp", *(n + s for n in _SIDED for s in ("Left", "Right"))}
PLAIN_FACE_NAMES: tuple[str, ...] = tuple(n for n in FACE_NAMES if n in _USED)
_COLUMN = {name: i for i, name in enumerate(PLAIN_FACE_NAMES)}

OPEN_LEAD_S = 0.04
"""The jaw opens a little before the sound."""


@dataclass
class FaceState:
    """What mouth and brows remember between steps."""

    smile: float
    lift: float
    brightness: float = 0.5
    brow: float = 0.0
    brow_goal: float = 0.0
    brow_until_s: float = 0.0
    jaw: Floats = field(default_factory=lambda: np.zeros(2))


class FaceProcess:
    """Steps of the face."""

    names = PLAIN_FACE_NAMES

    def start(self, rng: np.random.Generator) -> FaceState:
        """A fresh state; the take's own trace of a smile and lift of the brows."""
        return FaceState(smile=float(rng.uniform(0.03, 0.12)), lift=float(rng.uniform(0.5, 1.0)))

    def step(self, cues: Cues, state: FaceState, index: int, rng: np.random.Generator) -> Floats:
        """(STEP_FRAMES, K) coefficients of step ``index``; a listener's mouth rests."""
        first = index * STEP_FRAMES
        frames = np.minimum(first + np.arange(STEP_FRAMES), len(cues) - 1)
        mouth = np.zeros((STEP_FRAMES, 2))
        bright = np.full(STEP_FRAMES, 0.5)
        if cues.role == "speaking":
            ahead = np.minimum(frames + round(OPEN_LEAD_S * PLAN_RATE_HZ), len(cues) - 1)
            for i, frame in enumerate(ahead):
                mouth[i] = self._jaw(state, float(cues.opening[frame]))
                state.brightness += (float(cues.brightness[frame]) - state.brightness) * 0.25
                bright[i] = state.brightness
        brow = self._brow(cues, state, frames, rng)
        return self._coefficients(mouth[:, 0], bright, brow, state)

    @staticmethod
    def _jaw(state: FaceState, opening: float) -> Floats:
        """Two one-pole filters in a row: opens within a syllable and never steps."""
        goal = max(0.0, opening - 0.04)
        for k in (0, 1):
            state.jaw[k] += (goal - state.jaw[k]) * 0.6
            goal = state.jaw[k]
        return state.jaw[::-1].copy()

    @staticmethod
    def _brow(cues: Cues, state: FaceState, frames: NDArray[np.int64], rng: np.random.Generator) -> Floats:
        """Brows rise for a moment with some accents of high pitch."""
        out = np.empty(len(frames))
        for i, frame in enumerate(frames):
            now_s = float(frame) / PLAN_RATE_HZ
            if cues.accent[frame] > 0.2 and now_s > state.brow_until_s + 0.6:
                high = float(np.clip(cues.pitch[frame] / 5, 0, 1))
                if rng.random() < 0.12 + 0.5 * high:
                    state.brow_goal = float(rng.uniform(0.15, 0.35)) * (0.6 + high)
                    state.brow_until_s = now_s + float(rng.uniform(0.2, 0.6))
            goal = state.brow_goal if now_s < state.brow_until_s else 0.0
            state.brow += (goal - state.brow) * (0.16 if goal > state.brow else 0.06)
            out[i] = state.brow
        return out

    @staticmethod
    def _coefficients(jaw: Floats, bright: Floats, brow: Floats, state: FaceState) -> Floats:
        out = np.zeros((len(jaw), len(PLAIN_FACE_NAMES)))
        dark, light = np.clip(0.6 - bright, 0, 0.6) / 0.6, np.clip(bright - 0.5, 0, 0.5) / 0.5
        table = {
            "jawOpen": 0.5 * jaw * (1 - 0.35 * light),
            "mouthFunnel": 0.35 * jaw * dark,
            "mouthPucker": 0.30 * np.sqrt(jaw) * dark,
            "mouthStretch": 0.22 * np.sqrt(jaw) * light,
            "mouthLowerDown": 0.35 * jaw * (0.5 + 0.5 * light),
            "mouthUpperUp": 0.18 * jaw * (0.4 + 0.6 * light),
            "mouthPress": 0.06 * (1 - np.clip(jaw * 6, 0, 1)),
            "mouthSmile": state.smile + 0.08 * jaw * light,
            "browInnerUp": state.lift * brow,
            "browOuterUp": 0.6 * state.lift * brow,
        }
        for name, values in table.items():
            for full in (name, f"{name}Left", f"{name}Right"):
                if full in _COLUMN:
                    out[:, _COLUMN[full]] = values
        return np.clip(out, 0.0, 1.0)
