"""A session on the wall clock: sound in bursts, late or with gaps goes in at real time, and the face idles in between.

Nothing here reads a clock or sleeps: whoever calls says what time it is (`time.monotonic`), so that tests need none.

Audio time 0 is the moment of `Playout`, or of speech that comes before its first tick; sound of a voice begins at the
audio time at which it came. Two kinds of voice:

- *queued* (an agent's speech): comes faster than real time. It waits here and goes in as time passes, ahead by the
  session's latency, so that the frame of audio time t is out at t. Speech that follows without a gap stays seamless;
  speech that is late begins when it comes, and the face idles until then.
- *live* (a microphone): goes in as it comes. What stalls is filled with silence, and what then comes too late is
  dropped, so that a hiccup does not delay the face for good. While a queued voice speaks it counts as spoken that much
  later as the queued one is ahead: frames need both, and those of the speech that is heard now must not wait.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from talkingeyes.errors import SettingError
from talkingeyes.lanes import Lane, alone
from talkingeyes.live.frames import concatenated
from talkingeyes.live.track import PATIENCE_S, Sound, Track, checked
from talkingeyes.motion import Motion

MAX_QUEUE_S = 600.0
"""Speech that may wait."""
MAX_STEP_S = 2.0
"""A clock that jumps further (a machine that slept) moves the beginning of time instead of filling in hours."""


class Pushable(Protocol):
    """What is paced: `talkingeyes.Session`."""

    @property
    def latency_s(self) -> Mapping[str, float]:
        """From sound to frame, by channel."""
        ...

    def pushing(self, samples: ArrayLike, rate_hz: float, voice: str = "own") -> Lane[Motion | None]:
        """Sound comes in; the frames that are due go out."""
        ...

    def finish(self) -> Motion | None:
        """The rest."""
        ...

    def interrupt(self) -> None:
        """The own speech is cut off now."""
        ...


class Playout:
    """Pace one session.

    Args:
        session: begins at audio time 0, or is a restored one.
        rates_hz: samples per second of each voice that may come.
        now_s: the time on the caller's clock.
        fps: frames per second of the session.
        live: the voices that come in real time.
        idle: the voices that count from the beginning (those that the session was told of); None: the first one. Any
            other counts from its first sound on.
        lead_s: how far ahead of the clock queued speech goes in; None: the session's latency and one frame.

    Attributes:
        due_s: when `tick` is due next.
    """

    def __init__(
        self,
        session: Pushable,
        rates_hz: Mapping[str, int],
        now_s: float,
        *,
        fps: float = 30.0,
        live: Collection[str] = ("other",),
        idle: Collection[str] | None = None,
        lead_s: float | None = None,
    ) -> None:
        self.session, self.fps = session, fps
        self._tracks = {voice: Track(int(rate), voice in live) for voice, rate in rates_hz.items()}
        self._idles = {next(iter(self._tracks), "own")} if idle is None else set(idle)
        self.lead_s = max(session.latency_s.values()) + 1 / fps if lead_s is None else lead_s
        self._origin_s = now_s
        self.due_s = now_s + 1 / fps

    def wall_s(self, audio_s: float) -> float:
        """The time on the caller's clock at which sound of an audio time is to be heard."""
        return self._origin_s + audio_s

    def queued_s(self, voice: str = "own") -> float:
        """Sound of a voice that waits."""
        track = self._track(voice)
        return track.queued / track.rate_hz

    def ends_s(self, voice: str = "own") -> float:
        """The audio time at which what came of a voice so far ends: where the next sound begins if it comes in time."""
        track = self._track(voice)
        return (track.fed + track.queued) / track.rate_hz

    @property
    def taken(self) -> dict[str, int]:
        """Samples of each voice that are done with: a client that goes on elsewhere sends those after them again."""
        return {voice: track.taken for voice, track in self._tracks.items()}

    @property
    def stats(self) -> dict[str, int]:
        """Gaps that were filled in while somebody spoke, and samples that came too late, of all voices."""
        tracks = self._tracks.values()
        return {"underruns": sum(t.underruns for t in tracks), "dropped_samples": sum(t.dropped for t in tracks)}

    def push(self, samples: ArrayLike, voice: str, now_s: float) -> Motion | None:
        """Sound came. Returns the frames that are due.

        Raises:
            SettingError: an unknown voice, no samples (n,) of finite floats or int16, or too much that waits.
        """
        return alone(self.pushing(samples, voice, now_s))

    def pushing(self, samples: ArrayLike, voice: str, now_s: float) -> Lane[Motion | None]:
        """`push` as a lane."""
        track, sound = self._track(voice), checked(samples)
        if (track.queued + len(sound)) / track.rate_hz > MAX_QUEUE_S:
            raise SettingError(f"{voice}: more than {MAX_QUEUE_S:.0f} s of sound wait; push it as it is played")
        if not track.live and not any(t.fed or t.queued for t in self._tracks.values()):
            self._origin_s = now_s  # the very first sound is at 0
        if voice not in self._idles:  # the session lets it begin where the furthest voice is
            self._idles.add(voice)
            track.fed = track.spoken = track.at(self._furthest_s())
        time_s = self._time_s(track, now_s)
        silence = min(track.arrive(sound, time_s), track.at(MAX_STEP_S))
        return (yield from self._feeding(voice, time_s, silence))

    def tick(self, now_s: float) -> Motion | None:
        """Time passed: what waits goes in as far as it is its turn, and who is silent idles. Returns what is due."""
        return alone(self.ticking(now_s))

    def ticking(self, now_s: float) -> Lane[Motion | None]:
        """`tick` as a lane."""
        self.due_s = max(self.due_s + 1 / self.fps, now_s)
        tracks = {voice: track for voice, track in self._tracks.items() if voice in self._idles}
        parts = []
        for voice, track in tracks.items():
            parts.append((yield from self._feeding(voice, self._time_s(track, now_s), None)))
        return _joined(parts)

    def end(self, voice: str = "own", *, for_good: bool = False) -> None:
        """The sentence is complete: nothing follows what waits. Without this word, QUIET_S of silence say so.

        Args:
            voice: whose.
            for_good: the stream ends with it: the session gets no silence after it.
        """
        track = self._track(voice)
        track.ended, track.closed = True, for_good

    def interrupt(self) -> float:
        """The own speech is cut off: what waits is dropped and the mouth closes. Returns the seconds dropped."""
        track = self._track("own")
        dropped = self.drop()
        track.ended, track.spoken = True, min(track.spoken, track.fed)
        self.session.interrupt()
        return dropped

    def drop(self, voice: str = "own") -> float:
        """What waits of a voice is left out. Returns the seconds dropped."""
        track = self._track(voice)
        track.taken += track.queued
        dropped, track.queued = track.queued, 0
        track.queue.clear()
        return dropped / track.rate_hz

    def finish(self) -> Motion | None:
        """Everything that waits goes in at once; returns all frames up to the last sample."""
        parts = []
        for voice, track in self._tracks.items():
            rest = track.take(track.queued)
            parts += [alone(self._into(voice, rest))] if rest else []
        return _joined([*parts, self.session.finish()])

    # -- to go on elsewhere ----------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Where the voices are, as plain data; the session's own state and what waits are not in it (`taken`)."""
        return {voice: {"fed": track.fed, "taken": track.taken} for voice, track in self._tracks.items()}

    def restore(self, state: Mapping[str, Any], now_s: float) -> None:
        """Go on from a `state`, with a restored session; audio time goes on from where the furthest voice was.

        Raises:
            SettingError: not such a state.
        """
        for voice, track in self._tracks.items():
            counts = state.get(voice, {}) if isinstance(state, Mapping) else None
            track.fed, track.taken = (_count(counts, name, voice) for name in ("fed", "taken"))
            track.spoken = track.fed
            self._idles |= {voice} if track.fed else set()
        self._origin_s = now_s - self._furthest_s()
        self.due_s = now_s + 1 / self.fps

    # -- inside ----------------------------------------------------------------------------------------------------

    def _track(self, voice: str) -> Track:
        if voice not in self._tracks:
            raise SettingError(f"voice is {voice!r}; {' or '.join(self._tracks)} is accepted")
        return self._tracks[voice]

    def _furthest_s(self) -> float:
        return max((t.fed / t.rate_hz for t in self._tracks.values()), default=0.0)

    def _time_s(self, track: Track, now_s: float) -> float:
        """The audio time at which what comes of a voice now is put."""
        time_s = self._audio_s(now_s)
        if not track.live:
            return time_s
        queued = (self._tracks[voice] for voice in self._idles if not self._tracks[voice].live)
        return time_s + (self.lead_s + PATIENCE_S) * max((t.lead_share(time_s) for t in queued), default=0.0)

    def _audio_s(self, now_s: float) -> float:
        behind_s = now_s - self._origin_s - self._furthest_s()
        if behind_s > MAX_STEP_S:
            self._origin_s += behind_s - MAX_STEP_S
        return now_s - self._origin_s

    def _feeding(self, voice: str, time_s: float, silence: int | None) -> Lane[Motion | None]:
        """What goes in now; ``silence`` samples before it, or, with None, as many after it as time has passed."""
        track = self._tracks[voice]
        parts = [np.zeros(silence, np.float32)] if silence else []
        ahead = track.queued if track.live else track.at(time_s + self.lead_s) - track.fed - (silence or 0)
        sound = track.take(ahead)
        if sound:
            parts += sound
            track.spoken = track.fed + sum(map(len, parts))
        if silence is None and not track.queued and not track.closed:
            missing = track.at(self._idle_until_s(track, time_s)) - track.fed - sum(map(len, parts))
            parts += [np.zeros(missing, np.float32)] if missing > 0 else []
        return (yield from self._into(voice, parts)) if parts else None

    def _idle_until_s(self, track: Track, time_s: float) -> float:
        """Up to which audio time a voice that is silent is known to be silent."""
        if track.live or track.speaks(time_s):  # more may come just in time
            return time_s - PATIENCE_S
        return time_s + track.lead_share(time_s) * self.lead_s

    def _into(self, voice: str, parts: list[Sound]) -> Lane[Motion | None]:
        track = self._tracks[voice]
        sound = parts[0] if len(parts) == 1 else np.concatenate(parts)
        track.fed += len(sound)
        return (yield from self.session.pushing(sound, track.rate_hz, voice))


def _count(counts: Any, name: str, voice: str) -> int:
    value = counts.get(name, 0) if isinstance(counts, Mapping) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise SettingError(f"state: {voice} has no whole counts of samples")
    return value


def _joined(parts: list[Motion | None]) -> Motion | None:
    there = [part for part in parts if part is not None]
    return None if not there else there[0] if len(there) == 1 else concatenated(there)
