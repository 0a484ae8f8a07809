"""The generated face: the voice's own lips, and around them what is a take's own: a trace of a smile, brows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.lips import LIP_NAMES, SHAPE_NAMES
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Stepping
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[np.float64]

_BROWS = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight")
GENERATED_NAMES: tuple[str, ...] = tuple(n for n in FACE_NAMES if n in {*LIP_NAMES, *_BROWS})
"""ARKit coefficients of a generated face, in Apple's order."""
WIDE_NAMES = ("eyeWideLeft", "eyeWideRight")
"""Further ones where the lids are asked to open wider than they rest."""
_COLUMN = {name: i for i, name in enumerate(GENERATED_NAMES)}
_BROW_COLUMNS, _BROW_SHARES = [_COLUMN[name] for name in _BROWS], np.array([1.0, 0.6, 0.6])
_BARE = {name: name.removesuffix("Left").removesuffix("Right") for name in LIP_NAMES}
_SMILE, _FREE = SHAPE_NAMES.index("mouthSmile"), SHAPE_NAMES.index("free")
_REST = np.array([[1.0 if name == "free" else 0.0 for name in SHAPE_NAMES]])
_SHAPE_OF = np.array([SHAPE_NAMES.index(bare) for bare in _BARE.values()])
_LIP_COLUMNS = np.array([_COLUMN[name] for name in _BARE])
_LIP_SIDES = np.array([{"Left": 1.0, "Right": -1.0}.get(n.removeprefix(bare), 0.0) for n, bare in _BARE.items()])


@dataclass
class FaceState:
    """What the face remembers between steps, and the take's own style.

    Attributes:
        smile: a trace of a smile at rest.
        lopsided: -1..1, the side on which mouth shapes are a little larger.
        lift: how much of a brow's rise the inner brows take.
    """

    smile: float
    lopsided: float
    lift: float
    brow: float = 0.0
    brow_goal: float = 0.0
    brow_until_s: float = 0.0
    next_response_s: float = 0.0


class FaceProcess:
    """Steps of the face."""

    def __init__(
        self, amounts: Amounts | None = None, stepping: Stepping = WHOLE_FILE, *, all_names: bool = False
    ) -> None:
        self._stepping = stepping
        self.set_amounts(amounts or Amounts())
        has_wide = all_names or self._wide > 0
        self.names = tuple(n for n in FACE_NAMES if n in GENERATED_NAMES or (has_wide and n in WIDE_NAMES))
        self._own = np.array([i for i, n in enumerate(self.names) if n not in WIDE_NAMES])

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._amounts, self._wide = amounts, max(0.0, amounts.lid_openness - 1.0)

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> FaceState:
        """A fresh state with the person's own style."""
        smile, lift, lopsided = person.uniform(0.03, 0.12), person.uniform(0.5, 1.0), person.uniform(-1, 1)
        return FaceState(float(smile), float(lopsided), float(lift), next_response_s=float(rng.uniform(2.0, 8.0)))

    def step(self, cues: Cues, state: FaceState, index: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """(frames of a step, K) float32 coefficients of step ``index``; a listener's mouth rests."""
        rows = cues.rows(self._stepping.frames_of(index))
        out = np.zeros((len(rows), len(GENERATED_NAMES)))
        self._mouth(out, cues, state, rows)
        raise_now = self._accents if cues.role == "speaking" else self._responds
        brow = np.empty(len(rows))
        for i, row in enumerate(rows.tolist()):
            now_s = (cues.origin + row) / PLAN_RATE_HZ
            raise_now(cues, state, row, now_s, rng)
            brow[i] = self._brow(state, now_s) * self._amounts.brow
        out[:, _BROW_COLUMNS] = brow[:, None] * (_BROW_SHARES * state.lift)
        return self._widened(np.minimum(np.maximum(out, 0.0), 1.0).astype(np.float32))

    def _widened(self, face: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same with eyes that are opened wider than at rest, where that is wanted."""
        if len(self.names) == len(GENERATED_NAMES):
            return face
        out = np.full((len(face), len(self.names)), self._wide, np.float32)
        out[:, self._own] = face
        return out

    def redo_mouth(self, cues: Cues, state: FaceState, first: int, face: NDArray[np.float32]) -> None:
        """The mouth from frame ``first`` on is made anew in ``face`` (n, K), the rows from there on."""
        out = np.zeros((len(face), len(GENERATED_NAMES)))
        self._mouth(out, cues, state, cues.rows(first + np.arange(len(face))))
        columns = [self.names.index(GENERATED_NAMES[i]) for i in _LIP_COLUMNS]
        face[:, columns] = np.clip(out[:, _LIP_COLUMNS], 0.0, 1.0)

    def _mouth(self, out: Floats, cues: Cues, state: FaceState, rows: NDArray[np.int64]) -> None:
        shapes = _REST[np.zeros(len(rows), int)] if cues.lips is None else cues.lips[rows]
        # The smile gives way where the lips round or close: it must not fight the sound.
        shapes[:, _SMILE] += min(1.0, state.smile + self._amounts.smile) * shapes[:, _FREE]
        out[:, _LIP_COLUMNS] = shapes[:, _SHAPE_OF] * (1 + 0.12 * _LIP_SIDES * state.lopsided)

    @staticmethod
    def _accents(cues: Cues, state: FaceState, row: int, now_s: float, rng: np.random.Generator) -> None:
        """A speaker's brows rise for a moment with some accents of high pitch."""
        if cues.accent[row] > 0.2 and now_s > state.brow_until_s + 0.6:
            high = float(np.clip(cues.pitch[row] / 5, 0, 1))
            if rng.random() < 0.12 + 0.5 * high:
                state.brow_goal = float(rng.uniform(0.15, 0.35)) * (0.6 + high)
                state.brow_until_s = now_s + float(rng.uniform(0.2, 0.6))

    @staticmethod
    def _responds(cues: Cues, state: FaceState, row: int, now_s: float, rng: np.random.Generator) -> None:
        """A listener's brows do not dance to the other's accents; now and then they answer as the other pauses."""
        if now_s > state.next_response_s and 0.1 < cues.since_pause_s[row] < 0.6:
            state.brow_goal = float(rng.uniform(0.12, 0.3))
            state.brow_until_s = now_s + float(rng.uniform(0.4, 1.0))
            state.next_response_s = now_s + float(rng.uniform(6.0, 20.0))

    @staticmethod
    def _brow(state: FaceState, now_s: float) -> float:
        """Up within a fifth of a second, down slower."""
        goal = state.brow_goal if now_s < state.brow_until_s else 0.0
        state.brow += (goal - state.brow) * (0.16 if goal > state.brow else 0.06)
        return state.brow
