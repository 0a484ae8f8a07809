"""Amounts in the studio: previews of the seconds in sight, and the whole take in a job."""

from __future__ import annotations

import itertools
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream
from talkingeyes.errors import EditsError, TalkingEyesError
from talkingeyes.generate.planned import PlannedTake, planned
from talkingeyes.generate.rehearsal import Rehearsal
from talkingeyes.generate.request import resolve
from talkingeyes.generate.snapshots import Snapshots
from talkingeyes.studio.project import Project
from talkingeyes.studio.service import Studio
from tests.studio.serving import frames_of, sample_bytes

LONG_S = 32.0
LIVELY = {"eye_contact": 0.3, "head_amount": 1.4}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Longer than what is planned at once."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "sample.opus").write_bytes(sample_bytes())
    once = np.concatenate(list(MonoStream(folder / "sample.opus")))
    samples = np.resize(once, round(LONG_S * SAMPLE_RATE_HZ))
    with wave.open(str(folder / "long.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((32767 * np.clip(samples, -1, 1)).astype("<i2").tobytes())
    return folder / "long.wav"


@pytest.fixture(scope="module")
def speech(recording: Path) -> te.Speech:
    return te.load_speech(recording)


@pytest.fixture(scope="module")
def take(speech: te.Speech) -> PlannedTake:
    return planned(speech, resolve({}), 3, snapshots=Snapshots())


@pytest.fixture
def studio(recording: Path, tmp_path: Path) -> Any:
    folder = tmp_path / "lines"
    folder.mkdir()
    (folder / "long.wav").write_bytes(recording.read_bytes())
    made = Studio(Project.create(folder))
    made.scan()
    yield made
    made.stop()


def bytes_of(motion: te.Motion) -> dict[str, bytes]:
    return {name: np.asarray(channel).tobytes() for name, channel in motion.channels.items()}


def ended(studio: Studio, job: str) -> Any:
    found = studio.jobs.find(job)
    assert found is not None
    assert found.ended.wait(60)
    return found.to_json()


def test_going_on_from_a_snapshot_gives_what_was_planned(take: PlannedTake) -> None:
    rehearsal = Rehearsal(take, take.request, 20.3)
    rehearsal.go_on(26.0)
    assert not rehearsal.is_exact
    assert 18 <= rehearsal.from_s <= 20.3
    assert 26.0 <= rehearsal.to_s < 27
    again = rehearsal.taken()
    assert again.base.gaze == take.base.gaze
    assert again.base.blinks == take.base.blinks
    assert bytes_of(again.motion(range(600, 780))) == bytes_of(take.motion(range(600, 780)))


@pytest.mark.parametrize("settings", [LIVELY, {"smile": 0.4, "lid_openness": 1.3}, {"blink_rate": 0.0}])
def test_a_rehearsal_moves_as_its_amounts_ask_and_leaves_what_lies_outside(
    take: PlannedTake, settings: dict[str, float]
) -> None:
    rehearsal = Rehearsal(take, resolve(settings), 10.0)
    rehearsal.go_on(20.0)
    then = rehearsal.taken()
    before, after = range(int(30 * rehearsal.from_s) - 1), range(int(30 * rehearsal.to_s) + 90, take.frames)
    for frames in (before, after):
        one, two = take.motion(frames), then.motion(frames)
        assert np.array_equal(one.head_rad, two.head_rad)
        assert np.array_equal(one.lids[:, 0], two.lids[:, 0])
    inside = range(30 * 11, 30 * 19)
    assert bytes_of(take.motion(inside)) != bytes_of(then.motion(inside))
    if "blink_rate" in settings:
        assert not [b for b in then.base.blinks if 11 < b.onset_s < 19]


def test_a_short_take_is_rehearsed_as_it_will_be(tmp_path: Path) -> None:
    (tmp_path / "sample.opus").write_bytes(sample_bytes())
    speech = te.load_speech(tmp_path / "sample.opus")
    take = planned(speech, resolve({}), 1, snapshots=Snapshots())
    rehearsal = Rehearsal(take, resolve(LIVELY), 3.0)
    assert rehearsal.is_exact
    while rehearsal.to_s < take.duration_s:  # in pieces, as a page asks
        rehearsal.go_on(rehearsal.to_s + 1.0)
    wanted = planned(speech, resolve(LIVELY), 1)
    assert bytes_of(rehearsal.taken().motion()) == bytes_of(wanted.motion())


def test_the_whole_take_follows_in_a_job_and_is_what_animate_makes(studio: Studio, speech: te.Speech) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    header, shown = frames_of(studio.preview(take, {"settings": LIVELY, "view": [20.0, 26.0]}))
    assert not header["exact"]
    assert header["part"][0] == 20.0
    assert header["events"]["shifts"]
    assert all(20 <= shift["at_s"] < header["part"][1] for shift in header["events"]["shifts"])
    assert len(shown[0]["gazeYaw"] if "gazeYaw" in shown[0] else next(iter(shown[0].values()))) > 20
    answer = studio.change_take(take, {"settings": LIVELY, "what": "lively"})
    assert studio.project.contents.takes[take].settings == LIVELY, "it is saved before it is planned"
    assert ended(studio, answer["job"])["state"] == "done"
    made = studio.shelf.take(take).motion()
    assert bytes_of(made) == bytes_of(te.animate(speech, seed=5, **LIVELY))


def test_a_preview_goes_on_where_the_last_one_ended(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    studio.previews.budget_s = 0.0
    at_s, whole = 20.0, []
    for _ in range(60):
        header, _ = frames_of(studio.preview(take, {"settings": LIVELY, "view": [at_s, 26.0]}))
        whole.append(header["part"])
        if not header["more"]:
            break
        at_s = header["part"][1]
    assert whole[-1][1] == 26.0
    assert all(a[1] == b[0] for a, b in itertools.pairwise(whole))


def test_the_newest_amount_wins(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    with studio.planner.waits():  # nothing is planned until both are there
        first = studio.change_take(take, {"settings": {"head_amount": 0.5}, "what": "calm"})
        second = studio.change_take(take, {"settings": {"head_amount": 1.5}, "what": "lively"})
    assert ended(studio, first["job"])["state"] == "cancelled"
    assert ended(studio, second["job"])["state"] == "done"
    assert studio.shelf.take(take).request.amounts.head_amount == 1.5


def glance_that_goes(studio: Studio, take: str, speech: te.Speech, settings: dict[str, float]) -> str:
    """The glance of a take that is furthest from any that it has with other settings."""
    others = [shift.onset_s for shift in planned(speech, resolve(settings), 5).base.gaze]
    own = studio.events(take)["shifts"][1:]
    return max(own, key=lambda shift: min(abs(shift["at_s"] - other) for other in others))["id"]


def test_an_edit_whose_glance_is_gone_stays_and_applies_again_when_it_is_back(
    studio: Studio, speech: te.Speech
) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    active = {"gaze_activity": 2.0}
    event = glance_that_goes(studio, take, speech, active)
    edits = [
        {"do": "blink.add", "at_s": 4.0},
        {"do": "shift.retarget", "event": event, "yaw_deg": 10, "pitch_deg": 0},
    ]
    studio.change_take(take, {"edits": edits, "what": "look there"})
    whole = bytes_of(studio.shelf.take(take).motion())
    assert studio.events(take)["left_out"] == []
    answer = studio.change_take(take, {"settings": active, "what": "more"})
    assert ended(studio, answer["job"])["state"] == "done"
    (out,) = studio.events(take)["left_out"]
    assert out["edit"] == 1
    assert event in out["why"]
    assert list(studio.project.contents.takes[take].edits) == edits, "nothing is lost"
    made = studio.shelf.take(take).motion()
    assert bytes_of(made) == bytes_of(te.animate(speech, seed=5, edits=edits[:1], **active))
    (line,) = made.meta["edits"]["left_out"]
    assert line.startswith("edit 2 of 2 (shift.retarget) does not apply now")
    studio.change_take(take, {"edits": [*edits, {"do": "nod", "at_s": 9.0}], "what": "add a nod"})
    assert [out["edit"] for out in studio.events(take)["left_out"]] == [1], "it is in nobody's way"
    studio.change_take(take, {"edits": edits, "what": "remove a nod"})
    studio.change_take(take, {"settings": {}, "what": "reset"})
    assert studio.events(take)["left_out"] == []
    assert bytes_of(studio.shelf.take(take).motion()) == whole


def test_an_edit_that_is_asked_for_now_has_to_apply(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    studio.set_target("screen", [0.3, 0.0, 1.0])
    studio.change_take(take, {"edits": [{"do": "look", "from_s": 3, "to_s": 4, "target": "screen"}], "what": "look"})
    known = studio.project.contents.entry("takes", take)["edits"]
    wrong = [*known, {"do": "shift.delete", "event": "shift@99.000"}]
    for ask in (studio.change_take, studio.preview):
        with pytest.raises(EditsError, match=r"edit 2 of 2 \(shift.delete\): there is no shift 'shift@99.000'"):
            ask(take, {"edits": wrong})
    studio.set_target("screen", None)
    ended(studio, studio.planner.of(take).id)
    assert [out["edit"] for out in studio.events(take)["left_out"]] == [0], "its target is gone"


def test_a_preview_is_answered_while_a_take_is_planned(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    studio.planner._quiet.clear()  # the job stands still
    try:
        answer = studio.change_take(take, {"settings": {"head_amount": 0.5}, "what": "calm"})
        header, _ = frames_of(studio.preview(take, {"settings": LIVELY, "view": [5.0, 8.0]}))
        assert not header["exact"]
    finally:
        studio.planner._quiet.set()
    assert ended(studio, answer["job"])["state"] == "done"


def test_going_back_to_what_is_known_waits_for_no_job(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    studio.planner._quiet.clear()  # the job stands still
    try:
        answer = studio.change_take(take, {"settings": {"head_amount": 0.5}, "what": "calm"})
        header, _ = frames_of(studio.preview(take, {"settings": {}, "view": [5.0, 8.0]}))
        assert header["exact"]
        assert not studio.jobs.find(answer["job"]).ended.is_set()
    finally:
        studio.planner._quiet.set()
    assert ended(studio, answer["job"])["state"] == "done"


def test_a_cancelled_amount_is_taken_back(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    with studio.planner.waits():
        answer = studio.change_take(take, {"settings": {"head_amount": 0.5}, "what": "calm"})
        studio.planner.cancel(studio.jobs.find(answer["job"]))
    assert ended(studio, answer["job"])["state"] == "cancelled"
    assert studio.project.contents.takes[take].settings == {}
    assert studio.is_ready(take)


def test_refused_settings_are_named_before_anything_is_saved(studio: Studio) -> None:
    (take,), job = studio.add_takes(["s1"], 1, 5, None)
    ended(studio, job.id)
    revision = studio.project.revision
    with pytest.raises(TalkingEyesError, match="head_amount"):
        studio.change_take(take, {"settings": {"head_amount": 9}, "what": "wild"})
    assert studio.project.revision == revision
