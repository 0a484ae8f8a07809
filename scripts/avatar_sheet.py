"""The pictures of the avatar in docs/: eight poses, turntables and every expression, drawn by the page itself.

    python scripts/avatar_sheet.py            # docs/avatar-sheet.png
    python scripts/avatar_sheet.py --all      # and turntables and expressions of every look

Needs Chromium and the ``dev`` extra (playwright, pillow).
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from shots import Look, sheet, shoot
from talkingeyes import rig, save
from talkingeyes.avatar.looks import DEFAULT_LOOK, LOOKS
from talkingeyes.motion import Motion

DOCS = Path(__file__).parents[1] / "docs"
FPS = 10.0
LABEL_PX = 22
PORTRAIT = Look(closeness=1.12)
CLOSE = Look(closeness=1.75)


@dataclass(frozen=True)
class Pose:
    """One picture: angles in degrees, lids closed 0..1, ARKit coefficients, and where the camera stands."""

    label: str
    eyes_deg: tuple[float, float] = (0.0, 0.0)
    head_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lids: float = 0.0
    face: dict[str, float] = field(default_factory=dict)
    look: Look = PORTRAIT


EIGHT = (
    Pose("gaze 30 deg to the character's left", (30, 0), look=CLOSE),
    Pose("gaze 30 deg to the character's right", (-30, 0), look=CLOSE),
    Pose("gaze 20 deg up", (0, 20), look=CLOSE),
    Pose("gaze 25 deg down", (0, -25), look=CLOSE),
    Pose("half a blink", lids=0.5, look=CLOSE),
    Pose("a full blink", lids=1.0, look=CLOSE),
    Pose("jaw open", face={"jawOpen": 0.8}),
    Pose("profile", look=Look(azimuth_deg=90, closeness=0.8)),
)
TURNTABLE = tuple(
    Pose(f"{azimuth} deg", look=Look(azimuth_deg=azimuth, closeness=0.92))
    for azimuth in (0, 35, 70, 105, -105, -70, -35, -15)
)


def expressions() -> tuple[Pose, ...]:
    """Every morph of the face at 1, left and right together, then two that need company."""
    poses = [Pose("neutral", look=CLOSE)]
    for name in rig.FACE_NAMES:
        if name.endswith("Right") and name not in ("jawRight", "mouthRight"):
            continue
        paired = name.endswith("Left") and name not in ("jawLeft", "mouthLeft")
        stem = name.removesuffix("Left") if paired else name
        sides = {f"{stem}Left": 1.0, f"{stem}Right": 1.0} if paired else {name: 1.0}
        if name == "mouthClose":
            poses.append(Pose("jawOpen + mouthClose", face={"jawOpen": 1.0, "mouthClose": 1.0}, look=CLOSE))
        elif name == "tongueOut":
            poses.append(Pose("tongueOut + jawOpen .4", face={"tongueOut": 1.0, "jawOpen": 0.4}, look=CLOSE))
        else:
            poses.append(Pose(stem + (" (both)" if paired else ""), face=sides, look=CLOSE))
    return tuple(poses)


def motion_of(poses: tuple[Pose, ...]) -> Motion:
    """One frame per pose."""
    names = tuple(n for n in rig.FACE_NAMES if any(n in p.face for p in poses))
    return Motion(
        fps=FPS,
        head_rad=np.radians([p.head_deg for p in poses]),
        eyes_rad=np.radians([[p.eyes_deg, p.eyes_deg] for p in poses]),
        lids=np.array([[p.lids, p.lids] for p in poses]),
        face=np.array([[p.face.get(n, 0.0) for n in names] for p in poses]) if names else None,
        face_names=names,
    )


def draw(poses: tuple[Pose, ...], columns: int, size: tuple[int, int], look: str = DEFAULT_LOOK) -> Image.Image:
    """Draw every pose through the page: the sheet."""
    pictures: dict[int, Image.Image] = {}
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "poses.html"
        save(motion_of(poses), page, title="avatar", avatar=look)
        for view in dict.fromkeys(p.look for p in poses):
            chosen = [i for i, p in enumerate(poses) if p.look == view]
            drawn = shoot(page, [i / FPS for i in chosen], view, *size)
            pictures.update(zip(chosen, drawn, strict=True))
    framed = [ImageOps.expand(pictures[i], (0, LABEL_PX, 0, 0), "white") for i in range(len(poses))]
    return sheet(framed, [p.label for p in poses], columns)


def stacked(sheets: list[Image.Image]) -> Image.Image:
    """Sheets of one width, one above the other."""
    out = Image.new("RGB", (sheets[0].width, sum(s.height for s in sheets)))
    for number, part in enumerate(sheets):
        out.paste(part, (0, sum(s.height for s in sheets[:number])))
    return out


def write(picture: Image.Image, target: Path) -> None:
    """As PNG or JPEG, by the suffix."""
    picture.save(target, optimize=True, quality=88)
    print(target)


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also the turntable and the expressions")
    parser.add_argument("-o", "--folder", type=Path, default=DOCS)
    options = parser.parse_args()
    write(draw(EIGHT, 4, (380, 420)), options.folder / "avatar-sheet.png")
    if options.all:
        turned = [draw(TURNTABLE, len(TURNTABLE), (240, 280), look) for look in LOOKS]
        write(stacked(turned), options.folder / "avatar-turntable.jpg")
        for look in LOOKS:
            name = "avatar-expressions.jpg" if look == DEFAULT_LOOK else f"avatar-expressions-{look}.jpg"
            write(draw(expressions(), 6, (260, 280), look), options.folder / name)


if __name__ == "__main__":
    main()
