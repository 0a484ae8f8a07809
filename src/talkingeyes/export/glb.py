"""Animated glTF: the motion on an avatar's bones and ARKit morphs (docs/conventions.md, "glTF")."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.export.gltf import Glb
from talkingeyes.export.gltf_rig import AvatarRig, find_rig
from talkingeyes.export.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.rotations import fraction_of, matrix_from_ypr, quaternion_from_matrix

Array = NDArray[Any]
AVATAR_ASSET = "avatar.glb"


def avatar_bytes() -> bytes:
    """The built-in avatar as it ships: a GLB with bones Neck, Head, LeftEye, RightEye and ARKit's 52 morph targets."""
    return resources.files("talkingeyes").joinpath("assets", AVATAR_ASSET).read_bytes()


def write_glb(job: ExportJob, target: Path) -> None:
    """Write the built-in avatar with the job's motion as an animation.

    Raises:
        OSError: the target cannot be written.
    """
    glb = Glb.from_bytes(avatar_bytes(), AVATAR_ASSET)
    add_animation(glb, find_rig(glb, AVATAR_ASSET), job.motion, job.title or "TalkingEyes")
    target.write_bytes(glb.to_bytes())


def add_animation(glb: Glb, avatar: AvatarRig, motion: Motion, name: str) -> None:
    """Append one animation: rotation tracks of the bones that exist, and the weights of each mesh with ARKit morphs.

    Keys are at the motion's frame times, linear in between; channels that the motion lacks are not animated.
    """
    times = glb.add_accessor(motion.times_s.astype("<f4"), "SCALAR", bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def track(node: int, path: str, output: int) -> None:
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": times, "interpolation": "LINEAR", "output": output})

    for bone, rotation in bone_rotations(motion, neck=avatar.has("Neck")).items():
        if avatar.has(bone):
            quaternions = continuous(quaternion_from_matrix(avatar.local_from_model(bone, rotation)))
            track(avatar.bones[bone].node, "rotation", glb.add_accessor(quaternions.astype("<f4"), "VEC4"))
    weights = morph_weights(motion)
    for morphs in avatar.morphs:
        columns = [weights.get(n, np.zeros(motion.num_frames)) for n in morphs.names]
        table = np.stack(columns, axis=1).astype("<f4")
        track(morphs.node, "weights", glb.add_accessor(table.ravel(), "SCALAR"))
    glb.add("animations", {"name": name, "channels": channels, "samplers": samplers})


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


def morph_weights(motion: Motion, k: float = rig.LID_FOLLOWS_GAZE_PER_RAD) -> dict[str, Array]:
    """Weights of ARKit morphs that show a motion on a rig whose eyeLookDown lowers the lid: name -> (T,) in 0..1.

    The lid comes down once, not twice: eyeLookDown carries the part that follows gaze, and eyeBlink what is left of
    `rig.lid_closure`, so that a blink while looking down closes the eye and no further.

    Args:
        motion: face, lids and eyes_rad are used where present.
        k: closure per radian of downward gaze that the rig's eyeLookDown shows.
    """
    weights: dict[str, Array] = {n: motion.coefficient(n).astype(float) for n in motion.face_names}
    follows = np.zeros((motion.num_frames, 2))
    if motion.eyes_rad is not None:
        look = rig.eye_look_coefficients(motion.eyes_rad)
        weights.update(look)
        down = np.stack([look["eyeLookDownLeft"], look["eyeLookDownRight"]], axis=1)
        follows = k * rig.EYE_LOOK_UP_DOWN_RAD * down
    if motion.lids is not None:
        blink = np.clip(np.minimum(motion.lids, 1 - follows), 0, 1)
        weights["eyeBlinkLeft"], weights["eyeBlinkRight"] = blink[:, 0], blink[:, 1]
    return weights


def continuous(quaternions: Array) -> Array:
    """(T, 4) the same rotations, signs chosen so that neighbours never point apart and linear keys take the short way."""
    steps = np.sum(quaternions[1:] * quaternions[:-1], axis=-1)
    sign = np.cumprod(np.concatenate([[1.0], np.where(steps < 0, -1.0, 1.0)]))
    return quaternions * sign[:, None]
