"""Clips whose sound and picture are out of step: each clip's own lag, found while the face network learns.

Cutting and coding leave each clip with a lag of its own (docs/face.md: 35 ms either way). Learned as they are, clips
teach a blur. So each row of a batch is taken at the lag that the network's own opening makes likely, held near zero by
a prior; one round of expectation-maximisation per step, with the mean of the posterior.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

FRAME_MS = 20.0
MOST_LAG = 6
"""Frames either way that a clip may be out of step."""
_USUAL_MS, _RARE_MS, _RARE = 35.0, 80.0, 0.07
"""Prior: two bells around zero, the wide one for the share of clips that are further out."""
_FRAMES_PER_SAMPLE = 6.0
"""Openings so far apart count as independent."""
_SURE_R = 0.95


def row_correlation(one: Tensor, other: Tensor, seen: Tensor) -> Tensor:
    """(B,) correlation of (B, T) and (B, T) over the seen frames."""
    count = seen.sum(dim=1, keepdim=True).clamp(min=1)
    one = (one - (one * seen).sum(dim=1, keepdim=True) / count) * seen
    other = (other - (other * seen).sum(dim=1, keepdim=True) / count) * seen
    return (one * other).sum(dim=1) / ((one**2).sum(dim=1) * (other**2).sum(dim=1) + 1e-4).sqrt()


def sound_late(heard: Tensor, fitted: Tensor, seen: Tensor) -> Tensor:
    """(B,) frames by which a picture comes after its sound: the posterior's mean.

    The likelihood of a lag is that of a linear relation with the correlation found there, ``(1 - r^2)^(-n / 2)``.

    Args:
        heard: (B, T) opening by the network.
        fitted: (B, T) opening by the picture.
        seen: (B, T) 1 where the picture is known.
    """
    count = heard.shape[1]
    found = []
    for lag in range(-MOST_LAG, MOST_LAG + 1):
        first, end = max(0, -lag), count - max(0, lag)
        later = slice(first + lag, end + lag)
        found.append(row_correlation(heard[:, first:end], fitted[:, later], seen[:, later]))
    r = torch.stack(found, dim=1).clamp(0, _SURE_R)
    samples = seen.sum(dim=1, keepdim=True) / _FRAMES_PER_SAMPLE
    lags = torch.arange(-MOST_LAG, MOST_LAG + 1, device=r.device, dtype=r.dtype)
    chance = torch.softmax(-samples / 2 * torch.log(1 - r**2) + _log_prior(lags), dim=1)
    return (chance * lags).sum(dim=1)


def _log_prior(lags: Tensor) -> Tensor:
    bells = [
        math.log(share * FRAME_MS / width_ms) - 0.5 * (lags * FRAME_MS / width_ms) ** 2
        for share, width_ms in ((1 - _RARE, _USUAL_MS), (_RARE, _RARE_MS))
    ]
    return torch.logsumexp(torch.stack(bells), dim=0)


def in_step(lips: Tensor, seen: Tensor, late: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures moved to their sound.

    Args:
        lips: (B, T, K).
        seen: (B, T).
        late: (B,) frames, see `sound_late`; fractions are interpolated.

    Returns:
        (B, T, K) lips and (B, T) seen, 0 where the moved picture has no frame.
    """
    count = lips.shape[1]
    at = torch.arange(count, device=lips.device)[None] + late[:, None]
    inside = ((at >= 0) & (at <= count - 1)).to(seen.dtype)
    at = at.clamp(0, count - 1)
    low = at.floor().long()
    high = (low + 1).clamp(max=count - 1)
    share = (at - low)[..., None]

    def frames(index: Tensor) -> Tensor:
        return torch.gather(lips, 1, index[..., None].expand(-1, -1, lips.shape[2]))

    known = torch.gather(seen, 1, low) * torch.gather(seen, 1, high) * inside
    return frames(low) * (1 - share) + frames(high) * share, known
