"""States of a generator while it plans, so that a plan can be gone on from the middle of a recording."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from talkingeyes.generate.streams import Streams

EVERY_STEPS = 10
MOST_BYTES = 64 << 20
"""Where a plan's snapshots are larger, every second one goes."""
_SMALL_BYTES = 32


class Snapshots:
    """The states of one plan, copied, every `EVERY_STEPS` steps or, where they are large, more rarely."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Any, Streams]] = {}
        self._sizes: dict[int, int] = {}
        self._every = EVERY_STEPS

    def keep(self, index: int, state: Any, streams: Streams) -> None:
        """Take in the state before step ``index``, if it is the turn of one."""
        if index % self._every:
            return
        self._kept[index], self._sizes[index] = copy.deepcopy((state, streams)), bytes_of(state)
        if sum(self._sizes.values()) > MOST_BYTES:
            self._every *= 2
            for late in [i for i in self._kept if i % self._every]:
                del self._kept[late], self._sizes[late]

    def before(self, index: int) -> tuple[int, Any, Streams]:
        """The newest state at or before step ``index``: its number, the state, and the streams as they were."""
        found = min(max(index, 0) // self._every * self._every, max(self._kept))
        state, streams = copy.deepcopy(self._kept[found])
        return found, state, streams


def bytes_of(value: Any) -> int:
    """About how much memory a state takes: its arrays, and something for all else."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return _SMALL_BYTES + sum(bytes_of(one) for one in inner)
