"""A Face Landmarker task file from outside: checked before MediaPipe sees it, then really used."""

import importlib.util
import zipfile
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.errors import ModelError
from talkingeyes.fit.landmarks import TASK_PARTS, TaskTracker, read_task

needs_mediapipe = pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]")


def bundle(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def test_what_is_no_task_file_is_refused_in_one_line(tmp_path):
    text = tmp_path / "text.task"
    text.write_text("hello")
    empty = bundle(tmp_path / "empty.task", {"readme.txt": b"x"})
    whole = bundle(tmp_path / "whole.task", dict.fromkeys(TASK_PARTS, b"x" * 5000))
    cut = tmp_path / "cut.task"
    cut.write_bytes(whole.read_bytes()[:6000])
    flipped = tmp_path / "flipped.task"
    data = bytearray(whole.read_bytes())
    data[200] ^= 255
    flipped.write_bytes(data)
    wanted = {
        tmp_path / "no.task": "no such file",
        tmp_path: "is a folder",
        text: "not a task file",
        empty: "holds no face_detector.tflite",
        cut: "not a task file",
        flipped: "damaged",
    }
    for path, words in wanted.items():
        with pytest.raises(ModelError, match=words) as caught:
            read_task(path)
        assert "\n" not in str(caught.value)


@needs_mediapipe
def test_models_that_are_none_are_refused(tmp_path):
    task = read_task(bundle(tmp_path / "junk.task", dict.fromkeys(TASK_PARTS, b"junk" * 100)))
    with pytest.raises(ModelError, match="cannot use it"):
        TaskTracker(task)


@needs_mediapipe
def test_the_models_in_a_bundle_run(tmp_path):
    """The wheel's own detector and mesh as a bundle: its mesh has 468 points, so where they lie means nothing here."""
    import mediapipe

    models = Path(mediapipe.__file__).parent / "modules"
    paths = (
        models / "face_detection" / "face_detection_short_range.tflite",
        models / "face_landmark" / "face_landmark.tflite",
    )
    task = read_task(bundle(tmp_path / "own.task", dict(zip(TASK_PARTS, (p.read_bytes() for p in paths), strict=True))))
    assert task.name.startswith("face landmarker own.task sha256 ")
    with TaskTracker(task, max_faces=1) as tracker:
        nobody = tracker.find(np.zeros((120, 160, 3), np.uint8))
    assert nobody.shape == (0, 478, 2)
