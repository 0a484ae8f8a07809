"""Speed and memory of the main job, measured as whole processes; prints the table of docs/benchmarks.md.

    python benchmarks/speed.py               the quick rows (a minute)
    python benchmarks/speed.py --long        also three hours of speech
    python benchmarks/speed.py --install     also the size of a runtime install (needs a package registry)

The recording is the bundled sample, repeated with its pauses. Every row states the bar it is held against, where
one was set. Times are medians of wall times; the processor's time and the least beside them tell a busy machine from a
slow program.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

ROOT = Path(__file__).parents[1]
SAMPLE = Path(str(resources.files("talkingeyes") / "assets" / "sample.opus"))
SHORT_S, LONG_S = 60.0, 3 * 3600.0
RATE_HZ = 16_000
RUNS = 5


@dataclass(frozen=True)
class Run:
    """What the operating system says of one finished process."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    least_wall_s: float


@dataclass(frozen=True)
class Row:
    """One measured figure, and its bar where one was set."""

    what: str
    figure: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    run: Run | None = None

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.bar is None or (self.figure >= self.bar if self.at_least else self.figure < self.bar)

    def __str__(self) -> str:
        least = f"; least {self.run.least_wall_s:.3g} s" if self.run and self.run.least_wall_s < self.run.wall_s else ""
        cpu = f" ({self.run.cpu_s:.3g} s of processor time{least})" if self.run else ""
        sign, verdict = ">=" if self.at_least else "<", "yes" if self.holds else "NO"
        bar = "| | |" if self.bar is None else f"| {sign} {self.bar:g} {self.unit} | {verdict} |"
        return f"| {self.what} | {self.figure:.3g} {self.unit}{cpu} {bar}"


def measure(*words: str | Path) -> Run:
    """Run a command of ours as a process and account for it.

    Raises:
        SystemExit: the command failed.
    """
    started_s = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "talkingeyes", *map(str, words)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} exited with {process.returncode}")
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, wall_s)


def median(*words: str | Path) -> Run:
    """The median of `RUNS` runs after one that does not count, figure by figure."""
    measure(*words)
    runs = [measure(*words) for _ in range(RUNS)]
    middle = (statistics.median(getattr(r, name) for r in runs) for name in ("wall_s", "cpu_s", "peak_mb"))
    return Run(*middle, min(r.wall_s for r in runs))


def write_speech(path: Path, seconds: float) -> Path:
    """The sample repeated for ``seconds``, 16 kHz mono flac, written in a stream."""
    resampler, parts = AudioResampler("s16", "mono", RATE_HZ), []
    with av.open(str(SAMPLE)) as sample:
        for frame in sample.decode(audio=0):
            parts += [f.to_ndarray()[0] for f in resampler.resample(frame)]
    sound, left, position = np.concatenate(parts), round(seconds * RATE_HZ), 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono")
        while left > 0:
            block = AudioFrame.from_ndarray(sound[None, :left], "s16", "mono")
            block.sample_rate, block.pts, block.time_base = RATE_HZ, position, Fraction(1, RATE_HZ)
            container.mux(stream.encode(block))
            left, position = left - block.samples, position + block.samples
        container.mux(stream.encode(None))
    return path


def generation_speed(path: Path) -> tuple[float, float]:
    """(generation alone, generation with decoding and features) as multiples of real time, at 30 fps, warm."""
    import talkingeyes as te

    te.animate(path)
    started_s = time.perf_counter()
    speech = te.load_speech(path)
    loaded_s = time.perf_counter()
    runs_s = []
    for seed in range(RUNS):
        before_s = time.perf_counter()
        te.animate(speech, seed=seed)
        runs_s.append(time.perf_counter() - before_s)
    alone_s = statistics.median(runs_s)
    return speech.duration_s / alone_s, speech.duration_s / (alone_s + loaded_s - started_s)


def short_rows(folder: Path) -> list[Row]:
    """Start-up, one minute of speech, generation speed."""
    speech = write_speech(folder / "minute.flac", SHORT_S)
    to_npz = median("animate", speech, "-o", folder / "a.npz")
    to_html = median("animate", speech, "-o", folder / "a.html")
    start = median("--help")
    alone, whole = generation_speed(speech)
    return [
        Row("`talkingeyes --help`", start.wall_s, "s", 0.25, run=start),
        Row("60 s recording to .npz, whole process", to_npz.wall_s, "s", 3, run=to_npz),
        Row("60 s recording to .html, whole process", to_html.wall_s, "s", 5, run=to_html),
        Row("peak memory of that", to_html.peak_mb, "MB", 1000),
        Row("size of that page", (folder / "a.html").stat().st_size / 1e6, "MB"),
        Row("generation, 30 fps", alone, "x real time", 100, at_least=True),
        Row("decoding, features and generation", whole, "x real time"),
    ]


def long_rows(folder: Path) -> list[Row]:
    """Three hours of speech."""
    speech = write_speech(folder / "hours.flac", LONG_S)
    run = measure("animate", speech, "-o", folder / "b.npz")
    return [
        Row("3 h recording to .npz: peak memory", run.peak_mb, "MB", 1000),
        Row("3 h recording to .npz, whole process", run.wall_s, "s", run=run),
    ]


def install_rows(folder: Path) -> list[Row]:
    """Size of an environment with the package and what it needs, pip included."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    subprocess.run([str(folder / "env/bin/python"), "-m", "pip", "install", "-q", str(ROOT)], check=True)
    used = subprocess.run(["du", "-sm", str(folder / "env")], check=True, capture_output=True, text=True)
    return [Row("runtime install, the whole environment", float(used.stdout.split()[0]), "MB", 480)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="also three hours of speech")
    parser.add_argument("--install", action="store_true", help="also the size of a runtime install")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = short_rows(Path(name))
        if wanted.long:
            rows += long_rows(Path(name))
        if wanted.install:
            rows += install_rows(Path(name))
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the end; medians of {RUNS}\n"
    )
    print("| what | figure | bar | holds |\n| --- | --- | --- | --- |")
    print("\n".join(map(str, rows)))


if __name__ == "__main__":
    main()
