"""The face network run on a voice, block by block with carried state: any chunking gives the same bits."""

from __future__ import annotations

import functools
from importlib.resources import as_file, files
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.carried import State
from talkingeyes.errors import ModelError
from talkingeyes.generate.lip_features import VoiceLevel, lip_features
from talkingeyes.generate.lip_table import INPUTS, LIPS, PLACES, SHAPES
from talkingeyes.generate.plan import STEP_FRAMES
from talkingeyes.lanes import Batch, Lane, alone
from talkingeyes.weights import Network, load_network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

Floats = NDArray[Any]

FaceLatency = Literal["whole", "relaxed", "low"]
FOLDERS = {"whole": "face", "relaxed": "face_relaxed", "low": "face_live"}
KIND = "face 2"
NETWORK = "face"
WIDTH = len(PLACES) + len(SHAPES)
"""Columns of a track: `PLACES`, then probabilities of `SHAPES`."""
HEARD = len(LIPS) + len(SHAPES)
"""Columns that the network gives: `LIPS` and the same probabilities."""


@functools.cache
def shipped_face(latency: FaceLatency = "whole") -> Network:
    """A face network of the package.

    Args:
        latency: "whole" hears 260 ms ahead, in blocks of .2 s, for recordings. For `live_mouth.LiveMouth`: "relaxed" is
            the same in blocks of 40 ms, "low" hears 80 ms ahead, in blocks of 40 ms.

    Raises:
        ModelError: the package is damaged.
    """
    with as_file(files("talkingeyes") / "assets" / "weights" / FOLDERS[latency]) as folder:
        return checked_face(load_network(Path(folder)))


def checked_face(network: Network) -> Network:
    """The network, if it is a face network of the kind that this code runs.

    Raises:
        ModelError: it is another.
    """
    config = network.manifest.config
    if config.get("kind") != KIND:
        raise ModelError(f"{network.folder}: weights of {config.get('kind')!r}; {KIND!r} is accepted here")
    if list(config.get("lips", ())) != list(LIPS) or list(config.get("shapes", ())) != list(SHAPES):
        raise ModelError(f"{network.folder}: made for other mouth shapes than this version's")
    for key in ("ahead", "state_size"):
        if not isinstance(config.get(key), int) or not 0 <= config[key] <= 1 << 20:
            raise ModelError(f"{network.folder}: config holds no usable {key}")
    if not _is_block(config.get("block", STEP_FRAMES)):
        raise ModelError(f"{network.folder}: config holds no usable block")
    calibration_of(network)
    return network


def calibration_of(network: Network) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(len(PLACES), HEARD) and (len(PLACES),) that make places of what the network gives, as large as people's."""
    given = network.manifest.config.get("calibration")
    parts = [given.get(key) for key in ("readout", "shift")] if isinstance(given, dict) else []
    if len(parts) != 2 or not _are_numbers(parts[1], len(PLACES)) or not _is_readout(parts[0]):
        raise ModelError(f"{network.folder}: config holds no calibration of {len(PLACES)} places")
    return np.array(parts[0], np.float32), np.array(parts[1], np.float32)


def _is_readout(part: Any) -> bool:
    return isinstance(part, list) and len(part) == len(PLACES) and all(_are_numbers(row, HEARD) for row in part)


def _is_block(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= STEP_FRAMES


def _are_numbers(part: Any, count: int) -> bool:
    if not isinstance(part, list) or len(part) != count:
        return False
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) < 1000 for v in part)


@functools.lru_cache(maxsize=16)
def _batch_of(network: Network) -> Batch:
    """Blocks of any number of voices, through the network at once."""
    return Batch(4, lambda items: network.run_many(NETWORK, items))


def _features_of(items: list[tuple[Floats, Floats]]) -> list[NDArray[np.float32]]:
    """`lip_features` of several voices."""
    if len(items) == 1:
        return [lip_features(*items[0])]
    log_mel, level_db = (np.concatenate(parts) for parts in zip(*items, strict=True))
    features, ends = lip_features(log_mel, level_db), list(accumulate(len(level) for _, level in items))
    return [features[end - len(level) : end] for end, (_, level) in zip(ends, items, strict=True)]


FEATURES = Batch(3, _features_of)


