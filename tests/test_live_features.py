"""Features of a voice that is still speaking: bits, look-ahead, state, and what sound of any kind does to them."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkingeyes.audio import FEATURE_RATE_HZ, FeatureExtractor, Frames
from talkingeyes.audio.decode import MonoStream
from talkingeyes.audio.features import LIVE_LOOK_AHEAD_S
from talkingeyes.audio.pitch import RunningPitch
from talkingeyes.audio.silero import CHUNK, SileroNetwork
from talkingeyes.audio.silero_step import SileroStep
from talkingeyes.errors import SettingError

RATE_HZ = 16_000
HOP = RATE_HZ // FEATURE_RATE_HZ


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    with resources.as_file(resources.files("talkingeyes") / "assets" / "sample.opus") as path:
        return np.concatenate(list(MonoStream(path)))[: 6 * RATE_HZ]


@pytest.fixture(scope="module")
def whole(sample) -> Frames:
    return features(sample)


def features(samples: np.ndarray, latency: str = "live") -> Frames:
    extractor = FeatureExtractor(latency)  # pyright: ignore[reportArgumentType]
    return Frames.join([extractor.push(samples.astype(np.float32)), extractor.finish(-(-len(samples) // HOP))])


def assert_same(a: Frames, b: Frames) -> None:
    for name, values in vars(a).items():
        assert values.tobytes() == getattr(b, name).tobytes(), name


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=25))
def test_any_chunking_gives_the_same_bits(sample, whole, sizes):
    extractor, parts, start = FeatureExtractor("live"), [], 0
    for size in sizes:
        parts.append(extractor.push(sample[start : start + size]))
        start += size
    parts += [extractor.push(sample[start:]), extractor.finish(len(whole))]
    assert_same(Frames.join(parts), whole)


def test_another_future_changes_nothing_that_is_out(sample, whole):
    cut = 41_234
    other = np.concatenate([sample[:cut], np.random.default_rng(1).normal(0, 0.3, 20_000).astype(np.float32)])
    out = len(FeatureExtractor("live").push(sample[:cut]))
    assert out >= (cut / RATE_HZ - LIVE_LOOK_AHEAD_S) * FEATURE_RATE_HZ - 1
    assert_same(features(other).first(out), whole.first(out))


def test_a_frame_is_out_after_the_stated_look_ahead(sample):
    extractor = FeatureExtractor("live")
    assert extractor.look_ahead_s == LIVE_LOOK_AHEAD_S <= 0.1
    for end in range(80, 3 * RATE_HZ, 80):
        extractor.push(sample[end - 80 : end])
        due = int((end / RATE_HZ - LIVE_LOOK_AHEAD_S) * FEATURE_RATE_HZ + 1e-9)
        assert extractor.given >= due


def test_a_restored_extractor_goes_on_with_the_same_bits(sample, whole):
    extractor, parts = FeatureExtractor("live"), []
    for start in range(0, len(sample), 12_345):
        parts.append(extractor.push(sample[start : start + 12_345]))
        extractor = FeatureExtractor.restore(extractor.state())
    parts.append(extractor.finish(len(whole)))
    assert_same(Frames.join(parts), whole)


def test_a_state_that_is_none_is_refused(sample):
    extractor = FeatureExtractor("live")
    extractor.push(sample[:10_000])
    good = extractor.state()
    hostile = [
        {},
        {**good, "more": np.zeros(1)},
        {**good, "buffer": np.zeros(1 << 20, np.float32)},
        {**good, "voice.network.cell": np.full((1, 128), np.nan, np.float32)},
        {**good, "pitch.score": np.zeros(5, np.float32)},
        {**good, "level.levels": [1.0] * 6},
        {**good, "given": np.array([np.inf])},
    ]
    for state in hostile:
        with pytest.raises(SettingError, match="state of a feature extractor"):
            FeatureExtractor.restore(state)
    with pytest.raises(SettingError, match="no state"):
        FeatureExtractor().state()
    with pytest.raises(SettingError, match="whole or live"):
        FeatureExtractor("quick")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_samples_that_are_no_sound_are_refused_and_leave_nothing_behind(sample, whole, bad):
    extractor = FeatureExtractor("live")
    first = extractor.push(sample[:30_000])
    with pytest.raises(SettingError, match="full scale is 1"):
        extractor.push(np.array([0.1, bad, 0.2], np.float32))
    rest = [extractor.push(sample[30_000:]), extractor.finish(len(whole))]
    assert_same(Frames.join([first, *rest]), whole)


def test_a_state_does_not_grow(sample):
    extractor = FeatureExtractor("live")
    sizes = set()
    for start in range(0, 4 * RATE_HZ, 640):
        extractor.push(sample[start : start + 640])
        sizes.add(sum(values.nbytes for values in extractor.state().values()))
    assert max(sizes) < 12_000


def test_voice_follows_the_whole_recordings_within_a_tenth_of_a_second(sample, whole):
    known = features(sample, "whole").voice
    begins = np.flatnonzero(known[1:] & ~known[:-1]) + 1
    begins = [b for b in begins if not known[max(0, b - 25) : b].any()]
    assert len(begins)
    for begin in begins:
        assert whole.voice[begin : begin + 7].any()
    assert np.mean(whole.voice == known) > 0.93
    assert not whole.voice[: begins[0]].any()


def test_the_same_voice_60_db_down(sample, whole):
    quiet = features(sample * 1e-3)
    assert np.mean(quiet.voice == whole.voice) > 0.9
    both = quiet.voice & whole.voice
    assert np.corrcoef(quiet.loudness[both], whole.loudness[both])[0, 1] > 0.9


@pytest.mark.parametrize("kind", ["silence", "offset", "square", "huge"])
def test_sound_that_is_no_voice_leaves_finite_features(kind):
    count = 2 * RATE_HZ
    made = {
        "silence": np.zeros(count),
        "offset": np.full(count, 0.5),
        "square": np.sign(np.sin(2 * np.pi * 50 * np.arange(count) / RATE_HZ)),
        "huge": np.random.default_rng(0).normal(0, 10, count),
    }
    frames = features(made[kind])
    for name, values in vars(frames).items():
        assert np.isfinite(values).all(), name
    if kind in ("silence", "offset"):
        assert not frames.voice.any()
        assert not frames.pitch_hz.any()


def test_pitch_is_that_of_the_whole_recording(sample, whole):
    known = features(sample, "whole")
    both = (whole.pitch_hz > 0) & (known.pitch_hz > 0)
    assert both.sum() > 100
    assert np.mean(np.abs(np.log2(whole.pitch_hz[both] / known.pitch_hz[both])) < 0.06) > 0.95


def test_running_pitch_finds_the_median_within_seconds():
    rng = np.random.default_rng(3)
    hz = 140 * 2 ** (rng.normal(0, 3, 1500) / 12)
    hz[rng.random(1500) < 0.4] = 0
    running = RunningPitch()
    first, rest = running.push(hz[:700]), RunningPitch()
    rest.restore(running.state())
    second = rest.push(hz[700:])
    assert np.array_equal(np.concatenate([first, second]), RunningPitch().push(hz))
    exact = np.where(hz > 0, 12 * np.log2(np.maximum(hz, 1) / np.median(hz[hz > 0])), 0)[700:]
    assert np.abs(second - np.clip(exact, -12, 12)).max() < 1.5
    assert not second[hz[700:] == 0].any()


def test_silero_by_the_runtime_says_what_the_groups_say(sample):
    count = 60
    chunks = sample[: count * CHUNK].reshape(count, CHUNK)
    step = SileroStep()
    one_by_one = np.array([step.push(chunk) for chunk in chunks])
    np.testing.assert_allclose(one_by_one, SileroNetwork().push(chunks.reshape(-1)), atol=1e-4)
