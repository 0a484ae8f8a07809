"""Turns that a program announces before they are heard: eyes as of whole recordings, bytes as of any session."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.errors import SettingError
from talkingeyes.live.announced import MOST, Announced
from tests.cli.recordings import spoken

RATE_HZ = 16_000
BEGINS_S, ENDS_S = 1.2, 2.2


def sound() -> np.ndarray:
    """Silence until a voice that speaks from `BEGINS_S` to `ENDS_S`."""
    out = np.zeros(3 * RATE_HZ, np.float32)
    out[round(BEGINS_S * RATE_HZ) : round(ENDS_S * RATE_HZ)] = spoken(ENDS_S - BEGINS_S)
    return out


def take(pieces: int, announce: bool = True, moves: bool = False) -> list[te.Motion]:
    session, out = te.Session(face="none"), []
    if announce:
        session.announce(BEGINS_S, ENDS_S)
    for i, piece in enumerate(np.array_split(sound(), pieces)):
        if moves and i % 3 == 0:
            session = te.Session.restore(json.loads(json.dumps(session.state())))
        out.append(session.push(piece, RATE_HZ))
    return [motion for motion in (*out, session.finish()) if motion is not None]


def bytes_of(motions: list[te.Motion]) -> list[bytes]:
    return [np.concatenate([m.channels[name] for m in motions]).tobytes() for name in ("head_rad", "eyes_rad", "lids")]


def test_bytes_are_the_same_in_any_pieces_and_after_moves() -> None:
    whole = bytes_of(take(1))
    assert bytes_of(take(23)) == whole == bytes_of(take(5, moves=True))
    assert bytes_of(take(1, announce=False)) != whole


def test_over_turns_are_forgotten_and_the_next_one_is_near_in_time() -> None:
    announced = Announced()
    announced.add(1.0, 2.0, 0.0)
    announced.add(2.5, 4.0, 0.0)
    assert announced.near(0.5) == announced.near(1.99) == (1.0, 2.0)
    assert announced.near(2.0) == announced.near(3.9) == (2.5, 4.0) and len(announced.turns_s) == 1
    assert announced.near(4.0) is None


def test_who_is_cut_off_has_nothing_announced() -> None:
    session = te.Session()
    session.announce(1.0, 2.0)
    session.interrupt()
    assert session.state()["announced"]["turns_s"] == []


@pytest.mark.parametrize(
    ("starts_s", "ends_s"),
    [(2.0, 1.0), (-1.0, 1.0), (1.0, math.nan), ("1", 2.0), (1.0, 1e6), (1.0, 1.0), (0.3, 0.9), (None, None)],
    ids=str,
)
def test_turns_that_cannot_be_are_refused_in_a_line(starts_s: Any, ends_s: Any) -> None:
    session = te.Session()
    session.announce(0.1, 0.5)
    with pytest.raises(SettingError) as refused:
        session.announce(starts_s, ends_s)
    assert "\n" not in str(refused.value) and session.state()["announced"]["turns_s"] == [[0.1, 0.5]]


def test_not_more_turns_wait_than_memory_is_meant_for() -> None:
    announced = Announced()
    for i in range(MOST):
        announced.add(float(i), i + 0.5, 0.0)
    with pytest.raises(SettingError, match="wait already"):
        announced.add(MOST, MOST + 0.5, 0.0)
