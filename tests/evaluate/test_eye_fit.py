"""Gaze through the model of a fit: what is known of the fit comes out of it again."""

import numpy as np
import pytest

from talkingeyes.evaluate import eye_fit
from talkingeyes.evaluate.courses import RATE_HZ, Course
from talkingeyes.evaluate.observed import courses_by_fits
from talkingeyes.evaluate.recording import Recording
from talkingeyes.motion import Motion

COUNT = round(600 * RATE_HZ)


def smooth_noise(seed: int) -> np.ndarray:
    walk = np.random.default_rng(seed).standard_normal((COUNT, 2))
    return np.stack([np.convolve(walk[:, k], np.hanning(15), "same") for k in range(2)], axis=1)


def course(**channels: np.ndarray) -> Course:
    return Course("take", channels, {}, np.ones(COUNT, bool))


@pytest.mark.parametrize("seen", eye_fit.RENDERED)
def test_gain_leak_and_wander_are_those_of_the_rendered_head(seen: eye_fit.EyeFit) -> None:
    gaze, head = smooth_noise(1), smooth_noise(2)
    found = eye_fit.seen_gaze(gaze, head, seen, np.random.default_rng(3))
    for axis in range(2):
        known = np.stack([gaze[:, axis], head[:, axis], np.ones(COUNT)], axis=1)
        fitted = np.linalg.lstsq(known, found[:, axis], rcond=None)[0]
        assert fitted[:2] == pytest.approx([seen.gain[axis], seen.leak[axis]], abs=0.08)
        rest = found[:, axis] - known @ fitted
        assert rest.std() == pytest.approx(seen.wander_deg[axis], rel=0.15)


def test_eyes_that_are_exact_in_space_look_as_if_they_overdid_it() -> None:
    """The gaze holds still while the head nods; the fit shows a gaze that goes against the head."""
    head = np.zeros((COUNT, 3))
    head[:, 1] = 3 * np.sin(np.arange(COUNT) / 8)
    held = course(head=head, gaze=np.zeros((COUNT, 2)))
    shown = eye_fit.through(held, np.random.default_rng(0)).channels["gaze"]
    assert np.corrcoef(shown[:, 1], head[:, 1])[0, 1] < -0.2
    assert np.array_equal(held.channels["gaze"], np.zeros((COUNT, 2)))


def test_a_course_without_gaze_or_head_stays_as_it_is() -> None:
    for one in (course(head=np.zeros((COUNT, 3))), course(gaze=np.zeros((COUNT, 2)))):
        assert eye_fit.through(one, np.random.default_rng(0)) is one


def test_only_people_who_were_fitted_are_compared_so() -> None:
    still = Motion(fps=RATE_HZ, head_rad=np.zeros((200, 3), np.float32), eyes_rad=np.zeros((200, 2, 2), np.float32))
    take, captured = Recording(still, "take"), Recording(still, "captured")
    fitted = Recording(still.replace(meta={"generator": "fit"}), "fitted")
    assert not courses_by_fits([take], [captured])[0].channels["gaze"].any()
    assert courses_by_fits([take], [fitted])[0].channels["gaze"].std() > 0.3
