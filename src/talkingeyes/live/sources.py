"""Where live sound comes from: a microphone, standard input, a file, or a socket of this machine.

Every source gives blocks of mono samples of one rate. Raw samples (PCM) have no header: their form and rate are given.
"""

from __future__ import annotations

import asyncio
import math
import os
import socket
import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import AudioError, MissingExtraError, SettingError
from talkingeyes.live.addresses import Address, failed
from talkingeyes.live.resample import RATES_HZ
from talkingeyes.wording import quoted

PCM: dict[str, np.dtype[Any]] = {
    "s16le": np.dtype("<i2"), "s16be": np.dtype(">i2"), "s32le": np.dtype("<i4"), "f32le": np.dtype("<f4"),
    "u8": np.dtype("u1"),
}  # fmt: skip
"""Forms of raw samples, as FFmpeg names them."""
DEFAULT_RATE_HZ = 16_000
BLOCK_S = 0.02
MAX_DATAGRAM_BYTES = 65_536
MAX_WAITING = 256
"""Blocks of a microphone or datagrams that may wait; older ones are dropped."""

_READ_BYTES = 1 << 14
_CONTAINERS = {b"RIFF": "a WAV file", b"OggS": "an Ogg file", b"fLaC": "a FLAC file", b"ID3\x03": "an MP3 file"}

Sound = NDArray[np.float32]


@dataclass
class Source:
    """Sound of one voice.

    Attributes:
        name: what messages call it.
        rate_hz: of the blocks.
        live: whether it comes in real time (a microphone); otherwise it may come faster and waits.
        blocks: begins to give blocks, (n,) float32; ends with the source.
        endless: whether it goes on until it is stopped.
        prompt: whether its sound is there as soon as it is asked for.
        title: for files made of it.
        recording: the file, where it is one that other parts can read.
        problems: the last thing that a sender did wrong; it is left out, and the stream goes on.
    """

    name: str
    rate_hz: int
    live: bool
    blocks: Callable[[], AsyncGenerator[Sound, None]]
    endless: bool = False
    prompt: bool = False
    title: str = "live"
    recording: Path | None = None
    problems: deque[str] = field(default_factory=lambda: deque(maxlen=1))


class Decoder:
    """Raw bytes to samples, in any cuts.

    Args:
        form: a key of `PCM`.
        name: what messages call the source.
    """

    def __init__(self, form: str, name: str) -> None:
        self.kind, self.name = PCM[form], name
        self.rest, self._first = b"", True

    def push(self, data: bytes) -> Sound:
        """The whole samples so far.

        Raises:
            AudioError: the bytes begin as a sound file's, or hold NaN or more than full scale by far.
        """
        data = self.rest + data
        if self._first and len(data) >= 4:
            self._first = False
            if (kind := _CONTAINERS.get(data[:4])) is not None:
                raise AudioError(
                    f"{self.name}: is {kind}, not raw samples; for instance: "
                    "ffmpeg -i FILE -f s16le -ac 1 -ar 16000 - | talkingeyes stream - .."
                )
        whole = len(data) - len(data) % self.kind.itemsize
        self.rest, values = data[whole:], np.frombuffer(data[:whole], self.kind)
        return self._scaled(values)

    def _scaled(self, values: NDArray[Any]) -> Sound:
        if self.kind.kind == "f":
            if len(values) and not float(np.abs(values).max()) <= 16.0:
                raise AudioError(f"{self.name}: holds NaN, infinity or more than 16; is --pcm right? full scale is 1")
            return values.astype(np.float32)
        if self.kind.kind == "u":
            return (values.astype(np.float32) - 128) / 128
        return values.astype(np.float32) / np.float32(2 ** (8 * self.kind.itemsize - 1))

    def finish(self) -> None:
        """No more comes.

        Raises:
            AudioError: it ended within a sample.
        """
        if self.rest:
            raise AudioError(
                f"{self.name}: ended with {len(self.rest)} of {self.kind.itemsize} bytes of a sample; "
                "is --pcm right? All sound before it was used"
            )


