"""Where live frames go: what every target has, UDP receivers, and standard output. None ever holds the session up."""

from __future__ import annotations

import asyncio
import socket
import sys
import uuid
from collections.abc import Callable, Iterable
from typing import Protocol

from talkingeyes.errors import OutputError
from talkingeyes.live import live_link, vmc
from talkingeyes.live.addresses import Address, failed
from talkingeyes.live.frames import Hello, encode, frames_of
from talkingeyes.motion import Motion


class Sink(Protocol):
    """One target.

    Attributes:
        name: what people call it.
        sent: frames that went out.
        dropped: frames that a slow or absent reader lost.
        problem: what is wrong with it at the moment; empty if nothing is.
    """

    name: str
    sent: int
    dropped: int
    problem: str

    async def open(self, hello: Hello) -> None:
        """Connect or listen.

        Raises:
            TalkingEyesError: it cannot be reached.
        """

    def send(self, motion: Motion) -> None:
        """Frames that are due; returns at once."""

    async def flush(self) -> None:
        """Wait until what was sent is out, for sound that is animated faster than it plays."""

    async def close(self) -> None:
        """Let go."""


class Datagrams:
    """UDP: VMC and Live Link Face. Nobody has to be there.

    Args:
        address: where to.
        packets: of a motion: for each of its frames, its packets.
    """

    def __init__(self, address: Address, packets: Callable[[Motion], Iterable[bytes]]) -> None:
        self.name, self.sent, self.dropped, self.problem = address.text, 0, 0, ""
        self._address, self._packets = address, packets
        self._socket: socket.socket | None = None

    async def open(self, hello: Hello) -> None:
        """Find the host."""
        self._socket = self._address.connect_datagrams()

    def send(self, motion: Motion) -> None:
        """Send what there is; a receiver that is not there is no error."""
        assert self._socket is not None
        lost = False
        for packet in self._packets(motion):
            try:
                self._socket.send(packet)
            except (BlockingIOError, ConnectionError):  # full, or the machine says that nobody listens
                lost = True
            except OSError as error:
                raise failed(self.name, error) from None
        self.sent += 0 if lost else motion.num_frames
        self.dropped += motion.num_frames if lost else 0

    async def flush(self) -> None:
        """Let receivers read."""
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Let go of the socket."""
        if self._socket is not None:
            self._socket.close()


def vmc_sink(address: Address) -> Datagrams:
    """A VMC receiver: ``?mouth=vowels|arkit&vrm=0|1|both``."""
    from talkingeyes.formats.vrma_mouth import Mouth

    mouth = Mouth(address.choice("mouth", ("vowels", "arkit"), "vowels"), "as asked")
    names = address.choice("vrm", ("0", "1", "both"), "both")
    return Datagrams(address, lambda motion: vmc.packets_of(motion, mouth, names=names))


def live_link_sink(address: Address) -> Datagrams:
    """Unreal Engine: ``?subject=NAME&device=ID``."""
    subject = address.options.get("subject", "TalkingEyes")
    device = address.options.get("device", str(uuid.uuid5(uuid.NAMESPACE_URL, f"talkingeyes:{subject}")).upper())
    if max(len(subject.encode()), len(device.encode())) > live_link.MAX_TEXT_BYTES:
        raise OutputError(f"{address.text[:80]}..: a name of more than {live_link.MAX_TEXT_BYTES} bytes")
    return Datagrams(address, lambda motion: live_link.packets_of(motion, device=device, subject=subject))


class StandardOutput:
    """A hello and frames as JSON, one a line."""

    def __init__(self) -> None:
        self.name, self.sent, self.dropped, self.problem = "-", 0, 0, ""
        self._session = ""

    async def open(self, hello: Hello) -> None:
        """Write the hello."""
        self._session = hello.session
        self._write([encode(hello)])

    def send(self, motion: Motion) -> None:
        """Write the frames."""
        self._write([encode(frame) for frame in frames_of(motion, self._session)])
        self.sent += motion.num_frames

    @staticmethod
    def _write(lines: list[str | bytes]) -> None:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()

    async def flush(self) -> None:
        """Nothing waits."""

    async def close(self) -> None:
        """Nothing is open."""
