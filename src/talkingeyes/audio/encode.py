"""Compressed sound for the html page, aligned at t = 0.

MP3: every build of Chromium, Firefox and Safari plays it (AAC needs licensed builds, Opus a recent Safari), and the
muxer states the encoder delay, so that decoders drop it: measured 0 samples off in PyAV and Chromium (docs/log.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from talkingeyes.audio.container import open_container
from talkingeyes.audio.decode import SOUND, MonoStream
from talkingeyes.errors import AudioError

_QUALITIES = ((64_000, 44_100), (40_000, 24_000), (24_000, 16_000))
"""Bit rate and sampling rate (Hz), best first."""


def encode_for_page(path: str | Path, max_bytes: int = 64 << 20, *, channel: int | None = None) -> tuple[str, bytes]:
    """The sound of a recording as something that Chrome, Firefox and Safari play.

    Args:
        path: any file that `load_speech` takes.
        max_bytes: a long recording is compressed harder to stay under this, down to 24 kbit/s (10.8 MB per hour).
        channel: from 1; None mixes all channels.

    Returns:
        MIME type and file bytes; the sound is mono and begins at t = 0 of `Speech`.

    Raises:
        AudioError: as `load_speech`, or when the recording does not fit into ``max_bytes``.
    """
    path = Path(path)
    bit_rate, rate_hz = _quality(_stated_duration_s(path), max_bytes)
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate_hz, layout="mono")
        assert isinstance(stream, AudioStream)
        stream.bit_rate = bit_rate
        stream.options = {"compression_level": "7"}  # twice as fast as 5; nobody hears it in speech
        position = 0
        for block in _blocks(path, rate_hz, channel):
            frame = AudioFrame.from_ndarray(np.clip(block, -1.0, 1.0)[None], "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, position, Fraction(1, rate_hz)
            position += len(block)
            container.mux(stream.encode(frame))
            if out.tell() > max_bytes:
                raise AudioError(f"{path}: too long to put its sound into a page ({max_bytes >> 20} MB are accepted)")
        container.mux(stream.encode(None))
    return "audio/mpeg", out.getvalue()


def _blocks(path: Path, rate_hz: int, channel: int | None) -> Iterator[NDArray[np.float32]]:
    """The sound in blocks, with silence after it where it is too short for one MP3 frame."""
    count = 0
    for block in MonoStream(path, rate_hz, channel=channel):
        count += len(block)
        yield block
    if count < rate_hz // 20:
        yield np.zeros(rate_hz // 20 - count, np.float32)


def _stated_duration_s(path: Path) -> float:
    """What the container claims, 0 where it claims nothing."""
    with open_container(path, SOUND) as container:
        return (container.duration or 0) / av.time_base


def _quality(duration_s: float, max_bytes: int) -> tuple[int, int]:
    fitting = [q for q in _QUALITIES if q[0] / 8 * duration_s < 0.97 * max_bytes]
    return fitting[0] if fitting else _QUALITIES[-1]
