"""USD: the avatar and its motion as UsdSkel, read back by pxr itself and by Blender, and clean for the validators."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.cli import main
from talkingeyes.formats import LOOKS, save
from tests.avatar_rigs import KINDS, build
from tests.test_any_avatar import FPS, FRAMES, ICT, ICT_KIND, TOLERANCE_DEG, check_eyes, check_lids, looks

pytest.importorskip("pxr", reason="usd-core is not installed (pip install 'talkingeyes[usd]')")
NAMES = [*KINDS, *(["ict"] if ICT.exists() else [])]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, out = tmp_path_factory.mktemp("usd"), {}
    for number, name in enumerate(NAMES):
        source = ICT if name == "ict" else folder / f"rig{number}.glb"
        if name != "ict":
            source.write_bytes(build(KINDS[name]).to_bytes())
        out[name] = folder / f"moving{number}.{'usdc' if number % 2 else 'usda'}"
        save(looks(), out[name], avatar=source)
    return out


def material_means(path: Path) -> list[dict[str, list[float]]]:
    """Mean position of each material's vertices at every frame, skinned and blended by UsdSkel."""
    from pxr import Gf, Usd, UsdGeom, UsdSkel

    stage = Usd.Stage.Open(str(path))
    root = UsdSkel.Root(stage.GetDefaultPrim())
    assert stage.GetTimeCodesPerSecond() == FPS
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (0, len(FRAMES) - 1)
    assert UsdSkel.BakeSkinning(root, Gf.Interval(0, len(FRAMES) - 1))
    meshes = [UsdGeom.Mesh(p) for p in stage.Traverse() if p.IsA(UsdGeom.Mesh)]
    out = []
    for frame in FRAMES:
        points = {m.GetPrim().GetName().rsplit("_", 1)[0]: np.array(m.GetPointsAttr().Get(frame)) for m in meshes}
        out.append({renamed(name): p.mean(axis=0).tolist() for name, p in points.items()})
    return out


def renamed(material: str) -> str:
    """As the avatars' makers spell it."""
    plain = material.removeprefix("m_")
    known = {f"{a}{b}".lower(): f"{a}{b}" for a in ("Iris", "Sclera", "Lid") for b in ("Left", "Right")}
    return known.get(plain, plain)


@pytest.mark.parametrize("name", NAMES)
def test_eyes_and_lids_are_the_motions_for_usd_itself(name: str, files: dict[str, Path]):
    seen, kind = material_means(files[name]), KINDS.get(name, ICT_KIND)
    worst = check_eyes(seen, kind)
    assert worst < TOLERANCE_DEG, f"{worst:.2f} deg off"
    if name != "ict":
        check_lids(seen, kind)


@pytest.mark.blender
def test_blender_reads_the_same_eyes(files: dict[str, Path]):
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("Blender's bpy module is not installed (pip install bpy)")
    chosen = {
        n: files[n] for n in ("plain", "random axes", "vrm 0", "morphs only", *(["ict"] if "ict" in files else []))
    }
    reader = Path(__file__).with_name("blender_reads_materials.py")
    command = [sys.executable, str(reader), str(FPS), ",".join(map(str, FRAMES)), *map(str, chosen.values())]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "RESULT " in run.stdout, run.stderr[-2000:]
    read = json.loads(run.stdout.rsplit("RESULT ", 1)[1].splitlines()[0])
    for name, path in chosen.items():
        seen = [{renamed(m.rsplit("_", 1)[0]): mean for m, mean in means.items()} for means in read[str(path)]]
        assert check_eyes(seen, KINDS.get(name, ICT_KIND)) < TOLERANCE_DEG, name


def complaints(stage: Any) -> list[str]:
    """What the validators of usdchecker find."""
    from pxr import UsdValidation

    registry = UsdValidation.ValidationRegistry()
    context = UsdValidation.ValidationContext(registry.GetOrLoadAllValidators())
    return [f"{e.GetName()}: {e.GetMessage()}" for e in context.Validate(stage)]


def test_the_validators_have_no_complaint_about_any_look_or_rig(files: dict[str, Path], tmp_path: Path):
    from pxr import Usd

    own = [save(looks(), tmp_path / f"{look}.usdc", avatar=look)[0] for look in LOOKS]
    for path in (*own, *files.values()):
        assert complaints(Usd.Stage.Open(str(path))) == [], path
    broken = Usd.Stage.CreateInMemory()
    broken.DefinePrim("/a", "Mesh").CreateRelationship("skel:skeleton").AddTarget("/nothing")
    assert complaints(broken), "the validators find nothing wrong with what is wrong"


def test_the_file_is_the_character_with_its_shapes_and_the_motion_on_them(tmp_path: Path):
    """All ARKit shapes are there; the weights are those of the .glb; the same motion gives the same bytes."""
    from pxr import Usd, UsdSkel

    from talkingeyes.avatar.load import open_avatar
    from talkingeyes.avatar.pose import target_weights
    from talkingeyes.rig import ARKIT_NAMES

    motion = looks()
    for name in ("a", "b"):
        save(motion, tmp_path / f"{name}.usda")
    assert (tmp_path / "a.usda").read_bytes() == (tmp_path / "b.usda").read_bytes()
    assert b"/work" not in (tmp_path / "a.usda").read_bytes()
    stage = Usd.Stage.Open(str(tmp_path / "a.usda"))
    animation = UsdSkel.Animation(stage.GetPrimAtPath("/Avatar/Skeleton/Animation"))
    shapes = list(animation.GetBlendShapesAttr().Get())
    assert sorted(shapes) == sorted(ARKIT_NAMES)
    table = next(iter(target_weights(motion, open_avatar(None)[1]).values()))
    for frame in FRAMES:
        weights = np.array(animation.GetBlendShapeWeightsAttr().Get(frame))
        wanted = [table[frame, ARKIT_NAMES.index(s)] for s in shapes]
        np.testing.assert_allclose(weights, wanted, atol=1e-6)


def test_the_command_line_writes_usd_and_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save(looks(), tmp_path / "m.npz")
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "m.usda"), "--avatar", "lin"]) == 0
    assert "25 time codes a second; Blender ignores that" in capsys.readouterr().out
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "x.usda"), "--avatar", "lyn"]) == 2
    said = capsys.readouterr().err
    assert "lyn: no such file" in said and "default, amara, lin" in said


def test_a_missing_package_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    save(looks(), tmp_path / "m.npz")
    monkeypatch.setitem(sys.modules, "pxr", None)
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "m.usda")]) == 2
    assert ".[usd]" in capsys.readouterr().err
