"""A face network that hears little ahead learns from one that hears more: its weights to begin with, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingeyes.errors import ModelError
from talkingeyes.generate.lip_table import LIPS
from talkingeyes.generate.mouth import NETWORK, MouthTracker
from talkingeyes.models.face_net import FaceNet
from talkingeyes.train.face_data import Voice
from talkingeyes.weights import Network

Array = NDArray[Any]

WEIGHTS = torch.tensor([5.0] + [1.0] * 9 + [0.3] * 5)
"""Of `LIPS`: the opening counts most, cheeks and brows least."""
OFFSET_FREE = torch.tensor([0.0] + [0.7] * (len(LIPS) - 1))
"""Share of a clip's constant offset that costs nothing: smiles and rolled lips are people's own, an opening is not."""
_TAUGHT_CHANGE, _TAUGHT_SHAPES = 0.25, 0.5


def taught_voices(voices: Sequence[Voice], teacher: Network) -> list[Voice]:
    """The voices with what the teacher says of each: lips as its network gives them and probabilities of shapes."""
    found = []
    for voice in voices:
        tracker = MouthTracker(teacher, raw=True)
        parts = [tracker.push(voice.log_mel, voice.loudness_db, voice.voice), tracker.finish()]
        track = np.concatenate(parts)
        found.append(replace(voice, taught=track))
    return found


def begin_like(net: FaceNet, teacher: Network) -> bool:
    """Take the teacher's weights, where it has the same layers; whether it has.

    Raises:
        ModelError: an ONNX file that names its tensors in another way than `train.face` writes them.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_model_from_string(teacher.models[NETWORK]).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    products = [held[node.input[1]] for node in graph.node if node.op_type == "MatMul" and node.input[1] in held]
    layers = [name for name, value in net.state_dict().items() if value.dim() == 2 and f"net.{name}" not in held]
    if len(products) != len(layers):
        return False
    given = {name: product.T for name, product in zip(layers, products, strict=True)}
    given |= {name.removeprefix("net."): held[name] for name in held if name.startswith("net.")}
    own = net.state_dict()
    if set(given) != set(own):
        raise ModelError(f"{teacher.folder}: its tensors are not named as a face network's")
    if any(own[name].shape != torch.Size(value.shape) for name, value in given.items()):
        return False
    net.load_state_dict({name: torch.tensor(np.array(value, np.float32)) for name, value in given.items()})
    return True


def taught_error(lips: Tensor, logits: Tensor, taught: Tensor, spread: Tensor) -> Tensor:
    """(B,) distance from what the teacher says: of lips and their change, and cross entropy of its shapes."""
    wanted, shares = taught[..., : len(LIPS)], taught[..., len(LIPS) :]
    place, change = errors((lips - wanted) / spread, torch.ones_like(lips[..., 0]))
    cross = -(shares * torch.log_softmax(logits, dim=-1)).sum(dim=-1).mean(dim=1)
    return place + _TAUGHT_CHANGE * change + _TAUGHT_SHAPES * cross


def errors(error: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """(B, T, K) scaled errors -> (B,) mean squares of the place, a clip's own offset mostly free, and of its change."""
    mask = seen[..., None]
    count = seen.sum(dim=1).clamp(min=1)
    offset = (error * mask).sum(dim=1, keepdim=True) / count[:, None, None]
    weights, free = WEIGHTS.to(error.device), OFFSET_FREE.to(error.device)
    place = (((error - offset * free) ** 2 * weights * mask).sum(dim=(1, 2))) / count / len(LIPS)
    change = 3 * (error[:, 1:] - error[:, :-1])
    quick = ((change**2 * weights * mask[:, 1:]).sum(dim=(1, 2))) / count / len(LIPS)
    return place, quick
