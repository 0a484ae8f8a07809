"""How fast is the fit? Processor time per picture over a fixed set of clips, in one process, one thread for arithmetic.

    OMP_NUM_THREADS=1 python benchmarks/fit_speed.py [--runs 3]

The bar is 10 ms per picture: four times real time at 25 pictures a second on one core. Process time counts every thread
of this process, MediaPipe's too. The first fit of a process loads MediaPipe and is told on its own. MediaPipe's
landmarks alone, on the same pictures in turn, tell a busy machine from a slow program: 3 ms on an idle core.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from talkingeyes.fit import fit_video, video
from talkingeyes.fit.landmarks import FaceTracker

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
BAR_MS = 10.0
GROUPS = {
    "portrait, 8 s": ("clips/portrait", 1),
    "gaze_truth, 8 s": ("gaze_truth", 2),
    "grid_s1, 3 s": ("clips/grid_s1", 6),
    "broadcast, 5 s": ("clips/broadcast", 2),
    "news, 1.2 s": ("clips/news", 12),
}
"""Folder below the data, and how many clips of it, evenly spread over the sorted names."""


def spread(folder: Path, count: int) -> list[Path]:
    """Some videos of a folder, always the same."""
    names = sorted(folder.glob("*.mp4"))
    return [names[(2 * i + 1) * len(names) // (2 * count)] for i in range(count)]


def timed(clip: Path) -> tuple[float, int]:
    """Processor seconds and frames of one fit."""
    started = time.process_time()
    frames = fit_video(clip).num_frames
    return time.process_time() - started, frames


def tracked(clip: Path) -> float:
    """Processor seconds of MediaPipe's landmarks alone."""
    images = [image for _, image in video.Film(clip).pictures()]
    with FaceTracker() as tracker:
        started = time.process_time()
        for image in images:
            tracker.find(image)
        return time.process_time() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="the least of so many counts")
    runs = parser.parse_args().runs
    groups = {name: spread(DATA / folder, count) for name, (folder, count) in GROUPS.items()}
    first_s, frames = timed(groups["news, 1.2 s"][0])
    print(f"first fit of the process: {first_s:.2f} s of processor time for {frames} frames")
    print(
        "| clips | frames | ms per frame | MediaPipe alone | times real time at 25 fps | holds |\n" + "| --- " * 6 + "|"
    )
    for name, clips in groups.items():
        count, spent_s, alone_s = 0, 0.0, 0.0
        for clip in clips:
            tries = [(timed(clip), tracked(clip)) for _ in range(runs)]
            count += tries[0][0][1]
            spent_s += min(seconds for (seconds, _), _ in tries)
            alone_s += min(seconds for _, seconds in tries)
        ms, alone_ms = spent_s / count * 1e3, alone_s / count * 1e3
        holds = "yes" if ms <= BAR_MS else "NO"
        print(f"| {name} x {len(clips)} | {count} | {ms:.1f} | {alone_ms:.1f} | {40 / ms:.1f} | {holds} |", flush=True)


if __name__ == "__main__":
    main()
