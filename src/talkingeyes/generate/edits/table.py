"""The edits that there are: their fields, what each accepts, and the channel that each changes.

One table for the reader, the JSON Schema and the documentation. No numpy here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = "talkingeyes-edits"
VERSION = 1
MAX_EDITS = 5000
MAX_SECONDS = 90_000.0
"""A little more than the day of sound that is accepted."""
MAX_SEED = 2**63 - 1
MAX_YAW_DEG, MAX_PITCH_DEG = 60.0, 35.0
NEAR_S = 0.25
"""An event is named by a time within this of its own."""


@dataclass(frozen=True)
class Field:
    """One field of an edit.

    Attributes:
        kind: "number", "whole" or "text".
        meaning: for people.
        low: lowest number.
        high: highest number.
        default: what stands where it is left out; None: nothing.
        required: whether it may be left out.
        choices: texts that are accepted; empty: any.
    """

    kind: str
    meaning: str
    low: float = 0.0
    high: float = 0.0
    default: float | None = None
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of edit.

    Attributes:
        channel: what it changes: gaze, head, blinks or mouth; "" where a field says it.
        meaning: for people.
        fields: by name.
        names_event: "shift" or "blink" where it changes an event that is there.
        names_place: it says where to look.
    """

    channel: str
    meaning: str
    fields: Mapping[str, Field]
    names_event: str = ""
    names_place: bool = False


def _time(meaning: str, *, required: bool = True) -> Field:
    return Field("number", meaning, 0.0, MAX_SECONDS, required=required)


def _number(meaning: str, low: float, high: float, default: float | None = None, *, required: bool = False) -> Field:
    return Field("number", meaning, low, high, default, required)


EVENT = {
    "event": Field("text", 'the event\'s id, such as "shift@3.214"'),
    "near_s": _time(f"in place of event: the one whose time is nearest, within {NEAR_S:g} s", required=False),
}
"""Names an event that is there; one of the two."""
PLACE = {
    "target": Field("text", "name of a target"),
    "yaw_deg": _number("in place of target: + to the character's left, in space", -MAX_YAW_DEG, MAX_YAW_DEG),
    "pitch_deg": _number("in place of target: + up, in space", -MAX_PITCH_DEG, MAX_PITCH_DEG),
    "distance_m": _number("with angles: how far away, for vergence", 0.15, 1000.0, 1.0),
}
"""Says where to look: a target's name, or yaw and pitch, of which one may be left out."""
RANGE = {"from_s": _time("start of the range"), "to_s": _time("end of the range")}
CHANNELS = ("gaze", "head", "blinks", "mouth")

KINDS: dict[str, Kind] = {
    "shift.add": Kind(
        "gaze", "the gaze leaves for a place, until the next shift; replaces a shift that begins within .12 s",
        {"at_s": _time("when the saccade starts"), **PLACE}, names_place=True,
    ),
    "shift.move": Kind(
        "gaze", "a gaze shift at another time, between its neighbours",
        {**EVENT, "to_s": _time("when the saccade starts")}, names_event="shift",
    ),
    "shift.retarget": Kind(
        "gaze", "a gaze shift to another place", {**EVENT, **PLACE}, names_event="shift", names_place=True
    ),
    "shift.delete": Kind("gaze", "the gaze stays where it was before the shift", EVENT, names_event="shift"),
    "look": Kind(
        "gaze", "the gaze is at a place for the whole range; it follows one that moves",
        {**RANGE, **PLACE}, names_place=True,
    ),
    "stay": Kind(
        "gaze", "how long the look after a shift lasts; shifts that would begin before its end are left out",
        {**EVENT, "lasts_s": _number("from its landing on", 0.05, 3600.0, required=True)}, names_event="shift",
    ),
    "blink.add": Kind(
        "blinks", "one more blink",
        {
            "at_s": _time("when the lids start to close"),
            "closure": _number("at its deepest; 1 shuts the eyes", 0.05, 1.0, 1.0),
            "lasts_s": _number("from open to open", 0.12, 2.0, 0.31),
        },
    ),
    "blink.move": Kind(
        "blinks", "a blink at another time",
        {**EVENT, "to_s": _time("when the lids start to close")}, names_event="blink",
    ),
    "blink.delete": Kind("blinks", "no such blink", EVENT, names_event="blink"),
    "blink.scale": Kind(
        "blinks", "a deeper or shallower blink; at most shut",
        {**EVENT, "by": _number("multiplies its closure", 0.0, 10.0, required=True)}, names_event="blink",
    ),
    "nod": Kind(
        "head", "the head goes down and comes back",
        {
            "at_s": _time("when it is lowest, of the first nod"),
            "size_deg": _number("how far down; below 0: up", -20.0, 20.0, 5.0),
            "count": Field("whole", "how many, each smaller than the last", 1, 6, 1.0),
            "period_s": _number("of one nod", 0.25, 2.0, 0.45),
        },
    ),
    "tilt": Kind(
        "head", "the head leans to a side for the range",
        {**RANGE, "roll_deg": _number("+ lifts the character's left side", -25.0, 25.0, required=True)},
    ),
    "head.hold": Kind("head", "the head is still for the range", RANGE),
    "brows": Kind(
        "mouth", "the brows go up for the range", {**RANGE, "amount": _number("0 not, 1 all the way", 0.0, 1.0, 0.5)}
    ),
    "smile": Kind(
        "mouth", "a smile for the range; it gives way where the lips round or close",
        {**RANGE, "amount": _number("what is added", -1.0, 1.0, required=True)},
    ),
    "offset": Kind(
        "", "moves a channel as a whole, for the range or for all of the take",
        {
            "channel": Field("text", "which", required=True, choices=("gaze", "head", "lids")),
            "from_s": _time("start; the take's", required=False),
            "to_s": _time("end; the take's", required=False),
            "yaw_deg": _number("of gaze and head", -40.0, 40.0),
            "pitch_deg": _number("of gaze and head", -25.0, 25.0),
            "roll_deg": _number("of the head", -25.0, 25.0),
            "closure": _number("of the lids", 0.0, 1.0),
        },
    ),
    "reroll": Kind(
        "", "new motion of a channel for the range, of the same person; what is directed stays",
        {
            "channel": Field("text", "which", required=True, choices=CHANNELS),
            **RANGE,
            "seed": Field("whole", "the same seed gives the same bytes", 0, MAX_SEED, required=True),
        },
    ),
}  # fmt: skip
"""What ``do`` may be."""


def channel_of(kind: str, channel: str | None) -> str:
    """The channel (see ``--keep``) that an edit changes; ``channel`` is its field, where it has one."""
    return KINDS[kind].channel or {"lids": "blinks"}.get(str(channel), str(channel))
