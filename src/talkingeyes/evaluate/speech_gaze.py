"""Where the eyes are at the moments of speech: turn starts and ends, own pauses, hesitations; people and takes alike.

Moments come from utterance times alone, so that takes driven by the same utterances are
asked the same. Chance comes from shifting the gaze in time, in a circle. The labelled dialogue (IFADV, GPL) is read
where it lies; none of it is part of the package.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.audio.speech import find_pauses, find_turns
from talkingeyes.errors import FormatError
from talkingeyes.evaluate.actor import gaussian_smooth
from talkingeyes.evaluate.eye_tracker import Fixations

Array = NDArray[Any]
Spans = list[tuple[float, float]]

RATE_HZ = 25.0
ON_PARTNER_DEG = 8.0
BRIDGE_S, TURN_AT_LEAST_S = 0.5, 1.5
PAUSE_S = (0.3, 2.0)
HESITATION = re.compile(r"\buhm?\W*$", re.IGNORECASE)
SHIFTS = 2000
LEAST_SHIFT_S = 5.0
CURVE_S = np.arange(-3.0, 3.01, 0.25)
COLUMNS = ("speaker", "kind", "start_s", "end_s", "value")


@dataclass(frozen=True, eq=False)
class Talker:
    """One person of a dialogue.

    Attributes:
        utterances: (K, 2) start and end in s, in time order.
        hesitant: (K,) ends in a filled pause.
        on_partner: (T,) at `RATE_HZ`: 1 looks at the partner, 0 away, NaN not labelled; None where nobody looked.
    """

    utterances: Array
    hesitant: NDArray[np.bool_]
    on_partner: Array | None = None


def read_dialogue(path: Path) -> dict[str, Talker]:
    """Utterances and labelled gaze of a table with the columns of `COLUMNS` (gaze ``g`` is at the partner).

    Raises:
        FormatError: no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        table = [(r["speaker"], r["kind"], float(r["start_s"]), float(r["end_s"]), r["value"]) for r in rows]
    except (OSError, KeyError, ValueError) as error:
        raise FormatError(f"{path.name}: not a table with the columns {', '.join(COLUMNS)} ({error})") from None
    end_s = max((row[3] for row in table), default=0.0)
    out = {}
    for who in sorted({row[0] for row in table}):
        speech = sorted((a, b, text) for s, kind, a, b, text in table if s == who and kind == "speech")
        look = np.full(int(np.ceil(end_s * RATE_HZ)), np.nan)
        for s, kind, a, b, value in table:
            if s == who and kind == "gaze" and value in ("g", "x"):
                look[round(a * RATE_HZ) : round(b * RATE_HZ)] = value == "g"
        spans = np.array([(a, b) for a, b, _ in speech]).reshape(-1, 2)
        out[who] = Talker(spans, np.array([bool(HESITATION.search(t)) for *_, t in speech], bool), look)
    return out


def turns_of(utterances: Array) -> Array:
    """(M, 2) runs of utterances with gaps below .5 s, at least 1.5 s long."""
    runs: list[list[float]] = []
    for a, b in utterances:
        if runs and a - runs[-1][1] < BRIDGE_S:
            runs[-1][1] = max(runs[-1][1], b)
        else:
            runs.append([float(a), float(b)])
    return np.array([r for r in runs if r[1] - r[0] >= TURN_AT_LEAST_S]).reshape(-1, 2)


def pauses_of(own: Array, other: Array) -> Array:
    """(P, 2) silences of .3 to 2 s between two own utterances in which the other does not speak."""
    gaps = np.stack([own[:-1, 1], own[1:, 0]], axis=1) if len(own) > 1 else np.zeros((0, 2))
    length = gaps[:, 1] - gaps[:, 0]
    alone = [not np.any((other[:, 0] < b) & (other[:, 1] > a)) for a, b in gaps]
    return gaps[(length >= PAUSE_S[0]) & (length <= PAUSE_S[1]) & np.array(alone, bool)]


