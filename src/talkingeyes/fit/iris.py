"""Where the iris is, from the pixels: colour classes of one person's eye, and the disc that divides them best.

Landmark irises follow the lids. Here each pixel near the eye votes: +1 iris or pupil, -1 white of the eye, 0 skin, so
that whatever the lids cover says nothing; the centre is where a disc of the iris's size gathers most iris and the ring
around it most white. Discs are precise in large pictures and lie between the lids in small ones, so that a network
(`talkingeyes.fit.iris_net`) says where to look, and counts the more the smaller the eye is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.correlate import filtered, transformed
from talkingeyes.fit.iris_net import EyeLook
from talkingeyes.fit.landmarks import EYES, IRISES

Array = NDArray[Any]

IRIS_RADIUS_M = 0.0060
"""Half the visible iris of an adult, 11.7 mm across (Caroline and Andre 2002), in the prior head's slightly large
units."""
_RADIUS_PX = 14.0
_SIDE = 80
SURFACE_M = 0.014
"""The iris lies this far in front of the eyeball's centre: only for the size of the crop."""
_RING = 1.45
_MIN_PIXELS = 60
_REACH_RADII, _NET_REACH_RADII = 1.2, 0.7
"""How far the centre may lie from the landmarks' iris and from the network's."""
_NET_PULL = 0.03
_CLEAR_RADIUS_PX, _LEAST_SIGMA = 13.0, 0.25
"""Pull towards the network's place per squared standard deviation that it states, for an iris of that radius in the
picture; it grows with the inverse square of the radius. The network was taught on renderings and is surer of itself
than it can be with people: with less than that spread the disc would not be heard, which is better on clear faces."""
_USUAL_RADIUS, _RADII = 0.965, (0.86, 1.14)
"""Iris radii that people have, head sizes included. The disc itself cannot tell: its score is best for small ones that
fit between the lids, and those lie in the middle of the opening wherever the iris is."""
_LASHES_RADII, _LASHES_SOFT_RADII = 0.12, 0.08
"""Dark pixels farther than this outside the lid contour are lashes, shadow or make-up, not iris."""
_MIN_SEPARATION = 2.0
"""Iris and white must differ by so many standard deviations, or the network alone is believed."""
_BITS = 5
_BINS = 2**_BITS
_BIN_STEPS = np.array([_BINS**2, _BINS, 1], np.float32)
_GREY = np.full(3, 1 / 3, np.float32)
_SURE_VOTE = 0.3
_MAX_LEARNT_CROPS = 32
_MIDDLE = _SIDE / 2 - 0.5
PUPIL_WEIGHT = 0.7
"""The lids cover the rim above and below: up and down the pupil says most."""


@dataclass(frozen=True)
class EyeCrop:
    """One eye, upright, with an iris of about 14 px radius, the landmarks' iris in the middle.

    Attributes:
        image: (80, 80, 3) uint8.
        warp: (2, 3) affine from picture pixels to crop pixels.
        inside: (80, 80) float32 distance to the lid contour of the landmarks in crop pixels, positive inside.
    """

    image: NDArray[np.uint8]
    warp: Array
    inside: Array

    @property
    def radius_px(self) -> float:
        """Radius of a usual iris in the picture."""
        return _RADIUS_PX / math.hypot(self.warp[0, 0], self.warp[0, 1])

    def to_picture(self, pixel: Array) -> Array:
        """(2,) crop pixel (pixel centres at integers) -> (2,) picture pixel (pixel corners at integers)."""
        (cos, _), (sin, _) = self.warp[:, :2]
        x, y = (pixel - self.warp[:, 2]) / (cos * cos + sin * sin)
        return np.array([cos * x + sin * y + 0.5, cos * y - sin * x + 0.5])


@dataclass(frozen=True)
class IrisFix:
    """The iris of one eye in one picture.

    Attributes:
        centre_px: (2,) in the picture.
        score: -1..2, how much iris is in the disc and how much white around it.
        aperture: height of the opening over the iris in iris radii.
    """

    centre_px: Array
    score: float
    aperture: float


