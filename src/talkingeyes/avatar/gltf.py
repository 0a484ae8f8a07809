"""glTF 2.0 binary files: a reader and writer of containers and accessors, no more (Khronos glTF 2.0, section 4)."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import plain_json
from talkingeyes.errors import FormatError
from talkingeyes.wording import cut, printable, quoted

Array = NDArray[Any]

MAGIC, VERSION = b"glTF", 2
_JSON_CHUNK, _BINARY_CHUNK = 0x4E4F534A, 0x004E4942
_COMPONENT = {"f4": 5126, "u4": 5125, "u2": 5123, "u1": 5121, "i2": 5122, "i1": 5120}
_DTYPE = {code: np.dtype("<" + name) for name, code in _COMPONENT.items()}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
MAX_ELEMENTS = 1 << 30
"""Elements accepted of an accessor with data; one without any may have as many as the longest with data."""
SURE_VALUES, VALUES_PER_BYTE = 1 << 24, 32
"""Values that may be read of a file in all: of a small one, and per byte of a larger one's buffer."""
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963


class Glb:
    """A glTF document with its one binary buffer, in memory.

    Attributes:
        document: the JSON part; lists that are missing are made by the ``add_`` methods.
        binary: the buffer.
        other_chunks: chunks of other types, kept as they came.
        repacked: whether the buffer was put together anew (`talkingeyes.avatar.plain`).
    """

    def __init__(self, document: dict[str, Any] | None = None, binary: bytes = b"") -> None:
        self.document: dict[str, Any] = document if document is not None else {"asset": {"version": "2.0"}}
        self.binary = bytearray(binary)
        self.other_chunks: list[tuple[int, bytes]] = []
        self.repacked = False
        self._read_values = 0

    def copy(self) -> Glb:
        """One of its own: what is added to either is not in the other."""
        other = Glb(json.loads(json.dumps(self.document)), bytes(self.binary))
        other.other_chunks, other.repacked = list(self.other_chunks), self.repacked
        return other

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "avatar") -> Glb:
        """Parse a .glb.

        Raises:
            FormatError: not a GLB, another version, truncated, or its JSON is damaged.
        """
        if len(data) < 20 or data[:4] != MAGIC:
            raise FormatError(f"{name}: not a GLB (binary glTF) file")
        version, length = struct.unpack_from("<II", data, 4)
        if version != VERSION:
            raise FormatError(f"{name}: glTF version {version}; 2 is read")
        if length > len(data):
            raise FormatError(f"{name}: truncated GLB ({len(data)} of {length} bytes)")
        chunks: dict[int, bytes] = {}
        others: list[tuple[int, bytes]] = []
        at = 12
        while at + 8 <= length:
            size, kind = struct.unpack_from("<II", data, at)
            if at + 8 + size > length:
                raise FormatError(f"{name}: truncated GLB (a chunk reaches past the end)")
            if kind in chunks or kind not in (_JSON_CHUNK, _BINARY_CHUNK):
                others.append((kind, data[at + 8 : at + 8 + size]))
            else:
                chunks[kind] = data[at + 8 : at + 8 + size]
            at += 8 + size
        document = parse_json(chunks.get(_JSON_CHUNK, b""), name)
        glb = cls(document, chunks.get(_BINARY_CHUNK, b"")[: _declared_length(document, name)])
        glb.other_chunks = others
        return glb

    def to_bytes(self) -> bytes:
        """The .glb; the same content gives the same bytes."""
        document = dict(self.document)
        if self.binary:
            first, *others = document.get("buffers") or [{}]
            document["buffers"] = [{**first, "byteLength": len(self.binary)}, *others]
        text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        out = struct.pack("<II", len(text), _JSON_CHUNK) + text
        if self.binary:
            body = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
            out += struct.pack("<II", len(body), _BINARY_CHUNK) + body
        out += b"".join(struct.pack("<II", len(body), kind) + body for kind, body in self.other_chunks)
        return struct.pack("<4sII", MAGIC, VERSION, 12 + len(out)) + out

    def _append(self, key: str, entry: dict[str, Any]) -> int:
        entries = self.document.setdefault(key, [])
        entries.append(entry)
        return len(entries) - 1

    def add(self, key: str, entry: dict[str, Any]) -> int:
        """Append to a top-level list (``nodes``, ``meshes``, ...) and return the index."""
        return self._append(key, entry)

    def add_view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes to the buffer, 4-byte aligned, as a buffer view."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        if target is not None:
            view["target"] = target
        self.binary += data
        return self._append("bufferViews", view)

    def add_accessor(
        self, array: Array, kind: str, *, target: int | None = None, normalized: bool = False, bounds: bool = False
    ) -> int:
        """Append an array ((N,) for SCALAR, else (N, width)); ``bounds`` writes min and max."""
        data = np.ascontiguousarray(array)
        accessor = self._accessor_head(data, kind, bounds=bounds)
        accessor["bufferView"] = self.add_view(data.tobytes(), target)
        if normalized:
            accessor["normalized"] = True
        return self._append("accessors", accessor)

    def add_sparse_accessor(self, array: Array, kind: str, *, tolerance: float = 0.0, bounds: bool = False) -> int:
        """Append a mostly-zero float array: only rows with an element beyond ``tolerance`` are stored.

        Of an array without any, its first row is stored: some readers (assimp 5) refuse an accessor without data.
        """
        rows = np.flatnonzero(np.abs(array).reshape(len(array), -1).max(axis=1) > tolerance)
        kept = np.zeros(array.shape, np.float32)
        kept[rows] = array[rows]
        accessor = self._accessor_head(kept, kind, bounds=bounds)
        rows = rows if len(rows) else np.zeros(1, int)
        accessor["sparse"] = self._sparse(rows, kept[rows].astype("<f4").tobytes(), len(array))
        return self._append("accessors", accessor)

    def _sparse(self, rows: Array, values: bytes, count: int) -> dict[str, Any]:
        index = rows.astype("<u2" if count <= 0xFFFF else "<u4")
        return {
            "count": len(rows),
            "indices": {"bufferView": self.add_view(index.tobytes()), "componentType": _COMPONENT[index.dtype.str[1:]]},
            "values": {"bufferView": self.add_view(values)},
        }

    def fill_empty_accessors(self) -> None:
        """Give accessors without any data, which are all zero, one stored zero: as `add_sparse_accessor` does."""
        for accessor in self.document.get("accessors", []):
            if "bufferView" not in accessor and "sparse" not in accessor and accessor.get("count", 0) > 0:
                row = bytes(dtype_of(accessor["componentType"]).itemsize * width_of(accessor["type"]))
                accessor["sparse"] = self._sparse(np.zeros(1, int), row, accessor["count"])

    @staticmethod
    def _accessor_head(data: Array, kind: str, *, bounds: bool) -> dict[str, Any]:
        assert data.size and data.size % _WIDTH[kind] == 0, (data.shape, kind)
        head: dict[str, Any] = {
            "componentType": _COMPONENT[data.dtype.newbyteorder("<").str[1:]],
            "count": data.size // _WIDTH[kind],
            "type": kind,
        }
        if bounds:
            head["min"], head["max"] = bounds_of(data.reshape(-1, _WIDTH[kind]))
        return head

    def read_accessor(self, index: int) -> Array:
        """(N,) or (N, width) values of an accessor, sparse ones filled in.

        Raises:
            FormatError: the accessor or its view does not exist or reaches past the buffer.
        """
        try:
            accessor = self.document["accessors"][index]
            dtype, width, count = _DTYPE[accessor["componentType"]], _WIDTH[accessor["type"]], int(accessor["count"])
            if not 0 <= count <= (MAX_ELEMENTS if "bufferView" in accessor else self._longest()):
                raise ValueError(f"{quoted(count)} elements, more than there is data for")
            if "bufferView" not in accessor:
                values = np.zeros((count, width), dtype)
            else:
                values = self._view_rows(accessor["bufferView"], accessor.get("byteOffset", 0), dtype, width, count)
            self._spend(values.size)
            if sparse := accessor.get("sparse"):
                i, v = sparse["indices"], sparse["values"]
                rows = self._view_rows(
                    i["bufferView"], i.get("byteOffset", 0), _DTYPE[i["componentType"]], 1, sparse["count"]
                )
                values = values.copy()
                values[rows[:, 0].astype(int)] = self._view_rows(
                    v["bufferView"], v.get("byteOffset", 0), dtype, width, sparse["count"]
                )
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            reason = cut(printable(str(error)))
            raise FormatError(f"accessor {quoted(index)} is damaged ({type(error).__name__}: {reason})") from None
        return values[:, 0] if width == 1 else values

    def _longest(self) -> int:
        """Elements of the longest accessor that has data: one without any stands for a mesh that has some."""
        with_data = (a for a in self.document["accessors"] if "bufferView" in a)
        return max((a["count"] for a in with_data if 0 <= a["count"] <= len(self.binary)), default=0)

    def _spend(self, values: int) -> None:
        """Count what was read: many accessors may name the same bytes, and many meshes the same accessor."""
        self._read_values += values
        most = max(SURE_VALUES, VALUES_PER_BYTE * len(self.binary))
        if self._read_values > most:
            raise FormatError(f"its accessors hold more than the {most} values that a file of its size may")

    def _view_rows(self, view_index: int, offset: int, dtype: np.dtype[Any], width: int, count: int) -> Array:
        view = self.document["bufferViews"][view_index]
        if view.get("buffer", 0) != 0:
            raise ValueError("data outside the GLB's own buffer")
        stride = max(view.get("byteStride", 0), dtype.itemsize * width)
        start = view.get("byteOffset", 0) + offset
        if count < 0 or start < 0 or start + stride * (count - 1) + dtype.itemsize * width > len(self.binary):
            raise ValueError("reaches past the buffer")
        return np.ndarray((count, width), dtype, self.binary, start, (stride, dtype.itemsize)).copy()


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever a damaged document makes go wrong becomes our own error, which begins with the file's name.

    Raises:
        FormatError: the document does not hold what glTF promises.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # what comes of it is checked
            yield
    except FormatError as error:
        text = str(error)
        raise error if text.startswith(name) else FormatError(f"{name}: {text}") from None
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, np.linalg.LinAlgError) as error:
        raise FormatError(
            f"{name}: the glTF is damaged ({type(error).__name__}: {cut(printable(str(error)))})"
        ) from None


