"""The Silero voice-activity network (MIT, its weights in ``assets/silero``) in plain numpy.

Why not a wheel: docs/log.md, 2026-11-22. The layers are those of ``silero_vad/tinygrad_model.py`` of silero-vad 6.2.3;
a test compares the output with that of the official ONNX file.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.spectrum import power
from talkingeyes.errors import ModelError

CHUNK = 512
"""Samples at 16 kHz per probability (32 ms)."""

Array = NDArray[np.float32]

CONTEXT = 64
_REFLECT = 64
_FFT, _STRIDE, _BINS = 256, 128, 129
_GROUP = 32
"""Chunks that the convolutions take together. A chunk has its place in its group whatever is pushed with it (what is
not there yet is zero), so that any number of chunks pushed leads to the same matrix products and the same bits."""
_STEPS = (CONTEXT + CHUNK + _REFLECT - _FFT) // _STRIDE + 1
UNITS = 128
_HANN = np.hanning(_FFT + 1)[:-1].astype(np.float32)
"""The network's first layer is this window and a Fourier basis (equal to its weights within 1e-7)."""


class SileroNetwork:
    """Chunks of sound in, probabilities of speech out; keeps the state of the recording between calls."""

    def __init__(self) -> None:
        self._w = named_weights()
        self._context = np.zeros(CONTEXT, np.float32)
        self._hidden = np.zeros(UNITS, np.float32)
        self._cell = np.zeros(UNITS, np.float32)
        self._place = 0

    def push(self, samples: Array) -> Array:
        """(n * CHUNK,) samples in -1..1 -> (n,) probabilities in 0..1."""
        chunks, gates = samples.reshape(-1, CHUNK), [np.zeros((0, 4 * UNITS), np.float32)]
        while len(chunks):
            count = min(len(chunks), _GROUP - self._place)
            gates.append(self._encode(chunks[:count]))
            chunks = chunks[count:]
        hidden = self._remember(np.concatenate(gates))
        logit = (np.maximum(hidden, 0.0) * self._w["final"]).sum(axis=1) + self._w["final_bias"]
        return (1 / (1 + np.exp(-logit))).astype(np.float32)

    def _encode(self, chunks: Array) -> Array:
        """Chunks of one group (n, CHUNK) -> (n, 512) inputs of the LSTM's gates.

        A short-time spectrum of four steps and four convolutions over them.
        """
        before = np.concatenate([self._context[None], chunks[:-1, -CONTEXT:]])
        self._context = chunks[-1, -CONTEXT:].copy()
        sound = np.concatenate([before, chunks, chunks[:, -2 : -2 - _REFLECT : -1]], axis=1)
        place, self._place = self._place, (self._place + len(chunks)) % _GROUP
        mine = slice(place, place + len(chunks))
        steps = np.zeros((_GROUP, _STEPS + 2, _BINS), np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(sound, _FFT, axis=1)[:, ::_STRIDE] * _HANN
        steps[mine, 1:-1] = np.sqrt(power(windows.reshape(-1, _FFT))).reshape(-1, _STEPS, _BINS)
        steps = self._convolve("conv1", steps, stride=1)
        steps = self._convolve("conv2", steps, stride=2)
        steps = self._convolve("conv3", steps, stride=2)
        steps = self._convolve("conv4", steps, stride=1)
        return (steps[:, 1] @ self._w["lstm_in"] + self._w["lstm_bias"])[mine]

    def _convolve(self, layer: str, steps: Array, *, stride: int) -> Array:
        """Convolution of width 3, then ReLU: (n, steps + 2, c) -> (n, steps' + 2, out), a zero step at each end."""
        columns = range(0, steps.shape[1] - 2, stride)
        taps = np.empty((len(steps), len(columns), 3, steps.shape[2]), np.float32)
        for place, column in enumerate(columns):
            taps[:, place] = steps[:, column : column + 3]
        values = taps.reshape(len(steps) * len(columns), -1) @ self._w[layer] + self._w[f"{layer}.bias"]
        out = np.zeros((len(steps), len(columns) + 2, values.shape[-1]), np.float32)
        np.maximum(values.reshape(len(steps), len(columns), -1), 0.0, out=out[:, 1:-1])
        return out

    def _remember(self, gates: Array) -> Array:
        """Steps of the LSTM on prepared inputs (n, 512), halved for the three sigmoid gates: (n, 128) its outputs.

        The gates are input, forget, output and cell; a sigmoid is ``(1 + tanh(x / 2)) / 2``, so one tanh serves all.
        """
        back, u, hidden, cell = self._w["lstm_back"], UNITS, self._hidden, self._cell
        out, g, fresh = np.empty((len(gates), u), np.float32), np.empty(4 * u, np.float32), np.empty(u, np.float32)
        sigmoids, enter, forget, give, new = g[: 3 * u], g[:u], g[u : 2 * u], g[2 * u : 3 * u], g[3 * u :]
        half = np.float32(0.5)
        for row, inputs in enumerate(gates):
            np.dot(hidden, back, out=g)
            np.add(g, inputs, out=g)
            np.tanh(g, out=g)
            np.multiply(sigmoids, half, out=sigmoids)
            np.add(sigmoids, half, out=sigmoids)
            np.multiply(cell, forget, out=cell)
            np.multiply(enter, new, out=fresh)
            np.add(cell, fresh, out=cell)
            np.tanh(cell, out=fresh)
            np.multiply(give, fresh, out=hidden)
            out[row] = hidden
        return out


def folder_of_weights() -> Traversable:
    """Where the network lies."""
    return resources.files("talkingeyes") / "assets" / "silero"


@cache
def named_weights() -> dict[str, Array]:
    """The tensors, checked against the manifest and laid out for row vectors."""
    folder = folder_of_weights()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    data = (folder / manifest["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ModelError(f"{manifest['file']}: damaged (sha256 differs from its manifest); reinstall talkingeyes")
    raw = _read_safetensors(data)
    table = {name: _matrix(raw[f"{name}.weight"]) for name in ("conv1", "conv2", "conv3", "conv4")}
    table |= {f"{name}.bias": raw[f"{name}.bias"] for name in table}
    return table | {
        "lstm_in": _gates(raw["lstm_cell.weight_ih"]),
        "lstm_back": _gates(raw["lstm_cell.weight_hh"]),
        "lstm_bias": _gates(raw["lstm_cell.bias_ih"] + raw["lstm_cell.bias_hh"]),
        "final": raw["final_conv.weight"][0, :, 0],
        "final_bias": raw["final_conv.bias"],
    }


def _matrix(weight: Array) -> Array:
    """(out, in, 3) -> (3 * in, out)."""
    return np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))


def _gates(weight: Array) -> Array:
    """(512, ...) of input, forget, cell and output gate -> (..., 512) as `SileroNetwork._remember` takes them."""
    enter, forget, new, give = np.split(weight, 4)
    return np.ascontiguousarray(np.concatenate([enter / 2, forget / 2, give / 2, new]).T)


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
