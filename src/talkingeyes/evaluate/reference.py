"""The real reference: statistics of real people, measured by the same code that judges generated motion.

They live as small JSON files in the package (``assets/reference_gaze.json``, ``assets/reference_head.json``), made by
``scripts/fit_reference.py``, so that users need none of the data.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError, argument
from talkingeyes.evaluate import distances
from talkingeyes.evaluate.blinks import Blinks
from talkingeyes.evaluate.distances import Moments
from talkingeyes.evaluate.events import direction_bins
from talkingeyes.evaluate.head_signal import FREQUENCIES_HZ, spectrum
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.place_signal import burst_curves, place_curves
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.statistics import kaplan_meier_curve
from talkingeyes.motion import Motion

Array = NDArray[Any]

FORMAT_VERSION = 1
GAZE_ASSET, HEAD_ASSET = "reference_gaze.json", "reference_head.json"
AMPLITUDE_EDGES_DEG = np.array([3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50], float)
DWELL_TIMES_S = np.arange(0, 10.01, 0.25)
HEAT_EDGES_YAW_DEG, HEAT_EDGES_PITCH_DEG = np.arange(-40, 41, 2.0), np.arange(-30, 31, 2.0)
PROFILE_TIMES_S = np.arange(-0.2, 0.401, 0.02)


@dataclass(frozen=True, eq=False)
class GazeReference:
    """Gaze in space of real people while speaking.

    Attributes:
        provenance: where it comes from, in words.
        seconds: how much.
        directions: (8,) counts of step directions (`measure_gaze.direction_bins`).
        window_sd_deg: SD within 4 s windows.
        velocity_variance: mean of the squared velocity over 0.2 s, (deg/s)^2.
        spread_deg: mean distance between frames of different people.
        positions: moments of the gaze relative to the partner: "held_out" and "rest" people.
        velocities: the same of velocities.
        own_ratios: 95 % intervals of SD and velocity variance over themselves when these very people are drawn anew:
            what "the same as real" can mean.
        curves: histograms and curves for plots.
        figures: the scorecard's figures of these very people, by test number.
    """

    provenance: dict[str, Any]
    seconds: float
    directions: Array
    window_sd_deg: float
    velocity_variance: float
    spread_deg: float
    positions: dict[str, Moments]
    velocities: dict[str, Moments]
    own_ratios: dict[str, list[float]]
    curves: dict[str, Any]
    figures: dict[str, Any]


@dataclass(frozen=True, eq=False)
class HeadReference:
    """Head and eye-in-head motion of real speakers (fitted video); fields as in `GazeReference`."""

    provenance: dict[str, Any]
    seconds: float
    window_sd_deg: float
    velocity_variance: float
    spread_deg: float
    eye_window_sd_deg: float
    eye_velocity_variance: float
    positions: dict[str, Moments]
    velocities: dict[str, Moments]
    own_ratios: dict[str, list[float]]
    curves: dict[str, Any]
    figures: dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """What generated motion is compared with; None where there is no real data of that kind."""

    gaze: GazeReference | None = None
    head: HeadReference | None = None


def held_out_ids(ids: Sequence[str]) -> set[str]:
    """Every third recording id in sorted order (numbers as numbers): kept aside for test 22."""
    ordered = sorted(set(ids), key=lambda name: (len(name), name))
    return set(ordered[2::3])


def _moments(
    observations: Sequence[Observation], place: Any, track: Any, aside: Collection[str] = ()
) -> tuple[dict[str, Moments], dict[str, Moments]]:
    aside = aside or held_out_ids([o.recording.recording_id for o in observations])
    positions: dict[str, list[Moments]] = {"held_out": [], "rest": []}
    speeds: dict[str, list[Moments]] = {"held_out": [], "rest": []}
    for o in observations:
        values, seen = place(o)
        part = "held_out" if o.recording.recording_id in aside else "rest"
        positions[part].append(Moments.of(values[seen]))
        values, seen = track(o)
        speeds[part].append(Moments.of(distances.velocities(values, seen, o.fps)))
    return (
        {k: Moments.join(v) for k, v in positions.items() if v},
        {k: Moments.join(v) for k, v in speeds.items() if v},
    )


def spread_figures(observations: Sequence[Observation], track: Any) -> tuple[float, float]:
    """SD within 4 s windows, and mean squared velocity over 0.2 s; NaN without data."""
    windows, squares, count = [], 0.0, 0
    for o in observations:
        values, seen = track(o)
        windows.append(distances.window_variances(values, seen, o.fps))
        velocity = distances.velocities(values, seen, o.fps)
        squares += float(np.sum(velocity**2))
        count += len(velocity)
    joined = np.concatenate(windows) if windows else np.zeros(0)
    sd = float(np.sqrt(joined.mean())) if len(joined) else float("nan")
    return sd, squares / count if count else float("nan")


def own_ratios(
    observations: Sequence[Observation], track: Any, prefix: str = "", draws: int = 500
) -> dict[str, list[float]]:
    """Intervals of `spread_figures` over their own values, by bootstrap over recording ids."""
    rows: dict[str, Array] = {}
    for o in observations:
        values, seen = track(o)
        windows, velocity = distances.window_variances(values, seen, o.fps), distances.velocities(values, seen, o.fps)
        row = np.array([windows.sum(), len(windows), np.sum(velocity**2), len(velocity)])
        rows[o.recording.recording_id] = rows.get(o.recording.recording_id, np.zeros(4)) + row
    table = np.array(list(rows.values()))
    chosen = np.random.default_rng(0).integers(0, len(table), (draws, len(table)))
    sums, whole = table[chosen].sum(axis=1), table.sum(axis=0)
    if whole.min() <= 0 or sums.min() <= 0:
        return {}
    sd = np.sqrt(sums[:, 0] / sums[:, 1] / (whole[0] / whole[1]))
    variance = sums[:, 2] / sums[:, 3] / (whole[2] / whole[3])
    return {
        f"{prefix}{name}": np.percentile(ratio, [2.5, 97.5]).round(3).tolist()
        for name, ratio in (("window_sd_deg", sd), ("velocity_variance", variance))
    }


def gaze_curves(observations: Sequence[Observation]) -> dict[str, Any]:
    """What the plots of gaze need: amplitudes, directions, dwells, heat map, main sequence."""
    steps = [(o, o.steps.where(o.at(o.talking, o.steps.time_s))) for o in observations]
    amplitude = np.concatenate([s.amplitude_deg for _, s in steps] or [np.zeros(0)])
    speed = np.concatenate([s.peak_deg_s for _, s in steps] or [np.zeros(0)])
    bouts = [(o.bouts, o.at(o.talking, o.bouts.start_s)) for o in observations]
    bins: Any = [HEAT_EDGES_YAW_DEG, HEAT_EDGES_PITCH_DEG]
    heat = np.zeros((len(HEAT_EDGES_YAW_DEG) - 1, len(HEAT_EDGES_PITCH_DEG) - 1))
    for o in observations:
        values, seen = distances.gaze_track(o)
        heat += np.histogram2d(*values[seen].T, bins=bins)[0]
    directions = sum((direction_bins(s.yaw_deg, s.pitch_deg) for _, s in steps), np.zeros(8))
    curves: dict[str, Any] = {
        "directions": directions.tolist(),
        "amplitude_counts": np.histogram(np.minimum(amplitude, 49.9), AMPLITUDE_EDGES_DEG)[0].tolist(),
        "heat": (np.round(heat / max(heat.sum(), 1), 6)).tolist(),
    }
    for name, side in (("averted", True), ("partner", False)):
        duration = np.concatenate([b.duration_s[k & (b.averted == side)] for b, k in bouts] or [np.zeros(0)])
        ended = np.concatenate([b.ended[k & (b.averted == side)] for b, k in bouts] or [np.zeros(0, bool)])
        survival = kaplan_meier_curve(duration, ended, DWELL_TIMES_S)
        curves[f"survival_{name}"] = [None if np.isnan(v) else round(float(v), 4) for v in survival]
    keep = np.linspace(0, len(amplitude) - 1, min(len(amplitude), 250)).astype(int)
    curves["main_sequence"] = [[round(float(amplitude[i]), 2), round(float(speed[i]), 1)] for i in keep]
    return curves


def head_curves(observations: Sequence[Observation]) -> dict[str, Any]:
    """What the plots of head and lids need: spectrum and mean blink profile."""
    heads = [o for o in observations if o.motion.head_rad is not None]
    power = sum((spectrum(o, slice(0, o.motion.num_frames)) for o in heads), np.zeros(len(FREQUENCIES_HZ)))
    profiles = [p for o in observations if o.closure is not None for p in _profiles(o.closure, o.blinks, o.fps)]
    return {
        "spectrum": (power / power[1:].sum()).round(7).tolist() if power[1:].sum() > 0 else None,
        "blink_profile": np.mean(profiles, axis=0).round(4).tolist() if profiles else None,
    }


def _profiles(closure: Array, blinks: Blinks, fps: float) -> list[Array]:
    times = np.arange(len(closure)) / fps
    inside = (blinks.peak_s > 0.25) & (blinks.peak_s < len(closure) / fps - 0.45)
    return [np.interp(peak + PROFILE_TIMES_S, times, closure) for peak in blinks.peak_s[inside]]


def measure_gaze(
    recordings: Sequence[Recording], provenance: dict[str, Any], aside: Collection[str] = ()
) -> GazeReference:
    """Statistics of real gaze; only speaking recordings count, but for places also listening ones.

    Args:
        recordings: of eye-tracked people.
        provenance: where they come from.
        aside: ids of those who are kept aside for test 22; every third without it.
    """
    everyone = [Observation(r) for r in recordings]
    observations = [o for o in everyone if o.has_gaze and o.recording.role == "speaking"]
    if not observations:
        raise FormatError("the gaze reference needs speaking recordings with gaze")
    sd, velocity = spread_figures(observations, distances.gaze_track)
    positions, speeds = _moments(observations, distances.gaze_track, distances.gaze_track, aside)
    directions = sum((direction_bins(o.steps.yaw_deg, o.steps.pitch_deg) for o in observations), np.zeros(8))
    tracks = _by_id(observations, distances.gaze_track)
    return GazeReference(
        provenance,
        float(sum(o.gaze_seen.sum() / o.fps for o in observations)),
        directions,
        sd,
        velocity,
        distances.cross_spread(tracks, np.random.default_rng(0)),
        positions,
        speeds,
        own_ratios(observations, distances.gaze_track),
        {**gaze_curves(observations), "places": place_curves(everyone)},
        {},
    )


def _by_id(observations: Sequence[Observation], track: Any) -> list[tuple[Array, Array]]:
    table: dict[str, list[tuple[Array, Array]]] = {}
    for o in observations:
        table.setdefault(o.recording.recording_id, []).append(track(o))
    return [(np.concatenate([v for v, _ in t]), np.concatenate([s for _, s in t])) for t in table.values()]


def measure_head(recordings: Sequence[Recording], provenance: dict[str, Any]) -> HeadReference:
    """Statistics of real heads (and eyes in the head); only speaking recordings count."""
    observations = [Observation(r) for r in recordings if r.role == "speaking" and r.motion.head_rad is not None]
    if not observations:
        raise FormatError("the head reference needs speaking recordings with head_rad")
    sd, velocity = spread_figures(observations, distances.head_track)
    eyes = [o for o in observations if o.motion.eyes_rad is not None]
    eye_sd, eye_velocity = spread_figures(eyes, distances.eye_track)
    positions, speeds = _moments(observations, distances.head_place, distances.head_track)
    return HeadReference(
        provenance,
        float(sum(o.head_seen.sum() / o.fps for o in observations)),
        sd,
        velocity,
        distances.cross_spread(_by_id(observations, distances.head_place), np.random.default_rng(0)),
        eye_sd,
        eye_velocity,
        positions,
        speeds,
        {**own_ratios(observations, distances.head_track), **own_ratios(eyes, distances.eye_track, "eye_")},
        {**head_curves(observations), "bursts": burst_curves(observations)},
        {},
    )


def to_json(part: GazeReference | HeadReference) -> dict[str, Any]:
    """Plain values with the format's version."""
    data: dict[str, Any] = {"format_version": FORMAT_VERSION}
    for key, value in vars(part).items():
        if key in ("positions", "velocities"):
            data[key] = {name: m.to_json() for name, m in value.items()}
        elif isinstance(value, np.ndarray):
            data[key] = value.tolist()
        else:
            data[key] = round(value, 5) if isinstance(value, float) else value
    return data


