"""Free running brought back to people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingeyes.generate.gaze_bias import BIASES, FLOORS
from talkingeyes.models.gaze_head_transformer import FLOOR, STYLES, GazeHeadTransformer, TranslatorConfig
from talkingeyes.models.gaze_vqvae import GazeVQConfig, GazeVQVAE
from talkingeyes.models.head_vae import HeadVAE, HeadVAEConfig
from talkingeyes.train.debias import CHAINS, SHIFTS, SPEAKING, characters, run_free
from talkingeyes.train.people import People
from talkingeyes.train.sequences import ClipRows, styled


def somebody(group: str, side_deg: float, seed: int) -> ClipRows:
    """A minute of gaze at about ``side_deg``, a shift every half second."""
    rng, count = np.random.default_rng(seed), 3000
    onset = np.arange(count) % 25 == 0
    target = np.repeat(rng.normal([side_deg, 2.0], 4.0, (count // 25, 2)), 25, axis=0)
    seen = np.ones(count, bool)
    return ClipRows(
        group, group, "gaze_conversation", 0, onset, target, seen, np.zeros((count, 3)), np.zeros(count, bool),
        np.zeros((count, 6), np.float32), False, np.full(count, FLOOR.index("speaking")), np.full(len(STYLES), np.nan),
    )  # fmt: skip


@pytest.fixture(scope="module")
def everybody() -> People:
    both, scale = styled([somebody("left", -9.0, 0), somebody("right", 9.0, 1)])
    return People((both[0],), (both[1],), scale)


def test_everybody_who_was_seen_speaking_is_a_character(everybody: People) -> None:
    found = characters(everybody)
    assert list(found) == ["left", "right"]
    left, right = (found[name].moments[SPEAKING] for name in ("left", "right"))
    assert left[0] < -0.5 and right[0] > 0.5
    assert left[SHIFTS] == pytest.approx(0.4, abs=0.05)  # a shift in two rows of five


def test_who_was_never_seen_listening_listens_as_he_speaks_on_the_average(everybody: People) -> None:
    found = characters(everybody)
    assert np.isfinite(found["left"].moments).all()
    np.testing.assert_array_equal(found["left"].moments[0], found["right"].moments[0])
    assert found["left"].moments[0][0] == 0


def test_listening_and_speaking_are_told_apart(everybody: People) -> None:
    still = somebody("left", 0.0, 2)
    rest = replace(
        still, onset=np.zeros_like(still.onset), target_deg=np.zeros_like(still.target_deg),
        floor=np.full_like(still.floor, FLOOR.index("silent")), style=everybody.train[0].style,
    )  # fmt: skip
    listening, speaking = characters(replace(everybody, train=(*everybody.train, rest)))["left"].moments
    assert listening[SHIFTS] < 0.1 < speaking[SHIFTS] and listening[2] < 0.1 < speaking[2]


def test_little_seen_people_are_drawn_to_the_average_that_looks_to_neither_side(everybody: People) -> None:
    short, scale = styled([somebody("left", -9.0, 0), somebody("right", 9.0, 1)])
    tracks = ("onset", "target_deg", "gaze_known", "head_deg", "head_known", "speech", "floor")
    brief = replace(short[0], **{name: getattr(short[0], name)[:200] for name in tracks})
    seldom = characters(People((brief,), (short[1],), scale))["left"].moments[SPEAKING, 0]
    assert characters(everybody)["left"].moments[SPEAKING, 0] < seldom < 0


class Grid(GazeVQVAE):
    """Shifts to 8 x 8 places up to 24 deg from the partner, wherever the gaze was."""

    def decode(self, z: torch.Tensor, before_deg: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        side = torch.linspace(-24, 24, 8)
        grid = torch.cartesian_prod(side, side)
        return grid.repeat(len(z) // len(grid), 1), torch.full((len(z),), 0.5)


def test_a_model_that_knows_nothing_runs_free_like_the_people_it_is_biased_to(everybody: People) -> None:
    torch.manual_seed(0)
    vqvae, vae = Grid(GazeVQConfig(codes=64, hidden=32)).eval(), HeadVAE(HeadVAEConfig(width=4, hidden=16)).eval()
    model = GazeHeadTransformer(
        TranslatorConfig(width=16, heads=2, layers=1, window=8, mixtures=2), vqvae.tokens, 4
    ).eval()
    known = list(characters(everybody).values())
    one, again = (run_free(model, vqvae, vae, known, everybody) for _ in range(2))
    assert one.figures["free_gaze_error_after"] < 0.5 * one.figures["free_gaze_error_before"]
    assert one.biases.shape == (FLOORS, 2, BIASES)
    assert one.past_tokens.shape == (FLOORS, 2, CHAINS, 8) and one.past_gaze_deg.shape == (FLOORS, 2, CHAINS, 2)
    assert one.past_tokens.max() < vqvae.tokens
    for name in ("biases", "past_tokens", "past_gaze_deg"):
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))
