"""The page, the command and the files it reads."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.evaluate.actor import perform
from talkingeyes.evaluate.command import evaluate, read_motion
from talkingeyes.formats.flame import read_flame
from talkingeyes.motion import Motion


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("motions")
    for i in range(3):
        perform(60.0, 30.0 if i == 0 else 60.0, i).recording.motion.save_npz(where / f"take {i} <b>.npz")
    return where


def test_the_page_is_one_file_that_loads_nothing(folder):
    page = evaluate(sorted(folder.iterdir())).page()
    assert not re.search(r"(?:src|href)=[\"'](?!#)|url\(|@import|<script", page)
    assert "take 0 &lt;b&gt;" in page and "<b>.npz" not in page
    assert page.count('class="test"') == 25 and page.count("<svg") > 40
    assert "prefers-color-scheme: dark" in page
    for what in (
        "where real people look",
        "main sequence",
        "amplitudes",
        "blink profile",
        "head spectrum",
        "dwell",
        "directions",
    ):
        assert what in page.lower()
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S).lower().replace("nano", "")


def test_inputs_are_scored_alone_and_together(folder):
    found = evaluate([folder, *sorted(folder.iterdir())])
    assert [c.name for c in found.cards][:2] == ["all 6 motions", folder.name]
    assert "Frame rates differ (30, 60)" in found.notes[0] and "No audio" in found.notes[1]
    json.dumps(found.to_json(), allow_nan=False)


def test_the_command_writes_a_page_and_json(folder, tmp_path):
    out = tmp_path / "report.html"
    call = [sys.executable, "-m", "talkingeyes", "evaluate", str(folder), "-o", str(out), "--json"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    data = json.loads(done.stdout)
    assert len(data["scorecards"][0]["tests"]) == 25 and data["files"] == [str(out)]
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing.npz"], "no such file"),
        (["page.txt"], "not a motion"),
        (["."], "holds no motion"),
        (["nothing.npz", "-o", "report.pdf"], ".html is accepted"),
        (["nothing.npz", "--reference", "nowhere"], "not a folder"),
    ],
)
def test_bad_input_is_one_line(arguments, says, tmp_path):
    (tmp_path / "page.txt").write_text("x")
    call = [sys.executable, "-m", "talkingeyes", "evaluate", *arguments]
    done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


def test_sound_of_another_recording_is_refused(folder, tmp_path):
    import wave

    with wave.open(str(tmp_path / "short.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((np.random.default_rng(0).normal(0, 3000, 48000)).astype("<i2").tobytes())
    with pytest.raises(SettingError, match="do not belong together"):
        evaluate([folder], [tmp_path / "short.wav"])


def test_flame_parameters_are_read(tmp_path):
    rng = np.random.default_rng(0)
    head, eyes = rng.normal(0, 0.2, (50, 3)), rng.normal(0, 0.2, (50, 2, 2))
    axis = rotations.axis_angle_from_matrix(rotations.matrix_from_ypr(eyes)).reshape(50, 6)
    np.savez(
        tmp_path / "a.flame.npz",
        fps=25.0,
        neck_pose=rotations.axis_angle_from_matrix(rotations.matrix_from_ypr(head)),
        global_orient=np.zeros((50, 3)),
        eye_pose=axis,
        eyelid=np.full((50, 2), 0.3),
    )
    motion = read_motion(tmp_path / "a.flame.npz")
    assert motion.head_rad is not None and motion.eyes_rad is not None and motion.lids is not None
    assert np.allclose(motion.head_rad, head, atol=1e-5) and np.allclose(motion.eyes_rad, eyes, atol=1e-5)
    assert evaluate([tmp_path / "a.flame.npz"]).cards[0].seconds == 2.0


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"neck_pose": np.zeros((5, 3))}, "frame rate"),
        ({"neck_pose": np.zeros((5, 4)), "fps": 25.0}, "shape"),
        ({"neck_pose": np.full((5, 3), np.nan), "fps": 25.0}, "NaN"),
        ({"neck_pose": np.zeros((5, 3)), "global": np.zeros((4, 3)), "fps": 25.0}, "frames"),
        ({"expression": np.zeros((5, 50)), "fps": 25.0}, "no FLAME joint"),
    ],
)
def test_bad_flame_files_are_named(arrays, says, tmp_path):
    np.savez(tmp_path / "bad.npz", **arrays)
    with pytest.raises(FormatError, match=says):
        read_flame(tmp_path / "bad.npz")


def test_a_reference_folder_replaces_the_packaged_people(folder):
    found = evaluate([folder], reference=folder)
    card = found.cards[0]
    assert found.reference.head is not None and found.reference.head.seconds == pytest.approx(180.0)
    ratios = [f for f in card[20].figures if "ratio" in f.name]
    assert len(ratios) == 6 and all(f.value == pytest.approx(1.0, rel=0.02) for f in ratios)
    assert any("Frechet" in f.name and "head" in f.name for f in card[22].figures)


def test_fits_are_judged_by_each_eye_before_fusion(folder):
    motion = Motion.load_npz(sorted(folder.iterdir())[0])
    told = {"left_right_correlation": {"yaw": 0.7, "pitch": 0.99}, "per_eye_sd_deg": [6.0, 4.0], "frames_seen": 100}
    from talkingeyes.evaluate import Recording, score

    fit = motion.replace(meta={**motion.meta, "fit": told})
    assert score([Recording(motion, "a")], only=(3,))[3].verdict == "pass"
    assert "yaw 0.7" in score([Recording(fit, "a")], only=(3,))[3].why


def test_the_page_may_load_and_run_nothing(tmp_path):
    rng = np.random.default_rng(0)
    motion = Motion(fps=25.0, head_rad=rng.normal(0, 0.1, (100, 3)), lids=np.zeros((100, 2)))
    motion.save_npz(tmp_path / "a.npz")
    page = evaluate([tmp_path / "a.npz"]).page()
    head = page[: page.index("<title>")]
    assert "Content-Security-Policy" in head and "default-src 'none'" in head and "script-src" not in head
    assert "<script" not in page and "http:" not in page.replace("http://www.w3.org", "")
