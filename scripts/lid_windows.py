"""Lids of fitted people beside generated lids: ten seconds and single blinks, as one picture.

    python scripts/lid_windows.py FOLDER_OF_FITS RECORDING docs/lid-windows.png

FOLDER_OF_FITS holds ORIGIN/NAME.npz. Left people as a fit saw them, in the middle takes as a fit would have seen them
(`evaluate/lid_tracker.py`), right the takes themselves.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import talkingeyes as te
from talkingeyes.evaluate.blinks import detect_blinks
from talkingeyes.evaluate.lid_tracker import LidTracker
from talkingeyes.evaluate.recording import Recording

SECONDS, ROWS, FPS = 10.0, 5, 30.0
PEOPLE = ("portrait_02", "portrait_05", "portrait_08", "portrait_01", "interview_3")
BEFORE_S, AFTER_S = 0.3, 0.6


def draw(axis: Axes, motion: te.Motion, name: str) -> None:
    """Closure of both lids for `SECONDS`."""
    assert motion.lids is not None
    count = int(SECONDS * motion.fps)
    for side, colour in enumerate(("#204080", "#f09050")):
        lid = motion.lids[:count, side]
        axis.plot(np.arange(len(lid)) / motion.fps, lid, color=colour, linewidth=0.9)
    axis.set(xlim=(0, SECONDS), ylim=(1.02, -0.02), yticks=(0, 1))
    axis.set_title(name, fontsize=8, loc="left", pad=2)


def draw_blinks(axis: Axes, motions: list[te.Motion], name: str) -> None:
    """Every blink about its peak."""
    for motion in motions:
        assert motion.lids is not None
        lids = np.asarray(motion.lids, float)
        for peak_s in detect_blinks(lids.mean(axis=1), motion.fps).peak_s[:8]:
            at = slice(max(0, round((peak_s - BEFORE_S) * motion.fps)), round((peak_s + AFTER_S) * motion.fps))
            times = np.arange(at.start, at.start + len(lids[at])) / motion.fps - peak_s
            axis.plot(times, lids[at, 0], color="#204080", linewidth=0.6, alpha=0.6)
            axis.plot(times, lids[at, 1], color="#f09050", linewidth=0.6, alpha=0.6)
    axis.set(xlim=(-BEFORE_S, AFTER_S), ylim=(1.02, -0.02), yticks=(0, 1))
    axis.set_title(name, fontsize=8, loc="left", pad=2)


def main(fits: Path, recording: Path, target: Path) -> None:
    """Draw the picture."""
    people = {p.stem: te.Motion.load_npz(p) for p in sorted(fits.glob("*/*.npz"))}
    tracker = LidTracker.fitted([Recording(m, name) for name, m in people.items()])
    assert tracker is not None
    takes = [te.animate(recording, fps=FPS, seed=seed, face="none") for seed in range(1, ROWS + 1)]
    rng = np.random.default_rng(0)
    seen = [tracker.seen(Recording(take, "take"), rng).motion for take in takes]
    figure, axes = plt.subplots(ROWS + 1, 3, figsize=(13, 9))
    for row, who in enumerate(PEOPLE):
        draw(axes[row, 0], people[who], f"a person, fitted ({who})")
        draw(axes[row, 1], seen[row], f"a take as a fit would have seen it (seed {row + 1})")
        draw(axes[row, 2], takes[row], f"the take (seed {row + 1})")
    for column, motions in enumerate(([people[w] for w in PEOPLE], seen, takes)):
        draw_blinks(axes[ROWS, column], motions, "their blinks, about the peak")
    figure.suptitle("closure of the left (blue) and right (orange) lid while speaking, s", fontsize=9)
    figure.tight_layout()
    figure.savefig(target, dpi=70)


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
