"""Render clips of talking heads with known head pose, eye rotation, blink and jaw, from ICT-FaceKit (MIT).

    python scripts/render_heads.py OUT [--clips 8] [--frames 150]      needs numba and ../shared/data/heads

More truth of the kind of ../shared/data/gaze_truth, by another renderer (a small z-buffer with Lambert shading), with
other people, motions and eye colours, so that the fit is not tuned to three clips. Also used by build_fit_prior.py.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numba  # pyright: ignore[reportMissingImports]
import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations

Array = NDArray[Any]
MODEL = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "heads" / "ict_facekit_light.npz"
PIVOT_M = np.array([0.0, -0.02, 0.02])
LEFT_EYE_M = np.array([0.0312, 0.0360, 0.0798])
PARTS = ("M_Face", "M_BackHead", "M_GumsTongue", "M_Teeth", "M_ScleraLeft", "M_ScleraRight")
SKINS = ((0.78, 0.6, 0.5), (0.62, 0.44, 0.34), (0.42, 0.27, 0.2), (0.85, 0.7, 0.62), (0.55, 0.36, 0.27))
IRISES = ((0.2, 0.35, 0.5), (0.25, 0.13, 0.07), (0.3, 0.36, 0.2), (0.12, 0.07, 0.05), (0.4, 0.42, 0.42))
VERGENCE_DEG = 5.23
COLUMNS = [
    "frame",
    "time_s",
    "head_yaw",
    "head_pitch",
    "head_roll",
    "blink",
    "jaw_open",
    "eye_l_yaw",
    "eye_l_pitch",
    "eye_r_yaw",
    "eye_r_pitch",
]


@numba.njit(cache=True)
def rasterise(points: Array, triangles: Array, width: int, height: int) -> tuple[Array, Array]:
    """Nearest triangle per pixel, -1 for none, and perspective-correct barycentric weights (H, W, 3)."""
    depth = np.full((height, width), 1e9)
    nearest = np.full((height, width), -1, np.int32)
    weights = np.zeros((height, width, 3), np.float32)
    for t in range(triangles.shape[0]):
        x0, y0, z0 = points[triangles[t, 0]]
        x1, y1, z1 = points[triangles[t, 1]]
        x2, y2, z2 = points[triangles[t, 2]]
        area = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2)
        if abs(area) < 1e-12:
            continue
        for y in range(max(0, int(min(y0, y1, y2))), min(height - 1, int(max(y0, y1, y2)) + 1) + 1):
            for x in range(max(0, int(min(x0, x1, x2))), min(width - 1, int(max(x0, x1, x2)) + 1) + 1):
                a = ((y1 - y2) * (x + 0.5 - x2) + (x2 - x1) * (y + 0.5 - y2)) / area
                b = ((y2 - y0) * (x + 0.5 - x2) + (x0 - x2) * (y + 0.5 - y2)) / area
                c = 1 - a - b
                if a < -1e-6 or b < -1e-6 or c < -1e-6:
                    continue
                here = 1 / (a / z0 + b / z1 + c / z2)
                if here < depth[y, x]:
                    depth[y, x], nearest[y, x] = here, t
                    weights[y, x, 0], weights[y, x, 1], weights[y, x, 2] = a / z0 * here, b / z1 * here, c / z2 * here
    return nearest, weights


class FaceKit:
    """ICT-FaceKit's arrays in metres, as triangles."""

    def __init__(self, path: Path = MODEL) -> None:
        with np.load(path) as data:
            self.neutral = data["neutral"] / 100
            self.expressions = data["expressions"].astype(np.float32) / 100
            self.identities = data["identities"].astype(np.float32) / 100
            self.shapes = [str(n) for n in data["expression_names"]]
            materials = [str(n) for n in data["material_names"]]
            faces, of_face = data["faces"], data["material"]
        keep = np.isin(of_face, [materials.index(p) for p in PARTS])
        quads, of_quad = faces[keep], of_face[keep]
        second = (quads[:, 3] >= 0) & (quads[:, 3] != quads[:, 2])
        self.triangles = np.concatenate([quads[:, :3], quads[second][:, [0, 2, 3]]])
        self.material = np.concatenate([of_quad, of_quad[second]])
        self.of_part = {p: np.unique(self.triangles[self.material == materials.index(p)]) for p in PARTS}
        self.skin_materials = [materials.index("M_Face"), materials.index("M_BackHead")]
        self.eyeballs = []
        for side, name in ((1, "M_ScleraLeft"), (-1, "M_ScleraRight")):
            near = np.linalg.norm(self.neutral[self.of_part[name]] - LEFT_EYE_M * [side, 1, 1], axis=1) < 0.019
            self.eyeballs.append(self.of_part[name][near])

    def normals(self, vertices: Array) -> Array:
        """(V, 3) unit vertex normals."""
        corner = vertices[self.triangles]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        total = np.zeros_like(vertices)
        for k in range(3):
            for axis in range(3):
                total[:, axis] += np.bincount(self.triangles[:, k], face[:, axis], len(vertices))
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


