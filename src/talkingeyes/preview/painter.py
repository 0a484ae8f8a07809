"""Pictures of an avatar without a graphics library: poses it, casts one shadow, draws at twice the size, tone-maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.preview.light import KeyShadow, light, mirrors, softbox
from talkingeyes.preview.raster import NOTHING, Covered, corner_shares, cover
from talkingeyes.preview.scene import Finish, Scene, Surface, linear, sampled
from talkingeyes.rotations import matrix_from_ypr

Array = NDArray[Any]

DISTANCE_M, VIEW_HEIGHT_M, BELOW_EYES_M, MEAN_EYE_DISTANCE_M, HEAD_HEIGHT_M = 1.0, 0.36, 0.024, 0.063, 0.3
"""Where the camera stands: as in the page (viewer/src/stage.ts), where generated motion has its partner."""
OVERSAMPLING = 2
_TOP, _BOTTOM = np.array([0.955, 0.96, 0.97]), np.array([0.84, 0.855, 0.885])
_NEAR_M = 0.05

_ACES_IN = np.array([[0.59719, 0.35458, 0.04823], [0.076, 0.90834, 0.01566], [0.0284, 0.13383, 0.83777]], np.float32)
_ACES_OUT = np.array(
    [[1.60475, -0.53108, -0.07367], [-0.10208, 1.10813, -0.00605], [-0.00327, -0.07276, 1.07602]], np.float32
)
_STEPS = 4096


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from; the character looks along +Z.

    Attributes:
        place: (3,) of the camera.
        axes: (3, 3) rows: right, down, forward.
        focal: pixels per unit of slope, in the oversampled picture.
        size: height and width of the oversampled picture.
        centre: (3,) what it looks at.
        scale: the character's size over a person's.
    """

    place: Array
    axes: Array
    focal: float
    size: tuple[int, int]
    centre: Array
    scale: float

    def project(self, positions: Array) -> tuple[Array, Array]:
        """(V, 2) pixels and (V,) nearness (0 behind the camera) of (V, 3) positions."""
        seen = (positions - self.place) @ self.axes.T
        near = np.where(seen[:, 2] > _NEAR_M * self.scale, self.scale / np.maximum(seen[:, 2], 1e-9), 0.0)
        slope = seen[:, :2] * (near / self.scale)[:, None]
        return slope * self.focal + np.array([self.size[1] / 2, self.size[0] / 2]), near


@dataclass(frozen=True)
class Drawn:
    """Posed surfaces, joined: offsets say where each one's vertices begin."""

    surfaces: list[Surface]
    offsets: list[int]
    positions: Array
    normals: Array
    triangles: Array
    owner: Array

    def part(self, number: int) -> slice:
        """The vertices of one surface."""
        first = self.offsets[number]
        return slice(first, first + len(self.surfaces[number].positions))

    def faces(self, number: int | None) -> slice:
        """The triangles of one surface; None: all."""
        if number is None:
            return slice(0, len(self.triangles))
        first = sum(len(surface.triangles) for surface in self.surfaces[:number])
        return slice(first, first + len(self.surfaces[number].triangles))


@dataclass(frozen=True)
class LitVertices:
    """Light at vertices: (V, 3) of their own colour, mirrored, and the directions it was computed with."""

    colour: Array
    mirrored: Array
    normals: Array
    to_eye: Array


