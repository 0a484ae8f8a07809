"""``talkingeyes dataset`` from the outside, and three real clips through the real fit."""

import json
import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.data.dataset import open_dataset
from tests.data.test_importers import flame, table

SHARED = Path(__file__).parents[3] / "shared" / "data"


def said(capsys, *words):
    status = main(["dataset", *map(str, words)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_import_info_verify_and_card(tmp_path, capsys):
    table(tmp_path / "f.csv", [(1, "SPEAK", 0.3 * i, 0.25, i % 3, 0) for i in range(20)])
    shutil.move(tmp_path / "f.csv", tmp_path / "f.csv.gz")
    out = tmp_path / "set"
    status, text, _ = said(capsys, "import", "fixations", tmp_path / "f.csv.gz", out, "--held-out", "0.2")
    assert status == 0
    assert "1 clips made" in text
    root = tmp_path / "tked"
    root.mkdir()
    for i in range(4):
        np.savez(root / f"{i}.npz", **flame(fps=25.0 + i))
    np.savez(root / "bad.npz", x=np.zeros(3))
    status, text, _ = said(capsys, "import", "tked", root, out, "--speakers", "file", "--json")
    result = json.loads(text)
    assert status == 0
    assert (result["made"], len(result["rejected"])) == (4, 1)
    status, text, _ = said(capsys, "import", "tked", root, out)
    assert json.loads((out / "split.json").read_text())["by"] == "file"  # what was asked for stays
    assert "4 were done before" in text or "5 were done before" in text
    status, text, _ = said(capsys, "info", out, "--verify", "--json")
    assert json.loads(text)["clips"] == 5
    assert json.loads(text)["verified"]
    pytest.importorskip("matplotlib")
    status, text, _ = said(capsys, "info", out, "--card", tmp_path / "card")
    assert status == 0
    assert "left out: bad.npz" in text
    assert {p.name for p in (tmp_path / "card").iterdir()} >= {"card.md", "card.json", "lengths.png", "directions.png"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "needs an action"),
        (["info", "{tmp}/nowhere"], "is this a data set"),
        (["build", "{tmp}/nowhere", "{tmp}/o"], "is no folder"),
        (["build", "{tmp}", "{tmp}/o"], "holds no video"),
        (["build", "{tmp}", "{tmp}/o", "--address", "auto"], "holds no video"),
        (["import", "tked", "{tmp}", "{tmp}/o", "--speaker", "ann"], "NAME=PATTERN"),
        (["import", "tked", "{tmp}", "{tmp}/o", "--held-out", "0.7"], "below 1"),
        (["import", "fixations", "{tmp}/none.csv", "{tmp}/o"], "no such file"),
    ],
)
def test_one_line_says_what_is_wrong(tmp_path, capsys, words, says):
    status, out, err = said(capsys, *(w.replace("{tmp}", str(tmp_path)) for w in words))
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert says in err
    assert not (tmp_path / "o").exists()


def still_of(video, target):
    """A video in which the first picture of another one stands still for 1.2 s."""
    with av.open(str(video)) as source:
        picture = next(source.decode(video=0)).to_ndarray(format="rgb24")
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p"
        for _ in range(30):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())


@pytest.mark.shared
def test_real_clips_through_the_real_fit(tmp_path, capsys):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed; talkingeyes[video] brings it")
    news = sorted((SHARED / "clips" / "news").glob("*.mp4"))[:2]
    if len(news) < 2:
        pytest.skip("the development data is not beside the checkout")
    videos = tmp_path / "videos"
    videos.mkdir()
    for path in news:
        shutil.copy(path, videos)
    whole = news[0].read_bytes()
    (videos / "cut.mp4").write_bytes(whole[: len(whole) // 10])
    (videos / "words.mp4").write_text("no video at all")
    still_of(news[0], videos / "still.mp4")
    status, out, _ = said(capsys, "build", videos, tmp_path / "set", "--speakers", "file", "--json")
    result = json.loads(out)
    assert status == 0
    reasons = {r["path"]: r["reason"] for r in result["rejected"]}
    assert reasons.keys() == {"cut.mp4", "words.mp4", "still.mp4"}
    assert "still picture" in reasons["still.mp4"]
    assert str(tmp_path) not in json.dumps(result["card"])
    data = open_dataset(tmp_path / "set")
    assert len(data) == 2
    for _, sample in data.samples():
        motion = sample.motion
        assert sample.speech is not None
        assert abs(sample.speech.duration_s - motion.duration_s) < 0.2
        assert motion.confidence is not None
        assert motion.eyes_rad is not None
        assert {k: v.shape[0] for k, v in sample.traits.items()} == {"shape": 2, "look": 2, "voice": 2}
