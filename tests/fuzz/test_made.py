"""Hostile inputs of the kinds that once stopped a command, made here: refused or read in one line, at once."""

from pathlib import Path

import pytest

from talkingeyes.cli import main
from tests.avatar_rigs import RigKind, build

ROOT_JOINT = (
    "HIERARCHY\nROOT Head\n{{\nOFFSET 0 0 0\nCHANNELS {channels}\n{inside}}}\n"
    "MOTION\nFrames: 1\nFrame Time: 0.04\n0 0 0\n"
)
FIXATIONS = "participant,state,start_s,duration_s,yaw_deg,pitch_deg\n"


def chain(length: int) -> str:
    """Joints below joints."""
    head = "".join(f"JOINT j{i}\n{{\nOFFSET 0 0 0\nCHANNELS 0\n" for i in range(length))
    return head + "End Site\n{\nOFFSET 0 0 0\n}\n" + "}\n" * length


def cyclic_glb() -> bytes:
    """Twenty thousand nodes in a row that end in a cycle."""
    glb = build(RigKind())
    first = len(glb.document["nodes"])
    glb.document["nodes"] += [{"children": [first + i + 1]} for i in range(20_000)] + [{"children": [first]}]
    return glb.to_bytes()


THREE = "3 Yrotation Xrotation Zrotation"
MADE = {
    "negative channels.bvh": (ROOT_JOINT.format(channels="-2000000000", inside="").encode(), "info"),
    "chain of joints.bvh": (ROOT_JOINT.format(channels=THREE, inside=chain(1100)).encode(), "info"),
    "name of a million words.bvh": (ROOT_JOINT.replace("Head", "a " * 1_000_000, 1).encode(), "info"),
    "cycle.glb": (cyclic_glb(), "rig"),
    "far.csv": ((FIXATIONS + "1,SPEAK,0,10000000,0,0\n").encode(), "fixations"),
    "further.csv": ((FIXATIONS + "1,SPEAK,1e300,0.3,0,0\n").encode(), "fixations"),
    "nan.csv": ((FIXATIONS + "1,SPEAK,nan,0.3,0,0\n").encode(), "fixations"),
    "field.csv": ((FIXATIONS + "1," + "A" * 140_000 + ",0,0.3,0,0\n").encode(), "fixations"),
    "utf16.csv": ((FIXATIONS + "1,SPEAK,0,0.3,0,0\n").encode("utf-16"), "fixations"),
    "short.csv": ((FIXATIONS + "1,SPEAK\n").encode(), "fixations"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_made_hostile_file_is_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, command = MADE[name]
    path = tmp_path / name
    path.write_bytes(content)
    words = ["dataset", "import", "fixations", str(path), str(tmp_path / "set")] if command == "fixations" else None
    status = main(words or [command, str(path)])
    said = capsys.readouterr().err
    assert (status, said.count("\n")) in ((0, 0), (2, 1))
    assert len(said) < 1200
