"""Take the 16 kHz weights of the Silero voice-activity network out of its official ONNX file (MIT).

    pip download --no-deps silero-vad==6.2.3 && unzip silero_vad-*.whl -d silero   # the wheel; torch is not needed
    pip install onnx
    python scripts/silero_weights.py silero/silero_vad/data/silero_vad_16k_op15.onnx

Writes src/talkingeyes/assets/silero/{silero_vad_16k.safetensors,manifest.json}. The `silero_vad_16k.safetensors` inside
that wheel is an older set of weights than its ONNX files (up to 0.58 apart in probability), so it is not used.
The first layer (a Hann-windowed Fourier basis) is left out: `audio/silero.py` computes it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

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


def main() -> None:
    """Write the two files."""
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
    (ASSETS / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(data)} bytes, sha256 {manifest['sha256']}")


if __name__ == "__main__":
    main()
