"""Features of a voice: the same whatever the chunking, right on known signals, steady over level and noise."""

from __future__ import annotations

import json
import tracemalloc
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkingeyes.audio import FEATURE_RATE_HZ, FeatureExtractor, Frames, find_pauses, find_turns, load_speech
from talkingeyes.audio.decode import MonoStream
from talkingeyes.audio.features import LOOK_AHEAD_S, mel_centres_hz
from talkingeyes.audio.pitch import WINDOW, PitchTracker
from talkingeyes.audio.silero import CHUNK, SileroNetwork

RATE_HZ = 16_000
HOP = RATE_HZ // FEATURE_RATE_HZ


@pytest.fixture(scope="module")
def sample_path():
    with resources.as_file(resources.files("talkingeyes") / "assets" / "sample.opus") as path:
        yield path


@pytest.fixture(scope="module")
def sample(sample_path) -> np.ndarray:
    return np.concatenate(list(MonoStream(sample_path)))


def features(samples: np.ndarray) -> Frames:
    extractor = FeatureExtractor()
    return Frames.join([extractor.push(samples.astype(np.float32)), extractor.finish(-(-len(samples) // HOP))])


def assert_same(a: Frames, b: Frames) -> None:
    for name, values in vars(a).items():
        assert values.tobytes() == getattr(b, name).tobytes(), name


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=40))
def test_any_chunking_gives_the_same_bits(sizes):
    rng = np.random.default_rng(5)
    t = np.arange(RATE_HZ * 3) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 20)) * np.clip(np.sin(2 * np.pi * 3 * t), 0, 1)
    samples = (0.1 * buzz + 0.01 * rng.normal(size=len(t))).astype(np.float32)
    extractor, parts, start = FeatureExtractor(), [], 0
    for size in sizes:
        parts.append(extractor.push(samples[start : start + size]))
        start += size
    parts.append(extractor.push(samples[start:]))
    parts.append(extractor.finish(150))
    assert_same(Frames.join(parts), features(samples))


