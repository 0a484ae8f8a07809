"""The face network for short blocks says what the one for whole recordings says."""

import pytest
import torch

from talkingeyes.generate.lip_table import INPUTS
from talkingeyes.models.face_net import FaceNet, FaceNetConfig, StreamingFaceNet
from talkingeyes.models.face_step import FaceStep


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
def test_short_blocks_one_after_the_other_are_the_stream(frames: int) -> None:
    torch.manual_seed(frames)
    net = FaceNet(FaceNetConfig(channels=8, dilations=(1, 2, 4, 2), ahead=4, smooth=frames % 3)).eval()
    step, features = FaceStep(net, frames), torch.randn(2, 12 * frames, INPUTS)
    state, parts = torch.zeros(2, net.state_size), []
    with torch.no_grad():
        lips, shapes, after = StreamingFaceNet(net)(features, state)
        for i in range(0, features.shape[1], frames):
            *both, state = step(features[:, i : i + frames], state)
            parts.append(both)
    torch.testing.assert_close(torch.cat([p[0] for p in parts], dim=1), lips)
    torch.testing.assert_close(torch.cat([p[1] for p in parts], dim=1), shapes)
    torch.testing.assert_close(state, after)
