"""Feelings on a face: gentle offsets of mouth and brows that go together and give way to what is said.

The shapes are those that the Facial Action Coding System names for each (Ekman & Friesen 1978): happy 6 + 12, sad
1 + 4 + 15, angry 4 + 9 + 23, afraid 1 + 2 + 4 + 20. Sizes are ours: at 1 about as far as people act them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lips import LIP_NAMES

Floats = NDArray[Any]

FEELINGS: tuple[str, ...] = ("happy", "sad", "angry", "afraid")
"""Amounts, 0..1 each; any of them may be given together."""
_MOUTH = {
    "happy": {"mouthSmile": 0.65, "cheekSquint": 0.5},
    "sad": {"mouthFrown": 0.6, "mouthRollLower": 0.1},
    "angry": {"mouthFrown": 0.25, "mouthPress": 0.4, "noseSneer": 0.45},
    "afraid": {"mouthStretch": 0.5, "mouthFrown": 0.15},
}
_BROWS = {
    "happy": {"browInnerUp": 0.08, "browOuterUp": 0.15},
    "sad": {"browInnerUp": 0.85, "browDown": 0.15},
    "angry": {"browDown": 0.95},
    "afraid": {"browInnerUp": 0.75, "browOuterUp": 0.35, "browDown": 0.15},
}
BROW_NAMES = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight", "browDownLeft", "browDownRight")
_LEAST_LEAN, _LEAN_RANGE = -0.05, 0.25
"""How much more the left side shows than the mean of both: most people's left shows more."""
_FADES_SMILE = np.array([0.0, 0.7, 0.6, 0.5])
"""Shares of a heard smile that each of `FEELINGS` takes away."""
_PRESSES_BELOW = 0.12
"""Of the jaw's opening: lips press where they are close."""


def _bare(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")


def _table(given: dict[str, dict[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[given[feeling].get(_bare(name), 0.0) for name in names] for feeling in FEELINGS])


_MOUTH_TABLE, _BROW_TABLE = _table(_MOUTH, LIP_NAMES), _table(_BROWS, BROW_NAMES)
_SIDE = np.array([float(n.endswith("Left")) - float(n.endswith("Right")) for n in LIP_NAMES])
_SMILES = np.array([float(name.startswith("mouthSmile")) for name in LIP_NAMES])
_PRESSES = np.array([float(name.startswith("mouthPress")) for name in LIP_NAMES])
_JAW = LIP_NAMES.index("jawOpen")


def lean_of(key: int) -> float:
    """How much more a person's left side shows: -.05 to .2."""
    return _LEAST_LEAN + _LEAN_RANGE * (key % 1009) / 1008


def felt(mouth: Floats, free: Floats, feelings: Floats, lean: Floats) -> Floats:
    """The mouth with its feelings; nothing exceeds 1, and lips that are shut stay shut.

    Args:
        mouth: (n, len(LIP_NAMES)) as it speaks.
        free: (n,) how much room the sound leaves (`lips.SHAPE_NAMES`).
        feelings: (n, len(FEELINGS)).
        lean: (n,) of `lean_of`.
    """
    if not feelings.any():
        return mouth
    mouth = mouth * (1 - _SMILES * np.minimum(feelings @ _FADES_SMILE, 1.0)[:, None])
    more = np.minimum(feelings @ _MOUTH_TABLE * (1 + lean[:, None] * _SIDE), 1.0) * free[:, None]
    close = np.clip(1 - mouth[:, [_JAW]] / _PRESSES_BELOW, 0.0, 1.0)
    more = more * (1 - _PRESSES + _PRESSES * close)
    return mouth + more * (1 - np.minimum(mouth, 1.0))


def brows_of(feelings: Floats) -> NDArray[np.float64]:
    """(len(BROW_NAMES),) that the brows rest at."""
    return np.minimum(feelings @ _BROW_TABLE, 1.0)
