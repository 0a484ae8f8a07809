"""Eye-tracked fixations (CSV of ../shared/data/gaze_conversation) rendered as gaze in space at any frame rate."""

from __future__ import annotations

import csv
import gzip
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.evaluate.observation import density_mode_deg
from talkingeyes.evaluate.recording import Recording
from talkingeyes.files import readable
from talkingeyes.generate import saccade
from talkingeyes.motion import Motion

Array = NDArray[Any]

COLUMNS = ("participant", "state", "start_s", "duration_s", "yaw_deg", "pitch_deg")
ROLES = {"SPEAK": "speaking", "LISTEN": "listening", "DIALOGUE": "dialogue"}
SACCADE_GAP_S = 0.1
"""A longer gap between fixations is lost tracking: what happened inside is unknown."""
BREAK_S = 2.0
"""A longer gap starts a new motion."""
MIN_MOTION_S = 1.0


@dataclass(frozen=True, eq=False)
class Fixations:
    """Fixations of one person in one state, in time order; all (N,)."""

    participant: str
    state: str
    start_s: Array
    end_s: Array
    yaw_deg: Array
    pitch_deg: Array


def read_fixations(path: Path) -> list[Fixations]:
    """Read the table, one entry per stretch of one participant in one state without a gap of `BREAK_S`.

    Raises:
        FormatError: no such file, a missing column or a field that is no number.
    """
    readable(path, "a table of fixations (.csv, .csv.gz) is accepted")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
        if missing:
            raise FormatError(f"{path.name}: the column {missing[0]!r} is missing")
        rows = _without_duplicates(list(reader))
    try:
        table = np.array([[float(r[c]) for c in COLUMNS[2:]] for r in rows], float).reshape(len(rows), 4)
    except ValueError as error:
        raise FormatError(f"{path.name}: a field is no number ({error})") from None
    who = [(r["participant"], r["state"]) for r in rows]
    end = table[:, 0] + table[:, 1]
    cuts = [
        0,
        *(i for i in range(1, len(rows)) if who[i] != who[i - 1] or table[i, 0] - end[i - 1] > BREAK_S),
        len(rows),
    ]
    return [
        Fixations(
            *who[a], table[a:b, 0], np.minimum(end[a:b], np.append(table[a + 1 : b, 0], np.inf)), *table[a:b, 2:].T
        )
        for a, b in itertools.pairwise(cuts)
        if b > a
    ]


def _without_duplicates(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows without those that repeat a fixation of the same person, state and time (the published table has 311)."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for row in rows:
        key = tuple(row[c] for c in COLUMNS[:4])
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


def partner_of(pieces: list[Fixations]) -> dict[str, tuple[float, float]]:
    """The partner's direction per participant: mode of the duration-weighted density of all states."""
    points: dict[str, list[Array]] = {}
    for p in pieces:
        repeats = np.maximum(1, np.round((p.end_s - p.start_s) / 0.02)).astype(int)
        points.setdefault(p.participant, []).append(np.repeat(np.stack([p.yaw_deg, p.pitch_deg], 1), repeats, axis=0))
    return {who: density_mode_deg(np.concatenate(parts)) for who, parts in points.items()}


def render(piece: Fixations, fps: float, partner_deg: tuple[float, float]) -> Motion:
    """Gaze in space: fixations joined by main-sequence saccades; frames of lost tracking are flagged ``filled``."""
    start = piece.start_s[0]
    count = max(1, int((piece.end_s[-1] - start) * fps))
    times = start + np.arange(count) / fps
    point = np.stack([piece.yaw_deg, piece.pitch_deg], axis=1)
    index = np.clip(np.searchsorted(piece.start_s, times, side="right") - 1, 0, len(point) - 1)
    gaze = point[index].copy()
    lost = np.zeros(count, bool)
    gap = piece.start_s[1:] - piece.end_s[:-1]
    way = np.diff(point, axis=0)
    size_rad = np.radians(np.hypot(way[:, 0] * np.cos(np.radians(point[:-1, 1])), way[:, 1]))
    length = saccade.duration_s(size_rad)
    for i in np.flatnonzero(gap <= SACCADE_GAP_S):
        begin = (piece.end_s[i] + piece.start_s[i + 1] - length[i]) / 2
        a, b = np.searchsorted(times, [begin, begin + length[i]])
        a, b = max(0, a - 1), min(count, b + 1)
        done = saccade.progress((times[a:b] - begin) / length[i], size_rad[i])
        gaze[a:b] = point[i] + done[:, None] * way[i]
    for i in np.flatnonzero(gap > SACCADE_GAP_S):
        a, b = np.searchsorted(times, [piece.end_s[i], piece.start_s[i + 1]])
        lost[a:b] = True
    return Motion(
        fps=fps,
        gaze_rad=np.radians(gaze).astype(np.float32),
        filled=lost[:, None],
        meta={
            "filled_columns": ["gaze"],
            "partner": {
                "yaw_deg": partner_deg[0], "pitch_deg": partner_deg[1], "distance_m": 0.675, "source": "density mode",
            },
            "role": ROLES[piece.state],
            "source": "eye-tracked fixations",
        },
    )  # fmt: skip


def recordings(path: Path, fps: float) -> list[Recording]:
    """All people and states as recordings at ``fps``; the recording id is the participant."""
    pieces = read_fixations(path)
    partner = partner_of(pieces)
    out = []
    for i, piece in enumerate(pieces):
        if piece.state not in ROLES:
            raise FormatError(f"{path.name}: state {piece.state!r}; {', '.join(ROLES)} are accepted")
        if piece.end_s[-1] - piece.start_s[0] < MIN_MOTION_S:
            continue
        motion = render(piece, fps, partner[piece.participant])
        name = f"person {piece.participant} {piece.state.lower()} {i}"
        out.append(Recording(motion, name, role=ROLES[piece.state], recording_id=piece.participant))
    return out
