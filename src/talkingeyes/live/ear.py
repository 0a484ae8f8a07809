"""One voice of a session: its sound from any rate to cues, with a clock in whole samples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import Frames
from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.features import HOP, FeatureExtractor
from talkingeyes.errors import SettingError
from talkingeyes.generate.lips import SHAPE_NAMES
from talkingeyes.generate.live_mouth import LiveMouth
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.lanes import Lane, alone
from talkingeyes.live.plain import array_of, arrays_of, packed, unpacked
from talkingeyes.live.resample import HOLD, RATES_HZ, Resampler
from talkingeyes.live.voice_cues import MOST_AHEAD_S, MOST_ROWS, VoiceCues, VoiceMemory
from talkingeyes.weights import Network

Floats = NDArray[Any]
_RESAMPLER = ("rate_hz", "taken", "given", "tail")


class Ear:
    """Push samples of one voice; its cues, and for a voice that moves the mouth its lips, follow.

    Attributes:
        cues: of the voice.
        start_frame: of the first sound; before it the voice does not take part.
        filled: samples at 16 kHz that went in before the first push: silence.
        resampler: from the first push on.
        muted_until: frames before this count as silence: they were cut off.
        lips: (n, names) the last rows of the mouth, by `lips.SHAPE_NAMES`.
        lip_rows: how many rows there were in all.
    """

    def __init__(self, face: Network | None, rest_rows: int) -> None:
        self._face = face
        self.cues = VoiceCues()
        self.start_frame = self.filled = self.muted_until = 0
        self.resampler: Resampler | None = None
        self.extractor = FeatureExtractor("live")
        self.mouth = None if face is None else LiveMouth(face)
        self.lips = rest_lips(rest_rows)
        self.lip_rows = 0

    # -- clock ------------------------------------------------------------------------------------------------------

    @property
    def clock(self) -> int:
        """Samples at 16 kHz that sound has come for, the resampler's hold included."""
        taken = 0 if self.resampler is None else self.resampler.taken * SAMPLE_RATE_HZ // self.resampler.rate_hz
        return self.start_frame * HOP + self.filled + taken

    @property
    def end_s(self) -> float:
        """When the last sample that came ends."""
        taken_s = 0.0 if self.resampler is None else self.resampler.taken / self.resampler.rate_hz
        return (self.start_frame * HOP + self.filled) / SAMPLE_RATE_HZ + taken_s

    def join(self, clock: int) -> None:
        """The voice takes part from this moment on (samples at 16 kHz)."""
        self.start_frame, rest = divmod(clock, HOP)
        self.cues.idle(self.start_frame - self.cues.count)
        self.lip_rows = self.start_frame
        alone(self._hearing(np.zeros(rest, np.float32)))
        self.filled = rest

    def pushing(self, samples: NDArray[np.float32], rate_hz: int) -> Lane[None]:
        """Sound of one rate."""
        if self.resampler is None:
            self.resampler = Resampler(rate_hz)
        yield from self._hearing(self.resampler.push(samples))

    def filling(self, to_s: float) -> Lane[None]:
        """Silence up to a time."""
        if self.resampler is None:
            missing = math.floor(to_s * SAMPLE_RATE_HZ + 1e-6) - self.clock
            if missing > 0:
                self.filled += missing
                yield from self._hearing(np.zeros(missing, np.float32))
            return
        rate_hz = self.resampler.rate_hz
        begun = (self.start_frame * HOP + self.filled) / SAMPLE_RATE_HZ
        missing = math.floor((to_s - begun) * rate_hz + 1e-6) - self.resampler.taken
        if missing > 0:
            yield from self.pushing(np.zeros(missing, np.float32), rate_hz)

    def flushing(self, frames: int) -> Lane[None]:
        """Silence after the last sample, so that so many frames are known; nothing may follow."""
        if self.resampler is not None:
            rate_hz = self.resampler.rate_hz
            yield from self.pushing(np.zeros(2 * HOLD * rate_hz // SAMPLE_RATE_HZ + 2, np.float32), rate_hz)
        while self.known < frames:
            yield from self._hearing(np.zeros(2 * HOP, np.float32))

    # -- hearing ----------------------------------------------------------------------------------------------------

    @property
    def known(self) -> int:
        """Frames whose cues are known."""
        return self.start_frame + self.extractor.given

    def _hearing(self, samples: NDArray[np.float32]) -> Lane[None]:
        frames = yield from self.extractor.pushing(samples)
        if not len(frames):
            return
        first = self.known - len(frames)
        muted = min(max(self.muted_until - first, 0), len(frames))
        if muted:
            self.cues.push(frames.first(muted), mute=True)
        self.cues.push(_after(frames, muted) if muted else frames)
        if self.mouth is not None:
            rows = yield from self.mouth.pushing(frames)
            self.lips = np.concatenate([self.lips, rows])
            self.lip_rows += len(rows)

    def cut_off(self) -> None:
        """What came so far is not spoken after all."""
        if self.resampler is not None:
            self.resampler.tail[:] = 0.0
        self.extractor.cut_off()
        if self.mouth is not None:
            self.mouth.hush()
        self.muted_until = -(-self.clock // HOP)

    def forget(self, before: int, lips_before: int) -> None:
        """Rows before these numbers are over."""
        self.cues.forget(before)
        keep = max(self.lip_rows - lips_before, 1)  # a voice that never came has a mouth at rest
        if len(self.lips) > keep + MOST_ROWS:
            self.lips = self.lips[len(self.lips) - keep :].copy()

    # -- state --------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Plain data."""
        r = self.resampler
        return {
            "start_frame": self.start_frame, "filled": self.filled, "muted_until": self.muted_until,
            "resampler": None if r is None else {k: packed(getattr(r, k)) for k in _RESAMPLER},
            "extractor": packed(self.extractor.state()),
            "mouth": None if self.mouth is None else packed(self.mouth.state()),
            "lips": packed(self.lips), "lip_rows": self.lip_rows,
            "memory": packed(self.cues.memory), "table": packed(self.cues.table), "count": self.cues.count,
        }  # fmt: skip

    def restore(self, given: Any, where: str, is_over: bool = False) -> None:
        """Go on from `state`.

        Args:
            given: plain data.
            where: for messages.
            is_over: the session is finished: silence after its last sample was heard too.

        Raises:
            SettingError: it is none.
        """
        if not isinstance(given, dict) or set(given) != set(self.state()):
            raise SettingError(f"state: {where} is no voice of this version")
        counts = ("start_frame", "filled", "muted_until", "lip_rows")
        for name in counts:
            setattr(self, name, unpacked(given[name], int, None, f"{where}.{name}"))
        self.cues.count = unpacked(given["count"], int, None, f"{where}.count")
        self.cues.memory = unpacked(given["memory"], VoiceMemory, self.cues.memory, f"{where}.memory")
        self.cues.table = _rows_of(given["table"], self.cues.table.shape[1], f"{where}.table")
        self.lips = _rows_of(given["lips"], len(SHAPE_NAMES), f"{where}.lips")
        self.extractor = FeatureExtractor.restore(arrays_of(given["extractor"], f"{where}.extractor"))
        if (given["mouth"] is None) != (self._face is None):
            raise SettingError(f"state: {where}.mouth is of a session with another face")
        if self._face is not None:
            self.mouth = LiveMouth.restore(self._face, arrays_of(given["mouth"], f"{where}.mouth"))
        self.resampler = _resampler_of(given["resampler"], f"{where}.resampler")
        in_step = self.cues.count >= self.known >= 0 and min(self.start_frame, self.filled, self.lip_rows) >= 0
        heard = is_over or abs(self.clock - self.known * HOP) <= 4 * HOP
        mouthed = self.mouth is None or abs(self.lip_rows - self.known) <= 64
        if not (in_step and heard and mouthed):
            raise SettingError(f"state: {where} is out of step with itself")


def rest_lips(rows: int) -> Floats:
    """A mouth at rest."""
    out = np.zeros((rows, len(SHAPE_NAMES)))
    out[:, SHAPE_NAMES.index("free")] = 1.0
    return out


def _after(frames: Frames, count: int) -> Frames:
    return Frames(**{name: values[count:] for name, values in vars(frames).items()})


def _rows_of(given: Any, width: int, where: str) -> Floats:
    rows = array_of(given, where)
    if (
        rows.dtype != np.float64
        or rows.shape[1:] != (width,)
        or len(rows) > 4 * MOST_ROWS + MOST_AHEAD_S * PLAN_RATE_HZ
    ):
        raise SettingError(f"state: {where} is no table of {width} columns")
    return rows


def _resampler_of(given: Any, where: str) -> Resampler | None:
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != set(_RESAMPLER):
        raise SettingError(f"state: {where} is no resampler of this version")
    rate_hz = unpacked(given["rate_hz"], int, None, f"{where}.rate_hz")
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise SettingError(f"state: {where}.rate_hz is {rate_hz}")
    made = Resampler(rate_hz)
    made.taken, made.given = (unpacked(given[k], int, None, f"{where}.{k}") for k in ("taken", "given"))
    made.tail = array_of(given["tail"], f"{where}.tail")
    fits = made.tail.dtype == np.float32 and made.tail.ndim == 1 and len(made.tail) < rate_hz
    if not fits or made.taken < 0 or made.given != max(made.taken * SAMPLE_RATE_HZ // rate_hz - HOLD, 0):
        raise SettingError(f"state: {where} is out of step with itself")
    first = made.taken - len(made.tail)
    if not first <= made.given * rate_hz // SAMPLE_RATE_HZ - made.half + 1:
        raise SettingError(f"state: {where} lacks samples")
    return made
