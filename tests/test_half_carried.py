"""Eyes of which a bone carries a part: the bone leads, so that the iris turns by what the motion asks."""

import numpy as np
import pytest

from talkingeyes.avatar.eye_range import followed, led
from talkingeyes.cli import main
from talkingeyes.formats import load, save
from talkingeyes.motion import Motion
from talkingeyes.rotations import angle_between_rad, direction_from_yaw_pitch
from tests.avatar_rigs import RigKind, build

GAZE = np.random.default_rng(2).uniform([-0.6, -0.45], [0.6, 0.4], (50, 2))


@pytest.mark.parametrize("share", [0.5, 0.62, 0.8, 0.95])
def test_the_iris_of_a_blended_eye_looks_where_it_shall(share: float):
    turned = direction_from_yaw_pitch(led(GAZE, share))
    blended = (1 - share) * np.array([0, 0, 1]) + share * turned
    assert np.degrees(angle_between_rad(blended, direction_from_yaw_pitch(GAZE))).max() < 1e-3
    np.testing.assert_allclose(followed(led(GAZE, share), share), GAZE, atol=1e-6)


def test_an_eye_that_its_bone_carries_whole_is_led_nowhere():
    assert led(GAZE, 1.0) is GAZE


def test_gaze_written_to_half_carried_eyes_is_read_back(tmp_path):
    (tmp_path / "a.glb").write_bytes(build(RigKind(carried=0.6)).to_bytes())
    eyes = np.repeat(GAZE[:, None], 2, axis=1)
    save(Motion(fps=30, eyes_rad=eyes, head_rad=np.zeros((50, 3))), tmp_path / "b.glb", avatar=tmp_path / "a.glb")
    np.testing.assert_allclose(load(tmp_path / "b.glb").eyes_rad, eyes, atol=1e-3)


def test_rig_says_that_the_bone_is_turned_further(tmp_path, capsys):
    (tmp_path / "a.glb").write_bytes(build(RigKind(carried=0.5)).to_bytes())
    assert main(["rig", str(tmp_path / "a.glb")]) == 0
    assert "0.50 deg per degree of its bone, which is turned further for it" in capsys.readouterr().out
