"""Takes that are planned in jobs: one job a take, the newest wish wins, and previews go first."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.studio.jobs import Job, Jobs
from talkingeyes.studio.project import Project
from talkingeyes.studio.shelf import Shelf

POLITE_S = 1.0
"""A job waits at most so long for a preview."""


class Planner:
    """Plans takes of a project.

    Args:
        project: whose.
        shelf: where they go.
        jobs: where the work is done.
    """

    def __init__(self, project: Project, shelf: Shelf, jobs: Jobs) -> None:
        self._project, self._shelf, self._jobs = project, shelf, jobs
        self._lock = threading.RLock()
        self._of: dict[str, Job] = {}
        self._refused: dict[str, Callable[[], None]] = {}
        self._previews, self._quiet = 0, threading.Event()
        self._quiet.set()

    @contextlib.contextmanager
    def waits(self) -> Iterator[None]:
        """Jobs wait meanwhile, so that somebody gets an answer at once."""
        with self._lock:
            self._previews += 1
            self._quiet.clear()
        try:
            yield
        finally:
            with self._lock:
                self._previews -= 1
                if not self._previews:
                    self._quiet.set()

    def plan(self, takes: Sequence[str], refused: Callable[[], None] = lambda: None) -> Job:
        """Plan takes in a job; a take that cannot be planned fails it, after the others.

        Args:
            takes: their ids.
            refused: is called where one of them cannot be made, or somebody cancels the job.
        """

        def work(job: Job, step: Callable[[], None]) -> dict[str, object]:
            failed = []
            for index, take in enumerate(takes):
                if take in self._project.contents.takes:
                    try:
                        self._shelf.take(take, progress=self._progress(job, index))
                    except TalkingEyesError as error:
                        failed.append(f"{take}: {error}")
                step()
            with self._lock:
                self._refused.pop(job.id, None)
            if failed:
                refused()
                raise SettingError("; ".join(failed[:3]))
            return {"takes": list(takes)}

        what = takes[0] if len(takes) == 1 else f"{len(takes)} takes"
        with self._lock:
            job = self._jobs.start(f"plan {what}", len(takes), work)
            self._of |= dict.fromkeys(takes, job)
            self._refused[job.id] = refused
        return job

    def cancel(self, job: Job) -> None:
        """Somebody does not want what a job plans."""
        with self._lock:
            refused = self._refused.pop(job.id, None)
        self._jobs.cancel(job)
        if refused is not None:
            refused()

    def of(self, take: str) -> Job:
        """The job that plans a take: one that runs already, or a new one."""
        with self._lock:
            job = self._of.get(take)
            return self.plan([take]) if job is None or job.ended.is_set() or not job.wanted else job

    def again(self, take: str, refused: Callable[[], None]) -> Job:
        """Plan a take that was changed; what was begun for it before is given up.

        Args:
            take: its id.
            refused: is called where it cannot be made.
        """
        with self._lock:
            self.give_up(take)
            return self.plan([take], refused)

    def give_up(self, take: str) -> None:
        """Nobody wants the plan that a job makes of this take alone."""
        with self._lock:
            job = self._of.get(take)
            if job is not None and not job.ended.is_set() and job.of == 1:
                self._refused.pop(job.id, None)
                self._jobs.cancel(job)

    def _progress(self, job: Job, index: int) -> Callable[[float], None]:
        def reached(share: float) -> None:
            self._quiet.wait(POLITE_S)
            self._jobs.reached(job, index + share)

        return reached
