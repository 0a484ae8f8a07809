"""Eye-tracked fixations (CSV of ../shared/data/gaze_conversation) rendered as gaze in space at any frame rate."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import zlib
from array import array
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
from talkingeyes.npz import unpacked_limit

Array = NDArray[Any]

COLUMNS = ("participant", "state", "start_s", "duration_s", "yaw_deg", "pitch_deg")
ROLES = {"SPEAK": "speaking", "LISTEN": "listening", "DIALOGUE": "dialogue"}
SACCADE_GAP_S = 0.1
"""A longer gap between fixations is lost tracking: what happened inside is unknown."""
BREAK_S = 2.0
"""A longer gap starts a new motion."""
MIN_MOTION_S = 1.0
MAX_BYTES = 1 << 30
MAX_PEOPLE, MAX_STRETCHES, MAX_STRETCH_S, MAX_TOTAL_S = 1000, 100_000, 86_400.0, 3.6e6
RANGES = ((-1e12, 1e12), (0.0, 3600.0), (-180.0, 180.0), (-180.0, 180.0))
"""What `COLUMNS` may hold from ``start_s`` on; a fixation ends when the next begins, the table states up to 2103 s."""


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
        FormatError: no such file, a missing column, a field that is no number or out of range, or more than can be
            the gaze of people.
    """
    who, table = _rows(path)
    end = table[:, 0] + table[:, 1]
    new = (table[1:, 0] < table[:-1, 0]) | (table[1:, 0] - end[:-1] > BREAK_S)
    cuts = [0, *(i + 1 for i in range(len(who) - 1) if new[i] or who[i + 1] != who[i]), len(who)]
    if len(cuts) > MAX_STRETCHES or len({name for name, _ in who}) > MAX_PEOPLE:
        raise FormatError(f"{path.name}: more than {MAX_PEOPLE} people or {MAX_STRETCHES} stretches")
    pieces = [
        Fixations(
            *who[a], table[a:b, 0], np.minimum(end[a:b], np.append(table[a + 1 : b, 0], np.inf)), *table[a:b, 2:].T
        )
        for a, b in itertools.pairwise(cuts)
        if b > a
    ]
    lengths_s = [float(p.end_s[-1] - p.start_s[0]) for p in pieces]
    if max(lengths_s, default=0.0) > MAX_STRETCH_S or sum(lengths_s) > MAX_TOTAL_S:
        raise FormatError(f"{path.name}: a stretch of more than a day, or more than 1000 hours in all")
    return pieces


def _rows(path: Path) -> tuple[list[tuple[str, str]], Array]:
    """Participant and state of each row, and its (N, 4) numbers, without the rows that repeat another.

    The published table repeats 311 fixations of the same person, state and time.
    """
    who: list[tuple[str, str]] = []
    numbers = array("d")
    seen: set[tuple[tuple[str, str], float, float]] = set()
    known: dict[tuple[str, str], tuple[str, str]] = {}
    places: list[int] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(_text(path), newline="")), start=1):
            if not places:
                places = _places(cells, path.name)
            elif cells:
                values = _values(cells, places, f"{path.name}: line {number}")
                one = (cells[places[0]], cells[places[1]])
                one = known.setdefault(one, one)
                key = (one, values[0], values[1])
                if key not in seen:
                    seen.add(key)
                    who.append(one)
                    numbers.extend(values)
    except csv.Error as error:
        raise FormatError(f"{path.name}: is no table of fixations ({error})") from None
    if not places:
        raise FormatError(f"{path.name}: the column {COLUMNS[0]!r} is missing")
    return who, np.array(numbers, float).reshape(-1, 4)


def _text(path: Path) -> str:
    size = readable(path, "a table of fixations (.csv, .csv.gz) is accepted", max_bytes=MAX_BYTES).stat().st_size
    most = unpacked_limit(size)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise FormatError(f"{path.name}: unpacks to more than {most >> 20} MB, which is all that it may")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"{path.name}: is not text (UTF-8); a table of fixations is accepted") from None
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"{path.name}: damaged or cut short ({error})") from None


def _places(header: list[str], where: str) -> list[int]:
    missing = [c for c in COLUMNS if c not in header]
    if missing:
        raise FormatError(f"{where}: the column {missing[0]!r} is missing")
    return [header.index(c) for c in COLUMNS]


def _values(cells: list[str], places: list[int], where: str) -> list[float]:
    """Start, duration, yaw and pitch of one row."""
    if len(cells) <= max(places):
        raise FormatError(f"{where} has {len(cells)} cells, which is fewer than the columns need")
    try:
        values = [float(cells[place]) for place in places[2:]]
    except ValueError:
        raise FormatError(f"{where}: a field is no number") from None
    for name, value, (low, high) in zip(COLUMNS[2:], values, RANGES, strict=True):
        if not low <= value <= high:
            raise FormatError(f"{where}: {name} is {value:g}; {low:g} to {high:g} is accepted")
    return values


def partner_of(pieces: list[Fixations]) -> dict[str, tuple[float, float]]:
    """The partner's direction per participant: mode of the duration-weighted density of all states."""
    points: dict[str, list[Array]] = {}
    weights: dict[str, list[Array]] = {}
    for p in pieces:
        points.setdefault(p.participant, []).append(np.stack([p.yaw_deg, p.pitch_deg], 1))
        weights.setdefault(p.participant, []).append(np.maximum(1, np.round((p.end_s - p.start_s) / 0.02)))
    return {who: density_mode_deg(np.concatenate(points[who]), weights=np.concatenate(weights[who])) for who in points}


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
