"""Who is who: looks of faces, and stretches joined by them."""

import numpy as np
import pytest

from talkingeyes.fit.faces import People
from talkingeyes.fit.identity import Stretch, look_of, sorted_out
from talkingeyes.fit.prior import head_prior

pytest.importorskip("cv2")


def points_at(x, y, size):
    flat = head_prior().landmarks_m[:, :2] * [1, -1]
    flat = (flat - flat.min(axis=0)) / np.ptp(flat[:, 0])
    return flat * size + [x, y]


def face_picture(seed, x=40, y=40, size=100, light=1.0):
    """A picture of a made pattern in the place of a face, and its landmarks."""
    import cv2

    pattern = np.random.default_rng(seed).uniform(40, 200, (14, 10, 3)).astype(np.float32)
    points = points_at(x, y, size)
    wide, tall = (int(v) for v in np.ptp(points, axis=0))
    image = np.full((300, 400, 3), 90, np.float32)
    image[y : y + tall, x : x + wide] = cv2.resize(pattern, (wide, tall), interpolation=cv2.INTER_CUBIC)
    return np.clip(image * light, 0, 255).astype(np.uint8), points.astype(np.float32)


def look(seed, **where):
    return look_of(*face_picture(seed, **where))


def test_a_face_looks_the_same_elsewhere_larger_and_in_other_light():
    for where in ({"x": 200}, {"size": 150}, {"light": 0.7}):
        assert look(1).unlike(look(1, **where)) < 0.15, where
    assert look(1).unlike(look(2)) > 0.5


def test_a_face_beyond_the_picture_has_no_look():
    image, points = face_picture(1)
    assert look_of(image, points + 1000) is None


def stretch(pictures, seed, x=0.0):
    return Stretch(list(pictures), [np.array([x, 0.0])] * len(pictures), 100.0, [look(seed)] * 8)


def test_stretches_of_one_look_are_one_person_whenever_and_wherever():
    who = [
        stretch(range(10), 1),
        stretch(range(10), 2, 300),
        stretch(range(200, 210), 2),
        stretch(range(200, 210), 1, 300),
    ]
    assert sorted_out(who, [200]) == [[0, 3], [1, 2]]


def test_another_look_at_the_same_place_is_another_person():
    assert sorted_out([stretch(range(10), 1), stretch(range(14, 30), 2)], []) == [[0], [1]]


def test_a_single_picture_proves_no_other_person():
    blurred = Stretch([12], [np.zeros(2)], 100.0, [look(2)])
    assert sorted_out([stretch(range(10), 1), blurred, stretch(range(14, 30), 1)], []) == [[0, 1, 2]]


def test_two_faces_of_one_picture_are_never_one():
    assert sorted_out([stretch(range(10), 1), stretch(range(5, 30), 1)], []) == [[0], [1]]


def test_without_pictures_the_place_decides_but_not_over_a_cut():
    who = [Stretch(list(range(a, a + 10)), [np.zeros(2)] * 10, 100.0, []) for a in (0, 20)]
    assert sorted_out(who, []) == [[0, 1]]
    assert sorted_out(who, [15]) == [[0], [1]]


def test_a_face_that_changes_from_one_picture_to_the_next_is_another_person():
    people = People()
    for k in range(40):
        image, points = face_picture(1 if k < 20 else 2)
        people.add(k, points[None], image)
    first, second = people.persons()
    assert first.pictures == list(range(20)) and second.pictures == list(range(20, 40))
