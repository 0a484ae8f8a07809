"""An avatar that stays open for the next file: the same bytes, nothing of one file in another, changes are seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import talkingeyes as te
from talkingeyes.avatar import load
from talkingeyes.avatar.load import open_avatar
from tests.avatar_rigs import RigKind, build
from tests.test_glb import wide_motion


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    load._kept.clear()


def test_a_second_file_has_the_same_bytes_as_the_first(tmp_path: Path) -> None:
    motion = wide_motion()
    for name in ("one.glb", "two.glb"):
        te.save(motion, tmp_path / name, title="a motion")
    assert (tmp_path / "one.glb").read_bytes() == (tmp_path / "two.glb").read_bytes()
    assert len(load._kept) == 1


def test_what_is_added_to_one_is_not_in_the_next() -> None:
    for _ in range(3):
        glb, _ = open_avatar(None)
        assert "animations" not in glb.document
        glb.add("animations", {"name": "mine"})
        glb.binary += b"more"
    assert open_avatar(None)[0].to_bytes() == open_avatar(None)[0].to_bytes()


def test_another_file_of_the_same_name_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "me.vrm"
    path.write_bytes(build(RigKind(vrm=1)).to_bytes())
    first, _ = open_avatar(path)
    assert open_avatar(path)[0].document == first.document
    path.write_bytes(build(RigKind(vrm=0)).to_bytes())
    os.utime(path, (1, 1))
    assert open_avatar(path)[0].document != first.document
    path.unlink()
    with pytest.raises(te.TalkingEyesError, match="no such file"):
        open_avatar(path)
    for _ in range(2):
        for look in ("default", "amara", "lin"):
            open_avatar(None, look=look)
    assert len(load._kept) == load.MOST_KEPT
