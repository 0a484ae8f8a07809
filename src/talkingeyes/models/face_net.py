"""Speech features -> lips, cheeks and mouth shapes: causal convolutions (as products) with a short look-ahead."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.errors import SettingError
from talkingeyes.generate.lip_table import INPUTS, LIPS, SHAPES


@dataclass(frozen=True)
class FaceNetConfig:
    """Size of the network.

    Attributes:
        channels: of every layer.
        dilations: one residual block each; kernels are three frames long.
        first_kernel: of the convolution over the features.
        ahead: frames of 20 ms that an output may look ahead.
        smooth: of them, frames on each side over which the lips (not the shapes) are smoothed, by a fixed bell.
        dropout: in training.
    """

    channels: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 4)
    first_kernel: int = 5
    ahead: int = 13
    smooth: int = 3
    dropout: float = 0.12

    def __post_init__(self) -> None:
        """Check every value once."""
        object.__setattr__(self, "dilations", tuple(self.dilations))
        if not (4 <= self.channels <= 1024 and 1 <= self.first_kernel <= 31 and 0 <= self.ahead <= 25):
            raise SettingError("face: channels 4 to 1024, first_kernel 1 to 31 and ahead 0 to 25 are accepted")
        if not (1 <= len(self.dilations) <= 12 and all(1 <= d <= 64 for d in self.dilations)):
            raise SettingError("face: 1 to 12 dilations of 1 to 64 frames are accepted")
        if not 0 <= 2 * self.smooth <= self.ahead:
            raise SettingError(f"face: smooth is {self.smooth}; 0 to half of ahead ({self.ahead}) is accepted")
        if self.ahead > self.context:
            raise SettingError(
                f"face: looks {self.ahead} frames ahead and remembers {self.context}; not more is accepted"
            )
        if not 0 <= self.dropout < 1:
            raise SettingError(f"face: dropout is {self.dropout}; 0 to 1 is accepted")

    @property
    def context(self) -> int:
        """Frames before the first output frame that the network remembers."""
        return self.first_kernel - 1 + 2 * sum(self.dilations) + 2 * self.smooth


class FaceBlock(nn.Module):
    """A residual block: norm, dilated causal convolution of three taps, GELU, product; dropout of whole channels."""

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.wide = nn.Linear(3 * channels, channels)
        self.mix = nn.Linear(channels, channels)
        self.drop = nn.Dropout(dropout)
        self.dilation = dilation

    def forward(self, hidden: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, C) and the normed frames before (B, 2 dilation, C) -> (B, T, C) and the same for the next call."""
        normed = torch.cat([past, self.norm(hidden)], dim=1)
        heard = self.mix(functional.gelu(self.wide(_taps(normed, 3, self.dilation))))
        return hidden + heard * self.drop(torch.ones_like(heard[:, :1])), _last(normed, 2 * self.dilation)


def _taps(frames: Tensor, count: int, dilation: int) -> Tensor:
    """(B, (count - 1) dilation + T, C) -> (B, T, count C): what a causal convolution sees, as products like it.

    Places are counted from either end and never from the length, so that an exported network takes any length.
    """
    ends = [-(count - 1 - i) * dilation or None for i in range(count)]
    return torch.cat([frames[:, i * dilation : end] for i, end in enumerate(ends)], dim=2)


def _last(frames: Tensor, count: int) -> Tensor:
    """The last frames of (B, T, C)."""
    return frames[:, -count:] if count else frames[:, :0]


class FaceNet(nn.Module):
    """Features of `generate.lip_features` -> `LIPS` and logits of `SHAPES`.

    Output frame ``i`` of `stream` belongs to input frame ``i - ahead``.
    """

    def __init__(self, config: FaceNetConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Linear(INPUTS * config.first_kernel, config.channels)
        self.blocks = nn.ModuleList(FaceBlock(config.channels, d, config.dropout) for d in config.dilations)
        self.shapes = nn.Linear(config.channels, len(SHAPES))
        self.lips = nn.Linear(config.channels, len(LIPS))
        self.by_shape = nn.Linear(len(SHAPES), len(LIPS), bias=False)
        self.drop = nn.Dropout(config.dropout)
        bell = torch.exp(-0.5 * (torch.arange(-config.smooth, config.smooth + 1) / max(config.smooth / 2, 0.5)) ** 2)
        self.register_buffer("bell", bell / bell.sum(), persistent=False)

    @property
    def _kept(self) -> list[tuple[int, int]]:
        """Frames and width of each part of the state: inputs, blocks, lips before smoothing."""
        blocks = [(2 * d, self.config.channels) for d in self.config.dilations]
        return [(self.config.first_kernel - 1, INPUTS), *blocks, (2 * self.config.smooth, len(LIPS))]

    @property
    def state_size(self) -> int:
        """Numbers that `stream` carries from call to call."""
        return sum(frames * width for frames, width in self._kept)

    def stream(self, features: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Some frames more.

        Args:
            features: (B, T, INPUTS).
            state: (B, state_size); zeros before the first call.

        Returns:
            (B, T, len(LIPS)) lips, (B, T, len(SHAPES)) logits, (B, state_size) state; frame ``i`` belongs to input
            frame ``i - ahead``.
        """
        parts = torch.split(state, [frames * width for frames, width in self._kept], dim=1)
        kept = [p.reshape(state.shape[0], *size) for p, size in zip(parts, self._kept, strict=True)]
        joined = torch.cat([kept[0], features], dim=1)
        after = [_last(joined, self.config.first_kernel - 1)]
        hidden = self.first(_taps(joined, self.config.first_kernel, 1))
        for block, past in zip(self.blocks, kept[1:-1], strict=True):
            hidden, rest = block(hidden, past)
            after.append(rest)
        logits = self.shapes(hidden)
        lips = self.lips(hidden * self.drop(torch.ones_like(hidden[:, :1])))
        lips = torch.cat([kept[-1], lips + self.by_shape(torch.softmax(logits, dim=-1))], dim=1)
        after.append(_last(lips, 2 * self.config.smooth))
        return self._smoothed(lips), logits, torch.cat([part.flatten(1) for part in after], dim=1)

    def _smoothed(self, lips: Tensor) -> Tensor:
        """(B, 2 smooth + T, len(LIPS)) -> (B, T, len(LIPS)): noise in the sound is quicker than lips are."""
        assert isinstance(self.bell, Tensor)
        reach = 2 * self.config.smooth
        shifted = [lips[:, i : (i - reach) or None] for i in range(reach + 1)]
        return (torch.stack(shifted, dim=-1) * self.bell).sum(dim=-1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Whole clips: (B, T, INPUTS) -> (B, T, len(LIPS)) and (B, T, len(SHAPES)); after the end its last frame."""
        ahead = self.config.ahead
        padded = torch.cat([features, features[:, -1:].expand(-1, ahead, -1)], dim=1)
        state = torch.zeros(len(features), self.state_size, dtype=features.dtype, device=features.device)
        lips, logits, _ = self.stream(padded, state)
        return lips[:, ahead:], logits[:, ahead:]


class StreamingFaceNet(nn.Module):
    """What is exported: `FaceNet.stream` with probabilities instead of logits."""

    def __init__(self, net: FaceNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, features: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See `FaceNet.stream`; the second result is (B, T, len(SHAPES)) probabilities."""
        lips, logits, after = self.net.stream(features, state)
        return lips, torch.softmax(logits, dim=-1), after
