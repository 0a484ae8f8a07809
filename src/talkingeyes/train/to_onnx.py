"""torch module -> a folder of ONNX files with its manifest, as `talkingeyes.weights` reads it."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from talkingeyes.errors import ModelError
from talkingeyes.files import write_whole
from talkingeyes.weights import Network, is_in_parts, load_network
from talkingeyes.weights_manifest import FORMAT, MANIFEST, VERSION, Manifest, parse_manifest

OPSET = 17
MAX_DIFFERENCE = 1e-4
"""Between torch and onnxruntime on the example, relative to the largest value (at least 1)."""


@dataclass(frozen=True)
class Names:
    """What a network's inputs and outputs are called.

    Attributes:
        inputs: in the order of ``forward``'s arguments.
        outputs: in the order of its results.
        dynamic: axes of free length: axis -> name of the length, by input or output.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    dynamic: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


def export_network(
    module: torch.nn.Module, example_inputs: Sequence[torch.Tensor], names: Names, path: Path
) -> dict[str, float]:
    """Write one network as ONNX and compare it with torch on the example.

    Args:
        module: its ``forward`` takes tensors and gives a tensor or a tuple of tensors; exported in eval mode, on CPU.
        example_inputs: one tensor per input; axes that are not named in ``names.dynamic`` keep these lengths.
        names: of inputs and outputs.
        path: ``NAME.onnx``, replaced as a whole.

    Returns:
        Largest absolute difference between torch and onnxruntime by output.

    Raises:
        ModelError: onnxruntime gives something else than torch.
    """
    was_training = module.training
    module.eval()
    try:
        with torch.no_grad():
            wanted = module(*example_inputs)
        model = _onnx_bytes(module, tuple(example_inputs), names)
    finally:
        module.train(was_training)
    expected = wanted if isinstance(wanted, tuple) else (wanted,)
    feeds = {n: t.detach().cpu().numpy() for n, t in zip(names.inputs, example_inputs, strict=True)}
    differences = _compare(model, feeds, dict(zip(names.outputs, expected, strict=True)), path)
    write_whole(path, lambda aside: _put(aside, model))
    return differences


def write_manifest(
    folder: Path,
    *,
    name: str,
    licence: str,
    training_data: Sequence[str],
    config: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> None:
    """Write the manifest of every ``*.onnx`` that lies in ``folder``, then read the whole folder back.

    Raises:
        ModelError: there is none, or a value that `load_network` would refuse.
    """
    files = {}
    for path in sorted(folder.glob("*.onnx")):
        content = path.read_bytes()
        files[path.name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest = {
        "format": FORMAT, "version": VERSION, "name": name, "files": files, "licence": licence,
        "training_data": list(training_data), "config": dict(config), "scores": dict(scores),
    }  # fmt: skip
    try:
        data = _in_lines(json.dumps(manifest, indent=1, allow_nan=False)).encode() + b"\n"
    except (TypeError, ValueError) as error:
        raise ModelError(f"{folder / MANIFEST}: config or scores are not JSON ({error})") from None
    parse_manifest(data, folder / MANIFEST)
    write_whole(folder / MANIFEST, lambda aside: _put(aside, data))
    network = load_network(folder, own=True)
    for each in network.models:
        network.session(each)


def _in_lines(document: str) -> str:
    """JSON with each list of numbers on one line: tables stay readable and small."""
    return re.sub(r"\[[-+.\deE,\s]+\]", lambda found: " ".join(found.group().split()), document)


def _onnx_bytes(module: torch.nn.Module, example: tuple[torch.Tensor, ...], names: Names) -> bytes:
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        # The newer exporter needs onnxscript, whose protobuf is not the one that MediaPipe 0.10.21 needs.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message="Constant folding")
        torch.onnx.export(
            module,
            example,
            path,
            input_names=list(names.inputs),
            output_names=list(names.outputs),
            dynamic_axes={name: dict(axes) for name, axes in names.dynamic.items()},
            opset_version=OPSET,
            dynamo=False,
        )
        return _without_origins(path.read_bytes())


def _without_origins(model: bytes) -> bytes:
    """The same model without the source lines (folders of this machine) that torch may note in it; checked."""
    import onnx

    parsed = onnx.load_model_from_string(model)
    for node in parsed.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.checker.check_model(parsed)
    stripped = parsed.SerializeToString(deterministic=True)
    assert not is_in_parts(stripped), "no tensor or node of ours may be named like this (weights.py)"
    return stripped


def _compare(
    model: bytes, feeds: Mapping[str, np.ndarray], expected: Mapping[str, torch.Tensor], path: Path
) -> dict[str, float]:
    alone = Network(path.parent, Manifest(path.stem, {}, "", (), {}, {}), "", {path.stem: model})
    found = alone.run(path.stem, feeds)
    differences = {}
    for name, tensor in expected.items():
        wanted = tensor.detach().cpu().numpy()
        if found[name].shape != wanted.shape:
            raise ModelError(f"{path}: {name} is {found[name].shape} in onnxruntime, {wanted.shape} in torch")
        apart = np.abs(found[name].astype(float) - wanted.astype(float))
        differences[name] = float(apart.max(initial=0.0))
        limit = MAX_DIFFERENCE * max(1.0, float(np.abs(wanted).max(initial=0.0)))
        if not differences[name] <= limit:
            raise ModelError(f"{path}: {name} differs by {differences[name]:.3g} between torch and onnxruntime")
    return differences


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
