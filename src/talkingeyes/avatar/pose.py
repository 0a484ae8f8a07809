"""What an avatar shows of a motion: the rotation of each bone and the weight of each morph target, frame by frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.avatar.eye_range import EyeRange, led
from talkingeyes.avatar.eyeballs import Eyeball, look_weights
from talkingeyes.avatar.eyes import SIDES
from talkingeyes.avatar.rig import EYES, AvatarRig
from talkingeyes.motion import Motion
from talkingeyes.rotations import direction_from_yaw_pitch, fraction_of, matrix_from_ypr

Array = NDArray[Any]


def avatar_rotations(motion: Motion, avatar: AvatarRig) -> dict[str, Array]:
    """Rotation of each bone of an avatar over the turned bone above it, in the character's axes, (T, 3, 3).

    Eyes without a head above them turn as in the head; a rig without a head bone turns its neck whole.
    """
    turns = _turns(motion, avatar)
    rotations = {}
    for role, turn in turns.items():
        above = avatar.bones[role].above
        while above is not None and above not in turns:
            above = avatar.bones[above].above
        rotations[role] = turn if above is None else np.swapaxes(turns[above], -1, -2) @ turn
    return rotations


def _turns(motion: Motion, avatar: AvatarRig) -> dict[str, Array]:
    """How far each bone turns in space, (T, 3, 3)."""
    turns: dict[str, Array] = {}
    head = np.eye(3)
    if motion.head_rad is not None and (avatar.has("Head") or avatar.has("Neck")):
        head = matrix_from_ypr(motion.head_rad)
        shared = avatar.has("Neck") and avatar.has("Head") and avatar.bones["Head"].above == "Neck"
        if avatar.has("Neck") and (shared or not avatar.has("Head")):
            turns["Neck"] = fraction_of(head, rig.NECK_SHARE) if shared else head
        if avatar.has("Head"):
            turns["Head"] = head
    if motion.eyes_rad is not None and avatar.eye_bones_turn:
        eyes_rad = shown_eyes(motion.eyes_rad, avatar)
        for side, role in enumerate(EYES):
            if avatar.has(role):
                share = avatar.eye_shares.get(SIDES[side], 1.0)
                turns[role] = head @ matrix_from_ypr(led(eyes_rad[:, side], share))
    return turns


def bone_rotations(motion: Motion, *, neck: bool = True) -> dict[str, Array]:
    """Rotation of each bone over its parent's, in model axes, (T, 3, 3): ``Neck @ Head`` is the head rotation exactly.

    Args:
        motion: channels that are absent give no entry.
        neck: whether the rig has a neck, which then takes its share (`rig.NECK_SHARE`).
    """
    rotations: dict[str, Array] = {}
    if motion.head_rad is not None:
        whole = matrix_from_ypr(motion.head_rad)
        share = fraction_of(whole, rig.NECK_SHARE) if neck else np.broadcast_to(np.eye(3), whole.shape)
        if neck:
            rotations["Neck"] = share
        rotations["Head"] = np.swapaxes(share, -1, -2) @ whole
    if motion.eyes_rad is not None:
        rotations["LeftEye"] = matrix_from_ypr(motion.eyes_rad[:, 0])
        rotations["RightEye"] = matrix_from_ypr(motion.eyes_rad[:, 1])
    return rotations


def shown_eyes(eyes_rad: Array, avatar: AvatarRig) -> Array:
    """(.., 2) yaw and pitch as this avatar shows them: in proportion where its eyes turn less than people's."""
    return eyes_rad if avatar.eye_range is None else avatar.eye_range.shown(eyes_rad)


def target_weights(motion: Motion, avatar: AvatarRig) -> dict[int, Array]:
    """Weights of every mesh with driven targets: node -> (T, targets); what the motion lacks stays at rest."""
    every = avatar_weights(motion, avatar)
    tables = {}
    for mesh in avatar.morphs:
        weights = every | _lids_alone(motion, avatar, mesh.node)
        table = np.tile(np.array(mesh.rest, float), (motion.num_frames, 1))
        for index, recipe in mesh.recipes.items():
            if any(name in weights for name, _ in recipe):
                mixed = sum(gain * weights[name] for name, gain in recipe if name in weights)
                shown = np.clip(mixed, 0.0, 1.0)
                table[:, index] = mesh.rules[index].shown(shown, weights) if index in mesh.rules else shown
        tables[mesh.node] = table
    return tables


