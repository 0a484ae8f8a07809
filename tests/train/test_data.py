"""Clips in memory: all of a part, and nothing from a set that cannot be trained on."""

import io
import json
import sys

import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.shards import write_shard
from talkingeyes.errors import FormatError, ModelError
from talkingeyes.train import stages
from talkingeyes.train.data import fingerprint, load_clips, open_split
from tests.train.conftest import make_set


def test_every_clip_of_a_part_comes_in_order(toy_set):
    data, shares = open_dataset(toy_set), []
    found = {part: load_clips(toy_set, part, shares.append) for part in ("train", "val", "test")}
    assert sorted(c.key for clips in found.values() for c in clips) == sorted(data.split)
    assert {part: [c.key for c in clips] for part, clips in found.items()} == {
        part: [e.key for _, e in data.entries(part)] for part in found
    }
    clip = found["train"][0]
    assert (clip.origin, clip.role, clip.fps) == ("videos", "speaking", 25.0)
    assert clip.path.endswith(".mp4")
    assert clip.motion.num_frames == 50
    assert clip.speech is not None
    assert shares[-1] == 1.0
    groups = {part: {c.group for c in clips} for part, clips in found.items()}
    assert not groups["train"] & groups["val"]


def test_one_clip_is_too_few_and_none_too(tmp_path):
    with pytest.raises(ModelError, match="one clip; training needs clips of several people"):
        open_split(make_set(tmp_path / "one", 1))
    empty = tmp_path / "one" / "set"
    for path in (empty / "shards").iterdir():
        path.unlink()
    with pytest.raises(ModelError, match="no clip"):
        load_clips(empty, "train")


def test_a_set_without_a_split_or_without_people_aside(tmp_path):
    folder = make_set(tmp_path, 6)
    split = json.loads((folder / "split.json").read_text())
    split["parts"] = dict.fromkeys(split["parts"], "train")
    (folder / "split.json").write_text(json.dumps(split))
    with pytest.raises(ModelError, match="6 clips to train on and 0 to validate with"):
        open_split(folder)
    (folder / "split.json").unlink()
    with pytest.raises(ModelError, match="not split"):
        open_split(folder)
    with pytest.raises(FormatError, match="is this a data set"):
        open_split(tmp_path)


def poisoned(folder, member: str, key: str) -> str:
    """Put a NaN into a clip of a set, its hashes right as if it had been built like this."""
    data = open_dataset(folder)
    shard = data.shards[0]
    entry = next(e for s, e in data.entries("train") if s is shard)
    samples = []
    for each in shard.entries:
        members = shard.sample(each).members()
        if each is entry:
            arrays = dict(np.load(io.BytesIO(members[member])))
            arrays[key] = arrays[key].copy()
            arrays[key].flat[3] = np.nan
            packed = io.BytesIO()
            np.savez_compressed(packed, **arrays)
            members[member] = packed.getvalue()
        samples.append((each.key, members))
    for suffix in (".tar", ".json"):
        (shard.folder / f"{shard.name}{suffix}").unlink()
    write_shard(shard.folder, shard.name, samples, [])
    return entry.key


@pytest.mark.parametrize(("member", "key"), [("motion.npz", "head_rad"), ("speech.npz", "log_mel")])
def test_nan_in_a_shard_names_the_clip(tmp_path, member, key):
    folder = make_set(tmp_path, 12)
    clip = poisoned(folder, member, key)
    with pytest.raises(FormatError, match=f"{clip}.*{key} holds NaN"):
        load_clips(folder, "train")


def test_a_damaged_shard_names_the_clip(tmp_path):
    folder = make_set(tmp_path, 6)
    shard = open_dataset(folder).shards[0]
    data = bytearray(shard.tar_path.read_bytes())
    data[shard.entries[0].members["motion.npz"].offset + 40] ^= 1
    shard.tar_path.write_bytes(data)
    with pytest.raises(FormatError, match="damaged"):
        for part in ("train", "val", "test"):
            load_clips(folder, part)


