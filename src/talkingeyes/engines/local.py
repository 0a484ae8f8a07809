"""The local engine: worker processes that may die. Each holds one task, so that a dead one is named."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing import connection
from typing import IO, Any

from talkingeyes.engines.tasks import FOR_NOW, MOST_DEATHS, Make, Outcome, Task

SILENT_S = 600.0
"""A worker that tells no progress for so long is ended, which counts as its death."""
_KILLED = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGXCPU")
"""Signals that come from outside: the system that ran out of memory, a batch queue, a person."""
_START_WAIT_S = 1.0
_SPAWN = multiprocessing.get_context("spawn")


def run_local(make: Make, tasks: Iterable[Task], workers: int) -> Iterator[Outcome]:
    """Make every task in ``workers`` processes; outcomes come as they are done.

    Args:
        make: ``make(task, beat) -> Outcome``, a function of a module.
        tasks: what to do, drawn as workers become free.
        workers: how many processes.

    Yields:
        One outcome per task, in any order.
    """
    waiting, retried = iter(tasks), deque[Task]()
    deaths: dict[int, int] = {}
    crew = [_Worker(make) for _ in range(workers)]
    try:
        while True:
            for worker in crew:
                if worker.task is None:
                    worker.give(retried.popleft() if retried else next(waiting, None))
            busy = [worker for worker in crew if worker.task is not None]
            if not busy:
                return
            connection.wait([x for worker in busy for x in worker.waits_for], timeout=_START_WAIT_S)
            for worker in busy:
                task, found = worker.task, worker.poll()
                assert task is not None
                if isinstance(found, Outcome):
                    yield found
                elif found is not None:
                    deaths[task.index] = deaths.get(task.index, 0) + 1
                    if "ModuleNotFoundError" in found or "ImportError" in found:
                        yield Outcome(task.index, reason=f"a worker cannot start: {found}", fatal=True)
                    elif deaths[task.index] < MOST_DEATHS:
                        retried.append(task)
                    else:
                        blame = FOR_NOW if found.startswith(_KILLED) else ""
                        yield Outcome(task.index, reason=f"{blame}its worker died {MOST_DEATHS} times ({found})")
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    """One process and the task that it holds. After a death the next task starts a new process."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._process: Any = None
        self._pipe: Any = None
        self._words: IO[bytes] | None = None
        self._heard_s = 0.0
        self.task: Task | None = None

    @property
    def waits_for(self) -> list[Any]:
        return [self._pipe, self._process.sentinel]

    def give(self, task: Task | None) -> None:
        if task is None:
            return
        if self._process is None or not self._process.is_alive():
            self._start()
        self.task, self._heard_s = task, time.monotonic()
        try:
            self._pipe.send(task)
        except OSError:
            return  # it died meanwhile; `poll` sees that

    def _start(self) -> None:
        self.end()
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # one task per process: threads would only fight
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._words = tempfile.NamedTemporaryFile(prefix="talkingeyes-worker-")  # noqa: SIM115
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, self._make, self._words.name), daemon=True)
        self._process.start()
        theirs.close()

    def poll(self) -> Outcome | str | None:
        """An outcome, how the worker died, or nothing yet."""
        try:
            while self._pipe.poll():
                message = self._pipe.recv()
                self._heard_s = time.monotonic()
                if isinstance(message, Outcome):
                    self.task = None
                    return message
        except (EOFError, OSError):
            return self._died("")
        if not self._process.is_alive() and not self._pipe.poll():
            return self._died("")
        if time.monotonic() - self._heard_s > SILENT_S:
            return self._died(f"no progress for {SILENT_S:.0f} s")
        return None

    def _died(self, how: str) -> str:
        self._process.join(timeout=1.0)
        code = self._process.exitcode
        if not how:
            how = signal.Signals(-code).name if code is not None and code < 0 else f"exit status {code}"
        last = self._last_words()
        self.end()
        return f"{how}: {last}" if last else how

    def _last_words(self) -> str:
        assert self._words is not None
        self._words.seek(max(0, os.fstat(self._words.fileno()).st_size - 2000))
        lines = self._words.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:160] if lines and "Error" in lines[-1] else ""

    def end(self) -> None:
        """End the process, if there is one."""
        self.task = None
        if self._process is None:
            return
        self._process.kill()
        self._process.join()
        self._pipe.close()
        assert self._words is not None
        self._words.close()
        self._process = None


def _serve(pipe: Any, make: Make, words: str) -> None:
    """A worker's life: tasks in, outcomes out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    sink = os.open(words, os.O_WRONLY | os.O_APPEND)
    os.dup2(sink, 2)  # native libraries talk there; the parent reads it when the worker dies
    try:
        while True:
            task = pipe.recv()
            pipe.send(make(task, lambda share: pipe.send(share)))
    except (EOFError, BrokenPipeError):
        return
