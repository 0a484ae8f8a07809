"""Who has the floor: whether the character speaks or listens, from both voices."""

from __future__ import annotations

from dataclasses import dataclass

from talkingeyes.generate.cues import Role
from talkingeyes.generate.plan import PLAN_RATE_HZ

SURE_FRAMES = 3
"""Who begins to speak while another does has the floor after this (60 ms)."""
OWN_PAUSE_S = 1.5
"""Who has spoken is still speaking for so long, if nobody else does."""


@dataclass
class Floor:
    """The role of a session, frame by frame.

    Attributes:
        given: "auto", "speaking" or "listening".
        speaking: whether the character has the floor.
        own: frames for which its voice has sounded.
        other: frames for which the other's voice has sounded.
        quiet: frames for which neither has.
    """

    given: str
    speaking: bool = False
    own: int = 0
    other: int = 0
    quiet: int = 0

    def hear(self, own: bool, other: bool) -> None:
        """One frame more of both voices."""
        self.own = self.own + 1 if own else 0
        self.other = self.other + 1 if other else 0
        self.quiet = 0 if own or other else self.quiet + 1
        if own and other:
            if min(self.own, self.other) >= SURE_FRAMES:
                self.speaking = self.own <= self.other
        elif own or other:
            self.speaking = own
        elif self.quiet > OWN_PAUSE_S * PLAN_RATE_HZ:
            self.speaking = False

    def role(self, is_two: bool) -> Role:
        """The role now; alone (without another voice) one speaks, with pauses."""
        if self.given == "auto":
            return "speaking" if self.speaking or not is_two else "listening"
        return "speaking" if self.given == "speaking" else "listening"
