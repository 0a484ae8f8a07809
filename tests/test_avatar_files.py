"""Avatar files as they come: kept byte for byte, refused in one line where they cannot be used, mapped by hand."""

from __future__ import annotations

import base64
import copy
import importlib
import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.load import MAX_AVATAR_BYTES, open_avatar
from talkingeyes.avatar.looks import LOOKS, avatar_bytes, chosen
from talkingeyes.avatar.losses import losses
from talkingeyes.avatar.mapping import read_mapping
from talkingeyes.avatar.morphs import bind, morph_meshes
from talkingeyes.avatar.names import arkit_name, role_of_bone
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.avatar.pose import target_weights
from talkingeyes.cli import main
from talkingeyes.errors import FormatError
from talkingeyes.formats import save
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.motion import Motion
from tests.avatar_rigs import JOINTS, KINDS, RigKind, build
from tests.test_glb import validations

ROOT = Path(__file__).parents[1]
ICT = ROOT.parent / "shared" / "data" / "heads" / "ict_arkit.glb"


def motion(frames: int = 5) -> Motion:
    eyes = np.linspace(-0.3, 0.3, frames * 4).reshape(frames, 2, 2)
    return Motion(fps=30, eyes_rad=eyes, head_rad=np.zeros((frames, 3)), lids=np.zeros((frames, 2)))


@pytest.fixture
def avatar(tmp_path: Path) -> Path:
    path = tmp_path / "me.glb"
    path.write_bytes(build(KINDS["random axes"]).to_bytes())
    return path


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Head", "Head"), ("mixamorig:Head", "Head"), ("J_Bip_C_Head", "Head"), ("CC_Base_Head", "Head"),
        ("Bip001 Head", "Head"), ("DEF-spine.006", "Head"), ("head_jnt", "Head"), ("J_Bip_C_Neck", "Neck"),
        ("neck_01", "Neck"), ("LeftEye", "LeftEye"), ("eye.L", "LeftEye"), ("J_Adj_L_FaceEye", "LeftEye"),
        ("CC_Base_L_Eye", "LeftEye"), ("FACIAL_L_Eye", "LeftEye"), ("eyeball_l", "LeftEye"), ("lefteye", "LeftEye"),
        ("DEF-eye.R", "RightEye"), ("mixamorig:RightEye", "RightEye"), ("Eye_R", "RightEye"),
        ("HeadTop_End", None), ("LeftEyelid", None), ("eye_target.L", None), ("LeftForeArm", None),
        ("Wolf3D_Head", None),
    ],
)  # fmt: skip
def test_bones_are_known_by_many_names(name: str, role: str | None):
    assert role_of_bone(name) == role


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("eyeBlinkLeft", "eyeBlinkLeft"), ("EyeBlinkLeft", "eyeBlinkLeft"), ("eyeBlink_L", "eyeBlinkLeft"),
        ("blendShape1.eyeBlink_R", "eyeBlinkRight"), ("A14_Eye_Blink_Left", "eyeBlinkLeft"), ("Jaw_Open", "jawOpen"),
        ("mouthSmile_L", "mouthSmileLeft"), ("browInnerUp", "browInnerUp"), ("Fcl_EYE_Close_L", None), ("smile", None),
    ],
)  # fmt: skip
def test_arkit_names_are_known_in_many_spellings(name: str, known: str | None):
    assert arkit_name(name) == known


@pytest.mark.parametrize("name", ["random axes", "vrm 0", "morphs only, other reach, no neck", "ict"])
def test_nothing_else_in_the_file_changes(tmp_path: Path, name: str):
    if name == "ict" and not ICT.exists():
        pytest.skip("the development data is not beside the checkout")
    source = tmp_path / "in.glb"
    glb = Glb.from_bytes(ICT.read_bytes()) if name == "ict" else build(KINDS[name])
    glb.add("animations", {"name": "mine", "channels": [], "samplers": []})
    glb.document["extras"] = {"é": [1.0, 1e-7, 3]}
    source.write_bytes(glb.to_bytes() + (b"" if name == "ict" else struct.pack("<II", 4, 0x12345678) + b"more"))
    data = bytearray(source.read_bytes())
    data[8:12] = struct.pack("<I", len(data))
    source.write_bytes(data)
    save(motion(), tmp_path / "out.glb", avatar=source)
    before, after = Glb.from_bytes(bytes(data)), Glb.from_bytes((tmp_path / "out.glb").read_bytes())
    for key, value in before.document.items():
        if key in ("accessors", "bufferViews", "animations"):
            assert after.document[key][: len(value)] == value
        elif key != "buffers":
            assert json.dumps(after.document[key]) == json.dumps(value)
    assert len(after.document["animations"]) == 2
    assert after.binary[: len(before.binary)] == before.binary
    assert after.other_chunks == before.other_chunks
    assert source.read_bytes() == bytes(data)


