"""Clips out of step: their lag is found with its sign, and taken out."""

import pytest
import torch
from torch import Tensor

from talkingeyes.train.face_lag import MOST_LAG, in_step, row_correlation, sound_late


def openings(rows: int, seed: int = 0) -> Tensor:
    """(rows, 80) smooth curves."""
    noise = torch.randn(rows, 1, 80 + 8, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.conv1d(noise, torch.hann_window(9)[None, None])[:, 0]


@pytest.mark.parametrize("late", [-3, 0, 2])
def test_a_lag_is_found_with_its_sign_and_taken_out(late: int) -> None:
    heard = openings(16)
    fitted = torch.roll(heard, late, dims=1)[..., None]
    seen = torch.ones(16, 80)
    found = sound_late(heard, fitted[..., 0], seen)
    assert torch.allclose(found, torch.full((16,), float(late)), atol=0.5)
    moved, known = in_step(fitted, seen, found)
    # What was rolled over the end is not a picture.
    known[:, :MOST_LAG] = known[:, -MOST_LAG:] = 0
    assert (row_correlation(heard, moved[..., 0], known) > 0.9).all()
    assert known.sum(dim=1).min() >= 80 - 3 * MOST_LAG


def test_what_the_sound_does_not_tell_stays_in_step() -> None:
    heard, fitted = openings(64, 1), openings(64, 2)
    assert sound_late(heard, torch.zeros_like(fitted), torch.ones(64, 80)).abs().max() < 1e-4
    few = torch.zeros(64, 80)
    few[:, :6] = 1
    assert sound_late(heard, fitted, few).abs().max() < 2.5


def test_frames_that_no_picture_shows_are_not_known() -> None:
    lips, seen = torch.arange(10.0).reshape(1, 10, 1), torch.ones(1, 10)
    seen[0, 4] = 0
    moved, known = in_step(lips, seen, torch.tensor([2.5]))
    assert known[0].tolist() == [1, 0, 0, 1, 1, 1, 1, 0, 0, 0]
    assert moved[0, 0, 0] == 2.5
