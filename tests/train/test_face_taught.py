"""A face network that begins with another one's weights and learns what it says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talkingeyes.generate.lip_table import INPUTS, LIPS, SHAPES
from talkingeyes.generate.mouth import NETWORK, shipped_face
from talkingeyes.models.face_net import FaceNet, FaceNetConfig
from talkingeyes.train.face_data import Voice
from talkingeyes.train.face_rows import Rows
from talkingeyes.train.face_taught import begin_like, taught_error, taught_voices


@pytest.fixture(scope="module")
def voice() -> Voice:
    rng = np.random.default_rng(0)
    count = 80
    log_mel = rng.normal(-4, 2, (count, 40)).astype(np.float32)
    lips = np.zeros((count, len(LIPS)), np.float32)
    known = np.ones(count, bool)
    return Voice(
        "a", "g", log_mel, np.full(count, -20.0), known, np.full(count, -20.0), lips, known, np.full(count, -1)
    )


def test_a_network_of_the_same_size_begins_as_its_teacher_is():
    teacher = shipped_face()
    net = FaceNet(FaceNetConfig())
    assert begin_like(net, teacher)
    features = np.random.default_rng(1).normal(size=(1, 10, INPUTS)).astype(np.float32)
    state = np.zeros((1, net.state_size), np.float32)
    found = teacher.run(NETWORK, {"features": features, "state": state})
    with torch.no_grad():
        lips, logits, _ = net.eval().stream(torch.tensor(features), torch.tensor(state))
    np.testing.assert_allclose(lips.numpy(), found["lips"], atol=1e-5)
    np.testing.assert_allclose(torch.softmax(logits, -1).numpy(), found["shapes"], atol=1e-5)


def test_one_of_another_size_keeps_its_own_weights():
    for config in (FaceNetConfig(channels=32), FaceNetConfig(dilations=(1, 2, 4), ahead=4, smooth=1)):
        net = FaceNet(config)
        before = {name: value.clone() for name, value in net.state_dict().items()}
        assert not begin_like(net, shipped_face())
        assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())


def test_rows_carry_what_the_teacher_says_and_saying_it_costs_least(voice):
    taught = taught_voices([voice, voice], shipped_face())
    assert taught[0].taught is not None
    assert taught[0].taught.shape == (len(voice), len(LIPS) + len(SHAPES))
    rows = Rows(taught, 32).cut(np.array([0, 1]), np.random.default_rng(2))
    said = torch.tensor(rows["taught"], dtype=torch.float32)
    lips, logits = said[..., : len(LIPS)], torch.log(said[..., len(LIPS) :].clamp(min=1e-9))
    spread = torch.ones(len(LIPS))
    exact = taught_error(lips, logits, said, spread)
    for other in (taught_error(lips + 0.1, logits, said, spread), taught_error(lips, -logits, said, spread)):
        assert (other > exact).all()
    assert "taught" not in Rows([voice, taught[0]], 32).cut(np.array([0]), np.random.default_rng(2))
