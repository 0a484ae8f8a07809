"""What waits for a client to read it: frames may be left out, the newest wins; other messages never are."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Parcel:
    """A message on its way.

    Attributes:
        data: text or bytes.
        frames: how many frames it holds; 0 for what must arrive.
        close: code and reason, where the connection ends after this.
    """

    data: str | bytes = ""
    frames: int = 0
    close: tuple[int, str] | None = None


class Bell:
    """Wakes tasks of an event loop from a worker's thread; the loop is called once for all that wait by then.

    Args:
        loop: theirs.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._lock = loop, threading.Lock()
        self._due: list[asyncio.Event] = []

    def ring(self, event: asyncio.Event) -> None:
        """Set an event of the loop soon."""
        with self._lock:
            self._due.append(event)
            first = len(self._due) == 1
        if first and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        with self._lock:
            due, self._due = self._due, []
        for event in due:
            event.set()


@functools.lru_cache(maxsize=4)
def bell_of(loop: asyncio.AbstractEventLoop) -> Bell:
    """The bell of an event loop."""
    return Bell(loop)


class Outbox:
    """Messages from a worker's thread to the event loop.

    Args:
        loop: whose task reads.
        most_frames: messages with frames that are held; older ones are dropped.
        on_dropped: is called with the number of frames dropped.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most_frames: int, on_dropped: Callable[[int], None]) -> None:
        self._bell, self._most, self._on_dropped = bell_of(loop), most_frames, on_dropped
        self._lock = threading.Lock()
        self._held: deque[Parcel] = deque()
        self._frames = 0
        self._there = asyncio.Event()
        self._waiting = True

    def put(self, parcel: Parcel) -> None:
        """Hand over a message; from any thread."""
        dropped = 0
        with self._lock:
            self._held.append(parcel)
            self._frames += parcel.frames > 0
            if self._frames > self._most:
                dropped = self._drop_oldest()
            wake, self._waiting = self._waiting, False
        if dropped:
            self._on_dropped(dropped)
        if wake:
            self._bell.ring(self._there)

    def _drop_oldest(self) -> int:
        for place, parcel in enumerate(self._held):
            if parcel.frames:
                del self._held[place]
                self._frames -= 1
                return parcel.frames
        return 0

    async def get(self) -> Parcel:
        """The oldest message that is still there; on the loop."""
        while True:
            with self._lock:
                if self._held:
                    parcel = self._held.popleft()
                    self._frames -= parcel.frames > 0
                    return parcel
                self._waiting = True
                self._there.clear()
            await self._there.wait()
