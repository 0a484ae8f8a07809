"""There and back: npz, Live Link Face, FLAME, BVH and animated avatars give back the motion they were given."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.avatar.gltf import Glb
from talkingeyes.errors import FormatError
from talkingeyes.formats import load, save
from talkingeyes.motion import Motion
from talkingeyes.rotations import (
    angle_between_rad,
    direction_from_yaw_pitch,
    matrix_from_ypr,
    yaw_pitch_from_direction,
)
from tests.avatar_rigs import KINDS, build
from tests.test_avatar_files import packed
from tests.test_glb import validation

WITHIN_RAD = 1e-4
FACE = ("jawOpen", "browInnerUp")
HEAD = "HIERARCHY\nROOT Head\n{\nOFFSET 0 0 0\nCHANNELS 1 Yrotation\n}\nMOTION\n"


def speech_like(frames: int = 90, fps: float = 30.0) -> Motion:
    rng = np.random.default_rng(2)
    head = np.cumsum(rng.normal(0, 0.03, (frames, 3)), axis=0).clip(-0.7, 0.7)
    eyes = np.repeat(rng.uniform([-0.45, -0.35], [0.45, 0.3], (frames // 10, 2)), 10, axis=0)[:, None] + np.zeros(
        (1, 2, 1)
    )
    eyes[:, 1, 0] += 0.05
    lids = np.clip(rng.uniform(-1, 1, (frames, 2)), 0, 1)
    return Motion(fps=fps, head_rad=head, eyes_rad=eyes, lids=lids, face=rng.random((frames, 2)), face_names=FACE)


def assert_same_rotations(a: Motion, b: Motion) -> None:
    assert a.fps == pytest.approx(b.fps, rel=1e-6)
    assert a.num_frames == b.num_frames
    turned = np.swapaxes(matrix_from_ypr(a.head_rad), -1, -2) @ matrix_from_ypr(b.head_rad)
    off = np.arcsin(np.clip(np.linalg.norm(turned - np.swapaxes(turned, -1, -2), axis=(-1, -2)) / 8**0.5, 0, 1))
    assert off.max() < WITHIN_RAD
    assert angle_between_rad(*(direction_from_yaw_pitch(m.eyes_rad) for m in (a, b))).max() < WITHIN_RAD


@pytest.mark.parametrize("fps", [30.0, 25.0, 29.97, 59.94, 120.0])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".flame.npz", ".bvh", ".glb", ".npz"])
def test_head_and_eyes_come_back(tmp_path: Path, suffix: str, fps: float):
    motion = speech_like(fps=fps)
    path = tmp_path / f"there{suffix}"
    save(motion, path)
    back = load(path, fps=fps) if suffix == ".csv" else load(path)
    assert_same_rotations(motion, back)
    if suffix != ".bvh":
        seen = motion.lids < (0.7 if suffix == ".glb" else 2)  # a lid shut while looking down shows no more than shut
        np.testing.assert_allclose(back.lids[seen], motion.lids[seen], atol=1e-5)


@pytest.mark.parametrize("name", KINDS)
def test_an_animated_avatar_is_read_back(tmp_path: Path, name: str):
    motion = speech_like(60)
    (tmp_path / "in.glb").write_bytes(build(KINDS[name]).to_bytes())
    save(motion, tmp_path / "out.glb", avatar=tmp_path / "in.glb")
    back = load(tmp_path / "out.glb")
    assert_same_rotations(motion, back)
    open_eyes = (motion.lids < 0.4) & (motion.eyes_rad[:, :, 1] > -0.3)
    np.testing.assert_allclose(back.lids[open_eyes], motion.lids[open_eyes], atol=1e-5)
    if "jawOpen" in back.face_names:
        np.testing.assert_allclose(back.coefficient("jawOpen"), motion.coefficient("jawOpen"), atol=1e-5)


def test_a_vrm_animation_comes_back_with_one_gaze(tmp_path: Path):
    motion = speech_like(fps=29.97)
    save(motion, tmp_path / "a.vrma", mouth="arkit")
    assert validation(tmp_path / "a.vrma")["numErrors"] == 0
    back = load(tmp_path / "a.vrma")
    mean = yaw_pitch_from_direction(direction_from_yaw_pitch(motion.eyes_rad).mean(axis=1))
    one = motion.replace(eyes_rad=np.repeat(mean[:, None], 2, axis=1))
    assert_same_rotations(one, back)
    open_eyes = (motion.lids < 0.4) & (motion.eyes_rad[:, :, 1] > -0.3)
    np.testing.assert_allclose(back.lids[open_eyes], motion.lids[open_eyes], atol=2e-3)
    np.testing.assert_allclose(back.face, motion.face, atol=1e-5)


def test_an_avatar_without_an_animation_is_no_motion(tmp_path: Path):
    (tmp_path / "still.glb").write_bytes(build(KINDS["plain"]).to_bytes())
    with pytest.raises(FormatError, match=r"still\.glb: holds 0 animations"):
        load(tmp_path / "still.glb")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no BVH"),
        ("HIERARCHY\nROOT Hips\n{\nMOTION\nFrames: 1\nFrame Time: 0.03\n", "hierarchy is damaged"),
        (HEAD.replace("Head", "Hips") + "Frames: 1\nFrame Time: 0.03\n1\n", "no joint Head.*Hips"),
        (HEAD + "Frames: 2\nFrame Time: 0.03\n1\n", "1 finite numbers"),
        (HEAD + "Frames: 1\nFrame Time: 0.03\nnan\n", "finite"),
        (HEAD + "Frames: x\n", "frames are damaged"),
    ],
)  # fmt: skip
def test_damaged_bvh_files_are_refused(tmp_path: Path, text: str, message: str):
    (tmp_path / "bad.bvh").write_text(text)
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "bad.bvh")


def test_a_body_capture_gives_its_head(tmp_path: Path):
    """Other channel orders, positions and joints between root and head."""
    text = """HIERARCHY
