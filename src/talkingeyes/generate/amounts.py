"""How much of each thing a take shows: eye contact, gaze shifts, head, blinks, brows, lids, smile.

Every amount of 1 (smile: 0) leaves the take as it is, byte for byte. No numpy here: the command line reads the
ranges before it does any work.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from talkingeyes.errors import SettingError, argument
from talkingeyes.wording import meant

RANGES = {
    "eye_contact": (0.0, 2.0),
    "gaze_activity": (0.1, 3.0),
    "head_amount": (0.0, 2.0),
    "blink_rate": (0.0, 4.0),
    "brow": (0.0, 3.0),
    "lid_openness": (0.0, 2.0),
    "smile": (0.0, 1.0),
    "articulation": (0.5, 1.5),
    "happy": (0.0, 1.0),
    "sad": (0.0, 1.0),
    "angry": (0.0, 1.0),
    "afraid": (0.0, 1.0),
}
"""Lowest and highest value of each amount."""
CHANNEL_OF = {
    "eye_contact": "gaze",
    "gaze_activity": "gaze",
    "head_amount": "head",
    "blink_rate": "blinks",
    "brow": "mouth",
    "lid_openness": "blinks",
    "smile": "mouth",
    "articulation": "mouth",
    "happy": "mouth",
    "sad": "mouth",
    "angry": "mouth",
    "afraid": "mouth",
}
"""The channel (see ``--keep``) that each amount works on."""
_OF_THE_MOUTH = ("smile", "articulation", "happy", "sad", "angry", "afraid")
"""Amounts that move the mouth, which a track that is brought has for itself."""
CONTACT_LOG_ODDS = 1.5
"""What one unit of eye contact adds to the log-odds of looking at the partner: 1.645 standard deviations between
people who speak (.91, assets/gaze_statistics.json), so 0 and 2 are the 5th and the 95th percentile about a typical
character."""


@dataclass(frozen=True)
class Amounts:
    """How much of what; 1 is the character as it is.

    Attributes:
        eye_contact: share of time on the partner, in log-odds: 0 looks away as much as people at the 5th percentile
            do, 2 looks at the partner as much as those at the 95th.
        gaze_activity: multiplies how often the gaze shifts and how often it leaves and returns.
        head_amount: multiplies the head's rotation; 0 is perfectly still, and the eyes do all the work.
        blink_rate: multiplies blinks per minute; 0 never blinks.
        brow: multiplies the brows' movement.
        lid_openness: of the eyes at rest: 0 shut, 1 as it is, 2 as wide as they go (eyeWide of 1).
        smile: what is added to a resting smile; it gives way where the lips round or close.
        articulation: multiplies how far the mouth opens, rounds and stretches; closures stay closures.
        happy: a smile of mouth and cheeks beside what is said (`generate.feelings`), as the next three.
        sad: inner brows up, corners of the mouth down.
        angry: brows down, nose up, lips that press.
        afraid: brows up and drawn together, a wide mouth.
    """

    eye_contact: float = 1.0
    gaze_activity: float = 1.0
    head_amount: float = 1.0
    blink_rate: float = 1.0
    brow: float = 1.0
    lid_openness: float = 1.0
    smile: float = 0.0
    articulation: float = 1.0
    happy: float = 0.0
    sad: float = 0.0
    angry: float = 0.0
    afraid: float = 0.0

    def __post_init__(self) -> None:
        """Check.

        Raises:
            SettingError: naming the value and what is accepted.
        """
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise SettingError(f"{argument(name)} is {value}; {low:g} to {high:g} is accepted")
            object.__setattr__(self, name, float(value))

    @property
    def changed(self) -> dict[str, float]:
        """The amounts that differ from the default."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}

    @property
    def leave_rate(self) -> float:
        """Multiplies the hazard of a look at the partner to end: odds are the ratio of the two hazards."""
        return self.gaze_activity * math.exp(-self.contact_log_odds / 2)

    @property
    def return_rate(self) -> float:
        """Multiplies the hazard of a look away to end."""
        return self.gaze_activity * math.exp(self.contact_log_odds / 2)

    @property
    def contact_log_odds(self) -> float:
        """What is added to the log-odds of looking at the partner."""
        return (self.eye_contact - 1.0) * CONTACT_LOG_ODDS


MOODS: Mapping[str, Amounts] = {
    "calm": Amounts(gaze_activity=0.75, head_amount=0.7, blink_rate=0.85, brow=0.7),
    "lively": Amounts(gaze_activity=1.3, head_amount=1.35, blink_rate=1.15, brow=1.5, smile=0.08),
    "shy": Amounts(eye_contact=0.2, gaze_activity=1.15, head_amount=0.8, blink_rate=1.2, lid_openness=0.94),
    "neutral": Amounts(),
    "happy": Amounts(happy=0.6, brow=1.2, head_amount=1.1),
    "sad": Amounts(sad=0.6, gaze_activity=0.8, head_amount=0.75, lid_openness=0.94, articulation=0.9),
    "angry": Amounts(angry=0.6, eye_contact=1.4, blink_rate=0.85, head_amount=1.15, articulation=1.1),
    "afraid": Amounts(afraid=0.6, gaze_activity=1.25, blink_rate=1.25, lid_openness=1.08),
    "attentive": Amounts(eye_contact=1.7, gaze_activity=0.85, blink_rate=0.8, brow=1.3, lid_openness=1.06),
}
"""Named amounts."""


@dataclass(frozen=True)
class Held:
    """What a take does not make itself.

    Attributes:
        keep: kept channels.
        face: "generate", "none" or "brought": where its mouth comes from.
    """

    keep: Collection[str] = ()
    face: str = "generate"

    def against(self, name: str, value: float) -> str | None:
        """Why an amount can do nothing here; None where it can."""
        channel = CHANNEL_OF[name]
        if channel in self.keep:
            return f"{argument(name)} changes the {channel} and {argument('keep')} holds it; use one of them"
        by_face = name in ("brow", *_OF_THE_MOUTH) or (name == "lid_openness" and value > 1)
        if by_face and (self.face == "none" or "mouth" in self.keep):
            why = "none" if self.face == "none" else "kept"
            return f"{argument(name)} of {value:g} is shown by the face, which is {why}"
        if name in _OF_THE_MOUTH and self.face == "brought":
            face = f"{argument('face')} brings another tool's, which stays untouched"
            return f"{argument(name)} moves the mouth, and {face}; use one of them"
        return None

    def check(self, amounts: Amounts) -> None:
        """Refuse amounts that can do nothing.

        Raises:
            SettingError: naming both.
        """
        for name, value in amounts.changed.items():
            reason = self.against(name, value)
            if reason is not None:
                raise SettingError(reason)


def amounts_of(given: Mapping[str, float], mood: str | None = None, held: Held | None = None) -> Amounts:
    """Amounts given one by one on top of a mood, which leaves alone what is held.

    Args:
        given: by name.
        mood: one of `MOODS`, or None.
        held: what the take does not make itself.

    Raises:
        SettingError: no such mood, or a value out of range.
    """
    if mood is not None and mood not in MOODS:
        raise SettingError(f"{argument('mood')} is {mood!r}; {', '.join(MOODS)} are accepted{meant(mood, MOODS)}")
    held = held or Held()
    base = MOODS[mood].changed if mood is not None else {}
    free = {name: value for name, value in base.items() if held.against(name, value) is None}
    return Amounts(**{**free, **given})
