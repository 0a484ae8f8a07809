"""Turns of the character's own voice that its program knows before they are heard: what a whole recording knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from talkingeyes.errors import SettingError
from talkingeyes.live import given

MOST = 64
"""Turns that wait."""


@dataclass
class Announced:
    """What was announced and is not over.

    Attributes:
        turns_s: begin and end of each in audio time, in order.
    """

    turns_s: list[tuple[float, float]] = field(default_factory=list)

    def add(self, starts_s: float, ends_s: float, now_s: float) -> None:
        """One turn more, after those that wait.

        Args:
            starts_s: audio time of its first word.
            ends_s: of its last one's end.
            now_s: audio time of the next frame.

        Raises:
            SettingError: no times, in the wrong order, over already, too far ahead, or too many.
        """
        latest_s = now_s + given.MOST_AT_ONCE_S
        fits = given.is_number(starts_s) and given.is_number(ends_s)
        if not fits or not 0 <= starts_s < ends_s <= latest_s or ends_s <= now_s:
            raise SettingError(
                f"a turn from {starts_s!r} to {ends_s!r} s; begin and end within {now_s:.1f} to {latest_s:.0f} s of "
                "audio time, in this order, are accepted now"
            )
        if self.turns_s and starts_s < self.turns_s[-1][1]:
            raise SettingError(f"a turn from {starts_s!r} s; the one before it ends at {self.turns_s[-1][1]:g} s")
        if len(self.turns_s) >= MOST:
            raise SettingError(f"{MOST} turns wait already; announce later ones later")
        self.turns_s.append((float(starts_s), float(ends_s)))

    def near(self, now_s: float) -> tuple[float, float] | None:
        """The turn that matters to a step at this time; what is over is forgotten."""
        turns = self.turns_s
        while turns and now_s >= turns[0][1]:
            del turns[0]
        return turns[0] if turns else None
