"""From sound to frame through the real WebSocket with a real clock, and how many sessions one core keeps on time.

    python benchmarks/live_server.py                      # latency of one session, then more and more sessions
    python benchmarks/live_server.py --sessions 40 --seconds 30

The server runs in its own process, bound to one core where the system lets it; clients send the bundled recording in
pieces of 20 ms at real time, as a microphone does, and note when each frame comes; they come one after another, and
measuring begins 3 s after the last one has come. Sound to frame: from the moment at which the sound of a frame's audio
time was spoken (its piece is sent up to 20 ms later) to the moment at which it was there. A frame is on time when that
is no more than the session's latency and .1 s.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import websockets

from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream

TOKEN = "a-token-for-benchmarks"
PIECE_S, WARM_S, APART_S = 0.02, 3.0, 0.15
LATE_S = 0.1


def recording() -> np.ndarray:
    """The bundled sample as 16-bit samples at 16 kHz."""
    path = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))
    sound = np.concatenate(list(MonoStream(path)))
    return np.round(np.clip(sound, -1, 1) * 32767).astype("<i2")


class Listener:
    """One client: what it sent when, what came when; ``early_s`` before the last of all clients."""

    def __init__(self, number: int, sound: np.ndarray, format_: str, early_s: float) -> None:
        self.number, self.format, self.warm_s = number, format_, WARM_S + early_s
        self.sound = np.roll(sound, number * 7919)
        self.came_s: list[tuple[float, float]] = []
        self.offsets_s: list[float] = []
        self.latency_s: dict[str, float] = {}
        self.start_s = self.accepted_s = 0.0

    async def run(self, url: str, seconds: float) -> None:
        """Speak and listen in real time."""
        seconds += self.warm_s
        await asyncio.sleep(APART_S * self.number)
        async with websockets.connect(url, compression=None, max_size=None) as socket:
            hello = {"type": "hello", "version": 1, "token": TOKEN, "options": {"seed": self.number},
                     "live": ["own", "other"], "format": self.format}  # fmt: skip
            asked_s = time.monotonic()
            await socket.send(json.dumps(hello))
            accepted = json.loads(await socket.recv())
            self.accepted_s = time.monotonic() - asked_s
            assert accepted["type"] == "accept", accepted
            self.latency_s, fps = accepted["latency_s"], accepted["fps"]
            await asyncio.sleep((self.number * 0.37) % PIECE_S)
            sending = asyncio.create_task(self._speak(socket, seconds))
            try:
                async with asyncio.timeout(seconds + 5):
                    while not sending.done():
                        self._note(await socket.recv(), fps)
            except TimeoutError:
                pass
            finally:
                sending.cancel()

    async def _speak(self, socket: Any, seconds: float) -> None:
        size = round(PIECE_S * SAMPLE_RATE_HZ)
        self.start_s = time.monotonic()
        for count in range(int(seconds / PIECE_S)):
            at = count * size % (len(self.sound) - size)
            await asyncio.sleep(max(0.0, self.start_s + (count + 1) * PIECE_S - time.monotonic()))
            if count in (int(self.warm_s / PIECE_S), int((seconds - 1) / PIECE_S)):
                await socket.send('{"type": "state"}')
            await socket.send(b"\0\0" + self.sound[at : at + size].tobytes())

    def _note(self, data: str | bytes, fps: float) -> None:
        now_s = time.monotonic()
        if isinstance(data, bytes):
            import msgpack

            message = msgpack.unpackb(data)
        else:
            message = json.loads(data)
        if message["type"] == "state":
            own = message["state"]["playout"]["own"]
            self.offsets_s.append((own["fed"] - own["taken"]) / SAMPLE_RATE_HZ)  # silence before the first sound
        if message["type"] != "frame" or not self.start_s:
            return
        if now_s - self.start_s > self.warm_s:
            self.came_s.append((now_s, message["frame"] / fps))

    @property
    def lateness_s(self) -> list[float]:
        """From the moment at which the sound of a frame's audio time was spoken to the frame."""
        if not self.offsets_s:  # so far behind that it did not even answer
            return [math.inf]
        return [now_s - (self.start_s + time_s - self.offsets_s[0]) for now_s, time_s in self.came_s]


def start_server(core: int | None) -> tuple[subprocess.Popen[str], int]:
    """A server in its own process, and its port."""
    command = [
        sys.executable,
        "-m",
        "talkingeyes",
        "serve",
        "--port",
        "0",
        "--json",
        "--sessions",
        "1000",
        "--workers",
        "1",
    ]
    bind = None
    if core is not None and hasattr(os, "sched_setaffinity"):
        bind = lambda: os.sched_setaffinity(0, {core})  # noqa: E731
    environment = {**os.environ, "TALKINGEYES_TOKEN": TOKEN, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=bind)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["port"]


def cpu_s(process: subprocess.Popen[str]) -> float:
    """Processor time of the server so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process: subprocess.Popen[str]) -> float:
    """Memory of the server now."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def measure(sessions: int, seconds: float, format_: str, core: int | None) -> dict[str, float]:
    """One run against a fresh server."""
    process, port = start_server(core)
    try:
        sound = recording()
        empty_mb = resident_mb(process)
        listeners = [Listener(i, sound, format_, APART_S * (sessions - 1 - i)) for i in range(sessions)]
        tasks = [asyncio.create_task(one.run(f"ws://127.0.0.1:{port}/v1/sessions", seconds)) for one in listeners]
        await asyncio.sleep(APART_S * sessions + WARM_S)
        before_s = cpu_s(process)
        await asyncio.sleep(0.8 * seconds)
        used_s, full_mb = cpu_s(process) - before_s, resident_mb(process)
        await asyncio.gather(*tasks)
    finally:
        process.terminate()
        process.wait(timeout=20)
    late_s = np.concatenate([one.lateness_s for one in listeners])
    promised = max(listeners[0].latency_s.values())
    return {
        "sessions": sessions,
        "frames": len(late_s),
        "p50_ms": 1000 * float(np.percentile(late_s, 50)),
        "p99_ms": 1000 * float(np.percentile(late_s, 99)),
        "worst_ms": 1000 * float(late_s.max()),
        "promised_ms": 1000 * promised,
        "on_time_percent": 100 * float(np.mean(late_s <= promised + LATE_S)),
        "frames_per_session_second": len(late_s) / sessions / seconds,
        "core_percent": 100 * used_s / (0.8 * seconds),
        "slipped_ms": 1000
        * max((abs(one.offsets_s[-1] - one.offsets_s[0]) for one in listeners if one.offsets_s), default=math.nan),
        "worst_start_ms": 1000 * max(one.accepted_s for one in listeners),
        "mb_per_session": (full_mb - empty_mb) / sessions,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, nargs="*", default=[1, 10, 20, 40, 60, 80])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--format", choices=("json", "msgpack"), default="msgpack")
    parser.add_argument("--core", type=int, default=0, help="which core the server gets; -1: any")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, format {options.format}, {options.seconds:g} s each")
    for sessions in options.sessions:
        found = asyncio.run(
            measure(sessions, options.seconds, options.format, None if options.core < 0 else options.core)
        )
        print(", ".join(f"{name} {value:.1f}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
