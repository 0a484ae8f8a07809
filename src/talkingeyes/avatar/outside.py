"""What a glTF file keeps outside itself, read safely: files in its own folder and ``data:`` URIs, nothing else."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from talkingeyes.errors import FormatError

MAX_OUTSIDE_BYTES = 256 << 20
"""All that one file may take in from outside, together."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"\xabKTX 20\xbb", "image/ktx2"),
)


@dataclass
class Outside:
    """The folder of a glTF file, and how much of it may still be read.

    Attributes:
        folder: where relative URIs begin; None where there is no folder (a file in memory).
        name: the glTF file's name, for errors.
        left: bytes that may still be taken in.
    """

    folder: Path | None
    name: str
    left: int = MAX_OUTSIDE_BYTES

    def read(self, uri: object, what: str) -> bytes:
        """The bytes behind a URI.

        Args:
            uri: as the document has it.
            what: ``"buffer"`` or ``"picture"``, for errors.

        Raises:
            FormatError: an address elsewhere, a path that leaves the folder, no such file, too large, damaged base64.
        """
        if not isinstance(uri, str):
            raise FormatError(f"{self.name}: the address of a {what} is damaged")
        content = _from_data_uri(uri, what, self.name) if uri[:5].lower() == "data:" else self._from_file(uri, what)
        self.left -= len(content)
        if self.left < 0:
            raise FormatError(f"{self.name}: takes in more than {MAX_OUTSIDE_BYTES >> 20} MB from outside")
        return content

    def _from_file(self, uri: str, what: str) -> bytes:
        start = f"{self.name}: a {what} lies outside the file ({uri[:60]})"
        relative = PurePosixPath(unquote(uri).replace("\\", "/"))
        if _SCHEME.match(uri) or relative.is_absolute() or "\0" in str(relative):
            raise FormatError(f"{start}; only files in its own folder and data: URIs are read")
        if self.folder is None:
            raise FormatError(f"{start}; here one file that holds everything is accepted")
        root = self.folder.resolve()
        try:
            found = (root / relative).resolve()
            if not found.is_relative_to(root):
                raise FormatError(f"{start} and outside its folder; only files in its own folder are read")
            if not found.is_file():
                raise FormatError(f"{start}, and there is no such file in its folder; keep the two together")
            if found.stat().st_size > self.left:
                raise FormatError(f"{start}; at most {MAX_OUTSIDE_BYTES >> 20} MB in all are taken in")
            return found.read_bytes()
        except (OSError, RuntimeError) as error:  # a loop of links, a name too long, no right to read
            raise FormatError(f"{start} and cannot be read ({type(error).__name__})") from None


def _from_data_uri(uri: str, what: str, name: str) -> bytes:
    header, comma, body = uri.partition(",")
    if not comma:
        raise FormatError(f"{name}: the data: URI of a {what} is damaged")
    if not header.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise FormatError(f"{name}: the base64 of a {what} is damaged") from None


def picture_type(content: bytes) -> str | None:
    """The media type of a picture that glTF knows, by its first bytes."""
    kind = next((kind for magic, kind in _PICTURES if content.startswith(magic)), None)
    return None if kind == "image/webp" and content[8:12] != b"WEBP" else kind
