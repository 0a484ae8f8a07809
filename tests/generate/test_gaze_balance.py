"""The voice moves when somebody looks away, not how much of the time."""

import numpy as np
import pytest

from talkingeyes.generate.scanpath.balance import LARGEST, OFF_S, ON_S, LiveBalance, balanced

USUAL = ON_S / (ON_S + OFF_S)
RATE_HZ = 50


def pauses(every_s: float, length_s: float = 0.7, seconds: float = 120.0, drive: float = 2.5) -> np.ndarray:
    """A drive away in every pause."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.where(at_s % every_s > every_s - length_s, drive, 0.0)


def shares(drive: np.ndarray, draws: int = 200) -> np.ndarray:
    """Share of time on the partner of chains of two states that the drive moves."""
    rng = np.random.default_rng(0)
    on = rng.random(draws) < USUAL
    out = np.zeros(draws)
    for d in drive:
        rate = np.where(on, np.exp(d) / ON_S, np.exp(-d) / OFF_S)
        on = on ^ (rng.random(draws) < -np.expm1(-rate / RATE_HZ))
        out += on
    return out / len(drive)


def test_without_moments_nothing_is_moved() -> None:
    assert np.abs(balanced(np.zeros(3000), np.ones(3000, bool))).max() < 1e-6
    assert not balanced(np.ones(3000), np.zeros(3000, bool)).any()


@pytest.mark.parametrize("every_s", [2.0, 4.0, 10.0])
def test_the_share_of_looks_at_the_partner_is_the_same_however_often_a_voice_pauses(every_s: float) -> None:
    drive = pauses(every_s)
    offset = balanced(drive, np.ones(len(drive), bool))
    assert shares(drive + offset).mean() == pytest.approx(USUAL, abs=0.04)
    if every_s < 5:
        assert shares(drive).mean() < USUAL - 0.08


def test_the_offset_is_slow_and_leaves_the_moments_where_they_are() -> None:
    drive = pauses(3.0)
    offset = balanced(drive, np.ones(len(drive), bool))
    assert np.abs(np.diff(offset)).max() < 0.01
    middle = slice(30 * RATE_HZ, 90 * RATE_HZ)
    assert np.ptp(offset[middle]) < 0.1


def test_what_nobody_says_does_not_count() -> None:
    drive = pauses(2.0)
    speaks = np.arange(len(drive)) < len(drive) // 2
    offset = balanced(drive, speaks)
    assert not offset[~speaks].any()
    assert np.allclose(
        offset[: 30 * RATE_HZ], balanced(drive[: len(drive) // 2], speaks[: len(drive) // 2])[: 30 * RATE_HZ]
    )


def followed(drive: np.ndarray) -> np.ndarray:
    """The offset of a balance that knows the past alone, by steps of 40 ms."""
    balance, out = LiveBalance(), []
    for d in drive[::2]:
        out += [balance.offset] * 2
        balance.step(float(d), 0.04)
    return np.array(out)[: len(drive)]


@pytest.mark.parametrize("every_s", [2.0, 4.0, 10.0])
def test_live_the_share_is_the_same_too_after_a_while(every_s: float) -> None:
    drive = pauses(every_s, seconds=150.0, drive=3.0)
    settled = slice(30 * RATE_HZ, None)
    assert shares((drive + followed(drive))[settled]).mean() == pytest.approx(USUAL, abs=0.05)


def test_live_the_offset_moves_slowly_is_bounded_and_knows_nothing_of_what_comes() -> None:
    drive = np.concatenate([pauses(2.0), np.full(3000, 9.0), np.full(3000, -9.0)])
    offset = followed(drive)
    assert np.abs(np.diff(offset)).max() < 0.05 and np.abs(offset).max() <= LARGEST
    assert np.array_equal(followed(drive[:4000]), offset[:4000])
    assert np.abs(followed(np.zeros(3000))).max() < 1e-6
