"""Weights: what is written is what runs, and nothing damaged, foreign or oversized is ever run."""

import hashlib
import json
import os
import resource
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper

from talkingeyes.errors import ModelError
from talkingeyes.train.to_onnx import Names, export_network, write_manifest
from talkingeyes.weights import load_network
from talkingeyes.weights_manifest import MANIFEST


class Step(torch.nn.Module):
    """One cached step, like the real ones."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = torch.nn.Linear(4, 3)
        self.cell = torch.nn.GRUCell(3, 3)
        self.drop = torch.nn.Dropout(0.5)

    def forward(self, x, state):
        after = self.cell(self.drop(self.inner(x)), state)
        return after.tanh(), after


NAMES = Names(("x", "state"), ("y", "state_after"), {"x": {0: "rows"}, "state": {0: "rows"}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    made = tmp_path / "weights"
    made.mkdir()
    export_network(Step(), (torch.randn(2, 4), torch.randn(2, 3)), NAMES, made / "step.onnx")
    write_manifest(
        made, name="tiny", licence="MIT", training_data=["nothing"], config={"width": 3}, scores={"loss": 1.5}
    )
    return made


def edit(folder: Path, **changes) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest.update(changes)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def name_again(folder: Path, name: str = "step.onnx") -> None:
    """The manifest of a file that was changed on purpose."""
    data = (folder / name).read_bytes()
    edit(folder, files={name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}})


def test_torch_and_onnx_agree_whatever_the_number_of_rows(tmp_path):
    torch.manual_seed(2)
    module = Step()
    differences = export_network(module, (torch.randn(2, 4), torch.randn(2, 3)), NAMES, tmp_path / "step.onnx")
    assert max(differences.values()) < 1e-6
    assert module.training  # the mode is given back
    write_manifest(tmp_path, name="tiny", licence="MIT", training_data=[], config={}, scores={})
    network = load_network(tmp_path)
    x, state = torch.randn(7, 4), torch.randn(7, 3)
    module.eval()
    with torch.no_grad():
        wanted = module(x, state)
    first = network.run("step", {"x": x.numpy(), "state": state.numpy()})
    again = load_network(tmp_path).run("step", {"x": x.numpy(), "state": state.numpy()})
    np.testing.assert_allclose(first["y"], wanted[0].numpy(), atol=1e-6)
    assert first["state_after"].tobytes() == again["state_after"].tobytes()


class Drawn(torch.nn.Module):
    """What ONNX cannot repeat."""

    def forward(self, x):
        return x + torch.rand_like(x)


def test_a_module_that_onnx_does_not_repeat_is_not_written(tmp_path):
    with pytest.raises(ModelError, match="y differs by"):
        export_network(Drawn(), (torch.zeros(1, 4),), Names(("x",), ("y",)), tmp_path / "drawn.onnx")
    assert not list(tmp_path.iterdir())


def test_the_same_module_gives_the_same_file_without_folders_of_the_machine(tmp_path):
    torch.manual_seed(3)
    module = Step()
    for name in ("a.onnx", "b.onnx"):
        export_network(module, (torch.zeros(1, 4), torch.zeros(1, 3)), NAMES, tmp_path / name)
    data = (tmp_path / "a.onnx").read_bytes()
    assert data == (tmp_path / "b.onnx").read_bytes()
    assert b".py" not in data
    assert str(Path(__file__).parents[2]).encode() not in data


def test_the_manifest_comes_back(folder):
    network = load_network(folder)
    assert (network.manifest.name, network.manifest.config, network.manifest.scores) == (
        "tiny", {"width": 3}, {"loss": 1.5},
    )  # fmt: skip
    assert network.sha256 == hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


MANIFEST_FAULTS = [
    ({"version": 2}, "from a newer TalkingEyes"),
    ({"version": "1"}, "version is '1'"),
    ({"format": "other"}, "not a manifest"),
    ({"extra": 1}, "unknown key 'extra'"),
    ({"name": "../x"}, "name is not"),
    ({"licence": ""}, "licence is no text"),
    ({"training_data": "x"}, "no list of texts"),
    ({"config": []}, "config is list"),
    ({"files": {}}, "1 to 16 files"),
    ({"files": {"../step.onnx": {"size": 1, "sha256": "0" * 64}}}, "file name"),
    ({"files": {"step.pkl": {"size": 1, "sha256": "0" * 64}}}, "file name"),
    ({"files": {"step.onnx": {"size": 10**12, "sha256": "0" * 64}}}, "64000000 are accepted"),
    ({"files": {"step.onnx": {"size": 10, "sha256": "0" * 63}}}, "no SHA-256"),
    ({"files": {"gone.onnx": {"size": 10, "sha256": "0" * 64}}}, "no such file"),
]


@pytest.mark.parametrize(("changes", "says"), MANIFEST_FAULTS, ids=[str(f[0])[:40] for f in MANIFEST_FAULTS])
def test_a_wrong_manifest_is_one_line(folder, changes, says):
    edit(folder, **changes)
    with pytest.raises(ModelError, match=says) as caught:
        load_network(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000, "not JSON"),
        (b'{"format": "talkingeyes-weights", "version": NaN}', "NaN is no JSON number"),
        (b" " * (1 << 20) + b"{}", "more than the 1048576 bytes"),
        (b"", "not JSON"),
        (b'{"version": ' + b"9" * 10_000 + b"}", "not JSON"),
    ],
    ids=["deep", "nan", "large", "empty", "digits"],
)
def test_a_hostile_manifest_is_refused_before_it_is_believed(folder, content, says):
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ModelError, match=says):
        load_network(folder)


def test_missing_key_and_folder(folder, tmp_path):
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest["scores"]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="missing key 'scores'"):
        load_network(folder)
    with pytest.raises(ModelError, match="no such folder"):
        load_network(tmp_path / "nowhere")


def test_a_changed_cut_or_grown_file_is_never_run(folder):
    path = folder / "step.onnx"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelError, match="SHA-256"):
        load_network(folder)
    path.write_bytes(whole[:100])
    with pytest.raises(ModelError, match="truncated"):
        load_network(folder)
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a file that claims a terabyte is read up to its stated size only
    with pytest.raises(ModelError, match="more than"):
        load_network(folder)


def test_a_pipe_does_not_hang(folder):
    (folder / "step.onnx").unlink()
    os.mkfifo(folder / "step.onnx")
    with pytest.raises(ModelError, match="not an ordinary file"):
        load_network(folder)


@pytest.mark.parametrize(
    "content", [b"abc", b"PK\x03\x04" + bytes(200), b"\x80\x04pickle"], ids=["text", "zip", "pickle"]
)
def test_what_is_no_onnx_is_refused_when_run(folder, content):
    (folder / "step.onnx").write_bytes(content)
    name_again(folder)
    with pytest.raises(ModelError, match="not a readable ONNX model"):
        load_network(folder).session("step")


def test_a_small_file_that_asks_for_much_memory_is_stopped(folder):
    """An ONNX file is not compressed, but 200 bytes can ask for terabytes: the limit is on memory."""
    for count in (10**12, 10**9):
        shape = helper.make_tensor("shape", onnx.TensorProto.INT64, [1], [count])
        nodes = [
            helper.make_node("ConstantOfShape", ["shape"], ["big"]),
            helper.make_node("ReduceSum", ["big"], ["y"], keepdims=0),
        ]
        y = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [])
        model = helper.make_model(
            helper.make_graph(nodes, "g", [], [y], [shape]), opset_imports=[helper.make_opsetid("", 17)], ir_version=8
        )
        (folder / "step.onnx").write_bytes(model.SerializeToString())
        name_again(folder)
        with pytest.raises(ModelError, match="cannot be run"):
            load_network(folder).run("step", {})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3e6  # kilobytes


def test_tensors_in_another_file_are_refused(folder):
    outside = folder.parent / "secret.bin"
    outside.write_bytes(bytes(1 << 16))
    model = onnx.load_model(folder / "step.onnx")
    for tensor in model.graph.initializer:
        onnx.external_data_helper.set_external_data(tensor, location=str(outside))
        tensor.ClearField("raw_data")
    (folder / "step.onnx").write_bytes(model.SerializeToString())
    name_again(folder)
    with pytest.raises(ModelError, match="another file"):
        load_network(folder)


def test_inputs_that_do_not_fit_and_networks_that_are_not_there(folder):
    network = load_network(folder)
    x, state = np.zeros((1, 4), np.float32), np.zeros((1, 3), np.float32)
    for feeds in ({"x": x}, {"x": x[:, :3], "state": state}, {"x": x.astype(float), "state": state}):
        with pytest.raises(ModelError, match="cannot be run"):
            network.run("step", feeds)
    with pytest.raises(ModelError, match="no network 'walk'"):
        network.run("walk", {})
    with pytest.raises(ModelError, match="holds NaN"):
        network.run("step", {"x": x * np.nan, "state": state})


def test_a_manifest_that_would_be_refused_is_not_written(folder):
    before = (folder / MANIFEST).read_bytes()
    for changes in ({"scores": {"loss": float("nan")}}, {"config": {"x": object()}}, {"name": "a/b"}):
        given = {"name": "tiny", "licence": "MIT", "training_data": [], "config": {}, "scores": {}, **changes}
        with pytest.raises(ModelError):
            write_manifest(folder, **given)
    assert (folder / MANIFEST).read_bytes() == before
