"""How right is the fit? Rendered heads with known truth, one table, alternatives beside it.

    python benchmarks/fit_truth.py [FOLDER ...] [--fov 23] [--alternatives]

Each folder holds NAME.mp4 beside NAME.csv (columns as in ../shared/data/gaze_truth). Errors in degrees; one constant
offset per clip is removed; blinks (closure > .15) are left out.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.fit import FitDiagnostics, fit_video_closely, video
from talkingeyes.fit.fit import assemble
from talkingeyes.fit.landmarks import IRISES
from talkingeyes.fit.measure import Measured, measure
from talkingeyes.motion import Motion

Array = NDArray[Any]
DEFAULT = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "gaze_truth"


@dataclass(frozen=True)
class Truth:
    """Known motion of a rendered clip: degrees, closure 0..1, jaw 0..1."""

    head_deg: Array
    eyes_deg: Array
    blink: Array
    jaw: Array


def read_truth(path: Path) -> Truth:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    def column(*names: str) -> Array:
        return np.array([[float(row[name]) for name in names] for row in rows])

    eyes = np.stack([column("eye_l_yaw", "eye_l_pitch"), column("eye_r_yaw", "eye_r_pitch")], axis=1)
    return Truth(column("head_yaw", "head_pitch", "head_roll"), eyes, column("blink")[:, 0], column("jaw_open")[:, 0])


def gaze_in_space(head_deg: Array, eyes_deg: Array) -> Array:
    direction = rotations.direction_from_yaw_pitch(np.radians(eyes_deg))
    direction = direction.mean(axis=1) if direction.ndim == 3 else direction
    turned = np.einsum("tij,tj->ti", rotations.matrix_from_ypr(np.radians(head_deg)), direction)
    return np.degrees(rotations.yaw_pitch_from_direction(turned))


def angular_error(found_deg: Array, true_deg: Array, keep: NDArray[np.bool_]) -> float:
    shifted = found_deg - (found_deg - true_deg)[keep].mean(axis=0)
    a, b = (rotations.direction_from_yaw_pitch(np.radians(x)) for x in (shifted, true_deg))
    return float(np.degrees(rotations.angle_between_rad(a, b))[keep].mean())


def scores(motion: Motion, seen: FitDiagnostics, truth: Truth) -> dict[str, float]:
    assert motion.head_rad is not None and motion.eyes_rad is not None and motion.lids is not None
    keep = truth.blink <= 0.15
    true_gaze = gaze_in_space(truth.head_deg, truth.eyes_deg)
    found = np.degrees(motion.gaze_in_space_rad())
    head = np.degrees(motion.head_rad)
    away = (head - truth.head_deg)[keep]
    out = {"gaze": angular_error(found, true_gaze, keep)}
    for eye, name in enumerate(("left", "right")):
        true_eye = gaze_in_space(truth.head_deg, truth.eyes_deg[:, eye])
        out[name] = angular_error(np.degrees(seen.per_eye_gaze_rad[:, eye]), true_eye, keep)
    for axis, name in enumerate(("yaw", "pitch")):
        eye, true_eye = np.degrees(motion.eyes_rad).mean(axis=1)[keep, axis], truth.eyes_deg.mean(axis=1)[keep, axis]
        out[f"eye_{name}_r"] = float(np.corrcoef(eye, true_eye)[0, 1])
        out[f"slope_{name}"] = float(np.polyfit(true_eye, eye, 1)[0])
        out[f"head_{name}"] = float(np.abs(away[:, axis] - away[:, axis].mean()).mean())
    out["lids_r"] = float(np.corrcoef(motion.lids.mean(axis=1), truth.blink)[0, 1])
    out["jaw_r"] = float(np.corrcoef(motion.coefficient("jawOpen"), truth.jaw)[0, 1])
    out["noise"] = fixation_noise(found, true_gaze, keep)
    return out


def fixation_noise(found_deg: Array, true_deg: Array, keep: NDArray[np.bool_]) -> float:
    """Mean frame-to-frame change of the fitted gaze where the true gaze is still (< .5 deg per frame)."""
    true_step = np.linalg.norm(np.diff(true_deg, axis=0), axis=1)
    still = (true_step < 0.5) & keep[1:] & keep[:-1]
    near = np.convolve(~still, np.ones(3), "same") == 0
    return float(np.linalg.norm(np.diff(found_deg, axis=0), axis=1)[near].mean())


COLUMNS = (
    "gaze", "left", "right", "eye_yaw_r", "eye_pitch_r", "slope_yaw", "slope_pitch", "head_yaw", "head_pitch", "lids_r",
    "jaw_r", "noise",
)  # fmt: skip


def alternatives(clip: Path, fov_deg: float) -> dict[str, tuple[Motion, FitDiagnostics]]:
    """The same measurements, with parts of the method taken out one by one."""
    film = video.Film(clip)
    seen = measure(film, fov_deg=fov_deg, person=None)[0]
    landmark_irises = seen.landmarks_px[:, [eye[0] for eye in IRISES]].astype(float)
    variants: dict[str, tuple[Measured, bool]] = {
        "landmarks only": (replace(seen, iris_px=landmark_irises, skin_track=seen.landmark_track), False),
        "+ calibration": (replace(seen, iris_px=landmark_irises, skin_track=seen.landmark_track), True),
        "+ iris discs": (replace(seen, skin_track=seen.landmark_track), True),
        "skin, landmark irises": (replace(seen, iris_px=landmark_irises), True),
        "skin + discs": (seen, False),
        "all (shipped)": (seen, True),
    }
    timing = video.timing(seen.times_s, film.sound_start_s, film.stated_fps)
    return {
        name: assemble(measured, timing, {}, assumed_fov=False, calibrated=calibrated)
        for name, (measured, calibrated) in variants.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path, default=[DEFAULT])
    parser.add_argument("--fov", type=float, default=23.0)
    parser.add_argument("--alternatives", action="store_true", help="take parts of the method out, one by one")
    options = parser.parse_args()
    print("clip".ljust(22), *(c.rjust(11) for c in COLUMNS), "ms/frame".rjust(9))
    rows: dict[str, list[list[float]]] = {}
    for clip in sorted(p for folder in options.folders for p in folder.glob("*.mp4")):
        started = time.process_time()
        fits = alternatives(clip, options.fov) if options.alternatives else {}
        fits = fits or {"mean": fit_video_closely(clip, fov_deg=options.fov)}
        spent = time.process_time() - started
        for name, (motion, seen) in fits.items():
            row = scores(motion, seen, read_truth(clip.with_suffix(".csv")))
            rows.setdefault(name, []).append([row[c] for c in COLUMNS])
        if not options.alternatives:
            ms = spent / motion.num_frames * 1e3
            print(clip.stem.ljust(22), *(f"{row[c]:11.3f}" for c in COLUMNS), f"{ms:9.1f}", flush=True)
    for name, found in rows.items():
        print(name.ljust(22), *(f"{v:11.3f}" for v in np.mean(found, axis=0)))


if __name__ == "__main__":
    main()
