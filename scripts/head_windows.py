"""Heads of fitted people beside generated heads: six windows of four seconds of each, as one picture.

    python scripts/head_windows.py FOLDER_OF_FITS RECORDING docs/head-windows.png

FOLDER_OF_FITS holds ORIGIN/NAME.npz. Both as the observer sees them (`evaluate/courses.py`): the takes' gaze as a fit
would have seen it (`evaluate/eye_fit.py`).
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
from talkingeyes.evaluate import eye_fit
from talkingeyes.evaluate.courses import RATE_HZ, Course, course_of
from talkingeyes.evaluate.recording import Recording

SECONDS, ROWS = 4.0, 6
PEOPLE = ("portrait_02", "portrait_03", "portrait_05", "portrait_08", "interview_5", "00016")
AXES = (("yaw", "#c03020"), ("pitch", "#208040"), ("roll", "#204080"))
REACH_DEG = 12.0


def draw(axis: Axes, course: Course, first: int, name: str) -> None:
    """Head angles about their mean, gaze about its median, deg; speed of the head below, 50 deg/s as 10 deg."""
    part = slice(first, first + round(SECONDS * RATE_HZ))
    head, gaze = course.channels["head"][part], course.channels["gaze"][part]
    times = np.arange(len(head)) / RATE_HZ
    for k in range(2):
        seen = np.clip(gaze[:, k] - np.median(gaze[:, k]), -REACH_DEG, REACH_DEG)
        axis.plot(times, seen, color=AXES[k][1], linewidth=0.7, alpha=0.45, linestyle="--")
    for k, (_, colour) in enumerate(AXES):
        axis.plot(times, head[:, k] - head[:, k].mean(), color=colour, linewidth=1.2)
    speed = np.linalg.norm(np.gradient(head, axis=0), axis=1) * RATE_HZ
    axis.plot(times, speed / 5 - REACH_DEG, color="#606060", linewidth=0.8)
    axis.set(xlim=(0, SECONDS), ylim=(-REACH_DEG, REACH_DEG), yticks=(-10, 0, 10))
    axis.set_title(name, fontsize=8, loc="left", pad=2)


def main(fits: Path, recording: Path, target: Path) -> None:
    """Draw the picture."""
    people = {p.stem: te.Motion.load_npz(p) for p in sorted(fits.glob("*/*.npz"))}
    rng = np.random.default_rng(0)
    takes = [te.animate(recording, fps=RATE_HZ, seed=seed, face="none") for seed in range(1, ROWS + 1)]
    figure, axes = plt.subplots(ROWS, 2, figsize=(11, 10))
    for row, who in enumerate(PEOPLE):
        person = course_of(Recording(people[who], who))
        take = eye_fit.through(course_of(Recording(takes[row], "take")), rng)
        for column, (course, name) in enumerate(
            ((person, f"a person, fitted ({who})"), (take, f"a take (seed {row + 1})"))
        ):
            last = course.frames - round(SECONDS * RATE_HZ)
            draw(axes[row, column], course, int(rng.integers(max(last, 1))), name)
    figure.suptitle("yaw (red), pitch (green), roll (blue) of the head; gaze dashed; deg, s; grey: speed", fontsize=9)
    figure.tight_layout()
    figure.savefig(target, dpi=70)


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
