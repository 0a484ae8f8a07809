"""The face network as live voices need it: any number of them, a fixed number of frames, as few operators as possible.

In blocks of 40 ms the sums of `FaceNet.stream` cost less than handing its many small operators out one by one. Here
what the layers remember is one table, and what they see of it is gathered at once.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.generate.lip_table import INPUTS, LIPS
from talkingeyes.generate.plan import STEP_FRAMES
from talkingeyes.models.face_net import FaceBlock, FaceNet, StreamingFaceNet


def free_axes(frames: int) -> dict[str, dict[int, str]]:
    """Axes of `in_blocks` whose length is free: it takes any number of voices at once."""
    ports = ("features", "state", "lips", "shapes", "state_after")
    return {} if frames == STEP_FRAMES else {name: {0: "voices"} for name in ports}


def in_blocks(net: FaceNet, frames: int) -> nn.Module:
    """What is exported for blocks of so many frames."""
    return StreamingFaceNet(net) if frames == STEP_FRAMES else FaceStep(net, frames)


class FaceStep(nn.Module):
    """`FaceNet.stream` with probabilities instead of logits, for blocks shorter than a recording's.

    Args:
        net: trained.
        frames: T, of each call.
    """

    table_heard: Tensor
    table_far: Tensor
    table_kept: Tensor
    table_bell: Tensor

    def __init__(self, net: FaceNet, frames: int) -> None:
        super().__init__()
        self.net, self._frames = net, frames
        config, at = net.config, torch.arange(frames)
        taps = config.first_kernel * INPUTS
        self._table("heard", at[:, None] * INPUTS + torch.arange(taps))
        ends = torch.tensor([2 * d for d in config.dilations]).cumsum(0).tolist()
        self._begins = [end - 2 * d for end, d in zip(ends, config.dilations, strict=True)]
        far = [
            begin + at[:, None] + torch.tensor([0, d])
            for begin, d in zip(self._begins, config.dilations, strict=True)
            if d >= frames
        ]
        self._table("far", torch.cat([*far, torch.zeros((0, 2), dtype=torch.long)]))
        fresh = ends[-1] + frames * torch.arange(len(ends))
        kept = [
            torch.cat([torch.arange(end - 2 * d, end), new + at])[-2 * d :]
            for end, d, new in zip(ends, config.dilations, fresh, strict=True)
        ]
        self._table("kept", torch.cat(kept))
        for d in {d for d in config.dilations if d < frames}:
            self._table(f"near_{d}", at[:, None] + d * torch.arange(3))
        assert isinstance(net.bell, Tensor)
        bell = torch.zeros(frames, 2 * config.smooth + frames)
        for frame in range(frames):
            bell[frame, frame : frame + len(net.bell)] = net.bell
        self._table("bell", bell)

    def _table(self, name: str, values: Tensor) -> None:
        self.register_buffer(f"table_{name}", values, persistent=False)

    def forward(self, features: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, T, INPUTS) and (B, state_size) -> (B, T, LIPS), (B, T, SHAPES) and the state, as `FaceNet.stream`."""
        net, count, width = self.net, self._frames, self.net.config.channels
        inputs = (net.config.first_kernel - 1) * INPUTS
        smooth = 2 * net.config.smooth * len(LIPS)
        before, rows, lips = state.split([inputs, net.state_size - inputs - smooth, smooth], dim=1)
        heard = torch.cat([before, features.flatten(1)], dim=1)
        rows = rows.reshape(-1, (net.state_size - inputs - smooth) // width, width)
        taps = heard[:, self.table_heard].reshape(-1, net.config.first_kernel * INPUTS)
        hidden, fresh = self._blocks(net.first(taps), rows)
        shapes = torch.softmax(net.shapes(hidden), dim=-1)
        made = (net.lips(hidden) + net.by_shape(shapes)).reshape(-1, count, len(LIPS))
        if smooth:
            made = torch.cat([lips.reshape(-1, 2 * net.config.smooth, len(LIPS)), made], dim=1)
        after = [heard[:, count * INPUTS :], torch.cat([rows, *fresh], dim=1)[:, self.table_kept].flatten(1)]
        after.append(made[:, count:].flatten(1))
        return self.table_bell @ made, shapes.reshape(-1, count, shapes.shape[1]), torch.cat(after, dim=1)

    def _blocks(self, hidden: Tensor, rows: Tensor) -> tuple[Tensor, list[Tensor]]:
        """(B * T, C) and what all blocks remember (B, R, C) -> (B * T, C) and what each has normed (B, T, C)."""
        count, width, fresh = self._frames, self.net.config.channels, []
        far = iter(self._far(rows))
        for block, begin in zip(self.net.blocks, self._begins, strict=True):
            assert isinstance(block, FaceBlock)
            normed = block.norm(hidden)
            fresh.append(normed.reshape(-1, count, width))
            if block.dilation >= count:  # what is new is the last tap alone
                taps = torch.cat([next(far).reshape(-1, 2 * width), normed], dim=1)
            else:
                joined = torch.cat([rows[:, begin : begin + 2 * block.dilation], fresh[-1]], dim=1)
                taps = joined[:, getattr(self, f"table_near_{block.dilation}")].reshape(-1, 3 * width)
            hidden = hidden + block.mix(functional.gelu(block.wide(taps)))
        return hidden, fresh

    def _far(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Of each block of a long dilation its first two taps, (B, 1, T, 2 C)."""
        count = len(self.table_far) // self._frames
        if not count:
            return ()
        return rows[:, self.table_far].reshape(-1, count, self._frames, 2 * rows.shape[2]).split(1, dim=1)
