"""Is real gaze as lively as it should be? Checks on films of people whose gaze nobody knows.

    python benchmarks/fit_gain.py FILM ... [--small 150 110 75] [--work FOLDER]

Three figures per film and axis (across, up and down), each 1 where nothing is lost:
  rims   the iris's way in the picture against that of a circle through its left and right rims, row by row; large
         irises only. Rendered people whose discs are right show .97 and .84.
  small  the iris's way in the film made so many face pixels wide and coded anew (crf 20), against that in the film.
  share  how much of the irises' way up and down the tracked head would take for its own (`fit.eye_pull`), given back.
"""

from __future__ import annotations

import argparse
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit import eye_pull, face, video
from talkingeyes.fit.iris import SURFACE_M, EyeCrop, crop_eye
from talkingeyes.fit.iris_net import EyeLook, look
from talkingeyes.fit.landmarks import EYES
from talkingeyes.fit.lids import opening
from talkingeyes.fit.measure import Measured, measure

Array = NDArray[Any]
FOV_DEG, MOST_PICTURES, CROP_RADIUS_PX = 32.0, 150, 14.0
LEAST_RADIUS_PX, LEAST_WAY = 8.5, 0.025
PUPILS_APART_RADII = 63 / 5.85


def seen_in(film: Path) -> Measured:
    """The first person of a film."""
    return measure(video.Film(film), fov_deg=FOV_DEG, person=None)[0]


def write_small(film: Path, target: Path, factor: float, crf: int) -> None:
    """The film's first pictures, made smaller and coded anew."""
    with av.open(str(film)) as source, av.open(str(target), "w") as out:
        stream, coded = source.streams.video[0], None
        for number, frame in enumerate(source.decode(stream)):
            if number >= MOST_PICTURES:
                break
            image = frame.to_ndarray(format="rgb24")
            size = [2 * round(factor * side / 2) for side in image.shape[1::-1]]
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            if coded is None:
                rate = Fraction(stream.average_rate or 25).limit_denominator(1001)
                coded = out.add_stream("libx264", rate=rate, options={"crf": str(crf)})
                coded.width, coded.height, coded.pix_fmt = *size, "yuv420p"
            out.mux(coded.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image, np.uint8), format="rgb24")))
        if coded is not None:
            out.mux(coded.encode())


def open_eyes(seen: Measured) -> NDArray[np.bool_]:
    """(M,) pictures whose irises are clearly seen."""
    wide = opening(seen.landmarks_px).min(axis=1)
    return (wide > 0.75 * np.median(wide)) & (seen.iris_sigma.max(axis=1) < 2.2 * np.median(seen.iris_sigma))


def corners_px(landmarks_px: Array) -> Array:
    """(M, 2, 2) middle of each eye's corners."""
    return np.stack([landmarks_px[:, [eye[0], eye[8]]].mean(axis=1) for eye in EYES], axis=1)


def slope(known: Array, found: Array, instrument: Array | None = None) -> float:
    """Of found on known, by what a third witness says of both."""
    by = known if instrument is None else instrument
    return float(np.cov(by, found)[0, 1] / np.cov(by, known)[0, 1])


def small_slopes(large: Measured, small: Measured) -> list[float]:
    """The iris's way in a small film over that in the large one, against the large one's corners of the eyes."""
    _, i, j = np.intersect1d(large.pictures, small.pictures, return_indices=True)
    shrunk = (small.camera.height / small.scale) / (large.camera.height / large.scale)
    corners = corners_px(large.landmarks_px[i]) / large.scale
    radius = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1).max() / PUPILS_APART_RADII
    roll, keep = large.skin_track.ypr_rad[i, 2], open_eyes(large)[i]
    ways = []
    for seen, row, size in ((large, i, 1.0), (small, j, shrunk)):
        off = (seen.iris_px[row] / seen.scale / size - corners).mean(axis=1) / radius
        across = np.cos(roll) * off[:, 0] - np.sin(roll) * off[:, 1]
        ways.append(np.stack([across, np.sin(roll) * off[:, 0] + np.cos(roll) * off[:, 1]], axis=1)[keep])
    return [slope(a, b) if a.std() > LEAST_WAY else np.nan for a, b in zip(*(way.T for way in ways), strict=True)]


def crops_of(film: Path, seen: Measured) -> list[EyeCrop]:
    """Both eyes in turn of every picture."""
    eyes, roll = seen.skin_track.eyes_m(), seen.skin_track.ypr_rad[:, 2]
    rows = {int(picture): row for row, picture in enumerate(seen.pictures)}
    out = []
    for number, (_, image) in enumerate(video.Film(film).pictures(seen.scale)):
        if (row := rows.get(number)) is not None:
            for eye in range(2):
                px_per_m = seen.camera.focal_px / (-eyes[row, eye, 2] - SURFACE_M)
                out.append(crop_eye(image, px_per_m, float(roll[row]), seen.landmarks_px[row], eye))
    return out


