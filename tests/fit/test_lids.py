"""Blinks are told from looking down."""

import numpy as np

from talkingeyes.fit import lids


def eye(frames=400, seed=0):
    rng = np.random.default_rng(seed)
    pitch = np.radians(np.repeat(rng.uniform(-25, 12, frames // 20), 20))
    blink = np.zeros(frames)
    for start in range(25, frames - 8, 60):
        blink[start : start + 6] = [0.4, 1.0, 0.9, 0.6, 0.3, 0.1]
    aperture = 1.8 * (1 + 0.6 * pitch) * (1 - 0.92 * blink) + rng.normal(size=frames) * 0.03
    return np.stack([aperture] * 2, axis=1), np.stack([pitch] * 2, axis=1), blink


def test_blinks_are_found_and_looking_down_is_not_a_blink():
    aperture, pitch, blink = eye()
    closed, seen = lids.closure(aperture, pitch, np.ones(len(blink), bool))
    assert np.corrcoef(closed[:, 0], blink)[0, 1] > 0.97
    down = (pitch[:, 0] < np.radians(-18)) & (blink == 0)
    assert closed[down].mean() < 0.1 < seen[down].mean()


def test_closure_has_the_persons_own_range():
    aperture, pitch, blink = eye()
    closed, _ = lids.closure(aperture, pitch, np.ones(len(blink), bool))
    assert closed[blink == 1].mean() > 0.9
    assert np.median(closed[blink == 0]) < 0.05


def test_a_clip_without_a_blink_stays_open():
    aperture, pitch, _ = eye()
    aperture, pitch = aperture[:24], pitch[:24]
    closed, seen = lids.closure(aperture, pitch, np.ones(24, bool))
    assert closed.max() < 0.2 and seen.min() >= 0 and seen.max() <= 1


def test_eyes_that_never_open_do_not_crash():
    closed, seen = lids.closure(np.zeros((10, 2)), np.zeros((10, 2)), np.ones(10, bool))
    assert np.isfinite(closed).all() and np.isfinite(seen).all()
