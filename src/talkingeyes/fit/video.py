"""Decode a video picture by picture: rotated as it is shown, scaled down to what the fit needs, with real times."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from talkingeyes.audio.container import Decoder, MediaKind, open_container
from talkingeyes.errors import VideoError
from talkingeyes.fit.rate import LEAST_STEP_S, MAX_HZ, MIN_HZ, picture_rate

ACCEPTED = "a video with a picture (mp4, mov, mkv, webm, mpg, avi) is accepted"
MIN_FRAMES = 5
MAX_FRAMES = 2_000_000
MAX_PIXELS = 8192 * 4608
LONGEST_PAUSE, GRID_PER_PICTURE = 1800, 5
"""Grid frames that few pictures may become: a picture may be held for a while, but not for hours."""
_SLIMMEST = 0.25
"""Pixels of films are shown between so many times and four times as wide as they are high."""
KEPT_BYTES = 192 * 2**20
"""A film whose decoded pictures fit into this is decoded only once; what is left of it keeps converted pictures."""
VIDEO = MediaKind(
    what="a video",
    accepted=ACCEPTED,
    demuxers="avi,asf,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,ogg,dv,mxf,h264,hevc,gif",
    error=VideoError,
)

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Timing:
    """When the decoded pictures are shown, and the constant grid that the fit is written on.

    Attributes:
        fps: the picture rate, see `rate.picture_rate`.
        source: (T,) index of the decoded picture shown at each grid frame (nearest in time).
        held: (T,) bool, grid frames farther than a frame and a half from any picture.
    """

    fps: float
    source: NDArray[np.int64]
    held: NDArray[np.bool_]


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    with open_container(path, VIDEO) as container:
        if not container.streams.video:
            raise VideoError(f"{path}: has no picture, only sound; {ACCEPTED}")
        size = _stream(container).codec_context
        if size is None:  # of a codec that FFmpeg does not know: PyAV's types do not say so
            raise VideoError(f"{path}: its pictures are of a kind that cannot be decoded; {ACCEPTED}")
        if size.width * size.height > MAX_PIXELS:
            raise VideoError(f"{path}: pictures of {size.width} x {size.height} are too large; {ACCEPTED}")
        size.options = {**size.options, "max_pixels": str(MAX_PIXELS)}  # of pictures that grow later
        yield container


def _upright(image: Image, rotation_deg: int) -> Image:
    """Turn a stored picture as its display matrix says (counter-clockwise degrees)."""
    return np.ascontiguousarray(np.rot90(image, k=round(rotation_deg / 90) % 4))


def _rgb(frame: VideoFrame, scale: float, convert: VideoReformatter, turns: int = 0, wide: float = 1.0) -> Image:
    """One converter for all pictures: a frame's own would set up its tables and threads anew for every picture.

    Pixels that are ``wide`` times as wide as high become square. Of an interlaced picture in which
    something moves only the first of its two half pictures is shown: the other one is of another moment.
    """
    if frame.width * frame.height > MAX_PIXELS:
        raise VideoError(f"pictures of {frame.width} x {frame.height} are too large; {ACCEPTED}")
    turned_deg = frame.rotation + 90 * turns
    if frame.interlaced_frame:
        lines = np.asarray(convert.reformat(frame, format="rgb24", threads=1).to_ndarray(), np.uint8)
        if _combed(lines):
            frame, wide = VideoFrame.from_ndarray(np.ascontiguousarray(lines[::2]), format="rgb24"), 0.5 * wide
    width, height = (max(16, round(side * scale)) for side in _square_size(frame.width, frame.height, wide))
    if (width, height) != (frame.width, frame.height):
        shown = convert.reformat(frame, width=width, height=height, format="rgb24", interpolation="AREA", threads=1)
    else:
        shown = convert.reformat(frame, format="rgb24", threads=1)
    return _upright(np.asarray(shown.to_ndarray(), np.uint8), turned_deg)


def _square_size(width: int, height: int, wide: float) -> tuple[float, float]:
    """Width and height of a picture whose pixels were made square; no side shrinks."""
    return (width * wide, height) if wide >= 1 else (width, height / wide)


def _combed(lines: Image) -> bool:
    """Whether neighbouring lines differ more than every second one: two moments are woven together."""
    grey = lines[:, ::4, 1].astype(np.int16)
    return bool(np.abs(np.diff(grey, axis=0)).mean() > np.abs(grey[2:] - grey[:-2]).mean())


def _pixel_shape(stream: VideoStream) -> float:
    """How many times as wide as high the stored pixels are shown; 1 where that cannot be right."""
    ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    return float(ratio) if ratio and _SLIMMEST <= ratio <= 1 / _SLIMMEST else 1.0


def pictures(
    path: Path, scale: float = 1.0, wanted: Container[int] | None = None, turns: int = 0
) -> Iterator[tuple[float | None, Image]]:
    """Decode in order; damaged packets are skipped, as players do.

    Args:
        path: a video file.
        scale: pictures are shrunk by this factor (<= 1) while they are converted.
        wanted: yield only these (numbers in decoding order); None yields all.
        turns: quarter turns counter-clockwise, beside those that the file itself asks for.

    Yields:
        Time in seconds on the file's clock (None where the file does not say) and an (H, W, 3) uint8 RGB picture.

    Raises:
        VideoError: not a video, nothing decodes, or pictures too large.
    """
    convert = VideoReformatter()
    with _opened(path) as container:
        wide = _pixel_shape(_stream(container))
        yield from _converted(_decoded(path, container), scale, wanted, convert, turns, wide)


def _converted(
    frames: Iterable[VideoFrame],
    scale: float,
    wanted: Container[int] | None,
    convert: VideoReformatter,
    turns: int,
    wide: float,
) -> Iterator[tuple[float | None, Image]]:
    for count, frame in enumerate(frames):
        if wanted is None or count in wanted:
            yield frame.time, _rgb(frame, scale, convert, turns, wide)


def _decoded(path: Path, container: InputContainer) -> Iterator[VideoFrame]:
    decoder, count = Decoder(container, _stream(container)), 0
    for frame in decoder:
        if not isinstance(frame, VideoFrame):
            continue
        yield frame
        count += 1
        if count > MAX_FRAMES:
            raise VideoError(f"{path}: more than {MAX_FRAMES} pictures; cut it into parts")
    if not count:
        raise VideoError(
            f"{path}: no picture could be decoded{f' ({decoder.damage})' if decoder.damage else ''}; {ACCEPTED}"
        )


def _stream(container: InputContainer) -> VideoStream:
    best = container.streams.best("video")
    return best if isinstance(best, VideoStream) else container.streams.video[0]


class Film:
    """The pictures of one file, for several passes: a short film is decoded once and kept as it was decoded.

    Args:
        path: a video file.

    Attributes:
        path: the file.
        turns: quarter turns counter-clockwise that pictures are given, beside those that the file asks for; whoever
            finds out that the film lies on its side sets it, before `pictures`.
        sound_start_s: start of the first sound stream on the file's clock; None without sound.
        stated_fps: the rate that the header states, for files without usable picture times; 25 where it is nonsense.
        declared_hz: the rates that the container states, which are in range.
        wide: how many times as wide as high stored pixels are shown.
        tick_s: what the container rounds times to.
        stated_length: pictures that the header promises, for progress only; 0 where it does not say.

    Raises:
        VideoError: not a video, nothing decodes, or pictures too large.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.turns = 0
        self._kept: list[VideoFrame] | None = []
        self._converted: dict[tuple[int, float], Image] = {}
        size = 0
        with _opened(path) as container:
            self.sound_start_s = _sound_start_s(container)
            self.declared_hz = _declared_hz(_stream(container))
            self.stated_fps = self.declared_hz[0] if self.declared_hz else 25.0
            self.wide = _pixel_shape(_stream(container))
            self.tick_s = float(_stream(container).time_base or 0)
            self.stated_length = _stated_length(container)
            for frame in _decoded(path, container):
                size += sum(plane.buffer_size for plane in frame.planes)
                if size > KEPT_BYTES:
                    self._kept = None
                    break
                self._kept.append(frame)
        self._room = KEPT_BYTES - size

    def pictures(
        self, scale: float = 1.0, wanted: Container[int] | None = None
    ) -> Iterator[tuple[float | None, Image]]:
        """`pictures` of this file."""
        if self._kept is None:
            return pictures(self.path, scale, wanted, self.turns)
        return self._remembered(self._kept, scale, wanted)

    def _remembered(
        self, frames: list[VideoFrame], scale: float, wanted: Container[int] | None
    ) -> Iterator[tuple[float | None, Image]]:
        convert = VideoReformatter()
        for number, frame in enumerate(frames):
            if wanted is not None and number not in wanted:
                continue
            image = self._converted.get((number, scale))
            if image is None:
                image = _rgb(frame, scale, convert, self.turns, self.wide)
                if image.nbytes <= self._room:
                    self._room -= image.nbytes
                    self._converted[number, scale] = image
            yield frame.time, image

    def looks(self, least: int, most: int) -> Iterator[Image]:
        """A few pictures from all over the film, in full size: one of ten of a short film, within limits."""
        convert = VideoReformatter()
        for frame in self._spread(least, most):
            yield _rgb(frame, 1.0, convert, self.turns, self.wide)

    def _spread(self, least: int, most: int) -> Iterator[VideoFrame]:
        if self._kept is not None:
            length = len(self._kept)
            count = min(max(least, length // 10), most)
            for index in sorted({int(length * (i + 0.5) / count) for i in range(count)}):
                yield self._kept[index]
            return
        with _opened(self.path) as container:
            for i in range(most):
                if i and container.duration and not _sought(container, i / most):
                    return
                frames = (f for f in Decoder(container, _stream(container)) if isinstance(f, VideoFrame))
                yield from itertools.islice(frames, 1)


def _sought(container: InputContainer, share: float) -> bool:
    """Go to a share of the film's length; False where the format cannot."""
    try:
        container.seek((container.start_time or 0) + int(share * (container.duration or 0)))
    except FFmpegError:
        return False
    return True


def sound_start_s(path: Path) -> float | None:
    """Start of the first sound stream on the file's clock; None without sound (t = 0 is then the first picture)."""
    with _opened(path) as container:
        return _sound_start_s(container)


def _sound_start_s(container: InputContainer) -> float | None:
    if not container.streams.audio:
        return None
    stream = container.streams.audio[0]
    if stream.start_time is None or stream.time_base is None:
        return None
    return float(stream.start_time * stream.time_base)


def _declared_hz(stream: VideoStream) -> tuple[float, ...]:
    rates = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    return tuple(dict.fromkeys(float(rate) for rate in rates if rate and MIN_HZ <= rate <= MAX_HZ))


def _stated_length(container: InputContainer) -> int:
    stream = _stream(container)
    if stream.frames:
        return stream.frames
    seconds = (container.duration or 0) / av.time_base
    return int(seconds * float(stream.average_rate or 25))


def timing(
    times_s: list[float | None],
    start_s: float | None,
    fallback_fps: float,
    tick_s: float = 0.0,
    declared_hz: tuple[float, ...] = (),
) -> Timing:
    """The constant grid: the film's rate, from the start of the sound (or of the picture) to the last picture.

    Args:
        times_s: time of each decoded picture, None where unknown.
        start_s: the file's time that becomes t = 0 (the start of the sound); None for the first picture.
        fallback_fps: the rate to use when the times are missing or do not grow.
        tick_s: what the container rounds times to.
        declared_hz: the rates that it states, witnesses for what rounded times leave open.

    Raises:
        VideoError: fewer than `MIN_FRAMES` pictures.
    """
    if len(times_s) < MIN_FRAMES:
        raise VideoError(f"{len(times_s)} pictures are too few to fit; {MIN_FRAMES} or more are accepted")
    known = [t for t in times_s if t is not None and np.isfinite(t)]
    shown = np.maximum.accumulate(np.array(known))
    if len(known) < len(times_s) or not np.any(np.diff(shown) > LEAST_STEP_S):
        shown = np.arange(len(times_s)) / fallback_fps
        start_s = None
    fps = picture_rate(shown, tick_s, declared_hz)
    begin_s = shown[0] if start_s is None or not shown[0] - 60 < start_s < shown[-1] else start_s
    count = int(np.ceil((shown[-1] - begin_s) * fps - 1e-6)) + 1
    if not 1 <= count <= min(MAX_FRAMES, LONGEST_PAUSE + GRID_PER_PICTURE * len(shown)):
        raise VideoError(f"picture times run over {shown[-1] - begin_s:.0f} s, more than can be right")
    grid_s = begin_s + np.arange(count) / fps
    after = np.clip(np.searchsorted(shown, grid_s), 1, len(shown) - 1)
    source = np.where(grid_s - shown[after - 1] <= shown[after] - grid_s, after - 1, after)
    return Timing(fps, source, np.abs(shown[source] - grid_s) > 1.5 / fps)
