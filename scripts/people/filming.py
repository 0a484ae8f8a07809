"""What a camera and a film's codec do to rendered pictures: blur, sharpening, reflections, noise, x264 or JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_FILMED = 0.65
"""Share of people who are filmed; of the others most pictures are JPEGs."""


@dataclass(frozen=True)
class Shooting:
    """How one person's pictures are taken.

    Attributes:
        blur_px: of the lens.
        sharpened: how much and how wide, px.
        noise: of the sensor, steps of 255.
        gain: brightness.
        film_crf: x264's rate factor; 0 for stills.
        preset: x264's.
    """

    blur_px: float
    sharpened: tuple[float, float]
    noise: float
    gain: float
    film_crf: int
    preset: str


def draw_shooting(rng: np.random.Generator) -> Shooting:
    """A camera and a codec, from good to hardly bearable."""
    blur = rng.uniform(0.3, 1.0) if rng.random() < 0.8 else rng.uniform(1.0, 1.7)
    sharp = (rng.uniform(0.3, 1.2), rng.uniform(0.8, 2.0)) if rng.random() < 0.3 else (0.0, 1.0)
    crf = int(rng.integers(17, 38)) if rng.random() < _FILMED else 0
    preset = str(rng.choice(["veryfast", "medium"]))
    return Shooting(blur, sharp, rng.uniform(0.3, 5), rng.uniform(0.7, 1.15), crf, preset)


def shoot(images: list[Array], how: Shooting, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    """Pictures (H, W, 3) of 0..1 as they come out; of a film, each is held for one to four frames."""
    seen = [_seen(image, how, rng) for image in images]
    if how.film_crf == 0:
        return [_still(_noisy(image, how, rng), rng) for image in seen]
    held = rng.integers(1, 5, len(seen))
    frames = [_noisy(image, how, rng) for image, count in zip(seen, held, strict=True) for _ in range(count)]
    decoded = _filmed(frames, how)
    last = np.cumsum(held) - 1
    return [decoded[int(end) - int(rng.integers(count))] for end, count in zip(last, held, strict=True)]


def _seen(image: Array, how: Shooting, rng: np.random.Generator) -> Array:
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), how.blur_px)
    much, wide = how.sharpened
    if much:
        image = image + much * (image - cv2.GaussianBlur(image, (0, 0), wide))
    if rng.random() < 0.15:
        spots = cv2.resize(rng.random((3, 4)).astype(np.float32), image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        image = image + (np.clip(spots - 0.5, 0, 1) * rng.uniform(0.1, 0.7))[..., None]
    return image * 255 * how.gain


def _noisy(image: Array, how: Shooting, rng: np.random.Generator) -> NDArray[np.uint8]:
    return np.clip(image + rng.normal(size=image.shape) * how.noise, 0, 255).astype(np.uint8)


def _still(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    if rng.random() < 0.7:
        ok, code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(25, 95))])
        assert ok
        image = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
    return image


def _filmed(frames: list[NDArray[np.uint8]], how: Shooting) -> list[NDArray[np.uint8]]:
    """The frames after x264, margins repeated to an even size."""
    height, width = frames[0].shape[:2]
    high, wide = height % 2, width % 2
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as film:
        options = {"crf": str(how.film_crf), "preset": how.preset, "threads": "1"}
        stream = film.add_stream("libx264", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = width + wide, height + high, "yuv420p"
        for frame in frames:
            even = np.pad(frame, ((0, high), (0, wide), (0, 0)), mode="edge")
            film.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        film.mux(stream.encode())
    file.seek(0)
    with av.open(file, "r") as made:
        return [np.asarray(f.to_ndarray(format="rgb24"), np.uint8)[:height, :width] for f in made.decode(video=0)]
