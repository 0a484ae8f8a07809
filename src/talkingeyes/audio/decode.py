"""Decode any recording, or the sound of a video, in a stream: 16 kHz mono float32 blocks, memory flat in its length."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from numpy.typing import NDArray

from talkingeyes.audio.container import Decoder, MediaKind, open_container, reason
from talkingeyes.audio.samples import RATES_HZ, Samples, is_big_endian_wave, one_channel, swap_bytes
from talkingeyes.errors import AudioError

SAMPLE_RATE_HZ = 16_000
MAX_DURATION_S = 24 * 3600.0
ACCEPTED = "wav, flac, mp3, ogg/opus, m4a/aac, or a video with sound (mp4, mov, mkv, webm, mpg, avi) is accepted"
SOUND = MediaKind(
    what="sound",
    accepted=ACCEPTED,
    demuxers="aac,aiff,amr,asf,au,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,w64,wav,"
    "wv,ac3,eac3,ape,tta,voc,dv,mxf,gsm",
    error=AudioError,
)

_MAX_ABS_SAMPLE = 1e6
_GAP_S = (0.1, 600.0)
"""Holes in the time stamps that become silence; longer ones are taken for damage and closed."""
SURE_SILENCE_S, SILENCE_PER_SOUND = 600.0, 30.0
"""Holes that are filled in all: a call's recording leaves out its silence, but a few packets are no day of it."""
_BLOCK_S = 3.2
"""Decoded frames (some ten ms each) are checked and given out in blocks of this length or a little more."""


def audio_frames(path: Path) -> Iterator[AudioFrame]:
    """Decoded frames of the first sound stream as they are in the file; damaged packets are skipped.

    Raises:
        AudioError: as `open_container`; no sound stream; nothing decodes; longer than `MAX_DURATION_S`.
    """
    with open_container(path, SOUND) as container:
        if not container.streams.audio:
            raise AudioError(f"{path}: has no sound; {ACCEPTED}")
        stream = container.streams.best("audio") or container.streams.audio[0]
        duration_s, decoder, swapped = 0.0, Decoder(container, stream), is_big_endian_wave(path)
        for frame in decoder:
            if not isinstance(frame, AudioFrame) or frame.samples == 0 or frame.sample_rate <= 0:
                continue
            duration_s += frame.samples / frame.sample_rate
            if duration_s > MAX_DURATION_S:
                raise AudioError(f"{path}: longer than {MAX_DURATION_S / 3600:.0f} hours; cut it into parts")
            if swapped:
                swap_bytes(frame, stream.codec_context.name, f"{path}")
            yield frame
        if not duration_s:
            raise AudioError(
                f"{path}: holds no sound samples{f' ({decoder.damage})' if decoder.damage else ''}; {ACCEPTED}"
            )


class MonoStream:
    """Iterate over mono float32 blocks of a recording, 16 kHz by default; `duration_s` is known after the last block.

    Args:
        source: a file, or samples in memory.
        rate_hz: of the blocks.
        channel: from 1; None mixes all channels.

    t = 0 is the first decoded sample after the container's start offset (encoder delay is removed where the file states
    it). Holes in the time stamps of 0.1 s to ten minutes become silence, so that the sound of a video keeps its place.

    Raises:
        AudioError: while iterating, as `audio_frames`, and for NaN, infinite or absurdly large samples.
    """

    def __init__(self, source: Path | Samples, rate_hz: int = SAMPLE_RATE_HZ, *, channel: int | None = None) -> None:
        self._source = source
        self._path = source.name if isinstance(source, Samples) else f"{source}"
        self._rate_hz = rate_hz
        self._channel = channel
        self._decoded: dict[int, int] = {}
        self._silent_s = 0.0

    @property
    def duration_s(self) -> float:
        """Seconds decoded so far."""
        return float(sum(Fraction(samples, rate_hz) for rate_hz, samples in self._decoded.items()))

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        waiting: list[NDArray[np.float32]] = []
        count = 0
        for part in self._parts():
            waiting.append(part)
            count += len(part)
            if count >= _BLOCK_S * self._rate_hz:
                yield self._checked(np.concatenate(waiting))
                waiting, count = [], 0
        if count:
            yield self._checked(np.concatenate(waiting))

    def _frames(self) -> Iterator[AudioFrame]:
        frames = self._source.frames() if isinstance(self._source, Samples) else audio_frames(self._source)
        if self._channel is None:
            return frames
        if isinstance(self._source, Samples):
            return self._source.channel(self._channel).frames()
        return (one_channel(frame, self._channel, self._path) for frame in frames)

    def _count(self, samples: int, rate_hz: int) -> None:
        self._decoded[rate_hz] = self._decoded.get(rate_hz, 0) + samples

    def _parts(self) -> Iterator[NDArray[np.float32]]:
        """The sound frame by frame as it is decoded."""
        resampler, layout, end_s = None, None, None
        for frame in self._frames():
            key = (frame.format.name, frame.layout.name, frame.sample_rate)
            if key != layout:
                if resampler is not None:
                    yield from self._converted(resampler, None)
                self._check_rate(frame.sample_rate)
                resampler, layout = AudioResampler("flt", "mono", self._rate_hz), key
            assert resampler is not None
            start_s = frame.time
            if start_s is not None and end_s is not None and _GAP_S[0] < start_s - end_s < _GAP_S[1]:
                yield from self._silence(start_s - end_s)
            end_s = None if start_s is None else start_s + frame.samples / frame.sample_rate
            self._count(frame.samples, frame.sample_rate)
            frame.pts = None
            yield from self._converted(resampler, frame)
        assert resampler is not None
        yield from self._converted(resampler, None)

    def _check_rate(self, rate_hz: int) -> None:
        if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
            raise AudioError(
                f"{self._path}: claims {rate_hz} samples per second; {RATES_HZ[0]} to {RATES_HZ[1]} are accepted"
            )

    def _silence(self, seconds: float) -> Iterator[NDArray[np.float32]]:
        heard_s = self.duration_s - self._silent_s
        self._silent_s += seconds
        if self.duration_s + seconds > MAX_DURATION_S:
            raise AudioError(f"{self._path}: its time stamps span more than {MAX_DURATION_S / 3600:.0f} hours")
        if self._silent_s > SURE_SILENCE_S + SILENCE_PER_SOUND * heard_s:
            raise AudioError(
                f"{self._path}: its time stamps leave {self._silent_s:.0f} s empty beside {heard_s:.2f} s of sound; "
                "re-export it without holes"
            )
        left = round(seconds * self._rate_hz)
        self._count(left, self._rate_hz)
        while left > 0:
            yield np.zeros(min(left, self._rate_hz), np.float32)
            left -= self._rate_hz

    def _converted(self, resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[NDArray[np.float32]]:
        """Samples of one frame, or those still inside the resampler."""
        try:
            frames = resampler.resample(frame)
        except FFmpegError as error:
            raise AudioError(f"{self._path}: its sound cannot be converted ({reason(error)}); re-export it") from None
        for part in frames:
            yield part.to_ndarray().astype(np.float32, copy=False).reshape(-1)

    def _checked(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        largest = float(np.abs(block).max())
        if not np.isfinite(largest):
            raise AudioError(f"{self._path}: holds samples that are NaN or infinite; repair or re-export it")
        if largest > _MAX_ABS_SAMPLE:
            raise AudioError(f"{self._path}: samples reach {largest:.3g}; full scale is 1; re-export it")
        return block
