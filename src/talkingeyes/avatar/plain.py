"""Any glTF file as one plain GLB in memory: outer files taken in, compressed meshes decompressed, one buffer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.compressed import (
    DRACO,
    MAX_PLAIN_BYTES,
    MESHOPT,
    DracoMesh,
    decode_draco,
    decode_meshopt,
    meshopt_extension,
    meshopt_size,
)
from talkingeyes.avatar.gltf import (
    ARRAY_BUFFER,
    ELEMENT_ARRAY_BUFFER,
    MAGIC,
    Glb,
    bounds_of,
    dtype_of,
    parse_json,
    reading,
    width_of,
)
from talkingeyes.avatar.outside import Outside, picture_type
from talkingeyes.errors import FormatError

Array = NDArray[Any]
MAX_GROWTH = 64
"""Times the size of its buffers (or that of a megabyte) that a file may become."""
_CORNERS = -1
"""Stands for a Draco mesh's corners among the numbers of its attributes."""


def read_gltf(path: Path) -> Glb:
    """A .glb, .vrm, .vrma or .gltf with everything inside and nothing compressed; pictures stay as they are coded.

    A file that is one plain GLB already comes back as it is.

    Raises:
        FormatError: not glTF 2.0, damaged, or it needs files that are not in its folder.
        MissingExtraError: it is compressed and the extra ``avatars`` is not installed.
    """
    content = path.read_bytes()
    is_text = content[:4] != MAGIC and content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    glb = _from_text(content, path.name) if is_text else Glb.from_bytes(content, path.name)
    with reading(path.name):
        return plain(glb, Outside(path.parent, path.name))


def _from_text(content: bytes, name: str) -> Glb:
    document = parse_json(content.removeprefix(b"\xef\xbb\xbf"), name)
    version = str(document.get("asset", {}).get("version", "none"))
    if not version.startswith("2."):
        raise FormatError(f"{name}: glTF version {version[:20]}; 2.0 is read")
    return Glb(document)


def plain(glb: Glb, outside: Outside) -> Glb:
    """The same document with one buffer, nothing outside and nothing compressed; the same object where it is so.

    Raises:
        FormatError: as `read_gltf`.
    """
    document, name = glb.document, outside.name
    if not _is_split(document) and not _is_compressed(document):
        return glb
    views = _Views(document, _buffers(glb, outside), name)
    _expand_draco(document, views, name)
    _take_in_pictures(document, views, outside)
    _forget_compression(document)
    out = Glb(document, views.pack())
    out.other_chunks, out.repacked = glb.other_chunks, True
    return out


def _is_split(document: dict[str, Any]) -> bool:
    buffers, pictures = document.get("buffers", []), document.get("images", [])
    return len(buffers) > 1 or any("uri" in b for b in buffers) or any(_lies_outside(p) for p in pictures)


def _lies_outside(picture: dict[str, Any]) -> bool:
    return "uri" in picture and str(picture["uri"])[:5].lower() != "data:"


def _is_compressed(document: dict[str, Any]) -> bool:
    return bool({DRACO, *MESHOPT} & {*document.get("extensionsUsed", []), *document.get("extensionsRequired", [])})


def _forget_compression(document: dict[str, Any]) -> None:
    for key in ("extensionsUsed", "extensionsRequired"):
        if key in document:
            document[key] = [e for e in document[key] if e != DRACO and e not in MESHOPT]
            if not document[key]:
                del document[key]


def _buffers(glb: Glb, outside: Outside) -> list[bytes | None]:
    """The bytes of every buffer; None for one that only stands in for what decompression makes."""
    found: list[bytes | None] = []
    for index, entry in enumerate(glb.document.get("buffers", [])):
        stands_in = any(entry.get("extensions", {}).get(name, {}).get("fallback") for name in MESHOPT)
        if "uri" in entry:
            found.append(outside.read(entry["uri"], "buffer")[: entry["byteLength"]])
        elif index == 0 and not stands_in:
            found.append(bytes(glb.binary))
        elif stands_in:
            found.append(None)
        else:
            raise FormatError(f"{outside.name}: buffer {index} has neither bytes nor an address")
    return found


