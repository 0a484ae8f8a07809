"""The sound of the page: the same length, aligned at t = 0, under the limit."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.audio import encode_for_page
from talkingeyes.audio.decode import MonoStream
from talkingeyes.errors import AudioError
from tests.test_audio_decode import write_media, write_wav


def lag_samples(a: np.ndarray, b: np.ndarray) -> int:
    """How many 16 kHz samples b comes after a."""
    size = 1 << int(np.ceil(np.log2(len(a) + len(b))))
    correlation = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    lag = int(np.argmax(correlation))
    return lag - size if lag > size // 2 else lag


def decoded(path: Path) -> tuple[np.ndarray, float]:
    stream = MonoStream(path)
    sound = np.concatenate(list(stream))
    return sound, stream.duration_s


def check_aligned(source: Path, target: Path, **options: int) -> int:
    mime, data = encode_for_page(source, **options)
    assert mime == "audio/mpeg"
    target.write_bytes(data)
    before, before_s = decoded(source)
    after, after_s = decoded(target)
    assert abs(lag_samples(before, after)) <= 1
    assert after_s == pytest.approx(before_s, abs=1e-3)
    return len(data)


def test_the_sample_keeps_its_timing(tmp_path):
    with resources.as_file(resources.files("talkingeyes") / "assets" / "sample.opus") as path:
        size = check_aligned(path, tmp_path / "page.mp3")
        assert size < 100_000
        assert encode_for_page(path)[1] == encode_for_page(path)[1]


@pytest.mark.parametrize(("suffix", "codec", "form"), [("mp3", "libmp3lame", "fltp"), ("m4a", "aac", "fltp")])
def test_a_click_stays_in_its_place(tmp_path, suffix, codec, form):
    sound = np.random.default_rng(0).normal(0, 0.001, 48_000 * 2)
    sound[24_000:24_400] += 0.5 * np.sin(np.arange(400) / 5)
    source = write_media(tmp_path / f"click.{suffix}", codec, form, 48_000, "stereo", sound)
    check_aligned(source, tmp_path / "page.mp3")
    click = decoded(tmp_path / "page.mp3")[0]
    assert np.argmax(np.abs(click) > 0.2) / 16_000 == pytest.approx(0.5, abs=0.005)


def test_a_long_recording_is_compressed_harder_then_refused(tmp_path):
    t = np.arange(16_000 * 20) / 16_000
    path = write_wav(tmp_path / "long.wav", 0.3 * np.sin(2 * np.pi * (200 + 40 * t) * t))
    plain = check_aligned(path, tmp_path / "a.mp3")
    harder = check_aligned(path, tmp_path / "b.mp3", max_bytes=110_000)
    hardest = check_aligned(path, tmp_path / "c.mp3", max_bytes=65_000)
    assert hardest < harder < plain
    assert hardest <= 65_000
    with pytest.raises(AudioError, match="too long"):
        encode_for_page(path, max_bytes=30_000)


def test_very_short_and_clipped_sound(tmp_path):
    for seconds in (0.001, 0.05):
        path = write_wav(tmp_path / "short.wav", np.full(round(16_000 * seconds), 0.9))
        assert encode_for_page(path)[1]
