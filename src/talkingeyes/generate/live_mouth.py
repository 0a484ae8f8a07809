"""The mouth of a voice that is still speaking: features in, coefficients out, block by block with carried state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ, Frames
from talkingeyes.audio.carried import State, checked_state, part, with_prefix
from talkingeyes.audio.features import LIVE_BLOCK_FRAMES, LIVE_LOOK_AHEAD_S
from talkingeyes.generate.lips import NEXT_FRAMES, SHAPE_NAMES, shapes_of
from talkingeyes.generate.mouth import WIDTH, MouthTracker
from talkingeyes.lanes import Batch, Lane, alone
from talkingeyes.weights import Network

Floats = NDArray[Any]

_AFTER_FRAMES = 3
"""The gate stays open this long (60 ms) after a voice, which the detector ends late as it is."""
_BEFORE_FRAMES = 13
"""And opens so long before it at most, where the network hears so far ahead."""
_OPENING, _CLOSING, _HUSHED = 1 / 3, 1 / 6, 1 / 3
"""Shares of its way that the gate goes in a frame: open within 60 ms, shut within 120 ms, cut off within 60 ms."""
_HUSH_FRAMES = 6
"""After a voice is cut off, flags of so many frames more (120 ms) are still the detector's memory of it."""

_REST = np.array([[1.0 if name == "free" else 0.0 for name in SHAPE_NAMES]])


class LiveMouth:
    """Push features of latency ``live``, receive the mouth's coefficients `ahead_frames` later. Memory does not grow.

    Args:
        network: a face network, best one whose blocks are those of the features (`mouth.shipped_face`, latency low or
            relaxed); a longer block adds its length to the latency.
    """

    def __init__(self, network: Network) -> None:
        self._tracker = MouthTracker(network)
        self._gate = _Gate(self._tracker.ahead)
        self._track = np.zeros((0, WIDTH), np.float32)
        self._talks = np.zeros(0)
        # Frames become known in such pieces; the first one so that none waits for more than its next one.
        self._piece = LIVE_BLOCK_FRAMES - (self._tracker.ahead + NEXT_FRAMES) % LIVE_BLOCK_FRAMES

    @property
    def ahead_frames(self) -> int:
        """Feature frames after a frame that its mouth waits for."""
        return self._tracker.ahead + NEXT_FRAMES

    @property
    def latency_s(self) -> float:
        """The mouth at any time t is out when the sound up to t + this has been pushed; exact, at any frame rate.

        The look-ahead of the network and of the rig, one frame for times between two, the network's block, and what
        the features' last window reaches over its frame.
        """
        block = self._tracker.block_frames + self._tracker.block_frames % LIVE_BLOCK_FRAMES
        reach_s = LIVE_LOOK_AHEAD_S - (LIVE_BLOCK_FRAMES - 1) / FEATURE_RATE_HZ
        return (self.ahead_frames + 1 + block) / FEATURE_RATE_HZ + reach_s

    def push(self, frames: Frames) -> Floats:
        """(n, len(SHAPE_NAMES)) rows (`lips.shapes_of`) of the frames that are settled now, in order, often none."""
        return alone(self.pushing(frames))

    def pushing(self, frames: Frames) -> Lane[Floats]:
        """The same as a lane."""
        track = yield from self._tracker.pushing(frames.log_mel, frames.loudness_db, frames.voice)
        return (yield from self._shapes(track, self._gate.push(frames.voice)))

    def finish(self) -> Floats:
        """The rest, so that as many frames have come out as went in; after the last one comes silence."""
        track = self._tracker.finish()
        talks = self._gate.push(np.zeros(self.ahead_frames, np.bool_))
        last = track[-1:] if len(track) else self._track[-1:]
        found = alone(self._shapes(np.concatenate([track, last]), talks))
        if len(self._track) > 2:  # half a piece is left
            rest = shapes_of(self._track, self._talks)
            found = np.concatenate([found, rest[1:-1]])
        return found

    def hush(self) -> None:
        """The voice is cut off: the mouth closes within .1 s, without a jump, whatever was heard so far."""
        self._gate.hush()

    def _shapes(self, track: Floats, talks: Floats) -> Lane[Floats]:
        """Frames whose next one is known, in pieces of one size, so that the bits are always the same.

        Before the first frame comes itself.
        """
        self._track = _joined(self._track, track)
        self._talks = _joined(self._talks, talks)
        parts = []
        while min(len(self._track), len(self._talks)) >= self._piece + 2:
            size, self._piece = self._piece, LIVE_BLOCK_FRAMES
            parts.append((yield PIECES((self._track[: size + 2], self._talks[: size + 2]))))
            self._track, self._talks = self._track[size:], self._talks[size:]
        return parts[0] if len(parts) == 1 else np.concatenate([_REST[:0], *parts])

    def state(self) -> State:
        """Plain arrays from which `restore` goes on with the same bits, in any process."""
        own = {
            "track": self._track.copy(),
            "talks": self._talks.copy(),
            "piece": np.array([self._piece]),
        }
        parts = {"tracker": self._tracker.state(), "gate": self._gate.state()}
        return own | {key: values for name, each in parts.items() for key, values in with_prefix(name, each).items()}

    @classmethod
    def restore(cls, network: Network, state: Mapping[str, Any]) -> LiveMouth:
        """The mouth whose `state` this is.

        Raises:
            SettingError: it is no such state, or one of another network.
        """
        made = cls(network)
        growing = {"track": 64, "talks": 64, "tracker.waiting": made._tracker.block_frames - 1}
        given = checked_state(state, made.state(), growing, "state of a mouth")
        made._track, made._talks = given["track"], given["talks"]
        made._piece = min(max(int(given["piece"][0]), 1), LIVE_BLOCK_FRAMES)
        made._tracker.restore(part(given, "tracker"))
        made._gate.restore(part(given, "gate"))
        return made


