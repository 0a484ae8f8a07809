"""What a fit shows: pages with the film's sound, the report with film, avatar and curves, findings in words."""

import base64
import importlib.util
import io
import json
import re
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.fit.findings import findings
from talkingeyes.fit.fit import FitDiagnostics
from talkingeyes.motion import Motion

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
real = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "clips").is_dir(), reason="needs ../shared/data beside the checkout"),
    pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]"),
]


def block(page: str, name: str) -> str:
    found = re.search(rf'<script type="[^"]*" id="{name}">([^<]*)</script>', page)
    assert found is not None, name
    return found.group(1)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """One short news clip with sound: a page and a report."""
    folder = tmp_path_factory.mktemp("report")
    clip = sorted((SHARED / "clips" / "news").glob("*.mp4"))[0].resolve()
    outputs = [arg for name in ("fit.html", "fit.npz") for arg in ("-o", str(folder / name))]
    assert main(["fit", str(clip), *outputs, "--report", str(folder / "report.html"), "--json"]) == 0
    return folder, clip


def marked(test):
    for mark in real:
        test = mark(test)
    return test


@marked
def test_a_page_of_a_fit_plays_the_films_sound_as_long_as_the_film(written):
    folder, clip = written
    page = (folder / "fit.html").read_text()
    data = json.loads(block(page, "te-data"))
    with av.open(io.BytesIO(base64.b64decode(block(page, "te-audio")))) as sound:
        seconds = sum(frame.samples / frame.sample_rate for frame in sound.decode(audio=0))
    with av.open(str(clip)) as film:
        truth = sum(frame.samples / frame.sample_rate for frame in film.decode(audio=0))
    assert seconds == pytest.approx(truth, abs=0.06)
    assert data["speech"]["duration_s"] == pytest.approx(truth, abs=0.06)


@marked
def test_the_report_shows_the_picture_of_every_frame_and_its_marks(written):
    folder, _ = written
    page = (folder / "report.html").read_text()
    data = json.loads(block(page, "te-data"))
    motion = Motion.load_npz(folder / "fit.npz")
    with av.open(io.BytesIO(base64.b64decode(block(page, "te-film")))) as film:
        shown = list(film.decode(video=0))
    assert len(shown) == data["film"]["marks"]["frames"] == motion.num_frames
    assert np.allclose([frame.time for frame in shown], np.arange(len(shown)) / motion.fps, atol=1e-3)
    assert (shown[0].width, shown[0].height) == (data["film"]["width"], data["film"]["height"])
    names = {channel["name"] for channel in data["film"]["marks"]["channels"]}
    assert {"leftIrisX", "rightRayY", "leftRim15X", "noseX", "axisZY", "rightSure", "seen"} <= names
    assert any("field of view" in line for line in data["film"]["findings"])
    assert "te-audio" in page


@marked
@pytest.mark.parametrize("wrong", [["--report", "r.txt"], ["-o", "r.html", "--report", "r.html"]])
def test_reports_that_cannot_be_are_refused_before_the_work(wrong, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    clip = sorted((SHARED / "clips" / "news").glob("*.mp4"))[0].resolve()
    assert main(["fit", str(clip), *wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def made(
    face_px=200.0, broad=1.9, sure=(1.0, 1.0), seen_share=1.0, yaw=0.0, irises="pixels", agree=(0.99, 0.99), fps=25.0
):  # fmt: skip
    """A fit as it might have come out."""
    count = 100
    seen = np.arange(count) < round(seen_share * count)
    landmarks = np.zeros((count, 478, 2))
    landmarks[:, 1, 0] = face_px
    eyes_px = face_px / 2
    landmarks[:, 263], landmarks[:, 2] = (eyes_px, 0), (eyes_px / 2, eyes_px / broad)
    confidence = np.tile([1.0, *sure, 1.0, 1.0], (count, 1))
    motion = Motion(
        fps=fps,
        head_rad=np.tile([yaw, 0.0, 0.0], (count, 1)),
        eyes_rad=np.zeros((count, 2, 2)),
        confidence=confidence,
        meta={
            "fit": {
                "irises": irises,
                "left_right_correlation": {"yaw": agree[0], "pitch": agree[1]},
                "per_eye_sd_deg": [4.0, 4.0],
                "centring": "habit",
                "centring_unsure_deg": [4.0, 6.0],
                "fov_deg": 30.0,
                "fov_assumed": True,
                "fov_unsure_deg": 8.0,
            }
        },
    )
    nothing = np.zeros((count, 2, 2))
    diagnostics = FitDiagnostics(
        nothing, nothing, nothing, seen, np.ones(count, bool), np.zeros(0, np.int64), np.zeros((count, 3)),
        np.zeros((count, 3)), nothing, landmarks, np.arange(count), 1.0, None,
    )  # fmt: skip
    return motion, diagnostics


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"face_px": 60.0}, "the face is only 60 pixels wide"),
        ({"seen_share": 0.9}, "no face in 10% of the frames"),
        ({"yaw": 0.8}, "turned by more than 35 degrees in 100%"),
        ({"sure": (0.1, 0.1)}, "gaze unsure in 100% of the frames"),
        ({"sure": (1.0, 0.1)}, "the right eye is hardly seen in 100%"),
        ({"irises": "network"}, "iris and white cannot be told apart"),
        ({"agree": (0.5, 0.99)}, "disagree sideways (r 0.50)"),
        ({"broad": 2.6}, "the face is wider than faces are"),
        ({"broad": 1.3}, "the face is narrower than faces are"),
        ({"fps": 15.0}, "only 15 pictures a second"),
    ],
)
def test_each_weakness_is_said_and_a_clear_clip_has_none(case, words):
    clear = " ".join(findings(*made()))
    assert words.split(" (")[0][:12] not in clear
    assert words in " ".join(findings(*made(**case)))


def test_what_straight_ahead_was_taken_from_is_said_with_its_doubt():
    assert "straight ahead is set by people's habit, unsure by 6 deg" in findings(*made())