class Painter:
    """Draws one avatar, frame by frame."""

    def __init__(
        self, scene: Scene, size: tuple[int, int], *, azimuth_rad: float = 0.0, closeness: float = 1.0
    ) -> None:
        self.scene = scene
        self._upright = np.eye(4)
        self._upright[:3, :3] = matrix_from_ypr([scene.rig.facing_rad, 0.0, 0.0]).T
        solid = [s for s in scene.surfaces if not _seen_through(s.finish)]
        self._solid, self._through = solid, [s for s in scene.surfaces if _seen_through(s.finish)]
        self.camera = self._aimed(size, azimuth_rad, closeness)

    def _aimed(self, size: tuple[int, int], azimuth_rad: float, closeness: float) -> Camera:
        eyes, scale = self._eyes()
        centre = eyes - np.array([0.0, BELOW_EYES_M * scale / closeness, 0.0])
        out = np.array([np.sin(azimuth_rad), 0.0, np.cos(azimuth_rad)])
        place = centre + out * (DISTANCE_M * scale)
        if azimuth_rad == 0:
            place[1] += BELOW_EYES_M * scale / closeness
        forward = (centre - place) / np.linalg.norm(centre - place)
        right = np.cross(forward, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(forward, right), forward])
        tall = size[0] * OVERSAMPLING
        focal = tall * DISTANCE_M * closeness / VIEW_HEIGHT_M
        return Camera(place, axes, focal, (tall, size[1] * OVERSAMPLING), centre, scale)

    def _eyes(self) -> tuple[Array, float]:
        """(3,) the point between the eyes, and the character's size over a person's."""
        places = self.scene.rig.places_m
        if places is not None:
            left, right = places @ self._upright[:3, :3].T
        else:
            world = self._upright @ self.scene.world({})
            points = np.concatenate([self.scene.posed(s, {}, world)[0] for s in self.scene.surfaces])
            low, high = points.min(axis=0), points.max(axis=0)
            return (low + high) / 2, float((high[1] - low[1]) / HEAD_HEIGHT_M) or 1.0
        return (left + right) / 2, float(np.linalg.norm(left - right) / MEAN_EYE_DISTANCE_M) or 1.0

    def picture(self, rotations: Mapping[int, Array], weights: Mapping[int, Array]) -> Array:
        """(H, W, 3) uint8 sRGB.

        Args:
            rotations: node -> (3, 3) local rotation.
            weights: node -> (targets,) morph weights.
        """
        world = self._upright @ self.scene.world(rotations)
        solid, through = (self._posed(group, weights, world) for group in (self._solid, self._through))
        casting = np.array([not _is_single_hairs(s.finish) for s in solid.surfaces], bool)[solid.owner]
        shadow = KeyShadow.cast(solid.positions, solid.triangles[casting], self.camera.centre, self.camera.scale)
        height, width = self.camera.size
        colour = np.zeros((height * width, 3), np.float32)
        opacity = np.zeros(height * width, np.float32)
        covered = self._covered(solid, None)
        self._paint(solid, covered, shadow, colour, opacity)
        nearness, cut = covered.nearness.copy(), np.zeros_like(covered.nearness)
        for index in self._order(through):
            finish, layer = through.surfaces[index].finish, self._covered(through, index)
            if not layer.nearness.any():
                continue
            hidden = layer.nearness <= nearness
            if _is_cut_out(finish):  # from near to far: of two at one depth, the one that is farther as a whole shows
                hidden |= layer.nearness < cut
            else:
                hidden |= layer.nearness <= cut
            layer.triangle[hidden] = NOTHING
            kept = self._paint(through, layer, shadow, colour, opacity)
            if finish.cutoff > 0:
                cut.ravel()[kept] = layer.nearness.ravel()[kept]
        return self._developed(colour, opacity)

    def _posed(self, surfaces: list[Surface], weights: Mapping[int, Array], world: Array) -> Drawn:
        offsets, positions, normals, triangles, owner, at = [], [], [], [], [], 0
        for number, surface in enumerate(surfaces):
            place, turn = self.scene.posed(surface, weights, world)
            offsets.append(at)
            positions.append(place)
            normals.append(turn)
            triangles.append(surface.triangles + at)
            owner.append(np.full(len(surface.triangles), number))
            at += len(place)
        empty, none = np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int64)
        return Drawn(
            surfaces,
            offsets,
            np.concatenate([empty, *positions]),
            np.concatenate([empty, *normals]),
            np.concatenate([none, *triangles]),
            np.concatenate([np.zeros(0, np.int64), *owner]),
        )

    def _covered(self, drawn: Drawn, only: int | None) -> Covered:
        faces = drawn.faces(only)
        pixels, near = self.camera.project(drawn.positions if only is None else drawn.positions[drawn.part(only)])
        triangles = drawn.triangles[faces] - (0 if only is None else drawn.offsets[only])
        corners = pixels[triangles]
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        two_sided = np.array([s.finish.two_sided for s in drawn.surfaces], bool)
        keep = (area < 0) | two_sided[drawn.owner[faces]] if len(two_sided) else area < 0
        return cover(corners, near[triangles], self.camera.size, keep, faces.start or 0)

    def _order(self, drawn: Drawn) -> list[int]:
        """Of see-through surfaces: cut-out ones from near to far, others from far to near; what mirrors light last."""
        _, near = self.camera.project(drawn.positions)
        keys = []
        for number, surface in enumerate(drawn.surfaces):
            distance, finish = float(np.median(near[drawn.part(number)])), surface.finish
            backwards = -1 if _is_cut_out(finish) else 1
            keys.append((mirrors(finish), finish.cutoff <= 0, backwards * distance, backwards * number, number))
        return [key[-1] for key in sorted(keys)]

    def _paint(self, drawn: Drawn, covered: Covered, shadow: KeyShadow, colour: Array, opacity: Array) -> Array:
        """Shade the pixels of a pass into the picture: plain surfaces at once, then the others one by one.

        Returns:
            Pixels through which nothing behind is seen any more.
        """
        place, triangle, shares = corner_shares(covered)
        if not len(place):
            return place
        owner = drawn.owner[triangle]
        vertices, closed = drawn.triangles[triangle], np.ones(len(place), bool)
        present = np.flatnonzero(np.bincount(owner, minlength=len(drawn.surfaces)))
        lit = {int(n): self._lit(drawn, int(n), shadow) for n in present}
        plain = [n for n in lit if _is_plain(drawn.surfaces[n].finish)]
        if plain:
            at_vertices = np.zeros((len(drawn.positions), 3), np.float32)
            for number in plain:
                at_vertices[drawn.part(number)] = lit[number].colour + lit[number].mirrored
            colour[place], opacity[place] = _mixed(at_vertices, vertices, shares), 1.0
        for number in lit.keys() - set(plain):
            rows = np.flatnonzero(owner == number)
            own = vertices[rows] - drawn.offsets[number]
            shade, alpha = self._shade(drawn.surfaces[number], lit[number], own, shares[rows])
            at = place[rows]
            if alpha is None:
                colour[at], opacity[at] = shade, 1.0
            else:
                kept = 1 - alpha
                colour[at] = colour[at] * kept[:, None] + shade
                opacity[at] = opacity[at] * kept + alpha
                closed[rows] = kept <= 0
        return place[closed]

    def _lit(self, drawn: Drawn, number: int, shadow: KeyShadow) -> LitVertices:
        """Light at the vertices of one surface."""
        surface, part = drawn.surfaces[number], drawn.part(number)
        positions, normals, finish = drawn.positions[part], drawn.normals[part], surface.finish
        to_eye = self.camera.place.astype(np.float32) - positions
        to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
        if finish.two_sided:
            normals = np.where((np.einsum("ij,ij->i", normals, to_eye) < 0)[:, None], -normals, normals)
        own = surface.colours if surface.colours is not None else np.ones_like(positions)
        own = own * finish.colour[:3]
        if finish.unlit:
            return LitVertices(own, np.zeros_like(own), normals, to_eye)
        arriving = light(normals, to_eye, finish, shadow.share(positions, normals))
        return LitVertices(own * arriving.diffuse, arriving.mirrored, normals, to_eye)

    def _shade(self, surface: Surface, lit: LitVertices, vertices: Array, shares: Array) -> tuple[Array, Array | None]:
        """(N, 3) light of pixels, times opacity where (N,) opacity is given."""
        finish = surface.finish
        alpha = np.full(len(shares), finish.colour[3]) if _seen_through(finish) else None
        if finish.texture is None or surface.uv is None:
            shade = _mixed(lit.colour + lit.mirrored, vertices, shares)
        else:
            seen = sampled(finish.texture, _mixed(surface.uv, vertices, shares))
            shade = _mixed(lit.colour, vertices, shares) * seen[:, :3] + _mixed(lit.mirrored, vertices, shares)
            alpha = None if alpha is None else alpha * seen[:, 3]
        if alpha is not None:
            alpha = (alpha >= finish.cutoff).astype(np.float32) if finish.cutoff else alpha.astype(np.float32)
            shade = shade * alpha[:, None]
        if mirrors(finish):
            if alpha is not None and finish.texture is None:
                shade, alpha = np.zeros_like(shade), np.zeros_like(alpha)  # a cornea only adds what it mirrors
            shade = shade + self._mirrored(finish, lit.normals, lit.to_eye, vertices, shares)
        return shade, alpha

    def _mirrored(self, finish: Finish, normals: Array, to_eye: Array, vertices: Array, shares: Array) -> Array:
        turned, towards = (_mixed(v, vertices, shares) for v in (normals, to_eye))
        for vectors in (turned, towards):
            vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        return softbox(turned, towards, finish.roughness)

    @cached_property
    def _background(self) -> Array:
        """(H, W, 3) sRGB 0..1."""
        height, width = (n // OVERSAMPLING for n in self.camera.size)
        y, x = np.linspace(0, 1, height)[:, None], np.linspace(-1, 1, width)[None]
        fall = np.clip(0.75 * y**1.5 + 0.2 * x**2, 0, 1)[..., None]
        return (_TOP + (_BOTTOM - _TOP) * fall).astype(np.float32)

    def _developed(self, colour: Array, opacity: Array) -> Array:
        height, width = (n // OVERSAMPLING for n in self.camera.size)
        seen, covered = (_shrunk(v.reshape(height * OVERSAMPLING, width * OVERSAMPLING, -1)) for v in (colour, opacity))
        rows = np.flatnonzero(covered[..., 0].max(axis=1) > 0)
        out = self._background.copy()
        if len(rows):
            part = slice(rows[0], rows[-1] + 1)
            shown = _tone_mapped(seen[part] / np.maximum(covered[part], 1e-3))
            out[part] += (shown - out[part]) * covered[part]
        return (out * 255 + 0.5).astype(np.uint8)


def _shrunk(values: Array) -> Array:
    """Means of blocks of `OVERSAMPLING` by `OVERSAMPLING` pixels."""
    rows = reduce(np.add, [values[step::OVERSAMPLING] for step in range(OVERSAMPLING)])  # whole rows are cheap to add
    return reduce(np.add, [rows[:, step::OVERSAMPLING] for step in range(OVERSAMPLING)]) / np.float32(OVERSAMPLING**2)


def _is_plain(finish: Finish) -> bool:
    """Whether colours at the vertices say all of a surface."""
    return finish.texture is None and not _seen_through(finish) and not mirrors(finish)


def _is_cut_out(finish: Finish) -> bool:
    """Whether each pixel of a surface hides all behind it or nothing."""
    return finish.cutoff > 0 and not mirrors(finish)


def _is_single_hairs(finish: Finish) -> bool:
    """Whether a surface is brows, lashes or strands of ours: finer than a pixel of the shadow's picture."""
    return finish.name in ("hair_fine", "hair_strands")


def _seen_through(finish: Finish) -> bool:
    return finish.blends or finish.cutoff > 0


def _mixed(values: Array, vertices: Array, shares: Array) -> Array:
    """(N, C) values at pixels from (V, C) values at vertices."""
    values = values.astype(np.float32, copy=False)
    out = values.take(vertices[:, 0], axis=0) * shares[:, :1]
    out += values.take(vertices[:, 1], axis=0) * shares[:, 1:2]
    out += values.take(vertices[:, 2], axis=0) * shares[:, 2:]
    return out


def _tone_mapped(light_: Array) -> Array:
    """Linear light -> sRGB 0..1 with the ACES curve that three.js uses (Hill's fit of RRT and ODT)."""
    v = (light_.reshape(-1, 3) / np.float32(0.6)) @ _ACES_IN.T
    v = (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.432951) + 0.238081)
    v = np.clip(v @ _ACES_OUT.T, 0, 1)
    return _SRGB[(v * (_STEPS - 1) + 0.5).astype(np.int64)].reshape(light_.shape)


def _srgb_table() -> Array:
    srgb = np.linspace(0, 1, 1 << 14)
    return np.interp(np.linspace(0, 1, _STEPS), linear(srgb), srgb).astype(np.float32)


_SRGB = _srgb_table()
