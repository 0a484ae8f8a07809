"""Live Link Face over UDP: Epic's packet, as its app sends it and Unreal's Apple ARKit Face plug-in reads it.

Version 6, all numbers big-endian: uint8 version; device id and subject name, each an int32 length and that many bytes;
int32 frame number, float32 sub-frame, int32 numerator and denominator of the rate; uint8 count (61); 61 float32 in
Apple's order, then the angles of head and eyes (radians with Live Link Face's signs, docs/conventions.md).
Source: AppleARKitLiveLinkSource.cpp of Unreal Engine, as described by think-biq/LLV and PyLiveLinkFace.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from talkingeyes.errors import FormatError
from talkingeyes.formats.arkit_table import COLUMNS, Array, table_of
from talkingeyes.motion import Motion

PORT = 11111
VERSION = 6
MAX_TEXT_BYTES = 256
MAX_PACKET_BYTES = 1 + 2 * (4 + MAX_TEXT_BYTES) + 16 + 1 + 4 * 255

_TIME = struct.Struct(">ifii")


@dataclass(frozen=True)
class Packet:
    """One frame of one face.

    Attributes:
        device: the phone's id; ours is the stream's.
        subject: what Unreal lists it as.
        frame: counted at ``rate``.
        sub_frame: part of a frame, 0..1.
        rate: frames per second.
        values: 61, or none where no face is seen.
    """

    device: str
    subject: str
    frame: int
    sub_frame: float
    rate: Fraction
    values: tuple[float, ...] = ()

    def encode(self) -> bytes:
        """The packet's bytes."""
        head = bytes([VERSION]) + b"".join(struct.pack(">i", len(t)) + t for t in self._texts())
        time = _TIME.pack(self.frame, self.sub_frame, self.rate.numerator, self.rate.denominator)
        return head + time + struct.pack(f">B{len(self.values)}f", len(self.values), *self.values)

    def _texts(self) -> tuple[bytes, bytes]:
        return self.device.encode()[:MAX_TEXT_BYTES], self.subject.encode()[:MAX_TEXT_BYTES]


def decode(data: bytes) -> Packet:
    """Read a packet back.

    Raises:
        FormatError: another version, a text, count or rate out of range, too short or too long.
    """
    try:
        return _decoded(data)
    except (struct.error, UnicodeDecodeError, IndexError):
        raise FormatError(f"Live Link Face packet: damaged or cut off ({len(data)} bytes)") from None


def _decoded(data: bytes) -> Packet:
    if len(data) > MAX_PACKET_BYTES:
        raise FormatError(f"Live Link Face packet: {len(data)} bytes; up to {MAX_PACKET_BYTES} are accepted")
    if data[0] != VERSION:
        raise FormatError(f"Live Link Face packet: version {data[0]}; {VERSION} is accepted")
    at, texts = 1, []
    for _ in range(2):
        (length,) = struct.unpack_from(">i", data, at)
        if not 0 <= length <= MAX_TEXT_BYTES or at + 4 + length > len(data):
            raise FormatError(f"Live Link Face packet: a text of {length} bytes; up to {MAX_TEXT_BYTES} are accepted")
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    frame, sub_frame, numerator, denominator = _TIME.unpack_from(data, at)
    at += _TIME.size
    count = data[at]
    values = struct.unpack_from(f">{count}f", data, at + 1)
    if count not in (0, len(COLUMNS)) or len(data) != at + 1 + 4 * count:
        raise FormatError(f"Live Link Face packet: {count} values in {len(data)} bytes; 0 or {len(COLUMNS)}")
    if numerator <= 0 or denominator <= 0 or not all(abs(v) < 1e6 for v in (sub_frame, *values)):
        raise FormatError("Live Link Face packet: a rate or a value that is not finite or out of range")
    device, subject = texts
    return Packet(device, subject, frame, sub_frame, Fraction(numerator, denominator), values)


def packets_of(motion: Motion, *, device: str, subject: str, first_frame: int = 0) -> Iterator[bytes]:
    """A packet for each frame; numbers count from ``first_frame`` at audio time 0."""
    rate = Fraction(motion.fps).limit_denominator(1001)
    table: Array = table_of(motion)
    start = first_frame + int(motion.meta.get("start_frame", 0))
    for i, row in enumerate(table.tolist()):
        yield Packet(device, subject, (start + i) % 2**31, 0.0, rate, tuple(row)).encode()
