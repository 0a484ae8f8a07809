"""Tokens are drawn as often as their logits say, and never outside top-p."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes.generate.draws import drawn
from talkingeyes.generate.sampling import Sampling

LOGITS = np.log(np.array([0.5, 0.2, 0.2, 0.07, 0.03]))


def shares(sampling: Sampling) -> np.ndarray:
    """How often each token is drawn."""
    draws = (np.arange(10_000) + 0.5) / 10_000
    found = np.bincount([drawn(LOGITS, sampling, float(draw)) for draw in draws], minlength=5)
    return found / len(draws)


def test_usual_draws_are_the_model_s_own() -> None:
    np.testing.assert_allclose(shares(Sampling()), np.exp(LOGITS), atol=1e-3)


def test_top_p_leaves_the_likeliest_in_their_proportion() -> None:
    np.testing.assert_allclose(shares(Sampling(top_p=0.85)), np.array([5, 2, 2, 0, 0]) / 9, atol=1e-3)
    assert shares(Sampling(top_p=0.05)).tolist() == [1, 0, 0, 0, 0]


def test_temperature_is_about_whether_and_place_temperature_about_where() -> None:
    lively, far = shares(Sampling(temperature=2.0)), shares(Sampling(place_temperature=2.0))
    assert lively[0] < 0.45 and far[0] == pytest.approx(0.5, abs=1e-3)
    assert far[4] / far[1] > 1.5 * 0.03 / 0.2
    assert lively[4] / lively[1] == pytest.approx(0.03 / 0.2, abs=5e-3)


@pytest.mark.parametrize("draw", [0.0, 1.0 - 1e-16, 1.0])
def test_the_ends_of_the_draw_are_tokens(draw: float) -> None:
    assert drawn(LOGITS, Sampling(), draw) in range(5)
    assert drawn(np.append(LOGITS, -1e9), Sampling(top_p=0.9), draw) < 3