def _pieces_of(items: list[tuple[Floats, Floats]]) -> list[Floats]:
    """(n - 2, len(SHAPE_NAMES)) of the n frames of each piece; in silence what `shapes_of` gives there.

    A frame's shapes depend on the frames beside it alone, so pieces may stand one after another: their ends are left
    out.
    """
    out = [_REST[[0] * (len(talks) - 2)] for _, talks in items]
    speaking = [i for i, (_, talks) in enumerate(items) if talks.any()]
    if not speaking:
        return out
    track, talks = (np.concatenate([items[i][k] for i in speaking]) for k in (0, 1))
    rows, first = shapes_of(track, talks), 0
    for i in speaking:
        last = first + len(items[i][1])
        out[i], first = rows[first + 1 : last - 1], last
    return out


PIECES = Batch(5, _pieces_of)


def _joined(kept: Floats, fresh: Floats) -> Floats:
    """What is kept (after the first frame never nothing) and what comes; before the first frame comes itself."""
    return np.concatenate([kept if len(kept) else fresh[:1], fresh])


class _Gate:
    """How far the mouth takes part, 0..1: flags of voice in, values out so many frames later."""

    def __init__(self, ahead: int) -> None:
        self._ahead, self._before = ahead, min(ahead, _BEFORE_FRAMES)
        self._flags = [False] * _AFTER_FRAMES
        self._level = 0.0
        self._skip = ahead
        self._hushed = 0

    def push(self, voice: NDArray[np.bool_]) -> Floats:
        """(n,) flags -> (n,) values, fewer at first."""
        self._flags += voice.tolist()
        out = []
        while len(self._flags) > self._ahead + _AFTER_FRAMES:
            level = self._step(any(self._flags[: _AFTER_FRAMES + 1 + self._before]))
            out.append(level * level * (3 - 2 * level))
            del self._flags[0]
        return np.array(out, float)

    def hush(self) -> None:
        """Frames whose sound is known by now are cut off."""
        self._hushed = self._ahead + _HUSH_FRAMES

    def _step(self, near: bool) -> float:
        closing = _CLOSING
        if self._hushed:
            self._hushed -= 1
            near, closing = False, _HUSHED
        self._level = min(1.0, self._level + _OPENING) if near else max(0.0, self._level - closing)
        return self._level

    def state(self) -> State:
        flags = np.zeros(self._ahead + _AFTER_FRAMES, np.bool_)
        flags[: len(self._flags)] = self._flags
        return {"flags": flags, "count": np.array([len(self._flags), self._hushed]), "level": np.array([self._level])}

    def restore(self, state: State) -> None:
        count, self._hushed = (max(0, int(v)) for v in state["count"])
        self._flags, self._level = state["flags"][:count].tolist(), float(state["level"][0])