class _Views:
    """The buffer views of a document with their bytes, plain, to be packed anew under the same numbers."""

    def __init__(self, document: dict[str, Any], buffers: list[bytes | None], name: str) -> None:
        self.document, self.name, self.size = document, name, 0
        came = sum(len(content) for content in buffers if content is not None)
        self.most = min(MAX_PLAIN_BYTES, MAX_GROWTH * max(came, 1 << 20))
        entries = document.get("bufferViews", [])
        self.contents: list[bytes] = []
        self.entries: list[dict[str, Any]] = []
        for entry in entries:
            content = self._plain(entry, buffers)
            self._count(len(content))
            self.contents.append(content)
            self.entries.append(_bare(entry))

    def _count(self, size: int) -> None:
        self.size += size
        if self.size > self.most:
            raise FormatError(f"{self.name}: more than {self.most >> 20} MB once decompressed")

    def _plain(self, entry: dict[str, Any], buffers: list[bytes | None]) -> bytes:
        compressed = meshopt_extension(entry)
        if compressed is None or buffers[entry["buffer"]] is not None:  # else: plain data are there too
            return _slice(entry, buffers)
        self._count(meshopt_size(compressed))
        self.size -= meshopt_size(compressed)
        return decode_meshopt(compressed, _slice(compressed, buffers), self.name)

    def replace(self, index: int, entry: dict[str, Any], content: bytes) -> None:
        self._count(len(content) - len(self.contents[index]))
        self.entries[index], self.contents[index] = entry, content

    def add(self, entry: dict[str, Any], content: bytes) -> int:
        self._count(len(content))
        self.entries.append(entry)
        self.contents.append(content)
        return len(self.entries) - 1

    def pack(self) -> bytes:
        """Write the views into the document; their bytes, each from a multiple of 4 on, become its one buffer."""
        binary = bytearray()
        for entry, content in zip(self.entries, self.contents, strict=True):
            binary += b"\0" * (-len(binary) % 4)
            entry |= {"buffer": 0, "byteOffset": len(binary), "byteLength": len(content)}
            binary += content
        self.document["bufferViews"] = self.entries
        self.document["buffers"] = [{"byteLength": len(binary)}]
        return bytes(binary)


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    extensions = {k: v for k, v in entry.get("extensions", {}).items() if k not in MESHOPT}
    bare = {k: v for k, v in entry.items() if k != "extensions"}
    return {**bare, "extensions": extensions} if extensions else bare


def _slice(entry: dict[str, Any], buffers: list[bytes | None]) -> bytes:
    content = buffers[entry["buffer"]]
    start, length = entry.get("byteOffset", 0), entry["byteLength"]
    if content is None or type(start) is not int or type(length) is not int:
        raise ValueError("a buffer view without bytes")
    if entry["buffer"] < 0 or start < 0 or length < 0 or start + length > len(content):
        raise ValueError("a buffer view reaches past its buffer")
    return content[start : start + length]


def _take_in_pictures(document: dict[str, Any], views: _Views, outside: Outside) -> None:
    for picture in document.get("images", []):
        if _lies_outside(picture):
            content = outside.read(picture["uri"], "picture")
            kind = picture_type(content)
            if kind is None:
                raise FormatError(
                    f"{outside.name}: the picture {str(picture['uri'])[:60]} is neither PNG, JPEG, WebP nor KTX2"
                )
            del picture["uri"]
            picture |= {"bufferView": views.add({}, content), "mimeType": kind}


def _expand_draco(document: dict[str, Any], views: _Views, name: str) -> None:
    """Give the accessors of Draco-compressed primitives plain data; the stream's view becomes that of the corners."""
    meshes: dict[int, DracoMesh] = {}
    filled: dict[int, tuple[int, int]] = {}
    for primitive in [p for mesh in document.get("meshes", []) for p in mesh["primitives"]]:
        entry = primitive.get("extensions", {}).pop(DRACO, None)
        if not primitive.get("extensions", True):
            del primitive["extensions"]
        if entry is None or _is_whole(document, primitive):
            continue
        view = entry["bufferView"]
        if view not in meshes:
            meshes[view] = decode_draco(views.contents[view], name)
        _Expansion(document, views, filled, name).fill(primitive, entry, meshes[view])


