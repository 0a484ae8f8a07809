"""One rendered person: identity, skin, eyes, lashes, make-up, glasses, light; and pictures of them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from people.eye import EyeMake
from people.raster import EYE_LEFT, EYE_RIGHT, LASH, LOWER_LASH, PLAIN, RIM, SKIN, rasterise, shade
from talkingeyes import rotations

Array = NDArray[Any]
MODEL = Path(__file__).resolve().parents[3] / "shared" / "data" / "heads" / "ict_facekit_light.npz"
PIVOT_M = np.array([0.0, -0.02, 0.02])
GLOBE_CENTRE_M = np.array([0.0312, 0.0360, 0.0798])
GLOBE_FRONT_M = 0.0165
"""Of the head model's own eyeballs: radius and where their front lies before their centre."""
SKINS = (
    (0.78, 0.6, 0.5),
    (0.62, 0.44, 0.34),
    (0.42, 0.27, 0.2),
    (0.85, 0.7, 0.62),
    (0.55, 0.36, 0.27),
    (0.3, 0.19, 0.14),
)
IRISES = (
    (0.25, 0.4, 0.55), (0.25, 0.13, 0.07), (0.3, 0.36, 0.2), (0.13, 0.08, 0.055), (0.4, 0.42, 0.42), (0.18, 0.1, 0.06),
)  # fmt: skip
_PARTS = {
    "M_Face": SKIN, "M_BackHead": SKIN, "M_GumsTongue": PLAIN, "M_Teeth": PLAIN, "M_ScleraLeft": EYE_LEFT,
    "M_ScleraRight": EYE_RIGHT, "M_EyeLashes": LASH,
}  # fmt: skip


class Kit:
    """ICT-FaceKit's arrays in metres, as triangles."""

    def __init__(self, path: Path = MODEL) -> None:
        with np.load(path) as data:
            self.neutral = data["neutral"].astype(np.float32) / 100
            self.expressions = data["expressions"].astype(np.float32) / 100
            self.identities = data["identities"].astype(np.float32) / 100
            self.shapes = [str(n) for n in data["expression_names"]]
            materials = [str(n) for n in data["material_names"]]
            faces, of_face = data["faces"], data["material"]
        kind_of = np.full(len(materials), -1)
        for name, kind in _PARTS.items():
            kind_of[materials.index(name)] = kind
        tear = faces[of_face == materials.index("M_LacrimalFluid")]
        self.lid_edge = self.neutral[np.unique(tear[tear >= 0])]
        keep = kind_of[of_face] >= 0
        quads, kinds, parts = faces[keep], kind_of[of_face[keep]], of_face[keep]
        second = (quads[:, 3] >= 0) & (quads[:, 3] != quads[:, 2])
        self.triangles = np.concatenate([quads[:, :3], quads[second][:, [0, 2, 3]]]).astype(np.int32)
        self.kinds = np.concatenate([kinds, kinds[second]]).astype(np.int32)
        part = np.concatenate([parts, parts[second]])
        self.of_part = {name: np.unique(self.triangles[part == materials.index(name)]) for name in _PARTS}
        height = self.neutral[self.triangles].mean(axis=1)[:, 1]
        self.kinds[(self.kinds == LASH) & (height < GLOBE_CENTRE_M[1] - 0.001)] = LOWER_LASH
        order = np.argsort(self.kinds >= LASH, kind="stable")
        self.triangles, self.kinds = self.triangles[order], self.kinds[order]

    def near_eyes(self, reach_m: float = 0.034) -> Kit:
        """The same with only the triangles within ``reach_m`` of an eye."""
        out = copy.copy(self)
        centre = self.neutral[self.triangles].mean(axis=1)
        away = [np.linalg.norm(centre - GLOBE_CENTRE_M * [side, 1, 1], axis=1) for side in (1, -1)]
        keep = (np.minimum(*away) < reach_m) & (centre[:, 2] > 0.03)
        used, flat = np.unique(self.triangles[keep], return_inverse=True)
        out.triangles, out.kinds = flat.reshape(-1, 3).astype(np.int32), self.kinds[keep]
        out.neutral, out.expressions = self.neutral[used], self.expressions[:, used]
        out.identities = self.identities[:, used]
        place = np.full(len(self.neutral), -1)
        place[used] = np.arange(len(used))
        out.of_part = {name: place[v][place[v] >= 0] for name, v in self.of_part.items()}
        return out

    @cached_property
    def used(self) -> NDArray[np.signedinteger[Any]]:
        """Vertices that any triangle has."""
        return np.unique(self.triangles)

    def normals(self, vertices: Array, triangles: Array) -> Array:
        """(V, 3) unit vertex normals."""
        corner = vertices[triangles]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        total = np.zeros_like(vertices)
        for axis in range(3):
            total[:, axis] = np.bincount(triangles.ravel(), np.repeat(face[:, axis], 3), len(vertices))
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


