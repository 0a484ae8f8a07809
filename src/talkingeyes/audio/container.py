"""Open a local sound or video file, and nothing else, whatever the file says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.error import EOFError as EndOfFile
from av.error import FFmpegError
from av.stream import Stream

from talkingeyes.errors import TalkingEyesError
from talkingeyes.files import readable


@dataclass(frozen=True)
class MediaKind:
    """What is expected of a file.

    Attributes:
        what: the word for it in messages.
        accepted: the accepted formats, for messages.
        demuxers: FFmpeg's names of the formats that may be opened: no playlists, image sequences or network formats,
            because a recording must not make us open other files.
        error: raised for everything that is wrong.
    """

    what: str
    accepted: str
    demuxers: str
    error: type[TalkingEyesError]


@contextmanager
def open_container(path: Path, kind: MediaKind) -> Iterator[InputContainer]:
    """Open a media file for reading, never a network address or a playlist.

    Raises:
        TalkingEyesError: ``kind.error`` when it is missing, not a regular file, unreadable, or of no known format.
    """
    if readable(path, kind.accepted, kind.error).stat().st_size == 0:
        raise kind.error(f"{path}: the file is empty; {kind.accepted}")
    # The limits go to the container alone: PyAV before 18 hands `options` to every stream and crashes on videos.
    options = {"protocol_whitelist": "file", "format_whitelist": kind.demuxers}
    try:
        container = av.open(f"file:{path}", "r", container_options=options, metadata_errors="ignore")
    except PermissionError:
        raise kind.error(f"{path}: no permission to read it") from None
    except (FFmpegError, ValueError, OSError) as error:
        raise kind.error(f"{path}: cannot be read as {kind.what} ({reason(error)}); {kind.accepted}") from None
    try:
        yield container
    finally:
        container.close()


class Decoder:
    """Iterate over the frames of one stream in order; damaged packets are skipped, as players do.

    Attributes:
        damage: what was wrong with the last damaged packet, "" where nothing was.
    """

    def __init__(self, container: InputContainer, stream: Stream) -> None:
        self._packets = container.demux(stream)
        self.damage = ""

    def __iter__(self) -> Iterator[object]:
        while True:
            try:
                packet = next(self._packets)
            except (StopIteration, EndOfFile):
                return
            except FFmpegError as error:
                self.damage = reason(error)
                return
            try:
                frames = packet.decode()
            except FFmpegError as error:
                self.damage = reason(error)
                continue
            yield from frames


def reason(error: Exception) -> str:
    """The first line of what FFmpeg or the system says."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]
