"""How right the fitted opening of the lips is: clips mirrored, cropped, shrunk and coded once more are fitted again.

    python benchmarks/face_reliability.py --data SET --clips FOLDER [--count 90] [--part val]

SET is a data set, FOLDER holds the videos that it was built from (in folders by origin). Needs ffmpeg. Prints one JSON
object: the mean correlation of the opening between the data set and each copy, for all and for the livelier half.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from talkingeyes.data.dataset import open_dataset
from talkingeyes.fit import fit_video
from talkingeyes.motion import Motion

COPIES = {
    "mirrored": ("hflip", 14),
    "cropped by two pixels": ("crop=iw-4:ih-4:1:1", 14),
    "shrunk to nine tenths": ("scale=trunc(iw*0.45)*2:-2:flags=area", 14),
    "coded once more, coarsely": ("null", 30),
}
"""Filter and quality (libx264's crf) of each copy."""


def opening(motion: Motion) -> np.ndarray:
    """(T,) the fitted opening of the lips."""
    assert motion.face is not None
    return motion.face[:, motion.face_names.index("jawOpen")].astype(float)


def copy_of(video: Path, form: str, quality: int, folder: Path) -> Motion:
    """A changed copy of a video, fitted."""
    out = folder / "copy.mp4"
    command = [shutil.which("ffmpeg") or "ffmpeg", "-y", "-v", "error", "-i", str(video), "-vf", form]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(quality), "-c:a", "copy", str(out)]
    subprocess.run([*command, *coded], check=True)
    return fit_video(out)


def main() -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--origin", default="news")
    parser.add_argument("--part", default="val")
    parser.add_argument("--count", type=int, default=90)
    asked = parser.parse_args()
    known = [
        (asked.clips / asked.origin / str(sample.row["path"]), sample.motion)
        for _, sample in open_dataset(asked.data).samples(asked.part)
        if sample.row["origin"] == asked.origin and sample.motion.face is not None
    ]
    order = np.random.default_rng(0).permutation(len(known))[: asked.count]
    found: dict[str, list[float]] = {name: [] for name in COPIES}
    lively: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for i in order:
            video, motion = known[i]
            fitted = opening(motion)
            if fitted.std() < 1e-3:
                continue
            lively.append(float(fitted.std()))
            for name, (form, quality) in COPIES.items():
                again = opening(copy_of(video, form, quality, Path(folder)))
                count = min(len(fitted), len(again))
                found[name].append(float(np.corrcoef(fitted[:count], again[:count])[0, 1]))
    upper = np.array(lively) >= np.median(lively)
    scores = {
        name: {
            "clips": len(r),
            "r": round(float(np.mean(r)), 3),
            "livelier_half": round(float(np.mean(np.array(r)[upper])), 3),
        }
        for name, r in found.items()
    }
    json.dump(scores, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
