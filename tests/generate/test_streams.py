"""Streams: channels are independent, a named character is the same whatever the seed."""

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio import Speech
from talkingeyes.errors import SettingError
from talkingeyes.generate.streams import CHANNELS, Streams

from .test_takes import npz_bytes


def first(streams: object) -> list[float]:
    return [getattr(streams, channel).random() for channel in CHANNELS]


def test_every_stream_of_a_take_differs_from_every_other() -> None:
    drawn = [x for seed in range(20) for s in [Streams.from_seed(seed)] for x in (*first(s), *first(s.character))]
    assert len(set(drawn)) == 20 * 2 * len(CHANNELS)


def test_a_name_fixes_the_person_and_the_seed_the_take() -> None:
    one, two, other = Streams.from_seed(1, "Mia"), Streams.from_seed(2, "Mia"), Streams.from_seed(1, "Noah")
    assert first(one.character) == first(two.character) != first(other.character)
    assert first(one) == first(other) != first(two)
    assert first(Streams.from_seed(1)) == first(Streams.from_seed(1, "Mia"))


def test_the_same_name_in_two_spellings_of_unicode_is_one_person() -> None:
    assert first(Streams.from_seed(0, "Zoé").character) == first(Streams.from_seed(0, " Zoe\u0301 ").character)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\nb", "\udc80", 7])
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(SettingError, match="character is"):
        Streams.from_seed(0, name)


@pytest.mark.parametrize("model", ["statistical", "default"])
def test_a_character_is_recorded_and_the_seed_varies_its_takes(speech: Speech, model: str) -> None:
    one, again, other = (te.animate(speech, seed=s, model=model, character="Mia") for s in (4, 4, 5))
    assert npz_bytes(one) == npz_bytes(again) != npz_bytes(other)
    assert one.meta["character"] == "Mia"
    noah = te.animate(speech, seed=4, model=model, character="Noah")
    assert one.eyes_rad is not None and noah.eyes_rad is not None and not np.array_equal(one.eyes_rad, noah.eyes_rad)
