"""Edits of the face: brows that go up, and a smile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.edits.ranges import weights
from talkingeyes.generate.edits.read import Edit

Floats = NDArray[Any]

RAMP_S = {"brows": 0.2, "smile": 0.4}
RAISED = {"browInnerUp": 0.9, "browOuterUpLeft": 0.7, "browOuterUpRight": 0.7}
"""How far each shape goes at an amount of 1, on top of what it does."""
SMILES = ("mouthSmileLeft", "mouthSmileRight")
ROUND_AND_CLOSED = ("mouthPucker", "mouthFunnel", "mouthRollLower", "mouthPressLeft")


def with_edit(face: Floats, names: tuple[str, ...], edit: Edit, duration_s: float) -> Floats:
    """(n, K) coefficients with one edit.

    Raises:
        EditsError: the face has nothing that could show it, or the range lies outside the take.
    """
    for name in ("from_s", "to_s"):
        if edit[name] > duration_s + 0.05:
            raise edit.refused(f"{name} is {edit[name]:g}; the take ends at {duration_s:.2f} s", name)
    shapes = tuple(RAISED) if edit.do == "brows" else SMILES
    if not any(name in names for name in shapes):
        raise edit.refused(f"the take's face has no {shapes[0]}; a take with a generated face is accepted")
    to_s = edit["to_s"] if edit["to_s"] < duration_s - 0.02 else 1e9
    weight = edit["amount"] * weights(len(face), edit["from_s"], to_s, RAMP_S[edit.do])
    if edit.do == "smile":
        weight = weight * _room(face, names)
    out = face.astype(float)
    touched = weight != 0
    for name in shapes:
        if name in names:
            column = names.index(name)
            raised = out[touched, column]
            up = weight[touched] * RAISED.get(name, 1.0)
            out[touched, column] = np.clip(np.where(up > 0, raised + up * (1 - raised), raised + up), 0.0, 1.0)
    return out.astype(face.dtype)


def _room(face: Floats, names: tuple[str, ...]) -> Floats:
    """(n,) how much of a smile the lips leave room for: little where they round or close."""
    used = [face[:, names.index(name)] for name in ROUND_AND_CLOSED if name in names]
    return 1 - 0.8 * np.clip(1.5 * np.sum(used, axis=0), 0.0, 1.0) if used else np.ones(len(face))
