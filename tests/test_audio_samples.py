"""Sound that is not a mono file: arrays, one channel of several, big-endian waves (case rifx-wav)."""

import struct
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.errors import AudioError, SettingError
from tests.cli.recordings import RATE_HZ, babble, write_wav

CASE = Path(__file__).parents[2] / "shared" / "data" / "cases" / "rifx-wav" / "rifx.wav"
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))
KINDS = {"u8": (8, 1), "s16": (16, 1), "s24": (24, 1), "s32": (32, 1), "f32": (32, 3), "f64": (64, 3)}


def write_wave(path: Path, sound: np.ndarray, kind: str, order: str) -> Path:
    """(n, channels) float -> RIFF (order "<") or RIFX (">")."""
    bits, tag = KINDS[kind]
    if kind == "s24":
        whole = (sound * (2**23 - 1)).astype(np.int64).ravel()
        data = b"".join(int(v).to_bytes(3, "big" if order == ">" else "little", signed=True) for v in whole)
    elif kind == "u8":
        data = np.round(sound * 127 + 128).astype(np.uint8).tobytes()
    elif kind[0] == "f":
        data = sound.astype(f"{order}f{bits // 8}").tobytes()
    else:
        data = (sound * (2 ** (bits - 1) - 1)).astype(f"{order}i{bits // 8}").tobytes()
    channels = sound.shape[1]
    size = channels * bits // 8
    form = struct.pack(order + "HHIIHH", tag, channels, RATE_HZ, RATE_HZ * size, size, bits)
    head = (b"RIFX" if order == ">" else b"RIFF") + struct.pack(order + "I", 36 + len(data)) + b"WAVEfmt "
    path.write_bytes(head + struct.pack(order + "I", 16) + form + b"data" + struct.pack(order + "I", len(data)) + data)
    return path


def heard(source: object, channel: int | None = None) -> np.ndarray:
    return np.concatenate(list(MonoStream(source, channel=channel)))  # type: ignore[arg-type]


@pytest.fixture
def two_voices() -> np.ndarray:
    return np.stack([babble(1.5), 0.3 * np.roll(babble(1.5), 7000)], axis=1).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_rifx_wav(kind: str, channels: int, tmp_path: Path, two_voices: np.ndarray) -> None:
    sound = two_voices[:, :channels]
    usual = heard(write_wave(tmp_path / "a.wav", sound, kind, "<"))
    assert np.array_equal(heard(write_wave(tmp_path / "b.wav", sound, kind, ">")), usual)
    assert channels == 2 or np.abs(usual - sound[:, 0]).max() < 0.02


def test_a_compressed_rifx_is_refused(tmp_path: Path, two_voices: np.ndarray) -> None:
    path = write_wave(tmp_path / "a.wav", two_voices, "s16", ">")
    data = bytearray(path.read_bytes())
    data[20:22], data[34:36] = b"\x00\x11", b"\x00\x04"  # IMA ADPCM
    path.write_bytes(bytes(data))
    with pytest.raises(AudioError, match=r"RIFX|sound"):
        heard(path)


@pytest.mark.shared
def test_the_voice_of_the_rifx_case_is_heard() -> None:
    if not CASE.exists():
        pytest.skip("the development data is not beside the checkout")
    assert te.load_speech(CASE).voice.mean() > 0.85


@pytest.mark.parametrize("kind", ["s16", "s24", "f32"])
def test_one_channel_is_the_file_with_that_channel_alone(kind: str, tmp_path: Path, two_voices: np.ndarray) -> None:
    both = write_wave(tmp_path / "both.wav", two_voices, kind, "<")
    for number, name in ((1, "left"), (2, "right")):
        alone = write_wave(tmp_path / f"{name}.wav", two_voices[:, number - 1 : number], kind, "<")
        assert np.array_equal(heard(both, number), heard(alone))
        speech = te.load_speech(both, channel=name)
        assert speech.channel == number
        assert np.array_equal(speech.loudness, te.load_speech(alone).loudness)
        assert np.array_equal(te.load_speech(both, channel=number).peak, speech.peak)


