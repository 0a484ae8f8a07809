"""What is said moves the eyes: how strongly the voice draws the gaze away from the partner, or back, at each moment.

Nobody's eyes were tracked together with sound but two people's of the IFADV corpus, whose looks at each other were
labelled by hand for 15 minutes (docs/evaluation.md, "Speech and gaze"). Their curves are put in by construction: a
speaker looks away from before the first word, in pauses and hesitations, and is back as the turn ends; a
listener looks as the other begins. The drive multiplies the hazard of leaving the partner by ``exp(drive)`` and that of
coming back by ``exp(-drive)``, and shifts the choice of where to go alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import UNKNOWN_S, Cues, Moments
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.generate.scanpath.balance import balanced

Array = NDArray[Any]


PAUSE_S = 4.0
"""Who pauses for less is still speaking: the eye-tracked people's states last minutes."""
OTHER_STARTS_S = 0.75
"""A listener looks at whoever has begun to speak so long ago."""


@dataclass(frozen=True)
class LiveDrive:
    """Log hazard ratios where the future is not known: what comes late must be the stronger.

    Whoever knows that a voice will begin looks away .75 s before it does. Live, a look away begins .2 s after it at the
    earliest; people are still away for a second then. A silence may be a pause or the turn's end: people look away in
    both.

    Attributes:
        start: for `start_s` after the first word: away.
        goes_on: from then until `goes_on_s` after it: stay away.
        settled: until `settled_s` after it: back.
        silence: while the own voice has been silent for `silence_s`: away.
        hesitation: in drawn-out sounds: away.
        other_starts: a listener, as the other begins to speak: back.
        base: all the time while speaking, so that the moments above do not change the average.
        rests: the same while nobody speaks.
        listens: the same while the other one does.
    """

    start: float = 3.4
    goes_on: float = 0.5
    settled: float = -2.2
    silence: float = 3.2
    hesitation: float = 1.7
    other_starts: float = -2.6
    base: float = -1.0
    rests: float = -1.0
    listens: float = -0.4
    start_s: float = 0.6
    goes_on_s: float = 1.1
    settled_s: float = 2.4
    silence_s: tuple[float, float] = (0.12, 0.9)


@dataclass(frozen=True)
class DriveSettings:
    """Log hazard ratios; each is fitted so that generated takes show IFADV's share of looks at the partner.

    They are about the slow offset of `balance`, which keeps the person's own share of looks at the partner.

    Attributes:
        turn_start: from `before_start_s` before the first word to `after_start_s` after it: away.
        turn_settled: in the second after that: back.
        turn_end: in the last `before_end_s` of a turn: back.
        after_end: from .25 to 1 s after it: away.
        pause: in own pauses of at most `longest_pause_s`: away.
        hesitation: around filled pauses and drawn-out sounds: away.
        other_starts: a listener, as the other begins to speak: back.
        live: in place of all of it where the future is not known.
    """

    turn_start: float = 1.55
    turn_settled: float = -0.2
    turn_end: float = 0.1
    after_end: float = -1.3
    pause: float = 2.45
    hesitation: float = 2.6
    other_starts: float = -0.8
    before_start_s: float = 0.75
    after_start_s: float = 0.5
    settled_until_s: float = 1.5
    before_end_s: float = 0.9
    longest_pause_s: float = 1.5
    live: LiveDrive = field(default_factory=LiveDrive)


def speech_drive(cues: Cues, settings: DriveSettings | None = None) -> Array:
    """(N,) log hazard ratio of looking away per 20 ms; 0 where the voice says nothing about the gaze."""
    s = settings or DriveSettings()
    to_start, to_end = np.asarray(cues.turn_starts_in_s, float), np.asarray(cues.turn_ends_in_s, float)
    m = cues.moments or moments_of(cues, s.longest_pause_s)
    inside, since_start, since_end = m.inside, m.since_start_s, m.since_end_s
    if cues.role == "listening":
        near = (to_start < 0.25) | (inside & (since_start < OTHER_STARTS_S))
        return np.where(near, s.other_starts, 0.0)
    drive = np.where(~inside & (since_end >= 0.1) & (since_end < 1.0), s.after_end, 0.0)
    drive = np.where(cues.hesitation, s.hesitation, drive)
    drive = np.where(inside & (to_end < s.before_end_s), s.turn_end, drive)
    drive = np.where(
        inside & (since_start >= s.after_start_s) & (since_start < s.settled_until_s), s.turn_settled, drive
    )
    drive = np.where(m.pausing, s.pause, drive)
    starts = (to_start < s.before_start_s) | (inside & (since_start < s.after_start_s))
    drive = np.where(starts, s.turn_start, drive)
    return drive + balanced(drive, speaks(cues))


