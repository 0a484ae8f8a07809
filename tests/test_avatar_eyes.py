"""What turns an avatar's eyes and what it cannot show: measured, said, and kept in the mapping."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.avatar.eye_range import EyeRange
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.losses import losses
from talkingeyes.avatar.pose import avatar_rotations, target_weights
from talkingeyes.cli import main
from talkingeyes.errors import FormatError
from talkingeyes.formats import load, save
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.motion import Motion
from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD, lid_closure
from talkingeyes.rotations import ypr_from_matrix
from tests.avatar_rigs import DRAWN, JOINTS, KINDS, RigKind, build


def motion(frames: int = 6) -> Motion:
    eyes = np.zeros((frames, 2, 2))
    eyes[:, :, 0], eyes[:, :, 1] = np.linspace(-0.5, 0.5, frames)[:, None], np.linspace(-0.45, 0.4, frames)[:, None]
    face = {"face": np.full((frames, 1), 0.3), "face_names": ("jawOpen",)}
    return Motion(fps=30, eyes_rad=eyes, head_rad=np.zeros((frames, 3)), lids=np.zeros((frames, 2)), **face)


def avatar(folder: Path, kind: RigKind) -> Path:
    path = folder / "me.glb"
    path.write_bytes(build(kind).to_bytes())
    return path


def bones(**roles: str) -> dict[str, str]:
    return {"Root": "Root", **roles}


# ---------------------------------------------------------------- what turns the eyes


@pytest.mark.parametrize(
    "name", ["bones and morphs turn the eye, 9 % not rigidly", "flat, bones and morphs turn the eye"]
)
def test_rig_says_by_how_much_bones_and_shapes_turn_each_eye(name: str, tmp_path: Path, capsys):
    path = avatar(tmp_path, KINDS[name])
    assert main(["rig", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for side in ("Left", "Right"):
        eye = found["eyes_measured"][side]
        assert eye["deg_per_bone_deg"] == pytest.approx(1, abs=1e-3)
        assert list(eye["shapes_deg_at_1"].values()) == pytest.approx([23.5] * 4, abs=0.5)
        assert not eye["shapes_used"]
    assert main(["rig", str(path)]) == 0
    said = capsys.readouterr().out
    assert "stay at rest on EyesLeft, EyesRight" in said
    assert "with eyeLook shapes for the lids" in said


def test_shapes_for_lids_are_driven_where_the_eyes_shapes_rest(tmp_path: Path):
    _, rig = open_avatar(avatar(tmp_path, KINDS["bones and morphs that turn the eye"]))
    tables = target_weights(motion(), rig)
    names = {mesh.node: mesh.names for mesh in rig.morphs}
    for node, table in tables.items():
        down = table[:, names[node].index("eyeLookDownLeft")] if "eyeLookDownLeft" in names[node] else np.zeros(1)
        assert (down.max() > 0.5) == ("jawOpen" in names[node]), "the face's are driven, the eyes' are not"


def test_on_one_mesh_blinks_carry_the_lids_alone_in_the_page_too(tmp_path: Path):
    path = avatar(tmp_path, KINDS["bones and morphs turn the eye, one mesh"])
    _, rig = open_avatar(path)
    (mesh,) = rig.morphs
    (table,) = target_weights(motion(), rig).values()
    closure = lid_closure(motion())[:, 0]
    np.testing.assert_allclose(table[:, mesh.names.index("eyeBlinkLeft")], closure, atol=1e-6)
    page = PageAvatar.of(path, None)
    channel = next(name for node, index, name in page.data["targets"] if mesh.names[index] == "eyeBlinkLeft")
    np.testing.assert_allclose(page.weights(motion())[channel], closure, atol=1e-6)


def test_a_mapping_can_give_the_eyes_to_the_shapes(tmp_path: Path):
    path = avatar(tmp_path, KINDS["bones and morphs that turn the eye"])
    (tmp_path / "map.json").write_text(json.dumps({"talkingeyes_mapping": 1, "eyes": "morphs"}))
    _, rig = open_avatar(path, tmp_path / "map.json")
    assert not rig.resting
    assert "LeftEye" not in avatar_rotations(motion(), rig)


# ---------------------------------------------------------------- how far they turn


def test_a_full_gaze_reaches_the_range_and_less_is_in_proportion():
    reach = EyeRange(*np.radians([12, 8, 6]))
    full = [[EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD], [-EYE_LOOK_SIDE_RAD, -EYE_LOOK_UP_DOWN_RAD], [0.9, -0.9]]
    np.testing.assert_allclose(np.degrees(reach.shown(np.array(full))), [[12, 8], [-12, -6], [12, -6]])
    some = np.array([[0.3, 0.2], [-0.1, -0.4]])
    np.testing.assert_allclose(reach.shown(some / 2), reach.shown(some) / 2)
    np.testing.assert_allclose(reach.meant(reach.shown(some)), some)
    wide = EyeRange(*np.radians([40, 40, 40]))
    np.testing.assert_array_equal(wide.shown(some), some)


def test_drawn_eyes_keep_to_their_range_and_are_read_back_as_meant(tmp_path: Path):
    path = avatar(tmp_path, DRAWN["drawn, one mesh"])
    _, rig = open_avatar(path)
    assert rig.eye_range is not None
    assert np.degrees(rig.eye_range.yaw_rad) == pytest.approx(6, abs=0.1), "the avatar's own shapes say so"
    turned = ypr_from_matrix(avatar_rotations(motion(), rig)["LeftEye"])
    assert np.abs(turned[:, 0]).max() <= rig.eye_range.yaw_rad
    save(motion(), tmp_path / "o.glb", avatar=path)
    back = load(tmp_path / "o.glb")
    assert back.eyes_rad is not None
    np.testing.assert_allclose(back.eyes_rad, motion().eyes_rad, atol=2e-3)


def test_a_mapping_sets_the_range(tmp_path: Path):
    path = avatar(tmp_path, KINDS["plain"])
    mapping = {
        "talkingeyes_mapping": 1,
        "eye_range": {"max_yaw_deg": 10, "max_pitch_up_deg": 5, "max_pitch_down_deg": 4},
    }
    (tmp_path / "map.json").write_text(json.dumps(mapping))
    _, rig = open_avatar(path, tmp_path / "map.json")
    yaw, pitch, _ = ypr_from_matrix(avatar_rotations(motion(), rig)["RightEye"]).T
    np.testing.assert_allclose(yaw, motion().eyes_rad[:, 1, 0] * np.radians(10) / EYE_LOOK_SIDE_RAD, atol=1e-6)
    assert np.degrees(pitch.min()) == pytest.approx(-4 * 0.45 / EYE_LOOK_UP_DOWN_RAD, abs=1e-3)
    assert main(["rig", str(path), "--mapping", str(tmp_path / "map.json"), "-o", str(tmp_path / "b.json"), "-q"]) == 0
    assert json.loads((tmp_path / "b.json").read_text())["eye_range"] == pytest.approx(mapping["eye_range"])


@pytest.mark.parametrize("given", [[1, 2, 3], {"max_yaw_deg": 10}, "wide", {"max_yaw_deg": -1, "max_pitch_up_deg": 1}])
def test_a_wrong_range_is_refused(given, tmp_path: Path):
    (tmp_path / "map.json").write_text(json.dumps({"talkingeyes_mapping": 1, "eye_range": given}))
    with pytest.raises(FormatError, match=r"map\.json: eye_range must be null or an object of max_yaw_deg"):
        open_avatar(avatar(tmp_path, KINDS["plain"]), tmp_path / "map.json")


# ---------------------------------------------------------------- what is lost is said

HEAD = bones(Head="Head")
ALONE = {
    "nothing": (KINDS["plain"], set()),
    "blinks only, no mouth": (RigKind(looks="none", blinks_only=True), {"mouth"}),
    "a head without eyes": (RigKind(bones=HEAD, looks="none", spelling="x{base}_{Side}"), {"eyes", "blinks"}),
    "eyes without a head": (RigKind(bones=bones(LeftEye="LeftEye", RightEye="RightEye"), looks="none"), {"head"}),
    "blinks alone": (RigKind(bones=bones(), looks="none", blinks_only=True), {"eyes", "head", "mouth"}),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_an_avatar_cannot_show_is_one_note_a_field_and_rows(name: str, tmp_path: Path, capsys):
    kind, parts = ALONE[name]
    path = avatar(tmp_path, kind)
    motion().save_npz(tmp_path / "m.npz")
    arguments = ["convert", str(tmp_path / "m.npz"), str(tmp_path / "o.glb"), "--avatar", str(path), "--json"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert {row["part"] for row in json.loads(said.out)["avatar"]["cannot_show"]} == parts
    notes = [line for line in said.err.splitlines() if line.startswith("talkingeyes: note: me.glb does not show")]
    assert len(notes) == (1 if parts else 0)
    assert all(part in notes[0] for part in parts)
    assert main(["rig", str(path)]) == 0
    rows = [line.split()[1].rstrip(":") for line in capsys.readouterr().out.splitlines() if line.startswith("  lost")]
    assert set(rows) == parts


def test_only_what_the_motion_has_can_be_lost(tmp_path: Path):
    _, rig = open_avatar(avatar(tmp_path, ALONE["blinks alone"][0]))
    assert {loss.part for loss in losses(rig, Motion(fps=30, head_rad=np.zeros((2, 3))))} == {"head"}


def test_eyes_that_expressions_move_by_texture_are_said(tmp_path: Path):
    glb = build(RigKind(bones={n: n for n in JOINTS[:3]}, vrm=1, looks="none", spelling="shape_{S}", blinks_only=True))
    preset = glb.document["extensions"]["VRMC_vrm"]["expressions"]["preset"]
    preset.clear()
    preset |= {name: {"textureTransformBinds": [{"material": 0, "offset": [0, 0.5]}]} for name in ("blink", "lookLeft")}
    (tmp_path / "me.vrm").write_bytes(glb.to_bytes())
    lost = {loss.part: loss.why for loss in losses(open_avatar(tmp_path / "me.vrm")[1])}
    assert lost.keys() == {"eyes", "blinks", "mouth"}
    assert "by its texture alone" in lost["eyes"]
    assert "by its texture alone" in lost["blinks"]
