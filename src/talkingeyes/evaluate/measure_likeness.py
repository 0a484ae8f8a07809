"""Tests 20 to 22: spread, diversity and Frechet distance against real people."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from talkingeyes.evaluate import distances
from talkingeyes.evaluate.distances import Moments, frechet
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import NOT_ENOUGH, REPORTED, Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array, Arrays, Pool, Span
from talkingeyes.evaluate.reference import GazeReference, HeadReference

NO_SPEAKING = "no speaking recording with gaze or head"
NO_HEAD_REFERENCE = "no real head reference"
NO_GAZE_REFERENCE = "no real gaze reference"
MIN_WINDOWS = 8
MIN_TAKES = 4
MIN_MOMENTS_S = 60.0
RATIO_BAND = (0.7, 1.3)
DIVERSITY_BAND = (0.3, 1.2)
Track = Callable[[Observation], tuple[Array, Array]]


def _has_head(o: Observation) -> bool:
    return o.motion.head_rad is not None


def _ratio_band(real: GazeReference | HeadReference | None, key: str) -> tuple[float, float]:
    """.7 to 1.3, wider where real people against themselves spread wider (docs/evaluation.md)."""
    own = real.own_ratios.get(key) if real is not None else None
    if not own:
        return RATIO_BAND
    return min(RATIO_BAND[0], own[0]), max(RATIO_BAND[1], own[1])


def _spread(
    pool: Pool, track: Track, name: str, real: GazeReference | HeadReference | None, prefix: str
) -> tuple[list[Figure], int]:
    """Ratios of SD and of velocity variance to real people; NaN where there are none."""
    keys = (f"{prefix}window_sd_deg", f"{prefix}velocity_variance")
    sd, velocity = (getattr(real, key, math.nan) for key in keys)

    def collector(span: Span) -> Arrays:
        values, seen = track(span.observation)
        values, seen = values[span.frames], seen[span.frames]
        speed = distances.velocities(values, seen, span.observation.fps)
        return {
            "windows": distances.window_variances(values, seen, span.observation.fps),
            "speed": np.array([[np.sum(speed**2), len(speed)]]),
        }

    def figures(a: Arrays) -> dict[str, float]:
        squares, count = a["speed"].sum(axis=0)
        found = len(a["windows"])
        return {
            "sd": float(np.sqrt(a["windows"].mean())) / sd if found else math.nan,
            "velocity": float(squares / count) / velocity if count else math.nan,
            "windows": float(found),
        }

    e = pool.estimate(collector, figures)
    shown = [
        figure(f"SD of {name}, ratio to real", e["sd"], _ratio_band(real, keys[0])),
        figure(f"velocity variance of {name}, ratio to real", e["velocity"], _ratio_band(real, keys[1])),
    ]
    return shown, int(e["windows"].value)


def spread(evidence: Evidence) -> Outcome:
    """Test 20: as much and as lively motion as real people."""
    gaze = evidence.speaking.where(lambda o: o.has_gaze)
    head = evidence.speaking.where(_has_head)
    eyes = head.where(lambda o: o.motion.eyes_rad is not None)
    if not len(gaze) and not len(head):
        return absent(NO_SPEAKING)
    real_gaze, real_head = evidence.reference.gaze, evidence.reference.head
    rows: list[tuple[Pool, Track, str, GazeReference | HeadReference | None, str]] = [
        (gaze, distances.gaze_track, "gaze in space", real_gaze, ""),
        (head, distances.head_track, "head", real_head, ""),
        (eyes, distances.eye_track, "eyes in the head", real_head, "eye_"),
    ]
    shown: list[Figure] = []
    notes: list[str] = []
    windows = 0
    for pool, track, name, real, prefix in rows:
        if not len(pool):
            notes.append(f"no {name}")
            continue
        figures, found = _spread(pool, track, name, real, prefix)
        if pool is eyes:  # clips to camera and conversations differ: gaze is judged by the eye-tracked people
            figures = [replace(f, band="", ok=None) for f in figures]
        shown += figures
        windows = max(windows, found)
        if real is None:
            notes.append(NO_GAZE_REFERENCE if pool is gaze else NO_HEAD_REFERENCE)
    if windows < MIN_WINDOWS:
        return lacking(f"{windows} windows of 4 s", f"{MIN_WINDOWS}", shown)
    return judge(shown, "; ".join(dict.fromkeys(notes)))


def same_audio_diversity(evidence: Evidence) -> Outcome:
    """Test 21: takes of one recording differ, but not more than unrelated real clips do."""
    if not len(evidence.speaking):
        return absent(NO_SPEAKING)
    found = _takes(evidence.speaking)
    takes = {key: t for key, t in found.items() if len(t) >= MIN_TAKES}
    if not takes:
        most = max((len(t) for t in found.values()), default=0)
        return lacking(f"{most} takes of one recording", f"{MIN_TAKES} (better 10)")
    shown: list[Figure] = []
    notes: list[str] = []
    rows: list[tuple[str, Track, Callable[[Observation], bool], float | None]] = [
        ("gaze", distances.gaze_track, lambda o: o.has_gaze, getattr(evidence.reference.gaze, "spread_deg", None)),
        ("head", distances.head_place, _has_head, getattr(evidence.reference.head, "spread_deg", None)),
    ]
    for name, track, usable, real in rows:
        values = [distances.diversity([track(o)[0] for o in t]) for t in takes.values() if all(usable(o) for o in t)]
        if not values:
            continue
        mean = float(np.mean(values))
        shown.append(figure(f"diversity of {name}", mean, unit="deg"))
        if real is None:
            zero = mean < 1e-6
            shown.append(
                Figure(f"diversity of {name}, ratio to real", 0.0 if zero else math.nan, band=_BAND, ok=_no(zero))
            )
            notes.append(f"no real {name} reference")
        else:
            shown.append(figure(f"diversity of {name}, ratio to real", mean / real, DIVERSITY_BAND))
    fewest = min(len(t) for t in takes.values())
    if fewest < 10:
        notes.append(f"{fewest} takes instead of 10")
    return judge(shown, "; ".join(notes))


def _takes(pool: Pool) -> dict[tuple[str, float, int], list[Observation]]:
    """Motions of one recording with the same rate and length: takes, not parts, of it."""
    table: dict[tuple[str, float, int], list[Observation]] = {}
    for o in pool.where(lambda o: o.duration_s >= distances.WINDOW_S):
        table.setdefault((o.recording.recording_id, o.fps, o.motion.num_frames), []).append(o)
    return table


_BAND = "0.3 to 1.2"


def _no(failed: bool) -> bool | None:
    return False if failed else None


def _joined(pool: Pool, place: Track, track: Track) -> tuple[Moments, Moments, float]:
    positions, speeds, seconds = [], [], 0.0
    for o in pool:
        values, seen = place(o)
        positions.append(Moments.of(values[seen]))
        moving, known = track(o)
        speeds.append(Moments.of(distances.velocities(moving, known, o.fps)))
        seconds += float(seen.sum()) / o.fps
    return Moments.join(positions), Moments.join(speeds), seconds


def frechet_distances(evidence: Evidence) -> Outcome:
    """Test 22: Frechet distances to held-out people, with real against real as the floor. Reported, never judged."""
    gaze, head = distances.gaze_track, distances.head_track
    rows: list[tuple[str, Pool, Track, Track]] = [
        ("gaze", evidence.speaking.where(lambda o: o.has_gaze), gaze, gaze),
        ("head", evidence.speaking.where(_has_head), distances.head_place, head),
    ]
    shown: list[Figure] = []
    notes: list[str] = []
    for name, pool, place, track in rows:
        real = evidence.reference.gaze if name == "gaze" else evidence.reference.head
        if not len(pool):
            continue
        if real is None or "held_out" not in real.positions:
            notes.append(NO_GAZE_REFERENCE if name == "gaze" else NO_HEAD_REFERENCE)
            continue
        positions, speeds, seconds = _joined(pool, place, track)
        if seconds < MIN_MOMENTS_S:
            notes.append(f"{seconds:.0f} s of {name}, {MIN_MOMENTS_S:.0f} s needed")
            continue
        for kind, ours, theirs, unit in (
            ("positions", positions, real.positions, "deg^2"),
            ("velocities", speeds, real.velocities, "(deg/s)^2"),
        ):
            shown.append(figure(f"Frechet, {kind} of {name}", frechet(ours, theirs["held_out"]), unit=unit))
            floor = frechet(theirs["rest"], theirs["held_out"])
            shown.append(figure(f"real against real, {kind} of {name}", floor, unit=unit))
    if not len(rows[0][1]) and not len(rows[1][1]):
        return absent(NO_SPEAKING)
    if not shown:
        return Outcome(NOT_ENOUGH, "; ".join(dict.fromkeys(notes)))
    return Outcome(REPORTED, "; ".join(dict.fromkeys(notes)), tuple(shown))
