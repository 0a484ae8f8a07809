"""One motion on many avatars: a contact sheet, one avatar a row, drawn without a browser as previews are.

    python scripts/avatar_compare.py MOTION --times 0.5,1.0,1.5 -o sheet.jpg default amara lin FILE.glb FILE.vrm
    python scripts/avatar_compare.py --docs        # docs/tools/avatars.jpg: looks, ICT-FaceKit, a VRM rig

Needs pillow (extra ``dev``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.looks import LOOKS, chosen
from talkingeyes.avatar.pose import avatar_rotations, target_weights
from talkingeyes.formats import load
from talkingeyes.motion import Motion
from talkingeyes.preview.painter import Painter
from talkingeyes.preview.scene import Scene

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "tools" / "avatars.jpg"
ICT = ROOT.parent / "shared" / "data" / "heads" / "ict_arkit.glb"
SIZE = (230, 230)
LABEL_PX = 20


def row_of(avatar: str, motion: Motion, frames: list[int], closeness: float) -> list[Image.Image]:
    """Pictures of some frames on one avatar."""
    look, path = chosen(avatar)
    glb, rig = open_avatar(path, look=look)
    painter = Painter(Scene.of(glb, rig, avatar), SIZE, closeness=closeness)
    turns = avatar_rotations(motion, rig)
    local = {rig.bones[role].node: rig.local_from_model(role, r) for role, r in turns.items()}
    weights = target_weights(motion, rig)
    return [
        Image.fromarray(painter.picture({n: r[f] for n, r in local.items()}, {n: w[f] for n, w in weights.items()}))
        for f in frames
    ]


def compared(avatars: dict[str, str], motion: Motion, labels: dict[int, str], closeness: float = 1.35) -> Image.Image:
    """The sheet: names of avatars -> files or looks, frames -> what they show."""
    sheet = Image.new("RGB", (len(labels) * SIZE[1], LABEL_PX + len(avatars) * SIZE[0]), "white")
    pen = ImageDraw.Draw(sheet)
    for column, label in enumerate(labels.values()):
        pen.text((column * SIZE[1] + 6, 4), label, fill="#404040")
    for row, (name, avatar) in enumerate(avatars.items()):
        for column, picture in enumerate(row_of(avatar, motion, list(labels), closeness)):
            sheet.paste(picture, (column * SIZE[1], LABEL_PX + row * SIZE[0]))
        pen.text((6, LABEL_PX + row * SIZE[0] + 4), name, fill="#404040")
    return sheet


def moments() -> tuple[Motion, dict[int, str]]:
    """Seven moments that tell avatars apart if anything is wrong, and what they are."""
    poses = (
        ("ahead", (0, 0), (0, 0, 0), (0, 0)),
        ("eyes to the character's left", (25, 0), (0, 0, 0), (0, 0)),
        ("eyes up to the right", (-20, 15), (0, 0, 0), (0, 0)),
        ("eyes down", (0, -25), (0, 0, 0), (0, 0)),
        ("left eye shut", (0, 0), (0, 0, 0), (1, 0)),
        ("head left and up, eyes back", (-18, -8), (20, 8, 0), (0, 0)),
        ("head tilted, half a blink", (0, -10), (-8, 0, 14), (0.5, 0.5)),
    )
    motion = Motion(
        fps=25,
        eyes_rad=np.radians([[p[1], p[1]] for p in poses]),
        head_rad=np.radians([p[2] for p in poses]),
        lids=np.array([p[3] for p in poses], float),
    )
    return motion, dict(enumerate(p[0] for p in poses))


def _for_docs() -> None:
    sys.path.insert(0, str(ROOT))
    from tests.avatar_rigs import KINDS, build

    with tempfile.TemporaryDirectory() as folder:
        avatars = {look: look for look in LOOKS}
        if ICT.exists():
            avatars["ICT-FaceKit"] = str(ICT)
        for number, kind in enumerate(("vrm 0", "morphs only, other reach, no neck")):
            path = Path(folder) / f"{number}.glb"
            path.write_bytes(build(KINDS[kind]).to_bytes())
            avatars[kind] = str(path)
        compared(avatars, *moments()).save(TARGET, quality=88, optimize=True)
    print(TARGET)


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("motion", type=Path, nargs="?", help="any file that talkingeyes reads as motion")
    parser.add_argument("avatars", nargs="*", default=list(LOOKS), help="looks, .glb and .vrm files")
    parser.add_argument("--times", default="0", help="seconds, separated by commas")
    parser.add_argument("--closeness", type=float, default=1.35)
    parser.add_argument("-o", "--output", type=Path, default=Path("sheet.jpg"))
    parser.add_argument("--docs", action="store_true", help="draw the sheet of the documentation")
    options = parser.parse_intermixed_args()
    if options.docs:
        _for_docs()
        return
    if options.motion is None:
        parser.error("name a motion, or --docs")
    motion = load(options.motion)
    frames = [min(round(float(t) * motion.fps), motion.num_frames - 1) for t in options.times.split(",")]
    labels = {frame: f"{frame / motion.fps:.2f} s" for frame in frames}
    compared({Path(a).stem: a for a in options.avatars}, motion, labels, options.closeness).save(options.output)
    print(options.output)


if __name__ == "__main__":
    main()
