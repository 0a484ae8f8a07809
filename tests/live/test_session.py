"""A live session on real speech: any chunks, nothing of the future, marks, interruptions, two voices, states."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream
from talkingeyes.errors import SettingError
from talkingeyes.generate.render import gaze_of

Sound = NDArray[np.float32]
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))


@pytest.fixture(scope="module")
def speech() -> Sound:
    """(n,) five seconds of the package's recording at 16 kHz."""
    return np.concatenate(list(MonoStream(SAMPLE)))[: 5 * SAMPLE_RATE_HZ]


def pushed(session: te.Session, sound: Sound, cuts: Sequence[int], rate_hz: float = SAMPLE_RATE_HZ) -> list[te.Motion]:
    pieces = (session.push(piece, rate_hz) for piece in np.split(sound, cuts))
    return [motion for motion in pieces if motion is not None]


def ended(session: te.Session, motions: list[te.Motion]) -> list[te.Motion]:
    last = session.finish()
    return motions if last is None else [*motions, last]


def bytes_of(motions: Sequence[te.Motion]) -> list[bytes]:
    return [
        np.concatenate([np.asarray(getattr(m, name)) for m in motions]).tobytes()
        for name in ("head_rad", "eyes_rad", "lids", "face")
    ]


def gaze_deg(motion: te.Motion) -> NDArray[np.float64]:
    head = rotations.matrix_from_ypr(np.asarray(motion.head_rad, float))
    eye = rotations.direction_from_yaw_pitch(np.asarray(motion.eyes_rad, float).mean(axis=1))
    return np.degrees(rotations.yaw_pitch_from_direction(np.einsum("tij,tj->ti", head, eye)))


def jaw(motion: te.Motion) -> NDArray[np.float32]:
    assert motion.face is not None
    return motion.face[:, motion.face_names.index("jawOpen")]


@pytest.fixture(scope="module")
def whole(speech: Sound) -> list[te.Motion]:
    session = te.Session(seed=3, voices=["own"])
    return ended(session, pushed(session, speech, []))


@pytest.mark.parametrize("seed", [1, 2])
def test_any_chunks_give_the_same_bytes(speech: Sound, whole: list[te.Motion], seed: int) -> None:
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.integers(0, len(speech), 60))
    session = te.Session(seed=3, voices=["own"])
    assert bytes_of(ended(session, pushed(session, speech, cuts.tolist()))) == bytes_of(whole)


def test_frames_are_numbered_without_gaps_and_all_come(speech: Sound, whole: list[te.Motion]) -> None:
    assert sum(m.num_frames for m in whole) == math.ceil(len(speech) / SAMPLE_RATE_HZ * 30)
    session, expected = te.Session(seed=3, voices=["own"]), 0
    for motion in ended(session, pushed(session, speech, list(range(700, len(speech), 700)))):
        assert motion.meta["start_frame"] == expected and motion.meta["start_s"] == pytest.approx(expected / 30)
        expected += motion.num_frames


def test_what_is_said_later_changes_nothing_that_is_out(speech: Sound) -> None:
    other = speech.copy()
    other[3 * SAMPLE_RATE_HZ :] = np.random.default_rng(0).normal(0, 0.2, len(speech) - 3 * SAMPLE_RATE_HZ)
    outs = []
    for sound in (speech, other):
        session = te.Session(seed=3, voices=["own"])
        early = pushed(session, sound[: 3 * SAMPLE_RATE_HZ], [])
        outs.append((bytes_of(early), bytes_of(ended(session, pushed(session, sound[3 * SAMPLE_RATE_HZ :], [])))))
    assert outs[0][0] == outs[1][0] and outs[0][1] != outs[1][1]


def test_a_frame_is_out_when_the_sound_up_to_its_latency_is_in(speech: Sound) -> None:
    session, sent = te.Session(seed=3, voices=["own"]), 0
    latest = max(session.latency_s.values())
    assert latest <= 0.2 and all(session.latency_s[name] <= 0.15 for name in ("gaze", "head", "blinks"))
    for piece in np.split(speech, list(range(160, len(speech), 160))):
        session.push(piece, SAMPLE_RATE_HZ)
        sent += len(piece)
        assert session.time_s > sent / SAMPLE_RATE_HZ - latest - 1e-6


def test_the_same_seed_is_the_same_take_and_another_is_not(speech: Sound, whole: list[te.Motion]) -> None:
    session = te.Session(seed=4, voices=["own"])
    assert bytes_of(ended(session, pushed(session, speech, []))) != bytes_of(whole)


@pytest.mark.parametrize("at", [0, 12_345, 50_000])
def test_a_session_moves_to_another_process_as_plain_data(speech: Sound, whole: list[te.Motion], at: int) -> None:
    session = te.Session(seed=3, voices=["own"])
    first = pushed(session, speech[:at], []) if at else []
    moved = te.Session.restore(json.loads(json.dumps(session.state())))
    assert bytes_of(ended(moved, [*first, *pushed(moved, speech[at:], [])])) == bytes_of(whole)