def _from_json(data: dict[str, Any], kind: type[GazeReference] | type[HeadReference], name: str) -> Any:
    fields = dict(data)
    if fields.pop("format_version", None) != FORMAT_VERSION:
        raise FormatError(f"{name}: not a reference of version {FORMAT_VERSION}")
    unknown = set(fields) ^ set(kind.__dataclass_fields__)
    if unknown:
        raise FormatError(f"{name}: keys {sorted(unknown)} missing or unknown")
    for key in ("positions", "velocities"):
        fields[key] = {n: Moments.from_json(m) for n, m in fields[key].items()}
    if "directions" in fields:
        fields["directions"] = np.array(fields["directions"], float)
    return kind(**fields)


def load_reference(folder: Path | None = None) -> Reference:
    """The built-in reference, or one measured now from a folder of motions.

    Args:
        folder: fitted or captured motions (``*.npz``) of real speakers; None for the package's own statistics.

    Raises:
        FormatError: the folder holds no motion that can serve.
    """
    if folder is not None:
        return reference_from_folder(folder)
    parts: dict[str, Any] = {}
    for key, asset, kind in (("gaze", GAZE_ASSET, GazeReference), ("head", HEAD_ASSET, HeadReference)):
        file = resources.files("talkingeyes.assets") / asset
        if file.is_file():
            parts[key] = _from_json(json.loads(file.read_text(encoding="utf-8")), kind, asset)
    return Reference(**parts)


