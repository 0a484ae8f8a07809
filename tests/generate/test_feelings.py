"""Feelings: each shows where it should, none opens lips or exceeds 1, they go together, none is the take as it is."""

from __future__ import annotations

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio import Speech
from talkingeyes.generate.amounts import MOODS
from talkingeyes.generate.feelings import FEELINGS, brows_of, felt, lean_of
from talkingeyes.generate.lips import GAP_MM, LIP_NAMES

SHOWN = {"happy": "mouthSmile", "sad": "mouthFrown", "angry": "noseSneer", "afraid": "mouthStretch"}


def mouths(count: int = 200) -> np.ndarray:
    """Any mouths."""
    return np.random.default_rng(0).random((count, len(LIP_NAMES)))


@pytest.mark.parametrize("name", FEELINGS)
def test_a_feeling_shows_on_both_sides_and_the_left_one_more(name: str) -> None:
    wanted = np.array([[float(one == name) for one in FEELINGS]])
    rest = np.zeros((1, len(LIP_NAMES)))
    found = dict(zip(LIP_NAMES, felt(rest, np.ones(1), wanted, np.array([0.2]))[0], strict=True))
    assert found[SHOWN[name] + "Left"] > found[SHOWN[name] + "Right"] > 0.15
    assert brows_of(wanted[0]).max() > 0.1


def test_feelings_open_no_lips_and_stay_within_one() -> None:
    mouth, every = mouths(), np.ones((200, len(FEELINGS)))
    found = felt(mouth, np.random.default_rng(1).random(200), every, np.full(200, 0.2))
    assert found.min() >= 0 and found.max() <= 1
    opens = [i for i, name in enumerate(LIP_NAMES) if name.removesuffix("Left").removesuffix("Right") in GAP_MM]
    assert np.array_equal(found[:, opens], mouth[:, opens]), "a closure stays a closure"


def test_a_sound_that_needs_the_lips_leaves_little_room() -> None:
    rest, happy = np.zeros((2, len(LIP_NAMES))), np.tile([1.0, 0, 0, 0], (2, 1))
    room = felt(rest, np.array([1.0, 0.2]), happy, np.zeros(2)).max(axis=1)
    assert room[1] == pytest.approx(0.2 * room[0])


def test_lips_press_only_where_they_are_close() -> None:
    mouth, angry = np.zeros((2, len(LIP_NAMES))), np.tile([0, 0, 1.0, 0], (2, 1))
    mouth[1, LIP_NAMES.index("jawOpen")] = 0.3
    press = felt(mouth, np.ones(2), angry, np.zeros(2))[:, LIP_NAMES.index("mouthPressLeft")]
    assert press[0] > 0.2 and press[1] == 0


def test_takes_feel_and_the_rest_stays_as_it_is(speech: Speech) -> None:
    plain, neutral = te.animate(speech, seed=3), te.animate(speech, seed=3, mood="neutral")
    assert plain.face is not None and neutral.face is not None and plain.eyes_rad is not None
    assert np.array_equal(plain.face, neutral.face) and plain.face_names == neutral.face_names
    cross = te.animate(speech, seed=3, angry=0.7, happy=0.2)
    assert "browDownLeft" in cross.face_names and "browDownLeft" not in plain.face_names
    assert cross.coefficient("browDownLeft").min() > 0.3
    assert cross.coefficient("mouthSmileLeft").mean() > plain.coefficient("mouthSmileLeft").mean()
    assert np.array_equal(cross.coefficient("jawOpen"), plain.coefficient("jawOpen"))
    assert cross.eyes_rad is not None and np.array_equal(cross.eyes_rad, plain.eyes_rad)


def test_every_feeling_has_a_mood_of_its_name() -> None:
    assert all(getattr(MOODS[name], name) > 0 for name in FEELINGS)
    leans = [lean_of(key) for key in range(2000)]
    assert min(leans) >= -0.05 and max(leans) <= 0.2
