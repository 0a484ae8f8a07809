"""What is piped in, one voice per channel, and recordings in which nobody speaks (case no-voice-silent)."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.cli import main

from .outcomes import names, refused
from .recordings import RATE_HZ, babble, write_mp3, write_wav

SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))
STATISTICAL = ["--model", "statistical"]


def test_no_voice_silent(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    silent = {
        "noise": 0.1 * rng.normal(size=len(t)),
        "silence": np.zeros(len(t)),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * t),
    }
    for name, sound in silent.items():
        write_wav(here / f"{name}.wav", sound)
        assert main(["animate", f"{name}.wav", "-o", "a.npz", "--json", *STATISTICAL]) == 0
        printed = capsys.readouterr()
        assert printed.err.startswith("talkingeyes: note: ") and printed.err.count("\n") == 1
        assert f"voice was heard in {name}.wav" in printed.err.replace("hardly any voice (0.0 s) ", "no voice ")
        assert len(json.loads(printed.out)["notes"]) == 1
    assert main(["convert", "a.npz", "a.html", "--audio", "silence.wav"]) == 0
    assert "no voice was heard in silence.wav" in capsys.readouterr().err


def test_a_voice_is_no_reason_for_a_note(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["animate", str(SAMPLE), "-o", "a.npz", *STATISTICAL]) == 0
    assert capsys.readouterr().err == ""


def sample() -> np.ndarray:
    return np.concatenate(list(MonoStream(SAMPLE)))[: 4 * RATE_HZ].astype(float)


def test_a_voice_per_channel(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    voice = sample()
    write_wav(here / "call.wav", np.stack([voice, np.zeros(len(voice))], axis=1))
    write_wav(here / "left.wav", voice)
    assert main(["animate", "call.wav", "--channel", "left", "-o", "a.npz", "-o", "a.html", *STATISTICAL]) == 0
    assert main(["animate", "left.wav", "-o", "b.npz", "-o", "b.html", *STATISTICAL]) == 0
    assert capsys.readouterr().err == ""
    a, b = te.load("a.npz"), te.load("b.npz")
    assert a.meta["source"]["channel"] == 1 and all(np.array_equal(a.channels[n], b.channels[n]) for n in b.channels)
    sound = [page.split("te-audio")[1][:20_000] for page in map(Path.read_text, (Path("a.html"), Path("b.html")))]
    assert sound[0] == sound[1]  # the page plays the voice that was animated
    te.save(a, "c.html", audio="call.wav")
    assert Path("c.html").read_text().split("te-audio")[1][:20_000] == sound[1]
    assert main(["animate", "call.wav", "--channel", "2", "-o", "a.npz", *STATISTICAL]) == 0
    assert "no voice was heard in channel 2 of call.wav" in capsys.readouterr().err
    refused(capsys, ["animate", "call.wav", "--channel", "3"], "call.wav: has 2 channels, channel 3")
    refused(capsys, ["animate", "call.wav", "--channel", "both"], "left, right or a number from 1")


def piped(data: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    argv = [sys.executable, "-m", "talkingeyes", "animate", "-", *STATISTICAL, *words]
    return subprocess.run(argv, input=data, capture_output=True, timeout=60)


def test_a_recording_may_be_piped_in(here: Path) -> None:
    write_wav(here / "a.wav", babble(1.0))
    write_mp3(here / "a.mp3", 1.0)
    for name in ("a.wav", "a.mp3"):
        done = piped((here / name).read_bytes(), "-o", "piped.npz", "--json")
        assert done.returncode == 0 and b"error" not in done.stderr
        assert main(["animate", name, "-o", "file.npz", *STATISTICAL, "-q"]) == 0
        piped_in, file = te.load("piped.npz"), te.load("file.npz")
        assert all(np.array_equal(piped_in.channels[n], file.channels[n]) for n in file.channels)
        assert piped_in.meta["source"]["name"] == "stdin"
        assert piped_in.meta["source"]["sha256"] == file.meta["source"]["sha256"]
    assert piped((here / "a.wav").read_bytes()).returncode == 0
    assert names(here) == {"a.wav", "a.mp3", "piped.npz", "file.npz", "stdin.html"}


@pytest.mark.parametrize(("data", "says"), [(b"", b"empty"), (b"no sound " * 99, b"cannot be read as sound")])
def test_what_is_piped_in_may_be_no_sound(data: bytes, says: bytes, here: Path) -> None:
    done = piped(data)
    assert done.returncode == 2 and done.stderr.startswith(b"talkingeyes: error: standard input: ")
    assert says in done.stderr and done.stderr.count(b"\n") == 1 and names(here) == set()
