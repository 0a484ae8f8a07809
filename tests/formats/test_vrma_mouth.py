"""A .vrma carries a mouth once: vowels or ARKit expressions, in the avatar's own spelling; played by three-vrm."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.avatar.expressions import expressions_of
from talkingeyes.avatar.gltf import Glb
from talkingeyes.cli import main
from talkingeyes.errors import SettingError
from talkingeyes.formats.vrma_mouth import choose_mouth
from talkingeyes.motion import Motion
from tests.avatar_rigs import RigKind, build

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "viewer" / "node_modules"
PERFECT_SYNC = ("JawOpen", "JawLeft", "MouthClose", "MouthFunnel", "MouthPucker", "MouthLeft", "MouthRight",
                "MouthSmileLeft", "BrowInnerUp")  # fmt: skip
REQUIRED = ("spine", *(f"{s}{b}" for s in ("left", "right") for b in (
    "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")))  # fmt: skip
FPS, FRAMES = 30, 60


def talking() -> Motion:
    """Jaw, lips and brow at different speeds, a blink of each eye."""
    t = np.arange(FRAMES) / FPS
    names = ("jawOpen", "mouthFunnel", "mouthPucker", "browInnerUp")
    face = np.stack([0.45 + 0.3 * np.sin(7 * t), 0.1 + 0 * t, 0.05 + 0 * t, 0.5 + 0.4 * np.sin(2 * t)], axis=1)
    lids = np.stack([np.exp(-(((t - 0.5) / 0.1) ** 2)), np.exp(-(((t - 1.2) / 0.1) ** 2))], axis=1)
    return Motion(fps=FPS, face=face, face_names=names, lids=lids, eyes_rad=np.zeros((FRAMES, 2, 2)))


def avatar(custom: tuple[str, ...] = PERFECT_SYNC, *, vowels: bool = True, vrm: int = 1) -> Glb:
    """A VRM whose vowel aa and whose ARKit expression of the jaw move one target, as perfect-sync avatars have it."""
    kind = RigKind(vrm=1, looks="lids", spelling="shape_{base}{Side}")
    glb = build(kind)
    names = glb.document["meshes"][-1]["extras"]["targetNames"]
    jaw, brow, spare = names.index("jawOpen"), names.index("browInnerUp"), names.index("shape_eyeLookOutLeft")
    target = {"JawOpen": jaw, "BrowInnerUp": brow}
    node = next(i for i, n in enumerate(glb.document["nodes"]) if n["name"] == "Face")
    bind = lambda index: {"morphTargetBinds": [{"node": node, "index": index, "weight": 1.0}]}  # noqa: E731
    extension = glb.document["extensions"]["VRMC_vrm"]
    extension["expressions"]["custom"] = {name: bind(target.get(name[0].upper() + name[1:], spare)) for name in custom}
    if vowels:
        extension["expressions"]["preset"] |= {"aa": bind(jaw)}
    bones, hips = extension["humanoid"]["humanBones"], glb.document["nodes"][0]
    for bone in REQUIRED:
        bones[bone] = {"node": glb.add("nodes", {"name": f"bone_{bone}"})}
        hips.setdefault("children", []).append(bones[bone]["node"])
    return glb if vrm == 1 else as_vrm_0(glb)


def as_vrm_0(glb: Glb) -> Glb:
    """The same expressions in VRM 0.x's words."""
    old = {"aa": "a", "blinkLeft": "blink_l", "blinkRight": "blink_r"}
    given = glb.document["extensions"].pop("VRMC_vrm")["expressions"]
    mesh = len(glb.document["meshes"]) - 1
    groups = [
        {
            "name": name,
            "presetName": old.get(name, "unknown"),
            "binds": [{"mesh": mesh, "index": entry["morphTargetBinds"][0]["index"], "weight": 100}],
        }
        for group in ("preset", "custom")
        for name, entry in given[group].items()
    ]
    glb.document["extensions"]["VRM"] = {"blendShapeMaster": {"blendShapeGroups": groups}}
    return glb


