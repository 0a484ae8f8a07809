"""The face's own space: coefficients of a fit undone and made again; channels that rest at 0."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talkingeyes.generate.lip_table import PLACES
from talkingeyes.train.face_places import by_bare_name, places_of, readout
from talkingeyes.train.face_rest import line_of, rest_errors

UP, OUT = PLACES.index("corner_up"), PLACES.index("corner_out")
REST = ("mouthRollLower", "mouthRollUpper", "mouthLowerDown", "mouthUpperUp", "cheekSquint", "noseSneer")


def fitted(up: np.ndarray, out: np.ndarray, gap: np.ndarray) -> dict[str, np.ndarray]:
    """As `fit.face` makes coefficients of corners in millimetres."""
    narrow, openness = np.maximum(-2 * out, 0), np.clip(gap * 32 / 12, 0, 1)
    found = {
        "jawOpen": gap,
        "mouthFunnel": narrow * openness / 12,
        "mouthPucker": narrow * (1 - openness) / 14,
        "mouthSmile": np.maximum(0.8 * up + 0.6 * out, 0) / 11,
        "mouthFrown": np.maximum(-up, 0) / 9,
        "mouthStretch": np.maximum(out - np.maximum(up, 0), 0) / 10,
    }
    return {**found, **{name: np.zeros_like(up) for name in REST}}


def test_corners_that_a_fit_shows_come_back() -> None:
    rng = np.random.default_rng(0)
    up, out = rng.normal(0, 2, 400), rng.normal(0, 2, 400)
    found = places_of(fitted(up, out, rng.uniform(0, 0.5, 400)))
    falls, wide, narrow = up < -0.1, out > np.maximum(up, 0) + 0.2, out < -0.2
    assert np.allclose(found[falls, UP], up[falls])
    assert np.allclose(found[narrow, OUT], out[narrow])
    both = wide & (up > 0.3)
    assert np.allclose(found[both][:, [UP, OUT]], np.stack([up, out], 1)[both])
    hidden = (up > 0) & (out > 0) & (out < up)
    assert np.all(found[hidden, OUT] <= found[hidden, UP])


def test_a_readout_is_as_large_as_people_and_finds_what_is_heard() -> None:
    rng = np.random.default_rng(1)
    heard, owner = rng.normal(size=(3000, 6)), np.repeat(np.arange(30), 100)
    places = 0.2 * np.abs(rng.normal(size=(3000, len(PLACES))))
    places[:, 0] = 0.3 + 0.1 * heard[:, 2]
    line, shift, shown = readout(heard, places, owner)
    said = heard @ line.T + shift
    assert np.corrcoef(said[:, 0], places[:, 0])[0, 1] > 0.99
    assert said[:, 0].std() == pytest.approx(shown[0] * places[:, 0].std(), rel=0.05)
    assert shown[1:].max() < 0.5


def test_what_rests_below_zero_is_found_from_what_is_above() -> None:
    values = np.maximum(np.random.default_rng(2).normal(-0.05, 0.1, 20000), 0)
    mean, spread = line_of(values)
    assert mean == pytest.approx(-0.05, abs=0.01) and spread == pytest.approx(0.1, abs=0.01)
    assert line_of(np.zeros(10))[0] < 0


def test_a_channel_at_rest_costs_nothing_below_and_more_above() -> None:
    said = torch.tensor([-0.5, -0.05, 0.0, 0.1, 0.3]).reshape(1, 5, 1)
    spread, free = torch.tensor([0.1]), torch.tensor([0.0])
    cost = rest_errors(said, torch.zeros(1, 5, 1), torch.ones(1, 5), spread, free)[0, :, 0]
    assert cost[0] < 0.01 and torch.all(cost[1:] > cost[:-1])
    shown = rest_errors(said, torch.full((1, 5, 1), 0.1), torch.ones(1, 5), spread, free)[0, :, 0]
    assert int(shown.argmin()) == 3


def test_sides_are_taken_one_by_one_or_as_their_mean() -> None:
    face = np.array([[0.2, 0.4, 0.6]])
    names = ("jawOpen", "mouthSmileLeft", "mouthSmileRight")
    assert by_bare_name(names, face)["mouthSmile"] == pytest.approx(0.5)
    assert by_bare_name(names, face, "Right")["mouthSmile"] == pytest.approx(0.6)
    assert by_bare_name(names, face, "Left")["jawOpen"] == pytest.approx(0.2)
