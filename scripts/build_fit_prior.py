"""Build src/talkingeyes/assets/fit_head.npz: where MediaPipe's landmarks lie on a mean head, and how heads differ.

    python scripts/build_fit_prior.py       needs numba, mediapipe and ../shared/data/heads

Heads of ICT-FaceKit (MIT) are rendered in 60 poses and identities, MediaPipe finds its landmarks, and each landmark is
traced back to the surface under its pixel: the median over the renderings is its place on the neutral head, and ICT's
first 12 identity modes say how it moves from person to person. Beside the landmarks: 1,500 skin points that keep their
place while people speak (nose, cheeks, brow, corners and lower rim of the eyes; not the upper lids, lips and jaw).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render_heads import LEFT_EYE_M, FaceKit, Head
from talkingeyes.fit.landmarks import NUM_LANDMARKS, FaceTracker
from talkingeyes.fit.prior import NUM_MODES

Array = NDArray[Any]
TARGET = Path(__file__).resolve().parents[1] / "src" / "talkingeyes" / "assets" / "fit_head.npz"
RENDERINGS, SIZE = 60, 512
MIN_SEEN = 8


def traced_landmarks(kit: FaceKit) -> Array:
    """(R, 478, 3) neutral-head positions under each landmark's pixel, NaN where not on skin or seen too flatly."""
    rng, found = np.random.default_rng(0), []
    with FaceTracker(1, follow=False) as tracker:
        for i in range(RENDERINGS):
            head = Head(kit, np.random.default_rng(i), plain=i < 12)
            pose, eye = rng.normal(size=3) * [9, 7, 3], rng.normal(size=2) * [6, 3]
            faces = tracker.find(head.render(pose, np.stack([eye, [*eye, 5, 0]]), {}, size=SIZE, distance_m=0.8))
            if len(faces):
                found.append(_trace(kit, head, faces[0]))
    return np.array(found)


def _trace(kit: FaceKit, head: Head, landmarks_px: Array) -> Array:
    assert head.last is not None
    pixel = np.clip((landmarks_px * 2).astype(int), 0, 2 * SIZE - 1)
    triangle = head.last.nearest[pixel[:, 1], pixel[:, 0]]
    weight = head.last.weights[pixel[:, 1], pixel[:, 0]][:, :, None]
    corners = kit.triangles[np.maximum(triangle, 0)]
    place = (kit.neutral[corners] * weight).sum(axis=1)
    normal = (kit.normals(head.last.vertices)[corners] * weight).sum(axis=1)
    flat = np.abs(normal[:, 2]) < 0.25 * np.linalg.norm(normal, axis=1)
    on_skin = np.isin(kit.material[np.maximum(triangle, 0)], kit.skin_materials)
    place[(triangle < 0) | flat | ~on_skin] = np.nan
    return place


def on_surface(kit: FaceKit, places: Array) -> tuple[Array, Array]:
    """Nearest point of the neutral skin to each place, and its identity modes: (N, 3), (30, N, 3)."""
    skin = kit.triangles[np.isin(kit.material, kit.skin_materials)]
    middle = kit.neutral[skin].mean(axis=1)
    points, modes = np.zeros_like(places), np.zeros((len(kit.identities), *places.shape))
    for i, place in enumerate(places):
        best = np.inf
        for corner in skin[np.argsort(((middle - place) ** 2).sum(axis=1))[:30]]:
            a, b, c = kit.neutral[corner]
            share = np.linalg.lstsq(np.stack([b - a, c - a], axis=1), place - a, rcond=None)[0]
            weight = np.clip(np.r_[1 - share.sum(), share], 0, None)
            weight /= weight.sum()
            away = float(((weight @ kit.neutral[corner] - place) ** 2).sum())
            if away < best:
                best, points[i] = away, weight @ kit.neutral[corner]
                modes[:, i] = np.einsum("k,mkc->mc", weight, kit.identities[:, corner])
    return points, modes


def steady_skin(kit: FaceKit) -> Array:
    """Indices of about 1,500 skin vertices that keep their place, spread evenly and denser near the eyes."""
    face = kit.of_part["M_Face"]
    (x, y, z), ahead = kit.neutral[face].T, kit.normals(kit.neutral)[face, 2] > 0.15
    x = np.abs(x)
    keep = (z > 0.06) & ahead & (((y > -0.012) & (y < 0.10)) | ((y > -0.02) & (x < 0.02)))
    eye = ((x - 0.031) / 0.0165) ** 2 + ((y - 0.0362) / 0.011) ** 2 < 1
    corner = (np.hypot(x - 0.0175, y - 0.0332) < 0.005) | (np.hypot(x - 0.0447, y - 0.0355) < 0.005)
    lower = (y < 0.032) & (np.abs(x - 0.031) < 0.014)
    face = face[keep & ~(eye & ~(corner | lower))]
    place = kit.neutral[face]
    picked = [int(np.argmin(np.linalg.norm(place - place.mean(axis=0), axis=1)))]
    gap = np.linalg.norm(place - place[picked[0]], axis=1)
    while len(picked) < 700:
        picked.append(int(np.argmax(gap)))
        gap = np.minimum(gap, np.linalg.norm(place - place[picked[-1]], axis=1))
    rest = np.random.default_rng(0).permutation(np.setdiff1d(np.arange(len(face)), picked))[:800]
    return face[np.sort(np.r_[picked, rest])]


def main() -> None:
    """Write the asset."""
    kit = FaceKit()
    traced = traced_landmarks(kit)
    known = np.isfinite(traced[:, :, 0]).sum(axis=0) >= MIN_SEEN
    landmarks, modes = np.zeros((NUM_LANDMARKS, 3)), np.zeros((30, NUM_LANDMARKS, 3))
    landmarks[known], modes[:, known] = on_surface(kit, np.nanmedian(traced[:, known], axis=0))
    skin = steady_skin(kit)
    np.savez_compressed(
        TARGET,
        landmark_m=landmarks.astype(np.float32),
        landmark_ok=known,
        landmark_modes_m=modes[:NUM_MODES].astype(np.float16),
        eye_m=np.stack([LEFT_EYE_M, LEFT_EYE_M * [-1, 1, 1]]).astype(np.float32),
        eye_modes_m=np.stack([kit.identities[:, v].mean(axis=1) for v in kit.eyeballs], axis=1)[:NUM_MODES],
        surface_m=kit.neutral[skin].astype(np.float32),
        surface_normal=kit.normals(kit.neutral)[skin].astype(np.float32),
        surface_modes_m=kit.identities[:NUM_MODES, skin].astype(np.float16),
    )
    print(f"{TARGET}: {known.sum()} landmarks, {len(skin)} skin points")


if __name__ == "__main__":
    main()