class MouthTracker:
    """Push features of a voice at 50 Hz, receive its mouth `ahead` frames later. Memory does not grow.

    Args:
        network: a face network.
        raw: rows are what the network gives (`HEARD` columns), as its pupils learn it; else they are a track.

    Attributes:
        ahead: frames.
        block_frames: that the network takes at a time; lips come in such blocks.
    """

    def __init__(self, network: Network, *, raw: bool = False) -> None:
        self._raw = raw
        self._no_rows = np.zeros((0, HEARD if raw else WIDTH), np.float32)
        self._batch = _batch_of(network)
        self.ahead: int = network.manifest.config["ahead"]
        self.block_frames: int = network.manifest.config.get("block", STEP_FRAMES)
        if not raw:
            readout, self._shift = calibration_of(network)
            self._readout = np.ascontiguousarray(readout.T)
        self._state = np.zeros((1, network.manifest.config["state_size"]), np.float32)
        self._level = VoiceLevel()
        self._waiting = np.zeros((0, INPUTS), np.float32)
        self._last = np.zeros((1, INPUTS), np.float32)
        self._to_skip = self.ahead
        self._taken = self._given = 0

    def push(self, log_mel: Floats, loudness_db: Floats, voice: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(n, 40), (n,) and (n,) of `audio.Frames` -> (m, `WIDTH`) lips that are settled now (often none)."""
        return alone(self.pushing(log_mel, loudness_db, voice))

    def pushing(self, log_mel: Floats, loudness_db: Floats, voice: NDArray[np.bool_]) -> Lane[NDArray[np.float32]]:
        """The same as a lane."""
        features = yield FEATURES((log_mel, self._level.push(loudness_db, voice)))
        self._taken += len(features)
        if len(features):
            self._last = features[-1:]
        settled = yield from self._running(features)
        self._given += len(settled)
        return settled

    def finish(self) -> NDArray[np.float32]:
        """The rest, so that as many frames have come out as went in; the last frame goes on for the look-ahead."""
        parts = [self._no_rows]
        while self._given < self._taken:
            rest = alone(self._running(np.repeat(self._last, self.block_frames, axis=0)))
            parts.append(rest[: self._taken - self._given])
            self._given += len(parts[-1])
        return np.concatenate(parts)

    def _running(self, features: NDArray[np.float32]) -> Lane[NDArray[np.float32]]:
        self._waiting = np.concatenate([self._waiting, features]) if len(self._waiting) else features
        parts: list[NDArray[np.float32]] = []
        while len(self._waiting) >= self.block_frames:
            parts.append((yield from self._block(self._waiting[: self.block_frames])))
            self._waiting = self._waiting[self.block_frames :]
        return parts[0] if len(parts) == 1 else np.concatenate([self._no_rows, *parts])

    def _block(self, features: NDArray[np.float32]) -> Lane[NDArray[np.float32]]:
        """Blocks have one length always, so that the same sums are made in the same order."""
        found = yield self._batch({"features": features[None], "state": self._state})
        self._state = found["state_after"].copy()
        track = np.concatenate([found["lips"][0], found["shapes"][0]], axis=1)
        if not self._raw:
            track = np.concatenate([track @ self._readout + self._shift, found["shapes"][0]], axis=1)
        skipped = min(self._to_skip, len(track))
        self._to_skip -= skipped
        return track[skipped:]

    def state(self) -> State:
        """Plain arrays from which one of the same network goes on with the same bits."""
        return {
            "network": self._state.copy(),
            "waiting": self._waiting.copy(),
            "last": self._last.copy(),
            "counts": np.array([self._to_skip, self._taken, self._given]),
            "level": self._level.state(),
        }

    def restore(self, state: State) -> None:
        """Go on from arrays of `state`, which were checked."""
        self._state, self._waiting, self._last = state["network"], state["waiting"], state["last"]
        self._to_skip, self._taken, self._given = (max(0, v) for v in state["counts"].tolist())
        self._level.restore(state["level"])


_tracks: WeakKeyDictionary[Speech, dict[str, NDArray[np.float32]]] = WeakKeyDictionary()


def mouth_track(speech: Speech, network: Network) -> NDArray[np.float32]:
    """(N, `WIDTH`) lips of a whole recording; computed once per recording and network."""
    known = _tracks.setdefault(speech, {})
    if network.sha256 not in known:
        tracker = MouthTracker(network)
        parts = [
            tracker.push(speech.log_mel[i : i + 3000], speech.loudness_db[i : i + 3000], speech.voice[i : i + 3000])
            for i in range(0, speech.num_frames, 3000)
        ]
        known[network.sha256] = np.concatenate([*parts, tracker.finish()])
    return known[network.sha256]
