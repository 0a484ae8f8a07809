"""The autoregressive cross-modal Transformer: speech, gaze tokens and head latents so far -> the next of both.

One step is 0.2 s. Row ``i`` hears the voice of step ``i`` and 0.4 s more, and decides the gaze token of step
``i + GAZE_LEAD`` and then, knowing it, the head latent of step ``i``: so the head may start before the eyes. What a
recording lacks (sound, gaze, head, whose turn it is) has a learned stand-in, the same that dropout trains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.models.gaze_vqvae import squash
from talkingeyes.models.layers import Block, mlp

GAZE_LEAD = 2
"""Steps that the gaze is decided ahead (plan.GAZE_LEAD_S)."""
FLOOR = ("silent", "speaking", "unknown")
"""Whether the character has the floor."""
SOURCES = ("tracked", "video")
"""Where motion was seen: by an eye tracker in conversation, or in a video made for a camera."""
STYLES = ("gaze rate", "averted share", "gaze width", "gaze height", "gaze side", "gaze level", "head activity")
"""What makes a character: standardised numbers, 0 for the average person."""
SIDE = STYLES.index("gaze side")
"""Changes its sign where left and right change."""
SPEECH_FRAMES, SPEECH_FEATURES = 30, 6
"""A row hears so many frames of 20 ms, and of each loudness, its change, voice, pitch, brightness, accent."""

EAR = 32
"""Numbers per frame that those of a local speech encoder are projected to."""


@dataclass(frozen=True)
class TranslatorConfig:
    """Sizes; ``window`` is how many steps a step sees."""

    width: int = 128
    heads: int = 4
    layers: int = 3
    window: int = 48
    mixtures: int = 6
    dropout: float = 0.1

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ValueError: naming the value.
        """
        if self.width % self.heads:
            raise ValueError(f"width is {self.width}; a multiple of heads ({self.heads}) is accepted")
        if not 2 <= self.window <= 1024:
            raise ValueError(f"window is {self.window}; 2 to 1024 is accepted")


@dataclass(frozen=True)
class Rows:
    """What the translator knows at each row; (B, T, ...) while training, (B, ...) in a step.

    Attributes:
        speech: (..., SPEECH_FRAMES * SPEECH_FEATURES), or as many numbers per frame as a speech encoder gives.
        hears: (...) 1 where there is sound.
        floor: (...) index into `FLOOR`, long.
        source: (...) index into `SOURCES`, long.
        style: (..., len(STYLES)).
        style_known: (..., len(STYLES)) 1 where known.
        token: (...) gaze token of the row before, long; the vocabulary's size where unknown.
        gaze_deg: (..., 2) gaze after that token.
        held_s: (..., 2) time since the last shift, and since it came to or left the partner.
        latent: (..., width of the head space) of the row before.
        sees: (...) 1 where that head was seen.
    """

    speech: Tensor
    hears: Tensor
    floor: Tensor
    source: Tensor
    style: Tensor
    style_known: Tensor
    token: Tensor
    gaze_deg: Tensor
    held_s: Tensor
    latent: Tensor
    sees: Tensor


