"""The key of a project's studio is kept for its user alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from talkingeyes.studio.keys import KEPT_DAYS, Access, forget, known_access, remember, state_folder

ACCESS = Access("k" * 32, 4321)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "talkingeyes" / "studio"


def kept_in(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_project_keeps_its_key_and_another_has_its_own(tmp_path: Path, folder: Path) -> None:
    remember(tmp_path / "one", folder, ACCESS)
    assert known_access(tmp_path / "one", folder) == ACCESS
    assert known_access(tmp_path / "two", folder).token != ACCESS.token
    forget(tmp_path / "one", folder)
    assert known_access(tmp_path / "one", folder).token != ACCESS.token


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")
def test_nobody_else_may_read_it_and_what_others_may_read_is_not_believed(tmp_path: Path, folder: Path) -> None:
    os.umask(umask := os.umask(0))
    try:
        remember(tmp_path, folder, ACCESS)
    finally:
        os.umask(umask)
    assert stat.S_IMODE(kept_in(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    kept_in(folder).chmod(0o640)
    assert known_access(tmp_path, folder).token != ACCESS.token


def test_an_old_a_damaged_or_a_linked_one_is_not_believed(tmp_path: Path, folder: Path) -> None:
    remember(tmp_path, folder, ACCESS)
    path = kept_in(folder)
    whole, old = path.read_bytes(), path.stat().st_mtime - 86_400 * (KEPT_DAYS + 1)
    os.utime(path, (old, old))
    assert known_access(tmp_path, folder).token != ACCESS.token
    for text in (b"", b"[1]", b"{", whole.replace(b"k", b"<"), whole.replace(b"4321", b'"4321"'), b"9" * 5000):
        path.write_bytes(text)
        assert known_access(tmp_path, folder).token != ACCESS.token
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(whole)
    elsewhere.chmod(0o600)
    path.unlink()
    path.symlink_to(elsewhere)
    assert known_access(tmp_path, folder).token != ACCESS.token


def test_a_state_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path, tmp_path / "file" / "state", ACCESS)
    assert known_access(tmp_path, tmp_path / "file" / "state").port == 0


def test_the_state_folder_is_where_the_system_says() -> None:
    assert state_folder({"XDG_STATE_HOME": "/there"}) == Path("/there/talkingeyes/studio")
    assert state_folder({}).parts[-4:] == (".local", "state", "talkingeyes", "studio")
