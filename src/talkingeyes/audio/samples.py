"""Sound that is not a mono file: samples in memory, one channel of several, big-endian wave files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from talkingeyes.errors import AudioError, SettingError

Channel = str | int | None
RATES_HZ = (1_000, 768_000)
"""Sampling rates that are accepted."""
ACCEPTED = "samples are (n,) or (n, channels), float with full scale 1, or int16"

_SIDES = {"left": 1, "right": 2}
_MAX_CHANNELS = 64
_MAX_FLOAT = 16.0
"""Floats beyond this are integers that nobody scaled."""
_BLOCK = 16_384
_SWAPPED = {"pcm_s16le": "u2", "pcm_s24le": "u4", "pcm_s32le": "u4", "pcm_f32le": "u4", "pcm_f64le": "u8"}
_NOT_SWAPPED = ("pcm_u8", "pcm_s8", "pcm_alaw", "pcm_mulaw")


def channel_number(channel: Channel) -> int | None:
    """Which channel is meant, 1 for the first; None for all together.

    Args:
        channel: "left", "right", a number from 1 (also as text), or None.

    Raises:
        SettingError: anything else.
    """
    if channel is None:
        return None
    number = _SIDES.get(channel.lower(), channel) if isinstance(channel, str) else channel
    if isinstance(number, str) and number.isascii() and number.isdigit():
        number = int(number[:9])
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 1 <= number <= _MAX_CHANNELS:
        raise SettingError(f"channel is {channel!r}; left, right or a number from 1 is accepted")
    return int(number)


def one_channel(frame: AudioFrame, number: int, name: str) -> AudioFrame:
    """One channel of a decoded frame, as a mono frame.

    Args:
        frame: of any layout.
        number: from 1.
        name: of the recording, for the message.

    Raises:
        AudioError: the recording has no such channel, or holds samples of an odd kind.
    """
    count = len(frame.layout.channels) or frame.layout.nb_channels
    if number > count:
        has = "one channel" if count == 1 else f"{count} channels"
        raise AudioError(f"{name}: has {has}, channel {number} was asked for; 1 to {count} is accepted")
    values = frame.to_ndarray()
    own: NDArray[Any] = values[number - 1] if frame.format.is_planar else values.reshape(-1, count)[:, number - 1]
    try:
        mono = AudioFrame.from_ndarray(np.ascontiguousarray(own)[None], frame.format.packed.name, "mono")
    except (ValueError, KeyError) as error:
        raise AudioError(f"{name}: one channel of {frame.format.name} sound cannot be taken ({error})") from None
    mono.sample_rate, mono.pts, mono.time_base = frame.sample_rate, frame.pts, frame.time_base
    return mono


def is_big_endian_wave(path: Path) -> bool:
    """Whether a file is RIFX: a wave file whose numbers have their high byte first."""
    with path.open("rb") as file:
        return file.read(4) == b"RIFX"


def swap_bytes(frame: AudioFrame, codec: str, name: str) -> None:
    """Put right a frame of a RIFX file, which FFmpeg decodes as if its samples had their low byte first.

    Raises:
        AudioError: a compressed RIFX file.
    """
    if codec in _NOT_SWAPPED:
        return
    if codec not in _SWAPPED:
        raise AudioError(f"{name}: a big-endian wave file (RIFX) of {codec} is not read; re-export it as wav")
    for plane in frame.planes:
        values = np.frombuffer(bytes(plane), _SWAPPED[codec]).byteswap()
        plane.update((values << 8 if codec == "pcm_s24le" else values).tobytes())


@dataclass(frozen=True, eq=False)
class Samples:
    """Checked samples in memory.

    Attributes:
        values: (n, channels).
        rate_hz: samples per second.
        name: for messages and provenance.
    """

    values: NDArray[Any]
    rate_hz: int
    name: str = "array"

    @property
    def sha256(self) -> str:
        """Of the samples, their type, shape and rate."""
        head = f"{self.values.dtype.str} {self.values.shape} {self.rate_hz}\n".encode()
        return hashlib.sha256(head + np.ascontiguousarray(self.values).tobytes()).hexdigest()

    def frames(self) -> Iterator[AudioFrame]:
        """The samples as decoded frames; more than two channels are averaged."""
        values = self.values if self.values.shape[1] <= 2 else _scaled(self.values).mean(axis=1, keepdims=True)
        kind = {"i2": "s16", "f4": "flt", "f8": "dbl"}[values.dtype.str[1:]]
        layout = "mono" if values.shape[1] == 1 else "stereo"
        for start in range(0, len(values), _BLOCK):
            block = np.ascontiguousarray(values[start : start + _BLOCK]).reshape(1, -1)
            frame = AudioFrame.from_ndarray(block, kind, layout)
            frame.sample_rate = self.rate_hz
            yield frame

    def channel(self, number: int) -> Samples:
        """One channel, from 1.

        Raises:
            AudioError: there is no such channel.
        """
        count = self.values.shape[1]
        if number > count:
            raise AudioError(f"{self.name}: has {count} channels, channel {number} was asked for")
        return Samples(self.values[:, number - 1 : number], self.rate_hz, self.name)


def checked_samples(values: NDArray[Any], rate_hz: float | None) -> Samples:
    """Samples that somebody handed in, checked.

    Args:
        values: (n,) or (n, channels), float with full scale 1, or int16.
        rate_hz: samples per second.

    Raises:
        AudioError: another shape or type, no samples, NaN, infinity, or integers that were not scaled.
        SettingError: no rate, or an impossible one.
    """
    if rate_hz is None:
        raise SettingError("samples carry no rate; give rate_hz, their number per second")
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1] or rate_hz != int(rate_hz):
        raise SettingError(f"rate_hz is {rate_hz:g}; whole numbers from {RATES_HZ[0]} to {RATES_HZ[1]} are accepted")
    came = f"array: {values.dtype} {values.shape}"
    if values.dtype.kind not in "fi" or (values.dtype.kind == "i" and values.dtype.itemsize != 2):
        raise AudioError(f"{came}; {ACCEPTED}")
    if values.ndim not in (1, 2) or not values.size:
        raise AudioError(f"{came}; {ACCEPTED}")
    flat = values[:, None] if values.ndim == 1 else values
    if flat.shape[1] > min(_MAX_CHANNELS, len(flat)):
        raise AudioError(f"{came}; {ACCEPTED}: transpose it")
    if flat.dtype.kind == "i":
        return Samples(flat.astype("<i2"), int(rate_hz))
    largest = float(np.abs(flat).max())
    if not np.isfinite(largest):
        raise AudioError(f"{came}: holds NaN or infinity")
    if largest > _MAX_FLOAT:
        raise AudioError(f"{came}: samples reach {largest:.3g}; full scale is 1 for floats: divide by 32768")
    return Samples(flat.astype("<f8" if flat.dtype.itemsize == 8 else "<f4"), int(rate_hz))


def _scaled(values: NDArray[Any]) -> NDArray[np.float32]:
    return values.astype(np.float32) / (32_768 if values.dtype.kind == "i" else 1)
