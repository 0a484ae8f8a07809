"""The ablations of the learned generator train, ship and generate: other designs on the product's own parts."""

import numpy as np
import pytest
import torch
from benchmarks.ablations.common import STAGES, generator_of, register, take
from benchmarks.ablations.in_head.frame import MOVE_DEG, coded_in_head, eye_in_head
from benchmarks.ablations.joint.space import Happening, JointConfig, JointVQVAE
from benchmarks.ablations.no_vq.space import GazeVAE
from benchmarks.ablations.score import maker

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.errors import ModelError
from talkingeyes.generate.sampling import Sampling
from talkingeyes.models.gaze_vqvae import GazeVQConfig
from talkingeyes.models.head_vae import STEP_SAMPLES, WINDOW_SAMPLES
from talkingeyes.train import stages
from tests.generate.conftest import make_speech
from tests.train.conftest import trained

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def own_table():
    before = dict(stages.STAGES)
    yield
    stages.STAGES.clear()
    stages.STAGES.update(before)


@pytest.fixture(scope="module")
def spoken() -> te.Speech:
    return make_speech(8.0)


@pytest.mark.parametrize("name", STAGES)
def test_an_ablation_trains_and_generates(name, own_table, talking_set, spoken, tmp_path, capsys):
    register(name)
    report = trained(capsys, talking_set, tmp_path / "run")
    assert list(report["stages"])[-1] == "translator" and len(report["exported"]) == 1
    folder = tmp_path / "run" / "onnx" / "learned"
    one, again, other = (
        take(spoken, generator_of(folder, Sampling()), seed, role="speaking", fps=30) for seed in (3, 3, 4)
    )
    for channel in ("head_rad", "eyes_rad", "lids"):
        made = getattr(one, channel)
        assert np.isfinite(made).all() and np.array_equal(made, getattr(again, channel))
    assert not np.allclose(one.eyes_rad, other.eyes_rad, atol=1e-3)
    assert not np.allclose(one.head_rad, other.head_rad, atol=1e-3)
    with pytest.raises(ModelError, match="ablation"):
        te.animate(spoken, model=str(folder))  # nobody takes it for the product


def test_takes_of_the_product_are_the_same_bytes_here(spoken):
    """What is scored for the full model is what `animate` makes."""
    for role in ("speaking", "listening"):
        here = take(spoken, maker("learned")(), 5, role=role, fps=30)
        there = te.animate(spoken, seed=5, role=role, model="learned")
        for channel in ("head_rad", "eyes_rad", "lids"):
            assert np.array_equal(getattr(here, channel), getattr(there, channel))


def test_eyes_in_the_head_turn_back_into_gaze():
    rng = np.random.default_rng(0)
    gaze, head = rng.uniform(-40, 40, (200, 2)), rng.uniform(-25, 25, (200, 3))
    eye = eye_in_head(torch.from_numpy(gaze), torch.from_numpy(head)).numpy()
    direction = rotations.direction_from_yaw_pitch(np.radians(eye))
    back = np.einsum("tij,tj->ti", rotations.matrix_from_ypr(np.radians(head)), direction)
    wanted = rotations.direction_from_yaw_pitch(np.radians(gaze))
    assert np.degrees(rotations.angle_between_rad(back, wanted)).max() < 1e-3


def test_a_moving_head_asks_for_tokens_that_hold_the_gaze():
    """Gaze at rest on a target while the head turns 4 deg a row: every row follows; with a still head none does."""
    rows = 6
    turn = torch.arange(rows)[None, :, None] * 4.0 + torch.arange(WINDOW_SAMPLES)[None, None] * 0.4
    windows = torch.stack([turn, turn * 0, turn * 0], dim=-1)
    still = torch.zeros(1, rows)
    batch = {
        "windows_deg": windows, "head_known": still + 1, "valid": still + 1, "borrowed": still, "clip": still.long(),
        "before_deg": torch.zeros(1, rows, 2), "target_deg": torch.zeros(1, rows, 2), "shift": still, "share": still,
    }  # fmt: skip
    moved = coded_in_head(batch)
    assert moved["shift"][0, :-1].all() and not moved["shift"][0, -1]  # the head after the last row is not known
    held = moved["target_deg"][0, :-1, 0] + windows[0, 1:, -1, 0]
    assert held.abs().max() < MOVE_DEG
    assert not coded_in_head(batch | {"windows_deg": windows * 0})["shift"].any()
    assert not coded_in_head(batch | {"head_known": still})["shift"].any()


def test_a_joint_code_goes_on_from_where_the_head_was():
    torch.manual_seed(0)
    space = JointVQVAE(JointConfig(codes=8, width=4, hidden=16)).eval()
    past = torch.randn(8, STEP_SAMPLES, 3) * 5
    _, target, share, coming = space.decode(space.quantizer.codebook, torch.zeros(8, 2), past)
    assert coming.shape == past.shape and target.shape == (8, 2) and ((share > 0) & (share < 1)).all()
    happening = Happening(
        torch.zeros(8, 2), torch.ones(8, 2), torch.ones(8), torch.full((8,), 0.5), torch.cat([past, past], dim=1)
    )
    known = torch.tensor([1.0] * 4 + [0.0] * 4)
    half = Happening(*(getattr(happening, f)[:4] for f in Happening.__dataclass_fields__))
    whole = space.losses(happening, known, None)["loss"]
    assert torch.allclose(whole, space.losses(half, torch.ones(4), None)["loss"])


def test_a_continuous_shift_has_no_codebook_and_learns_to_land():
    torch.manual_seed(0)
    model = GazeVAE(GazeVQConfig(hidden=32))
    assert not [name for name in model.state_dict() if "codebook" in name]
    optimizer = torch.optim.Adam(model.parameters(), 5e-3)
    for step in range(300):
        noise = torch.Generator().manual_seed(step)
        before, target = 8 * torch.randn(256, 2, generator=noise), 12 * torch.randn(256, 2, generator=noise)
        figures = model.losses(before, target, torch.rand(256, generator=noise), noise)
        optimizer.zero_grad()
        figures["loss"].backward()
        optimizer.step()
    assert float(figures["error_deg"]) < 2.0
