"""What a take may be asked for beside amounts: faces of other tools, glances at targets, and the words of a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.errors import TalkingEyesError
from talkingeyes.studio.project import Project
from talkingeyes.studio.service import Studio
from tests.cli.recordings import spoken, write_wav

SCREEN = [-0.3, -0.1, 0.8]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    write_wav(tmp_path / "line.wav", spoken(3.0))
    made = Studio(Project.create(tmp_path))
    made.scan()
    made.set_target("screen", SCREEN)
    made.add_takes(["s1"], 1, 4, None)
    yield made
    made.stop()


def bytes_of(motion: te.Motion) -> dict[str, bytes]:
    return {name: np.asarray(channel).tobytes() for name, channel in motion.channels.items()}


def asked(studio: Studio, settings: dict[str, Any]) -> te.Motion:
    studio.change_take("t2", {"settings": settings, "what": "set"})
    return studio.shelf.take("t2").motion()


def test_glances_at_targets_are_what_animate_makes_of_them(studio: Studio) -> None:
    made = asked(studio, {"glance_at": {"screen": 0.3}})
    line = studio.project.folder / "line.wav"
    wanted = te.animate(line, seed=4, targets={"screen": SCREEN}, glance_at={"screen": 0.3})
    assert bytes_of(made) == bytes_of(wanted)
    assert studio.events("t2")["changed"] == ["glance_at"]
    assert Project.open(studio.project.folder).take("t2").settings == {"glance_at": {"screen": 0.3}}


def test_a_face_of_another_tool_is_taken_from_the_folder(studio: Studio) -> None:
    line, lips = studio.project.folder / "line.wav", studio.project.folder / "lips.csv"
    te.save(te.animate(line, seed=9), lips)
    made = asked(studio, {"face": "lips.csv"})
    assert bytes_of(made) == bytes_of(te.animate(line, seed=4, face=lips))
    assert studio.events("t2")["changed"] == ["face"]
    te.save(te.animate(line, seed=10), lips)
    assert bytes_of(studio.shelf.take("t2").motion()) != bytes_of(made), "the file is another one now"
    assert asked(studio, {"face": "none"}).face is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"face": "../lips.csv"}, "leads out"),
        ({"face": "/etc/passwd"}, "leads out"),
        ({"face": "nothing.csv"}, "no such file"),
        ({"face": 3}, "leads out"),
        ({"face": "none", "smile": 0.2}, "face"),
        ({"glance_at": {"window": 0.2}}, "no target 'window'"),
        ({"glance_at": {"screen": 7}}, "share"),
        ({"glance_at": {"screen": True}}, "shares"),
        ({"glance_at": "screen"}, "shares"),
        ({"glance_at": {"<script>": 0.1}}, "shares"),
    ],
)
def test_what_cannot_be_set_is_one_line_and_nothing_is_saved(studio: Studio, settings: dict, words: str) -> None:
    revision = studio.project.revision
    with pytest.raises(TalkingEyesError, match=words) as told:
        asked(studio, settings)
    assert "\n" not in str(told.value)
    assert studio.project.revision == revision


def test_words_beside_a_recording_are_told(studio: Studio, tmp_path: Path) -> None:
    assert studio.speech("s1")["words"] == []
    (studio.project.folder / "line.csv").write_text("Timecode,BlendShapeCount\n")
    assert "words_problem" not in studio.speech("s1"), "a table may hold something else"
    (studio.project.folder / "line.srt").write_text("1\n00:00:00,500 --> 00:00:01,000\n<script>\n")
    assert studio.speech("s1")["words"] == []
    (studio.project.folder / "line.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nhello\n")
    assert studio.speech("s1")["words"] == [{"from_s": 0.5, "to_s": 1.0, "text": "hello"}]
    (studio.project.folder / "line.TextGrid").write_text("no")
    assert studio.speech("s1")["words"], "the next one that can be read"


def test_words_of_a_dropped_recording_lie_in_the_folder_under_its_name(studio: Studio, tmp_path: Path) -> None:
    other = write_wav(tmp_path / "aside.wav", spoken(1.0))
    folder = studio.project.folder
    kept = folder / "sounds" / "aside.wav"
    kept.parent.mkdir()
    other.replace(kept)
    sound = studio.project.add_sound(kept, name="Interview.mp3")
    (folder / "Interview.json").write_text('[{"word": "well", "start": 0.1, "end": 0.3}]')
    assert [word["text"] for word in studio.speech(sound)["words"]] == ["well"]


def test_words_are_not_read_through_a_link_out_of_the_project(studio: Studio, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "line.json"
    outside.write_text('[{"word": "secret", "start": 0.1, "end": 0.3}]')
    (studio.project.folder / "line.json").symlink_to(outside)
    assert studio.speech("s1")["words"] == []
