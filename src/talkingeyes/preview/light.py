"""Light of the preview: the same small studio as the page's (viewer/src/studio.ts), computed at the vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.preview.raster import cover
from talkingeyes.preview.scene import Finish, linear

Array = NDArray[Any]

SHADOW_SIDE, SHADOW_HALF_M = 320, 0.27
_SHADOW_DEPTH_M, _BIAS_M, _SPREAD_M, _SHADE = 1.2, 0.0035, 0.004, 0.75
_TAPS = np.array([(x, y) for x in (-1.5, -0.5, 0.5, 1.5) for y in (-1.5, -0.5, 0.5, 1.5)]) / 1.5
_REACH = np.array([0.24, 0.15, 0.12], np.float32)
"""How far light reaches around the terminator of skin: red furthest (viewer/src/skin.ts)."""
_WARM_EDGE = np.array([0.78, 0.96, 1.0], np.float32)
_MIRROR = 0.04
"""Share of light that skin, eyes and cloth reflect head on (index of refraction 1.5)."""
_BOX = np.array([-3.1, 3.2, 4.6], np.float32)
_BOX_HALF_M, _BOX_LIGHT = 0.85, np.array([15.0, 14.0, 12.2], np.float32) * 1.8
_AROUND = np.array([0.16, 0.17, 0.2], np.float32)


def _rgb(code: str, strength: float) -> Array:
    return linear(np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0) * np.float32(strength)


def _towards(*at: float) -> Array:
    return (np.array(at) / np.linalg.norm(at)).astype(np.float32)


KEY = _towards(-0.6, 0.7, 1.0)
LAMPS = (
    (KEY, _rgb("#fff6ec", 1.9)),
    (_towards(0.9, 0.1, 0.9), _rgb("#dfe9ff", 0.5)),
    (_towards(0.62, 0.6, -1.25), _rgb("#e6efff", 1.7)),
    (_towards(-0.7, 0.45, -1.2), _rgb("#fff0e2", 1.1)),
)
SKY, GROUND = _rgb("#e8ebf0", 0.95), _rgb("#8a7d74", 0.95)


@dataclass(frozen=True)
class Lit:
    """Light at vertices: (V, 3) what the surface's colour is multiplied with, and (V, 3) what it mirrors."""

    diffuse: Array
    mirrored: Array


@dataclass(frozen=True)
class KeyShadow:
    """The scene as the key light sees it.

    Attributes:
        axes: (3, 3) rows: right, down, towards the light.
        centre: (3,) of the picture.
        scale: the character's size over a person's.
        nearness: (S, S) of `cover`.
    """

    axes: Array
    centre: Array
    scale: float
    nearness: Array

    @classmethod
    def cast(cls, positions: Array, triangles: Array, centre: Array, scale: float) -> KeyShadow:
        """Draw the depth of what casts shadows: (V, 3) positions, (F, 3) triangles."""
        right = np.cross([0.0, 1.0, 0.0], KEY)
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(right, KEY), KEY]).astype(np.float32)
        shadow = cls(axes, centre.astype(np.float32), scale, np.zeros((SHADOW_SIDE, SHADOW_SIDE), np.float32))
        place = shadow._place(positions)
        drawn = cover(place[:, :2][triangles], place[:, 2][triangles], (SHADOW_SIDE, SHADOW_SIDE))
        shadow.nearness[...] = drawn.nearness
        return shadow

    def _place(self, positions: Array) -> Array:
        """(V, 3) pixel and nearness in 0..1."""
        seen = (positions - self.centre) @ self.axes.T / np.float32(self.scale)
        out = np.empty_like(seen)
        out[:, :2] = (seen[:, :2] / SHADOW_HALF_M + 1) * (SHADOW_SIDE / 2)
        out[:, 2] = seen[:, 2] / _SHADOW_DEPTH_M + 0.5
        return out

    def share(self, positions: Array, normals: Array) -> Array:
        """(V,) how much of the key light arrives, 0..1, with soft edges."""
        place = self._place(positions + normals * np.float32(_BIAS_M * self.scale))
        spread = _SPREAD_M / SHADOW_HALF_M * SHADOW_SIDE / 2
        lit = np.zeros(len(positions), np.float32)
        for x, y in _TAPS * spread:
            column = np.clip(place[:, 0] + x, 0, SHADOW_SIDE - 1).astype(np.int64)
            row = np.clip(place[:, 1] + y, 0, SHADOW_SIDE - 1).astype(np.int64)
            lit += self.nearness[row, column] <= place[:, 2] + _BIAS_M / _SHADOW_DEPTH_M
        return 1 - np.float32(_SHADE) * (1 - lit / len(_TAPS))


