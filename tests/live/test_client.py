"""talkingeyes-live.js: frames on plain glTF, three-vrm and TalkingHead, in Node with the real libraries."""

from __future__ import annotations

import base64
import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes import rig, rotations
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import avatar_bytes
from talkingeyes.avatar.pose import morph_weights
from talkingeyes.live.frames import encode, frames_of
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES
from tests.avatar_rigs import RigKind, build
from tests.formats.test_vrma_mouth import as_vrm_0, avatar
from tests.test_page import random_motion

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "viewer" / "node_modules"
TOLERANCE_RAD = math.radians(0.1)
FPS = 30
BONES = ["Head", "LeftEye", "RightEye"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, three, three-vrm and TalkingHead in one file for Node."""
    esbuild = MODULES / ".bin" / "esbuild"
    if shutil.which("node") is None or not esbuild.exists() or not (MODULES / "@met4citizen" / "talkinghead").is_dir():
        pytest.skip("needs Node and the viewer's packages (cd viewer && npm ci)")
    bundle = tmp_path_factory.mktemp("client") / "client.mjs"
    entry = ROOT / "tests" / "live" / "shows_frames.js"
    command = [str(esbuild), str(entry), "--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}",
               "--log-level=error"]  # fmt: skip
    environment = {"NODE_PATH": str(MODULES), "PATH": str(Path(shutil.which("node") or "node").parent)}
    subprocess.run(command, check=True, env=environment, cwd=ROOT / "viewer")
    return bundle


@pytest.fixture
def run(program: Path, tmp_path: Path) -> Any:
    def runner(work: str, motion: Motion | None = None, **job: Any) -> Any:
        path = tmp_path / "job.json"
        path.write_text(json.dumps({"work": work, "track": motion and track(motion), **job}))
        done = subprocess.run(["node", str(program), str(path)], capture_output=True, text=True, check=False)
        assert "RESULT " in done.stdout, done.stderr[-3000:]
        return json.loads(done.stdout.rsplit("RESULT ", 1)[1])

    return runner


def track(motion: Motion, form: str = "json") -> dict[str, Any]:
    """A motion as the server sends it."""
    messages = []
    for frame in frames_of(motion, "session"):
        data = encode(frame, form)
        messages.append({"text": data} if isinstance(data, str) else {"packed": base64.b64encode(data).decode()})
    return {"fps": motion.fps, "names": list(ARKIT_NAMES), "messages": messages}


def angle_off(quaternion: list[float], expected: np.ndarray) -> float:
    x, y, z, w = quaternion
    found = rotations.matrix_from_quaternion(np.array([x, y, z, w]))
    return float(np.linalg.norm(rotations.axis_angle_from_matrix(found.T @ expected)))


def expected_turns(motion: Motion, frame: int) -> dict[str, np.ndarray]:
    assert motion.head_rad is not None and motion.eyes_rad is not None
    head = rotations.matrix_from_ypr(motion.head_rad[frame])
    eyes = rotations.matrix_from_ypr(motion.eyes_rad[frame])
    return {"Head": head, "LeftEye": head @ eyes[0], "RightEye": head @ eyes[1]}


RIGS = {
    "built-in": None,
    "aligned": RigKind(),
    "bones with axes of their own": RigKind(axes_seed=3),
    "Z up, centimetres": RigKind(world=(0.0, 90.0, 0.0), scale=100.0, axes_seed=1),
    "mirrored": RigKind(mirrored=True, axes_seed=2),
    "looks along -Z": RigKind(turned=True, axes_seed=4),
}


@pytest.mark.parametrize("name", RIGS)
def test_a_plain_gltf_turns_to_the_angles_of_the_frames(run: Any, tmp_path: Path, name: str) -> None:
    motion, kind = random_motion(frames=24, seed=4), RIGS[name]
    path = tmp_path / "avatar.glb"
    path.write_bytes(avatar_bytes() if kind is None else build(kind).to_bytes())
    frames = [0, 5, 11, 23]
    turned = kind is not None and kind.turned
    done = run(
        "gltf", motion, path=str(path), times=[f / FPS for f in frames], bones=BONES, facing=math.pi if turned else 0
    )
    about = rotations.matrix_from_ypr(np.array([math.pi if turned else 0.0, 0.0, 0.0]))
    for frame, shown in zip(frames, done["shown"], strict=True):
        for bone, expected in expected_turns(motion, frame).items():
            assert angle_off(shown["turned"][bone], about @ expected @ about.T) < TOLERANCE_RAD, (bone, frame)
    assert done["offAfterRelease"] < TOLERANCE_RAD


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_the_built_in_avatar_has_the_weights_that_a_glb_has(run: Any, tmp_path: Path, form: str) -> None:
    motion = random_motion(frames=12, seed=5)
    path = tmp_path / "avatar.glb"
    path.write_bytes(avatar_bytes())
    done = run("gltf", None, track=track(motion, form), path=str(path), times=[7 / FPS], bones=BONES)
    expected = morph_weights(motion)
    for name, weight in done["shown"][0]["morphs"].items():
        assert weight == pytest.approx(expected[name][7] if name in expected else 0, abs=2e-3), name


def as_whole_vrm_0(glb: Glb) -> Glb:
    """The same avatar as VRM 0.x has it: its words for bones too, and looking along -Z."""
    bones = glb.document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
    glb = as_vrm_0(glb)
    glb.document["extensions"]["VRM"] |= {
        "exporterVersion": "test", "specVersion": "0.0", "meta": {"title": "test"}, "materialProperties": [],
        "humanoid": {"humanBones": [{"bone": name, "node": entry["node"]} for name, entry in bones.items()]},
    }  # fmt: skip
    return glb


GODETTE = ROOT.parent / "shared" / "data" / "avatars" / "Godette_vrm_v4.vrm"


@pytest.mark.parametrize("name", ["VRM 1.0", "VRM 0.x", "Godette, VRM 0.x"])
def test_three_vrm_turns_head_and_eyes_and_blinks(run: Any, tmp_path: Path, name: str) -> None:
    motion = random_motion(frames=12, seed=6)
    path = tmp_path / "avatar.vrm"
    if name.startswith("Godette"):
        if not GODETTE.exists():
            pytest.skip("needs ../shared/data/avatars")
        path = GODETTE
    else:
        made = avatar()
        path.write_bytes((made if "1.0" in name else as_whole_vrm_0(made)).to_bytes())
    (shown,) = run("vrm", motion, path=str(path), times=[7 / FPS])
    expected, is_old = expected_turns(motion, 7), "0.x" in name
    about = rotations.matrix_from_ypr(np.array([math.pi if is_old else 0.0, 0.0, 0.0]))
    assert shown["version"] == ("0" if is_old else "1")
    bones = (
        {"head": "Head"}
        if name.startswith("Godette")
        else {"head": "Head", "leftEye": "LeftEye", "rightEye": "RightEye"}
    )
    assert set(bones) == set(shown["turned"])
    for bone, of in bones.items():
        assert angle_off(shown["turned"][bone], about @ expected[of] @ about.T) < TOLERANCE_RAD, bone
    assert motion.lids is not None and motion.eyes_rad is not None
    if name.startswith("Godette"):  # it looks by expressions
        yaw, pitch = np.degrees(motion.eyes_rad[7].mean(axis=0))
        looks = {n: v for n, v in shown["expressions"].items() if n.startswith("look") and v > 0}
        assert set(looks) == {"lookLeft" if yaw > 0 else "lookRight", "lookUp" if pitch > 0 else "lookDown"}
    closed = rig.lid_closure(motion)[7]
    assert shown["expressions"]["blinkLeft"] == pytest.approx(float(closed[0]), abs=2e-3)
    assert shown["expressions"]["blinkRight"] == pytest.approx(float(closed[1]), abs=2e-3)
    assert shown["expressions"]["aa"] > 0 or shown["morphs"].get("jawOpen", 0) > 0, "the mouth opens"


def test_three_vrm_opens_the_jaw_once(run: Any, tmp_path: Path) -> None:
    """By ARKit expressions where the avatar has enough of them, by the vowel otherwise; in VRM 0.x's words too."""
    motion = random_motion(frames=12, seed=6)
    jaw = {name: float(motion.coefficient(name)[7]) for name in ("jawOpen", "mouthFunnel", "mouthPucker")}
    by_vowel = float(np.clip(1.2 * jaw["jawOpen"] - 0.6 * jaw["mouthFunnel"] - 0.6 * jaw["mouthPucker"], 0, 1))
    for made, expected in ((avatar(), jaw["jawOpen"]), (avatar(("Wink",)), by_vowel)):
        path = tmp_path / "avatar.vrm"
        path.write_bytes(made.to_bytes())
        (shown,) = run("vrm", motion, path=str(path), times=[7 / FPS])
        assert shown["morphs"]["jawOpen"] == pytest.approx(expected, abs=2e-3)
    assert as_vrm_0  # spelt there; three-vrm reads it, tests/formats/test_vrma_mouth.py


def test_talking_head_shows_frames_over_its_own_animation_and_gets_its_face_back(run: Any) -> None:
    motion = random_motion(frames=12, seed=7)
    assert motion.head_rad is not None
    done = run("talkingHead", motion, times=[0.0, 7 / FPS])
    shown, weights = done["shown"][1], morph_weights(motion)
    for name in ("jawOpen", "eyeBlinkLeft", "eyeLookOutLeft", "eyeLookInLeft", "eyeLookUpLeft"):
        assert shown["morphs"][name] == pytest.approx(weights[name][7], abs=2e-3), name
    assert shown["morphs"]["viseme_aa"] == 0, "the mouth is not moved twice"
    x, y, z = shown["euler"]
    rotate = lambda axis, angle: rotations.matrix_from_axis_angle(np.eye(3)[axis] * angle)  # noqa: E731
    found = rotate(0, x) @ rotate(1, y) @ rotate(2, z)  # three.js' order XYZ
    off = found.T @ rotations.matrix_from_ypr(motion.head_rad[7])
    assert float(np.linalg.norm(rotations.axis_angle_from_matrix(off))) < TOLERANCE_RAD
    assert done["held"] == 0, "after release nothing is held"


def test_between_frames_lies_between_and_frames_sent_twice_count_once(run: Any) -> None:
    motion = random_motion(frames=12, seed=8)
    assert motion.eyes_rad is not None
    told = track(motion)
    told["messages"] = [*told["messages"][:8], *told["messages"]]
    middle, before, after = run("samples", None, track=told, times=[5.5 / FPS, -1.0, 9.0])
    np.testing.assert_allclose(middle["eyes"], motion.eyes_rad[5:7].mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(before["eyes"], motion.eyes_rad[0], atol=1e-3)
    np.testing.assert_allclose(after["eyes"], motion.eyes_rad[-1], atol=1e-3)
    assert middle["face"]["jawOpen"] == pytest.approx(float(motion.coefficient("jawOpen")[5:7].mean()), abs=1e-3)


def test_sound_of_any_rate_becomes_16_khz_in_any_pieces(run: Any) -> None:
    for rate in (48_000, 44_100, 16_000, 8_000):
        done = run("resampled", **{"from": rate, "hertz": 440, "chunks": [128, 999, rate]})
        whole = np.array(done["outputs"][-1])
        assert abs(len(whole) - 16_000) < 40
        for other in done["outputs"]:
            np.testing.assert_allclose(other, whole[: len(other)], atol=1e-7)
        angle = 2 * np.pi * 440 * np.arange(len(whole)) / 16_000
        inside = slice(200, -200)
        basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)[inside]
        fit, *_ = np.linalg.lstsq(basis, whole[inside], rcond=None)
        assert np.hypot(*fit) == pytest.approx(1, abs=0.01)
        assert np.abs(basis @ fit - whole[inside]).max() < 0.01, "nothing but the tone"
        assert np.abs(fit[1]) < 0.1, "and it is not late"
    assert np.array(done["pcm"], np.uint8).view("<i2").tolist() == [0, 0, 32767, -32767, 32767, -32767, 16384]


def test_a_tone_above_8_khz_does_not_come_back_as_another(run: Any) -> None:
    whole = np.array(run("resampled", **{"from": 48_000, "hertz": 11_000, "chunks": [128]})["outputs"][0])
    assert np.abs(whole[200:-200]).max() < 0.01


def test_the_picture_never_runs_ahead_of_the_frames_and_follows_closely(run: Any) -> None:
    """Frames of 30 per second arrive with up to 40 ms of jitter; after a break of two seconds the clock jumps."""
    rng = np.random.default_rng(0)
    times = np.concatenate([np.arange(90) / 30, 3 + np.arange(90) / 30])
    arrivals = times + 10 + rng.uniform(0, 0.04, 180) + np.where(np.arange(180) >= 90, 2.0, 0.0)
    arrivals = np.maximum.accumulate(arrivals)
    pictures = np.arange(10, 18, 1 / 60)
    shown = run("playhead", arrivals=np.stack([times, arrivals], 1).tolist(), pictures=pictures.tolist())
    shown = np.array([math.nan if value is None else value for value in shown])
    newest = np.array([times[arrivals <= now].max(initial=-1) for now in pictures])
    live = (pictures > 11) & (pictures < 12.9)
    assert (shown[live] <= newest[live] + 1e-9).all()
    assert (newest[live] - shown[live]).max() < 0.1
    steps = np.diff(shown[live])
    assert steps.min() >= 0 and steps.max() < 0.04, "it runs evenly"
    again = pictures > 16
    assert (np.abs(newest[again] - shown[again]) < 0.1).all()


def test_the_client_goes_on_from_the_last_state_and_sends_what_that_lacks(run: Any) -> None:
    accept = {"type": "accept", "session": "a", "fps": 30, "names": [], "latency_s": {},
              "taken": {"own": 0, "other": 0}}  # fmt: skip
    done = run("client", accept=accept, state={"some": "thing"})
    first, second = done["sent"]
    assert first[0]["type"] == "hello" and first[0]["options"] == {"seed": 3} and first[0]["token"] == "secret"
    assert first[1:] == [2 + 200, 2 + 100, 2 + 20], "what was sent before the answer comes after it"
    assert second[0]["state"] == {"some": "thing"} and "options" not in second[0]
    assert second[1] == 2 + 2 * 30, "of 150 samples the state holds 120"
    assert done["last"] == [0, 0, 0, 64], "own voice, half of full scale"
    assert [m["type"] for m in second[2:]] == ["look", "set"]
    assert done["statuses"] == ["connecting", "live", "waiting", "connecting", "live", "closed"]
