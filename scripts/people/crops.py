"""Eye crops with known iris centre and lids, as the fit cuts them out, to teach a small network with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from people.filming import draw_shooting, shoot
from people.person import Kit, Lens, Person
from talkingeyes import rotations
from talkingeyes.fit.iris import IRIS_RADIUS_M

Array = NDArray[Any]
RADIUS_PX, SIDE = 14.0, 80
"""As in talkingeyes.fit.iris."""
FACE_M = 0.145
_LIVELY, _STILL = 1.0, 0.15
"""How far heads move between pictures, against how they differ; a codec spares itself what hardly moves."""


@dataclass(frozen=True)
class Taught:
    """Crops (N, 80, 80, 3) of eyes as if all were left ones, and what is true of them.

    ``truth`` (N, 7): iris centre right and down of the middle in radii of 14 px; yaw and pitch of the eye's axis
    against the line of sight, radians; log of the iris's radius over 14 px; depth of the iris before the centre of
    rotation, mm; 1 for an eye with a cornea, 0 for a painted ball. Mirrored with the crop.
    """

    crops: NDArray[np.uint8]
    truth: Array


def draw_crops(kit: Kit, rng: np.random.Generator, per_person: int) -> Taught:
    """Both eyes of one person in ``per_person`` pictures; ``kit`` from `Kit.near_eyes`."""
    person = Person(kit, rng, anatomical=bool(rng.random() < 0.85), glasses=bool(rng.random() < 0.15))
    person.background = person.skin * rng.uniform(0.8, 1.4)
    face_px = float(np.exp(rng.uniform(np.log(55), np.log(340))))
    away = float(np.exp(rng.uniform(np.log(0.4), np.log(2.0))))
    focal, base = away * face_px / FACE_M, rng.uniform(-0.15, 0.15)
    follow = rng.uniform(0.4, 1.1) if rng.random() < 0.85 else rng.uniform(0, 0.4)
    kappa = np.radians(rng.normal(4.5, 1.0)) * np.array([[1, 0], [-1, 0]])
    fixed = {
        "eyeSquint": max(0.0, rng.normal(0, 0.3)),
        "cheekSquint": max(0.0, rng.normal(0, 0.3)),
        "browDown": max(0.0, rng.normal(0, 0.3)),
    }
    how = draw_shooting(rng)
    middle_deg, sway = rng.normal(size=3) * [12, 9, 4], _STILL if how.film_crf and rng.random() < 0.7 else _LIVELY
    lens = Lens(focal, int(face_px * 0.95), int(face_px * 0.5))
    images, poses, crops, truth = [], [], [], []
    for _ in range(per_person):
        head = np.radians(middle_deg * (sway < 1) + rng.normal(size=3) * [12, 9, 4] * sway)
        seen = np.radians(np.clip(rng.normal(size=2) * [14, 11] + [0, -5], [-35, -38], [35, 25]))
        axis = seen + kappa
        shut = base + rng.normal() * 0.03 + (rng.uniform(0, 0.5) if rng.random() < 0.06 else 0)
        shapes = {}
        for side, eye in zip("LR", np.degrees(axis), strict=True):
            shapes |= {name + "_" + side: value for name, value in fixed.items()}
            shapes["eyeBlink_" + side], shapes["eyeWide_" + side] = max(0.0, shut), max(0.0, -shut) * 2
            shapes["eyeLookUp_" + side] = float(np.clip(eye[1] / 30, 0, 1) * follow)
            shapes["eyeLookDown_" + side] = float(np.clip(-eye[1] / 30, 0, 1) * follow)
        rotation = rotations.matrix_from_ypr(head)
        middle = (person.eyes_m.mean(axis=0) - [0, -0.02, 0.02]) @ rotation.T
        place = np.array([0, 0, -away]) - middle * [1, 1, 0] - [0, -0.02, 0]
        images.append(person.render(rotation, place, axis, shapes, lens))
        poses.append((rotation, place, axis))
    for image, pose in zip(shoot(images, how, rng), poses, strict=True):
        got = [_crop(person, lens, image, pose, eye, rng) for eye in range(2)]
        crops += [c for c, _ in got]
        truth += [t for _, t in got]
    return Taught(np.stack(crops), np.array(truth, np.float32))


def _crop(
    person: Person, lens: Lens, image: NDArray[np.uint8], pose: tuple[Array, Array, Array], eye: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], list[float]]:  # fmt: skip
    """One eye and its truth, the right one mirrored."""
    rotation, place, axis = pose
    ball = person.eye_centres(rotation, place)[eye]
    direction = rotations.direction_from_yaw_pitch(axis[eye]) @ rotation.T
    rim = ball + direction * person.make.limbus_depth
    at = np.array(
        [lens.width / 2 + lens.focal_px * rim[0] / -rim[2], lens.height / 2 - lens.focal_px * rim[1] / -rim[2]]
    )
    px_per_m = lens.focal_px / (-ball[2] - 0.012) * np.exp(rng.normal() * 0.06)
    roll = np.arctan2(rotation[1, 0], rotation[1, 1]) + rng.normal() * 0.05
    scale = RADIUS_PX / (px_per_m * IRIS_RADIUS_M)
    cos, sin = scale * np.cos(roll), scale * np.sin(roll)
    turn = np.array([[cos, -sin], [sin, cos]])
    off = np.clip(rng.normal(size=2) * [0.15, 0.3], -0.8, 0.8) * RADIUS_PX
    warp = np.c_[turn, SIDE / 2 - 0.5 - turn @ (at - 0.5) + off]
    crop = cv2.warpAffine(image, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    ray = -ball / np.linalg.norm(ball)
    toward = rotations.yaw_pitch_from_direction(direction) - rotations.yaw_pitch_from_direction(ray)
    sign = 1 if eye == 0 else -1
    if eye == 1:
        crop = crop[:, ::-1]
    radius = np.log(person.make.limbus * lens.focal_px / -rim[2] * scale / RADIUS_PX)
    made = [radius, person.make.limbus_depth * 1e3, float(person.make.cornea > 0)]
    return np.ascontiguousarray(crop, np.uint8), [
        sign * off[0] / RADIUS_PX,
        off[1] / RADIUS_PX,
        sign * toward[0],
        toward[1],
        *made,
    ]
