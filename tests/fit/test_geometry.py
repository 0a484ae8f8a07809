"""Synthetic heads: what goes into the camera comes out of the fit."""

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.fit import face, gaze
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import HeadTrack, blended, fit_head, unbiased
from talkingeyes.fit.prior import NUM_MODES, head_prior
from talkingeyes.fit.trackers import MEDIAPIPE_BIAS

CAMERA = Camera(448, 448, 23.0)


def moving_head(frames=40, seed=0):
    rng = np.random.default_rng(seed)
    angles = np.cumsum(rng.normal(size=(frames, 3)) * np.radians([1.5, 1.0, 0.7]), axis=0)
    angles -= angles.mean(axis=0)
    position = np.array([0.01, -0.02, -0.7]) + np.cumsum(rng.normal(size=(frames, 3)) * 0.001, axis=0)
    return HeadTrack(rotations.matrix_from_ypr(angles), position, np.zeros(NUM_MODES))


def seen_landmarks(track, camera=CAMERA, noise_px=0.0, seed=1):
    placed = np.einsum("tij,nj->tni", track.rotation, head_prior().landmarks_m) + track.position_m[:, None]
    noise = np.random.default_rng(seed).normal(size=(*placed.shape[:2], 2)) * noise_px
    return camera.project(placed) + noise


def test_camera_rays_pass_through_what_they_project():
    points = np.random.default_rng(0).normal(size=(50, 3)) * 0.1 + [0, 0, -1]
    rays = CAMERA.rays(CAMERA.project(points))
    assert np.allclose(rays, points / np.linalg.norm(points, axis=1, keepdims=True))


def test_camera_jacobian_is_the_derivative():
    point, step = np.array([0.05, -0.03, -0.8]), 1e-6
    numeric = [
        (CAMERA.project(point + step * axis) - CAMERA.project(point - step * axis)) / (2 * step) for axis in np.eye(3)
    ]
    assert np.allclose(CAMERA.jacobian(point), np.stack(numeric, axis=1), rtol=1e-5, atol=1e-4)


def test_left_is_right_on_screen_and_up_is_up():
    left, up = CAMERA.project(np.array([[0.1, 0, -1], [0, 0.1, -1]]))
    assert left[0] > 224 and up[1] < 224


@pytest.mark.parametrize("noise_px, tolerance_deg", [(0.0, 0.02), (0.7, 0.6)])
def test_head_pose_round_trip(noise_px, tolerance_deg):
    track = moving_head()
    found = fit_head(seen_landmarks(track, noise_px=noise_px), CAMERA)
    error = np.degrees(rotations.axis_angle_from_matrix(found.rotation @ np.swapaxes(track.rotation, 1, 2)))
    assert np.linalg.norm(error, axis=1).mean() < tolerance_deg
    assert np.abs(found.position_m - track.position_m)[:, :2].max() < 0.002


def test_head_shape_is_learned_with_the_pose():
    prior, shape = head_prior(), np.zeros(NUM_MODES)
    shape[2] = 1.5
    track = moving_head(60)
    points = prior.landmarks_m + np.tensordot(shape, prior.landmark_modes_m, 1)
    placed = np.einsum("tij,nj->tni", track.rotation, points) + track.position_m[:, None]
    found = fit_head(CAMERA.project(placed), CAMERA)
    assert found.shape[2] > 0.5
    steps = np.diff(found.ypr_rad, axis=0) - np.diff(track.ypr_rad, axis=0)
    assert np.degrees(np.abs(steps)).mean() < 0.1


def test_tracker_gain_is_taken_out():
    track = moving_head()
    before, after = track.ypr_rad, unbiased(track).ypr_rad
    assert np.allclose(after[:, 0], before[:, 0] * MEDIAPIPE_BIAS.yaw_gain)
    assert np.allclose(after[:, 1], before[:, 1] * MEDIAPIPE_BIAS.pitch_gain)


def test_blended_takes_yaw_half_and_roll_from_the_skin():
    a = HeadTrack(rotations.matrix_from_ypr(np.radians([[10.0, 0, 5]])), np.zeros((1, 3)), np.zeros(NUM_MODES))
    b = HeadTrack(rotations.matrix_from_ypr(np.radians([[20.0, 0, 0]])), np.zeros((1, 3)), np.zeros(NUM_MODES))
    assert np.allclose(np.degrees(blended(a, b)), [[15, 0, 0]])


def iris_pixels(track, yaw_pitch, camera=CAMERA):
    direction = rotations.direction_from_yaw_pitch(yaw_pitch)[:, None]
    return camera.project(track.eyes_m() + gaze.EYE_DEPTH_M * direction)


def still_geometry():
    return gaze.UNCALIBRATED


def test_gaze_round_trip_while_the_head_moves():
    track = moving_head(80)
    rng = np.random.default_rng(3)
    looks = np.radians(rng.uniform([-20, -12], [20, 12], size=(80, 2)))
    found = gaze.gaze_directions(track, CAMERA, iris_pixels(track, looks), np.zeros(80), still_geometry())
    error = rotations.angle_between_rad(found, rotations.direction_from_yaw_pitch(looks)[:, None])
    assert np.degrees(error).max() < 1.0


def test_gaze_in_head_undoes_the_head():
    track = moving_head()
    looks = np.tile(np.radians([12.0, -4.0]), (len(track.rotation), 1))
    eyes = gaze.in_head(track.rotation, rotations.direction_from_yaw_pitch(looks)[:, None])
    again = np.einsum("tij,tj->ti", track.rotation, rotations.direction_from_yaw_pitch(eyes[:, 0]))
    assert np.allclose(rotations.yaw_pitch_from_direction(again), looks)


def test_calibration_finds_an_eyeball_that_leans_with_the_head():
    """An eyeball placed wrongly in the head makes gaze swing with it; still fixations give the error away."""
    track = moving_head(300, seed=5)
    rng = np.random.default_rng(6)
    looks = np.repeat(np.radians(rng.uniform(-12, 12, size=(20, 2))), 15, axis=0)
    offsets = gaze.iris_offsets_mm(track, CAMERA, iris_pixels(track, looks))
    offsets[..., 0] += 9.0 * track.ypr_rad[:, :1]
    found = gaze.calibrate(track, offsets, np.zeros(300), np.ones(300, bool), 25.0)
    assert np.abs(found.lean_mm[:, 0, 0] - 9.0).max() < 1.0


def test_jaw_opening_is_read_from_the_lips():
    track = moving_head(50)
    landmarks = seen_landmarks(track)
    opening = 0.5 + 0.5 * np.sin(np.linspace(0, 12, 50))
    landmarks[:, 14, 1] = landmarks[:, 13, 1] + 60 * opening
    names, values = face.coefficients(landmarks, track, CAMERA)
    assert values.min() >= 0 and values.max() <= 1
    assert np.corrcoef(values[:, names.index("jawOpen")], opening)[0, 1] > 0.98


def test_a_still_face_has_no_expression():
    track = moving_head(30)
    names, values = face.coefficients(seen_landmarks(track), track, CAMERA)
    still = [name for name in names if name != "jawOpen"]
    assert values[:, [names.index(name) for name in still]].max() < 0.05
