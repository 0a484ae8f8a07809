"""The cleaning keeps edges, whatever the noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkingeyes.fit import smooth

FPS = 25.0


def staircase(noise, seed=0, size=8.0, frames=120):
    rng = np.random.default_rng(seed)
    levels = np.zeros((frames, 2))
    for k, start in enumerate((30, 60, 90)):
        levels[start:] += [size * (-1) ** k, size / 2]
    return levels, levels + rng.normal(size=levels.shape) * noise


def clean(signal, weight=None, min_step=1.0):
    weight = np.ones(len(signal)) if weight is None else weight
    steps = smooth.find_steps(signal, weight > 0, FPS, min_step)
    return steps, smooth.smooth_between(signal, weight, steps, FPS)


@pytest.mark.parametrize("noise", [0.0, 0.3, 0.7])
def test_steps_stay_where_they_are_and_keep_their_height(noise):
    truth, seen = staircase(noise)
    steps, out = clean(seen)
    assert steps.tolist() == [30, 60, 90]
    for step in steps:
        assert np.linalg.norm(out[step] - out[step - 1]) > 0.85 * np.linalg.norm(truth[step] - truth[step - 1])


def test_noise_falls_between_steps():
    truth, seen = staircase(0.5)
    _, out = clean(seen)
    assert np.abs(out - truth).mean() < 0.55 * np.abs(seen - truth).mean()


def test_a_frame_in_flight_keeps_its_place():
    truth, _ = staircase(0.0)
    truth[30] = 0.5 * (truth[29] + truth[31])
    _, out = clean(truth)
    assert np.allclose(out[30], truth[30], atol=0.05)


def test_no_step_in_a_slow_drift():
    drift = np.stack([np.linspace(0, 10, 200), np.linspace(0, -4, 200)], axis=1)
    steps, out = clean(drift + np.random.default_rng(1).normal(size=drift.shape) * 0.2)
    assert len(steps) == 0
    assert np.abs(out - drift).max() < 0.5


def test_gaps_are_filled_and_outliers_in_them_do_not_count():
    truth, seen = staircase(0.1)
    weight = np.ones(len(seen))
    weight[40:45], seen[40:45] = 0, 50.0
    _, out = clean(seen, weight)
    assert np.abs(out - truth)[36:50].max() < 0.6


def test_a_step_across_a_gap_falls_inside_it():
    truth, seen = staircase(0.1)
    weight = np.ones(len(seen))
    weight[28:33] = 0
    steps, out = clean(seen, weight)
    assert 28 <= steps[0] <= 33
    assert np.abs(out - truth)[[20, 27, 34, 40]].max() < 0.5


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**16))
def test_any_length_any_holes(length, seed):
    rng = np.random.default_rng(seed)
    signal, weight = rng.normal(size=(length, 2)), (rng.random(length) > 0.4).astype(float)
    _steps, out = clean(signal, weight)
    assert out.shape == signal.shape and np.isfinite(out).all()
    assert np.isfinite(smooth.smooth_within(signal, weight > 0, [length // 2], FPS, 0.05)).all()


def test_cuts_are_not_smoothed_over():
    signal = np.concatenate([np.zeros((20, 1)), np.full((20, 1), 9.0)])
    out = smooth.smooth_within(signal, np.ones(40, bool), [20], FPS, 0.1)
    assert np.abs(out - signal).max() < 1e-6


def test_noise_moves_the_first_and_the_last_frame_hardly_more_than_those_in_the_middle():
    noise = np.random.default_rng(11).normal(size=(200, 40, 2))
    steps = [np.abs(np.diff(smooth.smooth_within(one, np.ones(40, bool), [], FPS, 0.12), axis=0)) for one in noise]
    usual = np.mean(steps, axis=(0, 2))
    assert max(usual[0], usual[-1]) < 1.5 * usual[10:-10].mean()


def test_a_drift_lags_at_the_ends_by_three_frames_at_most():
    drift = np.linspace(0, 6, 40)[:, None]
    out = smooth.smooth_within(drift, np.ones(40, bool), [], FPS, 0.12)
    assert np.abs(out - drift).max() < 3 * (drift[1] - drift[0])


def test_speed_limit_catches_up():
    signal = np.concatenate([np.zeros((5, 2)), np.full((10, 2), 3.0)])
    out = smooth.limit_speed(signal, 1.0)
    assert np.linalg.norm(np.diff(out, axis=0), axis=1).max() <= 1.0 + 1e-9
    assert np.allclose(out[-1], 3.0)


def test_fill_gaps_holds_half_and_half():
    signal = np.array([[1.0], [0.0], [0.0], [0.0], [0.0], [2.0]])
    filled = smooth.fill_gaps(signal, np.array([True, False, False, False, False, True]))
    assert filled[:, 0].tolist() == [1, 1, 1, 2, 2, 2]
