"""The command line as a process: outputs that cannot be written, full disks, signals, terminals."""

import codecs
import contextlib
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
import talkingeyes.generate
from talkingeyes.cli import main
from talkingeyes.commands.console import Console, Progress
from talkingeyes.errors import OutputError
from talkingeyes.formats import npz

from .outcomes import names, refused, run
from .recordings import babble, spoken, write_wav


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
        from talkingeyes.commands import process
        process.own()
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
    write_wav(here / "long.wav", spoken(200.0))
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


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["animte", "a.wav"], "did you mean animate?"),
        (["animate", "a.wav", "--sed", "3"], "did you mean --seed?"),
        (["animate", "a.wav", "--tak=3"], "did you mean --takes?"),
        (["animate", "a.wav", "--role", "speeking"], "did you mean speaking?"),
        (["dataset", "biuld", "a", "b"], "did you mean build?"),
        (["dataset", "build", "a", "b", "--worker", "3"], "did you mean --workers?"),
        (["--versoin"], "did you mean --version?"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_right_one(
    argv: list[str], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, argv, says)


def test_what_is_like_nothing_gets_no_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qqq"]) == 2 and main(["animate", "a.wav", "--qqq"]) == 2
    assert "did you mean" not in capsys.readouterr().err


@pytest.fixture
def three_frames(here: Path) -> str:
    te.save(te.Motion(fps=30, lids=np.zeros((3, 2))), "a.npz")
    return f"{sys.executable} -m talkingeyes"


@pytest.mark.parametrize(
    ("words", "status", "error"),
    [
        ("info a.npz > /dev/full", 2, "standard output: cannot be written (No space left"),
        ("info a.npz --json > /dev/full", 2, "standard output: cannot be written (No space left"),
        ("--help > /dev/full", 2, "standard output: cannot be written (No space left"),
        ("info a.npz >&-", 0, ""),
        ("convert a.npz b.npz <&- >&- 2>&-", 0, ""),
        ("info none.npz 2> /dev/full", 2, ""),
        ("info none.npz 2>&-", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full(words: str, status: int, error: str, three_frames: str) -> None:
    done = subprocess.run(f"{three_frames} {words}", shell=True, capture_output=True, text=True)
    assert done.returncode == status
    assert error in done.stderr and done.stderr.count("\n") == bool(error)
    if "b.npz" in words:
        assert te.load("b.npz").num_frames == 3


STOPS = """
import os, signal, sys
from talkingeyes import cli
def swallowed(parser, argv):
    try:
        os.kill(os.getpid(), signal.{number})
        for _ in range(100): pass
    except BaseException:
        {instead}
    return 0
cli._dispatch = swallowed
sys.argv = ["talkingeyes", "info", "a.npz"]
sys.exit(cli.main())
"""


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("instead", ["raise ImportError('numpy failed to import')", "pass"])
def test_a_signal_counts_whatever_others_make_of_its_exception(number: str, status: int, instead: str) -> None:
    code = STOPS.format(number=number, instead=instead)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, preexec_fn=hears_signals)
    assert done.returncode == status and "Traceback" not in done.stderr


def test_a_signal_after_the_work_ends_the_process() -> None:
    code = (
        "import atexit, os, signal, sys, time\nfrom talkingeyes import __main__\n"
        "atexit.register(lambda: (os.kill(os.getpid(), signal.SIGTERM), time.sleep(5)))\n"
        "sys.argv = ['talkingeyes', '--version']\nsys.exit(__main__.main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode in (-signal.SIGTERM, 143) and done.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("wait_s", [0.02, 0.06, 0.12, 0.2, 0.3])
def test_a_signal_at_the_start_leaves_no_traceback(number: signal.Signals, wait_s: float, here: Path) -> None:
    words = [sys.executable, "-m", "talkingeyes", "animate", "none.wav", "--takes", "30"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, preexec_fn=hears_signals)
    time.sleep(wait_s)
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    # 1: Python itself was still starting when Ctrl-C came; 2: the work was over
    assert process.returncode in (128 + number, -number, 2, 1 if number == signal.SIGINT else 2)
    # Until runpy runs our first lines, and these have the module `signal`, Ctrl-C is Python's own.
    ours = b"_run_code" in error and b"import signal" not in error
    assert b"Traceback" not in error or (number == signal.SIGINT and not ours)


def test_without_a_terminal_each_item_of_a_batch_gets_a_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Console().progress(2, items=True) as bar:
        bar.step("one.mp4")
        bar.step("two\x1b.mp4")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[-1] for line in lines] == ["one.mp4", "two\\x1b.mp4"] and "50%" in lines[1]
    monkeypatch.setattr("talkingeyes.commands.console._LINE_EVERY_S", 0.02)
    with Console().progress(2) as bar:
        bar.step("long")
        time.sleep(0.2)
    assert capsys.readouterr().err.startswith("talkingeyes:   0%")
    with Console(quiet=True).progress(2, items=True) as bar:
        bar.step("one.mp4")
    assert capsys.readouterr().err == ""
