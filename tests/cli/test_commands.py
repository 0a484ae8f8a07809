"""The command line: what each command makes and says, and one clear line for every bad input."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
import talkingeyes.generate
from talkingeyes.cli import main
from talkingeyes.commands import COMMANDS
from talkingeyes.generate.request import ResolvedRequest

from .outcomes import names, refused
from .recordings import RATE_HZ, babble, write_float_wav, write_mp3, write_wav

SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert all(name in capsys.readouterr().out for name in ["start here"])


def test_the_help_names_what_is_built_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert not end.value.code
    listed = re.findall(r"^    (\w+) +\S", capsys.readouterr().out, re.MULTILINE)
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    printed = capsys.readouterr().out
    assert f"talkingeyes {name} " in printed and "--json" in printed


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["dance"], "invalid choice: 'dance'"),
        (["animate"], "required: SPEECH"),
        (["animate", "a.wav", "--fps", "fast"], "'fast'"),
        (["animate", "a.wav", "--nonsense"], "--nonsense"),
        (["animate", "a.wav", "--tak", "3"], "--tak"),
        (["animate", "a.wav", "--takes", "0"], "--takes is 0"),
        (["animate", "a.wav", "--seed", "-1"], "seed is -1"),
        (["animate", "a.wav", "--fps", "12"], "fps is 12"),
        (["animate", "a.wav", "--keep", "gaze"], "keep"),
        (["animate", "a.wav", "--model", "magic"], "magic"),
        (["convert", "a.npz"], "required: OUT"),
        (["convert", "a.npz", "b.npz", "--resample", "nan"], "--resample is nan"),
    ],
)
def test_wrong_words_are_one_line(argv: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, argv, said)
    assert names(here) == set()


def test_animate_writes_every_format_and_reports_it(
    here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["a.html", "a.npz", "a.csv", "a.json", "a.glb"]
    argv = ["animate", str(speech), "--seed", "7", "--json", *(w for o in wanted for w in ("-o", o))]
    assert main(argv) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    told = json.loads(printed.out)
    assert [f["path"] for f in told["files"]] == wanted and told["errors"] == []
    assert all(f["bytes"] == (here / f["path"]).stat().st_size > 0 for f in told["files"])
    assert told["takes"] == [{"seed": 7, "fps": 30.0, "frames": 45, "duration_s": 1.5}]
    assert names(here) == set(wanted)
    assert te.load("a.npz").num_frames == 45


def test_the_default_is_a_page_in_the_current_folder(
    here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["animate", str(speech)]) == 0
    assert names(here) == {"speech.html"}
    assert capsys.readouterr().out.startswith("speech.html  a page")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_differs(here: Path, speech: Path) -> None:
    for name, seed in [("a", "4"), ("b", "4"), ("c", "5")]:
        assert main(["animate", str(speech), "-q", "--seed", seed, "-o", f"{name}.npz", "-o", f"{name}.html"]) == 0
    for suffix in ("npz", "html"):
        first, second, other = ((here / f"{name}.{suffix}").read_bytes() for name in "abc")
        assert first == second != other


def test_takes_are_numbered_and_are_the_following_seeds(here: Path, speech: Path) -> None:
    assert main(["animate", str(speech), "-q", "--takes", "2", "--seed", "7", "-o", "t.npz", "-o", "t.html"]) == 0
    assert main(["animate", str(speech), "-q", "--seed", "8", "-o", "eight.npz"]) == 0
    assert names(here) == {"t-1.npz", "t-2.npz", "t.html", "eight.npz"}
    assert (here / "t-2.npz").read_bytes() == (here / "eight.npz").read_bytes()


def test_the_options_reach_the_generator(here: Path, speech: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, ResolvedRequest, int]] = []
    take = te.animate(speech, seed=1)

    def make_takes(speech: te.Speech, request: ResolvedRequest, takes: int, *_: object) -> list[te.Motion]:
        given.append((speech.source_name, request, takes))
        return [take]

    te.save(take, "old.npz")
    monkeypatch.setattr("talkingeyes.generate.takes.make_takes", make_takes)
    argv = ["animate", str(speech), "-q", "-o", "a.npz", "--fps", "30", "--role", "listening", "--look", "0-1 camera"]
    assert main([*argv, "--keep", "head, blinks", "--from", "old.npz"]) == 0
    ((name, request, takes),) = given
    assert (name, takes) == ("speech.wav", 1)
    assert request.keep_from is not None and request.keep_from.meta == take.meta
    asked = {"fps": 30.0, "role": "listening", "look": "0-1 camera", "keep": ("head", "blinks")}
    assert replace(request, keep_from=None) == ResolvedRequest(**asked)


def test_keeping_channels_leaves_them_byte_identical(here: Path, speech: Path) -> None:
    assert main(["animate", str(speech), "-q", "-o", "old.npz"]) == 0
    argv = ["animate", str(speech), "-q", "--seed", "9", "--keep", "head,blinks,mouth", "--from", "old.npz"]
    assert main([*argv, "-o", "new.npz"]) == 0
    old, new = te.load("old.npz"), te.load("new.npz")
    for name in ("head_rad", "lids", "face"):
        np.testing.assert_array_equal(old.channels[name], new.channels[name])
    assert not np.array_equal(old.channels["eyes_rad"], new.channels["eyes_rad"])


@pytest.mark.parametrize("look", ["0-1 moon", "5-6 camera", "0-1 camera; 0.5-1.2 yaw=3", "nonsense"])
def test_marks_that_cannot_be_met_are_refused(
    look: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, ["animate", str(speech), "-o", "a.npz", "--look", look])
    assert names(here) == set()


def truncated_mp3(path: Path) -> Path:
    path.write_bytes(write_mp3(path, 1.0).read_bytes()[:150])
    return path


BAD_RECORDINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing.wav": (lambda _: None, "no such file"),
    "folder.wav": (Path.mkdir, "is a folder"),
    "text.wav": (lambda p: p.write_text("Dear ears,\n" * 200), "cannot be read as sound"),
    "empty.wav": (lambda p: p.write_bytes(b""), "is empty"),
    "stump.mp3": (truncated_mp3, "accepted"),
    "zero.wav": (lambda p: write_wav(p, np.zeros(0)), "no sound"),
    "nan.wav": (lambda p: write_float_wav(p, np.where(np.arange(RATE_HZ) == 5000, np.nan, 0.1)), "NaN"),
    "inf.wav": (lambda p: write_float_wav(p, np.where(np.arange(RATE_HZ) == 5000, np.inf, 0.1)), "infinite"),
    "line\nbreak.wav": (lambda p: p.write_text("not sound"), "cannot be read as sound"),
}


@pytest.mark.parametrize("name", BAD_RECORDINGS)
def test_a_bad_recording_is_one_line_and_nothing_is_written(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, said = BAD_RECORDINGS[name]
    (here / "in").mkdir()
    make(here / "in" / name)
    refused(capsys, ["animate", f"in/{name}", "-o", "a.npz", "-o", "a.html"], name.split("\n")[0], said)
    assert names(here) == {"in"}


GOOD_RECORDINGS: dict[str, tuple[Callable[[Path], object], float]] = {
    "silence.wav": (lambda p: write_wav(p, np.zeros(3 * RATE_HZ)), 3.0),
    "short.wav": (lambda p: write_wav(p, babble(0.05)), 0.05),
    "wide.wav": (lambda p: write_wav(p, np.tile(babble(1.0, 96_000)[:, None], (1, 8)), 96_000), 1.0),
    "slow.wav": (lambda p: write_wav(p, babble(1.0, 8_000), 8_000), 1.0),
}


@pytest.mark.parametrize("name", GOOD_RECORDINGS)
def test_an_unusual_recording_is_animated(name: str, here: Path) -> None:
    make, seconds = GOOD_RECORDINGS[name]
    make(here / name)
    assert main(["animate", name, "-q", "-o", "a.npz", "-o", "a.html"]) == 0
    motion = te.load("a.npz")
    assert motion.num_frames == int(np.ceil(round(seconds * 30, 6)))


def test_an_mp3_that_ends_early_is_animated_as_far_as_it_goes(here: Path) -> None:
    whole = write_mp3(here / "cut.mp3", 3.0).read_bytes()
    (here / "cut.mp3").write_bytes(whole[: len(whole) // 2])
    assert main(["animate", "cut.mp3", "-q", "-o", "a.npz"]) == 0
    assert 1.0 < te.load("a.npz").duration_s < 2.0


def test_convert_round_trips_and_resamples(here: Path, speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    motion = te.animate(speech, seed=3)
    te.save(motion, "a.npz")
    assert main(["convert", "a.npz", "b.csv", "c.json", "d.glb", "e.html", "--audio", str(speech), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) == 4
    assert main(["convert", "b.csv", "f.npz", "-q", "--resample", "60"]) == 0
    again = te.load("f.npz")
    assert again.fps == 60 and again.head_rad is not None and motion.head_rad is not None
    np.testing.assert_allclose(again.head_rad[::2], motion.head_rad, atol=1e-4)
    assert main(["convert", "b.csv", "g.npz", "-q", "--fps", "24"]) == 0
    assert te.load("g.npz").fps == 24


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["convert", "missing.npz", "b.csv"], "no such file"),
        (["convert", "a.npz", "a.npz"], "is an input"),
        (["convert", "text.csv", "b.npz"], "text.csv"),
        (["convert", "text.json", "b.npz"], "text.json"),
        (["convert", "text.npz", "b.csv"], "text.npz"),
        (["convert", "page.html", "b.npz"], "cannot be read as motion"),
        (["convert", "a.npz", "b.csv", "--fps", "30"], "its own frame rate"),
        (["convert", "a.npz", "b.html", "--audio", "missing.wav"], "no such file"),
        (["info", "missing.npz"], "no such file"),
        (["info", "missing"], "no such file"),
        (["info", "page.html"], "only written"),
        (["info", "."], "."),
    ],
)
def test_convert_and_info_name_what_is_wrong(
    argv: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    te.save(te.Motion(fps=30, lids=np.zeros((3, 2))), "a.npz")
    for name in ("text.csv", "text.json", "text.npz", "page.html"):
        Path(name).write_text("nothing of the kind\n")
    before = names(here)
    refused(capsys, argv, said)
    assert names(here) == before


def test_info_tells_people_and_machines(here: Path, speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    te.save(te.animate(speech, seed=3), "a.npz")
    assert main(["info", "a.npz"]) == 0
    printed = capsys.readouterr().out
    assert (
        "45 frames at 30 fps, 1.50 s" in printed and "head_rad, eyes_rad, lids" in printed and "speech.wav" in printed
    )
    assert main(["info", "a.npz", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "motion" and told["frames"] == 45 and told["meta"]["seed"] == 3
    assert main(["info", str(SAMPLE), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "recording" and told["duration_s"] == pytest.approx(11.0, abs=0.05)
    assert 0.4 < told["voice_share"] < 0.9


def test_an_error_is_json_too_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "missing.npz", "--json"]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"] in printed.err


def test_an_edit_that_does_not_apply_is_a_note_and_a_wrong_one_an_error(
    here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, blink = {"do": "shift.delete", "event": "shift@99.000"}, {"do": "blink.add", "at_s": 0.5}
    document = {"format": "talkingeyes-edits", "version": 1, "edits": [gone, blink]}
    Path("edits.json").write_text(json.dumps(document))
    argv = ["animate", str(speech), "--edits", "edits.json", "--json", "-o", "a.npz"]
    assert main(argv) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert "edit 1 of 2 (shift.delete) does not apply now: there is no shift 'shift@99.000'" in note
    alone = te.animate(speech, edits=[blink])
    assert all(np.array_equal(te.load("a.npz").channels[name], own) for name, own in alone.channels.items())
    plain = [word for word in argv if word != "--json"]
    for wrong, said in (({**blink, "at_s": -3}, "at_s is -3"), ({**gone, "do": "look"}, "has no field 'event'")):
        Path("edits.json").write_text(json.dumps({**document, "edits": [gone, wrong]}))
        refused(capsys, plain, "edit 2 of 2", said)
    moon = {"do": "look", "from_s": 0.2, "to_s": 0.6, "target": "moon"}
    Path("edits.json").write_text(json.dumps({**document, "edits": [moon]}))
    refused(capsys, plain, "edit 1 of 1", "there is no target 'moon'")
