"""A real Pipecat pipeline, offline: speech frames in, the same and face frames out.

Pipecat brings protobuf 6, which MediaPipe does not take: it is tested in an environment of its own (``make pipecat``).
"""

import asyncio
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pipecat", reason="Pipecat's protobuf 6 does not go with MediaPipe's 4: make pipecat")

from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    TextFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
)
from pipecat.tests.utils import SleepFrame, run_test

from talkingeyes.live.pipecat import FaceFrame, FaceProcessor
from tests.live.fakes import FakeSession

RATE_HZ = 24_000


def speech(seconds: float, rate_hz: int = RATE_HZ, channels: int = 1) -> list[Frame]:
    """A sentence as a text-to-speech service sends it: all at once, in pieces of 20 ms."""
    hum = np.sin(np.arange(round(seconds * rate_hz)) * 0.05) * 12_000
    pieces = np.array_split(np.repeat(hum.astype("<i2"), channels), max(1, round(seconds * 50)) * 1)
    audio = [p[: len(p) - len(p) % channels].tobytes() for p in pieces]
    sound = [TTSAudioRawFrame(audio=a, sample_rate=rate_hz, num_channels=channels) for a in audio]
    return [TTSStartedFrame(), *sound, TTSStoppedFrame()]


def through(frames: list[Frame], session: Any = None, **options: Any) -> tuple[list[Frame], FaceProcessor]:
    async def work() -> tuple[list[Frame], FaceProcessor]:
        face = FaceProcessor(session=session, **options)
        down, _ = await run_test(face, frames_to_send=frames)
        return list(down), face

    return asyncio.run(asyncio.wait_for(work(), 30))


def faces(frames: list[Frame]) -> list[Any]:
    return [frame.face for frame in frames if isinstance(frame, FaceFrame)]


def test_speech_passes_untouched_and_a_face_comes_beside_it() -> None:
    sent = speech(1.0)
    down, _ = through(sent, FakeSession())
    sound = [frame for frame in down if isinstance(frame, TTSAudioRawFrame)]
    assert [frame.audio for frame in sound] == [f.audio for f in sent if isinstance(f, TTSAudioRawFrame)]
    found = faces(down)
    assert [face.number for face in found] == list(range(len(found)))
    assert all(face.time_s == pytest.approx(face.number / 30, abs=1e-6) for face in found)
    jaw = [face.weights[17] for face in found]
    assert sum(value > 0.2 for value in jaw) == pytest.approx(30, abs=2)  # a second of speech at 30 fps


def test_frames_come_as_the_sound_is_heard_not_as_it_arrives() -> None:
    down, _ = through([*speech(2.0), SleepFrame(sleep=0.3), InterruptionFrame(), SleepFrame(sleep=0.2)], FakeSession())
    open_ = [face for face in faces(down) if face.weights[17] > 0.2]
    assert 5 <= len(open_) < 30  # two seconds came at once, .3 s were heard


def test_an_interruption_reaches_the_session_and_what_waits_is_dropped() -> None:
    session = FakeSession()
    _, face = through([*speech(5.0), SleepFrame(sleep=0.2), InterruptionFrame(), *speech(0.2)], session)
    assert session.interrupted == 1
    assert face.playout is None  # the pipeline has ended
    heard = np.abs(session.heard()) > 0.01
    assert 0.3 < heard.sum() / 16_000 < 1.5


def test_the_face_lives_while_nobody_speaks() -> None:
    down, _ = through([SleepFrame(sleep=0.6)], FakeSession())
    assert len(faces(down)) >= 10


def test_the_user_is_the_other_voice() -> None:
    session = FakeSession()
    user = [InputAudioRawFrame(audio=bytes(640), sample_rate=16_000, num_channels=1) for _ in range(10)]
    through([*user, SleepFrame(sleep=0.1)], session)
    assert "other" in session.sound
    session = FakeSession()
    through([*user, SleepFrame(sleep=0.1)], session, listen=False)
    assert "other" not in session.sound


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (48_000, 2), (22_050, 1)])
def test_any_rate_and_channels(rate_hz: int, channels: int) -> None:
    session = FakeSession()
    through(speech(0.5, rate_hz, channels), session)
    heard = session.heard()
    assert (np.abs(heard) > 0.3).any()
    assert np.flatnonzero(np.abs(heard) > 0.01)[-1] / 16_000 == pytest.approx(0.5, abs=0.05)


def test_half_a_sample_and_other_frames_hurt_nobody() -> None:
    odd = TTSAudioRawFrame(audio=b"\x01\x02\x03", sample_rate=16_000, num_channels=1)
    empty = TTSAudioRawFrame(audio=b"", sample_rate=16_000, num_channels=1)
    down, _ = through([odd, empty, TextFrame("hello"), *speech(0.2)], FakeSession())
    assert any(isinstance(frame, TextFrame) for frame in down)
    assert not any(isinstance(frame, ErrorFrame) for frame in down)
    assert faces(down)


def test_a_real_session() -> None:
    down, _ = through(speech(0.8), model="statistical", seed=3)
    found = faces(down)
    assert len(found) >= 23
    assert len({face.head_rad for face in found}) > 5
