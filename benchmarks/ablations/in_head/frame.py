"""Gaze in space <-> eyes in the head, in degrees, and rows of the data coded as eyes in the head."""

from __future__ import annotations

import torch
from torch import Tensor

from talkingeyes.train.packed import begins

MOVE_DEG = 0.5
"""A row whose eyes move less than this in the head is one that stays."""
SACCADE_DEG = 3.0
"""Decoded moves from this size on are drawn as saccades, smaller ones glide through their row of 0.2 s, as the
counter-rotation to the head does."""


def eye_in_head(gaze_deg: Tensor, head_deg: Tensor) -> Tensor:
    """Gaze in space (..., 2) and head yaw, pitch, roll (..., 3) -> yaw and pitch of the eyes in the head (..., 2)."""
    yaw, pitch = torch.deg2rad(gaze_deg).unbind(-1)
    turn, nod, tilt = torch.deg2rad(head_deg).unbind(-1)
    x, y, z = torch.sin(yaw) * torch.cos(pitch), torch.sin(pitch), torch.cos(yaw) * torch.cos(pitch)
    x, z = x * torch.cos(turn) - z * torch.sin(turn), x * torch.sin(turn) + z * torch.cos(turn)
    y, z = y * torch.cos(nod) - z * torch.sin(nod), y * torch.sin(nod) + z * torch.cos(nod)
    x, y = x * torch.cos(tilt) + y * torch.sin(tilt), y * torch.cos(tilt) - x * torch.sin(tilt)
    return torch.rad2deg(torch.stack([torch.atan2(x, z), torch.asin(y.clamp(-1, 1))], dim=-1))


def coded_in_head(b: dict[str, Tensor]) -> dict[str, Tensor]:
    """A (mirrored) batch whose gaze is that of the eyes in the head.

    The head at a row's gaze is the end of the window that the row knows, 0.4 s after its start. Where nobody saw the
    head it is taken to face the partner. ``saccade`` tells the rows that shift in space from those that only follow.
    """
    seen = torch.maximum(b["head_known"] * b["valid"] * (b["borrowed"] == 0), b["borrowed"])
    head = b["windows_deg"][:, :, -1] * seen[..., None]
    first = begins(b["clip"])
    last = torch.cat([first[:, 1:], torch.ones_like(first[:, :1])], dim=1)
    later = torch.where(last[..., None], head, torch.cat([head[:, 1:], head[:, -1:]], dim=1))
    start, goal = eye_in_head(b["before_deg"], head), eye_in_head(b["target_deg"], later)
    before, moves = [], []
    held = start[:, 0]
    for t in range(start.shape[1]):
        held = torch.where(first[:, t, None], start[:, t], held)
        move = (b["shift"][:, t] > 0) | ((goal[:, t] - held).norm(dim=-1) > MOVE_DEG)
        before.append(held)
        moves.append(move)
        held = torch.where(move[:, None], goal[:, t], held)
    return b | {
        "saccade": b["shift"], "before_deg": torch.stack(before, dim=1), "target_deg": goal,
        "shift": torch.stack(moves, dim=1).to(goal), "share": torch.where(b["shift"] > 0, b["share"], 0.5),
    }  # fmt: skip
