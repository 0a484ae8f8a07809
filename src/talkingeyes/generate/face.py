"""The generated face: the voice's own lips, and around them what is a take's own: a trace of a smile, brows."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.feelings import BROW_NAMES, FEELINGS, brows_of, felt, lean_of
from talkingeyes.generate.lip_table import PLACES
from talkingeyes.generate.lips import LIP_NAMES, SHAPE_NAMES, SIDED_PLACES, coefficients
from talkingeyes.generate.mouth_style import ARTICULATION_SD, StyleCourse
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Stepping
from talkingeyes.lanes import Lane, alone, by_shape
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[np.float64]

_BROWS = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight")
GENERATED_NAMES: tuple[str, ...] = tuple(n for n in FACE_NAMES if n in {*LIP_NAMES, *_BROWS})
"""ARKit coefficients of a generated face, in Apple's order."""
WIDE_NAMES = ("eyeWideLeft", "eyeWideRight")
"""Further ones where the lids are asked to open wider than they rest."""
DOWN_NAMES = ("browDownLeft", "browDownRight")
"""Further ones where a feeling lowers the brows."""
_COLUMN = {name: i for i, name in enumerate(GENERATED_NAMES)}
_BROW_COLUMNS, _BROW_SHARES = [_COLUMN[name] for name in _BROWS], np.array([1.0, 0.6, 0.6])
_FREE, _TALKS = SHAPE_NAMES.index("free"), SHAPE_NAMES.index("talks")
_REST = np.array([[1.0 if name == "free" else 0.0 for name in SHAPE_NAMES]])
_SMILES = np.array([float(name.startswith("mouthSmile")) for name in LIP_NAMES])
_LIP_COLUMNS = np.array([_COLUMN[name] for name in LIP_NAMES])
_LEAST_TOUCHING, _TOUCHING_RANGE = 0.01, 0.016
"""Gap between a person's lips where they touch in speech: up to .6 mm."""
_SIDED_COLUMNS = [PLACES.index(name) for name in SIDED_PLACES]


@dataclass
class FaceState:
    """What the face remembers between steps, and the take's own style.

    Attributes:
        smile: a trace of a smile at rest.
        style: key of the mouth's own course (`mouth_style`).
        articulation: how far this person opens the mouth; 1 is usual.
        lift: how much of a brow's rise the inner brows take.
    """

    smile: float
    style: int
    articulation: float
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
        self._course: StyleCourse | None = None
        self.set_amounts(amounts or Amounts())
        asked = {n for n in (*WIDE_NAMES, *DOWN_NAMES) if all_names or self._further[n] > 0}
        self.names = tuple(n for n in FACE_NAMES if n in GENERATED_NAMES or n in asked)

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._amounts = amounts
        self._feelings = tuple(getattr(amounts, name) for name in FEELINGS)
        rests: dict[str, float] = dict(zip(BROW_NAMES, brows_of(np.array(self._feelings)).tolist(), strict=True))
        self._brows = tuple(rests[name] for name in _BROWS)
        wide = max(0.0, amounts.lid_openness - 1.0)
        self._further: dict[str, float] = {name: rests.get(name, wide) for name in (*WIDE_NAMES, *DOWN_NAMES)}

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> FaceState:
        """A fresh state with the person's own style."""
        smile, lift = float(person.uniform(0.0, 0.02)), float(person.uniform(0.5, 1.0))
        articulation = float(np.exp(ARTICULATION_SD * np.clip(person.standard_normal(), -2, 2)))
        response_s, style = float(rng.uniform(2.0, 8.0)), int(rng.integers(1 << 30))
        return FaceState(smile, style, articulation, lift, next_response_s=response_s)

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
        shapes, drawn = self._mouth(cues, state, rows, index * self._stepping.frames)
        further = tuple(self._further[n] for n in self.names if n in self._further)
        return (yield FACES((shapes, drawn, self._style(state), brow, state.lift, self._brows, further, self.names)))

    def redo_mouth(self, cues: Cues, state: FaceState, first: int, face: NDArray[np.float32]) -> None:
        """The mouth from frame ``first`` on is made anew in ``face`` (n, K), the rows from there on."""
        rows = cues.rows(first + np.arange(len(face))).tolist()
        shapes, drawn = self._mouth(cues, state, rows, first)
        mouth = _mouths(shapes[None], drawn[None], np.array([self._style(state)]))[0]
        columns = [self.names.index(GENERATED_NAMES[i]) for i in _LIP_COLUMNS]
        face[:, columns] = np.clip(mouth, 0.0, 1.0)

    def _mouth(self, cues: Cues, state: FaceState, rows: list[int], first: int) -> tuple[Floats, Floats]:
        """(n, len(SHAPE_NAMES)) what the sound says in these rows, and (n, W) what the take adds from a frame on."""
        shapes = _REST[[0] * len(rows)] if cues.lips is None else cues.lips[rows]
        if not shapes[:, _TALKS].any():
            return shapes, np.zeros((len(rows), StyleCourse.WIDTH))
        if self._course is None or self._course.key != state.style:
            self._course = StyleCourse(state.style)
        talks: Floats = shapes[:, [_TALKS]]
        return shapes, self._course.at(first + np.arange(len(rows))) * talks

    def _style(self, state: FaceState) -> tuple[float, ...]:
        """How far the mouth is opened, the gap of lips that touch, a resting smile, the person's lean, feelings."""
        touching = _LEAST_TOUCHING + _TOUCHING_RANGE * (state.style % 997) / 997
        gain, smile = state.articulation * self._amounts.articulation, min(1.0, state.smile + self._amounts.smile)
        return gain, touching, smile, lean_of(state.style), *self._feelings

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


