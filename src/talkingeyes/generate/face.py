"""The generated face: the voice's own lips, and around them what is a take's own: a trace of a smile, brows."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.lips import LIP_NAMES, SHAPE_NAMES
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Stepping
from talkingeyes.lanes import Lane, alone, by_shape
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

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._amounts, self._wide = amounts, max(0.0, amounts.lid_openness - 1.0)

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> FaceState:
        """A fresh state with the person's own style."""
        smile, lift, lopsided = person.uniform(0.03, 0.12), person.uniform(0.5, 1.0), person.uniform(-1, 1)
        return FaceState(float(smile), float(lopsided), float(lift), next_response_s=float(rng.uniform(2.0, 8.0)))

    def step(self, cues: Cues, state: FaceState, index: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """(frames of a step, K) float32 coefficients of step ``index``; a listener's mouth rests."""
        return alone(self.stepping(cues, state, index, rng))

    def stepping(self, cues: Cues, state: FaceState, index: int, rng: np.random.Generator) -> Lane[NDArray[np.float32]]:
        """The same as a lane."""
        first, brow = index * self._stepping.frames - cues.origin, []
        rows = [min(max(first + i, 0), len(cues) - 1) for i in range(self._stepping.frames)]
        raise_now = self._accents if cues.role == "speaking" else self._responds
        for row in rows:
            now_s = (cues.origin + row) / PLAN_RATE_HZ
            raise_now(cues, state, row, now_s, rng)
            brow.append(self._brow(state, now_s) * self._amounts.brow)
        return (yield FACES((self._shapes(cues, rows), self._smile(state), state.lopsided, brow, state.lift, self._wide,
                             self.names)))  # fmt: skip

    def redo_mouth(self, cues: Cues, state: FaceState, first: int, face: NDArray[np.float32]) -> None:
        """The mouth from frame ``first`` on is made anew in ``face`` (n, K), the rows from there on."""
        rows = cues.rows(first + np.arange(len(face))).tolist()
        mouth = _mouths(self._shapes(cues, rows)[None], np.array([self._smile(state)]), np.array([state.lopsided]))[0]
        columns = [self.names.index(GENERATED_NAMES[i]) for i in _LIP_COLUMNS]
        face[:, columns] = np.clip(mouth, 0.0, 1.0)

    @staticmethod
    def _shapes(cues: Cues, rows: list[int]) -> Floats:
        """(n, len(SHAPE_NAMES)) of these rows."""
        return _REST[[0] * len(rows)] if cues.lips is None else cues.lips[rows]

    def _smile(self, state: FaceState) -> float:
        return min(1.0, state.smile + self._amounts.smile)

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


def _mouths(shapes: Floats, smile: Floats, lopsided: Floats) -> Floats:
    """(L, n, len(SHAPE_NAMES)) mouths without sides, smiles and styles of L faces -> (L, n, len(LIP_NAMES))."""
    # The smile gives way where the lips round or close: it must not fight the sound.
    shapes[:, :, _SMILE] += smile[:, None] * shapes[:, :, _FREE]
    return shapes[:, :, _SHAPE_OF] * (1 + 0.12 * _LIP_SIDES * lopsided[:, None])[:, None]


def _faces_of(items: list[Any]) -> list[NDArray[np.float32]]:
    """(n, K) coefficients of each face."""
    *parts, all_names = zip(*items, strict=True)
    shapes, smile, lopsided, brow, lift, wide = map(np.array, parts)
    face = np.zeros((*shapes.shape[:2], len(GENERATED_NAMES)))
    face[:, :, _LIP_COLUMNS] = _mouths(shapes, smile, lopsided)
    face[:, :, _BROW_COLUMNS] = brow[:, :, None] * (_BROW_SHARES * lift[:, None])[:, None]
    face = np.minimum(np.maximum(face, 0.0), 1.0).astype(np.float32)
    if len(names := all_names[0]) == len(GENERATED_NAMES):
        return list(face)
    out = np.empty((*face.shape[:2], len(names)), np.float32)  # eyes that are opened wider than at rest
    out[:] = wide[:, None, None]
    out[:, :, _own_columns(names)] = face
    return list(out)


@functools.lru_cache(maxsize=8)
def _own_columns(names: tuple[str, ...]) -> NDArray[np.intp]:
    return np.array([i for i, name in enumerate(names) if name not in WIDE_NAMES])


FACES = by_shape(8, _faces_of, lambda item: (len(item[0]), item[-1]))
