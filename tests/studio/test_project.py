"""A project is whole after every action, whatever stops it, and nobody's work is overwritten."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.errors import ConflictError, OutputError, ProjectError
from talkingeyes.files import locked
from talkingeyes.studio.project import FILE, LOCK, Project

from ..cli.recordings import spoken, write_wav

BLINK = {"do": "blink.add", "at_s": 0.5}
NOD = {"do": "nod", "at_s": 0.8}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    write_wav(root / "line.wav", spoken(1.5))
    return root


@pytest.fixture
def project(folder: Path) -> Project:
    made = Project.create(folder)
    made.add_take(made.add_sound(folder / "line.wav"), seed=7, edits=[BLINK])
    return made


def take_of(project: Project, take: str = "t2") -> te.Motion:
    return te.animate(project.sound_file(project.contents.takes[take].sound), **project.options(take))


def test_what_was_done_is_there_when_it_is_opened_again(project: Project) -> None:
    project.change("takes", "t2", "name it", name="Mia, first <script>", starred=True)
    project.set_target("screen", [-0.3, -0.1, 0.8])
    project.set_setting("mood", "shy")
    again = Project.open(project.folder)
    assert again.contents == project.contents and again.history == project.history
    assert again.contents.takes["t2"].name == "Mia, first <script>"
    assert again.contents.sounds["s1"].path == "line.wav"


def test_a_take_is_made_again_to_the_byte(project: Project) -> None:
    project.change("takes", "t2", "settings", settings={"smile": 0.3, "sampling": {"temperature": 1.2}})
    one, two = take_of(project), take_of(Project.open(project.folder))
    assert all(np.array_equal(channel, two.channels[name]) for name, channel in one.channels.items())
    assert one.meta == two.meta and one.meta["edits"]["edits"] == [BLINK]


def test_undo_and_redo_go_through_everything_and_outlive_the_process(project: Project) -> None:
    states = [project.contents.entry("takes", "t2")]
    for i in range(3):
        project.change("takes", "t2", f"step {i}", edits=[BLINK] * (i + 2))
        states.append(project.contents.entry("takes", "t2"))
    project.remove("sounds", "s1")
    other = Project.open(project.folder)
    assert other.undo() == "remove s1" and set(other.contents.takes) == {"t2"}
    for i in (2, 1, 0):
        assert other.undo() == f"step {i}"
        assert other.contents.entry("takes", "t2")["edits"] == states[i]["edits"]
    assert other.redo() == "step 0" and other.redo() == "step 1"
    other.change("takes", "t2", "instead", edits=[NOD])
    assert other.redo() is None
    assert [other.undo() for _ in range(5)] == ["instead", "step 1", "step 0", "add a take", "add a sound"]
    assert other.undo() is None and not other.contents.takes and not other.contents.sounds


def test_a_drag_is_one_step(project: Project) -> None:
    for at_s in (0.4, 0.5, 0.6):
        project.change("takes", "t2", "move a blink", group="drag 1", edits=[{**BLINK, "at_s": at_s}])
    project.change("takes", "t2", "move a blink", group="drag 2", edits=[{**BLINK, "at_s": 0.9}])
    assert project.undo() and project.contents.takes["t2"].edits[0]["at_s"] == 0.6
    assert project.undo() and project.contents.takes["t2"].edits == (BLINK,)


def test_two_windows_that_change_different_things_both_stay(project: Project) -> None:
    other = Project.open(project.folder)
    project.change("takes", "t2", "star", starred=True)
    second = other.add_take("s1", seed=8)
    project.change("takes", "t2", "name", name="mine")
    assert second == "t3" and set(project.contents.takes) == {"t2", "t3"}
    assert other.refresh() and other.contents == project.contents


def test_two_windows_on_the_same_take_do_not_overwrite_each_other(project: Project) -> None:
    other = Project.open(project.folder)
    project.change("takes", "t2", "edit", edits=[BLINK, NOD])
    with pytest.raises(ConflictError, match="another window"):
        other.change("takes", "t2", "edit", edits=[])
    with pytest.raises(ConflictError):
        other.remove("takes", "t2")
    other.refresh()
    assert other.contents.takes["t2"].edits == (BLINK, NOD)
    other.change("takes", "t2", "edit", edits=[NOD])


def test_many_writers_lose_nothing(project: Project) -> None:
    def work() -> None:
        own = Project.open(project.folder)
        for _ in range(5):
            own.add_take("s1", seed=1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    project.refresh()
    assert len(project.contents.takes) == 21 and project.revision == 22


WRITER = """
import sys
from talkingeyes.studio.project import Project
project = Project.open(sys.argv[1])
while True:
    edits = [{"do": "blink.add", "at_s": 0.5}] * 50
    project.change("takes", "t2", "rename", name=f"take {project.revision}", edits=edits)
    print(project.revision, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_process_killed_while_it_saves_loses_nothing(project: Project) -> None:
    for delay_s in (0.0, 0.004, 0.015):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(project.folder)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay_s)
        os.kill(writer.pid, signal.SIGKILL)
        said = writer.stdout.read().split()
        writer.wait()
        again = Project.open(project.folder)
        assert again.revision >= max(map(int, said), default=0)
        assert again.contents.takes["t2"].name == f"take {again.revision - 1}"
        again.change("takes", "t2", "go on", starred=True)
    names = {p.name for p in project.folder.iterdir() if not p.name.startswith(".talkingeyes-")}
    assert names == {FILE, LOCK, "line.wav"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_many_moments_of_saving_a_project_opens_with_all_that_was_said(project: Project) -> None:
    moments, saved = random.Random(5), 0
    for _ in range(20):
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:  # saves until it is killed
            own = Project.open(project.folder)
            while True:
                own.change("takes", "t2", "rename", name=f"take {own.revision}")
                os.write(writes, b"%d\n" % own.revision)
        os.close(writes)
        with os.fdopen(reads) as said:
            saved = int(said.readline())
            time.sleep(moments.uniform(0.0, 0.03))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            saved = max([saved, *map(int, said.read().split())])
        again = Project.open(project.folder)
        assert again.revision >= saved
        assert again.contents.takes["t2"].name == f"take {again.revision - 1}"
        assert again.history.steps[-1].what == "rename"


def test_who_waits_too_long_for_the_lock_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talkingeyes.studio.project.PATIENCE_S", 0.05)
    with locked(project.folder / LOCK, "busy"), pytest.raises(OutputError, match="another process is saving"):
        project.change("takes", "t2", "star", starred=True)
    assert not project.contents.takes["t2"].starred
    project.change("takes", "t2", "star", starred=True)


def test_recordings_outside_are_copied_in_and_changed_ones_noticed(project: Project, tmp_path: Path) -> None:
    write_wav(tmp_path / "away.wav", spoken(1.0))
    (project.folder / "link.wav").symlink_to(tmp_path / "away.wav")
    for source in (tmp_path / "away.wav", project.folder / "link.wav"):
        sound = project.add_sound(source)
        assert project.contents.sounds[sound].path.startswith("sounds/")
        assert project.sound_file(sound).read_bytes() == (tmp_path / "away.wav").read_bytes()
    (project.folder / "line.wav").write_bytes(b"something else")
    with pytest.raises(ProjectError, match="not the recording that was added"):
        project.sound_file("s1")
    (project.folder / "line.wav").unlink()
    with pytest.raises(ProjectError, match="no such file"):
        project.sound_file("s1")


@pytest.mark.parametrize("path", ["../line.wav", "/etc/passwd", "a/../../b", "C:\\x.wav", "c:/x.wav", "", "a\0b", 7])
def test_no_path_leads_out_of_the_project(project: Project, path: object) -> None:
    document = json.loads((project.folder / FILE).read_text())
    document["contents"]["sounds"]["s1"]["path"] = path
    (project.folder / FILE).write_text(json.dumps(document))
    with pytest.raises(ProjectError, match="out of the project's folder"):
        Project.open(project.folder)


def test_a_link_that_was_put_in_the_place_of_a_sound_is_not_followed(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "secret.wav"
    target.write_bytes((project.folder / "line.wav").read_bytes())
    (project.folder / "line.wav").unlink()
    (project.folder / "line.wav").symlink_to(target)
    with pytest.raises(ProjectError, match="leads out of the project's folder"):
        project.sound_file("s1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": -1}, "seed is -1"),
        ({"settings": {"smile": 7}}, "smile is 7; 0 to 1 is accepted"),
        ({"settings": {"keep_from": "x"}}, "no setting 'keep_from'"),
        ({"settings": {"model": "/tmp"}}, "model is '/tmp'"),
        ({"settings": {"look": 3}}, "look is 3"),
        ({"settings": {"fps": "x"}}, "types that animate accepts"),
        ({"edits": [{"do": "dance"}]}, "edit 1 of 1: do is 'dance'"),
        ({"edits": 3}, "a list is accepted"),
        ({"name": "a\nb"}, "printable"),
        ({"sound": "s9"}, "needs its sound"),
        ({"colour": 3}, "is damaged"),
    ],
)
def test_what_is_not_accepted_changes_nothing(project: Project, change: dict, words: str) -> None:
    before = (project.folder / FILE).read_bytes()
    with pytest.raises(ProjectError, match=words):
        project.change("takes", "t2", "change", **change)
    assert (project.folder / FILE).read_bytes() == before
    assert Project.open(project.folder).contents == project.contents


SOUNDLESS = {"revision": 0, "next_id": 1, "sounds": {}, "takes": {"t1": {"sound": "s1", "seed": 0}}}
HEAD = {"format": "talkingeyes-project", "version": 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        json.dumps({**HEAD, "version": 2}),
        json.dumps(HEAD),
        json.dumps(
            {**HEAD, "contents": {**SOUNDLESS, "targets": {}, "settings": {}}, "history": {"done": 0, "steps": []}}
        ),
    ],
)
def test_damaged_files_are_one_clear_error(project: Project, text: str) -> None:
    (project.folder / FILE).write_text(text)
    with pytest.raises(ProjectError) as caught:
        Project.open(project.folder)
    assert "\n" not in str(caught.value) and FILE in str(caught.value)


def test_a_project_is_made_once(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="holds a project already"):
        Project.create(project.folder)
    with pytest.raises(ProjectError, match="no such file"):
        Project.open(tmp_path)
