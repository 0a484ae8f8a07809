"""Fit the statistics of head posture to videos that were fitted by `talkingeyes fit`.

    python scripts/fit_head_statistics.py FOLDER_OF_FITS --source "which clips, which fit"

FOLDER_OF_FITS holds ORIGIN/NAME.npz. Each head is cut into movements between knots, such that cubic curves through the
knots keep it within a small share of what it turns in a second. What is written is a table of transitions: what a knot
remembers and the movement that followed it, in units of each person's own speed, rounded, half of them mirrored, in an
order of their own.
"""

from __future__ import annotations

import argparse
import fnmatch
import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Floats = NDArray[np.float64]

RATE_HZ = 50
SHORTEST_S = 3.9
SMOOTHED_S = 0.036
"""The fit's own noise above about 5 Hz is left out."""
WITHIN = 0.012
"""The curves keep to the pose within this share of what the head turns in a second."""
LONGEST = 60
"""Samples of the longest movement."""
TREMOR = 0.004
"""What the curves leave out trembles about so much (SD, in the same units)."""
MIRROR = np.array([-1.0, 1.0, -1.0])


def read(path: Path) -> Floats | None:
    """(N, 3) degrees at `RATE_HZ`, or None where the clip is short or was lost."""
    with np.load(path) as motion:
        fps, pose = float(motion["fps"]), np.degrees(motion["head_rad"].astype(float))
        filled = float(motion["filled"][:, 0].mean()) if "filled" in motion else 0.0
    if len(pose) / fps < SHORTEST_S or filled > 0.1:
        return None
    pose = gaussian_filter1d(pose, SMOOTHED_S * fps, axis=0)
    times = np.arange(int(len(pose) / fps * RATE_HZ)) / RATE_HZ * fps
    return np.stack([np.interp(times, np.arange(len(pose)), pose[:, k]) for k in range(3)], axis=1)


def knots_of(pose: Floats, speed: Floats, within: float) -> list[int]:
    """Samples of the knots: from each the farthest one that a cubic reaches within ``within`` degrees."""
    knots = [0]
    while knots[-1] < len(pose) - 2:
        first = knots[-1]
        best = min(first + 4, len(pose) - 1)
        for last in range(first + 5, min(first + LONGEST, len(pose) - 1) + 1):
            if np.abs(cubic(pose, speed, first, last) - pose[first : last + 1]).max() < within:
                best = last
            elif last > best + 12:
                break
        knots.append(best)
    return knots


def cubic(pose: Floats, speed: Floats, first: int, last: int) -> Floats:
    """The Hermite curve between two samples."""
    u = (np.arange(last - first + 1) / (last - first))[:, None]
    t = (last - first) / RATE_HZ
    way = u * u * (3 - 2 * u)
    ends = t * (u * (1 - u) ** 2 * speed[first] + u * u * (u - 1) * speed[last])
    return pose[first] + way * (pose[last] - pose[first]) + ends


def transitions(pose: Floats) -> tuple[Floats, float]:
    """(n, 22) rows of one clip, and its root mean square speed in deg/s."""
    speed = np.gradient(pose, axis=0) * RATE_HZ
    unit = float(np.sqrt((speed**2).sum(axis=1).mean()))
    at = np.array(knots_of(pose, speed, WITHIN * unit))
    place, v, t = (pose[at] - pose.mean(axis=0)) / unit, speed[at] / unit, at / RATE_HZ
    person = temper(speed)
    rows = [
        np.r_[place[k] - place[k - 1], t[k] - t[k - 1], v[k], place[k], v[k - 1], person,
              t[k + 1] - t[k], place[k + 1] - place[k], v[k + 1]]
        for k in range(1, len(at) - 1)
    ]  # fmt: skip
    return np.array(rows), unit


def temper(speed: Floats) -> Floats:
    """(2,) how much roll goes with yaw in this person (correlation of speeds), and log of pitch over yaw and roll."""
    across = np.sqrt((speed[:, [0, 2]] ** 2).sum(axis=1).mean())
    return np.array([np.corrcoef(speed[:, 0], speed[:, 2])[0, 1], np.log(speed[:, 1].std() / across)])


def mirrored(rows: Floats, rng: np.random.Generator) -> Floats:
    """Half of the rows with left and right changed, in an order of their own."""
    sides = np.concatenate([MIRROR, [1.0], MIRROR, MIRROR, MIRROR, [1.0, 1.0], [1.0], MIRROR, MIRROR])
    rows = rows[rng.permutation(len(rows))]
    return np.where(rng.random(len(rows))[:, None] < 0.5, rows * sides, rows)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--source", required=True, help="one sentence: which clips, which fit")
    parser.add_argument("--origins", nargs="*", default=["portrait", "interview", "broadcast", "address"])
    parser.add_argument("--without", nargs="*", default=[], help="patterns of ORIGIN/NAME that are kept aside")
    parser.add_argument("-o", type=Path, default=Path("src/talkingeyes/assets/head_statistics.json"))
    args = parser.parse_args()
    tables, units, seconds, names, digest = [], [], [], [], hashlib.sha256()
    for path in sorted(p for origin in args.origins for p in (args.folder / origin).glob("*.npz")):
        name = f"{path.parent.name}/{path.stem}"
        pose = None if any(fnmatch.fnmatch(name, w) for w in args.without) else read(path)
        if pose is None:
            continue
        table, unit = transitions(pose)
        tables.append(table)
        units.append(unit)
        seconds.append(len(pose) / RATE_HZ)
        names.append(name)
        digest.update(np.round(table, 3).tobytes())
    rows = mirrored(np.concatenate(tables), np.random.default_rng(0))
    share = np.array(seconds) / sum(seconds)
    mean = float(share @ np.log(units))
    sd = float(np.sqrt(share @ (np.log(units) - mean) ** 2))
    document = {
        "format_version": 1,
        "provenance": {
            "source": args.source,
            "what": f"{len(names)} clips of {SHORTEST_S} s or more, {sum(seconds):.0f} s; what follows what",
            "clips": names,
            "sha256_of_rows": digest.hexdigest(),
            "script": "scripts/fit_head_statistics.py",
        },
        "log_speed_deg_s": {"mean": round(mean, 4), "sd": round(sd, 4)},
        "tremor": TREMOR,
        "transitions": [[float(f"{x:.3g}") for x in row] for row in rows],
    }  # fmt: skip
    args.o.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[") + "\n", encoding="utf-8")
    print(f"{args.o}: {len(rows)} transitions of {len(names)} clips, {args.o.stat().st_size / 1024:.0f} kB")
    print(document["log_speed_deg_s"])


if __name__ == "__main__":
    main()
