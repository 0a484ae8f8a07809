"""Films that lie on their side or stand on their head without saying so (case sideways-video)."""

import math
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.fit import fit_video_closely, video
from talkingeyes.fit.landmarks import FoundFace
from talkingeyes.fit.upright import quarter_turns, turned

SHARED = Path(__file__).parents[3] / "shared" / "data"
CASE = SHARED / "cases" / "sideways-video"


class Finder:
    """Finds one face in pictures whose brightest corner tells which way up they are: 0 is top left."""

    def __init__(self, scores: tuple[float, float, float, float], roll_deg: float = 0.0) -> None:
        self.scores, self.roll_rad = scores, math.radians(roll_deg)

    def faces(self, image: np.ndarray) -> list[FoundFace]:
        corner = int(np.argmax([image[0, 0, 0], image[0, -1, 0], image[-1, -1, 0], image[-1, 0, 0]]))
        score = self.scores[corner]
        return [FoundFace(10.0, score, self.roll_rad if corner == 0 else math.pi / 2 * corner)] if score else []


def pictures(turns: int) -> list[np.ndarray]:
    image = np.zeros((4, 6, 3), np.uint8)
    image[0, 0] = 255
    return [turned(image, -turns)] * 5


@pytest.mark.parametrize("turns", range(4))
def test_the_turn_that_brings_faces_upright_is_found(turns: int) -> None:
    assert quarter_turns(pictures(turns), Finder((0.93, 0.8, 0.7, 0.8))) == turns  # type: ignore[arg-type]


def test_what_is_unsure_stays_as_it_is() -> None:
    assert quarter_turns([], Finder((0.9, 0.9, 0.9, 0.9))) == 0  # type: ignore[arg-type]
    assert quarter_turns(pictures(1), Finder((0.6, 0.5, 0.5, 0.5))) == 0  # type: ignore[arg-type]
    assert quarter_turns(pictures(1), Finder((0, 0, 0, 0))) == 0  # type: ignore[arg-type]
    for roll_deg in (-40, 40):  # a head on a shoulder is no film on its side
        assert quarter_turns(pictures(0), Finder((0.9, 0.6, 0.6, 0.6), roll_deg)) == 0  # type: ignore[arg-type]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "turned_deg"), [("sideways.mp4", 90), ("upside.mp4", 180)])
def test_sideways_video(
    name: str, turned_deg: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is not installed; the extra video brings it")
    if not CASE.exists():
        pytest.skip("the development data is not beside the checkout")
    monkeypatch.chdir(tmp_path)
    assert main(["fit", str(CASE / name), "-o", "a.npz", "--overlay", "a.mp4"]) == 0
    printed = capsys.readouterr().out
    assert "it was not upright and was given" in printed
    import talkingeyes as te

    motion = te.load("a.npz")
    assert motion.meta["fit"]["turned_deg"] == turned_deg
    assert motion.head_rad is not None and motion.eyes_rad is not None
    assert np.abs(np.degrees(motion.head_rad[:, 2])).max() < 10
    assert np.abs(np.degrees(motion.eyes_rad)).max() < 30
    drawn = next(video.pictures(tmp_path / "a.mp4"))[1].astype(float)
    stored = next(video.pictures(CASE / name))[1]
    apart = [np.abs(drawn - turned(stored, turns)).mean() for turns in range(4)]
    assert int(np.argmin(apart)) == turned_deg // 90  # the overlay is drawn on upright pictures


def lying(source: Path, target: Path, turns: int, count: int) -> Path:
    """The first pictures of a film, turned without a tag."""
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(25))
        for number, (_, image) in enumerate(video.pictures(source, turns=-turns)):
            if number == count:
                break
            if not number:
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt, stream.options = "yuv444p", {"crf": "4", "preset": "veryfast"}
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode())
    return target


@pytest.mark.shared
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_signs_are_right_after_turning(turns: int, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is not installed; the extra video brings it")
    source = SHARED / "gaze_truth" / "head_21.mp4"
    if not source.exists():
        pytest.skip("the development data is not beside the checkout")
    upright, seen = fit_video_closely(lying(source, tmp_path / "a.mp4", 0, 40))
    found, also = fit_video_closely(lying(source, tmp_path / "b.mp4", turns, 40))
    assert (seen.turns, also.turns) == (0, turns)
    assert "turned_deg" not in upright.meta["fit"] and "turned_deg" in found.meta["fit"]
    for name in ("head_rad", "eyes_rad"):
        apart = np.degrees(np.abs(getattr(upright, name) - getattr(found, name)))
        assert np.median(apart) < 0.5 and apart.max() < 4
