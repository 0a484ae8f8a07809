"""Damage: bytes, cuts, repeats, odd numbers and words, headers, and the inside of zip and GLB files."""

import io
import random
import struct
import zipfile

NUMBERS = (b"-1", b"0", b"1e999", b"NaN", b"1e300", b"-1e300", b"4294967296", b"9" * 60, b"null", b'""', b"[]", b"{}")
WORDS = (b"[" * 400, b"\xff\xfe", b"\x1b[31m", b"\r", b'"', b"{", b"}", b",,,,", b"A" * 140_000, "\u202e".encode())
FIELDS = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00FFFFFF, 0x10000000)
LARGE_BYTES, HEAD_BYTES = 100_000, 700


def damaged(data: bytes, rng: random.Random) -> bytes:
    """One to four changes: bytes, bits, cuts, repeats, numbers of texts, and the inside of zip files."""
    if data[:2] == b"PK" and rng.random() < 0.6:
        return _in_zip(data, rng)
    if data[:4] == b"glTF" and rng.random() < 0.7:
        return _in_glb(data, rng)
    for _ in range(rng.randint(1, 4)):
        data = rng.choice((_bytes, _cut, _repeat, _number, _number, _word))(data, rng) or b"\0"
    return data


def damaged_header(data: bytes, rng: random.Random) -> bytes:
    """One to four changes near the beginning or the end, where containers say what they hold; sometimes anywhere."""
    if rng.random() < 0.2:
        return damaged(data, rng)
    head, middle, tail = data[:HEAD_BYTES], data[HEAD_BYTES : -3 * HEAD_BYTES], data[-3 * HEAD_BYTES :]
    if len(data) < 5 * HEAD_BYTES:
        head, middle, tail = data[:HEAD_BYTES], b"", data[HEAD_BYTES:]
    for _ in range(rng.randint(1, 4)):
        change = rng.choice((_bytes, _bytes, _field, _field, _field, _cut, _repeat))
        if rng.random() < 0.6 or not tail:
            head = change(head, rng) or b"\0"
        else:
            tail = change(tail, rng)
    return head + middle + tail


def _bytes(data: bytes, rng: random.Random) -> bytes:
    at, out = rng.randrange(len(data)), bytearray(data)
    out[at] = rng.choice((0, 255, rng.randrange(256), out[at] ^ (1 << rng.randrange(8))))
    return bytes(out)


def _field(data: bytes, rng: random.Random) -> bytes:
    """A number of four bytes, of either byte order, that is out of range."""
    at = rng.randrange(len(data))
    return data[:at] + struct.pack(rng.choice("<>") + "I", rng.choice(FIELDS)) + data[at + 4 :]


def _cut(data: bytes, rng: random.Random) -> bytes:
    a, b = sorted((rng.randrange(len(data)), rng.randrange(len(data) + 1)))
    return data[:a] + data[b:] if rng.random() < 0.5 else data[:b]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    part = data[at : at + rng.choice((1, 8, 200))]
    return data[:at] + part * rng.choice((2, 3, 50, 1000)) + data[at:]


def _number(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    while at < len(data) and not data[at : at + 1].isdigit():
        at += 1
    if at == len(data):
        return _bytes(data, rng)
    end = at
    while at and data[at - 1 : at].isdigit():
        at -= 1
    while end < len(data) and data[end : end + 1] in b"0123456789.":
        end += 1
    return data[:at] + rng.choice(NUMBERS) + data[end:]


def _word(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.choice(WORDS) + data[at:]


def _in_zip(data: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        entries = [(name, old.read(name)) for name in old.namelist()]
    chosen = rng.randrange(len(entries))
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
    method = rng.choice((zipfile.ZIP_DEFLATED, *methods))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if len(data) > LARGE_BYTES else method) as new:
        for i, (name, content) in enumerate(entries):
            if i == chosen:
                head, rest = content[:128], content[128:]
                content = rng.choice((_bytes, _number, _cut, _word, _field))(head, rng) + rest
            new.writestr(name, content)
    return out.getvalue()


def _in_glb(data: bytes, rng: random.Random) -> bytes:
    size = struct.unpack_from("<I", data, 12)[0]
    text, rest = data[20 : 20 + size], data[20 + size :]
    for _ in range(rng.randint(1, 3)):
        text = rng.choice((_number, _number, _number, _bytes, _repeat))(text, rng)
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + rest
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body
