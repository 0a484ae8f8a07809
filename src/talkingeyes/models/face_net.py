"""Speech features -> lips, cheeks and mouth shapes: causal convolutions with a short look-ahead."""

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
        dropout: in training.
    """

    channels: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8)
    first_kernel: int = 5
    ahead: int = 7
    dropout: float = 0.2

    def __post_init__(self) -> None:
        """Check every value once."""
        object.__setattr__(self, "dilations", tuple(self.dilations))
        if not (4 <= self.channels <= 1024 and 1 <= self.first_kernel <= 31 and 0 <= self.ahead <= 25):
            raise SettingError("face: channels 4 to 1024, first_kernel 1 to 31 and ahead 0 to 25 are accepted")
        if not (1 <= len(self.dilations) <= 12 and all(1 <= d <= 64 for d in self.dilations)):
            raise SettingError("face: 1 to 12 dilations of 1 to 64 frames are accepted")
        if not 0 <= self.dropout < 1:
            raise SettingError(f"face: dropout is {self.dropout}; 0 to 1 is accepted")

    @property
    def context(self) -> int:
        """Frames before the first output frame that the network remembers."""
        return self.first_kernel - 1 + 2 * sum(self.dilations)


class _Block(nn.Module):
    """A residual block: norm, dilated causal convolution, GELU, pointwise convolution."""

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.wide = nn.Conv1d(channels, channels, 3, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.drop = nn.Dropout(dropout)
        self.reach = 2 * dilation

    def forward(self, hidden: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """(B, C, T) and the normed frames before them (B, C, reach) -> (B, C, T) and the same for the next call."""
        normed = torch.cat([past, self.norm(hidden.transpose(1, 2)).transpose(1, 2)], dim=2)
        return hidden + self.drop(self.mix(functional.gelu(self.wide(normed)))), normed[:, :, -self.reach :]


class FaceNet(nn.Module):
    """Features of `generate.lip_features` -> `LIPS` and logits of `SHAPES`.

    Output frame ``i`` of `stream` belongs to input frame ``i - ahead``.
    """

    def __init__(self, config: FaceNetConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Conv1d(INPUTS, config.channels, config.first_kernel)
        self.blocks = nn.ModuleList(_Block(config.channels, d, config.dropout) for d in config.dilations)
        self.shapes = nn.Linear(config.channels, len(SHAPES))
        self.lips = nn.Linear(config.channels, len(LIPS))
        self.by_shape = nn.Linear(len(SHAPES), len(LIPS), bias=False)
        self.drop = nn.Dropout(config.dropout)

    @property
    def state_size(self) -> int:
        """Numbers that `stream` carries from call to call."""
        return INPUTS * (self.config.first_kernel - 1) + self.config.channels * 2 * sum(self.config.dilations)

    def stream(self, features: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Some frames more.

        Args:
            features: (B, T, INPUTS).
            state: (B, state_size); zeros before the first call.

        Returns:
            (B, T, len(LIPS)) lips, (B, T, len(SHAPES)) logits, (B, state_size) state; frame ``i`` belongs to input
            frame ``i - ahead``.
        """
        begin = self.config.first_kernel - 1
        kept = [state[:, : INPUTS * begin].reshape(-1, INPUTS, begin)]
        at = INPUTS * begin
        for reach in (2 * d for d in self.config.dilations):
            size = self.config.channels * reach
            kept.append(state[:, at : at + size].reshape(-1, self.config.channels, reach))
            at += size
        joined = torch.cat([kept[0], features.transpose(1, 2)], dim=2)
        after = [joined[:, :, -begin:]] if begin else [kept[0]]
        hidden = self.first(joined)
        for block, past in zip(self.blocks, kept[1:], strict=True):
            hidden, rest = block(hidden, past)
            after.append(rest)
        hidden = hidden.transpose(1, 2)
        logits = self.shapes(hidden)
        lips = self.lips(self.drop(hidden)) + self.by_shape(torch.softmax(logits, dim=-1))
        return lips, logits, torch.cat([part.flatten(1) for part in after], dim=1)

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
