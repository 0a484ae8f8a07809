"""The observer of mouths: people among themselves pass, a mean and hovering channels are told."""

from __future__ import annotations

import numpy as np
import pytest

from talkingeyes.evaluate.mouth_features import MOUTH, SIDED, mouth_windows, tables
from talkingeyes.evaluate.observer import two_sample
from talkingeyes.motion import Motion

pytest.importorskip("sklearn")
NAMES = tuple(n for bare in MOUTH for n in ((bare + "Left", bare + "Right") if bare in SIDED else (bare,)))


def talker(seed: int, *, hovers: float = 0.0, seconds: float = 10.0) -> Motion:
    """Smooth channels of which half rests at 0; or hovers above it."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(round(25 * seconds) + 8, len(NAMES)))
    smooth = np.stack([np.convolve(column, np.hanning(9) / 4, "valid") for column in noise.T], axis=1)
    return Motion(fps=25.0, face=np.clip(0.1 * smooth + hovers, hovers, 1).astype(np.float32), face_names=NAMES)


def test_people_among_themselves_are_not_told_and_hovering_mouths_are() -> None:
    people = [(f"p{s}", talker(s)) for s in range(12)]
    same = two_sample(mouth_windows(people), mouth_windows([(f"t{s}", talker(s + 50)) for s in range(12)]), rounds=1)
    hovering = [(f"t{s}", talker(s + 50, hovers=0.05)) for s in range(12)]
    told = two_sample(mouth_windows(people), mouth_windows(hovering), rounds=1)
    assert 0.2 < same.auc < 0.8 and told.auc > 0.95


def test_windows_do_not_overlap_and_short_clips_are_one() -> None:
    assert len(mouth_windows([("a", talker(0, seconds=17.0))]).values) == 3
    assert len(mouth_windows([("a", talker(0, seconds=1.2))]).values) == 1
    assert len(mouth_windows([("a", talker(0, seconds=1.2)), ("b", talker(1, seconds=0.5))]).values) == 1


def test_sides_and_rates_are_taken_as_they_are() -> None:
    motion = talker(3)
    whole, apart = tables(motion.resample(50.0))
    again, _ = tables(motion)
    assert whole.shape[1] == len(MOUTH) and apart.shape[1] == len(SIDED)
    assert np.allclose(whole[: len(again) - 1], again[:-1], atol=1e-5)
    assert not tables(Motion(fps=25.0, lids=np.zeros((50, 2), np.float32)))[0].any()
