"""Foreign networks are run in a child first: what would run for ever, take all memory or crash is one line."""

import hashlib
import importlib.util
import json
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from talkingeyes import weights
from talkingeyes.errors import ModelError
from talkingeyes.fit.landmarks import read_task, try_first
from talkingeyes.trial import Limits, tried
from talkingeyes.weights import load_network

onnx = pytest.importorskip("onnx")
QUICK = Limits(cpu_s=2, wall_s=100, num_bytes=3 << 29)


def folder_of(folder: Path, nodes: list, constants: dict[str, list[int]], inputs: tuple[str, ...] = ()) -> Path:
    """A folder of weights with one network, whose last node gives ``y``."""
    given = [onnx.helper.make_tensor(n, onnx.TensorProto.INT64, [len(v)], v) for n, v in constants.items()]
    taken = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, [1]) for name in inputs]
    y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    graph = onnx.helper.make_graph(nodes, "g", taken, [y], given)
    opset = [onnx.helper.make_opsetid("", 17)]
    data = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
    folder.mkdir(exist_ok=True)
    (folder / "net.onnx").write_bytes(data)
    named = {"net.onnx": {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}}
    head = {"format": "talkingeyes-weights", "version": 1, "name": "made", "licence": "MIT", "training_data": []}
    (folder / "manifest.json").write_text(json.dumps(head | {"config": {}, "scores": {}, "files": named}))
    return folder


def chain(length: int, side: int) -> tuple[list, dict[str, list[int]]]:
    """Products of large matrices, one after the other: a few kilobytes, days of work, no loop."""
    node = onnx.helper.make_node
    nodes = [node("ConstantOfShape", ["shape"], ["m0"])]
    nodes += [node("MatMul", [f"m{i}", "m0"], [f"m{i + 1}"]) for i in range(length)]
    return [*nodes, node("ReduceSum", [f"m{length}"], ["y"], keepdims=0)], {"shape": [side, side]}


def test_operators_that_end_after_days_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(weights, "TRIAL", QUICK)
    network = load_network(folder_of(tmp_path / "w", *chain(400, 4000)))
    begun_s = time.process_time()
    with pytest.raises(ModelError, match="is not done after 2 s") as caught:
        network.run("net", {})
    assert "\n" not in str(caught.value)
    assert time.process_time() - begun_s < 2, "none of it runs in this process"


def test_a_session_is_tried_before_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Constants are worked out while a session is made, before any run."""
    monkeypatch.setattr(weights, "TRIAL", QUICK)
    nodes, constants = chain(400, 4000)
    nodes[0] = onnx.helper.make_node("Expand", ["one", "shape"], ["m0"])
    folder = folder_of(tmp_path / "w", nodes, constants)
    model = onnx.load_model(folder / "net.onnx")
    model.graph.initializer.append(onnx.helper.make_tensor("one", onnx.TensorProto.FLOAT, [1], [1.0]))
    (folder / "net.onnx").write_bytes(model.SerializeToString())
    data = (folder / "net.onnx").read_bytes()
    head = json.loads((folder / "manifest.json").read_text())
    head["files"]["net.onnx"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(head))
    with pytest.raises(ModelError, match="is not done after 2 s"):
        load_network(folder).session("net")


def test_a_later_run_that_grows_is_stopped_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The trial's inputs were small; how much is computed depends on them."""
    monkeypatch.setattr(weights, "RUN_S", 0.5)
    nodes, constants = chain(400, 4)
    nodes[0] = onnx.helper.make_node("ConstantOfShape", ["both"], ["m0"])
    nodes.insert(0, onnx.helper.make_node("Concat", ["side", "side"], ["both"], axis=0))
    network = load_network(folder_of(tmp_path / "w", nodes, constants, ("side",)))
    assert np.isfinite(network.run("net", {"side": np.array([2])})["y"]).all()
    with pytest.raises(ModelError, match="cannot be run"):
        network.run("net", {"side": np.array([1000])})


def test_a_network_is_tried_once_and_our_own_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    calls = []
    monkeypatch.setattr(weights, "tried", lambda *given: calls.append(given) or "")
    folder = folder_of(tmp_path / "w", *chain(3, 5))
    for _ in range(2):
        network = load_network(folder)
        network.run("net", {})
        network.run("net", {})
    assert len(calls) == 1
    load_network(folder_of(tmp_path / "own", *chain(4, 5)), own=True).run("net", {})
    load_network(Path(weights.__file__).parent / "assets" / "weights" / "face").session("face")
    assert len(calls) == 1


def test_a_child_that_crashes_waits_or_eats_is_a_word():
    assert tried("tests.test_trial:crashing", b"", QUICK) == "crashes the library that runs it"
    assert "not done" in tried("tests.test_trial:waiting", b"", replace(QUICK, wall_s=2))
    assert tried("tests.test_trial:eating", b"", QUICK) == "takes more memory than is accepted"
    assert tried("tests.test_trial:fine", b"abc", QUICK) == "abc"


def crashing(_: bytes) -> str:
    import ctypes

    return str(ctypes.string_at(0))


def waiting(_: bytes) -> str:
    time.sleep(100)
    return ""


def eating(_: bytes) -> str:
    return str(np.ones(1 << 29).sum())


def fine(payload: bytes) -> str:
    return payload.decode()


@pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]")
def test_a_task_file_that_crashes_mediapipe_is_one_line(tmp_path: Path):
    """One that the fuzz runner found: a number in the head of a model, with the sums of the bundle right."""
    from tests.fuzz.kinds import KINDS

    kind = KINDS[".task"]
    (tmp_path / "x.task").write_bytes(kind.hostile(kind.make(tmp_path), Random("1 22"))["x.task"])
    with pytest.raises(ModelError, match="crashes the library") as caught:
        try_first(read_task(tmp_path / "x.task"), np.zeros((48, 64, 3), np.uint8))
    assert "\n" not in str(caught.value)
