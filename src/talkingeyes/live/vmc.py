"""Virtual Motion Capture protocol (OSC over UDP): head and eyes as bones, lids and face as VRM expressions.

Source: the VMC protocol's specification (protocol.vmc.info), "Marionette" messages. Unity's space is left-handed: +X is
the character's *right*, +Y up, +Z out of the face. Mirroring X keeps left left: a turn (x, y, z, w) becomes
(x, -y, -z, w). Bones are those of a normalised VRM (identity at rest), each turned against its parent.

A frame's bundles differ from the last one's in numbers alone, so their bytes are laid out once (`_Layout`) and then
filled in: a session at 30 frames per second would spend an eighth of a processor on a builder of messages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.formats.vrma_mouth import Mouth, expression_weights
from talkingeyes.motion import Motion
from talkingeyes.rig import NECK_SHARE
from talkingeyes.rotations import quaternion_from_ypr, quaternion_power

PORT = 39539
MAX_PACKET_BYTES = 1400
"""A packet stays whole on any network; a frame is several of them."""
VRM_0_NAMES = {
    "aa": "A", "ih": "I", "ou": "U", "ee": "E", "oh": "O", "blink": "Blink", "blinkLeft": "Blink_L",
    "blinkRight": "Blink_R",
}  # fmt: skip
"""VRM 1.0's names of presets -> those of VRM 0.x."""

_MIRROR_X: NDArray[np.float64] = np.array([1.0, -1.0, -1.0, 1.0])
_BUNDLE = b"#bundle\0" + struct.pack(">Q", 1)
"""An OSC bundle that counts at once; each message follows its length."""
_AT_ONCE = 1000


def bones_of(motion: Motion) -> dict[str, NDArray[Any]]:
    """Bone -> (T, 4) local rotation in Unity's space; the head's turn is shared with the neck (`rig.NECK_SHARE`)."""
    bones = {}
    if motion.head_rad is not None:
        whole = quaternion_from_ypr(motion.head_rad) * _MIRROR_X
        bones |= {"Neck": quaternion_power(whole, NECK_SHARE), "Head": quaternion_power(whole, 1 - NECK_SHARE)}
    if motion.eyes_rad is not None:
        eyes = quaternion_from_ypr(motion.eyes_rad) * _MIRROR_X
        bones |= {"LeftEye": eyes[:, 0], "RightEye": eyes[:, 1]}
    return bones


def blends_of(motion: Motion, mouth: Mouth, *, names: str = "both") -> dict[str, NDArray[Any]]:
    """Expression -> (T,) weight."""
    preset, custom = expression_weights(motion, mouth)
    blends = dict(preset) if names != "0" else {}
    if names != "1":
        blends |= {VRM_0_NAMES.get(name, name): values for name, values in preset.items()}
    return blends | custom


def packets_of(motion: Motion, mouth: Mouth, *, names: str = "both") -> Iterator[bytes]:
    """OSC bundles of at most `MAX_PACKET_BYTES`, frame by frame, ``/VMC/Ext/Blend/Apply`` last.

    Args:
        motion: with ``meta["start_frame"]``.
        mouth: whether vowels or ARKit's shapes carry the mouth, and the avatar's expressions if they are known.
        names: of the preset expressions: "0" or "1" for VRM 0.x or 1.0, or "both".
    """
    bones, blends = bones_of(motion), blends_of(motion, mouth, names=names)
    layout = _layout(tuple(bones), tuple(blends))
    times_s = (int(motion.meta.get("start_frame", 0)) + np.arange(motion.num_frames)) / motion.fps
    values = np.column_stack([times_s, *bones.values(), *blends.values()])
    for start in range(0, len(values), _AT_ONCE):
        yield from layout.filled(values[start : start + _AT_ONCE])


class _Layout:
    """The bytes of a frame's bundles, and where its numbers go.

    Args:
        messages: address, and arguments: text, whole numbers, constants, or None for a number to be filled in.
    """

    def __init__(self, messages: list[tuple[str, tuple[Any, ...]]]) -> None:
        packets, places = [_BUNDLE], []
        for address, arguments in messages:
            message, holes = _message(address, arguments)
            if len(packets[-1]) + 4 + len(message) > MAX_PACKET_BYTES:
                packets.append(_BUNDLE)
            first = sum(map(len, packets)) + 4
            places += [first + hole for hole in holes]
            packets[-1] += struct.pack(">i", len(message)) + message
        self._bytes = np.frombuffer(b"".join(packets), np.uint8)
        self._places = (np.array(places)[:, None] + np.arange(4)).reshape(-1)
        self._ends = np.cumsum([len(packet) for packet in packets]).tolist()

    def filled(self, values: NDArray[Any]) -> Iterator[bytes]:
        """(T, numbers) -> the packets of each frame."""
        table = np.repeat(self._bytes[None], len(values), axis=0)
        table[:, self._places] = np.ascontiguousarray(values, ">f4").view(np.uint8)
        for row in table:
            data, start = row.tobytes(), 0
            for end in self._ends:
                yield data[start:end]
                start = end


@lru_cache(maxsize=32)
def _layout(bones: tuple[str, ...], blends: tuple[str, ...]) -> _Layout:
    messages: list[tuple[str, tuple[Any, ...]]] = [("/VMC/Ext/OK", (1,)), ("/VMC/Ext/T", (None,))]
    messages += [("/VMC/Ext/Bone/Pos", (name, 0.0, 0.0, 0.0, None, None, None, None)) for name in bones]
    messages += [("/VMC/Ext/Blend/Val", (name, None)) for name in blends]
    return _Layout([*messages, ("/VMC/Ext/Blend/Apply", ())])


def _message(address: str, arguments: tuple[Any, ...]) -> tuple[bytes, list[int]]:
    """An OSC message (opensoundcontrol.org, 1.0), and the places of the numbers that are still to be filled in."""
    kinds = "".join({str: "s", int: "i"}.get(type(value), "f") for value in arguments)
    data, holes = _text(address) + _text(f",{kinds}"), []
    for value in arguments:
        if value is None:
            holes.append(len(data))
        form = ">i" if isinstance(value, int) else ">f"
        data += _text(value) if isinstance(value, str) else struct.pack(form, value or 0)
    return data, holes


def _text(text: str) -> bytes:
    """Ends with one to four zeros, so that four bytes follow four bytes."""
    data = text.encode()
    return data + bytes(4 - len(data) % 4)
