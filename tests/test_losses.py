"""What an avatar cannot show is said in Python as on the command line; so is gaze beyond a look-at table."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.losses import losses
from talkingeyes.avatar.pose import target_weights
from talkingeyes.cli import main
from talkingeyes.motion import Motion
from tests.avatar_rigs import RigKind, build


def gaze(yaw_deg: float, pitch_deg: float = 0.0) -> Motion:
    eyes = np.zeros((4, 2, 2))
    eyes[1:, :] = np.radians([yaw_deg, pitch_deg])
    return Motion(fps=30, eyes_rad=eyes, lids=np.zeros((4, 2)))


def with_table(path: Path, full_deg: float = 12.7) -> Path:
    """A VRM 1.0 whose looks are expressions, full at a gaze of so many degrees."""
    glb = build(RigKind(vrm=1, bones={"Root": "Root", "Neck": "Neck", "Head": "Head"}))
    vrm, document = glb.document["extensions"]["VRMC_vrm"], glb.document
    node = next(i for i, n in enumerate(document["nodes"]) if n.get("name") == "Face")
    names = document["meshes"][document["nodes"][node]["mesh"]].pop("extras")["targetNames"]
    looks = {"lookLeft": ("OutLeft", "InRight"), "lookRight": ("InLeft", "OutRight")}
    looks |= {"lookUp": ("UpLeft", "UpRight"), "lookDown": ("DownLeft", "DownRight")}
    for look, shown in looks.items():
        places = [names.index(f"eyeLook{name}") for name in shown]
        binds = [{"node": node, "index": index, "weight": 1.0} for index in places]
        vrm["expressions"]["preset"][look] = {"morphTargetBinds": binds}
    entry = {"inputMaxValue": full_deg, "outputScale": 1.0}
    keys = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
    vrm["lookAt"] = {"type": "expression"} | {f"rangeMap{key}": entry for key in keys}
    path.write_bytes(glb.to_bytes())
    return path


def test_gaze_beyond_a_look_at_table_is_cut_with_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    avatar = with_table(tmp_path / "a.vrm")
    _, rig = open_avatar(avatar)
    assert max(table.max() for table in target_weights(gaze(25), rig).values()) == 1.0
    assert losses(rig, gaze(12)) == losses(rig, gaze(0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", te.LossWarning)
        te.save(gaze(25, 20), tmp_path / "m.npz")
    words = ["convert", str(tmp_path / "m.npz"), str(tmp_path / "o.glb"), "--avatar", str(avatar), "--json"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "note:" in said.err
    assert "gaze beyond 12.7 deg sideways and 12.7 deg up is cut" in said.err
    assert "eyes" in {row["part"] for row in json.loads(said.out)["avatar"]["cannot_show"]}


def test_save_warns_in_the_words_of_the_commands_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    avatar = tmp_path / "a.glb"
    avatar.write_bytes(build(RigKind(looks="none")).to_bytes())
    motion = gaze(5).replace(face=np.zeros((4, 1)), face_names=("jawOpen",))
    te.save(motion, tmp_path / "m.npz")
    capsys.readouterr()
    plain = tmp_path / "plain.glb"
    plain.write_bytes(build(RigKind(bones={"Root": "R", "Head": "Head"}, looks="none")).to_bytes())
    with pytest.warns(te.LossWarning) as found:
        te.save(motion, tmp_path / "o.glb", avatar=plain)
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "c.glb"), "--avatar", str(plain)]) == 0
    assert str(found[0].message) in capsys.readouterr().err
    assert found[0].filename == __file__, "the warning points at the caller"


def test_save_says_nothing_where_all_is_shown(tmp_path: Path):
    avatar = tmp_path / "a.glb"
    avatar.write_bytes(build(RigKind()).to_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        te.save(gaze(5), tmp_path / "o.glb", avatar=avatar)
        te.save(gaze(5), tmp_path / "o2.glb")
