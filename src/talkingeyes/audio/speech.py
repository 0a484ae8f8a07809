"""`Speech`: one recording as the generators see it, with its turns and pauses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.decode import MonoStream
from talkingeyes.audio.features import FEATURE_RATE_HZ, FeatureExtractor, Frames
from talkingeyes.audio.samples import Channel, Samples, channel_number, checked_samples
from talkingeyes.errors import SettingError
from talkingeyes.files import sha256_of

TURN_AFTER_SILENCE_S = 1.0
TURN_AT_LEAST_S = 1.5
TURN_BRIDGES_S = 0.5
PAUSE_AT_LEAST_S = 0.3


@dataclass(frozen=True, eq=False)
class Speech:
    """Features of a recording at 50 Hz; N = ceil(duration_s * 50), frame ``i`` covers ``[i, i + 1) / 50`` s.

    Attributes:
        source_name: file name without folders.
        sha256: of the source file.
        duration_s: of the decoded sound; t = 0 is its first sample.
        loudness_db: (N,) RMS in dB re full scale, floor -100.
        loudness: (N,) 0..1 relative to the recording's own background and loud syllables.
        pitch_hz: (N,) 60..400, 0 = unvoiced.
        voice: (N,) bool voice activity.
        brightness: (N,) 0 dark .. 1 bright, 0.5 without voice.
        log_mel: (N, 40) natural log of mel power.
        peak: (N,) 0..1 envelope of the waveform, for drawing.
        turns: (K, 2) float start and end s, see `find_turns`.
        pauses: (P, 2) float start and end s, see `find_pauses`.
        channel: which channel of the source this is, from 1; None: all of them mixed.
    """

    source_name: str
    sha256: str
    duration_s: float
    loudness_db: NDArray[np.float32]
    loudness: NDArray[np.float32]
    pitch_hz: NDArray[np.float32]
    voice: NDArray[np.bool_]
    brightness: NDArray[np.float32]
    log_mel: NDArray[np.float32]
    peak: NDArray[np.float32]
    turns: NDArray[np.float64]
    pauses: NDArray[np.float64]
    channel: int | None = None

    @property
    def num_frames(self) -> int:
        """N."""
        return len(self.voice)


def load_speech(
    recording: str | Path | NDArray[Any], *, rate_hz: float | None = None, channel: Channel = None
) -> Speech:
    """Decode a recording (or the sound of a video) in a stream and measure it.

    Args:
        recording: a file, or samples: (n,) or (n, channels), float with full scale 1, or int16.
        rate_hz: samples per second, for samples only.
        channel: "left", "right" or a number from 1, where each channel holds another voice; None mixes them.

    Raises:
        AudioError: the file is missing, no sound, empty, damaged beyond use, NaN, or longer than a day; samples of
            another kind; a channel that is not there.
        SettingError: a rate for a file, samples without one, or no channel's name.
    """
    number = channel_number(channel)
    if isinstance(recording, np.ndarray):
        source: Path | Samples = checked_samples(recording, rate_hz)
    elif rate_hz is not None:
        raise SettingError("rate_hz is for samples; a file carries its own rate")
    else:
        source = Path(recording)
    stream = MonoStream(source, channel=number)
    frames = _measure(stream)
    for array in vars(frames).values():
        array.setflags(write=False)
    return Speech(
        source_name=source.name,
        sha256=source.sha256 if isinstance(source, Samples) else sha256_of(source),
        duration_s=stream.duration_s,
        turns=find_turns(frames.voice),
        pauses=find_pauses(frames.voice),
        channel=number,
        **vars(frames),
    )


def _measure(stream: MonoStream) -> Frames:
    """All frames of a recording."""
    extractor = FeatureExtractor()
    parts = [extractor.push(samples) for samples in stream]
    num_frames = max(1, math.ceil(stream.duration_s * FEATURE_RATE_HZ - 1e-6))
    return Frames.join([*parts, extractor.finish(num_frames)]).first(num_frames)


def _runs_s(voice: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(R, 2) start and end of each stretch of voice in seconds."""
    edges = np.diff(np.concatenate([[0], voice.astype(np.int8), [0]]))
    runs = np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)
    return runs / FEATURE_RATE_HZ


def find_turns(voice: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Turns of speaking: voice after >= 1.0 s of silence, lasting >= 1.5 s, gaps < 0.5 s bridged.

    What comes before the recording counts as silence, so speech at its very start begins a turn.

    Args:
        voice: (N,) flags at 50 Hz.

    Returns:
        (K, 2) start and end in seconds.
    """
    runs = _runs_s(voice)
    if not len(runs):
        return np.zeros((0, 2))
    gap_s = runs[1:, 0] - runs[:-1, 1]
    opens = np.concatenate([[True], gap_s > TURN_BRIDGES_S - 1e-9])
    closes = np.concatenate([opens[1:], [True]])
    stretches = np.stack([runs[opens, 0], runs[closes, 1]], axis=1)
    silence_s = np.concatenate([[np.inf], stretches[1:, 0] - stretches[:-1, 1]])
    length_s = stretches[:, 1] - stretches[:, 0]
    return stretches[(silence_s > TURN_AFTER_SILENCE_S - 1e-9) & (length_s > TURN_AT_LEAST_S - 1e-9)]


def find_pauses(voice: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Silences of >= 0.3 s with speech before and after them: (P, 2) start and end in seconds."""
    runs = _runs_s(voice)
    if len(runs) < 2:
        return np.zeros((0, 2))
    gaps = np.stack([runs[:-1, 1], runs[1:, 0]], axis=1)
    return gaps[gaps[:, 1] - gaps[:, 0] > PAUSE_AT_LEAST_S - 1e-9]
