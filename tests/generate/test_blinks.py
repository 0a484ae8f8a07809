"""Blinks and lids: step by step the same, as often as asked, drawn to pauses and shifts, alike and not equal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.blink_statistics import Lids, blink_statistics
from talkingeyes.generate.blinks import MOST_APART, MOST_LATER_S, BlinkProcess
from talkingeyes.generate.cues import Cues, cues_of
from talkingeyes.generate.lid_rest import lids_at_rest
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Blink, GazeShift, Stepping, opened
from talkingeyes.generate.render import lid_track
from tests.generate.conftest import make_speech

LONG_S = 120.0


@pytest.fixture(scope="module")
def cues() -> Cues:
    return cues_of(make_speech(LONG_S), "speaking", round(LONG_S / 0.2), mouth="none")


@pytest.fixture(scope="module")
def quiet() -> Cues:
    return cues_of(make_speech(LONG_S, silent=True), "speaking", round(LONG_S / 0.2), mouth="none")


def shifts_of(every_s: float, size_deg: float) -> list[GazeShift]:
    """To and fro."""
    onsets = np.arange(2.0, LONG_S - 2, every_s)
    return [GazeShift(float(t), float(np.radians(size_deg) * ((i + 1) % 2)), 0.0) for i, t in enumerate(onsets)]


def blinks_of(
    cues: Cues,
    seed: int = 0,
    *,
    shifts: list[GazeShift] | None = None,
    stepping: Stepping = WHOLE_FILE,
    person: int = 100,
    **amounts: float,
) -> tuple[list[Blink], np.ndarray]:
    """Blinks of a whole recording, and the lids' rest."""
    process = BlinkProcess(amounts=Amounts(**amounts), stepping=stepping)
    rng = np.random.default_rng(seed)
    state = process.start(rng, np.random.default_rng(person + seed))
    left, found, rest = list(shifts or []), [], []
    for index in range(len(cues) // stepping.frames):
        end_s = (index + 1) * stepping.step_s
        due = [s for s in left if s.onset_s < end_s]
        left = [s for s in left if s.onset_s >= end_s]
        found += process.step(cues, state, index, due, rng)
        rest.append(process.rest(state, index))
    return found, np.concatenate(rest)


@pytest.mark.parametrize("frames", [1, 25])
def test_the_length_of_a_step_changes_nothing(cues: Cues, frames: int) -> None:
    shifts = shifts_of(3.0, 30.0)
    one = blinks_of(cues, shifts=shifts)
    other = blinks_of(cues, shifts=shifts, stepping=Stepping(frames=frames, lead_s=0.0))
    assert one[0] == other[0]
    assert np.array_equal(one[1][: len(other[1])], other[1])


def test_what_comes_later_changes_nothing_before(cues: Cues) -> None:
    half = len(cues) // 2
    other = replace(cues, uttering=cues.uttering.copy(), since_pause_s=cues.since_pause_s.copy())
    other.uttering[half:] = False
    other.since_pause_s[half:] = np.arange(len(cues) - half) / PLAN_RATE_HZ
    one, two = (blinks_of(c)[0] for c in (cues, other))
    before = [[b for b in found if b.onset_s < half / PLAN_RATE_HZ] for found in (one, two)]
    assert before[0] == before[1] and one != two


def test_a_person_blinks_as_often_as_people_do(cues: Cues) -> None:
    rates = [60 * len(blinks_of(cues, seed)[0]) / LONG_S for seed in range(12)]
    assert 18 < np.mean(rates) < 31, rates
    assert np.std(np.log(rates)) > 0.1, "people differ"


@pytest.mark.parametrize("shifts", [None, shifts_of(2.0, 28.0)], ids=["still", "looking about"])
@pytest.mark.parametrize("rate", [0.0, 0.5, 2.0])
def test_the_amount_is_how_often(cues: Cues, rate: float, shifts: list[GazeShift] | None) -> None:
    count = {
        r: sum(len(blinks_of(cues, seed, shifts=shifts, blink_rate=r)[0]) for seed in range(4)) for r in (1.0, rate)
    }
    assert count[rate] == pytest.approx(rate * count[1.0], rel=0.12)


def test_blinks_of_gaze_shifts_are_paid_for(cues: Cues) -> None:
    """Somebody who looks about blinks with it, and not more often."""
    plain = sum(len(blinks_of(cues, seed)[0]) for seed in range(8))
    busy = sum(len(blinks_of(cues, seed, shifts=shifts_of(5.0, 34.0))[0]) for seed in range(8))
    assert busy == pytest.approx(plain, rel=0.12)


@pytest.mark.parametrize(("size_deg", "low", "high"), [(5.0, 0.0, 0.25), (38.0, 0.8, 1.0)])
def test_large_gaze_shifts_bring_a_blink(quiet: Cues, size_deg: float, low: float, high: float) -> None:
    shifts = shifts_of(7.0, size_deg)
    hits = []
    for seed in range(6):
        onset = np.array([b.onset_s for b in blinks_of(quiet, seed, shifts=shifts)[0]])
        hits += [bool(np.any((onset >= s.onset_s - 0.3) & (onset < s.onset_s + 0.1))) for s in shifts[1:]]
    assert low <= np.mean(hits) <= high


def test_pauses_bring_blinks(cues: Cues) -> None:
    began = np.flatnonzero((cues.since_pause_s[1:] < 1) & (cues.since_pause_s[:-1] > 1)) / PLAN_RATE_HZ
    onset_s = np.array([b.onset_s for seed in range(12) for b in blinks_of(cues, seed)[0]])
    after = sum(np.sum((onset_s >= p + 0.08) & (onset_s < p + 0.6)) for p in began) / (12 * 0.52 * len(began))
    assert after > 1.5 * len(onset_s) / (12 * LONG_S)


def test_intervals_are_skewed_and_no_clock(quiet: Cues) -> None:
    intervals = np.concatenate([np.diff([b.onset_s for b in blinks_of(quiet, seed)[0]]) for seed in range(12)])
    assert 0.5 < intervals.std() / intervals.mean() < 1.2
    assert np.mean((intervals - intervals.mean()) ** 3) / intervals.std() ** 3 > 0.5
    assert intervals.min() > 0.25, "no twitch"
    assert 0.02 < np.mean(intervals < 0.7) < 0.25, "double blinks, now and then"


def test_lids_go_together_and_are_not_equal(quiet: Cues) -> None:
    blinks = [b for seed in range(8) for b in blinks_of(quiet, seed)[0]]
    apart = np.array([b.peak_left - b.peak_right for b in blinks])
    later = np.array([b.left_later_s for b in blinks])
    full = np.array([min(b.peak_left, b.peak_right) > 0.9 for b in blinks])
    assert np.abs(apart).max() <= MOST_APART + 1e-9 and np.abs(later).max() <= MOST_LATER_S
    assert np.mean(apart != 0) > 0.9 and 0.002 < np.abs(later).mean() < 0.02
    assert 0.5 < full.mean() < 0.85
    assert np.abs(apart[full]).mean() < 0.02 < np.abs(apart[~full]).mean() < 0.08


def test_a_character_keeps_its_lids() -> None:
    known = blink_statistics()
    one, again, other = (Lids.of(np.random.default_rng(s), known) for s in (1, 1, 2))
    assert one == again and one != other
    people = [Lids.of(np.random.default_rng(s), known) for s in range(200)]
    assert abs(np.mean([p.depth_side for p in people])) < 0.01, "no side is the rule"
    assert max(abs(p.rest[0] - p.rest[1]) for p in people) < 0.05
    assert all(0 <= r < 0.12 for p in people for r in p.rest)


def test_the_lids_open_fast_and_then_slowly() -> None:
    way = opened(np.linspace(0, 1, 101))
    speed = np.diff(way)
    assert way[0] == 0 and way[-1] == 1 and speed.min() >= 0
    assert np.argmax(speed) < 25 and way[40] > 0.7
    assert speed[0] < 0.2 * speed.max(), "no jerk at the start"


def test_the_later_lid_is_later() -> None:
    blink = Blink(1.0, 0.08, 0.01, 0.3, 0.9, 0.8, left_later_s=0.02)
    times = np.arange(0, 2, 0.001)
    left, right = lid_track([blink], times).T
    assert left.max() == pytest.approx(0.9, abs=1e-3) and right.max() == pytest.approx(0.8, abs=1e-3)
    assert np.argmax(left > 0.4) - np.argmax(right > 0.4) in range(15, 26)
    assert times[np.flatnonzero(left)[-1]] < blink.end_s + 1e-9 and times[np.flatnonzero(right)[0]] >= 1.0


def test_lids_at_rest_drift_together_a_little() -> None:
    frames = np.arange(60 * PLAN_RATE_HZ)
    rest = lids_at_rest(5, frames, (0.05, 0.06), 0.02)
    assert rest.min() > 0 and rest.max() < 0.15
    assert 0.003 < rest[:, 0].std() < 0.03 and np.corrcoef(rest.T)[0, 1] > 0.85
    assert np.abs(np.diff(rest, axis=0)).max() < 0.003, "no twitch"
    assert not np.array_equal(rest[:, 0], rest[:, 1])
    pieces = [lids_at_rest(5, part, (0.05, 0.06), 0.02) for part in np.split(frames, [7, 500, 1501])]
    assert np.array_equal(np.concatenate(pieces), rest)


@pytest.mark.parametrize("openness", [0.0, 0.5, 1.5])
def test_openness_is_exact(quiet: Cues, openness: float) -> None:
    plain, asked = blinks_of(quiet)[1], blinks_of(quiet, lid_openness=openness)[1]
    np.testing.assert_allclose(1 - asked, min(1.0, openness) * (1 - plain), atol=1e-12)
