"""States of a generator while it plans, so that a plan can be gone on from the middle of a recording.

They are packed by pickle, within this process alone: nothing is written to a file or read from one.
"""

from __future__ import annotations

import pickle
from typing import Any

from talkingeyes.generate.streams import Streams

EVERY_STEPS = 10
MOST_BYTES = 64 << 20
"""Where a plan's snapshots are larger, every second one goes."""


class Snapshots:
    """The states of one plan, packed, every `EVERY_STEPS` steps or, where they are large, more rarely."""

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}
        self._every, self._bytes = EVERY_STEPS, 0

    def keep(self, index: int, state: Any, streams: Streams) -> None:
        """Take in the state before step ``index``, if it is the turn of one."""
        if index % self._every:
            return
        self._packed[index] = pickle.dumps((state, streams), pickle.HIGHEST_PROTOCOL)
        self._bytes += len(self._packed[index])
        if self._bytes > MOST_BYTES:
            self._every *= 2
            self._packed = {i: data for i, data in self._packed.items() if i % self._every == 0}
            self._bytes = sum(map(len, self._packed.values()))

    def before(self, index: int) -> tuple[int, Any, Streams]:
        """The newest state at or before step ``index``: its number, the state, and the streams as they were."""
        found = min(max(index, 0) // self._every * self._every, max(self._packed))
        state, streams = pickle.loads(self._packed[found])  # noqa: S301 - packed by `keep`
        return found, state, streams