def _is_whole(document: dict[str, Any], primitive: dict[str, Any]) -> bool:
    """Whether the plain data are in the file too."""
    used = [*primitive["attributes"].values(), primitive.get("indices", -1)]
    return all(a >= 0 and "bufferView" in document["accessors"][a] for a in used)


class _Expansion:
    """Writes one decoded mesh into the accessors of a primitive; an accessor that holds another mesh is not touched."""

    def __init__(self, document: dict[str, Any], views: _Views, filled: dict[int, tuple[int, int]], name: str) -> None:
        self.accessors, self.views, self.filled, self.name = document["accessors"], views, filled, name

    def fill(self, primitive: dict[str, Any], entry: dict[str, Any], mesh: DracoMesh) -> None:
        total = sum(mesh.attributes[n].sum(axis=1) for a, n in entry["attributes"].items() if a.startswith("WEIGHTS_"))
        for attribute, number in entry["attributes"].items():
            index, values = primitive["attributes"][attribute], mesh.attributes[number]
            if attribute.startswith("WEIGHTS_") and values.dtype.kind == "f":  # Draco's rounding leaves sums near 1
                values = values / np.where(total > 0, total, 1)[:, None]
            if primitive.get("targets") and len(values) != self.accessors[index]["count"]:
                raise FormatError(f"{self.name}: a Draco-compressed mesh has other vertices than its morph targets")
            primitive["attributes"][attribute] = self._give(index, (entry["bufferView"], number), values)
        corners = mesh.corners.reshape(-1)
        index = primitive.setdefault("indices", len(self.accessors))
        if index == len(self.accessors):
            self.accessors.append({"componentType": 5125, "count": 0, "type": "SCALAR"})
        if corners.max() >= {5121: 0xFF, 5123: 0xFFFF}.get(self.accessors[index]["componentType"], 0xFFFFFFFF):
            self.accessors[index]["componentType"] = 5125
        primitive["indices"] = self._give(index, (entry["bufferView"], _CORNERS), corners[:, None])
        primitive["mode"] = 4

    def _give(self, index: int, source: tuple[int, int], values: Array) -> int:
        """The accessor that holds ``values``: the given one, or a copy of it where it holds another mesh's."""
        if self.filled.get(index, source) != source:
            self.accessors.append(dict(self.accessors[index]))
            index = len(self.accessors) - 1
        accessor = self.accessors[index]
        if self.filled.get(index) == source:
            return index
        self.filled[index] = source
        dtype = dtype_of(accessor["componentType"])
        if values.shape[1] != width_of(accessor["type"]) or (values.dtype.kind == "f") != (dtype.kind == "f"):
            raise ValueError(f"an attribute of {values.shape[1]} x {values.dtype.name}")
        accessor["count"] = len(values)
        accessor.pop("byteOffset", None)
        if source[1] == _CORNERS:
            accessor["bufferView"] = source[0]
            self.views.replace(source[0], {"target": ELEMENT_ARRAY_BUFFER}, values.astype(dtype).tobytes())
        else:
            accessor["bufferView"] = self._add_rows(values.astype(dtype))
        if "min" in accessor or "max" in accessor:
            accessor["min"], accessor["max"] = bounds_of(values.astype(dtype))
        return index

    def _add_rows(self, values: Array) -> int:
        row = values.dtype.itemsize * values.shape[1]
        stride = row + -row % 4  # vertex attributes begin at multiples of 4 bytes
        table = np.zeros((len(values), stride), np.uint8)
        table[:, :row] = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), row)
        return self.views.add({"byteStride": stride, "target": ARRAY_BUFFER}, table.tobytes())
