"""Heads, lids and places as the observer and tests 23 to 25 see them, on small made motion."""

import json
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.errors import FormatError
from talkingeyes.evaluate import course_features
from talkingeyes.evaluate.actor import gaussian_smooth
from talkingeyes.evaluate.command import evaluate
from talkingeyes.evaluate.course_features import head_features
from talkingeyes.evaluate.courses import course_of, course_windows
from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.lid_features import blink_features
from talkingeyes.evaluate.observed import Asking, People, gaze_controls, observe, read_people
from talkingeyes.evaluate.observer import GazeTest, of_motion
from talkingeyes.evaluate.observer_page import section
from talkingeyes.evaluate.outcome import FAIL, NOT_ENOUGH, PASS
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.scorecard import score
from talkingeyes.motion import Motion

FPS = 30.0


def head(seed: int, *, holds: bool, seconds: float = 30.0) -> Motion:
    """A head that holds and turns with its axes together, or one that drifts for ever."""
    rng = np.random.default_rng(seed)
    count = round(seconds * FPS)
    if holds:
        pose = np.cumsum(np.where(rng.random(count) < 0.7 / FPS, rng.normal(0, 4, count), 0.0))
        pose = gaussian_smooth((pose - gaussian_smooth(pose, 300))[:, None], 4)
        track = pose * np.array([1.0, 0.5, 0.4])
    else:
        noise = np.cumsum(rng.normal(0, 1, (count, 3)), axis=0)
        track = gaussian_smooth(noise - gaussian_smooth(noise, 60), 6)
    track = track + gaussian_smooth(rng.normal(0, 0.3, (count, 3)), 3)
    return Motion(fps=FPS, head_rad=np.clip(np.radians(track), -0.5, 0.5))


def crowd(first: int, *, holds: bool) -> tuple[Recording, ...]:
    return tuple(Recording(head(first + i, holds=holds), f"{first + i}") for i in range(6))


def test_drifting_heads_are_told_from_those_that_hold_and_turn() -> None:
    people = People(recordings=crowd(0, holds=True))
    [told] = observe(crowd(50, holds=False), people, Asking(rounds=1))
    assert told.name.startswith("head") and told.seen.auc > 0.95
    assert abs(told.floor - 0.5) < 0.25
    page = section([told])
    assert page.count("<svg") == 6 and "people against people" in page and f"{told.seen.auc:.2f}" in page


def test_the_command_asks_the_observer_and_scores_takes_alone(tmp_path: Path) -> None:
    for folder, holds, first in (("people", True, 0), ("takes", False, 50)):
        (tmp_path / folder).mkdir()
        for i in range(3):
            motion = head(first + i, holds=holds, seconds=20.0 if holds else 61.0)
            motion.save_npz(tmp_path / folder / f"{first + i}.npz")
    found = evaluate([tmp_path / "takes"], people=[tmp_path / "people"], each=True)
    assert [o.name for o in found.observed] == ["head, 4 s"] and found.observed[0].seen.groups == (3, 3)
    assert any(line.startswith("observer head, 4 s") for line in found.lines())
    assert any("single takes inside" in line for line in found.singles)
    assert "The observer" in found.page() and json.loads(json.dumps(found.to_json()))["observer"][0]["auc"] > 0.5
    (tmp_path / "empty").mkdir()
    with pytest.raises(FormatError, match="holds no motion"):
        read_people([tmp_path / "empty"])


def test_heads_of_the_same_kind_are_not_told() -> None:
    [told] = observe(crowd(50, holds=True), People(recordings=crowd(0, holds=True)), Asking(rounds=1, floor=False))
    assert told.seen.auc < 0.7


def test_one_take_alone_is_not_asked() -> None:
    assert observe(crowd(50, holds=True)[:1], People(recordings=crowd(0, holds=True))) == []


def test_a_window_is_seen_the_same_at_any_frame_rate() -> None:
    slow = head(1, holds=True)
    at = np.arange(round(30.0 * 60)) / 60.0
    assert slow.head_rad is not None
    own = np.arange(slow.num_frames) / FPS
    fast = Motion(fps=60.0, head_rad=np.stack([np.interp(at, own, c) for c in slow.head_rad.T], axis=1))
    a, b = (
        course_windows([course_of(Recording(m, "m"))], 4.0, ("head",), head_features, rng=np.random.default_rng(0))
        for m in (slow, fast)
    )
    k = a.names.index("yaw, SD")
    assert a.values[:, k] == pytest.approx(b.values[:, k], rel=0.05)


