"""Where straight ahead is: people who address the lens, people who talk to somebody beside it, and the doubt."""

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.fit.centre import centre_of, centred, error_after
from talkingeyes.fit.lens import FACE_WIDTH_M, guess_lens


def looks_at(place, *, away=0.2, spread=0.8, count=300, seed=1):
    """Gaze that rests at a place, with glances elsewhere."""
    rng = np.random.default_rng(seed)
    looks = np.array(place) + rng.normal(0, spread, (count, 2))
    glances = rng.random(count) < away
    looks[glances] += rng.normal(0, 12, (glances.sum(), 2))
    return looks


def seen_with(looks, error, *, wavering=(1.0, 3.0)):
    """What is likely of the error when the look of the eyes alone says the truth, less `wavering`."""
    return error_after(looks, looks - np.array(error) + wavering)


@pytest.mark.parametrize("error", [(0, 6), (4, 12), (-5, 17), (7, 2), (0, -4), (3, 20)])
@pytest.mark.parametrize("head", [(0, 0), (8, 5), (-10, 12)])
def test_people_who_look_into_the_lens_do_so_whatever_the_fits_constant_error(error, head):
    choice = centre_of(looks_at(error), np.tile(np.array(head, float), (300, 1)))
    assert choice.kind == "camera"
    assert np.degrees(choice.shift_rad) == pytest.approx(-np.array(error), abs=0.6)


@pytest.mark.parametrize("side", [-28, -20, 18, 30])
def test_somebody_who_talks_to_a_partner_beside_the_lens_is_not_turned_to_it(side):
    choice = centre_of(looks_at((side, 7)), np.tile([0.7 * side, 2.0], (300, 1)))
    assert choice.kind == "habit" and choice.lens_likely < 0.1
    yaw, pitch = np.degrees(choice.shift_rad)
    assert abs(yaw) < 3 and -9 < pitch < -3, "sideways it is left, up it is brought level"
    assert choice.unsure_deg.min() > 3


def test_the_doubt_is_wide_where_both_explanations_are_about_as_likely():
    clear = centre_of(looks_at((1, 6)), np.zeros((300, 2)), seen_with(looks_at((1, 6)), (1, 6)))
    unclear = centre_of(looks_at((11.5, 6)), np.tile([9.0, 0.0], (300, 1)))
    assert clear.unsure_deg.max() < 2 < 4 < unclear.unsure_deg[0]
    assert 0.2 < unclear.lens_likely < 0.8


def test_rare_looks_into_the_lens_leave_more_doubt_than_frequent_ones():
    rng = np.random.default_rng(4)
    rare = np.concatenate([looks_at((0, 6), away=0, count=60), rng.normal(0, 14, (240, 2)) + np.array([0, 6])])
    often = looks_at((0, 6), away=0.1)
    doubt = [centre_of(x, np.zeros((300, 2)), seen_with(x, (0, 6))).unsure_deg[1] for x in (rare, often)]
    assert doubt[0] > 1.5 * doubt[1]


@pytest.mark.parametrize("error", [(0, 0), (4, 12), (3, -4)])
def test_eyes_that_look_down_at_a_screen_are_not_raised_to_the_lens(error):
    truth = looks_at((0, -15))
    looks = truth + error
    choice = centre_of(looks, np.zeros((300, 2)), error_after(looks, truth + np.array([1, 2])))
    assert choice.kind == "below"
    assert np.degrees(choice.shift_rad) == pytest.approx(-np.array(error), abs=4.5)


def test_a_look_that_says_nothing_else_leaves_the_lens_as_it_was():
    looks = looks_at((2, 9))
    told = centre_of(looks, np.zeros((300, 2)), seen_with(looks, (2, 9)))
    assert told.kind == "camera" and told.lens_likely > centre_of(looks, np.zeros((300, 2))).lens_likely


def test_gaze_is_shifted_by_one_constant_and_nothing_is_known_without_open_eyes():
    steady = np.radians(looks_at((2, 8)))
    rotation = np.tile(rotations.matrix_from_ypr(np.zeros(3)), (300, 1, 1))
    moved, choice = centred(steady, rotation, np.zeros(2), np.ones(300, bool))
    assert np.allclose(moved - steady, choice.shift_rad)
    same, none = centred(steady, rotation, np.zeros(2), np.zeros(300, bool))
    assert none.kind == "none" and np.array_equal(same, steady)


def face(width_px):
    points = np.zeros((5, 478, 2))
    points[:, 1, 0] = width_px
    return points


@pytest.mark.parametrize(("height", "width"), [(256, 140), (700, 600), (1080, 90), (448, 260), (2160, 300), (720, 30)])
def test_people_are_where_people_are(height, width):
    lens = guess_lens(face(width), height)
    distance = FACE_WIDTH_M * height / 2 / width / np.tan(np.radians(lens.fov_deg) / 2)
    assert 0.5 <= distance <= 2.5
    assert 5 < lens.fov_deg < 120 and 0.1 < lens.spread < 0.5


def test_a_face_that_fills_the_picture_was_filmed_with_a_narrower_lens():
    fovs = [guess_lens(face(width), 720).fov_deg for width in (60, 120, 240, 480)]
    assert fovs == sorted(fovs, reverse=True)
    assert guess_lens(face(5000), 720).fov_deg > 0
