"""VMC as an independent reader sees it: OSC packets of a real socket, and bones turned in Unity's space by hand."""

import math
import socket
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pythonosc")
from pythonosc.osc_packet import OscPacket

from talkingeyes.formats.vrma_mouth import Mouth
from talkingeyes.live.vmc import MAX_PACKET_BYTES, packets_of
from talkingeyes.motion import Motion
from tests.live.test_frames import moving

FORWARD, UP, LEFT = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)
"""In Unity's left-handed space the character looks along +Z and +X is its right."""


def turned(q: tuple[float, ...], v: tuple[float, ...]) -> np.ndarray:
    """Unity's ``Quaternion * Vector3``, written out as its reference source has it."""
    x, y, z, w = q
    x2, y2, z2 = 2 * x, 2 * y, 2 * z
    xx, yy, zz, xy, xz, yz = x * x2, y * y2, z * z2, x * y2, x * z2, y * z2
    wx, wy, wz = w * x2, w * y2, w * z2
    return np.array([
        (1 - (yy + zz)) * v[0] + (xy - wz) * v[1] + (xz + wy) * v[2],
        (xy + wz) * v[0] + (1 - (xx + zz)) * v[1] + (yz - wx) * v[2],
        (xz - wy) * v[0] + (yz + wx) * v[1] + (1 - (xx + yy)) * v[2],
    ])  # fmt: skip


def times(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    """Unity's ``Quaternion * Quaternion``."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by + ay * bw + az * bx - ax * bz,
        aw * bz + az * bw + ax * by - ay * bx,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def received(motion: Motion, mouth: str = "vowels", names: str = "both") -> list[tuple[str, list[Any]]]:
    """What arrives on a loopback socket, read by python-osc."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        found = []
        for packet in packets_of(motion, Mouth(mouth, ""), names=names):
            assert len(packet) <= MAX_PACKET_BYTES
            here.sendto(packet, there.getsockname())
            found += [(m.message.address, list(m.message.params)) for m in OscPacket(there.recv(65536)).messages]
    return found


def bones(motion: Motion) -> dict[str, tuple[float, ...]]:
    return {p[0]: tuple(p[4:]) for address, p in received(motion) if address == "/VMC/Ext/Bone/Pos"}


def blends(motion: Motion, **options: str) -> dict[str, float]:
    return dict(p for address, p in received(motion, **options) if address == "/VMC/Ext/Blend/Val")  # type: ignore[arg-type,misc]


def posed(yaw: float = 0, pitch: float = 0, roll: float = 0) -> Motion:
    angles = np.radians([[yaw, pitch, roll]])
    return Motion(fps=30, head_rad=angles, eyes_rad=np.repeat(angles[:, None, :2], 2, axis=1), lids=np.zeros((1, 2)))


def head(motion: Motion) -> tuple[float, ...]:
    found = bones(motion)
    return times(found["Neck"], found["Head"])


def test_a_frame_has_its_messages_in_order() -> None:
    addresses = [address for address, _ in received(moving(2))]
    frames = " ".join(addresses).split("/VMC/Ext/OK")[1:]
    assert len(frames) == 2
    for frame in frames:
        kinds = list(dict.fromkeys(frame.split()))
        assert kinds == ["/VMC/Ext/T", "/VMC/Ext/Bone/Pos", "/VMC/Ext/Blend/Val", "/VMC/Ext/Blend/Apply"]
    assert addresses[-1] == "/VMC/Ext/Blend/Apply"


def test_the_types_are_those_of_the_protocol() -> None:
    for address, values in received(moving(1)):
        kinds = [type(value) for value in values]
        expected = {
            "/VMC/Ext/OK": [int],
            "/VMC/Ext/T": [float],
            "/VMC/Ext/Bone/Pos": [str, *[float] * 7],
            "/VMC/Ext/Blend/Val": [str, float],
            "/VMC/Ext/Blend/Apply": [],
        }[address]
        assert kinds == expected, address


def test_left_stays_left() -> None:
    for turn in (head(posed(yaw=30)), bones(posed(yaw=30))["LeftEye"], bones(posed(yaw=30))["RightEye"]):
        looks = turned(turn, FORWARD)
        assert np.dot(looks, LEFT) == pytest.approx(math.sin(math.radians(30)), abs=1e-6)
        assert looks[2] > 0.8


def test_up_stays_up() -> None:
    for turn in (head(posed(pitch=20)), bones(posed(pitch=20))["LeftEye"]):
        assert np.dot(turned(turn, FORWARD), UP) == pytest.approx(math.sin(math.radians(20)), abs=1e-6)


def test_the_left_side_of_the_head_goes_up_with_roll() -> None:
    assert np.dot(turned(head(posed(roll=15)), LEFT), UP) == pytest.approx(math.sin(math.radians(15)), abs=1e-6)


def test_a_compound_turn_is_the_mirror_of_ours() -> None:
    from talkingeyes.rotations import matrix_from_ypr

    ours = matrix_from_ypr(np.radians([25, -15, 10]))
    theirs = head(posed(25, -15, 10))
    for axis in np.eye(3):
        mirrored = turned(theirs, tuple(axis * [-1, 1, 1]))
        np.testing.assert_allclose(mirrored, (ours @ axis) * [-1, 1, 1], atol=1e-6)


def test_each_eye_turns_by_itself() -> None:
    eyes = np.array([[[0.1, 0.0], [0.2, 0.0]]])
    found = bones(Motion(fps=30, eyes_rad=eyes))
    assert set(found) == {"LeftEye", "RightEye"}
    assert turned(found["LeftEye"], FORWARD)[0] == pytest.approx(-math.sin(0.1), abs=1e-6)
    assert turned(found["RightEye"], FORWARD)[0] == pytest.approx(-math.sin(0.2), abs=1e-6)


def test_lids_have_the_names_of_both_vrm_versions() -> None:
    lids = Motion(fps=30, lids=np.array([[1.0, 0.25]]))
    assert blends(lids) == {"blinkLeft": 1.0, "blinkRight": 0.25, "Blink_L": 1.0, "Blink_R": 0.25}
    assert blends(lids, names="0") == {"Blink_L": 1.0, "Blink_R": 0.25}
    assert blends(lids, names="1") == {"blinkLeft": 1.0, "blinkRight": 0.25}


def test_the_mouth_is_carried_once() -> None:
    face = Motion(fps=30, face=np.array([[0.5, 0.25]]), face_names=("jawOpen", "browInnerUp"))
    vowels, arkit = blends(face, names="0"), blends(face, mouth="arkit", names="0")
    assert vowels["A"] > 0.2
    assert "jawOpen" not in vowels
    assert vowels["browInnerUp"] == arkit["browInnerUp"] == 0.25
    assert arkit["jawOpen"] == 0.5
    assert "A" not in arkit


def test_time_is_audio_time() -> None:
    times_s = [p[0] for address, p in received(moving(2, start=45)) if address == "/VMC/Ext/T"]
    assert times_s == pytest.approx([1.5, 46 / 30])