def rim_points(crop: EyeCrop, centre: Array, radius: float) -> Array:
    """(N, 2) steepest steps from dark to bright where the left and right rims should be, inside the lids."""
    grey = cv2.GaussianBlur(crop.image.astype(np.float32).mean(axis=2), (0, 0), 0.8)
    slopes, found = np.gradient(grey, axis=1), []
    for y in range(max(1, int(centre[1] - 0.75 * radius)), min(79, int(centre[1] + radius))):
        half = radius**2 - (y - centre[1]) ** 2
        if half <= (0.25 * radius) ** 2:
            continue
        for side in (-1, 1):
            x = centre[0] + side * np.sqrt(half)
            first, last = round(x - 0.3 * radius), round(x + 0.3 * radius)
            if first < 1 or last > 78 or crop.inside[y, round(x)] < 1.5:
                continue
            step = side * slopes[y, first : last + 1]
            top = int(np.argmax(step))
            if 0 < top < len(step) - 1 and step[top] > 3:
                a, b, c = step[top - 1 : top + 2]
                found.append((first + top + 0.5 * (a - c) / (a - 2 * b + c), y))
    return np.array(found)


def rim_centre(crop: EyeCrop, start: Array, radius: float) -> Array | None:
    """(2,) centre of the circle of that radius through both rims; None where too little of them is seen."""
    centre = start.copy()
    for _ in range(3):
        points = rim_points(crop, centre, radius)
        if len(points) < 10:
            return None
        for _ in range(10):
            away = points - centre
            far = np.linalg.norm(away, axis=1)
            toward, miss = away / far[:, None], far - radius
            weight = (1 / (1 + (miss / 0.6) ** 2))[:, None]
            normal = toward.T @ (weight * toward) + 1e-6 * np.eye(2)
            centre = centre + np.linalg.solve(normal, toward.T @ (weight[:, 0] * miss))
        if np.linalg.norm(centre - start) > 0.6 * radius:
            return None
    return centre


def rim_slopes(film: Path, seen: Measured) -> list[float]:
    """The disc's way over the rims', both against the corners, by what the network says of both."""
    crops = crops_of(film, seen)
    if np.median([crop.radius_px for crop in crops]) < LEAST_RADIUS_PX:
        return [np.nan, np.nan]
    looks: EyeLook = look([crop.image for crop in crops], [False, True] * (len(crops) // 2))
    radius, corners = CROP_RADIUS_PX * float(np.median(looks.radius)), corners_px(seen.landmarks_px)
    places = np.full((len(crops) // 2, 2, 3, 2), np.nan)
    for k, crop in enumerate(crops):
        row, eye = divmod(k, 2)
        disc, corner = (
            (p - 0.5) @ crop.warp[:, :2].T + crop.warp[:, 2] for p in (seen.iris_px[row, eye], corners[row, eye])
        )
        net = 39.5 + CROP_RADIUS_PX * looks.centre[k]
        rims = rim_centre(crop, (disc + net) / 2, radius)
        if rims is not None:
            places[row, eye] = np.array([rims, disc, net]) - corner
    keep = open_eyes(seen) & np.isfinite(places).all(axis=(1, 2, 3))
    if keep.sum() < 20:
        return [np.nan, np.nan]
    rims, disc, net = np.moveaxis(places[keep].mean(axis=1), 1, 0)
    return [slope(rims[:, axis], disc[:, axis], net[:, axis]) for axis in range(2)]


def share_of(seen: Measured) -> float:
    """What the fit would give back of the irises' way."""
    track, far = seen.skin_track, seen.far_track
    causes = np.column_stack([track.ypr_rad[:, :2], np.log(-track.position_m[:, 2]), face.lip_gap(seen.landmarks_px)])
    ways = eye_pull.ways_down_mm(track, far, seen.camera, seen.iris_px)
    return eye_pull.share_along(*ways, causes, seen.toward_rad[:, 1], open_eyes(seen), 25.0)


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--small", nargs="*", type=float, default=[150.0, 110.0, 75.0])
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    for film in options.films:
        whole = options.work / f"{film.stem}_whole.mp4"
        write_small(film, whole, 1.0, 10)
        seen = seen_in(whole)
        width = float(np.median(np.ptp(seen.landmarks_px[..., 0], axis=1))) / seen.scale
        told = [f"{film.stem} {width:.0f} px", "rims {:.2f} {:.2f}".format(*rim_slopes(whole, seen))]
        for pixels in options.small:
            if pixels < 0.8 * width:
                target = options.work / f"{film.stem}_{pixels:.0f}.mp4"
                write_small(film, target, pixels / width, 20)
                small = seen_in(target)
                told.append("{:.0f} px {:.2f} {:.2f}".format(pixels, *small_slopes(seen, small)))
                told.append(f"share {share_of(small):.2f}")
        print(" | ".join([*told, f"share {share_of(seen):.2f}"]), flush=True)


if __name__ == "__main__":
    main()
