"""A stream: sources into a session at the pace of the clock, and its frames to every sink."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from talkingeyes.errors import TalkingEyesError
from talkingeyes.live.frames import Hello
from talkingeyes.live.playout import Playout
from talkingeyes.live.release import Release
from talkingeyes.live.sinks import Sink
from talkingeyes.live.sources import Source
from talkingeyes.motion import Motion

WAITING_S = 1.0
"""A source that is faster than real time is read so far ahead."""
_ROOM_S = 0.05
_FAST_S = 0.2
"""Sound that goes in at once where nothing is played."""


@dataclass
class Status:
    """How it goes.

    Attributes:
        time_s: audio time of the newest frame.
        frames: frames out.
        fps: of the last second.
        latency_ms: from when the sound of the newest frame's time was heard to when it was out; below 0: before it.
        role: "speaking", "listening", or empty where it is not known.
        underruns: gaps that were filled in while somebody spoke.
        sinks: name -> frames sent and dropped.
        problems: what is wrong with sinks and sources at the moment.
    """

    time_s: float = 0.0
    frames: int = 0
    fps: float = 0.0
    latency_ms: float = 0.0
    role: str = ""
    underruns: int = 0
    sinks: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Stream:
    """One session with its sources and sinks.

    Args:
        session: a `talkingeyes.Session`.
        sources: by voice.
        sinks: where to.
        fps: frames per second of the session.
        name: the session's id on the wire.
        record: keep every frame (`parts`).
        clock: seconds; what paces it.
    """

    def __init__(
        self,
        session: Any,
        sources: Mapping[str, Source],
        sinks: Sequence[Sink],
        *,
        fps: float,
        name: str = "stream",
        record: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.session, self.sources, self.sinks, self.fps = session, sources, sinks, fps
        self.parts: list[Motion] = []
        self.status = Status()
        self._hello = Hello(name, fps, latency_s=dict(session.latency_s))
        self._record, self._clock = record, clock
        self._playout: Playout | None = None
        self._times: list[float] = []
        self._open = set(sources)
        self._release: Release | None = None
        self._awaited = {voice for voice, source in sources.items() if source.prompt}
        self._begun = asyncio.Event()

    async def run(self, stop: asyncio.Event, *, fast: bool = False) -> None:
        """Run until every source that ends has ended, or ``stop``; then the rest of the frames goes out.

        Raises:
            TalkingEyesError: a source or a sink fails; what came before it is in `parts`.
        """
        try:
            for sink in self.sinks:
                await sink.open(self._hello)
            await (self._fast(stop) if fast else self._live(stop))
        finally:
            for sink in self.sinks:
                await sink.close()
            self._count()

    # -- as time passes --------------------------------------------------------------------------------------------

    async def _live(self, stop: asyncio.Event) -> None:
        rates = {voice: source.rate_hz for voice, source in self.sources.items()}
        live = [voice for voice, source in self.sources.items() if source.live]
        self._playout = Playout(self.session, rates, self._clock(), fps=self.fps, live=live, idle=rates)
        self._begin("")
        reading = [asyncio.create_task(self._read(self._playout, v, s)) for v, s in self.sources.items()]
        ended = asyncio.gather(*reading)
        latency_s = self.session.latency_s
        ahead_s = latency_s.get("mouth", 0.0) - latency_s.get("gaze", 0.0)
        release = self._release = Release(self._playout, self.fps, max(0.0, ahead_s), self._give, self._clock)
        ticking, stopping = asyncio.create_task(self._tick(self._playout)), asyncio.create_task(stop.wait())
        releasing = asyncio.create_task(release.run())
        try:
            await asyncio.wait({ended, ticking, releasing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for done in (ticking, releasing, ended):
                if done.done():
                    done.result()  # raises what it failed by
        finally:
            await _cancelled([*reading, ticking, stopping])
            with contextlib.suppress(asyncio.CancelledError, TalkingEyesError):
                await ended
            self._finish(self._playout, dropping=stop.is_set())
            if not stop.is_set() and not releasing.done():
                await release.drained()
            await _cancelled([releasing])
            with contextlib.suppress(TalkingEyesError):  # of a sink that failed already
                release.flush()

    async def _read(self, playout: Playout, voice: str, source: Source) -> None:
        async with contextlib.aclosing(source.blocks()) as blocks:
            async for block in blocks:
                self._out(playout.push(block, voice, self._clock()))
                self._begin(voice)
                while not source.live and playout.queued_s(voice) > WAITING_S:
                    await asyncio.sleep(_ROOM_S)
        self._open.discard(voice)
        self._begin(voice)
        playout.end(voice, for_good=not self._open)
        while playout.queued_s(voice):
            await asyncio.sleep(_ROOM_S)

    def _begin(self, voice: str) -> None:
        """Time begins when the first sound of every file is there: the frames are then the same as without a clock."""
        self._awaited.discard(voice)
        if not self._awaited:
            self._begun.set()

    async def _tick(self, playout: Playout) -> None:
        await self._begun.wait()
        while True:
            await asyncio.sleep(max(0.0, playout.due_s - self._clock()))
            self._out(playout.tick(self._clock()))

    def _finish(self, playout: Playout, *, dropping: bool) -> None:
        """The rest; someone who stops does not want to hear what still waits."""
        for voice in self.sources if dropping else ():
            playout.drop(voice)
        self._out(playout.finish())

    # -- as fast as it goes ----------------------------------------------------------------------------------------

    async def _fast(self, stop: asyncio.Event) -> None:
        """All voices side by side, without a clock; what a source gave before it failed is used."""
        try:
            await self._side_by_side(stop)
        finally:
            self._out(self.session.finish())
        for sink in self.sinks:
            await sink.flush()

    async def _side_by_side(self, stop: asyncio.Event) -> None:
        runs = {voice: (source, source.blocks().__aiter__()) for voice, source in self.sources.items()}
        taken = dict.fromkeys(runs, 0.0)
        while runs and not stop.is_set():
            voice = min(runs, key=lambda name: taken[name])
            source, blocks = runs[voice]
            block = await anext(blocks, None)
            if block is None:
                del runs[voice]
                continue
            taken[voice] += len(block) / source.rate_hz
            self._out(self.session.push(block, source.rate_hz, voice))
            for sink in self.sinks:
                await sink.flush()

    # -- frames ----------------------------------------------------------------------------------------------------

    def _out(self, motion: Motion | None) -> None:
        if motion is None:
            return
        if self._record:
            self.parts.append(motion)
        if self._release is None:
            self._give(motion)
        else:
            self._release.put(motion)

    def _give(self, motion: Motion) -> None:
        for sink in self.sinks:
            sink.send(motion)
        self._measure(motion)

    def _measure(self, motion: Motion) -> None:
        now_s, status = self._clock(), self.status
        last = int(motion.meta.get("start_frame", status.frames)) + motion.num_frames - 1
        status.frames, status.time_s = last + 1, last / self.fps
        self._times += [now_s] * motion.num_frames
        while self._times and self._times[0] < now_s - 1.0:
            self._times.pop(0)
        status.fps = float(len(self._times))
        status.role = str(motion.meta.get("role", ""))
        if self._playout is not None:
            status.latency_ms = 1000 * (now_s - self._playout.wall_s(status.time_s))
            status.underruns = self._playout.stats["underruns"]
        self._count()

    def _count(self) -> None:
        self.status.sinks = {sink.name: {"sent": sink.sent, "dropped": sink.dropped} for sink in self.sinks}
        self.status.problems = [sink.problem for sink in self.sinks if sink.problem]
        self.status.problems += [problem for source in self.sources.values() for problem in source.problems]


async def _cancelled(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