@dataclass
class Hit:
    """What a rendering shows at each of its (supersampled) pixels."""

    vertices: Array
    nearest: Array
    weights: Array


@dataclass
class Head:
    """One rendered person: identity, colours, light."""

    kit: FaceKit
    rng: np.random.Generator
    plain: bool = False
    last: Hit | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Draw the person."""
        kit, rng = self.kit, self.rng
        identity = np.zeros(30) if self.plain else rng.normal(size=30) * 0.9
        self.rest = kit.neutral + np.tensordot(identity, kit.identities, 1)
        self.eye_m = [
            LEFT_EYE_M * [side, 1, 1] + (self.rest[v] - kit.neutral[v]).mean(axis=0)
            for side, v in zip((1, -1), kit.eyeballs, strict=True)
        ]
        skin = np.array(SKINS[rng.integers(5)]) * rng.uniform(0.9, 1.1)
        self.iris = np.array(IRISES[rng.integers(5)])
        self.limbus_deg, self.pupil_deg = rng.uniform(20.5, 24), rng.uniform(6.5, 11)
        self.colour = self._paint(skin)
        self.background = rng.uniform(0.3, 0.8, 3)
        side = rng.uniform(-0.7, 0.7)
        light = np.array([np.sin(side), rng.uniform(0.1, 0.6), 1.0])
        self.light, self.ambient = light / np.linalg.norm(light), rng.uniform(0.45, 0.65)
        self.streaks = rng.normal(size=64)

    def _paint(self, skin: Array) -> Array:
        kit = self.kit
        colour = np.zeros((len(kit.neutral), 3), np.float32)
        plain = {"M_GumsTongue": (0.4, 0.08, 0.1), "M_Teeth": (0.85, 0.83, 0.78)}
        for part in PARTS:
            colour[kit.of_part[part]] = plain.get(part, (0.88, 0.86, 0.84) if "Sclera" in part else skin)
        face = kit.of_part["M_Face"]
        x, y, z = np.abs(kit.neutral[face, 0]), kit.neutral[face, 1], kit.neutral[face, 2]
        arch = 0.0535 + 0.006 * np.sin(np.clip((x - 0.012) / 0.04, 0, 1) * np.pi * 0.8)
        brow = 0.85 * np.exp(-(((y - arch) / 0.0028) ** 2)) * ((x > 0.011) & (x < 0.05) & (z > 0.06))
        lips = 0.5 * np.exp(-((x / 0.026) ** 4)) * np.exp(-(((y + 0.0265) / 0.0095) ** 4)) * (z > 0.09)
        for share, paint in ((brow, (0.12, 0.09, 0.07)), (lips, (0.6, 0.25, 0.25))):
            colour[face] = colour[face] * (1 - share[:, None]) + np.array(paint) * share[:, None]
        return colour

    def render(
        self,
        head_deg: Array,
        eyes_deg: Array,
        shapes: dict[str, float],
        *,
        size: int,
        distance_m: float,
        fov_deg: float = 23,
    ) -> NDArray[np.uint8]:
        """One (size, size, 3) picture, twice supersampled; the camera is 1 cm above the head's origin."""
        kit, vertices = self.kit, self.rest.astype(np.float32).copy()
        for name, weight in shapes.items():
            if weight:
                vertices += weight * kit.expressions[kit.shapes.index(name)]
        for eye, ball in enumerate(kit.eyeballs):
            turn = rotations.matrix_from_ypr(np.radians(eyes_deg[eye]))
            vertices[ball] = (self.rest[ball] - self.eye_m[eye]) @ turn.T + self.eye_m[eye]
        vertices = (vertices - PIVOT_M) @ rotations.matrix_from_ypr(np.radians(head_deg)).T + PIVOT_M
        depth, fine = distance_m - vertices[:, 2], 2 * size
        scale = fine / 2 / np.tan(np.radians(fov_deg) / 2) / depth
        screen = np.stack(
            [fine / 2 + scale * vertices[:, 0], fine / 2 - scale * (vertices[:, 1] - 0.01), depth], axis=1
        )
        nearest, weights = rasterise(screen.astype(float), kit.triangles, fine, fine)
        self.last = Hit(vertices, nearest, weights)
        picture = np.tile(self.background.astype(np.float32), (fine, fine, 1))
        picture[nearest >= 0] = self._shade(kit.triangles[nearest[nearest >= 0]], weights[nearest >= 0], vertices)
        picture = picture.reshape(size, 2, size, 2, 3).mean(axis=(1, 3))
        return (np.clip(picture, 0, 1) ** (1 / 1.3) * 255).astype(np.uint8)

    def _shade(self, corners: Array, weights: Array, vertices: Array) -> Array:
        blend = weights[:, :, None]
        normal = (self.kit.normals(vertices)[corners] * blend).sum(axis=1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        normal *= np.sign(normal[:, 2:] + 1e-9)
        colour = (self.colour[corners] * blend).sum(axis=1)
        for eye, ball in enumerate(self.kit.eyeballs):
            mine = np.isin(corners[:, 0], ball)
            place = (self.rest[corners[mine]] * blend[mine]).sum(axis=1) - self.eye_m[eye]
            colour[mine] = self._eye_colour(place, colour[mine])
        lit = self.ambient + (1 - self.ambient) * 1.1 * np.clip(normal @ self.light, 0, 1)
        return colour * lit[:, None]

    def _eye_colour(self, place: Array, white: Array) -> Array:
        off = np.degrees(np.arctan2(np.hypot(place[:, 0], place[:, 1]), place[:, 2]))
        turn = (np.arctan2(place[:, 1], place[:, 0]) + np.pi) / (2 * np.pi)
        streak = 1 + 0.12 * self.streaks[(turn * 63).astype(int)]
        rim = 1 - 0.25 * np.clip((off - self.limbus_deg + 4) / 4, 0, 1)
        iris = np.clip((self.limbus_deg + 0.6 - off) / 1.2, 0, 1)[:, None]
        pupil = np.clip((self.pupil_deg + 0.3 - off) / 0.6, 0, 1)[:, None]
        mixed = white * (1 - iris) + self.iris * (streak * rim)[:, None] * iris
        return mixed * (1 - pupil) + 0.02 * pupil


def draw_motion(rng: np.random.Generator, frames: int, fps: float = 25.0) -> dict[str, Array]:
    """Head, eyes (gaze still in space between saccades), blink, jaw and other shapes."""
    time_s = np.arange(frames) / fps
    head = np.zeros((frames, 3))
    for axis, size in enumerate((9, 6, 4)):
        for k in range(1, 4):
            rate = 2 * np.pi * rng.uniform(0.05, 0.25) * k
            head[:, axis] += rng.normal() * size / k * np.sin(rate * time_s + rng.uniform(0, 6.28)) / 1.3
    gaze, start, look = np.zeros((frames, 2)), 0, rng.normal(size=2) * [10, 5]
    while start < frames:
        stop = start + int(rng.uniform(6, 30))
        gaze[start:stop] = look
        start, look = stop, np.clip(rng.normal(size=2) * [11, 7], [-24, -12], [24, 16])
    jumps = np.flatnonzero(np.abs(np.diff(gaze, axis=0)).max(axis=1)) + 1
    gaze[jumps] = gaze[jumps - 1] + (gaze[jumps] - gaze[jumps - 1]) * rng.uniform(0.5, 0.9, (len(jumps), 1))
    turn = rotations.matrix_from_ypr(np.radians(head))
    in_head = np.einsum("tji,tj->ti", turn, rotations.direction_from_yaw_pitch(np.radians(gaze)))
    eye = np.clip(np.degrees(rotations.yaw_pitch_from_direction(in_head)), [-38, -25], [38, 25])
    half = np.array([VERGENCE_DEG / 2, 0])
    blink, start = np.zeros(frames), int(rng.uniform(10, 50))
    while start < frames - 8:
        blink[start : start + 6] = np.array([0.45, 1, 0.8, 0.5, 0.25, 0.08]) * rng.uniform(0.85, 1)
        start += int(rng.uniform(40, 110))
    wave = 2 * np.pi * rng.uniform(0.8, 1.6) * time_s + rng.uniform(0, 6)
    jaw = np.clip(0.35 + 0.35 * np.sin(wave) + 0.12 * np.sin(2 * np.pi * 3.1 * time_s), 0, 0.8)
    return {"head": head, "eyes": np.stack([eye - half, eye + half], axis=1), "blink": blink, "jaw": jaw}


def render_clip(kit: FaceKit, target: Path, seed: int, frames: int, size: int = 448) -> None:
    """One clip and its truth: ``target`` .mp4 and .csv."""
    rng = np.random.default_rng(seed)
    head, motion = Head(kit, rng), draw_motion(rng, frames)
    distance_m, lids_follow = rng.uniform(0.80, 0.90), seed % 2 == 0
    with av.open(str(target.with_suffix(".mp4")), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = size, size, "yuv420p"
        for t in range(frames):
            shapes = {"eyeBlink_L": motion["blink"][t], "eyeBlink_R": motion["blink"][t], "jawOpen": motion["jaw"][t]}
            for side, eye in zip("LR", motion["eyes"][t], strict=True):
                follow = (1 - motion["blink"][t]) * lids_follow
                shapes["eyeLookUp_" + side] = float(np.clip(eye[1] / 30, 0, 1) * follow)
                shapes["eyeLookDown_" + side] = float(np.clip(-eye[1] / 30, 0, 1) * follow)
            image = head.render(motion["head"][t], motion["eyes"][t], shapes, size=size, distance_m=distance_m)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    with target.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for t in range(frames):
            eyes = motion["eyes"][t].ravel()
            writer.writerow([t, t / 25, *motion["head"][t], motion["blink"][t], motion["jaw"][t], *eyes])


def main() -> None:
    """Render the clips."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--clips", type=int, default=8)
    parser.add_argument("--frames", type=int, default=150)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    kit = FaceKit()
    for seed in range(1, options.clips + 1):
        render_clip(kit, options.out / f"head_{seed:02d}", seed, options.frames)
        print(options.out / f"head_{seed:02d}.mp4")


if __name__ == "__main__":
    main()
