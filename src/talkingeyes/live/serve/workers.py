"""Threads that sessions live on: each gives its members turns, one small piece of work at a time.

The turns of all that are due are taken together (`talkingeyes.lanes`): what they ask for costs less for many at once.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from typing import Protocol

from talkingeyes.lanes import Lane, together

GATHER_S, MOST_GATHER_S = 0.0005, 0.005
"""A round of turns begins no sooner after the one before than this for each member, so that more of them are due."""

_LOG = logging.getLogger("talkingeyes.serve")


class Member(Protocol):
    """What has turns on a worker."""

    def turn(self, now_s: float) -> Lane[float | None]:
        """One small piece of work.

        Args:
            now_s: of `time.monotonic`.

        Returns:
            When the next turn is due: 0.0 for as soon as the others had theirs, None for when `Worker.wake` is called.
        """
        ...

    def failed(self, error: Exception) -> None:
        """An error of ours left `turn`; there are no more turns."""
        ...


class Worker:
    """A thread whose members have turns, all that are due at once; so none has two before all had one."""

    def __init__(self, name: str) -> None:
        self._condition = threading.Condition()
        self._ready: deque[Member] = deque()
        self._queued: set[Member] = set()
        self._due: list[tuple[float, int, Member]] = []
        self._when: dict[Member, float] = {}
        self._order = itertools.count()
        self._stopped = False
        self.members: set[Member] = set()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def add(self, member: Member) -> None:
        """A member comes; its first turn is due."""
        with self._condition:
            self.members.add(member)
        self.wake(member)

    def remove(self, member: Member) -> None:
        """A member goes; a turn under way ends first only where it is this thread's own."""
        with self._condition:
            self.members.discard(member)
            self._when.pop(member, None)

    def wake(self, member: Member) -> None:
        """A member has something to do; from any thread."""
        with self._condition:
            if member in self.members and member not in self._queued:
                self._queued.add(member)
                self._ready.append(member)
                self._condition.notify()

    def stop(self) -> None:
        """End the thread after the turn that is under way."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _next(self) -> list[Member]:
        """Who has a turn now; nobody: the worker ends."""
        with self._condition:
            while not self._stopped:
                self._collect(time.monotonic())
                ready = [member for member in self._ready if member in self.members]
                self._ready.clear()
                self._queued.clear()
                if ready:
                    return ready
                wait = self._due[0][0] - time.monotonic() if self._due else None
                self._condition.wait(None if wait is None else max(0.0, wait))
        return []

    def _collect(self, now_s: float) -> None:
        """Members whose time has come stand in line."""
        while self._due and self._due[0][0] <= now_s:
            when, _, member = heapq.heappop(self._due)
            if self._when.get(member) != when:
                continue
            del self._when[member]
            if member not in self._queued:
                self._queued.add(member)
                self._ready.append(member)

    def _run(self) -> None:
        while members := self._next():
            now_s = time.monotonic()
            turns = together([member.turn(now_s) for member in members])
            for member, due_s in zip(members, turns, strict=True):
                if isinstance(due_s, Exception):  # one session's failure must not end the others'
                    _LOG.error("a session failed", exc_info=due_s)
                    self.remove(member)
                    member.failed(due_s)
                elif due_s == 0.0:
                    self.wake(member)
                elif due_s is not None:
                    self._later(member, due_s)
            gathers_s = min(GATHER_S * len(self.members), MOST_GATHER_S) - (time.monotonic() - now_s)
            if gathers_s > 0:
                time.sleep(gathers_s)

    def _later(self, member: Member, due_s: float) -> None:
        with self._condition:
            if member in self.members and self._when.get(member, float("inf")) > due_s:
                self._when[member] = due_s
                heapq.heappush(self._due, (due_s, next(self._order), member))


class Workers:
    """Several workers, and one on which members begin: what takes long must not make others wait.

    Args:
        count: of threads, that one not among them.
    """

    def __init__(self, count: int) -> None:
        self.beginner = Worker("talkingeyes-begin")
        self._workers = [Worker(f"talkingeyes-{number}") for number in range(count)]

    def settle(self, member: Member) -> Worker:
        """A member has begun: it goes where there are fewest; returns whose it is."""
        self.beginner.remove(member)
        worker = min(self._workers, key=lambda w: len(w.members))
        worker.add(member)
        return worker

    def stop(self) -> None:
        """End all threads."""
        for worker in (self.beginner, *self._workers):
            worker.stop()
