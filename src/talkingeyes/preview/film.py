"""An .mp4 from pictures and a recording: H.264 and AAC, in sync, the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.codec import UnknownCodecError
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from talkingeyes.audio.decode import MonoStream
from talkingeyes.errors import OutputError

Array = NDArray[Any]

SOUND_RATE_HZ, SOUND_BITS = 48_000, 96_000
_SOUND_FRAME = 1024
_CODECS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"crf": "20", "preset": "veryfast", "threads": "1"}),
    ("libopenh264", {}),
    ("mpeg4", {"qscale": "3", "flags": "+qscale"}),
)
"""Tried in this order, for builds of FFmpeg differ. One thread: the bytes do not depend on the machine."""


def write_film(
    pictures: Iterable[Array], fps: float, sound: Path | None, target: Path, channel: int | None = None
) -> None:
    """Encode pictures, and the recording from its t = 0 for as long as the pictures last.

    Args:
        pictures: (H, W, 3) uint8 RGB each, of even height and width; frame i is shown at i / fps.
        fps: their rate.
        sound: a recording that `talkingeyes.load_speech` takes, or None.
        target: the .mp4 to make.
        channel: of the recording, from 1; None mixes all of them.

    Raises:
        AudioError: the recording cannot be read.
        OutputError: the video cannot be encoded.
        OSError: the target cannot be written.
    """
    rate = Fraction(fps).limit_denominator(1001)
    try:
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as out:
            video, track = _add_video(out, rate), _add_sound(out) if sound is not None else None
            recording = _SoundTrack(sound, channel) if sound is not None else None
            for number, picture in enumerate(pictures):
                if not number:
                    video.height, video.width = picture.shape[:2]
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
                frame.pts, frame.time_base = number, 1 / rate
                out.mux(video.encode(frame))
                if recording is not None and track is not None:
                    recording.write(out, track, Fraction(number + 1) / rate)
            out.mux(video.encode())
            if track is not None:
                out.mux(track.encode())
    except FFmpegError as error:
        raise OutputError(f"{target.name}: the video cannot be encoded ({error.strerror or error})") from None


def _add_video(out: OutputContainer, rate: Fraction) -> VideoStream:
    for name, options in _CODECS:
        try:
            stream = out.add_stream(name, rate=rate)
        except UnknownCodecError:
            continue
        assert isinstance(stream, VideoStream)
        stream.pix_fmt, stream.options = "yuv420p", {**options, "flags": options.get("flags", "") + "+bitexact"}
        stream.codec_context.time_base = 1 / rate
        for name_, value in (("color_range", 1), ("colorspace", 1), ("color_primaries", 1), ("color_trc", 1)):
            setattr(stream.codec_context, name_, value)
        return stream
    raise OutputError("this build of FFmpeg holds no H.264 or MPEG-4 encoder; install av from PyPI")


def _add_sound(out: OutputContainer) -> AudioStream:
    stream = out.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono")
    assert isinstance(stream, AudioStream)
    stream.bit_rate = SOUND_BITS
    stream.options = {"flags": "+bitexact"}
    return stream


class _SoundTrack:
    """The recording, handed out as the pictures advance."""

    def __init__(self, path: Path, channel: int | None) -> None:
        self._blocks: Iterator[Array] = iter(MonoStream(path, SOUND_RATE_HZ, channel=channel))
        self._waiting = np.zeros(0, np.float32)
        self._position = 0

    def write(self, out: OutputContainer, track: AudioStream, until_s: Fraction) -> None:
        """Encode up to a time; what the recording lacks is silence."""
        end = int(until_s * SOUND_RATE_HZ)
        while self._position < end:
            count = min(_SOUND_FRAME, end - self._position)
            samples = self._next(count)
            frame = AudioFrame.from_ndarray(np.clip(samples, -1, 1)[None], "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE_HZ, self._position, Fraction(1, SOUND_RATE_HZ)
            out.mux(track.encode(frame))
            self._position += count

    def _next(self, count: int) -> Array:
        while len(self._waiting) < count:
            block = next(self._blocks, None)
            if block is None:
                block = np.zeros(count, np.float32)
            self._waiting = np.concatenate([self._waiting, block])
        samples, self._waiting = self._waiting[:count], self._waiting[count:]
        return samples
