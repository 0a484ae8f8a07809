"""Counts of a server, in the text format of Prometheus."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator

LATENCY_BOUNDS_S = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.75, 1.0, 2.0, 5.0)
STEP_BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
_COUNTERS = {
    "sessions_total": "sessions that began",
    "sessions_resumed_total": "sessions that went on from a state",
    "sessions_refused_total": "clients that were turned away",
    "frames_total": "frames made",
    "frames_late_total": "frames made later than the session's latency and a tenth of a second",
    "frames_dropped_total": "frames that a slow reader did not get",
    "received_bytes_total": "bytes of messages that came",
    "sent_bytes_total": "bytes of messages that went out",
    "errors_total": "messages of clients that were refused",
    "failures_total": "sessions that an error of ours ended",
}


class Histogram:
    """Values in buckets; not safe between threads by itself."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds, self._counts = bounds, [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float, count: int = 1) -> None:
        """Count a value, or several alike."""
        self._counts[bisect_left(self._bounds, value)] += count
        self._sum += value * count

    def lines(self, name: str) -> Iterator[str]:
        """The lines of Prometheus."""
        total = 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._sum:.6f}"
        yield f"{name}_count {total}"


class Metrics:
    """What a server counts; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(_COUNTERS, 0)
        self._latency, self._step = Histogram(LATENCY_BOUNDS_S), Histogram(STEP_BOUNDS_S)

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self._counts[name] += by

    def __getitem__(self, name: str) -> int:
        """A counter's value."""
        with self._lock:
            return self._counts[name]

    def made(self, frames: int, latency_s: float, late: bool) -> None:
        """Frames came out of a session.

        Args:
            frames: how many.
            latency_s: from the last one's audio time to now.
            late: whether that is more than was promised.
        """
        with self._lock:
            self._counts["frames_total"] += frames
            self._counts["frames_late_total"] += frames if late else 0
            self._latency.add(max(latency_s, 0.0), frames)

    def stepped(self, took_s: float) -> None:
        """A session was worked on once."""
        with self._lock:
            self._step.add(took_s)

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """Everything in the text format.

        Args:
            gauges: name -> (help, value) of what is counted elsewhere.
        """
        lines = []
        with self._lock:
            for name, (meaning, value) in gauges.items():
                full = f"talkingeyes_{name}"
                lines += [f"# HELP {full} {meaning}", f"# TYPE {full} gauge", f"{full} {value:g}"]
            for name, meaning in _COUNTERS.items():
                full = f"talkingeyes_{name}"
                lines += [f"# HELP {full} {meaning}", f"# TYPE {full} counter", f"{full} {self._counts[name]}"]
            for name, meaning, held in (
                ("latency_seconds", "from a frame's audio time to the frame", self._latency),
                ("step_seconds", "a session's turn, with those that are taken together with it", self._step),
            ):
                full = f"talkingeyes_{name}"
                lines += [f"# HELP {full} {meaning}", f"# TYPE {full} histogram", *held.lines(full)]
        return "\n".join(lines) + "\n"
