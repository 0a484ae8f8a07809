"""Checkpoints: tensors in a safetensors file, everything else in a JSON file that names it.

``last.json`` and ``best.json`` each name one file ``last-STEP-SHA.safetensors``. The tensors are written first, under a
name of their own, then the JSON is moved into place, then older tensors are removed: whatever stops a write, the
earlier checkpoint is whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from
from safetensors.torch import save as bytes_of
from torch import Tensor

from talkingeyes.errors import ModelError, OutputError
from talkingeyes.files import readable, write_whole

FORMAT, VERSION = "talkingeyes-checkpoint", 1
MAX_BYTES = 16 << 30
MAX_JSON_BYTES = 16 << 20
Which = Literal["last", "best"]

_KEYS = {"format", "version", "step", "file", "size", "sha256", "facts"}
_FILE = re.compile(r"(last|best)-[0-9]{8,12}-[0-9a-f]{8}\.safetensors")


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What is saved.

    Attributes:
        step: gradient steps done.
        tensors: by name.
        facts: JSON-ready.
        sha256: of the tensors' file; empty before it is saved.
    """

    step: int
    tensors: Mapping[str, Tensor]
    facts: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""


def save(folder: Path, which: Which, checkpoint: Checkpoint) -> None:
    """Write a checkpoint in place of the earlier one of that name.

    Raises:
        OutputError: the folder cannot be written or the disk is full; the earlier checkpoint is whole.
    """
    data = bytes_of({name: t.detach().cpu().contiguous().clone() for name, t in sorted(checkpoint.tensors.items())})
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{which}-{checkpoint.step:08d}-{sha256[:8]}.safetensors"
    head = {
        "format": FORMAT, "version": VERSION, "step": checkpoint.step, "file": name, "size": len(data),
        "sha256": sha256, "facts": dict(checkpoint.facts),
    }  # fmt: skip
    text = json.dumps(head, indent=1, allow_nan=False).encode() + b"\n"
    try:
        write_whole(folder / name, lambda aside: _put(aside, data))
        write_whole(folder / f"{which}.json", lambda aside: _put(aside, text))
    except OutputError as error:
        raise OutputError(f"{error}; earlier checkpoints are whole: free space and run it again") from None
    for path in folder.glob(f"{which}-*.safetensors"):
        if path.name != name:
            path.unlink(missing_ok=True)


def load(folder: Path, which: Which) -> Checkpoint | None:
    """Read and check a checkpoint; None where there is none.

    Raises:
        ModelError: damaged, truncated, too large or from a newer version.
    """
    packed = read(folder, which)
    return None if packed is None else unpacked(packed, folder / f"{which}.json")


def glance(folder: Path, which: Which) -> tuple[int, Mapping[str, Any]] | None:
    """Step and facts of a checkpoint, its tensors unread; None where there is none.

    Raises:
        ModelError: the JSON is damaged or from a newer version.
    """
    path = folder / f"{which}.json"
    if not path.exists():
        return None
    head = _head(_read(path, MAX_JSON_BYTES), path)
    return head["step"], head["facts"]


def read(folder: Path, which: Which) -> bytes | None:
    """A checkpoint's two files as one run of bytes, to share between processes; None where there is none.

    Raises:
        ModelError: as `load`, but for the tensors themselves.
    """
    path = folder / f"{which}.json"
    if not path.exists():
        return None
    text = _read(path, MAX_JSON_BYTES)
    head = _head(text, path)
    data = _read(folder / head["file"], head["size"])
    if len(data) != head["size"] or hashlib.sha256(data).hexdigest() != head["sha256"]:
        raise ModelError(f"{folder / head['file']}: truncated or damaged; remove {path} to begin the stage again")
    return len(text).to_bytes(8, "little") + text + data


def unpacked(packed: bytes, path: Path) -> Checkpoint:
    """The checkpoint of what `read` gave.

    Raises:
        ModelError: the tensors are damaged.
    """
    length = int.from_bytes(packed[:8], "little")
    head = _head(packed[8 : 8 + length], path)
    try:
        tensors = tensors_from(packed[8 + length :])
    except (SafetensorError, ValueError, KeyError) as error:
        raise ModelError(f"{path.parent / head['file']}: not safetensors ({error})") from None
    return Checkpoint(head["step"], tensors, head["facts"], head["sha256"])


def load_into(module: torch.nn.Module, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Load a module's tensors, all and only those.

    Raises:
        ModelError: names or shapes are not this module's.
    """
    own = module.state_dict()
    odd = sorted(set(own) ^ set(tensors))
    if odd:
        raise ModelError(f"{path}: {'lacks' if odd[0] in own else 'holds'} {odd[0]!r}; it is of another configuration")
    for name, tensor in tensors.items():
        if tensor.shape != own[name].shape or tensor.dtype != own[name].dtype:
            raise ModelError(
                f"{path}: {name} is {tensor.dtype} {tuple(tensor.shape)}, {own[name].dtype} {tuple(own[name].shape)} "
                "is right; it is of another configuration"
            )
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise ModelError(f"{path}: {name} holds NaN or infinity")
    module.load_state_dict(dict(tensors))


def _head(text: bytes, path: Path) -> dict[str, Any]:
    try:
        head = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not JSON ({error})") from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ModelError(f"{path}: not a checkpoint of TalkingEyes")
    version = head.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        raise ModelError(
            f"{path}: version {version!r}{', from a newer TalkingEyes' if newer else ''}; {VERSION} is read"
        )
    if set(head) != _KEYS or not isinstance(head["facts"], dict):
        raise ModelError(f"{path}: its keys are not a checkpoint's")
    for key, limit in (("step", 10**12), ("size", MAX_BYTES)):
        if type(head[key]) is not int or not 0 <= head[key] <= limit:
            raise ModelError(f"{path}: {key} is {head[key]!r}; 0 to {limit} is accepted")
    if not isinstance(head["file"], str) or not _FILE.fullmatch(head["file"]):
        raise ModelError(f"{path}: file is {str(head['file'])[:60]!r}, which is no name of ours")
    return head


def _read(path: Path, limit: int) -> bytes:
    return readable(path, "a checkpoint's own file is accepted", ModelError, limit).read_bytes()


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