def test_the_khronos_validator_finds_no_more_than_before(tmp_path: Path):
    sources = [ICT] if ICT.exists() else []
    for number, kind in enumerate(KINDS.values()):
        sources.append(tmp_path / f"in{number}.glb")
        sources[-1].write_bytes(build(kind).to_bytes())
    results = [tmp_path / f"out{number}.glb" for number in range(len(sources))]
    for source, result in zip(sources, results, strict=True):
        save(motion(), result, avatar=source)
    found = validations([*sources, *results])
    for before, after in zip(found[: len(sources)], found[len(sources) :], strict=True):
        assert after["numErrors"] <= before["numErrors"], after["messages"][:3]
        assert after["numWarnings"] <= before["numWarnings"], after["messages"][:3]


def test_undriven_targets_stay_as_the_file_has_them(tmp_path: Path):
    glb = build(KINDS["plain"])
    mesh = next(m for m in glb.document["meshes"] if m["name"] == "Face")
    mesh["weights"] = [0.25] * len(mesh["extras"]["targetNames"])
    (tmp_path / "in.glb").write_bytes(glb.to_bytes())
    _, rig = open_avatar(tmp_path / "in.glb")
    (table,) = target_weights(motion(), rig).values()
    names = rig.morphs[0].names
    np.testing.assert_allclose(table[:, names.index("jawOpen")], 0.25)
    np.testing.assert_allclose(table[:, names.index("eyeBlinkLeft")], 0)


@pytest.mark.parametrize(
    ("targets", "coefficients"),
    [
        (["mouthOpen", "mouthSmile", "eyesClosed"], {"jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft"}),
        (
            ["viseme_aa", "viseme_O", "viseme_U", "eyeBlinkLeft", "eyeBlinkRight"],
            {"jawOpen", "mouthFunnel", "eyeBlinkLeft"},
        ),
        (
            ["Fcl_EYE_Close", "Fcl_EYE_Close_L", "Fcl_EYE_Close_R", "Fcl_MTH_A"],
            {"eyeBlinkLeft", "eyeBlinkRight", "jawOpen"},
        ),
    ],
)
def test_other_families_of_shapes_are_bound_once(targets: list[str], coefficients: set[str]):
    """Ready Player Me, Oculus visemes, VRoid; a shape for both eyes is left alone where there is one for each."""
    nodes = [{"mesh": 0}]
    mesh = {"primitives": [{"targets": [{}] * len(targets)}], "extras": {"targetNames": targets}}
    document = {"nodes": nodes, "meshes": [mesh]}
    (bound,) = bind(document, morph_meshes(document, Nodes.of(document, "x")))
    driven = [name for recipe in bound.recipes.values() for name, gain in recipe if gain > 0]
    assert coefficients <= set(driven)
    assert len(driven) == len(set(driven)), "no coefficient closes anything twice"


def test_a_written_mapping_gives_the_same_file(tmp_path: Path, avatar: Path):
    assert main(["rig", str(avatar), "-o", str(tmp_path / "map.json"), "-q"]) == 0
    save(motion(), tmp_path / "a.glb", avatar=avatar, title="x")
    save(motion(), tmp_path / "b.glb", avatar=avatar, mapping=tmp_path / "map.json", title="x")
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()


