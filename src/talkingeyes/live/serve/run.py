"""Runs the application on uvicorn: its own socket, patience with slow handshakes, and an end that hands states back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from talkingeyes.errors import SettingError
from talkingeyes.live.signals import signals_ask

REQUEST_S = 10.0
"""A request must have come whole in this time; a long one goes on as long as it brings `RENEWS_BYTES` each time."""
RENEWS_BYTES = 256 << 10
GOODBYE_S = 2.0
"""A client that was told to go has so long to say so too."""
_SLOW = b'{"error": "the request came too slowly; it is given up"}'
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: application/json\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(_SLOW), _SLOW)
)
_SEND_BUFFER_BYTES = 64 << 10
"""Small, so that a slow reader gets the newest frames soon after it reads again."""
_SWITCH_S = 0.001
"""How soon a thread that computes lets the event loop send."""


class _PatientHttp(HttpToolsProtocol):
    """uvicorn's HTTP, with an end to its patience: a client may not send a byte a second for ever."""

    _deadline: asyncio.TimerHandle | None = None
    _came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_S, self._give_up)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_S, self._give_up)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._came += len(body)
        if self._came >= RENEWS_BYTES and self._deadline is not None:
            self._calm()
            self._deadline = self.loop.call_later(REQUEST_S, self._give_up)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._calm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def _calm(self) -> None:
        self._came = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport.get_protocol() is not self:  # it is a WebSocket by now
            return
        if self.cycle is not None and self.cycle.response_started:
            self.transport.abort()
            return
        self.transport.write(_TOO_SLOW)
        self.transport.close()
        self.loop.call_later(GOODBYE_S, self.transport.abort)


class _BriefWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which waits less long for the answer to a goodbye."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.close_timeout = GOODBYE_S


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or address of this machine.
        port: 0 for any that is free.

    Raises:
        SettingError: the port is in use, or not ours to take.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingError(
            f"host is {host}: {error.strerror or error}; an address of this machine is accepted"
        ) from None
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise SettingError(
            f"port {port} on {host}: {(error.strerror or str(error)).lower()}; try another --port"
        ) from None
    listening.setblocking(False)
    return listening


def serve(app: Starlette, listening: socket.socket, on_started: Callable[[], None], for_s: float | None = None) -> None:
    """Serve until SIGTERM or SIGINT; then every client gets its state.

    Args:
        app: of `build_app`.
        listening: of `bind`.
        on_started: is called once clients are served.
        for_s: end by itself after so many seconds.
    """
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        asyncio.run(_serve(app, listening, on_started, for_s))
    finally:
        sys.setswitchinterval(interval)


def config_of(app: Starlette) -> uvicorn.Config:
    """How uvicorn runs the application: messages that are not too large, no compression, few words."""
    limits = app.state.server.limits
    return uvicorn.Config(
        app,
        http=_PatientHttp,
        ws=_BriefWebSocket,
        ws_max_size=int(limits.state_bytes),
        ws_per_message_deflate=False,  # a small message can be a large one inside
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        limit_concurrency=int(4 * limits.sessions) + 64,
        timeout_graceful_shutdown=max(1, int(limits.hand_over_s)),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


async def _serve(app: Starlette, listening: socket.socket, on_started: Callable[[], None], for_s: float | None) -> None:
    server = _Server(config_of(app))
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what garbage sends is no event for a person
    asked = asyncio.Event()
    with signals_ask(asked.set):
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        on_started()
        waiting = asyncio.create_task(asked.wait())
        await asyncio.wait({serving, waiting}, timeout=for_s, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await app.state.server.drain()
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: ours hand the states back first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:  # type: ignore[override]
        yield
