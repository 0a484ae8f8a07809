"""A contact sheet of the kinds of eyes that avatars have, each looking its furthest: docs/avatars-given.jpg.

    python scripts/avatars_given.py [FILE.glb FILE.vrm ..] [-o SHEET.jpg]

Rows are made rigs of each kind and, where the development data is beside the checkout, two avatars whose licences allow
pictures (docs/provenance.md); files on the command line come instead of these two. Needs pillow (extra ``dev``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from avatar_compare import ROOT, compared
from talkingeyes.motion import Motion

TARGET = ROOT / "docs" / "avatars-given.jpg"
GIVEN = ROOT.parent / "shared" / "data" / "avatars"
FREE = {"Low-Poly Godette (VRM 0)": "Godette_vrm_v4.vrm", "RobotExpressive (no eyes)": "RobotExpressive.glb"}
MADE = (
    "bones and morphs turn the eye, 9 % not rigidly",
    "flat, bones and morphs turn the eye",
    "drawn, bones and morphs slide the iris",
    "flat, morphs only",
)


def furthest() -> tuple[Motion, dict[int, str]]:
    """As far as gaze goes, a blink, and the head."""
    poses = (
        ("ahead", (0, 0), (0, 0, 0), 0),
        ("35 deg to its left", (35, 0), (0, 0, 0), 0),
        ("35 deg to its right", (-35, 0), (0, 0, 0), 0),
        ("25 deg up", (0, 25), (0, 0, 0), 0),
        ("30 deg down", (0, -30), (0, 0, 0), 0),
        ("eyes shut", (0, 0), (0, 0, 0), 1),
        ("head turned, eyes stay", (-20, 0), (20, 0, 0), 0),
    )
    motion = Motion(
        fps=25,
        eyes_rad=np.radians([[p[1], p[1]] for p in poses]),
        head_rad=np.radians([p[2] for p in poses]),
        lids=np.array([[p[3], p[3]] for p in poses], float),
    )
    return motion, dict(enumerate(p[0] for p in poses))


def main() -> None:
    """Draw the sheet."""
    sys.path.insert(0, str(ROOT))
    from tests.avatar_rigs import DRAWN, KINDS, build

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("avatars", nargs="*", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = {}
        for number, name in enumerate(MADE):
            path = Path(folder) / f"{number}.glb"
            path.write_bytes(build((KINDS | DRAWN)[name]).to_bytes())
            rows[name] = str(path)
        free = {name: str(GIVEN / file) for name, file in FREE.items() if (GIVEN / file).exists()}
        rows |= {path.stem: str(path) for path in options.avatars} or free
        compared(rows, *furthest()).save(options.output, quality=85, optimize=True)
    print(options.output)


if __name__ == "__main__":
    main()