def test_a_mapping_finds_what_names_cannot(tmp_path: Path):
    kind = RigKind(bones={n: f"part {i}" for i, n in enumerate(JOINTS)}, spelling="x{base}_{Side}", looks="none")
    (tmp_path / "odd.glb").write_bytes(build(kind).to_bytes())
    _, unnamed = open_avatar(tmp_path / "odd.glb")
    assert {loss.part for loss in losses(unnamed)} == {"eyes", "blinks", "head"}
    mapping = {
        "talkingeyes_mapping": 1,
        "bones": {"Head": "part 2", "LeftEye": "part 3", "RightEye": "part 4"},
        "morphs": {"eyeBlinkLeft": "xeyeBlink_Left", "eyeBlinkRight": {"xeyeBlink_Right": 0.5}},
    }
    (tmp_path / "map.json").write_text(json.dumps(mapping))
    _, rig = open_avatar(tmp_path / "odd.glb", tmp_path / "map.json")
    assert set(rig.bones) == {"Head", "LeftEye", "RightEye"}
    assert rig.morphs[0].recipes == {0: (("eyeBlinkLeft", 1.0),), 1: (("eyeBlinkRight", 0.5),)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bones": {"Head": "Kopf"}}, r"Head asks for a bone 'Kopf'.*none of that name.*Armature"),
        ({"morphs": {"jawOpen": "Mund"}}, r"jawOpen asks for a morph target 'Mund'.*eyeBlinkLeft"),
        ({"morphs": {"smile": "jawOpen"}}, r"'smile' is no ARKit coefficient"),
        ({"bones": {"Tail": "x"}}, r"'Tail'"),
        ({"faces": "up"}, r"faces is 'up'"),
        ({"eye": "bones"}, r"'eye' is not known"),
        ({"talkingeyes_mapping": 9}, r"is no mapping"),
    ],
)
def test_wrong_mappings_are_refused_by_entry(tmp_path: Path, avatar: Path, change: dict, message: str):
    (tmp_path / "map.json").write_text(json.dumps({"talkingeyes_mapping": 1, **change}))
    with pytest.raises(FormatError, match=message) as caught:
        open_avatar(avatar, tmp_path / "map.json")
    assert "map.json" in str(caught.value)
    (tmp_path / "map.json").write_text("{")
    with pytest.raises(FormatError, match="not JSON"):
        read_mapping(tmp_path / "map.json")


