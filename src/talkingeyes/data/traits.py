"""Traits: numbers that tell people apart, so that one person's clips stay on one side of a split. Numpy only.

They are no face recognition and are used for nothing else: the shape of the face from landmarks, a small picture of it,
and the long-term colour of the voice. Each is measured on both halves of a clip, which shows how repeatable it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.audio import Speech
from talkingeyes.fit import FitDiagnostics, video
from talkingeyes.fit.face import in_head_frame
from talkingeyes.fit.head import HeadTrack
from talkingeyes.fit.landmarks import EYES, RIGID
from talkingeyes.motion import Motion

Array = NDArray[Any]

_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
_POINTS = tuple(dict.fromkeys((*RIGID, *_OVAL)))
LOOK_SIZE = 20
_LOOK_PICTURES = 3
_LOOK_EYES = np.array([[0.68, 0.42], [0.32, 0.42]])
"""Where the left and right eye come to lie in the small picture (x, y shares): some hair and the chin are inside."""


def face_shape(motion: Motion, seen: FitDiagnostics) -> Array:
    """(2, D) where the firm points of the face lie in the head, in units of their spread, per half of the clip."""
    assert motion.head_rad is not None and motion.head_pos_m is not None
    track = HeadTrack(rotations.matrix_from_ypr(motion.head_rad), motion.head_pos_m.astype(float), np.zeros(12))
    points = in_head_frame(seen.landmarks_px, track, seen.camera)[:, _POINTS]
    points = points - points.mean(axis=1, keepdims=True)
    points = points / np.sqrt((points**2).sum(axis=2).mean(axis=1))[:, None, None]
    return np.stack([np.median(part, axis=0).ravel() for part in _halves(points[seen.seen])]).astype(np.float32)


def look(path: Path, seen: FitDiagnostics) -> Array:
    """(2, D) a small colour picture of the face, upright and centred, evened in brightness, per half of the clip."""
    frames = _halves(np.flatnonzero(seen.seen))
    chosen = [half[np.linspace(0, len(half) - 1, _LOOK_PICTURES + 2).astype(int)[1:-1]] for half in frames]
    wanted = {int(seen.picture[f]): int(f) for half in chosen for f in half}
    small: dict[int, Array] = {}
    for index, (_, image) in enumerate(video.pictures(path, seen.scale, turns=seen.turns)):
        if index in wanted:
            small[wanted[index]] = _upright(image, seen.landmarks_px[wanted[index]])
        if len(small) == len(wanted):
            break
    halves = []
    for half in chosen:
        there = [small[wanted[int(seen.picture[f])]] for f in half if wanted[int(seen.picture[f])] in small]
        halves.append(_evened(np.mean(there, axis=0)) if there else np.zeros(LOOK_SIZE * LOOK_SIZE * 3))
    return np.array(halves, np.float32)


def voice(speech: Speech) -> Array:
    """(2, 82) mean and spread of the log mel spectrum where there is voice, level taken out, and the pitch."""
    halves = []
    for part in _halves(np.arange(speech.num_frames)):
        voiced = part[speech.voice[part]]
        mel = speech.log_mel[voiced if len(voiced) >= 5 else part].astype(float)
        mel = mel - mel.mean(axis=1, keepdims=True)
        pitch = speech.pitch_hz[part]
        octaves = np.log2(pitch[pitch > 0] / 150) if (pitch > 0).any() else np.zeros(1)
        halves.append(np.concatenate([mel.mean(axis=0), mel.std(axis=0), [np.median(octaves), octaves.std()]]))
    return np.array(halves, np.float32)


def _halves(values: Array) -> list[Array]:
    middle = max(1, len(values) // 2)
    return [values[:middle], values[middle:] if len(values) > 1 else values]


def _upright(image: NDArray[np.uint8], landmarks_px: Array) -> Array:
    """(S, S, 3) of a face, by the similarity that brings the eyes to `_LOOK_EYES`; box-filtered."""
    eyes = np.array([landmarks_px[list(eye)].mean(axis=0) for eye in EYES])
    target = _LOOK_EYES * LOOK_SIZE
    a, b = complex(*(target[0] - target[1])), complex(*(eyes[0] - eyes[1]))
    turn = b / a
    fine = 3
    grid = (np.arange(LOOK_SIZE * fine) + 0.5) / fine
    x, y = np.meshgrid(grid, grid)
    at = turn * ((x - target[1, 0]) + 1j * (y - target[1, 1])) + complex(*eyes[1])
    rows = np.clip(at.imag.astype(int), 0, image.shape[0] - 1)
    columns = np.clip(at.real.astype(int), 0, image.shape[1] - 1)
    sampled = image[rows, columns].astype(float)
    return sampled.reshape(LOOK_SIZE, fine, LOOK_SIZE, fine, 3).mean(axis=(1, 3))


def _evened(picture: Array) -> Array:
    """Brightness to mean 0 and spread 1, colour as what differs from grey; weighted towards the face's middle."""
    grey = picture.mean(axis=2, keepdims=True)
    spread = max(float(grey.std()), 1.0)
    colour = (picture - grey) / spread
    grey = (grey - grey.mean()) / spread
    both = np.concatenate([grey, colour[..., :2]], axis=2)
    y, x = np.mgrid[0:LOOK_SIZE, 0:LOOK_SIZE] / (LOOK_SIZE - 1) - 0.5
    return (both * np.exp(-0.5 * ((x / 0.3) ** 2 + (y / 0.38) ** 2))[..., None]).ravel()
