"""Compressed meshes decoded by well-kept libraries: meshopt buffer views and Draco primitives (extra ``avatars``).

Sources: Khronos glTF extensions EXT_meshopt_compression, KHR_meshopt_compression and KHR_draco_mesh_compression.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.extras import missing

Array = NDArray[Any]
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"
MAX_PLAIN_BYTES = 512 << 20
"""All buffers of one file, decompressed."""
_MODES = ("ATTRIBUTES", "TRIANGLES", "INDICES")
_MAX_DRACO_ELEMENTS = 1 << 24


def meshopt_extension(view: dict[str, Any]) -> dict[str, Any] | None:
    """The compression entry of a buffer view, None where it is plain."""
    extensions = view.get("extensions", {})
    return next((extensions[name] for name in MESHOPT if name in extensions), None)


def meshopt_size(entry: dict[str, Any]) -> int:
    """Bytes that a compressed buffer view becomes."""
    count, stride = entry["count"], entry["byteStride"]
    if type(count) is not int or type(stride) is not int or not count > 0 or not 0 < stride <= 256:
        raise ValueError(f"{count} elements of {stride} bytes")
    return count * stride


def decode_meshopt(entry: dict[str, Any], content: bytes, name: str) -> bytes:
    """The plain bytes of a compressed buffer view.

    Args:
        entry: the extension's entry.
        content: the compressed bytes.
        name: the file's name, for errors.

    Raises:
        MissingExtraError: the library is not installed.
        FormatError: the data are damaged.
    """
    meshopt = _library("meshopt", "meshopt-compressed", name)
    mode, how = entry["mode"], entry.get("filter", "NONE")
    try:
        rows = meshopt.decode_gltf_buffer(content, entry["count"], entry["byteStride"], mode, how)
    except (ValueError, RuntimeError, TypeError) as error:
        raise FormatError(f"{name}: its meshopt-compressed data are damaged ({str(error)[:60]})") from None
    plain = np.ascontiguousarray(rows).tobytes()
    if len(plain) != meshopt_size(entry):
        raise FormatError(f"{name}: its meshopt-compressed data are damaged ({len(plain)} bytes)")
    return plain


@dataclass(frozen=True)
class DracoMesh:
    """A primitive as Draco held it.

    Attributes:
        corners: (F, 3) vertex numbers.
        attributes: Draco's own number of an attribute -> (V, width) values.
    """

    corners: Array
    attributes: dict[int, Array]


def decode_draco(content: bytes, name: str) -> DracoMesh:
    """The triangles and attributes of a Draco stream.

    Raises:
        MissingExtraError: the library is not installed.
        FormatError: the data are damaged, or ask for too much.
    """
    draco = _library("DracoPy", "Draco-compressed", name)
    most = max(_draco_counts(content), default=0)
    if most > _MAX_DRACO_ELEMENTS:
        raise FormatError(f"{name}: a Draco-compressed mesh has {most} elements; {_MAX_DRACO_ELEMENTS} are accepted")
    refusals = (ValueError, RuntimeError, TypeError, AttributeError, KeyError, MemoryError, draco.FileTypeException)
    try:
        mesh = draco.decode(content)
        corners = np.asarray(mesh.faces).reshape(-1, 3)
        attributes = {int(a["unique_id"]): np.asarray(a["data"]).reshape(len(a["data"]), -1) for a in mesh.attributes}
    except refusals as error:
        raise FormatError(f"{name}: its Draco-compressed data are damaged ({str(error)[:60]})") from None
    count = min((len(a) for a in attributes.values()), default=0)
    if not corners.size or int(corners.max()) >= count:
        raise FormatError(f"{name}: its Draco-compressed data are damaged (no triangles, or corners without vertices)")
    return DracoMesh(corners, attributes)


def _draco_counts(content: bytes) -> list[int]:
    """Faces and points that the header of a Draco mesh promises; empty where they do not follow the header at once."""
    if len(content) < 11 or content[:5] != b"DRACO":
        return []
    has_metadata, is_mesh, edgebreaker = content[10] & 0x80, content[7] == 1, content[8] == 1
    if has_metadata or not is_mesh or (content[5], content[6]) < (2, 2):
        return []
    at, counts = 12 if edgebreaker else 11, []
    for _ in range(2):
        value, shift = 0, 0
        while at < len(content) and shift < 64:
            byte = content[at]
            value, at, shift = value | (byte & 0x7F) << shift, at + 1, shift + 7
            if byte < 0x80:
                break
        counts.append(value)
    return counts


def _library(module: str, how: str, name: str) -> ModuleType:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise missing("avatars", f"{name}: reading its {how} meshes", module) from None
