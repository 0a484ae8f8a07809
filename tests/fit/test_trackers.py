"""Another landmark tracker: its points, bias and mean head are used; it touches one file and one entry point."""

import importlib.util
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Self

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.errors import SettingError
from talkingeyes.fit import fit_video_closely, trackers
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.head import fit_head, unbiased
from talkingeyes.fit.prior import head_prior
from talkingeyes.fit.trackers import MESH, TrackerKind, TurnBias
from tests.fit.test_video import make_video

CAMERA = Camera(320, 320, 30.0)
FRAMES = 40


def true_yaw(frame):
    return 0.2 * np.sin(frame / 6)


def points_at(frame, *, turn=1.0, size=1.0):
    """The mean head's landmarks, where this head is turned by ``turn`` times the truth."""
    rotation = rotations.matrix_from_ypr(np.array([turn * true_yaw(frame), 0.0, 0.0]))
    return CAMERA.project(size * head_prior().landmarks_m @ rotation.T + np.array([0.0, 0.0, -0.8]))


class Toy:
    """Knows where the head is; sees half of its turns."""

    def __init__(self, faces):
        self.frame = -1
        self.last = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind, error, tb):
        return None

    def find(self, image):
        number = round(float(image[:8, :8].mean()) / 5)
        return points_at(number, turn=0.5)[None].astype(np.float32)


TOY = TrackerKind("toy 1.0", Toy, TurnBias(yaw_gain=2.0, pitch_gain=1.0, share=(1.0, 1.0, 1.0)), MESH.rigid[::2])


@pytest.fixture
def brought(monkeypatch):
    """A package that brings the toy, and one that is broken."""
    points = [
        EntryPoint("toy", f"{__name__}:TOY", trackers.GROUP),
        EntryPoint("broken", "no_such_module:KIND", trackers.GROUP),
        EntryPoint("wrong", f"{__name__}:CAMERA", trackers.GROUP),
    ]
    monkeypatch.setattr(trackers, "entry_points", lambda group: [p for p in points if p.group == group])


@pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]")
def test_a_tracker_of_another_package_fits_a_film_with_its_own_bias_and_name(brought, tmp_path):
    rng = np.random.default_rng(1)
    grain = rng.integers(0, 40, (320, 320, 3))

    def picture(number):
        image = (100 + grain).astype(np.uint8)
        image[:16, :16] = 5 * number
        return image

    film = make_video(tmp_path / "film.mp4", range(0, FRAMES * 40, 40), size=(320, 320), pixels=picture)
    motion, seen = fit_video_closely(film, fov_deg=30, tracker="toy")
    assert motion.meta["model"] == "toy 1.0" and motion.num_frames == FRAMES
    truth = np.array([true_yaw(frame) for frame in range(FRAMES)])
    assert np.degrees(np.abs(seen.landmark_head_rad[:, 0] - truth)).max() < 1.5
    assert np.degrees(np.abs(motion.head_rad[:, 0] - truth)).mean() < 1.5


def test_a_mean_head_of_another_size_gives_another_distance():
    large = replace(head_prior(), landmarks_m=1.5 * head_prior().landmarks_m)
    kind = replace(MESH, prior=lambda: large)
    landmarks = np.array([points_at(frame, size=1.5) for frame in range(12)])
    own, mesh = fit_head(landmarks, CAMERA, kind), fit_head(landmarks, CAMERA)
    assert np.median(-own.position_m[:, 2]) == pytest.approx(0.8, abs=0.03)
    assert np.median(-mesh.position_m[:, 2]) < 0.65
    turned = unbiased(replace(own, kind=replace(kind, bias=TurnBias(3.0, 1.0, (0, 0, 0)))))
    assert turned.ypr_rad[:, 0] == pytest.approx(3 * own.ypr_rad[:, 0])


def test_trackers_are_named_and_others_refused_in_one_line(brought):
    assert trackers.names() == ["broken", "mesh", "toy", "wrong"]
    assert trackers.kind_of("mesh") is MESH and trackers.kind_of("toy").name == "toy 1.0"
    for name, words in (("no", "mesh, toy"), ("broken", "cannot be loaded"), ("wrong", "is no TrackerKind")):
        with pytest.raises(SettingError, match=words) as caught:
            trackers.kind_of(name)
        assert "\n" not in str(caught.value)
