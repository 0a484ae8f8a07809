"""The command line: what each command makes and says, and one clear line for every bad input."""

import codecs
import contextlib
import json
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import av
import numpy as np
import pytest

import talkingeyes as te
import talkingeyes.generate
from talkingeyes.cli import main
from talkingeyes.commands import COMMANDS
from talkingeyes.commands.console import Console, Progress
from talkingeyes.errors import OutputError
from talkingeyes.export import npz
from talkingeyes.generate.sampling import Sampling

RATE_HZ = 16_000
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))


def write_wav(path: Path, sound: np.ndarray, rate_hz: int = RATE_HZ) -> Path:
    """(N,) or (N, channels) float in -1..1 -> 16-bit wav."""
    sound = np.atleast_2d(sound.T).T
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_float_wav(path: Path, sound: np.ndarray) -> Path:
    """(N,) float32 -> IEEE float wav, which can hold NaN."""
    data = sound.astype("<f4").tobytes()
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1, RATE_HZ,
                         RATE_HZ * 4, 4, 32, b"data", len(data))  # fmt: skip
    path.write_bytes(header + data)
    return path


def write_mp3(path: Path, seconds: float) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp3", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(babble(seconds, 44_100)[None].astype(np.float32), "fltp", "mono")
        frame.sample_rate = 44_100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def babble(seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """(N,) a harmonic tone whose loudness rises and falls like syllables."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    tone = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 8))
    return 0.2 * tone * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("speech") / "speech.wav", babble(1.5))


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def refused(capsys: pytest.CaptureFixture[str], argv: list[str], *said: str) -> None:
    """The command fails with exit status 2 and exactly one line that holds every text of ``said``."""
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1 and printed.err.startswith("talkingeyes: error: ")
    for text in said:
        assert text in printed.err


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
    given = {}
    take = te.animate(speech, seed=1)

    def animate_takes(speech: te.Speech, **options: object) -> list[te.Motion]:
        given.update(options, name=speech.source_name)
        return [take]

    te.save(take, "old.npz")
    monkeypatch.setattr(talkingeyes.generate, "animate_takes", animate_takes)
    argv = ["animate", str(speech), "-q", "-o", "a.npz", "--fps", "30", "--role", "listening", "--look", "0-1 camera"]
    assert main([*argv, "--keep", "head, blinks", "--from", "old.npz"]) == 0
    assert given.pop("keep_from").meta == take.meta and callable(given.pop("progress"))
    assert given == {
        "name": "speech.wav", "takes": 1, "seed": 0, "fps": 30.0, "model": "default", "role": "listening",
        "look": "0-1 camera", "keep": ("head", "blinks"), "face": "generate", "sampling": Sampling(),
    }  # fmt: skip


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
    "folder.wav": (Path.mkdir, "is a directory"),
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


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("a.xyz", "'.xyz' is not known"),
        ("plain", "no suffix"),
        ("dir.npz", "is a folder"),
        ("nowhere/a.npz", "does not exist"),
        ("/proc/a.npz", "cannot be written"),
        ("speech.npz", "is an input"),
    ],
)
def test_a_bad_output_is_one_line_before_the_work(
    target: str,
    said: str,
    here: Path,
    speech: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_work(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    (here / "dir.npz").mkdir()
    (here / "speech.npz").write_bytes(speech.read_bytes())  # sound, whatever its name
    monkeypatch.setattr(talkingeyes.generate, "animate_takes", no_work)
    refused(capsys, ["animate", "speech.npz", "-o", target], said)
    assert names(here) == {"dir.npz", "speech.npz"}


def test_the_earlier_take_is_not_overwritten(here: Path, speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    te.save(te.animate(speech), "old.npz")
    before = (here / "old.npz").read_bytes()
    (here / "link.npz").symlink_to("old.npz")
    argv = ["animate", str(speech), "--keep", "head", "--from", "old.npz", "-o", "link.npz"]
    refused(capsys, argv, "is an input")
    assert (here / "old.npz").read_bytes() == before


@pytest.mark.parametrize("bad", ["bad.xyz", "dir.csv", "nowhere/a.glb", "good.npz"])
def test_of_several_outputs_the_good_ones_are_whole(
    bad: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "dir.csv").mkdir()
    assert main(["animate", str(speech), "--json", "-o", "good.npz", "-o", bad, "-o", "good.json"]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and bad in printed.err
    told = json.loads(printed.out)
    assert [f["path"] for f in told["files"]] == ["good.npz", "good.json"] and len(told["errors"]) == 1
    assert names(here) == {"dir.csv", "good.npz", "good.json"}
    assert te.load("good.npz").num_frames == te.load("good.json").num_frames == 45


def test_an_output_that_fails_while_written_leaves_the_others(
    here: Path, speech: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_written(job: object, target: Path) -> None:
        target.write_bytes(b"half")
        with Path("/dev/full").open("wb") as full:
            full.write(b"x" * 100_000)

    monkeypatch.setattr(npz, "write_npz", half_written)
    (here / "b.npz").write_bytes(b"old")
    assert main(["animate", str(speech), "-o", "a.json", "-o", "b.npz", "-o", "c.csv"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "b.npz" in error and os.strerror(28) in error
    assert names(here) == {"a.json", "b.npz", "c.csv"}
    assert (here / "b.npz").read_bytes() == b"old"


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


def test_ctrl_c_while_writing_exits_130_and_leaves_nothing(
    here: Path, speech: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(job: object, target: Path) -> None:
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(npz, "write_npz", interrupted)
    assert main(["animate", str(speech), "-o", "a.npz"]) == 130
    assert capsys.readouterr().err == "talkingeyes: interrupted\n"
    assert names(here) == set()


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "talkingeyes", *words], capture_output=True, text=True, timeout=60, **options
    )  # type: ignore[call-overload]


def test_as_a_process_errors_are_one_line_without_a_traceback(here: Path) -> None:
    (here / "text.wav").write_text("not sound " * 100)
    for words in (["animate", "text.wav"], ["animate", "none.mp3"], ["info", "none.npz"], ["animate"], ["dance"]):
        done = run(*words)
        assert done.returncode == 2 and done.stdout == ""
        assert done.stderr.count("\n") == 1 and done.stderr.startswith("talkingeyes: error: ")
    assert names(here) == {"text.wav"}


def test_a_file_size_limit_stops_a_write_cleanly(here: Path, speech: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = run("animate", str(speech), "-o", "a.npz", "-o", "a.html", preexec_fn=limit)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 2 and "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    assert names(here) == set()


def test_a_full_disk_leaves_the_old_file_and_nothing_else(here: Path, speech: Path) -> None:
    disk = here / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        (disk / "a.html").write_bytes(b"old")
        done = run("animate", str(speech), "-o", "disk/a.html", "-o", "beside.npz")
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "No space left" in done.stderr
        assert names(disk) == {"a.html"} and (disk / "a.html").read_bytes() == b"old"
        assert te.load(here / "beside.npz").num_frames == 45
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def hears_signals() -> None:
    """A test run in the background of a script inherits a deaf ear for SIGINT, and would hand it on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_the_work_and_leaves_nothing(number: signal.Signals, status: int, here: Path) -> None:
    write_wav(here / "long.wav", np.tile(babble(10.0), 90))
    words = ["animate", "long.wav", "--takes", "30"]  # far more work than the wait, on any machine
    process = subprocess.Popen(
        [sys.executable, "-m", "talkingeyes", *words], stderr=subprocess.PIPE, preexec_fn=hears_signals
    )
    time.sleep(4.0)
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in error
    assert names(here) == {"long.wav"}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
@pytest.mark.parametrize(("number", "status"), [("SIGINT", 1), ("SIGTERM", 143)])
def test_a_signal_that_a_finalizer_swallows_is_raised_again(number: str, status: int) -> None:
    script = f"""if True:
        import os, signal, sys, time
        from talkingeyes import cli
        cli._own_the_process()
        class Swallows:
            def __del__(self):
                os.kill(os.getpid(), signal.{number})
                time.sleep(0.05)
        thing = Swallows()
        del thing
        try:
            time.sleep(20)
        except KeyboardInterrupt:
            sys.exit(1)
        """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, preexec_fn=hears_signals)
    assert done.returncode == status and done.stderr == ""


