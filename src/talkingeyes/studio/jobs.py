"""What takes its time: jobs in a thread of their own, with progress, cancelled when somebody asks."""

from __future__ import annotations

import itertools
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from talkingeyes.errors import TalkingEyesError

MOST_KEPT, MOST_WAITING = 200, 64
TOLD_SHARE = 0.02
"""Progress that is worth telling."""
_LOG = logging.getLogger(__name__)


class CancelledError(Exception):
    """Somebody asked the job to end."""


class TooManyError(TalkingEyesError):
    """More than the server takes at once."""


LANES = ("plans", "files")
"""What is planned does not wait for what is written."""


@dataclass
class Job:
    """One of them.

    Attributes:
        id: its name.
        what: for people.
        of: steps in all.
        done: steps that are done; of a step that takes long, the part that is done as well.
        state: "waiting", "running", "done", "failed" or "cancelled".
        error: why it failed.
        result: what it made, as plain data.
    """

    id: str
    what: str
    of: int
    done: float = 0
    state: str = "waiting"
    error: str | None = None
    result: dict[str, Any] = field(default_factory=dict)
    wanted: bool = True
    told: float = 0
    ended: threading.Event = field(default_factory=threading.Event, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As the page reads it."""
        known = {"id": self.id, "state": self.state, "done": round(self.done, 3), "of": self.of, "what": self.what}
        return {**known, **({"error": self.error} if self.error else {}), **self.result}


class Jobs:
    """Runs jobs, those of a lane one after the other.

    Args:
        tell: is called from any thread with what a listener should know.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell, self._jobs = tell, OrderedDict[str, Job]()
        self._numbers, self._lock = itertools.count(1), threading.Lock()
        self._workers = {lane: ThreadPoolExecutor(1, f"studio-{lane}") for lane in LANES}

    def start(
        self,
        what: str,
        of: int,
        work: Callable[[Job, Callable[[], None]], dict[str, Any] | None],
        lane: str = LANES[0],
    ) -> Job:
        """Begin a job, or queue it.

        Args:
            what: for people.
            of: steps.
            work: is given the job and a function to call after each step, which ends a job that nobody wants any more.
            lane: of `LANES`.

        Raises:
            TooManyError: too many wait already.
        """
        self.check_room()
        with self._lock:
            job = Job(f"j{next(self._numbers)}", what, of)
            self._jobs[job.id] = job
            ended = [name for name, known in self._jobs.items() if known.ended.is_set()]
            for name in ended[: max(0, len(self._jobs) - MOST_KEPT)]:
                del self._jobs[name]
        self._workers[lane].submit(self._run, job, work)
        self._told(job)
        return job

    def check_room(self) -> None:
        """Refuse what needs one more job, before anything is changed for it.

        Raises:
            TooManyError: too many wait already.
        """
        with self._lock:
            if sum(job.state == "waiting" for job in self._jobs.values()) >= MOST_WAITING:
                raise TooManyError(f"{MOST_WAITING} jobs wait already; let them end first")

    def find(self, name: str) -> Job | None:
        """A job by its id."""
        return self._jobs.get(name)

    def cancel(self, job: Job) -> None:
        """Nobody wants it any more; it ends at once where it waits, else after its present step."""
        job.wanted = False
        with self._lock:
            waits = job.state == "waiting"
            if waits:
                job.state = "cancelled"
        if waits:
            job.ended.set()
            self._told(job)

    def stop(self) -> None:
        """End all of them."""
        for job in self._jobs.values():
            job.wanted = False
        for worker in self._workers.values():
            worker.shutdown(wait=False, cancel_futures=True)

    def reached(self, job: Job, done: float) -> None:
        """A job is so far within a step; ends one that nobody wants any more."""
        if not job.wanted:
            raise CancelledError
        job.done = done
        if done - job.told >= job.of * TOLD_SHARE:
            self._told(job)

    def _run(self, job: Job, work: Callable[[Job, Callable[[], None]], dict[str, Any] | None]) -> None:
        def step() -> None:
            job.done = int(job.done) + 1
            self._told(job)
            if not job.wanted:
                raise CancelledError

        with self._lock:
            if job.state != "waiting":  # cancelled before its turn
                return
            job.state = "running"
        try:
            self._told(job)
            job.result = work(job, step) or {}
            job.state = "done"
        except CancelledError:
            job.state = "cancelled"
        except TalkingEyesError as error:
            job.state, job.error = "failed", str(error)
        except MemoryError:
            job.state, job.error = "failed", "there is not enough memory for this"
        except Exception:  # noqa: BLE001 - a job that fails must not end the others
            _LOG.exception("job %s", job.what)
            job.state, job.error = "failed", "an error inside TalkingEyes; the server's terminal shows it"
        finally:
            job.ended.set()
            self._told(job)

    def _told(self, job: Job) -> None:
        job.told = job.done
        self._tell({"type": "job", **job.to_json()})
