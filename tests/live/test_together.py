"""Sessions that are pushed together give the bytes that each gives alone, and one's error is its own."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.audio.silero import CHUNK
from talkingeyes.audio.silero_step import SileroStep
from talkingeyes.errors import SettingError
from talkingeyes.generate.mouth import NETWORK, shipped_face
from talkingeyes.lanes import together
from talkingeyes.live.together import Push, push_together
from talkingeyes.motion import Motion

RATE_HZ = 16_000
KINDS: list[dict[str, Any]] = [
    {"seed": 1}, {"seed": 2, "fps": 60.0}, {"seed": 3, "face": "none"}, {"seed": 4, "latency": "relaxed"},
    {"seed": 5, "voices": ["own", "other"]}, {"seed": 6, "model": "statistical", "role": "listening"},
]  # fmt: skip


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    with resources.as_file(resources.files("talkingeyes") / "assets" / "sample.opus") as path:
        return np.concatenate(list(MonoStream(path)))[: 3 * RATE_HZ]


def bytes_of(motions: list[Motion | None]) -> dict[str, bytes]:
    there = [motion for motion in motions if motion is not None]
    return {
        name: np.concatenate([m.channels[name] for m in there]).tobytes() for name in there[0].channels
    }  # fmt: skip


def pieces(sample: np.ndarray, number: int, piece: int) -> list[tuple[np.ndarray, str]]:
    """What one session is pushed: the voices in turns."""
    own, other = np.roll(sample, 7919 * number), np.roll(sample, 40_000)
    two = "voices" in KINDS[number]
    return [
        (sound[at : at + piece], voice)
        for at in range(0, len(sample), piece)
        for sound, voice in ((own, "own"), (other, "other"))[: 1 + two]
    ]


def test_together_is_alone(sample):
    """Sessions of all kinds, whose pieces have different lengths, so that others are beside them each time."""
    given = [pieces(sample, i, piece) for i, piece in enumerate((320, 640, 1600, 480, 320, 17_000))]
    sessions, out = [te.Session(**kind) for kind in KINDS], [[] for _ in KINDS]
    for turn in range(max(map(len, given))):
        pushes = [
            (i, Push(sessions[i], parts[turn][0], RATE_HZ, parts[turn][1]))
            for i, parts in enumerate(given)
            if turn < len(parts)
        ]
        for (i, _), motion in zip(pushes, push_together([push for _, push in pushes]), strict=True):
            assert motion is None or isinstance(motion, Motion)
            out[i].append(motion)
    for kind, parts, motions in zip(KINDS, given, out, strict=True):
        session = te.Session(**kind)
        alone = [session.push(sound, RATE_HZ, voice) for sound, voice in parts]
        assert bytes_of(motions) == bytes_of(alone), kind
        assert [m and m.meta for m in motions] == [m and m.meta for m in alone]


def test_several_pushes_of_one_session_are_made_in_their_order(sample):
    session, other = te.Session(seed=9), te.Session(seed=9)
    parts = [sample[at : at + 1000] for at in range(0, 20_000, 1000)]
    found = push_together([Push(session, part, RATE_HZ) for part in parts])
    assert bytes_of(found) == bytes_of([other.push(part, RATE_HZ) for part in parts])  # pyright: ignore[reportArgumentType]


def test_an_error_is_of_its_session_alone(sample):
    good, bad, alone = te.Session(seed=1), te.Session(seed=1), te.Session(seed=1)
    broken = sample[:8000].copy()
    broken[17] = np.nan
    first = push_together([Push(good, sample[:8000], RATE_HZ), Push(bad, broken, RATE_HZ), Push(bad, broken, RATE_HZ)])
    assert isinstance(first[1], SettingError)
    assert first[2] is None
    second = push_together([Push(bad, sample[:8000], RATE_HZ), Push(good, sample[8000:], RATE_HZ)])
    wanted = alone.push(sample[:8000], RATE_HZ)
    assert bytes_of([first[0]]) == bytes_of([second[0]]) == bytes_of([wanted])  # pyright: ignore[reportArgumentType]
    assert bytes_of([second[1]]) == bytes_of([alone.push(sample[8000:], RATE_HZ)])  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("count", [2, 3, 7, 16, 40])
def test_networks_give_each_voice_the_bits_that_it_has_alone(sample, count):
    """The runtime's products do not depend on the number of rows."""
    chunks = np.stack([sample[i * 1111 : i * 1111 + CHUNK] for i in range(count)])
    steps, others = [SileroStep() for _ in chunks], [SileroStep() for _ in chunks]
    for turn in range(4):
        at_once = together([step.pushing(np.roll(c, turn)) for step, c in zip(steps, chunks, strict=True)])
        assert at_once == [step.push(np.roll(c, turn)) for step, c in zip(others, chunks, strict=True)]
    for latency in ("low", "relaxed"):
        network, rng = shipped_face(latency), np.random.default_rng(count)
        width = network.manifest.config["state_size"]
        feeds = [
            {"features": rng.normal(size=(1, 2, 40)).astype("f4"), "state": rng.normal(size=(1, width)).astype("f4")}
            for _ in range(count)
        ]
        for found, each in zip(network.run_many(NETWORK, feeds), feeds, strict=True):
            wanted = network.run(NETWORK, each)
            assert {k: v.tobytes() for k, v in found.items()} == {k: v.tobytes() for k, v in wanted.items()}
