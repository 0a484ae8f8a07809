"""First frames of a film and of each shot are as good as those in the middle."""

import numpy as np
import pytest

from talkingeyes.fit import smooth
from talkingeyes.fit.faces import CutFinder, arrived
from talkingeyes.fit.measure import _WARM_UP, _settled
from tests.fit.test_video import face_at

FPS = 25.0


class Tracker:
    """Finds a face at once, but rightly only when it looks at it again, as MediaPipe does."""

    def __init__(self):
        self.looks = 0

    def find(self, image):
        self.looks += 1
        off = 3.0 if self.looks == 1 else 0.0
        return (face_at(float(image[0, 0, 0])) + off)[None].astype(np.float32)


def test_a_face_that_comes_is_looked_at_until_the_tracker_has_settled():
    tracker, image = Tracker(), np.full((8, 8, 3), 50, np.uint8)
    first = _settled(tracker, image, np.zeros((0, 478, 2)), begins=False)
    assert tracker.looks == 1 + _WARM_UP
    assert np.array_equal(first[0], face_at(50.0).astype(np.float32))
    _settled(tracker, image, first, begins=False)
    assert tracker.looks == 2 + _WARM_UP, "a face that was followed is looked at once"


def test_a_cut_settles_the_tracker_even_where_faces_lie_in_one_place():
    tracker, image = Tracker(), np.full((8, 8, 3), 50, np.uint8)
    _settled(tracker, image, face_at(50.0)[None], begins=True)
    assert tracker.looks == 1 + _WARM_UP


def test_a_face_arrives_where_none_was_and_stays_where_one_was():
    here, near, far = face_at(100.0)[None], face_at(110.0)[None], face_at(400.0)[None]
    assert arrived(here, np.zeros((0, 478, 2))) and arrived(far, here)
    assert not arrived(near, here) and not arrived(np.zeros((0, 478, 2)), here)


def test_the_first_picture_and_the_one_after_a_cut_begin_a_shot():
    finder = CutFinder()
    dark, bright = np.zeros((40, 40, 3), np.uint8), np.full((40, 40, 3), 200, np.uint8)
    assert [finder.add(image) for image in (dark, dark, bright, bright)] == [True, False, True, False]


@pytest.mark.parametrize("bad", [0, -1, 50])
def test_a_bad_frame_at_an_end_or_a_cut_is_no_step(bad):
    rng = np.random.default_rng(3)
    signal = rng.normal(0, np.radians(0.2), (100, 2))
    signal[50:] += np.radians(1.0)
    signal[bad] += np.radians(15)
    steps = smooth.find_steps(signal, np.ones(100, bool), FPS, np.radians(1.2), [50])
    assert not len(steps)
    clean = smooth.smooth_between(signal, np.ones(100), np.array([50]), FPS)
    middle = np.median(clean[:50] if 0 <= bad < 50 else clean[50:], axis=0)
    assert np.degrees(np.linalg.norm(clean[bad] - middle)) < 1.0
