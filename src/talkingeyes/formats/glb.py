"""Animated glTF: the motion on an avatar's bones and morph targets (docs/conventions.md, "glTF")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def add_animation(glb: Glb, avatar: AvatarRig, motion: Motion, name: str) -> None:
    """Append one animation: rotation tracks of the bones that exist, and the weights of each mesh with driven targets.

    Keys are at the motion's frame times, linear in between; channels that the motion lacks are not animated.

    Raises:
        FormatError: the avatar can show nothing of the motion.
    """
    times = -1
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def track(node: int, path: str, values: Array, kind: str) -> None:
        nonlocal times
        if times < 0:
            times = glb.add_accessor(motion.times_s.astype("<f4"), "SCALAR", bounds=True)
        output = glb.add_accessor(values.astype("<f4"), kind)
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": times, "interpolation": "LINEAR", "output": output})

    for role, rotation in avatar_rotations(motion, avatar).items():
        quaternions = continuous(quaternion_from_matrix(avatar.local_from_model(role, rotation)))
        node = avatar.bones[role].node
        _give_transform_in_parts(glb.document["nodes"][node])
        track(node, "rotation", quaternions, "VEC4")
    for node, table in target_weights(motion, avatar).items():
        track(node, "weights", table.ravel(), "SCALAR")
    if not channels:
        raise FormatError(f"this avatar can show none of the motion's channels ({', '.join(motion.channels)})")
    extras = {"generator": "TalkingEyes", "fps": motion.fps}
    glb.add("animations", {"name": name, "channels": channels, "samplers": samplers, "extras": extras})


def _give_transform_in_parts(node: dict[str, Any]) -> None:
    """An animated node may have no matrix (glTF 2.0, 3.5.2): the same transform as translation, rotation, scale."""
    if "matrix" in node:
        translation, rotation, scale = decompose(node)
        del node["matrix"]
        node["translation"], node["scale"] = translation.tolist(), scale.tolist()
        node["rotation"] = quaternion_from_matrix(rotation).tolist()
