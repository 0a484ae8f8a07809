"""Fit the statistics of blinks and lids to fitted videos and to lids recorded at 120 Hz.

    python scripts/fit_blink_statistics.py FOLDER_OF_FITS FOLDER_OF_ACTED_BLINKS --source "which clips, which fit"

FOLDER_OF_FITS holds ORIGIN/NAME.npz; FOLDER_OF_ACTED_BLINKS the tables of Nystrom et al. 2024 (eye openness in mm).
The blinks of the videos are people's own, but seen 25 or 30 times a second by a fit that reads the two lids apart
where they close together: from them come depth, width at half the depth (flutter moves a blink's ends, not its
middle) and how often one follows another. The lids at 120 Hz are acted: too slow and too shallow on purpose, so that
only what differs between the two eyes is taken from them, and half of it. What neither can tell is from the
literature. Every number that is used stands in the file beside where it is from.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, percentile_filter

from talkingeyes.evaluate.blinks import Blinks, detect_blinks

Floats = NDArray[np.float64]

SMALL_PICTURES = ("broadcast",)
"""Faces of 90 pixels, whose lids flicker by a third."""
DEEP = 0.9
PARTIAL = 0.4
"""Shallower closures of a fit are partly its own."""
SOON_S = 0.7
ACTED_HZ = 120.0
LEVEL_S = 2.5
OPEN = 0.15
HALF = 0.5
"""Of the differences between acted lids that are kept: partial on purpose, two people, and an open eye found by a
percentile."""

LITERATURE: dict[str, tuple[float, str]] = {
    "speaking_per_minute": (24.7, "yardstick of the project: speaking; the clips that are used here: see measured"),
    "silent_per_minute": (19.0, "the same: silence"),
    "listening_per_minute": (27.6, "the same: listening"),
    "pace_sd": (0.28, "Doughty 2001: 95 % of people between 10.5 and 32.5 in conversation, a quarter of the log ratio"),
    "interval_sigma": (0.75, "log-normal intervals; the eye-tracked set of the yardstick has .55 without blinks that "
                             "gaze shifts bring"),
    "closing_s": (0.092, "from open to shut: 67 ms from 5 to 95 %; yardstick 66-76 ms; the clips: see measured"),
    "closing_sd_s": (0.009, "chosen with it"),
    "pause_gain": (2.6, "Nakano & Kitazawa 2010: blinks gather at ends of speech and in its pauses"),
    "turn_end_gain": (1.6, "the same, where the pause goes on"),
    "listener_delay_s": (0.3, "the same: listeners blink .25 to .5 s after"),
    "with_large_shifts": (0.97, "Evinger 1994: shifts above 33 deg"),
    "large_shift_deg": (27.0, "half of them; chosen so that nearly all above 33 deg bring one, and few below 20"),
    "with_small_shifts": (0.06, "chosen"),
    "refractory_s": (0.3, "chosen: from a blink's end to the next one's onset, except for double blinks"),
}  # fmt: skip


def rows_of_clips(folder: Path) -> Iterator[tuple[float, Blinks, Floats]]:
    """Length, blinks of the lid that closes more and their widths, of every clip."""
    for path in sorted(folder.glob("*/*.npz")):
        if path.parent.name in SMALL_PICTURES:
            continue
        with np.load(path) as motion:
            if "lids" not in motion:
                continue
            lids, fps = motion["lids"].astype(float), float(motion["fps"])
        closure = lids.max(axis=1)
        blinks = detect_blinks(closure, fps)
        blinks = blinks.where(blinks.peak >= PARTIAL)
        width = np.array([half_width_s(closure, round(at_s * fps)) / fps for at_s in blinks.peak_s])
        whole = np.isfinite(width)
        yield len(lids) / fps, blinks.where(whole), width[whole]


def half_width_s(closure: Floats, top: int) -> float:
    """Frames for which a blink is closed by more than half of its depth; NaN at a clip's ends."""
    level = closure[top] / 2
    before, after = np.flatnonzero(closure[:top] <= level), np.flatnonzero(closure[top:] <= level)
    if not len(before) or not len(after):
        return float("nan")
    a, b = before[-1], top + after[0]
    first = a + (level - closure[a]) / (closure[a + 1] - closure[a])
    last = b - (level - closure[b]) / (closure[b - 1] - closure[b])
    return float(last - first)


