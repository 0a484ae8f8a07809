"""Damaged inputs against the commands, in one process: ``python -m tests.fuzz.runner COUNT SEED [FORMAT..]``.

Every input must end within `SECONDS` with exit status 0, or 2 and exactly one line on stderr. The process may not take
more than a gigabyte. The same seed makes the same inputs. The counts are printed as one JSON object.
"""

import contextlib
import io
import json
import os
import random
import re
import resource
import signal
import struct
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

import talkingeyes as te
from talkingeyes.cli import main
from tests.avatar_rigs import RigKind, build

SECONDS = 20
MAX_BYTES = 1 << 30
NUMBERS = (b"-1", b"0", b"1e999", b"NaN", b"1e300", b"-1e300", b"4294967296", b"9" * 60, b"null", b'""', b"[]", b"{}")


def _motion() -> te.Motion:
    wave = np.sin(np.arange(40) / 9)
    head = np.stack([0.2 * wave, 0.1 * wave, 0 * wave], axis=1)
    eyes = np.repeat(head[:, None, :2], 2, axis=1)
    face = np.abs(wave)[:, None]
    return te.Motion(30.0, head, eyes, np.abs(np.stack([wave, wave], axis=1)), face, ("jawOpen",), meta={"a": [1, "b"]})


def _seed(suffix: str, folder: Path) -> bytes:
    path = folder / f"seed{suffix}"
    te.save(_motion(), path)
    return path.read_bytes()


def _fixations(_: Path) -> bytes:
    rows = [f"{i % 2},SPEAK,{i / 2},0.4,{i % 9},{i % 5}" for i in range(40)]
    return "\n".join(["participant,state,start_s,duration_s,yaw_deg,pitch_deg", *rows, ""]).encode()


def _mapping(_: Path) -> bytes:
    bones = {"Head": "Head", "LeftEye": "LeftEye", "RightEye": None}
    return json.dumps({"talkingeyes_mapping": 1, "bones": bones, "morphs": {"jawOpen": {"jawOpen": 1.0}}}).encode()


def _shard(_: Path) -> bytes:
    row = {"sample_version": 1, "origin": "o", "duration_s": 2.0, "channels": ["lids"], "confidence": {"head": 1.0}}
    entry = {"key": "a", "members": {"json": [0, 9, "0" * 64]}, "row": row}
    index = {"format": "talkingeyes-shard", "format_version": 1, "name": "x", "bytes": 99, "sha256": "0" * 64}
    return json.dumps({**index, "samples": [entry], "rejected": []}).encode()


def _sound(_: Path) -> bytes:
    samples = (8000 * np.sin(np.arange(8000) / 9)).astype("<i2").tobytes()
    head = (
        b"RIFF"
        + struct.pack("<I", 36 + len(samples))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
    )
    return head + b"data" + struct.pack("<I", len(samples)) + samples


