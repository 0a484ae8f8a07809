"""The Silero voice-activity network (MIT, its weights in ``assets/silero``) in plain numpy.

Why not a wheel: docs/log.md, 2026-11-22. The layers are those of ``silero_vad/tinygrad_model.py`` of silero-vad 6.2.3;
a test compares the output with that of the official ONNX file.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError

CHUNK = 512
"""Samples at 16 kHz per probability (32 ms)."""

Array = NDArray[np.float32]

_CONTEXT = 64
_REFLECT = 64
_FFT, _STRIDE, _BINS = 256, 128, 129
_STEPS = (_CONTEXT + CHUNK + _REFLECT - _FFT) // _STRIDE + 1
_UNITS = 128
_WINDOWS = np.arange(_STEPS)[:, None] * _STRIDE + np.arange(_FFT)
_HANN = np.hanning(_FFT + 1)[:-1].astype(np.float32)
"""The network's first layer is this window and a Fourier basis (equal to its weights within 1e-7)."""


class SileroNetwork:
    """Chunks of sound in, probabilities of speech out; keeps the state of the recording between calls."""

    def __init__(self) -> None:
        self._w = _weights()
        self._context = np.zeros(_CONTEXT, np.float32)
        self._hidden = np.zeros(_UNITS, np.float32)
        self._cell = np.zeros(_UNITS, np.float32)

    def push(self, samples: Array) -> Array:
        """(n * CHUNK,) samples in -1..1 -> (n,) probabilities in 0..1."""
        if not len(samples):
            return np.zeros(0, np.float32)
        inputs = self._encode(samples.reshape(-1, CHUNK)) @ self._w["lstm_in"] + self._w["lstm_bias"]
        hidden = np.stack([self._remember(row) for row in inputs])
        logit = np.maximum(hidden, 0.0) @ self._w["final"] + self._w["final_bias"]
        return (1 / (1 + np.exp(-logit))).astype(np.float32)

    def _encode(self, chunks: Array) -> Array:
        """(n, CHUNK) -> (n, 128): short-time spectrum and four convolutions over its four steps."""
        before = np.concatenate([self._context[None], chunks[:-1, -_CONTEXT:]])
        self._context = chunks[-1, -_CONTEXT:].copy()
        sound = np.concatenate([before, chunks, chunks[:, -2 : -2 - _REFLECT : -1]], axis=1)
        steps = np.zeros((len(chunks), _STEPS + 2, _BINS), np.float32)
        steps[:, 1:-1] = np.abs(np.fft.rfft(sound[:, _WINDOWS] * _HANN))
        steps = self._convolve("conv1", steps, stride=1)
        steps = self._convolve("conv2", steps, stride=2)
        steps = self._convolve("conv3", steps, stride=2)
        return self._convolve("conv4", steps, stride=1)[:, 1]

    def _convolve(self, layer: str, steps: Array, *, stride: int) -> Array:
        """Convolution of width 3, then ReLU: (n, steps + 2, c) -> (n, steps' + 2, out), a zero step at each end."""
        columns = range(0, steps.shape[1] - 2, stride)
        taps = np.concatenate([steps[:, i : i + 3].reshape(len(steps), -1) for i in columns])
        values = np.maximum(taps @ self._w[layer] + self._w[f"{layer}.bias"], 0.0)
        out = np.zeros((len(steps), len(columns) + 2, values.shape[1]), np.float32)
        out[:, 1:-1] = values.reshape(len(columns), len(steps), -1).swapaxes(0, 1)
        return out

    def _remember(self, gates: Array) -> Array:
        """One step of the LSTM on its prepared input (512,): input, forget, cell and output gates."""
        g = gates + self._hidden @ self._w["lstm_back"]
        sigmoid = 1 / (1 + np.exp(np.minimum(-g, 88.0)))  # beyond, float32 has no exponential and the gate is shut
        u = _UNITS
        self._cell = sigmoid[u : 2 * u] * self._cell + sigmoid[:u] * np.tanh(g[2 * u : 3 * u])
        self._hidden = sigmoid[3 * u :] * np.tanh(self._cell)
        return self._hidden


@cache
def _weights() -> dict[str, Array]:
    """The tensors, checked against the manifest and laid out for row vectors."""
    folder = resources.files("talkingeyes") / "assets" / "silero"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    data = (folder / manifest["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ModelError(f"{manifest['file']}: damaged (sha256 differs from its manifest); reinstall talkingeyes")
    raw = _read_safetensors(data)
    table = {name: _matrix(raw[f"{name}.weight"]) for name in ("conv1", "conv2", "conv3", "conv4")}
    table |= {f"{name}.bias": raw[f"{name}.bias"] for name in table}
    return table | {
        "lstm_in": np.ascontiguousarray(raw["lstm_cell.weight_ih"].T),
        "lstm_back": np.ascontiguousarray(raw["lstm_cell.weight_hh"].T),
        "lstm_bias": raw["lstm_cell.bias_ih"] + raw["lstm_cell.bias_hh"],
        "final": raw["final_conv.weight"][0, :, 0],
        "final_bias": raw["final_conv.bias"],
    }


def _matrix(weight: Array) -> Array:
    """(out, in, 3) -> (3 * in, out)."""
    return np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))


def _read_safetensors(data: bytes) -> dict[str, Array]:
    """The float32 tensors of a safetensors file whose sha256 is known to be right."""
    length = int.from_bytes(data[:8], "little")
    header: dict[str, Any] = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensors[name] = np.frombuffer(data, "<f4", (last - first) // 4, 8 + length + first).reshape(entry["shape"])
    return tensors
