"""The fit drawn over the video: gaze rays, lids, head axes and confidence, so that one sees whether it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import OutputError
from talkingeyes.fit import video
from talkingeyes.fit.fit import FitDiagnostics
from talkingeyes.fit.landmarks import EYES
from talkingeyes.motion import Motion

Array = NDArray[Any]
Image = NDArray[np.uint8]

SUFFIXES = (".mp4", ".mov", ".mkv")
_LONG_SIDE_PX = 1280
RAY_FACES = 0.9
AXIS_FACES = 0.35
_SURE, _UNSURE, _FILLED = np.array([60, 230, 90]), np.array([250, 70, 40]), np.array([150, 150, 150])
_AXES = ((255, 70, 70), (70, 230, 70), (80, 130, 255))
NOSE_BRIDGE = 168


def draw_frame(image: Image, motion: Motion, seen: FitDiagnostics, frame: int, scale: float) -> Image:
    """One picture with the fit of one frame drawn in.

    Args:
        image: (H, W, 3) RGB; changed in place.
        motion: the fit.
        seen: its diagnostics.
        frame: which frame.
        scale: pixels of ``image`` per pixel of the fitted pictures.
    """
    import cv2

    assert motion.head_rad is not None and motion.eyes_rad is not None and motion.lids is not None
    assert motion.confidence is not None and motion.filled is not None
    points = seen.landmarks_px[frame] * scale
    width = float(np.ptp(points[:, 0]))
    thick = max(1, round(width / 120))
    head = rotations.matrix_from_ypr(motion.head_rad[frame])
    sure = motion.confidence[frame]
    if seen.seen[frame]:
        for axis, colour in enumerate(_AXES):
            end = points[NOSE_BRIDGE] + head[:, axis][:2] * np.array([1, -1]) * width * AXIS_FACES
            cv2.line(image, _pixel(points[NOSE_BRIDGE]), _pixel(end), colour, thick, cv2.LINE_AA)
    for eye in range(2):
        colour = _colour(float(sure[1 + eye]), bool(motion.filled[frame, 1]))
        gaze = head @ rotations.direction_from_yaw_pitch(motion.eyes_rad[frame, eye])
        start = seen.iris_px[frame, eye] * scale
        end = start + gaze[:2] * np.array([1, -1]) * width * RAY_FACES
        cv2.line(image, _pixel(start), _pixel(end), colour, thick + 1, cv2.LINE_AA)
        cv2.circle(image, _pixel(start), 2 * thick, colour, -1, cv2.LINE_AA)
        shut = float(motion.lids[frame, eye])
        lid = tuple(int(v) for v in np.array([255, 255, 255]) * (1 - shut) + np.array([255, 0, 200]) * shut)
        cv2.polylines(
            image, [np.round(points[list(EYES[eye])]).astype(np.int32)], True, lid, max(1, thick // 2), cv2.LINE_AA
        )
    _bars(image, motion, frame)
    return image


def _pixel(point: Array) -> tuple[int, int]:
    return int(np.clip(point[0], -4000, 9000)), int(np.clip(point[1], -4000, 9000))


def _colour(sure: float, filled: bool) -> tuple[int, int, int]:
    mixed = _FILLED if filled else _SURE * sure + _UNSURE * (1 - sure)
    return int(mixed[0]), int(mixed[1]), int(mixed[2])


def _bars(image: Image, motion: Motion, frame: int) -> None:
    """Confidence of head, eyes and lids, and the closure, as bars in the corner."""
    import cv2

    assert motion.lids is not None and motion.confidence is not None and motion.head_rad is not None
    unit = max(6, image.shape[0] // 50)
    rows = [
        ("head", float(motion.confidence[frame, 0]), _SURE),
        ("eye L", float(motion.confidence[frame, 1]), _SURE),
        ("eye R", float(motion.confidence[frame, 2]), _SURE),
        ("lid L", float(motion.lids[frame, 0]), np.array([255, 0, 200])),
        ("lid R", float(motion.lids[frame, 1]), np.array([255, 0, 200])),
    ]
    for i, (name, value, colour) in enumerate(rows):
        top = unit // 2 + i * (unit + 4)
        cv2.rectangle(image, (4 * unit, top), (9 * unit, top + unit), (40, 40, 40), -1)
        cv2.rectangle(
            image, (4 * unit, top), (4 * unit + round(5 * unit * value), top + unit), tuple(int(c) for c in colour), -1
        )
        cv2.putText(image, name, (4, top + unit), cv2.FONT_HERSHEY_SIMPLEX, unit / 26, (255, 255, 255), 1, cv2.LINE_AA)


def drawn_frames(path: Path, motion: Motion, seen: FitDiagnostics) -> Iterator[Image]:
    """Every frame of the motion with its picture and the fit drawn in, even-sized, at most 1280 pixels long."""
    scale, done = 0.0, 0
    shown = np.asarray(seen.picture)
    for number, (_, image) in enumerate(video.pictures(path, _overlay_scale(path), turns=seen.turns)):
        if done >= len(shown):
            return
        if not scale:
            scale = image.shape[0] / seen.camera.height
        while done < len(shown) and shown[done] <= number:
            frame = draw_frame(np.array(image), motion, seen, done, scale)
            yield np.ascontiguousarray(frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2])
            done += 1


def _overlay_scale(path: Path) -> float:
    _, first = next(video.pictures(path))
    return min(1.0, _LONG_SIDE_PX / max(first.shape[:2]))


def write_overlay(
    path: Path, motion: Motion, seen: FitDiagnostics, target: Path, progress: Callable[[float], None] | None = None
) -> None:
    """Encode the overlay as H.264 at the motion's rate, silent.

    Raises:
        OutputError: it cannot be encoded.
    """
    try:
        with av.open(str(target), "w", format="matroska" if target.suffix.lower() == ".mkv" else "mp4") as container:
            stream: VideoStream | None = None
            for number, frame in enumerate(drawn_frames(path, motion, seen)):
                if stream is None:
                    stream = container.add_stream("libx264", rate=Fraction(motion.fps).limit_denominator(1001))
                    stream.height, stream.width = frame.shape[:2]
                    stream.pix_fmt, stream.options = "yuv420p", {"crf": "20", "preset": "veryfast"}
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
                if progress is not None:
                    progress((number + 1) / motion.num_frames)
            if stream is not None:
                container.mux(stream.encode())
    except (FFmpegError, OSError) as error:
        raise OutputError(f"{target.name}: the overlay cannot be encoded ({error.strerror or error})") from None
