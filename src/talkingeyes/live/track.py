"""One voice of a session on the wall clock: what waits of it, and how far it went in (`playout`)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkingeyes.errors import SettingError

QUIET_S = (0.4, 1.2)
"""Nothing came for so long: the sentence is over; the longer one where its parts came that far apart."""
PATIENCE_S = 0.06
"""Sound this late still joins what came before without a gap."""
AHEAD_S = 0.05
"""A live voice may be ahead of the clock by this much, as sound cards are a little fast or slow."""
RELAX_S = 1.0
"""After a sentence the lead shrinks to nothing within this time: the next one may then begin at once."""

Sound = NDArray[np.float32]


@dataclass
class Track:
    """One voice: what waits, and how far it went in. Counts are samples.

    Attributes:
        rate_hz: samples per second.
        live: whether it goes in as it comes.
        fed: how many went into the session, silence included.
        taken: how many of those that came are done with: fed, or dropped.
        spoken: ``fed`` after the last sample that came.
        dropped: how many live samples came too late.
        underruns: how often silence had to be put in while somebody spoke.
        came_s: when the last sound came.
        quiet_s: how long nothing may come before the sentence counts as over.
        ended: no more comes to what is queued; what comes then is another sentence.
        closed: nothing comes any more, and no silence goes in after it.
    """

    rate_hz: int
    live: bool
    fed: int = 0
    taken: int = 0
    spoken: int = 0
    dropped: int = 0
    underruns: int = 0
    came_s: float = -np.inf
    quiet_s: float = QUIET_S[0]
    ended: bool = False
    closed: bool = False
    queued: int = 0
    queue: deque[Sound] = field(default_factory=deque)

    def at(self, time_s: float) -> int:
        """The sample of an audio time."""
        return int(np.floor(time_s * self.rate_hz + 1e-6))

    def speaks(self, time_s: float) -> bool:
        """Whether the sentence is not over as far as is known."""
        return not self.ended and time_s - self.came_s <= self.quiet_s

    def lead_share(self, time_s: float) -> float:
        """Share of the lead that a queued voice has: all of it while it speaks, none of it `RELAX_S` afterwards."""
        if self.queued or self.speaks(time_s):
            return 1.0
        since_s = time_s - self.spoken / self.rate_hz
        return 0.0 if not self.spoken else min(max(1 - since_s / RELAX_S, 0.0), 1.0)

    def arrive(self, sound: Sound, time_s: float) -> int:
        """Sound comes at audio time ``time_s``. Returns how much silence goes before it."""
        silence = 0
        if self.live:
            room = max(0, self.at(time_s + AHEAD_S) - self.fed - self.queued)
            late = max(0, len(sound) - room)
            self.dropped, self.taken, sound = self.dropped + late, self.taken + late, sound[late:]
        elif not self.queued:
            late = self.at(time_s) - self.fed
            follows = self.speaks(time_s)
            if late > (PATIENCE_S * self.rate_hz if follows else 0):
                silence, self.underruns = late, self.underruns + follows
        apart_s = 1.5 * (time_s - self.came_s) if self.speaks(time_s) or self.queued else 0.0
        self.quiet_s = min(max(QUIET_S[0], apart_s), QUIET_S[1])
        self.came_s, self.ended = time_s, False
        if len(sound):
            self.queue.append(sound)
            self.queued += len(sound)
        return silence

    def take(self, most: int) -> list[Sound]:
        """Up to ``most`` samples of what waits."""
        parts = []
        while self.queue and most > 0:
            part = self.queue.popleft()
            if len(part) > most:
                self.queue.appendleft(part[most:])
                part = part[:most]
            parts.append(part)
            most -= len(part)
            self.queued -= len(part)
            self.taken += len(part)
        return parts


def checked(samples: ArrayLike) -> Sound:
    """Samples as float32, full scale 1.

    Raises:
        SettingError: not (n,), neither floats nor int16, or not finite.
    """
    values = np.asarray(samples)
    if values.ndim != 1 or not (values.dtype == np.int16 or values.dtype.kind == "f"):
        raise SettingError(f"samples are {values.dtype} {values.shape}; (n,) float, full scale 1, or int16 is accepted")
    if values.dtype == np.int16:
        return values.astype(np.float32) / np.float32(32768)
    if len(values) and not float(np.abs(values).max()) <= 16.0:
        raise SettingError("samples hold NaN, infinity or more than 16; full scale is 1 for floats")
    return values.astype(np.float32)
