"""The animated GLB: exact tracks, an untouched avatar, a clean Khronos validator, and Blender's own reading of it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from talkingeyes import rig
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import LOOKS, avatar_bytes
from talkingeyes.avatar.pose import bone_rotations, continuous, morph_weights
from talkingeyes.avatar.rig import find_rig
from talkingeyes.errors import FormatError
from talkingeyes.formats.glb import write_glb
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.rotations import (
    angle_between_rad,
    matrix_from_quaternion,
    matrix_from_ypr,
    quaternion_from_matrix,
)

ROOT = Path(__file__).parents[1]
VALIDATOR = ROOT / "viewer" / "node_modules" / "gltf-validator"
FPS = 25


def wide_motion(frames: int = 40) -> Motion:
    """Head, eyes, lids and face over most of their ranges, left and right eye apart."""
    t = np.arange(frames) / FPS
    head = np.stack([0.9 * np.sin(3 * t), 0.5 * np.sin(2.1 * t + 1), 0.3 * np.sin(1.3 * t)], axis=1)
    yaw, pitch = 0.6 * np.sin(4 * t), 0.45 * np.sin(5 * t + 0.5)
    eyes = np.stack([np.stack([yaw, pitch], 1), np.stack([yaw + 0.06, pitch], 1)], axis=1)
    lids = np.stack([0.5 - 0.5 * np.cos(6 * t), 0.5 - 0.5 * np.cos(5 * t)], axis=1)
    names = ("jawOpen", "mouthSmileLeft", "browInnerUp")
    face = np.stack([0.5 + 0.5 * np.sin(t * k) for k in (3, 4, 5)], axis=1)
    return Motion(fps=FPS, head_rad=head, eyes_rad=eyes, lids=lids, face=face, face_names=names)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("glb") / "talk.glb"
    write_glb(ExportJob((wide_motion(),), title="a talk"), target)
    return target


def tracks(path: Path) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """(node name, path) -> times and values of the file's only animation."""
    glb = Glb.from_bytes(path.read_bytes())
    (animation,) = glb.document["animations"]
    out = {}
    for channel in animation["channels"]:
        sampler = animation["samplers"][channel["sampler"]]
        assert sampler["interpolation"] == "LINEAR"
        name = glb.document["nodes"][channel["target"]["node"]]["name"]
        times, values = glb.read_accessor(sampler["input"]), glb.read_accessor(sampler["output"])
        each = len(values) // len(times)
        np.testing.assert_array_equal(values[-each:], values[-2 * each : -each])  # the last pose is held to the end
        assert times[-1] == pytest.approx(animation["extras"]["frames"] / animation["extras"]["fps"])
        out[name, channel["target"]["path"]] = times[:-1], values[:-each]
    return out


def test_neck_times_head_is_the_head_rotation(written: Path):
    motion, found = wide_motion(), tracks(written)
    neck = matrix_from_quaternion(found["Neck", "rotation"][1])
    head = matrix_from_quaternion(found["Head", "rotation"][1])
    np.testing.assert_allclose(neck @ head, matrix_from_ypr(motion.head_rad), atol=1e-6)
    whole = np.arccos(np.clip((np.trace(matrix_from_ypr(motion.head_rad), axis1=1, axis2=2) - 1) / 2, -1, 1))
    part = np.arccos(np.clip((np.trace(neck, axis1=1, axis2=2) - 1) / 2, -1, 1))
    np.testing.assert_allclose(part, rig.NECK_SHARE * whole, atol=1e-3)


def test_eye_tracks_are_the_motions_eyes_at_its_own_times(written: Path):
    motion, found = wide_motion(), tracks(written)
    for index, bone in enumerate(("LeftEye", "RightEye")):
        times, quaternions = found[bone, "rotation"]
        np.testing.assert_allclose(times, motion.times_s, atol=1e-6)
        np.testing.assert_allclose(
            matrix_from_quaternion(quaternions), matrix_from_ypr(motion.eyes_rad[:, index]), atol=1e-6
        )
        assert (np.sum(quaternions[1:] * quaternions[:-1], axis=1) > 0).all(), "a linear key would take the long way"


def test_weights_show_lid_closure_once(written: Path):
    motion, found = wide_motion(), tracks(written)
    table = found["Face", "weights"][1].reshape(motion.num_frames, 52)
    column = {n: table[:, i] for i, n in enumerate(rig.ARKIT_NAMES)}
    np.testing.assert_allclose(column["jawOpen"], motion.coefficient("jawOpen"), atol=1e-6)
    assert (table >= 0).all()
    assert (table <= 1).all()
    shown = rig.lid_closure(motion)
    for index, side in enumerate(("Left", "Right")):
        follow = rig.LID_FOLLOWS_GAZE_PER_RAD * rig.EYE_LOOK_UP_DOWN_RAD * column[f"eyeLookDown{side}"]
        np.testing.assert_allclose(column[f"eyeBlink{side}"] + follow, shown[:, index], atol=1e-5)