def checked_rate(rate_hz: int | None) -> int:
    """The rate of raw samples.

    Raises:
        SettingError: out of range.
    """
    rate = DEFAULT_RATE_HZ if rate_hz is None else rate_hz
    if not RATES_HZ[0] <= rate <= RATES_HZ[1]:
        raise SettingError(f"--rate is {rate}; {RATES_HZ[0]} to {RATES_HZ[1]} samples per second are accepted")
    return rate


def open_source(name: str, pcm: str | None, rate_hz: int | None) -> Source:
    """The source that a word of the command line stands for; sockets listen and microphones are found at once.

    Args:
        name: ``mic``, ``mic:NAME``, ``-``, ``tcp://..``, ``udp://..`` or a file.
        pcm: the form of raw samples; None: a file's own.
        rate_hz: of raw samples.

    Raises:
        TalkingEyesError: there is no such thing, the port is in use, no microphone, or a setting does not fit.
    """
    if pcm is not None and pcm not in PCM:
        raise SettingError(f"--pcm is {quoted(pcm)}; {', '.join(PCM)} are accepted")
    if name == "mic" or name.startswith("mic:"):
        return _microphone(name[4:], rate_hz)
    if name == "-":
        if pcm is None:
            raise SettingError("- is raw samples that are piped in: say which with --pcm s16le --rate 16000")
        return _piped(pcm, checked_rate(rate_hz))
    if "://" in name:
        return _socket(name, pcm or "s16le", checked_rate(rate_hz))
    return _file(Path(name), pcm, rate_hz)


# -- files and pipes -------------------------------------------------------------------------------------------------


def _file(path: Path, pcm: str | None, rate_hz: int | None) -> Source:
    if not path.is_file():
        raise AudioError(f"{path}: there is no such file; mic, -, tcp://, udp:// or a recording is accepted")
    if pcm is not None:
        rate = checked_rate(rate_hz)

        async def raw() -> AsyncGenerator[Sound, None]:
            decoder = Decoder(pcm, f"{path}")
            with path.open("rb") as file:
                while data := await asyncio.to_thread(file.read, _block_bytes(pcm, rate)):
                    yield decoder.push(data)
            decoder.finish()

        return Source(f"{path}", rate, live=False, blocks=raw, prompt=True, title=path.stem)
    if rate_hz is not None:
        raise SettingError(f"--rate is {rate_hz} and {path} states its own rate; --rate is for raw samples (--pcm)")
    from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream

    async def decoded() -> AsyncGenerator[Sound, None]:
        stream = iter(MonoStream(path))
        while (block := await asyncio.to_thread(next, stream, None)) is not None:
            for start in range(0, len(block), int(SAMPLE_RATE_HZ * 0.2)):
                yield block[start : start + int(SAMPLE_RATE_HZ * 0.2)]

    return Source(f"{path}", SAMPLE_RATE_HZ, live=False, blocks=decoded, prompt=True, title=path.stem, recording=path)


def _block_bytes(pcm: str, rate_hz: int) -> int:
    return PCM[pcm].itemsize * max(1, int(rate_hz * 0.2))


def _piped(pcm: str, rate_hz: int) -> Source:
    if sys.stdin is None or sys.stdin.isatty():
        raise AudioError("- is sound that is piped in, and nothing is; for instance: .. | talkingeyes stream - ..")
    number = sys.stdin.fileno()

    async def blocks() -> AsyncGenerator[Sound, None]:
        decoder = Decoder(pcm, "standard input")
        while data := await _read(number):
            yield decoder.push(data)
        decoder.finish()

    return Source("standard input", rate_hz, live=False, blocks=blocks)


async def _read(number: int) -> bytes:
    """What is there, once something is; a thread of its own that is left behind when the stream ends before it."""
    import threading

    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(data: bytes) -> None:
        if not done.done():
            done.set_result(data)

    def read() -> None:
        try:
            data = os.read(number, _READ_BYTES)
        except OSError:
            data = b""
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, data)

    threading.Thread(target=read, daemon=True).start()
    return await done


# -- sockets ---------------------------------------------------------------------------------------------------------


