"""What an avatar cannot show of a motion, so that nothing is lost without a word."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talkingeyes.avatar.eyes import SIDES
from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD, eye_look_coefficients

if TYPE_CHECKING:
    from talkingeyes.avatar.rig import AvatarRig
    from talkingeyes.motion import Motion

_CHANNELS = {"eyes": "eyes_rad", "blinks": "lids", "mouth": "face", "head": "head_rad"}
_CUT = 1.02  # a shape asked for by no more than this is not worth a word
_DIRECTIONS = {"sideways": ("eyeLookOut", "eyeLookIn"), "up": ("eyeLookUp",), "down": ("eyeLookDown",)}


@dataclass(frozen=True)
class Loss:
    """A part of a motion that an avatar does not show.

    Attributes:
        part: ``"eyes"``, ``"blinks"``, ``"mouth"`` or ``"head"``.
        why: what the avatar lacks, for people.
    """

    part: str
    why: str


def losses(rig: AvatarRig, motion: Motion | None = None) -> tuple[Loss, ...]:
    """What the avatar cannot show, of a motion's channels where one is given."""
    found = (*_eyes(rig), *_cut_gaze(rig, motion), *_blinks(rig), *_mouth(rig), *_head(rig))
    return tuple(loss for loss in found if motion is None or getattr(motion, _CHANNELS[loss.part]) is not None)


def loss_note(name: str, lost: tuple[Loss, ...]) -> str:
    """One line for people about an avatar."""
    parts = [f"{loss.part} ({loss.why})" for loss in lost]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{name} does not show all of the motion: {listed}; talkingeyes rig FILE says what it has"


def as_data(lost: tuple[Loss, ...]) -> list[dict[str, Any]]:
    """JSON-ready rows."""
    return [{"part": loss.part, "why": loss.why} for loss in lost]


def _eyes(rig: AvatarRig) -> Iterator[Loss]:
    if rig.eye_bones_turn:
        return
    missing = [
        way for way, names in _DIRECTIONS.items() if not any(rig.drives(f"{n}{side}") for n in names for side in SIDES)
    ]
    if rig.eye_looks and not missing:
        return
    if rig.eye_looks:
        has = [way for way in _DIRECTIONS if way not in missing]
        yield Loss("eyes", f"shapes for looking {' and '.join(has)} alone")
    elif any(f"{side}Eye" in rig.bones for side in SIDES):
        yield Loss("eyes", "its eye bones move nothing that is drawn")
    else:
        yield Loss("eyes", _by_texture(rig, "look", "neither eye bones nor eyeLook shapes"))


def _cut_gaze(rig: AvatarRig, motion: Motion | None) -> Iterator[Loss]:
    """A look-at table that is full before the gaze is: what goes beyond stays at the full shape."""
    if motion is None or motion.eyes_rad is None or rig.eye_bones_turn or not rig.eye_looks or rig.eyeballs:
        return
    asked = eye_look_coefficients(motion.eyes_rad)
    recipes = [recipe for mesh in rig.morphs for recipe in mesh.recipes.values()]
    full_deg: dict[str, float] = {}
    for recipe in recipes:
        way = next((w for w, names in _DIRECTIONS.items() if recipe[0][0].startswith(names)), None)
        if way is None or not all(name in asked for name, _ in recipe):
            continue
        gain = sum(gain for _, gain in recipe if gain > 0)
        if float(np.max(sum(part * asked[name] for name, part in recipe))) > _CUT:
            full = EYE_LOOK_SIDE_RAD if way == "sideways" else EYE_LOOK_UP_DOWN_RAD
            full_deg[way] = min(full_deg.get(way, 180.0), math.degrees(full) / gain)
    cut = [f"{full_deg[way]:.1f} deg {way}" for way in _DIRECTIONS if way in full_deg]
    if cut:
        yield Loss("eyes", f"gaze beyond {' and '.join(cut)} is cut, where the avatar's look-at table is full")


def _blinks(rig: AvatarRig) -> Iterator[Loss]:
    has = [side for side in SIDES if rig.drives(f"eyeBlink{side}")]
    if not has:
        yield Loss("blinks", _by_texture(rig, "blink", "no blink shape"))
    elif len(has) == 1:
        yield Loss("blinks", f"a blink shape for the {has[0].lower()} eye alone")


def _mouth(rig: AvatarRig) -> Iterator[Loss]:
    driven = {n for m in rig.morphs for recipe in m.recipes.values() for n, gain in recipe if gain > 0}
    if not any(name.startswith(("jaw", "mouth")) for name in driven):
        yield Loss("mouth", _by_texture(rig, "mouth", "no jaw, mouth or viseme shape"))


def _head(rig: AvatarRig) -> Iterator[Loss]:
    if not (rig.has("Head") or rig.has("Neck")):
        yield Loss("head", "no head bone")
    elif not rig.head_moves:
        yield Loss("head", "its head bone moves nothing that is drawn")


def _by_texture(rig: AvatarRig, what: str, otherwise: str) -> str:
    return "by its texture alone, which this cannot move" if what in rig.by_texture else otherwise
