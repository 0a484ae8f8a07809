"""Recordings that the tests of the command line make."""

import struct
import wave
from importlib import resources
from pathlib import Path

import av
import numpy as np

from talkingeyes.audio.decode import MonoStream

RATE_HZ = 16_000
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))


def write_wav(path: Path, sound: np.ndarray, rate_hz: int = RATE_HZ) -> Path:
    """(N,) or (N, channels) float in -1..1 -> 16-bit wav."""
    sound = np.atleast_2d(sound.T).T
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_float_wav(path: Path, sound: np.ndarray) -> Path:
    """(N,) float32 -> IEEE float wav, which can hold NaN."""
    data = sound.astype("<f4").tobytes()
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1, RATE_HZ,
                         RATE_HZ * 4, 4, 32, b"data", len(data))  # fmt: skip
    path.write_bytes(header + data)
    return path


def write_mp3(path: Path, seconds: float) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp3", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(babble(seconds, 44_100)[None].astype(np.float32), "fltp", "mono")
        frame.sample_rate = 44_100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def babble(seconds: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    """(N,) a harmonic tone whose loudness rises and falls like syllables."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    tone = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 8))
    return 0.2 * tone * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))


def spoken(seconds: float) -> np.ndarray:
    """(N,) a person who speaks: the bundled recording, again and again."""
    voice = np.concatenate(list(MonoStream(SAMPLE))).astype(float)
    return np.resize(voice[RATE_HZ // 2 :], round(seconds * RATE_HZ))
