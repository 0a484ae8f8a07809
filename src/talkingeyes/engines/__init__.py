"""One way to run many things: tasks in worker processes here, or on a Ray cluster; workers and nodes may die.

``tasks`` what an engine is given and gives back, ``local`` processes of this machine, ``on_ray`` a cluster. Data sets
(`talkingeyes.data`) and batches (`talkingeyes.batch`) are made so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from talkingeyes.engines.local import run_local
from talkingeyes.engines.tasks import FOR_NOW, MOST_DEATHS, Engine, Make, Outcome, ProgressShare, Task
from talkingeyes.errors import SettingError

__all__ = ["FOR_NOW", "MOST_DEATHS", "Engine", "LocalEngine", "Make", "Outcome", "ProgressShare", "RayEngine", "Task"]


@dataclass(frozen=True)
class LocalEngine:
    """Worker processes on this machine; each makes one task after the other, and stays warm."""

    workers: int = 1

    def __post_init__(self) -> None:
        """Check the number."""
        if not 1 <= self.workers <= 256:
            raise SettingError(f"{self.workers} workers; 1 to 256 are accepted")

    def __call__(self, make: Make, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Run."""
        return run_local(make, tasks, self.workers)


@dataclass(frozen=True)
class RayEngine:
    """A Ray cluster: an existing one's address, or None for one on this machine."""

    address: str | None = None

    def __call__(self, make: Make, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Run."""
        from talkingeyes.engines.on_ray import run_on_ray

        return run_on_ray(make, tasks, self.address)
