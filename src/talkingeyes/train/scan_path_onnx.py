"""The scan-path network as ONNX: one network for a look that begins, one for where the next one lands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from talkingeyes.generate.scanpath.conditions import LOOK, PLACE, STATES, width_of
from talkingeyes.generate.scanpath.network import KIND
from talkingeyes.generate.scanpath.scene import PLACES
from talkingeyes.models.scan_path import ScanPathTransformer
from talkingeyes.train.scan_path_rows import LookRows
from talkingeyes.train.to_onnx import Names, export_network, write_manifest


class LookBegins(nn.Module):
    """The last ``window`` looks (1, window, LOOK), which of them there are, and who looks -> state, hazard logits."""

    INPUTS, OUTPUTS = ("looks", "there", "who"), ("state", "hazard")

    def __init__(self, model: ScanPathTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, looks: Tensor, there: Tensor, who: Tensor) -> tuple[Tensor, Tensor]:
        """``who`` (1, known) is an embedding, so that a character may lie between people."""
        each = who[:, None].expand(-1, looks.shape[1], -1)
        state = self.model(looks, each, there > 0.5)[:, -1]
        return state, self.model.hazard_logits(state, who)


class LookEnds(nn.Module):
    """Where the next look lands: the mixture of `ScanPathTransformer.landing`."""

    INPUTS = ("state", "who", "dwell_s", "gaze_deg", "place", "place_deg", "known")
    OUTPUTS = ("log_weight", "mean_deg", "sd_deg")

    def __init__(self, model: ScanPathTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One look."""
        state, who, dwell_s, gaze_deg, place, place_deg, known = inputs
        mixture = self.model.landing(state, who, dwell_s, gaze_deg, place, place_deg, known > 0.5)
        return mixture.log_weight, mixture.mean_deg, mixture.sd_deg


@dataclass(frozen=True)
class Described:
    """What the manifest tells.

    Attributes:
        name: of the model.
        people: names of the characters.
        rows: their looks, for their places.
        held_out: who was kept aside.
        figures: on what was kept aside.
    """

    name: str
    people: Sequence[str]
    rows: Sequence[LookRows]
    held_out: Sequence[str]
    figures: Mapping[str, float]


Biases = Mapping[tuple[int, str], Sequence[float]]


def write_scan_path(folder: Path, model: ScanPathTransformer, about: Described, biases: Biases | None = None) -> None:
    """Write ``look_begins.onnx``, ``look_ends.onnx`` and the manifest with the characters.

    Args:
        folder: exists.
        model: trained, in eval mode.
        about: goes into the manifest.
        biases: of free running (`scan_path_debias`), by character and state; none is known before chains have run.

    Raises:
        ModelError: torch and onnxruntime disagree.
    """
    c = model.config
    known = 2 * c.character
    begins = [torch.zeros(1, c.window, width_of(LOOK)), torch.ones(1, c.window), torch.zeros(1, known)]
    export_network(LookBegins(model), begins, Names(LookBegins.INPUTS, LookBegins.OUTPUTS), folder / "look_begins.onnx")
    ends = [
        torch.zeros(1, c.width), torch.zeros(1, known), torch.full((1,), 0.3), torch.zeros(1, 2),
        torch.zeros(1, PLACES, width_of(PLACE)), torch.zeros(1, PLACES, 2), torch.ones(1, PLACES),
    ]  # fmt: skip
    export_network(LookEnds(model), ends, Names(LookEnds.INPUTS, LookEnds.OUTPUTS), folder / "look_ends.onnx")
    minutes = sum(float(r.arrays["dwell_s"].sum()) for r in about.rows) / 60
    config = {
        "kind": KIND, "window": c.window, "width": c.width, "known": known, "network": asdict(c),
        "characters": [_character(model, about, i, biases or {}) for i in range(len(about.people))],
        "held_out": list(about.held_out),
        "everybody": {state: _rounded(_everybody(model, i)) for i, state in enumerate(STATES)},
    }  # fmt: skip
    looks = sum(len(r) for r in about.rows)
    line = f"eye-tracked looks of {len(about.people)} people: {looks}, {minutes:.1f} min"
    write_manifest(
        folder, name=about.name, licence="MIT", training_data=[line], config=config, scores=dict(about.figures)
    )


def _character(model: ScanPathTransformer, about: Described, index: int, biases: Biases) -> dict[str, Any]:
    """Somebody to be like: an embedding and the usual places per state, and how much of it was seen."""
    states = {}
    for rows in about.rows:
        if rows.character != index:
            continue
        with torch.no_grad():
            who = model.who_is(torch.tensor(index), torch.tensor(rows.state))
            mirrored = model.who_is(torch.tensor(index + len(about.people)), torch.tensor(rows.state))
        states[STATES[rows.state]] = {
            "who": _rounded(who),
            "who_mirrored": _rounded(mirrored),
            "place_deg": np.round(rows.places.place_deg, 2).tolist(),
            "share": np.round(rows.places.share, 4).tolist(),
            "bias": [round(float(b), 3) for b in biases.get((index, STATES[rows.state]), (0.0, 0.0))],
            "seen_s": round(float(rows.arrays["dwell_s"].sum()), 1),
        }
    return {"states": states}


def _everybody(model: ScanPathTransformer, state: int) -> Tensor:
    with torch.no_grad():
        return model.who_is(torch.tensor(model.characters), torch.tensor(state))


def _rounded(values: Tensor) -> list[float]:
    return np.round(values.detach().numpy().astype(float), 4).tolist()