def before_recording(cues: Cues, drive: Array, at_s: Array, settings: DriveSettings | None = None) -> Array:
    """(N,) log hazard ratio at times before 0, where a gaze is on its way already: as usual until the voice is near.

    Args:
        cues: of a whole recording.
        drive: what `speech_drive` says of it.
        at_s: (N,) below 0.
        settings: as `speech_drive` was given.
    """
    s = settings or _USUAL
    starts_s = 0.0 if cues.turn_ends_in_s[0] < UNKNOWN_S else float(cues.turn_starts_in_s[0])
    return np.where(at_s < starts_s - s.before_start_s, 0.0, drive[0])


def speaks(cues: Cues) -> NDArray[np.bool_]:
    """(N,) where a speaker's gaze is that of somebody who speaks, short silences included."""
    early = np.arange(len(cues)) + cues.origin < PAUSE_S * PLAN_RATE_HZ
    return (cues.role == "speaking") & (early | cues.uttering | (np.asarray(cues.since_pause_s) < PAUSE_S))


def speaks_at(cues: Cues, row: int) -> bool:
    """The same of a row of a live window."""
    if cues.role != "speaking":
        return False
    return bool(cues.uttering[row]) or cues.since_pause_s[row] < PAUSE_S


def drive_at(cues: Cues, row: int, settings: DriveSettings | None = None) -> float:
    """Log hazard ratio of looking away in a row of a live window."""
    m, s = cues.moments, (settings or _USUAL).live
    assert m is not None
    since_start_s = m.since_start_s[row]
    if cues.role == "listening":
        return s.other_starts if m.inside[row] and since_start_s < OTHER_STARTS_S else s.listens
    if s.silence_s[0] <= cues.since_pause_s[row] < s.silence_s[1]:
        return s.silence
    if since_start_s < s.goes_on_s:
        return s.start if since_start_s < s.start_s else s.goes_on
    if cues.hesitation[row]:
        return s.hesitation
    if since_start_s < s.settled_s:
        return s.settled
    return s.base if cues.uttering[row] else s.rests


def announced_at(cues: Cues, row: int, at_s: float, settings: DriveSettings | None = None) -> float | None:
    """The same near begin and end of a turn that the character's program has announced: as of a whole recording.

    None where nothing is announced, in the middle of the turn, and in its pauses.
    """
    if cues.moments is None or cues.moments.announced_s is None:
        return None
    s, (starts_s, ends_s) = settings or _USUAL, cues.moments.announced_s
    since_start_s, since_end_s = at_s - starts_s, at_s - ends_s
    if -s.before_start_s < since_start_s < min(s.after_start_s, ends_s - starts_s):
        return s.turn_start
    pausing = s.live.silence_s[0] <= cues.since_pause_s[row] < s.live.silence_s[1]
    if since_start_s < 0 or since_end_s >= 0 or pausing:
        return None
    if since_end_s > -s.before_end_s:
        return s.turn_end
    return s.turn_settled if since_start_s < s.settled_until_s else None


_USUAL = DriveSettings()


def moments_of(cues: Cues, longest_pause_s: float) -> Moments:
    """What was and what is to come, in a recording that is known whole."""
    inside = np.asarray(cues.turn_ends_in_s, float) < UNKNOWN_S
    silent = np.asarray(cues.since_pause_s, float)
    pausing = (silent < longest_pause_s) & (silent + _until(silent >= UNKNOWN_S) < longest_pause_s)
    return Moments(inside, _since_rise(inside), _since_rise(~inside, first=False), pausing)


def _until(active: NDArray[np.bool_]) -> Array:
    """(N,) seconds until ``active`` is next true; `UNKNOWN_S` where it never is."""
    following = np.append(np.flatnonzero(active), -1)
    index = np.searchsorted(following[:-1], np.arange(len(active)))
    wait = (following[index] - np.arange(len(active))) / PLAN_RATE_HZ
    return np.where(index < len(following) - 1, wait, UNKNOWN_S)


def _since_rise(active: NDArray[np.bool_], *, first: bool = True) -> Array:
    """(N,) seconds since ``active`` last became true; `UNKNOWN_S` before; ``first``: the first sample may rise."""
    rises = np.flatnonzero(active & ~np.concatenate([[not first], active[:-1]]))
    if not len(rises):
        return np.full(len(active), UNKNOWN_S)
    index = np.searchsorted(rises, np.arange(len(active)), side="right") - 1
    since = (np.arange(len(active)) - rises[np.maximum(index, 0)]) / PLAN_RATE_HZ
    return np.where(index >= 0, since, UNKNOWN_S)
