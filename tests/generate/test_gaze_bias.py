"""The bias of a character's gaze: what it weighs, and landings clear of the border of averted gaze."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from talkingeyes.generate.gaze_bias import AVERTED_DEG, BIASES, apply_bias, counted, place_features, settled

angles = st.floats(-60, 60)
gazes = arrays(float, 2, elements=angles)
places = arrays(float, (7, 2), elements=angles)


@given(gazes, places)
def test_nothing_lands_in_the_border_of_averted_gaze(gaze: np.ndarray, there: np.ndarray) -> None:
    size = np.hypot(*settled(gaze, there).T)
    if np.hypot(*gaze) > AVERTED_DEG:
        assert not ((size > 6.001) & (size < 7.999)).any()
    else:
        assert not ((size > 8.001) & (size < 9.999)).any()


@given(gazes, places)
def test_settling_twice_is_settling_once_and_keeps_the_direction(gaze: np.ndarray, there: np.ndarray) -> None:
    once = settled(gaze, there)
    np.testing.assert_allclose(settled(gaze, once), once, atol=1e-9)
    np.testing.assert_allclose(once[:, 0] * there[:, 1], once[:, 1] * there[:, 0], atol=1e-6)


@given(gazes, places)
def test_left_and_right_change_the_sign_of_yaw_alone(gaze: np.ndarray, there: np.ndarray) -> None:
    one, other = place_features(gaze, there), place_features(gaze * [-1, 1], there * [-1, 1])
    assert one.shape == (8, BIASES)
    np.testing.assert_allclose(other, one * [-1, *[1] * (BIASES - 1)])


def test_staying_neither_shifts_nor_crosses() -> None:
    here, there = np.array([3.0, 1.0]), np.array([[20.0, 0.0], [2.0, 0.0]])
    features = place_features(here, there)
    assert features[:, 4].tolist() == [0, 1, 1] and features[:, 5].tolist() == [0, 1, 0]
    assert not (features * counted(5.0))[:, 6].any() and (features * counted(0.3))[:, 6].tolist() == [0, 1, 0]


def test_no_tilt_changes_nothing_and_a_tilt_does_what_it_says() -> None:
    rng = np.random.default_rng(0)
    gaze, there, logits = np.zeros(2), rng.normal(0, 12, (20, 2)), rng.normal(0, 1, 21)
    features = place_features(gaze, there)
    np.testing.assert_array_equal(apply_bias(logits, np.zeros(BIASES), features, 1.0), logits)

    def mean_yaw(amount: float) -> float:
        share = np.exp(apply_bias(logits, np.array([amount, *[0] * (BIASES - 1)]), features, 1.0))
        return float((share[1:] * there[:, 0]).sum() / share.sum())

    assert mean_yaw(-0.5) < mean_yaw(0.0) < mean_yaw(0.5)
