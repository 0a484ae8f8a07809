"""The whole fit on real parts: rendered heads with known truth and a real clip, beside the checkout."""

import importlib.util
import json
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.fit import fit_video, fit_video_closely
from talkingeyes.motion import Motion
from talkingeyes.rig import LIMITS

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "gaze_truth").is_dir(), reason="needs ../shared/data beside the checkout"),
    pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]"),
]


def benchmark():
    spec = importlib.util.spec_from_file_location("fit_truth", ROOT / "benchmarks" / "fit_truth.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["fit_truth"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["head_22", "head_23"])
def rendered(request):
    table = benchmark()
    path = SHARED / "gaze_truth" / f"{request.param}.mp4"
    motion, seen = fit_video_closely(path, fov_deg=23)
    return motion, seen, table.scores(motion, seen, table.read_truth(path.with_suffix(".csv")))


def test_gaze_is_right_to_three_degrees(rendered):
    _, _, score = rendered
    assert score["gaze"] <= 3.0
    assert score["eye_yaw_r"] >= 0.95 and score["eye_pitch_r"] >= 0.85


def test_head_lids_and_jaw_are_right(rendered):
    _, _, score = rendered
    assert score["head_yaw"] <= 1.5 and score["head_pitch"] <= 1.5
    assert score["lids_r"] >= 0.95 and score["jaw_r"] >= 0.95


def test_fixations_are_quiet(rendered):
    assert rendered[2]["noise"] <= 0.5


def test_the_motion_keeps_the_contract(rendered):
    motion, seen, _ = rendered
    assert motion.num_frames == 200 and motion.fps == 25
    assert seen.seen.all()
    assert np.linalg.norm(motion.eyes_rad, axis=-1).max() <= LIMITS.eye_rad
    speed = np.linalg.norm(np.diff(motion.eyes_rad, axis=0), axis=-1).max() * motion.fps
    assert speed <= LIMITS.eye_speed_rad_s
    assert (motion.eyes_rad[:, 1, 0] - motion.eyes_rad[:, 0, 0]).min() >= -1e-6
    assert motion.confidence.shape[1] == len(motion.meta["confidence_columns"])
    assert motion.filled.shape[1] == len(motion.meta["filled_columns"])
    assert motion.meta["partner"]["source"] == "camera"
    json.dumps(motion.meta, allow_nan=False)


def test_another_film_in_between_changes_nothing():
    news = sorted((SHARED / "clips" / "news").glob("*.mp4"))
    first, other = news[0], SHARED / "clips" / "grid_s1" / "bbaf2n.mp4"
    before = fit_video(first)
    fit_video(other)
    after = fit_video(first)
    for name in before.channels:
        assert np.array_equal(getattr(before, name), getattr(after, name)), name


def test_the_command_writes_motion_and_overlay(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    clip = (SHARED / "clips" / "grid_s1" / "bbaf2n.mp4").resolve()
    assert main(["fit", str(clip), "--overlay", "check.mp4", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seen"] == 1 and said["frames"] == 75
    motion = Motion.load_npz(tmp_path / "bbaf2n.npz")
    assert motion.num_frames == 75
    with av.open(str(tmp_path / "check.mp4")) as drawn:
        assert sum(1 for _ in drawn.decode(video=0)) == 75


def test_a_person_that_is_not_there_is_said_in_one_line(tmp_path, capsys):
    clip = (SHARED / "clips" / "grid_s1" / "bbaf2n.mp4").resolve()
    assert main(["fit", str(clip), "-o", str(tmp_path / "x.npz"), "--person", "4"]) == 2
    assert "person 4 of 1" in capsys.readouterr().err
    assert not (tmp_path / "x.npz").exists()
