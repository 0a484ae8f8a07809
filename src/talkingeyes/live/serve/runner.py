"""One client's session on its worker's thread: sound and commands in, messages out, states when they are asked for."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.lanes import Lane, alone
from talkingeyes.live.frame_rows import ROWS
from talkingeyes.live.frames import encoded
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.metrics import Metrics
from talkingeyes.live.serve.outbox import Outbox, Parcel
from talkingeyes.live.serve.pace import Paced
from talkingeyes.live.serve.protocol import VERSION, Message, Sound
from talkingeyes.live.serve.workers import Workers
from talkingeyes.motion import Motion
from talkingeyes.wording import one_line

DONE, FAILED = 1000, 1011
MOST_AT_ONCE_S = 0.1
_WAIT_S = 0.03
"""Sound of less than a block waits no longer for the next piece."""
_LATE_S = 0.1
"""A frame that comes so much later than the session's latency says is late."""


@dataclass(frozen=True, kw_only=True)
class Begin:
    """What a session starts from.

    Attributes:
        options: what `talkingeyes.Session` takes.
        state: in place of options: what `Runner` sent before, here or on another server.
        rates_hz: of the voices' sound; 16000 where one is not named.
        live: voices that come as they are spoken.
        format: "json" or "msgpack".
        state_every_s: 0: only when it is asked for.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] | None = None
    rates_hz: Mapping[str, int] = field(default_factory=dict)
    live: tuple[str, ...] = ("other",)
    format: str = "json"
    state_every_s: float = 0.0


@dataclass(frozen=True)
class Posted:
    """Something that came from the client."""

    item: Sound | Message
    at_s: float


class Runner:
    """A session between a client and a worker; a `workers.Member`.

    Made on the event loop; `turn` and `failed` run on the worker's thread.

    Args:
        name: of the session.
        begin: what it starts from.
        limits: of the server.
        metrics: of the server.
        workers: threads to live on.
    """

    def __init__(self, name: str, begin: Begin, limits: Limits, metrics: Metrics, workers: Workers) -> None:
        self.id, self.begun_s = name, time.time()
        loop = asyncio.get_running_loop()
        self.outbox = Outbox(
            loop, int(limits.queued_frames), lambda count: metrics.count("frames_dropped_total", count)
        )
        self.started: asyncio.Future[dict[str, Any]] = loop.create_future()
        self.frames = 0
        self._workers, self._worker = workers, workers.beginner
        self._loop, self._begin, self._limits, self._metrics = loop, begin, limits, metrics
        self._inbox: deque[Posted] = deque()
        self._paced: Paced | None = None
        self._state_due_s = float("inf")
        self._over = False

    # -- on the event loop -----------------------------------------------------------------------------------------

    def post(self, item: Sound | Message) -> None:
        """Something came from the client."""
        self._inbox.append(Posted(item, time.monotonic()))
        self._worker.wake(self)

    def hand_over(self, reason: str, code: int) -> None:
        """Send the state, then close."""
        self.post(Message("hand_over", {"reason": reason, "code": code}))

    def end(self) -> None:
        """The client is gone: no more turns."""
        self._over = True
        self._worker.remove(self)
        if not self.started.done():
            self.started.cancel()

    # -- on the worker's thread ------------------------------------------------------------------------------------

    def turn(self, now_s: float) -> Lane[float | None]:
        """Begin, or take one message, or let time pass."""
        if self._over:
            self._worker.remove(self)  # the client may have gone while the session moved from one thread to another
            return None
        if self._paced is None:
            self._start(now_s)
            return None
        at_s = now_s
        if self._inbox and not self._may_wait(now_s):
            posted = self._next()
            at_s = posted.at_s  # it counts from when it came, however long its turn was in coming
            yield from self._taking(posted)
        if not self._over and at_s >= self._paced.playout.due_s:
            yield from self._sending((yield from self._paced.playout.ticking(at_s)))
        if self._over:
            return None
        if now_s >= self._state_due_s:
            self._send_state()
            self._state_due_s = now_s + self._begin.state_every_s
        self._metrics.stepped(time.monotonic() - now_s)
        return 0.0 if self._inbox and not self._may_wait(now_s) else self._paced.playout.due_s

    def _may_wait(self, now_s: float) -> bool:
        """Whether what came is sound of a voice that comes as it is spoken, and too little to make anything of yet."""
        assert self._paced is not None
        first = self._inbox[0]
        if now_s >= min(self._paced.playout.due_s, first.at_s + _WAIT_S) or not isinstance(first.item, Sound):
            return False
        voice, came = first.item.voice, 0
        if not self._paced.is_live(voice):
            return False
        for posted in self._inbox:
            if not isinstance(posted.item, Sound) or posted.item.voice != voice:
                return False
            came += len(posted.item.samples)
        return came < self._paced.session.lacks(voice)

    def failed(self, error: Exception) -> None:
        """An error of ours: the client is told so, and nothing of its inside."""
        self._metrics.count("failures_total")
        reason = "the session failed; the server's log says why"
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._refuse, error)
        self._close(FAILED, reason)

    def _start(self, now_s: float) -> None:
        """Make the session, then go where sessions live."""
        try:
            self._paced = self._made(now_s)
        except TalkingEyesError as error:
            self._over = True
            self._loop.call_soon_threadsafe(self._refuse, error)
            return
        if self._begin.state_every_s > 0:
            self._state_due_s = now_s + self._begin.state_every_s
        self._metrics.count("sessions_total")
        if self._begin.state is not None:
            self._metrics.count("sessions_resumed_total")
        accepted = self._accepted()
        self._worker = self._workers.settle(self)
        self._loop.call_soon_threadsafe(self._accept, accepted)

    def _made(self, now_s: float) -> Paced:
        begin = self._begin
        if begin.state is not None:
            return Paced.restore(begin.state, now_s)
        return Paced.begin(begin.options, begin.rates_hz, begin.live, now_s)

    def _accepted(self) -> dict[str, Any]:
        assert self._paced is not None
        limits = {name: getattr(self._limits, name) for name in ("message_bytes", "bytes_per_s", "queued_s", "idle_s")}
        return {
            "type": "accept",
            "version": VERSION,
            "session": self.id,
            "format": self._begin.format,
            **self._paced.description,
            "limits": limits,
        }

    def _accept(self, accepted: dict[str, Any]) -> None:
        if not self.started.done():
            self.started.set_result(accepted)

    def _refuse(self, error: Exception) -> None:
        if not self.started.done():
            self.started.set_exception(error)

    def _next(self) -> Posted:
        """The first of what came; pieces of sound that have come since, up to `MOST_AT_ONCE_S`, count as one.

        A session's turn costs little more for three pieces than for one, so a server that falls behind catches up.
        """
        first = posted = self._inbox.popleft()
        if not isinstance(posted.item, Sound):
            return posted
        assert self._paced is not None
        voice, parts = posted.item.voice, [posted.item.samples]
        room = MOST_AT_ONCE_S * self._paced.rate_hz(voice) - len(parts[0])
        while self._inbox and isinstance(item := self._inbox[0].item, Sound) and item.voice == voice:
            room -= len(item.samples)
            if room < 0:
                break
            parts.append(item.samples)
            posted = self._inbox.popleft()
        if len(parts) == 1:
            return first
        # A microphone's sound ends when it comes; an agent's speech begins then.
        at_s = posted.at_s if self._paced.is_live(voice) else first.at_s
        return Posted(Sound(voice, np.concatenate(parts)), at_s)

    def _taking(self, posted: Posted) -> Lane[None]:
        assert self._paced is not None
        item = posted.item
        try:
            if isinstance(item, Sound):
                yield from self._sending((yield from self._hearing(item, posted.at_s)))
            else:
                self._obey(item)
        except TalkingEyesError as error:
            self.complain(str(error))

    def _hearing(self, sound: Sound, now_s: float) -> Lane[Motion | None]:
        assert self._paced is not None
        playout, most_s = self._paced.playout, self._limits.queued_s
        if playout.queued_s(sound.voice) > most_s:
            raise SettingError(f"sound: {most_s:g} s of the {sound.voice} voice wait already; this message is left out")
        return (yield from playout.pushing(sound.samples, sound.voice, now_s))

    def _obey(self, message: Message) -> None:
        assert self._paced is not None
        session = self._paced.session
        match message.type:
            case "look":
                session.look(message["yaw_deg"], message["pitch_deg"], message["hold_s"])
            case "look_at":
                target = message["target"]
                session.look_at(target if isinstance(target, str) else tuple(target))
            case "release":
                session.release()
            case "interrupt":
                self._paced.playout.interrupt()
            case "set":
                session.set(**message["amounts"])
            case "state":
                self._send_state()
            case "finish":
                alone(self._sending(self._paced.playout.finish(), all_of_them=True))
                self._send_json({"type": "finished", "frames": session.frame})
                self._close(DONE, "finished")
            case "hand_over":
                self._send_state(message["reason"])
                self._close(message["code"], message["reason"])

    def complain(self, message: str) -> None:
        """Tell the client what was wrong with a message; from any thread."""
        self._metrics.count("errors_total")
        self._send_json({"type": "error", "message": one_line(message)})

    def _sending(self, motion: Motion | None, *, all_of_them: bool = False) -> Lane[None]:
        if motion is None:
            return
        rows = yield ROWS(motion)
        assert self._paced is not None
        now_s, count = time.monotonic(), motion.num_frames
        last_s = (motion.meta["start_frame"] + count - 1) / motion.fps
        latency_s = now_s - self._paced.playout.wall_s(last_s)
        self._metrics.made(count, latency_s, latency_s > self._paced.longest_latency_s + _LATE_S)
        self.frames += count
        for data in encoded(motion, rows, self.id, self._begin.format):
            self.outbox.put(Parcel(data, frames=0 if all_of_them else 1))

    def _send_state(self, reason: str | None = None) -> None:
        assert self._paced is not None
        said = {} if reason is None else {"reason": reason}
        state = self._paced.state()
        self._send_json(
            {
                "type": "state",
                **said,
                "frame": self._paced.session.frame,
                "taken": self._paced.playout.taken,
                "state": state,
            }
        )

    def _send_json(self, data: dict[str, Any]) -> None:
        self.outbox.put(Parcel(json.dumps(data, allow_nan=False, separators=(",", ":"))))

    def _close(self, code: int, reason: str) -> None:
        self._over = True
        self.outbox.put(Parcel(close=(code, reason[:120])))
