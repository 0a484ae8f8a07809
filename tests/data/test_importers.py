"""Published sets: TKED's FLAME parameters, Live Link Face takes, an eye tracker's fixations."""

import gzip
import math
import wave

import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.data import fixations, livelink, tked
from talkingeyes.data.build import build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.formats import save
from tests.data.fakes import motion_of


def in_process(make, tasks):
    for task in tasks:
        yield make(task)


def voice(path, duration_s):
    rate = 16_000
    times = np.arange(int(duration_s * rate)) / rate
    samples = (8000 * np.sin(2 * np.pi * 150 * times) * (np.sin(2 * np.pi * 3 * times) > 0)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def taken(source, out):
    report = build(source, out, engine=in_process)
    data = open_dataset(out)
    for shard in data.shards:
        shard.verify()
    return report, {entry.row["path"]: shard.sample(entry) for shard, entry in data.entries()}


def flame(**changes):
    frames = 50
    zeros = np.zeros((frames, 3), np.float32)
    eyes = np.zeros((frames, 6), np.float32)
    eyes[:, [0, 3]], eyes[:, [1, 4]] = 0.05, 0.2  # +X is down, +Y is to the character's left
    head = zeros.copy()
    head[:, 1] = np.linspace(0, 0.3, frames)
    arrays = {
        "eye_pose": eyes,
        "global_orient": head,
        "neck_pose": zeros,
        "expression": np.ones((frames, 50)),
        "fps": 25.0,
    }
    arrays["jaw_pose"] = np.stack([np.linspace(0, 0.5, frames), np.zeros(frames), np.zeros(frames)], axis=1)
    return {k: v for k, v in (arrays | changes).items() if v is not None}


def test_tked_clips_become_samples_and_a_missing_key_is_said(tmp_path):
    root = tmp_path / "TKED"
    (root / "id00017").mkdir(parents=True)
    np.savez(root / "id00017" / "a.npz", **flame())
    voice(root / "id00017" / "a.wav", 2.0)
    np.savez(root / "b.npz", **flame(eye_pose=None, leye_pose=np.zeros((50, 3)), reye_pose=np.zeros((50, 3)), fps=None))
    np.savez(root / "noeyes.npz", **flame(eye_pose=None))
    np.savez(root / "nohead.npz", **flame(global_orient=None, neck_pose=None))
    np.savez(root / "wide.npz", **flame(eye_pose=np.zeros((50, 4))))
    np.savez(root / "nan.npz", **flame(eye_pose=np.full((50, 6), np.nan)))
    np.savez(root / "short.npz", **flame(jaw_pose=np.zeros((3, 3))))
    np.savez(root / "objects.npz", eye_pose=np.array([object()], dtype=object))
    report, samples = taken(tked.source_of(root), tmp_path / "out")
    assert set(samples) == {"id00017/a.npz", "b.npz"}
    sample = samples["id00017/a.npz"]
    assert sample.row["speaker"] == "id00017"
    assert sample.speech is not None
    assert sample.speech.num_frames == 100
    motion = sample.motion
    assert motion.eyes_rad is not None
    assert motion.head_rad is not None
    np.testing.assert_allclose(motion.eyes_rad[0, :, 0], 0.2, atol=2e-3)
    assert (motion.eyes_rad[..., 1] < -0.04).all()
    np.testing.assert_allclose(motion.head_rad[:, 0], np.linspace(0, 0.3, 50), atol=1e-6)
    assert motion.coefficient("jawOpen")[-1] == 1.0
    assert sample.flame["expression"].shape == (50, 50)
    reasons = dict(report.rejected)
    assert "lacks eyes (eye_pose" in reasons["noeyes.npz"]
    assert "it holds expression, fps" in reasons["noeyes.npz"]
    assert "lacks head" in reasons["nohead.npz"]
    assert "(T, 6)" in reasons["wide.npz"]
    assert "NaN" in reasons["nan.npz"]
    assert "differ in length" in reasons["short.npz"]
    assert "not a readable npz" in reasons["objects.npz"]
    assert samples["b.npz"].motion.fps == 25.0


def test_live_link_takes_with_their_sound(tmp_path):
    root = tmp_path / "takes"
    (root / "ann").mkdir(parents=True)
    motion = motion_of(np.random.default_rng(0), 75)
    limit = math.radians(30)
    motion = motion.replace(head_rad=np.clip(motion.head_rad, -limit, limit), confidence=None)
    save(motion, root / "ann" / "take.csv")
    voice(root / "ann" / "take.wav", 3.0)
    (root / "ann" / "take.csv").rename(root / "ann" / "take_cal.csv")
    save(motion.slice_s(0, 2.96), root / "long.csv")
    voice(root / "long.wav", 6.0)
    (root / "broken.csv").write_text("Timecode,BlendshapeCount\nx,y\n")
    report, samples = taken(livelink.source_of(root), tmp_path / "out")
    assert set(samples) == {"ann/take_cal.csv"}
    sample = samples["ann/take_cal.csv"]
    assert sample.row["speaker"] == "ann"
    assert sample.speech is not None
    assert motion.head_rad is not None
    np.testing.assert_allclose(sample.motion.head_rad, motion.head_rad, atol=1e-5)
    reasons = dict(report.rejected)
    assert "3.0 s of motion beside 6.0 s of sound" in reasons["long.csv"]
    assert "broken.csv" in reasons


def table(path, rows):
    text = "participant,state,start_s,duration_s,yaw_deg,pitch_deg\n" + "\n".join(",".join(map(str, r)) for r in rows)
    with gzip.open(path, "wt") as file:
        file.write(text + "\n")


def test_fixations_become_gaze_in_space(tmp_path):
    states = [(who, state) for who in (1, 2) for state in ("SPEAK", "LISTEN")]
    rows = [(*state, 0.3 * i, 0.25, 5 * (i % 3), -2 * (i % 2)) for state in states for i in range(20)]
    table(tmp_path / "f.csv.gz", rows)
    report, _ = taken(fixations.source_of(tmp_path / "f.csv.gz"), tmp_path / "out")
    assert report.made == 4
    data = open_dataset(tmp_path / "out")
    rows_out = [entry.row for _, entry in data.entries()]
    assert {r["role"] for r in rows_out} == {"speaking", "listening"}
    assert {r["speaker"] for r in rows_out} == {f"{tmp_path.name} 1", f"{tmp_path.name} 2"}
    for _, sample in data.samples():
        assert sample.speech is None
        assert sample.motion.gaze_rad is not None
        assert sample.motion.gaze_rad.max() == pytest.approx(math.radians(10), abs=1e-3)
        assert sample.motion.meta["source"]["name"] == "f.csv.gz"
    table(tmp_path / "bad.csv.gz", [(1, "SLEEP", 0, 2.0, 0, 0)])
    with pytest.raises(FormatError, match="SLEEP"):
        fixations.source_of(tmp_path / "bad.csv.gz")


def test_folders_that_hold_nothing(tmp_path):
    for module in (tked, livelink):
        with pytest.raises(SettingError):
            module.source_of(tmp_path)
        with pytest.raises(SettingError):
            module.source_of(tmp_path / "nowhere")


@pytest.mark.parametrize("sound", [True, False])
def test_takes_of_nobody_named_are_imported_as_the_docs_write_it(tmp_path, monkeypatch, capsys, sound):
    """``dataset import livelink takes/ set/`` with takes in the folder itself; they were "without traits"."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "takes" / "more").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for i in range(4):
        save(motion_of(rng, 60), f"takes/take{i}.csv")
        if sound and i < 3:
            voice(tmp_path / "takes" / f"take{i}.wav", 2.4)
    assert main(["dataset", "import", "livelink", "takes", "set", "--json"]) == 0
    printed = capsys.readouterr()
    assert '"made": 4' in printed.out
    groups = open_dataset("set").groups
    assert len(groups) == 4
    assert ("folder takes" in groups.values()) and (not sound or any(g.startswith("cluster") for g in groups.values()))