def tracks(path: Path) -> set[str]:
    given = Glb.from_bytes(path.read_bytes()).document["extensions"]["VRMC_vrm_animation"]["expressions"]
    return {*given["preset"], *given["custom"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("vrma")
    (made / "both.vrm").write_bytes(avatar().to_bytes())
    (made / "vowels.vrm").write_bytes(avatar(("Wink",)).to_bytes())
    (made / "lower.vrm").write_bytes(avatar(tuple(n[0].lower() + n[1:] for n in PERFECT_SYNC)).to_bytes())
    te.save(talking(), made / "talk.npz")
    return made


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """three-vrm and three in one file for Node."""
    esbuild = MODULES / ".bin" / "esbuild"
    if shutil.which("node") is None or not esbuild.exists() or not (MODULES / "@pixiv" / "three-vrm").is_dir():
        pytest.skip("needs Node and the viewer's packages (cd viewer && npm ci)")
    bundle = tmp_path_factory.mktemp("three-vrm") / "player.cjs"
    entry = ROOT / "tests" / "three_plays_vrma.js"
    command = [str(esbuild), str(entry), "--bundle", "--platform=node", f"--outfile={bundle}", "--log-level=error"]
    environment = {"NODE_PATH": str(MODULES), "PATH": str(Path(shutil.which("node") or "node").parent)}
    subprocess.run(command, check=True, env=environment, cwd=ROOT / "viewer")
    return bundle


def played(player: Path, model: Path, animation: Path, times: list[float]) -> dict[str, Any]:
    command = ["node", str(player), str(model), str(animation), *map(str, times)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, run.stderr[-2000:]
    return json.loads(run.stdout.rsplit("RESULT ", 1)[1])


@pytest.mark.parametrize(
    ("model", "mouth", "gain"),
    [
        ("both", "auto", 1.0),
        ("both", "arkit", 1.0),
        ("lower", "auto", 1.0),
        ("both", "vowels", 1.2),
        ("vowels", "auto", 1.2),
    ],
)
def test_in_three_vrm_the_jaw_opens_once(folder: Path, player: Path, model: str, mouth: str, gain: float):
    """ARKit expressions open it as the motion says; a vowel by its recipe (1.2 jawOpen - .6 funnel - .6 pucker)."""
    motion, target = talking(), folder / f"{model}-{mouth}.vrma"
    te.save(motion, target, avatar=folder / f"{model}.vrm", mouth=mouth)
    frames = [0, 10, 25, 40, 59]
    shown = played(player, folder / f"{model}.vrm", target, [f / FPS for f in frames])
    assert shown["duration"] == pytest.approx(FRAMES / FPS, abs=1e-6), "the clip loops in time"
    jaw = motion.coefficient("jawOpen")[frames]
    wanted = jaw if gain == 1 else 1.2 * jaw - 0.6 * (0.1 + 0.05)
    np.testing.assert_allclose([s["jawOpen"] for s in shown["frames"]], wanted, atol=1e-3)
    brow = motion.coefficient("browInnerUp")[frames] if model != "vowels" else np.zeros(len(frames))
    np.testing.assert_allclose([s["browInnerUp"] for s in shown["frames"]], brow, atol=1e-3)
    for index, side in enumerate(("Left", "Right")):
        seen = [s[f"shape_eyeBlink{side}"] for s in shown["frames"]]
        np.testing.assert_allclose(seen, motion.lids[frames, index], atol=1e-3)


def test_tracks_are_those_that_the_avatar_binds(folder: Path):
    for model, extra in (("both", {"JawOpen", "MouthFunnel", "MouthPucker", "BrowInnerUp"}), ("vowels", {"aa"})):
        te.save(talking(), folder / "t.vrma", avatar=folder / f"{model}.vrm")
        assert tracks(folder / "t.vrma") == {"blinkLeft", "blinkRight", *extra}
    te.save(talking(), folder / "t.vrma")
    assert tracks(folder / "t.vrma") == {"blinkLeft", "blinkRight", "aa", "oh", "ou", "browInnerUp"}
    te.save(talking(), folder / "t.vrma", mouth="arkit")
    assert tracks(folder / "t.vrma") == {"blinkLeft", "blinkRight", *talking().face_names}


@pytest.mark.parametrize("vrm", [0, 1])
def test_expressions_of_both_versions_are_found(vrm: int):
    found = expressions_of(avatar(vrm=vrm).document)
    assert found is not None
    assert found.presets == {"aa", "blinkLeft", "blinkRight"}
    assert found.arkit == {n[0].lower() + n[1:]: n for n in PERFECT_SYNC}
    assert expressions_of(build(RigKind()).document) is None
    assert expressions_of({"extensions": {"VRM": {"blendShapeMaster": [3]}}}) == type(found)(frozenset(), {})
    assert choose_mouth("auto", found).kind == "arkit"


def test_an_avatar_that_only_blinks_both_eyes_gets_that_blink(folder: Path):
    glb = avatar()
    preset = glb.document["extensions"]["VRMC_vrm"]["expressions"]["preset"]
    preset["blink"] = preset.pop("blinkLeft")
    del preset["blinkRight"]
    (folder / "blink.vrm").write_bytes(glb.to_bytes())
    te.save(talking(), folder / "b.vrma", avatar=folder / "blink.vrm")
    assert tracks(folder / "b.vrma") & {"blink", "blinkLeft", "blinkRight"} == {"blink"}
    np.testing.assert_allclose(te.load(folder / "b.vrma").lids[:, 0], talking().lids.mean(axis=1), atol=1e-5)


def test_what_was_written_is_read_back(folder: Path):
    motion = talking()
    te.save(motion, folder / "a.vrma", avatar=folder / "both.vrm")
    back = te.load(folder / "a.vrma")
    assert (back.num_frames, back.fps) == (FRAMES, FPS)
    np.testing.assert_allclose(back.coefficient("jawOpen"), motion.coefficient("jawOpen"), atol=1e-5)
    te.save(motion, folder / "v.vrma", mouth="vowels")
    vowels = te.load(folder / "v.vrma")
    for name in ("jawOpen", "mouthFunnel", "mouthPucker", "browInnerUp"):
        np.testing.assert_allclose(vowels.coefficient(name), motion.coefficient(name), atol=1e-5)


def test_the_command_line_says_which(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    assert main(["convert", "talk.npz", "x.vrma"]) == 0
    assert "mouth as vowels (aa ih ou oh): every VRM has them; --avatar FILE.vrm or" in capsys.readouterr().out
    assert main(["convert", "talk.npz", "x.vrma", "--avatar", "both.vrm"]) == 0
    assert "mouth as ARKit expressions (perfect sync): the avatar has 8 of them" in capsys.readouterr().out
    assert main(["convert", "talk.npz", "x.vrm", "--avatar", "both.vrm"]) == 0
    assert "VRM players do not show an animation inside the model; for them write a .vrma" in capsys.readouterr().out
    assert main(["convert", "talk.npz", "x.csv", "--mouth", "arkit"]) == 2
    assert "--mouth is for .vrma outputs" in capsys.readouterr().err
    with pytest.raises(SettingError, match="auto, vowels, arkit are accepted"):
        te.save(talking(), "x.vrma", mouth="both")