def packed(document: dict, binary: bytes) -> bytes:
    """A GLB whatever the JSON holds."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def static(document: dict) -> None:
    for key in ("skins", "animations"):
        document.pop(key, None)
    document["nodes"] = [{"name": "Statue", "mesh": 0}]
    document["scenes"] = [{"nodes": [0]}]
    for mesh in document["meshes"]:
        mesh.pop("extras", None)
        for primitive in mesh["primitives"]:
            primitive.pop("targets", None)


def cyclic(document: dict) -> None:
    nodes = document["nodes"]
    nodes[4]["children"] = [0]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (static, r"nothing to animate.*\(a static mesh.*looked for bones Head, LeftEye.*found nodes Statue"),
        (cyclic, r"cycle"),
        (lambda d: d["nodes"][1].update(children=[99]), r"node graph is damaged"),
        (lambda d: d["nodes"][1].update(children="x"), r"node graph is damaged"),
        (lambda d: d["nodes"][1].update(rotation=[0, 0, 0, 0]), r"transform of node 1 is damaged"),
        (lambda d: d["nodes"][1].update(translation=["a"]), r"transform of node 1 is damaged"),
        (lambda d: d.update(nodes={}), r"list of nodes is damaged"),
        (lambda d: [a.update(count=10**9) for a in d["accessors"]], r"past the buffer"),
        (lambda d: d["meshes"][2].update(primitives=5), r"damaged"),
        (lambda d: d["skins"][0].update(joints=[77]), r"damaged"),
        (lambda d: d["buffers"].append({"byteLength": 4, "uri": "data.bin"}), r"buffer lies outside.*data\.bin"),
        (lambda d: d.update(images=[{"uri": "skin.png"}]), r"picture lies outside.*skin\.png"),
    ],
)
def test_files_that_cannot_be_animated_are_refused_in_one_line(tmp_path: Path, spoil, message: str):
    glb = build(KINDS["plain"])
    glb.document["buffers"] = [{"byteLength": len(glb.binary)}]
    spoil(glb.document)
    path = tmp_path / "bad.glb"
    path.write_bytes(packed(glb.document, bytes(glb.binary)))
    with pytest.raises(FormatError, match=message) as caught:
        save(motion(), tmp_path / "out.glb", avatar=path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("bad.glb")
    assert not (tmp_path / "out.glb").exists()


@pytest.mark.parametrize("cut", [0, 10, 19, 300, -50])
def test_truncated_files_are_refused(tmp_path: Path, avatar: Path, cut: int):
    avatar.write_bytes(avatar.read_bytes()[:cut])
    with pytest.raises(FormatError, match=r"me\.glb: (not a GLB|truncated GLB)"):
        open_avatar(avatar)


def test_a_file_of_500_mb_is_refused_unread(tmp_path: Path):
    path = tmp_path / "huge.glb"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 500 << 20)
    with pytest.raises(FormatError, match=rf"huge\.glb: 500 MB, more than the {MAX_AVATAR_BYTES >> 20} MB"):
        open_avatar(path)


def test_damaged_json_never_gets_past_the_edge(avatar: Path):
    """Any one value of the JSON replaced by something else: it works, or it is refused by our own error."""
    rng = np.random.default_rng(5)
    whole = Glb.from_bytes(avatar.read_bytes())
    whole.document["buffers"] = [{"byteLength": len(whole.binary)}]
    for _ in range(300):
        glb = Glb(copy.deepcopy(whole.document), bytes(whole.binary))
        at, key = glb.document, None
        while isinstance(at, dict | list) and at and (key is None or rng.random() < 0.9):
            holder, key = at, (rng.choice(list(at)) if isinstance(at, dict) else int(rng.integers(len(at))))
            at = holder[key]
        holder[key] = [None, -1, "x", [], {}, 1e30][rng.integers(6)]
        avatar.write_bytes(packed(glb.document, bytes(glb.binary)))
        try:
            save(motion(), avatar.with_name("out.glb"), avatar=avatar)
        except FormatError as error:
            assert str(error).startswith("me.glb"), error


def test_an_input_is_never_overwritten(avatar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    before = avatar.read_bytes()
    motion().save_npz(tmp_path / "m.npz")
    assert main(["convert", str(tmp_path / "m.npz"), str(avatar), "--avatar", str(avatar)]) == 2
    assert "is an input" in capsys.readouterr().err
    assert avatar.read_bytes() == before


def test_the_command_line_says_what_avatars_are_for(avatar: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    motion().save_npz(tmp_path / "m.npz")
    source, out = str(tmp_path / "m.npz"), str(tmp_path / "o.csv")
    assert main(["convert", source, out, "--avatar", str(avatar)]) == 2
    assert (
        "--avatar is for outputs that show a character or are made for one: .html .glb .vrm" in capsys.readouterr().err
    )
    assert main(["convert", source, str(tmp_path / "o.vrm"), "--avatar", str(avatar)]) == 2
    assert "no VRM extension" in capsys.readouterr().err
    assert main(["convert", source, str(tmp_path / "o.glb"), "--mapping", "x.json"]) == 2
    assert "--avatar" in capsys.readouterr().err
    assert main(["rig", str(avatar)]) == 0
    assert "LeftEye    LeftEye" in capsys.readouterr().out


def test_the_page_gets_the_same_weights_as_the_file(avatar: Path):
    page = PageAvatar.of(avatar, None)
    _, rig = open_avatar(avatar)
    tables, channels = target_weights(motion(), rig), page.weights(motion())
    for node, index, name in page.data["targets"]:
        np.testing.assert_array_equal(channels[name], tables[node][:, index])
    assert page.data["bones"].keys() == {"neck", "head", "leftEye", "rightEye"}
    np.testing.assert_allclose(page.data["eyes_m"], [[0.03, 1.56, 0.08], [-0.03, 1.56, 0.08]], atol=1e-6)


# ---------------------------------------------------------------- looks of the built-in avatar


def test_the_looks_are_those_that_the_scripts_build(monkeypatch: pytest.MonkeyPatch):
    if not (ROOT / "scripts").is_dir():
        pytest.skip("scripts/ is not here (installed package)")
    monkeypatch.syspath_prepend(ROOT / "scripts")
    built = importlib.import_module("avatar.looks").LOOKS
    assert tuple(look.name for look in built) == LOOKS


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_is_picked_by_name_and_written_with_the_motion(look: str, tmp_path: Path):
    motion = Motion(fps=25, eyes_rad=np.zeros((3, 2, 2)), lids=np.zeros((3, 2)))
    save(motion, tmp_path / "a.glb", avatar=look)
    before, after = Glb.from_bytes(avatar_bytes(look)), Glb.from_bytes((tmp_path / "a.glb").read_bytes())
    assert bytes(after.binary).startswith(bytes(before.binary))
    assert after.document["meshes"] == before.document["meshes"]
    save(motion, tmp_path / "a.html", avatar=look)
    packed = base64.b64encode(zlib.compress(avatar_bytes(look), 6))
    assert packed in (tmp_path / "a.html").read_bytes()


def test_an_unknown_look_names_those_that_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save(Motion(fps=25, lids=np.zeros((3, 2))), tmp_path / "m.npz")
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "m.glb"), "--avatar", "amra"]) == 2
    assert "default, amara, lin" in capsys.readouterr().err
    assert main(["rig", "lin"]) == 0
    assert "LeftEye" in capsys.readouterr().out


def test_a_file_named_like_a_look_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert chosen("lin") == ("lin", None)
    Path("lin").write_bytes(b"")
    assert chosen("lin") == ("default", Path("lin"))
