"""A real server in a process of its own, and clients on real sockets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_socket

from talkingeyes.live.serve.protocol import VOICES

TOKEN = "a-token-for-tests"
RATE_HZ = 16_000


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    port: int

    @property
    def sessions_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/sessions"

    def get(self, path: str, *, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of a request; with the token unless a header says otherwise."""
        given = {"Authorization": f"Bearer {TOKEN}", **{name.replace("_", "-"): v for name, v in headers.items()}}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def json(self, path: str, **more: Any) -> Any:
        return json.loads(self.get(path, **more)[1])

    def metric(self, name: str) -> float:
        lines = self.get("/metrics")[1].decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"talkingeyes_{name} "))

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=15)


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "talkingeyes", "serve", "--port", "0", "--json", *options]


@contextmanager
def served(*options: str) -> Iterator[Served]:
    """A server that is gone afterwards."""
    environment = {**os.environ, "TALKINGEYES_TOKEN": TOKEN, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command(*options), stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        yield Served(process, json.loads(process.stdout.readline())["port"])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)
        assert process.stdout is not None
        process.stdout.close()


class Client:
    """A client that blocks."""

    def __init__(self, server: Served, socket: ClientConnection | None = None, **hello: Any) -> None:
        self._open = ExitStack()
        if socket is None:
            socket = self._open.enter_context(connect_socket(server.sessions_url, compression=None, max_size=None))
        self.socket = socket
        self.accepted: dict[str, Any] = {}
        self.closed: tuple[int, str] | None = None
        self.say({"type": "hello", "version": 1, "token": TOKEN, **hello})
        first = self.receive()
        assert first is not None
        self.accepted = first

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, message: Any) -> None:
        self.socket.send(json.dumps(message))

    def sound(self, samples: np.ndarray, voice: str = "own") -> None:
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        self.socket.send(bytes([VOICES.index(voice), 0]) + pcm)

    def receive(self, timeout_s: float = 10.0) -> dict[str, Any] | None:
        """The next message; None once the connection is closed (`closed` then says how)."""
        from websockets.exceptions import ConnectionClosed

        try:
            data = self.socket.recv(timeout=timeout_s)
        except ConnectionClosed as error:
            close = error.rcvd
            self.closed = (close.code, close.reason) if close is not None else (1006, "")
            return None
        return parsed(data)

    def wait_for(self, kind: str, timeout_s: float = 10.0) -> dict[str, Any]:
        """The next message of a type; others are passed over."""
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            message = self.receive(max(0.01, end_s - time.monotonic()))
            assert message is not None, f"closed {self.closed} before {kind}"
            if message["type"] == kind:
                return message
        raise AssertionError(f"no {kind} within {timeout_s} s")

    def frames(self, count: int, timeout_s: float = 10.0) -> list[dict[str, Any]]:
        """The next so many frames."""
        found: list[dict[str, Any]] = []
        end_s = time.monotonic() + timeout_s
        while len(found) < count:
            assert time.monotonic() < end_s, f"{len(found)} of {count} frames in {timeout_s} s"
            message = self.receive(timeout_s)
            assert message is not None, f"closed {self.closed}"
            found += [message] if message["type"] == "frame" else []
        return found

    def until_closed(self, timeout_s: float = 10.0) -> list[dict[str, Any]]:
        found = []
        while (message := self.receive(timeout_s)) is not None:
            found.append(message)
        return found


def parsed(data: str | bytes) -> dict[str, Any]:
    if isinstance(data, str):
        return json.loads(data)
    import msgpack

    return msgpack.unpackb(data)


def frame_numbers(messages: list[dict[str, Any]]) -> list[int]:
    return [m["frame"] for m in messages if m["type"] == "frame"]