def measured_in_clips(folder: Path) -> dict[str, float]:
    """Depth, length, sequence."""
    clips = list(rows_of_clips(folder))
    deep = [b for _, b, _ in clips]
    peak, width = np.concatenate([b.peak for b in deep]), [np.log(w) for _, _, w in clips]
    people = [v for v in width if len(v) >= 3]
    gaps = np.concatenate([np.diff(b.onset_s) for b in deep])
    partial = peak[peak < DEEP]
    widths = np.concatenate(width)
    return {
        "clips": len(clips),
        "seconds": sum(s for s, _, _ in clips),
        "blinks": len(peak),
        "per_minute": 60 * len(peak) / sum(s for s, _, _ in clips),
        "full_share": float(np.mean(peak >= DEEP)),
        "partial_depth": float(partial.mean()),
        "partial_depth_sd": float(partial.std()),
        "width_s": float(np.exp(np.median(widths))),
        "width_between_people": float(np.std([v.mean() for v in people])),
        "width_within_people": float(np.std(np.concatenate([v - v.mean() for v in people]))),
        "depth_and_width": float(np.corrcoef(peak, widths)[0, 1]),
        "closing_10_90_s": float(np.median(np.concatenate([b.closing_s for b in deep]))),
        "opening_90_10_s": float(np.median(np.concatenate([b.opening_s for b in deep]))),
        "soon_again": float(np.mean(gaps < SOON_S)),
        "soon_gap_s": float(np.median(gaps[gaps < SOON_S])),
    }


def acted(path: Path) -> Floats:
    """(T, 2) openness in mm at 120 Hz, gaps filled."""
    with gzip.open(path, "rt", newline="") as file:
        table = [(r["t_us"], r["open_l_mm"] or "nan", r["open_r_mm"] or "nan") for r in csv.DictReader(file)]
    rows = np.array(table, float)
    rows = rows[np.isfinite(rows).all(axis=1) & (rows[:, 1:] < 12).all(axis=1)]
    seconds = (rows[:, 0] - rows[0, 0]) / 1e6
    at = np.arange(0, seconds[-1], 1 / ACTED_HZ)
    return np.stack([np.interp(at, seconds, rows[:, k]) for k in (1, 2)], axis=1)


def measured_in_acted(folder: Path) -> dict[str, float]:
    """What differs between the lids in partial blinks, and how they rest, of each person."""
    bias, spread, lag_bias, lag_spread, rest, drift = [], [], [], [], [], []
    for path in sorted(folder.glob("*partial*.csv.gz")):
        opening = gaussian_filter1d(acted(path), 1.0, axis=0)
        window = 2 * round(LEVEL_S * ACTED_HZ) + 1
        level = np.stack([percentile_filter(opening[:, k], 90, window) for k in range(2)], axis=1)
        closure = np.clip(1 - opening / level, 0, 1)
        pairs = np.array(list(both_lids(closure)))
        bias.append(float(np.median(pairs[:, 0])))
        spread.append(quartile_sd(pairs[:, 0]))
        lag_bias.append(float(np.median(pairs[:, 1])))
        lag_spread.append(quartile_sd(pairs[:, 1]))
        still = closure.max(axis=1) < OPEN
        ratio = opening[still] / opening[still].mean(axis=0)
        rest.append(float(np.median(opening[still, 0] / opening[still, 1]) - 1))
        drift.append(float(ratio.mean(axis=1).std()))
    return {
        "people": len(bias),
        "depth_left_less_right_mean_size": float(np.mean(np.abs(bias))),
        "depth_left_less_right_sd": float(np.mean(spread)),
        "left_later_mean_size_s": float(np.mean(np.abs(lag_bias))),
        "left_later_sd_s": float(np.mean(lag_spread)),
        "rest_left_over_right": float(np.mean(np.abs(rest))),
        "rest_sd": float(np.mean(drift)),
    }


