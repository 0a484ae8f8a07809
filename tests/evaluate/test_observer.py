"""The observer on small synthetic people: it tells what differs, and nothing where nothing does."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from talkingeyes.evaluate import tracker
from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.gaze_features import centred, features, gaze_windows
from talkingeyes.evaluate.observer import GazeTest, Seen, auc, folds_of, gaze_auc, of_shifts, two_sample
from talkingeyes.generate.plan import GazeShift

SECONDS = 120.0


def person(seed: int, name: str = "", wander: bool = False) -> Fixations:
    """Somebody with three places to go between, or without any (``wander``)."""
    rng = np.random.default_rng(seed)
    places = np.array([[0.0, 0.0], [15.0, -3.0], [-10.0, 6.0]]) + rng.normal(0, 2, (3, 2)) * [[0], [1], [1]]
    at_s, start, end, where = 0.0, [], [], []
    while at_s < SECONDS:
        length = rng.lognormal(-0.7, 0.6) + 0.12
        start.append(at_s)
        end.append(at_s + length)
        where.append(
            rng.normal(0, 9, 2) if wander else places[rng.choice(3, p=[0.6, 0.2, 0.2])] + rng.normal(0, 0.3, 2)
        )
        at_s += length + 0.05
    point = np.array(where)
    return Fixations(name or str(seed), "SPEAK", np.array(start), np.array(end), *point.T)


def crowd(first: int, wander: bool = False) -> list[Fixations]:
    return [person(first + i, wander=wander) for i in range(6)]


def asked(a: list[Fixations], b: list[Fixations]) -> Seen:
    return gaze_auc(a, b, GazeTest(impose=False, rounds=1, most=12))


def test_people_are_not_told_from_other_people() -> None:
    assert abs(asked(crowd(0), crowd(50)).auc - 0.5) < 0.2


def test_gaze_without_places_is_told_and_the_reason_is_named() -> None:
    seen = asked(crowd(0), crowd(50, wander=True))
    assert seen.auc > 0.95
    assert any("densest" in t or "near" in t or "likeness" in t or "entropy" in t for t in seen.told())


def frozen(p: Fixations) -> Fixations:
    return replace(p, yaw_deg=np.zeros_like(p.yaw_deg), pitch_deg=np.zeros_like(p.pitch_deg))


def noise(p: Fixations) -> Fixations:
    rng = np.random.default_rng(3)
    start = np.arange(0, SECONDS, 0.12)
    return replace(
        p,
        start_s=start,
        end_s=start + 0.115,
        yaw_deg=rng.normal(0, 9, start.size),
        pitch_deg=rng.normal(0, 9, start.size),
    )


@pytest.mark.parametrize("broken", [frozen, noise])
def test_frozen_gaze_and_noise_are_always_told(broken: Callable[[Fixations], Fixations]) -> None:
    assert asked(crowd(0), [broken(p) for p in crowd(50)]).auc > 0.97


def test_the_same_gaze_narrowed_is_told_though_each_person_is_on_both_sides() -> None:
    people = crowd(0)
    rng = np.random.default_rng(0)

    def narrow(p: Fixations) -> Fixations:
        return replace(p, yaw_deg=0.5 * p.yaw_deg, pitch_deg=0.5 * p.pitch_deg)

    groups = {p.participant: centred([p]) for p in people}
    same = gaze_windows(groups, 10.0, most=12, rng=rng)
    assert two_sample(same, gaze_windows(groups, 10.0, most=12, rng=rng, change=narrow), rounds=1).auc > 0.9
    assert two_sample(same, same, rounds=1, tells=False).auc == pytest.approx(0.5, abs=0.05)


def test_a_name_on_both_sides_stays_in_one_fold() -> None:
    groups = np.repeat(["a", "b", "c", "a", "b", "d"], 5)
    y = np.repeat([0, 1], 15)
    fold = folds_of(groups, y, 2, np.random.default_rng(0))
    assert all(len(set(fold[groups == g])) == 1 for g in "abcd")


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 1.0, 1.0])) == 0.5
    assert auc(np.array([0, 1, 0, 1]), np.array([0.0, 2.0, 1.0, 1.0])) == 0.875


def test_a_tracker_loses_large_shifts_most_and_what_it_saw_is_in_order() -> None:
    people = crowd(0)
    fitted = tracker.Tracker(
        np.array([0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9]), (np.full(3, 0.5),) * 7, 0.05, np.array([0.2])
    )
    seen = fitted.seen(people, np.random.default_rng(0))
    for p in seen:
        assert (p.end_s - p.start_s >= tracker.MIN_FIXATION_S - 1e-6).all()
        assert (p.start_s[1:] >= p.end_s[:-1] - 1e-9).all()
    again = tracker.Tracker.fitted(seen)
    assert again.lost[4] > again.lost[2] + 0.3


def test_people_lost_anew_show_what_the_tracker_was_fitted_to() -> None:
    """Losses swallow shifts and run together, so drawing from plain counts loses more than was lost."""
    loses = tracker.Tracker(np.linspace(0.2, 0.9, 7), (np.linspace(0.2, 1.0, 9),) * 7, 0.2, np.linspace(0.1, 0.5, 9))
    tracked = loses.seen([person(i) for i in range(12)], np.random.default_rng(0), noise_deg=0.0)
    whole = [tracker.completed(p) for p in tracked]

    def looks_per_s(model: tracker.Tracker) -> float:
        seen = model.seen(whole, np.random.default_rng(1), noise_deg=0.0)
        return sum(len(p.start_s) for p in seen) / sum(p.end_s[-1] - p.start_s[0] for p in whole)

    def kept_share(model: tracker.Tracker) -> float:
        seen = model.seen(whole, np.random.default_rng(1), noise_deg=0.0)
        return sum((p.end_s - p.start_s).sum() for p in seen) / sum(p.end_s[-1] - p.start_s[0] for p in seen)

    goal = sum((p.end_s - p.start_s).sum() for p in tracked) / sum(p.end_s[-1] - p.start_s[0] for p in tracked)
    fitted, counted = tracker.Tracker.fitted(tracked), tracker.Tracker.counted(tracked)
    assert kept_share(fitted) == pytest.approx(goal, abs=0.03)
    assert abs(kept_share(counted) - goal) > abs(kept_share(fitted) - goal)
    assert looks_per_s(fitted) > looks_per_s(counted)


def test_a_tracker_that_never_lost_sight_loses_nothing() -> None:
    people = [replace(p, end_s=np.append(p.start_s[1:], p.end_s[-1]) - 0.02) for p in crowd(0)]
    seen = tracker.Tracker.fitted(people).seen(people, np.random.default_rng(0), noise_deg=0.0)
    assert [len(p.start_s) for p in seen] == [len(p.start_s) for p in people]


def test_small_shifts_merge_and_large_ones_do_not() -> None:
    p = Fixations("a", "SPEAK", np.array([0, 1, 2.0]), np.array([0.95, 1.95, 3.0]), np.array([0, 0.5, 9]), np.zeros(3))
    one = tracker.merged(p, 1.0)
    assert one.start_s.tolist() == [0, 2] and one.end_s.tolist() == [1.95, 3.0]
    assert one.yaw_deg[0] == pytest.approx(0.25) and len(tracker.merged(p, 0).start_s) == 3


def test_a_plan_becomes_looks_between_its_saccades() -> None:
    shifts = [GazeShift(-1.0, 0.0, 0.0), GazeShift(2.0, np.radians(20), 0.0), GazeShift(4.0, 0.0, 0.0)]
    looks = of_shifts(shifts, 6.0, "take")
    assert looks.start_s[0] == 0 and looks.end_s.tolist() == [2.0, 4.0, 6.0]
    assert looks.start_s[1] == pytest.approx(2.07, abs=0.02) and looks.yaw_deg.round().tolist() == [0, 20, 0]


def test_places_are_counted_in_a_window_worked_out_by_hand() -> None:
    p = Fixations(
        "a", "SPEAK", np.arange(7.0), np.arange(7.0) + 0.9, np.array([0, 10, 0, 10, 0, -20, 5.0]), np.zeros(7)
    )
    found = features(p, 7.0)
    assert found["back after one excursion of 3 deg"] == pytest.approx(3 / 5)
    assert found["share of time within 1 deg of the densest spot"] == pytest.approx(3 / 7)
    assert found["near one of the five before"] == 0
    assert found["share of time 3-8 deg off"] == pytest.approx(1 / 7)
