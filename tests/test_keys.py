"""Keys of animations from elsewhere, few, uneven, held or curved, are read as glTF says; our own come back exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.avatar.gltf import Glb
from talkingeyes.errors import FormatError
from talkingeyes.formats import save
from talkingeyes.formats.glb_read import read_glb
from talkingeyes.formats.keys import Tracks
from talkingeyes.formats.notes import notes_of
from talkingeyes.formats.vrma import read_vrma
from talkingeyes.motion import Motion
from talkingeyes.rotations import matrix_from_quaternion, matrix_from_ypr, quaternion_from_matrix, ypr_from_matrix
from tests.avatar_rigs import KINDS, build

SHARED = Path(__file__).parents[2] / "shared" / "data"
CASES = SHARED / "cases" / "vrma-uneven-keys"


def tracks(times: Any, values: Any, how: str = "LINEAR", path: str = "rotation") -> Tracks:
    """One animation that moves node 0."""
    glb, table = Glb(), np.array(values, np.float32)
    kind = {"rotation": "VEC4", "translation": "VEC3", "weights": "SCALAR"}[path]
    width = {"rotation": 4, "translation": 3, "weights": 1}[path]
    sampler = {
        "input": glb.add_accessor(np.array(times, np.float32), "SCALAR"),
        "output": glb.add_accessor(table.reshape(-1, width), kind),
        "interpolation": how,
    }
    animation = {"channels": [{"sampler": 0, "target": {"node": 0, "path": path}}], "samplers": [sampler]}
    return Tracks(glb, animation, "x.glb")


def yaws(*degrees: float) -> np.ndarray:
    return quaternion_from_matrix(matrix_from_ypr(np.radians([[d, 0, 0] for d in degrees])))


def yaw_deg(quaternions: np.ndarray | None) -> np.ndarray:
    assert quaternions is not None
    return np.degrees(ypr_from_matrix(matrix_from_quaternion(quaternions))[:, 0])


def test_linear_rotations_turn_at_an_even_speed():
    found = tracks([0, 1], yaws(0, 120))
    np.testing.assert_allclose(
        yaw_deg(found.sampled(0, "rotation", np.array([0, 0.25, 0.5, 1]))), [0, 30, 60, 120], atol=1e-4
    )


def test_rotations_take_the_short_way():
    found = tracks([0, 1], yaws(0, 40) * np.array([[1], [-1]]))
    np.testing.assert_allclose(yaw_deg(found.sampled(0, "rotation", np.array([0.5]))), [20], atol=1e-4)


def test_a_key_is_held_until_the_next_one():
    found = tracks([0, 0.1, 1], yaws(0, 20, 0), "STEP")
    times = np.arange(31) / 30
    np.testing.assert_allclose(yaw_deg(found.sampled(0, "rotation", times)), [0] * 3 + [20] * 27 + [0], atol=1e-4)


def test_a_spline_follows_its_tangents():
    """A cubic x^3 is its own Hermite curve: tangents 0 and 3."""
    values = [[0, 0, 0], [0, 0, 0], [0, 0, 0], [3, 0, 0], [1, 0, 0], [0, 0, 0]]
    found = tracks([0, 1], values, "CUBICSPLINE", "translation").sampled(0, "translation", np.linspace(0, 1, 11))
    assert found is not None
    np.testing.assert_allclose(found[:, 0], np.linspace(0, 1, 11) ** 3, atol=1e-6)


def test_tangents_are_per_second():
    values = [[0, 0, 0], [0, 0, 0], [0, 0, 0], [12, 0, 0], [8, 0, 0], [0, 0, 0]]  # x^3 from 0 to 2
    found = tracks([0, 2], values, "CUBICSPLINE", "translation").sampled(0, "translation", np.linspace(0, 2, 11))
    assert found is not None
    np.testing.assert_allclose(found[:, 0], np.linspace(0, 2, 11) ** 3, atol=1e-5)


def test_what_lies_before_the_first_key_and_after_the_last_is_held():
    found = tracks([0.5, 1], [[1, 0, 0], [2, 0, 0]], path="translation").sampled(0, "translation", np.array([0.0, 3.0]))
    assert found is not None
    np.testing.assert_allclose(found[:, 0], [1, 2])


@pytest.mark.parametrize(
    ("times", "fps", "source"),
    [
        (np.arange(40) / 24, 24, "keys"),
        (np.arange(40) / 59.94, 59.94, "keys"),
        (np.arange(90_000) / 30, 30, "keys"),
        (np.round(np.arange(40) / 30, 3), 30, "uneven keys"),
        (np.arange(40) / 12, 30, "uneven keys"),
        ([0, 0.1, 1], 30, "uneven keys"),
        ([0, 0.02], 30, "uneven keys"),
        ([0], 30, "uneven keys"),
        (np.arange(40) / 5000, 30, "uneven keys"),
    ],
)
def test_even_keys_of_a_film_rate_are_frames(times: Any, fps: float, source: str):
    clock = tracks(times, np.zeros((len(times), 3)), path="translation").clock()
    assert clock.fps == pytest.approx(fps, abs=0.002)
    assert clock.source == source
    assert len(clock.times_s) == round(float(np.asarray(times)[-1]) * clock.fps) + 1


def test_the_rate_that_was_asked_for_is_used():
    clock = tracks([0, 1], np.zeros((2, 3)), path="translation").clock(50)
    assert (clock.fps, len(clock.times_s), clock.source) == (50, 51, "asked")


@pytest.mark.parametrize(
    ("times", "values"),
    [([0, 2, 1], None), ([0, 0], None), ([-1, 0], None), ([0, np.nan], None), ([0, np.inf], None), ([0, 1e9], None),
     ([0, 1], [[np.nan, 0, 0], [0, 0, 0]]), ([0, 1], [[0, 0, 0]])],
)  # fmt: skip
def test_damaged_keys_are_refused(times: list[float], values: Any):
    with pytest.raises((FormatError, ValueError)):
        found = tracks(times, np.zeros((len(times), 3)) if values is None else values, path="translation")
        found.sampled(0, "translation", found.clock().times_s)


def spoken(frames: int = 20, fps: float = 37.5) -> Motion:
    t = np.arange(frames) / fps
    eyes = np.stack([0.1 * np.sin(9 * t), 0.05 * np.cos(7 * t)], axis=1)[:, None].repeat(2, axis=1)
    head = np.stack([0.4 * np.sin(3 * t), 0.2 * np.cos(2 * t), 0.1 * t], axis=1)
    lids = (0.5 + 0.5 * np.sin(5 * t))[:, None].repeat(2, axis=1)
    face = np.abs(np.stack([np.sin(4 * t), np.sin(6 * t)], axis=1))
    return Motion(fps=fps, head_rad=head, eyes_rad=eyes, lids=lids, face=face, face_names=("jawOpen", "mouthPucker"))


@pytest.mark.parametrize("suffix", ["glb", "vrma"])
def test_our_own_keys_come_back_exactly(tmp_path: Path, suffix: str):
    motion = spoken()
    save(motion, tmp_path / f"a.{suffix}", mouth="arkit")
    back = read_vrma(tmp_path / "a.vrma") if suffix == "vrma" else read_glb(tmp_path / "a.glb")
    assert back.fps == motion.fps
    assert back.num_frames == motion.num_frames
    np.testing.assert_allclose(back.head_rad, motion.head_rad, atol=2e-6)
    np.testing.assert_allclose(back.coefficient("jawOpen"), motion.coefficient("jawOpen"), atol=1e-6)
    assert not notes_of(back, "a")


def expressions(**keys: tuple[list[float], list[float]]) -> Glb:
    """A VRM animation of expressions alone."""
    glb, channels, samplers, preset = Glb({"asset": {"version": "2.0"}}), [], [], {}
    for name, (times, weights) in keys.items():
        node = glb.add("nodes", {"name": name})
        table = np.stack([weights, np.zeros(len(weights)), np.zeros(len(weights))], axis=1).astype(np.float32)
        samplers.append({"input": glb.add_accessor(np.array(times, np.float32), "SCALAR"),
                         "output": glb.add_accessor(table, "VEC3")})  # fmt: skip
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": "translation"}})
        preset[name] = {"node": node}
    glb.add("animations", {"channels": channels, "samplers": samplers})
    glb.document["extensions"] = {"VRMC_vrm_animation": {"specVersion": "1.0", "expressions": {"preset": preset}}}
    return glb


def test_vowels_become_a_mouth_and_moods_are_named_as_left_out(tmp_path: Path):
    glb = expressions(
        aa=([0, 1], [0.6, 0.6]), ou=([0, 1], [0.5, 0]), blink=([0, 0.5, 1], [0, 1, 0]), happy=([0, 1], [1, 1]),
        sad=([0, 1], [0, 0]),
    )  # fmt: skip
    (tmp_path / "moods.vrma").write_bytes(glb.to_bytes())
    motion = read_vrma(tmp_path / "moods.vrma")
    np.testing.assert_allclose(motion.coefficient("jawOpen")[0], (0.6 + 0.6 * 0.5) / 1.2, atol=1e-6)
    np.testing.assert_allclose(motion.coefficient("mouthPucker")[[0, -1]], [0.5, 0], atol=1e-6)
    assert motion.lids is not None
    np.testing.assert_allclose(motion.lids[15], 1, atol=1e-6)
    notes = " ".join(notes_of(motion, "moods.vrma"))
    assert "happy" in notes
    assert "sad" not in notes
    assert "30 frames per second" in notes


@pytest.mark.parametrize("targets", [("MTH_A",), ("MTH_A", "MTH_U"), ("viseme_aa", "viseme_U", "eyes_closed")])
def test_shapes_that_show_several_coefficients_are_taken_apart(tmp_path: Path, targets: tuple[str, ...]):
    motion, glb = spoken(), build(KINDS["plain"])
    mesh = next(m for m in glb.document["meshes"] if m["name"] == "Face")
    names = mesh["extras"]["targetNames"]
    kept = [n if n.startswith("eyeBlink") and len(targets) < 3 else f"x{i}" for i, n in enumerate(names)]
    names_left = iter(targets)
    mesh["extras"]["targetNames"] = [next(names_left, n) if n.startswith("x") else n for n in kept]
    (tmp_path / "me.glb").write_bytes(glb.to_bytes())
    save(motion, tmp_path / "out.glb", avatar=tmp_path / "me.glb")
    back = read_glb(tmp_path / "out.glb")
    jaw, pucker = motion.coefficient("jawOpen"), motion.coefficient("mouthPucker")
    shown = 1.2 * jaw - 0.6 * pucker
    free = (shown > 0) & (shown < 1)
    expected = jaw - 0.5 * pucker if len(targets) == 1 else jaw  # without its own shape a pucker is a smaller opening
    np.testing.assert_allclose(back.coefficient("jawOpen")[free], expected[free], atol=1e-5)
    assert back.lids is not None


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "avatars").exists(), reason="the development data is not beside the checkout")
def test_the_gaze_of_a_look_at_table_reads_back(tmp_path: Path):
    """Look shapes of a VRM that turn both eyes: the mean gaze, as far as its table reaches."""
    motion = spoken()
    save(motion, tmp_path / "g.vrm", avatar=SHARED / "avatars" / "Godette_vrm_v4.vrm")
    back = read_glb(tmp_path / "g.vrm")
    assert back.eyes_rad is not None
    assert motion.eyes_rad is not None
    np.testing.assert_allclose(back.eyes_rad, motion.eyes_rad, atol=1e-3)


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="the development data is not beside the checkout")
@pytest.mark.parametrize("name", ["uneven.glb", "uneven.vrma", "step.glb", "step.vrma", "cubic.glb"])
def test_keys_of_real_files(name: str):
    motion = (read_vrma if name.endswith("vrma") else read_glb)(CASES / name)
    assert motion.fps == 30
    assert motion.head_rad is not None
    yaw = np.degrees(motion.head_rad[:, 0])
    if name.startswith("cubic"):
        share = np.arange(31) / 30
        np.testing.assert_allclose(yaw, 30 * (3 * share**2 - 2 * share**3), atol=0.6)
    elif name.startswith("step"):
        assert set(np.round(yaw, 3)) == {0.0, 20.0}
    else:
        assert yaw[3] == pytest.approx(20, abs=0.01)
        np.testing.assert_allclose(np.diff(yaw[3:]), -20 / 27, atol=0.01)
