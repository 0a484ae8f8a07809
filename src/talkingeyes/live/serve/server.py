"""The server's own state: its sessions, those that were made in advance, and what is counted."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from talkingeyes.errors import TalkingEyesError
from talkingeyes.live.serve.gate import Gate
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.metrics import Metrics
from talkingeyes.live.serve.runner import Begin, Runner
from talkingeyes.live.serve.workers import Workers
from talkingeyes.wording import quoted

TICKET_S = 60.0
"""How long a session that was made in advance waits for its client."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

BAD, UNKNOWN_CLIENT, NOT_FOUND, TIMEOUT, TAKEN, FULL = 4400, 4401, 4404, 4408, 4409, 4429
"""Codes that a connection is closed with, after HTTP's."""
RESTART = 1012


class RefusedError(TalkingEyesError):
    """A client is turned away.

    Attributes:
        code: what its connection is closed with.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a server is started with.

    Attributes:
        token: what clients must know; None: nothing.
        host: the address that it listens on.
        origins: pages of other servers that may connect.
        workers: threads that sessions live on.
        limits: what each client may use.
    """

    token: str | None = None
    host: str = "127.0.0.1"
    origins: tuple[str, ...] = ()
    workers: int = 2
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Reservation:
    """A session that was made in advance."""

    id: str
    options: Mapping[str, Any]
    until_s: float


class LiveServer:
    """Sessions by name; all methods are called on the event loop.

    Args:
        settings: how.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.limits = settings, settings.limits
        self.gate = Gate(settings.token, settings.host, settings.origins)
        self.metrics = Metrics()
        self.draining = False
        self.instance = secrets.token_hex(4)
        self.runners: dict[str, Runner] = {}
        self._workers: Workers | None = None
        self._tickets: dict[str, Reservation] = {}

    def reserve(self, options: Mapping[str, Any], name: str | None) -> tuple[str, str]:
        """Make a session in advance: its name, and the ticket that its client says instead of the token.

        Raises:
            RefusedError: no room, or the name is in use.
        """
        self._forget_tickets()
        chosen = self._name(name)
        self._check_room()
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = Reservation(chosen, dict(options), time.monotonic() + TICKET_S)
        return chosen, ticket

    def redeem(self, ticket: str) -> Reservation:
        """The session that a ticket stands for; it is good for one client.

        Raises:
            RefusedError: it is unknown, used or too old.
        """
        self._forget_tickets()
        found = self._tickets.pop(ticket, None)
        if found is None:
            self.metrics.count("sessions_refused_total")
            raise RefusedError(UNKNOWN_CLIENT, "hello: ticket is unknown, used or older than a minute; ask for another")
        return found

    def begin(self, begin: Begin, name: str | None, *, reserved: bool = False) -> Runner:
        """Start a session on a worker.

        Raises:
            RefusedError: no room, the name is in use, or the server ends.
        """
        self._forget_tickets()
        if self.draining:
            raise RefusedError(RESTART, "the server is ending; connect again in a moment")
        chosen = name if reserved and name is not None else self._name(name)
        if not reserved:
            self._check_room()
        if self._workers is None:
            self._workers = Workers(self.settings.workers)
        runner = Runner(chosen, begin, self.limits, self.metrics, self._workers)
        self.runners[chosen] = runner
        self._workers.beginner.add(runner)
        return runner

    def end(self, runner: Runner) -> None:
        """Forget a session."""
        if self.runners.get(runner.id) is runner:
            del self.runners[runner.id]
        runner.end()

    def remove(self, name: str) -> bool:
        """End a session by name, or take a ticket back; False where there is none."""
        runner = self.runners.get(name)
        tickets = [ticket for ticket, made in self._tickets.items() if made.id == name]
        for ticket in tickets:
            del self._tickets[ticket]
        if runner is not None:
            runner.hand_over("the session was ended by DELETE", 1000)
        return runner is not None or bool(tickets)

    async def drain(self) -> None:
        """Hand every client its state, and wait until they have it or the time is over."""
        self.draining = True
        for runner in list(self.runners.values()):
            runner.hand_over("the server is ending", RESTART)
        end_s = time.monotonic() + self.limits.hand_over_s
        while self.runners and time.monotonic() < end_s:
            await asyncio.sleep(0.02)

    def stop(self) -> None:
        """End the threads."""
        if self._workers is not None:
            self._workers.stop()

    def gauges(self) -> dict[str, tuple[str, float]]:
        """What is there now, for the metrics."""
        return {
            "sessions": ("sessions that run", len(self.runners)),
            "sessions_reserved": ("sessions made in advance", len(self._tickets)),
            "sessions_limit": ("sessions that may run", self.limits.sessions),
        }

    def _check_room(self) -> None:
        if len(self.runners) + len(self._tickets) >= self.limits.sessions:
            self.metrics.count("sessions_refused_total")
            raise RefusedError(FULL, f"{self.limits.sessions:g} sessions run already; try again later")

    def _name(self, wanted: str | None) -> str:
        if wanted is None:
            return secrets.token_hex(8)
        if not _ID.fullmatch(wanted):
            raise RefusedError(BAD, f"id is {quoted(wanted)}; up to 64 letters, digits, '.', '_' and '-' are accepted")
        if wanted in self.runners or any(made.id == wanted for made in self._tickets.values()):
            self.metrics.count("sessions_refused_total")
            raise RefusedError(TAKEN, f"session {wanted} runs already; choose another id")
        return wanted

    def _forget_tickets(self) -> None:
        now_s = time.monotonic()
        self._tickets = {ticket: made for ticket, made in self._tickets.items() if made.until_s > now_s}