def test_the_avatar_itself_is_untouched(written: Path):
    before, after = Glb.from_bytes(avatar_bytes()), Glb.from_bytes(written.read_bytes())
    for key, value in before.document.items():
        if key in ("accessors", "bufferViews"):
            assert after.document[key][: len(value)] == value
        elif key != "buffers":
            assert after.document[key] == value
    assert bytes(after.binary[: len(before.binary)]) == bytes(before.binary)


def test_the_same_motion_gives_the_same_bytes(tmp_path: Path, written: Path):
    write_glb(ExportJob((wide_motion(),), title="a talk"), tmp_path / "again.glb")
    assert (tmp_path / "again.glb").read_bytes() == written.read_bytes()


@pytest.mark.parametrize(
    "channels",
    [
        {"eyes_rad": np.zeros((3, 2, 2))},
        {"head_rad": np.full((1, 3), 0.2)},
        {"lids": np.linspace(0, 1, 8).reshape(4, 2)},
        {"gaze_rad": np.zeros((2, 2))},
    ],
)
def test_absent_channels_are_not_animated(tmp_path: Path, channels: dict[str, np.ndarray]):
    motion = Motion(fps=30, **channels)
    write_glb(ExportJob((motion,)), tmp_path / "part.glb")
    names = {name for name, path in tracks(tmp_path / "part.glb") if path == "rotation"}
    want = set() if "eyes_rad" not in channels else {"LeftEye", "RightEye"}
    want |= {"Neck", "Head"} if "head_rad" in channels else set()
    assert names == want
    assert_valid(tmp_path / "part.glb")


def test_quaternion_signs_are_made_continuous():
    turn = quaternion_from_matrix(matrix_from_ypr(np.stack([np.linspace(-3, 3, 50), np.zeros(50), np.zeros(50)], 1)))
    flipped = turn * np.where(np.arange(50) % 3 == 0, -1, 1)[:, None]
    smooth = continuous(flipped)
    assert (np.sum(smooth[1:] * smooth[:-1], axis=1) > 0).all()
    np.testing.assert_allclose(matrix_from_quaternion(smooth), matrix_from_quaternion(turn), atol=1e-12)


def test_rigs_without_a_neck_turn_the_head_whole():
    rotations = bone_rotations(wide_motion(), neck=False)
    assert "Neck" not in rotations
    np.testing.assert_allclose(rotations["Head"], matrix_from_ypr(wide_motion().head_rad), atol=1e-12)


def test_other_rest_rotations_are_respected():
    """Bones that point elsewhere at rest still turn the model by the motion's rotation."""
    glb = Glb.from_bytes(avatar_bytes())
    nodes = glb.document["nodes"]
    rng = np.random.default_rng(4)
    for name in ("Neck", "Head", "LeftEye"):
        q = rng.normal(size=4)
        next(n for n in nodes if n["name"] == name)["rotation"] = (q / np.linalg.norm(q)).tolist()
    found = find_rig(glb, "test")
    rotations = bone_rotations(wide_motion())
    local = {b: found.local_from_model(b, rotations[b]) for b in ("Neck", "Head", "LeftEye")}
    rest = {b: found.bones[b].rest for b in local}
    posed = {"Neck": local["Neck"]}
    posed["Head"] = posed["Neck"] @ local["Head"]
    posed["LeftEye"] = posed["Head"] @ local["LeftEye"]
    head = matrix_from_ypr(wide_motion().head_rad)
    np.testing.assert_allclose(posed["Head"] @ rest["Head"].T, head, atol=1e-9)
    eye = matrix_from_ypr(wide_motion().eyes_rad[:, 0])
    np.testing.assert_allclose(posed["LeftEye"] @ rest["LeftEye"].T, head @ eye, atol=1e-9)


def test_a_face_without_lids_or_eyes_has_no_such_weights():
    assert morph_weights(Motion(fps=30, head_rad=np.zeros((2, 3)))) == {}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d[:100], "truncated"),
        (lambda d: b"PK\x03\x04" + d[4:], "not a GLB"),
        (lambda d: d[:4] + b"\x01\0\0\0" + d[8:], "version 1"),
        (lambda d: d[:20] + b"!" + d[21:], "JSON"),
    ],
)
def test_damaged_files_are_refused_in_one_line(spoil, message: str):
    with pytest.raises(FormatError, match=message) as caught:
        Glb.from_bytes(spoil(avatar_bytes()))
    assert "\n" not in str(caught.value)


def test_cycles_and_eyeless_files_are_refused():
    glb = Glb.from_bytes(avatar_bytes())
    nodes = glb.document["nodes"]
    next(n for n in nodes if n["name"] == "LeftEye")["children"] = [0]
    with pytest.raises(FormatError, match="cycle"):
        find_rig(glb, "x.glb")
    empty = Glb({"asset": {"version": "2.0"}, "nodes": [{"name": "Cube"}]})
    with pytest.raises(FormatError, match=r"nothing to animate.*Cube"):
        find_rig(empty, "x.glb")


