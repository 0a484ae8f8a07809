"""The film beside the avatar on a page: small pictures at the motion's own rate, and the fit to be drawn over them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError
from talkingeyes.fit import FitDiagnostics, video
from talkingeyes.fit.landmarks import EYES
from talkingeyes.fit.overlay import AXIS_FACES, NOSE_BRIDGE, RAY_FACES
from talkingeyes.motion import Motion

Array = NDArray[Any]

LONG_SIDE_PX = 640
MAX_BYTES = 64 << 20
"""The film is part of the page: about an hour of a talking head."""


@dataclass(frozen=True)
class PageFilm:
    """A film for a page.

    Attributes:
        content: an .mp4 whose picture i is the motion's frame i; silent, the page plays the sound.
        width: of its pictures in pixels.
        height: of its pictures.
        marks: name -> ((T,) values, whether 0..1): places in shares of the picture's width, from its top left corner.
        findings: what the fit says of itself.
    """

    content: bytes
    width: int
    height: int
    marks: dict[str, tuple[Array, bool]]
    findings: tuple[str, ...]


def page_film(
    path: Path,
    motion: Motion,
    seen: FitDiagnostics,
    findings: tuple[str, ...],
    progress: Callable[[float], None] | None = None,
) -> PageFilm:
    """The film that a motion was fitted to.

    Raises:
        FormatError: it is too long for a page.
        OutputError: it cannot be encoded.
        VideoError: it cannot be read any more.
    """
    from talkingeyes.preview.film import write_film

    size = (0, 0)

    def shown() -> Iterator[Array]:
        nonlocal size
        for number, picture in enumerate(_pictures(path, seen)):
            size = picture.shape[1], picture.shape[0]
            yield picture
            if progress is not None:
                progress((number + 1) / motion.num_frames)

    with tempfile.TemporaryDirectory(prefix="talkingeyes-") as folder:
        aside = Path(folder) / "film.mp4"
        write_film(shown(), motion.fps, None, aside)
        if aside.stat().st_size > MAX_BYTES:
            raise FormatError(f"{path}: too long for a report ({MAX_BYTES >> 20} MB are accepted); cut it into parts")
        content = aside.read_bytes()
    return PageFilm(content, *size, marks_of(motion, seen), findings)


def _pictures(path: Path, seen: FitDiagnostics) -> Iterator[Array]:
    """The picture of every frame, even-sized and small."""
    shown, done = np.asarray(seen.picture), 0
    scale = _scale(path)
    for number, (_, image) in enumerate(video.pictures(path, scale, turns=seen.turns)):
        while done < len(shown) and shown[done] <= number:
            yield np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2])
            done += 1
        if done >= len(shown):
            return


def _scale(path: Path) -> float:
    _, first = next(video.pictures(path))
    return min(1.0, LONG_SIDE_PX / max(first.shape[:2]))


def marks_of(motion: Motion, seen: FitDiagnostics) -> dict[str, tuple[Array, bool]]:
    """Everything that is drawn over the film, one channel each."""
    assert motion.head_rad is not None and motion.eyes_rad is not None
    assert motion.confidence is not None and motion.filled is not None
    head = rotations.matrix_from_ypr(motion.head_rad)
    gaze = np.einsum("tij,tej->tei", head, rotations.direction_from_yaw_pitch(motion.eyes_rad))
    points = seen.landmarks_px.astype(float)
    width = np.ptp(points[..., 0], axis=1)[:, None]
    to_picture = np.array([1.0, -1.0])
    places: dict[str, Array] = {"nose": points[:, NOSE_BRIDGE]}
    for axis, name in enumerate("XYZ"):
        places[f"axis{name}"] = points[:, NOSE_BRIDGE] + head[:, :2, axis] * to_picture * width * AXIS_FACES
    for eye, side in enumerate(("left", "right")):
        places[f"{side}Iris"] = seen.iris_px[:, eye]
        places[f"{side}Ray"] = seen.iris_px[:, eye] + gaze[:, eye, :2] * to_picture * width * RAY_FACES
        for number, point in enumerate(EYES[eye]):
            places[f"{side}Rim{number}"] = points[:, point]
    out = {"seen": (seen.seen.astype(float), True), "filled": (motion.filled[:, 1].astype(float), True)}
    out |= {f"{s}Sure": (motion.confidence[:, 1 + e], True) for e, s in enumerate(("left", "right"))}
    share = np.clip(np.nan_to_num(np.stack(list(places.values()))) / seen.camera.width, -2.0, 3.0)
    for (name, _), at in zip(places.items(), share, strict=True):
        out |= {f"{name}X": (at[:, 0], False), f"{name}Y": (at[:, 1], False)}
    return out