def _socket(name: str, pcm: str, rate_hz: int) -> Source:
    address = Address.parse(name, ("tcp", "udp"))
    kind = socket.SOCK_STREAM if address.scheme == "tcp" else socket.SOCK_DGRAM
    listening = address.bind(kind)
    if kind == socket.SOCK_STREAM:
        listening.listen(64)
    shown = f"{address.scheme}://{address.host}:{listening.getsockname()[1]}"
    blocks = _from_tcp if address.scheme == "tcp" else _from_udp
    problems: deque[str] = deque(maxlen=1)
    live = address.scheme == "udp"
    return Source(
        shown, rate_hz, live, lambda: blocks(listening, pcm, shown, problems), endless=True, problems=problems
    )


async def _from_tcp(listening: socket.socket, pcm: str, name: str, problems: deque[str]) -> AsyncGenerator[Sound, None]:
    """One connection after the other; who sends no sound is left, and half a sample at the end is dropped."""
    loop = asyncio.get_running_loop()
    with listening:
        while True:
            connection, _ = await loop.sock_accept(listening)
            connection.setblocking(False)
            with connection:
                decoder = Decoder(pcm, name)
                while data := await _received(loop, connection):
                    try:
                        sound = decoder.push(data)
                    except AudioError as error:
                        problems.append(str(error))
                        break
                    yield sound


async def _received(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> bytes:
    try:
        return await loop.sock_recv(connection, _READ_BYTES)
    except OSError:  # the other side is gone
        return b""


async def _from_udp(bound: socket.socket, pcm: str, name: str, problems: deque[str]) -> AsyncGenerator[Sound, None]:
    """Each datagram holds whole samples; what follows them in a datagram, and one that is no sound, is dropped."""
    loop = asyncio.get_running_loop()
    with bound:
        while True:
            data = await loop.sock_recv(bound, MAX_DATAGRAM_BYTES)
            try:
                sound = Decoder(pcm, name).push(data)
            except AudioError as error:
                problems.append(str(error))
                continue
            yield sound


# -- the microphone --------------------------------------------------------------------------------------------------


def _sounddevice() -> Any:
    from talkingeyes.extras import require

    require("live", "a microphone")
    try:
        import sounddevice
    except OSError:  # the wheel brings PortAudio for Windows and macOS only
        raise MissingExtraError(
            "a microphone needs the PortAudio library: apt-get install libportaudio2, or your system's package of it"
        ) from None
    return sounddevice


def _microphone(name: str, rate_hz: int | None) -> Source:
    sounddevice = _sounddevice()
    device: str | int | None = int(name) if name.isdigit() else name or None
    try:
        found = sounddevice.query_devices(device, kind="input")
        rate = checked_rate(int(found["default_samplerate"]) if rate_hz is None else rate_hz)
        sounddevice.check_input_settings(device=device, channels=1, dtype="float32", samplerate=rate)
    except (ValueError, sounddevice.PortAudioError) as error:
        there = sorted({d["name"] for d in sounddevice.query_devices() if d["max_input_channels"] > 0})
        known = f"; there are {', '.join(there)}" if there else " (none is known to this system)"
        said = f"no microphone {quoted(name)}" if name else "no microphone"
        raise AudioError(f"mic: {said}{known} ({_short(error)})") from None
    label = f"microphone {found['name']}"
    return Source(label, rate, True, lambda: _from_microphone(sounddevice, device, rate, label), endless=True)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120]


async def _from_microphone(
    sounddevice: Any, device: str | int | None, rate_hz: int, name: str
) -> AsyncGenerator[Sound, None]:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Sound] = asyncio.Queue(MAX_WAITING)

    def put(block: Sound) -> None:
        if waiting.full():
            waiting.get_nowait()
        waiting.put_nowait(block)

    def heard(data: NDArray[np.float32], *_: Any) -> None:
        loop.call_soon_threadsafe(put, data[:, 0].copy())

    size = math.ceil(rate_hz * BLOCK_S)
    try:
        stream = sounddevice.InputStream(
            samplerate=rate_hz, blocksize=size, device=device, channels=1, dtype="float32", callback=heard
        )
    except sounddevice.PortAudioError as error:
        raise failed(name, error) from None
    with stream:
        while True:
            yield await waiting.get()