@dataclass(frozen=True)
class Lens:
    """A camera at the origin of space: focal length and size of its picture in pixels."""

    focal_px: float
    width: int
    height: int


def draw_make(rng: np.random.Generator, anatomical: bool) -> EyeMake:
    """Eyes as people have them, or painted balls with the iris 12.8 mm deep as in `gaze_truth`."""
    if not anatomical:
        limbus = rng.uniform(0.0053, 0.0060)
        depth = rng.normal(0.0128, 0.0004)
        globe = float(np.hypot(depth, limbus))
        return EyeMake(globe, globe, 0.0, limbus, depth, rng.uniform(0.0016, 0.0028), 1.0)
    apex = rng.normal(0.0133, 0.0004)
    plane = apex - rng.uniform(0.0030, 0.0036)
    limbus = float(np.clip(rng.normal(0.00585, 0.00025), 0.0053, 0.0065))
    return EyeMake(apex, 0.012, rng.normal(0.0078, 0.0002), limbus, plane, rng.uniform(0.0011, 0.0027), 1.336)


class Person:
    """A person drawn from ``rng``."""

    def __init__(self, kit: Kit, rng: np.random.Generator, *, anatomical: bool = True, glasses: bool = False) -> None:
        self.kit, self.make = kit, draw_make(rng, anatomical)
        identity = rng.normal(size=30) * 0.9
        self.rest = kit.neutral + np.tensordot(identity, kit.identities, 1).astype(np.float32)
        self.eyes_m = np.stack([self._eye(side) for side in (1.0, -1.0)])
        self.triangles, self.kinds = kit.triangles, kit.kinds
        self.colours = self._paint(rng)
        if glasses:
            self._wear(rng)
        self.lash_colour = rng.uniform(0.02, 0.15) * np.array([1.0, 0.85, 0.8])
        self.lash_gap = rng.uniform(0.5, 0.95)
        self.highlights = np.zeros((3, 5))
        for lamp in range(int(rng.integers(1, 4))):
            self.highlights[lamp] = (
                *rng.normal(0, 0.5, 1),
                *rng.normal(0.3, 0.4, 1),
                *rng.uniform(0.04, 0.2, 2),
                rng.uniform(0.2, 0.9),
            )
        self.iris = np.array(IRISES[rng.integers(len(IRISES))]) * rng.uniform(0.8, 1.25)
        self.white = np.array([0.86, 0.82, 0.79]) * rng.uniform(0.8, 1.02)
        self.seed = int(rng.integers(97))
        side = rng.uniform(-0.9, 0.9)
        direction = np.array([np.sin(side), rng.uniform(0.0, 0.8), 1.0])
        self.light = np.r_[
            direction / np.linalg.norm(direction), rng.uniform(0.4, 0.75), rng.uniform(0.08, 0.3),
            rng.uniform(0.2, 0.6), 0.0, rng.uniform(0, 0.25),
        ]  # fmt: skip
        self.shade_m = rng.uniform(0.0006, 0.002)
        self.background = rng.uniform(0.05, 0.9, 3) * np.array([1, 1, 1]) * rng.uniform(0.6, 1)
        self.gamma = rng.uniform(1.1, 1.6)
        self.tint = rng.uniform(0.9, 1.1, 3)

    def _eye(self, side: float) -> Array:
        """Where this eye turns about: its front where the model's eyeball has its front."""
        ball = self.kit.of_part["M_ScleraLeft" if side > 0 else "M_ScleraRight"]
        moved = (self.rest[ball] - self.kit.neutral[ball]).mean(axis=0)
        place = GLOBE_CENTRE_M * [side, 1, 1] + moved
        place[2] += GLOBE_FRONT_M - 0.0002 - self.make.apex if self.make.cornea else 0.0
        return place

    def _paint(self, rng: np.random.Generator) -> Array:
        kit = self.kit
        skin = np.array(SKINS[rng.integers(len(SKINS))]) * rng.uniform(0.85, 1.15)
        self.skin = skin
        colour = np.zeros((len(kit.neutral), 3), np.float32)
        colour[kit.of_part["M_GumsTongue"]], colour[kit.of_part["M_Teeth"]] = (0.4, 0.08, 0.1), (0.85, 0.83, 0.78)
        face, back = kit.of_part["M_Face"], kit.of_part["M_BackHead"]
        colour[face] = skin
        hair = np.array([0.2, 0.13, 0.09]) * rng.uniform(0.2, 3.0)
        high = (kit.neutral[back, 1] > 0.05 + rng.normal(0, 0.01)) | (kit.neutral[back, 2] < -0.01)
        colour[back] = np.where(high[:, None], hair, skin)
        x, y, z = np.abs(kit.neutral[face, 0]), kit.neutral[face, 1], kit.neutral[face, 2]
        arch = 0.0535 + 0.006 * np.sin(np.clip((x - 0.012) / 0.04, 0, 1) * np.pi * 0.8)
        width = rng.uniform(0.0018, 0.0042)
        brow = rng.uniform(0.4, 0.95) * np.exp(-(((y - arch) / width) ** 2)) * ((x > 0.011) & (x < 0.05) & (z > 0.06))
        lips = (
            rng.uniform(0.2, 0.8) * np.exp(-((x / 0.026) ** 4)) * np.exp(-(((y + 0.0265) / 0.0095) ** 4)) * (z > 0.09)
        )
        lid = np.exp(-(((x - 0.031) / 0.019) ** 4) - (((y - 0.039) / 0.009) ** 4)) * rng.uniform(0, 0.35)
        edge = np.linalg.norm(kit.neutral[face][:, None] - kit.lid_edge[None, ::2], axis=2).min(axis=1)
        liner = np.exp(-((edge / 0.0012) ** 2)) * (
            rng.uniform(0.4, 0.9) if rng.random() < 0.35 else rng.uniform(0, 0.3)
        )
        for share, paint in (
            (brow, hair * 0.8), (lips, skin * [0.85, 0.5, 0.5]), (lid, skin * [0.75, 0.6, 0.6]),
            (liner, (0.1, 0.06, 0.05)),
        ):  # fmt: skip
            colour[face] += (np.asarray(paint) - colour[face]) * share[:, None]
        return colour

    def _wear(self, rng: np.random.Generator) -> None:
        """Glasses: two dark rims and a bridge."""
        half = np.array([rng.uniform(0.021, 0.027), rng.uniform(0.015, 0.022)])
        thick, count, power = rng.uniform(0.001, 0.0035), 48, rng.choice([2.0, 3.0, 4.0])
        points, triangles = [], []
        first = len(self.rest)
        for side in (1, -1):
            at = self.eyes_m.mean(axis=0) * [0, 1, 1] + [side * 0.033, -0.003, 0.030]
            angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
            ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            ring = ring / (np.abs(ring) ** power).sum(axis=1, keepdims=True) ** (1 / power)
            for grown in (0.0, thick):
                flat = ring * (half + grown)
                points.append(np.c_[at[0] + flat[:, 0], at[1] + flat[:, 1], at[2] - 0.15 * np.abs(flat[:, 0] * 0.5)])
            here = first + (0 if side > 0 else 2 * count)
            for k in range(count):
                a, b = here + k, here + (k + 1) % count
                triangles += [[a, b, a + count], [b, b + count, a + count]]
        self.rest = np.concatenate([self.rest, *points]).astype(np.float32)
        more = len(self.rest) - first
        paint = rng.uniform(0.02, 0.25) * np.ones((more, 3)) * rng.uniform(0.5, 1, 3)
        self.colours = np.concatenate([self.colours, paint]).astype(np.float32)
        cut = int(np.searchsorted(self.kinds >= LASH, True))
        extra = np.array(triangles, np.int32)
        self.triangles = np.concatenate([self.triangles[:cut], extra, self.triangles[cut:]])
        self.kinds = np.concatenate([self.kinds[:cut], np.full(len(extra), RIM, np.int32), self.kinds[cut:]])

    def posed(self, shapes: dict[str, float]) -> Array:
        """(V, 3) vertices with expressions."""
        vertices = self.rest.copy()
        for name, weight in shapes.items():
            if weight:
                vertices[: len(self.kit.neutral)] += (
                    np.float32(weight) * self.kit.expressions[self.kit.shapes.index(name)]
                )
        return vertices

    def eye_centres(self, rotation: Array, place_m: Array) -> Array:
        """(2, 3) centres of rotation in space."""
        return (self.eyes_m - PIVOT_M) @ rotation.T + PIVOT_M + place_m

    def render(
        self, rotation: Array, place_m: Array, eyes_rad: Array, shapes: dict[str, float], lens: Lens, fine: int = 2
    ) -> Array:
        """(H, W, 3) float32 0..1: head rotation, its place in space, each eye's yaw and pitch in the head."""
        vertices = ((self.posed(shapes) - PIVOT_M) @ rotation.T + PIVOT_M + place_m).astype(np.float32)
        focal, width, height = lens.focal_px * fine, lens.width * fine, lens.height * fine
        depth = np.maximum(-vertices[:, 2], 0.02)
        screen = np.stack(
            [width / 2 + focal * vertices[:, 0] / depth, height / 2 - focal * vertices[:, 1] / depth, depth], axis=1
        )
        low = (
            np.clip(screen[self.kit.used, :2].min(axis=0).astype(int) - 2, 0, [width - fine, height - fine])
            // fine
            * fine
        )
        high = np.clip(screen[self.kit.used, :2].max(axis=0).astype(int) + 3, 0, [width, height])
        high = low + np.maximum((high - low) // fine, 1) * fine
        screen[:, :2] -= low
        size = (int(high[0] - low[0]), int(high[1] - low[1]))
        hit = rasterise(screen.astype(float), self.triangles, self.kinds, *size, self.lash_gap)
        picture = np.tile((self.background * self.light[3]).astype(np.float32), (lens.height, lens.width, 1))
        part = np.tile((self.background * self.light[3]).astype(np.float32), (size[1], size[0], 1))
        turns = np.stack([rotation @ m for m in rotations.matrix_from_ypr(np.c_[eyes_rad, np.zeros(2)])])
        centres = self.eye_centres(rotation, place_m)
        light = self.light.copy()
        light[6] = max(1.0, self.shade_m * focal / depth.min())
        look = self.make.packed(self.iris, self.white, self.seed, self.highlights)
        mesh = (vertices, self.kit.normals(vertices, self.triangles).astype(np.float32), self.rest, self.colours)
        lens_part = (focal, width / 2 - low[0], height / 2 - low[1])
        shade(part, hit, self.triangles, self.kinds, mesh, light, lens_part, centres, turns, look, self.lash_colour)
        part = cv2.resize(part, (size[0] // fine, size[1] // fine), interpolation=cv2.INTER_AREA)
        x, y = low // fine
        picture[y : y + part.shape[0], x : x + part.shape[1]] = part
        return np.clip(picture * self.tint, 0, 1) ** (1 / self.gamma)