def recordings_from_folder(folder: Path) -> list[Recording]:
    """Every ``*.npz`` motion of a folder as a recording of its own, in name order."""
    if not folder.is_dir():
        raise FormatError(
            f"{folder}: not a folder; {argument('reference')} takes a folder of .npz motions of real people"
        )
    recordings = []
    for path in sorted(folder.glob("*.npz")):
        motion = Motion.load_npz(path)
        role = str(motion.meta.get("role", "speaking"))
        recordings.append(Recording(motion, path.stem, role=role if role in ("speaking", "listening") else "dialogue"))
    if not recordings:
        raise FormatError(f"{folder}: holds no .npz motion")
    return recordings


def reference_from_folder(folder: Path) -> Reference:
    """Measure a folder of real motions; parts without data come from the package."""
    recordings = recordings_from_folder(folder)
    built_in = load_reference(None)
    provenance = {"source": f"{len(recordings)} motions of the folder {folder.name}"}
    speaking = [r for r in recordings if r.role == "speaking"]
    gaze = [r for r in speaking if r.motion.eyes_rad is not None or r.motion.gaze_rad is not None]
    head = [r for r in speaking if r.motion.head_rad is not None]
    return Reference(
        measure_gaze(gaze, provenance) if gaze else built_in.gaze,
        measure_head(head, provenance) if head else built_in.head,
    )