def test_blinks_are_measured_as_made() -> None:
    lids = np.zeros((200, 2))
    for first in (20, 80, 150):
        lids[first : first + 6] = np.array([0.5, 0.9, 1.0, 0.8, 0.5, 0.2])[:, None] * [1.0, 0.9]
    found = blink_features({"lids": lids})
    assert found["blinks per second"] == pytest.approx(3 / 8) and found["depth of blinks"] == pytest.approx(0.95)
    assert found["sides apart at the peak"] == pytest.approx(0.1)


def test_every_feature_of_a_head_is_a_number() -> None:
    window = {"head": np.degrees(np.asarray(head(3, holds=True).head_rad, float))[:100]}
    assert np.isfinite(list(course_features.head_features(window).values())).all()


def jumping(seed: int, *, places: bool, seconds: float = 150.0) -> Motion:
    """Gaze at 30 fps that goes to and fro between three places, or anywhere."""
    rng = np.random.default_rng(seed)
    spots = np.array([[0, 0], [14, -4], [-12, 5.0]])
    gaze, at = np.zeros((round(seconds * FPS), 2)), 0
    while at < len(gaze):
        length = int(rng.lognormal(2.3, 0.6)) + 4
        where = spots[rng.choice(3, p=[0.6, 0.2, 0.2])] + rng.normal(0, 0.2, 2) if places else rng.normal(0, 9, 2)
        gaze[at : at + length] = where
        at += length
    return Motion(fps=FPS, gaze_rad=np.radians(gaze), meta={"partner": {"yaw_deg": 0.0, "pitch_deg": 0.0}})


def test_looks_of_a_motion_are_where_the_gaze_was() -> None:
    gaze = np.zeros((90, 2))
    gaze[30:60] = [12.0, 3.0]
    looks = of_motion(Motion(fps=FPS, gaze_rad=np.radians(gaze)), "m")
    assert looks.yaw_deg.round(3).tolist() == [0, 12, 0] and looks.pitch_deg.round(3).tolist() == [0, 3, 0]
    assert looks.start_s.tolist() == pytest.approx([0, 31 / 30, 61 / 30])


def test_gaze_without_places_fails_test_23() -> None:
    wander = [Recording(jumping(i, places=False), f"{i}") for i in range(4)]
    card = score(wander, only=(23,), curves=False, replicates=40)
    assert card[23].verdict == FAIL and "densest" in card[23].why
    short = score([Recording(jumping(0, places=True, seconds=30), "short")], only=(23,), curves=False)
    assert short[23].verdict == NOT_ENOUGH


def test_a_head_that_drifts_fails_test_24_and_without_a_head_there_is_nothing_to_ask() -> None:
    card = score(crowd(50, holds=False), only=(24, 25), curves=False, replicates=40)
    assert card[24].verdict == FAIL
    assert card[25].verdict not in (PASS, FAIL)


def tracked(seed: int) -> Fixations:
    """An eye-tracked person with places."""
    rng = np.random.default_rng(seed)
    length = rng.lognormal(-1.0, 0.6, 260) + 0.12
    start = np.concatenate([[0], np.cumsum(length + 0.06)[:-1]])
    spots = np.array([[0, 0], [14, -4], [-12, 5.0]]) + rng.normal(0, 1, (3, 2)) * [[0], [1], [1]]
    point = spots[rng.choice(3, 260, p=[0.6, 0.2, 0.2])] + rng.normal(0, 0.25, (260, 2))
    return Fixations(str(seed), "SPEAK", start, start + length, *point.T)


def test_every_control_of_gaze_is_caught() -> None:
    test = GazeTest(rounds=1, tells=False, most=12)
    found = gaze_controls(People(fixations=tuple(tracked(i) for i in range(6))), test=test)
    assert found["frozen on the partner"] > 0.95 and found["places at random"] > 0.95
    assert found["a fifth narrower"] > 0.6
