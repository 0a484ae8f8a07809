"""Cut films: who is followed in each shot, and which shots show one person."""

import numpy as np
import pytest

from talkingeyes.errors import VideoError
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.faces import People
from talkingeyes.fit.prior import head_prior
from talkingeyes.fit.shots import follow

CAMERA = Camera(400, 400, 35.0)


def face(mode: float, x_m: float, turn: float) -> np.ndarray:
    """Landmarks of a head of one shape, somewhere in the picture, turned a little."""
    prior = head_prior()
    points = prior.landmarks_m + mode * prior.landmark_modes_m[:3].sum(axis=0)
    cos, sin = np.cos(turn), np.sin(turn)
    turned = points @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T
    return CAMERA.project(turned + np.array([x_m, 0, -0.6]))


def film(shots: list[list[tuple[float, float]]], length: int = 40) -> tuple[People, list[int]]:
    people, cuts = People(), []
    for number, faces in enumerate(shots):
        if number:
            cuts.append(number * length)
        for k in range(length):
            turn = 0.2 * np.sin(k / 6 + number)
            people.add(number * length + k, np.array([face(mode, x, turn) for mode, x in faces], np.float32))
    return people, cuts


def test_two_people_in_turn_at_one_place_stay_two():
    people, cuts = film([[(-2.5, 0.0)], [(2.5, 0.0)], [(-2.5, 0.0)]])
    shots = follow(people, cuts, None, CAMERA)
    assert shots.shot_person.tolist() == [0, 1, 0]
    assert len(shots.pictures) == 120 and (np.diff(shots.pictures) == 1).all()
    assert shots.person_at(np.array([0, 39, 40, 79, 80, 119])).tolist() == [0, 0, 1, 1, 0, 0]


def test_one_person_who_moves_over_a_cut_stays_one():
    people, cuts = film([[(1.0, -0.05)], [(1.0, 0.09)]])
    shots = follow(people, cuts, None, CAMERA)
    assert shots.people() == [0] and len(shots.pictures) == 80


def test_a_shot_without_a_face_is_left_out():
    people, cuts = film([[(0.0, 0.0)], [], [(0.0, 0.0)]])
    shots = follow(people, cuts, None, CAMERA)
    assert shots.people() == [0] and len(shots.pictures) == 80
    assert shots.shot_person.tolist() == [0, 0, 0]


def test_numbers_count_from_the_left_and_go_on_with_who_comes_later():
    people, cuts = film([[(0.0, -0.12), (0.0, 0.12)], [(0.0, 0.0)]])
    assert follow(people, cuts, 2, CAMERA).pictures.max() < 40
    assert follow(people, cuts, 3, CAMERA).pictures.min() == 40
    with pytest.raises(VideoError, match="person 4 of 3"):
        follow(people, cuts, 4, CAMERA)


def test_another_person_beside_the_followed_one_is_counted():
    people, _ = film([[(0.0, -0.12)], [(0.0, -0.12), (0.0, 0.12)]])
    shots = follow(people, [], None, CAMERA)
    assert len(shots.pictures) == 80 and shots.others == 1 and shots.only_others == 0
