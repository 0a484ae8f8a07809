"""How right is the fit on rendered people whose eyes are made as people's are? Medians and the worst tenth.

    python scripts/render_people.py people --seeds 0 2 4 ...
    python benchmarks/fit_people.py people [--keep FOLDER]

Per clip and axis: r and slope of eye-in-head against truth, slope of the iris's place in the picture, gaze error
after one offset and raw, the share of the error that follows the head. Blinks (closure > .15) are left out. The lens is
not told.
"""

from __future__ import annotations

import argparse
import csv
import json
import pickle
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fit_truth import angular_error, fixation_noise, gaze_in_space
from talkingeyes import rotations
from talkingeyes.fit import FitDiagnostics, fit_video_closely
from talkingeyes.motion import Motion

Array = NDArray[Any]
COLUMNS = (
    "gaze", "raw", "yaw_r", "pitch_r", "yaw_slope", "pitch_slope", "gaze_yaw_slope", "gaze_pitch_slope", "iris_x_slope",
    "iris_y_slope", "per_head_yaw", "per_head_pitch", "head_yaw", "head_pitch", "noise",
)  # fmt: skip
VARIES_DEG = 2.0


def read_truth(path: Path) -> dict[str, Array]:
    """Columns of a truth table."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def slope(found: Array, true: Array) -> float:
    """Regression of what was found on what is true; nan where the truth hardly varies."""
    return float(np.polyfit(true, found, 1)[0]) if true.std() > 1e-9 else np.nan


def scores(motion: Motion, seen: FitDiagnostics, truth: dict[str, Array]) -> dict[str, float]:
    """All `COLUMNS` of one clip; r and slopes only where the truth varies by `VARIES_DEG`."""
    assert motion.head_rad is not None and motion.eyes_rad is not None
    keep = truth["blink"] <= 0.15
    head = np.stack([truth["head_" + a] for a in ("yaw", "pitch", "roll")], axis=1)
    eyes = np.stack([truth[f"eye_{e}_{a}"] for e in "lr" for a in ("yaw", "pitch")], axis=1).reshape(-1, 2, 2)
    found_eye, true_eye = np.degrees(motion.eyes_rad).mean(axis=1), eyes.mean(axis=1)
    found_head, found = np.degrees(motion.head_rad), np.degrees(motion.gaze_in_space_rad())
    true = gaze_in_space(head, eyes)
    out = {"gaze": angular_error(found, true, keep)}
    a, b = (rotations.direction_from_yaw_pitch(np.radians(x)) for x in (found, true))
    out["raw"] = float(np.degrees(rotations.angle_between_rad(a, b))[keep].mean())
    iris = seen.iris_px / seen.scale
    for axis, name in enumerate(("yaw", "pitch")):
        f, t, h = found_eye[keep, axis], true_eye[keep, axis], head[keep, axis]
        varies = t.std() >= VARIES_DEG
        out[f"{name}_r"] = float(np.corrcoef(f, t)[0, 1]) if varies else np.nan
        out[f"{name}_slope"] = slope(f, t) if varies else np.nan
        out[f"gaze_{name}_slope"] = (
            slope(found[keep, axis], true[keep, axis]) if true[keep, axis].std() >= VARIES_DEG else np.nan
        )
        off = (found - true)[keep, axis]
        out[f"per_head_{name}"] = slope(off, h) if h.std() >= VARIES_DEG else np.nan
        away = (found_head[:, axis] - head[:, axis])[keep]
        out[f"head_{name}"] = float(np.abs(away - away.mean()).mean())
        place = np.stack([truth[f"iris_{e}_{'xy'[axis]}"] for e in "lr"], axis=1)[keep]
        wrong = (iris[..., axis][keep] - place).mean(axis=1)
        causes = np.c_[np.ones(keep.sum()), t, head[keep]]
        unit = np.linalg.lstsq(causes, place.mean(axis=1), rcond=None)[0][1]
        miss = np.linalg.lstsq(causes, wrong, rcond=None)[0][1]
        out[f"iris_{'xy'[axis]}_slope"] = 1 + miss / unit if varies else np.nan
    out["noise"] = fixation_noise(found, true, keep)
    return out


def table(rows: dict[str, dict[str, float]]) -> str:
    """Median, worst tenth on either side, and what must be reached."""
    lines = [" ".join([" " * 8, *(c.rjust(16) for c in COLUMNS)])]
    values = np.array([[row[c] for c in COLUMNS] for row in rows.values()])
    for label, share in (("low 10%", 10), ("median", 50), ("high 10%", 90)):
        lines.append(" ".join([label.ljust(8), *(f"{v:16.3f}" for v in np.nanpercentile(values, share, axis=0))]))
    pitch, yaw = values[:, COLUMNS.index("pitch_r")], values[:, COLUMNS.index("yaw_r")]
    lines.append(
        f"{len(values)} clips; pitch r >= .9: {share_of(pitch >= 0.9, pitch)}; yaw r >= .9: {share_of(yaw >= 0.9, yaw)}"
    )
    for name in ("yaw_slope", "pitch_slope", "gaze_yaw_slope", "gaze_pitch_slope"):
        column = values[:, COLUMNS.index(name)]
        lines.append(f"{name} within .8 to 1.25: {share_of((column >= 0.8) & (column <= 1.25), column)}")
    return "\n".join(lines)


def share_of(good: NDArray[np.bool_], value: Array) -> str:
    """How many of the clips that have a value are good."""
    known = np.isfinite(value)
    return f"{int((good & known).sum())} of {int(known.sum())}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="write each clip's fit there, to try later steps on")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    print("clip".ljust(12), *(c.rjust(16) for c in COLUMNS))
    for clip in sorted(options.folder.glob("*.mp4")):
        started = time.process_time()
        motion, seen = fit_video_closely(clip)
        spent = (time.process_time() - started) / motion.num_frames * 1e3
        facts = json.loads(clip.with_suffix(".json").read_text())
        row = scores(motion, seen, read_truth(clip.with_suffix(".csv")))
        rows[clip.stem] = row
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{clip.stem}.pkl").write_bytes(pickle.dumps((motion, seen)))
        kind = f"{facts['kind']} {facts['face_px']:.0f} {'eye' if facts['anatomical'] else 'ball'} {spent:.0f} ms"
        print(clip.stem.ljust(12), *(f"{row[c]:16.3f}" for c in COLUMNS), kind, flush=True)
    print(table(rows))


if __name__ == "__main__":
    main()