def both_lids(closure: Floats) -> Iterator[tuple[float, float]]:
    """Depth and onset of the left lid less the right one's, of each blink that both make."""
    left, right = (detect_blinks(closure[:, k], ACTED_HZ) for k in range(2))
    for i, at_s in enumerate(left.peak_s):
        if len(right) and abs(right.peak_s - at_s).min() < OPEN:
            k = int(np.argmin(abs(right.peak_s - at_s)))
            yield float(left.peak[i] - right.peak[k]), float(left.onset_s[i] - right.onset_s[k])


def quartile_sd(values: Floats) -> float:
    """SD by the quartiles: detectors err far."""
    low, high = np.percentile(values, (25, 75))
    return float(high - low) / 1.35


def used(clips: dict[str, float], lids: dict[str, float]) -> dict[str, dict[str, float | str]]:
    """What the generator reads, each with where it is from."""
    seen, half = "clips", f"acted, times {HALF:g}"
    table: dict[str, tuple[float, str]] = {
        **LITERATURE,
        "full_share": (clips["full_share"], seen),
        "partial_depth": (clips["partial_depth"], seen),
        "partial_depth_sd": (clips["partial_depth_sd"], seen),
        "width_s": (1.06 * clips["width_s"], f"{seen}, times 1.06: the fit cuts the foot of a closure off"),
        "width_between_people": (0.85 * clips["width_between_people"], f"{seen}, times .85: some is the fit's"),
        "width_within_people": (0.85 * clips["width_within_people"], f"{seen}, times .85: some is sampling"),
        "double_share": (0.5 * clips["soon_again"], f"{seen}, times .5: of two closures soon after another the fit "
                                                    "makes one where the lids come up slowly"),
        "double_gap_s": (clips["soon_gap_s"], seen),
        "depth_side_bias": (HALF * lids["depth_left_less_right_mean_size"], half),
        "depth_side_sd": (HALF * lids["depth_left_less_right_sd"], half),
        "lag_bias_s": (HALF * lids["left_later_mean_size_s"], half),
        "lag_sd_s": (HALF * lids["left_later_sd_s"], half),
        "rest_side": (0.25 * lids["rest_left_over_right"], "acted, times .25: an avatar's own eyes differ too"),
        "rest_sd": (0.6 * lids["rest_sd"], "acted, times .6: some is tiring of acting; the clips' open lids vary too"),
    }  # fmt: skip
    return {name: {"value": float(f"{value:.3g}"), "from": origin} for name, (value, origin) in table.items()}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fits", type=Path)
    parser.add_argument("acted", type=Path)
    parser.add_argument("--source", required=True, help="which clips, which fit")
    parser.add_argument("-o", type=Path, default=Path("src/talkingeyes/assets/blink_statistics.json"))
    args = parser.parse_args()
    clips, lids = measured_in_clips(args.fits), measured_in_acted(args.acted)
    tables = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(args.acted.glob("*partial*.csv.gz"))))
    document = {
        "format_version": 1,
        "provenance": {
            "clips": args.source,
            "acted": "Nystrom et al. 2024, Behavior Research Methods (MIT), partial blinks of two people at 120 Hz",
            "sha256_of_acted": tables.hexdigest(),
            "script": "scripts/fit_blink_statistics.py",
        },
        "measured": {name: {k: float(f"{v:.4g}") for k, v in found.items()}
                     for name, found in (("clips", clips), ("acted", lids))},
        "used": used(clips, lids),
    }  # fmt: skip
    args.o.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(document["measured"], indent=1))


if __name__ == "__main__":
    main()
