"""Which expressions of a VRM animation carry the mouth: vowels or ARKit's shapes, never both.

A player adds all expressions up: an avatar whose vowels and whose ARKit ("perfect sync") expressions move the same jaw
would open it nearly twice as far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.avatar.expressions import Expressions
from talkingeyes.avatar.names import VRM_EXPRESSIONS
from talkingeyes.errors import SettingError
from talkingeyes.motion import Motion

Array = NDArray[Any]

CHOICES = ("auto", "vowels", "arkit")
VOWELS = ("aa", "ih", "ou", "oh")
ENOUGH_SHAPES = 8
"""An avatar with jawOpen and this many ARKit expressions of the mouth shows more by them than by vowels."""

_MOUTH = ("jaw", "mouth", "cheek", "nose", "tongue")
_BLINKS = ("blinkLeft", "blinkRight")


@dataclass(frozen=True)
class Mouth:
    """What was decided.

    Attributes:
        kind: "vowels" or "arkit".
        why: in a few words.
        avatar: the avatar's expressions; None: not known, all presets and Apple's names are written.
    """

    kind: str
    why: str
    avatar: Expressions | None = None

    @property
    def told(self) -> str:
        """For the line about the written file."""
        what = f"vowels ({' '.join(VOWELS)})" if self.kind == "vowels" else "ARKit expressions (perfect sync)"
        return f"mouth as {what}: {self.why}"


def choose_mouth(choice: str, avatar: Expressions | None) -> Mouth:
    """What carries the mouth.

    Args:
        choice: one of `CHOICES`.
        avatar: the expressions of the avatar that the animation is for; None where there is none or it is no VRM.

    Raises:
        SettingError: another choice.
    """
    if choice not in CHOICES:
        raise SettingError(f"mouth is {choice!r}; {', '.join(CHOICES)} are accepted")
    if choice != "auto":
        return Mouth(choice, "as asked", avatar)
    if avatar is None:
        return Mouth("vowels", "every VRM has them; --avatar FILE.vrm or --mouth arkit for perfect sync")
    shapes = [name for name in avatar.arkit if name.startswith(("jaw", "mouth"))]
    has_vowels = any(vowel in avatar.presets for vowel in VOWELS)
    if "jawOpen" in shapes and (len(shapes) >= ENOUGH_SHAPES or not has_vowels):
        return Mouth("arkit", f"the avatar has {len(shapes)} of them", avatar)
    return Mouth(
        "vowels", "the avatar has no ARKit mouth" if not shapes else f"it has {len(shapes)} ARKit ones", avatar
    )


def expression_weights(motion: Motion, mouth: Mouth) -> tuple[dict[str, Array], dict[str, Array]]:
    """(T,) weights of the preset and of the custom expressions, by the names that a player looks up.

    Expressions that the avatar is known not to have are left out; a shape is never carried twice.
    """
    weights: dict[str, Array] = {n: motion.coefficient(n).astype(float) for n in motion.face_names}
    preset, custom = _blinks(motion, mouth.avatar)
    if mouth.kind == "vowels":
        preset |= {name: values for name in VOWELS if (values := _vowel(name, weights)) is not None}
    spelt: Mapping[str, str] = {n: n for n in weights} if mouth.avatar is None else mouth.avatar.arkit
    for name, values in weights.items():
        if name in spelt and not (mouth.kind == "vowels" and name.startswith(_MOUTH)):
            custom[spelt[name]] = values
    if mouth.avatar is not None:
        preset = {name: values for name, values in preset.items() if name in mouth.avatar.presets}
    return preset, custom


def _vowel(name: str, weights: Mapping[str, Array]) -> Array | None:
    recipe = VRM_EXPRESSIONS[name]
    if recipe[0][0] not in weights:
        return None
    mixed = sum((gain * weights[n] for n, gain in recipe if n in weights), np.zeros_like(weights[recipe[0][0]]))
    return np.clip(mixed, 0, 1)


def _blinks(motion: Motion, avatar: Expressions | None) -> tuple[dict[str, Array], dict[str, Array]]:
    """Preset and custom expressions that close the lids: each eye's own blink where the avatar has it."""
    if motion.lids is None:
        return {}, {}
    lids = (motion.lids if motion.eyes_rad is None else rig.lid_closure(motion)).astype(float)
    sides = {name: lids[:, i] for i, name in enumerate(_BLINKS)}
    if avatar is None or avatar.presets.issuperset(_BLINKS):
        return sides, {}
    own = [avatar.arkit.get(f"eyeBlink{side}") for side in ("Left", "Right")]
    if None not in own:
        return {}, {str(name): lids[:, i] for i, name in enumerate(own)}
    return {"blink": lids.mean(axis=1)}, {}
