"""A studio in a process of its own, asked over real sockets."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np


def sample_bytes() -> bytes:
    """The recording that ships."""
    return resources.files("talkingeyes").joinpath("assets/sample.opus").read_bytes()


@dataclass
class Studio:
    """A running one."""

    process: subprocess.Popen[str]
    port: int
    token: str
    folder: Path

    def ask(
        self, path: str, body: Any = None, *, method: str | None = None, raw: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and answer (JSON where it is, else bytes); with the token unless a header says otherwise."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {self.token}", **headers}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data,
            given,
            method=method or ("GET" if data is None else "POST"),
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _read(answer.read(), answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            return error.code, _read(error.read(), error.headers.get_content_type())

    def told(self, path: str, body: Any = None, **more: Any) -> Any:
        """The answer to what must be accepted."""
        status, answer = self.ask(path, body, **more)
        assert status == 200, (path, status, answer)
        return answer

    def job(self, name: str) -> Any:
        """A job when it has ended."""
        while True:
            job = self.told(f"jobs/{name}")
            if job["state"] not in ("waiting", "running"):
                return job

    def events(self, take: str) -> Any:
        """Events of a take once it is planned."""
        while True:
            status, answer = self.ask(f"takes/{take}/events")
            if status != 202:
                assert status == 200, answer
                return answer

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


def _read(body: bytes, kind: str) -> Any:
    return json.loads(body) if kind == "application/json" else body


@contextmanager
def studio(path: Path, *options: str, before: str = "") -> Iterator[Studio]:
    """A studio that is gone afterwards.

    Args:
        path: of the project.
        options: of the command.
        before: Python that its process runs first.
    """
    kept = {"XDG_STATE_HOME": str(path.parent / "state")}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **kept}
    program = f"{before}\nfrom talkingeyes.__main__ import main; raise SystemExit(main())"
    words = [sys.executable, "-c", program, "studio", str(path), "--no-open", "--json", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield Studio(process, said["port"], said["token"], Path(said["folder"]))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)
        assert process.stdout is not None
        process.stdout.close()


def frames_of(body: bytes) -> tuple[dict[str, Any], list[dict[str, np.ndarray]]]:
    """Header and channels of packed frames, read as the page reads them."""
    size = struct.unpack("<I", body[:4])[0]
    header, at, out = json.loads(body[4 : 4 + size]), 4 + size, []
    for row in header["stretches"]:
        planes = np.frombuffer(zlib.decompress(body[at : at + row["bytes"]]), np.uint8).astype(np.int32)
        at += row["bytes"]
        half, count = len(planes) // 2, row["count"]
        coded = (planes[:half] | (planes[half:] << 8)).reshape(-1, count)
        steps = np.cumsum((coded >> 1) ^ -(coded & 1), axis=1)
        steps = ((steps + 32768) & 0xFFFF) - 32768
        out.append({c["name"]: s * c["step"] for c, s in zip(row["channels"], steps, strict=True)})
    assert at == len(body)
    return header, out
