"""Frames at an even pace, on time that the test turns."""

import asyncio

import numpy as np
import pytest

from talkingeyes.live.playout import Playout
from talkingeyes.live.release import APART, Release, singles
from talkingeyes.motion import Motion
from tests.live.fakes import FakeSession
from tests.live.test_frames import moving
from tests.live.test_stream import CLOCK
from tests.live.test_stream import turned as turned  # the fixture

FPS = 30.0


def released(arrivals: list[tuple[float, int]], ahead_s: float = 0.0) -> list[tuple[int, float]]:
    """Frame numbers and when they went out, of (time, how many) that arrive."""
    found: list[tuple[int, float]] = []

    async def work() -> None:
        clock = CLOCK[0]
        playout = Playout(FakeSession(), {"own": 16_000}, 0.0)
        release = Release(playout, FPS, ahead_s, lambda m: found.append((m.meta["start_frame"], clock.now_s)), clock)
        tasks = [asyncio.create_task(clock.turn()), asyncio.create_task(release.run())]
        made = 0
        for time_s, count in arrivals:
            await asyncio.sleep(time_s - clock.now_s)
            release.put(moving(count, start=made))
            made += count
        await release.drained()
        for task in tasks:
            task.cancel()

    asyncio.run(asyncio.wait_for(work(), 10))
    return found


def test_early_frames_wait_for_their_sound() -> None:
    found = released([(0.0, 6), (0.05, 6)])
    assert [k for k, _ in found] == list(range(12))
    assert [out for _, out in found] == pytest.approx([k / FPS for k in range(12)], abs=1e-6)


def test_frames_are_wanted_before_their_sound_by_what_the_mouth_lags() -> None:
    found = released([(0.0, 8)], ahead_s=0.06)
    assert found[7][1] == pytest.approx(7 / FPS - 0.06, abs=1e-6)


def test_a_microphones_frames_come_evenly() -> None:
    """Steps of 40 ms give one frame, one, one, one, two; late by .15 s."""
    arrivals, made = [], 0
    for step in range(1, 50):
        due = int(step * 0.04 * FPS + 1e-6)
        arrivals.append((step * 0.04 + 0.15, due - made))
        made = due
    found = released(arrivals)
    apart = np.diff([out for _, out in found])
    assert apart.min() >= APART / FPS - 1e-6
    assert apart.max() < 0.05
    assert max(out - k / FPS for k, out in found) < 0.15 + 0.04 + 2 / FPS


def test_after_a_stall_what_is_late_goes_out_at_once() -> None:
    found = released([(2.0, 30)])
    assert sum(out == 2.0 for _, out in found) >= 25
    assert [k for k, _ in found] == list(range(30))


def test_single_frames_are_the_motion() -> None:
    motion = moving(5, start=9)
    parts = singles(motion)
    assert [part.meta["start_frame"] for part in parts] == [9, 10, 11, 12, 13]
    for name, values in motion.channels.items():
        np.testing.assert_array_equal(np.concatenate([part.channels[name] for part in parts]), values)
    assert isinstance(parts[0], Motion)
