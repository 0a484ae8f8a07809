"""Checkpoints: what is saved comes back; what is damaged, foreign or of another model is one clear error."""

import json
import resource
import shutil
import signal
from pathlib import Path

import pytest
import torch

from talkingeyes.errors import ModelError, OutputError
from talkingeyes.train import checkpoint
from talkingeyes.train.checkpoint import Checkpoint


def saved(folder: Path, step: int = 7, which: checkpoint.Which = "last") -> Checkpoint:
    rng = torch.Generator().manual_seed(step)
    tensors = {"b": torch.randn(3, 4, generator=rng), "a": torch.arange(5), "scalar": torch.tensor(2.5)}
    found = Checkpoint(step, tensors, {"best": {"loss": 0.1}, "name": "x"})
    checkpoint.save(folder, which, found)
    return found


def test_a_checkpoint_comes_back_and_replaces_the_one_before(tmp_path):
    assert checkpoint.load(tmp_path, "last") is None
    saved(tmp_path, 3)
    best = saved(tmp_path, 5, "best")
    last = saved(tmp_path, 7)
    for which, wanted in (("last", last), ("best", best)):
        found = checkpoint.load(tmp_path, which)
        assert (found.step, found.facts) == (wanted.step, wanted.facts)
        assert found.tensors.keys() == wanted.tensors.keys()
        assert all(
            torch.equal(found.tensors[k], v) and found.tensors[k].dtype == v.dtype for k, v in wanted.tensors.items()
        )
        assert checkpoint.glance(tmp_path, which) == (wanted.step, wanted.facts)
    assert len(list(tmp_path.iterdir())) == 4


def head(folder: Path) -> dict:
    return json.loads((folder / "last.json").read_text())


def edit(folder: Path, **changes) -> None:
    (folder / "last.json").write_text(json.dumps(head(folder) | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": 2}, "from a newer TalkingEyes"),
        ({"version": None}, "version None"),
        ({"format": "x"}, "not a checkpoint"),
        ({"extra": 1}, "its keys"),
        ({"facts": []}, "its keys"),
        ({"step": -1}, "step is -1"),
        ({"step": True}, "step is True"),
        ({"size": 1 << 50}, "size is 1125899906842624"),
        ({"file": "../../etc/passwd"}, "no name of ours"),
        ({"file": "last-00000009-00000000.safetensors"}, "no such file"),
        ({"sha256": "0" * 64}, "truncated or damaged"),
    ],
)
def test_a_wrong_head_is_one_line(tmp_path, changes, says):
    saved(tmp_path)
    edit(tmp_path, **changes)
    with pytest.raises(ModelError, match=says) as caught:
        checkpoint.load(tmp_path, "last")
    assert "\n" not in str(caught.value)


def test_damaged_tensors_are_one_line(tmp_path):
    saved(tmp_path)
    path = tmp_path / head(tmp_path)["file"]
    whole = path.read_bytes()
    for content in (whole[:-1], whole + b"x", whole[:-1] + bytes([whole[-1] ^ 1]), b""):
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"truncated or damaged|more than the"):
            checkpoint.load(tmp_path, "last")
    import hashlib

    for content in (b"\xff" * 64, (1 << 62).to_bytes(8, "little") + b"{}", b"\x80\x04pickle"):
        path.write_bytes(content)  # named rightly by its head, but no safetensors: a header of 4 EB, a pickle
        edit(tmp_path, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        with pytest.raises(ModelError, match="not safetensors"):
            checkpoint.load(tmp_path, "last")


def test_tensors_of_another_module_are_refused():
    module = torch.nn.Linear(3, 2)
    good = {"weight": torch.zeros(2, 3), "bias": torch.zeros(2)}
    checkpoint.load_into(module, good, Path("x.json"))
    for tensors, says in (
        ({"weight": good["weight"]}, "lacks 'bias'"),
        (good | {"other": torch.zeros(1)}, "holds 'other'"),
        (good | {"weight": torch.zeros(2, 4)}, "another configuration"),
        (good | {"weight": good["weight"].double()}, "another configuration"),
        (good | {"bias": torch.tensor([0.0, float("nan")])}, "NaN"),
    ):
        with pytest.raises(ModelError, match=says):
            checkpoint.load_into(module, tensors, Path("x.json"))


def test_a_real_limit_on_file_size_leaves_the_earlier_checkpoint(tmp_path):
    """The system itself refuses the write half-way, as a full disk does."""
    before = saved(tmp_path, 3)
    files = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        with pytest.raises(OutputError, match="earlier checkpoints are whole"):
            checkpoint.save(tmp_path, "last", Checkpoint(4, {"big": torch.zeros(10_000)}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == files
    assert checkpoint.load(tmp_path, "last").step == before.step


def test_a_folder_that_went_away_is_one_line(tmp_path):
    folder = tmp_path / "stage"
    folder.mkdir()
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match="does not exist"):
        saved(folder)