def test_damaged_states_are_refused_in_a_line(speech: Sound) -> None:
    session = te.Session(voices=["own"])
    session.push(speech[:20_000], SAMPLE_RATE_HZ)
    good = session.state()
    bad: list[object] = [None, [], {}, {**good, "version": 99}, {**good, "frame": 10**12}, {**good, "ears": {}}]
    bad += [{name: value for name, value in good.items() if name != gone} for gone in good]
    bad += [{**good, name: float("nan")} for name in good]
    for state in bad:
        with pytest.raises(SettingError) as caught:
            te.Session.restore(state)  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)


def test_the_state_does_not_grow(speech: Sound) -> None:
    session, sizes = te.Session(voices=["own"]), []
    for _ in range(6):
        session.push(speech, SAMPLE_RATE_HZ)
        sizes.append(len(json.dumps(session.state())))
    assert max(sizes[2:]) < 1.1 * sizes[1]


@pytest.mark.parametrize(("yaw", "pitch"), [(20.0, -5.0), (-30.0, 10.0)])
def test_a_look_is_taken_at_once_and_held(speech: Sound, yaw: float, pitch: float) -> None:
    session = te.Session(seed=5, voices=["own"])
    session.push(speech[:32_000], SAMPLE_RATE_HZ)
    asked = session.frame
    session.look(yaw, pitch)
    motions = ended(session, pushed(session, np.concatenate([speech[32_000:], speech, speech]), []))
    gaze = np.concatenate([gaze_deg(m) for m in motions])
    lids = np.concatenate([np.asarray(m.lids) for m in motions]).mean(axis=1)
    held = gaze[10:][lids[10:] < 0.3]
    assert asked and len(held) > 30 and np.abs(held - (yaw, pitch)).max() < 0.6
    meant = np.concatenate([np.degrees(gaze_of(m).gaze_rad) for m in motions])
    assert lids[10:].max() > 0.8 and np.abs(meant[10:] - (yaw, pitch)).max() < 0.05, "through blinks too"


def test_a_released_gaze_leaves_again(speech: Sound) -> None:
    session = te.Session(seed=5, voices=["own"])
    session.look(25.0, 0.0)
    session.push(speech[:32_000], SAMPLE_RATE_HZ)
    session.release()
    later = pushed(session, speech[32_000:], [])
    gaze = np.concatenate([gaze_deg(motion) for motion in later])[:30]  # it may come back: the place is known now
    assert np.abs(gaze - (25.0, 0.0)).max() > 10.0


@pytest.mark.parametrize(("latency", "at"), [("low", 20_000), ("low", 57_500), ("relaxed", 35_000)])
def test_speech_that_is_cut_off_shuts_the_mouth_within_100_ms_until_somebody_speaks_again(
    speech: Sound, latency: str, at: int
) -> None:
    session = te.Session(seed=5, voices=["own"], latency=latency)
    before = np.concatenate([jaw(m) for m in pushed(session, speech[:at], list(range(800, at, 800)))])
    assert before[-1] > 0.1, "it is open"
    session.interrupt()
    after = session.advance(at / SAMPLE_RATE_HZ + 1.5)
    assert after is not None
    track = np.concatenate([before[-1:], jaw(after)])
    assert track[4:].max() == 0.0 and np.abs(np.diff(track)).max() < 1.2 * np.abs(np.diff(before)).max()
    more = session.push(speech[20_000:44_000], SAMPLE_RATE_HZ)
    assert more is not None and jaw(more)[:15].max() > 0.02


def test_a_sentence_right_after_one_that_is_cut_off_opens_the_mouth(speech: Sound) -> None:
    session = te.Session(seed=5, voices=["own"])
    session.push(speech[:57_500], SAMPLE_RATE_HZ)
    session.interrupt()
    more = session.push(speech[20_000:44_000], SAMPLE_RATE_HZ)
    assert more is not None and jaw(more)[4:15].max() > 0.02


