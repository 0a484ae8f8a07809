"""VRM animation (.vrma): head, neck, gaze and expressions for any VRM (VRMC_vrm_animation 1.0).

Source: https://github.com/vrm-c/vrm-specification, VRMC_vrm_animation-1.0. Gaze is one direction for both eyes there,
so vergence is lost; expressions carry blinks and the face (`vrma_mouth`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.avatar.expressions import expressions_of
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.names import VRM_EXPRESSIONS, arkit_name
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.avatar.plain import read_gltf
from talkingeyes.avatar.pose import continuous
from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.formats.glb import held, job_avatar, key_times_s, own_extras
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.keys import Tracks
from talkingeyes.formats.vrma_mouth import Mouth, choose_mouth, expression_weights
from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES
from talkingeyes.rotations import (
    direction_from_yaw_pitch,
    fraction_of,
    matrix_from_quaternion,
    matrix_from_ypr,
    quaternion_from_matrix,
    yaw_pitch_from_direction,
    ypr_from_matrix,
)

Array = NDArray[Any]
EXTENSION = "VRMC_vrm_animation"
MAX_VRMA_BYTES = 256 << 20

_SKELETON = (("hips", 0.95), ("spine", 0.15), ("chest", 0.2), ("neck", 0.2), ("head", 0.08))
_BLINK_EXPRESSIONS = ("blink", "blinkLeft", "blinkRight", "eyeBlinkLeft", "eyeBlinkRight")
_VOWEL_EXPRESSIONS = ("aa", "ih", "ou", "ee", "oh")


def write_vrma(job: ExportJob, target: Path) -> None:
    """Write the job's take as a VRM animation.

    Raises:
        FormatError: the motion has neither head, eyes, lids nor face.
        OSError: the file cannot be written.
    """
    target.write_bytes(_Writer(job.motion, job.title or "TalkingEyes", mouth_of(job)).glb().to_bytes())


def mouth_of(job: ExportJob) -> Mouth:
    """What carries the mouth in the job's animation.

    Raises:
        FormatError: the job's avatar cannot be read.
        SettingError: `ExportJob.vrm_mouth` is not accepted.
    """
    avatar = None if job.avatar_path is None else expressions_of(job_avatar(job)[0].document)
    return choose_mouth(job.vrm_mouth, avatar)


def remark_vrma(job: ExportJob) -> str:
    """What the line about a written file adds."""
    return mouth_of(job).told if job.motion.face is not None else ""


class _Writer:
    def __init__(self, motion: Motion, name: str, mouth: Mouth) -> None:
        self.motion, self.name, self.mouth = motion, name, mouth
        self.file = Glb({"asset": {"version": "2.0", "generator": "TalkingEyes"}, "extensionsUsed": [EXTENSION]})
        self.samplers: list[dict[str, Any]] = []
        self.channels: list[dict[str, Any]] = []
        self.roots: list[int] = []

    def glb(self) -> Glb:
        bones = self._skeleton()
        self.times = self.file.add_accessor(key_times_s(self.motion), "SCALAR", bounds=True)
        content: dict[str, Any] = {"specVersion": "1.0", "humanoid": {"humanBones": bones}}
        self._head(bones)
        if self.motion.eyes_rad is not None:
            content["lookAt"] = {"node": self._gaze(), "offsetFromHeadBone": [0.0, 0.06, 0.0]}
        content["expressions"] = self._expressions()
        if not self.channels:
            raise FormatError(
                f"a .vrma holds head, gaze and expressions; this motion has {', '.join(self.motion.channels)}"
            )
        self.file.document["extensions"] = {EXTENSION: content}
        self.file.document |= {"scene": 0, "scenes": [{"nodes": self.roots}]}
        animation = {"name": self.name, "channels": self.channels, "samplers": self.samplers}
        self.file.add("animations", {**animation, "extras": own_extras(self.motion)})
        return self.file

    def _skeleton(self) -> dict[str, dict[str, int]]:
        bones: dict[str, dict[str, int]] = {}
        for index, (name, height_m) in enumerate(_SKELETON):
            node: dict[str, Any] = {"name": name, "translation": [0.0, height_m, 0.0]}
            if index + 1 < len(_SKELETON):
                node["children"] = [index + 1]
            bones[name] = {"node": self.file.add("nodes", node)}
        self.roots.append(0)
        return bones

    def _track(self, node: int, path: str, values: Array) -> None:
        kind = "VEC4" if path == "rotation" else "VEC3"
        output = self.file.add_accessor(held(values).astype("<f4"), kind)
        self.channels.append({"sampler": len(self.samplers), "target": {"node": node, "path": path}})
        self.samplers.append({"input": self.times, "interpolation": "LINEAR", "output": output})

    def _head(self, bones: dict[str, dict[str, int]]) -> None:
        if self.motion.head_rad is None:
            return
        whole = matrix_from_ypr(self.motion.head_rad)
        neck = fraction_of(whole, rig.NECK_SHARE)
        for name, turn in (("neck", neck), ("head", np.swapaxes(neck, -1, -2) @ whole)):
            self._track(bones[name]["node"], "rotation", continuous(quaternion_from_matrix(turn)))

    def _gaze(self) -> int:
        assert self.motion.eyes_rad is not None
        mean = yaw_pitch_from_direction(direction_from_yaw_pitch(self.motion.eyes_rad).mean(axis=1))
        node = self.file.add("nodes", {"name": "lookAt"})
        self.roots.append(node)
        self._track(node, "rotation", continuous(quaternion_from_matrix(matrix_from_ypr(mean))))
        return node

    def _expressions(self) -> dict[str, Any]:
        preset, custom = expression_weights(self.motion, self.mouth)
        return {
            group: {name: {"node": self._expression(name, weight)} for name, weight in weights.items()}
            for group, weights in (("preset", preset), ("custom", custom))
        }

    def _expression(self, name: str, weight: Array) -> int:
        node = self.file.add("nodes", {"name": name})
        self.roots.append(node)
        self._track(node, "translation", np.stack([weight, 0 * weight, 0 * weight], axis=1))
        return node


def read_vrma(path: Path, *, fps: float | None = None) -> Motion:
    """Head, gaze, blinks, vowels and ARKit-named expressions of a VRM animation; both eyes get its one direction.

    Args:
        path: the file.
        fps: the rate to sample its keys at; otherwise the file's own where it is ours, that of evenly set keys, or 30.

    Raises:
        FormatError: not a VRM animation, damaged, or without any of these.
    """
    readable(path, "a .vrma is accepted", max_bytes=MAX_VRMA_BYTES)
    glb = read_gltf(path)
    with reading(path.name):
        content = glb.document.get("extensions", {}).get(EXTENSION)
        if content is None or not glb.document.get("animations"):
            raise FormatError(f"{path.name}: no VRM animation (looked for the extension {EXTENSION} and an animation)")
        return _Reader(glb, content, path.name, fps).motion()


class _Reader:
    def __init__(self, glb: Glb, content: dict[str, Any], name: str, fps: float | None) -> None:
        self.content, self.name = content, name
        self.nodes = Nodes.of(glb.document, name)
        self.tracks = Tracks(glb, glb.document["animations"][0], name)
        self.clock = self.tracks.clock(fps)

    def _sampled(self, node: int, path: str) -> Array | None:
        return self.tracks.sampled(node, path, self.clock.times_s)

    def _turn(self, node: int) -> Array:
        """(T, 3, 3) turn of a bone in space, away from rest: the product of all turned bones above it and its own."""
        turn = np.broadcast_to(np.eye(3), (len(self.clock.times_s), 3, 3))
        for index in [*reversed(self.nodes.above(node)), node]:
            track = self._sampled(index, "rotation")
            if track is not None:
                parent = self.nodes.frame(self.nodes.parents[index])
                rest = parent @ self.nodes.own_rotation(index)
                turn = turn @ (parent @ matrix_from_quaternion(track) @ rest.T)
        return turn

    def motion(self) -> Motion:
        channels: dict[str, Any] = {}
        bones = self.content.get("humanoid", {}).get("humanBones", {})
        turned = {node for node, path in self.tracks.samplers if path == "rotation"}
        if "head" in bones and turned & {bones["head"]["node"], *self.nodes.above(bones["head"]["node"])}:
            channels["head_rad"] = ypr_from_matrix(self._turn(bones["head"]["node"]))
        look = self.content.get("lookAt", {}).get("node")
        gaze = self._sampled(look, "rotation") if look is not None else None
        if gaze is not None:
            yaw_pitch = ypr_from_matrix(matrix_from_quaternion(gaze))[:, :2]
            channels["eyes_rad"] = np.repeat(yaw_pitch[:, None], 2, axis=1)
        weights = self._expressions()
        channels |= self._lids(weights, channels.get("eyes_rad"))
        face = {n: w for n, w in weights.items() if n in FACE_NAMES}
        if not any(name.startswith(("jaw", "mouth")) for name in face):
            face |= _mouth_of_vowels(weights)
        if face:
            names = tuple(n for n in FACE_NAMES if n in face)
            channels |= {"face": np.stack([face[n] for n in names], axis=1), "face_names": names}
        if not channels:
            raise FormatError(f"{self.name}: this VRM animation moves neither head, gaze, blinks nor ARKit expressions")
        meta: dict[str, Any] = {"generator": "VRM animation", "source": {"name": self.name}}
        kept = {*FACE_NAMES, *_BLINK_EXPRESSIONS, *_VOWEL_EXPRESSIONS, "neutral"}
        dropped = sorted(name for name, weight in weights.items() if name not in kept and weight.any())
        meta |= {"fps_source": self.clock.source, **({"dropped_expressions": dropped} if dropped else {})}
        return Motion(fps=self.clock.fps, meta=meta, **channels)

    def _expressions(self) -> dict[str, Array]:
        """Weight of each animated expression, (T,) in 0..1."""
        given, weights = self.content.get("expressions", {}), {}
        for name, entry in {**given.get("custom", {}), **given.get("preset", {})}.items():
            track = self._sampled(entry["node"], "translation")
            if track is not None:
                weights[arkit_name(name) or name] = np.clip(track[:, 0], 0, 1)
        return weights

    @staticmethod
    def _lids(weights: dict[str, Array], eyes: Array | None) -> dict[str, Array]:
        both = weights.get("blink")
        left, right = (weights.get(f"blink{side}", weights.get(f"eyeBlink{side}", both)) for side in ("Left", "Right"))
        if left is None or right is None:
            return {}
        lids = np.stack([left, right], axis=1)
        if eyes is not None:
            lids = lids - rig.LID_FOLLOWS_GAZE_PER_RAD * np.maximum(0, -eyes[:, :, 1])
        return {"lids": np.clip(lids, 0, 1)}


def _mouth_of_vowels(weights: dict[str, Array]) -> dict[str, Array]:
    """The mouth of an animation that has it as VRM's vowels: the inverse of `VRM_EXPRESSIONS`."""
    if not set(_VOWEL_EXPRESSIONS) & set(weights):
        return {}
    none = np.zeros_like(next(iter(weights.values())))
    aa, ih, ou, ee, oh = (weights.get(name, none) for name in _VOWEL_EXPRESSIONS)
    open_gain, round_gain = VRM_EXPRESSIONS["aa"][0][1], -VRM_EXPRESSIONS["aa"][1][1]
    stretch = np.maximum(ih, ee)
    jaw = np.clip((aa + round_gain * (oh + ou)) / open_gain, 0, 1)
    return {
        "jawOpen": jaw, "mouthFunnel": oh, "mouthPucker": ou, "mouthStretchLeft": stretch, "mouthStretchRight": stretch,
    }  # fmt: skip
