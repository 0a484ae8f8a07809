"""The same network one chunk at a time, by onnxruntime: what a live voice needs.

`audio.silero` takes chunks in groups of 32, whose products cost the same however few of them are there. Here one chunk
of each of any number of voices is taken, and the bits of each are those that it has alone (tests). ``silero_step.onnx``
holds the graph without weights; they are those of `audio.silero` (``scripts/silero_weights.py`` writes both).
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.silero import CHUNK, CONTEXT, UNITS, folder_of_weights, named_weights
from talkingeyes.errors import ModelError
from talkingeyes.lanes import Batch, Lane, alone
from talkingeyes.weights import session_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = NDArray[np.float32]

INPUTS, OUTPUTS = ("sound", "hidden", "cell"), ("probability", "hidden_after", "cell_after")
WEIGHTS = (
    "conv1", "conv1.bias", "conv2", "conv2.bias", "conv3.centre", "conv3.bias", "conv4.centre", "conv4.bias", "lstm",
    "lstm_bias", "final", "final_bias", "fourier",
)  # fmt: skip
"""Tensors that the graph takes from outside, as `step_weights` names them."""


class SileroStep:
    """One chunk of sound in, one probability of speech out; keeps the state of the voice between calls."""

    def __init__(self) -> None:
        _session()
        self._sound = np.zeros(CONTEXT + CHUNK, np.float32)
        self._hidden: Array = np.zeros(UNITS, np.float32)
        self._cell: Array = np.zeros(UNITS, np.float32)

    def push(self, chunk: Array) -> float:
        """(CHUNK,) samples in -1..1 -> the probability that somebody speaks, 0..1."""
        return alone(self.pushing(chunk))

    def pushing(self, chunk: Array) -> Lane[float]:
        """The same as a lane."""
        self._sound[:CONTEXT] = self._sound[-CONTEXT:]
        self._sound[CONTEXT:] = chunk
        probability, self._hidden, self._cell = yield CHUNKS((self._sound, self._hidden, self._cell))
        return probability

    def state(self) -> dict[str, Array]:
        """What a new one needs to go on in its place."""
        hidden, cell = self._hidden[None].copy(), self._cell[None].copy()
        return {"context": self._sound[-CONTEXT:].copy(), "hidden": hidden, "cell": cell}

    def restore(self, state: dict[str, Array]) -> None:
        """Go on from arrays of `state`, which were checked."""
        self._sound[-CONTEXT:] = state["context"]
        self._hidden, self._cell = state["hidden"][0].copy(), state["cell"][0].copy()


def _judged(items: list[tuple[Array, Array, Array]]) -> list[tuple[float, Array, Array]]:
    """Of each voice's sound and state its probability and its state afterwards."""
    feeds = {name: np.array(values) for name, values in zip(INPUTS, zip(*items, strict=True), strict=True)}
    found: Any = _session().run(OUTPUTS, feeds)
    probability, hidden, cell = found
    return list(zip(probability[:, 0].tolist(), hidden, cell, strict=True))


CHUNKS = Batch(0, _judged)


def step_weights() -> dict[str, Array]:
    """The tensors of the graph by name.

    A chunk leaves one step for the third and fourth convolution, so of their three taps those that meet it are enough.
    """
    given = named_weights()
    inner = {"conv3": given["conv3"][64:], "conv4": given["conv4"][64:128]}
    angle = 2 * np.pi * np.arange(256)[:, None] * np.arange(129) / 256
    window = (np.hanning(257)[:-1])[:, None]
    made = {
        "lstm": np.concatenate([given["lstm_in"], given["lstm_back"]]),
        "fourier": np.concatenate([np.cos(angle) * window, np.sin(angle) * window], axis=1),
        "final": given["final"][:, None],
    } | {f"{name}.centre": values for name, values in inner.items()}
    return {name: np.ascontiguousarray(made.get(name, given.get(name)), np.float32) for name in WEIGHTS}


@cache
def _session() -> InferenceSession:
    folder = folder_of_weights()
    entry = json.loads((folder / "manifest.json").read_text("utf-8"))["step"]
    graph = (folder / entry["file"]).read_bytes()
    if hashlib.sha256(graph).hexdigest() != entry["sha256"]:
        raise ModelError(f"{entry['file']}: damaged (sha256 differs from its manifest); reinstall talkingeyes")
    return session_of(graph, step_weights())