def own_moments(own: Talker, other: Talker) -> dict[str, Spans]:
    """Spans of time in which the speaker's own eyes are asked for."""
    turns, pauses = turns_of(own.utterances), pauses_of(own.utterances, other.utterances)
    middle = pauses.mean(axis=1)
    ends = own.utterances[own.hesitant, 1]
    return {
        "turn start, -.25 to +.75 s": [(t - 0.25, t + 0.75) for t in turns[:, 0]],
        "before a turn, -1.75 to -1 s": [(t - 1.75, t - 1.0) for t in turns[:, 0]],
        "last .75 s of a turn": [(t - 0.75, t) for t in turns[:, 1]],
        ".25 to 1 s after the turn's end": [(t + 0.25, t + 1.0) for t in turns[:, 1]],
        "within an own pause of .3-2 s": [(t - 0.2, t + 0.2) for t in middle],
        "utterance ends in a filled pause, +-.4 s": [(t - 0.4, t + 0.4) for t in ends],
    }


def listening_moments(other: Talker) -> dict[str, Spans]:
    """Spans of time in which the listener's eyes are asked for, by the partner's turns."""
    turns = turns_of(other.utterances)
    return {
        "listener at the other's turn start": [(t - 0.25, t + 0.75) for t in turns[:, 0]],
        "listener at the other's turn end": [(t - 0.75, t) for t in turns[:, 1]],
    }


@dataclass(frozen=True)
class MomentRow:
    """On-partner share at one kind of moment, beside chance.

    Attributes:
        name: the moment.
        moments: how many.
        share: time on the partner in them.
        chance: the same with the gaze shifted in time, mean over shifts.
        spread: SD over shifts.
        p: two-sided, from the shifts.
    """

    name: str
    moments: int
    share: float
    chance: float
    spread: float
    p: float


def moment_rows(
    parts: Sequence[tuple[Mapping[str, Spans], Array]], rng: np.random.Generator, shifts: int = SHIFTS
) -> list[MomentRow]:
    """Rows pooled over people (or takes): pairs of moments and an on-partner track.

    Args:
        parts: for each person or take, its moments and its (T,) track at `RATE_HZ` (NaN: unknown).
        rng: draws the shifts.
        shifts: how many.
    """
    rows = []
    for name in parts[0][0] if parts else ():
        found, shifted, count = np.zeros(2), np.zeros((shifts, 2)), 0
        for moments, track in parts:
            mask = _mask(moments[name], len(track))
            count += len(moments[name])
            on, known = np.nan_to_num(track), np.isfinite(track).astype(float)
            found += (on @ mask, known @ mask)
            least = min(round(LEAST_SHIFT_S * RATE_HZ), len(track) // 4)
            by = rng.integers(least, max(len(track) - least, least + 1), shifts)
            shifted += np.stack([_circular(on, mask)[by], _circular(known, mask)[by]], axis=1)
        share = found[0] / max(found[1], 1e-9)
        null = shifted[:, 0] / np.maximum(shifted[:, 1], 1e-9)
        p = (1 + np.sum(np.abs(null - null.mean()) >= abs(share - null.mean()))) / (shifts + 1)
        rows.append(MomentRow(name, count, float(share), float(null.mean()), float(null.std()), float(p)))
    return rows


def _mask(spans: Spans, length: int) -> Array:
    """(T,) how many spans cover a frame."""
    mask = np.zeros(length)
    for a, b in spans:
        mask[max(0, round(a * RATE_HZ)) : max(0, round(b * RATE_HZ))] += 1
    return mask


def _circular(track: Array, mask: Array) -> Array:
    """(T,) sum of the track under the mask for every circular shift."""
    return np.fft.irfft(np.conj(np.fft.rfft(track)) * np.fft.rfft(mask), len(track))


def curve(track: Array, times_s: Array, at_s: Array = CURVE_S) -> Array:
    """P(on partner) at times around moments, (len(at_s),)."""
    frames = np.round((np.asarray(times_s)[:, None] + at_s[None]) * RATE_HZ).astype(int)
    inside = (frames >= 0) & (frames < len(track))
    values = np.where(inside, np.asarray(track, float)[np.clip(frames, 0, len(track) - 1)], np.nan)
    known = np.isfinite(values)
    return np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)


