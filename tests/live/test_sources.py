"""Sources: raw samples in any cuts, sockets of this machine, microphones there and not, files; and what is refused."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from talkingeyes.errors import AudioError, MissingExtraError, OutputError, SettingError, TalkingEyesError
from talkingeyes.live.sources import PCM, Decoder, Source, open_source
from tests.cli.recordings import write_wav

SOUND = np.random.default_rng(0).integers(-20_000, 20_000, 999, np.int16)


async def taken(source: Source, most: int = 10**9, act: Callable[[], Any] | None = None) -> np.ndarray:
    blocks: AsyncGenerator[np.ndarray, None] = source.blocks()
    found: list[np.ndarray] = []
    acting = asyncio.get_running_loop().run_in_executor(None, act) if act else None
    async for block in blocks:
        found.append(block)
        if sum(map(len, found)) >= most:
            break
    await blocks.aclose()
    if acting is not None:
        await acting
    return np.concatenate([np.zeros(0, np.float32), *found])


@pytest.mark.parametrize("form", PCM)
def test_raw_samples_in_any_cuts_are_the_same(form: str) -> None:
    values = SOUND / 32768
    kind = PCM[form]
    scale = 1 if kind.kind == "f" else 2 ** (8 * kind.itemsize - 1)
    raw = (values * scale + (128 if form == "u8" else 0)).astype(kind).tobytes()
    for cut in (1, 3, 7, 1000, len(raw)):
        decoder = Decoder(form, "x")
        found = np.concatenate([decoder.push(raw[i : i + cut]) for i in range(0, len(raw), cut)])
        decoder.finish()
        np.testing.assert_allclose(found, values, atol=1 / 127 if form == "u8" else 1e-4)


def test_half_a_sample_at_the_end_is_one_clear_error() -> None:
    decoder = Decoder("s16le", "standard input")
    assert len(decoder.push(SOUND.tobytes() + b"\x01")) == len(SOUND)
    with pytest.raises(AudioError, match="standard input: ended with 1 of 2 bytes of a sample"):
        decoder.finish()


@pytest.mark.parametrize(
    ("start", "kind"), [(b"RIFF", "WAV"), (b"OggS", "Ogg"), (b"fLaC", "FLAC"), (b"ID3\x03", "MP3")]
)
def test_a_sound_file_is_not_taken_for_raw_samples(start: bytes, kind: str) -> None:
    with pytest.raises(AudioError, match=f"{kind} file, not raw samples"):
        Decoder("s16le", "x").push(start + bytes(40))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e9])
def test_floats_that_are_no_sound_are_refused(value: float) -> None:
    with pytest.raises(AudioError, match="--pcm"):
        Decoder("f32le", "x").push(np.array([0, value], np.float32).tobytes())


def test_samples_come_over_tcp_of_this_machine() -> None:
    source = open_source("tcp://127.0.0.1:0", "s16le", 8000)
    port = int(source.name.rsplit(":", 1)[1])

    def speak() -> None:
        for part in (SOUND[:400].tobytes(), SOUND[400:].tobytes() + b"\x07"):  # half a sample at the end of the second
            with socket.create_connection(("127.0.0.1", port), 5) as there:
                for i in range(0, len(part), 101):
                    there.sendall(part[i : i + 101])

    found = asyncio.run(asyncio.wait_for(taken(source, len(SOUND), speak), 10))
    np.testing.assert_array_equal(found, SOUND.astype(np.float32) / 32768)
    assert (source.rate_hz, source.live, source.endless) == (8000, False, True)


def test_samples_come_over_udp_of_this_machine() -> None:
    source = open_source("udp://:0", None, None)  # a host that is left out is this machine alone
    assert source.name.startswith("udp://127.0.0.1:")
    port = int(source.name.rsplit(":", 1)[1])

    def speak() -> None:
        with socket.socket(type=socket.SOCK_DGRAM) as there:
            for part in np.array_split(SOUND, 9):
                there.sendto(part.tobytes() + b"\x07", ("127.0.0.1", port))  # a byte too many in each

    found = asyncio.run(asyncio.wait_for(taken(source, len(SOUND), speak), 10))
    np.testing.assert_array_equal(found, SOUND.astype(np.float32) / 32768)
    assert source.live


@pytest.mark.parametrize("scheme", ["tcp", "udp"])
def test_who_sends_no_sound_is_left_and_the_next_one_is_heard(scheme: str) -> None:
    source = open_source(f"{scheme}://127.0.0.1:0", "f32le", None)
    where = ("127.0.0.1", int(source.name.rsplit(":", 1)[1]))
    good = (SOUND / 32768).astype("<f4").tobytes()

    def send(data: bytes) -> None:
        kind = socket.SOCK_STREAM if scheme == "tcp" else socket.SOCK_DGRAM
        with socket.socket(type=kind) as there:
            there.settimeout(5)
            there.connect(where)
            try:
                there.sendall(data)
            except OSError:  # it hung up
                assert scheme == "tcp"

    def speak() -> None:
        for data in (b"\xff" * 4000, b"RIFF" + bytes(100), np.array([np.nan], "<f4").tobytes(), b"", b"\x01"):
            send(data)
        for i in range(0, len(good), 400) if scheme == "udp" else [0]:
            send(good[i : i + 400] if scheme == "udp" else good)

    found = asyncio.run(asyncio.wait_for(taken(source, len(SOUND), speak), 10))
    np.testing.assert_allclose(found, SOUND / 32768, atol=1e-6)
    assert len(source.problems) == 1
    assert "NaN" in source.problems[0]


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        with pytest.raises(OutputError, match="address already in use"):
            open_source(f"tcp://127.0.0.1:{there.getsockname()[1]}", None, None)


def test_samples_are_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    out, into = os.pipe()
    os.write(into, SOUND.tobytes())
    os.close(into)
    with os.fdopen(out) as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        found = asyncio.run(asyncio.wait_for(taken(open_source("-", "s16le", 16_000)), 10))
    np.testing.assert_array_equal(found, SOUND.astype(np.float32) / 32768)


def test_a_recording_is_read_at_16_khz(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", SOUND / 32768)
    source = open_source(str(tmp_path / "a.wav"), None, None)
    found = asyncio.run(taken(source))
    assert (source.rate_hz, source.title, source.recording) == (16_000, "a", tmp_path / "a.wav")
    assert len(found) == pytest.approx(len(SOUND), abs=16)


def test_raw_samples_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.pcm").write_bytes(SOUND.tobytes())
    source = open_source(str(tmp_path / "a.pcm"), "s16le", 22_050)
    np.testing.assert_array_equal(asyncio.run(taken(source)), SOUND.astype(np.float32) / 32768)
    assert (source.rate_hz, source.recording) == (22_050, None)


class PortAudio:
    """A fake of the sounddevice module with one microphone."""

    class PortAudioError(Exception):
        pass

    def __init__(self, devices: list[dict[str, Any]]) -> None:
        self.devices = devices

    def query_devices(self, device: Any = None, kind: str | None = None) -> Any:
        if kind is None:
            return self.devices
        found = [d for d in self.devices if device in (None, d["name"])]
        if not found:
            raise ValueError("No input device matching\nmore words")
        return found[0]

    def check_input_settings(self, **settings: Any) -> None:
        if settings["samplerate"] == 8000:
            raise self.PortAudioError("Invalid sample rate")

    def InputStream(self, callback: Any, blocksize: int, **_: Any) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def opened() -> Any:
            for k in range(3):
                callback(np.full((blocksize, 1), k / 4, np.float32), blocksize, None, None)
            yield

        return opened()


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> PortAudio:
    fake = PortAudio([{"name": "Headset", "default_samplerate": 48_000.0, "max_input_channels": 1}])
    monkeypatch.setitem(sys.modules, "sounddevice", fake)  # type: ignore[arg-type]
    monkeypatch.setattr("talkingeyes.extras.find_spec", lambda _: SimpleNamespace())
    return fake


def test_a_microphone_is_heard(portaudio: PortAudio) -> None:
    source = open_source("mic", None, None)
    found = asyncio.run(asyncio.wait_for(taken(source, 3 * 960), 10))
    assert (source.rate_hz, source.live, source.endless, source.name) == (48_000, True, True, "microphone Headset")
    np.testing.assert_array_equal(found, np.repeat(np.float32([0, 0.25, 0.5]), 960))


def test_no_microphone_is_one_clear_line(portaudio: PortAudio) -> None:
    with pytest.raises(AudioError, match=r"no microphone 'Desk'; there are Headset \(No input device matching\)"):
        open_source("mic:Desk", None, None)
    with pytest.raises(AudioError, match="Invalid sample rate"):
        open_source("mic", None, 8000)
    portaudio.devices = []
    with pytest.raises(AudioError, match=r"mic: no microphone \(none is known to this system\)"):
        open_source("mic", None, None)


def test_a_missing_audio_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: Any) -> Any:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr("talkingeyes.extras.find_spec", lambda _: SimpleNamespace())
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(MissingExtraError, match="libportaudio2"):
        open_source("mic", None, None)


@pytest.mark.parametrize(
    ("name", "pcm", "rate", "said"),
    [
        ("nix.wav", None, None, "no such file"),
        ("-", None, None, "--pcm"),
        ("mic", "mp3", None, "--pcm is 'mp3'; s16le"),
        ("tcp://127.0.0.1:0", "s16le", 100, "--rate is 100; 8000 to 192000"),
        ("tcp://127.0.0.1:0", "s16le", 10**9, "--rate is"),
        ("http://127.0.0.1:80", None, None, "http:// is not known; tcp, udp"),
        ("tcp://127.0.0.1", None, None, "has no port"),
        ("tcp://127.0.0.1:70000", None, None, "Port out of range"),
        ("tcp://me:pw@127.0.0.1:1", None, None, "holds a user"),
        ("tcp://127.0.0.1:1?x=1", None, None, "'x' is not known"),
        ("tcp://" + "a" * 5000 + ":1", None, None, "5008 characters"),
    ],
)
def test_what_is_no_source_is_refused(name: str, pcm: str | None, rate: int | None, said: str) -> None:
    with pytest.raises(TalkingEyesError) as caught:
        open_source(name, pcm, rate)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rate_that_a_recording_states_itself_is_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", SOUND / 32768)
    with pytest.raises(SettingError, match="states its own rate"):
        open_source(str(tmp_path / "a.wav"), None, 16_000)
