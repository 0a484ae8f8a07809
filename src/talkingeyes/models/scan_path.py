"""The autoregressive Transformer of gaze: looks so far -> how long this one lasts, and where the next one lands.

A row is a look. Where the next one lands is a choice among the places of the scene (a pointer, as in Vinyals et al.
2015, Pointer Networks), shifts about the present place, and "somewhere new": a codebook of where (vector
quantisation, van den Oord et al. 2017). Each choice has a small Gaussian around it; training maximises the likelihood
of the landing under the whole mixture, so that nobody has to say which choice a person made. How long a look lasts is
a discrete-time hazard (Cox 1972), so that looks that were cut short by lost tracking still teach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.generate.scanpath.conditions import DWELL_EDGES_S, LOOK, PLACE, STATES, width_of
from talkingeyes.models.layers import mlp

NEAR_SD_DEG = ((0.3, 0.3), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8), (2.4, 0.5), (0.6, 2.2))
"""Shifts about the present place: round, along and upright ones (people's small shifts keep to the axes)."""
PLACE_SD_DEG = (0.1, 1.2)
"""Bounds of the spread of looks about a place."""
CODE_SD_DEG = (0.3, 6.0)
SHORTEST_DWELL_S = 0.02


@dataclass(frozen=True)
class ScanPathConfig:
    """Sizes; ``window`` is how many looks a look sees, ``codes`` the codebook of where."""

    width: int = 80
    heads: int = 4
    layers: int = 2
    window: int = 32
    codes: int = 96
    character: int = 16
    dropout: float = 0.25

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ValueError: naming the value.
        """
        if self.width % self.heads:
            raise ValueError(f"width is {self.width}; a multiple of heads ({self.heads}) is accepted")
        if not 2 <= self.window <= 256:
            raise ValueError(f"window is {self.window}; 2 to 256 is accepted")
        if not 2 <= self.codes <= 1024:
            raise ValueError(f"codes is {self.codes}; 2 to 1024 is accepted")


@dataclass(frozen=True)
class Mixture:
    """Where the next look may land; K choices: places, shifts about, codes.

    Attributes:
        log_weight: (..., K).
        mean_deg: (..., K, 2) off the partner.
        sd_deg: (..., K, 2).
    """

    log_weight: Tensor
    mean_deg: Tensor
    sd_deg: Tensor

    def log_likelihood(self, look_deg: Tensor) -> Tensor:
        """(...) of looks (..., 2), nats per square degree."""
        apart = (look_deg[..., None, :] - self.mean_deg) / self.sd_deg
        each = -0.5 * (apart**2).sum(-1) - self.sd_deg.log().sum(-1) - math.log(2 * math.pi)
        return torch.logsumexp(self.log_weight + each, dim=-1)


class LookBlock(nn.Module):
    """Causal attention over the last ``window`` looks with learned weights of how far back, and a feed-forward net."""

    def __init__(self, config: ScanPathConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.norm_in, self.norm_out = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))
        self.back = nn.Parameter(torch.zeros(config.heads, config.window))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        """(B, T, width) -> the same; rows that are not ``there`` (B, T) are not seen."""
        batch, steps, _ = x.shape
        width, heads = self.config.width, self.config.heads
        parts = self.qkv(self.norm_in(x)).view(batch, steps, 3, heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        index = torch.arange(steps, device=x.device)
        back = index[:, None] - index[None]
        seen = (back >= 0) & (back < self.config.window)
        weight = self.back[:, back.clamp(0, self.config.window - 1)].masked_fill(~seen, -1e9)[None]
        weight = weight + torch.where(there[:, None, None, :], 0.0, -1e9)
        score = query @ key.transpose(-1, -2) / math.sqrt(width // heads) + weight
        mixed = (score.softmax(-1) @ value).transpose(1, 2).reshape(batch, steps, width)
        x = x + self.dropout(self.mix(mixed))
        return x + self.dropout(self.feed(self.norm_out(x)))


class ScanPathTransformer(nn.Module):
    """Looks of a character in a state -> hazard of the present look's end, mixture over the next landing.

    Args:
        config: sizes.
        characters: people with an embedding per state; one more row is everybody's.
        code_deg: (codes, 2) the codebook of where.
        code_sd_deg: (codes,) spread of the looks that each code stands for.
    """

    code_deg: Tensor

    def __init__(self, config: ScanPathConfig, characters: int, code_deg: Tensor, code_sd_deg: Tensor) -> None:
        super().__init__()
        self.config, self.characters = config, characters
        width, known = config.width, 2 * config.character
        self.character = nn.Embedding(characters + 1, config.character)
        self.manner = nn.Embedding((characters + 1) * len(STATES), config.character)
        nn.init.normal_(self.character.weight, std=0.3)
        nn.init.normal_(self.manner.weight, std=0.3)
        self.register_buffer("code_deg", code_deg)
        self.code_log_sd = nn.Parameter(code_sd_deg.log()[:, None].repeat(1, 2))
        self.near_log_sd = nn.Parameter(torch.tensor(NEAR_SD_DEG).log())
        self.look, self.who = mlp(width_of(LOOK), width, width), nn.Linear(known, width)
        self.blocks = nn.ModuleList([LookBlock(config) for _ in range(config.layers)])
        self.norm = nn.LayerNorm(width)
        self.hazard = mlp(width + known, width, len(DWELL_EDGES_S))
        self.leave = nn.Linear(width + known + 2, width)
        self.place = mlp(width + width_of(PLACE), 64, 3)
        self.near = mlp(width, 48, len(NEAR_SD_DEG) + 1)
        self.new = mlp(width, 64, config.codes)

    def who_is(self, character: Tensor, state: Tensor) -> Tensor:
        """(..., 2 * character width) of indices of characters and of `STATES`."""
        return torch.cat([self.character(character), self.manner(character * len(STATES) + state)], dim=-1)

    def forward(self, looks: Tensor, who: Tensor, there: Tensor) -> Tensor:
        """State (B, T, width) of looks (B, T, LOOK) by ``who`` (B, T, known)."""
        x = self.look(looks) + self.who(who)
        for block in self.blocks:
            x = block(x, there)
        return self.norm(x)

    def hazard_logits(self, state: Tensor, who: Tensor) -> Tensor:
        """(..., bins) of a look ending in each bin of dwell, given that it has lasted so long."""
        return self.hazard(torch.cat([state, who], dim=-1))

    def landing(
        self, state: Tensor, who: Tensor, dwell_s: Tensor, gaze_deg: Tensor, place: Tensor, place_deg: Tensor,
        known: Tensor,
    ) -> Mixture:  # fmt: skip
        """Where the next look lands.

        Args:
            state: (..., width).
            who: (..., known).
            dwell_s: (...) how long this look has lasted.
            gaze_deg: (..., 2) where it is.
            place: (..., P, PLACE) conditions of the scene's places.
            place_deg: (..., P, 2).
            known: (..., P) which there are.
        """
        log = torch.log(dwell_s.clamp(min=SHORTEST_DWELL_S))[..., None]
        leaving = functional.gelu(self.leave(torch.cat([state, who, log, log**2 / 4], dim=-1)))
        each = leaving[..., None, :].expand(*place.shape[:-1], leaving.shape[-1])
        out = self.place(torch.cat([each, place], dim=-1))
        low, spread = PLACE_SD_DEG
        near = self.near(leaving)
        new = near[..., -1:] + functional.log_softmax(self.new(leaving), dim=-1)
        logits = torch.cat([out[..., 0].masked_fill(~known, -30.0), near[..., :-1], new], dim=-1)
        shape = (*gaze_deg.shape[:-1], -1, 2)
        mean = torch.cat([place_deg, gaze_deg[..., None, :].expand(*gaze_deg.shape[:-1], len(NEAR_SD_DEG), 2),
                          self.code_deg.expand(shape)], dim=-2)  # fmt: skip
        codes_sd = self.code_log_sd.exp().clamp(*CODE_SD_DEG)
        sd = torch.cat(
            [low + (spread - low) * torch.sigmoid(out[..., 1:] - 1), self.near_log_sd.exp().expand(shape),
             codes_sd.expand(shape)], dim=-2,
        )  # fmt: skip
        return Mixture(functional.log_softmax(logits, dim=-1), mean, sd)


def dwell_log_likelihood(hazard_logits: Tensor, bin_index: Tensor, ended: Tensor) -> Tensor:
    """(...) of looks that lasted into a bin: they ended there, or (``ended`` 0) were lost from sight."""
    survived = torch.cumsum(functional.logsigmoid(-hazard_logits), dim=-1)
    earlier = survived.gather(-1, (bin_index - 1).clamp(min=0)[..., None])[..., 0]
    end = functional.logsigmoid(hazard_logits).gather(-1, bin_index[..., None])[..., 0]
    return torch.where(bin_index > 0, earlier, torch.zeros_like(earlier)) + ended * end
