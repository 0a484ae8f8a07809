"""WebSockets as targets: connect to somebody's server, or be a small one.

A reader that is slow loses frames, and the newest wins: each keeps a few messages and drops the oldest.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from talkingeyes.errors import OutputError
from talkingeyes.live.addresses import Address, failed
from talkingeyes.live.frames import Hello, encode, frames_of
from talkingeyes.motion import Motion

HELD = 8
"""Frames that wait for a slow reader."""
RETRY_S = 1.0
"""A connection that was lost is tried again so often."""
MAX_READERS = 16
OPEN_S, CLOSE_S = 5.0, 1.0


class Mailbox:
    """A few messages on their way to one reader; the oldest give way."""

    def __init__(self, most: int = HELD) -> None:
        self._most, self._held = most, deque[Any]()
        self._there, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    def close(self) -> None:
        """Nobody reads any more."""
        self._most = 0
        self._held.clear()
        self._empty.set()

    def put(self, item: Any) -> int:
        """Hand over; returns how many older ones were dropped."""
        if not self._most:
            return 1
        self._held.append(item)
        dropped = max(0, len(self._held) - self._most)
        for _ in range(dropped):
            self._held.popleft()
        self._there.set()
        self._empty.clear()
        return dropped

    async def get(self) -> Any:
        """The oldest that is still there."""
        while not self._held:
            self._there.clear()
            self._empty.set()
            await self._there.wait()
        return self._held.popleft()

    async def emptied(self) -> None:
        """Wait until all is taken and done with."""
        await self._empty.wait()


class Connection:
    """A WebSocket that we connect to; lost, it is tried again while frames go by.

    Args:
        address: where to.
        url: the same for the WebSocket library.
        begin: what is said first; raises where the other side refuses.
        say: sends one frame.
        most: frames that wait.
    """

    def __init__(
        self,
        address: Address,
        url: str,
        begin: Callable[[Any, Hello], Awaitable[None]],
        say: Callable[[Any, Any], Awaitable[None]],
        most: int = HELD,
    ) -> None:
        self.name, self.sent, self.dropped, self.problem = address.text, 0, 0, ""
        self.box = Mailbox(most)
        self._url, self._begin, self._say = url, begin, say
        self._socket: Any = None
        self._hello: Hello | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self, hello: Hello) -> None:
        """Connect, or say why not."""
        self._hello = hello
        await self._connect()
        self._task = asyncio.create_task(self._run())

    async def _connect(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        assert self._hello is not None
        try:
            self._socket = await connect(
                self._url, open_timeout=OPEN_S, close_timeout=CLOSE_S, max_size=1 << 20, compression=None, proxy=None
            )
            await self._begin(self._socket, self._hello)
        except (OSError, TimeoutError, WebSocketException) as error:
            raise failed(self.name, error) from None

    async def _run(self) -> None:
        from websockets.exceptions import ConnectionClosed

        while True:
            item = await self.box.get()
            try:
                await self._say(self._socket, item)
                self.sent += 1
            except (ConnectionClosed, OSError):
                self.dropped, self.problem = self.dropped + 1, f"{self.name}: the connection was lost, trying again"
                await self._again()
                self.problem = ""
            except OutputError as error:  # refused: asking again and again would not help
                self.problem = str(error)
                return self.box.close()

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(RETRY_S)
            with contextlib.suppress(OutputError):
                return await self._connect()

    def send(self, motion: Motion) -> None:
        """Hand the frames over."""
        assert self._hello is not None
        for frame in frames_of(motion, self._hello.session):
            self.dropped += self.box.put(frame)

    async def flush(self) -> None:
        """Wait for the last frame, a while."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.box.emptied(), OPEN_S)

    async def close(self) -> None:
        """Send what waits, then close."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.box.emptied(), CLOSE_S)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        with contextlib.suppress(Exception):  # whatever the other side does now, we are done
            await self._socket.close()


def websocket_sink(address: Address) -> Connection:
    """A WebSocket server of somebody: ``?format=json|msgpack``; a hello, then frames (`frames.schema`)."""
    form = address.choice("format", ("json", "msgpack"), "json")

    async def begin(there: Any, hello: Hello) -> None:
        await there.send(encode(hello, form))

    async def say(there: Any, frame: Any) -> None:
        await there.send(encode(frame, form))

    host = f"[{address.host}]" if ":" in address.host else address.host
    return Connection(address, f"{address.scheme}://{host}:{address.port}{address.path or '/'}", begin, say)


class Listening:
    """A small WebSocket server: every page or program that connects gets a hello, then frames.

    Args:
        address: where to listen; ``?format=json|msgpack&origin=URL``. Pages of this machine may connect, others as
            named by ``origin``.
    """

    def __init__(self, address: Address) -> None:
        self.name, self.sent, self.dropped, self.problem = address.text, 0, 0, ""
        self._form, self._address = address.choice("format", ("json", "msgpack"), "json"), address
        self._boxes: set[Mailbox] = set()
        self._server: Any = None
        self._hello: Hello | None = None

    @property
    def port(self) -> int:
        """The port that is listened at."""
        return self._server.sockets[0].getsockname()[1]

    async def open(self, hello: Hello) -> None:
        """Listen."""
        from websockets.asyncio.server import serve

        self._hello = hello
        bound = self._address.bind(socket.SOCK_STREAM)
        own = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
        origins: list[Any] = [None, own, *filter(None, [self._address.options.get("origin")])]
        self._server = await serve(
            self._serve, sock=bound, origins=origins, max_size=1024, compression=None, close_timeout=CLOSE_S
        )

    async def _serve(self, reader: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        if len(self._boxes) >= MAX_READERS:
            return await reader.close(1013, f"up to {MAX_READERS} readers are accepted")
        box = Mailbox()
        self._boxes.add(box)
        saying = asyncio.create_task(self._say(reader, box))
        try:
            async for _ in reader:  # readers have nothing to say
                await reader.close(1008, "frames only go out here")
        except ConnectionClosed:
            pass
        finally:
            self._boxes.discard(box)
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)

    async def _say(self, reader: Any, box: Mailbox) -> None:
        assert self._hello is not None
        await reader.send(encode(self._hello, self._form))
        while True:
            await reader.send(await box.get())
            self.sent += 1

    def send(self, motion: Motion) -> None:
        """Hand the frames to every reader."""
        if not self._boxes:
            return
        assert self._hello is not None
        for frame in frames_of(motion, self._hello.session):
            text = encode(frame, self._form)
            self.dropped += sum(box.put(text) for box in self._boxes)

    async def flush(self) -> None:
        """Wait for readers, a while."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(box.emptied() for box in self._boxes)), OPEN_S)

    async def close(self) -> None:
        """Send what waits, and say goodbye."""
        if self._server is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(box.emptied() for box in self._boxes)), CLOSE_S)
            self._server.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), 2 * CLOSE_S)