ROOT mixamorig:Hips
{
  OFFSET 0 90 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT mixamorig:Head
  {
    OFFSET 0 60 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 10 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
0 90 0 0 0 10 0 0 20
0 90 0 0 0 0 0 -15 0
"""
    (tmp_path / "body.bvh").write_text(text)
    motion = load(tmp_path / "body.bvh")
    assert motion.fps == 30
    assert motion.eyes_rad is None
    np.testing.assert_allclose(np.degrees(motion.head_rad), [[30, 0, 0], [0, 15, 0]], atol=1e-4)


def test_flame_says_what_it_does_not_hold(tmp_path: Path):
    save(speech_like(), tmp_path / "a.flame.npz")
    with np.load(tmp_path / "a.flame.npz") as data:
        assert data["eye_pose"].shape == (90, 6)
        assert data["expression"].shape == (90, 50)
        assert not data["expression"].any()
        assert "not derived" in str(data["meta"])
    (tmp_path / "a.npz").write_bytes((tmp_path / "a.flame.npz").read_bytes())
    assert_same_rotations(speech_like(), load(tmp_path / "a.npz"))  # the keys decide


@pytest.mark.parametrize("suffix", [".glb", ".vrma"])
def test_damaged_animations_are_refused_by_our_own_error(tmp_path: Path, suffix: str):
    """Any one value of the JSON replaced by something else: it is read, or refused by name."""
    rng = np.random.default_rng(3)
    (tmp_path / "in.glb").write_bytes(build(KINDS["plain"]).to_bytes())
    save(speech_like(20), tmp_path / f"a{suffix}", avatar=tmp_path / "in.glb")
    whole = Glb.from_bytes((tmp_path / f"a{suffix}").read_bytes())
    whole.document["buffers"] = [{"byteLength": len(whole.binary)}]
    for _ in range(250):
        document = copy.deepcopy(whole.document)
        parts = ["animations", "nodes", "accessors", *(["extensions"] if suffix == ".vrma" else [])]
        at, key = document[rng.choice(parts)], None
        while isinstance(at, dict | list) and at and (key is None or rng.random() < 0.9):
            holder, key = at, (rng.choice(list(at)) if isinstance(at, dict) else int(rng.integers(len(at))))
            at = holder[key]
        holder[key] = [None, -1, "x", [], {}, 1e30][rng.integers(6)]
        (tmp_path / f"b{suffix}").write_bytes(packed(document, bytes(whole.binary)))
        try:
            load(tmp_path / f"b{suffix}")
        except FormatError as error:
            assert "\n" not in str(error)
