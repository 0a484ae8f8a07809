"""Layers of the translator: causal attention over a sliding window that steps with a cache of fixed size."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    """Two linear layers with GELU between."""
    return nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, outputs))


class WindowAttention(nn.Module):
    """Causal multi-head attention over the last ``window`` steps, with a learned bias per head and distance.

    A step sees itself and the ``window - 1`` steps before it, wherever it stands: positions are relative, so a
    recording of any length is generated with a cache of fixed size (relative bias: Shaw 2018, Raffel 2020).
    """

    def __init__(self, width: int, heads: int, window: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.window, self.dropout = heads, window, dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(heads, window))

    def forward(self, x: Tensor, clip: Tensor) -> Tensor:
        """Every step at once (training).

        Args:
            x: (B, T, width).
            clip: (B, T) number of the clip that a step belongs to; steps of other clips are not seen.

        Returns:
            (B, T, width).
        """
        batch, steps, width = x.shape
        q, k, v = self.qkv(x).view(batch, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        behind = torch.arange(steps, device=x.device)[:, None] - torch.arange(steps, device=x.device)[None]
        inside = (behind >= 0) & (behind < self.window) & (clip[:, :, None] == clip[:, None, :])
        bias = self.bias[:, behind.clamp(0, self.window - 1)].masked_fill(~inside[:, None], float("-inf"))
        mixed = functional.scaled_dot_product_attention(
            q, k, v, attn_mask=bias.to(q.dtype), dropout_p=self.dropout if self.training else 0.0
        )
        return self.out(mixed.transpose(1, 2).reshape(batch, steps, width))

    def step(self, x: Tensor, cache: Tensor, filled: Tensor) -> tuple[Tensor, Tensor]:
        """One step.

        Args:
            x: (B, width).
            cache: (B, 2, heads, window - 1, width / heads) keys and values of the steps before, oldest first.
            filled: (B, window - 1) 0 where the cache holds a step, minus infinity where there was none.

        Returns:
            (B, width), and the cache of the next step.
        """
        batch, width = x.shape
        q, k, v = self.qkv(x).view(batch, 3, self.heads, 1, width // self.heads).unbind(1)
        keys, values = torch.cat([cache[:, 0], k], dim=2), torch.cat([cache[:, 1], v], dim=2)
        seen = torch.cat([filled, torch.zeros_like(filled[:, :1])], dim=1)
        score = (q @ keys.transpose(-1, -2)) * (width // self.heads) ** -0.5
        score = score + self.bias.flip(1)[None, :, None] + seen[:, None, None]
        mixed = torch.softmax(score, dim=-1) @ values
        return self.out(mixed.reshape(batch, width)), torch.stack([keys[:, :, 1:], values[:, :, 1:]], dim=1)


class Block(nn.Module):
    """Attention and a feed-forward part, each normalised before and added (pre-norm Transformer)."""

    def __init__(self, width: int, heads: int, window: int, dropout: float) -> None:
        super().__init__()
        self.attention = WindowAttention(width, heads, window, dropout)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.feed = nn.Sequential(mlp(width, 4 * width, width), nn.Dropout(dropout))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, clip: Tensor) -> Tensor:
        """(B, T, width), (B, T) number of the clip -> (B, T, width)."""
        x = x + self.drop(self.attention(self.norms[0](x), clip))
        return x + self.feed(self.norms[1](x))

    def step(self, x: Tensor, cache: Tensor, filled: Tensor) -> tuple[Tensor, Tensor]:
        """(B, width) and this layer's cache -> the same."""
        mixed, cache = self.attention.step(self.norms[0](x), cache, filled)
        x = x + mixed
        return x + self.feed(self.norms[1](x)), cache
