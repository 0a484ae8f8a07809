"""Compressed sound for the html page, aligned at t = 0."""

from __future__ import annotations

import io
from pathlib import Path

import av
from av.audio.resampler import AudioResampler

from talkingeyes.audio.decode import audio_frames
from talkingeyes.errors import AudioError

_RATE_HZ = 44_100
_MAX_BIT_RATE, _MIN_BIT_RATE = 96_000, 24_000


def encode_for_page(path: str | Path, max_bytes: int = 64 << 20) -> tuple[str, bytes]:
    """The sound of a recording as something that Chrome, Firefox and Safari play.

    Args:
        path: any file that `load_speech` takes.
        max_bytes: refuse to return more than this.

    Returns:
        MIME type and file bytes.

    Raises:
        AudioError: as `load_speech`, or when the recording does not fit into ``max_bytes``.
    """
    path = Path(path)
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=_RATE_HZ, layout="mono")
        stream.bit_rate = _MAX_BIT_RATE
        resampler = AudioResampler("fltp", "mono", _RATE_HZ)
        for frame in audio_frames(path):
            frame.pts = None
            for mono in resampler.resample(frame):
                container.mux(stream.encode(mono))
        for mono in resampler.resample(None):
            container.mux(stream.encode(mono))
        container.mux(stream.encode(None))
    data = out.getvalue()
    if len(data) > max_bytes:
        raise AudioError(f"{path}: its sound takes {len(data) >> 20} MB on the page; {max_bytes >> 20} MB are accepted")
    return "audio/mp4", data