def test_a_planar_recording_gives_its_channels_too(tmp_path: Path) -> None:
    mono = heard(SAMPLE)
    assert np.abs(heard(SAMPLE, 1) - mono).max() < 1e-6
    with pytest.raises(AudioError, match="has one channel, channel 2"):
        heard(SAMPLE, 2)


@pytest.mark.parametrize("channel", ["middle", "0", 0, -1, "1.5", 1.5, True, "9" * 40, ""])
def test_a_channel_that_is_none_is_refused(channel: object) -> None:
    with pytest.raises(SettingError, match="left, right or a number from 1"):
        te.load_speech(SAMPLE, channel=channel)  # type: ignore[arg-type]


def test_an_array_gives_the_bytes_of_its_file(tmp_path: Path, two_voices: np.ndarray) -> None:
    whole = (two_voices * 32767).astype(np.int16)
    path = write_wav(tmp_path / "a.wav", two_voices)
    for array, file in ((whole, path), (whole[:, 0], write_wav(tmp_path / "b.wav", two_voices[:, 0]))):
        ours, theirs = (te.animate(s, model="statistical", **r) for s, r in ((array, {"rate_hz": RATE_HZ}), (file, {})))
        for name, channel in theirs.channels.items():
            assert np.array_equal(ours.channels[name], channel), name
        assert ours.meta["source"]["name"] == "array" and len(ours.meta["source"]["sha256"]) == 64
    left = te.animate(whole, rate_hz=RATE_HZ, channel="left", model="statistical")
    assert np.array_equal(left.eyes_rad, ours.eyes_rad) and left.meta["source"]["channel"] == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
def test_arrays_of_every_kind_are_heard_alike(dtype: type) -> None:
    sound = babble(1.0, 44_100)
    values = (sound * 32767).astype(np.int16) if dtype is np.int16 else sound.astype(dtype)
    speech = te.load_speech(values, rate_hz=44_100)
    assert speech.duration_s == pytest.approx(1.0)
    many = te.load_speech(np.stack([values] * 5, axis=1)[::-1][::-1], rate_hz=44_100)
    assert np.allclose(many.loudness_db, speech.loudness_db, atol=0.1)


@pytest.mark.parametrize(
    ("values", "rate_hz", "says"),
    [
        (np.zeros(16_000, np.float32), None, "rate_hz"),
        (np.zeros(16_000, np.float32), 0, "rate_hz is 0"),
        (np.zeros(16_000, np.float32), float("nan"), "rate_hz is nan"),
        (np.zeros(16_000, np.float32), 16_000.5, "whole numbers"),
        (np.zeros(0), 16_000, r"\(n,\) or \(n, channels\)"),
        (np.zeros((10, 2, 2)), 16_000, r"\(n,\) or \(n, channels\)"),
        (np.zeros((2, 16_000)), 16_000, "transpose"),
        (np.zeros(100, np.int32), 16_000, "int16"),
        (np.zeros(100, bool), 16_000, "int16"),
        (np.zeros(100, complex), 16_000, "int16"),
        (np.array(["a"] * 100), 16_000, "int16"),
        (np.full(100, np.nan), 16_000, "NaN"),
        (np.full(100, np.inf), 16_000, "infinity"),
        (np.full(100, 20_000.0), 16_000, "divide by 32768"),
    ],
)
def test_an_array_that_is_no_sound_is_refused(values: np.ndarray, rate_hz: float | None, says: str) -> None:
    with pytest.raises((AudioError, SettingError), match=says):
        te.animate(values, rate_hz=rate_hz, model="statistical")


def test_a_rate_for_a_file_and_a_channel_for_features_are_refused() -> None:
    with pytest.raises(SettingError, match="own rate"):
        te.animate(SAMPLE, rate_hz=16_000)
    with pytest.raises(SettingError, match="load_speech"):
        te.animate(te.load_speech(babble(0.5), rate_hz=RATE_HZ), channel="left")
