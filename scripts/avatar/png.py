"""A minimal PNG writer (8 bit, no interlace), so that the avatar's textures need no image library."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from avatar.mesh import Array


def png_bytes(pixels: Array) -> bytes:
    """Encode (H, W, 3) or (H, W, 4) values in 0..1 (already sRGB)."""
    data = np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    height, width, channels = data.shape
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    filtered = data.astype(np.int16)
    filtered[1:] -= data[:-1]  # filter type 2, "up"
    rows = np.concatenate(
        [np.full((height, 1), 2, np.uint8), (filtered % 256).astype(np.uint8).reshape(height, -1)], axis=1
    )
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body