def test_speech_in_one_piece_and_in_pieces(sample, sample_path):
    extractor = FeatureExtractor()
    parts = [extractor.push(sample[i : i + 777]) for i in range(0, len(sample), 777)]
    parts.append(extractor.finish(-(-len(sample) // HOP)))
    joined = Frames.join(parts)
    assert_same(joined, features(sample))
    speech = load_speech(sample_path)
    assert speech.voice.tobytes() == joined.voice.tobytes()
    assert speech.loudness.tobytes() == joined.loudness.tobytes()


def test_look_ahead_is_as_stated_and_frames_never_change(sample):
    """Frame i is out once the samples up to LOOK_AHEAD_S after its end are in, and the future cannot change it."""
    cut = RATE_HZ * 5
    extractor = FeatureExtractor()
    early = extractor.push(sample[:cut])
    assert len(early) >= (cut / RATE_HZ - LOOK_AHEAD_S) * FEATURE_RATE_HZ
    assert_same(early, features(sample).first(len(early)))
    worst = 0.0
    extractor, given_frames = FeatureExtractor(), 0
    for i in range(0, cut, HOP):
        given_frames += len(extractor.push(sample[i : i + HOP]))
        worst = max(worst, (i + HOP) / RATE_HZ - given_frames / FEATURE_RATE_HZ)
    assert worst <= LOOK_AHEAD_S


def test_shapes_ranges_and_repeatability(sample_path):
    speech = load_speech(sample_path)
    count = speech.num_frames
    assert count == np.ceil(speech.duration_s * FEATURE_RATE_HZ - 1e-6)
    for name in ("loudness_db", "loudness", "pitch_hz", "brightness", "peak"):
        values = getattr(speech, name)
        assert values.shape == (count,)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert not values.flags.writeable
    assert speech.log_mel.shape == (count, 40)
    assert speech.voice.dtype == np.bool_
    for name in ("loudness", "brightness", "peak"):
        assert 0 <= getattr(speech, name).min() <= getattr(speech, name).max() <= 1
    voiced = speech.pitch_hz[speech.pitch_hz > 0]
    assert 55 <= voiced.min() <= voiced.max() <= 420
    assert not speech.pitch_hz[~speech.voice].any()
    again = load_speech(sample_path)
    assert all(np.array_equal(a, getattr(again, n)) for n, a in vars(speech).items() if isinstance(a, np.ndarray))


def test_memory_does_not_grow(sample):
    extractor = FeatureExtractor()
    noise = np.random.default_rng(0).normal(0, 0.01, RATE_HZ).astype(np.float32)

    def settled_bytes() -> int:
        return tracemalloc.get_traced_memory()[0]

    extractor.push(sample)
    tracemalloc.start()
    for _ in range(3):
        extractor.push(noise)
    before = settled_bytes()
    for _ in range(60):
        extractor.push(noise)
    grown = settled_bytes() - before
    tracemalloc.stop()
    assert grown < 100_000


def test_silero_agrees_with_the_official_runtime(sample):
    golden = json.loads((Path(__file__).parent / "golden_silero.json").read_text("utf-8"))["probabilities"]
    whole = SileroNetwork().push(sample[: len(golden) * CHUNK])
    np.testing.assert_allclose(whole, golden, atol=2e-3)
    network = SileroNetwork()
    one_by_one = [network.push(sample[i * CHUNK : (i + 1) * CHUNK]) for i in range(len(golden))]
    np.testing.assert_array_equal(np.concatenate(one_by_one), whole)


def track(samples: np.ndarray) -> np.ndarray:
    """Pitch of each frame by the tracker alone (a pure tone is no voice, so the extractor would hide it)."""
    count = (len(samples) - WINDOW) // HOP + 1
    windows = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), WINDOW)[::HOP][:count]
    tracker = PitchTracker()
    return tracker.push(windows)


def test_pitch_is_the_same_in_pieces_of_any_size(sample):
    windows = np.lib.stride_tricks.sliding_window_view(sample[: 4 * RATE_HZ], WINDOW)[::HOP]
    whole = PitchTracker().push(windows)
    assert np.mean(whole > 0) > 0.3
    for size in (1, 7, 33):
        tracker = PitchTracker()
        pieces = [tracker.push(windows[i : i + size]) for i in range(0, len(windows), size)]
        np.testing.assert_array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize("hz", [62, 75, 90, 111.3, 150, 207, 261.6, 320, 395])
@pytest.mark.parametrize("kind", ["sine", "buzz", "missing_fundamental"])
def test_pitch_of_known_tones(hz, kind):
    t = np.arange(RATE_HZ) / RATE_HZ
    if kind == "sine":
        x = np.sin(2 * np.pi * hz * t)
    elif kind == "buzz":
        x = sum(np.cos(2 * np.pi * hz * k * t) for k in range(1, int(4000 / hz)))
    else:
        x = sum(np.sin(2 * np.pi * hz * k * t + k) for k in (2, 3, 4))
        if 4 * hz > 1100:
            pytest.skip("the harmonics lie above the band that carries pitch")
    noise = np.random.default_rng(1).normal(size=len(t))
    pitch = track(0.1 * x / x.std() + 0.01 * noise)
    within = 0.02 if hz < 70 else 0.01  # the window holds three periods of the lowest pitch
    assert np.mean(np.abs(pitch / hz - 1) < within) > 0.95


def test_pitch_follows_a_glide_and_shuns_noise():
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    hz = 90 * 4 ** (t / 2)
    phase = 2 * np.pi * np.cumsum(hz) / RATE_HZ
    pitch = track(0.1 * sum(np.sin(k * phase) / k for k in range(1, 10)))
    centre = (np.arange(len(pitch)) * HOP + WINDOW // 2).astype(int)
    error = np.abs(np.log2(np.maximum(pitch, 1) / hz[centre]))
    assert np.mean(error < 0.03) > 0.97
    noise = track(np.random.default_rng(2).normal(0, 0.1, 3 * RATE_HZ))
    assert np.mean(noise > 0) < 0.1
    assert not track(np.zeros(RATE_HZ)).any()


def test_voice_is_found_in_speech_and_not_in_silence_noise_or_hum(sample):
    speech = features(sample)
    assert 0.5 < speech.voice.mean() < 0.9
    rng = np.random.default_rng(0)
    t = np.arange(8 * RATE_HZ) / RATE_HZ
    hum = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in range(1, 8))
    for level in (0.0, 0.0005, 0.02, 0.3):
        assert not features(level * rng.normal(size=len(t))).voice.any()
        assert features(level * hum).voice.mean() < 0.02


def test_level_does_not_matter(sample):
    """From -45 to +12 dB (clipped): the same voice activity and nearly the same loudness and pitch."""
    reference = features(sample)
    for gain, agreement, near in ((10 ** (-45 / 20), 0.95, 0.06), (0.05, 0.97, 0.06), (4.0, 0.97, 0.1)):
        other = features(np.clip(sample * gain, -1, 1))
        both = reference.voice & other.voice
        assert np.mean(reference.voice == other.voice) > agreement, gain
        assert np.abs(reference.loudness[both] - other.loudness[both]).mean() < near, gain
        voiced = (reference.pitch_hz > 0) & (other.pitch_hz > 0)
        ratio = other.pitch_hz[voiced] / reference.pitch_hz[voiced]
        assert np.mean(np.abs(ratio - 1) < 0.05) > 0.97, gain


def test_noise_costs_little(sample):
    reference = features(sample)
    noise = np.random.default_rng(4).normal(size=len(sample)) * sample.std()
    noisy = features(sample + noise * 10 ** (-10 / 20))
    assert np.mean(reference.voice == noisy.voice) > 0.93
    both = reference.voice & noisy.voice
    assert np.corrcoef(reference.loudness[both], noisy.loudness[both])[0, 1] > 0.85
    assert noisy.loudness[~noisy.voice].mean() < 0.1


def test_level_mel_and_peak_of_a_tone():
    t = np.arange(RATE_HZ) / RATE_HZ
    frames = features(0.5 * np.sin(2 * np.pi * 1000 * t))
    inner = slice(3, -3)
    np.testing.assert_allclose(frames.loudness_db[inner], 20 * np.log10(0.5 / np.sqrt(2)), atol=0.01)
    np.testing.assert_allclose(frames.peak[inner], 0.5, atol=0.01)
    assert abs(mel_centres_hz()[np.argmax(frames.log_mel[20])] - 1000) < 80
    late = features(np.concatenate([np.zeros(RATE_HZ // 2), np.ones(RATE_HZ // 2)]))
    assert np.argmax(late.loudness_db > -50) == 25  # frame 25 begins at 0.5 s


def test_brightness_tells_dark_from_bright(sample):
    """Low-passed halves of the same speech are darker than the plain ones."""
    n = 3200
    spectrum = np.fft.rfft(sample)
    hz = np.fft.rfftfreq(len(sample), 1 / RATE_HZ)
    dull = np.fft.irfft(spectrum / (1 + (hz / 900) ** 4), len(sample))
    switch = (np.arange(len(sample)) // (2 * n)) % 2 == 1
    frames = features(np.where(switch, dull, sample))
    is_dull = switch[np.minimum(np.arange(len(frames)) * HOP + HOP // 2, len(switch) - 1)]
    voiced = frames.pitch_hz > 0
    assert frames.brightness[voiced & ~is_dull].mean() > frames.brightness[voiced & is_dull].mean() + 0.1


def activity(*runs_s: tuple[float, float], total_s: float = 30.0) -> np.ndarray:
    voice = np.zeros(round(total_s * FEATURE_RATE_HZ), bool)
    for start_s, end_s in runs_s:
        voice[round(start_s * FEATURE_RATE_HZ) : round(end_s * FEATURE_RATE_HZ)] = True
    return voice


def test_turns_by_the_yardstick():
    """Voice after >= 1.0 s of silence, lasting >= 1.5 s, gaps < 0.5 s bridged."""
    np.testing.assert_allclose(find_turns(activity((2, 3), (3.48, 5))), [[2, 5]])
    assert len(find_turns(activity((2, 3), (3.5, 4.4)))) == 0  # a gap of 0.5 s is not bridged, both are short
    np.testing.assert_allclose(find_turns(activity((2, 4), (4.98, 7))), [[2, 4]])  # 0.98 s of silence: no new turn
    np.testing.assert_allclose(find_turns(activity((2, 4), (5, 7))), [[2, 4], [5, 7]])
    np.testing.assert_allclose(find_turns(activity((2, 3.5), (6, 7.48), (9, 10.5))), [[2, 3.5], [9, 10.5]])
    np.testing.assert_allclose(find_turns(activity((0, 2), (28, 30))), [[0, 2], [28, 30]])
    assert find_turns(activity()).shape == (0, 2)


def test_pauses_lie_between_speech():
    np.testing.assert_allclose(find_pauses(activity((1, 2), (2.3, 3), (3.28, 4), (7, 8))), [[2, 2.3], [4, 7]])
    assert find_pauses(activity((1, 2))).shape == (0, 2)
    assert find_pauses(activity()).shape == (0, 2)


SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside the checkout")
def test_voice_against_known_word_times():
    """Sentences of GRID with the times of their words (units of 1/25,000 s)."""
    agreements, onsets = [], []
    for clip in sorted((SHARED / "clips" / "grid_s1").glob("*.mp4"))[::40]:
        rows = [line.split() for line in clip.with_suffix(".align").read_text("utf-8").splitlines()]
        words = [(int(a) / 25_000, int(b) / 25_000) for a, b, word in rows if word not in ("sil", "sp")]
        voice = load_speech(clip).voice
        times_s = (np.arange(len(voice)) + 0.5) / FEATURE_RATE_HZ
        spoken = np.any([(times_s >= a) & (times_s < b) for a, b in words], axis=0)
        agreements.append(np.mean(voice == spoken))
        onsets.append(times_s[voice][0] - words[0][0])
    assert np.mean(agreements) > 0.93
    assert abs(np.median(onsets)) < 0.08


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside the checkout")
def test_recordings_in_seven_languages():
    for path in sorted((SHARED / "speech").glob("*.flac")):
        speech = load_speech(path)
        assert 0.4 < speech.voice.mean() <= 1, path.name
        assert 0.35 < np.mean(speech.pitch_hz[speech.voice] > 0) < 0.95, path.name
        assert 0.4 < np.median(speech.loudness[speech.voice]) < 0.8, path.name
        assert 0.35 < np.median(speech.brightness[speech.voice]) < 0.65, path.name
