"""Frames at an even pace: a session gives one or two at a time, and programs that show each at once would stutter.

Each frame goes out when its mouth fits the sound that is heard, or, where it is late for that already (a microphone's
always is), a little after the one before it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from talkingeyes.live.playout import Playout
from talkingeyes.motion import Motion

APART = 0.8
"""Share of a frame's time that lies between two frames at least."""
MOST = 4
"""Frames that may wait when they are late; more go out at once."""


class Release:
    """Hands out single frames.

    Args:
        playout: tells when sound is heard.
        fps: frames per second.
        ahead_s: how much before the sound of its time a frame is wanted: frames show the mouth of a little earlier.
        out: takes a frame.
        clock: seconds.
    """

    def __init__(
        self, playout: Playout, fps: float, ahead_s: float, out: Callable[[Motion], None], clock: Callable[[], float]
    ) -> None:
        self._playout, self._fps, self._ahead_s, self._give, self._clock = playout, fps, ahead_s, out, clock
        self._held: deque[Motion] = deque()
        self._there, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    def put(self, motion: Motion) -> None:
        """Frames are made."""
        self._held += singles(motion)
        self._there.set()
        self._empty.clear()

    async def run(self) -> None:
        """Hand out for ever."""
        last_s = -1e9
        while True:
            if not self._held:
                self._there.clear()
                self._empty.set()
                await self._there.wait()
            wanted_s = self._playout.wall_s(float(self._held[0].meta["start_s"])) - self._ahead_s
            due_s = max(wanted_s, last_s + APART / self._fps) if len(self._held) <= MOST else wanted_s
            if due_s > self._clock():
                await asyncio.sleep(due_s - self._clock())
            last_s = self._clock()
            self._give(self._held.popleft())

    async def drained(self) -> None:
        """Wait until nothing is held."""
        await self._empty.wait()

    def flush(self) -> None:
        """Hand out what is held now."""
        while self._held:
            self._give(self._held.popleft())
        self._empty.set()


def singles(motion: Motion) -> list[Motion]:
    """A motion of a session as single frames, each with its ``start_frame`` and ``start_s``."""
    first = int(motion.meta.get("start_frame", 0))
    if motion.num_frames == 1 and "start_s" in motion.meta:
        return [motion]
    return [
        motion.replace(
            **{name: values[i : i + 1] for name, values in motion.channels.items()},
            meta={**motion.meta, "start_frame": first + i, "start_s": (first + i) / motion.fps},
        )
        for i in range(motion.num_frames)
    ]
