"""A contact sheet of mouths: one row of frames per recording, drawn close and without the head's motion.

python scripts/face_sheet.py SPEECH... -o sheet.png [--every 0.08] [--columns 12] [--face FOLDER|FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import talkingeyes as te
from talkingeyes.avatar.pose import avatar_rotations, target_weights
from talkingeyes.formats.glb import job_avatar
from talkingeyes.formats.job import ExportJob
from talkingeyes.preview.painter import Painter
from talkingeyes.preview.scene import Scene

CLOSENESS = 1.7
SIZE = (320, 150)
BELOW = 170
"""Rows left out above the mouth."""


def busiest_s(speech: te.Speech, seconds: float) -> float:
    """Start of the stretch with the most voice."""
    width = max(1, round(seconds * 50))
    if speech.num_frames <= width:
        return 0.0
    return float(np.convolve(speech.voice.astype(float), np.ones(width), "valid").argmax()) / 50


def row_of(path: Path, every_s: float, columns: int, face: str) -> Image.Image:
    """The frames of one recording side by side."""
    speech = te.load_speech(path)
    start_s = busiest_s(speech, every_s * columns)
    motion = te.animate(speech, seed=1, fps=50, face=face)
    assert motion.head_rad is not None and motion.face is not None
    frames = np.minimum(np.round((start_s + every_s * np.arange(columns)) * 50).astype(int), motion.num_frames - 1)
    still = te.Motion(
        fps=50, face=motion.face[frames], face_names=motion.face_names, lids=np.zeros((columns, 2), np.float32),
        eyes_rad=np.zeros((columns, 2, 2), np.float32), head_rad=np.zeros((columns, 3), np.float32),
    )  # fmt: skip
    job = ExportJob((still,), None, None, "sheet", False, None, None)
    glb, rig = job_avatar(job)
    painter = Painter(Scene.of(glb, rig, "avatar"), SIZE, closeness=CLOSENESS)
    turns = {rig.bones[role].node: rig.local_from_model(role, r) for role, r in avatar_rotations(still, rig).items()}
    weights = target_weights(still, rig)
    canvas = Image.new("RGB", (columns * SIZE[1], SIZE[0] - BELOW), "white")
    draw = ImageDraw.Draw(canvas)
    for i, frame in enumerate(frames):
        picture = painter.picture({n: r[i] for n, r in turns.items()}, {n: w[i] for n, w in weights.items()})
        canvas.paste(Image.fromarray(picture[BELOW:]), (i * SIZE[1], 0))
        draw.text((i * SIZE[1] + 4, 2), path.stem[-14:] if i == 0 else f"{frame / 50:.2f} s", fill="#303030")
    return canvas


def main() -> None:
    """Parse, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("speech", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("faces.png"))
    parser.add_argument("--every", type=float, default=0.08, metavar="S")
    parser.add_argument("--columns", type=int, default=12)
    parser.add_argument("--face", default="generate")
    asked = parser.parse_args()
    rows = [row_of(path, asked.every, asked.columns, asked.face) for path in asked.speech]
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)), "white")
    for i, row in enumerate(rows):
        sheet.paste(row, (0, sum(r.height for r in rows[:i])))
    sheet.save(asked.output)
    print(asked.output)


if __name__ == "__main__":
    main()