def test_who_is_interrupted_listens_within_three_tenths_of_a_second(speech: Sound) -> None:
    session = te.Session(seed=5, voices=["own", "other"])
    silent = np.zeros(640, np.float32)
    for piece in np.split(speech[:32_000], 50):
        session.push(piece, SAMPLE_RATE_HZ)
        session.push(silent, SAMPLE_RATE_HZ, "other")
    assert session.role == "speaking"
    loud = speech[int(np.argmax(np.abs(speech))) :][:16_000]
    took_s = 0.0
    for piece in np.split(loud[: len(loud) // 640 * 640], len(loud) // 640):
        session.push(silent, SAMPLE_RATE_HZ)
        session.push(piece, SAMPLE_RATE_HZ, "other")
        took_s += len(piece) / SAMPLE_RATE_HZ
        if session.role == "listening":
            break
    assert session.role == "listening" and took_s <= 0.3


def test_voices_may_be_interleaved_in_any_way(speech: Sound) -> None:
    mine, theirs = speech[:48_000], speech[::-1][:48_000].copy()
    outs = []
    for sizes in ((48_000, 48_000), (640, 960), (5_000, 333)):
        session, out = te.Session(seed=6, voices=["own", "other"]), []
        tracks = {"own": (mine, sizes[0]), "other": (theirs, sizes[1])}
        at = dict.fromkeys(tracks, 0)
        while any(at[name] < 48_000 for name in tracks):
            for name, (track, size) in tracks.items():
                motion = session.push(track[at[name] : at[name] + size], SAMPLE_RATE_HZ, name)
                at[name] += size
                out += [] if motion is None else [motion]
        outs.append(bytes_of(ended(session, out)))
    assert outs[0] == outs[1] == outs[2]


def test_a_listener_keeps_the_mouth_shut_and_lives(speech: Sound) -> None:
    session = te.Session(seed=7, role="listening", voices=["other"])
    motion = session.push(speech, SAMPLE_RATE_HZ, "other")
    assert motion is not None and jaw(motion).max() < 0.05 and np.std(gaze_deg(motion)) > 0


def test_time_may_pass_without_sound() -> None:
    session = te.Session(seed=8)
    motion = session.advance(8.0)
    assert motion is not None and motion.num_frames >= 230
    assert np.isfinite(motion.eyes_rad).all() and np.ptp(gaze_deg(motion)[:, 0]) > 0.1 and np.max(motion.lids) > 0.5


def test_a_voice_60_db_down_is_no_trouble(speech: Sound) -> None:
    session = te.Session(seed=8)
    motion = session.push(speech / 1000, SAMPLE_RATE_HZ)
    assert motion is not None and all(np.isfinite(values).all() for values in (motion.eyes_rad, motion.face))


def test_amounts_change_what_comes_after(speech: Sound) -> None:
    outs = []
    for amount in (1.0, 0.0):
        session = te.Session(seed=9, voices=["own"])
        early = pushed(session, speech[:32_000], [])
        session.set(head_amount=amount)
        outs.append((bytes_of(early), pushed(session, speech[32_000:], [])))
    assert outs[0][0] == outs[1][0]
    moved, still = (np.concatenate([np.asarray(m.head_rad) for m in out[1]])[-30:] for out in outs)
    assert np.ptp(still, axis=0).sum() < 0.5 * np.ptp(moved, axis=0).sum()


def wrong_uses() -> Iterator[tuple[str, object]]:
    """Name of each wrong use, and what does it to a session."""
    ok = np.zeros(320, np.float32)
    yield "NaN", lambda s: s.push(np.array([0.0, np.nan], np.float32), 16_000)
    yield "two columns", lambda s: s.push(np.zeros((10, 2), np.float32), 16_000)
    yield "text", lambda s: s.push(["a"], 16_000)
    yield "another rate", lambda s: (s.push(ok, 16_000), s.push(ok, 48_000))
    yield "no rate", lambda s: s.push(ok, 0)
    yield "an unknown voice", lambda s: s.push(ok, 16_000, "third")
    yield (
        "one voice far ahead",
        lambda s: (s.push(ok, 8_000), s.push(ok, 8_000, "other"), s.push(np.zeros(970_000), 8_000)),
    )
    yield "after the end", lambda s: (s.finish(), s.push(ok, 16_000))
    yield "an unknown amount", lambda s: s.set(wings=1.0)
    yield "out of reach", lambda s: s.look(170.0, 0.0)
    yield "time that is none", lambda s: s.advance(float("nan"))


@pytest.mark.parametrize(("name", "use"), list(wrong_uses()), ids=[name for name, _ in wrong_uses()])
def test_wrong_use_is_told_in_a_line(name: str, use: object) -> None:
    with pytest.raises(SettingError) as caught:
        use(te.Session())  # type: ignore[operator]
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


AFTER_THE_END = {
    "push": lambda s: s.push(np.zeros(320, np.float32), 16_000),
    "advance": lambda s: s.advance(1.0),
    "finish": lambda s: s.finish(),
    "look": lambda s: s.look(5.0, 0.0),
    "look_at": lambda s: s.look_at("camera"),
    "release": lambda s: s.release(),
    "interrupt": lambda s: s.interrupt(),
    "set": lambda s: s.set(eye_contact=0.9),
}


@pytest.mark.parametrize("name", AFTER_THE_END)
def test_nothing_is_accepted_after_the_end(name: str) -> None:
    session = te.Session()
    session.finish()
    with pytest.raises(SettingError, match="the session is finished; begin another one"):
        AFTER_THE_END[name](session)
