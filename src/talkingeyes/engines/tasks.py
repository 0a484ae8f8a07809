"""What an engine is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ProgressShare = Callable[[float], None]
"""Tells that a task is alive, and its share that is done."""
FOR_NOW = "for now: "
"""Before a reason that lies in the machine, not in the task: the next run tries again."""
MOST_DEATHS = 3
"""A task whose worker dies this often is given up, and named."""


class Task(Protocol):
    """Anything with a number of its own among those of a run; it travels between processes."""

    @property
    def index(self) -> int:
        """The number."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a worker gives back: what it made, or why there is nothing.

    Attributes:
        index: of the task.
        members: bytes by name; empty where nothing was made, or where the worker wrote it itself.
        reason: one line; empty where the task is done.
        fatal: the reason holds for every task (a package is missing): the run must stop.
        told: what else there is to say about it, as plain data.
    """

    index: int
    members: Mapping[str, bytes] = field(default_factory=dict)
    reason: str = ""
    fatal: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)


Make = Callable[..., Outcome]
"""``make(task, beat) -> Outcome``, a function of a module; ``beat`` may be left out."""


class Engine(Protocol):
    """Makes tasks, in any order."""

    def __call__(self, make: Make, tasks: Iterable[Any]) -> Iterator[Outcome]:
        """One outcome per task."""
        ...
