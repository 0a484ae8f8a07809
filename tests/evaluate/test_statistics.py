"""Survival, divergences, distances: against cases whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talkingeyes.evaluate import distances, statistics
from talkingeyes.evaluate.distances import Moments


def test_survival_without_censoring_is_the_empirical_median():
    durations = np.arange(1, 12.0)
    assert statistics.kaplan_meier_quantile(durations, np.ones(11), 0.5) == 6


def test_censoring_recovers_the_true_median():
    rng = np.random.default_rng(0)
    true, cut = rng.exponential(2.0, 5000), rng.uniform(0, 3.0, 5000)
    seen = np.minimum(true, cut)
    censored = statistics.kaplan_meier_quantile(seen, true <= cut, 0.5)
    assert censored == pytest.approx(2.0 * np.log(2), rel=0.1)
    assert np.median(seen) < 0.8 * censored
    curve = statistics.kaplan_meier_curve(seen, true <= cut, [0.0, 1.0, 2.0])
    assert np.allclose(curve, np.exp([-0.0, -0.5, -1.0]), atol=0.04)


def test_nothing_ended_means_no_median():
    assert statistics.kaplan_meier_quantile([1.0, 2.0], [False, False], 0.5) == np.inf
    assert np.isnan(statistics.kaplan_meier_quantile([], [], 0.5))


@given(st.lists(st.integers(0, 50), min_size=8, max_size=8).filter(lambda v: sum(v) > 0))
def test_divergence_is_zero_for_itself_and_at_most_one_bit(counts):
    other = np.roll(counts, 1) + np.ones(8)
    assert statistics.jensen_shannon_bits(counts, counts) == pytest.approx(0, abs=1e-9)
    assert 0 <= statistics.jensen_shannon_bits(counts, other) <= 1 + 1e-9
    both = statistics.jensen_shannon_bits(counts, other), statistics.jensen_shannon_bits(other, counts)
    assert both[0] == pytest.approx(both[1])


def test_disjoint_histograms_are_one_bit_apart():
    assert statistics.jensen_shannon_bits([1, 0], [0, 3]) == pytest.approx(1.0)


def test_ranks_share_ties_and_spearman_sees_monotone():
    assert statistics.ranks([3.0, 1.0, 3.0]).tolist() == [1.5, 0.0, 1.5]
    x = np.linspace(0, 3, 30)
    assert statistics.spearman(x, np.exp(x)) == pytest.approx(1.0)
    assert np.isnan(statistics.spearman(x, np.ones(30)))


def test_sign_flips_tell_a_shift_from_none():
    rng = np.random.default_rng(0)
    assert statistics.sign_flip_p(rng.normal(0.6, 1, 60), rng) < 0.01
    assert 0.05 < statistics.sign_flip_p(rng.normal(0, 1, 60), rng) < 0.95


@given(st.integers(-20, 20))
def test_circular_correlation_finds_the_lag(lag):
    sound = np.random.default_rng(0).normal(size=500)
    curve = statistics.circular_correlation(np.roll(sound, lag), sound)
    assert int(np.argmax(curve)) == lag % 500
    assert curve.max() == pytest.approx(1.0)


def test_frechet_is_zero_for_itself_and_the_squared_shift_for_a_shift():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(4000, 3)) @ np.diag([1.0, 2.0, 3.0])
    m = Moments.of(a)
    assert distances.frechet(m, m) == pytest.approx(0, abs=1e-9)
    assert distances.frechet(m, Moments.of(a + np.array([3.0, 0, 0]))) == pytest.approx(9.0)
    halves = Moments.join([Moments.of(a[:1000]), Moments.of(a[1000:])])
    assert np.allclose(halves.covariance, m.covariance) and np.allclose(halves.mean, m.mean)
    assert Moments.from_json(m.to_json()).mean == pytest.approx(m.mean, abs=1e-4)


@pytest.mark.parametrize(("rate", "chance"), [(1, 0.49), (2, 0.71), (3, 0.82)])
def test_random_beats_score_high_and_their_excess_is_nothing(rate, chance):
    rng = np.random.default_rng(0)
    sound, motion = np.sort(rng.uniform(0, 600, 1200)), np.sort(rng.uniform(0, 600, 600 * rate))
    found = distances.beat_alignment(motion, sound, 600.0, rng)
    assert found is not None
    assert found.score == pytest.approx(chance, abs=0.05)
    assert abs(found.excess) < 0.03
    together = distances.beat_alignment(sound[::2], sound, 600.0, rng)
    assert together is not None and together.z > 5


def test_diversity_of_equal_takes_is_zero():
    take = np.random.default_rng(0).normal(size=(100, 2))
    assert distances.diversity([take] * 10) == 0
    assert distances.diversity([take + np.array([i, 0]) for i in range(10)]) == pytest.approx(5.0)
