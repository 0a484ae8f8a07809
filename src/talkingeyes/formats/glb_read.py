"""An animated glTF avatar back to a motion: the inverse of `talkingeyes.formats.glb`, for our files and others'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.eyeballs import LOOKS
from talkingeyes.avatar.geometry import read_values
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.rig import EYES, AvatarRig
from talkingeyes.errors import FormatError
from talkingeyes.motion import MAX_FRAMES, Motion
from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD, FACE_NAMES, LID_FOLLOWS_GAZE_PER_RAD
from talkingeyes.rotations import (
    matrix_from_quaternion,
    yaw_pitch_from_direction,
    ypr_from_matrix,
)

Array = NDArray[Any]
_SIDES = ("Left", "Right")


def read_glb(path: Path) -> Motion:
    """Head, eyes, lids and face of an animated avatar (.glb, .vrm).

    The last animation of ours is read, else the last one that moves head, eyes or ARKit shapes; at its own rate, told
    by the file where it is ours and by the median distance of keys otherwise.

    Raises:
        FormatError: an avatar that cannot be read (`open_avatar`), or one without such an animation.
    """
    glb, avatar = open_avatar(path)
    with reading(path.name):
        return _Reader(glb, avatar, path.name).motion()


class _Reader:
    def __init__(self, glb: Glb, avatar: AvatarRig, name: str) -> None:
        self.glb, self.avatar, self.name = glb, avatar, name
        self.animation = self._choose()
        self.is_own = self.animation.get("extras", {}).get("generator") == "TalkingEyes"
        self.tracks = {
            (c["target"].get("node"), c["target"]["path"]): self.animation["samplers"][c["sampler"]]
            for c in self.animation["channels"]
        }
        self.fps, self.times_s = self._clock()

    def _choose(self) -> dict[str, Any]:
        ours = {bone.node for bone in self.avatar.bones.values()} | {m.node for m in self.avatar.morphs}
        animations = self.glb.document.get("animations", [])
        moving = [a for a in animations if any(c["target"].get("node") in ours for c in a["channels"])]
        own = [a for a in moving if a.get("extras", {}).get("generator") == "TalkingEyes"]
        if not moving:
            raise FormatError(
                f"{self.name}: holds {len(animations)} animations, none of which moves head, eyes or ARKit shapes"
            )
        return (own or moving)[-1]

    def _clock(self) -> tuple[float, Array]:
        keys = [read_values(self.glb, s["input"]) for s in self.tracks.values()]
        longest = max(keys, key=len)
        step = float(np.median(np.diff(longest))) if len(longest) > 1 else 1 / 30
        fps = float(self.animation["extras"]["fps"]) if self.is_own else round(1 / step, 3)
        if not 1 <= fps <= 1000:
            raise FormatError(f"{self.name}: its animation has {fps:g} keys per second; 1 to 1000 are accepted")
        count = round(max(float(k.max()) for k in keys) * fps) + 1
        if count > MAX_FRAMES:
            raise FormatError(f"{self.name}: its animation has {count} frames; {MAX_FRAMES} are accepted")
        return fps, np.arange(count) / fps

    def _sampled(self, node: int, path: str) -> Array | None:
        """(T, width) of a track at the frame times, None where the node has none; rotations are renormalised."""
        sampler = self.tracks.get((node, path))
        if sampler is None:
            return None
        keys = read_values(self.glb, sampler["input"])
        values = read_values(self.glb, sampler["output"])
        how = sampler.get("interpolation", "LINEAR")
        values = values.reshape(len(keys), 3, -1)[:, 1] if how == "CUBICSPLINE" else values.reshape(len(keys), -1)
        if path == "rotation":
            flips = np.where(np.sum(values[1:] * values[:-1], axis=1) < 0, -1.0, 1.0)
            values = values * np.concatenate([[1.0], np.cumprod(flips)])[:, None]
        if how == "STEP":
            return values[np.clip(np.searchsorted(keys, self.times_s + 1e-6, side="right") - 1, 0, len(keys) - 1)]
        return np.stack([np.interp(self.times_s, keys, column) for column in values.T], axis=1)

    def _turns(self) -> dict[str, Array]:
        """(T, 3, 3) how far each bone turns in space, of those that the animation moves."""
        turns: dict[str, Array] = {}
        for role in ("Neck", "Head", *EYES):
            bone = self.avatar.bones.get(role)
            if bone is None:
                continue
            track = self._sampled(bone.node, "rotation")
            local = self.avatar.model_from_local(role, matrix_from_quaternion(track)) if track is not None else None
            above = turns.get(bone.above) if bone.above is not None else None
            if local is not None or above is not None:
                own = local if local is not None else np.eye(3)
                turns[role] = own if above is None else above @ own
        return turns

    def motion(self) -> Motion:
        turns, weights = self._turns(), self._weights()
        channels: dict[str, Any] = {}
        head = turns.get("Head", turns.get("Neck"))
        if head is not None:
            channels["head_rad"] = ypr_from_matrix(head)
        eyes = self._eyes(turns, head, weights)
        if eyes is not None:
            channels["eyes_rad"] = eyes
        lids = self._lids(weights, eyes)
        if lids is not None:
            channels["lids"] = lids
        names = tuple(n for n in FACE_NAMES if n in weights)
        if names:
            channels["face"] = np.clip(np.stack([weights[n] for n in names], axis=1), 0, 1)
            channels["face_names"] = names
        meta = {"generator": f"animation of {self.name}", "animation": str(self.animation.get("name", ""))}
        return Motion(fps=self.fps, meta=meta, **channels)

    def _weights(self) -> dict[str, Array]:
        """ARKit coefficients that a target shows alone."""
        found: dict[str, Array] = {}
        for mesh in self.avatar.morphs:
            table = self._sampled(mesh.node, "weights")
            for index, recipe in mesh.recipes.items():
                if table is not None and len(recipe) == 1 and recipe[0][1] > 0:
                    found.setdefault(recipe[0][0], table[:, index] / recipe[0][1])
        return found

    def _eyes(self, turns: dict[str, Array], head: Array | None, weights: dict[str, Array]) -> Array | None:
        """(T, 2, 2) from the bones that turn the eyes, else from the eyeLook targets."""
        nodes = [self.avatar.bones[role].node for role in EYES if role in self.avatar.bones]
        if self.avatar.eye_bones_turn and any((node, "rotation") in self.tracks for node in nodes):
            back = np.eye(3) if head is None else np.swapaxes(head, -1, -2)
            shown = np.stack([ypr_from_matrix(back @ turns[role])[:, :2] for role in EYES if role in turns], axis=1)
            return self._meant(shown)
        if not all(f"eyeLook{look}{side}" in weights for look in LOOKS for side in _SIDES):
            return None
        return self._meant(np.stack([self._aimed(side, weights) for side in _SIDES], axis=1))

    def _meant(self, shown_rad: Array) -> Array:
        """The gaze that the avatar shows in proportion, where its eyes turn less than people's."""
        reach = self.avatar.eye_range if self.is_own else None
        return shown_rad if reach is None else reach.meant(shown_rad)

    def _aimed(self, side: str, weights: dict[str, Array]) -> Array:
        out, inside, up, down = (weights[f"eyeLook{look}{side}"] for look in LOOKS)
        if side in self.avatar.eyeballs:
            front = self.avatar.eyeballs[side].front
            moved = sum(w[:, None] * front[look] for w, look in zip((out, inside, up, down), LOOKS, strict=True))
            return yaw_pitch_from_direction(np.array([0.0, 0.0, 1.0]) + moved)
        outward = 1.0 if side == "Left" else -1.0
        return np.stack([outward * EYE_LOOK_SIDE_RAD * (out - inside), EYE_LOOK_UP_DOWN_RAD * (up - down)], axis=1)

    def _lids(self, weights: dict[str, Array], eyes: Array | None) -> Array | None:
        """(T, 2) closure by blinking; where blink targets carry the gaze part too, it is taken out."""
        if not all(f"eyeBlink{side}" in weights for side in _SIDES):
            return None
        lids = np.stack([weights[f"eyeBlink{side}"] for side in _SIDES], axis=1)
        if eyes is not None and not (self.avatar.eye_looks and self.avatar.lid_follows_gaze_per_rad > 0):
            lids = lids - LID_FOLLOWS_GAZE_PER_RAD * np.maximum(0, -eyes[:, :, 1])
        return np.clip(lids, 0, 1)
