"""A synthetic voice with phrases and pauses, so that the generator's properties need no recording."""

from pathlib import Path

import numpy as np
import pytest

from talkingeyes.audio import Speech, find_pauses, find_turns

SHARED_SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"


def make_speech(duration_s: float = 40.0, seed: int = 5, *, silent: bool = False) -> Speech:
    """Phrases of 1-4 s at 5 syllables a second, pauses of .2-2 s."""
    rng = np.random.default_rng(seed)
    frames = int(np.ceil(duration_s * 50))
    voice = np.zeros(frames, bool)
    t = 0.6
    while t < duration_s and not silent:
        length = rng.uniform(1.0, 4.0)
        voice[round(t * 50) : round((t + length) * 50)] = True
        t += length + rng.uniform(0.2, 2.0)
    time = np.arange(frames) / 50
    loudness = voice * (0.55 + 0.3 * np.sin(2 * np.pi * 5 * time) * np.sin(2 * np.pi * 0.3 * time))
    zeros = np.zeros(frames, np.float32)
    return Speech(
        source_name="synthetic",
        sha256="0" * 64,
        duration_s=duration_s,
        loudness_db=np.where(voice, -20.0, -90.0).astype(np.float32),
        loudness=loudness.astype(np.float32),
        pitch_hz=(voice * 120.0).astype(np.float32),
        voice=voice,
        brightness=zeros + 0.5,
        log_mel=np.zeros((frames, 40), np.float32),
        peak=loudness.astype(np.float32),
        turns=find_turns(voice),
        pauses=find_pauses(voice),
    )


@pytest.fixture(scope="session")
def speech() -> Speech:
    return make_speech()
