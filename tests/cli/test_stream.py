"""``talkingeyes stream``: real sessions, real sockets, signals, and one clear line for what is wrong."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.live import live_link
from talkingeyes.live.frames import Frame, decode

from .outcomes import refused
from .recordings import spoken, write_wav

pytest.importorskip("msgpack")
STATISTICAL = ["--model", "statistical"]


@pytest.fixture
def speech(here: Path) -> Path:
    write_wav(here / "speech.wav", spoken(1.2))
    return here / "speech.wav"


def test_a_file_fast_is_recorded_and_printed(speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["stream", "speech.wav", "--fast", "--to", "-", "--to", "a.npz", "--to", "a.csv", "-q", *STATISTICAL]
    assert main(argv) == 0
    lines = [decode(line) for line in capsys.readouterr().out.splitlines()]
    frames = [line for line in lines[1:] if isinstance(line, Frame)]
    motion = te.load("a.npz")
    assert [frame.number for frame in frames] == list(range(motion.num_frames))
    assert motion.num_frames == 36
    assert motion.head_rad is not None
    np.testing.assert_allclose([frame.head_rad for frame in frames], motion.head_rad, atol=1e-5)
    assert te.load("a.csv").num_frames == 36


def test_real_time_and_fast_are_the_same_bytes(speech: Path) -> None:
    for options, name in ((["--fast"], "fast.npz"), ([], "live.npz")):
        assert main(["stream", "speech.wav", *options, "--to", name, "--seed", "3", "-q", *STATISTICAL]) == 0
    assert Path("fast.npz").read_bytes() == Path("live.npz").read_bytes()


def test_live_link_hears_every_frame(speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        target = f"livelink://127.0.0.1:{there.getsockname()[1]}?subject=Eyes"
        assert main(["stream", "speech.wav", "--fast", "--to", target, "--json", *STATISTICAL]) == 0
        packets = [live_link.decode(there.recv(65536)) for _ in range(36)]
    assert [packet.frame for packet in packets] == list(range(36))
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [events[0]["event"], events[-1]["event"]] == ["started", "finished"]
    assert events[-1]["sinks"][target] == {"sent": 36, "dropped": 0}
    assert set(events[0]["latency_s"]) == {"gaze", "head", "blinks", "mouth"}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_the_motion_is_whole(here: Path, number: signal.Signals) -> None:
    code = "import sys; from talkingeyes.__main__ import main; sys.exit(main())"
    argv = [sys.executable, "-c", code, "stream", "-", "--pcm", "s16le", "--to", "a.npz", "--to", "-", *STATISTICAL]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write((spoken(1.5) * 20_000).astype("<i2").tobytes())
        process.stdin.flush()
        for _ in range(5):
            assert process.stdout.readline()
        process.send_signal(number)
        process.stdout.read()
        assert process.wait(10) == 0, process.stderr.read() if process.stderr else ""
    assert te.load(here / "a.npz").num_frames >= 4


def test_half_a_sample_is_an_error_after_the_motion_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.pcm").write_bytes((spoken(1.0) * 20_000).astype("<i2").tobytes() + b"\x01")
    argv = ["stream", "a.pcm", "--pcm", "s16le", "--fast", "--to", "a.npz", *STATISTICAL]
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1].startswith("talkingeyes: error: a.pcm: ended with 1 of 2 bytes of a sample")
    assert te.load(here / "a.npz").num_frames > 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("speech.wav", "where do the frames go? --to"),
        ("nix.wav --to -", "no such file"),
        ("- --to -", "--pcm"),
        ("speech.wav --to - --to -", "asked for twice"),
        ("speech.wav --other speech.wav --to -", "asked for twice"),
        ("speech.wav --to speech.wav", "suffix"),
        ("speech.wav --to ftp://x", "ftp:// is not known"),
        ("speech.wav --to - --rate 16000", "states its own rate"),
        ("speech.wav --to - --fps 500", "fps is 500"),
        ("speech.wav --to - --seed -1", "seed is -1"),
        ("speech.wav --to - --for-s 0", "--for-s is 0"),
        ("speech.wav --to - --smile 9", "smile"),
        ("speech.wav --to - --mood furious", "mood is 'furious'"),
        ("speech.wav --to - --latency high", "invalid choice: 'high'"),
        ("udp://127.0.0.1:0 --to - --fast", "--fast is for files"),
        ("tcp://127.0.0.1:0 --rate 4 --to -", "--rate is 4"),
    ],
)
def test_what_is_wrong_is_one_clear_line(
    words: str, said: str, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, ["stream", *words.split(" ")], said)


def test_json_and_frames_do_not_share_standard_output(speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stream", "speech.wav", "--to", "-", "--json"]) == 2
    assert "choose one" in capsys.readouterr().err


def test_a_port_in_use_is_one_clear_line(speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        port = there.getsockname()[1]
        assert main(["stream", "speech.wav", "--to", f"listen://127.0.0.1:{port}", "-q", *STATISTICAL]) == 2
        assert "address already in use" in capsys.readouterr().err
        refused(capsys, ["stream", f"tcp://127.0.0.1:{port}", "--to", "-"], "address already in use")
