"""The observer of lids: it sees as a fit sees, cannot tell the same process from itself, and tells what is spoilt."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes.evaluate.lid_controls import LID_CONTROLS, QUESTIONS, lid_controls
from talkingeyes.evaluate.lid_features import one_blink, one_blink_features
from talkingeyes.evaluate.lid_tracker import Habit, LidTracker, through
from talkingeyes.evaluate.observed import COURSE_TESTS, Asking, People, courses_by_fits, observe
from talkingeyes.evaluate.recording import Recording
from talkingeyes.generate.blinks import BlinkProcess
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import Blink
from talkingeyes.generate.render import lid_track
from talkingeyes.motion import Motion
from tests.generate.conftest import make_speech

FPS, SECONDS = 25.0, 40.0
CLEAR = Habit(20.0, np.zeros(2), 0.0, 0.0, np.ones((1, 2)))


def lids_of(seed: int) -> np.ndarray:
    cues = cues_of(make_speech(SECONDS, seed=seed), "speaking", round(SECONDS / 0.2), mouth="none")
    process, rng = BlinkProcess(), np.random.default_rng(seed)
    state = process.start(rng, np.random.default_rng(1000 + seed))
    blinks = [b for i in range(cues.num_steps) for b in process.step(cues, state, i, [], rng)]
    return lid_track(blinks, np.arange(round(SECONDS * FPS)) / FPS)


def recording(lids: np.ndarray, name: str) -> Recording:
    return Recording(Motion(fps=FPS, head_rad=np.zeros((len(lids), 3), np.float32), lids=lids.astype(np.float32)), name)


@pytest.fixture(scope="module")
def takes() -> list[Recording]:
    return [recording(lids_of(seed), f"take {seed}") for seed in range(12)]


@pytest.fixture(scope="module")
def people() -> People:
    """The same process, seen by a fit that trembles and reads the lids of some people apart."""
    rng, out = np.random.default_rng(3), []
    for who in range(14):
        depths = np.stack([np.ones(6), np.clip(rng.normal(0.9, 0.1, 6), 0.4, 1)], axis=1)
        habit = Habit(SECONDS, np.array([0.03, 0.04]), 1e-5, 0.4, depths)
        out.append(recording(through(lids_of(100 + who), FPS, habit, rng), f"person {who}"))
    return People(recordings=tuple(out))


def test_a_clear_sight_leaves_blinks_as_they_are() -> None:
    lids = lids_of(1)
    seen = through(lids, FPS, CLEAR, np.random.default_rng(0))
    high = lids > 0.3
    assert np.abs(seen - lids)[high].max() < 0.12 and seen.min() >= 0 and seen.max() <= 1


def test_habits_are_found_again() -> None:
    rng = np.random.default_rng(2)
    depths = np.array([[1.0, 1.0], [1.0, 0.5]])
    habit = Habit(SECONDS, np.array([0.05, 0.05]), 0.7**FPS, 0.0, depths)
    clips = [recording(through(lids_of(seed), FPS, habit, rng), str(seed)) for seed in range(3)]
    tracker = LidTracker.fitted(clips)
    assert tracker is not None
    for found in tracker.habits:
        assert found.flutter == pytest.approx(habit.flutter, rel=0.5)
        assert np.median(found.depths[:, 1]) > 0.8  # a fit shows the lids of one blink at most .1 apart
        assert found.depths[:, 1].max() > 0.97


def test_no_lids_no_habits() -> None:
    assert LidTracker.fitted([Recording(Motion(fps=FPS, head_rad=np.zeros((500, 3), np.float32)), "head")]) is None


def test_one_blink_is_measured_as_made() -> None:
    blink = Blink(1.0, 0.08, 0.0, 0.4, 0.9, 0.7)
    (course,) = courses_by_fits([recording(lid_track([blink], np.arange(100) / FPS), "one")], [])
    (window,) = one_blink(course, 30, ("lids",))
    found = one_blink_features(window)
    assert found["lids apart at the peak"] == pytest.approx(0.2, abs=0.04)
    assert found["depth of the deeper lid"] == pytest.approx(0.9, abs=0.1)
    assert found["from half shut to the peak"] < found["from the peak to half open"] < 0.15
    assert found["closed again around it"] < 0.05


def test_the_same_process_is_not_told_from_itself(takes: list[Recording], people: People) -> None:
    pytest.importorskip("sklearn")
    found = observe(takes, people, Asking(rounds=1, floor=False), looks={}, only=QUESTIONS)
    assert {o.name for o in found} == set(QUESTIONS) <= {t.name for t in COURSE_TESTS}
    assert max(o.seen.auc for o in found) < 0.72


def test_spoilt_lids_are_told(takes: list[Recording], people: People) -> None:
    pytest.importorskip("sklearn")
    found = lid_controls(takes, people)
    for control in LID_CONTROLS:
        assert max(found[control.name].values()) > control.least_auc, (control.name, found[control.name])
