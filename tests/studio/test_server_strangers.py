"""The studio's server among strangers: hostile files and names, links that lead out, limits, a killed server."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from talkingeyes.errors import AudioError, ProjectError, SettingError
from talkingeyes.studio.jobs import Jobs
from talkingeyes.studio.opening import opened
from talkingeyes.studio.project import Project
from tests.studio.serving import Studio, sample_bytes, studio

HOSTILE = Path(__file__).parents[2].parent / "shared" / "data" / "cases" / "hostile"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("strangers")
    (folder / "line.opus").write_bytes(sample_bytes())
    with studio(folder) as served:
        yield served


def left_behind(folder: Path) -> list[Path]:
    return list(folder.rglob(".talkingeyes-*"))


@pytest.mark.parametrize("host", ["[", "[::1", "evil.example", "localhost.evil.example"])
def test_a_host_that_is_not_this_machine_is_refused(running: Studio, host: str) -> None:
    assert running.ask("project", Host=host)[0] == 403


def test_an_origin_that_is_none_is_refused(running: Studio) -> None:
    assert running.ask("project", Origin="http://[")[0] == 403


@pytest.mark.parametrize("channel", ["%C2%B2", "99", "-1", "..%2F"])
def test_a_channel_that_is_none_is_one_line(running: Studio, channel: str) -> None:
    status, answer = running.ask(f"sounds?name=a.opus&channel={channel}", raw=sample_bytes())
    assert status == 400 and "\n" not in answer["error"]
    assert not left_behind(running.folder)


def test_an_upload_that_says_it_is_too_large_is_refused_before_it_comes(running: Studio) -> None:
    head = f"POST /api/sounds?name=a.wav HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.token}\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as client:
        client.sendall((head + f"Content-Length: {1 << 40}\r\n\r\n").encode() + bytes(64))
        assert b" 413 " in client.recv(4096)
    assert not left_behind(running.folder)


def test_an_upload_that_stops_leaves_nothing(running: Studio) -> None:
    head = f"POST /api/sounds?name=a.wav HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {running.token}\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as client:
        client.sendall((head + "Content-Length: 5000\r\n\r\n").encode() + bytes(64))
        time.sleep(0.2)
    until = time.monotonic() + 15
    while left_behind(running.folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left_behind(running.folder)


@pytest.mark.parametrize("content", [b"", b"glTF", b"glTF" + bytes(200), b"{}"])
def test_an_avatar_that_is_none_is_refused(running: Studio, content: bytes) -> None:
    status, answer = running.ask("avatar?name=%3Cscript%3E.glb", raw=content)
    assert status == 400 and "\n" not in answer["error"]
    assert not left_behind(running.folder)


@pytest.mark.shared
@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the development data is not beside the checkout")
def test_hostile_avatars_are_taken_or_refused_in_one_line(running: Studio) -> None:
    for path in sorted((HOSTILE / "min").glob("*.glb"))[:12]:
        status, answer = running.ask(f"avatar?name={path.name}", raw=path.read_bytes())
        assert status in (200, 400), (path.name, answer)
        assert status == 200 or "\n" not in answer["error"]


@pytest.mark.parametrize("value", [[], {}, 3, True, "a" * 2000, "exports/../../x.glb"])
def test_an_avatar_setting_of_a_wrong_kind_is_one_line(running: Studio, value: object) -> None:
    status, answer = running.ask("settings/avatar", {"value": value}, method="PUT")
    assert status == 400 and "\n" not in answer["error"]


def test_no_link_leads_an_export_out_of_the_project(running: Studio, tmp_path: Path) -> None:
    made = running.told("takes", {"sound": "s1"})
    running.job(made["job"])
    (running.folder / "exports").symlink_to(tmp_path)
    try:
        job = running.job(running.told("exports", {"takes": made["ids"], "format": ["npz"]})["job"])
    finally:
        (running.folder / "exports").unlink()
    assert job["state"] == "failed" and "leads out" in job["error"]
    assert not list(tmp_path.iterdir())


def test_a_recording_that_became_a_link_out_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "line.opus").write_bytes(sample_bytes())
    project = opened(tmp_path / "project")
    sound = project.add_sound(project.folder / "line.opus")
    (tmp_path / "outside.opus").write_bytes(sample_bytes())
    (project.folder / "line.opus").unlink()
    (project.folder / "line.opus").symlink_to(tmp_path / "outside.opus")
    with pytest.raises(ProjectError, match="leads out"):
        project.sound_file(sound)


def test_a_file_argument_has_its_project_beside_it(tmp_path: Path) -> None:
    (tmp_path / "line.opus").write_bytes(sample_bytes())
    first = opened(tmp_path / "line.opus")
    assert first.folder == tmp_path / "line-studio" and list(first.contents.sounds)
    assert opened(tmp_path / "line.opus").contents.sounds == first.contents.sounds
    assert opened(first.folder / "project.json").contents == first.contents


@pytest.mark.parametrize("name", ["missing.wav", "notes.txt"])
def test_what_is_no_recording_makes_no_project(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ProjectError):
        opened(tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_a_recording_that_cannot_be_read_makes_no_project(tmp_path: Path) -> None:
    (tmp_path / "line.wav").write_bytes(b"no sound at all")
    with pytest.raises(AudioError, match=r"line\.wav"):
        opened(tmp_path / "line.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["line.wav"]


def test_a_job_that_waits_is_cancelled_at_once() -> None:
    import threading

    go, jobs = threading.Event(), Jobs(lambda _: None)
    first = jobs.start("first", 1, lambda _job, _step: go.wait(10) and None)
    second = jobs.start("second", 1, lambda _job, _step: pytest.fail("was cancelled"))
    jobs.cancel(second)
    assert second.state == "cancelled" and second.ended.is_set()
    go.set()
    assert first.ended.wait(10) and first.state == "done"
    jobs.stop()


def test_a_server_that_is_killed_while_it_saves_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    (tmp_path / "line.opus").write_bytes(sample_bytes())
    with studio(tmp_path) as served:
        take = served.told("takes", {"sound": "s1"})["ids"][0]
        answered = 0
        until = time.monotonic() + 0.7
        while time.monotonic() < until:
            served.told(f"takes/{take}", {"name": f"name {answered + 1}"}, method="PATCH")
            answered += 1
        head = f"PATCH /api/takes/{take} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\n"
        body = json.dumps({"name": "the last"})
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as client:
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            time.sleep(0.002)
            served.process.kill()
            served.process.wait()
    again = Project.open(tmp_path)
    assert again.contents.takes[take].name in (f"name {answered}", "the last")
    assert again.undo() is not None


def test_two_servers_on_one_folder_hear_of_each_other(running: Studio) -> None:
    take = running.told("takes", {"sound": "s1"})["ids"][0]
    with studio(running.folder) as other:
        seen = other.told("project")["takes"][take]["revision"]
        running.told(f"takes/{take}", {"name": "here", "revision": seen}, method="PATCH")
        status, _ = other.ask(f"takes/{take}", {"name": "there", "revision": seen}, method="PATCH")
        assert status == 409
        assert other.told("project")["takes"][take]["name"] == "here"


def test_a_new_project_needs_a_folder_that_can_be_written() -> None:
    with pytest.raises((ProjectError, SettingError, Exception), match="cannot be"):
        opened(Path("/proc/studio"))
