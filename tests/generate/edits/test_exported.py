"""What an edit asked is what the written files show, within half a degree."""

from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.generate.edits.seen import events_of
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.motion import Motion

from ...cli.recordings import spoken, write_wav
from .conftest import off_target_deg, open_eyes

PLACES = [(9.0, 10.5, 30.0, -8.0), (12.0, 13.0, -42.0, 10.0), (15.0, 16.0, 4.0, 20.0)]


@pytest.fixture(scope="module")
def directed(take: PlannedTake) -> Motion:
    edits = [{"do": "look", "from_s": a, "to_s": b, "yaw_deg": y, "pitch_deg": p} for a, b, y, p in PLACES]
    return take.edited(edits).motion()


@pytest.mark.parametrize("suffix", [".glb", ".csv", ".npz", ".json", ".bvh"])
def test_the_gaze_that_was_asked_for_is_in_the_file(directed: Motion, suffix: str, tmp_path: Path) -> None:
    te.save(directed, tmp_path / f"take{suffix}")
    read = te.load(tmp_path / f"take{suffix}")
    assert read.fps == pytest.approx(directed.fps)
    for from_s, to_s, yaw, pitch in PLACES:
        held = (directed.times_s > from_s + 0.02) & (directed.times_s < to_s - 0.02) & open_eyes(directed)
        assert off_target_deg(read, yaw, pitch)[held[: read.num_frames]].max() < 0.5


def test_events_seen_in_frames_name_the_events_of_the_plan(take: PlannedTake, plain: Motion) -> None:
    seen, known = events_of(plain), take.events()
    large = [e for e in known["shifts"] if e["size_deg"] > 6 and e["at_s"] > 0.2]
    for event in large:
        near = min(seen["shifts"], key=lambda e: abs(e["at_s"] - event["at_s"]))
        assert abs(near["at_s"] - event["at_s"]) < 0.06
        if near["size_deg"] > 4:
            take.edited([{"do": "shift.delete", "event": near["id"]}])
    whole = [e for e in known["blinks"] if e["closure"] > 0.4 and e["at_s"] + e["lasts_s"] < known["duration_s"]]
    assert len(whole) > 2, "one that the take's end cuts off is not seen whole"
    for event in whole:
        near = min(seen["blinks"], key=lambda e: abs(e["at_s"] - event["at_s"]))
        assert abs(near["at_s"] - event["at_s"]) < 0.05
        take.edited([{"do": "blink.delete", "event": near["id"]}])


def test_the_command_line_edits_re_rolls_and_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    write_wav(tmp_path / "s.wav", spoken(4.0))
    document = {"format": "talkingeyes-edits", "version": 1, "edits": [
        {"do": "look", "from_s": 1, "to_s": 2, "target": "screen"}]}  # fmt: skip
    (tmp_path / "e.json").write_text(json.dumps(document))
    argv = ["animate", str(tmp_path / "s.wav"), "-o", str(tmp_path / "a.npz"), "--edits", str(tmp_path / "e.json")]
    argv += ["--target", "screen=-.3,-.1,.8", "--reroll", "gaze,head=2.5-3.5:4", "--events", "--json"]
    assert main(argv) == 0
    events = json.loads(capsys.readouterr().out)["takes"][0]["events"]
    assert any(e["directed"] and abs(e["yaw_deg"] + 20.56) < 0.1 for e in events["shifts"])
    told = te.load(tmp_path / "a.npz").meta["edits"]["edits"]
    assert [e["do"] for e in told] == ["look", "reroll", "reroll"]
    assert main(["info", str(tmp_path / "a.npz"), "--events", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"]["source"] == "frames"
    for bad, words in (("gaze=2-1:3", "ends before"), ("gaze=1-2", "cannot read"), ("ears=1-2:3", "'ears'")):
        assert main(["animate", str(tmp_path / "s.wav"), "--reroll", bad]) == 2
        assert words in capsys.readouterr().err
    assert main([*argv[:4], "--edits", str(tmp_path / "s.wav")]) == 2
    assert main([*argv[:3], str(tmp_path / "e.json"), *argv[4:6]]) == 2
    assert "input" in capsys.readouterr().err
    assert np.isfinite(te.load(tmp_path / "a.npz").gaze_in_space_rad()).all()
