"""Clients that do what they should not: each gets a clear answer, and nobody else's session notices."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the live server is not installed; talkingeyes[live] brings it")

from websockets.exceptions import ConnectionClosed

from talkingeyes.cli import main
from tests.cli.recordings import spoken
from tests.live.serving import RATE_HZ, TOKEN, Client, Served, command, connect_socket, frame_numbers, served

PIECE_S, FPS = 0.02, 30.0
STUTTER_S = 0.3
"""Later than this is a stutter."""


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served("--sessions", "40", "--idle", "8") as running:
        yield running


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return spoken(4.0)


class Bystander:
    """A well-behaved client in real time on a thread, and when its frames came."""

    def __init__(self, server: Served, speech: np.ndarray) -> None:
        self.client = Client(server, options={"seed": 1})
        self.came_s: list[float] = []
        self.numbers: list[int] = []
        self._speech, self._over = speech, threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._speak, self._listen)]
        for thread in self._threads:
            thread.start()

    def _speak(self) -> None:
        size, start_s, count = round(PIECE_S * RATE_HZ), time.monotonic(), 0
        while not self._over.is_set():
            at = count * size % (len(self._speech) - size)
            self.client.sound(self._speech[at : at + size])
            count += 1
            time.sleep(max(0.0, start_s + count * PIECE_S - time.monotonic()))

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                message = self.client.receive(0.5)
            except TimeoutError:
                continue
            if message is None:
                return
            if message["type"] == "frame":
                self.came_s.append(time.monotonic())
                self.numbers.append(message["frame"])

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self.client.socket.close()

    def latest_s(self, from_s: float) -> float:
        """By how much a frame since then came later, by the frames' own clock, than the promptest one of all."""
        came_s = np.array(self.came_s[: len(self.numbers)])
        behind_s = came_s - np.array(self.numbers[: len(came_s)]) / FPS
        return float((behind_s[came_s >= from_s] - behind_s.min()).max(initial=time.monotonic() - came_s[-1]))


def starved_s(*processes: int) -> float:
    """How long they have waited for processors that others had, each by its worst thread; 0 where nobody counts."""
    total_ns = 0
    for process in processes:
        waited_ns = [0]
        for file in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with suppress(OSError):  # a thread that has just ended
                waited_ns.append(int(file.read_text().split()[1]))
        total_ns += max(waited_ns)
    return total_ns / 1e9


@contextmanager
def undisturbed(server: Served, speech: np.ndarray) -> Iterator[None]:
    """What happens inside must not make another session stutter.

    What the machine keeps from server and client, because others compute on it, is no stutter of the server's.
    """
    processes = server.process.pid, os.getpid()
    starved_before_s = starved_s(*processes)
    bystander = Bystander(server, speech)
    try:
        end_s = time.monotonic() + 10
        while len(bystander.numbers) < 15 and time.monotonic() < end_s:
            time.sleep(0.05)
        begin_s = time.monotonic()
        yield
        time.sleep(0.3)
        latest_s = bystander.latest_s(begin_s)
        kept_s = starved_s(*processes) - starved_before_s
    finally:
        bystander.stop()
    numbers = bystander.numbers
    assert numbers == list(range(len(numbers))), "no frame is lost or doubled"
    assert latest_s < STUTTER_S + kept_s, f"{latest_s:.3f} s late, of which the machine explains {kept_s:.3f} s"


def raw(server: Served) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def handshake(server: Served) -> socket.socket:
    """A WebSocket without a library that would keep us from sending nonsense."""
    made = raw(server)
    made.sendall(
        f"GET /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += made.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101")
    return made


def gone(sock: socket.socket, within_s: float) -> bool:
    """Whether the server ends the connection in time."""
    sock.settimeout(within_s)
    try:
        while sock.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_clients_that_vanish_leave_nothing_behind(server: Served, speech: np.ndarray) -> None:
    with undisturbed(server, speech):
        before = server.metric("sessions")
        for _ in range(10):
            client = Client(server)
            client.sound(speech)
            client.socket.socket.close()  # no goodbye
        end_s = time.monotonic() + 8
        while server.metric("sessions") > before and time.monotonic() < end_s:
            time.sleep(0.1)
        assert server.metric("sessions") <= before


