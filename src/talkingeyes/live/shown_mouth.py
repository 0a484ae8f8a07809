"""The mouth as a session shows it: its network, some rows late so that the eyes need not wait, shut when cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.features import HOP, LIVE_BLOCK_FRAMES, LIVE_LOOK_AHEAD_S
from talkingeyes.errors import ModelError, SettingError
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.lips import NEXT_FRAMES, SHAPE_NAMES
from talkingeyes.generate.mouth import shipped_face
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.generate.request import resolve_face
from talkingeyes.live.ear import Ear
from talkingeyes.live.resample import HOLD
from talkingeyes.live.stage import ROWS_AHEAD, STEP_ROWS
from talkingeyes.weights import Network

Floats = NDArray[Any]

HEARS_AHEAD = 2
"""Row ``i`` of the plan is made knowing the voice up to frame ``i + HEARS_AHEAD``."""
MOST_LAG = 3
"""A mouth that is this many rows (60 ms) behind its sound is still taken to be in time (ITU-R BT.1359: 90 ms)."""
HUSHED_ROWS, UNHUSHED_ROWS = 5, 4
"""The mouth of who is interrupted closes over so many rows (100 ms, evenly), and is free again over so many."""
_FREE = SHAPE_NAMES.index("free")


class ShownMouth:
    """Rows of the mouth for the plan.

    Attributes:
        network: that moves it; None: the face has none.
        lag: rows by which it is shown late.
        hush: first row that closes and first row that is free again, around an interruption.
    """

    def __init__(self, face: str | Path, latency: str) -> None:
        self.network = _face_network(face, latency)
        self.lag = _mouth_lag(self.network)
        self.hush: tuple[int, int] | None = None

    @property
    def latency_s(self) -> dict[str, float]:
        """From the sound of a time to its frame, by channel: the worst of all steps."""
        return _latency_s(self.network, self.lag)

    def is_known(self, ear: Ear, upto: int) -> bool:
        """Whether the rows before ``upto`` can be shown."""
        return ear.mouth is None or ear.lip_rows >= upto - self.lag

    def rows(self, ear: Ear, first: int, upto: int) -> Floats | None:
        """(upto - first, len(SHAPE_NAMES)) of the plan's rows: the mouth of `lag` frames before."""
        if ear.mouth is None:
            return None
        at = first - self.lag - ear.lip_rows + len(ear.lips)
        if self.hush is None and at >= 0 and at + upto - first <= len(ear.lips):
            return ear.lips[at : at + upto - first]
        lips = ear.lips[np.clip(np.arange(at, at + upto - first), 0, len(ear.lips) - 1)]
        if self.hush is None:
            return lips
        share = _open(np.arange(first, upto), *self.hush)[:, None]
        if first > self.hush[1] + UNHUSHED_ROWS:
            self.hush = None
        shown = lips * share
        shown[:, [_FREE]] = 1 - (1 - lips[:, [_FREE]]) * share
        return shown


def _open(rows: NDArray[np.int64], first: int, last: int) -> Floats:
    """How far the mouth takes part around an interruption."""
    opening = np.clip((rows - last) / UNHUSHED_ROWS, 0.0, 1.0)
    closing = np.clip(1 - (rows - first + 1) / HUSHED_ROWS, 0.0, 1.0)
    return np.maximum(closing, opening * opening * (3 - 2 * opening))


def _face_network(face: str | Path, latency: str) -> Network | None:
    """The network that moves the mouth; None: the face has none."""
    if isinstance(face, str) and face == "none":
        return None
    if isinstance(face, str) and face == "generate":
        try:
            return shipped_face("low" if latency == "low" else "relaxed")
        except ModelError:
            return shipped_face("relaxed")
    found = resolve_face(face) if isinstance(face, str | Path) and Path(face).is_dir() else None
    if isinstance(found, Network) and not isinstance(found, BroughtFace):
        return found
    raise SettingError(f"face is {str(face)!r}; generate, none or a folder of weights of a face network is accepted")


def _lips_need(row: int, network: Network) -> int:
    """Frames that must be measured before a row of the mouth is known."""
    block = network.manifest.config.get("block", 10)
    frames = -(-(row + 1 + NEXT_FRAMES + network.manifest.config["ahead"]) // block) * block
    return -(-frames // LIVE_BLOCK_FRAMES) * LIVE_BLOCK_FRAMES


def _mouth_lag(network: Network | None) -> int:
    """Rows by which the mouth is shown late, so that it does not hold up the eyes; 0 where that would be too many."""
    for lag in range(MOST_LAG + 1):
        if network is None or _lips_need(STEP_ROWS * 8 - 1 - lag, network) <= STEP_ROWS * 8 + HEARS_AHEAD:
            return lag
    return 0


def _latency_s(network: Network | None, lag: int) -> dict[str, float]:
    """From the sound of a time to its frame: the worst of all steps."""
    worst = 0.0
    for step in range(20, 40):
        needs = STEP_ROWS * (step + 1) + HEARS_AHEAD
        if network is not None:
            needs = max(needs, _lips_need(STEP_ROWS * (step + 1) - 1 - lag, network))
        first_s = (STEP_ROWS * step - ROWS_AHEAD + 1) / PLAN_RATE_HZ
        worst = max(worst, (needs * HOP + HOLD) / SAMPLE_RATE_HZ + LIVE_LOOK_AHEAD_S - 1 / PLAN_RATE_HZ - first_s)
    eyes = round(worst, 6)
    return {"gaze": eyes, "head": eyes, "blinks": eyes, "mouth": round(eyes + lag / PLAN_RATE_HZ, 6)}
