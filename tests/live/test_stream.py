"""A stream on a clock of its own: sound in, frames at every sink, the same motion with and without a clock."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.errors import AudioError, FormatError, OutputError
from talkingeyes.live.frames import Frame, Hello, concatenated, frames_of
from talkingeyes.live.sources import Source
from talkingeyes.live.stream import WAITING_S, Stream
from talkingeyes.motion import Motion
from tests.live.fakes import FakeSession

RATE_HZ = 16_000


class Kept:
    """A sink that keeps frames."""

    def __init__(self) -> None:
        self.name, self.sent, self.dropped, self.problem = "kept", 0, 0, ""
        self.hello: Hello | None = None
        self.frames: list[Frame] = []
        self.closed = False

    async def open(self, hello: Hello) -> None:
        self.hello = hello

    def send(self, motion: Motion) -> None:
        self.frames += frames_of(motion)
        self.sent += motion.num_frames

    async def flush(self) -> None: ...

    async def close(self) -> None:
        self.closed = True


class Turned:
    """Time that passes only when everybody waits: who sleeps shortest is woken next."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._real, self._count = asyncio.sleep, itertools.count()

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now_s + max(seconds, 0.0), next(self._count), woken))
        await woken

    async def turn(self) -> None:
        while True:
            for _ in range(20):
                await self._real(0)
            if self._waiting:
                due_s, _, woken = heapq.heappop(self._waiting)
                self.now_s = max(self.now_s, due_s)
                if not woken.done():
                    woken.set_result(None)


@pytest.fixture(autouse=True)
def turned(monkeypatch: pytest.MonkeyPatch) -> Turned:
    clock = Turned()
    monkeypatch.setattr(asyncio, "sleep", clock.sleep)
    CLOCK[0] = clock
    return clock


CLOCK: list[Turned] = [Turned()]


def spoken(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.1, 0.5, round(seconds * RATE_HZ)).astype(np.float32)


def source(
    sound: np.ndarray, *, parts: int = 20, live: bool = False, endless: bool = False, error: Exception | None = None
) -> Source:
    async def blocks() -> AsyncGenerator[np.ndarray, None]:
        for part in np.array_split(sound, parts):
            yield part
        if error is not None:
            raise error
        if endless:
            await asyncio.Event().wait()

    return Source("test", RATE_HZ, live, blocks, endless=endless, prompt=True)


def run(
    stream: Callable[[], Stream], *, fast: bool = False, stop_when: Callable[[Stream], bool] | None = None
) -> Stream:
    async def work() -> Stream:
        made, stop = stream(), asyncio.Event()

        async def watch() -> None:
            while stop_when is not None and not stop_when(made):
                await asyncio.sleep(0.01)
            if stop_when is not None:
                stop.set()

        helping = [asyncio.create_task(watch()), asyncio.create_task(CLOCK[0].turn())]
        try:
            await made.run(stop, fast=fast)
        finally:
            for task in helping:
                task.cancel()
        return made

    return asyncio.run(asyncio.wait_for(work(), 15))


def make(sources: dict[str, Source], sinks: Any = (), session: FakeSession | None = None) -> Callable[[], Stream]:
    return lambda: Stream(session or FakeSession(), sources, sinks, fps=30.0, record=True, clock=CLOCK[0])


def same(a: Motion, b: Motion) -> bool:
    return all(np.array_equal(a.channels[name], b.channels[name]) for name in a.channels)


def test_a_file_in_real_time_gives_what_it_gives_without_a_clock() -> None:
    sound = spoken(3.0)
    in_time = run(make({"own": source(sound)}))
    fast = run(make({"own": source(sound, parts=3)}), fast=True)
    assert same(concatenated(in_time.parts), concatenated(fast.parts))
    assert concatenated(fast.parts).num_frames == 90


def test_every_sink_gets_every_frame_in_order() -> None:
    sinks = [Kept(), Kept()]
    run(make({"own": source(spoken(2.0))}, sinks))
    for sink in sinks:
        assert [frame.number for frame in sink.frames] == list(range(60))
        assert sink.hello is not None
        assert sink.hello.fps == 30.0
        assert sink.closed


def test_a_source_that_is_faster_than_real_time_is_not_read_to_its_end_at_once() -> None:
    session, ahead = FakeSession(), 0.0
    read = 0

    async def blocks() -> AsyncGenerator[np.ndarray, None]:
        nonlocal read, ahead
        for part in np.array_split(spoken(10.0), 100):
            read += len(part)
            ahead = max(ahead, read / RATE_HZ - session.pushed_s())
            yield part

    run(make({"own": Source("test", RATE_HZ, False, blocks, prompt=True)}, session=session))
    assert ahead < WAITING_S + 0.3


def test_two_voices_side_by_side() -> None:
    session = FakeSession(voices=("own", "other"))
    sources = {"own": source(spoken(1.0)), "other": source(spoken(2.0, 1), parts=7)}
    made = run(make(sources, session=session), fast=True)
    assert (session.pushed_s("own"), session.pushed_s("other")) == (1.0, 2.0)
    assert made.status.frames == 60


def test_an_endless_source_ends_when_it_is_asked_to() -> None:
    sink = Kept()
    made = run(
        make({"own": source(spoken(0.5), live=True, endless=True)}, [sink]),
        stop_when=lambda stream: stream.status.frames > 45,
    )
    assert made.status.frames > 45  # it idles on after its sound
    assert [frame.number for frame in sink.frames] == list(range(len(sink.frames)))
    assert concatenated(made.parts).num_frames == made.status.frames
    assert sink.closed


def test_who_stops_does_not_get_what_still_waits() -> None:
    made = run(make({"own": source(spoken(30.0))}), stop_when=lambda stream: stream.status.frames >= 15)
    assert 15 <= concatenated(made.parts).num_frames < 200


@pytest.mark.parametrize("fast", [False, True])
def test_a_source_that_fails_ends_the_stream_and_what_came_is_kept(fast: bool) -> None:
    sink = Kept()
    stream: list[Stream] = []

    def made() -> Stream:
        stream.append(make({"own": source(spoken(1.0), error=AudioError("it broke"))}, [sink])())
        return stream[0]

    with pytest.raises(AudioError, match="it broke"):
        run(made, fast=fast)
    assert sink.closed
    assert concatenated(stream[0].parts).num_frames >= 20


def test_a_target_that_cannot_be_opened_ends_it_before_any_sound() -> None:
    class Closed(Kept):
        async def open(self, hello: Hello) -> None:
            raise OutputError("nobody there")

    first, session = Kept(), FakeSession()
    with pytest.raises(OutputError, match="nobody there"):
        run(make({"own": source(spoken(1.0))}, [first, Closed()], session))
    assert first.closed
    assert session.pushed_s() == 0


def test_no_sound_at_all_is_no_motion() -> None:
    made = run(make({"own": source(np.zeros(0, np.float32), parts=1)}))
    with pytest.raises(FormatError):
        concatenated(made.parts)


def test_status_tells_how_it_goes(tmp_path: Path) -> None:
    sink = Kept()
    made = run(make({"own": source(spoken(2.0))}, [sink]))
    assert made.status.frames == 60
    assert made.status.time_s == pytest.approx(59 / 30)
    assert made.status.sinks == {"kept": {"sent": 60, "dropped": 0}}
    assert made.status.underruns == 0
    assert made.status.latency_ms <= 1000 / 30 + 1  # the last frame was out when its sound was heard