def light(normals: Array, to_eye: Array, finish: Finish, arrives: Array) -> Lit:
    """Light at the vertices of a surface.

    Args:
        normals: (V, 3), towards the eye.
        to_eye: (V, 3) unit vectors.
        finish: of the surface.
        arrives: (V,) share of the key light.
    """
    skin = any(word in finish.name for word in ("skin", "face", "head", "body"))
    reach = _REACH if skin else np.zeros(3, np.float32)
    sky = (0.5 + 0.5 * normals[:, 1])[:, None]
    diffuse = GROUND + (SKY - GROUND) * sky
    mirrored = np.zeros_like(diffuse)
    for number, (towards, colour) in enumerate(LAMPS):
        facing = normals @ towards
        soft = np.clip((facing[:, None] + reach) / (1 + reach), 0, 1) * colour
        if number == 0:
            soft = soft * arrives[:, None] ** (_WARM_EDGE if skin else 1.0)
        diffuse = diffuse + soft
        if finish.roughness > _GLOSSY:
            strength = _highlight(normals, to_eye, towards, finish.roughness) * np.maximum(facing, 0)
            mirrored += (strength * (arrives if number == 0 else 1.0))[:, None] * colour
    return Lit(diffuse / np.float32(np.pi), mirrored)


_GLOSSY = 0.3
"""Surfaces smoother than this mirror the softbox at every pixel instead."""


def mirrors(finish: Finish) -> bool:
    """Whether a surface shows the softbox itself: eyes and their corneas."""
    return finish.roughness <= _GLOSSY and not finish.unlit


def _highlight(normals: Array, to_eye: Array, towards: Array, roughness: float) -> Array:
    """(V,) GGX lobe with Schlick's Fresnel term and Karis's visibility (2013), as glTF's materials have it."""
    half = to_eye + towards
    half /= np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
    a2 = roughness**4
    cosine = np.clip(np.einsum("ij,ij->i", normals, half), 0, 1)
    lobe = a2 / (np.pi * (cosine**2 * (a2 - 1) + 1) ** 2)
    k = (roughness + 1) ** 2 / 8
    seen, lit = np.clip(np.einsum("ij,ij->i", normals, to_eye), 0.05, 1), np.clip(normals @ towards, 0, 1)
    visibility = 0.25 / ((seen * (1 - k) + k) * (lit * (1 - k) + k))
    fresnel = _MIRROR + (1 - _MIRROR) * (1 - np.clip(np.einsum("ij,ij->i", to_eye, half), 0, 1)) ** 5
    return (lobe * visibility * fresnel).astype(np.float32)


def softbox(normals: Array, to_eye: Array, roughness: float) -> Array:
    """(N, 3) what a smooth surface mirrors of the studio: a window with soft edges, and the grey room."""
    cosine = np.clip(np.einsum("ij,ij->i", normals, to_eye), 0, 1)
    away = 2 * cosine[:, None] * normals - to_eye
    distance = float(np.linalg.norm(_BOX))
    forward = _BOX / distance
    right = np.cross([0.0, 1.0, 0.0], forward)
    right = (right / np.linalg.norm(right)).astype(np.float32)
    ahead = away @ forward
    hit = away * (distance / np.maximum(ahead, 1e-3))[:, None]
    edge = 0.12 + 3.0 * roughness
    inside = np.float32(1.0) * (ahead > 0)
    for axis in (right, np.cross(forward, right).astype(np.float32)):
        inside = inside * np.clip((_BOX_HALF_M - np.abs(hit @ axis)) / edge + 0.5, 0, 1)
    fresnel = _MIRROR + (1 - _MIRROR) * (1 - cosine) ** 5
    return fresnel[:, None] * (inside[:, None] * _BOX_LIGHT * min(1.0, 0.36 / edge) + _AROUND)
