"""What live sessions cost: processor time per second of sound, steps, start and memory.

    python benchmarks/live_cost.py RECORDING [--seconds 20] [--repeats 3]

Processor time of this thread, not the clock: it grows by half or more where another program runs on the same core. So
a loop of small numpy operations runs between the repeats, and each figure is told beside what that loop took.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.live.together import Push, push_together

RATE_HZ = 24_000
CASES: dict[str, dict[str, Any]] = {
    "own voice, face": {},
    "own voice, no face": {"face": "none"},
    "own voice, statistical gaze": {"model": "statistical"},
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--together", type=int, nargs="*", default=[1, 4, 10, 20, 40], help="sessions in one call")
    asked = parser.parse_args()
    sound = np.concatenate(list(MonoStream(asked.recording, RATE_HZ)))
    sound = np.tile(sound, -(-asked.seconds * RATE_HZ // len(sound)))[: asked.seconds * RATE_HZ]
    starts_ms = [start_ms(sound) for _ in range(5)]
    print(f"first session {starts_ms[0]:.0f} ms, later ones {np.median(starts_ms[1:]):.0f} ms, to the first frames")
    for name, options in CASES.items():
        for block_s in (0.04, 0.1):
            runs = [pushes_ms(sound, block_s, options) for _ in range(asked.repeats)]
            best, loop = np.min(runs, axis=0)[5:], reference_us()
            per_s = best.sum() / (len(best) * block_s)
            p50, p99 = np.percentile(best, [50, 99])
            print(f"{name}, {block_s * 1000:.0f} ms: {per_s:.1f} ms a second of sound ({1000 / per_s:.0f} sessions a "
                  f"core), p50 {p50:.2f}, p99 {p99:.2f} ms a push; the loop {loop:.1f} us")  # fmt: skip
    for count in asked.together:
        rounds = np.min([together_ms(sound, count) for _ in range(asked.repeats)], axis=0)[25:]
        per_s = rounds.mean() / count / 0.04
        p99 = np.percentile(rounds, 99)
        print(f"{count} sessions together, 40 ms: {per_s:.1f} ms a second of sound of each ({1000 / per_s:.0f} "
              f"sessions a core), p99 {p99:.1f} ms a round; the loop {reference_us():.1f} us")  # fmt: skip
    print(f"memory: {memory_mb(sound):.1f} MB a session")


def pushes_ms(sound: np.ndarray, block_s: float, options: dict[str, Any]) -> list[float]:
    """Processor time of each push."""
    session, size, taken = te.Session(seed=3, **options), round(block_s * RATE_HZ), []
    for at in range(0, len(sound), size):
        before = time.thread_time()
        session.push(sound[at : at + size], RATE_HZ)
        taken.append((time.thread_time() - before) * 1000)
    return taken


def together_ms(sound: np.ndarray, count: int) -> list[float]:
    """Processor time of each round of pushes of 40 ms into so many sessions."""
    sessions, size, taken = [te.Session(seed=seed) for seed in range(count)], RATE_HZ // 25, []
    for at in range(0, len(sound) - size, size):
        parts = [np.roll(sound, seed * 7919)[at : at + size] for seed in range(count)]
        before = time.thread_time()
        push_together([Push(session, part, RATE_HZ) for session, part in zip(sessions, parts, strict=True)])
        taken.append((time.thread_time() - before) * 1000)
    return taken


def start_ms(sound: np.ndarray) -> float:
    """Processor time until the first frames are out."""
    before = time.thread_time()
    session, at, size = te.Session(seed=1), 0, RATE_HZ // 25
    while session.push(sound[at : at + size], RATE_HZ) is None:
        at += size
    return (time.thread_time() - before) * 1000


def reference_us() -> float:
    """Processor time of a turn of small numpy operations."""
    one, two, before = np.ones(3), np.ones((2, 3)), time.thread_time()
    for _ in range(3000):
        np.concatenate([two, np.multiply(one + two, two)])
        np.add.reduce(two, axis=1)
    return (time.thread_time() - before) / 3000 * 1e6


def memory_mb(sound: np.ndarray, count: int = 12) -> float:
    """Largest memory of the process with ``count`` more sessions that have heard 3 s, per session."""
    unit = 1 if sys.platform == "darwin" else 1024
    before, kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    for seed in range(count):
        kept.append(te.Session(seed=seed))
        kept[-1].push(sound[: 3 * RATE_HZ], RATE_HZ)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit / count / 1e6


if __name__ == "__main__":
    main()
