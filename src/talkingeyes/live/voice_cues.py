"""What a live session knows of a voice: cues row by row, from the sound so far and nothing else.

| cue | a whole recording | live |
| --- | --- | --- |
| the voice speaks; it fell silent so long ago | known | known |
| a turn goes on | a stretch of 1.5 s after 1 s of silence | voice after 1 s of silence, at once |
| it began so long ago | with the turn | with the voice, after `STARTS_AFTER_S` of silence |
| the turn's end, the next turn's start | known | masked, unless announced (`announced.Announced`) |
| a silence is a pause within speech | its whole length is known | likely for its first `LIKELY_PAUSE_S` |
| loudness, pitch | smoothed on both sides, from the median | smoothed backwards, from a running median |
| accents | peaks of loudness and the troughs around them | a peak as it is over, and the trough before it |
| drawn-out sounds | all of them | from .3 s on |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import Frames
from talkingeyes.audio.speech import TURN_AFTER_SILENCE_S, TURN_BRIDGES_S
from talkingeyes.generate.cues import (
    FLAT_BRIGHTNESS,
    FLAT_LOUDNESS,
    FLAT_PITCH,
    HESITATION_S,
    UNKNOWN_S,
    Cues,
    Moments,
    Role,
)
from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[Any]

LIKELY_PAUSE_S = 0.5
"""A silence is taken for a pause so long; turns that end are longer silences."""
STARTS_AFTER_S = 0.5
"""A voice that was silent for so long begins anew."""
HELD_S = 0.24
"""Silences shorter than this do not end an utterance."""
KEPT_ROWS, MOST_ROWS = 16, 128
"""Rows that a window holds at least, and at most before the oldest go; a voice that is ahead of the other has more."""
MOST_AHEAD_S = 120
"""One voice may be so far ahead of the other."""
_SMOOTHING = 0.45
_LEAST_LOUDNESS = 0.15
_APART_FRAMES = 8
_LAG_FRAMES = 5
_NEVER = 1 << 40
_COLUMNS = (
    "uttering", "voice", "since_pause_s", "loudness", "accent", "pitch", "brightness", "hesitation", "inside",
    "since_start_s", "since_end_s", "pausing",
)  # fmt: skip
_FLAGS = ("uttering", "voice", "hesitation", "inside", "pausing")
_VOICE = _COLUMNS.index("voice")


@dataclass
class VoiceMemory:
    """What was heard of a voice, in frames of 20 ms.

    Attributes:
        silent: frames since it last sounded.
        since_start: frames since the voice began, after `STARTS_AFTER_S` of silence.
        since_end: frames since a turn ended.
        inside: a turn goes on.
        loudness: smoothed.
        rising: it rose last.
        trough: lowest since the last peak.
        since_accent: frames since the last accent.
        median: of the pitch, octaves.
        voiced: frames with pitch, to tell how settled the median is.
        flat: frames for which the sound has not changed.
        before: (`_LAG_FRAMES`, 4) voiced, pitch, brightness, loudness.
    """

    silent: int = _NEVER
    since_start: int = _NEVER
    since_end: int = _NEVER
    inside: bool = False
    loudness: float = 0.0
    rising: bool = False
    trough: float = 0.0
    since_accent: int = _NEVER
    median: float = 0.0
    voiced: int = 0
    flat: int = 0
    before: list[tuple[float, float, float, float]] = field(
        default_factory=lambda: [(0.0, 0.0, 0.0, 0.0)] * _LAG_FRAMES
    )


class VoiceCues:
    """Rows of one voice, frame by frame; a window of the last ones is kept.

    Attributes:
        memory: what the next row needs.
        count: rows so far.
    """

    def __init__(self) -> None:
        self.memory = VoiceMemory()
        self.count = 0
        self._kept: list[list[Any]] = [[] for _ in _COLUMNS]

    @property
    def table(self) -> Floats:
        """The last rows, by `_COLUMNS`."""
        return np.array(self._kept, float).T.copy()

    @table.setter
    def table(self, rows: Floats) -> None:
        self._kept = [
            (column > 0).tolist() if name in _FLAGS else column.tolist()
            for name, column in zip(_COLUMNS, rows.T, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._kept[0])

    def push(self, frames: Frames, mute: bool = False) -> None:
        """Frames that were heard; ``mute``: as if nobody spoke in them."""
        rows = zip(
            frames.voice.tolist(), frames.loudness.tolist(), frames.pitch_hz.tolist(), frames.brightness.tolist(),
            strict=True,
        )  # fmt: skip
        if mute:
            rows = ((False, 0.0, 0.0, 0.5) for _ in range(len(frames)))
        self._append([self._row(*row) for row in rows])

    def idle(self, count: int) -> None:
        """Frames of a voice that does not take part."""
        if count > 0:
            self._append([self._row(False, 0.0, 0.0, 0.5) for _ in range(count)])
            self._drop(len(self) - MOST_ROWS)

    @property
    def first(self) -> int:
        """Number of the first row of the window."""
        return self.count - len(self)

    def voice_at(self, row: int) -> bool:
        """Whether somebody speaks in a row of the window."""
        return self._kept[_VOICE][row - self.first]

    def cues(
        self, role: Role, upto: int, shift: int, lips: Floats | None, announced_s: tuple[float, float] | None = None
    ) -> Cues:
        """The rows before ``upto`` as a generator takes them, row ``i`` as frame ``i - shift``."""
        first = self.first
        # Lists in place of arrays: a step looks at some rows one by one.
        column: dict[str, Any] = {name: kept[: upto - first] for name, kept in zip(_COLUMNS, self._kept, strict=True)}
        unknown: Any = [UNKNOWN_S] * len(column["voice"])
        return Cues(
            role=role, uttering=column["uttering"], turn_starts_in_s=unknown, turn_ends_in_s=unknown,
            since_pause_s=column["since_pause_s"], loudness=column["loudness"], accent=column["accent"],
            pitch=column["pitch"], brightness=column["brightness"], hesitation=column["hesitation"], lips=lips,
            origin=first - shift,
            moments=Moments(
                column["inside"], column["since_start_s"], column["since_end_s"], column["pausing"], announced_s
            ),
        )  # fmt: skip

    def _append(self, rows: list[tuple[Any, ...]]) -> None:
        self.count += len(rows)
        for kept, fresh in zip(self._kept, zip(*rows, strict=True), strict=False):
            kept += fresh

    def _drop(self, count: int) -> None:
        if count > 0:
            for kept in self._kept:
                del kept[:count]

    def forget(self, before: int) -> None:
        """Rows before this number are over; some are kept."""
        keep = self.count - before + KEPT_ROWS
        if len(self) > keep + KEPT_ROWS:
            self._drop(len(self) - keep)

    def _row(self, voice: bool, loudness: float, pitch_hz: float, brightness: float) -> tuple[float, ...]:
        m = self.memory
        m.since_start, m.since_end, m.since_accent = m.since_start + 1, m.since_end + 1, m.since_accent + 1
        if voice:
            if m.silent >= STARTS_AFTER_S * PLAN_RATE_HZ:
                m.since_start = 0
            if m.silent >= TURN_AFTER_SILENCE_S * PLAN_RATE_HZ:
                m.inside = True
            m.silent = 0
        else:
            m.silent += 1
            if m.inside and m.silent > TURN_BRIDGES_S * PLAN_RATE_HZ:
                m.inside, m.since_end = False, m.silent
        accent = self._accent(loudness if voice else 0.0)
        pitch = self._pitch(pitch_hz)
        hesitates = self._dwells(pitch_hz > 0, pitch, brightness)
        heard = m.silent < _NEVER
        silent_s = m.silent / PLAN_RATE_HZ
        return (
            voice or silent_s < HELD_S,
            voice,
            silent_s if heard and not voice else UNKNOWN_S,
            m.loudness,
            accent,
            pitch,
            brightness,
            hesitates,
            m.inside,
            min(m.since_start / PLAN_RATE_HZ, UNKNOWN_S),
            min(m.since_end / PLAN_RATE_HZ, UNKNOWN_S),
            m.inside and not voice and silent_s < LIKELY_PAUSE_S,
        )

    def _accent(self, loudness: float) -> float:
        """How far a peak that has just been passed rose over the trough before it."""
        m, before = self.memory, self.memory.loudness
        m.loudness += _SMOOTHING * (loudness - m.loudness)
        passed, m.rising = m.rising and m.loudness < before, m.loudness > before
        m.trough = min(m.trough, m.loudness)
        if not passed:
            return 0.0
        height, m.trough = before - m.trough, m.loudness
        if before < _LEAST_LOUDNESS or m.since_accent < _APART_FRAMES:
            return 0.0
        m.since_accent = 0
        return height

    def _pitch(self, pitch_hz: float) -> float:
        """Semitones from a running median."""
        if pitch_hz <= 0:
            return 0.0
        m, octaves = self.memory, float(np.log2(pitch_hz))
        m.voiced += 1
        if m.voiced == 1:
            m.median = octaves
        step = max(0.15, 2.0 / (1 + m.voiced / 5)) / 12
        m.median += min(max(octaves - m.median, -step), step)
        return min(max(12 * (octaves - m.median), -12.0), 12.0)

    def _dwells(self, voiced: bool, pitch: float, brightness: float) -> bool:
        """Whether the voice has been on one sound for a while."""
        m = self.memory
        old = m.before.pop(0)
        m.before.append((float(voiced), pitch, brightness, m.loudness))
        flat = (
            voiced
            and abs(pitch - old[1]) <= FLAT_PITCH
            and abs(brightness - old[2]) <= FLAT_BRIGHTNESS
            and abs(m.loudness - old[3]) <= FLAT_LOUDNESS
        )
        m.flat = m.flat + 1 if flat else 0
        return HESITATION_S[0] * PLAN_RATE_HZ <= m.flat <= HESITATION_S[1] * PLAN_RATE_HZ
