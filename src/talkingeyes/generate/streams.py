"""Random streams: one per channel for the take, and one per channel for the person that the take shows."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from talkingeyes.errors import SettingError

CHANNELS = ("gaze", "head", "blinks", "mouth")
"""The channels that can be kept and re-rolled, in the order of their random streams."""
LONGEST_NAME = 200


@dataclass(frozen=True)
class ChannelStreams:
    """One random stream per channel, so that re-rolling one leaves the others as they are."""

    gaze: np.random.Generator
    head: np.random.Generator
    blinks: np.random.Generator
    mouth: np.random.Generator


@dataclass(frozen=True)
class Streams(ChannelStreams):
    """Streams of a take.

    Attributes:
        character: streams of the same channels for what makes the person: places, tempo, pace, style. They depend on
            the character's name alone where one is given, so that the same person is in every take.
    """

    character: ChannelStreams

    @staticmethod
    def from_seed(seed: int, character: str | None = None) -> Streams:
        """Independent streams of one seed; the character's own come from its name, or from the seed too."""
        person = [seed] if character is None else _words_of(character)
        first = len(CHANNELS)
        return Streams(*_streams([seed], 0), character=ChannelStreams(*_streams(person, first)))


def checked_name(character: str) -> str:
    """The name of a character, in the one way that it is hashed and recorded.

    Raises:
        SettingError: empty, too long, or not a text.
    """
    if not isinstance(character, str):
        raise SettingError(f"character is {character!r}; a name is accepted")
    name = unicodedata.normalize("NFC", character).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise SettingError(
            f"character is {character[:40]!r}; a printable name of 1 to {LONGEST_NAME} signs is accepted"
        )
    return name


def _words_of(character: str) -> list[int]:
    digest = hashlib.sha256(checked_name(character).encode()).digest()
    return [int.from_bytes(digest[i : i + 4], "little") for i in range(0, len(digest), 4)]


def _streams(entropy: Sequence[int], first: int) -> list[np.random.Generator]:
    return [np.random.default_rng(np.random.SeedSequence([*entropy, first + i])) for i in range(len(CHANNELS))]
