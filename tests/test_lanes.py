"""Lanes: each gets what it asked for, in its order, and one's error is its own."""

import numpy as np
import pytest

from talkingeyes.lanes import Batch, Lane, alone, together


def squares(items: list[float]) -> list[float]:
    calls.append(len(items))
    if any(item < 0 for item in items):
        raise ValueError("below 0")
    return [item * item for item in items]


calls: list[int] = []
SQUARES = Batch(0, squares)
LATER = Batch(1, lambda items: [-item for item in items])


def summed(values: list[float]) -> Lane[float]:
    total = 0.0
    for value in values:
        total += yield SQUARES(value)
    return (yield LATER(total))


def test_each_lane_gets_its_own_answers_and_all_ask_at_once():
    calls.clear()
    assert together([summed([1, 2]), summed([3]), summed([])]) == [-5.0, -9.0, 0.0]
    assert calls == [2, 1]
    assert alone(summed([1, 2, 3])) == -14.0


def test_one_lanes_error_is_its_own():
    first, second, third = together([summed([1, 2]), summed([-1, 5]), summed([2, 2])])
    assert (first, third) == (-5.0, -8.0)
    assert isinstance(second, ValueError)
    with pytest.raises(ValueError, match="below 0"):
        alone(summed([-1]))


def test_nothing_is_asked_by_nobody():
    assert together([]) == []
    assert np.isfinite(alone(summed([])))
