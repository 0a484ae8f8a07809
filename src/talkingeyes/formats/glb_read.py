"""An animated glTF avatar back to a motion: the inverse of `talkingeyes.formats.glb`, for our files and others'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar import names
from talkingeyes.avatar.eye_range import followed
from talkingeyes.avatar.eyeballs import LOOKS
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.rig import EYES, AvatarRig
from talkingeyes.errors import FormatError
from talkingeyes.formats.keys import Tracks
from talkingeyes.motion import Motion
from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD, FACE_NAMES, LID_FOLLOWS_GAZE_PER_RAD
from talkingeyes.rotations import (
    matrix_from_quaternion,
    yaw_pitch_from_direction,
    ypr_from_matrix,
)

Array = NDArray[Any]
_SIDES = ("Left", "Right")


def read_glb(path: Path, *, fps: float | None = None) -> Motion:
    """Head, eyes, lids and face of an animated avatar (.glb, .vrm, .gltf).

    The last animation of ours is read, else the last one that moves head, eyes or ARKit shapes.

    Args:
        path: the file.
        fps: the rate to sample its keys at; otherwise the file's own where it is ours, that of evenly set keys, or 30.

    Raises:
        FormatError: an avatar that cannot be read (`open_avatar`), or one without such an animation.
    """
    glb, avatar = open_avatar(path)
    with reading(path.name):
        return _Reader(glb, avatar, path.name, fps).motion()


class _Reader:
    def __init__(self, glb: Glb, avatar: AvatarRig, name: str, fps: float | None) -> None:
        self.glb, self.avatar, self.name = glb, avatar, name
        self.animation = self._choose()
        self.tracks = Tracks(glb, self.animation, name)
        self.is_own = self.tracks.is_own
        self.clock = self.tracks.clock(fps)

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

    def _sampled(self, node: int, path: str) -> Array | None:
        return self.tracks.sampled(node, path, self.clock.times_s)

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
        given = tuple(n for n in FACE_NAMES if n in weights)
        if given:
            channels["face"] = np.clip(np.stack([weights[n] for n in given], axis=1), 0, 1)
            channels["face_names"] = given
        meta: dict[str, Any] = {"generator": f"animation of {self.name}"}
        meta |= {"animation": str(self.animation.get("name", "")), "fps_source": self.clock.source}
        if lost := self._lost(channels):
            meta["left_out"] = lost
        return Motion(fps=self.clock.fps, meta=meta, **channels)

    def _lost(self, channels: dict[str, Any]) -> str | None:
        """What a user should know that the animation moves and the motion lacks."""
        driven = {name for mesh in self.avatar.morphs for recipe in mesh.recipes.values() for name, _ in recipe}
        looks = [f"eyeLook{look}{side}" for side in _SIDES for look in LOOKS]
        missing = [name for name in looks if name not in driven]
        moved = any(self.tracks.moves(mesh.node, "weights") for mesh in self.avatar.morphs)
        if "eyes_rad" in channels or not moved or len(missing) in (0, len(looks)):
            return None
        return f"the gaze is left out, the avatar has no shape for {missing[0]}"

    def _weights(self) -> dict[str, Array]:
        """ARKit coefficients from the weights of the targets that show them, all meshes together.

        A target that shows several (a look of both eyes, a vowel) says only their sum: they take equal shares, by the
        least squares of all targets.
        """
        rows: list[Array] = []
        mixes: list[names.Recipe] = []
        for mesh in self.avatar.morphs:
            table = self._sampled(mesh.node, "weights")
            if table is not None:
                rows += [table[:, index] for index in mesh.recipes]
                mixes += mesh.recipes.values()
        known = list(dict.fromkeys(name for recipe in mixes for name, gain in recipe if gain > 0))
        if not known:
            return {}
        system = np.zeros((len(mixes), len(known)))
        for row, recipe in enumerate(mixes):
            for name, gain in recipe:
                if name in known:
                    system[row, known.index(name)] += gain
        return dict(zip(known, np.linalg.pinv(system) @ np.stack(rows), strict=True))

    def _eyes(self, turns: dict[str, Array], head: Array | None, weights: dict[str, Array]) -> Array | None:
        """(T, 2, 2) from the bones that turn the eyes, else from the eyeLook targets."""
        nodes = [self.avatar.bones[role].node for role in EYES if role in self.avatar.bones]
        if self.avatar.eye_bones_turn and any(self.tracks.moves(node, "rotation") for node in nodes):
            back = np.eye(3) if head is None else np.swapaxes(head, -1, -2)
            shares = self.avatar.eye_shares if self.is_own else {}
            shown = [
                followed(ypr_from_matrix(back @ turns[role])[:, :2], shares.get(side, 1.0))
                for role, side in zip(EYES, _SIDES, strict=True)
                if role in turns
            ]
            return self._meant(np.stack(shown, axis=1))
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
