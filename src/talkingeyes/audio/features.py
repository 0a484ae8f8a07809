"""Features of a voice at 50 Hz by a causal extractor with state: any chunking of the samples gives the same bits.

All work is done on blocks, as many at once as have come in, by steps that take every row alone or matrices of one fixed
shape; so the bits do not depend on the sizes pushed. Two latencies:

- ``whole``, for recordings: blocks of ten frames (0.2 s); voice activity is judged in chunks of 32 ms and cleaned over
  160 ms, the pitch path settles over 120 ms. A frame is out `LOOK_AHEAD_S` after its end at the latest.
- ``live``: blocks of two frames (40 ms); voice and pitch say what is known now and take nothing back. A frame is out
  `LIVE_LOOK_AHEAD_S` after its end at the latest; its voice flag follows a voice by 70 ms (docs/live.md, Hearing).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.carried import State, checked_state, part, with_prefix
from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.level import Leveller, centroids
from talkingeyes.audio.pitch import LOOK_AHEAD_FRAMES, PitchTracker
from talkingeyes.audio.pitch import WINDOW as PITCH_WINDOW
from talkingeyes.audio.silero import CHUNK
from talkingeyes.audio.spectrum import power
from talkingeyes.audio.voice import LiveVoice, VoiceDetector
from talkingeyes.errors import SettingError
from talkingeyes.lanes import Batch, Lane, alone

FEATURE_RATE_HZ = 50
HOP = SAMPLE_RATE_HZ // FEATURE_RATE_HZ
MEL_BANDS = 40
LOOK_AHEAD_S = 0.45
"""A frame is out when the samples up to this long after its end have been pushed."""
LIVE_BLOCK_FRAMES = 2
_MARGIN = (PITCH_WINDOW - HOP) // 2
LIVE_LOOK_AHEAD_S = (LIVE_BLOCK_FRAMES - 1) / FEATURE_RATE_HZ + _MARGIN / SAMPLE_RATE_HZ
"""The same with latency ``live``: 35 ms after the first frame of a block, 15 ms after the second."""
Latency = Literal["whole", "live"]

_BLOCK_FRAMES = {"whole": 10, "live": LIVE_BLOCK_FRAMES}
_MOST_FRAMES = 160
"""Frames worked on at once: enough to be fast, few enough to stay in the processor's cache."""
_MEL_WINDOW = 400
_MEL_FFT = 512
_MEL_HANN = np.hanning(_MEL_WINDOW + 1)[:-1].astype(np.float32)
_FLOOR_DB = -100.0
_MOST_SAMPLE = 1e6


@dataclass(frozen=True, eq=False)
class Frames:
    """N consecutive frames; frame ``i`` covers ``[i, i + 1) / 50`` s.

    Attributes:
        loudness_db: (N,) RMS in dB re full scale 1.0, floor -100.
        loudness: (N,) 0..1 relative to this recording's own background (0) and loud syllables (1); 0 without voice.
        pitch_hz: (N,) 60..400, 0 where unvoiced or no voice.
        voice: (N,) bool, somebody speaks.
        brightness: (N,) 0 dark (o, u, m) .. 1 bright (ee, s); drifts to 0.5 without voice.
        log_mel: (N, 40) natural log of mel band power, 25 ms windows centred on the frame, 60 Hz to 7.6 kHz.
        peak: (N,) largest absolute sample 0..1, for drawing.
    """

    loudness_db: NDArray[np.float32]
    loudness: NDArray[np.float32]
    pitch_hz: NDArray[np.float32]
    voice: NDArray[np.bool_]
    brightness: NDArray[np.float32]
    log_mel: NDArray[np.float32]
    peak: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.voice)

    @classmethod
    def join(cls, parts: list[Frames]) -> Frames:
        """One after another."""
        return cls(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)})

    def first(self, count: int) -> Frames:
        """The first ``count`` frames."""
        return Frames(**{f.name: getattr(self, f.name)[:count] for f in fields(self)})


