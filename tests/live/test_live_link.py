"""Live Link Face packets as other readers see them: one written here from the public layout, and PyLiveLinkFace's."""

import math
import re
import socket
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talkingeyes.errors import FormatError
from talkingeyes.live.live_link import MAX_PACKET_BYTES, Packet, decode, packets_of
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES
from tests.live.test_frames import moving

DEVICE = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
UNREAL = tuple(
    re.findall(
        r"\w+",
        """
EyeBlinkLeft EyeLookDownLeft EyeLookInLeft EyeLookOutLeft EyeLookUpLeft EyeSquintLeft EyeWideLeft EyeBlinkRight
EyeLookDownRight EyeLookInRight EyeLookOutRight EyeLookUpRight EyeSquintRight EyeWideRight JawForward JawLeft
JawRight JawOpen MouthClose MouthFunnel MouthPucker MouthLeft MouthRight MouthSmileLeft MouthSmileRight
MouthFrownLeft MouthFrownRight MouthDimpleLeft MouthDimpleRight MouthStretchLeft MouthStretchRight MouthRollLower
MouthRollUpper MouthShrugLower MouthShrugUpper MouthPressLeft MouthPressRight MouthLowerDownLeft
MouthLowerDownRight MouthUpperUpLeft MouthUpperUpRight BrowDownLeft BrowDownRight BrowInnerUp BrowOuterUpLeft
BrowOuterUpRight CheekPuff CheekSquintLeft CheekSquintRight NoseSneerLeft NoseSneerRight TongueOut HeadYaw
HeadPitch HeadRoll LeftEyeYaw LeftEyePitch LeftEyeRoll RightEyeYaw RightEyePitch RightEyeRoll
""",
    )
)
"""Unreal's EARFaceBlendShape, in order."""


def reader(data: bytes) -> dict[str, object]:
    """A reader of its own, by the public description: a byte, two counted texts, a time, a count, floats."""
    place = 1
    texts = []
    for _ in range(2):
        length = int.from_bytes(data[place : place + 4], "big")
        texts.append(data[place + 4 : place + 4 + length].decode("ascii"))
        place += 4 + length
    (frame,) = struct.unpack("!i", data[place : place + 4])
    (sub,) = struct.unpack("!f", data[place + 4 : place + 8])
    numerator, denominator = struct.unpack("!ii", data[place + 8 : place + 16])
    count = data[place + 16]
    values = [struct.unpack("!f", data[at : at + 4])[0] for at in range(place + 17, len(data), 4)]
    assert count == len(values) == 61
    return {
        "version": data[0], "device": texts[0], "subject": texts[1], "frame": frame, "sub": sub,
        "rate": (numerator, denominator), **dict(zip(UNREAL, values, strict=True)),
    }  # fmt: skip


def received(motion: Motion) -> list[bytes]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        found = []
        for packet in packets_of(motion, device=DEVICE, subject="Eyes"):
            here.sendto(packet, there.getsockname())
            found.append(there.recv(65536))
    return found


def test_another_reader_finds_every_value() -> None:
    motion = moving(3, start=7)
    for i, data in enumerate(received(motion)):
        found = reader(data)
        assert (found["version"], found["device"], found["subject"]) == (6, DEVICE, "Eyes")
        assert (found["frame"], found["sub"], found["rate"]) == (7 + i, 0.0, (30, 1))
        assert motion.lids is not None
        assert found["EyeBlinkRight"] == pytest.approx(motion.lids[i, 1], abs=1e-6)
        assert found["JawOpen"] == pytest.approx(motion.coefficient("jawOpen")[i], abs=1e-6)
        assert found["TongueOut"] == pytest.approx(motion.coefficient("tongueOut")[i], abs=1e-6)


def test_pylivelinkface_reads_it() -> None:
    """Its reader takes four bytes for the version and 37 for the id; written out, since it asks for an old package."""
    data = received(moving(1))[0]
    version, uuid, name_length = (
        struct.unpack("<i", data[:4])[0],
        data[4:41].decode(),
        struct.unpack("!i", data[41:45])[0],
    )
    assert (version, uuid, name_length) == (6, "$" + DEVICE, 4)
    end = 45 + name_length
    frame, sub, fps, denominator, count = struct.unpack("!if2ib", data[end : end + 17])
    assert (frame, sub, fps, denominator, count) == (0, 0.0, 30, 1, 61)
    assert len(struct.unpack("!61f", data[end + 17 :])) == 61


def test_the_order_is_unreals() -> None:
    assert tuple(name[0].upper() + name[1:] for name in ARKIT_NAMES) == UNREAL[:52]


def test_left_stays_left_and_up_stays_up_by_the_signs_of_the_app() -> None:
    angles = np.radians([[20.0, 10.0, 5.0]])
    eyes = np.repeat(np.radians([[[15.0, 8.0]]]), 2, axis=1)
    found = reader(received(Motion(fps=30, head_rad=angles, eyes_rad=eyes))[0])
    assert found["HeadYaw"] == pytest.approx(-math.radians(20), abs=1e-6)  # the app's + is the character's right
    assert found["HeadPitch"] == pytest.approx(-math.radians(10), abs=1e-6)  # and down
    assert found["LeftEyeYaw"] == found["RightEyeYaw"] == pytest.approx(-math.radians(15), abs=1e-6)
    assert found["LeftEyePitch"] == pytest.approx(-math.radians(8), abs=1e-6)
    assert found["EyeLookOutLeft"] > 0.3 < found["EyeLookInRight"]  # type: ignore[operator]
    assert found["EyeLookUpLeft"] > 0.2  # type: ignore[operator]
    assert found["EyeLookOutRight"] == found["EyeLookDownLeft"] == 0


def test_a_rate_of_broadcast_is_exact() -> None:
    motion = moving(1).replace(fps=30000 / 1001)
    assert reader(received(motion)[0])["rate"] == (30000, 1001)


def test_our_own_reader_agrees() -> None:
    packet = decode(received(moving(1, start=3))[0])
    assert (packet.device, packet.subject, packet.frame, packet.rate) == (DEVICE, "Eyes", 3, Fraction(30))
    assert decode(packet.encode()) == packet
    empty = Packet("d", "s", 1, 0.5, Fraction(60))
    assert decode(empty.encode()) == empty


def test_half_packets_and_giant_ones_are_one_error() -> None:
    whole = received(moving(1))[0]
    for data in (*(whole[:end] for end in range(len(whole))), whole + b"\0", bytes(MAX_PACKET_BYTES + 1)):
        with pytest.raises(FormatError, match="Live Link Face packet"):
            decode(data)
    for wrong in (b"\x05" + whole[1:], b"\x06\xff\xff\xff\xff" + whole[5:], b"\x06\x7f\xff\xff\xff" + whole[5:]):
        with pytest.raises(FormatError, match="Live Link Face packet"):
            decode(wrong)
    with pytest.raises(FormatError, match="finite"):
        decode(whole[:-4] + struct.pack(">f", math.nan))
    with pytest.raises(FormatError, match="rate"):
        decode(Packet("d", "s", 0, 0.0, Fraction(-1)).encode())


@given(st.binary(max_size=600))
def test_garbage_is_one_error_and_nothing_else(data: bytes) -> None:
    for start in (b"", b"\x06\x00\x00\x00\x01a\x00\x00\x00\x01b"):
        try:
            decode(start + data)
        except FormatError as error:
            assert "\n" not in str(error)