class GazeHeadTransformer(nn.Module):
    """Rows -> logits of the next gaze token, and a mixture over the next head latent.

    Args:
        config: sizes.
        tokens: of the gaze space.
        latent: width of the head space.
        heard: numbers per frame of a local speech encoder; None hears the light features.
    """

    def __init__(self, config: TranslatorConfig, tokens: int, latent: int, heard: int | None = None) -> None:
        super().__init__()
        self.config, self.tokens, self.latent = config, tokens, latent
        self.heard = SPEECH_FEATURES if heard is None else heard
        width = config.width
        self.ear = None if heard is None else nn.Sequential(nn.LayerNorm(heard), nn.Linear(heard, EAR))
        self.speech = mlp(SPEECH_FRAMES * (SPEECH_FEATURES if heard is None else EAR), width, width)
        self.deaf = nn.Parameter(torch.zeros(width))
        self.floor = nn.Embedding(len(FLOOR), width)
        self.source = nn.Embedding(len(SOURCES), width)
        self.style = nn.Linear(2 * len(STYLES), width)
        self.token = nn.Embedding(tokens + 1, width)
        self.place = mlp(5, width, width)
        self.head = nn.Linear(latent, width)
        self.blind = nn.Parameter(torch.zeros(width))
        self.blocks = nn.ModuleList(
            [Block(width, config.heads, config.window, config.dropout) for _ in range(config.layers)]
        )
        self.norm = nn.LayerNorm(width)
        self.gaze_out = nn.Linear(width, tokens)
        self.next_token = nn.Embedding(tokens + 1, width)
        self.head_out = mlp(2 * width + latent, 2 * width, config.mixtures * (1 + 2 * latent))
        for table in (self.token, self.next_token, self.floor, self.source):
            nn.init.normal_(table.weight, std=0.1)

    def cache_shape(self) -> tuple[int, ...]:
        """Of one sequence: layers, keys and values, heads, window - 1, width of a head."""
        c = self.config
        return (c.layers, 2, c.heads, c.window - 1, c.width // c.heads)

    def embed(self, rows: Rows) -> Tensor:
        """(..., width): the sum of everything known."""
        hears = rows.hears[..., None]
        held = torch.log1p(rows.held_s.clamp(0, 60)) / 2
        eccentric = rows.gaze_deg.norm(dim=-1, keepdim=True) / 10
        place = torch.cat([squash(rows.gaze_deg), eccentric, held], dim=-1)
        known = (rows.token < self.tokens).to(place.dtype)[..., None]
        sees = rows.sees[..., None]
        return (
            hears * self._voice(rows.speech) + (1 - hears) * self.deaf
            + self.floor(rows.floor) + self.source(rows.source)
            + self.style(torch.cat([rows.style * rows.style_known, rows.style_known], dim=-1))
            + self.token(rows.token) + known * self.place(place)
            + sees * self.head(rows.latent) + (1 - sees) * self.blind
        )  # fmt: skip

    def _voice(self, speech: Tensor) -> Tensor:
        if self.ear is not None:
            speech = self.ear(speech.unflatten(-1, (SPEECH_FRAMES, self.heard))).flatten(-2)
        return self.speech(speech)

    def forward(self, rows: Rows, clip: Tensor) -> Tensor:
        """State (B, T, width) of every row; rows of another ``clip`` (B, T) are not seen."""
        x = self.embed(rows)
        for block in self.blocks:
            x = block(x, clip)
        return self.norm(x)

    def step(self, rows: Rows, cache: Tensor, filled: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One row with a cache (B, *cache_shape) -> state (B, width), gaze logits (B, tokens), the next cache."""
        x, caches = self.embed(rows), []
        for layer, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            x, kept = block.step(x, cache[:, layer], filled)
            caches.append(kept)
        state = self.norm(x)
        return state, self.gaze_out(state), torch.stack(caches, dim=1)

    def head_mixture(self, state: Tensor, token: Tensor, latent: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Where the head may go next.

        Args:
            state: (..., width).
            token: (...) gaze token just decided, or the vocabulary's size.
            latent: (..., L) of the row before.

        Returns:
            log weights (..., M), means (..., M, L), log standard deviations (..., M, L).
        """
        out = self.head_out(torch.cat([state, self.next_token(token), latent], dim=-1))
        m = self.config.mixtures
        weights, rest = out[..., :m], out[..., m:].unflatten(-1, (2, m, self.latent))
        mean = latent[..., None, :] + rest[..., 0, :, :]
        return functional.log_softmax(weights, dim=-1), mean, rest[..., 1, :, :].clamp(-5, 2)


def mixture_nll(mixture: tuple[Tensor, Tensor, Tensor], latent: Tensor) -> Tensor:
    """(...) negative log likelihood of latents (..., L) under mixtures of diagonal Gaussians, nats."""
    weights, mean, log_sd = mixture
    apart = (latent[..., None, :] - mean) / log_sd.exp()
    each = -0.5 * (apart**2 + math.log(2 * math.pi)).sum(-1) - log_sd.sum(-1)
    return -torch.logsumexp(weights + each, dim=-1)
