"""Rotations obey the group axioms and the signs of docs/conventions.md."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from talkingeyes import rotations as rot

angle = st.floats(-1.4, 1.4)


@given(angle, angle, angle)
def test_ypr_round_trip(yaw: float, pitch: float, roll: float) -> None:
    ypr = np.array([yaw, pitch, roll])
    assert np.allclose(rot.ypr_from_matrix(rot.matrix_from_ypr(ypr)), ypr, atol=1e-9)


@given(angle, angle, angle)
def test_every_form_gives_the_same_rotation(yaw: float, pitch: float, roll: float) -> None:
    matrix = rot.matrix_from_ypr([yaw, pitch, roll])
    assert np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.isclose(np.linalg.det(matrix), 1)
    assert np.allclose(rot.matrix_from_quaternion(rot.quaternion_from_matrix(matrix)), matrix, atol=1e-12)
    assert np.allclose(rot.matrix_from_axis_angle(rot.axis_angle_from_matrix(matrix)), matrix, atol=1e-12)


def test_a_quaternion_of_angles_is_that_of_their_matrix() -> None:
    ypr = np.random.default_rng(0).uniform(-3.1, 3.1, (500, 3)) * [1, 0.5, 1]
    for angles in (ypr, ypr[:, :2], np.zeros((1, 3))):
        matrix = rot.matrix_from_ypr(angles)
        found = rot.quaternion_from_ypr(angles)
        assert found[:, 3].min() >= 0
        np.testing.assert_allclose(rot.matrix_from_quaternion(found), matrix, atol=1e-12)
        np.testing.assert_allclose(
            rot.matrix_from_quaternion(rot.quaternion_power(found, 0.4)), rot.fraction_of(matrix, 0.4), atol=1e-9
        )


def test_half_turns_have_a_quaternion() -> None:
    for axis in np.eye(3):
        matrix = rot.matrix_from_axis_angle(axis * np.pi)
        assert np.allclose(rot.matrix_from_quaternion(rot.quaternion_from_matrix(matrix)), matrix, atol=1e-9)


@given(angle, angle)
def test_direction_is_where_the_rotation_takes_forward(yaw: float, pitch: float) -> None:
    direction = rot.direction_from_yaw_pitch([yaw, pitch])
    assert np.allclose(rot.matrix_from_ypr([yaw, pitch]) @ [0, 0, 1], direction, atol=1e-12)
    assert np.allclose(rot.yaw_pitch_from_direction(direction * 3), [yaw, pitch], atol=1e-9)


def test_signs() -> None:
    assert rot.direction_from_yaw_pitch([0.3, 0])[0] > 0, "yaw + is to the character's left (+X)"
    assert rot.direction_from_yaw_pitch([0, 0.3])[1] > 0, "pitch + is up (+Y)"
    left_ear = rot.matrix_from_ypr([0, 0, 0.3]) @ [1, 0, 0]
    assert left_ear[1] > 0, "roll + lifts the character's left side"


def test_slerp_share_and_rest_is_the_whole() -> None:
    matrix = rot.matrix_from_ypr([0.4, -0.2, 0.1])
    neck = rot.fraction_of(matrix, 0.4)
    assert np.allclose(neck @ (neck.T @ matrix), matrix)
    assert np.isclose(
        np.linalg.norm(rot.axis_angle_from_matrix(neck)), 0.4 * np.linalg.norm(rot.axis_angle_from_matrix(matrix))
    )


def test_batches_keep_their_shape() -> None:
    ypr = np.zeros((2, 5, 3))
    assert rot.matrix_from_ypr(ypr).shape == (2, 5, 3, 3)
    assert rot.quaternion_from_matrix(rot.matrix_from_ypr(ypr)).shape == (2, 5, 4)


def test_a_gaze_seen_from_a_head_is_turned_back_by_the_head() -> None:
    rng = np.random.default_rng(1)
    head, gaze = rng.uniform(-1, 1, (200, 3)), rng.uniform(-1, 1, (200, 2))
    seen = rot.in_head(head, gaze)
    back = np.einsum("tij,tj->ti", rot.matrix_from_ypr(head), seen)
    assert np.allclose(back, rot.direction_from_yaw_pitch(gaze), atol=1e-12)
    assert np.allclose(rot.yaw_pitch_from_direction(rot.in_head(np.zeros((200, 3)), gaze)), gaze, atol=1e-12)
