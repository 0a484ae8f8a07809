"""Any container, rate and channel count becomes the same sound; what is no sound is refused in one clear line."""

from __future__ import annotations

import contextlib
import struct
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.audio import encode_for_page, load_speech
from talkingeyes.audio.decode import MonoStream
from talkingeyes.errors import AudioError
from talkingeyes.files import sha256_of

TONE_HZ = 440.0
CASES = [
    ("wav", "pcm_s16le", "s16", 44_100, "stereo"),
    ("wav", "pcm_u8", "u8", 8_000, "mono"),
    ("wav", "pcm_s24le", "s32", 48_000, "mono"),
    ("wav", "pcm_f32le", "flt", 96_000, "7.1"),
    ("wav", "pcm_f64le", "dbl", 192_000, "5.1"),
    ("flac", "flac", "s16", 48_000, "stereo"),
    ("mp3", "libmp3lame", "fltp", 44_100, "stereo"),
    ("ogg", "libopus", "flt", 48_000, "stereo"),
    ("opus", "libopus", "flt", 48_000, "mono"),
    ("m4a", "aac", "fltp", 44_100, "stereo"),
    ("webm", "libopus", "flt", 48_000, "stereo"),
    ("mkv", "aac", "fltp", 22_050, "mono"),
    ("mpg", "mp2", "s16", 44_100, "stereo"),
    ("mp4", "aac", "fltp", 48_000, "stereo"),
    ("avi", "pcm_s16le", "s16", 16_000, "mono"),
    ("aiff", "pcm_s16be", "s16", 11_025, "mono"),
]
CONTAINERS = {"m4a": "mp4", "mkv": "matroska", "mpg": "mpeg"}
PICTURE = {"mp4": "mpeg4", "avi": "mpeg4", "mpg": "mpeg1video"}


def tone(rate_hz: int, seconds: float = 1.5) -> np.ndarray:
    """Silence, then a tone from 0.5 to 1.0 s, then silence."""
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    return np.where((t >= 0.5) & (t < 1.0), 0.5 * np.sin(2 * np.pi * TONE_HZ * t), 0.0)


def write_media(path: Path, codec: str, sample_format: str, rate_hz: int, layout: str, mono: np.ndarray) -> Path:
    suffix = path.suffix[1:]
    with av.open(str(path), "w", format=CONTAINERS.get(suffix, suffix)) as container:
        picture = container.add_stream(PICTURE[suffix], rate=25) if suffix in PICTURE else None
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        if suffix == "mpg":
            stream.bit_rate = 128_000
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
            for i in range(int(25 * len(mono) / rate_hz)):
                frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), i % 255, np.uint8), "rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 25)
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        channels = len(av.AudioLayout(layout).channels)
        resampler = av.AudioResampler(sample_format, layout, rate_hz)
        for start in range(0, len(mono), 4000):
            packed = np.repeat(mono[start : start + 4000].astype(np.float32), channels)[None]
            frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, start, Fraction(1, rate_hz)
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in resampler.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def decoded(path: Path) -> tuple[np.ndarray, float]:
    stream = MonoStream(path)
    sound = np.concatenate([np.zeros(0, np.float32), *stream])
    return sound, stream.duration_s


@pytest.mark.parametrize(("suffix", "codec", "form", "rate_hz", "layout"), CASES, ids=lambda v: str(v))
def test_formats_rates_and_channels(tmp_path, suffix, codec, form, rate_hz, layout):
    path = write_media(tmp_path / f"tone.{suffix}", codec, form, rate_hz, layout, tone(rate_hz))
    sound, duration_s = decoded(path)
    assert duration_s == pytest.approx(1.5, abs=0.09)
    assert len(sound) == pytest.approx(duration_s * 16_000, abs=32)
    envelope = np.abs(sound)
    inside = envelope[round(0.55 * 16_000) : round(0.95 * 16_000)]
    assert inside.max() > 0.15
    assert envelope[: round(0.4 * 16_000)].max() < 0.05
    onset_s = np.argmax(envelope > 0.5 * inside.max()) / 16_000
    delay_is_unknown = suffix in {"mpg", "mkv"}  # these containers cannot state an encoder's delay (20 to 50 ms)
    assert onset_s == pytest.approx(0.5, abs=0.06 if delay_is_unknown else 0.004)
    spectrum = np.abs(np.fft.rfft(sound[round(0.6 * 16_000) : round(0.9 * 16_000)]))
    assert np.argmax(spectrum) / 0.3 == pytest.approx(TONE_HZ, abs=4)


