"""The Ray engine: the same work on the machines of a Ray cluster; nodes may die. The only module that imports Ray."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from talkingeyes.engines.tasks import FOR_NOW, MOST_DEATHS, Make, Outcome, Task
from talkingeyes.errors import SettingError
from talkingeyes.extras import missing

_PER_CPU = 2
"""Tasks under way per processor: enough that none waits, few enough that a dead node costs little."""


def run_on_ray(make: Make, tasks: Iterable[Task], address: str | None) -> Iterator[Outcome]:
    """Make every task on a Ray cluster, one processor each; outcomes come as they are done.

    Inputs are read by the nodes: they must lie at the same path on each (a shared file system).
    A task whose worker or node dies runs again elsewhere.

    Args:
        make: ``make(task) -> Outcome``, a function of an installed module.
        tasks: what to do.
        address: of an existing cluster, ``host:port`` or ``auto``; None starts one on this machine.

    Yields:
        One outcome per task, in any order.

    Raises:
        MissingExtraError: Ray is not installed.
        SettingError: no cluster answers at the address.
    """
    ray = _ray()
    began = not ray.is_initialized()
    if began:
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise SettingError(
                f"no Ray cluster at {address or 'this machine'} ({str(error).splitlines()[0]})"
            ) from None
    try:
        yield from _Flow(ray, make).run(iter(tasks))
    finally:
        if began:
            ray.shutdown()


class _Flow:
    """Tasks under way on a cluster."""

    def __init__(self, ray: Any, make: Make) -> None:
        self._ray = ray
        self._remote = ray.remote(num_cpus=1, max_retries=0)(make)  # retries are ours: counted, and named
        self._under_way: dict[Any, Task] = {}
        self._deaths: dict[int, int] = {}

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        again: list[Task] = []
        while True:
            room = max(2, int(_PER_CPU * self._ray.cluster_resources().get("CPU", 1)))
            while len(self._under_way) < room:
                task = again.pop() if again else next(tasks, None)
                if task is None:
                    break
                self._under_way[self._remote.remote(task)] = task
            if not self._under_way:
                return
            done, _ = self._ray.wait(list(self._under_way), num_returns=1, timeout=5.0)
            for reference in done:
                task = self._under_way.pop(reference)
                found = self._result(reference, task)
                if found is None:
                    again.append(task)
                else:
                    yield found

    def _result(self, reference: Any, task: Task) -> Outcome | None:
        """The outcome; None where the task must run again."""
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, ImportError):
                return Outcome(task.index, reason=f"a node cannot start: {error.cause}"[:300], fatal=True)
            return Outcome(task.index, reason=f"unexpected {type(error.cause).__name__}: {error.cause}"[:300])
        except self._ray.exceptions.RayError as error:
            count = self._deaths[task.index] = self._deaths.get(task.index, 0) + 1
            if count < MOST_DEATHS:
                return None
            return Outcome(task.index, reason=f"{FOR_NOW}its worker died {MOST_DEATHS} times ({type(error).__name__})")


def _ray() -> Any:
    try:
        import ray
        import ray.exceptions
    except ImportError:
        raise missing("cluster", "the ray engine", "ray") from None
    return ray
