"""Derive the avatar's face proportions: the symmetrised mean of tracked landmark meshes over the development clips.

Runs once, by hand, where ``../shared/data/clips`` and the ``video`` extra are present; only its small result
(``scripts/avatar/mean_face.json``) is committed, and `build_avatar.py` needs nothing else. No single person's shape is
kept: the result is the mean of several hundred people and of its own mirror image.

    python scripts/avatar_mean_face.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import av
import mediapipe
import numpy as np
from mediapipe.python.solutions import face_mesh, face_mesh_connections
from numpy.typing import NDArray

Array = NDArray[Any]
ROOT = Path(__file__).parents[1]
CLIPS = ROOT.parent / "shared" / "data" / "clips"
TARGET = ROOT / "scripts" / "avatar" / "mean_face.json"
FOLDERS = {"news": 4, "portrait": 1, "interview": 1, "broadcast": 1, "address": 9, "grid": 1}
"""Folder -> take every n-th clip (address is one man; news has many)."""
FRAMES_PER_CLIP = 8
NUM_LANDMARKS = 468
MAX_YAW_DEG = 9.0
INTERPUPILLARY_M = 0.063

EYE_CORNERS = (33, 133, 362, 263)
INNER_LIPS = ((13, 14), (82, 87), (312, 317))


def main() -> None:
    """Track, select neutral frontal frames, align, average, symmetrise, write."""
    if not CLIPS.is_dir():
        sys.exit("../shared/data/clips is absent: nothing to derive the mean face from")
    shapes, clips = collect_shapes()
    mean = procrustes_mean(shapes)
    triangles = tessellation()
    mirror = mirror_map(mean)
    half = mean.copy()
    half[:, 0] -= half[mirror == np.arange(NUM_LANDMARKS), 0].mean()
    symmetric = (half + half[mirror] * (-1, 1, 1)) / 2
    pupils = [symmetric[list(c)].mean(axis=0) for c in (EYE_CORNERS[:2], EYE_CORNERS[2:])]
    symmetric *= INTERPUPILLARY_M / np.linalg.norm(pupils[0] - pupils[1])
    symmetric -= (pupils[0] + pupils[1]) / 2 * INTERPUPILLARY_M / np.linalg.norm(pupils[0] - pupils[1])
    document = {
        "about": "Symmetrised Procrustes mean of tracked face landmarks; metres; +X the character's left, +Y up, +Z "
        "out of the face; origin between the eyes; scaled to an interpupillary distance of 63 mm.",
        "provenance": {
            "script": "scripts/avatar_mean_face.py",
            "tracker": f"mediapipe {mediapipe.__version__} face mesh (468 landmarks)",
            "clips": clips,
            "frames": len(shapes),
        },
        "positions_m": np.round(symmetric, 6).tolist(),
        "mirror": mirror.tolist(),
        "triangles": triangles,
    }
    TARGET.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(f"{TARGET.relative_to(ROOT)}: mean of {len(shapes)} frames of {clips} clips, {len(triangles)} triangles")


def collect_shapes() -> tuple[list[Array], int]:
    """The most neutral frontal landmark shape of each clip, (468, 3) in pixels, axes of docs/conventions.md."""
    shapes, clips = [], 0
    for folder, step in FOLDERS.items():
        for path in sorted((CLIPS / folder).glob("*.mp4"))[::step]:
            found = [s for frame in sample_frames(path) if (s := landmarks(frame)) is not None]
            frontal = [s for s in found if abs(yaw_deg(s)) < MAX_YAW_DEG]
            if frontal:
                shapes.append(min(frontal, key=mouth_opening))
                clips += 1
    return shapes, clips


def sample_frames(path: Path) -> list[Array]:
    """A few RGB frames spread over a clip."""
    with av.open(str(path)) as container:
        frames = [
            f.to_ndarray(format="rgb24") for i, f in enumerate(container.decode(video=0)) if i < 400 and i % 4 == 0
        ]
    return frames[:: max(1, len(frames) // FRAMES_PER_CLIP)][:FRAMES_PER_CLIP]


_TRACKER = face_mesh.FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=False)


def landmarks(frame: Array) -> Array | None:
    """(468, 3) landmarks in pixels, or None where no face is found."""
    found = getattr(_TRACKER.process(frame), "multi_face_landmarks", None)
    if not found:
        return None
    height, width = frame.shape[:2]
    points = np.array([(p.x * width, -p.y * height, -p.z * width) for p in found[0].landmark])
    return points if len(points) == NUM_LANDMARKS else None


def yaw_deg(shape: Array) -> float:
    """Rough head yaw from the depths of the outer eye corners."""
    across = shape[263] - shape[33]
    return float(np.degrees(np.arctan2(across[2], across[0])))


def mouth_opening(shape: Array) -> float:
    """Gap between the inner lips over the eye distance."""
    gap = np.mean([np.linalg.norm(shape[a] - shape[b]) for a, b in INNER_LIPS])
    return float(gap / np.linalg.norm(shape[33] - shape[263]))


def procrustes_mean(shapes: list[Array]) -> Array:
    """Generalised Procrustes mean (Gower 1975), with every shape's mirror image implied by the later symmetrising."""
    mean = normalised(shapes[0])
    for _ in range(8):
        aligned = []
        for shape in shapes:
            s = normalised(shape)
            u, _, vt = np.linalg.svd(s.T @ mean)
            aligned.append(s @ (u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt))
        mean = normalised(np.median(aligned, axis=0))
    return facing_forward(mean)


def normalised(shape: Array) -> Array:
    """Centred, of unit size."""
    centred = shape - shape.mean(axis=0)
    return centred / np.linalg.norm(centred)


def facing_forward(shape: Array) -> Array:
    """Turn the mean so that eyes are level and brow, nose root and chin stand upright."""
    across = shape[263] - shape[33]
    x = across / np.linalg.norm(across)
    up = shape[10] - shape[152]
    up = up - x * (up @ x)
    y = up / np.linalg.norm(up)
    return shape @ np.stack([x, y, np.cross(x, y)]).T


def mirror_map(mean: Array) -> Array:
    """(468,) index of each landmark's mirror image."""
    middle = np.median((mean[33, 0] + mean[263, 0]) / 2)
    flipped = (mean - (middle, 0, 0)) * (-1, 1, 1) + (middle, 0, 0)
    distance = np.linalg.norm(mean[:, None] - flipped[None], axis=-1)
    nearest = distance.argmin(axis=1)
    assert (nearest[nearest] == np.arange(NUM_LANDMARKS)).all(), "the mirror map is not an involution"
    return nearest


def tessellation() -> list[list[int]]:
    """Triangles of the landmark mesh, from its published connections.

    Every directed edge belongs to exactly one triangle, so the triangles are the exact cover of the edges by directed
    3-cycles; the rim's edges exist in one direction only and start the propagation.
    """
    edges = set(face_mesh_connections.FACEMESH_TESSELATION)
    after: dict[int, set[int]] = {}
    for a, b in edges:
        after.setdefault(a, set()).add(b)
    triangles: list[list[int]] = []
    open_edges = set(edges)
    while open_edges:
        forced = None
        for a, b in sorted(open_edges):
            thirds = [c for c in sorted(after[b]) if (b, c) in open_edges and (c, a) in open_edges]
            if len(thirds) == 1:
                forced = (a, b, thirds[0])
                break
        assert forced is not None, "the connections do not decompose into triangles"
        a, b, c = forced
        triangles.append([a, b, c])
        open_edges -= {(a, b), (b, c), (c, a)}
    return sorted(triangles)


if __name__ == "__main__":
    main()
