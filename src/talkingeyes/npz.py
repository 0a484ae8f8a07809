"""Reading npz files of others: plain arrays alone, read when asked for, and never much more than the file is worth.

numpy's own reader evaluates a header as a Python literal, unpacks whatever a few bytes claim to be and raises a dozen
kinds of errors; this one knows the headers that numpy writes, counts before it unpacks, and raises one.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.wording import cut, printable, quoted

Array = NDArray[Any]

MAX_NPZ_BYTES = 8 << 30
"""The largest file, and the most that any file may unpack to."""
MAX_GROWTH, MAX_SMALL_BYTES, SURE_GROWTH = 64, 1 << 30, 8
"""A file may unpack to this many times its size (or that of a megabyte) up to a gigabyte in all, and in any case to the
last, which is more than the motion of a person is ever compressed."""
MAX_ENTRIES = 4096
_MAX_HEADER = 4096
_MAX_AXES = 8
_CHUNK = 1 << 20
_MAGIC = b"\x93NUMPY"
_DESCR = re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?[?a-zA-Z]\d{0,9})['"]""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\(([\d\sL,]{0,200})\)""")
UNPACKING_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, TypeError,
    NotImplementedError, RuntimeError, OverflowError, MemoryError, LZMAError,
)  # fmt: skip
"""What unpacking a damaged zip raises."""


class NpzArrays(Mapping[str, Array]):
    """The arrays of an npz by key; a key that is not asked for is never unpacked.

    Args:
        source: the file, or its bytes.
        name: what messages call it.
        max_bytes: unpacked bytes that are accepted in all.

    Raises:
        FormatError: no npz, damaged, or with more entries than any of ours; on reading a key: damaged, Python objects,
            or more bytes than are accepted.
    """

    def __init__(self, source: Path | io.BytesIO, name: str, max_bytes: int) -> None:
        self._source, self._name, self._most, self._left = source, name, max_bytes, max_bytes
        with self._opened() as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise FormatError(f"{name}: holds {len(entries)} arrays; {MAX_ENTRIES} are accepted")
            self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}
            if len(self._entries) < len(entries):
                raise FormatError(f"{name}: holds an array twice")

    def __len__(self) -> int:
        """How many there are."""
        return len(self._entries)

    def __iter__(self) -> Iterator[str]:
        """The keys, in the file's order."""
        return iter(self._entries)

    def __contains__(self, key: object) -> bool:
        """Whether a key is there, without unpacking it."""
        return key in self._entries

    def __getitem__(self, key: str) -> Array:
        """Unpack one array."""
        entry = self._entries[key]
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FormatError(f"{self._name}: {quoted(key)} is packed in a way that npz files are not")
        with self._opened() as archive, archive.open(entry) as file:
            return self._array(file, key)

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        if isinstance(self._source, io.BytesIO):
            self._source.seek(0)
        try:
            with zipfile.ZipFile(self._source) as archive:
                yield archive
        except FormatError:
            raise
        except UNPACKING_ERRORS as error:
            reason = cut(printable(str(error)) or type(error).__name__)
            raise FormatError(f"{self._name}: not a readable npz ({reason})") from None

    def _array(self, file: IO[bytes], key: str) -> Array:
        dtype, shape, by_columns = _header(file)
        if dtype.kind not in "biufcSU":
            raise ValueError(f"{quoted(key, 24)} holds {dtype}; numbers and texts are accepted")
        count = 1
        for length in shape:
            count *= length
        cost = count * max(dtype.itemsize, 4)
        if cost > self._left or max(shape, default=0) > 1 << 40:
            raise FormatError(
                f"{self._name}: unpacks to more than {self._most >> 20} MB, which is all that a file of its size may"
            )
        self._left -= cost
        array = np.empty(count, dtype)
        if count and dtype.itemsize:
            _fill(file, array.view(np.uint8))
        return array.reshape(shape, order="F" if by_columns else "C")


def _fill(file: IO[bytes], into: NDArray[np.uint8]) -> None:
    at = 0
    while at < len(into):
        data = file.read(min(_CHUNK, len(into) - at))
        if not data:
            raise EOFError(f"{at} of {len(into)} bytes of an array")
        into[at : at + len(data)] = np.frombuffer(data, np.uint8)
        at += len(data)


def _header(file: IO[bytes]) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    """Type, shape and whether columns come first, from the head of an npy file, versions 1 to 3."""
    start = file.read(len(_MAGIC) + 2)
    if start[:-2] != _MAGIC or start[-2] not in (1, 2, 3):
        raise ValueError("an entry is no npy array")
    size = 2 if start[-2] == 1 else 4
    length = int.from_bytes(file.read(size), "little")
    if length > _MAX_HEADER:
        raise ValueError(f"a header of {length} bytes")
    text = file.read(length).decode("latin-1")
    descr, order, shape = (pattern.search(text) for pattern in (_DESCR, _ORDER, _SHAPE))
    if descr is None or order is None or shape is None:
        raise ValueError(f"a header that is not accepted: {cut(text.strip(), 48)}")
    rest = text
    for found in (descr, order, shape):
        rest = rest.replace(found[0], "", 1)
    axes = tuple(int(number.rstrip("L ")) for number in shape[1].replace(" ", "").split(",") if number)
    if rest.strip(" {},\n\0") or len(axes) > _MAX_AXES:
        raise ValueError(f"a header that is not accepted: {cut(text.strip(), 48)}")
    return np.dtype(descr[1]), axes, order[1] == "True"


def unpacked_limit(num_bytes: int) -> int:
    """Bytes that a file of this size may unpack to."""
    small = min(MAX_GROWTH * max(num_bytes, 1 << 20), MAX_SMALL_BYTES)
    return min(max(small, SURE_GROWTH * num_bytes), MAX_NPZ_BYTES)


def read_npz_arrays(path: Path) -> NpzArrays:
    """The arrays of an npz file, unpacked when they are asked for.

    Raises:
        FormatError: no such file, not an npz, damaged, too large, or (on reading a key) holding Python objects.
    """
    size = readable(path, "an npz is accepted", max_bytes=MAX_NPZ_BYTES).stat().st_size
    return NpzArrays(path, path.name, unpacked_limit(size))


def npz_arrays(source: io.BytesIO, name: str, max_bytes: int = MAX_NPZ_BYTES) -> dict[str, Array]:
    """All arrays of an npz in memory.

    Args:
        source: the npz.
        name: what messages call it.
        max_bytes: the unpacked size that is accepted, whatever its own size.

    Raises:
        FormatError: as `NpzArrays`.
    """
    limit = min(unpacked_limit(len(source.getbuffer())), max_bytes)
    return dict(NpzArrays(source, name, limit))
