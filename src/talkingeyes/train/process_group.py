"""The processes that train together, as torchrun started them, and the device of this one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed

from talkingeyes.errors import ModelError, SettingError

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class ProcessGroup:
    """This process among all.

    Attributes:
        rank: 0 is the one that writes and speaks.
        size: number of processes.
        device: where this one computes.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def is_main(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def shared(self, data: bytes | None) -> bytes | None:
        """What the main process has, in every process; None is shared too."""
        if self.size == 1:
            return data
        length = torch.tensor([-1 if data is None else len(data)], dtype=torch.int64, device=self.device)
        distributed.broadcast(length, src=0)
        if int(length) < 0:
            return None
        own = bytearray(data) if self.is_main and data else bytearray(int(length))
        content = torch.frombuffer(own, dtype=torch.uint8).to(self.device) if own else torch.zeros(0, dtype=torch.uint8)
        distributed.broadcast(content, src=0)
        return content.cpu().numpy().tobytes()

    def mean(self, figures: Mapping[str, torch.Tensor]) -> dict[str, float]:
        """The mean over all processes of each figure; every process must call it with the same names."""
        names = sorted(figures)
        values = torch.stack([figures[name].detach().double().reshape(()) for name in names])
        if self.size > 1:
            distributed.all_reduce(values)
            values /= self.size
        return dict(zip(names, values.tolist(), strict=True))


ALONE = ProcessGroup(0, 1, torch.device("cpu"))
"""One process on the CPU."""


@contextmanager
def process_group(device: str = "auto") -> Iterator[ProcessGroup]:
    """Join the processes that torchrun started, or be the only one.

    Args:
        device: ``cpu``, ``cuda`` (one GPU per process) or ``auto``: a GPU where there is one.

    Raises:
        SettingError: no such device, or torchrun's variables are not whole numbers.
        ModelError: another process ended.
    """
    if device not in DEVICES:
        raise SettingError(f"--device {device}; {', '.join(DEVICES)} are accepted")
    if device == "cuda" and not torch.cuda.is_available():
        raise SettingError("--device cuda: torch finds no GPU here; use --device cpu")
    rank, size, local = (_whole(name, default) for name, default in (("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0)))
    if not 0 <= rank < size:
        raise SettingError(f"RANK {rank} of WORLD_SIZE {size}; start several processes with torchrun")
    use_gpu = device != "cpu" and torch.cuda.is_available()
    if use_gpu and local >= torch.cuda.device_count():
        raise SettingError(f"process {local} has no GPU of its own ({torch.cuda.device_count()} here); start fewer")
    own = torch.device("cuda", local) if use_gpu else torch.device("cpu")
    if use_gpu:
        torch.cuda.set_device(own)
    if size == 1:
        yield ProcessGroup(0, 1, own)
        return
    distributed.init_process_group("nccl" if use_gpu else "gloo")
    try:
        yield ProcessGroup(rank, size, own)
    except RuntimeError as error:  # what torch raises has no type of its own
        if "by peer" in str(error):
            raise ModelError("another process of this training ended; its message says why") from None
        raise
    finally:
        distributed.destroy_process_group()


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdigit():
        raise SettingError(f"{name}={text}: torchrun sets a whole number")
    return int(text)
