"""The studio's server: takes, edits, previews, exports over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from tests.studio.serving import Studio, frames_of, sample_bytes, studio

GLANCE = [{"do": "shift.add", "at_s": 0.6, "yaw_deg": 15, "pitch_deg": -5}]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    (folder / "line.opus").write_bytes(sample_bytes())
    with studio(folder) as served:
        yield served


@pytest.fixture
def take(running: Studio) -> str:
    made = running.told("takes", {"sound": "s1", "count": 1, "seed": 0, "settings": {"blink_rate": 1.2}})
    assert running.job(made["job"])["state"] == "done"
    return made["ids"][0]


def entry(running: Studio, take: str) -> dict:
    return running.told("project")["takes"][take]


def test_a_folder_of_recordings_becomes_a_project(running: Studio) -> None:
    project = running.told("project")
    assert project["sounds"]["s1"]["path"] == "line.opus"
    assert project["sounds"]["s1"]["status"] == "ok"
    assert (running.folder / "project.json").is_file()


def test_frames_are_those_of_the_take(running: Studio, take: str) -> None:
    own = te.animate(running.folder / "line.opus", seed=0, blink_rate=1.2)
    header, (channels,) = frames_of(running.told(f"takes/{take}/frames?from=0.2&to=0.8"))
    first, count = header["stretches"][0]["first"], header["stretches"][0]["count"]
    assert header["frames"] == own.num_frames
    assert own.eyes_rad is not None
    assert np.allclose(channels["leftEyeYaw"], own.eyes_rad[first : first + count, 0, 0], atol=6e-5)


def test_a_preview_changes_nothing_and_tells_what_would(running: Studio, take: str) -> None:
    before = running.told("project")
    header, stretches = frames_of(running.told(f"takes/{take}/preview", {"edits": GLANCE}))
    assert stretches
    assert any(a <= 0.65 <= b for a, b in header["changed_s"])
    assert len(header["events"]["shifts"]) > 0
    assert running.told("project") == before


def test_an_edit_is_saved_undone_and_done_again(running: Studio, take: str) -> None:
    seen = entry(running, take)["revision"]
    asked = {"what": "add a glance", "revision": seen, "edits": GLANCE}
    answer = running.told(f"takes/{take}", asked, method="PATCH")
    assert answer["project"]["undo"] == "add a glance"
    assert running.ask(f"takes/{take}", asked, method="PATCH")[0] == 409
    undone = running.told("undo", method="POST")
    assert undone["changed"][take] == answer["changed_s"]
    assert entry(running, take)["edits"] == []
    assert running.told("redo", method="POST")["what"] == "add a glance"
    assert entry(running, take)["edits"] == GLANCE


def test_what_is_exported_is_what_was_asked_for(running: Studio, take: str) -> None:
    running.told(f"takes/{take}", {"what": "add a glance", "edits": GLANCE}, method="PATCH")
    job = running.job(running.told("exports", {"takes": [take], "preset": "data"})["job"])
    assert job["state"] == "done"
    name = next(f["name"] for f in job["files"] if f["name"].endswith(".npz"))
    target = running.folder / "downloaded.npz"
    target.write_bytes(running.told(f"exports/{job['id']}/{name}"))
    motion = te.load(target)
    target.unlink()
    assert motion.meta["edits"]["edits"] == GLANCE
    assert np.degrees(motion.gaze_in_space_rad()[round(0.75 * motion.fps)]) == pytest.approx([15, -5], abs=0.5)


def test_what_was_changed_since_a_take_was_made_is_told(running: Studio, take: str) -> None:
    assert running.events(take)["changed"] == []
    settings = {"head_amount": 1.5, "character": "Ann"}
    running.told(f"takes/{take}", {"what": "settings", "settings": settings}, method="PATCH")
    told = running.events(take)
    assert told["changed"] == ["head_amount", "blink_rate", "character"]
    assert told["changed_channels"] == ["gaze", "head", "blinks", "mouth"]


@pytest.mark.parametrize(
    ("path", "body", "method", "status"),
    [
        ("takes/t99/events", None, "GET", 404),
        ("takes", {"sound": "s1", "count": 0}, "POST", 400),
        ("takes", {"sound": "s9"}, "POST", 404),
        ("exports", {"takes": ["t99"]}, "POST", 404),
        ("exports", {"takes": [], "preset": "unity"}, "POST", 400),
        ("exports/losses", {"preset": "punch cards"}, "POST", 400),
        ("settings/avatar", {"value": "../../secret.glb"}, "PUT", 400),
        ("settings/blink_rate", {"value": 99}, "PUT", 400),
        ("settings/punch_cards", {"value": 1}, "PUT", 400),
        ("targets/screen", {"place": [1, 2]}, "PUT", 400),
        ("jobs/j999", None, "GET", 404),
        ("exports/j999/..%2Fproject.json", None, "GET", 404),
    ],
)
def test_what_is_not_accepted_is_one_line(
    running: Studio, path: str, body: dict | None, method: str, status: int
) -> None:
    found, answer = running.ask(path, body, method=method)
    assert found == status, answer
    assert isinstance(answer, bytes) or "\n" not in answer["error"]


def test_nobody_comes_in_without_the_token_or_from_another_page(running: Studio) -> None:
    assert running.ask("project", Authorization="Bearer wrong")[0] == 401
    assert running.ask("project", Origin="http://evil.example")[0] == 403
    assert running.ask("project", Host="evil.example")[0] == 403


def test_a_file_that_is_no_recording_is_named_and_leaves_nothing(running: Studio) -> None:
    status, answer = running.ask("sounds?name=..%2F..%2F%3Cscript%3E.wav", raw=b"no sound at all")
    assert status == 400
    assert answer["error"].startswith("<script>.wav")
    assert not list(running.folder.glob(".incoming*"))


def test_an_edited_document_is_never_a_path(running: Studio, take: str) -> None:
    for edits in ("/etc/passwd", {"edits": "/etc/passwd"}, ["/etc/passwd"]):
        status, answer = running.ask(f"takes/{take}/preview", {"edits": edits})
        assert status == 400, answer


def test_the_project_stays_after_the_server_is_killed(tmp_path: Path) -> None:
    (tmp_path / "line.opus").write_bytes(sample_bytes())
    with studio(tmp_path) as served:
        made = served.told("takes", {"sound": "s1", "count": 1})
        served.process.kill()
    saved = json.loads((tmp_path / "project.json").read_text())
    assert list(saved["contents"]["takes"]) == made["ids"]
    with studio(tmp_path) as served:
        assert list(served.told("project")["takes"]) == made["ids"]