def test_garbage_ends_its_own_connection_only(server: Served, speech: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    with undisturbed(server, speech):
        for _ in range(20):
            sock = raw(server)
            sock.sendall(rng.bytes(2000))
            assert gone(sock, 5)
        for _ in range(10):
            sock = handshake(server)
            sock.sendall(rng.bytes(5000))
            assert gone(sock, 8)
        # Nothing is read meanwhile, so the answers must fit into the client's own queue; the server
        # may close before the last of the thirty.
        with (
            connect_socket(server.sessions_url, compression=None, max_size=None, max_queue=None) as socket,
            Client(server, socket) as client,
        ):
            with suppress(ConnectionClosed):
                for size in rng.integers(0, 300, 30):
                    socket.send(rng.bytes(int(size)) if size % 2 else bytes([3]) + rng.bytes(int(size)))
            said = client.until_closed()
            assert {m["type"] for m in said if m["type"] != "frame"} == {"error"}
            assert (
                client.closed is not None
                and client.closed[0] == 4400
                and "20 messages were refused" in client.closed[1]
            )
    assert server.metric("failures_total") == 0


def test_a_byte_a_second_is_not_waited_for(server: Served, speech: np.ndarray) -> None:
    """Slow requests, slow handshakes, slow messages: each has its time."""
    with undisturbed(server, speech):
        slow_request, slow_hello = raw(server), handshake(server)
        slow_message = Client(server)
        socks = [slow_request, slow_hello, slow_message.socket.socket]
        start_s = time.monotonic()
        for byte in range(11):
            for sock in socks:
                try:
                    sock.sendall(
                        b"GET / HTTP/1.1\r\n"[byte : byte + 1]
                        if sock is slow_request
                        else b"\x82\xfe\x10\x00"[byte : byte + 1] or b"x"
                    )
                except OSError:
                    continue
            time.sleep(1)
        assert gone(slow_hello, 1) and gone(slow_request, 3)
        slow_message.until_closed(5)
        assert slow_message.closed is not None
        assert time.monotonic() - start_s < 18


def test_a_message_of_100_mb_is_refused_before_it_is_read(server: Served, speech: np.ndarray) -> None:
    with undisturbed(server, speech):
        sock = handshake(server)
        sent = 0
        try:
            sock.sendall(b"\x82\xff" + (100 << 20).to_bytes(8, "big") + b"\0\0\0\0")
            for _ in range(100):
                sent += sock.send(bytes(1 << 20))
        except OSError:
            pass
        assert gone(sock, 5)
        assert sent < 50 << 20
        with Client(server) as client:
            client.socket.send(bytes(1 << 20))
            assert "1048576 bytes in a message" in client.wait_for("error")["message"]
            client.sound(speech[:RATE_HZ])
            client.frames(5)


def test_odd_bytes_and_wrong_voices_are_named_and_the_session_goes_on(server: Served, speech: np.ndarray) -> None:
    with Client(server) as client:
        for data, reason in ((b"\x00\x00\x01", "whole 16-bit samples"), (b"\x07\x00ab", "own voice"), (b"", "nothing")):
            client.socket.send(data)
            assert reason in client.wait_for("error")["message"]
        client.sound(speech[:RATE_HZ])
        client.frames(5)


def test_a_flood_of_sound_is_slowed_down_and_others_keep_their_pace(server: Served, speech: np.ndarray) -> None:
    """Ten minutes of sound at once from each of two clients."""
    minute = np.tile(speech, 15)
    with undisturbed(server, speech):
        clients = [Client(server) for _ in range(2)]
        threads = []
        for client in clients:

            def flood(client: Client = client) -> None:
                try:
                    for at in range(0, 10 * len(minute), 50_000):
                        client.sound(np.roll(minute, -at)[:50_000])
                except OSError:
                    return
                except ConnectionClosed:
                    return

            threads.append(threading.Thread(target=flood, daemon=True))
            threads[-1].start()
        time.sleep(4)
        for client in clients:
            client.socket.socket.close()


def test_a_reader_that_sleeps_loses_frames_and_not_the_session(server: Served, speech: np.ndarray) -> None:
    dropped = server.metric("frames_dropped_total")
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", server.port))
    with connect_socket(server.sessions_url, sock=sock, compression=None, max_queue=1) as made:
        client = Client(server, made, options={"fps": 120})
        end_s = time.monotonic() + 14
        while server.metric("frames_dropped_total") == dropped and time.monotonic() < end_s:
            client.sound(speech[:4000])  # it speaks, and reads nothing
            time.sleep(0.25)
        assert server.metric("frames_dropped_total") > dropped
        numbers = frame_numbers(client.frames(400))
        assert numbers == sorted(set(numbers)) and numbers[-1] - numbers[0] > len(numbers), "the oldest are missing"
        made.close()


def test_silence_ends_a_session_with_its_state(server: Served, speech: np.ndarray) -> None:
    with Client(server) as client:
        client.sound(speech[:RATE_HZ])
        messages = client.until_closed()
        assert messages[-1]["type"] == "state" and "no message for 8 s" in messages[-1]["reason"]
        assert client.closed == (4408, "no message for 8 s")


def test_a_connection_without_hello_is_closed(server: Served) -> None:
    sock = handshake(server)
    assert gone(sock, 8)


def test_sigterm_hands_every_client_its_state_and_ends_well(speech: np.ndarray) -> None:
    with served() as server:
        clients = [Client(server, options={"seed": seed}) for seed in range(5)]
        for client in clients:
            client.sound(speech[:RATE_HZ])
            client.frames(3)
        started_s = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        for client in clients:
            messages = client.until_closed()
            assert messages[-1]["type"] == "state" and messages[-1]["reason"] == "the server is ending"
            assert client.closed is not None and client.closed[0] == 1012
        assert server.process.wait(timeout=10) == 0
        assert time.monotonic() - started_s < 8
        with served() as another, Client(another, state=messages[-1]["state"]) as client:
            client.sound(speech[messages[-1]["taken"]["own"] :])
            assert frame_numbers(client.frames(3))[0] == messages[-1]["frame"]


def test_sigterm_does_not_wait_for_a_client_that_reads_nothing() -> None:
    with served() as server:
        client, idle = Client(server), handshake(server)
        client.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert server.stop() == 0
        idle.close()


def test_sigkill_breaks_nothing(speech: np.ndarray) -> None:
    """Clients notice at once, the port is free, and the last state goes on elsewhere."""
    with served() as server:
        with Client(server, state_every_s=0.2) as client:
            client.sound(speech[:RATE_HZ])
            given = client.wait_for("state")
            assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            while client.receive() is not None:
                pass
            assert client.closed == (1006, "")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", server.port))
    with served() as another, Client(another, state=given["state"]) as client:
        assert client.accepted["frame"] == given["frame"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--port", "{used}"], "port {used} on 127.0.0.1: address already in use; try another --port"),
        (["--port", "70000"], "--port is 70000"),
        (["--host", "203.0.113.7"], "try another"),
        (["--host", "no.such.host.invalid"], "host is no.such.host.invalid"),
        (["--host", "0.0.0.0", "--no-token"], "--no-token with --host 0.0.0.0"),
        (["--token", "short"], "--token has 5 characters"),
        (["--sessions", "0"], "sessions is 0"),
        (["--sessions", "nan"], "sessions is nan"),
        (["--workers", "-1"], "--workers is -1"),
    ],
    ids=str,
)
def test_a_server_that_cannot_start_says_why_in_one_line(
    server: Served,
    options: list[str],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TALKINGEYES_TOKEN", TOKEN)
    words = [word.format(used=server.port) for word in options]
    assert main(["serve", "--port", "0", "--json", *words]) == 2
    said = capsys.readouterr().err
    assert reason.format(used=server.port) in said and said.count("\n") == 1


def test_a_server_that_cannot_start_ends_as_a_process_with_code_2(server: Served) -> None:
    words = [*command(), "--port", str(server.port)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "already in use" in done.stderr and done.stderr.count("\n") == 1