# ---------------------------------------------------------------- other people's readers


def assert_valid(path: Path) -> None:
    """The Khronos validator finds no error and no warning; skips where it is not installed."""
    issues = validation(path)
    assert issues["numErrors"] == issues["numWarnings"] == 0, issues["messages"][:5]


def validation(path: Path) -> dict:
    """What the Khronos validator finds in one file."""
    return validations([path])[0]


def validations(paths: list[Path]) -> list[dict]:
    """What the Khronos validator finds in each file; skips where it is not installed."""
    if shutil.which("node") is None or not VALIDATOR.is_dir():
        pytest.skip("gltf-validator is not installed (cd viewer && npm ci)")
    script = (
        f"const v = require({json.dumps(str(VALIDATOR))}), fs = require('fs');"
        "(async () => { for (const p of process.argv.slice(1))"
        " console.log(JSON.stringify(await v.validateBytes(new Uint8Array(fs.readFileSync(p))))); })()"
    )
    run = subprocess.run(["node", "-e", script, *map(str, paths)], capture_output=True, text=True, check=True)
    return [json.loads(line)["issues"] for line in run.stdout.splitlines()]


def test_the_khronos_validator_is_content_with_avatar_and_animation(tmp_path: Path, written: Path):
    for look in LOOKS:
        (tmp_path / f"{look}.glb").write_bytes(avatar_bytes(look))
        assert_valid(tmp_path / f"{look}.glb")
    assert_valid(written)


@pytest.mark.blender
def test_blender_turns_head_and_eyes_to_the_motions_angles(written: Path):
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("Blender's bpy module is not installed (pip install bpy)")
    motion, frames = wide_motion(), [0, 3, 7, 12, 18, 25, 31, 39]
    reader = Path(__file__).with_name("blender_reads_glb.py")
    command = [sys.executable, str(reader), str(written), str(FPS), *map(str, frames)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, run.stderr[-2000:]
    read = json.loads(run.stdout.rsplit("RESULT ", 1)[1].splitlines()[0])
    assert set(read["bones"]) == {"Chest", "Neck", "Head", "LeftEye", "RightEye"}
    assert tuple(read["shape_keys"]) == rig.ARKIT_NAMES
    weights = morph_weights(motion)
    for frame, seen in zip(frames, read["frames"], strict=True):
        head = np.array(seen["rotations"]["Head"])
        want_head = matrix_from_ypr(motion.head_rad[frame])
        assert np.degrees(angle_between_rad(head[:, 2], want_head[:, 2])) < 0.5
        assert np.degrees(angle_between_rad(head[:, 0], want_head[:, 0])) < 0.5
        for index, bone in enumerate(("LeftEye", "RightEye")):
            want = want_head @ matrix_from_ypr(motion.eyes_rad[frame, index])
            off_deg = np.degrees(angle_between_rad(np.array(seen["rotations"][bone])[:, 2], want[:, 2]))
            assert off_deg < 0.5, f"{bone} is {off_deg:.2f} deg off at frame {frame}"
        for name in ("eyeBlinkLeft", "eyeLookDownRight", "eyeLookOutLeft", "jawOpen", "browInnerUp"):
            assert seen["weights"][name] == pytest.approx(float(weights[name][frame]), abs=1e-3), (name, frame)


@pytest.mark.blender
def test_in_blender_left_stays_left_and_up_stays_up(tmp_path: Path):
    """The pupils themselves, as Blender deforms them: looking left moves both to +X, looking up both to +Y."""
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("Blender's bpy module is not installed (pip install bpy)")
    eyes = np.zeros((3, 2, 2))
    eyes[1, :, 0], eyes[2, :, 1] = np.radians(20), np.radians(20)
    write_glb(ExportJob((Motion(fps=FPS, eyes_rad=eyes),)), tmp_path / "looks.glb")
    reader = Path(__file__).with_name("blender_reads_glb.py")
    command = [sys.executable, str(reader), str(tmp_path / "looks.glb"), str(FPS), "0", "1", "2"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, run.stderr[-2000:]
    ahead, left, up = (f["pupils"] for f in json.loads(run.stdout.rsplit("RESULT ", 1)[1].splitlines()[0])["frames"])
    assert ahead["left"][0] > 0.02 > -0.02 > ahead["right"][0], "the character's left eye is on +X"
    for side in ("left", "right"):
        assert left[side][0] - ahead[side][0] > 0.003
        assert abs(left[side][1] - ahead[side][1]) < 0.0005
        assert up[side][1] - ahead[side][1] > 0.003
        assert abs(up[side][0] - ahead[side][0]) < 0.0005
