"""Take the 16 kHz weights of the Silero voice-activity network out of its official ONNX file (MIT).

    pip download --no-deps silero-vad==6.2.3 && unzip silero_vad-*.whl -d silero   # the wheel; torch is not needed
    pip install onnx
    python scripts/silero_weights.py silero/silero_vad/data/silero_vad_16k_op15.onnx

Writes src/talkingeyes/assets/silero/{silero_vad_16k.safetensors,manifest.json}. The `silero_vad_16k.safetensors` inside
that wheel is an older set of weights than its ONNX files (up to 0.58 apart in probability), so it is not used.
The first layer (a Hann-windowed Fourier basis) is left out: `audio/silero.py` computes it. Beside them it writes
silero_step.onnx, the graph without weights that `audio/silero_step.py` runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

ASSETS = Path(__file__).parents[1] / "src" / "talkingeyes" / "assets" / "silero"
VERSION = "6.2.3"
NAMES = {
    "model.encoder.0.reparam_conv": "conv1",
    "model.encoder.1.reparam_conv": "conv2",
    "model.encoder.2.reparam_conv": "conv3",
    "model.encoder.3.reparam_conv": "conv4",
    "model.decoder.rnn": "lstm_cell",
    "model.decoder.decoder.2": "final_conv",
}


def tensors_of(path: Path) -> dict[str, np.ndarray]:
    """The named weights of the ONNX file as float32."""
    import onnx  # pyright: ignore[reportMissingImports]  # a one-off need of this script, not of the package
    from onnx import numpy_helper  # pyright: ignore[reportMissingImports]

    table = {}
    for initializer in onnx.load(path).graph.initializer:
        stem, _, kind = initializer.name.rpartition(".")
        if stem in NAMES:
            table[f"{NAMES[stem]}.{kind}"] = numpy_helper.to_array(initializer).astype("<f4")
    return table


def safetensors_bytes(tensors: dict[str, np.ndarray]) -> bytes:
    """Serialise in the safetensors layout: length, JSON header, raw little-endian data."""
    header, offset = {}, 0
    for name in sorted(tensors):
        size = tensors[name].nbytes
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(np.ascontiguousarray(tensors[name]).tobytes() for name in sorted(tensors))
    return len(text).to_bytes(8, "little") + text + body


_SAMPLES, _STEPS, _BINS, _UNITS = 576, 4, 129, 128


def step_graph() -> bytes:
    """A chunk of each of any number of voices as ONNX; `talkingeyes.audio.silero_step` hands the weights in."""
    import onnx  # pyright: ignore[reportMissingImports]
    from onnx import TensorProto, helper, numpy_helper  # pyright: ignore[reportMissingImports]

    from talkingeyes.audio.silero_step import INPUTS, OUTPUTS, step_weights

    def node(kind: str, inputs: str, outputs: str, **attributes: Any) -> Any:
        return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)

    outside = [_outside(name, values.shape) for name, values in step_weights().items()]
    inside = [numpy_helper.from_array(np.array(values), name) for name, values in _constants().items()]
    widths = {"sound": _SAMPLES, "probability": 1}
    ports = {
        n: helper.make_tensor_value_info(n, TensorProto.FLOAT, ["voices", widths.get(n, _UNITS)])
        for n in INPUTS + OUTPUTS
    }
    nodes = [
        node("Gather", "sound windows", "cut", axis=1), node("MatMul", "cut fourier", "waves"),
        node("Split", "waves bins", "cosines sines", axis=2), node("Mul", "cosines cosines", "c2"),
        node("Mul", "sines sines", "s2"), node("Add", "c2 s2", "power"), node("Sqrt", "power", "spectrum"),
        node("Pad", "spectrum around", "wide1"), node("Gather", "wide1 every", "taps1", axis=1),
        node("Reshape", "taps1 flat1", "rows1"), node("Gemm", "rows1 conv1 conv1.bias", "sum1"),
        node("Relu", "sum1", "out1"), node("Reshape", "out1 steps", "lines1"), node("Pad", "lines1 around", "wide2"),
        node("Gather", "wide2 second", "taps2", axis=1), node("Reshape", "taps2 flat2", "rows2"),
        node("Gemm", "rows2 conv2 conv2.bias", "sum2"), node("Relu", "sum2", "out2"),
        node("Reshape", "out2 flat3", "rows3"), node("Gemm", "rows3 conv3.centre conv3.bias", "sum3"),
        node("Relu", "sum3", "out3"), node("Gemm", "out3 conv4.centre conv4.bias", "sum4"),
        node("Relu", "sum4", "out4"), node("Concat", "out4 hidden", "both", axis=1),
        node("Gemm", "both lstm lstm_bias", "gates"), node("Tanh", "gates", "bent"),
        node("Split", "bent parts", "three new", axis=1), node("Mul", "three half", "halved"),
        node("Add", "halved half", "open"), node("Split", "open thirds", "enter forget give", axis=1),
        node("Mul", "cell forget", "stays"), node("Mul", "enter new", "comes"),
        node("Add", "stays comes", "cell_after"), node("Tanh", "cell_after", "held"),
        node("Mul", "give held", "hidden_after"), node("Relu", "hidden_after", "heard"),
        node("Gemm", "heard final final_bias", "logit"), node("Sigmoid", "logit", "probability"),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes, "silero_step", [ports[n] for n in INPUTS], [ports[n] for n in OUTPUTS], [*outside, *inside]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    assert model.ir_version <= onnx.IR_VERSION
    return model.SerializeToString(deterministic=True)


def _outside(name: str, shape: tuple[int, ...]) -> Any:
    from onnx import TensorProto  # pyright: ignore[reportMissingImports]

    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    size = 4 * int(np.prod(shape))
    for key, value in (("location", "none"), ("offset", "0"), ("length", f"{size}")):
        tensor.external_data.add(key=key, value=value)
    return tensor


def _constants() -> dict[str, Any]:
    """Places and lengths. The four windows of 256 samples reach 64 samples past the end, where sound is mirrored."""
    at = np.arange(256) + 128 * np.arange(_STEPS)[:, None]
    return {
        "windows": np.where(at < _SAMPLES, at, 2 * (_SAMPLES - 1) - at),
        "bins": [_BINS, _BINS], "parts": [3 * _UNITS, _UNITS], "thirds": [_UNITS] * 3, "half": np.float32(0.5),
        "every": np.arange(3) + np.arange(4)[:, None], "second": np.arange(3) + 2 * np.arange(2)[:, None],
        "flat1": [-1, 3 * _BINS], "flat2": [-1, 3 * _UNITS], "flat3": [-1, 128], "steps": [-1, _STEPS, _UNITS],
        "around": [0, 1, 0, 0, 1, 0],
    }  # fmt: skip


def _put(manifest: dict[str, Any]) -> None:
    (ASSETS / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Write the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("onnx", type=Path)
    source = parser.parse_args().onnx
    data = safetensors_bytes(tensors_of(source))
    manifest = {
        "name": "Silero VAD",
        "version": VERSION,
        "origin": f"{source.name} of the PyPI wheel silero-vad {VERSION} (github.com/snakers4/silero-vad)",
        "origin_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "changes": "weights only, in safetensors, written by scripts/silero_weights.py; the Fourier basis is computed",
        "file": "silero_vad_16k.safetensors",
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "MIT, Copyright (c) 2020-present Silero Team; see LICENSE in this folder",
        "training_data": "not published by its authors",
    }
    ASSETS.mkdir(parents=True, exist_ok=True)
    (ASSETS / manifest["file"]).write_bytes(data)
    _put(manifest)
    graph = step_graph()
    (ASSETS / "silero_step.onnx").write_bytes(graph)
    _put(manifest | {"step": {"file": "silero_step.onnx", "sha256": hashlib.sha256(graph).hexdigest()}})
    print(f"{len(data)} bytes, sha256 {manifest['sha256']}")


if __name__ == "__main__":
    main()