def test_a_reader_that_goes_away_is_no_error(here: Path) -> None:
    te.save(te.Motion(fps=30, lids=np.zeros((3, 2)), meta={"note": "x" * 200_000}), "a.npz")
    done = subprocess.run(
        f"{sys.executable} -m talkingeyes info a.npz | head -c 10", shell=True, capture_output=True, text=True
    )
    assert done.stdout == "a.npz: mot" and done.stderr == ""


def test_odd_file_names_are_printed(here: Path) -> None:
    te.save(te.Motion(fps=30, lids=np.zeros((3, 2))), "a.npz")
    odd = os.fsdecode(b"\xff\xfe.npz")
    (here / "a.npz").rename(here / odd)
    done = run("info", odd)
    assert done.returncode == 0 and done.stderr == ""


def read_terminal(descriptor: int) -> Iterator[str]:
    """What a process writes to its terminal until it closes it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with contextlib.suppress(OSError):  # EIO: the other end is closed
        while True:
            yield decoder.decode(os.read(descriptor, 4096))
    os.close(descriptor)


def test_progress_is_shown_on_a_terminal_only(here: Path) -> None:
    write_wav(here / "long.wav", np.tile(babble(10.0), 60))
    main_end, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "talkingeyes", "animate", "long.wav", "-o", "a.npz"],
        stderr=terminal,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(terminal)
    shown = "".join(read_terminal(main_end))
    assert process.wait(timeout=60) == 0
    assert "long.wav" in shown and "%" in shown and shown.endswith("\r\x1b[K")
    assert run("animate", "long.wav", "-o", "b.npz").stderr == ""


def test_the_bar_moves_with_the_steps() -> None:
    bar = Progress(4, None)
    bar.step("one")
    assert "  0%" in bar.line() and bar.line().endswith("one")
    bar.part(0.5)
    assert " 12%" in bar.line()
    bar.step("two")
    assert " 25%" in bar.line()


def test_an_error_never_spans_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Console().error(str(OutputError("a\nb\r\n  c\x1b[31m")))
    assert capsys.readouterr().err == "talkingeyes: error: a b c\\x1b[31m\n"
