"""What a server gives to each client, and to all of them together."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field

from talkingeyes.errors import SettingError


def _limit(default: float, low: float, high: float, meaning: str) -> float:
    return field(default=default, metadata={"low": low, "high": high, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of a server; each field's metadata holds its range and what it means.

    Raises:
        SettingError: a value is no number within its range.
    """

    sessions: float = _limit(64, 1, 100_000, "sessions at once, those made in advance among them")
    message_bytes: float = _limit(256 << 10, 1 << 10, 16 << 20, "bytes of a message of sound")
    state_bytes: float = _limit(8 << 20, 64 << 10, 64 << 20, "bytes of any message, a state to go on from among them")
    bytes_per_s: float = _limit(1 << 20, 1 << 10, 1 << 30, "bytes a second of one client in the long run")
    burst_bytes: float = _limit(8 << 20, 1 << 10, 1 << 30, "bytes of one client that may come at once")
    queued_s: float = _limit(300, 1, 86_400, "seconds of a voice that may wait for their time")
    queued_frames: float = _limit(150, 1, 100_000, "frames that wait for a slow reader; older ones go")
    hello_s: float = _limit(5, 0.1, 600, "seconds until the first message must have come whole")
    idle_s: float = _limit(60, 1, 86_400, "seconds without a message until a session is ended")
    hand_over_s: float = _limit(5, 0.1, 600, "seconds to hand states back before the server ends")

    def __post_init__(self) -> None:
        """Check every value against its range."""
        for entry in dataclasses.fields(self):
            value, low, high = getattr(self, entry.name), entry.metadata["low"], entry.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise SettingError(f"{entry.name} is {value!r}; a number is accepted")
            if not low <= value <= high:
                raise SettingError(f"{entry.name} is {value:g}; {low:g} to {high:g} is accepted")


class Allowance:
    """Bytes that a client may still send: it fills at a steady rate up to a burst, and may be overdrawn once.

    Args:
        rate: bytes per second.
        burst: bytes at most.
        now_s: of a steady clock.
    """

    def __init__(self, rate: float, burst: float, now_s: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at_s = burst, now_s

    def take(self, count: int, now_s: float) -> float:
        """Take bytes that came; returns the seconds to wait before more are read."""
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._rate) - count
        self._at_s = now_s
        return max(0.0, -self._left / self._rate)
