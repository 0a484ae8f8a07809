"""Animated glTF: the motion on an avatar's bones and morph targets (docs/conventions.md, "glTF")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.nodes import decompose
from talkingeyes.avatar.pose import avatar_rotations, continuous, target_weights
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import FormatError
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.rotations import quaternion_from_matrix

Array = NDArray[Any]


def write_glb(job: ExportJob, target: Path) -> None:
    """Write the job's avatar, the built-in one by default, with the job's motion as one more animation.

    Raises:
        FormatError: the avatar cannot be animated, or the motion holds nothing that it can show.
        OSError: the target cannot be written.
    """
    _write(job, *job_avatar(job), target)


def job_avatar(job: ExportJob) -> tuple[Glb, AvatarRig]:
    """The avatar that a job names, as `open_avatar`."""
    return open_avatar(job.avatar_path, job.mapping_path, job.look)


def _write(job: ExportJob, glb: Glb, avatar: AvatarRig, target: Path) -> None:
    with reading(job.avatar_name):
        add_animation(glb, avatar, job.motion, job.title or "TalkingEyes")
        glb.fill_empty_accessors()
        content = glb.to_bytes()
    target.write_bytes(content)


def write_vrm(job: ExportJob, target: Path) -> None:
    """Write the job's VRM avatar with the job's motion as one more glTF animation.

    Raises:
        FormatError: as `write_glb`, or the avatar is no VRM.
        OSError: the target cannot be written.
    """
    if job.avatar_path is None:
        raise FormatError("a .vrm needs --avatar FILE.vrm; the built-in avatar is written as .glb")
    glb, avatar = job_avatar(job)
    if not {"VRM", "VRMC_vrm"} & set(glb.document.get("extensions", {})):
        raise FormatError(f"{job.avatar_path.name}: holds no VRM extension; write it as .glb")
    _write(job, glb, avatar, target)


def remark_vrm(job: ExportJob) -> str:
    """What the line about a written file adds."""
    del job
    return "VRM players do not show an animation inside the model; for them write a .vrma"


def add_animation(glb: Glb, avatar: AvatarRig, motion: Motion, name: str) -> None:
    """Append one animation: rotation tracks of the bones that exist, and the weights of each mesh with driven targets.

    Keys are at the motion's frame times, linear in between, and the last pose is held by one more key at the end, so
    that the clip lasts as long as the motion and loops in time. Channels that the motion lacks are not animated.

    Raises:
        FormatError: the avatar can show nothing of the motion.
    """
    times = -1
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def track(node: int, path: str, values: Array, kind: str) -> None:
        nonlocal times
        if times < 0:
            times = glb.add_accessor(key_times_s(motion), "SCALAR", bounds=True)
        held_values = held(values)
        output = glb.add_accessor((held_values.ravel() if path == "weights" else held_values).astype("<f4"), kind)
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": times, "interpolation": "LINEAR", "output": output})

    for role, rotation in avatar_rotations(motion, avatar).items():
        quaternions = continuous(quaternion_from_matrix(avatar.local_from_model(role, rotation)))
        node = avatar.bones[role].node
        _give_transform_in_parts(glb.document["nodes"][node])
        track(node, "rotation", quaternions, "VEC4")
    for node, table in target_weights(motion, avatar).items():
        track(node, "weights", table, "SCALAR")
    if not channels:
        raise FormatError(f"this avatar can show none of the motion's channels ({', '.join(motion.channels)})")
    extras = own_extras(motion)
    glb.add("animations", {"name": name, "channels": channels, "samplers": samplers, "extras": extras})


def key_times_s(motion: Motion) -> Array:
    """(T + 1,) float32 times of the keys: the frames' own, and the end of the motion, where the last pose still is."""
    return np.append(motion.times_s, motion.duration_s).astype("<f4")


def held(values: Array) -> Array:
    """Values of the frames for the keys of `key_times_s`."""
    return np.concatenate([values, values[-1:]])


def own_extras(motion: Motion) -> dict[str, Any]:
    """What our animations carry, by which they are known and read back exactly."""
    return {"generator": "TalkingEyes", "fps": motion.fps, "frames": motion.num_frames}


def _give_transform_in_parts(node: dict[str, Any]) -> None:
    """An animated node may have no matrix (glTF 2.0, 3.5.2): the same transform as translation, rotation, scale."""
    if "matrix" in node:
        translation, rotation, scale = decompose(node)
        del node["matrix"]
        node["translation"], node["scale"] = translation.tolist(), scale.tolist()
        node["rotation"] = quaternion_from_matrix(rotation).tolist()