def test_the_sound_of_a_video_keeps_its_place_across_a_hole(tmp_path):
    """A pause in the time stamps (a recorder that drops silence) becomes silence."""
    path = tmp_path / "hole.mkv"
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for start in (0, 32_000):
            frame = av.AudioFrame.from_ndarray(np.full((1, 16_000), 8_000, np.int16), "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    sound, duration_s = decoded(path)
    assert duration_s == pytest.approx(3.0, abs=0.01)
    assert np.abs(sound[17_000:31_000]).max() < 0.01
    assert np.abs(sound[33_000:47_000]).min() > 0.2


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def write_float_wav(path: Path, samples: np.ndarray) -> Path:
    data = samples.astype("<f4").tobytes()
    form = struct.pack("<HHIIHH", 3, 1, 16_000, 64_000, 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_duration_is_exact_to_the_sample(tmp_path):
    for count, rate_hz in ((44_100, 44_100), (44_101, 44_100), (960, 48_000), (1, 8_000), (2_646_000, 44_100)):
        path = write_wav(tmp_path / "exact.wav", np.zeros(count), rate_hz)
        assert decoded(path)[1] == count / rate_hz


@pytest.mark.parametrize("seconds", [0.0001, 0.05, 1.0])
def test_silence_and_the_very_short_are_valid(tmp_path, seconds):
    speech = load_speech(write_wav(tmp_path / "short.wav", np.zeros(max(1, round(16_000 * seconds)))))
    assert speech.num_frames == max(1, int(np.ceil(seconds * 50 - 1e-6)))
    assert not speech.voice.any()
    assert not speech.loudness.any()
    assert speech.loudness_db.max() == -100
    assert speech.turns.shape == (0, 2)
    assert speech.pauses.shape == (0, 2)


def refused(path: Path) -> str:
    with pytest.raises(AudioError) as caught:
        load_speech(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    with pytest.raises(AudioError):
        encode_for_page(path)
    return message


def test_no_file_a_directory_and_an_empty_file(tmp_path):
    assert "no such file" in refused(tmp_path / "missing.wav")
    assert "is a folder" in refused(tmp_path)
    (tmp_path / "empty.wav").write_bytes(b"")
    assert "empty" in refused(tmp_path / "empty.wav")
    assert "not an ordinary file" in refused(Path("/dev/null"))


@pytest.mark.parametrize("suffix", ["wav", "mp3", "flac", "ogg", "mp4", "txt", "opus"])
def test_text_and_noise_with_a_sound_suffix(tmp_path, suffix):
    path = tmp_path / f"text.{suffix}"
    path.write_text("Never gonna give you sound. " * 400, encoding="utf-8")
    assert "is accepted" in refused(path)
    path.write_bytes(np.random.default_rng(3).bytes(3000))
    refused(path)


def test_a_playlist_opens_no_other_file(tmp_path):
    write_wav(tmp_path / "secret.wav", np.ones(16_000))
    for name, text in (
        ("list.wav", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n"),
        ("list.mp3", "ffconcat version 1.0\nfile secret.wav\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        refused(tmp_path / name)


def test_wav_without_samples(tmp_path):
    assert "no sound samples" in refused(write_wav(tmp_path / "none.wav", np.zeros(0)))


def test_a_video_without_sound(tmp_path):
    path = tmp_path / "mute.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for i in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), i, np.uint8), "rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert "has no sound" in refused(path)


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "infinite"), (1e20, "full scale")])
def test_broken_samples(tmp_path, value, word):
    samples = np.zeros(16_000)
    samples[9_000] = value
    assert word in refused(write_float_wav(tmp_path / "broken.wav", samples))


def test_a_header_that_claims_nonsense(tmp_path):
    path = write_wav(tmp_path / "rate.wav", np.zeros(4000))
    for rate_hz in (1, 999, 4_000_000, 2**32 - 1):
        data = bytearray(path.read_bytes())
        data[24:28] = struct.pack("<I", rate_hz)
        path.write_bytes(data)
        refused(path)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0]}-{c[1]}")
def test_damaged_bytes_give_sound_or_one_clear_error(tmp_path, case):
    suffix, codec, form, rate_hz, layout = case
    whole = write_media(tmp_path / f"a.{suffix}", codec, form, rate_hz, layout, tone(rate_hz)).read_bytes()
    rng = np.random.default_rng(len(whole))
    for i in range(12):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 10)):
            data[rng.integers(min(len(data), 400) if i % 2 else len(data))] = rng.integers(256)
        path = tmp_path / f"b.{suffix}"
        path.write_bytes(data if i % 3 else data[: rng.integers(1, len(data))])
        with contextlib.suppress(AudioError):
            for block in MonoStream(path):
                assert np.isfinite(block).all()


def test_truncated_files_give_what_is_there(tmp_path):
    cases = (("cut.mp3", "libmp3lame", "fltp"), ("cut.flac", "flac", "s16"), ("cut.ogg", "libopus", "flt"))
    for name, codec, form in cases:
        path = write_media(tmp_path / name, codec, form, 48_000, "mono", tone(48_000, 4.0))
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * 2 // 3])
        assert 0.5 < load_speech(path).duration_s < 4.1, name
    path = write_media(tmp_path / "cut.m4a", "aac", "fltp", 44_100, "mono", tone(44_100, 4.0))
    path.write_bytes(path.read_bytes()[:2000])
    refused(path)


def test_odd_names(tmp_path):
    for name in ("a b ü%20.wav", "http:x.wav", "concat:a|b.wav", "-.wav"):
        speech = load_speech(write_wav(tmp_path / name, np.zeros(1600)))
        assert speech.source_name == name
        assert speech.sha256 == sha256_of(tmp_path / name)


def test_the_longest_accepted_length(tmp_path, monkeypatch):
    monkeypatch.setattr("talkingeyes.audio.decode.MAX_DURATION_S", 0.5)
    assert "cut it into parts" in refused(write_wav(tmp_path / "long.wav", np.zeros(16_000)))
