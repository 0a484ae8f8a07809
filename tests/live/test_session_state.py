"""States of live sessions: two voices, idle time, interruptions and looks that wait, in another process; rates."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import talkingeyes as te
from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream
from talkingeyes.errors import SettingError

Sound = NDArray[np.float32]
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))
RATE_HZ = 44_100
STEPS = 50
CHANNELS = ("head_rad", "eyes_rad", "lids", "face")


@pytest.fixture(scope="module")
def speech() -> Sound:
    """(n,) five seconds of the package's recording at 16 kHz."""
    return np.concatenate(list(MonoStream(SAMPLE)))[: 5 * SAMPLE_RATE_HZ].astype(np.float32)


def at_rate(sound: Sound, rate_hz: int) -> Sound:
    times_s = np.arange(len(sound) * rate_hz // SAMPLE_RATE_HZ) / rate_hz
    return np.interp(times_s, np.arange(len(sound)) / SAMPLE_RATE_HZ, sound).astype(np.float32)


def moved(session: te.Session) -> te.Session:
    return te.Session.restore(json.loads(json.dumps(session.state())))


def bytes_of(motions: list[te.Motion | None]) -> list[bytes]:
    out = [m for m in motions if m is not None]
    return [np.concatenate([np.asarray(getattr(m, name)) for m in out]).tobytes() for name in CHANNELS]


def directed(session: te.Session, step: int) -> list[te.Motion | None]:
    """What else happens in a step of the conversation."""
    if step == 0:
        session.look(5.0, 3.0, 0.4)
    if step == 15:
        session.look(20.0, 0.0)
    if step in (20, 30):
        session.interrupt()
    if step == 22:
        session.release()
        session.set(head_amount=0.2, eye_contact=0.9)
    return [session.advance(4.0)] if step == 36 else []


def conversation(speech: Sound, moves_at: Collection[int]) -> list[bytes]:
    """Two voices of different rates; the session moves to another one after some of the steps of .1 s."""
    own, other = np.split(at_rate(speech, RATE_HZ), STEPS), np.split(speech[::-1].copy(), STEPS)
    session, out = te.Session(seed=5), []
    for step in range(STEPS):
        out.append(session.push(own[step], RATE_HZ))
        if step >= 8:
            out.append(session.push(other[step], SAMPLE_RATE_HZ, "other"))
        out += directed(session, step)
        if step in moves_at:
            session = moved(session)
    return bytes_of([*out, session.finish()])


@pytest.fixture(scope="module")
def unmoved(speech: Sound) -> list[bytes]:
    return conversation(speech, ())


@pytest.mark.parametrize("moves_at", [(0, 8, 21), (7, 20, 36), (15, 22, 31), (30, 49)], ids=str)
def test_a_conversation_goes_on_with_the_same_bytes(
    speech: Sound, unmoved: list[bytes], moves_at: tuple[int, ...]
) -> None:
    assert conversation(speech, moves_at) == unmoved


@pytest.mark.parametrize("voices", [None, ["other"], ["own", "other"]], ids=str)
def test_a_session_that_heard_the_other_voice_for_long_moves(speech: Sound, voices: list[str] | None) -> None:
    session = te.Session(voices=voices)
    session.push(speech, SAMPLE_RATE_HZ, "other")
    session.advance(5.0)
    again = moved(session)
    more = speech[:16_000]
    tracks = [bytes_of([one.push(more, SAMPLE_RATE_HZ, "other"), one.advance(6.0)]) for one in (session, again)]
    assert tracks[0] == tracks[1] and again.role == session.role


def test_an_idle_session_moves() -> None:
    session = te.Session(voices=["own", "other"])
    session.advance(3.0)
    again = moved(session)
    assert bytes_of([session.advance(4.0)]) == bytes_of([again.advance(4.0)])


def test_a_finished_session_stays_finished(speech: Sound) -> None:
    session = te.Session()
    session.push(speech[:16_000], SAMPLE_RATE_HZ)
    session.finish()
    again = moved(session)
    assert again.frame == session.frame
    with pytest.raises(SettingError, match="finished"):
        again.push(speech[:100], SAMPLE_RATE_HZ)


@pytest.mark.parametrize(
    "options", [{"face": "none"}, {"character": "Ann"}, {"fps": 60.0}, {"latency": "relaxed"}, {"smile": 0.3}], ids=str
)
def test_sessions_of_all_kinds_move(speech: Sound, options: dict[str, Any]) -> None:
    session = te.Session(**options)
    session.push(speech[:24_000], SAMPLE_RATE_HZ)
    motions = [one.push(speech[24_000:40_000], SAMPLE_RATE_HZ) for one in (moved(session), session)]
    parts = CHANNELS[:3] if "face" in options else CHANNELS
    first, second = ([np.asarray(getattr(m, name)).tobytes() for name in parts] for m in motions)
    assert first == second


def parts_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways to every part of a state; of lists, to the first two items."""
    items = value.items() if isinstance(value, dict) else list(enumerate(value))[:2] if isinstance(value, list) else ()
    return [path, *(way for key, inner in items for way in parts_of(inner, (*path, key)))]


@pytest.mark.parametrize("seed", range(3))
def test_a_state_with_any_part_replaced_is_refused_or_goes_on(speech: Sound, seed: int) -> None:
    session = te.Session(seed=1, voices=["own", "other"])
    session.push(speech[:20_000], SAMPLE_RATE_HZ, "other")
    session.push(speech[:24_000], SAMPLE_RATE_HZ)
    text = json.dumps(session.state())
    ways, rng = parts_of(json.loads(text))[1:], np.random.default_rng(seed)
    values = [None, -1, 0, 10**12, 10**400, 1e300, math.nan, math.inf, "x", [], {}, True, 0.5]
    for way in (ways[i] for i in rng.choice(len(ways), 15, replace=False)):
        hostile = json.loads(text)
        inner = hostile
        for key in way[:-1]:
            inner = inner[key]
        inner[way[-1]] = values[rng.integers(len(values))]
        try:
            motion = te.Session.restore(hostile).push(speech[:8_000], SAMPLE_RATE_HZ, "other")
        except SettingError as error:
            assert "\n" not in str(error) and len(str(error)) < 300
        else:
            assert motion is None or all(np.isfinite(np.asarray(getattr(motion, n))).all() for n in CHANNELS)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 192_000])
def test_any_rate_and_int16_give_the_bytes_of_floats_in_any_chunks(speech: Sound, rate_hz: int) -> None:
    whole = (np.clip(at_rate(speech[:32_000], rate_hz), -1, 1) * 32_767).astype(np.int16)
    cuts = np.sort(np.random.default_rng(rate_hz).integers(0, len(whole), 30))
    floats, pieces = te.Session(seed=3), te.Session(seed=3)
    expected = bytes_of([floats.push(whole.astype(np.float32) / 32_768, rate_hz), floats.finish()])
    assert bytes_of([*(pieces.push(p, rate_hz) for p in np.split(whole, cuts)), pieces.finish()]) == expected
    assert pieces.frame == math.ceil(len(whole) / rate_hz * 30)


@pytest.mark.parametrize("fps", [24.0, 29.97, 120.0])
@pytest.mark.parametrize("latency", ["low", "relaxed"])
def test_latency_holds_at_any_frame_rate(speech: Sound, fps: float, latency: str) -> None:
    session, sent = te.Session(fps=fps, latency=latency, voices=["own"]), 0
    for piece in np.split(speech[:24_000], range(37, 24_000, 37)):
        session.push(piece, SAMPLE_RATE_HZ)
        sent += len(piece)
        assert session.time_s > sent / SAMPLE_RATE_HZ - max(session.latency_s.values()) - 1e-6


@pytest.mark.parametrize(
    "options", [{"voices": 3}, {"voices": "own"}, {"face": None}, {"amounts": {"smile": 0.1}}], ids=str
)
def test_options_of_a_wrong_kind_are_told_in_a_line(options: dict[str, Any]) -> None:
    with pytest.raises(SettingError) as caught:
        te.Session(**options)
    assert "\n" not in str(caught.value)
