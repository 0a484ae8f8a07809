"""What a row of the face network costs: distance from the fit, lips that touch or are open, a rule for made speech."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from talkingeyes.generate.lip_table import LIPS
from talkingeyes.train.face_rest import AT_REST, rest_errors
from talkingeyes.train.face_taught import OFFSET_FREE, WEIGHTS, errors

JAW = LIPS.index("jawOpen")
SURELY_OPEN, SURELY_SHUT = 0.12, 0.03
"""A fitted opening above the first (4 mm) is no closure, however quick a video is; below the second lips touch."""
_REST_WEIGHT = 1.2
_HEARD_SPREAD = 0.85
"""Of people's spread, what is left about what can be heard."""
_RULE_OPEN = (0.02, 0.0, 0.05, 0.12, 0.13, 0.15, 0.10, 0.24, 0.15, 0.22, 0.36, 0.14)
"""Opening that made speech is drawn to, per shape: closed for p, b, m, wide for a."""
_RULE_KERNEL = (0.15, 0.2, 0.3, 0.2, 0.15)


def wide_open(opening: Tensor, seen: Tensor) -> Tensor:
    """(B, T) 1 where a person's lips are surely not closed: above their clip's mean and a fixed level."""
    mean = (opening * seen).sum(dim=1, keepdim=True) / seen.sum(dim=1, keepdim=True).clamp(min=1)
    return ((opening > mean) & (opening > SURELY_OPEN)).float() * seen


def touch_error(held: Tensor, opening: Tensor, seen: Tensor) -> Tensor:
    """(B,) how little the network knows of moments when a moving mouth's lips touch; ``held``: (B, T) that they do."""
    top = torch.quantile(opening * seen, 0.9, dim=1, keepdim=True)
    touches = ((opening < SURELY_SHUT) & (top > SURELY_OPEN)).float() * seen
    return -(torch.log(held.clamp(min=1e-3)) * touches).sum(dim=1) / touches.sum(dim=1).clamp(min=1)


def place_errors(lips: Tensor, fitted: Tensor, seen: Tensor, spread: Tensor) -> tuple[Tensor, Tensor]:
    """(B,) distance from the fit and from its change: squared for the opening, by `face_rest` for what rests at 0."""
    moves = torch.zeros(len(LIPS), device=lips.device)
    moves[JAW] = 1.0
    error = (lips - fitted) / spread
    place, change = errors(error * moves, seen)
    count = seen.sum(dim=1).clamp(min=1)
    share = WEIGHTS.to(lips.device) * (1 - moves) / len(LIPS)
    rests = rest_errors(lips, fitted, seen, spread * _HEARD_SPREAD, OFFSET_FREE.to(lips.device))
    place = place + _REST_WEIGHT * (rests * share * seen[..., None]).sum(dim=(1, 2)) / count
    shown = (torch.minimum(fitted[:, 1:], fitted[:, :-1]) > AT_REST) * seen[:, 1:, None]
    quick = (3 * (error[:, 1:] - error[:, :-1])) ** 2 * shown
    return place, change + (quick * share).sum(dim=(1, 2)) / count


def rule_error(opening: Tensor, shapes: Tensor, known: Tensor, spread: float) -> Tensor:
    """(B,) squared distance of the opening from the rule's, blurred as mouths blur it."""
    wanted = torch.tensor(_RULE_OPEN, device=opening.device)[shapes.clamp(min=0)]
    kernel = torch.tensor(_RULE_KERNEL, device=opening.device)[None, None]
    reach = len(_RULE_KERNEL) // 2
    wanted = functional.conv1d(functional.pad(wanted[:, None], (reach, reach), mode="replicate"), kernel)[:, 0]
    error = (0.3 * (opening - wanted) / spread) ** 2 * known
    return 4 * error.sum(dim=1) / known.sum(dim=1).clamp(min=1)