def _lids_alone(motion: Motion, avatar: AvatarRig, node: int) -> dict[str, Array]:
    """Blinks of a mesh whose eyeLookDown stays at rest: they carry the part that follows gaze too."""
    if motion.lids is None or motion.eyes_rad is None:
        return {}
    rested = {name for (mesh, _), recipe in avatar.resting.items() if mesh == node for name, _ in recipe}
    closure = rig.lid_closure(motion).astype(float)
    sides = enumerate(("Left", "Right"))
    return {f"eyeBlink{side}": closure[:, i] for i, side in sides if f"eyeLookDown{side}" in rested}


def avatar_weights(motion: Motion, avatar: AvatarRig) -> dict[str, Array]:
    """ARKit coefficients that show a motion on this avatar: as `morph_weights`, with its own eyes and lids."""
    reach = None if avatar.eye_bones_turn else avatar.eye_range
    k, looks = avatar.lid_follows_gaze_per_rad, avatar.eye_looks
    return morph_weights(motion, k, looks=looks, eyeballs=avatar.eyeballs, reach=reach)


def morph_weights(
    motion: Motion,
    k: float = rig.LID_FOLLOWS_GAZE_PER_RAD,
    *,
    looks: bool = True,
    eyeballs: Mapping[str, Eyeball] | None = None,
    reach: EyeRange | None = None,
) -> dict[str, Array]:
    """Weights of ARKit morphs that show a motion: name -> (T,) in 0..1.

    The lid comes down once, not twice: eyeLookDown carries the part that follows gaze, and eyeBlink what is left of
    `rig.lid_closure`, so that a blink while looking down closes the eye and no further. Where no eyeLookDown lowers the
    lid, eyeBlink carries all of it.

    Args:
        motion: face, lids and eyes_rad are used where present.
        k: closure per radian of downward gaze that the rig's eyeLookDown shows; 0 where it lowers no lid.
        looks: whether the rig's eyeLook targets are driven.
        eyeballs: eyes that the eyeLook targets must aim, by side.
        reach: how far the eyeLook targets turn the eyes; None: as far as the motion does.
    """
    weights: dict[str, Array] = {n: motion.coefficient(n).astype(float) for n in motion.face_names}
    follows = np.zeros((motion.num_frames, 2))
    if motion.eyes_rad is not None and looks:
        eyes_rad = motion.eyes_rad if reach is None else reach.shown(motion.eyes_rad)
        look = rig.eye_look_coefficients(eyes_rad)
        for index, side in enumerate(("Left", "Right")):
            if eyeballs and side in eyeballs:
                aimed = look_weights(eyeballs[side], direction_from_yaw_pitch(eyes_rad[:, index]), side)
                look |= {f"eyeLook{name}{side}": values for name, values in aimed.items()}
        weights.update(look)
        down = np.stack([look["eyeLookDownLeft"], look["eyeLookDownRight"]], axis=1)
        follows = k * rig.EYE_LOOK_UP_DOWN_RAD * down
    if motion.lids is not None:
        blink = np.clip(np.minimum(motion.lids, 1 - follows), 0, 1)
        if motion.eyes_rad is not None and not (looks and k > 0):
            blink = rig.lid_closure(motion).astype(float)
        weights["eyeBlinkLeft"], weights["eyeBlinkRight"] = blink[:, 0], blink[:, 1]
    return weights


def continuous(quaternions: Array) -> Array:
    """(T, 4) the same rotations, signs chosen so that neighbours never point apart: linear keys take the short way."""
    steps = np.sum(quaternions[1:] * quaternions[:-1], axis=-1)
    sign = np.cumprod(np.concatenate([[1.0], np.where(steps < 0, -1.0, 1.0)]))
    return quaternions * sign[:, None]
