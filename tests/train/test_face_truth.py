"""Sound and picture brought in step: the lag with its sign and its doubt, and what cannot be aligned."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes.errors import ModelError
from talkingeyes.generate.lip_table import LIPS
from talkingeyes.train.face_data import Voice
from talkingeyes.train.face_truth import clip_lag, in_step_voices, moved


def opening(count: int, seed: int) -> np.ndarray:
    return np.convolve(np.random.default_rng(seed).normal(size=count), np.hanning(9), "same")


@pytest.mark.parametrize("late", [-7, 0, 5])
def test_a_lag_is_found_with_its_sign(late: int) -> None:
    heard = opening(200, 1)
    lag = clip_lag(heard, np.roll(heard, late) + 0.1 * opening(200, 2), np.ones(200, bool))
    assert lag.is_known and lag.mean_ms == pytest.approx(20 * late, abs=6) and lag.r > 0.9
    assert late == 0 or lag.r > lag.r_as_is + 0.2


def test_a_strangers_picture_is_not_aligned() -> None:
    found = [clip_lag(opening(60, s), opening(60, s + 100), np.ones(60, bool)) for s in range(20)]
    assert np.mean([lag.is_known for lag in found]) < 0.3
    assert not clip_lag(opening(60, 1), np.zeros(60), np.ones(60, bool)).is_known


def test_longer_clips_are_surer() -> None:
    noise = 1.5
    short, long = (clip_lag(opening(n, 3), opening(n, 3) + noise * opening(n, 4), np.ones(n, bool)) for n in (50, 1000))
    assert long.sd_ms < 0.5 * short.sd_ms


def test_a_moved_picture_shows_only_what_it_has() -> None:
    count = 30
    lips = np.repeat(np.arange(count, dtype=np.float32)[:, None], len(LIPS), axis=1)
    flat = np.zeros(count)
    voice = Voice("o", "g", np.zeros((count, 40)), flat, flat > 0, flat, lips, np.ones(count, bool), flat.astype(int))
    after = moved(voice, 50.0)
    assert after.lips[0, 0] == pytest.approx(2.5) and after.seen.sum() == count - 3 and not after.seen[-3:].any()


def test_clips_stay_as_they_are_without_a_network_and_none_left_is_said() -> None:
    assert in_step_voices([], "") == []
    from importlib.resources import files

    weights = str(files("talkingeyes") / "assets" / "weights" / "face")
    with pytest.raises(ModelError, match="no clip can be brought in step"):
        in_step_voices([], weights)