Seed = Callable[[Path], bytes]
FORMATS: dict[str, tuple[Seed, tuple[str, ...]]] = {
    ".npz": (lambda f: _seed(".npz", f), ("info FILE", "info FILE --json", "convert FILE o.npz")),
    ".flame.npz": (lambda f: _seed(".flame.npz", f), ("info FILE",)),
    ".csv": (lambda f: _seed(".csv", f), ("info FILE", "convert FILE o.npz")),
    ".json": (lambda f: _seed(".json", f), ("info FILE", "info FILE --json", "convert FILE o.npz")),
    ".bvh": (lambda f: _seed(".bvh", f), ("info FILE",)),
    ".vrma": (lambda f: _seed(".vrma", f), ("info FILE",)),
    ".glb": (lambda f: build(RigKind(looks="lids")).to_bytes(), ("rig FILE", "rig FILE --json", "info FILE")),
    ".fix.csv": (_fixations, ("FIXATIONS",)),
    ".map.json": (_mapping, ("rig default --mapping FILE",)),
    ".shard.json": (_shard, ("SHARD",)),
    ".wav": (_sound, ("info FILE",)),
}


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to four changes: bytes, bits, cuts, repeats, numbers of texts, and the inside of zip files."""
    if data[:2] == b"PK" and rng.random() < 0.6:
        return _mutated_zip(data, rng)
    if data[:4] == b"glTF" and rng.random() < 0.7:
        return _mutated_glb(data, rng)
    for _ in range(rng.randint(1, 4)):
        data = rng.choice((_bytes, _cut, _repeat, _number, _number, _word))(data, rng) or b"\0"
    return data


def _bytes(data: bytes, rng: random.Random) -> bytes:
    at, out = rng.randrange(len(data)), bytearray(data)
    out[at] = rng.choice((0, 255, rng.randrange(256), out[at] ^ (1 << rng.randrange(8))))
    return bytes(out)


def _cut(data: bytes, rng: random.Random) -> bytes:
    a, b = sorted((rng.randrange(len(data)), rng.randrange(len(data) + 1)))
    return data[:a] + data[b:] if rng.random() < 0.5 else data[:b]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    part = data[at : at + rng.choice((1, 8, 200))]
    return data[:at] + part * rng.choice((2, 3, 50, 1000)) + data[at:]


def _number(data: bytes, rng: random.Random) -> bytes:
    starts = [i for i in range(len(data)) if data[i : i + 1].isdigit() and not data[i - 1 : i].isdigit()]
    if not starts:
        return _bytes(data, rng)
    at = end = rng.choice(starts)
    while end < len(data) and data[end : end + 1] in b"0123456789.":
        end += 1
    return data[:at] + rng.choice(NUMBERS) + data[end:]


def _word(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    odd = (b"[" * 400, b"\xff\xfe", b"\x1b[31m", b"\r", b'"', b"{", b"}", b",,,,", b"A" * 140_000, "\u202e".encode())
    return data[:at] + rng.choice(odd) + data[at:]


def _mutated_zip(data: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        entries = [(name, old.read(name)) for name in old.namelist()]
    chosen = rng.randrange(len(entries))
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_DEFLATED, *methods))) as new:
        for i, (name, content) in enumerate(entries):
            if i == chosen:
                head, rest = content[:128], content[128:]
                content = rng.choice((_bytes, _number, _cut, _word))(head, rng) + rest
            new.writestr(name, content)
    return out.getvalue()


def _mutated_glb(data: bytes, rng: random.Random) -> bytes:
    size = struct.unpack_from("<I", data, 12)[0]
    text, rest = data[20 : 20 + size], data[20 + size :]
    for _ in range(rng.randint(1, 3)):
        text = rng.choice((_number, _number, _number, _bytes, _repeat))(text, rng)
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + rest
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


class TooLong(BaseException):
    """An input took longer than `SECONDS`."""


def _stop(*_: object) -> None:
    raise TooLong


def outcome(command: str, path: Path) -> str:
    """``"read"`` or ``"refused"``, or what went wrong."""
    out, err = io.StringIO(), io.StringIO()
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = _run(command, path)
    except TooLong:
        return "hang"
    except BaseException:  # noqa: BLE001 - whatever it is, it is a finding
        return f"traceback: {traceback.format_exc(limit=-3)}"
    finally:
        signal.alarm(0)
    said = err.getvalue() + out.getvalue()
    lines = sum(not line.startswith("talkingeyes: note: ") for line in err.getvalue().splitlines())
    if any(not c.isprintable() and c != "\n" for c in said) or status not in (0, 2) or lines != (status == 2):
        return f"status {status}, {lines} lines: {said[:300]!r}"
    return "read" if status == 0 else "refused"


def _run(command: str, path: Path) -> int:
    from talkingeyes.data.fixations import source_of
    from talkingeyes.data.shards import read_shard
    from talkingeyes.errors import TalkingEyesError

    if command in ("FIXATIONS", "SHARD"):
        try:
            source_of(path) if command == "FIXATIONS" else read_shard(path)
        except TalkingEyesError as error:
            sys.stderr.write(" ".join(ascii(str(error)).split()) + "\n")
            return 2
        return 0
    return main([str(path) if word == "FILE" else word for word in command.split()])


def run(count: int, seed: int, formats: list[str]) -> Counter[str]:
    """Try ``count`` inputs in turn; what was wrong is printed with the number that makes the input again."""
    counts: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _stop)
    warnings.simplefilter("error", RuntimeWarning)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        seeds = {suffix: FORMATS[suffix][0](folder) for suffix in formats}
        (folder / "x.tar").write_bytes(bytes(99))
        for number in range(count):
            suffix, rng = formats[number % len(formats)], random.Random(f"{seed} {number}")
            path = folder / f"x{suffix.removeprefix('.shard')}"
            path.write_bytes(mutated(seeds[suffix], rng)[: 1 << 20])
            result = outcome(rng.choice(FORMATS[suffix][1]), path)
            counts[result.split(":")[0]] += 1
            if result not in ("read", "refused"):
                sys.stderr.write(f"input {number} of seed {seed} ({suffix}): {result}\n")
    return counts


def peak_bytes() -> int:
    """Most memory that this program has held; where Linux does not tell, the most of the process, its parent too."""
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(own[1]) << 10 if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


if __name__ == "__main__":
    wanted = sys.argv[3:] or list(FORMATS)
    found = run(int(sys.argv[1]), int(sys.argv[2]), wanted)
    peak = peak_bytes()
    print(json.dumps({**found, "peak_mb": peak >> 20}))
    sys.exit(bool(set(found) - {"read", "refused"}) or peak > MAX_BYTES)
