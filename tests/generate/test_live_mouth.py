"""The mouth of a voice that is still speaking: bits, futures, states, latency, closing, and being cut off."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

from talkingeyes.audio import FEATURE_RATE_HZ, FeatureExtractor, Frames
from talkingeyes.audio.decode import MonoStream
from talkingeyes.errors import SettingError
from talkingeyes.generate.lips import SHAPE_NAMES, opening_mm, shapes_in
from talkingeyes.generate.live_mouth import LiveMouth
from talkingeyes.generate.mouth import WIDTH, FaceLatency, shipped_face

RATE_HZ = 16_000
LATENCIES: tuple[FaceLatency, ...] = ("low", "relaxed")
MOST_LATENCY_S = {"low": 0.2, "relaxed": 0.36}


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    with resources.as_file(resources.files("talkingeyes") / "assets" / "sample.opus") as path:
        return np.concatenate(list(MonoStream(path)))[: 4 * RATE_HZ]


@pytest.fixture(scope="module")
def frames(sample) -> Frames:
    extractor = FeatureExtractor("live")
    return Frames.join([extractor.push(sample), extractor.finish(200)])


def table(found: np.ndarray) -> np.ndarray:
    return found.T


def whole_of(frames: Frames, latency: FaceLatency) -> np.ndarray:
    mouth = LiveMouth(shipped_face(latency))
    return np.concatenate([table(mouth.push(frames)), table(mouth.finish())], axis=1)


def pieces(frames: Frames, size: int) -> list[Frames]:
    return [
        Frames(**{name: values[i : i + size] for name, values in vars(frames).items()})
        for i in range(0, len(frames), size)
    ]


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_pieces_of_any_size_give_the_same_bits_and_a_state_goes_on(frames, latency, size):
    network = shipped_face(latency)
    mouth, out = LiveMouth(network), []
    for number, piece in enumerate(pieces(frames, size)):
        out.append(table(mouth.push(piece)))
        if number % 13 == 5:
            mouth = LiveMouth.restore(network, mouth.state())
    out.append(table(mouth.finish()))
    joined = np.concatenate(out, axis=1)
    assert joined.shape == (len(SHAPE_NAMES), len(frames))
    assert joined.tobytes() == whole_of(frames, latency).tobytes()


@pytest.mark.parametrize("latency", LATENCIES)
def test_a_moment_is_out_when_the_stated_latency_has_passed_and_never_changes(sample, frames, latency):
    network = shipped_face(latency)
    extractor, mouth, out = FeatureExtractor("live"), LiveMouth(network), []
    assert mouth.latency_s <= MOST_LATENCY_S[latency]
    given = 0
    for end in range(160, 2 * RATE_HZ, 160):
        out.append(table(mouth.push(extractor.push(sample[end - 160 : end]))))
        given += out[-1].shape[1]
        # A moment lies between two frames of the mouth: both must be out.
        assert (given - 1) / FEATURE_RATE_HZ >= end / RATE_HZ - mouth.latency_s - 1e-9
    early = np.concatenate(out, axis=1)
    assert early.tobytes() == np.ascontiguousarray(whole_of(frames, latency)[:, : early.shape[1]]).tobytes()


def test_the_mouth_moves_with_the_voice_and_rests_without(frames):
    gap = opening_mm(shapes_in(whole_of(frames, "low").T))
    assert np.percentile(gap[frames.voice], 95) > 4
    quiet = np.ones(len(gap), bool)
    for at in np.flatnonzero(frames.voice):
        quiet[max(0, at - 12) : at + 16] = False
    assert not gap[quiet].any()
    assert np.abs(np.diff(gap)).max() < 9


def test_a_voice_that_is_cut_off_shuts_the_mouth_within_a_tenth_of_a_second_without_a_jump(frames):
    mouth = LiveMouth(shipped_face("low"))
    talking = next(i for i in range(40, 160) if frames.voice[i - 20 : i + 20].all())
    before = table(mouth.push(frames.first(talking)))
    mouth.hush()
    silent = Frames(**{name: np.zeros_like(values[:40]) for name, values in vars(frames).items()})
    silent.log_mel[:] = frames.log_mel.min()
    silent.loudness_db[:] = -100
    after = table(mouth.push(silent))
    gap = opening_mm(shapes_in(np.concatenate([before, after], axis=1).T))
    cut = before.shape[1]
    assert not gap[cut + 5 :].any()
    assert np.abs(np.diff(gap[cut - 2 : cut + 6])).max() < 9


def test_a_state_of_another_mouth_is_refused(frames):
    mouth = LiveMouth(shipped_face("low"))
    mouth.push(frames.first(31))
    good = mouth.state()
    for state in (
        {},
        {**good, "track": np.zeros((999, WIDTH), np.float32)},
        {**good, "gate.level": np.array([np.nan])},
    ):
        with pytest.raises(SettingError, match="state of a mouth"):
            LiveMouth.restore(shipped_face("low"), state)
    with pytest.raises(SettingError, match="tracker"):
        LiveMouth.restore(shipped_face("relaxed"), {**LiveMouth(shipped_face("relaxed")).state(), **good})
    assert sum(values.nbytes for values in good.values()) < 64_000
