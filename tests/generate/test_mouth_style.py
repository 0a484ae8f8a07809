"""What of a mouth no sound decides: the same bits in any pieces, people's own space, sides, articulation."""

from __future__ import annotations

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio import Speech
from talkingeyes.errors import SettingError
from talkingeyes.generate.lip_table import PLACES
from talkingeyes.generate.lips import LIP_NAMES, SHAPE_NAMES, coefficients
from talkingeyes.generate.mouth_style import StyleCourse

UP, OUT, GAP = PLACES.index("corner_up"), PLACES.index("corner_out"), PLACES.index("gap")


def rows(count: int, shut: float = 0.0) -> np.ndarray:
    found = np.zeros((count, len(SHAPE_NAMES)))
    found[:, SHAPE_NAMES.index("shut")], found[:, SHAPE_NAMES.index("talks")] = shut, 1.0
    return found


def named(table: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(LIP_NAMES, table.T, strict=True))


def test_a_course_has_the_same_bits_in_any_pieces() -> None:
    frames = np.arange(-5, 400)
    whole = StyleCourse(7).at(frames)
    pieces = np.concatenate([StyleCourse(7).at(part) for part in np.split(frames, [3, 4, 11, 250])])
    assert whole.tobytes() == pieces.tobytes()
    assert not np.allclose(whole, StyleCourse(8).at(frames))
    assert np.abs(np.diff(whole, axis=0)).max() < 1.0, "millimetres a frame"


def test_a_corner_that_goes_up_does_not_frown_and_a_narrow_mouth_does_not_stretch() -> None:
    rng = np.random.default_rng(0)
    places = np.zeros((500, len(PLACES)))
    places[:, UP], places[:, OUT] = rng.normal(0, 3, 500), rng.normal(0, 3, 500)
    places[:, GAP] = rng.uniform(0, 0.4, 500)
    found = named(coefficients(places, places, rows(500)))
    for one, other in (
        ("mouthSmileLeft", "mouthPucker"),
        ("mouthStretchLeft", "mouthPucker"),
        ("mouthStretchLeft", "mouthFunnel"),
    ):
        assert np.minimum(found[one], found[other]).max() < 0.25 if "Smile" in one else True
        assert "Smile" in one or not np.minimum(found[one], found[other]).any()
    assert not np.minimum(found["mouthFrownLeft"], (places[:, UP] > 0)).any()


def test_closures_stay_closures_however_far_somebody_articulates() -> None:
    places = np.full((3, len(PLACES)), 0.4)
    for gain in (0.5, 1.0, 1.5):
        found = named(coefficients(places, places, rows(3, shut=1.0), gain))
        assert found["jawOpen"].max() < 0.03
        assert not found["mouthLowerDownLeft"].any() and not found["mouthUpperUpRight"].any()


def test_articulation_opens_the_mouth_and_is_checked(speech: Speech) -> None:
    small, large = (te.animate(speech, seed=3, articulation=a).coefficient("jawOpen") for a in (0.5, 1.5))
    assert np.percentile(large, 90) > 2 * np.percentile(small, 90)
    with pytest.raises(SettingError, match=r"articulation is 2"):
        te.animate(speech, seed=3, articulation=2.0)


def test_two_sides_and_two_takes_differ_a_little(speech: Speech) -> None:
    one, other = (te.animate(speech, seed=s, character="Mia") for s in (1, 2))
    left, right = one.coefficient("mouthSmileLeft"), one.coefficient("mouthSmileRight")
    assert not np.array_equal(left, right) and np.corrcoef(left, right)[0, 1] > 0.6
    assert not np.array_equal(one.coefficient("mouthSmileLeft"), other.coefficient("mouthSmileLeft"))
