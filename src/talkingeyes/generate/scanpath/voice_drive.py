"""The voice's drive as the gaze asks for it: of a whole recording at once, of a live window moment by moment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.cues import Cues
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.generate.scanpath.balance import LiveBalance
from talkingeyes.generate.scanpath.speech_drive import (
    PAUSE_S,
    DriveSettings,
    announced_at,
    before_recording,
    drive_at,
    speaks_at,
    speech_drive,
)

Array = NDArray[Any]


class VoiceDrive:
    """Log hazard ratios of looking away by time.

    Args:
        settings: how the voice moves the gaze.
        quiet_s: live, it says nothing earlier than this before time 0.
    """

    def __init__(self, settings: DriveSettings | None, quiet_s: float) -> None:
        self._settings, self._quiet_s = settings, quiet_s
        self._cues: Cues | None = None
        self._drive = np.zeros(0)

    def at(self, cues: Cues, balance: LiveBalance, at_s: Array) -> Array:
        """(N,) at times; ``balance`` counts in a live window only."""
        if cues.moments is not None:
            return np.array([self.live_at(cues, balance, s) for s in at_s.tolist()])
        if self._cues is not cues:
            self._cues, self._drive = cues, speech_drive(cues, self._settings)
        drive = self._drive[cues.rows((at_s * PLAN_RATE_HZ).astype(int))]
        if at_s[0] >= 0:
            return drive
        early = before_recording(cues, self._drive, at_s, self._settings)
        return np.where(at_s < 0, early, drive)

    def live_at(self, cues: Cues, balance: LiveBalance, at_s: float) -> float:
        """Of a live window at a time; most of it was asked for before."""
        if at_s < -self._quiet_s:
            return 0.0
        row, drive = self._alone_at(cues, at_s)
        return drive + balance.offset if speaks_at(cues, row) else drive

    def keep_balance(self, cues: Cues, balance: LiveBalance, at_s: float, lasts_s: float) -> None:
        """A step of a live window: the person's own share of looks at the partner, however often the voice pauses."""
        row, drive = self._alone_at(cues, at_s)
        if speaks_at(cues, row):
            balance.step(drive, lasts_s)

    def _alone_at(self, cues: Cues, at_s: float) -> tuple[int, float]:
        """The row of a live window at a time, and the drive without the balance."""
        row = cues.row(int(at_s * PLAN_RATE_HZ))
        announced = announced_at(cues, row, at_s, self._settings)
        return row, drive_at(cues, row, self._settings) if announced is None else announced


def manner_at(cues: Cues, time_s: float) -> str:
    """How the character looks about at a time: as somebody who speaks or who listens."""
    row = cues.row(round(time_s * PLAN_RATE_HZ))
    if cues.role != "speaking":
        return "listening"
    speaks = time_s < PAUSE_S or cues.uttering[row] or cues.since_pause_s[row] < PAUSE_S
    return "speaking" if speaks else "listening"
