"""Render clips of many people with known gaze, by seed, for judging the fit (benchmarks/fit_people.py).

    python scripts/render_people.py OUT --seeds 0 2 4 [--frames 64]     needs numba, av and ../shared/data/heads

Beside heads with painted eyeballs (as in gaze_truth) most have eyes made as people's are (`people.eye`), with other
people, skins, light, make-up, glasses, lenses (18 to 60 deg), faces of 60 to 450 pixels, motions and codec damage.
Even seeds are to work on; odd ones only for final tables.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from people.motion import KINDS, Scene, draw_scene
from people.person import Kit, Lens, Person
from talkingeyes import rotations

Array = NDArray[Any]
COLUMNS = [
    "frame", "time_s", "head_yaw", "head_pitch", "head_roll", "blink", "jaw_open", "eye_l_yaw", "eye_l_pitch",
    "eye_r_yaw", "eye_r_pitch", "iris_l_x", "iris_l_y", "iris_r_x", "iris_r_y", "target_x", "target_y", "target_z",
]  # fmt: skip


@dataclass(frozen=True)
class Clip:
    """What one seed stands for."""

    person: Person
    scene: Scene
    lens: Lens
    fov_deg: float
    face_px: float
    crf: int
    blur_px: float
    noise: float
    lids_follow: float
    lids_shut: float
    kappa_deg: float
    anatomical: bool
    glasses: bool


def draw_clip(kit: Kit, seed: int, frames: int) -> Clip:
    """The clip of one seed."""
    rng = np.random.default_rng([20, seed])
    anatomical, glasses = bool(rng.random() < 0.75), bool(rng.random() < 0.2)
    kind = KINDS[(seed // 2) % len(KINDS)]
    face_px = float(np.exp(rng.uniform(np.log(60), np.log(450))))
    if kind == "dots":
        face_px = float(np.clip(face_px, 110, 260))
    height = int(np.clip(np.ceil(face_px * rng.uniform(1.7, 2.6) / 16) * 16, 160, 768))
    fov = float(rng.uniform(18, 60))
    focal = height / 2 / np.tan(np.radians(fov) / 2)
    away = float(np.clip(focal * 0.145 / face_px, 0.35, 2.5))
    focal = away * face_px / 0.145
    fov = float(np.degrees(2 * np.arctan(height / 2 / focal)))
    person = Person(kit, rng, anatomical=anatomical, glasses=glasses)
    scene = draw_scene(rng, kind, frames, away)
    follow = rng.uniform(0.55, 1.1) if rng.random() < 0.75 else rng.uniform(0, 0.35)
    return Clip(
        person, scene, Lens(focal, int(height * 4 / 3 / 16) * 16, height), fov, face_px,
        int(rng.choice([18, 22, 26, 30, 35])),
        rng.uniform(0.3, 1.0), rng.uniform(0.5, 4), follow, rng.uniform(-0.2, 0.15), rng.normal(4.5, 1.0) * anatomical,
        anatomical, glasses,
    )  # fmt: skip


def eye_angles(clip: Clip, frame: int) -> tuple[Array, Array, Array]:
    """Head rotation, each eye's line of sight and each eye's axis in the head, (2, 2) radians."""
    scene = clip.scene
    rotation = rotations.matrix_from_ypr(np.radians(scene.head_deg[frame]))
    centres = clip.person.eye_centres(rotation, scene.place_m[frame])
    sight = scene.target_m[frame] - centres
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    seen = np.clip(rotations.yaw_pitch_from_direction(sight @ rotation), -0.7, 0.7)
    axis = seen + np.radians(clip.kappa_deg) * np.array([[1, 0], [-1, 0]])
    return rotation, seen, axis


def iris_px(clip: Clip, frame: int, rotation: Array, axis: Array) -> Array:
    """(2, 2) where the rim of each iris has its centre in the picture."""
    direction = rotations.direction_from_yaw_pitch(axis) @ rotation.T
    centre = clip.person.eye_centres(rotation, clip.scene.place_m[frame]) + direction * clip.person.make.limbus_depth
    scale = clip.lens.focal_px / -centre[:, 2]
    return np.stack([clip.lens.width / 2 + centre[:, 0] * scale, clip.lens.height / 2 - centre[:, 1] * scale], axis=1)


def lids(clip: Clip, frame: int, axis: Array) -> dict[str, float]:
    """Expression weights of lids and jaw."""
    blink = float(clip.scene.blink[frame])
    out = {"jawOpen": float(clip.scene.jaw[frame])}
    for side, eye in zip("LR", np.degrees(axis), strict=True):
        shut = clip.lids_shut + blink * (1 - clip.lids_shut)
        out["eyeBlink_" + side], out["eyeWide_" + side] = max(0.0, shut), max(0.0, -shut) * 2
        out["eyeLookUp_" + side] = float(np.clip(eye[1] / 30, 0, 1) * clip.lids_follow * (1 - blink))
        out["eyeLookDown_" + side] = float(np.clip(-eye[1] / 30, 0, 1) * clip.lids_follow * (1 - blink))
    return out


def picture(clip: Clip, frame: int, rng: np.random.Generator) -> tuple[NDArray[np.uint8], list[float]]:
    """One picture and its row of truth."""
    rotation, seen, axis = eye_angles(clip, frame)
    fine = 2 if clip.face_px > 130 else 3
    image = clip.person.render(rotation, clip.scene.place_m[frame], axis, lids(clip, frame, axis), clip.lens, fine)
    image = cv2.GaussianBlur(image, (0, 0), clip.blur_px) * 255
    image = image + rng.normal(size=image.shape).astype(np.float32) * clip.noise
    row = [
        frame, frame / 25, *clip.scene.head_deg[frame], clip.scene.blink[frame], clip.scene.jaw[frame],
        *np.degrees(seen).ravel(), *iris_px(clip, frame, rotation, axis).ravel(), *clip.scene.target_m[frame],
    ]  # fmt: skip
    return np.clip(image, 0, 255).astype(np.uint8), row


def render_clip(kit: Kit, out: Path, seed: int, frames: int) -> Path:
    """Film, truth and facts of one seed: person_SEED .mp4, .csv, .json."""
    clip, rng, rows = draw_clip(kit, seed, frames), np.random.default_rng(seed), []
    target = out / f"person_{seed:03d}.mp4"
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": str(clip.crf), "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = clip.lens.width, clip.lens.height, "yuv420p"
        for t in range(frames):
            image, row = picture(clip, t, rng)
            rows.append(row)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    with target.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    facts = {name: getattr(clip, name) for name in Clip.__dataclass_fields__ if name not in ("person", "scene", "lens")}
    facts |= {"kind": clip.scene.kind, "iris_depth_mm": clip.person.make.limbus_depth * 1e3}
    target.with_suffix(".json").write_text(json.dumps(facts, default=float) + "\n")
    return target


def main() -> None:
    """Render the clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--frames", type=int, default=64)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    kit = Kit()
    for seed in options.seeds:
        print(render_clip(kit, options.out, seed, options.frames), flush=True)


if __name__ == "__main__":
    main()
