"""``--face FILE`` and ``none``: the given mouth untouched, everything else settled in one place."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio import Speech
from talkingeyes.cli import main
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.generate.face_track import face_track
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES

from .conftest import make_speech

FPS = 30.0


@pytest.fixture(scope="module")
def short() -> Speech:
    return make_speech(6.0)


def track_of(fps: float, seconds: float, **columns: object) -> Motion:
    """A track with a moving jaw and what ``columns`` add."""
    count = round(fps * seconds)
    t = np.arange(count) / fps
    table: dict[str, np.ndarray] = {"jawOpen": 0.3 + 0.25 * np.sin(2 * np.pi * 1.5 * t)}
    table |= {name: np.broadcast_to(np.asarray(v, float), (count,)) for name, v in columns.items() if name != "lids"}
    names = tuple(n for n in ARKIT_NAMES if n in table)
    lids = columns.get("lids")
    return Motion(
        fps=fps,
        face=np.stack([table[n] for n in names], axis=1),
        face_names=names,
        lids=None if lids is None else np.repeat(np.asarray(lids, float)[:, None], 2, axis=1),
    )


def test_the_given_mouth_is_untouched(short: Speech, tmp_path: Path) -> None:
    given = te.animate(short, seed=9)
    te.save(given, tmp_path / "lips.npz")
    take = te.animate(short, seed=1, face=tmp_path / "lips.npz")
    plain = te.animate(short, seed=1)
    for name in (n for n in given.face_names if not n.startswith("brow")):
        assert np.array_equal(take.coefficient(name), given.coefficient(name)), name
    for channel in ("head_rad", "eyes_rad", "lids"):
        assert np.array_equal(getattr(take, channel), getattr(plain, channel)), channel
    assert take.meta["face"]["source"] == "lips.npz" and take.meta["face"]["notes"] == []


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_tracks_of_other_formats_and_rates(short: Speech, tmp_path: Path, suffix: str) -> None:
    given = te.animate(short, seed=9, fps=60)
    te.save(given, tmp_path / f"lips{suffix}")
    own_rate = te.animate(short, seed=1, face=tmp_path / f"lips{suffix}")
    assert own_rate.fps == 60
    assert np.allclose(own_rate.coefficient("jawOpen"), given.coefficient("jawOpen"), atol=1e-5)
    slower = te.animate(short, seed=1, fps=30, face=tmp_path / f"lips{suffix}")
    assert np.allclose(slower.coefficient("jawOpen"), given.coefficient("jawOpen")[::2], atol=1e-5)


def test_flame_jaw_is_read(short: Speech, tmp_path: Path) -> None:
    given = te.animate(short, seed=9)
    te.save(given, tmp_path / "x.flame.npz")
    with np.load(tmp_path / "x.flame.npz") as file:
        arrays = {key: file[key] for key in file.files}
    arrays["expression"] = np.full((given.num_frames, 50), 0.1)
    np.savez(tmp_path / "other.npz", **{k: v for k, v in arrays.items() if k in ("fps", "jaw_pose", "expression")})
    for name in ("x.flame.npz", "other.npz"):
        take = te.animate(short, seed=1, face=tmp_path / name)
        assert np.allclose(take.coefficient("jawOpen"), given.coefficient("jawOpen"), atol=1e-4)
    assert "expression has no ARKit names" in take.meta["face"]["notes"][0]


@pytest.mark.parametrize(("seconds", "told"), [(4.0, "2.00 s shorter"), (7.5, "1.50 s longer"), (6.05, None)])
def test_lengths_that_differ(short: Speech, seconds: float, told: str | None) -> None:
    track = track_of(FPS, seconds, mouthPucker=0.4)
    take = te.animate(short, seed=1, face=track)
    assert take.num_frames == 180
    same = min(track.num_frames, 180)
    assert np.array_equal(take.coefficient("jawOpen")[:same], track.coefficient("jawOpen")[:same])
    if seconds < 6:
        assert take.coefficient("mouthPucker")[same + 1] > 0.39, "held for a moment"
        assert take.coefficient("jawOpen")[same + 16 :].max() == 0, "then at rest"
        assert np.abs(np.diff(take.coefficient("mouthPucker")[same - 2 :])).max() < 0.08
    notes = take.meta["face"]["notes"]
    assert (told is None and notes == []) or (told is not None and told in notes[0])


def test_blinks_are_ours_and_squints_lose_theirs(speech: Speech) -> None:
    count = 1200
    blink = np.zeros(count)
    blink[60:66] = 1.0
    squint = np.full(count, 0.2)
    squint[58:68] = 0.8
    track = track_of(FPS, 40.0, eyeSquintLeft=squint, eyeWideRight=0.5, lids=blink)
    take, plain = te.animate(speech, seed=4, face=track), te.animate(speech, seed=4)
    assert np.array_equal(take.lids, plain.lids)
    assert take.coefficient("eyeSquintLeft").max() == pytest.approx(0.2, abs=1e-6)
    assert take.lids is not None
    shut = take.lids[:, 1] > 0.95
    assert shut.any() and take.coefficient("eyeWideRight")[shut].max() < 0.05
    np.testing.assert_allclose(take.coefficient("eyeWideRight"), 0.5 * (1 - take.lids[:, 1]), atol=1e-6)


def test_brows_belong_to_the_track_if_it_moves_them(short: Speech) -> None:
    plain = te.animate(short, seed=4)
    still = te.animate(short, seed=4, face=track_of(FPS, 6.0, browInnerUp=0.0))
    assert np.array_equal(still.coefficient("browInnerUp"), plain.coefficient("browInnerUp"))
    wave = 0.3 + 0.2 * np.sin(np.arange(180) / 7)
    moving = te.animate(short, seed=4, face=track_of(FPS, 6.0, browInnerUp=wave))
    assert np.allclose(moving.coefficient("browInnerUp"), wave, atol=1e-6)
    assert "browOuterUpLeft" not in moving.face_names


def test_none_leaves_the_face_away(short: Speech, tmp_path: Path) -> None:
    take = te.animate(short, seed=4, face="none")
    assert take.face is None and take.meta["face"] == "none"
    assert np.array_equal(take.eyes_rad, te.animate(short, seed=4).eyes_rad)
    te.save(take, tmp_path / "x.csv")
    te.save(take, tmp_path / "x.glb")


def test_wrong_tracks_are_refused(short: Speech, tmp_path: Path) -> None:
    eyes = te.animate(short, face="none")
    te.save(eyes, tmp_path / "eyes.npz")
    brows = Motion(fps=30, face=np.zeros((9, 1)), face_names=("browInnerUp",))
    for source, message in (
        (tmp_path / "nothing.csv", "no such file"),
        (tmp_path / "x.bvh", "cannot be read as a face track"),
        (tmp_path / "eyes.npz", "holds no mouth"),
        (brows, "holds no mouth"),
    ):
        with pytest.raises(FormatError, match=message):
            te.animate(short, face=source)
    with pytest.raises(SettingError, match="keep holds it"):
        te.animate(short, face="none", keep=["mouth"], keep_from=te.animate(short))
    np.savez(tmp_path / "flame.npz", jaw_pose=np.zeros((5, 2)), fps=25)
    with pytest.raises(FormatError, match="jaw_pose has shape"):
        face_track(tmp_path / "flame.npz")


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_columns_are_named_when_they_are_missing_unknown_or_out_of_range(short: Speech, tmp_path: Path) -> None:
    te.save(te.animate(short, seed=9), tmp_path / "lips.csv")
    with (tmp_path / "lips.csv").open() as file:
        rows = list(csv.reader(file))
    jaw, close = rows[0].index("JawOpen"), rows[0].index("MouthClose")
    meta_human = [row[:close] + row[close + 1 :] for row in rows]
    notes = te.animate(short, face=written(tmp_path / "mh.csv", meta_human)).meta["face"]["notes"]
    assert notes == ["mh.csv: has no mouthClose; taken as it is"]
    unknown = [[*row, "0.1"] for row in rows]
    unknown[0][-1] = "TongueTwist"
    unknown[7][jaw] = "1.2"
    notes = te.animate(short, face=written(tmp_path / "u.csv", unknown)).meta["face"]["notes"]
    assert "TongueTwist" in notes[0] and "jawOpen" in notes[1]
    for value, message in (("7.5", "jawOpen is 7.5 in frame 6"), ("open", "line 8 has 'open' for jawOpen")):
        rows[7][jaw] = value
        with pytest.raises(FormatError, match=re.escape(message)):
            te.animate(short, face=written(tmp_path / "bad.csv", rows))


def test_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sample = Path(te.__file__).parent / "assets" / "sample.opus"
    te.save(track_of(25.0, 3.0), "lips.npz")
    assert main(["animate", str(sample), "--face", "lips.npz", "-o", "out.npz"]) == 0
    said = capsys.readouterr().err
    assert said.startswith("talkingeyes: note: lips.npz: 3.00 s") and said.count("\n") == 1
    assert te.load("out.npz").face_names[0] == "jawOpen"
    assert main(["animate", str(sample), "--face", "lips.npz", "-o", "lips.npz"]) == 2
    assert main(["animate", str(sample), "--face", "no.csv", "-o", "out.npz"]) == 2
    assert "no.csv: no such file" in capsys.readouterr().err
    assert main(["animate", str(sample), "--face", "none", "-o", "none.npz"]) == 0
    assert te.load("none.npz").face is None
