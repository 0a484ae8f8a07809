"""Halves of one gaze are alike, gazes of two people are not."""

import numpy as np
import pytest

from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.same_person import NAMES, gazing_of, same_person_aucs


def looks(person: np.random.Generator, rng: np.random.Generator, seconds: float = 200.0) -> Fixations:
    """Somebody with a partner, three places and a pace of their own."""
    places = np.concatenate([np.zeros((1, 2)), person.normal(0, (15, 8), (3, 2))])
    share, pace = person.dirichlet([4, 1, 1, 1]), person.uniform(0.25, 0.8)
    dwell = rng.exponential(pace, int(seconds / pace)) + 0.1
    at = places[rng.choice(4, len(dwell), p=share)] + rng.normal(0, 0.5, (len(dwell), 2))
    end = np.cumsum(dwell + 0.03)
    return Fixations("somebody", "SPEAK", end - dwell, end, at[:, 0], at[:, 1])


def pairs(count: int, *, same: bool) -> list:
    rng = np.random.default_rng(0)
    out = []
    for k in range(count):
        seeds = (k, k) if same else (2 * k, 2 * k + 1)
        out.append(tuple(gazing_of([looks(np.random.default_rng(s), rng)]) for s in seeds))
    return out


def test_the_same_person_is_told_and_strangers_are_not() -> None:
    own, strangers = same_person_aucs(pairs(12, same=True)), same_person_aucs(pairs(12, same=False))
    assert all(own[name] > 0.9 for name in NAMES)
    assert all(strangers[name] == pytest.approx(0.5, abs=0.2) for name in NAMES)


def test_densities_are_shares_and_pieces_count_together() -> None:
    whole = looks(np.random.default_rng(1), np.random.default_rng(2))
    cut = len(whole.start_s) // 2
    halves = [
        Fixations("somebody", "SPEAK", *(getattr(whole, k)[s] for k in ("start_s", "end_s", "yaw_deg", "pitch_deg")))
        for s in (slice(0, cut), slice(cut, None))
    ]
    one, two = gazing_of([whole]), gazing_of(halves)
    assert one.where.sum() == pytest.approx(1) and one.averted.sum() == pytest.approx(1)
    assert np.allclose(one.where, two.where) and np.allclose(one.habits[:1], two.habits[:1])
