"""Blinks of both eyes are one; winks that last stay winks; a shut eye is 1."""

import numpy as np
import pytest

from talkingeyes.fit.yoked_lids import WINK_S, full_depth, yoked

FPS = 25.0


def blink_at(*frames, depth=1.0, count=200):
    """Closure that falls and rises within .25 s."""
    shape = np.array([0.3, 0.8, 1.0, 0.7, 0.35, 0.1])
    out = np.zeros(count)
    for frame in frames:
        out[frame : frame + len(shape)] = np.maximum(out[frame : frame + len(shape)], depth * shape)
    return out


def together(left, right, noise=0.01, seed=1):
    rng = np.random.default_rng(seed)
    return yoked(np.clip(np.stack([left, right], axis=1) + rng.normal(0, noise, (len(left), 2)), 0, 1),
                 np.ones(len(left), bool), FPS)  # fmt: skip


@pytest.mark.parametrize("weak", [0.28, 0.5, 0.9])
def test_a_blink_that_one_eye_hardly_shows_is_a_blink_of_both(weak):
    lids = together(blink_at(40, 120), blink_at(40, 120, depth=weak))
    peaks = lids[38:48].max(axis=0)
    assert abs(peaks[0] - peaks[1]) <= 0.15
    assert peaks.min() >= 0.85


def test_a_wink_that_lasts_is_kept_and_a_short_one_is_not():
    wink, short = np.zeros(200), np.zeros(200)
    wink[60 : 60 + int((WINK_S + 0.2) * FPS)] = 1.0
    short[60 : 60 + int((WINK_S - 0.2) * FPS)] = 1.0
    kept, yoke = together(wink, np.zeros(200)), together(short, np.zeros(200))
    assert kept[62:70, 0].min() > 0.9 and kept[62:70, 1].max() < 0.15
    assert np.abs(np.diff(yoke, axis=1)).max() <= 0.15


def test_an_eye_that_is_hardly_seen_cannot_wink_and_weighs_little():
    rng = np.random.default_rng(2)
    noisy = np.clip(blink_at(40) + rng.normal(0, 0.3, 200), 0, 1)
    noisy[100:120] = 1.0
    lids = together(blink_at(40), noisy)
    assert np.abs(np.diff(lids, axis=1)).max() <= 0.15
    assert lids[42].min() > 0.8


def test_the_deepest_blinks_of_a_clip_are_shut_and_partial_ones_stay_partial():
    closure = np.maximum(blink_at(20, 60, 100, depth=0.8), blink_at(140, depth=0.56))
    lids = together(closure, closure, noise=0.0)
    assert lids[20:30].max() == pytest.approx(1, abs=0.02)
    assert lids[140:150].max() == pytest.approx(0.7, abs=0.03)


@pytest.mark.parametrize(("depth", "full"), [(0.4, 1.0), (0.7, 1.0), (0.9, 0.9), (1.0, 1.0)])
def test_a_single_shallow_blink_does_not_count_as_full(depth, full):
    assert full_depth(blink_at(50, depth=depth), np.ones(200, bool)) == pytest.approx(full)


def test_open_eyes_keep_their_own_little_difference():
    lids = together(np.full(200, 0.08), np.full(200, 0.02), noise=0.0)
    assert lids[:, 0] - lids[:, 1] == pytest.approx(0.06, abs=0.01)