def shares(own: Talker, other: Talker, track: Array) -> dict[str, float]:
    """Time on the partner while speaking alone, listening, both, silence."""
    mine, theirs = (_mask([(a, b) for a, b in t.utterances], len(track)) > 0 for t in (own, other))
    known = np.isfinite(track)
    kinds = {"speaking alone": mine & ~theirs, "listening": ~mine & theirs, "both": mine & theirs,
             "silence": ~mine & ~theirs}  # fmt: skip
    return {k: float(np.mean(track[m & known])) if (m & known).any() else float("nan") for k, m in kinds.items()}


def away_bouts_s(track: Array) -> Array:
    """Lengths of the stretches off the partner."""
    away = np.concatenate([[False], track == 0, [False]]).astype(int)
    return (np.flatnonzero(np.diff(away) == -1) - np.flatnonzero(np.diff(away) == 1)) / RATE_HZ


# -- takes driven by the same utterances ----------------------------------------------------------------------------


def speech_of(talker: Talker, duration_s: float, rng: np.random.Generator) -> Speech:
    """A voice that speaks exactly in these utterances: syllables at about 4 Hz, the last .45 s of a hesitation flat."""
    count = round(duration_s * FEATURE_RATE_HZ)
    voice, flat = np.zeros(count, bool), np.zeros(count, bool)
    for (a, b), hesitant in zip(talker.utterances, talker.hesitant, strict=True):
        voice[round(a * FEATURE_RATE_HZ) : round(b * FEATURE_RATE_HZ)] = True
        if hesitant:
            flat[round(max(a, b - 0.45) * FEATURE_RATE_HZ) : round(b * FEATURE_RATE_HZ)] = True
    syllable = np.sin(2 * np.pi * np.cumsum(rng.uniform(2.5, 5.5, count)) / FEATURE_RATE_HZ)
    slow = gaussian_smooth(rng.normal(size=(count, 2)), 0.4 * FEATURE_RATE_HZ)
    slow = slow / np.maximum(slow.std(axis=0), 1e-9)
    level = np.where(flat, 0.55, 0.6 + 0.25 * syllable + 0.15 * slow[:, 0])
    loud = np.clip(np.where(voice, level, 0.0), 0, 1).astype(np.float32)
    pitch = np.where(voice, np.where(flat, 110.0, 120.0 * 2 ** (slow[:, 1] / 6)), 0.0)
    return Speech(
        source_name="utterances", sha256="", duration_s=count / FEATURE_RATE_HZ,
        loudness_db=(-60 + 45 * loud).astype(np.float32), loudness=loud, pitch_hz=pitch.astype(np.float32),
        voice=voice, brightness=np.full(count, 0.5, np.float32), log_mel=np.zeros((count, 40), np.float32), peak=loud,
        turns=find_turns(voice), pauses=find_pauses(voice),
    )  # fmt: skip


def track_of(looks: Sequence[Fixations], duration_s: float, partner_deg: tuple[float, float] = (0.0, 0.0)) -> Array:
    """(T,) on the partner (within 8 deg of it) at `RATE_HZ`; a shift counts as the look that it leaves."""
    times = np.arange(int(np.ceil(duration_s * RATE_HZ))) / RATE_HZ
    out = np.full(len(times), np.nan)
    for look in looks:
        near = np.hypot(look.yaw_deg - partner_deg[0], look.pitch_deg - partner_deg[1]) <= ON_PARTNER_DEG
        index = np.searchsorted(look.start_s, times, side="right") - 1
        inside = (times >= look.start_s[0]) & (times < look.end_s[-1])
        out[inside] = near[np.clip(index[inside], 0, None)]
    return out
