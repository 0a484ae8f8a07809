"""What is too much for the studio's server: each a status of its own and one line, and the others go on."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the studio's server is not installed; talkingeyes[studio] brings it")

from talkingeyes.studio.jobs import MOST_WAITING, Job, Jobs, TooManyError
from talkingeyes.studio.listeners import MOST_LISTENERS
from talkingeyes.studio.project import Project
from tests.studio.serving import Studio, sample_bytes, studio

SMALL_FILES = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))
"""
HASTY = "import talkingeyes.live.serve.run as server; server.REQUEST_S = 1.0"


def stream_of(server: Studio) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/api/events", headers={"Authorization": f"Bearer {server.token}"})
    return connection.getresponse()


def test_a_disk_that_takes_no_more_is_507_and_nothing_is_left_behind(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="Windows has no limits of this kind")
    folder = tmp_path / "full"
    with studio(folder, before=SMALL_FILES % (8000, 8000)) as server:
        status, said = server.ask("sounds?name=a.opus", raw=sample_bytes())
        assert status == 507
        assert "\n" not in said["error"]
        for i in range(100):
            status, said = server.ask("targets/there", {"place": [0.001 * i, 0, 1]}, method="PUT")
            if status != 200:
                break
        assert status == 507, "the project grows with its history"
        assert server.ask("undo", {})[0] in (200, 507)
        kept = server.told("project")
    assert not list(folder.glob(".talkingeyes-*"))
    assert dict(Project.open(folder).contents.targets) == kept["targets"]


def test_more_pages_than_are_served_are_429_until_one_goes(tmp_path: Path) -> None:
    with studio(tmp_path / "pages") as server, contextlib.ExitStack() as stack:
        streams = [stack.enter_context(contextlib.closing(stream_of(server))) for _ in range(MOST_LISTENERS)]
        assert all(stream.status == 200 for stream in streams)
        status, said = server.ask("events")
        assert status == 429
        assert "pages are open" in said["error"]
        assert server.told("project")["sounds"] == {}, "everything else is answered"


def test_a_slow_upload_stalls_nobody_and_ends_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "slow"
    with studio(folder, before=HASTY) as server:
        slow = []
        for _ in range(20):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            head = "POST /api/sounds?name=a.wav HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000000\r\n"
            one.sendall(f"{head}authorization: Bearer {server.token}\r\n\r\n".encode())
            slow.append(one)
        begun = time.monotonic()
        while time.monotonic() - begun < 0.7:
            for one in slow:
                one.sendall(b"x")
            assert server.told("project")["sounds"] == {}
            time.sleep(0.1)
        for one in slow:
            with contextlib.closing(one):
                answer = http.client.HTTPResponse(one)
                answer.begin()
                assert answer.status == 408
                assert "too slowly" in json.loads(answer.read())["error"]
        assert server.told("project")["sounds"] == {}
        assert not list(folder.glob(".talkingeyes-*")), "nothing is left behind"


def test_more_jobs_than_wait_are_429_and_change_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "busy"
    with studio(folder, before="import talkingeyes.studio.jobs as jobs; jobs.MOST_WAITING = 0") as server:
        sound = server.told("sounds?name=a.opus", raw=sample_bytes())["id"]
        status, said = server.ask("takes", {"sound": sound, "count": 2})
        assert status == 429
        assert said == {"error": "0 jobs wait already; let them end first"}
        assert server.told("project")["takes"] == {}
    with studio(folder) as server:
        made = server.told("takes", {"sound": sound, "count": 2})
        assert server.job(made["job"])["state"] == "done"


def test_a_job_that_ends_makes_room_for_another() -> None:
    begun, may_end, jobs = threading.Event(), threading.Event(), Jobs(lambda _: None)

    def work(job: Job, step: Callable[[], None]) -> None:
        begun.set()
        may_end.wait(20)

    try:
        jobs.start("runs", 1, work)
        assert begun.wait(20)
        waiting = [jobs.start(f"waits {i}", 1, work) for i in range(MOST_WAITING)]
        with pytest.raises(TooManyError, match="wait already"):
            jobs.start("one too many", 1, work)
        jobs.cancel(waiting[0])
        last = jobs.start("fits again", 1, work)
        may_end.set()
        assert last.ended.wait(20)
        assert [job.state for job in waiting] == ["cancelled"] + ["done"] * (MOST_WAITING - 1)
    finally:
        may_end.set()
        jobs.stop()


def test_undo_goes_on_after_a_restart_and_the_page_keeps_its_key(tmp_path: Path) -> None:
    folder = tmp_path / "again"
    with studio(folder) as first:
        for place in (1.0, 2.0):
            first.told("targets/there", {"place": [0, 0, place]}, method="PUT")
        assert first.told("undo", {})["project"]["targets"] == {"there": [0, 0, 1.0]}
        first.stop(signal.SIGKILL)
    with studio(folder) as second:
        assert (second.token, second.port) == (first.token, first.port)
        assert second.told("redo", {})["project"]["targets"] == {"there": [0, 0, 2.0]}
        assert second.told("undo", {})["what"] == "target there"
        assert second.told("undo", {})["project"]["targets"] == {}
