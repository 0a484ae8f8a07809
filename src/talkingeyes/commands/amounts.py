"""How much of what, and who: one option per amount of `generate.amounts.Amounts`, moods, and the character's name."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from talkingeyes.commands.sampling import flag_of
from talkingeyes.generate.amounts import MOODS, RANGES, Amounts

MEANINGS = {
    "eye_contact": "looks at the partner; 0 as little as people at the 5th percentile, 2 as much as at the 95th",
    "gaze_activity": "multiplies how often the gaze shifts",
    "head_amount": "multiplies the head's movement; 0 holds it still while the eyes live",
    "blink_rate": "multiplies blinks per minute; 0 never blinks",
    "brow": "multiplies the brows' movement",
    "lid_openness": "opening of the eyes at rest; 0 shut, 2 wide",
    "smile": "adds to a resting smile",
    "articulation": "how far the mouth opens and rounds; closures stay closures",
    "happy": "smiles with mouth and cheeks while it speaks",
    "sad": "raises the inner brows, lowers the corners of the mouth",
    "angry": "lowers the brows, presses the lips",
    "afraid": "raises the brows, widens the mouth",
}


@dataclass(frozen=True, kw_only=True)
class Direction:
    """The options below; None where one is not given."""

    eye_contact: float | None
    gaze_activity: float | None
    head_amount: float | None
    blink_rate: float | None
    brow: float | None
    lid_openness: float | None
    smile: float | None
    articulation: float | None
    happy: float | None
    sad: float | None
    angry: float | None
    afraid: float | None
    mood: str | None
    character: str | None


def add_amount_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare an option for each amount, the mood and the character."""
    group = parser.add_argument_group("how much of what, and who", "the default is the character as it is")
    for name, meaning in MEANINGS.items():
        low, high = RANGES[name]
        help_text = f"{meaning} ({low:g} to {high:g}, default {getattr(Amounts, name):g})"
        group.add_argument(flag_of(name), dest=name, type=float, metavar="X", help=help_text)
    group.add_argument(
        "--mood", metavar="|".join(MOODS), help="several amounts at once; those given beside it come on top"
    )
    group.add_argument(
        "--character",
        metavar="NAME",
        help="the same person in every recording: any name; the seed then varies the takes of that person",
    )


def direction_of(options: Direction) -> dict[str, Any]:
    """The keywords of `talkingeyes.animate` that the options ask for."""
    given = {name: value for name in RANGES if (value := getattr(options, name)) is not None}
    who = {} if options.character is None else {"character": options.character}
    return {**given, **who, **({} if options.mood is None else {"mood": options.mood})}
