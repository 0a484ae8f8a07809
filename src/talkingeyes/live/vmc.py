"""Virtual Motion Capture protocol (OSC over UDP): head and eyes as bones, lids and face as VRM expressions.

Source: the VMC protocol's specification (protocol.vmc.info), "Marionette" messages. Unity's space is left-handed: +X is
the character's *right*, +Y up, +Z out of the face. Mirroring X keeps left left: a turn (x, y, z, w) becomes
(x, -y, -z, w). Bones are those of a normalised VRM (identity at rest), each turned against its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.formats.vrma_mouth import Mouth, expression_weights
from talkingeyes.motion import Motion
from talkingeyes.rig import NECK_SHARE
from talkingeyes.rotations import fraction_of, matrix_from_ypr, quaternion_from_matrix

PORT = 39539
MAX_PACKET_BYTES = 1400
"""A packet stays whole on any network; a frame is several of them."""
VRM_0_NAMES = {
    "aa": "A", "ih": "I", "ou": "U", "ee": "E", "oh": "O", "blink": "Blink", "blinkLeft": "Blink_L",
    "blinkRight": "Blink_R",
}  # fmt: skip
"""VRM 1.0's names of presets -> those of VRM 0.x."""

_MIRROR_X: NDArray[np.float64] = np.array([1.0, -1.0, -1.0, 1.0])
_Message = tuple[str, tuple[Any, ...]]


def unity_quaternions(ypr_rad: NDArray[Any]) -> NDArray[Any]:
    """Turns (T, 2 or 3) in our space as quaternions (T, 4) x, y, z, w in Unity's."""
    return quaternion_from_matrix(matrix_from_ypr(ypr_rad)) * _MIRROR_X


def bones_of(motion: Motion) -> dict[str, NDArray[Any]]:
    """Bone -> (T, 4) local rotation in Unity's space; the head's turn is shared with the neck (`rig.NECK_SHARE`)."""
    bones = {}
    if motion.head_rad is not None:
        whole = matrix_from_ypr(motion.head_rad)
        neck = fraction_of(whole, NECK_SHARE)
        bones["Neck"] = quaternion_from_matrix(neck) * _MIRROR_X
        bones["Head"] = quaternion_from_matrix(np.swapaxes(neck, -1, -2) @ whole) * _MIRROR_X
    if motion.eyes_rad is not None:
        bones |= {name: unity_quaternions(motion.eyes_rad[:, i]) for i, name in enumerate(("LeftEye", "RightEye"))}
    return bones


def messages_of(motion: Motion, mouth: Mouth, *, names: str = "both") -> Iterator[list[_Message]]:
    """The messages of each frame, ``/VMC/Ext/Blend/Apply`` last.

    Args:
        motion: with ``meta["start_frame"]``.
        mouth: whether vowels or ARKit's shapes carry the mouth, and the avatar's expressions if they are known.
        names: of the preset expressions: "0" or "1" for VRM 0.x or 1.0, or "both".
    """
    bones = bones_of(motion)
    preset, custom = expression_weights(motion, mouth)
    blends = dict(preset) if names != "0" else {}
    if names != "1":
        blends |= {VRM_0_NAMES.get(name, name): values for name, values in preset.items()}
    blends |= custom
    first = int(motion.meta.get("start_frame", 0))
    for i in range(motion.num_frames):
        frame: list[_Message] = [("/VMC/Ext/OK", (1,)), ("/VMC/Ext/T", ((first + i) / motion.fps,))]
        for name, turns in bones.items():
            frame.append(("/VMC/Ext/Bone/Pos", (name, 0.0, 0.0, 0.0, *turns[i].tolist())))
        frame += [("/VMC/Ext/Blend/Val", (name, float(values[i]))) for name, values in blends.items()]
        yield [*frame, ("/VMC/Ext/Blend/Apply", ())]


def packets_of(motion: Motion, mouth: Mouth, *, names: str = "both") -> Iterator[bytes]:
    """OSC bundles of at most `MAX_PACKET_BYTES`, frame by frame."""
    for frame in messages_of(motion, mouth, names=names):
        yield from _bundles(frame)


def _bundles(messages: list[_Message]) -> Iterator[bytes]:
    from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder

    builder, size = OscBundleBuilder(IMMEDIATELY), 16
    for address, values in messages:
        message = _built(address, values)
        if size + 4 + message.size > MAX_PACKET_BYTES:
            yield builder.build().dgram
            builder, size = OscBundleBuilder(IMMEDIATELY), 16
        builder.add_content(message)
        size += 4 + message.size
    yield builder.build().dgram


def _built(address: str, values: tuple[Any, ...]) -> Any:
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value, "f" if isinstance(value, float) else None)
    return builder.build()