class FeatureExtractor:
    """Push 16 kHz mono samples, receive frames. Memory does not grow.

    Args:
        latency: "whole" for recordings, "live" for a voice that is still speaking.
    """

    def __init__(self, latency: Latency = "whole") -> None:
        if latency not in _BLOCK_FRAMES:
            raise SettingError(f"latency is {latency!r}; whole or live is accepted")
        self._live = latency == "live"
        self._block_frames = _BLOCK_FRAMES[latency]
        self._buffer = np.zeros(_MARGIN, np.float32)
        self._voice = LiveVoice(self._block_frames * HOP) if self._live else VoiceDetector(HOP)
        self._pitch = PitchTracker(self._block_frames, 0 if self._live else LOOK_AHEAD_FRAMES)
        self._level = Leveller()
        self._waiting: dict[str, NDArray[Any]] = {}
        self._given = 0

    @property
    def look_ahead_s(self) -> float:
        """A frame is out when the samples up to this long after its end have been pushed."""
        return LIVE_LOOK_AHEAD_S if self._live else LOOK_AHEAD_S

    @property
    def given(self) -> int:
        """Frames that have come out."""
        return self._given

    @property
    def lacks(self) -> int:
        """Samples that are still to come before the next block is complete."""
        return self._block_frames * HOP + 2 * _MARGIN - len(self._buffer)

    def push(self, samples: NDArray[np.float32]) -> Frames:
        """Take samples (any number) and give the frames that are settled now (often none).

        Raises:
            SettingError: live samples that are NaN or beyond any scale; what came before stays as it was.
        """
        return alone(self.pushing(samples))

    def pushing(self, samples: NDArray[np.float32]) -> Lane[Frames]:
        """The same as a lane."""
        if self._live and len(samples) and not _largest(samples) <= _MOST_SAMPLE:
            raise SettingError(f"samples hold NaN or values beyond {_MOST_SAMPLE:g}; full scale is 1")
        self._buffer = np.concatenate([self._buffer, samples.astype(np.float32, copy=False)])
        parts = []
        start, size = 0, self._block_frames * HOP
        most = _MOST_FRAMES // self._block_frames
        while (blocks := min((len(self._buffer) - start - 2 * _MARGIN) // size, most)) > 0:
            end = start + blocks * size
            piece = self._buffer[start : end + 2 * _MARGIN]
            parts.append((yield from self._hearing(piece)) if self._live else self._measure(piece))
            start = end
        self._buffer = self._buffer[start:].copy() if start else self._buffer
        frames = parts[0] if len(parts) == 1 else Frames.join(parts or [_no_frames()])
        self._given += len(frames)
        return frames

    def cut_off(self) -> None:
        """What came and is not in a frame yet becomes silence, and the voice's memory of it goes (``live`` only)."""
        self._buffer[:] = 0.0
        if isinstance(self._voice, LiveVoice):
            self._voice.cut_off()

    def finish(self, num_frames: int) -> Frames:
        """Give the rest, so that ``num_frames`` frames have come in all; after the last sample comes silence."""
        parts = [_no_frames()]
        missing = num_frames - self._given
        while missing > 0:
            parts.append(self.push(np.zeros(self._block_frames * HOP, np.float32)).first(missing))
            missing -= len(parts[-1])
        return Frames.join(parts)

    def state(self) -> State:
        """Plain arrays from which `restore` goes on with the same bits, in any process (latency ``live`` only).

        Raises:
            SettingError: of an extractor for recordings.
        """
        if not isinstance(self._voice, LiveVoice):
            raise SettingError("an extractor for recordings has no state to carry; make one with latency='live'")
        own = {"buffer": self._buffer.copy(), "given": np.array([self._given])}
        parts = {"voice": self._voice.state(), "pitch": self._pitch.state(), "level": self._level.state()}
        return own | {key: values for name, each in parts.items() for key, values in with_prefix(name, each).items()}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> FeatureExtractor:
        """The extractor (latency ``live``) whose `state` this is.

        Raises:
            SettingError: it is no such state: names, types, sizes or numbers that are not finite.
        """
        made = cls("live")
        growing = {"buffer": made._block_frames * HOP + 2 * _MARGIN - 1, "voice.waiting": CHUNK - 1}
        given = checked_state(state, made.state(), growing, "state of a feature extractor")
        made._buffer, made._given = given["buffer"], int(given["given"][0])
        for name in ("voice", "pitch", "level"):
            getattr(made, f"_{name}").restore(part(given, name))
        return made

    def _measure(self, samples: NDArray[np.float32]) -> Frames:
        """Whole blocks of a recording with a margin on both sides."""
        assert isinstance(self._voice, VoiceDetector)
        voice = self._voice.push(samples[_MARGIN:-_MARGIN].reshape(-1, self._block_frames * HOP))
        ready = self._settled({
            "voice": voice,
            "pitch_hz": self._pitch.push(_windows(samples[None], PITCH_WINDOW)[0]),
            **_measured(samples[None], self._block_frames),
        })  # fmt: skip
        loudness, brightness = self._level.push(ready["loudness_db"], ready["voice"], ready["log_mel"])
        voice = ready.pop("voice")
        ready["pitch_hz"] = np.where(voice, ready["pitch_hz"], 0.0)
        ready32 = {name: values.astype(np.float32, copy=False) for name, values in ready.items()}
        return Frames(loudness=loudness, brightness=brightness, voice=voice, **ready32)

    def _hearing(self, samples: NDArray[np.float32]) -> Lane[Frames]:
        """Whole blocks of a live voice, which is heard up to the end of the margin."""
        assert isinstance(self._voice, LiveVoice)
        count = self._block_frames
        on = yield from self._voice.pushing(samples[2 * _MARGIN :].reshape(-1, count * HOP))
        level_db, peak, log_mel, centres = yield _MEASURES(samples)
        voice = [flag for flag in on for _ in range(count)]
        pitch_hz: list[float] = []
        for speaks, run in itertools.groupby(on):  # without a voice nobody looks for a pitch: half of the work
            rows = slice(len(pitch_hz), len(pitch_hz) + count * len(list(run)))
            if speaks:
                pitch_hz += yield from self._pitch.pushing(_windows(samples[None], PITCH_WINDOW)[0, rows])
            else:
                pitch_hz += self._pitch.rest(rows.stop - rows.start)
        pairs = [self._level.frame(*row) for row in zip(level_db, voice, centres, strict=True)]
        loudness, brightness, pitch, level = np.array([*zip(*pairs, strict=True), pitch_hz, level_db], np.float32)
        return Frames(level, loudness, pitch, np.array(voice), brightness, log_mel, peak)

    def _settled(self, found: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """The frames of which all is known; voice and pitch come later than the rest."""
        for name, values in found.items():
            before = self._waiting.get(name)
            self._waiting[name] = values if before is None else np.concatenate([before, values])
        count = min(len(v) for v in self._waiting.values())
        ready = {name: values[:count] for name, values in self._waiting.items()}
        self._waiting = {name: values[count:] for name, values in self._waiting.items()}
        return ready


def _no_frames() -> Frames:
    empty = np.zeros(0, np.float32)
    return Frames(empty, empty, empty, np.zeros(0, np.bool_), empty, np.zeros((0, MEL_BANDS), np.float32), empty)


def _largest(samples: NDArray[np.float32]) -> float:
    """Absolute value; NaN where there is one."""
    return max(float(np.maximum.reduce(samples)), -float(np.minimum.reduce(samples)))


def _windows(samples: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """(L, n) samples of L voices, blocks and `_MARGIN` on both sides -> (L, frames, width) windows; a view."""
    first = (PITCH_WINDOW - width) // 2
    count = (samples.shape[1] - 2 * _MARGIN) // HOP
    along, step = samples.strides
    shape, strides = (len(samples), count, width), (along, HOP * step, step)
    return np.lib.stride_tricks.as_strided(samples[:, first:], shape, strides)


def _measured(samples: NDArray[np.float32], block_frames: int) -> dict[str, NDArray[Any]]:
    """Level, peak and spectrum of (L, n) samples of L voices, their frames one after another."""
    frames = samples[:, _MARGIN:-_MARGIN].reshape(-1, HOP)
    rms = np.sqrt(np.add.reduce(np.square(frames, dtype=np.float64), axis=1) / HOP)
    mel = _mel_power(_windows(samples, _MEL_WINDOW), block_frames)
    return {
        "loudness_db": np.maximum(20 * np.log10(np.maximum(rms, 1e-9)), _FLOOR_DB),
        "peak": np.minimum(np.maximum.reduce(np.abs(frames), axis=1), 1.0),
        "log_mel": np.log(np.maximum(mel, 1e-10)),
    }


def _measures(items: list[NDArray[np.float32]]) -> list[Any]:
    """`_measured` of live voices, and their `level.centroids`; those with as many blocks at once."""
    out: list[Any] = [None] * len(items)
    for length in {len(each) for each in items}:
        places = [i for i, each in enumerate(items) if len(each) == length]
        found = _measured(np.stack([items[i] for i in places]), LIVE_BLOCK_FRAMES)
        centres, count = centroids(found["log_mel"]).tolist(), (length - 2 * _MARGIN) // HOP
        level_db, peak, log_mel = found["loudness_db"].tolist(), found["peak"], found["log_mel"]
        for k, place in enumerate(places):
            rows = slice(k * count, (k + 1) * count)
            out[place] = level_db[rows], peak[rows], log_mel[rows], centres[rows]
    return out


_MEASURES = Batch(1, _measures)


def mel_centres_hz() -> NDArray[np.float64]:
    """(40,) centre frequencies of the mel bands (O'Shaughnessy's mel, 60 to 7600 Hz)."""
    return _mel_edges_hz()[1:-1]


def _mel_edges_hz() -> NDArray[np.float64]:
    low, high = 2595 * np.log10(1 + np.array([60.0, 7600.0]) / 700)
    return 700 * (10 ** (np.linspace(low, high, MEL_BANDS + 2) / 2595) - 1)


def _mel_matrix() -> NDArray[np.float32]:
    hz = np.fft.rfftfreq(_MEL_FFT, 1 / SAMPLE_RATE_HZ)[:, None]
    edges = _mel_edges_hz()
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


_MEL_MATRIX = _mel_matrix()


def _mel_power(windows: NDArray[np.float32], block_frames: int) -> NDArray[np.float32]:
    """(L, n, _MEL_WINDOW) -> (L * n, MEL_BANDS), a matrix product per block."""
    padded = np.zeros((windows.shape[0] * windows.shape[1], _MEL_FFT), np.float32)
    np.multiply(windows, _MEL_HANN, out=padded.reshape(*windows.shape[:2], -1)[:, :, :_MEL_WINDOW])
    spectra = (power(padded).astype(np.float32) / _MEL_WINDOW).reshape(-1, block_frames, len(_MEL_MATRIX))
    return (spectra @ _MEL_MATRIX).reshape(-1, MEL_BANDS)