def _mouths(shapes: Floats, drawn: Floats, styles: Floats) -> Floats:
    """(L, n, len(SHAPE_NAMES)), (L, n, W) and (L, S) of L faces -> (L, n, len(LIP_NAMES)), number by number."""
    count, frames = shapes.shape[:2]
    rows, drawn = shapes.reshape(count * frames, -1), drawn.reshape(count * frames, -1)
    styles = np.repeat(styles, frames, axis=0)
    gain, touching, smile, lean = styles[:, :4].T
    left = rows[:, : len(PLACES)] + drawn[:, : len(PLACES)]
    right = left.copy()
    left[:, _SIDED_COLUMNS] += drawn[:, len(PLACES) :] / 2
    right[:, _SIDED_COLUMNS] -= drawn[:, len(PLACES) :] / 2
    found = coefficients(left, right, rows, gain, touching)
    # The smile gives way where the lips round or close: it must not fight the sound.
    found += (smile * rows[:, _FREE])[:, None] * _SMILES
    return felt(found, rows[:, _FREE], styles[:, 4:], lean).reshape(count, frames, -1)


def _faces_of(items: list[Any]) -> list[NDArray[np.float32]]:
    """(n, K) coefficients of each face."""
    *parts, all_names = zip(*items, strict=True)
    shapes, drawn, styles, brow, lift, rests, further = map(np.array, parts)
    face = np.zeros((*shapes.shape[:2], len(GENERATED_NAMES)))
    face[:, :, _LIP_COLUMNS] = _mouths(shapes, drawn, styles)
    face[:, :, _BROW_COLUMNS] = rests[:, None] + brow[:, :, None] * (_BROW_SHARES * lift[:, None])[:, None]
    face = np.minimum(np.maximum(face, 0.0), 1.0).astype(np.float32)
    if len(names := all_names[0]) == len(GENERATED_NAMES):
        return list(face)
    out = np.empty((*face.shape[:2], len(names)), np.float32)
    own = _own_columns(names)
    out[:, :, [i for i in range(len(names)) if i not in own]] = further[:, None]
    out[:, :, own] = face
    return list(out)


@functools.lru_cache(maxsize=8)
def _own_columns(names: tuple[str, ...]) -> NDArray[np.intp]:
    return np.array([i for i, name in enumerate(names) if name in GENERATED_NAMES])


FACES = by_shape(8, _faces_of, lambda item: (len(item[0]), item[-1]))
