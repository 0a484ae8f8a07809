"""Two eyes become one gaze: what they share stays, what parts them is believed as far as eyes do part."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from talkingeyes.fit import fusion, smooth

FPS = 25.0
COUNT = 400
RNG = np.random.default_rng(5)


def gaze() -> NDArray[np.float64]:
    """(400, 2) fixations of 0.8 s, degrees in radians."""
    return np.radians(np.repeat(RNG.uniform(-12, 12, (COUNT // 20, 2)), 20, axis=0))


def slow(size_deg: float) -> NDArray[np.float64]:
    """(400, 2) a wander of periods of several seconds with this standard deviation."""
    time = np.arange(COUNT) / FPS
    waves = [np.sin(2 * np.pi * (time[:, None] / period + RNG.random(2))) for period in (5.3, 7.1, 11.0)]
    return np.radians(size_deg) * np.sqrt(2 / 3) * np.sum(waves, axis=0)


def eyes(apart: NDArray[np.float64], noise_deg: float = 0.1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What both share (400, 2), and both eyes (400, 2, 2) so far apart, with noise."""
    shared = gaze()
    both = np.stack([shared - apart / 2, shared + apart / 2], axis=1)
    return shared, both + np.radians(noise_deg) * RNG.standard_normal(both.shape)


SURE = np.ones((COUNT, 2))


def test_real_vergence_of_clear_eyes_stays() -> None:
    turned = slow(0.8) * [1, 0]
    _, both = eyes(turned)
    fused = fusion.fuse(both, SURE, FPS)
    assert fused.vergence_share > 0.8
    assert np.corrcoef(fused.vergence_rad, turned[:, 0])[0, 1] > 0.9
    assert 0.5 < fused.vergence_rad.std() / turned[:, 0].std() < 1.05


@pytest.mark.parametrize(("across_deg", "up_deg"), [(3.0, 0.0), (0.6, 1.0), (4.0, 2.0)])
def test_what_eyes_cannot_do_is_no_vergence(across_deg: float, up_deg: float) -> None:
    _, both = eyes(slow(across_deg) * [1, 0] + slow(up_deg) * [0, 1])
    fused = fusion.fuse(both, SURE, FPS)
    assert np.degrees(fused.vergence_rad.std()) < 0.5


def test_edges_lie_in_what_is_shared_only() -> None:
    shared, both = eyes(slow(0.5) * [1, 0], noise_deg=0.0)
    fused = fusion.fuse(both, SURE, FPS)
    jumps = np.abs(np.diff(shared, axis=0)) > np.radians(1)
    np.testing.assert_allclose(np.diff(fused.gaze_rad, axis=0)[jumps], np.diff(shared, axis=0)[jumps], atol=2e-3)
    assert np.degrees(np.abs(np.diff(fused.vergence_rad)).max()) < 0.2


def test_a_constant_difference_is_told_and_moves_nothing() -> None:
    shared, both = eyes(np.radians([[20.0, 3.0]]) + np.zeros((COUNT, 2)), noise_deg=0.0)
    fused = fusion.fuse(both, SURE, FPS)
    np.testing.assert_allclose(np.degrees(fused.apart_rad), [20, 3], atol=1e-6)
    np.testing.assert_allclose(fused.gaze_rad, shared, atol=1e-6)
    np.testing.assert_allclose(fused.vergence_rad, 0, atol=1e-9)


def test_two_eyes_are_better_than_one_and_a_wild_one_does_little_harm() -> None:
    shared, both = eyes(np.zeros((COUNT, 2)), noise_deg=1.0)

    def error(found: NDArray[np.float64]) -> float:
        return float(np.abs(found - shared).mean())

    assert error(fusion.fuse(both, SURE, FPS).gaze_rad) < 0.8 * min(error(both[:, 0]), error(both[:, 1]))
    both[:, 1] += slow(25.0)
    mean = error(both.mean(axis=1))
    assert error(fusion.fuse(both, SURE, FPS).gaze_rad) < 0.5 * mean


def test_an_eye_without_trust_says_nothing() -> None:
    shared, both = eyes(np.zeros((COUNT, 2)), noise_deg=0.1)
    trust = SURE.copy()
    both[100:140, 1] += 1.0
    trust[100:140, 1] = 0
    fused = fusion.fuse(both, trust, FPS)
    assert np.degrees(np.abs(fused.gaze_rad - shared)[100:140]).max() < 1.0


def test_a_stretch_that_nothing_is_known_of_is_filled_from_its_neighbours() -> None:
    signal = np.concatenate([np.full((30, 2), 0.1), np.full((10, 2), 9.0), np.full((30, 2), 0.3)])
    weight = np.ones(70)
    weight[30:40] = 0
    out = smooth.smooth_between(signal, weight, np.array([30, 40]), FPS)
    assert out.max() < 0.31 and out.min() > 0.09
