"""A missing extra is one line that names it, exit status 2, before any work (case extra-missing-traceback)."""

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import talkingeyes.audio
import talkingeyes.data.build
from talkingeyes.errors import MissingExtraError
from talkingeyes.extras import EXTRAS, missing, require

from .outcomes import names, refused

FIT = ["fit", "film.mp4"]
BUILD = ["dataset", "build", "videos", "set"]
RAY = ["dataset", "import", "livelink", "videos", "set", "--engine", "ray"]
CARD = ["dataset", "info", "set", "--card", "card"]
TRAIN = ["train", "--data", "set", "--out", "run"]
SERVE = ["serve", "--for-s", "0.1", "--port", "0"]
USD = ["animate", "film.mp4", "-o", "a.usda"]


@pytest.mark.parametrize(
    ("argv", "package", "extra"),
    [
        (FIT, "mediapipe", "video"),
        (FIT, "cv2", "video"),
        (BUILD, "mediapipe", "video"),
        (BUILD, "scipy", "video"),
        (RAY, "ray", "cluster"),
        (TRAIN, "torch", "train"),
        (TRAIN, "tensorboard", "train"),
        (USD, "pxr", "usd"),
        (SERVE, "starlette", "live"),
        (SERVE, "httptools", "live"),
    ],
)
def test_a_missing_extra_is_named_before_any_work(
    argv: list[str],
    package: str,
    extra: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_work(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    (here / "videos").mkdir()
    (here / "videos" / "film.mp4").write_bytes(b"film")
    (here / "videos" / "take.csv").write_bytes(b"take")
    (here / "film.mp4").write_bytes(b"film")
    monkeypatch.setattr(talkingeyes.data.build, "build", no_work)
    monkeypatch.setattr(talkingeyes.audio, "load_speech", no_work)
    for name in EXTRAS[extra]:
        if find_spec(name) is None:
            monkeypatch.setitem(sys.modules, name, type(sys)(name, None))
            monkeypatch.setattr(sys.modules[name], "__spec__", object(), raising=False)
    monkeypatch.setitem(sys.modules, package, None)  # type: ignore[arg-type]
    refused(capsys, argv, f'pip install ".[{extra}]"')
    assert names(here) == {"videos", "film.mp4"}


def test_every_extra_is_one_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    for extra in EXTRAS:
        named = str(missing(extra, "this", "that")).split("[")[1].split("]")[0]
        assert set(named.split(",")) <= set(project["optional-dependencies"])


def test_a_broken_package_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = type(sys)("pxr")
    broken.__spec__ = None  # what a half-imported module looks like
    monkeypatch.setitem(sys.modules, "pxr", broken)
    with pytest.raises(MissingExtraError, match=r"writing needs usd-core: pip install \"\.\[usd\]\""):
        require("usd", "writing")


def test_a_recording_needs_no_extra(monkeypatch: pytest.MonkeyPatch, here: Path, speech: Path) -> None:
    import talkingeyes as te

    for name in {name for group in EXTRAS.values() for name in group}:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]
    motion = te.animate(speech, model="statistical")
    te.save(motion, here / "a.html", audio=speech)
    assert np.isfinite(motion.eyes_rad).all()