def crop_eye(image: NDArray[np.uint8], px_per_m: float, roll_rad: float, landmarks_px: Array, eye: int) -> EyeCrop:
    """Cut one eye (0 left, 1 right) out of a picture, given its size in the picture and the head's roll."""
    import cv2

    scale = _RADIUS_PX / (px_per_m * IRIS_RADIUS_M)
    cos, sin = scale * math.cos(roll_rad), scale * math.sin(roll_rad)
    turn = np.array([[cos, -sin], [sin, cos]])
    warp = np.empty((2, 3))
    warp[:, :2], warp[:, 2] = turn, _SIDE / 2 - 0.5 - turn @ (landmarks_px[IRISES[eye][0]] - 0.5)
    crop = cv2.warpAffine(image, warp, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lids = (landmarks_px[list(EYES[eye])] - 0.5) @ turn.T + warp[:, 2]
    return EyeCrop(np.asarray(crop, np.uint8), warp, _signed_distance(lids))


def _signed_distance(contour: Array) -> Array:
    import cv2

    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.fillPoly(mask, [np.round(contour * 16).astype(np.int32)], (1.0,), shift=4)
    return cv2.distanceTransform(mask, cv2.DIST_L2, 3) - cv2.distanceTransform(1 - mask, cv2.DIST_L2, 3)


@cache
def _disc(radius_px: float) -> Array:
    reach = math.ceil(radius_px * _RING) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    away = np.hypot(x, y)
    inner = np.clip(radius_px + 0.5 - away, 0, 1)
    ring = np.clip(_RING * radius_px + 0.5 - away, 0, 1) - inner
    return ((inner - ring) / (math.pi * radius_px**2)).astype(np.float32)


@cache
def _spectrum(radius_px: float, side: int) -> Array:
    """`_disc` as `filtered` takes it, for squares of ``side`` pixels, wide enough to wrap nowhere within `_reach`."""
    part, disc = _reach(radius_px, side)[0], _disc(radius_px)
    return transformed(disc, side + max(0, part.stop + disc.shape[0] // 2 - side))


@cache
def _from_middle() -> tuple[Array, Array]:
    """(80, 80) distance from the middle of a crop, to the right and down."""
    y, x = np.mgrid[:_SIDE, :_SIDE].astype(np.float32) - (_SIDE / 2 - 0.5)
    return x, y


@cache
def _reach(radius_px: float, side: int) -> tuple[slice, Array, Array]:
    """Where the centre may lie: rows and columns of the crop, and how far right and down of the middle they are."""
    half = math.ceil(_REACH_RADII * radius_px) + 1
    y, x = np.mgrid[-half:half, -half:half].astype(np.float32) + np.float32(0.5)
    return slice(side // 2 - half, side // 2 + half), x, y


def _some(crops: list[Any], most: int) -> list[Any]:
    """Crops, or what belongs to them, from all over the list, both eyes alike."""
    pairs = len(crops) // 2
    chosen = np.unique(np.linspace(0, pairs - 1, min(pairs, most // 2)).astype(int)) if pairs else []
    return [crops[2 * int(i) + eye] for i in chosen for eye in range(2)]


class IrisModel:
    """Colours and iris size of one person, learned from open-eyed crops.

    Args:
        crops: crops of both eyes in turn, from pictures in which the eyes are open.
        looks: what the network says of them.
    """

    def __init__(self, crops: list[EyeCrop], looks: EyeLook) -> None:
        number = _some(list(range(len(crops))), _MAX_LEARNT_CROPS)
        crops, self.radius_px = [crops[i] for i in number], _RADIUS_PX * _usual_radius(looks)
        places = looks.centre[number]
        self.works = self._learn_colours(crops, places)
        self._pupil: Array | None = None
        if self.works:
            votes = [self._votes(crop) for crop in crops]
            self._pupil = transformed(self._learn_profile(crops, votes, looks.at(number)), _SIDE)

    @property
    def radius_m(self) -> float:
        """The iris radius of this person in the prior head's units."""
        return IRIS_RADIUS_M * self.radius_px / _RADIUS_PX

    def find(self, crop: EyeCrop, look: EyeLook) -> IrisFix:
        """The iris in one crop of which the network says ``look``; the network's own where there are no colours."""
        if not self.works:
            return IrisFix(crop.to_picture(_MIDDLE + _RADIUS_PX * look.centre[0]), 0.0, _landmark_aperture(crop))
        votes = self._votes(crop)
        centre, score = self._search(votes, crop, look, self._inner(crop, votes))
        left = math.ceil(centre[0] - 0.5 * self.radius_px)
        right = math.floor(centre[0] + 0.5 * self.radius_px) + 1
        opened = np.abs(votes[:, max(0, left) : right]).sum() / max(right - left, 1)
        return IrisFix(crop.to_picture(centre), score, float(opened / self.radius_px))

    def _learn_colours(self, crops: list[EyeCrop], places: Array) -> bool:
        half = (slice(None, None, 2),) * 2
        pixels = np.concatenate([np.zeros((0, 3)), *(c.image[half].reshape(-1, 3) for c in crops)])
        inside = np.concatenate([np.zeros(0), *(c.inside[half].ravel() for c in crops)])
        x, y = (axis[half].ravel() for axis in _from_middle())
        away = np.concatenate([np.zeros(0), *(np.hypot(x - right, y - down) for right, down in _RADIUS_PX * places)])
        margin = 0.2 * _RADIUS_PX
        iris = pixels[(away < 0.75 * _RADIUS_PX) & (inside > margin)]
        white = pixels[(away > 1.45 * _RADIUS_PX) & (inside > margin)]
        skin = pixels[inside < -0.5 * _RADIUS_PX]
        if min(len(iris), len(white), len(skin)) < _MIN_PIXELS:
            return False
        dark = iris.mean(axis=1) <= np.percentile(iris.mean(axis=1), 20)
        bright = white.mean(axis=1) > np.percentile(white.mean(axis=1), 30)
        classes = [_gaussian(p) for p in (iris[~dark], iris[dark], white[bright], skin)]
        if _separation(classes[0], classes[2]) < _MIN_SEPARATION:
            return False
        level = (np.arange(_BINS) + 0.5) * 256 / _BINS
        colours = np.stack(np.meshgrid(level, level, level, indexing="ij"), axis=-1).reshape(-1, 3)
        likely = np.stack([_log_density(colours, *c) for c in classes])
        top = likely[:3].max(axis=0)
        eye = np.exp(likely[:3] - top)
        self._vote = ((eye[0] + eye[1] - eye[2]) / eye.sum(axis=0)).astype(np.float32)
        self._eyeness = np.clip(top + np.log(eye.sum(axis=0)) - likely[3], -30, 30).astype(np.float32)
        return True

    def _shade(self, crop: EyeCrop, votes: Array) -> Array:
        """Brightness of the visible iris against its usual, 0 elsewhere and in highlights."""
        mine = np.flatnonzero(votes > _SURE_VOTE)
        out = np.zeros(_SIDE * _SIDE, np.float32)
        if len(mine) >= _MIN_PIXELS:
            grey = crop.image.reshape(-1, 3)[mine].astype(np.float32) @ _GREY
            level = _median(grey)
            spread = 1.4826 * _median(np.abs(grey - level)) + 2
            out[mine] = np.minimum(np.maximum((grey - level) / spread, -3), 1.5)
        return out.reshape(_SIDE, _SIDE)

    def _learn_profile(self, crops: list[EyeCrop], votes: list[Array], looks: EyeLook) -> Array:
        """How brightness goes from the pupil to the rim in this person, as a filter of zero mean."""
        bins = np.linspace(0, 0.9, 10)
        total, count = np.zeros(9), np.full(9, 1e-6)
        for i, (crop, vote) in enumerate(zip(crops, votes, strict=True)):
            centre, _ = self._search(vote, crop, looks.at([i]))
            y, x = np.nonzero(vote > _SURE_VOTE)
            ring = (np.hypot(x - centre[0], y - centre[1]) * (10 / self.radius_px)).astype(int)
            use = ring < 9
            total += np.bincount(ring[use], self._shade(crop, vote)[y, x][use], 9)
            count += np.bincount(ring[use], minlength=9)
        profile = total / count
        reach = math.ceil(0.9 * self.radius_px)
        gy, gx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        away = np.hypot(gx, gy) / self.radius_px
        inside = np.clip((0.9 - away) * self.radius_px, 0, 1)
        kernel = np.interp(away, (bins[:-1] + bins[1:]) / 2, profile)
        kernel = (kernel - (kernel * inside).sum() / inside.sum()) * inside
        return (kernel / (math.pi * self.radius_px**2)).astype(np.float32)

    def _inner(self, crop: EyeCrop, votes: Array) -> Array | None:
        if self._pupil is None:
            return None
        return PUPIL_WEIGHT * filtered(self._shade(crop, votes), self._pupil)

    def _votes(self, crop: EyeCrop) -> Array:
        index = (crop.image >> (8 - _BITS)).astype(np.float32) @ _BIN_STEPS
        index = index.astype(np.intp)
        place = np.minimum(np.maximum(crop.inside * np.float32(1.5 / (0.35 * _RADIUS_PX)), -6), 6)
        votes = self._vote[index] / (1 + np.exp(-(self._eyeness[index] + place)))
        dark = votes > 0
        votes[dark] /= 1 + np.exp((crop.inside[dark] / _RADIUS_PX + _LASHES_RADII) / -_LASHES_SOFT_RADII)
        return votes

    def _search(self, votes: Array, crop: EyeCrop, look: EyeLook, inner: Array | None = None) -> tuple[Array, float]:
        """Where the disc of iris and white is best near the network's place, and how good it is there."""
        part, x, y = _reach(self.radius_px, len(votes))
        score = filtered(votes, _spectrum(self.radius_px, len(votes)))[part, part]
        right, down = _RADIUS_PX * look.centre[0]
        sigma = np.maximum(look.sigma[0], _LEAST_SIGMA)
        weight = _NET_PULL * (_CLEAR_RADIUS_PX / crop.radius_px) ** 2 / (_RADIUS_PX * sigma) ** 2
        across, up = (x - right) ** 2, (y - down) ** 2
        whole = score - weight[0] * across - weight[1] * up
        if inner is not None:
            whole += inner[part, part]
        whole = np.where(across + up < (_NET_REACH_RADII * _RADIUS_PX) ** 2, whole, -9)
        row, col = divmod(int(np.argmax(whole)), whole.shape[1])
        return _subpixel(whole, row, col) + part.start, float(score[row, col])


def _usual_radius(looks: EyeLook) -> float:
    """The iris's radius in units of 14 crop pixels: half the network's median, half anatomy."""
    seen = float(np.median(looks.radius)) if len(looks.radius) else _USUAL_RADIUS
    return float(np.clip((seen + _USUAL_RADIUS) / 2, *_RADII))


def _median(values: Array) -> float:
    """The upper median, without the overhead of numpy's own."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle])


def _landmark_aperture(crop: EyeCrop) -> float:
    return float(2 * max(crop.inside.max(), 0) / _RADIUS_PX)


def _gaussian(pixels: Array) -> tuple[Array, Array]:
    centre = np.median(pixels, axis=0)
    away = np.linalg.norm(pixels - centre, axis=1)
    return centre, np.cov(pixels[away <= np.percentile(away, 75)].T) * 2 + np.eye(3) * 30


def _separation(a: tuple[Array, Array], b: tuple[Array, Array]) -> float:
    """Distance of two colour classes in their common standard deviation along the line between them."""
    apart = a[0] - b[0]
    return float(np.sqrt(apart @ np.linalg.solve((a[1] + b[1]) / 2, apart)))


def _log_density(colours: Array, mean: Array, covariance: Array) -> Array:
    off = colours - mean
    away = np.einsum("ni,ni->n", off @ np.linalg.inv(covariance), off)
    return -0.5 * (away + np.linalg.slogdet(covariance)[1])


_BOWL = np.linalg.pinv(np.array([[1, x, y, x * x, y * y, x * y] for y in (-1, 0, 1) for x in (-1, 0, 1)], float))


def _subpixel(score: Array, row: int, col: int) -> Array:
    """Top of the quadratic through the 3 x 3 neighbourhood of a peak: (2,) x, y."""
    row, col = int(np.clip(row, 1, score.shape[0] - 2)), int(np.clip(col, 1, score.shape[1] - 2))
    _, bx, by, bxx, byy, bxy = _BOWL @ score[row - 1 : row + 2, col - 1 : col + 2].astype(float).ravel()
    bend = 4 * bxx * byy - bxy**2
    if bxx >= 0 or bend <= 0:
        return np.array([col, row], float)
    offset = np.array([bxy * by - 2 * byy * bx, bxy * bx - 2 * bxx * by]) / bend
    return np.array([col, row]) + np.clip(offset, -1, 1)