def test_the_fingerprint_is_of_content_and_split(toy_set, tmp_path):
    same, other = make_set(tmp_path / "a", 12), make_set(tmp_path / "b", 9)
    assert fingerprint(open_split(same)) == fingerprint(open_split(toy_set)) != fingerprint(open_split(other))
    split = json.loads((same / "split.json").read_text())
    key = next(k for k, part in split["parts"].items() if part == "test")
    split["parts"][key] = "train"
    (same / "split.json").write_text(json.dumps(split))
    assert fingerprint(open_split(same)) != fingerprint(open_split(toy_set))


@pytest.fixture
def _only_the_toy(monkeypatch):
    monkeypatch.setattr(stages, "STAGES", {"toy": "tests.train.toy"})


def said(capsys, *words):
    status = main(["train", *map(str, words)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.usefixtures("_only_the_toy")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "{tmp}/run"], "--data"),
        (["--data", "{set}"], "--out"),
        (["--data", "{tmp}/none", "--out", "{tmp}/run"], "is this a data set"),
        (["--data", "{set}", "--out", "{tmp}/run", "--stages", "toy,toy"], "named twice"),
        (["--data", "{set}", "--out", "{tmp}/run", "--stages", "faces"], "'faces' is unknown; toy are accepted"),
        (["--data", "{set}", "--out", "{tmp}/run", "--preset", "huge"], "invalid choice"),
        (["--data", "{set}", "--out", "{tmp}/file"], "cannot be made"),
        (["{tmp}/none.json", "--data", "{set}", "--out", "{tmp}/run"], "no such file"),
        (["{tmp}/wrong.json", "--data", "{set}", "--out", "{tmp}/run"], "unknown key 'lr'"),
        (["{tmp}/local.json", "--data", "{set}", "--out", "{tmp}/run"], "no such folder"),
    ],
)
def test_one_line_says_what_is_wrong(toy_set, tmp_path, capsys, words, says):
    (tmp_path / "file").touch()
    (tmp_path / "wrong.json").write_text('{"stages": {"toy": {"lr": 1}}}')
    encoder = {"kind": "local", "folder": "hub/net", "sound": str(tmp_path)}
    (tmp_path / "local.json").write_text(json.dumps({"encoder": encoder}))
    status, out, err = said(capsys, *(w.replace("{tmp}", str(tmp_path)).replace("{set}", str(toy_set)) for w in words))
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize("package", ["torch", "safetensors"])
def test_a_missing_package_names_the_extra(toy_set, tmp_path, capsys, monkeypatch, package):
    for name in [n for n in sys.modules if n.startswith("talkingeyes.train")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    status, _, err = said(capsys, "--data", toy_set, "--out", tmp_path / "run")
    assert status == 2
    assert f"training needs {package}" in err
    assert 'pip install ".[train]"' in err


@pytest.mark.usefixtures("_only_the_toy")
def test_show_prints_a_configuration_that_trains(toy_set, tmp_path, capsys):
    words = ["--data", toy_set, "--out", tmp_path / "run", "--device", "cpu"]
    status, shown, _ = said(capsys, *words, "--preset", "tiny", "--show")
    assert status == 0
    assert not (tmp_path / "run").exists()
    config = json.loads(shown)
    assert config["stages"]["toy"]["model"]["width"] == 16
    config["stages"]["toy"]["steps"] = 15
    (tmp_path / "mine.json").write_text(json.dumps(config))
    status, out, _ = said(capsys, tmp_path / "mine.json", *words, "--preset", "tiny")
    assert status == 0
    assert "toy: 15 steps; best loss" in out
    status, out, _ = said(capsys, tmp_path / "mine.json", *words, "--preset", "tiny", "--json")
    assert json.loads(out)["stages"]["toy"]["resumed_at"] == 15