def parse_json(content: bytes, name: str) -> dict[str, Any]:
    """The JSON part of a glTF file.

    Raises:
        FormatError: damaged, or no object.
    """
    document = plain_json.parse_json(content, name)
    if not isinstance(document, dict):
        raise FormatError(f"{name}: the glTF JSON is no object")
    return document


def _declared_length(document: dict[str, Any], name: str) -> int:
    """Length of the GLB's own buffer."""
    buffers = document.get("buffers", [])
    if not isinstance(buffers, list) or not all(isinstance(b, dict) for b in buffers):
        raise FormatError(f"{name}: its list of buffers is damaged")
    length = buffers[0].get("byteLength", 0) if buffers else 0
    if type(length) is not int or length < 0:
        raise FormatError(f"{name}: its buffer has no length")
    return length


def dtype_of(component_type: int) -> np.dtype[Any]:
    """The numpy type of an accessor's component type."""
    return _DTYPE[component_type]


def width_of(kind: str) -> int:
    """Components of an accessor's type (``SCALAR``, ``VEC3``, ..)."""
    return _WIDTH[kind]


def bounds_of(rows: Array) -> tuple[list[Any], list[Any]]:
    """Smallest and largest (width,) of (N, width) rows, as the JSON has them."""
    return _shortest(rows.min(axis=0)), _shortest(rows.max(axis=0))


def _shortest(values: Array) -> list[Any]:
    """The shortest decimals that read back as the same values in their own precision."""
    if values.dtype.kind != "f":
        return values.tolist()
    return [float(str(v)) for v in values]
